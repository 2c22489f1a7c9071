"""The exercises of the course: how they are declared, found by their id, and judged.

A lesson declares its exercises once, in ``setilearn/course/lesson_NN.py``::

    TITLE = "Reading filterbanks"
    EXERCISES = [
        Exercise(
            id="L01-1",
            title="Frequency of a channel",
            reference=lambda: 8421.386717353016,
            check=number(unit="MHz", rel_tol=1e-9),
            mistakes=[
                (lambda reference: reference * 1e6, "That is in Hz; the answer is wanted in MHz."),
            ],
            hints=["`header.frequency_mhz` does it."],
            solution="frequency_mhz = header.frequency_mhz(5)",
        ),
    ]
"""

import difflib
import hashlib
import pickle
import pkgutil
import re
import textwrap
import warnings
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib import import_module
from typing import NamedTuple

from setilearn.course.answers import describe, once_is_enough, shorten
from setilearn.course.blank import contains_blank
from setilearn.errors import ExerciseError

EXERCISE_ID = re.compile(r"L(\d\d)-([1-9]\d?)", re.ASCII)


@dataclass(frozen=True, kw_only=True, eq=False)
class Exercise:
    """One exercise: what is asked, the reference answer, and how an answer is judged.

    Attributes:
        id: ``"L05-2"``, exercise 2 of lesson 05.
        title: a few words, shown with the verdict.
        reference: the right answer, or a function without arguments that works it out when it is
            first needed (wrap an answer that is itself a function: ``lambda: function``).
        check: ``check(answer, reference) -> None | message``, from `setilearn.course.answers` or
            one of the lesson's own. It is not called for an answer that holds a blank.
        solution: the exercise's cell with its blanks filled, without its last line, the check.
        mistakes: pairs (wrong answer, message that names the mistake); the wrong answer may be a
            function of the reference. An answer that ``check`` takes for the same as a wrong
            answer gets its message, the first that fits.
        hints: shown one after another; the first gives least away.
    """

    id: str
    title: str
    reference: object
    check: Callable
    solution: str
    mistakes: Sequence = ()
    hints: Sequence[str] = ()

    def __post_init__(self):
        if not EXERCISE_ID.fullmatch(self.id):
            raise ExerciseError(f"exercise id: expected the form 'L05-2', found {self.id!r}")
        object.__setattr__(self, "solution", textwrap.dedent(self.solution).strip())

    @cached_property
    def reference_value(self):
        """The right answer itself, worked out once."""
        return self.reference() if callable(self.reference) else self.reference

    def mistaken_values(self):
        """Yield each mistake's wrong answer and its message."""
        for wrong, message in self.mistakes:
            yield (wrong(self.reference_value) if callable(wrong) else wrong), message


@dataclass(frozen=True)
class Lesson:
    """The number (``"05"``), title, exercises, by id, and mystery, if any, of one lesson."""

    number: str
    title: str
    exercises: dict[str, Exercise]
    mystery: object = None

    @property
    def tasks(self):
        """Titles of the exercises and of the mystery by their ids, in order."""
        titles = {key: exercise.title for key, exercise in self.exercises.items()}
        return titles | ({f"L{self.number}-M": "Mystery"} if self.mystery else {})


class Status(StrEnum):
    """What can be said of an answer."""

    UNATTEMPTED = "not yet attempted"
    FAILED = "not yet right"
    PASSED = "passed"


@dataclass(frozen=True)
class Verdict:
    """Status of an answer, and a message for the student."""

    status: Status
    message: str


def lesson_numbers():
    """Return the numbers of the lessons that declare exercises, in order: ``["00", "01"]``."""
    modules = pkgutil.iter_modules(import_module("setilearn.course").__path__)
    return sorted(name[-2:] for _, name, _ in modules if re.fullmatch(r"lesson_\d\d", name))


def load_lesson(number):
    """Return the `Lesson` of this number, a text of two digits.

    Raises `ExerciseError` where an id is declared twice or belongs to another lesson.
    """
    module = import_module(f"setilearn.course.lesson_{number}")
    exercises = {exercise.id: exercise for exercise in module.EXERCISES}
    if len(exercises) != len(module.EXERCISES) or not all(key.startswith(f"L{number}-") for key in exercises):
        found = ", ".join(exercise.id for exercise in module.EXERCISES)
        raise ExerciseError(f"lesson {number}: expected ids L{number}-1, L{number}-2, ..., found {found}")
    return Lesson(number, module.TITLE, exercises, _mystery_of(number))


def _mystery_of(number):
    """What the lesson's module in ``course/mysteries`` declares, or None where it has none."""
    name = f"setilearn.course.mysteries.mystery_{number}"
    try:
        return import_module(name).MYSTERY
    except ModuleNotFoundError as error:
        if error.name and name.startswith(error.name):
            return None
        raise


def find_exercise(exercise_id):
    """Return the `Exercise` with this id.

    Raises `ExerciseError`, with the ids that come close, where there is none.
    """
    form = EXERCISE_ID.fullmatch(exercise_id) if isinstance(exercise_id, str) else None
    if form and form[1] in lesson_numbers():
        exercises = load_lesson(form[1]).exercises
        if exercise_id in exercises:
            return exercises[exercise_id]
    raise ExerciseError(_no_such_exercise(exercise_id))


def _no_such_exercise(exercise_id):
    if not isinstance(exercise_id, str):
        return f'Expected the id of an exercise first, such as "L01-2", found {describe(exercise_id)}.'
    known = [key for number in lesson_numbers() for key in load_lesson(number).exercises]
    close = difflib.get_close_matches(exercise_id[:20], known, n=3, cutoff=0.5)
    advice = f" Did you mean {' or '.join(close)}?" if close else ""
    return f'There is no exercise "{shorten(exercise_id)}".{advice}'


# Exercise id -> the last answer that was judged: a lesson asks twice, for the check and for what follows it.
_judged = {}


class _Judged(NamedTuple):
    """A verdict, and by what to know its answer again: ``answer()`` is the object, ``seal`` what it was."""

    exercise: Exercise
    answer: Callable
    seal: object
    verdict: Verdict


def verdict(exercise_id, answer):
    """Judge an answer; whatever the answer is, this returns a `Verdict`.

    The very object that was judged last is not judged again, unless it has changed since.

    Raises `ExerciseError` where there is no such exercise.
    """
    exercise = find_exercise(exercise_id)
    last = _judged.get(exercise_id)
    is_same = last and last.exercise is exercise and last.answer() is answer
    if is_same and last.seal and last.seal == _seal(answer):
        return last.verdict
    found = safely(_judge, exercise, answer)
    _judged[exercise_id] = _Judged(exercise, _reference_to(answer), _seal(answer), found)
    return found


def safely(judge, *arguments):
    """The `Verdict` that ``judge`` gives of an answer, whatever the answer is.

    It may do anything when it is touched: also try to end Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return judge(*arguments)
    except (Exception, SystemExit) as error:
        return Verdict(Status.FAILED, f"This answer could not be checked ({_error_text(error)}).")


def _seal(answer):
    """What tells whether an answer is still what it was; empty where nothing does: then it is judged anew.

    A function, a class or a network stays what it is: to try them is what takes long.
    """
    if callable(answer):
        return "callable"
    try:
        return hashlib.sha256(pickle.dumps(answer)).hexdigest()
    except (Exception, SystemExit):  # an answer may be anything
        return ""


def _reference_to(answer):
    """A function that gives the answer, without keeping a large one alive."""
    try:
        return weakref.ref(answer)
    except TypeError:  # numbers, texts, lists
        return lambda: answer


def _judge(exercise, answer):
    if contains_blank(answer):
        return Verdict(Status.UNATTEMPTED, "Put your answer in place of each ____ and run the cell again.")
    reference = exercise.reference_value
    with once_is_enough():
        message = exercise.check(answer, reference)
        if message is None:
            return Verdict(Status.PASSED, "That is right.")
        for wrong, named in exercise.mistaken_values():
            if exercise.check(answer, wrong) is None:
                return Verdict(Status.FAILED, named)
    return Verdict(Status.FAILED, message)


def _error_text(error):
    try:
        return shorten(f"{type(error).__name__}: {error}", 200)
    except Exception:  # the error's own text may be broken
        return shorten(type(error).__name__)
