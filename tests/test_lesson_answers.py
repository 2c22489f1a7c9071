"""Right and wrong answers of each lesson's exercises, worked out by hand or from published tables."""

import re

import pytest

from setilearn.course import Status, verdict
from setilearn.course.registry import lesson_numbers, load_lesson

# The header of the Voyager file, 16 x 1,048,576; turbo_seti's table has 8419.297028 MHz and -0.377557 Hz/s.
FCH1_MHZ, FOFF_HZ = 8418.457032646984, 2.7939677238464355

RIGHT = {
    "L00-1": [292.0578, 292.06],
    "L00-2": [0.035608, 0.0356],  # 299792458 / 8419297028
    "L00-3": [18.85, 18.9],  # 136 x 499.005 s of light time an astronomical unit
    "L01-1": [16_777_216, 16_777_216.0],
    "L01-2": [8419.295223, 8419.2952229],  # 8418.457032647 + 0.838190317
    "L01-3": [300_646],
    "L01-4": ["high time", " High Time "],
    "L01-5": [229_065, 229_120],  # 3579.1 channels, or 3580 whole ones
    "L02-1": [14.31, 14.3136],
    "L02-2": [8419.92, 8419.9],  # by eye
    "L02-3": [0.0175, 0.01750],  # 1 / sqrt(3264)
    "L02-4": [8419.297028, 8419.2970277],
    "L02-5": [-0.377557, -0.3877, -0.3674],  # a drift step of 0.0102 either way
    "L02-6": [-0.01344, -0.0138],
}

WRONG = {
    "L00-1": [(34.25, "sum"), (273.8, "15 rows"), (4.868, "minutes"), (-292.06, "sign")],
    "L00-2": [
        (2.8083e-5, "other way|reverse"),
        (28.0837, "one over the wavelength"),
        (35607.6, "still in MHz"),
    ],
    "L00-3": [(67865, "seconds"), (1131, "minutes"), (37.7, "there and back"), (0.01885, "kilometres")],
    "L01-1": [(1_048_592, "sum"), (67_108_864, "bytes"), (1_048_576, "one row")],
    "L01-2": [
        (FCH1_MHZ + 300_000 * FOFF_HZ, "one unit"),
        (FCH1_MHZ - 0.3 * FOFF_HZ, "Below the lowest"),
        (8421.386717353016 - 0.3 * FOFF_HZ, "on disk"),
        (FCH1_MHZ + 0.299999 * FOFF_HZ, "first channel is number 0"),
        ((FCH1_MHZ + 0.3 * FOFF_HZ) * 1e6, "in Hz"),
    ],
    "L01-3": [
        (747_929, "place on disk"),
        (0, "stay in MHz"),
        (300_647, "by one"),
        (300_646.05, "whole number"),
    ],
    "L01-4": [("medium", "about 3 kHz"), ("high frequency", "channel width"), ("pulsar", "one of")],
    "L01-5": [
        (57_280, "four bytes"),
        (14_320, "one integration"),
        (1_832_960, "bits"),
        (67_108_864, "whole file"),
    ],
    "L02-1": [
        (28.63, "amplitudes"),
        (32.96, "natural logarithm"),
        (1.4314, "bels"),
        (None, "a single number"),
    ],
    "L02-2": [(8419.30, "Voyager"), (8418.46, "lower edge"), (8421.39, "upper edge")],
    "L02-3": [
        (1 / 3264, "square root"),
        (0.0350, "four channels"),
        (0.125, "51|average of 51"),
        (0.0700, "16 inte"),
    ],
    "L02-4": [
        (8419.296925, "where the carrier ended"),
        (8419.296818, "lowest channel"),
        (8419297028, "in Hz"),
    ],
    "L02-5": [
        (0.377557, "sign"),
        (-0.35396, "15 steps"),
        (-6.8918, "one integration"),
        (-0.13513, "channels a second"),
        (-3.77557e-7, "MHz/s"),
        (-0.4, "."),
    ],
    "L02-6": [(0.01344, "sign"), (-13444.0, "million"), (-4.4844e-11, "times c")],
}


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
    assert all(len(answers) >= 2 for answers in WRONG.values())
