"""Right and wrong answers of each lesson's exercises, worked out by hand or from published tables.

They stand in tests/answers/lesson_NN.py: RIGHT, id -> answers that pass; WRONG, id -> pairs (answer,
pattern of the message that names the mistake).
"""

import functools
import inspect
import re
import runpy
import sys
from pathlib import Path

import pytest

from setilearn.course import Status, limits, verdict
from setilearn.course.exercise import find_exercise, lesson_numbers, load_lesson

ANSWERS = [runpy.run_path(str(path)) for path in sorted(Path(__file__).parent.glob("answers/lesson_*.py"))]
RIGHT = {key: answers for lesson in ANSWERS for key, answers in lesson["RIGHT"].items()}
WRONG = {key: answers for lesson in ANSWERS for key, answers in lesson["WRONG"].items()}


def cases(table):
    return [
        pytest.param(key, case, id=f"{key}-{i}")
        for key, answers in table.items()
        for i, case in enumerate(answers)
    ]


@pytest.mark.parametrize(("exercise_id", "answer"), cases(RIGHT))
def test_right_answers_pass(exercise_id, answer):
    found = verdict(exercise_id, answer)
    assert found.status is Status.PASSED, found.message


@pytest.mark.parametrize(("exercise_id", "case"), cases(WRONG))
def test_wrong_answers_get_the_message_that_names_the_mistake(exercise_id, case):
    answer, words = case
    found = verdict(exercise_id, answer)
    assert found.status is Status.FAILED
    assert re.search(words, found.message), found.message


def test_every_exercise_has_answers_here():
    known = {key for number in lesson_numbers() for key in load_lesson(number).exercises}
    assert set(RIGHT) == set(WRONG) == known
    assert [key for key, answers in WRONG.items() if len(answers) < 4] == []


def endless(*arguments, **options):
    while True:
        pass


def ending(*arguments, **options):
    sys.exit(0)


def printing(*arguments, **options):
    while True:
        print("again and again")


# A class that is asked for is no function that is run: it is looked at by other means.
WANTS_A_FUNCTION = [key for key, answers in RIGHT.items() if inspect.isfunction(answers[0])]


@pytest.mark.parametrize("exercise_id", WANTS_A_FUNCTION)
@pytest.mark.parametrize(
    ("hostile", "words"),
    [(endless, "loop without end"), (ending, "ends Python"), (printing, "prints more than")],
)
def test_functions_that_do_not_come_back_are_told_what_they_do(monkeypatch, exercise_id, hostile, words):
    monkeypatch.setattr(limits, "MOST_SECONDS", 0.2)
    find_exercise(exercise_id).reference_value  # noqa: B018 (worked out in its own time)
    found = verdict(exercise_id, functools.partial(hostile))
    assert found.status is Status.FAILED
    assert words in found.message
