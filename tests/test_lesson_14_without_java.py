"""Lesson 14 where there is no Java: it says so, and goes on with the plain loop."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

LESSON = Path(__file__).parents[1] / "lessons" / "14_scaling_out.ipynb"


@pytest.mark.slow
def test_the_lesson_runs_without_java_and_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    notebook = nbformat.read(LESSON, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    assert "Java" in printed
    assert "equal to the loop's: True" in printed
    assert "the same table: True" in printed
