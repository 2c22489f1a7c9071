"""A lesson to hand out and to collect: a notebook with locked cells that nbgrader takes as they are."""

import uuid

from setilearn.course.notebooks import asked_in, lesson_path, read_notebook, write_notebook

SCHEMA_VERSION = 3  # of nbgrader 0.6 to 0.9
POINTS = 1
GRADING = """\
# Graded: this cell counts, and stays as it is.
from setilearn.course import graded

graded("{task}", {name})"""


def hand_out(number, folder, *, lessons=None):
    """Write the student's notebook of a lesson into ``folder``; returns its path.

    It is the lesson with a locked cell after each exercise and after the mystery, which nbgrader counts:
    one point each, for a mystery the share of its parts that are right.

    Raises `ExerciseError` where there is no such lesson.
    """
    source = lesson_path(number, lessons)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / source.name
    write_notebook(path, with_grading_cells(read_notebook(source)))
    return path


def with_grading_cells(notebook):
    """A copy of a lesson's notebook with a cell for grading after each that asks.

    The cells that ask have no mark: nbgrader would put a text of its own in the place of a marked one.
    """
    asked = {one.place: one for one in asked_in(notebook)}
    cells = []
    for place, cell in enumerate(notebook["cells"]):
        cells += [cell, _grading_cell(asked[place])] if place in asked else [cell]
    return notebook | {"cells": cells}


def _grading_cell(asked):
    marks = {
        "grade": True,
        "grade_id": f"{asked.task}-graded",
        "locked": True,
        "points": POINTS,
        "schema_version": SCHEMA_VERSION,
        "solution": False,
        "task": False,
    }
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": uuid.uuid5(uuid.NAMESPACE_URL, asked.task).hex[:8],  # the same each time: no news in git
        "metadata": {"nbgrader": marks},
        "outputs": [],
        "source": GRADING.format(task=asked.task, name=asked.name),
    }
