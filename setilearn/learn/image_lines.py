"""The straight line in a picture: found, cut out, and how far it bows.

What is searched is how much darker a pixel is than the median of its image, in sigmas (`measure_darkness`).
"""

import numpy as np

from setilearn.compiled import njit, prange
from setilearn.errors import ImageError
from setilearn.learn.images import HALF_WIDTH

# The steepest line looked for, in widths of the image from the first row to the last.
STEEPEST = 0.3
# A line's ends are refined in steps of this many columns, one after the other.
_STEPS = (0.5, 0.25, 0.125)
# A bow is measured on this grid, in columns; finer where most of them are.
_BOWS = np.concatenate([np.arange(0, 1, 0.05), np.arange(1, 2, 0.1), np.arange(2, 6.1, 0.25)])


def measure_darkness(images):
    """How much darker each pixel is than the median of its image, in sigmas: float32 ``(n, rows, columns)``.

    Sigma is 1.4826 times the median of the absolute deviations, which a line, being a few pixels, does
    not touch: so neither the brightness nor the contrast of an image tells its class any more. An image
    without noise gives zeros. (Not `setilearn.noise.estimate_noise`, which is for power: grey values are
    logarithms of it, and thousands of pictures a second are measured here.)

    ``images`` are ``(n, rows, columns)`` or ``(n, rows, columns, 1)``. Raises `ImageError` for any other
    shape and for values that are no numbers.
    """
    images = np.asarray(images, dtype=np.float32)
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.ndim != 3 or min(images.shape[1:]) < 4:
        raise ImageError(f"expected images (n, rows, columns) of 4 x 4 pixels or more, found {images.shape}")
    if not np.isfinite(images).all():
        place = int(np.flatnonzero(~np.isfinite(images).all(axis=(1, 2)))[0])
        raise ImageError(f"expected numbers in every pixel, found NaN or infinity in image {place}")
    darkness = np.empty(images.shape, dtype=np.float32)
    _darkness(np.ascontiguousarray(images), darkness)
    return darkness


def find_lines(darkness):
    """The straight line with the largest sum of ``darkness`` in each image, to a fraction of a column.

    First all lines with whole-column ends up to a slope of `STEEPEST`, as in lesson 05 by brute force;
    then the ends of the best are moved in ever smaller steps, with values between two columns
    interpolated. Returns lines ``(n, 2)`` and strengths ``(n,)`` as an `AlignedSet` has them.
    """
    lines = np.empty((len(darkness), 2), dtype=np.float32)
    strengths = np.empty(len(darkness), dtype=np.float32)
    reach = max(1, round(STEEPEST * darkness.shape[2]))
    _find_lines(darkness, reach, np.array(_STEPS, dtype=np.float32), lines, strengths)
    return lines, strengths


def cut_rows(darkness, lines, *, half_width=HALF_WIDTH):
    """Rows and offsets around lines, as an `AlignedSet` has them."""
    n, n_rows, _ = darkness.shape
    rows = np.zeros((n, n_rows, 2 * half_width + 1), dtype=np.float32)
    offsets = np.empty((n, n_rows), dtype=np.float32)
    _cut_rows(darkness, lines, rows, offsets)
    return rows, offsets


def measure_bows(darkness, lines):
    """Bow of the parabola with the largest sum of ``darkness`` around each line, float32 ``(n,)``.

    All those tried have the line for their least-squares fit. The sign is what a
    network needs to learn both ways of bending; the size is known to a tenth of a column or so, worse
    where the line is faint.
    """
    grid = np.concatenate([-_BOWS[:0:-1], _BOWS]).astype(np.float32)
    bows = np.empty(len(darkness), dtype=np.float32)
    _measure_bows(darkness, lines, grid, bows)
    return bows


@njit(parallel=True, nogil=True)
def _darkness(images, darkness):
    for k in prange(len(images)):
        median = np.median(images[k])
        sigma = np.float32(1.4826) * np.median(np.abs(images[k] - median))
        if sigma == 0:  # most pixels are equal
            sigma = np.std(images[k])
        scale = np.float32(0) if sigma == 0 else np.float32(1) / np.float32(sigma)
        for row in range(images.shape[1]):
            for column in range(images.shape[2]):
                darkness[k, row, column] = (median - images[k, row, column]) * scale


@njit(nogil=True)
def _column(row, n_rows, first, last, bow):
    """Where a parabola is in a row; a line where ``bow`` is zero. Its least-squares fit is that line."""
    share = np.float32(row) / np.float32(n_rows - 1)
    turned = np.float32(2) * share - np.float32(1)
    return first + (last - first) * share + bow * (turned * turned - np.float32(1 / 3))


@njit(nogil=True)
def _value_at(row, column):
    """Value between two pixels, by a cubic through four (R. Catmull and R. Rom 1974); zero outside."""
    # A straight line between two pixels would not do: lowest half-way, it draws lines to whole columns.
    at = int(np.floor(column))
    part = column - np.float32(at)
    if at < 1 or at + 2 >= row.size:
        inside = at >= 0 and at + 1 < row.size
        return row[at] * (np.float32(1) - part) + row[at + 1] * part if inside else np.float32(0)
    a, b, c, d = row[at - 1], row[at], row[at + 1], row[at + 2]
    cubic = np.float32(3) * (b - c) + d - a
    square = np.float32(2) * a - np.float32(5) * b + np.float32(4) * c - d
    return b + np.float32(0.5) * part * (c - a + part * (square + part * cubic))


@njit(nogil=True)
def _sum_along(darkness, first, last, bow):
    n_rows = len(darkness)
    total = np.float32(0)
    for row in range(n_rows):
        total += _value_at(darkness[row], _column(row, n_rows, first, last, bow))
    return total


@njit(nogil=True)
def _best_whole_line(darkness, reach, sums):
    """Ends of the line with the largest sum; ``sums`` is room for n_columns + 2 reach numbers."""
    n_rows, n_columns = darkness.shape
    best, first, last = np.float32(-np.inf), np.float32(0), np.float32(0)
    for rise in range(-reach, reach + 1):
        sums[:] = 0
        for row in range(n_rows):
            # Place m of the sums is the line through column m - reach in the middle row.
            step = int(np.floor(rise * row / (n_rows - 1) - rise / 2 + 0.5))
            place = sums[reach - step : reach - step + n_columns]
            values = darkness[row]
            for i in range(n_columns):
                place[i] += values[i]
        top = np.argmax(sums)
        if sums[top] > best:
            best = sums[top]
            middle = np.float32(top - reach)
            first, last = middle - np.float32(rise / 2), middle + np.float32(rise / 2)
    return first, last


@njit(nogil=True)
def _refine(darkness, first, last, steps):
    best = _sum_along(darkness, first, last, np.float32(0))
    for step in steps:
        from_first, from_last = first, last
        for i in range(-2, 3):
            for j in range(-2, 3):
                a, b = from_first + i * step, from_last + j * step
                total = _sum_along(darkness, a, b, np.float32(0))
                if total > best:
                    best, first, last = total, a, b
    return first, last, best


@njit(parallel=True, nogil=True)
def _find_lines(darkness, reach, steps, lines, strengths):
    root = np.float32(np.sqrt(darkness.shape[1]))
    for k in prange(len(darkness)):
        sums = np.empty(darkness.shape[2] + 2 * reach, np.float32)
        first, last = _best_whole_line(darkness[k], reach, sums)
        lines[k, 0], lines[k, 1], best = _refine(darkness[k], first, last, steps)
        strengths[k] = best / root


@njit(parallel=True, nogil=True)
def _cut_rows(darkness, lines, rows, offsets):
    n, n_rows, n_columns = darkness.shape
    half = rows.shape[2] // 2
    for k in prange(n):
        for row in range(n_rows):
            column = _column(row, n_rows, lines[k, 0], lines[k, 1], np.float32(0))
            nearest = int(np.floor(column + np.float32(0.5)))
            offsets[k, row] = column - np.float32(nearest)
            start, stop = max(nearest - half, 0), min(nearest + half + 1, n_columns)
            if start < stop:
                shift = half - nearest
                rows[k, row, start + shift : stop + shift] = darkness[k, row, start:stop]


@njit(parallel=True, nogil=True)
def _measure_bows(darkness, lines, grid, bows):
    for k in prange(len(darkness)):
        best = np.float32(-np.inf)
        for bow in grid:
            total = _sum_along(darkness[k], lines[k, 0], lines[k, 1], bow)
            if total > best:
                best, bows[k] = total, bow
