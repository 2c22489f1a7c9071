"""The teacher's page of a lesson: when to stop, what to show, questions, answers, what goes wrong.

All of it is read from the lesson's notebook and from what its exercises declare.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from setilearn.course.answers import describe, shorten
from setilearn.course.exercise import load_lesson
from setilearn.course.notebooks import lesson_path, read_notebook
from setilearn.errors import ExerciseError
from setilearn.whole_file import whole_file

PERIOD_MIN = 45
_TIME = re.compile(r"\*\*Time\.\*\*[^\d]*(\d+) minutes")
_GOALS = re.compile(r"\*\*Goals\.\*\*\s*(.+?)(?:\n\n|\Z)", re.DOTALL)
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_QUESTION = r"\*\*Exercise {task}\.\*\*\s*(.+?)(?=\n\n(?:\*\*Exercise|## )|\Z)"
_LIVE = re.compile(r"sl\.(live|explore|explore_hits)\(|\b(predict)\(|cadence_quiz\(")
_ALOUD = re.compile(r'predict\(\s*"([^"]+)"')
# How long a cell takes beside the others: to read a hundred words, to run and look, to solve an exercise.
_WORDS, _A_CELL, _AN_EXERCISE = 100, 1.0, 5.0
_N_SEEDS = 3


@dataclass
class Section:
    """A part of a lesson between two headings."""

    title: str
    weight: float = 0.0
    shown: list = field(default_factory=list)
    tasks: list = field(default_factory=list)


def write_guide(number, folder, *, lessons=None):
    """Write the teacher's page of a lesson, Markdown, into ``folder``; returns its path.

    Raises `ExerciseError` where there is no such lesson.
    """
    source = lesson_path(number, lessons)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{source.stem}_guide.md"
    with whole_file(path) as part:
        part.write_text(guide(number, read_notebook(source)), encoding="utf-8")
    return path


def guide(number, notebook):
    """The text of the teacher's page."""
    lesson = load_lesson(number)
    texts = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    text = "\n\n".join(texts)
    minutes = _TIME.search(text)
    if not minutes:
        raise ExerciseError(f"lesson {number}: expected its time (**Time.** About 60 minutes), found none")
    goals = _GOALS.search(text)
    parts = [
        f"# Lesson {number}, {lesson.title}: the teacher's page",
        f"**Goals.** {goals[1] if goals else ''}".strip(),
        _timing(_sections(notebook), int(minutes[1])),
        *(_exercise(exercise, texts) for exercise in lesson.exercises.values()),
    ]
    if lesson.mystery:
        truths = [lesson.mystery.make(seed)[1] for seed in range(_N_SEEDS)]
        said = [", ".join(f"{part} = {_value(value)}" for part, value in truth.items()) for truth in truths]
        by_seed = _bullets(f"seed {seed}: {one}" for seed, one in enumerate(said))
        parts += ["## Mystery", lesson.mystery.question, "**The truth,** by seed:", by_seed]
    return "\n\n".join(parts) + "\n"


def _sections(notebook):
    sections = [Section("Beginning")]
    for cell in notebook["cells"]:
        source = cell["source"]
        if cell["cell_type"] == "markdown":
            if heading := _SECTION.search(source):
                sections.append(Section(heading[1]))
            sections[-1].weight += len(source.split()) / _WORDS
            continue
        asks = "exercise" in cell["metadata"].get("tags", [])
        sections[-1].weight += _AN_EXERCISE if asks else _A_CELL
        if asked := re.search(r'check\("(L\d\d-\d+)"', source):
            sections[-1].tasks.append(asked[1])
        if _LIVE.search(source):
            aloud = _ALOUD.search(source)
            sections[-1].shown.append(f"ask the class: {aloud[1]}" if aloud else "the live figure")
    return [one for one in sections if one.weight > 0]


def _timing(sections, minutes):
    """A table of the sections, with a stop after each that ends nearest to a period's end."""
    total = sum(one.weight for one in sections)
    ends, spent = [], 0.0
    for one in sections:
        spent += one.weight / total * minutes
        ends.append(spent)
    stops = {
        min(range(len(ends)), key=lambda k, end=end: abs(ends[k] - end))
        for end in range(PERIOD_MIN, minutes - PERIOD_MIN // 3, PERIOD_MIN)
    }
    rows = []
    for k, (one, end) in enumerate(zip(sections, ends, strict=True)):
        begin = ends[k - 1] if k else 0.0
        shown = "; ".join(dict.fromkeys(one.shown))
        rows.append(f"| {begin:.0f} to {end:.0f} | {one.title} | {', '.join(one.tasks)} | {shown} |")
        if k in stops:
            rows.append("| **stop** | A period of 45 minutes ends here. | | |")
    head = "## Timing\n\nMinutes in all: " + str(minutes)
    note = "The shares are by words, cells and exercises; your class sets the pace."
    table = "| minutes | section | exercises | to show live |\n|---|---|---|---|\n" + "\n".join(rows)
    return f"{head}. {note}\n\n{table}"


def _exercise(exercise, texts):
    question = re.compile(_QUESTION.format(task=exercise.id), re.DOTALL)
    asked = [found[1].strip() for text in texts if (found := question.search(text))]
    lines = [f"## {exercise.id} {exercise.title}", *asked]
    lines.append(f"**Answer:** {_value(exercise.reference_value)}")
    lines.append(f"```python\n{exercise.solution}\n```")
    if exercise.hints:
        lines.append(
            "**Hints,** one after another:\n\n"
            + "\n".join(f"{k}. {hint}" for k, hint in enumerate(exercise.hints, 1))
        )
    mistakes = [
        message if callable(wrong) else f"{_value(wrong)}: {message}"
        for wrong, message in exercise.mistaken_values()
    ]
    if mistakes:
        lines.append("**What goes wrong,** and what the student is told:\n\n" + _bullets(mistakes))
    return "\n\n".join(lines)


def _value(value):
    """A value as a teacher reads it."""
    if callable(value):
        return "a function, see the code"
    if isinstance(value, bool | str):
        return f"`{value}`"
    if isinstance(value, int | float):
        return f"`{value:.10g}`" if isinstance(value, float) else f"`{value}`"
    try:
        text = " ".join(str(value).split())
    except Exception:  # any object may be an answer
        text = describe(value)
    return f"`{shorten(text, 120)}`"


def _bullets(items):
    return "\n".join(f"- {item}" for item in items)
