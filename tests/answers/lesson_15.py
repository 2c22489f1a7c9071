"""Lesson 15: right answers, wrong ones with words of the message, and the mystery solved."""

import numpy as np

from setilearn.course.material.atlas3i import SIX_SCANS, downlinks

RIGHT_CLAIM = {"who": "b", "when": "c", "where": "a", "power": "c", "kind": "b"}


def ons_by_hand(snr, least):
    return np.array([min(row[0], row[2], row[4]) >= least for row in snr], dtype=bool)


def offs_by_hand(snr, below):
    return [bool(row[1] < below and row[3] < below and row[5] < below) for row in snr]


def band_by_hand(frequency_mhz, bands):
    return np.array([any(low <= f <= high for low, high in bands) for f in frequency_mhz], dtype=bool)


def limit_by_hand(distance_m, snr, drift_hz_s):
    """After the radiometer equation, in the flux density of one channel."""
    crossed = np.maximum(np.abs(drift_hz_s) * 18.25 / 2.79, 1.0)
    flux_density = snr * 10 / np.sqrt(2 * 300 * 2.79) * 1e-26
    return 4 * np.pi * distance_m**2 * flux_density * 2.79 * crossed


def limit_in_bins(distance_m, snr, drift_hz_s):
    return limit_by_hand(distance_m, snr, 0) * max(1, abs(drift_hz_s) * 18.25 / 2.79) ** 0.5


def plan_by_hand(n_scans, network_gb_s, core_gb_s, n_cores):
    gb = 10.2 * n_scans
    hours = [gb / rate / 3600 for rate in (network_gb_s, core_gb_s * n_cores)]
    return [*hours, max(hours)]


RIGHT = {
    "L15-1": [8, 8.0, np.int64(8)],
    "L15-2": [ons_by_hand, lambda snr, least: np.all(snr[:, [0, 2, 4]] >= least, axis=1)],
    "L15-3": [offs_by_hand, lambda snr, below: snr[:, [1, 3, 5]].max(axis=1) < below],
    "L15-4": [
        band_by_hand,
        lambda mhz, bands: [bool(((bands[:, 0] <= f) & (f <= bands[:, 1])).any()) for f in mhz],
    ],
    "L15-5": [17, np.int64(17)],
    # 4 pi (2.690e11 m)^2 x 16 x 1e-25 x sqrt(2.79 / 600) = 0.0992 W for what does not drift
    "L15-6": [limit_by_hand],
    "L15-7": [RIGHT_CLAIM, {part: letter.upper() for part, letter in RIGHT_CLAIM.items()}],
    "L15-8": [plan_by_hand],
}

WRONG = {
    "L15-1": [
        (7, "89.6 %"),
        (54, "90 % of the recordings"),
        (60, "[Ll]argest first"),
        (1, "alone"),
        (9, "by one"),
        (0.9, "whole number"),
    ],
    "L15-2": [
        (lambda snr, least: (snr[:, ::2] >= least).any(axis=1), "`all`, not `any`"),
        (lambda snr, least: (snr[:, 1::2] >= least).all(axis=1), "Those are the OFFs"),
        (lambda snr, least: (snr[:, :3] >= least).all(axis=1), "take turns"),
        (lambda snr, least: np.min(snr, axis=1) >= least, "all six"),
        (lambda snr, least: (snr[:, ::2] > least).all(axis=1), "means >="),
        (lambda snr, least: (snr[:, ::2] >= 8).all(axis=1), "argument `least`"),
        (lambda snr, least: np.mean(snr[:, ::2], axis=1) >= least, "mean hides"),
        (lambda snr, least: (snr[:, ::2] >= least).all(axis=0), "shape"),
        (lambda snr, least: bool((snr[:, ::2] >= least).all()), "shape"),
        (lambda snr, least: None, "return"),
        (True, "Expected a function"),
    ],
    "L15-3": [
        (lambda snr, below: (snr[:, 1::2] < below).any(axis=1), "One quiet OFF"),
        (lambda snr, below: (snr[:, 0::2] < below).all(axis=1), "Those are the ONs"),
        (lambda snr, below: (snr[:, 3:] < below).all(axis=1), "take turns"),
        (lambda snr, below: ~(snr[:, 1::2] > below).any(axis=1), "< and not <="),
        (lambda snr, below: (np.abs(snr[:, 1::2]) < below).all(axis=1), "below zero"),
        (lambda snr, below: (snr[:, 1::2] < 4).all(axis=1), "argument `below`"),
        (lambda snr, below: (snr[:, 1::2] >= below).any(axis=1), "other way round"),
        (lambda snr, below: snr[:, 1::2] < below, "shape"),
    ],
    "L15-4": [
        (
            lambda mhz, bands: (mhz >= bands[-1][0]) & (mhz <= bands[-1][1]) if len(bands) else mhz < 0,
            "last band",
        ),
        (lambda mhz, bands: [False] * len(mhz), "Nothing is in a band"),
        (lambda mhz, bands: ~band_by_hand(mhz, bands), "other way round"),
        (lambda mhz, bands: np.array([any(f >= low for low, _ in bands) for f in mhz]), "upper end"),
        (lambda mhz, bands: np.array([any(f <= high for _, high in bands) for f in mhz]), "lower end"),
        (lambda mhz, bands: np.array([any(a < f < b for a, b in bands) for f in mhz]), "ends of a band"),
        (lambda mhz, bands: len(mhz), "shape"),
    ],
    "L15-5": [
        (20, "above 16"),
        (274, "below 10"),
        (10, "among the 27"),
        (29, "counts OFF scans"),
        (291, "nearly all"),
        (18, "by one"),
        (34, "factor of 2"),
    ],
    "L15-6": [
        (lambda d, s, v: limit_by_hand(d, s, 0) * abs(v) * 18.25 / 2.79, "at least 1"),
        (lambda d, s, v: limit_by_hand(d, s, 0), "one n-th"),
        (lambda d, s, v: limit_by_hand(d, s, max(v, 0)), "its size counts"),
        (limit_in_bins, "single channels"),
        (lambda d, s, v: limit_by_hand(d, s, v) / d, "square of the distance"),
        (lambda d, s, v: limit_by_hand(d, s, v) * 2**0.5, "two polarisations"),
        (lambda d, s, v: limit_by_hand(d, s, v) * 1e26, "1e-26"),
        (lambda d, s, v: limit_by_hand(d, 16, v), "argument `snr`"),
        (lambda d, s, v: limit_by_hand(d, s, v) / 4, "4 pi d squared"),
        (lambda d, s, v: limit_by_hand(d, s, v) / 10, r"factor of 10\^1"),
    ],
    "L15-7": [
        ({"who": "a", "when": "a", "where": "c", "power": "a", "kind": "a"}, "headline"),
        ({"who": "c", "when": "b", "where": "b", "power": "b", "kind": "c"}, "as narrowly"),
        (RIGHT_CLAIM | {"who": "a"}, "1 of 5.*silent spacecraft"),
        (RIGHT_CLAIM | {"when": "b"}, "24 hours"),
        (RIGHT_CLAIM | {"where": "b"}, "thrown out as well"),
        (RIGHT_CLAIM | {"power": "b", "kind": "c"}, "2 of 5.*other way round"),
        (RIGHT_CLAIM | {"kind": "x"}, "one of the letters"),
        ("bcacb", "a letter for each"),
        ({"who": "b"}, "a letter for each"),
    ],
    "L15-8": [
        (
            lambda n, net, core, k: (
                *plan_by_hand(n, net, core, k)[:2],
                sum(plan_by_hand(n, net, core, k)[:2]),
            ),
            "pace",
        ),
        (
            lambda n, net, core, k: (*plan_by_hand(n, net, core, k)[:2], min(plan_by_hand(n, net, core, k))),
            "faster",
        ),
        (lambda n, net, core, k: np.array(plan_by_hand(n, net, core, k)) * 3600, "in seconds"),
        (lambda n, net, core, k: plan_by_hand(n, net, core, 1), "rates add up"),
        (lambda n, net, core, k: plan_by_hand(n / 10.2, net, core, k), "10.2 GB"),
        (lambda n, net, core, k: plan_by_hand(n, net / 8, core, k), "no bits"),
        (lambda n, net, core, k: plan_by_hand(n, net, core, k)[:2], "shape"),
        (lambda n, net, core, k: np.array(plan_by_hand(n, net, core, k)) / 24, "3 of 3|24|off"),
    ],
}


def solve_mystery(data):
    snr = data[SIX_SCANS]
    left = data[(snr[["snr_a1", "snr_a2", "snr_a3"]].min(axis=1) >= 8)]
    counts = {"after_on": len(left)}
    left = left[left[["snr_b", "snr_c", "snr_d"]].max(axis=1) < 4]
    counts["after_off"] = len(left)
    left = left[left["drift_hz_s"] != 0]
    counts["after_drift"] = len(left)
    for band in downlinks().itertuples():
        left = left[~left["frequency_mhz"].between(band.low_mhz, band.high_mhz)]
    return counts | {"left": int(left.index[0]) if len(left) else -1}


MYSTERY_SLIPS = [
    ("after_on", lambda right: right + 1),
    ("after_off", lambda right: 2 * right),
    ("left", lambda right: 0 if right == -1 else -1),
    ("left", lambda right: right + 1),
]
