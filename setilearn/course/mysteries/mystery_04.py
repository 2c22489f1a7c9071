"""The mystery of lesson 04."""

import numpy as np

from setilearn.course.answers import integer, number
from setilearn.course.mystery import Mystery
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone
from setilearn.spectrogram import Spectrogram


def make_mystery(seed):
    """Tones at rest in noise, and one dead channel."""
    rng = np.random.default_rng([4, seed])
    n_signals = int(rng.integers(2, 8))
    noise = simulate_noise(16, 2048, fch1_mhz=float(rng.uniform(1100, 1900)), n_pol=2, seed=seed)
    places = 40 + rng.permutation(np.arange(30))[: n_signals + 1] * 65
    snrs = np.sort(rng.uniform(16, 60, n_signals))
    snrs[-1] += 40  # no doubt which is the brightest
    drawn = noise
    for channel, snr in zip(places[1:], snrs, strict=True):
        drawn = add_tone(drawn, float(noise.header.frequency_mhz(int(channel))), snr=float(snr))
    power = drawn.power.copy()
    power[:, places[0]] = 0
    truth = {
        "n_signals": n_signals,
        "brightest_mhz": float(noise.header.frequency_mhz(int(places[-1]))),
        "brightest_snr": float(snrs[-1]),
        "dead_channel": int(places[0]),
    }
    return Spectrogram(power, drawn.header), truth


MYSTERY = Mystery(
    question="How many signals are in here? At what frequency, in MHz, is the brightest, and what is its SNR "
    "in the average over all integrations? One channel is dead: which number has it?",
    make=make_mystery,
    checks={
        "n_signals": integer(),
        "brightest_mhz": number(unit="MHz", rel_tol=0, abs_tol=4e-6),
        "brightest_snr": number(rel_tol=0.08),
        "dead_channel": integer(),
    },
)
