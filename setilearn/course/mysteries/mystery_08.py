"""The mystery of lesson 08."""

import numpy as np
import pandas as pd

from setilearn.course.answers import number
from setilearn.course.mystery import Mystery


def make_mystery(seed):
    """Injections into an unknown search: its threshold, the drifts that it sees, and what it loses anyhow."""
    rng = np.random.default_rng([8, seed])
    threshold, max_drift_hz_s = float(rng.uniform(8, 25)), float(rng.uniform(0.8, 3.5))
    lost_share, n = float(rng.uniform(0.05, 0.35)), 6000
    snr, drift_hz_s = rng.uniform(3, 45, n), rng.uniform(-4, 4, n)
    seen = (snr + rng.normal(size=n) > threshold) & (np.abs(drift_hz_s) < max_drift_hz_s)
    found = seen & (rng.random(n) >= lost_share)
    data = pd.DataFrame({"snr": snr.round(2), "drift_hz_s": drift_hz_s.round(3), "found": found})
    return data, {"threshold": threshold, "max_drift_hz_s": max_drift_hz_s, "lost_share": lost_share}


MYSTERY = Mystery(
    question="What is the threshold of this search, up to which drift, in Hz/s, does it see anything, and "
    "what share (0 to 1) of the strong and slow tones does it lose all the same?",
    make=make_mystery,
    checks={
        "threshold": number(rel_tol=0, abs_tol=1.0),
        "max_drift_hz_s": number(unit="Hz/s", rel_tol=0, abs_tol=0.15),
        "lost_share": number(rel_tol=0, abs_tol=0.06),
    },
)
