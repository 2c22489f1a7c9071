"""Lesson 04: the exercises. All references follow from the numbers in the exercise and a formula."""

import math

from setilearn.course.answers import array, number
from setilearn.course.exercise import Exercise

TITLE = "Hits above a threshold"

# Sorted 8 9 10 11 13 15 500: the median is 11; its distances 0 1 2 2 3 4 489 have the median 2.
ABOVE_MEDIAN, MAD = 500 - 11, 2
MAD_TO_SIGMA = 1.4826
# The largest distance from the mean, in standard deviations, that one of n values can have (numpy's
# std and, with ddof=1, the sample's); 500 among values near 10 comes close to it.
SEVEN = 7
BY_STD = math.sqrt(SEVEN - 1)
BY_SAMPLE_STD = (SEVEN - 1) / math.sqrt(SEVEN)

EXERCISES = [
    Exercise(
        id="L04-1",
        title="SNR by median and MAD",
        reference=ABOVE_MEDIAN / (MAD_TO_SIGMA * MAD),
        check=number(rel_tol=2e-3),
        mistakes=[
            (
                ABOVE_MEDIAN / MAD,
                "That is in units of the MAD; sigma is 1.4826 times as large.",
            ),
            (
                500 / (MAD_TO_SIGMA * MAD),
                "The noise itself has power: subtract the median from the 500 first.",
            ),
            (
                ABOVE_MEDIAN * MAD_TO_SIGMA / MAD,
                "The factor is on the wrong side: sigma is 1.4826 MAD, and stands below the line.",
            ),
            (BY_STD, "That is by mean and standard deviation, which the 500 has spoiled: median and MAD."),
            (
                BY_SAMPLE_STD,
                "That is by mean and a sample's standard deviation, both spoiled by the 500: median and MAD.",
            ),
        ],
        hints=[
            "Sort the seven readings: the median is the fourth.",
            "Write down each reading's distance from the median, sort those, and take the fourth: the MAD.",
            "`np.median(np.abs(readings - median))` is the MAD; the SNR is (500 - median) / (1.4826 MAD).",
        ],
        solution="""
            readings = np.array([10, 13, 8, 11, 500, 9, 15])
            median = np.median(readings)
            mad = np.median(np.abs(readings - median))
            snr = (500 - median) / (1.4826 * mad)
        """,
    ),
    Exercise(
        id="L04-2",
        title="Sigma of a single spectrum",
        reference=3.2 / math.log(2),
        check=number(rel_tol=2e-3),
        mistakes=[
            (3.2, "That is the median; in exponential noise sigma equals the mean, which lies above it."),
            (
                3.2 * math.log(2),
                "The other way round: the median is 0.693 times the mean, so the mean is larger.",
            ),
            (3.2 * MAD_TO_SIGMA, "1.4826 turns a Gaussian's MAD into sigma. Here you have a median."),
            (3.2 * 2, "The median is 0.693 of the mean, not half of it."),
        ],
        hints=[
            "First the mean: the median is ln 2 = 0.693 times as large. Then sigma: it equals the mean.",
            "`np.log` is the natural logarithm.",
        ],
        solution="""
            median_power = 3.2
            sigma_power = median_power / np.log(2)
        """,
    ),
    Exercise(
        id="L04-3",
        title="Merging neighbours",
        reference=[2, 9, 3 * 2.8],
        check=array(abs_tol=0.05, rel_tol=0),
        mistakes=[
            (
                [3, 7, 2.8],
                "Channels 7 and 9 have only one channel between them, so they belong to one hit.",
            ),
            (
                [2, 7, 3 * 2.8],
                "Nearly: the frequency is that of the strongest channel of the hit, not of its first.",
            ),
            (
                [2, 9, 2 * 2.8],
                "Nearly: the width reaches from the first channel to the last, the one between counted in.",
            ),
            ([2, 10, 3 * 2.8], "Nearly: channels are counted from 0."),
            ([2, 9, 3], "Nearly: the width is wanted in Hz; a channel is 2.8 Hz wide."),
            (
                [2, 2, 3 * 2.8],
                "That is the first hit, in channels 1 to 3; the second is asked for.",
            ),
        ],
        hints=[
            "Which channels are at 10 or above? 1, 2, 3, then 7 and 9.",
            "Channels 7 and 9 have one channel between them: one hit, from 7 to 9. Which is stronger?",
        ],
        solution="""
            snrs = [2, 11, 26, 14, 1, 0, 3, 12, 9, 13, 2, 1]
            n_hits = 2
            strongest_channel = 9
            hit_width_hz = 3 * 2.8
            answer = [n_hits, strongest_channel, hit_width_hz]
        """,
    ),
    Exercise(
        id="L04-4",
        title="False alarms in a billion samples",
        reference=1e9 * math.exp(-11),
        check=number(rel_tol=0.01),
        mistakes=[
            (
                1e9 * math.exp(-10),
                "Ten sigma above the mean: the mean is itself one sigma, so x is not 10.",
            ),
            (math.exp(-11), "That is the share of the samples; how many are that of a billion?"),
            (
                math.exp(-10),
                "That is a share of the samples; besides, x is not 10: the mean is one sigma too.",
            ),
            (
                1e9 * 7.6e-24,
                "That is the Gaussian's promise. This noise is exponential: a share exp(-x) lies above x.",
            ),
            (
                1e9 * math.exp(-50),
                "exp(-x²/2) belongs to the Gaussian; here it is exp(-x).",
            ),
        ],
        hints=[
            "Let the mean be 1. Then sigma is 1 as well, and ten sigma above the mean is at 11.",
            "`n_samples * np.exp(-11)`",
        ],
        solution="""
            n_samples = 1e9
            n_false = n_samples * np.exp(-11)
        """,
    ),
    Exercise(
        id="L04-5",
        title="A narrow signal in a wide channel",
        reference=960 / 32,
        check=number(rel_tol=5e-3),
        mistakes=[
            (
                960 / 1024,
                "The noise power grows by 1024, but its scatter, averaged down, only by the square root.",
            ),
            (960, "Unchanged? The wide channel takes in 1024 times the noise."),
            (960 * 32, "Up? The noise in the wide channel is more, not less."),
        ],
        hints=[
            "The SNR falls with the square root of the ratio of widths.",
            "The square root of 1024 is 32.",
        ],
        solution="""
            snr_narrow = 960
            snr_wide = snr_narrow / np.sqrt(1024)
        """,
    ),
]
