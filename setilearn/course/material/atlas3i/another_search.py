"""Lesson 15: a search made up for its mystery."""

import numpy as np
import pandas as pd

from setilearn.course.material.atlas3i import DOWNLINKS, SIX_SCANS


def make_mystery(seed):
    """A table of survivors like that of the lesson, with one signal left by all rules or with none."""
    rng = np.random.default_rng([15, seed])
    n_chance, n_carriers, n_still, n_satellites = rng.integers([150, 12, 3, 3], [300, 30, 9, 12])
    n_real = int(rng.random() < 0.6)
    kinds = np.repeat(np.arange(5), [n_chance, n_carriers, n_still, n_satellites, n_real])
    rng.shuffle(kinds)
    n = len(kinds)
    snr = np.where(np.arange(6) % 2 == 0, rng.uniform(8.2, 45, (n, 6)), rng.uniform(-6, 3.9, (n, 6)))
    missing = kinds == 0  # from one ON or more, by little or by much
    snr[missing, 2 * rng.integers(0, 3, n)[missing]] = rng.uniform(1, 7.9, missing.sum())
    loud = (kinds == 1) | (missing & (rng.random(n) < 0.3))
    snr[loud, 2 * rng.integers(0, 3, n)[loud] + 1] = rng.uniform(4.1, 15, loud.sum())
    drift_hz_s = rng.choice([-1, 1], n) * rng.integers(1, 65, n) / 16
    drift_hz_s[(kinds == 2) | ((kinds < 2) & (rng.random(n) < 0.4))] = 0.0
    low, high = np.array([band[1:3] for band in DOWNLINKS])[rng.integers(0, len(DOWNLINKS), n)].T
    # Above every downlink up to 2.4 GHz there is room.
    outside = rng.uniform(1230, 1520, n)
    in_downlink = (kinds == 3) | ((kinds < 3) & (rng.random(n) < 0.6))
    frequency_mhz = np.where(in_downlink, rng.uniform(low, high), outside)
    columns = {"frequency_mhz": frequency_mhz.round(6), "drift_hz_s": drift_hz_s}
    data = pd.DataFrame(columns | dict(zip(SIX_SCANS, snr.round(3).T, strict=True)))
    truth = {
        "after_on": n - n_chance,
        "after_off": n_still + n_satellites + n_real,
        "after_drift": n_satellites + n_real,
        "left": int(np.flatnonzero(kinds == 4)[0]) if n_real else -1,
    }
    return data, {part: int(value) for part, value in truth.items()}
