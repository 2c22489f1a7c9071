"""Lesson 06: the exercises, and Voyager 1's hits of 2020 as turbo_seti's six tables have them."""

import inspect
import math

import numpy as np

from setilearn.course.answers import describe, function, instead, number, truth
from setilearn.course.exercise import Exercise
from setilearn.course.material.voyager import CHANNEL_HZ
from setilearn.course.quiz import KINDS, quiz_cadence

TITLE = "On and off: ABACAD"
# The least step in drift that a scan of 16 integrations can tell apart: a channel over 15 intervals.
DRIFT_STEP_HZ_S = CHANNEL_HZ / (15 * 18.253611008)
# From the first ON scan of that session to the second.
ON_TO_ON_S = 636.0

# The mean of the drifts in the first two ON scans, rounded.
DRIFT_HZ_S = -0.3725
PREDICTED_MHZ = 8419.542731 + DRIFT_HZ_S * ON_TO_ON_S / 1e6
MISS_HZ = (8419.519834 - 8419.520396) * 1e6 - DRIFT_HZ_S * ON_TO_ON_S


def is_event(hit, scans, tolerance_hz):
    frequency_mhz, drift_hz_s = hit
    seen = []
    for since_s, frequencies_mhz in scans:
        expected_mhz = frequency_mhz + drift_hz_s * since_s / 1e6
        seen.append(np.any(np.abs(frequencies_mhz - expected_mhz) * 1e6 <= tolerance_hz))
    return all(seen[0::2]) and not any(seen[1::2])


def _ruled(hit, scans, tolerance_hz, *, drift=1.0, per=1e-6, wide=1e6, rule=None):
    """`is_event` with parts of it changed."""
    seen = [
        bool(np.any(np.abs(there - hit[0] - drift * hit[1] * since_s * per) * wide <= tolerance_hz))
        for since_s, there in scans
    ]
    return rule(seen) if rule else all(seen[0::2]) and not any(seen[1::2])


def _scans(hit, scans_with_it, *, aside_hz=0.0, drift_change_hz_s=0.0):
    """Six scans (seconds since the first, frequencies), a line of other frequencies in each."""
    scans = []
    for place in range(6):
        since_s = 320.0 * place
        there = hit[0] + ((hit[1] + drift_change_hz_s) * since_s + aside_hz * (place > 0)) / 1e6
        others = [8419.3, 8419.7] if place != 3 else []
        scans.append((since_s, np.array([*others, *([there] if place in scans_with_it else [])])))
    return scans


_HIT, _AT_REST = (8419.5, -0.37), (8419.5, 0.0)
ONS, ALL_SIX = {0, 2, 4}, set(range(6))
CADENCES = [
    (_HIT, _scans(_HIT, ONS), 10.0),
    (_HIT, _scans(_HIT, ALL_SIX), 10.0),
    (_HIT, _scans(_HIT, ONS | {3}), 10.0),  # in the one OFF that has no other hits
    (_HIT, _scans(_HIT, {0, 2}), 10.0),
    (_HIT, _scans(_HIT, ONS, aside_hz=9.0), 10.0),
    (_HIT, _scans(_HIT, ONS, aside_hz=-9.0), 10.0),
    (_HIT, _scans(_HIT, ONS, aside_hz=-325.0), 10.0),
    (_HIT, _scans(_HIT, ONS, aside_hz=-325.0), 400.0),
    (_AT_REST, _scans(_AT_REST, ALL_SIX), 10.0),
    (_HIT, _scans(_HIT, ONS, drift_change_hz_s=0.1), 10.0),
    (_AT_REST, _scans(_AT_REST, ONS), 10.0),
    (_HIT, _scans(_AT_REST, ONS), 10.0),  # another line, which stands still
    (_HIT, _scans((8419.5, 0.37), ONS), 10.0),  # or goes the other way
    (_HIT, _scans(_HIT, {0, 1, 2}), 10.0),
    (
        _HIT,
        [(320.0 * k, np.array([8419.3, 8419.5][: 2 - k // 2] if k % 2 == 0 else [])) for k in range(6)],
        10.0,
    ),
]

SIX = [quiz_cadence(seed)[1] for seed in range(101, 107)]


def check_verdicts(answer, reference):
    """Six words of `KINDS`; of those that are wrong the first is told."""
    if not isinstance(answer, list | tuple) or len(answer) != len(reference):
        return f"Expected a list of {len(reference)} words, found {describe(answer)}."
    said = [word.strip().casefold() if isinstance(word, str) else word for word in answer]
    for word in said:
        if not isinstance(word, str) or word not in KINDS:
            return f"Expected {', '.join(KINDS)}, found {describe(word)}."
    wrong = [place for place, (word, right) in enumerate(zip(said, reference, strict=True)) if word != right]
    if not wrong:
        return None
    return f"{len(wrong)} of {len(reference)} are not right; look again at cadence {101 + wrong[0]}."


EXERCISES = [
    Exercise(
        id="L06-1",
        title="The noise of a difference",
        reference=math.sqrt(2),
        check=number(rel_tol=0.02),
        mistakes=[
            (2, "Deviations do not add up: what adds up is their squares, the variances."),
            (1, "That is the noise of one scan alone; the other scan's noise comes on top."),
            (0, "Only what both scans have alike cancels: the noise is different in each."),
            (1 / math.sqrt(2), "That is what an average of two scans has; this is a difference."),
        ],
        hints=[
            "The noise of the two scans is independent: the squares of the deviations add up.",
            "`np.sqrt(1**2 + 1**2)`, for two scans of deviation 1.",
        ],
        solution="noise_of_difference = np.sqrt(1**2 + 1**2)",
    ),
    Exercise(
        id="L06-2",
        title="The drift carried along",
        reference=PREDICTED_MHZ,
        check=number(unit="MHz", rel_tol=5e-10),
        mistakes=[
            (8419.542731, "That is where the carrier was in A1: by A2 it has drifted on for 636 s."),
            (
                2 * 8419.542731 - PREDICTED_MHZ,
                "The size of the step is right, its sign is not: the frequency falls.",
            ),
            (
                8419.542731 + (PREDICTED_MHZ - 8419.542731) * 1e6,
                "The step is in Hz and the frequency in MHz: bring both to one unit before you add.",
            ),
            (
                8419.542731 + (PREDICTED_MHZ - 8419.542731) / 2,
                "That is where the carrier was half-way; the whole 636 s are asked for.",
            ),
            (PREDICTED_MHZ * 1e6, "That is in Hz; the answer is wanted in MHz."),
        ],
        hints=[
            "Drift times time is how far it moves: in Hz.",
            "Divide the step by 1e6 to have it in MHz, and add it; it is negative.",
        ],
        solution="""
            carrier_in_a1_mhz, drift_hz_s, seconds = 8419.542731, -0.3725, 636
            moved_hz = drift_hz_s * seconds
            carrier_in_a2_mhz = carrier_in_a1_mhz + moved_hz / 1e6
        """,
    ),
    Exercise(
        id="L06-3",
        title="How well the place is known",
        reference=DRIFT_STEP_HZ_S / 2 * ON_TO_ON_S,
        check=number(unit="Hz", rel_tol=0.02),
        mistakes=[
            (
                DRIFT_STEP_HZ_S * ON_TO_ON_S,
                "That is a whole step: the true drift is at most half a step from the nearest one searched.",
            ),
            (
                DRIFT_STEP_HZ_S / 2 * ON_TO_ON_S / CHANNEL_HZ,
                "That is in channels; the answer is wanted in Hz.",
            ),
            (
                DRIFT_STEP_HZ_S / 2 * 292.06,
                "That is by the end of one scan; to the start of the next ON scan it is 636 s.",
            ),
            (DRIFT_STEP_HZ_S / 2, "That is the error of the drift, in Hz/s: it acts for 636 s."),
        ],
        hints=[
            "The true drift lies half-way between two steps at worst.",
            "Error of the drift times the time that it acts.",
        ],
        solution="""
            drift_step_hz_s, seconds = 0.010204, 636
            uncertain_hz = drift_step_hz_s / 2 * seconds
        """,
    ),
    Exercise(
        id="L06-4",
        title="Six panels judged",
        reference=SIX,
        check=check_verdicts,
        mistakes=[
            (
                ["signal" if kind == "impostor" else kind for kind in SIX],
                "What is in the ONs alone and stands still is an impostor: a signal of the star drifts.",
            ),
            (
                ["signal" if kind == "interference" else kind for kind in SIX],
                "Look into every OFF: what is in one of them comes in from the side.",
            ),
            (
                ["signal"] * 6,
                "Not all of them: what about the OFF scans, and what about those without drift?",
            ),
            (
                ["impostor" if kind == "signal" else kind for kind in SIX],
                "What drifts, goes on and is in no OFF is what one hopes for: a signal.",
            ),
        ],
        hints=[
            "First the OFFs: is there a line in any of them? Then it is interference.",
            "Of what is left: slanted is a signal, upright an impostor.",
            "Two of each.",
        ],
        solution=f"verdicts = {SIX}".replace("'", '"'),
    ),
    Exercise(
        id="L06-5",
        title="A side band that jumps",
        reference=MISS_HZ,
        check=number(unit="Hz", abs_tol=4, rel_tol=0),
        mistakes=[
            (
                (8419.519834 - 8419.520396) * 1e6,
                "That is the whole change from A1 to A2: take off what the drift explains.",
            ),
            (
                -MISS_HZ,
                "The size is right, the sign is not: it was found below the place where it should be.",
            ),
            (MISS_HZ / 1e6, "That is in MHz; the answer is wanted in Hz."),
            (
                2 * (8419.519834 - 8419.520396) * 1e6 - MISS_HZ,
                "The drift was taken off the wrong way round: it moves the line downwards by itself.",
            ),
        ],
        hints=[
            "Carry the hit of A1 along its drift, as in L06-2, and compare with the hit of A2.",
            "Found less expected, in Hz: 1 MHz is 1e6 Hz.",
        ],
        solution="""
            in_a1_mhz = voyager[0]["frequency_mhz"].min()
            in_a2_mhz = voyager[2]["frequency_mhz"].min()
            expected_mhz = in_a1_mhz + (-0.3725 * 636) / 1e6
            miss_hz = (in_a2_mhz - expected_mhz) * 1e6
        """,
    ),
    Exercise(
        id="L06-6",
        title="The rule of ON and OFF",
        reference=lambda: is_event,
        check=function(*CADENCES, compare=truth()),
        mistakes=[
            (
                instead(lambda h, s, t: _ruled(h, s, t, drift=0)),
                "The hit is looked for where it was in the first scan: by the others it has drifted on.",
            ),
            (
                instead(lambda h, s, t: _ruled(h, s, t, drift=-1)),
                "The drift is carried the wrong way: a falling line is lower later.",
            ),
            (
                instead(lambda h, s, t: _ruled(h, s, t, per=1)),
                "The drift moves it in Hz, the frequencies are in MHz: a factor of 1e6.",
            ),
            (
                instead(lambda h, s, t: _ruled(h, s, t, wide=1)),
                "The distance is in MHz, the tolerance in Hz: a factor of 1e6.",
            ),
            (
                instead(lambda h, s, t: _ruled(h, s, t, rule=lambda seen: all(seen[0::2]))),
                "Interference is in all ONs as well: it must not be in any OFF.",
            ),
            (
                instead(
                    lambda h, s, t: _ruled(h, s, t, rule=lambda seen: any(seen[0::2]) and not any(seen[1::2]))
                ),
                "In one ON is not enough: it has to be in all three.",
            ),
            (
                instead(
                    lambda h, s, t: _ruled(h, s, t, rule=lambda seen: all(seen[0::2]) and not all(seen[1::2]))
                ),
                "One OFF is enough to reject it: any, not all.",
            ),
            (
                instead(
                    lambda h, s, t: _ruled(h, s, t, rule=lambda seen: all(seen[:3]) and not any(seen[3:]))
                ),
                "ON and OFF take turns: seen[0::2] are the ONs, seen[1::2] the OFFs.",
            ),
        ],
        hints=[
            "Expected: frequency_mhz + drift_hz_s * since_s / 1e6.",
            "Seen: np.any(np.abs(frequencies_mhz - expected_mhz) * 1e6 <= tolerance_hz).",
            "In all ONs, and not in any OFF: all(seen[0::2]) and not any(seen[1::2]).",
        ],
        solution=inspect.getsource(is_event),
    ),
]
