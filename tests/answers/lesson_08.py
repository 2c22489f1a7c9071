"""Lesson 08: right answers, and wrong ones with words of the message that names the mistake."""

import math

import numpy as np
from scipy import stats

import setilearn as sl


def by_counting(found):
    n, n_found = len(found), sum(bool(one) for one in found)
    return [n_found / n, math.sqrt(n_found * (n - n_found) / n) / n]


def by_scipy(found):
    """The standard deviation of a binomial count, over n."""
    share = found.sum() / found.size
    return share, stats.binom(found.size, share).std() / found.size


def one_by_one(snrs, drift_hz_s, seed, *, threshold=10, drift=None, judge=len):
    """A band of its own for each tone; ``judge`` of the hits near it."""
    found = []
    for snr in snrs:
        noise = sl.simulate_noise(16, 2048, seed=seed)
        sky = sl.add_tone(
            noise,
            noise.header.frequency_mhz(1024),
            drift_hz_s=drift_hz_s if drift is None else drift,
            snr=snr,
        )
        hits = sl.search_drift(sky, snr=threshold, progress=False)
        found.append(bool(judge(hits[hits["channel"].between(1004, 1044)])))
    return found


def by_frequency(snrs, drift_hz_s, seed):
    noise = sl.simulate_noise(16, 2048, seed=seed)
    start_mhz = noise.header.frequency_mhz(1024)
    skies = [sl.add_tone(noise, start_mhz, drift_hz_s=drift_hz_s, snr=snr) for snr in snrs]
    tables = [sl.search_drift(sky, progress=False) for sky in skies]
    return np.array([int(((table["frequency_mhz"] - start_mhz).abs() < 57e-6).any()) for table in tables])


def solve_mystery(table):
    """Half-way up in SNR, where the last one was found in drift, and what is lost far from both."""
    drifts = table.loc[table["found"], "drift_hz_s"].abs()
    max_drift = drifts.max()
    slow = table[table["drift_hz_s"].abs() < 0.9 * max_drift]
    strong = slow[slow["snr"] > 32]
    share = strong["found"].mean()
    low = np.arange(3, 45, 0.25)
    by_snr = [slow.loc[slow["snr"].between(one - 0.75, one + 0.75), "found"].mean() for one in low]
    threshold = low[np.flatnonzero(np.array(by_snr) > share / 2)[0]]
    return {"threshold": threshold, "max_drift_hz_s": max_drift, "lost_share": 1 - share}


MYSTERY_SLIPS = [
    ("threshold", lambda snr: snr + 3),
    ("max_drift_hz_s", lambda drift: drift + 0.4),
    ("lost_share", lambda share: 1 - share),
]

RIGHT = {
    "L08-1": [one_by_one, by_frequency],
    "L08-2": [by_counting, by_scipy],  # of 34 in 40: 0.85 and 0.05646
    "L08-3": [0.84134, 0.84],
    "L08-4": [2.4, 2.25],  # dots of the default: 0.53 at 2.38 Hz/s, 0.1 at 2.63
    "L08-5": [8.276e10, 8.3e10],  # 100e-26 x 0.069160 x 1.19653e36
    "L08-6": [0.0043197, 0.00432, 3 / 692],  # 1 - exp(ln(0.05) / 692)
}

WRONG = {
    "L08-1": [
        (lambda snrs, drift, seed: one_by_one(snrs, drift, seed, drift=0.0), "stood still"),
        (lambda snrs, drift, seed: [snr >= 10 for snr in snrs], "stood still"),
        (
            lambda snrs, drift, seed: one_by_one(snrs, drift, seed, judge=lambda hits: len(hits) == 0),
            "missed",
        ),
        (lambda snrs, drift, seed: one_by_one(snrs, drift, seed, threshold=25), "to be 10"),
        (lambda snrs, drift, seed: sum(one_by_one(snrs, drift, seed)), "shape"),
        (lambda snrs, drift, seed: one_by_one(snrs, -drift, seed)[::-1], "For "),
        (lambda snrs, drift, seed: None, "return"),
    ],
    "L08-2": [
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
    "L08-3": [
        (1, "take away"),
        (0.15866, "missed"),
        (0.6827, "both sides"),
        (0.5, "SNR 10 exactly"),
        (84.134, "percent"),
    ],
    "L08-4": [
        (0.85, "full resolution"),
        (4, "told to look"),
        (1.6, "nearly all"),
        (16, "channels"),
        (3.1, "."),
    ],
    "L08-5": [
        (8.276e36, "jansky"),
        (2.069e10, "4 is missing"),
        (8.276e9, "both are needed"),
        (1.1704e11, "polarisations"),
        (2.962e10, "a flux a hertz"),
        (8.692e-23, "parsec"),
    ],
    "L08-6": [
        (0.00144509, "37 %"),
        (7.2254e-5, "says nothing"),
        (0.99568, "does not transmit"),
        (7.4120e-5, "should be 5 %"),
        (0.43197, "percent"),
    ],
}
