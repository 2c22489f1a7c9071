"""The table of marks: a row a student, kept as it grows, and in the forms that Canvas and Moodle import."""

import csv
import io
from pathlib import Path

from setilearn.errors import ExerciseError
from setilearn.whole_file import whole_file

_KEY = "notebook_sha256"


def columns(tasks):
    """The columns of the table for a lesson's tasks."""
    own = ["student", "canvas_id", "moodle_id", "points", "points_possible"]
    return [*own, *tasks, "notes", "said", _KEY]


def row(student, judged, tasks, notes, key):
    """A student's row, a dict by `columns`."""
    said = [f"{task}: {judged.messages[task]}" for task in tasks if judged.points[task] < 1]
    values = [
        *student,
        _number(sum(judged.points.values())),
        len(tasks),
        *(_number(judged.points[task]) for task in tasks),
        "; ".join([*notes, *judged.notes]),
        " | ".join(said),
        key,
    ]
    return dict(zip(columns(tasks), map(_harmless, values), strict=True))


def _number(points):
    return f"{points:.3f}".rstrip("0").rstrip(".")


def _harmless(value):
    """A cell that no spreadsheet takes for a formula, in one line, of characters that can be written."""
    text = " ".join(str(value).encode("utf-8", "backslashreplace").decode().split())
    return f"'{text}" if text[:1] in tuple("=+-@") else text


def read_marks(path, tasks):
    """Rows that `write_marks` wrote, by their key; none where there is no file yet.

    Raises `ExerciseError` where the file is another one: it is not to be overwritten.
    """
    path = Path(path)
    if not path.exists():
        return {}
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        found = list(rows[0]) if rows else path.read_text(encoding="utf-8").strip().split(",")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ExerciseError(f"{path}: expected a table of marks, found: {error}") from error
    if found != columns(tasks):
        raise ExerciseError(
            f"{path}: expected a table of marks of this lesson to go on with, found another file; "
            "name a new one"
        )
    return {(one["student"], one["canvas_id"], one["moodle_id"], one[_KEY]): one for one in rows}


def write_marks(path, rows, tasks):
    """Write the teacher's own table."""
    write_table(path, columns(tasks), [list(one.values()) for one in rows])


def write_canvas(path, rows, assignment, n_points):
    """Write what Canvas's gradebook imports; students are known by the id in the names of their files."""
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]
    possible = ["    Points Possible", "", "", "", "", n_points]
    lines = [[one["student"], one["canvas_id"], "", "", "", one["points"]] for one in rows]
    write_table(path, header, [possible, *lines])


def write_moodle(path, rows, n_points):
    """Write what Moodle takes as an offline grading worksheet."""
    header = ["Identifier", "Full name", "Grade", "Maximum grade", "Feedback comments"]
    lines = [[one["moodle_id"], one["student"], one["points"], n_points, one["said"]] for one in rows]
    write_table(path, header, lines)


def write_table(path, header, lines):
    """Write a CSV, whole or not at all."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *lines])
    with whole_file(path) as scratch:
        Path(scratch).write_text(text.getvalue(), encoding="utf-8")
