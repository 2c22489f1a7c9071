"""The student's progress, kept between sessions in a file of one JSON record a line.

The file is only ever appended to, each time by one write, so that notebooks open side by side do
not spoil each other's records; a damaged line costs that line. Where nothing can be written, the
progress is kept in memory until Python ends.

The file is named by the environment variable ``SETILEARN_PROGRESS``; without it, it lies in the
user's data folder.

A record says which numbering of the lessons its exercise is in. One that says nothing is of the first
numbering; `setilearn.course.numbering` leads to today's. So an older version of the package may write
to the same file.
"""

import json
import os
import re
import tempfile
from pathlib import Path

from setilearn.course.answers import shorten
from setilearn.course.numbering import TODAY, todays_id
from setilearn.errors import ProgressError

ATTEMPTED, PASSED = "attempted", "passed"

# Under which key a record of each numbering has the exercise's id. Older versions of the package look for
# "exercise" and know one numbering: they would take today's L12-1 for theirs, and not record theirs any more.
_ID_KEY = {1: "exercise", 2: "id", 3: "id"}
_FORMATS = {f"setilearn progress {numbering}": numbering for numbering in _ID_KEY}

_TASK_ID = re.compile(r"L\d\d-([1-9]\d?|M)", re.ASCII)  # an exercise, or a lesson's mystery
_RANK = {ATTEMPTED: 1, PASSED: 2}
_MAX_EXPORT_BYTES = 1_000_000

_unsaved = {}


def progress_path():
    """Return the path of the file that keeps the progress; it need not exist yet."""
    named = os.environ.get("SETILEARN_PROGRESS")
    if named:
        return Path(os.path.expanduser(named))  # noqa: PTH111 (Path.expanduser raises without a home)
    import platformdirs

    return Path(platformdirs.user_data_dir("setilearn", appauthor=False)) / "progress.jsonl"


def read_marks():
    """Return what is known of each exercise: a dict from its id to ``ATTEMPTED`` or ``PASSED``."""
    return _merged(_read(progress_path()), _unsaved)


def record(marks):
    """Keep ``marks`` (id to ``ATTEMPTED`` or ``PASSED``) where they go beyond what is known.

    Returns None, or a note for the student where the progress could not be written.
    """
    path = progress_path()
    _unsaved.update(_merged(_unsaved, marks))
    news = _beyond(_unsaved, _read(path))
    try:
        if news:
            _append(path, news)
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        return f"Your progress is kept only until this notebook's kernel stops: {path}: {reason}."
    _unsaved.clear()
    return None


def export_marks(path):
    """Write the progress to ``path``, replacing what is there; returns the path.

    Raises `ProgressError` where it cannot be written.
    """
    path = Path(path)
    text = json.dumps(
        {"format": f"setilearn progress {TODAY}", "exercises": read_marks()}, indent=1, sort_keys=True
    )
    try:
        with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".progress") as folder:
            whole = Path(folder, "progress.json")
            whole.write_text(text + "\n", encoding="utf-8")
            whole.replace(path)
    except OSError as error:
        raise ProgressError(f"{path}: the progress cannot be written here: {error.strerror}") from error
    return path


def restore_marks(path):
    """Merge the progress that was exported to ``path`` into what is known; nothing is lost.

    Returns the number of exercises that are further than before, and a note or None as `record`.
    Raises `ProgressError` where the file is not one that `export_marks` wrote; nothing is changed.
    """
    marks = _read_export(Path(path))
    news = _beyond(marks, read_marks())
    return len(news), record(news)


def _merged(*several):
    merged = {}
    for marks in several:
        merged.update(_beyond(marks, merged))
    return merged


def _beyond(marks, known):
    """Those of ``marks`` that go beyond what is ``known``: a passed exercise stays passed."""
    return {key: mark for key, mark in marks.items() if _RANK[mark] > _RANK.get(known.get(key), 0)}


def _read(path):
    try:
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
    except OSError:
        return {}
    return _merged(*map(_mark_in, text.splitlines()))


def _mark_in(line):
    """The one mark in a line of the file; none where the line is damaged."""
    try:
        record = json.loads(line)
        numbering = record.get("numbering", 1)
        marks = {record[_ID_KEY[numbering]]: record["status"]}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    if not _are_marks(marks):
        return {}
    return _in_todays(marks, int(numbering))  # 2.0 is a good number too


def _in_todays(marks, numbering):
    """Marks of a numbering in today's; those of exercises that are no more are left out."""
    found = {todays_id(key, numbering): mark for key, mark in marks.items()}
    return {key: mark for key, mark in found.items() if key}


def _are_marks(marks):
    return all(
        isinstance(key, str) and _TASK_ID.fullmatch(key) and isinstance(mark, str) and mark in _RANK
        for key, mark in marks.items()
    )


def _append(path, marks):
    """Append one line a mark by a single write. Raises `OSError`."""
    if path.exists() and not path.is_file():
        raise OSError(0, "expected a file")
    path.parent.mkdir(parents=True, exist_ok=True)
    # Each record brings the line break before it: a record that was cut off (the disk was full, the
    # machine went down) then spoils no later one.
    records = [{"numbering": TODAY, _ID_KEY[TODAY]: key, "status": mark} for key, mark in marks.items()]
    data = "".join("\n" + json.dumps(record) for record in records).encode()
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        if os.write(file, data) != len(data):
            raise OSError(0, "the disk is full")
    finally:
        os.close(file)


def _read_export(path):
    expected = f"{path}: expected a file written by export_progress"
    document = _read_json(path, expected)
    if not isinstance(document, dict) or document.get("format") not in list(_FORMATS):
        raise ProgressError(f'{expected}, with "format": "setilearn progress {TODAY}", found other JSON')
    marks = document.get("exercises")
    if not isinstance(marks, dict) or not _are_marks(marks):
        example, found = '{"L01-2": "passed"}', shorten(json.dumps(marks))
        raise ProgressError(f'{expected}, with "exercises" such as {example}, found {found}')
    return _in_todays(marks, _FORMATS[document["format"]])


def _read_json(path, expected):
    try:
        if not path.is_file():
            found = "something else" if path.exists() else "no such file"
        # Someone may well pick a filterbank of many gigabytes by mistake.
        elif path.stat().st_size > _MAX_EXPORT_BYTES:
            found = f"{path.stat().st_size} bytes, more than such a file has"
        else:
            return json.loads(path.read_bytes())
    except OSError as error:
        found = f"one that cannot be read: {error.strerror}"
    except (ValueError, RecursionError):
        found = "something that is not JSON"
    raise ProgressError(f"{expected}, found {found}")
