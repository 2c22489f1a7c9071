"""docs/TEACHING.md: each of its commands is run, as it stands there, in a class of two."""

import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "TEACHING.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]


@pytest.fixture
def school(tmp_path, monkeypatch):
    """A folder where the page's paths lead to this checkout and this Python."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    shutil.copy(ROOT / "data_fetch.py", tmp_path)
    monkeypatch.setenv("SETILEARN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command):
    return subprocess.run(shlex.split(command), check=True, capture_output=True, text=True, timeout=300)


def test_each_command_of_the_page_is_known_here():
    kinds = [
        "make lab",
        "course guide",
        "course handout",
        "data_fetch.py course",
        "http.server",
        "course grade",
        "course beliefs",
    ]
    assert [[kind for kind in kinds if kind in command] for command in COMMANDS] == [[kind] for kind in kinds]


@pytest.mark.skipif(sys.platform == "win32", reason="grade wants Linux or macOS")
def test_from_the_page_to_a_table_of_marks(school):
    _, guide, handout, fetch, serve, grade, beliefs = COMMANDS
    run(guide)
    assert "## L05-2" in (school / "class" / "guides" / "05_drift_search_guide.md").read_text()
    run(handout)
    name = "02_waterfall_plots.ipynb"
    for student in ("anna", "bo"):
        (school / "class" / "returned" / student).mkdir(parents=True)
        shutil.copy(school / "class" / "handout" / name, school / "class" / "returned" / student)
    run(fetch)
    # In a class it runs until the teacher stops it; here on a port that is free.
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    server = subprocess.Popen(shlex.split(serve.replace("8000", port)), stderr=subprocess.DEVNULL)
    try:
        served = sorted(path.name for path in (school / "class" / "data").iterdir())
        assert served
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/{served[0]}") as reply:
                    assert reply.status == 200
                break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail("the class's server did not answer")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    assert "anna" in run(grade).stdout
    table = (school / "class" / "marks.csv").read_text().splitlines()
    assert len(table) == 3
    assert [line.split(",")[3] for line in table[1:]] == ["0", "0"]
    assert (school / "class" / "canvas.csv").exists()
    assert (school / "class" / "moodle.csv").exists()
    (school / "class" / "beliefs").mkdir()
    (school / "class" / "beliefs" / "anna.json").write_text('{"before": {"1": 1}, "after": {"1": 2}}')
    run(beliefs)
    assert (school / "class" / "beliefs.csv").read_text().splitlines()[1].endswith("1,0.0,1,1.0")
