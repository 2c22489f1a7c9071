"""Lesson 04: the exercises. All references follow from the numbers in the exercise and a formula."""

import inspect
import math

import numpy as np

from setilearn.course.answers import array, function, instead, number
from setilearn.course.exercise import Exercise

TITLE = "Hits above a threshold"

MAD_TO_SIGMA = 1.4826
READINGS = np.array([10, 13, 8, 11, 500, 9, 15])
GROUPS = [2, 11, 26, 14, 1, 0, 3, 12, 9, 13, 2, 1]


def brightest_snr(values):
    median = np.median(values)
    mad = np.median(np.abs(values - median))
    return (np.max(values) - median) / (1.4826 * mad)


def merge(snrs, threshold):
    groups = []
    for channel in np.flatnonzero(np.array(snrs) > threshold):
        if not (groups and channel - groups[-1][-1] <= 2):
            groups.append([])
        groups[-1].append(channel)
    return [(max(group, key=lambda i: snrs[i]), group[0], group[-1]) for group in groups]


def _merged(snrs, threshold, max_step, told):
    """As `merge`, with another step from channel to channel and something else told of each group."""
    groups = []
    for channel in np.flatnonzero(np.array(snrs) > threshold):
        if groups and channel - groups[-1][-1] <= max_step:
            groups[-1].append(channel)
        else:
            groups.append([channel])
    return [told(group, snrs) for group in groups]


def _whole(group, snrs):
    return max(group, key=lambda i: snrs[i]), group[0], group[-1]


def clipped(values, n_sigma):
    while True:
        center, sigma = np.median(values), 1.4826 * np.median(np.abs(values - np.median(values)))
        kept = values[np.abs(values - center) <= n_sigma * sigma]
        if len(kept) == len(values):
            return center, sigma
        values = kept


def _clipped(values, n_sigma, *, rounds=99, factor=MAD_TO_SIGMA, told=lambda center, sigma: (center, sigma)):
    """`clipped` with parts of it changed."""
    for _ in range(rounds):
        center, sigma = np.median(values), factor * np.median(np.abs(values - np.median(values)))
        kept = values[np.abs(values - center) <= n_sigma * sigma]
        if len(kept) == len(values):
            break
        values = kept
    return told(center, sigma)


def _by_standard_deviation(values, n_sigma):
    kept = values[np.abs(values - values.mean()) <= n_sigma * values.std()]
    while len(kept) < len(values):
        values = kept
        kept = values[np.abs(values - values.mean()) <= n_sigma * values.std()]
    return values.mean(), values.std()


def _noise_with(n, every, level):
    values = np.random.default_rng(n).normal(1, 0.035, n)
    values[::every] += level
    return values


_CLIPPED = [
    (_noise_with(2000, 10, 35.0), 4),
    (_noise_with(1001, 3, 0.2), 3),  # close to the noise: many rounds
    (np.array([2.0, 2.0, 2.0, 2.0]), 4),  # no scatter at all
    (_noise_with(500, 7, -9.0), 5),
]


EXERCISES = [
    Exercise(
        id="L04-1",
        title="SNR by median and MAD",
        reference=lambda: brightest_snr,
        check=function(
            (READINGS,),
            (READINGS[:6],),  # an even number of values
            (READINGS - 100.0,),
            (np.array([1.0, 2.0, 3.0]),),
            compare=number(rel_tol=2e-3),
        ),
        mistakes=[
            (
                instead(lambda v: brightest_snr(v) * MAD_TO_SIGMA),
                "That is in units of the MAD; sigma is 1.4826 times as large.",
            ),
            (
                instead(lambda v: np.max(v) / (MAD_TO_SIGMA * np.median(np.abs(v - np.median(v))))),
                "The noise itself has power: subtract the median from the brightest first.",
            ),
            (
                instead(lambda v: brightest_snr(v) * MAD_TO_SIGMA**2),
                "The factor is on the wrong side: sigma is 1.4826 MAD, and belongs in the denominator.",
            ),
            (
                instead(lambda v: (np.max(v) - np.mean(v)) / np.std(v)),
                "That is by mean and standard deviation, which the brightest has spoiled: median and MAD.",
            ),
            (
                instead(lambda v: (np.max(v) - np.median(v)) / (1.4826 * np.mean(np.abs(v - np.median(v))))),
                "That is the mean of the distances; the MAD is their median.",
            ),
            (
                instead(lambda v: (np.max(v) - np.median(v)) / (1.4826 * np.median(np.abs(v - np.mean(v))))),
                "The distances are those from the median, not from the mean.",
            ),
        ],
        hints=[
            "np.median gives the value in the middle.",
            "The MAD: each value's distance from the median, np.abs(values - median), and their median.",
            "The SNR is (the largest value - median) / (1.4826 MAD).",
        ],
        solution=inspect.getsource(brightest_snr),
    ),
    Exercise(
        id="L04-2",
        title="Clipping that begins well",
        reference=lambda: clipped,
        check=function(*_CLIPPED, compare=array(rel_tol=1e-3)),
        mistakes=[
            (
                instead(lambda v, n: _clipped(v, n, rounds=1)),
                "That is the first round: go on with what was kept until nothing more goes.",
            ),
            (
                instead(lambda v, n: _clipped(v, n, factor=1.0)),
                "That is the MAD: sigma is 1.4826 times as large, for the clipping as well.",
            ),
            (instead(_by_standard_deviation), "By mean and standard deviation: begin with median and MAD."),
            (
                instead(lambda v, n: _clipped(v, 4)),
                "It clips at 4 sigma whatever is asked: `n_sigma` says where.",
            ),
            (
                instead(lambda v, n: _clipped(v, n, told=lambda center, sigma: (sigma, center))),
                "The other way round: the median first, then sigma.",
            ),
        ],
        hints=[
            "`1.4826 * np.median(np.abs(values - np.median(values)))`",
            "Keep `values[np.abs(values - center) <= n_sigma * sigma]`; done is it when their number stays.",
        ],
        solution=inspect.getsource(clipped),
    ),
    Exercise(
        id="L04-3",
        title="Merging neighbours",
        reference=lambda: merge,
        check=function(
            (GROUPS, 10),
            (GROUPS, 0.5),
            (GROUPS, 30),  # nothing above it
            ([20, 3, 3, 30, 2, 40], 10),  # at both ends
            ([10, 11, 10, 10, 11], 10),  # exactly at the threshold
        ),
        mistakes=[
            (
                instead(lambda s, t: _merged(s, t, 1, _whole)),
                "A single channel below the threshold does not part a hit.",
            ),
            (
                instead(lambda s, t: _merged(s, t, 3, _whole)),
                "One channel between two above the threshold is bridged; two part them.",
            ),
            (
                instead(lambda s, t: _merged(s, t, 2, lambda g, _: (g[0], g[0], g[-1]))),
                "The first number is the strongest channel of the hit, not its first.",
            ),
            (
                instead(lambda s, t: _merged(s, t, 2, lambda g, v: (max(v[i] for i in g), g[0], g[-1]))),
                "The first number is the channel that is strongest, not how strong it is.",
            ),
            (
                instead(lambda s, t: _merged(s, t, 2, lambda g, v: (*_whole(g, v)[:2], g[-1] - g[0] + 1))),
                "The third number is the last channel of the hit, not its width.",
            ),
            (
                instead(lambda s, t: _merged(s, t, 2, lambda g, v: tuple(i + 1 for i in _whole(g, v)))),
                "Channels are counted from 0.",
            ),
            (
                instead(lambda s, t: _merged(s, np.nextafter(t, -np.inf), 2, _whole)),
                "Above the threshold: a channel exactly at it does not count.",
            ),
        ],
        hints=[
            "groups[-1] is the group that was begun last, groups[-1][-1] its last channel.",
            "channel - groups[-1][-1] <= 2: next to it, or one channel between.",
            "The strongest of a group: max(group, key=lambda i: snrs[i]).",
        ],
        solution=inspect.getsource(merge),
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
