"""Twelve questions, asked before the course and after it: what did you believe, what do you believe now?

The answers are kept beside the progress, on this computer, and go nowhere by themselves. They are no test:
nobody is told which answer is right before the second time.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from setilearn.course.answers import describe
from setilearn.course.buttons import show_widget
from setilearn.course.card import NOTE, show_card
from setilearn.course.logbook import progress_path
from setilearn.errors import ExerciseError, ProgressError
from setilearn.show.explorer.widget import in_notebook
from setilearn.whole_file import whole_file

TIMES = ("before", "after")


@dataclass(frozen=True)
class Belief:
    """A question with its possible answers, the one that the course gives reasons for, and where it does."""

    question: str
    answers: tuple[str, ...]
    right: int
    lesson: str


BELIEFS = (
    Belief(
        "How do we know that a narrow line in a spectrum was made by technology?",
        (
            "It is strong",
            "Nothing in nature makes lines of a few hertz",
            "It repeats a message",
            "It is steady",
        ),
        1,
        "00",
    ),
    Belief(
        "A transmitter on a distant planet sends one steady tone. What arrives is",
        ("steady in frequency", "drifting in frequency", "spread over the whole band", "pulsed"),
        1,
        "05",
    ),
    Belief(
        "A line that does not drift at all is most likely",
        ("very far away", "a spacecraft", "on the ground, near the telescope", "noise"),
        2,
        "05",
    ),
    Belief(
        "To listen four times as long makes the noise of the average",
        ("four times less", "half", "no less", "twice as large"),
        1,
        "04",
    ),
    Belief(
        "In a million samples of pure noise, how many lie more than 5 sigma above the mean?",
        ("none ever", "about 0.3, if the noise is Gaussian", "about 50", "1 %"),
        1,
        "04",
    ),
    Belief(
        "A signal is seen in each of three looks at a star and in none of three looks beside it. It is",
        (
            "from the star, surely",
            "worth a further look: chance and interference can do it",
            "noise",
            "a satellite",
        ),
        1,
        "06",
    ),
    Belief(
        "A search found nothing. That shows that",
        (
            "nobody transmits",
            "nothing, for a null result has no content",
            "no transmitter above a certain power was in its reach at that time",
            "the telescope was too small",
        ),
        2,
        "08",
    ),
    Belief(
        "The same frequency turns up in the data of many stars. It is most likely",
        (
            "a civilisation on many stars",
            "interference from here",
            "a calibration line of the stars",
            "hydrogen",
        ),
        1,
        "09",
    ),
    Belief(
        "A network sorts four classes with 75 % right. The other 25 % are",
        (
            "bad luck",
            "beyond any network",
            "not explained before one has looked at which ones they are",
            "due to too few layers",
        ),
        2,
        "11",
    ),
    Belief(
        "A classifier is right in 99 of 100 cases. One hit in a million is a signal. An alarm is a signal",
        ("in 99 of 100 cases", "in half of the cases", "in about one of ten thousand cases", "always"),
        2,
        "12",
    ),
    Belief(
        "With twenty computers in place of one a search takes",
        ("a twentieth of the time", "more than a twentieth", "no less time", "a four-hundredth"),
        1,
        "14",
    ),
    Belief(
        "Which finding in a published search would make you doubt it most?",
        (
            "nothing was found",
            "many hits were rejected",
            "a rule was changed after the hits had been seen",
            "the limit is in watts",
        ),
        2,
        "15",
    ),
)


def ask_beliefs(when: str, answers: dict | None = None) -> None:
    """Ask the twelve questions ``when`` "before" or "after" the course, and keep what is answered.

    In a notebook each has buttons; elsewhere ``answers``, {number of the question from 1: number of the
    answer from 1}, is taken. After the course what was believed before is shown beside, with the lesson that
    gives the reasons.

    Raises `ExerciseError` where ``when`` or an answer is another.
    """
    if when not in TIMES:
        raise ExerciseError(f'ask_beliefs: expected "before" or "after", found {describe(when)}')
    for number, answer in (answers or {}).items():
        _keep(when, number, answer)
    if in_notebook():
        show_widget(_buttons(when), "(Here are twelve questions with buttons while a kernel runs.)")
    else:
        show_card(f"Twelve questions, {when} the course", [_written(k) for k in range(len(BELIEFS))], NOTE)


def show_beliefs():
    """Show what was believed before the course and after it, and which lesson has the reasons."""
    kept = read_beliefs()
    lines = []
    for k, belief in enumerate(BELIEFS, 1):
        said = [belief.answers[kept[when][k] - 1] if k in kept[when] else "no answer" for when in TIMES]
        reasons = f"Lesson {belief.lesson} has the reasons for: {belief.answers[belief.right]}."
        lines.append(f"{belief.question} Before: {said[0]}. After: {said[1]}. {reasons}")
    n_right = [sum(kept[when].get(k) == one.right + 1 for k, one in enumerate(BELIEFS, 1)) for when in TIMES]
    show_card(f"Before {n_right[0]} of {len(BELIEFS)}, after {n_right[1]}", lines, NOTE)


def beliefs_path():
    """Where the answers are kept: beside the progress."""
    return progress_path().with_name("beliefs.json")


def read_beliefs(path=None):
    """{"before": {question: answer}, "after": ...}, numbers from 1.

    Raises `ProgressError` where the file is another one; where there is none yet, both are empty.
    """
    path = Path(path) if path else beliefs_path()
    if not path.exists():
        return {when: {} for when in TIMES}
    try:
        kept = json.loads(path.read_bytes())
        found = {when: {int(k): answer for k, answer in kept[when].items()} for when in TIMES}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ProgressError(f"{path}: expected answers of ask_beliefs, found something else") from error
    if not all(_is_answer(k, answer) for answers in found.values() for k, answer in answers.items()):
        raise ProgressError(f"{path}: expected answers of ask_beliefs, found others")
    return found


def class_table(folder):
    """Of the files ``*.json`` in a folder, one a student: for each question the share that is right by then.

    A list of dicts with question, n_before, right_before, n_after, right_after. Raises `ProgressError`.
    """
    paths = sorted(Path(folder).glob("*.json"))
    if not paths:
        raise ProgressError(f"{folder}: expected the students' files of answers (*.json), found none")
    students = [read_beliefs(path) for path in paths]
    rows = []
    for k, belief in enumerate(BELIEFS, 1):
        row = {"question": belief.question}
        for when in TIMES:
            given = [student[when][k] for student in students if k in student[when]]
            right = sum(answer == belief.right + 1 for answer in given)
            row |= {f"n_{when}": len(given), f"right_{when}": round(right / len(given), 3) if given else ""}
        rows.append(row)
    return rows


def _is_answer(k, answer):
    return isinstance(answer, int) and 1 <= k <= len(BELIEFS) and 1 <= answer <= len(BELIEFS[k - 1].answers)


def _keep(when, number, answer):
    if not isinstance(number, int) or not _is_answer(number, answer):
        raise ExerciseError(
            f"ask_beliefs: expected {{question 1 to {len(BELIEFS)}: answer 1 to 4}}, "
            f"found {{{describe(number)}: {describe(answer)}}}"
        )
    kept = read_beliefs()
    kept[when][number] = answer
    path = beliefs_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as part:
            part.write_text(json.dumps(kept), encoding="utf-8")
    except OSError as error:
        raise ProgressError(f"{path}: the answer cannot be kept: {error.strerror}") from error


def _written(k):
    choices = "; ".join(f"{number} {text}" for number, text in enumerate(BELIEFS[k].answers, 1))
    return f"{k + 1}. {BELIEFS[k].question} {choices}"


def _buttons(when):
    from ipywidgets import HTML, RadioButtons, VBox

    kept, rows = read_beliefs()[when], []
    for k, belief in enumerate(BELIEFS, 1):
        choice = RadioButtons(
            options=[(text, number) for number, text in enumerate(belief.answers, 1)],
            value=kept.get(k),
            layout={"width": "auto"},
        )
        choice.observe(lambda change, k=k: _keep(when, k, change["new"]), names="value")
        rows += [HTML(f"<b>{k}.</b> {belief.question}"), choice]
    return VBox(rows)
