"""Blanks, checks, hints, solutions and progress; and every exercise that a lesson declares, three ways."""

import builtins
import copy
import json
import math
import operator
import os
import pickle
import subprocess
import sys
import textwrap
import time
import weakref

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import setilearn.course
from setilearn.course import (
    Status,
    ____,
    answer_or_reference,
    card,
    check,
    export_progress,
    hint,
    limits,
    logbook,
    progress,
    restore_progress,
    solution,
    verdict,
)
from setilearn.course import cards as commands
from setilearn.course.answers import array, choice, describe, function, integer, number, truth
from setilearn.course.blank import contains_blank
from setilearn.course.exercise import Exercise, find_exercise, lesson_numbers, load_lesson
from setilearn.course.mishaps import watch_cells
from setilearn.course.numbering import todays_id
from setilearn.errors import ExerciseError, ProgressError

LESSON_97 = '''
"""A lesson that only the tests know."""

import numpy as np

from setilearn.course.answers import array, choice, integer, number
from setilearn.course.exercise import Exercise

TITLE = "Tests & <trials>"
CALLS = []


def work_out():
    CALLS.append("once")
    return 8419.5


def own_check(answer, reference):
    CALLS.append("judged")
    return None if answer(2) == reference else f"answer(2) gives {answer(2)}"


EXERCISES = [
    Exercise(
        id="L97-1",
        title="Frequency <of> a channel",
        reference=work_out,
        check=number(unit="MHz", rel_tol=1e-6),
        mistakes=[
            (lambda reference: reference + 1, "You took the <first> channel, not `n_chan`."),
            (0.0, "Nothing was added."),
        ],
        hints=["Hint <one>.", "Hint two.", "Hint three."],
        solution="""
            frequency_mhz = 8000 + 419.5
            assert 1 < 2
        """,
    ),
    Exercise(
        id="L97-2",
        title="Values",
        reference=lambda: np.arange(3.0),
        check=array(),
        solution="values = range(3)",
    ),
    Exercise(id="L97-3", title="Double", reference=4, check=own_check, solution="..."),
]
'''

# Real lessons only: collected before any test puts lesson 97 beside them.
DECLARED = [exercise for number in lesson_numbers() for exercise in load_lesson(number).exercises.values()]


@pytest.fixture(scope="module")
def lesson_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lesson")
    (folder / "lesson_97.py").write_text(LESSON_97, encoding="utf-8")
    return str(folder)


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """No progress, no hint shown, not strict: as for a student who begins."""
    monkeypatch.setenv("SETILEARN_PROGRESS", str(tmp_path / "kept" / "progress.jsonl"))
    monkeypatch.delenv("SETILEARN_STRICT", raising=False)
    monkeypatch.setattr(logbook, "_unsaved", {})
    monkeypatch.setattr(commands, "_hints_shown", {})


@pytest.fixture
def lesson_97(monkeypatch, lesson_folder):
    """Lesson 97, as if it stood in the package, and alone there."""
    monkeypatch.setattr(setilearn.course, "__path__", [lesson_folder])
    yield lambda: sys.modules["setilearn.course.lesson_97"]
    sys.modules.pop("setilearn.course.lesson_97", None)


@pytest.fixture
def shown(monkeypatch):
    """What is shown, as a list of (HTML, text)."""
    cards = []
    for module in (commands, card):
        monkeypatch.setattr(module, "show", lambda html_text, text: cards.append((html_text, text)))
    return cards


# The blank

OTHERS = [
    *(2, 2.5, 2j, math.nan, np.float32(2), np.int64(3), np.bool_(True)),
    *(np.arange(6.0).reshape(2, 3), np.array([True, False]), np.array(["a"]), np.array([1, None])),
    *(pd.Series([1.0, 2.0]), pd.DataFrame({"snr": [1.0, 2.0]}), pd.Index([1, 2])),
    *(pd.Timestamp("2020-07-16"), pd.Timedelta("1s")),
]
OPERATORS = [
    *(operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod),
    *(operator.pow, operator.matmul, operator.and_, operator.or_, operator.xor),
    *(operator.lshift, operator.rshift),
    *(operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge),
]
FUNCTIONS = [
    *(operator.neg, operator.pos, operator.abs, operator.invert, round, math.floor, math.ceil, math.trunc),
    *(sum, max, min, copy.copy, copy.deepcopy),
    *(np.log10, np.abs, np.isnan, np.mean, np.median, np.argmax, np.sort, np.sum, np.shape, np.diff),
    lambda x: np.add.reduce(x),
    lambda x: np.concatenate([x, np.ones(2)]),
    lambda x: np.where(x, np.ones(2), 0),
    lambda x: np.linspace(0, x, 5),
    lambda x: np.modf(x)[1],
    lambda x: divmod(x, 2)[0],
    lambda x: divmod(2, x)[1],
    lambda x: round(x, 3),
    lambda x: x.header.foff_hz,
    lambda x: x.mean(axis=0),
    lambda x: x(1, key=2),
    lambda x: x[0, 1:3, ...],
    lambda x: next(y for y in x),
    lambda x: pickle.loads(pickle.dumps(x)),
]


def operations():
    """Every function of a blank, and every operator with a blank on either side, as (name, function)."""
    yield from ((f"function {k}", function) for k, function in enumerate(FUNCTIONS))
    for operation in OPERATORS:
        for k, other in enumerate(OTHERS):
            yield f"blank {operation.__name__} {k}", lambda x, f=operation, y=other: f(x, y)
            # pandas takes what stands right of its @ for an array, whatever that claims to be
            if not (operation is operator.matmul and isinstance(other, (pd.Series, pd.DataFrame))):
                yield f"{k} {operation.__name__} blank", lambda x, f=operation, y=other: f(y, x)


OPERATIONS = dict(operations())


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_on_a_blank_gives_a_blank(name):
    assert OPERATIONS[name](____) is ____


@given(
    st.recursive(
        st.just(____),
        lambda inner: st.one_of(
            st.builds(lambda name, x: OPERATIONS[name](x), st.sampled_from(list(OPERATIONS)), inner),
            st.builds(lambda f, x, y: f(x, y), st.sampled_from(OPERATORS), inner, inner),
        ),
    )
)
@settings(deadline=None)
def test_any_expression_with_a_blank_is_a_blank(value):
    assert value is ____


# not with a pandas object on the left: pandas fails there on any operand that claims priority
@pytest.mark.parametrize("start", [lambda: 2, lambda: 2.0, lambda: np.arange(3.0), lambda: ____])
def test_a_blank_taken_in_place_gives_a_blank(start):
    added = scaled = start()
    added += ____
    scaled *= ____
    assert added is ____
    assert scaled is ____


def test_a_blank_is_false_prints_itself_and_formats():
    assert not ____
    assert repr(____) == str(____) == f"{____:.3f}" == f"{____:>8d}" == "____"
    assert 3 not in ____


def test_a_blank_may_be_assigned_to_and_entered():
    ____.title = "x"
    ____["key"] = 1
    with ____ as entered:
        assert entered is ____
    assert ____.title is ____


def test_a_blank_survives_copies_and_pickles_in_a_container():
    kept = {"a": [____, (1, ____)]}
    for again in (copy.deepcopy(kept), *(pickle.loads(pickle.dumps(kept, level)) for level in range(6))):
        assert again["a"][0] is ____
        assert again["a"][1][1] is ____
    assert len({____, copy.copy(____)}) == 1


@pytest.mark.parametrize(
    "use", [float, int, complex, len, range, math.sqrt, np.zeros, [1, 2].__getitem__, "abc".__getitem__]
)
def test_what_cannot_be_swallowed_says_that_a_blank_is_there(use):
    with pytest.raises(TypeError, match="blank ____ is still here"):
        use(____)


def test_a_notebook_shows_a_blank_as_text_alone():
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(____)
    assert data == {"text/plain": "____"}


@pytest.mark.parametrize(
    "probe", ["_repr_html_", "_ipython_display_", "__array__", "__array_interface__", "_x"]
)
def test_a_blank_answers_no_to_probes(probe):
    assert not hasattr(____, probe)


def blank_inside():
    looped = [1]
    looped.append(looped)
    looped.append(____)
    return {
        "itself": ____,
        "list": [1, [2, (3, ____)]],
        "key": {____: 1},
        "value": {"a": {"b": [____]}},
        "array": np.array([1.0, ____]),
        "array in a list": [np.array([[____, 2]], dtype=object)],
        "text": f"{____:.2f} MHz",
        "array of texts": np.array(["a", "____"]),
        "series": pd.Series([1.0, ____]),
        "frame": [pd.DataFrame({"a": [1, 2], "b": [____, "x"]})],
        "function": lambda channel: channel * ____,
        "function in a function": lambda: [(lambda y: y + ____)(x) for x in (1, 2)],
        "list that holds itself": looped,
        "after many": [*range(50_000), ____],
    }


@pytest.mark.parametrize("answer", blank_inside().values(), ids=blank_inside())
def test_a_blank_inside_an_answer_is_found(answer):
    assert contains_blank(answer)


@pytest.mark.parametrize(
    "answer", [None, 0, "", "a_b", [], {}, np.zeros(3), pd.Series([1.0]), len, lambda x: x, [[1], ["__"]]]
)
def test_no_blank_where_there_is_none(answer):
    assert not contains_blank(answer)


# How answers are compared. The reference is 200 MHz, or as given.


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (200.2, None),  # 0.1 % of 200 is 0.2
        (np.float32(199.9), None),
        (np.array(200.0), None),
        (200, None),
        (200.21, "Too high, by less than 1 %."),
        (197.9, "Too low, by less than 10 %."),  # 200 / 197.9 = 1.0106
        (380.0, "Too high, by less than a factor of 2."),
        (29.0, "Too low, by less than a factor of 10."),
        (1.7, "Too low, by more than a factor of 10."),
        (2e8, "Too large by a factor of 10^6. Check the units: the answer is wanted in MHz."),
        (0.2, "Too small by a factor of 10^3. Check the units: the answer is wanted in MHz."),
        (-200.0, "The sign is wrong; the size is right."),
        (-3.0, "The sign is wrong, and the size too."),
        (0, "Too low."),
        (10**400, "The answer is infinite"),
        (math.nan, "The answer is NaN"),
        (-math.inf, "The answer is infinite"),
        (1e-320, "Too low, by more than a factor of 10."),
        (True, "Expected a single number in MHz, found True."),
        ("200", 'Expected a single number in MHz, found the text "200".'),
        (None, "Expected a single number in MHz, found None"),
        (200 + 0j, "Expected a single number in MHz, found (200+0j)."),
        ([200], "Expected a single number in MHz, found a list of 1 items."),
        (np.array([200.0]), "Expected a single number in MHz, found an array of shape (1,)."),
        (math.sqrt, "Expected a single number in MHz, found a function (was it called"),
    ],
)
def test_number(answer, said):
    assert_said(number(unit="MHz")(answer, 200.0), said)


@pytest.mark.parametrize(
    ("answer", "reference", "said"),
    [
        (-0.4, -0.3, "Too low, by less than a factor of 2."),
        (-0.2, -0.3, "Too high, by less than a factor of 2."),
        (0.04, 0.0, None),
        (0.06, 0.0, "Too high."),
        (-0.06, 0.0, "Too low."),
    ],
)
def test_number_of_either_sign_and_zero(answer, reference, said):
    assert_said(number(abs_tol=0.05)(answer, reference), said)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_a_wrong_number_is_said_to_be_too_high_only_where_it_is(answer, reference):
    said = number()(answer, reference)
    if said is None:
        # 1 in 10^9 for the rounding of the tolerance itself
        assert abs(answer - reference) <= 1.000000001e-3 * abs(reference)
    else:
        assert "high" not in said or answer > reference
        assert "low" not in said or answer < reference


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (64, None),
        (64.0, None),
        (np.uint8(64), None),
        (65, "Too high by one."),
        (63, "Too low by one."),
        (64.5, "Expected a whole number, found 64.5."),
        (62, "Too low, by less than 10 %."),
        (-64, "The sign is wrong; the size is right."),
        (10**400, "The answer is infinite"),
        (math.nan, "The answer is NaN"),
        ("64", 'Expected a whole number, found the text "64".'),
        (True, "Expected a whole number, found True."),
    ],
)
def test_integer(answer, said):
    assert_said(integer()(answer, 64), said)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("high time", None),
        ("  High   TIME ", None),
        ("medium", 'It is not "medium".'),
        ("low", 'Expected one of "high time", "medium", found the text "low".'),
        (1, 'Expected one of "high time", "medium", found 1.'),
    ],
)
def test_choice(answer, said):
    assert_said(choice("high time", "medium")(answer, "high time"), said)


GRID = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (GRID, None),
        (GRID.tolist(), None),
        (GRID.astype("uint8"), None),
        (GRID * 1.000009, None),  # within 1e-5
        (GRID.T, "Expected the shape (2, 3), found the shape (3, 2): are the axes swapped?"),
        (GRID[0], "Expected the shape (2, 3), found the shape (3,)."),
        (7.0, "Expected the shape (2, 3), found the shape ()."),
        (GRID[::-1], "The values are right, but in reverse order along axis 0."),
        (GRID[:, ::-1], "The values are right, but in reverse order along axis 1."),
        (-GRID, "Every value has the wrong sign; the sizes are right."),
        (np.where(GRID == 8, np.nan, GRID), "1 of 6 values are NaN, not a number."),
        (
            np.where(GRID > 10, 0, GRID),
            "2 of 6 values are not right, the first at index (1, 1): 0.0 is not right there.",
        ),
        ([[1, 2], [3]], "Expected an array of real numbers in dB, found a list of 2 items."),
        (GRID + 0j, "Expected real numbers in dB, found complex ones: np.abs or .real makes them real."),
        (["a"], "Expected an array of real numbers in dB, found a list of 1 items."),
        (None, "Expected an array of real numbers in dB, found None"),
    ],
)
def test_array(answer, said):
    assert_said(array(unit="dB")(answer, GRID), said)


def test_array_of_booleans_of_nan_and_of_complex_numbers():
    mask = np.array([True, False, True])
    assert array()(mask, mask) is None
    assert_said(
        array()(np.array([True, True, True]), mask), "1 of 3 values are not right, the first at index 1"
    )
    assert array()([1.0, math.nan], np.array([1.0, math.nan])) is None
    assert array()([1 + 2j], np.array([1 + 2j])) is None
    assert_said(array()([1 + 2j], np.array([1 - 2j])), "1 of 1 values are not right")
    assert array()([], np.array([])) is None


def assert_said(message, said):
    if said is None:
        assert message is None
    else:
        assert message.startswith(said)


def test_describe_shortens_and_never_asks_for_a_repr():
    class Loud:
        def __repr__(self):
            raise AssertionError("repr was asked for")

    assert describe(Loud()) == "an object of type Loud"
    assert describe([Loud()] * 3) == "a list of 3 items"
    assert describe("x" * 10**6) == f'the text "{"x" * 39}…"'
    assert describe(7**10_000) == "a very large whole number"


# The verdict


class Hostile:
    """Raises whatever it is asked."""

    def __getattribute__(self, name):
        raise RuntimeError("hands off")

    def __eq__(self, other):
        raise RuntimeError("hands off")

    __hash__ = None
    __repr__ = __str__ = __len__ = __iter__ = __array__ = __float__ = __bool__ = __eq__


class HostileList(list):
    def __iter__(self):
        raise SystemError(Hostile())


class HostileFloat(float):
    __float__ = __eq__ = __sub__ = __abs__ = Hostile.__eq__
    __hash__ = None


def nested(depth):
    answer = []
    for _ in range(depth):
        answer = [answer]
    return answer


def array_of(item):
    answer = np.empty(2, dtype=object)
    answer[0] = item
    return answer


HOSTILE = {
    "object": Hostile,
    "list": lambda: HostileList([1]),
    "float": lambda: HostileFloat(1),
    "class": lambda: Hostile,
    "in a list": lambda: [Hostile(), {"a": Hostile()}],
    "in an array": lambda: array_of(Hostile()),
    "deep": lambda: nested(50_000),
    "large": lambda: np.broadcast_to(np.float32(0), (10**6, 10**6)),
    "named so": lambda: type("<script>" * 50, (), {})(),
    "generator": lambda: (x for x in ()),
    "says much": lambda: lambda x: "spam" * 100_000,
}


@pytest.mark.parametrize("exercise_id", ["L97-1", "L97-2", "L97-3"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_no_answer_makes_a_check_raise(lesson_97, shown, exercise_id, kind):
    assert check(exercise_id, HOSTILE[kind]()) is None
    [(html_text, text)] = shown
    assert "not yet right" in text
    assert len(text) < 1500
    assert "<script" not in html_text


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)


@given(answer=ANYTHING)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
def test_verdict_judges_any_answer(lesson_97, answer):
    for exercise_id in ("L97-1", "L97-2", "L97-3"):
        judged = verdict(exercise_id, answer)
        assert isinstance(judged.status, Status)
        assert judged.message


def test_verdict_tells_the_three_statuses_apart(lesson_97):
    assert verdict("L97-1", ____).status is Status.UNATTEMPTED
    assert verdict("L97-1", [1, ____]).status is Status.UNATTEMPTED
    assert verdict("L97-1", 8419.5).status is Status.PASSED
    assert verdict("L97-1", 8419.6).status is Status.FAILED


FREQUENCIES = [8419.274374, 8419.297028, 8419.319368]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda x: 2 * x, "Too large by a factor of 2:"),
        (lambda x: x / 2, "Too small by a factor of 2:"),
        (lambda x: x * math.pi, "Too large by a factor of pi:"),
        (lambda x: x / (2 * math.pi), "Too small by a factor of 2 pi:"),
        (lambda x: x * 60, "Too large by a factor of 60:"),
        (lambda x: x / 3600, "Too small by a factor of 3600:"),
        (lambda x: x * 86_400, "Too large by a factor of 86,400:"),
        (lambda x: x * 1000, "Too large by a factor of 10^3."),
        (lambda x: x / 1e6, "Too small by a factor of 10^6."),
        (lambda x: 1 / x, "Upside down:"),
        (lambda x: -x, "The sign is wrong; the size is right."),
        (lambda x: x * x, "That is the square of the answer"),
        (math.sqrt, "That is the root of the answer"),
    ],
)
@given(reference=st.floats(2.1, 1e5).filter(lambda x: abs(math.log10(x) % 1 - 0.5) < 0.4))
def test_a_usual_slip_is_named_for_any_number(reference, wrong, said):
    found = number(rel_tol=1e-3)(wrong(reference), reference)
    # One slip may be another as well: the root of 4 is its half.
    assert found.startswith(said) or "factor of" in found or "Upside" in found or "the root" in found


def test_no_slip_is_named_where_there_is_none():
    for ratio in (1.3, 0.7, 2.5, 17.0, 0.033):
        said = number()(ratio * 8419.3, 8419.3)
        assert said.startswith(("Too high, by", "Too low, by"))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([FREQUENCIES[k] for k in (1, 0, 2)], "The numbers are right, but in another order."),
        (FREQUENCIES[::-1], "The values are right, but in reverse order along axis 0."),
        ([2 * x for x in FREQUENCIES], "All values alike: Too large by a factor of 2:"),
        ([1e6 * x for x in FREQUENCIES], "All values alike: Too large by a factor of 10^6."),
    ],
)
def test_slips_of_lists(answer, said):
    assert array(rel_tol=1e-9)(answer, FREQUENCIES).startswith(said)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (True, None),
        (np.True_, None),
        (1, None),
        (False, "It is not False."),
        (0, "It is not False."),
        (2, "Expected True or False, found 2."),
        (1.0, "Expected True or False, found 1.0."),
        (None, "Expected True or False, found None"),
        ([True], "Expected True or False, found a list of 1 items."),
        (np.array([True, False]), "Expected True or False, found an array of shape (2,)."),
    ],
)
def test_true_or_false(answer, said):
    found = truth()(answer, True)
    assert found == said if said is None else found.startswith(said)


def test_a_function_is_shown_cases_of_lists_in_lists_and_must_leave_them_alone():
    case = ([(0.0, np.array([1.0, 2.0])), (3.0, np.array([]))],)
    check = function(case, compare=number())
    assert check(lambda scans: 5, lambda scans: 2).startswith("For ([[0., [1., 2.]], [3., []]]): Too high")

    def emptied(scans):
        scans.clear()
        return 2

    assert "work on a copy" in check(emptied, lambda scans: 2)


def test_a_square_turned_over_its_diagonal():
    square = np.arange(9.0).reshape(3, 3)
    assert array()(square.T, square) == "The values are right, but the axes are swapped."


# What a student's function may do


def hostile_loop(x):
    while True:
        pass


def hostile_exit(x):
    raise SystemExit(0)


def hostile_print(x):
    while True:
        print("again")


def hostile_swallower(x):
    for _ in range(10**9):
        try:
            while True:
                pass
        except Exception:
            pass


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (hostile_loop, "it takes more than 0.2 s: is there a loop without end?"),
        (hostile_swallower, "it takes more than 0.2 s: is there a loop without end?"),
        (hostile_exit, "it ends Python: take out exit"),
        (hostile_print, "it prints more than 20,000 characters"),
        (lambda x: 1 / 0, "it stops: ZeroDivisionError"),
        (lambda x: None, "it gives nothing back: is there a `return`?"),
        (lambda: 3, "it stops: TypeError"),
        (lambda x: x + 1, "Too high, by"),
        (3, "Expected a function, found 3."),
    ],
)
def test_a_function_that_does_harm_is_stopped_and_the_case_is_shown(monkeypatch, capsys, answer, said):
    monkeypatch.setattr(limits, "MOST_SECONDS", 0.2)
    began = time.monotonic()
    found = function((2.0,), (3.0,), compare=number())(answer, lambda x: x)
    assert found == "Expected a function, found 3." or found.startswith(("For (2. )", "For (2.)"))
    assert said in found
    assert time.monotonic() - began < 5
    assert capsys.readouterr().out == ""


def test_a_function_without_an_end_takes_its_time_once(monkeypatch):
    """However many mistakes it is compared with."""
    monkeypatch.setattr(limits, "MOST_SECONDS", 0.2)
    calls = []

    def loops(spectrum):
        calls.append(1)
        while True:
            pass

    (exercise,) = [each for each in load_lesson("04").exercises.values() if each.id == "L04-1"]
    assert len(exercise.mistakes) >= 5
    assert "loop without end" in verdict("L04-1", loops).message
    assert len(calls) == 1
    # Judged anew it is run anew.
    verdict("L04-1", lambda values: 1.0)
    assert "loop without end" in verdict("L04-1", loops).message
    assert len(calls) == 2


def test_what_a_right_function_prints_is_not_shown(capsys):
    def chatty(x):
        print("working")
        return x

    assert function((2.0,))(chatty, lambda x: x) is None
    assert capsys.readouterr().out == ""


def test_a_mistake_is_named_before_the_general_message(lesson_97):
    assert verdict("L97-1", 8420.5).message == "You took the <first> channel, not `n_chan`."
    assert verdict("L97-1", 0).message == "Nothing was added."
    assert verdict("L97-1", 8421.5).message == "Too high, by less than 10 MHz."


def test_an_exercise_may_have_a_check_of_its_own(lesson_97):
    assert verdict("L97-3", lambda x: 2 * x).status is Status.PASSED
    assert verdict("L97-3", lambda x: x + 3).message == "answer(2) gives 5"
    assert verdict("L97-3", lambda x: x + ____).status is Status.UNATTEMPTED
    assert "TypeError" in verdict("L97-3", 4).message


def test_the_reference_is_worked_out_once_and_only_when_needed(lesson_97):
    verdict("L97-1", ____)
    assert lesson_97().CALLS == []
    verdict("L97-1", 1)
    verdict("L97-1", 2)
    assert lesson_97().CALLS == ["once"]


def test_the_same_answer_is_judged_once(lesson_97, shown):
    def double(x):
        return 2 * x

    check("L97-3", double)
    assert answer_or_reference("L97-3", double) is double
    assert lesson_97().CALLS == ["judged"]
    check("L97-3", lambda x: x)
    assert answer_or_reference("L97-3", double) is double
    assert lesson_97().CALLS == ["judged"] * 3


@pytest.mark.parametrize("make", [lambda: [0.0, 1.0, 2.0], lambda: np.arange(3.0)], ids=["list", "array"])
def test_an_answer_that_was_changed_is_judged_anew(lesson_97, make):
    values = make()
    assert verdict("L97-2", values).status is Status.PASSED
    values[1] = 5.0
    assert verdict("L97-2", values).status is Status.FAILED
    values[1] = 1.0
    assert verdict("L97-2", values).status is Status.PASSED


def test_what_cannot_be_sealed_is_judged_each_time(lesson_97):
    class Odd:
        def __reduce__(self):
            raise SystemExit

        def __call__(self, x):
            return 2 * x

    assert verdict("L97-3", Odd()).status is Status.PASSED
    odd = Odd()
    del Odd.__call__
    for _ in range(2):
        assert verdict("L97-3", odd).status is Status.FAILED
    assert lesson_97().CALLS == ["judged"] * 3


def test_an_answer_cannot_end_python(lesson_97, shown):
    def leave(x):
        raise SystemExit

    check("L97-3", leave)
    assert "could not be checked (SystemExit" in shown[0][1]


def test_a_large_answer_is_not_kept_alive(lesson_97):
    values = np.arange(3.0)
    gone = weakref.ref(values)
    verdict("L97-2", values)
    del values
    assert gone() is None


@pytest.mark.parametrize(
    ("exercise_id", "said"),
    [
        ("L97-9", r'no exercise "L97-9". Did you mean L97-\d'),
        ("l97-2", r"Did you mean L97-2"),
        ("L97-1 ", "Did you mean L97-1"),
        ("L42-1", 'no exercise "L42-1"'),
        ("spam" * 1000, r'no exercise "spamspam[spam]*…"\.$'),
        (____, "Expected the id of an exercise first, such as"),
        (7, "found 7"),
        (nested(9), "found a list of 1 items"),
    ],
)
def test_an_unknown_exercise_is_told_with_what_comes_close(lesson_97, shown, exercise_id, said):
    with pytest.raises(ExerciseError, match=said) as told:
        verdict(exercise_id, 1)
    for command in (hint, solution, lambda key: check(key, 1)):
        command(exercise_id)
    assert [text for _, text in shown] == [f"No such exercise\n{told.value}"] * 3


@pytest.mark.parametrize("ids", [["L96-1", "L96-1"], ["L95-1"]])
def test_a_lesson_with_a_wrong_or_doubled_id_is_refused(monkeypatch, ids):
    def exercise(key):
        return Exercise(id=key, title="", reference=1, check=integer(), solution="")

    module = type(sys)("setilearn.course.lesson_96")
    module.TITLE, module.EXERCISES = "", [exercise(key) for key in ids]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with pytest.raises(ExerciseError, match=r"lesson 96: expected ids L96-1, .* found L9"):
        load_lesson("96")
    with pytest.raises(ExerciseError, match="expected the form 'L05-2', found 'L5-2'"):
        exercise("L5-2")


# What the student calls


def test_check_shows_text_escaped_and_code_marked(lesson_97, shown):
    check("L97-1", 8420.5)
    [(html_text, text)] = shown
    assert text == (
        "✘ L97-1 · Frequency <of> a channel: not yet right\nYou took the <first> channel, not `n_chan`."
    )
    assert "Frequency &lt;of&gt; a channel" in html_text
    assert "You took the &lt;first&gt; channel, not <code>n_chan</code>." in html_text


def test_check_shows_passed_and_not_yet_attempted(lesson_97, shown):
    assert check("L97-1", ____) is None
    assert check("L97-1", 8419.5) is None
    headings = [text.splitlines()[0] for _, text in shown]
    assert headings == [
        "○ L97-1 · Frequency <of> a channel: not yet attempted",
        "✔ L97-1 · Frequency <of> a channel: passed",
    ]


@pytest.mark.parametrize(
    ("exercise_id", "answer", "said"),
    [
        ("L97-1", ____, "not yet attempted"),
        ("L97-1", 0.0, "Nothing was added"),
        ("L97-9", 1, "no exercise"),
    ],
)
def test_in_strict_mode_a_check_that_does_not_pass_raises(
    lesson_97, shown, monkeypatch, exercise_id, answer, said
):
    monkeypatch.setenv("SETILEARN_STRICT", "1")
    check("L97-1", 8419.5)
    with pytest.raises(AssertionError, match=said):
        check(exercise_id, answer)
    assert len(shown) == 2


def test_outside_a_notebook_the_card_is_printed(lesson_97, capsys):
    check("L97-2", [0, 1, 2])
    assert capsys.readouterr().out == "✔ L97-2 · Values: passed\nThat is right.\n"


def test_a_terminal_without_the_symbols_is_no_obstacle(lesson_folder):
    code = (
        "import setilearn.course as course\n"
        f"course.__path__.append({lesson_folder!r})\n"
        "course.check('L97-2', [0, 1, 2])"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert done.stdout.decode("ascii").startswith("? L97-2 ? Values: passed")


def test_in_a_notebook_the_card_is_displayed_as_html_and_text(lesson_97, monkeypatch):
    # IPython leaves this name behind, and other packages take it for a running notebook.
    monkeypatch.setattr("builtins.__IPYTHON__", True, raising=False)
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    InteractiveShell.instance(history_load_length=0)
    try:
        with capture_output() as captured:
            check("L97-2", [0, 1, 2])
    finally:
        InteractiveShell.clear_instance()
    [output] = captured.outputs
    assert set(output.data) == {"text/html", "text/plain"}
    assert output.data["text/plain"] == "✔ L97-2 · Values: passed\nThat is right."
    assert captured.stdout == ""


def test_hints_come_one_after_another(lesson_97, shown):
    for _ in range(4):
        hint("L97-1")
    assert [text.splitlines()[1:-1] for _, text in shown] == [
        ["Hint <one>."],
        ["Hint <one>.", "Hint two."],
        ["Hint <one>.", "Hint two.", "Hint three."],
        ["Hint <one>.", "Hint two.", "Hint three."],
    ]
    assert 'hint("L97-1")' in shown[1][1]
    assert 'solution("L97-1")' in shown[2][1]
    assert "Hint &lt;one&gt;." in shown[0][0]


def test_solution_shows_the_code(lesson_97, shown):
    solution("L97-1")
    [(html_text, text)] = shown
    assert text.splitlines()[1:] == ["frequency_mhz = 8000 + 419.5", "assert 1 < 2"]
    assert "assert 1 &lt; 2</code></pre>" in html_text


def test_a_right_answer_is_gone_on_with(lesson_97, shown):
    mine = [0, 1, 2]
    assert answer_or_reference("L97-2", mine) is mine
    assert shown == []


@pytest.mark.parametrize("answer", [lambda: ____, lambda: [0, 1, 3], lambda: None, Hostile])
def test_any_other_answer_gives_way_to_the_reference_with_a_note(lesson_97, shown, answer):
    given = answer_or_reference("L97-2", answer())
    np.testing.assert_array_equal(given, [0, 1, 2])
    assert "goes on with the reference answer" in shown[0][1]
    given[:] = 99  # must not spoil the reference
    np.testing.assert_array_equal(answer_or_reference("L97-2", ____), [0, 1, 2])


def test_there_is_no_reference_for_an_unknown_exercise(lesson_97):
    with pytest.raises(ExerciseError, match="L97-8"):
        answer_or_reference("L97-8", 1)


# Progress


def lines_kept():
    return [json.loads(line) for line in logbook.progress_path().read_text().splitlines() if line]


def todays(exercise_id, status):
    return {"numbering": 3, "id": exercise_id, "status": status}


def test_only_what_changes_something_is_written(lesson_97, shown):
    for answer in (____, 1, 2, ____, 8419.5, 1, ____, 8419.5):
        check("L97-1", answer)
    assert lines_kept() == [todays("L97-1", "attempted"), todays("L97-1", "passed")]
    assert logbook.read_marks() == {"L97-1": "passed"}


def test_a_blank_alone_leaves_no_file(lesson_97, shown):
    check("L97-1", ____)
    assert not logbook.progress_path().exists()


DAMAGED = [
    *("", "{", "null", "7", '"text"', "[]", "{}", '["exercise", "status"]', "[" * 100_000, "\x00\x00"),
    *('{"exercise": "L01-1"}', '{"exercise": 1, "status": "passed"}', '{"exercise": [], "status": "passed"}'),
    *('{"exercise": "x", "status": "passed"}', '{"exercise": "L01-1", "status": []}'),
    *('{"exercise": "L01-1", "status": "won"}', '{"exercise": "L01-1", "status": null}'),
    *('{"numbering": 2, "exercise": "L01-1", "status": "passed"}', '{"id": "L01-1", "status": "passed"}'),
    *(
        '{"numbering": 2, "id": "L01-1"}',
        '{"numbering": 2, "id": [], "status": "passed"}',
        '{"numbering": 2}',
    ),
    *('{"numbering": 2, "id": "x", "status": "passed"}', '{"numbering": 2, "id": "L01-1", "status": "won"}'),
    *(
        f'{{"numbering": {n}, "id": "L01-1", "status": "passed"}}'
        for n in ("4", "0", "null", "[]", '"2"', "NaN")
    ),
    '{"exercise": "L01-1", "status": "pas',
]


def write_lines(*lines):
    path = logbook.progress_path()
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    "good", ['{"exercise": "L01-2", "status": "passed"}', json.dumps(todays("L01-2", "passed"))]
)
def test_damaged_lines_cost_themselves_alone(good):
    write_lines(*DAMAGED, good, *DAMAGED)
    assert logbook.read_marks() == {"L01-2": "passed"}
    # the last line was cut off: what is recorded next must not be glued to it
    assert logbook.record({"L01-3": "attempted"}) is None
    assert logbook.read_marks() == {"L01-2": "passed", "L01-3": "attempted"}


@given(junk=st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_file_of_anything_neither_raises_nor_spoils_what_follows(junk):
    path = logbook.progress_path()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(junk)
    assert logbook.record({"L01-3": "attempted"}) is None
    assert logbook.read_marks() == {"L01-3": "attempted"}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([1, 2, "L01-1", "passed"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)
RECORDS = st.dictionaries(st.sampled_from(["numbering", "exercise", "id", "status"]), JSON_VALUES)


@given(records=st.lists(RECORDS | JSON_VALUES, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_records_of_anything_neither_raise_nor_spoil_what_follows(records):
    write_lines(*map(json.dumps, records))
    assert logbook.record({"L01-3": "attempted"}) is None
    marks = logbook.read_marks()
    assert marks["L01-3"] == "attempted"
    assert set(marks) <= {"L01-1", "L01-3"}


def test_progress_written_from_two_notebooks_is_all_there():
    code = textwrap.dedent(
        """
        import sys
        from setilearn.course import logbook
        for k in range(1, 100):
            logbook.record({f"L{sys.argv[1]}-{k}": "attempted"})
            logbook.record({f"L{sys.argv[1]}-{k}": "passed"})
        """
    )
    running = [subprocess.Popen([sys.executable, "-c", code, lesson]) for lesson in ("01", "02")]
    assert [process.wait() for process in running] == [0, 0]
    assert len(lines_kept()) == 2 * 2 * 99
    marks = logbook.read_marks()
    assert marks == {f"L{lesson}-{k}": "passed" for lesson in ("01", "02") for k in range(1, 100)}


def unwritable(tmp_path, kind):
    path = tmp_path / "place"
    if kind == "a folder":
        path.mkdir()
    elif kind == "below a file":
        path.write_text("")
        path = path / "progress.jsonl"
    else:
        path = tmp_path / ("x" * 300)
    return path


@pytest.mark.parametrize("kind", ["a folder", "below a file", "too long a name"])
def test_where_nothing_can_be_written_progress_is_kept_in_memory(
    lesson_97, shown, monkeypatch, tmp_path, kind
):
    good_place = os.environ["SETILEARN_PROGRESS"]
    monkeypatch.setenv("SETILEARN_PROGRESS", str(unwritable(tmp_path, kind)))
    check("L97-1", 8419.5)
    assert "kept only until this notebook's kernel stops" in shown[0][1]
    assert logbook.read_marks() == {"L97-1": "passed"}
    progress()
    assert "1 of 3 exercises passed" in shown[-1][1]
    # and it is written as soon as that can be done
    monkeypatch.setenv("SETILEARN_PROGRESS", good_place)
    check("L97-2", 1)
    assert lines_kept() == [todays("L97-1", "passed"), todays("L97-2", "attempted")]


def test_a_full_disk_is_told(monkeypatch):
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, data: write(file, data[:9]))
        assert "the disk is full" in logbook.record({"L01-1": "passed"})
    assert logbook.read_marks() == {"L01-1": "passed"}
    # and the half of a record that is there now costs nothing later
    assert logbook.record({"L01-2": "passed"}) is None
    assert logbook.read_marks() == {"L01-1": "passed", "L01-2": "passed"}


def test_without_a_named_file_progress_lies_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("SETILEARN_PROGRESS")
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    path = logbook.progress_path()
    assert path.name == "progress.jsonl"
    assert path.parent.name == "setilearn"


def test_progress_card_counts_and_draws(lesson_97, shown):
    progress()
    check("L97-1", 8419.5)
    check("L97-2", "no")
    progress()
    assert shown[0][1].splitlines()[:2] == [
        "Your progress: 0 of 3 exercises passed",
        "○○○  97 Tests & <trials>: 0 of 3 passed",
    ]
    assert shown[-1][1].splitlines() == [
        "Your progress: 1 of 3 exercises passed",
        "●◐○  97 Tests & <trials>: 1 of 3 passed, 1 tried",
        "● passed · ◐ tried · ○ open",
    ]
    assert "97 Tests &amp; &lt;trials&gt;" in shown[-1][0]
    assert 'title="L97-1 Frequency &lt;of&gt; a channel">●' in shown[-1][0]


def test_progress_counts_known_exercises_alone(lesson_97, shown):
    logbook.record({"L97-9": "passed", "L42-1": "passed", "L97-2": "passed"})
    progress()
    assert "1 of 3 exercises passed" in shown[0][1]


def test_progress_is_exported_and_restored_elsewhere(shown, monkeypatch, tmp_path):
    logbook.record({"L01-1": "passed", "L01-2": "attempted"})
    export_progress(tmp_path / "mine.json")
    monkeypatch.setenv("SETILEARN_PROGRESS", str(tmp_path / "elsewhere.jsonl"))
    logbook.record({"L01-2": "passed", "L02-1": "attempted"})
    restore_progress(tmp_path / "mine.json")
    assert "further than before: 1." in shown[-1][1]
    assert logbook.read_marks() == {"L01-1": "passed", "L01-2": "passed", "L02-1": "attempted"}
    assert len(lines_kept()) == 3


MARKS = st.dictionaries(
    st.builds("L{:02d}-{}".format, st.integers(0, 20), st.integers(1, 9)),
    st.sampled_from(["attempted", "passed"]),
)


@given(here=MARKS, there=MARKS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
def test_restoring_keeps_the_best_of_both(tmp_path_factory, here, there):
    folder = tmp_path_factory.mktemp("progress")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SETILEARN_PROGRESS", str(folder / "there.jsonl"))
        logbook.record(there)
        logbook.export_marks(folder / "export.json")
        patch.setenv("SETILEARN_PROGRESS", str(folder / "here.jsonl"))
        logbook.record(here)
        logbook.restore_marks(folder / "export.json")
        # "passed" comes after "attempted" in the alphabet too
        best = {key: max(here.get(key, ""), there.get(key, "")) for key in here | there}
        assert logbook.read_marks() == best


def good_export(**changes):
    return json.dumps(
        {"format": "setilearn progress 2", "exercises": {"L01-1": "passed"}, **changes}
    ).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "found no such file"),
        (b"", "found something that is not JSON"),
        (b"\xff\xfe\x00", "found something that is not JSON"),
        (b"[" * 100_000, "found something that is not JSON"),
        (good_export()[:-5], "found something that is not JSON"),
        (b"[1, 2]", "found other JSON"),
        (good_export(format="other"), "found other JSON"),
        (good_export(format="setilearn progress 4"), "found other JSON"),
        (good_export(format=["setilearn progress 2"]), "found other JSON"),
        (good_export(format="setilearn progress 1", exercises={"L12-1": "won"}), "such as .* found"),
        (good_export(exercises=None), r'"exercises" such as \{"L01-2": "passed"\}, found null'),
        (good_export(exercises={"L01-1": "passed", "L01-2": "won"}), "such as .* found"),
        (good_export(exercises={"L01-1": "passed", "spam": "passed"}), "such as .* found"),
        (b" " * 2_000_000, "found 2000000 bytes"),
    ],
)
def test_a_file_that_is_no_export_is_refused_and_changes_nothing(tmp_path, content, said):
    logbook.record({"L02-1": "attempted"})
    path = tmp_path / "export.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ProgressError, match=f"export.json: expected a file written by .*{said}"):
        restore_progress(path)
    assert logbook.read_marks() == {"L02-1": "attempted"}


def test_a_folder_is_refused_both_ways(tmp_path):
    with pytest.raises(ProgressError, match="found something else"):
        restore_progress(tmp_path)
    with pytest.raises(ProgressError, match="cannot be written here"):
        export_progress(tmp_path)
    with pytest.raises(ProgressError, match="cannot be written here"):
        export_progress(tmp_path / "no such folder" / "mine.json")
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_fails_leaves_the_one_before(tmp_path, monkeypatch):
    path = tmp_path / "mine.json"
    path.write_text("before")
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "disk is full")))
    with pytest.raises(ProgressError, match="mine.json: .*disk is full"):
        export_progress(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


# Progress in the old numbering: there 11 was "Train a network", 12 "What is left over", 13 "Scaling out"


def of_old(exercise_id, status):
    return {"exercise": exercise_id, "status": status}


OLD_MARKS = {
    "L00-1": "passed",
    "L10-8": "attempted",
    "L11-4": "passed",
    "L12-1": "passed",
    "L12-6": "attempted",
    "L13-1": "attempted",
    "L13-6": "passed",
    # exercises that are no more
    "L13-2": "passed",
    "L13-7": "passed",
    # the old numbering had none of these
    "L11-8": "passed",
    "L12-7": "passed",
    "L13-8": "passed",
    "L14-2": "passed",
}
OLD_MARKS_TODAY = {
    "L00-1": "passed",
    "L10-8": "attempted",
    "L12-2": "passed",
    "L13-1": "passed",
    "L13-7": "attempted",
    "L14-1": "attempted",
    "L14-6": "passed",
}


def test_a_file_of_the_old_numbering_is_read_in_todays():
    write_lines(*(json.dumps(of_old(*mark)) for mark in OLD_MARKS.items()))
    assert logbook.read_marks() == OLD_MARKS_TODAY


def test_a_passed_exercise_of_the_old_numbering_is_not_passed_in_todays():
    write_lines(json.dumps(of_old("L12-1", "passed")))
    assert logbook.record({"L12-1": "attempted", "L13-1": "attempted"}) is None
    assert lines_kept() == [of_old("L12-1", "passed"), todays("L12-1", "attempted")]
    assert logbook.read_marks() == {"L12-1": "attempted", "L13-1": "passed"}


def test_an_older_version_may_write_to_the_same_file_by_turns():
    logbook.record({"L12-1": "attempted", "L13-1": "attempted"})
    # It takes any line with "exercise" and "status" for its own, and would then not write that mark again.
    assert not any("exercise" in record for record in lines_kept())
    with logbook.progress_path().open("a") as file:
        file.write("\n" + json.dumps(of_old("L12-1", "passed")))
    logbook.record({"L12-2": "passed"})
    assert logbook.read_marks() == {"L12-1": "attempted", "L12-2": "passed", "L13-1": "passed"}


def test_an_old_export_is_restored_and_a_second_time_changes_nothing(shown, tmp_path):
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"format": "setilearn progress 1", "exercises": OLD_MARKS}))
    logbook.record({"L12-1": "attempted", "L13-1": "passed"})
    restore_progress(path)
    assert "further than before: 6." in shown[-1][1]
    assert logbook.read_marks() == OLD_MARKS_TODAY | {"L12-1": "attempted"}
    n_lines = len(lines_kept())
    restore_progress(path)
    assert "further than before: 0." in shown[-1][1]
    assert len(lines_kept()) == n_lines


def test_an_export_says_that_it_is_in_todays_numbering(tmp_path):
    write_lines(json.dumps(of_old("L12-1", "passed")))
    export_progress(tmp_path / "mine.json")
    assert json.loads((tmp_path / "mine.json").read_text()) == {
        "format": "setilearn progress 3",
        "exercises": {"L13-1": "passed"},
    }


# By their titles in the history of the lessons: exercises that moved, stayed, and went.
@pytest.mark.parametrize(
    ("numbering", "old", "today"),
    [
        (2, "L01-4", "L01-5"),  # Which product is it?
        (2, "L02-6", "L02-7"),  # The acceleration behind the drift
        (2, "L03-3", "L03-4"),  # The weights of a polyphase filterbank
        (2, "L05-2", "L05-4"),  # Additions of the tree
        (2, "L08-5", "L08-6"),  # How many stars may still transmit
        (2, "L14-3", "L14-5"),  # From how many files on
        (2, "L11-5", "L11-5"),
        (2, "L03-8", None),  # What averaging leaves
        (1, "L13-3", "L14-5"),  # Scaling out, twice moved
        (1, "L12-6", "L13-7"),  # A number that only knows the time
        (1, "L01-4", "L01-5"),
    ],
)
def test_an_exercise_that_moved_keeps_its_mark(numbering, old, today):
    key = {1: "exercise", 2: "id"}[numbering]
    write_lines(json.dumps({"numbering": numbering, key: old, "status": "passed"}))
    assert logbook.read_marks() == ({today: "passed"} if today else {})


@pytest.mark.parametrize("numbering", [1, 2])
def test_no_two_old_exercises_have_become_one_and_each_is_still_there(numbering):
    old = [f"L{lesson:02d}-{k}" for lesson in range(15) for k in range(1, 12)]
    moved = [found for key in old if (found := todays_id(key, numbering)) not in (key, None)]
    assert len(set(moved)) == len(moved)
    assert set(moved) <= {exercise.id for exercise in DECLARED}


STATUSES = st.sampled_from(["attempted", "passed"])
IDS = st.builds("L{:02d}-{}".format, st.integers(0, 14), st.integers(1, 9))
RECORDS_OF_ALL = st.one_of(
    st.builds(of_old, IDS, STATUSES),
    st.builds(lambda key, status: {"numbering": 2, "id": key, "status": status}, IDS, STATUSES),
    st.builds(todays, IDS, STATUSES),
)


@given(records=st.lists(RECORDS_OF_ALL), data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_lines_of_all_numberings_mean_the_same_in_any_order(records, data):
    write_lines(*map(json.dumps, records))
    in_order = logbook.read_marks()
    write_lines(*map(json.dumps, data.draw(st.permutations(records))))
    assert logbook.read_marks() == in_order


# Every exercise that a lesson declares


@pytest.fixture(params=DECLARED, ids=lambda exercise: exercise.id)
def exercise(request):
    return request.param


def test_declared_blank_is_not_yet_attempted(exercise):
    assert verdict(exercise.id, ____).status is Status.UNATTEMPTED


def test_declared_reference_passes(exercise):
    assert find_exercise(exercise.id) is exercise
    judged = verdict(exercise.id, exercise.reference_value)
    assert judged.status is Status.PASSED, judged.message


def test_declared_mistakes_get_the_message_that_names_them(exercise):
    mistakes = list(exercise.mistaken_values())
    assert len(mistakes) >= 2, f"{exercise.id}: expected two mistakes or more, found {len(mistakes)}"
    assert len({message for _, message in mistakes}) == len(mistakes)
    for wrong, message in mistakes:
        judged = verdict(exercise.id, wrong)
        assert judged.status is Status.FAILED, f"{exercise.id}: {message!r}: the wrong answer passes"
        assert judged.message == message


def test_declared_exercises_have_a_title_hints_and_a_solution(exercise):
    assert exercise.title
    assert exercise.hints
    assert isinstance(exercise.hints, (list, tuple)), "a single text would be shown letter by letter"
    assert exercise.solution


# After an error


@pytest.fixture
def shell():
    from IPython.core.interactiveshell import InteractiveShell

    before = set(vars(builtins))
    yield InteractiveShell()
    # It leaves `__IPYTHON__` behind, by which astropy, and blimpy with it, would take this for a notebook.
    for name in set(vars(builtins)) - before:
        delattr(builtins, name)


@pytest.mark.parametrize(
    "cell",
    [
        'travelled_m = c * 3\ncheck("L00-1", travelled_m)',
        'travelled_m = 3 *\ncheck("L00-1", travelled_m)',
        'def travelled_m(x)\n    return x\n\n\ncheck("L00-1", travelled_m)',
    ],
    ids=["a name that is not there", "half a line", "no colon"],
)
def test_an_error_in_an_exercise_s_cell_is_the_only_one(shell, capsys, cell):
    watch_cells(shell)
    watch_cells(shell)
    shell.run_cell("from setilearn.course import answer_or_reference, check, ____")
    assert not shell.run_cell(cell).success
    assert shell.user_ns["travelled_m"] is ____
    assert shell.run_cell('answer_or_reference("L00-1", travelled_m)').success
    assert len(shell.events.callbacks["post_run_cell"]) == 1


def test_simulated_data_are_told_once_and_other_warnings_as_ever(shell, capsys, recwarn):
    watch_cells(shell)
    cell = """
import warnings
from setilearn.archive.fetch import DatasetWarning
with warnings.catch_warnings():
    warnings.simplefilter("always")
    for name in ("one", "two"):
        warnings.warn(DatasetWarning(f"{name} stands in", reason="no network"))
    warnings.warn("no checksum", DatasetWarning)
    warnings.warn("something else")
"""
    assert shell.run_cell(cell).success
    shown = capsys.readouterr().out
    assert "Simulated data" in shown
    assert shown.count("stands in") == 1
    assert [str(one.message) for one in recwarn] == ["no checksum", "something else"]


def test_an_answer_from_before_stays(shell, capsys):
    watch_cells(shell)
    assert shell.run_cell("snr = 3").success
    assert not shell.run_cell('snr = unknown\ncheck("L00-1", snr)').success
    assert shell.user_ns["snr"] == 3
    assert not shell.run_cell("other = unknown").success
    assert "other" not in shell.user_ns
