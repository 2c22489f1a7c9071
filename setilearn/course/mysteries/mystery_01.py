"""The mystery of lesson 01."""

import numpy as np

from setilearn.course.answers import choice, number
from setilearn.course.material.survey import scratch_folder
from setilearn.course.mystery import Mystery
from setilearn.read.filterbank import write_spectrogram
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone

# Channel width in Hz, integration time in s, integrations, channels.
_SETTINGS = {
    "high frequency": (2.7939677238464355, 18.253611008, (8, 40), (2000, 6000)),
    "medium": (2861.02294921875, 1.07374182, (100, 300), (500, 2000)),
    "high time": (366_210.9375, 0.00034952533333333, (1000, 3000), (100, 400)),
}


def make_mystery(seed):
    """A file of one of the products with one tone in it."""
    rng = np.random.default_rng([1, seed])
    product = rng.choice(list(_SETTINGS))
    foff_hz, tsamp_s, times, channels = _SETTINGS[product]
    n_time, n_chan = int(rng.integers(*times)), int(rng.integers(*channels))
    fch1_mhz = float(rng.uniform(1100, 9000))
    noise = simulate_noise(
        n_time, n_chan, fch1_mhz=fch1_mhz, foff_hz=foff_hz, tsamp_s=tsamp_s, source_name="unknown", seed=seed
    )
    tone_mhz = float(noise.header.frequency_mhz(int(rng.integers(n_chan // 10, n_chan - n_chan // 10))))
    path = scratch_folder() / f"unlabelled_{seed}.fil"
    write_spectrogram(add_tone(noise, tone_mhz, snr=200.0), path, descending=bool(rng.integers(2)))
    truth = {"brightest_mhz": tone_mhz, "minutes": n_time * tsamp_s / 60, "product": str(product)}
    return path, truth


def check_mhz(answer, reference):
    """Within 20 Hz in fine channels; coarse ones are wider than a file's rounding anyway."""
    return number(unit="MHz", rel_tol=0, abs_tol=2e-5)(answer, reference)


MYSTERY = Mystery(
    question="At what frequency, in MHz, is the strongest signal in this file (mean over the time)? How many "
    "minutes long is it? Is it a product of high frequency resolution, of high time resolution or medium?",
    make=make_mystery,
    checks={
        "brightest_mhz": check_mhz,
        "minutes": number(unit="minutes", rel_tol=0.002),
        "product": choice("high frequency", "high time", "medium"),
    },
)
