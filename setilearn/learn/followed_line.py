"""A line followed through the picture of a hit: its path, its power in each row, when it is on."""

from typing import NamedTuple

import numpy as np

from setilearn.compiled import njit

# Lines of three sizes are looked for, in channels; a wider one has to hold so many times more power.
_SIZES, _WORTH = (3, 9, 27), 1.3
# Of the path: channels that it may move from row to row, and what each costs, in the compressed power.
_MAX_STEP, _STEP_COST = 3, 0.7
UPRIGHT_HALF_WIDTH = 40  # channels of the upright picture to either side of the line
# From which it counts as on: share of the line's usual power, and sigma. Where it is off, the path
# follows the noise's brighter side, about 1 sigma above its mean.
_ON_SHARE, _LEAST_POWER = 0.4, 1.5


class Line(NamedTuple):
    """A line as it was followed: its channel and its power in sigma in each row, and its size."""

    path: np.ndarray
    power: np.ndarray
    size: int


def follow(z):
    from scipy.ndimage import convolve1d

    best = None
    for size in _SIZES:
        smooth = convolve1d(z, _triangle(size), axis=1, mode="constant")
        # Compressed: a few bright rows must not say where the line is in all others.
        path = _brightest_path(np.arcsinh(smooth), _MAX_STEP, _STEP_COST)
        line = Line(path, smooth[np.arange(len(z)), path], size)
        if best is None or line.power.sum() > _WORTH * best.power.sum():
            best = line
    return best


def _triangle(size):
    """Weights ``(size,)`` that rise and fall, and leave the scatter of noise as it is."""
    half = size // 2 + 1
    weights = half - np.abs(np.arange(1 - half, half)).astype(float)
    return weights / np.sqrt((weights**2).sum())


@njit(nogil=True)
def _brightest_path(values, max_step, cost):
    """Column in each row of the path down with the greatest sum, less ``cost`` for each column moved."""
    n_rows, n_columns = values.shape
    step = np.zeros((n_rows, n_columns), np.int64)
    total = values[0].copy()
    for row in range(1, n_rows):
        before = total.copy()
        for column in range(n_columns):
            best = -np.inf
            for move in range(-max_step, max_step + 1):
                if 0 <= column + move < n_columns and before[column + move] - cost * abs(move) > best:
                    best = before[column + move] - cost * abs(move)
                    step[row, column] = move
            total[column] = best + values[row, column]
    path = np.empty(n_rows, np.int64)
    path[-1] = np.argmax(total)
    for row in range(n_rows - 1, 0, -1):
        path[row - 1] = path[row] + step[row, path[row]]
    return path


def moved_upright(z, path, half):
    """The picture moved row by row so that the path is its middle column: ``(rows, 2 half + 1)``."""
    padded = np.pad(z, ((0, 0), (half, half)))
    return padded[np.arange(len(z))[:, None], path[:, None] + np.arange(2 * half + 1)]


def when_on(power):
    """In which rows the line is on, bool array; at least three rows are."""
    from scipy.ndimage import median_filter, uniform_filter1d

    smooth = uniform_filter1d(power, 3, mode="nearest")
    level = _usual(smooth)
    on = (smooth > max(_ON_SHARE * level, _LEAST_POWER)) & (power > _ON_SHARE / 2 * level)
    on = median_filter(on, 3, mode="nearest")  # a single row may be the noise's
    return on if on.sum() >= 3 else smooth >= np.sort(smooth)[-3]


def _usual(power):
    """Power that the line has where it has any: a mean in which the bright rows count most."""
    power = np.maximum(power, 0)
    return (power**3).sum() / max((power**2).sum(), 1e-9)


def profile_of(rows):
    """Power in each channel, mean of the rows, zero where it is not above the noise."""
    from scipy.ndimage import uniform_filter1d

    mean = rows.mean(axis=0)
    clear = uniform_filter1d(mean, 3, mode="constant") > 3 / np.sqrt(3 * len(rows))
    clear[UPRIGHT_HALF_WIDTH - 1 : UPRIGHT_HALF_WIDTH + 2] = True
    profile = np.where(clear, mean, 0).clip(0)
    return profile if profile.any() else np.eye(1, mean.size, UPRIGHT_HALF_WIDTH)[0]
