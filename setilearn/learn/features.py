"""Features: what can be measured on the picture of a hit, in words that say what it looks like.

The line is followed through the picture first, by the path along which most power lies. Then the picture
is moved row by row so that the line stands upright: its path tells how it moves, the sum over the rows how
wide it is, the sum over the channels when it is on. None of this depends on the frequency, and little on
the strength. What is left when one line of this shape is taken away tells whether it was one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from setilearn.errors import ImageError
from setilearn.learn.followed_line import UPRIGHT_HALF_WIDTH, follow, moved_upright, profile_of, when_on

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

MIN_ROWS, MIN_COLUMNS = 16, 32
# Sum of the squared correlations of noise smoothed over 3 x 3: (1 + 2 (4 / 9 + 1 / 9))^2.
_CORRELATED = (19 / 9) ** 2
_CLIP_SIGMA, _N_CLIPS = 4.0, 3


class Feature(NamedTuple):
    """One feature: its name in the table, unit and meaning."""

    name: str
    unit: str
    meaning: str


FEATURES = (
    Feature("drift_chan", "channels", "how far the line moves while it is on; 0 if that is seldom"),
    Feature("bow_chan", "channels", "how far its middle is aside of the straight line between its ends"),
    Feature("wander_chan", "channels", "root mean square distance from the parabola that fits best"),
    Feature("roughness", "0 to 1", "1: each row wanders by itself; towards 0: row after row, smoothly"),
    Feature("width_chan", "channels", "how many channels share the power"),
    Feature("lines", "", "number of lines side by side"),
    Feature("asymmetry", "0 to 1", "what of the line's profile is not its own mirror image"),
    Feature("on_fraction", "0 to 1", "share of the time in which the line is on"),
    Feature("n_on", "", "how often it is switched on"),
    Feature("modulation", "share", "scatter of its power while it is on, beyond that of the noise"),
    Feature("trend", "share", "change of its power while it is on, as a share of its mean"),
    Feature("change", "0 to 1", "how much the profile changes from the first half of the time to the second"),
    Feature("rest", "0 to 1", "share of the power that one line of one profile does not explain"),
)
NAMES = [feature.name for feature in FEATURES]


def image_features(images: ArrayLike) -> pd.DataFrame:
    """Measure the `FEATURES` of each picture.

    Parameters
    ----------
    images : array (n, rows, columns) or (n, rows, columns, 1)
        Linear power, bright on dark, in any unit: time downwards, frequency to the right, about one
        line in each, such as `setilearn.learn.cut.cut_power` makes them. At least 16 x 32.

    Returns
    -------
    DataFrame
        A row a picture, columns as in `FEATURES`, no NaN. Drift and bow are signed; at an SNR of 30
        they are good to about half a channel.

    Raises
    ------
    ImageError
        Another shape, values that are not finite, or a picture without noise.
    """
    import pandas as pd

    pictures = _checked(images)
    return pd.DataFrame(
        [_measure(_in_sigmas(*item)) for item in enumerate(pictures)], columns=NAMES, dtype=float
    )


def scale_features(features: pd.DataFrame) -> pd.DataFrame:
    """The features in steps that count alike, for distances between pictures: DataFrame of the same shape.

    A step is a difference that one would see: a factor of 1.6 in width, a fifth of the time on. What
    ranges over many sizes goes through a logarithm. Steps are fixed, and not taken from the data:
    where nearly all pictures are always on, the scatter of ``on_fraction`` is next to nothing, and in
    units of that every other picture would be an outlier. Drift and bow lose their sign, and count as
    far as wandering alone does not explain them: a random walk drifts by chance.

    Raises `ImageError` where columns are missing or values are not finite.
    """
    missing = [name for name in NAMES if name not in features]
    if missing:
        raise ImageError(f"features: expected the columns {', '.join(NAMES)}, found no {', '.join(missing)}")
    if not np.isfinite(features[NAMES].to_numpy(float)).all():
        raise ImageError("features: expected finite numbers, found NaN or infinity")
    walked = features["wander_chan"]
    return features[NAMES].assign(
        drift_chan=np.arcsinh(features["drift_chan"].abs() / (2 + 4 * walked)),
        bow_chan=np.arcsinh(features["bow_chan"].abs() / (1 + 2 * walked)) / 0.7,
        # The middle of a wide line cannot be told as well as that of a narrow one.
        wander_chan=np.log(walked / (1 + features["width_chan"] / 10) + 0.5) / 0.4,
        roughness=np.log(features["roughness"] + 0.1) / 0.3,
        width_chan=np.log(features["width_chan"]) / 0.5,
        lines=np.log(features["lines"]),
        asymmetry=features["asymmetry"] / 0.25,
        on_fraction=features["on_fraction"] / 0.2,
        n_on=np.log(features["n_on"]) / 0.5,
        modulation=features["modulation"] / 0.25,
        trend=features["trend"] / 0.4,
        change=features["change"] / 0.3,
        rest=features["rest"] / 0.25,
    )


def _checked(images):
    """The pictures as float64 ``(n, rows, columns)``."""
    if not isinstance(images, np.ndarray | list | tuple):
        raise ImageError(
            f"images: expected an array of linear power (n, rows, columns), found {type(images).__name__}; "
            "the pictures of an ImageSet are grey values, from which power cannot be told"
        )
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.ndim != 3 or images.shape[1] < MIN_ROWS or images.shape[2] < MIN_COLUMNS:
        raise ImageError(
            f"images: expected the shape (n, rows, columns) of at least {MIN_ROWS} rows and {MIN_COLUMNS} "
            f"columns, found {images.shape}"
        )
    wrong = ~np.isfinite(images).all(axis=(1, 2))
    if wrong.any():
        raise ImageError(
            f"images: expected finite values, found NaN or infinity in {wrong.sum()} of {len(images)}, "
            f"the first in image {np.argmax(wrong)}"
        )
    return images.astype(np.float64)


def _in_sigmas(place, picture):
    """The picture in standard deviations of its noise, counted from the noise's mean.

    Not by `setilearn.noise.estimate_noise`: a wide signal may fill nearly half of so small a picture, and
    then only what lies below the median is noise alone.
    """
    kept = picture.ravel()
    for _ in range(_N_CLIPS):
        # Only what lies below the median: signals lie above.
        low, center = np.percentile(kept, [15.87, 50])
        if not center > low:
            raise ImageError(f"image {place}: expected noise that scatters, found half its values alike")
        kept = kept[kept < center + _CLIP_SIGMA * (center - low)]
    return (picture - center) / (center - low)


def _measure(z):
    """Features of one picture in sigmas, in the order of `FEATURES`."""
    line = follow(z)
    upright = moved_upright(z, line.path, UPRIGHT_HALF_WIDTH)
    on = when_on(line.power)
    profile = profile_of(upright[on])
    return (
        *_motion(z, line, on),
        *_shape(upright[on].mean(axis=0), profile, on.sum()),
        *_light(line.power, on),
        _change(upright[on]),
        _rest(z, line.path, upright, on, profile),
    )


def _motion(z, line, on):
    """Drift, bow, wander and roughness."""
    half = line.size // 2 + 1
    weights = np.maximum(moved_upright(z, line.path, half), 0) ** 2
    aside = (weights * np.arange(-half, half + 1)).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
    place, time = line.path + aside, (np.arange(len(z)) + 0.5) / len(z) - 0.5
    weight = line.power.clip(0.1, 10) * on
    degree = 2 if on.sum() >= len(z) / 4 else 0
    fit = np.polynomial.polynomial.polyfit(time, place, degree, w=weight)
    residual = place - np.polynomial.polynomial.polyval(time, fit)
    wander = np.sqrt(np.average(residual**2, weights=weight))
    # Of the time in which it is on: a parabola goes anywhere beyond it.
    first, last = time[on][[0, -1]]
    start, middle, end = np.polynomial.polynomial.polyval(np.array([first, (first + last) / 2, last]), fit)
    both_on = on[1:] & on[:-1]
    roughness = 1.0
    if both_on.sum() >= len(z) / 4:
        steps = (np.diff(residual)[both_on] ** 2).mean() / 2
        roughness = min(np.sqrt(steps / max((residual[on] ** 2).mean(), 1e-9)), 1.0)
    return end - start, middle - (start + end) / 2, wander, roughness


def _shape(mean, profile, n_rows):
    """Width, number of lines, asymmetry."""
    width = profile.sum() ** 2 / (profile**2).sum()
    n_lines = _count_peaks(mean, max(0.2 * mean.max(), 6 / np.sqrt(n_rows)))
    # By Cauchy and Schwarz no overlap with the mirror image is larger than that of a symmetric profile.
    symmetry = np.convolve(profile, profile).max() / (profile**2).sum()
    return width, n_lines, 1 - min(symmetry, 1.0)


def _count_peaks(values, floor):
    """Number of peaks above ``floor`` between which the values fall to half of the lower peak; at least 1."""
    n_peaks, peak, valley, rising = 0, 0.0, np.inf, True
    for value in values:
        if rising:
            peak = max(peak, value)
            if peak > floor and value < peak / 2:
                n_peaks, valley, rising = n_peaks + 1, value, False
        else:
            valley = min(valley, value)
            if value > max(floor, 2 * valley):
                peak, rising = value, True
    return max(n_peaks, 1)


def _light(power, on):
    """Share of the time on, how often switched on, modulation and trend."""
    n_on = max(int((np.diff(on.astype(int), prepend=0) == 1).sum()), 1)
    if on.sum() < len(power) / 8:
        return on.mean(), n_on, 0.0, 0.0
    lit, time = power[on], np.flatnonzero(on) / len(power)
    mean = max(lit.mean(), 1e-9)
    modulation = np.sqrt(max(lit.var() - 1, 0)) / mean
    slope = np.polyfit(time, lit, 1)[0] * on.mean() / mean
    return on.mean(), n_on, modulation, abs(slope)


def _change(rows):
    """Distance between the profiles of the first and the last half of the rows, less that of the noise."""
    from scipy.ndimage import uniform_filter1d

    half = len(rows) // 2
    if half < 6:
        return 0.0
    size = 5
    profiles, noise = [], 0.0
    for part in (rows[:half], rows[half:]):
        profile = uniform_filter1d(part.mean(axis=0), size, mode="constant")
        peak = max(profile.max(), 1e-9)
        profiles.append(profile / peak)
        noise += profile.size / (size * len(part) * peak**2)
    apart = ((profiles[0] - profiles[1]) ** 2).sum() - 1.5 * noise
    total = sum((profile**2).sum() for profile in profiles) - noise
    return float(np.sqrt(np.clip(apart / max(total, 1e-9), 0, 1)))


def _rest(z, path, upright, on, profile):
    """Share of the energy above the noise's that is left when the line is taken away."""
    strength = np.where(on, upright @ profile / (profile**2).sum(), 0)
    half = UPRIGHT_HALF_WIDTH
    left = np.pad(z, ((0, 0), (half, half)))
    columns = path[:, None] + np.arange(2 * half + 1)
    left[np.arange(len(z))[:, None], columns] -= strength[:, None] * profile
    # What the noise's energy scatters by, twice: that much is no sign of anything.
    unexplained = _energy(left[:, half:-half]) - 2 * np.sqrt(2 * _CORRELATED * z.size)
    return min(max(unexplained, 0) / max(_energy(z), 1.0), 1.0)


def _energy(z):
    """Sum of squares beyond the noise's, in a picture smoothed over 3 x 3."""
    from scipy.ndimage import uniform_filter

    return (9 * uniform_filter(z, 3, mode="constant") ** 2).sum() - z.size
