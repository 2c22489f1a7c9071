"""The mystery of lesson 14."""

import numpy as np
import pandas as pd

from setilearn.course.answers import number
from setilearn.course.mystery import Mystery


def make_mystery(seed):
    """Times of a program on some numbers of cores, by Amdahl's law."""
    rng = np.random.default_rng([14, seed])
    serial, one_core_s = float(rng.uniform(0.03, 0.3)), float(rng.uniform(20, 200))
    cores = np.array([1, 2, 3, 4, 6, 8, 12, 16])
    seconds = one_core_s * (serial + (1 - serial) / cores) * rng.normal(1, 0.004, len(cores))
    data = pd.DataFrame({"n_cores": cores, "seconds": seconds.round(2)})
    truth = {
        "serial_share": serial,
        "speed_up_64": 1 / (serial + (1 - serial) / 64),
        "n_cores_half_used": 1 + 1 / serial,
    }
    return data, truth


MYSTERY = Mystery(
    question="What share (0 to 1) of this program is serial? How many times as fast as on one core would it "
    "be on 64 cores, and up to how many cores is at least half of each used?",
    make=make_mystery,
    checks={
        "serial_share": number(rel_tol=0, abs_tol=0.02),
        "speed_up_64": number(rel_tol=0.15),
        "n_cores_half_used": number(rel_tol=0.2),
    },
)
