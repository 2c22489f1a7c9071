"""Grade a folder of returned notebooks: a table, a row a student."""

import hashlib
import tempfile
from importlib.metadata import version
from pathlib import Path

from setilearn.course.exercise import load_lesson
from setilearn.course.grading import marks
from setilearn.course.grading.box import box, refuse_where_boxes_cannot_be
from setilearn.course.grading.judge import Judged, judge_notebook
from setilearn.course.grading.returned import returned_in
from setilearn.course.notebooks import lesson_path, read_notebook
from setilearn.progress import progress_bar


def grade_folder(number, folder, csv_path, limits, *, progress=True):
    """Grade the notebooks of a lesson in ``folder``; returns the rows, which stand in ``csv_path``.

    The table is written anew after each notebook: what was graded is kept when the command is stopped, and
    not graded again by the next one unless the notebook has changed.

    Raises `ExerciseError` where there is no such lesson or folder, or the table is another file.
    """
    refuse_where_boxes_cannot_be()
    lesson = lesson_path(number)
    tasks = load_lesson(number).tasks
    known = marks.read_marks(csv_path, tasks)
    returned = returned_in(folder, number, lesson.stem)
    rows = []
    with tempfile.TemporaryDirectory() as warm:
        for one in progress_bar(returned, desc=f"lesson {number}", unit="notebook", shown=progress):
            # A mark belongs to the notebook's content, judged by this version.
            key = hashlib.sha256(one.path.read_bytes() + version("setilearn").encode()).hexdigest()
            row = known.get((*one.student, key))
            if row is None:
                if not any(Path(warm).iterdir()):
                    _warm_up(lesson, limits, warm)
                judged = _judged(number, one.path, limits, hidden=[Path(folder)], warm=warm)
                row = marks.row(one.student, judged, tasks, one.notes, key)
            rows.append(row)
            marks.write_marks(csv_path, rows, tasks)
    return rows


def _warm_up(lesson, limits, warm):
    """Run the lesson as it is once: what it compiles and fetches each notebook begins with."""
    cells = read_notebook(lesson)["cells"]
    with box(limits, keep=warm) as opened:
        for cell in cells:
            if cell["cell_type"] == "code":
                opened.try_run(cell["source"])


def _judged(number, path, limits, **options):
    """The `Judged` of a notebook: what goes wrong with it is told in its own row, and ends nothing else."""
    try:
        return judge_notebook(number, read_notebook(path), limits, **options)
    except Exception as error:  # another notebook waits behind this one
        tasks = load_lesson(number).tasks
        return Judged(dict.fromkeys(tasks, 0.0), dict.fromkeys(tasks, "not judged"), [str(error)[:500]])
