"""One returned notebook judged: its cells run in a box, each answer taken at the cell that asks for it."""

import ast
import re
from dataclasses import dataclass, field

from setilearn.course.answers import shorten
from setilearn.course.blank import ____
from setilearn.course.exercise import Status, load_lesson, verdict
from setilearn.course.grading.box import BoxGone, CellFailed, box
from setilearn.course.grading.parcel import InKernel, Other, pack, unpack
from setilearn.course.limits import MOST_SECONDS, Stopped
from setilearn.course.mystery import judge_parts
from setilearn.course.notebooks import CHECK, asked_in
from setilearn.errors import ExerciseError

# Who writes these looks for the answers in the package, or changes what judges them.
_PRYING = re.compile(
    r"reference_value|find_exercise|load_lesson|course\.(exercise|lesson_|mysteries|grading|cards)|_truth\b|ctypes"
)
_INSIDE = "__import__('setilearn.course.grading.inside', fromlist=['call'])"
_SEED = re.compile(r'mystery\("\d\d",\s*(?:seed=)?(\d{1,9})\)')


@dataclass
class Judged:
    """What a notebook is worth: points by task, what is said of each, notes for the teacher."""

    points: dict = field(default_factory=dict)
    messages: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)

    def give(self, task, points, message):
        self.points[task], self.messages[task] = points, message


class Proxy:
    """A function in the box: called here with copies of arguments, it runs there."""

    def __init__(self, box, expression):
        self._box, self._expression = box, expression
        self.met = None  # the type of what could not be copied

    def __call__(self, *arguments, **options):
        parcel = pack([list(arguments), options])
        if isinstance(unpack(parcel), Other):
            self.met = "what it is given"
            raise ExerciseError("this function is given what cannot be copied")
        call = f"{_INSIDE}.call({self._expression}, {parcel!r})"
        try:
            outcome, *found = unpack(self._box.evaluate(call, MOST_SECONDS))
        except CellFailed as error:
            if str(error).startswith("stopped after"):
                raise Stopped(
                    f"It takes more than {MOST_SECONDS:g} s: is there a loop without end?"
                ) from None
            raise ExerciseError(str(error)) from None
        if outcome == "raised":
            raise _as_raised(*found)
        result, given = found
        if isinstance(result, Other):
            self.met = result.type_name
            raise ExerciseError(f"it gives {result.type_name}, which cannot be copied")
        if isinstance(given, list):
            _copy_back(arguments, given)
        return result


def _as_raised(name, text):
    if name == "SystemExit":
        return SystemExit()
    if name == "Stopped":
        return Stopped(text)
    return type(shorten(str(name)), (Exception,), {})(shorten(str(text), 200))


def _copy_back(arguments, given):
    """Change the arguments as the function in the box changed its copies: a check looks for that."""
    for mine, theirs in zip(arguments, given, strict=False):
        if hasattr(mine, "shape") and getattr(theirs, "shape", None) == mine.shape and mine.shape:
            mine[...] = theirs
        elif isinstance(mine, list) and isinstance(theirs, list):
            mine[:] = theirs


def judge_notebook(number, notebook, limits, **options):
    """Run a notebook (of `read_notebook`) in a `box` and judge each task of its lesson: a `Judged`.

    1. The cells run in order, each within its limits; one that raises does not end the others.
    2. At the first cell that ends in an exercise's check the answer is judged, before the lesson can go on
       with the reference; of a mystery the last ``case.judge`` counts.
    3. A task whose cell is not there, or comes after the end of the kernel, is worth nothing, and says so.
    """
    judged = Judged()
    tasks = load_lesson(number).tasks
    places = _places(notebook, tasks)
    cells = notebook["cells"]
    if any(cell["cell_type"] == "code" and _PRYING.search(cell["source"]) for cell in cells):
        judged.notes.append("looks into the package for answers: read it")
    try:
        with box(limits, **options) as opened:
            for place, cell in enumerate(cells):
                if cell["cell_type"] == "code":
                    _run_cell(opened, judged, cells, place, places.get(place))
    except BoxGone as error:
        judged.notes.append(str(error))
    reason = judged.notes[-1] if judged.notes and len(judged.points) < len(places) else ""
    for task in tasks:
        if task not in judged.points:
            asked = any(one.task == task for one in places.values())
            judged.give(task, 0.0, f"not reached: {reason}" if asked else "its cell is missing")
    return judged


def _places(notebook, tasks):
    """Which cell asks for which task: for an exercise the first that does, for the mystery the last."""
    found = {}
    for asked in asked_in(notebook):
        if asked.task in tasks and (asked.task.endswith("-M") or asked.task not in found):
            found[asked.task] = asked
    return {asked.place: asked for asked in found.values()}


def _run_cell(opened, judged, cells, place, asked):
    source = cells[place]["source"]
    if asked is None:
        if "nbgrader" not in cells[place]["metadata"]:
            opened.try_run(source)
        return
    if asked.task.endswith("-M"):
        judged.give(asked.task, *_mystery(opened, cells, place, asked))
        return
    early = re.compile(rf"""answer_or_reference\(\s*["']{asked.task}["']""")
    failure = opened.try_run(CHECK.sub("", source))
    if failure:
        judged.give(asked.task, 0.0, f"its cell fails: {failure}")
    elif any(early.search(cell["source"]) for cell in cells[: place + 1]):
        judged.give(asked.task, 0.0, "takes the reference answer before it is asked")
    else:
        judged.give(asked.task, *_exercise(opened, judged, asked))


def _exercise(opened, judged, asked):
    """Points and message for the answer that stands in the kernel now."""
    try:
        answer = _fetched(opened, asked.name)
    except (CellFailed, ExerciseError) as error:
        return 0.0, f"no answer: {error}"
    if not isinstance(answer, Other):
        return _points(verdict(asked.task, answer))
    if isinstance(answer, InKernel):
        proxy = Proxy(opened, asked.name)
        found = verdict(asked.task, proxy)
        if proxy.met is None:
            return _points(found)
    return _judged_inside(opened, judged, asked)


def _fetched(opened, expression):
    return unpack(opened.pack(expression))


def _judged_inside(opened, judged, asked):
    """What cannot be copied, such as a network, is judged in the notebook's own kernel."""
    call = f"{_INSIDE}.judge({asked.task!r}, {asked.name})"
    try:
        status, message = unpack(opened.evaluate(call))
    except (CellFailed, ExerciseError, TypeError, ValueError) as error:
        return 0.0, f"could not be judged: {error}"
    note = "judged in the notebook's own kernel: "
    judged.notes = [one for one in judged.notes if not one.startswith(note)] + [
        note + ", ".join([*(one[len(note) :] for one in judged.notes if one.startswith(note)), asked.task])
    ]
    return float(status == Status.PASSED), shorten(str(message), 300)


def _points(found):
    return float(found.status is Status.PASSED), shorten(found.message, 300)


def _mystery(opened, cells, place, asked):
    """The share of a mystery's parts that are right; what it is made of is made anew here."""
    declared = load_lesson(asked.task[1:3]).mystery
    seeds = [found[1] for cell in cells if (found := _SEED.search(cell["source"]))]
    seed = int(seeds[-1]) if seeds else 0
    try:
        call = next(
            node
            for node in ast.walk(ast.parse(cells[place]["source"]))
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "judge"
        )
    except (SyntaxError, StopIteration, ValueError, RecursionError):
        return 0.0, "its cell has no call of judge that can be read"
    opened.try_run("\n".join(cells[place]["source"].splitlines()[: call.lineno - 1]))
    answers = {}
    for part in call.keywords:
        try:
            answers[part.arg] = _fetched(opened, ast.unparse(part.value))
        except (CellFailed, ExerciseError):
            answers[part.arg] = ____
    verdicts = judge_parts(declared, declared.make(seed)[1], answers)
    n_right = sum(found.status is Status.PASSED for found in verdicts.values())
    said = "; ".join(f"{part}: {found.message}" for part, found in verdicts.items())
    return n_right / len(verdicts), shorten(f"seed {seed}: {said}", 300)
