"""The mystery at the end of a lesson: something made from a seed, a question, an answer judged in parts.

A lesson declares it once, in ``setilearn/course/mysteries/mystery_NN.py``::

    MYSTERY = Mystery(
        question="One signal drifts through this scan. Where is it at the start, and how fast does it go?",
        make=make_mystery,  # make_mystery(seed) gives (what there is to look at, {part: the truth})
        checks={"frequency_mhz": number(unit="MHz", abs_tol=1e-5), "drift_hz_s": number(abs_tol=0.1)},
    )

In the notebook ``case = mystery("05")``, then ``case.data`` to look at, and
``case.judge(frequency_mhz=____, drift_hz_s=____)``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from setilearn.course import logbook
from setilearn.course.answers import describe
from setilearn.course.blank import ____, contains_blank
from setilearn.course.buttons import show_widget
from setilearn.course.card import LOOKS, NOTE, show_card
from setilearn.course.exercise import Status, Verdict, lesson_numbers, load_lesson, safely
from setilearn.errors import ExerciseError
from setilearn.show.explorer.widget import in_notebook


@dataclass(frozen=True, kw_only=True)
class Mystery:
    """What a lesson's mystery asks, how it is made, and how each part of an answer is judged.

    Attributes:
        question: a few sentences.
        make: ``make(seed) -> (data, truth)``, the truth by part.
        checks: part -> ``check(answer, truth) -> None | message``, from `setilearn.course.answers`.
    """

    question: str
    make: Callable
    checks: dict[str, Callable]


class Case:
    """A mystery with one seed: ``data`` is what there is to look at."""

    def __init__(self, lesson, declared, seed):
        self._lesson, self._declared = lesson, declared
        self._open(seed)

    def _open(self, seed):
        self.seed = seed
        self.data, self._truth = self._declared.make(seed)
        self.share_right = 0.0  # of the parts, by the last call of judge

    def __repr__(self):
        return f"<mystery {self._lesson}, seed {self.seed}>"

    def show(self, note=""):
        """Show what is asked, and a note below it."""
        parts = ", ".join(f"`{part}`" for part in self._declared.checks)
        asked = [self._declared.question, f"`case.data` is what there is. `case.judge` takes {parts}."]
        show_card(f"Mystery {self._lesson}, seed {self.seed}", [*asked, note], NOTE)

    def another(self):
        """Take the next seed: other data, the same question."""
        self._open(self.seed + 1)
        kept = f'mystery("{self._lesson}", seed={self.seed})'
        self.show(f"Run the cells below again. To hand in this one, write `{kept}` above.")

    def judge(self, **answers):
        """Show which parts of the answer are right; what is left out counts as a blank. Never raises."""
        verdicts = judge_parts(self._declared, self._truth, answers)
        n_right = sum(verdict.status is Status.PASSED for verdict in verdicts.values())
        self.share_right = n_right / len(verdicts)
        lines = [f"{LOOKS[found.status][0]} `{part}`: {found.message}" for part, found in verdicts.items()]
        lines += [f"There is no part `{part}`." for part in answers if part not in verdicts]
        statuses = {found.status for found in verdicts.values()}
        status = statuses.pop() if len(statuses) == 1 else Status.FAILED
        if status is not Status.UNATTEMPTED:
            mark = logbook.PASSED if status is Status.PASSED else logbook.ATTEMPTED
            lines.append(logbook.record({f"L{self._lesson}-M": mark}))
        heading = f"Mystery {self._lesson}, seed {self.seed}: {n_right} of {len(verdicts)} parts right"
        show_card(heading, lines, LOOKS[status][1])


def mystery(lesson, seed=0):
    """Show a lesson's mystery and return its `Case`; in a notebook a button makes another of the next seed.

    ``lesson`` is its number as a text of two digits. Raises `ExerciseError` where it has none.
    """
    known = {number: declared for number in lesson_numbers() if (declared := load_lesson(number).mystery)}
    if lesson not in known:
        expected = f"the number of a lesson as a text ({', '.join(known)})"
        raise ExerciseError(f"mystery: expected {expected}, found {describe(lesson)}")
    case = Case(lesson, known[lesson], seed)
    case.show()
    if in_notebook():
        show_widget(_another_button(case), '(Here is a button, "Another one", while a kernel runs.)')
    return case


def judge_parts(declared, truth, answers):
    """The `Verdict` on each part of a mystery; what ``answers`` leaves out counts as a blank."""
    return {
        part: safely(partial(_judged, check, truth[part]), answers.get(part, ____))
        for part, check in declared.checks.items()
    }


def _judged(check, truth, answer):
    if contains_blank(answer):
        return Verdict(Status.UNATTEMPTED, "not answered yet.")
    message = check(answer, truth)
    return Verdict(Status.FAILED, message) if message else Verdict(Status.PASSED, "right.")


def _another_button(case):
    from ipywidgets import Button, Output, VBox

    button, area = Button(description="Another one", layout={"width": "max-content"}), Output()

    def press(_):
        area.clear_output(wait=True)
        with area:
            case.another()

    button.on_click(press)
    return VBox([button, area])
