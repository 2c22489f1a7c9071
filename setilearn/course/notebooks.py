"""The lessons' notebooks: where they are, and which of their cells are exercises."""

import json
import re
from pathlib import Path
from typing import NamedTuple

from setilearn.errors import ExerciseError

CHECK = re.compile(r'^check\("(?P<id>L\d\d-[1-9]\d?)", (?P<name>\w+)\)\s*\Z', re.MULTILINE)
JUDGE = re.compile(r"^(?P<name>\w+)\.judge\(", re.MULTILINE)


class Asked(NamedTuple):
    """A cell that asks: its place in the notebook, the id of the task, the name of the answer."""

    place: int
    task: str
    name: str


def lesson_path(number, folder=None):
    """Path of the notebook of lesson ``number`` in ``folder``, by default ``lessons`` here or of the project.

    Raises `ExerciseError` where there is none.
    """
    project = Path(__file__).parents[2] / "lessons"
    folders = [Path(folder)] if folder else [Path("lessons"), project]
    for place in folders:
        if found := sorted(place.glob(f"{number}_*.ipynb")):
            return found[0]
    looked_in = " or ".join(str(place) for place in folders)
    raise ExerciseError(f"lesson {number}: expected its notebook {number}_*.ipynb in {looked_in}, found none")


def read_notebook(path):
    """The notebook as a dict, each cell's source one text.

    Raises `ExerciseError` where the file is no notebook.
    """
    try:
        notebook = json.loads(Path(path).read_bytes())
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
            cell["metadata"] = dict(cell.get("metadata") or {})
            cell["cell_type"] = str(cell["cell_type"])
    except OSError as error:
        raise ExerciseError(f"{path}: expected a notebook, found: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExerciseError(f"{path}: expected a notebook, found something else ({error!r:.80})") from error
    return notebook


def write_notebook(path, notebook):
    """Write a notebook of `read_notebook`."""
    cells = [cell | {"source": cell["source"].splitlines(keepends=True)} for cell in notebook["cells"]]
    text = json.dumps(notebook | {"cells": cells}, indent=1, ensure_ascii=False)
    Path(path).write_text(text + "\n", encoding="utf-8")


def asked_in(notebook):
    """The cells that ask: exercises, which end in ``check("LNN-k", name)``, a mystery's ``case.judge(``."""
    number = None
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        if found := CHECK.search(cell["source"]):
            number = found["id"][1:3]
            yield Asked(place, found["id"], found["name"])
        elif number and (found := JUDGE.search(cell["source"])):
            yield Asked(place, f"L{number}-M", found["name"])
