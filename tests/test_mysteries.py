"""Predictions, mysteries, and what is kept back until an exercise was tried."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

from setilearn.course import ____, card, logbook, mystery, predict
from setilearn.course import mystery as mystery_function
from setilearn.course.answers import choice, number
from setilearn.course.exercise import Lesson, lesson_numbers, load_lesson
from setilearn.course.mystery import Case, Mystery
from setilearn.errors import ExerciseError

ANSWERS = sorted(Path(__file__).parent.glob("answers/lesson_*.py"))
SOLVERS = {path.stem[-2:]: runpy.run_path(str(path)) for path in ANSWERS}
WITH_MYSTERY = [number for number in lesson_numbers() if load_lesson(number).mystery]


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    monkeypatch.setenv("SETILEARN_PROGRESS", str(tmp_path / "progress.jsonl"))
    monkeypatch.setattr(logbook, "_unsaved", {})


@pytest.fixture
def shown(monkeypatch):
    """The text of each card that is shown."""
    cards = []
    monkeypatch.setattr(card, "show", lambda html_text, text: cards.append(text))
    return cards


# Predictions


@pytest.mark.parametrize(
    ("guess", "result", "words"),
    [
        (12, 365, "Too low, by a factor of 30.4"),
        (365, 12, "Too high, by a factor of 30.4"),
        (100, 96, "within 10 %"),
        (-4, -2, "Too high, by a factor of 2"),
        (3, -3, "Off by 6 events"),
        (0, 0, "Exactly"),
        (0, 5, "Off by 5 events"),
        (np.float32(2.5), np.int64(5), "by a factor of 2"),
    ],
)
def test_a_number_is_kept_and_set_beside_the_result(shown, guess, result, words):
    prediction = predict("How many?", guess, unit="events")
    prediction.compare(result)
    assert "You expect" in shown[0]
    assert words in shown[1]


def test_a_choice_is_kept_and_set_beside_the_result(shown):
    for said, words in (("Up ", "As you said"), ("down", "Worth a thought")):
        predict("Which way?", said, choices=("up", "down")).compare("up")
        assert words in shown[-1]


NO_NUMBERS = [____, f"{____} MHz", None, "many", math.nan, math.inf, [1, 2], 10**400, object()]


@pytest.mark.parametrize("guess", NO_NUMBERS)
def test_whatever_is_answered_nothing_is_raised_and_the_result_is_told(shown, guess):
    prediction = predict("How many?", guess)
    assert prediction.value is None
    prediction.compare(7)
    assert shown[1].endswith("You predicted nothing. It is 7.")


def test_a_text_that_is_no_choice_is_told_the_choices(shown):
    assert predict("Which way?", "left", choices=("up", "down")).value is None
    assert 'Expected one of up, down, found the text "left"' in shown[0]


# Mysteries

PLAIN = Mystery(
    question="What is it?",
    make=lambda seed: ([seed], {"level": 3.0 + seed, "kind": "tone"}),
    checks={"level": number(), "kind": choice("tone", "noise")},
)


def test_parts_are_judged_one_by_one_and_the_best_is_kept(shown):
    case = Case("05", PLAIN, seed=1)
    case.judge()
    assert "0 of 2 parts right" in shown[-1]
    assert logbook.read_marks() == {}
    case.judge(level=8.0, kind=____)
    assert "a factor of 2" in shown[-1]
    assert "`kind`: not answered yet" in shown[-1]
    case.judge(level=4.0, kind="noise", sort=1)
    assert "1 of 2 parts right" in shown[-1]
    assert "no part `sort`" in shown[-1]
    assert logbook.read_marks() == {"L05-M": logbook.ATTEMPTED}
    case.judge(level=4.0, kind="tone")
    assert "2 of 2 parts right" in shown[-1]
    case.judge(level=9.0)
    assert logbook.read_marks() == {"L05-M": logbook.PASSED}


def test_another_one_has_the_next_seed(shown):
    case = Case("05", PLAIN, seed=1)
    case.another()
    assert (case.seed, case.data) == (2, [2])
    assert "seed 2" in shown[-1]
    assert "Run the cells below again" in shown[-1]


class Hostile:
    def __float__(self):
        raise SystemExit

    def __eq__(self, other):
        raise RuntimeError


@pytest.mark.parametrize("answer", [Hostile(), [Hostile()], "\x1b[31m", 10**400, lambda: 1])
def test_no_answer_ends_in_an_error(shown, answer):
    Case("05", PLAIN, seed=0).judge(level=answer, kind=answer)
    assert "0 of 2 parts right" in shown[-1]


def test_a_lesson_without_a_mystery_is_named():
    with pytest.raises(ExerciseError, match=r"expected the number of a lesson as a text \(.*found 5"):
        mystery(5)


def test_a_mystery_is_a_task_of_its_lesson():
    assert Lesson("05", "", {}, PLAIN).tasks == {"L05-M": "Mystery"}
    assert Lesson("05", "", {}).tasks == {}


def test_every_lesson_from_01_on_ends_with_a_mystery():
    assert [number for number in lesson_numbers() if number > "00"] == WITH_MYSTERY


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("lesson", WITH_MYSTERY)
def test_a_mystery_is_solved_by_a_students_means_and_by_no_slip(shown, lesson, seed):
    case = mystery_function(lesson, seed=seed)
    answers = SOLVERS[lesson]["solve_mystery"](case.data)
    case.judge(**answers)
    assert f"{len(answers)} of {len(answers)} parts right" in shown[-1], shown[-1]
    for part, slip in SOLVERS[lesson]["MYSTERY_SLIPS"]:
        case.judge(**answers | {part: slip(answers[part])})
        assert f"{len(answers) - 1} of {len(answers)} parts right" in shown[-1], (part, shown[-1])


@pytest.mark.parametrize("lesson", WITH_MYSTERY)
def test_a_mystery_differs_from_seed_to_seed_and_not_within_one(lesson):
    declared = load_lesson(lesson).mystery
    truths = [repr(declared.make(seed)[1]) for seed in (0, 1, 2, 2)]
    assert truths[2] == truths[3]
    assert len(set(truths)) > 1


# What an untried exercise would give away


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    manager, client = start_new_kernel(cwd=str(tmp_path_factory.mktemp("kernel")))
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code, *, someone_is_there):
    """What a cell shows, as text."""
    shown = []

    def take(message):
        content = message["content"]
        if message["msg_type"] == "stream":
            shown.append(content["text"])
        elif message["msg_type"] in ("display_data", "execute_result"):
            shown.append(content["data"]["text/plain"])
        assert message["msg_type"] != "error", content["traceback"]

    client.execute_interactive(code, allow_stdin=someone_is_there, output_hook=take, timeout=60)
    return "\n".join(shown)


PRESS_EVERY_BUTTON = """
from ipywidgets.widgets import Button, widget
for one in list(widget._instances.values()):
    if isinstance(one, Button):
        one.click()
"""


def test_what_follows_an_untried_exercise_waits_behind_a_button(kernel):
    first = "from setilearn.course import ____, answer_or_reference, check\nanswer = ____"
    run(kernel, first, someone_is_there=True)
    cell = 'answer = answer_or_reference("L00-1", answer)\nprint("given away", answer)\nanswer'
    seen = run(kernel, cell, someone_is_there=True)
    assert "given away" not in seen
    assert "What follows L00-1 shows here once it was tried" in seen
    assert "given away" in run(kernel, PRESS_EVERY_BUTTON, someone_is_there=True)
    run(kernel, first, someone_is_there=True)
    assert "given away" in run(kernel, cell, someone_is_there=False)
    run(kernel, 'answer = 1\ncheck("L00-1", answer)', someone_is_there=True)
    assert "given away" in run(kernel, cell, someone_is_there=True)
