"""The set-up cell of Colab: what is there stays, what is missing is installed, Drive on request."""

import json
import subprocess
import sys
import types
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from setilearn.course import ExerciseError, colab, set_up_report

LESSONS = sorted((Path(__file__).parents[1] / "lessons").glob("*.ipynb"))


def missing_here(monkeypatch, *names):
    """Let these packages be missing."""
    real = metadata.version

    def version(name):
        if name in names:
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(colab, "version", version)


class Pip:
    def __init__(self, returncode=0):
        self.commands, self.held, self.returncode = [], "", returncode

    def __call__(self, command, **_):
        self.commands.append(command)
        self.held = Path(command[command.index("-c") + 1]).read_text()
        return types.SimpleNamespace(returncode=self.returncode, stdout="", stderr="line\nno such thing")


def test_where_nothing_is_missing_nothing_is_installed(monkeypatch):
    pip = Pip()
    monkeypatch.setattr(colab.subprocess, "run", pip)
    colab.set_up_colab()
    assert pip.commands == []


def test_what_is_missing_is_installed_and_what_is_there_is_held(monkeypatch):
    pip = Pip()
    monkeypatch.setattr(colab.subprocess, "run", pip)
    missing_here(monkeypatch, "pooch", "anywidget")
    colab.set_up_colab()
    (command,) = pip.commands
    assert [Requirement(text).name for text in command[command.index("-c") + 2 :]] == ["anywidget", "pooch"]
    held = [Requirement(line) for line in pip.held.splitlines()]
    assert {"numpy", "pyparsing"} <= {one.name for one in held}
    for one in held:
        assert one.specifier.contains(metadata.version(one.name), prereleases=True)


def test_a_pip_that_fails_is_told_with_what_it_said(monkeypatch):
    monkeypatch.setattr(colab.subprocess, "run", Pip(returncode=1))
    missing_here(monkeypatch, "pooch")
    with pytest.raises(ExerciseError, match="expected pip to install pooch.*, found: no such thing"):
        colab.set_up_colab()


@pytest.fixture
def drive(monkeypatch, tmp_path):
    """A google.colab whose Drive is a folder."""
    module = types.ModuleType("google.colab")
    module.drive = types.SimpleNamespace(mounted=[], mount=lambda place: module.drive.mounted.append(place))
    monkeypatch.setitem(sys.modules, "google.colab", module)
    monkeypatch.setattr(colab, "DRIVE", tmp_path)
    monkeypatch.delenv("SETILEARN_PROGRESS", raising=False)
    monkeypatch.delenv("SETILEARN_CACHE", raising=False)
    return module.drive


def test_progress_and_data_go_to_drive_on_request_alone(drive, tmp_path, monkeypatch, capsys):
    from setilearn.archive.places import data_folder
    from setilearn.course.logbook import progress_path

    monkeypatch.setenv("SETILEARN_PROGRESS", "before")  # put back at the end
    monkeypatch.setenv("SETILEARN_CACHE", "before")
    colab.set_up_colab(False)
    assert drive.mounted == []
    colab.set_up_colab(True)
    assert drive.mounted == [str(tmp_path)]
    assert progress_path() == tmp_path / "MyDrive" / "setilearn" / "progress.jsonl"
    assert data_folder() == tmp_path / "MyDrive" / "setilearn" / "data"
    assert "kept in" in capsys.readouterr().out


def test_the_report_says_ok_in_colab_where_jupyterlab_is_not_needed(drive, monkeypatch):
    from setilearn.course import set_up

    real = set_up.version

    def version(name):
        if name == "jupyterlab":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(set_up, "version", version)
    assert set_up_report().loc["jupyterlab"].tolist() == ["not needed in Colab", "ok"]
    monkeypatch.delitem(sys.modules, "google.colab")
    assert set_up_report().loc["jupyterlab", "verdict"].startswith("missing for")


def test_every_lesson_has_the_same_cell_and_it_runs_here_without_doing_anything():
    cells = {"".join(json.loads(path.read_bytes())["cells"][2]["source"]) for path in LESSONS}
    assert len(cells) == 1
    source = cells.pop().replace("    %pip", "    raise AssertionError  # %pip")
    subprocess.run([sys.executable, "-c", source], check=True)
