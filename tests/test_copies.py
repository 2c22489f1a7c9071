"""A student's copies of the lessons through updates: what was written stays."""

import json

import pytest

from setilearn.course import ExerciseError
from setilearn.course.copies import copy_lessons


def write(path, *sources, outputs=()):
    cells = [
        {"cell_type": "code", "id": str(k), "metadata": {}, "source": [source], "outputs": list(outputs)}
        | {"execution_count": None}
        for k, source in enumerate(sources)
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


def first_cell(path):
    return json.loads(path.read_text())["cells"][0]["source"]


@pytest.fixture
def lessons(tmp_path):
    folder = tmp_path / "lessons"
    folder.mkdir()
    write(folder / "00_a.ipynb", "a = 1")
    write(folder / "01_b.ipynb", "b = 1")
    (folder / "notes.ipynb").write_text("{}")
    return folder


def test_lessons_are_copied_once(lessons, tmp_path):
    mine = tmp_path / "mine"
    assert copy_lessons(lessons, mine) == ["00_a.ipynb copied", "01_b.ipynb copied"]
    assert sorted(path.name for path in mine.glob("*.ipynb")) == ["00_a.ipynb", "01_b.ipynb"]
    assert copy_lessons(lessons, mine) == []


def test_a_copy_that_was_only_run_follows_the_update(lessons, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(lessons, mine)
    write(mine / "00_a.ipynb", "a = 1", outputs=[{"output_type": "stream", "name": "stdout", "text": ["1"]}])
    write(lessons / "00_a.ipynb", "a = 2")
    assert copy_lessons(lessons, mine) == ["00_a.ipynb is brought up to date"]
    assert first_cell(mine / "00_a.ipynb") == ["a = 2"]


def test_what_a_student_wrote_stays_and_the_news_come_beside_it_once(lessons, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(lessons, mine)
    write(mine / "00_a.ipynb", "a = 'my answer'")
    assert copy_lessons(lessons, mine) == []
    write(lessons / "00_a.ipynb", "a = 2")
    (said,) = copy_lessons(lessons, mine)
    assert said == "00_a.ipynb has your work in it and stays; what is new is in 00_a_new.ipynb"
    assert first_cell(mine / "00_a.ipynb") == ["a = 'my answer'"]
    assert first_cell(mine / "00_a_new.ipynb") == ["a = 2"]
    assert copy_lessons(lessons, mine) == []
    write(mine / "00_a_new.ipynb", "a = 'written here'")
    write(lessons / "00_a.ipynb", "a = 3")
    copy_lessons(lessons, mine)
    assert first_cell(mine / "00_a_new.ipynb") == ["a = 'written here'"]
    assert first_cell(mine / "00_a_new1.ipynb") == ["a = 3"]


def test_a_copy_that_was_thrown_away_is_made_anew(lessons, tmp_path):
    copy_lessons(lessons, tmp_path / "mine")
    (tmp_path / "mine" / "01_b.ipynb").unlink()
    assert copy_lessons(lessons, tmp_path / "mine") == ["01_b.ipynb copied"]


@pytest.mark.parametrize("damage", ["{", "[]", "\xff\xfe"])
def test_without_a_record_nothing_is_overwritten(lessons, tmp_path, damage):
    mine = tmp_path / "mine"
    copy_lessons(lessons, mine)
    write(mine / "00_a.ipynb", "a = 'my answer'")
    (mine / "01_b.ipynb").write_text("no notebook any more")
    (mine / ".copied.json").write_text(damage, encoding="latin-1")
    copy_lessons(lessons, mine)
    assert first_cell(mine / "00_a.ipynb") == ["a = 'my answer'"]
    assert (mine / "01_b.ipynb").read_text() == "no notebook any more"


def test_no_lessons_no_copies(tmp_path):
    with pytest.raises(ExerciseError, match="expected the lessons' notebooks"):
        copy_lessons(tmp_path, tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []
