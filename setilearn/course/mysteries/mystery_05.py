"""The mystery of lesson 05."""

import numpy as np

from setilearn.course.answers import number
from setilearn.course.lesson_05 import SPEED_OF_LIGHT_M_S
from setilearn.course.mystery import Mystery
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone


def make_mystery(seed):
    """One drifting tone in noise, too faint to be seen in a single integration."""
    rng = np.random.default_rng([5, seed])
    noise = simulate_noise(16, 16_384, fch1_mhz=float(rng.uniform(1100, 11_000)), n_pol=2, seed=seed)
    frequency_mhz = float(noise.header.frequency_mhz(int(rng.integers(1000, 15_000))))
    drift_hz_s = float(rng.choice([-1, 1]) * rng.uniform(0.15, 2.0))
    drawn = add_tone(noise, frequency_mhz, drift_hz_s=drift_hz_s, snr=float(rng.uniform(80, 120)))
    middle_mhz = frequency_mhz + drift_hz_s * noise.header.tsamp_s / 2 / 1e6
    acceleration_m_s2 = drift_hz_s / (frequency_mhz * 1e6) * SPEED_OF_LIGHT_M_S
    truth = {
        "frequency_mhz": middle_mhz,
        "drift_hz_s": drift_hz_s,
        "acceleration_m_s2": acceleration_m_s2,
    }
    return drawn, truth


MYSTERY = Mystery(
    question="At what frequency, in MHz, is the transmitter in the first integration, how fast does it "
    "drift, in Hz/s, and which acceleration, in m/s^2, is behind that?",
    make=make_mystery,
    checks={
        "frequency_mhz": number(unit="MHz", rel_tol=0, abs_tol=2.5e-5),
        "drift_hz_s": number(unit="Hz/s", rel_tol=0.02, abs_tol=0.03),
        "acceleration_m_s2": number(unit="m/s^2", rel_tol=0.1),
    },
)
