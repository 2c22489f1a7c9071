"""Right and wrong answers of lesson 07's exercises, by hand, and what the lesson says of the real data."""

import re

import numpy as np
import pytest

import setilearn as sl
from setilearn.course import Status, lesson_07, verdict
from setilearn.course.registry import load_lesson

RIGHT = {
    "L07-1": [822_069_557, 8.22e8, 2**20 * 784],  # 8 / 0.010204 = 784 drift rates
    "L07-2": [-0.37805, -0.378],  # -(3.9315 m/s / 292.0578 s) / 0.03560775 m
    "L07-3": [-1.0102e-6, -1.01e-6],  # 22500 / 8419297028 = 2.6724e-6
    "L07-4": [142.45, 142],
    "L07-5": [22.49625, 22.5],  # (8419.319526 - 8419.2745335) / 2 MHz
    "L07-6": ["a satellite", " A satellite "],
}

WRONG = {
    "L07-1": [
        (411_041_792, "half of them"),
        (784, "every channel"),
        (13_153_337_344, "summed"),
        (16_777_216, "samples"),
    ],
    "L07-2": [
        (0.37805, "does the frequency rise"),
        (-110.41, "whole scan"),
        (-0.0134614, "acceleration"),
        (-3.7805e-7, "MHz"),
        (-656_793, "the speed itself"),
        (-0.35, "."),
    ],
    "L07-3": [
        (1.0102e-6, "sign"),
        (-0.378048, "differ from the carrier"),
        (-1.0102, "MHz"),
        (-0.020409, "published"),
        (0, "not quite"),
    ],
    "L07-4": [(10.90, "other way round"), (74.91, "No root"), (185.18, "line's power")],
    "L07-5": [
        (44.9925, "half-way"),
        (22.34, "one line of a pair"),
        (22.656, "one line of a pair"),
        (0.02249625, "MHz"),
    ],
    "L07-6": [("noise", "chance"), ("a transmitter on the ground", "turn with"), ("a planet", "one of")],
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
    assert set(RIGHT) == set(WRONG) == set(load_lesson("07").exercises)
    assert all(len(answers) >= 2 for answers in WRONG.values())


def test_the_speeds_in_the_lesson_are_astropy_s():
    import astropy.units as u
    from astropy.coordinates import EarthLocation, SkyCoord
    from astropy.time import Time
    from astropy.utils import iers

    green_bank = EarthLocation.from_geodetic(-79.83983 * u.deg, 38.43312 * u.deg, 807 * u.m)
    voyager = SkyCoord("17h10m03.984s", "12d10m58.8s")  # as in the file's header
    start = Time(57650.782094907408, format="mjd")
    with iers.conf.set_temp("auto_download", False):
        # The correction to be added to a measured speed is the telescope's own speed towards the source.
        away = [
            -voyager.radial_velocity_correction("barycentric", obstime=time, location=green_bank).to_value(
                "m/s"
            )
            for time in (start, start + 16 * 18.253611008 * u.s)
        ]
    assert away == pytest.approx([lesson_07.AWAY_START_M_S, lesson_07.AWAY_STOP_M_S], abs=0.05)
    assert away[1] - away[0] == pytest.approx(lesson_07.AWAY_STOP_M_S - lesson_07.AWAY_START_M_S, abs=2e-4)


def test_the_published_table_is_turbo_seti_s(mirror):
    hits = sl.read_dat(sl.fetch("voyager1_turbo_seti", mirror))
    theirs = np.array([row[1:] for row in lesson_07.PUBLISHED if row[0] == "turbo_seti"])
    found = hits[["frequency_mhz", "drift_hz_s", "snr"]].sort_values("frequency_mhz").to_numpy()
    assert found == pytest.approx(theirs, abs=0.006)


SIDE_BANDS = {"2744": -0.397966, "2747": -0.387762, "3194": -0.397966, "3197": -0.367353}  # as published


def test_the_telescope_s_lines_have_the_drift_of_the_earth_s_motion(mirror):
    for line in ("carrier", *(f"sideband_8419_{digits}" for digits in SIDE_BANDS)):
        hits = sl.search_drift(sl.fetch(f"voyager1_{line}", mirror))
        assert hits["drift_hz_s"].to_numpy() == pytest.approx(lesson_07.EARTH_HZ_S, abs=0.002)


@pytest.mark.parametrize(("digits", "published_hz_s"), SIDE_BANDS.items())
def test_sums_of_single_channels_are_largest_at_the_published_drift(mirror, digits, published_hz_s):
    cutout = sl.read_spectrogram(sl.fetch(f"voyager1_sideband_8419_{digits}", mirror))
    n_moved = sl.brute_force(cutout.power[:, ::-1], 60).max(axis=1).argmax()
    assert -n_moved * lesson_07.DRIFT_STEP_HZ_S == pytest.approx(published_hz_s, abs=1e-5)
