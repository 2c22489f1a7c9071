"""How an answer is compared with the reference: numbers, whole numbers, arrays, choices, functions.

Each function here returns a check, ``check(answer, reference) -> None | message``: None where the
answer is right, else a message that tells what is wrong without giving the answer away. A lesson
may declare an exercise with a check of its own of the same form.
"""

import copy
import functools
import inspect
import math
import numbers
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from setilearn.course.limits import Stopped, limited
from setilearn.course.slips import array_off, direction, number_off

_MAX_TEXT = 40


def number(*, unit="", rel_tol=1e-3, abs_tol=0.0):
    """Check a single number within ``rel_tol`` times the reference or ``abs_tol``, in ``unit``."""

    def check(answer, reference):
        value, reference = _as_float(answer), float(reference)
        if value is None:
            return f"Expected {_a_number(unit)}, found {describe(answer)}."
        if not math.isfinite(value):
            return _not_finite(value)
        tolerance = max(rel_tol * abs(reference), abs_tol)
        return None if abs(value - reference) <= tolerance else number_off(value, reference, unit)

    return check


def integer(*, unit=""):
    """Check a whole number, exactly; ``3.0`` counts as 3."""

    def check(answer, reference):
        value = _as_float(answer)
        if value is None:
            return f"Expected a whole number, found {describe(answer)}."
        if not math.isfinite(value):
            return _not_finite(value)
        if answer == reference:
            return None
        if not value.is_integer():
            return f"Expected a whole number, found {describe(answer)}."
        if abs(value - reference) == 1:
            return f"{direction(value, reference)} by one. Does the counting begin at 0 or at 1?"
        return number_off(value, float(reference), unit)

    return check


def choice(*options):
    """Check one of several texts; capitals and spaces around it do not matter."""
    known = {_plain(option): option for option in options}

    def check(answer, reference):
        listed = ", ".join(f'"{option}"' for option in options)
        if not isinstance(answer, str) or _plain(answer) not in known:
            return f"Expected one of {listed}, found {describe(answer)}."
        return None if _plain(answer) == _plain(reference) else f'It is not "{known[_plain(answer)]}".'

    return check


def truth():
    """Check True or False; NumPy's own, 1 and 0 count too."""

    def check(answer, reference):
        if not isinstance(answer, bool | np.bool_ | numbers.Integral) or answer not in (0, 1):
            return f"Expected True or False, found {describe(answer)}."
        return None if bool(answer) == bool(reference) else f"It is not {bool(answer)}."

    return check


def array(*, unit="", rel_tol=1e-5, abs_tol=0.0):
    """Check an array (or nested lists) of numbers: its shape, then each value."""

    def check(answer, reference):
        reference = np.asarray(reference)
        found = _as_array(answer)
        if found is None:
            return f"Expected an array of real numbers{_in(unit)}, found {describe(answer)}."
        if found.dtype.kind == "c" and reference.dtype.kind != "c":
            return f"Expected real numbers{_in(unit)}, found complex ones: np.abs or .real makes them real."
        if found.shape != reference.shape:
            swapped = found.ndim > 1 and found.shape == reference.shape[::-1]
            return (
                f"Expected the shape {reference.shape}, found the shape {found.shape}"
                f"{': are the axes swapped?' if swapped else '.'}"
            )

        def right(values):
            return np.isclose(values, reference, rtol=rel_tol, atol=abs_tol, equal_nan=True)

        return None if right(found).all() else array_off(found, reference, right)

    return check


def function(*cases, compare=None):
    """Check a function by what it returns for each of ``cases``, tuples of arguments.

    It is held against what the reference, a function too, returns for them: by ``compare``, a check of the
    kinds above; by default an `array` within a thousandth.
    """
    compare = compare or array(rel_tol=1e-3, abs_tol=1e-6)

    def check(answer, reference):
        if not callable(answer):
            return f"Expected a function, found {describe(answer)}."
        for case in cases:
            given = copy.deepcopy(case)
            found, wrong = _run(answer, given, {})
            if wrong:
                return f"For {_call(case)} {wrong[0].lower()}{wrong[1:]}"
            if found is None:
                return f"For {_call(case)} it gives nothing back: is there a `return`?"
            if message := compare(found, reference(*copy.deepcopy(case))):
                return f"For {_call(case)}: {message}"
            if not _is_same(case, given):
                return f"For {_call(case)} it changes what it was given: work on a copy."
        return None

    return check


def diagnosis(find_fault):
    """Make a check of a function that says what is wrong with an answer, or None where nothing is.

    For what is looked at rather than compared, such as a network: an answer is one of the declared mistakes
    where both have the same fault.
    """

    @functools.wraps(find_fault)
    def check(answer, reference):
        fault = find_fault(answer)
        return None if fault is None or fault == find_fault(reference) else fault

    return check


def called(answer, *arguments, **options):
    """What a student's function gives, and None; or None and what is wrong.

    It runs within `setilearn.course.limits.limited`, six times as long as for a case of `function`: a network
    may be built in it, which on a slow machine takes some seconds the first time.
    """
    return _run(answer, arguments, options, times=6)


_stopped = ContextVar("_stopped", default=None)  # within `once_is_enough`: (function, why it was stopped)


@contextmanager
def once_is_enough():
    """A function that was stopped in here once is not run again: it would be stopped again.

    So that one without an end, compared with each of an exercise's mistakes, takes its time once.
    """
    token = _stopped.set([])
    try:
        yield
    finally:
        _stopped.reset(token)


def _run(answer, arguments, options, times=1):
    if not callable(answer):
        return None, f"Expected a function, found {describe(answer)}."
    before = _stopped.get()
    itself = getattr(answer, "__wrapped__", answer)
    for function_stopped, why in before or ():
        if function_stopped is itself:
            return None, why
    try:
        with limited(times):
            return answer(*arguments, **options), None
    except Stopped as error:
        if before is not None:
            before.append((itself, str(error)))
        return None, str(error)
    except SystemExit:
        return None, "It ends Python: take out exit(), quit() or sys.exit()."
    except Exception as error:
        return None, f"It stops: {shorten(f'{type(error).__name__}: {error}', 300)}"


def instead(wrong):
    """A function as one of an exercise's mistakes, where a function alone would be one of the reference."""
    return lambda reference: wrong


def _is_same(one, other):
    """Whether two arguments of a case are equal, arrays inside lists too."""
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return np.array_equal(one, other)


def _call(arguments):
    """The arguments of a call as a student would write them, shortened."""
    return shorten(f"({', '.join(map(_written, arguments))})", 120)


def _written(argument):
    try:
        text = np.array2string(np.asarray(argument), threshold=8, precision=3, separator=", ")
    except ValueError:  # lists of different lengths
        text = f"[{', '.join(map(_written, argument))}]"
    return " ".join(text.split())


def describe(answer):
    """Return a few words for what ``answer`` is; its own ``repr`` is never asked for.

    So that neither a huge answer nor one with a broken ``repr`` can do harm in a message.
    """
    if answer is None:
        return "None (was the answer given a value?)"
    if isinstance(answer, str):
        return f'the text "{shorten(answer)}"'
    if isinstance(answer, np.ndarray):
        return f"an array of shape {answer.shape}"
    if isinstance(answer, (list, tuple, dict, set, frozenset)):
        return f"a {type(answer).__name__} of {len(answer)} items"
    if isinstance(answer, int) and answer.bit_length() > 64:
        return "a very large whole number"
    if isinstance(answer, (bool, int, float, complex, np.generic)):
        return shorten(str(answer))
    if inspect.isroutine(answer):
        return "a function (was it called, with parentheses?)"
    return f"an object of type {shorten(type(answer).__name__)}"


def shorten(text, max_length=_MAX_TEXT):
    """Return ``text``, cut with an ellipsis where it is longer than ``max_length`` characters."""
    return text if len(text) <= max_length else text[: max_length - 1] + "…"


def _plain(text):
    return " ".join(text.split()).casefold()


def _in(unit):
    return f" in {unit}" if unit else ""


def _a_number(unit):
    return f"a single number{_in(unit)}"


def _as_float(answer):
    """The answer as a float, infinite where a float cannot hold it, or None where it is no number."""
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer[()]
    if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, numbers.Real):
        return None
    try:
        return float(answer)
    except OverflowError:
        return math.inf if answer > 0 else -math.inf


def _as_array(answer):
    try:
        found = np.asarray(answer)
    except (TypeError, ValueError):  # rows of different lengths
        return None
    return found if found.dtype.kind in "buifc" else None


def _not_finite(value):
    if math.isnan(value):
        return "The answer is NaN, not a number: the logarithm of a negative number, perhaps, or 0/0."
    return "The answer is infinite: a division by zero, perhaps, or the logarithm of 0."
