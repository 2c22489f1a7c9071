"""Notebooks that students returned, and whose they are, by the names of Canvas, Moodle and nbgrader."""

import contextlib
import re
from pathlib import Path
from typing import NamedTuple

from setilearn.course.exercise import load_lesson
from setilearn.course.notebooks import asked_in, read_notebook
from setilearn.errors import ExerciseError

# doejane_LATE_12345_67890_05_drift_search.ipynb: name, user, submission, the file's own name.
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<id>\d+)_\d+_")
# Jane Doe_1234567_assignsubmission_file_/05_drift_search.ipynb, or the same in one name.
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file")


class Student(NamedTuple):
    """Who returned a notebook; the ids are empty where the name of the file does not tell them."""

    name: str
    canvas_id: str = ""
    moodle_id: str = ""


class Returned(NamedTuple):
    """One student's notebook, and what the teacher should know of it."""

    student: Student
    path: Path
    notes: list


def student_of(path, folder, lesson_stem):
    """The `Student` of a notebook in ``folder``, by the name of its file or of the folder it is in."""
    label = path.relative_to(folder).parts[0]
    label = Path(label).stem if label.endswith(".ipynb") else label
    if found := _MOODLE.match(label):
        return Student(found["name"], moodle_id=f"Participant {found['id']}")
    if found := _CANVAS.match(f"{label}_"):
        return Student(found["name"], canvas_id=found["id"])
    return Student(label.replace(lesson_stem, "").strip(" _-.") or label)


def returned_in(folder, number, lesson_stem):
    """The notebook of lesson ``number`` that each student returned into ``folder``, by name.

    Of several of one student the newest that has the lesson's exercises counts. Raises `ExerciseError` where
    there is no such folder or no notebook in it.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ExerciseError(f"{folder}: expected a folder of returned notebooks, found none")
    # A pipe or a device would never end.
    files = (path for path in sorted(folder.rglob("*.ipynb")) if path.is_file())
    paths = [path for path in files if ".ipynb_checkpoints" not in path.parts]
    if not paths:
        raise ExerciseError(f"{folder}: expected returned notebooks (*.ipynb), found none")
    by_student = {}
    for path in paths:
        by_student.setdefault(student_of(path, folder, lesson_stem), []).append(path)
    return [_chosen(student, paths, number) for student, paths in by_student.items()]


def _chosen(student, paths, number):
    tasks = load_lesson(number).tasks
    fitting = []
    for path in paths:
        with contextlib.suppress(ExerciseError):  # no notebook: told where it is judged
            if any(asked.task in tasks for asked in asked_in(read_notebook(path))):
                fitting.append(path)
    path = max(fitting or paths, key=lambda path: path.stat().st_mtime)
    notes = [f"{len(fitting)} notebooks: {path.name} is the newest"] if len(fitting) > 1 else []
    return Returned(student, path, notes)
