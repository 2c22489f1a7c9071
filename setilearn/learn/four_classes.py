"""The four classes of pictures, simulated with the recipe of the published "basic" set.

The four classes and the recipe are those of the "basic" set that the SETI Institute simulated in 2017
and that courses still train on: a tone in Gaussian noise, 8-bit complex samples, 256 spectra of 512
points, the logarithm of the power divided by its maximum, coloured with matplotlib's "jet", shrunk
to 64 x 128 (Lanczos) and turned to grey. Because the top of "jet" is a dark red, a line is dark.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import ImageError
from setilearn.learn.images import IMAGE_SIZE, ImageSet, one_hot, picture, require_size
from setilearn.progress import progress_bar

if TYPE_CHECKING:
    import pandas as pd

CLASS_NAMES = ("squiggle", "narrowband", "narrowbanddrd", "noise")
STRAIGHT, BENT = "narrowband", "narrowbanddrd"  # the two kinds of line
# The columns of the published labels: as the program that wrote them numbers the classes, and as the
# course's text names them. Lesson 10 weighs the evidence.
RELEASED_NAMES = ("squiggle", "narrowbanddrd", "narrowband", "noise")
COURSE_NAMES = ("squiggle", "narrowband", "noise", "narrowbanddrd")
FULL_SIZE = (256, 512)  # spectra, points of each
SIGMA = 13.0  # of the noise, in each of the two components of an 8-bit sample
NOISE_POWER = 2 * SIGMA**2 * FULL_SIZE[1]  # mean power of the noise in a point of a spectrum
PARAMETERS = ("class_name", "index", "snr", "w0", "drift", "drd", "jitter")

# What the parameters of each class are drawn from, evenly. The sign of drd is a coin's.
_W0 = (-2 * np.pi / 3, 2 * np.pi / 3)
_RANGES = {
    "basic": {
        "squiggle": {"snr": (0.4, 0.5), "w0": _W0, "drift": (-0.004, 0.004), "jitter": (0.001, 0.01)},
        "narrowband": {"snr": (0.2, 0.3), "w0": _W0, "drift": (-0.004, 0.004)},
        "narrowbanddrd": {"snr": (0.2, 0.3), "w0": _W0, "drift": (-0.004, 0.004), "drd": (0.005, 0.01)},
        "noise": {},
    },
    "primary": {
        "squiggle": {"snr": (0.1, 0.5), "w0": _W0, "drift": (-0.0075, 0.0075), "jitter": (0.0001, 0.005)},
        "narrowband": {"snr": (0.05, 0.4), "w0": _W0, "drift": (-0.0075, 0.0075)},
        "narrowbanddrd": {"snr": (0.05, 0.4), "w0": _W0, "drift": (-0.0075, 0.0075), "drd": (0.01, 0.08)},
        "noise": {},
    },
}
DIFFICULTIES = tuple(_RANGES)
_KEPT_BYTES = 2**24


def simulate_images(
    n_per_class: int,
    seed: int = 0,
    *,
    difficulty: str = "basic",
    size: tuple[int, int] = IMAGE_SIZE,
    progress: bool = True,
) -> ImageSet:
    """Image set of the four classes, each with its true parameters.

    A tone has the angular frequency, in radians a sample, ::

        w(n) = w0 + drift n/1024 + 1e-6 drd/1024 n^2/2 + jitter (sum of n numbers drawn from -1..1)

    and the amplitude ``snr`` times the noise in one component; it is silent where it would be above
    the Nyquist frequency. An image depends on its seed, class and number alone: a larger set begins
    with the smaller one, and another size or difficulty keeps the noise.

    Parameters
    ----------
    n_per_class : int
        Images of each class. Their order is that of `CLASS_NAMES`, again and again.
    difficulty : str
        ``"basic"`` or ``"primary"``, where lines are weaker and steeper.
    size : (int, int)
        Rows and columns; (256, 512) is the full resolution, as it is before it is shrunk.
    progress : bool
        Show a progress bar.

    Returns
    -------
    ImageSet
        ``parameters`` has the columns `PARAMETERS`; what a class does not have is 0, and the ``w0``
        of noise is missing (NaN).

    Raises
    ------
    ImageError
        Where an argument is none of the above.

    Source: the SETI Institute's signal simulator (2017), classes "basic" version 2 and "primary" version 3.
    """
    if difficulty not in _RANGES:
        raise ImageError(f"difficulty: expected one of {', '.join(_RANGES)}, found {difficulty!r}")
    size = require_size(size)
    for name, value, least in (("n_per_class", n_per_class, 1), ("seed", seed, 0)):
        if not isinstance(value, (int, np.integer)) or value < least:
            raise ImageError(f"{name}: expected a whole number of at least {least}, found {value!r}")
    which = [(name, index) for index in range(n_per_class) for name in CLASS_NAMES]
    images = np.empty((len(which), *size, 1), dtype=np.float32)

    def make(place):
        parameters, samples = _simulate_samples(seed, *which[place], _RANGES[difficulty])
        images[place, :, :, 0] = picture(spectra(samples), size)
        return parameters

    import pandas as pd

    # glibc gives the memory of each image back, and fetching it anew takes a quarter of the time. Once a
    # block as large as this has been freed, it keeps smaller ones.
    np.empty(_KEPT_BYTES, dtype=np.uint8)
    rows = _in_threads(make, range(len(which)), progress)
    labels = one_hot(np.tile(np.arange(len(CLASS_NAMES)), n_per_class), len(CLASS_NAMES))
    return ImageSet(images, labels, CLASS_NAMES, pd.DataFrame(rows, columns=list(PARAMETERS)))


def true_tracks(parameters: pd.DataFrame, size: tuple[int, int] = IMAGE_SIZE) -> np.ndarray:
    """Where the line of each simulated image is: its column in each row, float64 ``(n, rows)``.

    ``parameters`` are those of `simulate_images`. Columns and rows count from 0 at the middle of the
    first pixel. A squiggle, which goes where it likes, and noise have no track: NaN.
    """
    n_rows, n_columns = require_size(size)
    n_samples = FULL_SIZE[0] * FULL_SIZE[1]
    time = (np.arange(n_rows) + 0.5) * (n_samples / n_rows)
    w0, drift, drd, jitter = (parameters[[name]].to_numpy() for name in ("w0", "drift", "drd", "jitter"))
    frequency = w0 + drift / 1024 * time + 1e-6 * drd / 1024 * time**2 / 2
    # Frequency 0 is in the middle of a point of the spectrum, to the right of the middle of the picture.
    column = (0.5 + frequency / (2 * np.pi) + 0.5 / FULL_SIZE[1]) * n_columns - 0.5
    return np.where(jitter == 0, column, np.nan)


def spectra(samples):
    """Power, float32 `FULL_SIZE`, of the spectra of complex ``samples``; frequency 0 in the middle."""
    from scipy.fft import fft, fftshift

    amplitude = fftshift(fft(samples.reshape(FULL_SIZE), axis=1), axes=1)
    return amplitude.real**2 + amplitude.imag**2


def _simulate_samples(seed, class_name, index, ranges):
    """True parameters, and the samples, complex64 with whole-numbered components, of one image."""
    rng = np.random.default_rng([seed, CLASS_NAMES.index(class_name), index])
    drawn = {name: rng.uniform(*limits) for name, limits in ranges[class_name].items()}
    if "drd" in drawn:
        drawn["drd"] *= rng.choice((-1.0, 1.0))
    parameters = {"class_name": class_name, "index": index, "snr": 0.0, "w0": np.nan}
    parameters |= {"drift": 0.0, "drd": 0.0, "jitter": 0.0} | drawn
    n = FULL_SIZE[0] * FULL_SIZE[1]
    # Gaussian noise by Box and Muller: four times as fast as drawing the components one by one.
    amplitude = SIGMA * np.sqrt(-2 * np.log(1 - rng.random(n, dtype=np.float32)))
    real, imaginary = _components(amplitude, rng.random(n, dtype=np.float32))
    if drawn:
        tone = _components(*_tone(parameters, n, rng))
        real += tone[0]
        imaginary += tone[1]
    samples = np.empty(n, dtype=np.complex64)
    # The simulator cuts the digits off, it does not round.
    samples.real, samples.imag = (np.trunc(np.clip(part, -127, 127)) for part in (real, imaginary))
    return parameters, samples


def _components(amplitude, turns):
    """Both components, float32, of ``amplitude`` at ``turns`` of the circle."""
    phase = turns * np.float32(2 * np.pi)
    return amplitude * np.cos(phase), amplitude * np.sin(phase)


def _tone(parameters, n, rng):
    """Amplitude of the tone at each sample, and its phase in turns, without the whole ones; float32."""
    time = np.arange(n, dtype=np.float64)
    frequency = time * (1e-6 * parameters["drd"] / 1024 / 2)
    frequency += parameters["drift"] / 1024
    frequency *= time
    frequency += parameters["w0"]
    if parameters["jitter"]:
        frequency += parameters["jitter"] * np.cumsum(rng.uniform(-1, 1, n))
    amplitude = np.float32(parameters["snr"] * SIGMA) * (np.abs(frequency) <= np.pi)
    turns = np.cumsum(frequency) / (2 * np.pi)
    return amplitude, (turns - np.rint(turns)).astype(np.float32)


def _in_threads(work, items, shown):
    """Results of ``work`` for each item, in order; an interruption drops what has not begun."""
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        done = pool.map(work, items)
        return list(progress_bar(done, desc="images", unit="image", shown=shown, total=len(items)))
    finally:
        pool.shutdown(cancel_futures=True)
