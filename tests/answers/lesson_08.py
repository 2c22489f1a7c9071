"""Lesson 08: right answers, and wrong ones with words of the message that names the mistake."""

import math

from scipy import stats


def by_counting(found):
    n, n_found = len(found), sum(bool(one) for one in found)
    return [n_found / n, math.sqrt(n_found * (n - n_found) / n) / n]


def by_scipy(found):
    """The standard deviation of a binomial count, over n."""
    share = found.sum() / found.size
    return share, stats.binom(found.size, share).std() / found.size


RIGHT = {
    "L08-1": [by_counting, by_scipy],  # of 34 in 40: 0.85 and 0.05646
    "L08-2": [0.84134, 0.84],
    "L08-3": [[2.449, 0.6123], (2.45, 0.612)],  # 16 and 4 times 0.153064
    "L08-4": [8.276e10, 8.3e10],  # 100e-26 x 0.069160 x 1.19653e36
    "L08-5": [0.0043197, 0.00432, 3 / 692],  # 1 - exp(ln(0.05) / 692)
}

WRONG = {
    "L08-1": [
        (lambda found: (found.mean(), math.sqrt(found.sum()) / found.size), "without a limit"),
        (lambda found: (found.mean(), found.std()), "one birdie"),
        (lambda found: (found.mean(), found.var() / found.size), "variance"),
        (lambda found: (1 - found.mean(), by_scipy(found)[1]), "missed"),
        (lambda found: (found.sum(), by_scipy(found)[1]), "share of all"),
        (lambda found: [100 * one for one in by_counting(found)], "percent"),
        (lambda found: (found.mean(), found.std() / math.sqrt(40)), "not always 40"),
        (lambda found: found.mean(), "shape"),
        (lambda found: by_counting(found)[::-1], "For "),
    ],
    "L08-2": [
        (1, "take away"),
        (0.15866, "missed"),
        (0.6827, "both sides"),
        (0.5, "SNR 10 exactly"),
        (84.134, "percent"),
    ],
    "L08-3": [
        ([16, 4], "channels an integration"),
        ([0.6123, 2.449], "other way round"),
        ([44.70, 11.176], "18.25 s"),
        ([0.6123, 0.6123], "one over the root"),
        ([0.6123, 0.30613], "wrong way"),
    ],
    "L08-4": [
        (8.276e36, "jansky"),
        (2.069e10, "4 is missing"),
        (8.276e9, "both are needed"),
        (1.1704e11, "polarisations"),
        (2.962e10, "a flux a hertz"),
        (8.692e-23, "parsec"),
    ],
    "L08-5": [
        (0.00144509, "37 %"),
        (7.2254e-5, "says nothing"),
        (0.99568, "does not transmit"),
        (7.4120e-5, "should be 5 %"),
        (0.43197, "percent"),
    ],
}
