"""The four classes by others: voltages of setigen, spectra of NumPy, matplotlib's colours, Pillow's scaling.

Nothing here is the package's own but the form of the result: an independent witness of what a classifier is
worth that has learned from the package's simulation (B. Brzycki and others 2022, AJ 163, 222, for setigen).
"""

import numpy as np
import pandas as pd

from setilearn.learn.four_classes import CLASS_NAMES
from setilearn.learn.images import ImageSet, one_hot

SAMPLE_RATE_HZ = 2.0  # of a real signal: complex samples of the same band come once a second
SIGMA = 13.0
N_SPECTRA, N_POINTS = 256, 512


def setigen_images(n_per_class, seed):
    """An `ImageSet` of the "basic" kind, with its parameters, class after class in turn."""
    rng = np.random.default_rng(seed)
    rows = [draw(rng, name) for _ in range(n_per_class) for name in CLASS_NAMES]
    images = np.stack([picture(power(row, rng)) for row in rows])[..., None]
    parameters = pd.DataFrame(rows)
    classes = [CLASS_NAMES.index(name) for name in parameters["class_name"]]
    return ImageSet(images, one_hot(classes, len(CLASS_NAMES)), CLASS_NAMES, parameters)


def draw(rng, class_name):
    """The true parameters of one picture, in the units of the published simulator."""
    squiggle, line = class_name == "squiggle", class_name.startswith("narrowband")
    return {
        "class_name": class_name,
        "snr": rng.uniform(0.4, 0.5) if squiggle else rng.uniform(0.2, 0.3) * line,
        "w0": rng.uniform(-2, 2) * np.pi / 3,
        "drift": rng.uniform(-0.004, 0.004),
        "drd": rng.choice([-1, 1]) * rng.uniform(0.005, 0.01) * (class_name == "narrowbanddrd"),
        "jitter": rng.uniform(0.001, 0.01) * squiggle,
    }


def power(row, rng):
    """Power of 256 spectra of 512 points of a real voltage with one signal in it."""
    from setigen.voltage import Antenna

    antenna = Antenna(sample_rate=SAMPLE_RATE_HZ, fch1=0.0, num_pols=1, seed=int(rng.integers(2**31)))
    antenna.x.add_noise(0, SIGMA)
    level = row["snr"] * SIGMA
    # From radians a complex sample (of 1 s) around the middle of the band, which is 1 Hz wide.
    start_hz = 0.5 + row["w0"] / (2 * np.pi)
    drift_hz_s = row["drift"] / 1024 / (2 * np.pi)
    if row["jitter"]:
        steps = row["jitter"] * rng.uniform(-1, 1, N_SPECTRA * N_POINTS)

        def squiggle(times):
            # The frequency wanders from one complex sample to the next, the second half of which keeps it.
            wander_hz = np.repeat(np.cumsum(steps), 2) / (2 * np.pi)
            frequency_hz = start_hz + drift_hz_s * times + wander_hz
            inside = (frequency_hz > 0) & (frequency_hz < SAMPLE_RATE_HZ / 2)
            return level * inside * np.cos(2 * np.pi * np.cumsum(frequency_hz) / SAMPLE_RATE_HZ)

        antenna.x.add_signal(squiggle)
    elif row["drd"]:
        change_hz_s2 = 1e-6 * row["drd"] / 1024 / (2 * np.pi)

        def bent(times):
            turns = start_hz * times + drift_hz_s * times**2 / 2 + change_hz_s2 * times**3 / 6
            return level * np.cos(2 * np.pi * turns)

        antenna.x.add_signal(bent)
    elif row["snr"]:
        antenna.x.add_constant_signal(start_hz, drift_hz_s, level)
    voltage = antenna.get_samples(2 * N_SPECTRA * N_POINTS)[0, 0]
    voltage = np.clip(voltage, -127, 127).astype(np.int8)
    return np.abs(np.fft.rfft(voltage.reshape(N_SPECTRA, 2 * N_POINTS), axis=1)[:, :N_POINTS]) ** 2


def picture(power):
    """Grey values in 0..1 by the published way: log, over its maximum, "jet", Lanczos, grey."""
    from matplotlib import cm
    from PIL import Image

    log_power = np.log(np.maximum(power, 1))
    colour = Image.fromarray(cm.jet(log_power / log_power.max(), bytes=True)[..., :3])
    grey = colour.resize((128, 64), Image.Resampling.LANCZOS).convert("L")
    return np.asarray(grey, dtype=np.float32) / 255
