"""What the noise is in each integration and part of the band.

Levels are those of the data as they are: power, differences, decibels, in any unit. Adding a constant to all
samples or multiplying them by one moves no signal-to-noise ratio.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from setilearn.compiled import njit, prange
from setilearn.errors import NoiseError

CELL = 4096  # channels in which the noise of one integration is taken as one; blocks begin at multiples of it
# Of each 64 channels 16 are looked at: they fill one line of the processor's cache, and there are enough of
# them.
STRIDE, TAKEN = 64, 16
_N_GUESSED = 128
_MAX_ROUNDS = 8
CLIP_SIGMA = 5.0
_CLIP_OF_FEW = 3.5  # among a few channels the skirts of a strong tone would count for much
MIN_SAMPLES = 16  # fewer tell the scatter of the noise to no better than a fifth
# An integration of very little scatter is cut off or saturated rather than sensitive: no more weight than
# this.
_LEAST_SHARE = 0.25


class Levels(NamedTuple):
    """Noise of a block, at a knot in the middle of each cell; straight lines lead from knot to knot.

    ``mean``, ``gain`` and ``weight`` are float32 ``(n_time, n_cells)``. ``(power - mean) * gain`` is in
    standard deviations of the noise, times the weight of its integration; the mean square of weights over
    time is 1.
    """

    mean: np.ndarray
    gain: np.ndarray
    weight: np.ndarray


def measure_levels(power: np.ndarray) -> Levels:
    """`Levels` of float32 power ``(n_time, n_chan)``, with NaN for what is no measurement.


    1. In each cell of each integration, guess level and scatter by median and MAD. Leave out what is 5 sigma
       away (3.5 where the band has less than 2048 channels), take mean and standard deviation of the rest,
       and again, until that settles.
    2. Add what the noise itself has beyond that: its skewness tells how much.
    3. Give each integration the weight 1 / sqrt(sigma). A tone of steady power asks for 1 / sigma where noise
       was added, and for 1 where the gain has changed; total power does not tell which. Half-way costs 1.5 %
       of the signal-to-noise ratio where half of the integrations have twice the noise, either way 5 %.

    Raises `NoiseError` where no cell has 16 samples that scatter.
    """
    edges = _cell_edges(power.shape[1])
    mean, sigma, skewness = (np.empty((len(power), len(edges) - 1)) for _ in range(3))
    clip = CLIP_SIGMA if power.shape[1] >= CELL // 2 else _CLIP_OF_FEW
    _measure_cells(power, edges, clip, mean, sigma, skewness)
    known = sigma > 0
    if not known.any():
        raise NoiseError(
            f"noise: expected integrations of {MIN_SAMPLES} channels or more whose values scatter, found "
            f"none among {power.shape[0]} of {power.shape[1]} channels"
        )
    n_known = known.sum(axis=0)
    skewness = np.where(known, skewness, 0).sum(axis=0) / np.maximum(n_known, 1)
    by_skewness, shift, factor = _clipped_noise(clip)
    mean += np.interp(skewness, by_skewness, shift) * sigma
    sigma *= np.interp(skewness, by_skewness, factor)
    typical = np.nanmedian(np.where(known | (n_known == 0), sigma, np.nan), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(known, (np.maximum(sigma, _LEAST_SHARE * typical) / typical) ** -0.5, 0)
        weight /= np.sqrt((weight**2).mean(axis=0))
        gain = weight / sigma
    return Levels(*(_filled(values, known).astype(np.float32) for values in (mean, gain, weight)))


def units_of(power: np.ndarray, levels: Levels, start: int, stop: int) -> np.ndarray:
    """Samples of the channels ``start`` to ``stop`` in standard deviations of noise, times their weight."""
    knots = (np.arange(levels.mean.shape[1]) + 0.5) * CELL
    channels = np.arange(start, stop) + 0.5
    mean, gain = (np.array([np.interp(channels, knots, row) for row in values]) for values in levels[:2])
    return ((power[:, start:stop] - mean) * gain).astype(np.float32)


@njit(nogil=True)
def at_channel(values, channel):
    """What `Levels` say at the middle of a channel: ``values`` (n_cells,) of one integration."""
    place = min(max((channel + 0.5) / CELL - 0.5, 0.0), values.size - 1.0)
    left = int(place)
    right = min(left + 1, values.size - 1)
    return values[left] + (values[right] - values[left]) * np.float32(place - left)


def _cell_edges(n_chan):
    """First channels of the cells, and n_chan; less than half a cell at the end joins the last one."""
    n_cells = max(1, (n_chan + CELL // 2) // CELL)
    return np.append(np.arange(n_cells) * CELL, n_chan)


def _filled(values, known):
    """Cells of which nothing is known get what lies between their neighbours of the same integration."""
    cells = np.arange(values.shape[1])
    for row in np.flatnonzero(~known.all(axis=1)):
        has = known[row]
        values[row] = np.interp(cells, cells[has], values[row, has]) if has.any() else 0
    return values


@njit(parallel=True, nogil=True)
def _measure_cells(power, edges, clip, mean, sigma, skewness):
    n_time, n_cells = mean.shape
    for cell in prange(n_cells):
        first, last = edges[cell], edges[cell + 1]
        # A few channels are all looked at.
        taken = TAKEN if last - first >= CELL // 2 else STRIDE
        values = np.empty(((last - first) // STRIDE + 1) * taken, np.float32)
        center, scatter = np.nan, np.nan
        for t in range(n_time):
            n = _gather(power[t, first:last], taken, values)
            center, scatter, skew = noise_of(values[:n], center, scatter, clip)
            mean[t, cell], sigma[t, cell], skewness[t, cell] = center, scatter, skew


@njit(nogil=True)
def _gather(row, taken, values):
    """Finite values among the first ``taken`` of each 64 channels, into ``values``; how many there are."""
    n = 0
    for start in range(0, row.size, STRIDE):
        for i in range(start, min(start + taken, row.size)):
            values[n] = row[i]
            n += row[i] == row[i]
    return n


@njit(nogil=True)
def noise_of(values, center, scatter, clip):
    """Mean, standard deviation and skewness of what is within ``clip`` sigma; all 0 where nothing scatters.

    ``center`` and ``scatter`` of the integration before are tried first, and hold where they keep nearly all.
    """
    if values.size < MIN_SAMPLES:
        return 0.0, 0.0, 0.0
    for attempt in range(2):
        if attempt == 1 or not scatter > 0:
            center, scatter = _guess(values)
        if not scatter > 0:
            return center, 0.0, 0.0
        for _ in range(_MAX_ROUNDS):
            unit = np.float32(1 / scatter)
            n, first, second, third = _moments(values, np.float32(center), unit, np.float32(clip))
            if n < max(values.size // 2, 2):
                break
            shift = first / n
            variance = second / n - shift * shift
            if not variance > 0:
                break
            spread = np.sqrt(variance)
            skew = (third / n - 3 * shift * second / n + 2 * shift**3) / spread**3
            center, scatter = center + shift * scatter, spread * scatter
            if abs(shift) < 0.02 and abs(spread - 1) < 0.02:
                # A guess from another level would settle on a few values that happen to be near it.
                if attempt == 1 or n > 0.9 * values.size:
                    return center, scatter, skew
                break
    return center, scatter, 0.0


@njit(nogil=True)
def _guess(values):
    """Median and scatter of some of the values: by MAD, or the standard deviation where half are the same."""
    some = np.empty(min(values.size, _N_GUESSED), np.float32)
    for k in range(some.size):
        some[k] = values[k * values.size // some.size]
    some.sort()
    median = some[some.size // 2]
    apart = np.abs(some - median)
    apart.sort()
    mad = apart[apart.size // 2]
    if mad > 0:
        return np.float64(median), 1.4826 * np.float64(mad)
    total, square = 0.0, 0.0
    for value in values:
        total += np.float64(value) - median
        square += (np.float64(value) - median) ** 2
    total /= values.size
    return np.float64(median) + total, np.sqrt(max(square / values.size - total * total, 0.0))


@njit(nogil=True, fastmath={"reassoc", "contract"})
def _moments(values, center, unit, clip):
    """Number and sums of first, second and third powers of ``(value - center) * unit`` within the clip."""
    n, first, second, third = np.int32(0), np.float32(0), np.float32(0), np.float32(0)
    for i in range(values.size):
        apart = (values[i] - center) * unit
        inside = abs(apart) <= clip
        kept = apart if inside else np.float32(0)
        n += inside
        first += kept
        second += kept * kept
        third += kept * kept * kept
    return n, np.float64(first), np.float64(second), np.float64(third)


@cache
def _clipped_noise(clip):
    """Skewness, shift of the mean, factor of sigma: chi-squared noise within ``clip`` sigma, by averages."""
    from scipy.special import gammainc

    rows = []
    for n in np.geomspace(1e4, 0.5, 60):
        mean, sigma = n, n**0.5
        for _ in range(100):
            ends = max(mean - clip * sigma, 0), mean + clip * sigma
            # Moments of the part between the ends: of order k it is that of a chi-squared of n + k.
            raw, rising = [], 1.0
            for order in range(4):
                raw.append(rising * (gammainc(n + order, ends[1]) - gammainc(n + order, ends[0])))
                rising *= n + order
            first, second, third = (moment / raw[0] for moment in raw[1:])
            mean, sigma = first, (second - first**2) ** 0.5
        skewness = (third - 3 * first * second + 2 * first**3) / sigma**3
        rows.append((skewness, (n - mean) / sigma, n**0.5 / sigma))
    return np.array(rows).T
