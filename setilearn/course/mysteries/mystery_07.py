"""The mystery of lesson 07."""

import numpy as np

from setilearn.course.answers import number
from setilearn.course.mystery import Mystery
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone


def make_mystery(seed):
    """A carrier with a side band to either side, all of one drift, and a line of somebody else."""
    rng = np.random.default_rng([7, seed])
    noise = simulate_noise(16, 2**15, fch1_mhz=float(rng.uniform(2200, 8500)), n_pol=2, seed=seed)
    carrier_mhz = noise.header.fch1_mhz + rng.uniform(0.042, 0.050)
    drift_hz_s = float(rng.choice([-1, 1]) * rng.uniform(0.15, 0.6))
    subcarrier_khz = float(rng.uniform(8, 36))
    stranger_mhz = carrier_mhz + rng.choice([-1, 1]) * rng.uniform(0.002, 0.006)
    drawn = noise
    for mhz, drift, snr in (
        (carrier_mhz, drift_hz_s, 900.0),
        (carrier_mhz - subcarrier_khz / 1e3, drift_hz_s, 120.0),
        (carrier_mhz + subcarrier_khz / 1e3, drift_hz_s, 120.0),
        (stranger_mhz, float(rng.choice([0.0, -drift_hz_s])), 200.0),
    ):
        drawn = add_tone(drawn, mhz, drift_hz_s=drift, snr=snr)
    middle_hz = drift_hz_s * noise.header.tsamp_s / 2
    truth = {
        "carrier_mhz": float(carrier_mhz + middle_hz / 1e6),
        "drift_hz_s": drift_hz_s,
        "subcarrier_khz": subcarrier_khz,
        "stranger_mhz": float(stranger_mhz),
    }
    return drawn, truth


MYSTERY = Mystery(
    question="At what frequency, in MHz, is the spacecraft's carrier, how fast does it drift, in Hz/s, how "
    "many kHz is its subcarrier, and at what frequency, in MHz, is the line that does not belong to it?",
    make=make_mystery,
    checks={
        "carrier_mhz": number(unit="MHz", rel_tol=0, abs_tol=1.5e-5),
        "drift_hz_s": number(unit="Hz/s", rel_tol=0, abs_tol=0.02),
        "subcarrier_khz": number(unit="kHz", rel_tol=0, abs_tol=0.01),
        "stranger_mhz": number(unit="MHz", rel_tol=0, abs_tol=2e-5),
    },
)
