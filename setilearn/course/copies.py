"""A student's own copies of the lessons: git does not see them, and an update keeps what was written."""

import hashlib
import itertools
import json
import shutil
from pathlib import Path

from setilearn.course.notebooks import read_notebook
from setilearn.errors import ExerciseError
from setilearn.whole_file import whole_file

_RECORD = ".copied.json"


def copy_lessons(lessons, folder):
    """Copy each notebook of ``lessons`` into ``folder``; returns what was done, a sentence for each.

    1. A lesson without a copy is copied.
    2. A copy in which nothing was written, outputs aside, is replaced by a newer lesson.
    3. A copy in which something was written stays; the newer lesson comes beside it, once, under a name
       that is free, such as ``05_drift_search_new.ipynb``.
    """
    lessons, folder = Path(lessons), Path(folder)
    sources = sorted(lessons.glob("[0-9][0-9]_*.ipynb"))
    if not sources:
        raise ExerciseError(f"{lessons}: expected the lessons' notebooks, found none")
    folder.mkdir(parents=True, exist_ok=True)
    record, done = _read_record(folder), []
    for source in sources:
        copy, now = folder / source.name, _cells_key(source)
        made_of = record.get(source.name)
        if now == made_of and copy.exists():
            continue
        if copy.exists() and _cells_key(copy) not in (made_of, now):
            names = (copy.with_stem(f"{copy.stem}_new{k or ''}") for k in itertools.count())
            beside = next(path for path in names if not path.exists())
            _copy(source, beside)
            done.append(f"{copy.name} has your work in it and stays; what is new is in {beside.name}")
        else:
            done.append(f"{copy.name} {'is brought up to date' if copy.exists() else 'copied'}")
            _copy(source, copy)
        record[source.name] = now
        with whole_file(folder / _RECORD) as part:
            part.write_text(json.dumps(record, indent=1), encoding="utf-8")
    return done


def _copy(source, copy):
    with whole_file(copy) as part:
        shutil.copyfile(source, part)


def _cells_key(path):
    """What a notebook's cells hold, without outputs; of a file that is no notebook, what it holds."""
    try:
        held = json.dumps([cell["source"] for cell in read_notebook(path)["cells"]]).encode()
    except ExerciseError:
        held = path.read_bytes()
    return hashlib.sha256(held).hexdigest()


def _read_record(folder):
    """From which state of a lesson each copy was made; a damaged record is none: all copies then stay."""
    try:
        record = json.loads((folder / _RECORD).read_bytes())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
