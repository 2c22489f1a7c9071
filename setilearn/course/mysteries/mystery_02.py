"""The mystery of lesson 02."""

import numpy as np

from setilearn.course.answers import choice, integer, number
from setilearn.course.mystery import Mystery
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone


def make_mystery(seed):
    """Two to five lines, one of which drifts; they stay well apart."""
    rng = np.random.default_rng([2, seed])
    n_lines, sign = int(rng.integers(2, 6)), int(rng.choice([-1, 1]))
    noise = simulate_noise(16, 600, fch1_mhz=float(rng.uniform(1100, 1900)), n_pol=2, seed=seed)
    channels = 60 + rng.permutation(np.arange(8))[:n_lines] * 65
    start_mhz = [float(noise.header.frequency_mhz(int(channel))) for channel in channels]
    drift_hz_s = sign * float(rng.uniform(0.15, 0.3))
    drawn = add_tone(noise, start_mhz[0], drift_hz_s=drift_hz_s, snr=150.0)
    for mhz in start_mhz[1:]:
        drawn = add_tone(drawn, mhz, snr=float(rng.uniform(60, 120)))
    direction = "up" if sign > 0 else "down"
    return drawn, {"n_lines": n_lines, "drifting_mhz": start_mhz[0], "direction": direction}


MYSTERY = Mystery(
    question="How many lines are in here? One of them drifts: at what frequency, in MHz, does it begin, "
    "in the first integration, and does its frequency go up or down?",
    make=make_mystery,
    checks={
        "n_lines": integer(),
        "drifting_mhz": number(unit="MHz", rel_tol=0, abs_tol=1.2e-5),
        "direction": choice("up", "down"),
    },
)
