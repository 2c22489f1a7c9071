"""Lesson 06: the exercises, and Voyager 1's hits of 2020 as turbo_seti's six tables have them."""

import math

from setilearn.course.answers import number
from setilearn.course.exercise import Exercise
from setilearn.course.material.voyager import CHANNEL_HZ

TITLE = "On and off: ABACAD"
# The least step in drift that a scan of 16 integrations can tell apart: a channel over 15 intervals.
DRIFT_STEP_HZ_S = CHANNEL_HZ / (15 * 18.253611008)
# From the first ON scan of that session to the second.
ON_TO_ON_S = 636.0

# The mean of the drifts in the first two ON scans, rounded.
DRIFT_HZ_S = -0.3725
PREDICTED_MHZ = 8419.542731 + DRIFT_HZ_S * ON_TO_ON_S / 1e6
MISS_HZ = (8419.519834 - 8419.520396) * 1e6 - DRIFT_HZ_S * ON_TO_ON_S

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
        title="An impostor by chance",
        reference=1 / 64,
        check=number(rel_tol=0.01),
        mistakes=[
            (1 / 8, "That is for the three ON scans alone: it has to be off in the three OFF scans as well."),
            (0.5, "That is one scan; all six have to fall the right way."),
            (1 / 32, "Nearly: six scans, each with a chance of one half, are a factor of 2 less."),
            (20 / 64, "That counts any three of the six scans; only one choice of three is the ON scans."),
            (1 - 1 / 64, "That is the chance that it is rejected."),
            (100 / 64, "That is in per cent; give the chance as a number between 0 and 1."),
        ],
        hints=[
            "On in three given scans and off in three others: six times a chance of one half.",
            "Independent chances are multiplied.",
        ],
        solution="chance = 0.5**3 * 0.5**3",
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
            in_a1_mhz, in_a2_mhz = 8419.520396, 8419.519834
            expected_mhz = in_a1_mhz + (-0.3725 * 636) / 1e6
            miss_hz = (in_a2_mhz - expected_mhz) * 1e6
        """,
    ),
]
