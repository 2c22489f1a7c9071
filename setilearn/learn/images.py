"""Image sets: spectrograms as the grey pictures that a network learns from.

The four classes and the recipe are those of the "basic" set that the SETI Institute simulated in 2017
and that courses still train on: a tone in Gaussian noise, 8-bit complex samples, 256 spectra of 512
points, the logarithm of the power divided by its maximum, coloured with matplotlib's "jet", shrunk
to 64 x 128 (Lanczos) and turned to grey. Because the top of "jet" is a dark red, a line is dark.
"""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from setilearn.errors import ImageError

CLASS_NAMES = ("squiggle", "narrowband", "narrowbanddrd", "noise")
STRAIGHT, BENT = "narrowband", "narrowbanddrd"  # the two kinds of line
# The columns of the published labels: as the program that wrote them numbers the classes, and as the
# course's text names them. Lesson 10 weighs the evidence.
RELEASED_NAMES = ("squiggle", "narrowbanddrd", "narrowband", "noise")
COURSE_NAMES = ("squiggle", "narrowband", "noise", "narrowbanddrd")
IMAGE_SIZE = (64, 128)
HALF_WIDTH = 12  # columns that are kept to either side of a line (`setilearn.learn.align`)
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


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Pictures and what they show.

    ``images`` float32 ``(n, rows, columns, 1)`` in 0..1, time downwards and frequency to the right;
    ``labels`` one-hot float32 ``(n, n_classes)``, ``(n, 0)`` where nobody knows; ``class_names``
    a tuple, one for each column of ``labels``; ``parameters`` None or a DataFrame with a row for
    each image, such as the true parameters of what was simulated.

    ``image_set[10:20]``, with an array of places or with a mask gives the set of those images.
    Raises `ImageError` where shapes do not fit together.
    """

    images: np.ndarray
    labels: np.ndarray
    class_names: tuple
    parameters: object = field(default=None)

    def __post_init__(self):
        images, labels = (np.asarray(array, dtype=np.float32) for array in (self.images, self.labels))
        n = len(images) if images.ndim else 0
        if images.ndim != 4 or images.shape[3] != 1:
            raise ImageError(f"images: expected the shape (n, rows, columns, 1), found {images.shape}")
        if labels.shape != (n, len(self.class_names)):
            raise ImageError(
                f"labels: expected the shape ({n}, {len(self.class_names)}) for {n} images of the classes "
                f"{', '.join(self.class_names) or '(none)'}, found {labels.shape}"
            )
        if self.parameters is not None and len(self.parameters) != n:
            raise ImageError(f"parameters: expected {n} rows, found {len(self.parameters)}")
        object.__setattr__(self, "images", images)
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "class_names", tuple(self.class_names))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, key):
        if isinstance(key, (int, np.integer)):
            raise ImageError(f"expected a slice, an array of places or a mask, found the number {key}")
        parameters = self.parameters
        if parameters is not None:
            parameters = parameters.iloc[key].reset_index(drop=True)
        return ImageSet(self.images[key], self.labels[key], self.class_names, parameters)

    @property
    def class_index(self):
        """Class of each image as its place in ``class_names``, int64 ``(n,)``.

        Raises `ImageError` where the images have no labels.
        """
        if not self.class_names:
            raise ImageError("expected images with labels, found a set without classes")
        return self.labels.argmax(axis=1)


def one_hot(class_index, n_classes):
    """Float32 ``(n, n_classes)`` with a one in the column that ``class_index`` names, zeros elsewhere."""
    return np.eye(n_classes, dtype=np.float32)[np.asarray(class_index, dtype=np.int64)]


def simulate_images(n_per_class, seed=0, *, difficulty="basic", size=IMAGE_SIZE, progress=True):
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
    size = _require_size(size)
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


def true_tracks(parameters, size=IMAGE_SIZE):
    """Where the line of each simulated image is: its column in each row, float64 ``(n, rows)``.

    ``parameters`` are those of `simulate_images`. Columns and rows count from 0 at the middle of the
    first pixel. A squiggle, which goes where it likes, and noise have no track: NaN.
    """
    n_rows, n_columns = _require_size(size)
    n_samples = FULL_SIZE[0] * FULL_SIZE[1]
    time = (np.arange(n_rows) + 0.5) * (n_samples / n_rows)
    w0, drift, drd, jitter = (parameters[[name]].to_numpy() for name in ("w0", "drift", "drd", "jitter"))
    frequency = w0 + drift / 1024 * time + 1e-6 * drd / 1024 * time**2 / 2
    # Frequency 0 is in the middle of a point of the spectrum, to the right of the middle of the picture.
    column = (0.5 + frequency / (2 * np.pi) + 0.5 / FULL_SIZE[1]) * n_columns - 0.5
    return np.where(jitter == 0, column, np.nan)


def straighten(images, tracks, offsets):
    """Images cut along their tracks, float32 ``(n, rows, len(offsets))``: a line on its track stands upright.

    ``offsets`` are columns to the right of the track; values between pixels are interpolated, and what
    is beyond the edge comes from the other one, as in a spectrum, which goes round.
    """
    from scipy.ndimage import map_coordinates

    n, n_rows, _, _ = images.shape
    columns = tracks[:, :, None] + np.asarray(offsets)
    places = np.broadcast_arrays(np.arange(n)[:, None, None], np.arange(n_rows)[:, None], columns)
    return map_coordinates(images[..., 0], places, order=1, mode="grid-wrap")


def spectra(samples):
    """Power, float32 `FULL_SIZE`, of the spectra of complex ``samples``; frequency 0 in the middle."""
    from scipy.fft import fft, fftshift

    amplitude = fftshift(fft(samples.reshape(FULL_SIZE), axis=1), axes=1)
    return amplitude.real**2 + amplitude.imag**2


def picture(power, size=IMAGE_SIZE, *, full_power=None):
    """Power ``(rows, columns)`` as a picture of another ``size``, float32 in 0..1 with 8 bits.

    Natural logarithm, divided by its maximum; "jet"; Lanczos; grey (ITU-R 601): the recipe of the
    published set. It wants power well above 1, as the 8-bit samples of that set have. With
    ``full_power`` the logarithm of that power is the divisor, for all pictures the same, and what is
    stronger is drawn as if it were as strong.
    """
    from PIL import Image

    # No power at all, which 8-bit samples may have, counts as 1.
    log_power = np.log(np.maximum(power, 1))
    top = log_power.max() if full_power is None else math.log(full_power)
    colour = np.minimum(log_power * np.float32(256 / top), 255).astype(np.uint8)
    image = Image.fromarray(colour)
    image.putpalette(_jet())
    image = image.convert("RGB")
    if image.size != (size[1], size[0]):
        image = image.resize((size[1], size[0]), Image.Resampling.LANCZOS)
    return np.asarray(image.convert("L"), dtype=np.float32) / 255


@cache
def _jet():
    from matplotlib import colormaps

    return colormaps["jet"](np.arange(256), bytes=True)[:, :3].tobytes()


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
    from tqdm.auto import tqdm

    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        bar = tqdm(pool.map(work, items), total=len(items), desc="images", unit="image", disable=not shown)
        return list(bar)
    finally:
        pool.shutdown(cancel_futures=True)


def _require_size(size):
    rows_columns = tuple(size) if np.ndim(size) == 1 else (size,)
    whole = all(isinstance(length, (int, np.integer)) and length > 0 for length in rows_columns)
    if len(rows_columns) != 2 or not whole:
        raise ImageError(f"size: expected rows and columns such as (64, 128), found {size!r}")
    return rows_columns


def split_images(image_set, shares=(0.7, 0.15, 0.15), seed=0, *, groups=None):
    """Cut an image set into parts that have nothing in common, such as training, validation and test.

    Images that are equal to the last bit stay together, and so do those of one group. Each part gets
    its share of every class, as near as whole groups allow.

    Parameters
    ----------
    shares : sequence of float
        Of each part; their sum is 1.
    groups : array-like of n, optional
        What an image belongs to, such as the recording that it was cut from: a model that has seen one
        cut of a recording knows the noise and the interference of the others.

    Returns
    -------
    tuple of ImageSet
        One for each share, in random order.

    Raises
    ------
    ImageError
        Where shares or groups make no sense, or a class is too small to be in each part.
    """
    shares = np.asarray(shares, dtype=np.float64)
    if shares.ndim != 1 or len(shares) < 2 or not (shares > 0).all() or not math.isclose(shares.sum(), 1):
        raise ImageError(f"shares: expected two or more above 0 with the sum 1, found {shares.tolist()}")
    rng = np.random.default_rng(seed)
    family = _families(image_set, groups)
    _, first, sizes = np.unique(family, return_index=True, return_counts=True)
    class_of = image_set.class_index[first] if image_set.class_names else np.zeros(len(first), dtype=np.int64)
    part_of = np.empty(len(first), dtype=np.int64)
    for class_index in np.unique(class_of):
        members = rng.permutation(np.flatnonzero(class_of == class_index))
        if len(members) < len(shares):
            name = image_set.class_names[class_index] if image_set.class_names else "the set"
            raise ImageError(
                f"{name}: expected at least {len(shares)} images or groups that are not the same, "
                f"one for each part, found {len(members)}"
            )
        part_of[members] = _deal(sizes[members], shares)
    order = rng.permutation(len(image_set))
    return tuple(image_set[order[part_of[family][order] == part]] for part in range(len(shares)))


def _families(image_set, groups):
    """Number of the family of each image, from 0: what equals it or shares a group with it, and so on."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(image_set)
    same = [np.unique([image.tobytes() for image in image_set.images], return_inverse=True)[1]]
    if groups is not None:
        if len(groups) != n:
            raise ImageError(f"groups: expected one for each of the {n} images, found {len(groups)}")
        same.append(np.unique(np.asarray(groups), return_inverse=True)[1])
    # Images and what they share are the nodes of a graph; a family hangs together.
    offsets = n + np.cumsum([0, *(key.max(initial=-1) + 1 for key in same)])
    to = np.concatenate([key + offset for key, offset in zip(same, offsets, strict=False)])
    start = np.tile(np.arange(n), len(same))
    graph = coo_array((np.ones(len(to), dtype=bool), (start, to)), shape=(offsets[-1], offsets[-1]))
    return np.unique(connected_components(graph, directed=False)[1][:n], return_inverse=True)[1]


def _deal(sizes, shares):
    """Part for each family: the part that is farthest below its share gets the next one."""
    part_of = np.empty(len(sizes), dtype=np.int64)
    filled = np.zeros(len(shares))
    # Each part gets one first; the large families go out before the small ones can fill the gaps.
    for turn, place in enumerate(np.argsort(-sizes, kind="stable")):
        part = turn if turn < len(shares) else int(np.argmax(shares * sizes.sum() - filled))
        part_of[place] = part
        filled[part] += sizes[place]
    return part_of
