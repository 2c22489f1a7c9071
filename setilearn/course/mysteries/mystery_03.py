"""The mystery of lesson 03."""

import numpy as np

from setilearn.course.answers import number
from setilearn.course.mystery import Mystery
from setilearn.simulate.voltages import simulate_voltages


def make_mystery(seed):
    """A strong sine half-way between two channels of 1 kHz, and a weak one in its leakage."""
    rng = np.random.default_rng([3, seed])
    strong_khz = float(rng.integers(-300, 300)) + 0.5
    weak_khz = float(round(strong_khz + rng.choice([-1, 1]) * rng.integers(12, 30)))
    tones = [(strong_khz * 1e3, 1.0, 0.0), (weak_khz * 1e3, float(rng.uniform(0.003, 0.006)), 0.0)]
    voltages = simulate_voltages(204_800, 1_024_000, tones=tones, noise_sigma=0.01, seed=seed)
    return voltages, {"strong_khz": strong_khz, "weak_khz": weak_khz}


MYSTERY = Mystery(
    question="Two sines are in these voltages. How many kHz above the centre is the strong one, and how many "
    "is the weak one? Within 0.8 kHz will do.",
    make=make_mystery,
    checks={
        "strong_khz": number(unit="kHz", rel_tol=0, abs_tol=0.8),
        "weak_khz": number(unit="kHz", rel_tol=0, abs_tol=0.8),
    },
)
