"""Where the band is not even within 4096 channels: ripples and steps of the response, bursts in a part.

What is wider than some tens of channels is the receiver or interference, and no narrow signal. Left as it is,
lines across it would be hits by the hundred.
"""

import numpy as np
from numba import njit, prange

from setilearn.search.levels import CELL, CLIP_SIGMA, STRIDE, TAKEN, at_channel, noise_of, units_of

# Means of noise alone are beyond this, in their standard deviations, once in ten million.
_BEYOND_NOISE = 5.5
# So many parts of 64 channels among 16 make a burst.
_PART, _LEAST_STANDING_OUT = 16, 4
# By how much, in standard deviations of a sum over all integrations, the level may be wrong between two
# knots.
_WRONG_SIGMA = 2.0


def even_out(power, levels, widest):
    """Make float32 power ``(n_time, n_chan)`` even in place; ``levels`` are those of `measure_levels`.

    1. Where the mean over time of 64 channels stands out of the level, measure level and scatter of each 64
       in that cell, from all integrations. Take off the curve through them, and divide by that of the
       scatter.
    2. Leave out, as NaN, where that curve bends too sharply for straight lines between its knots.
    3. Where in one integration several parts of 64 channels stand out of what is left close to each other,
       leave them out, and their neighbours: a burst in a part of the band.

    In an even band nothing is changed. ``widest`` is how many channels a tone sweeps in one integration at
    most.
    """
    n_time, n_chan = power.shape
    taken = TAKEN if n_chan >= CELL // 2 else STRIDE
    excess = _excess(power, levels, taken)
    if n_chan < 4 * STRIDE:
        return
    standing_out = np.flatnonzero(np.abs(excess.mean(axis=0)) > _BEYOND_NOISE / np.sqrt(taken * n_time))
    cells = set()
    for part in standing_out:
        cell = int(part) * STRIDE // CELL
        if cell not in cells and _is_wide(power, levels, part):
            cells.add(cell)
    if cells:
        _flatten(power, levels, sorted(cells))
        excess = _excess(power, levels, taken)
    stands_out = np.abs(excess) > _BEYOND_NOISE / np.sqrt(taken)
    if not stands_out.any():
        return
    # A tone fills one or two of them, or what it sweeps in an integration.
    least = _LEAST_STANDING_OUT + 2 * widest // STRIDE
    bursts = np.zeros_like(stands_out)
    for t in np.flatnonzero(stands_out.sum(axis=1) >= least):
        before = np.cumsum(np.pad(stands_out[t], _PART // 2))
        bursts[t] = stands_out[t] & (before[_PART:] - before[:-_PART] >= least)
    for t, part in np.argwhere(_with_neighbours(bursts)) if bursts.any() else ():
        power[t, part * STRIDE : (part + 1) * STRIDE] = np.nan


@njit(nogil=True, cache=True)
def _is_wide(power, levels, part):
    """Whether most of 64 channels stand out most of the time, as tones and bursts do not."""
    cell = part * STRIDE // CELL * CELL
    inside = _median_of_units(power, levels, part * STRIDE, (part + 1) * STRIDE, 1)
    # The median of noise lies below its mean, everywhere alike.
    around = _median_of_units(power, levels, cell, cell + CELL, _PART)
    return abs(inside - around) > 1.25 * _BEYOND_NOISE / np.sqrt(len(power) * STRIDE)


@njit(nogil=True, cache=True)
def _median_of_units(power, levels, first, last, step):
    """Median of every ``step``-th channel's samples in units of their noise, 0 where there are none."""
    last = min(last, power.shape[1])
    units, n = np.empty(len(power) * ((last - first) // step + 1), np.float32), 0
    for t in range(len(power)):
        for i in range(first, last, step):
            if power[t, i] == power[t, i]:
                weight = at_channel(levels.weight[t], i)
                units[n] = (
                    (power[t, i] - at_channel(levels.mean[t], i)) * at_channel(levels.gain[t], i) / weight
                )
                n += 1
    return np.median(units[:n]) if n else np.float32(0)


@njit(parallel=True, nogil=True, cache=True)
def _excess(power, levels, taken):
    """Mean of the first ``taken`` of each 64 channels, in standard deviations, held within the clip.

    float32 ``(n_time, n_chan / 64)``.
    """
    n_time, n_chan = power.shape
    excess = np.zeros((n_time, -(-n_chan // STRIDE)), np.float32)
    for k in prange(excess.shape[1]):
        first, last = k * STRIDE, min(k * STRIDE + taken, n_chan)
        middle = (first + last) // 2
        for t in range(n_time):
            mean, gain = at_channel(levels.mean[t], middle), at_channel(levels.gain[t], middle)
            weight = at_channel(levels.weight[t], middle)
            excess[t, k] = _mean_apart(
                power[t, first:last], mean, gain / weight if weight > 0 else np.float32(0)
            )
    return excess


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def _mean_apart(values, center, unit):
    total, n = np.float32(0), np.int32(0)
    for i in range(values.size):
        apart = (values[i] - center) * unit
        known = apart == apart
        apart = apart if known else np.float32(0)
        apart = apart if apart < np.float32(CLIP_SIGMA) else np.float32(CLIP_SIGMA)
        total += apart if apart > np.float32(-CLIP_SIGMA) else np.float32(-CLIP_SIGMA)
        n += known
    return total / max(n, 1) if n > values.size // 2 else np.float32(0)


def _flatten(power, levels, cells):
    """Steps 1 and 2 in the cells, in place."""
    n_time, n_chan = power.shape
    n_parts = -(-n_chan // STRIDE)
    centres, knots = (np.arange(n_parts) + 0.5) * STRIDE, (np.arange(levels.mean.shape[1]) + 0.5) * CELL
    bends = np.zeros(n_parts, bool)
    # Slopes within the 64 channels count as scatter in the first round, and are gone in the second.
    for last_round in (False, True):
        level, scatter = np.zeros(n_parts), np.ones(n_parts)
        for cell in cells:
            start, stop = cell * CELL, min((cell + 1) * CELL, n_chan)
            place = slice(start // STRIDE, -(-stop // STRIDE))
            _noise_of_parts(units_of(power, levels, start, stop), level[place], scatter[place])
        bend = np.abs(np.diff(level, 2)) / 8 / scatter[1:-1]
        bends[1:-1] |= bend > _WRONG_SIGMA / np.sqrt(n_time)
        for cell in cells:
            start, stop = cell * CELL, min((cell + 1) * CELL, n_chan)
            channels = np.arange(start, stop) + 0.5
            even = units_of(power, levels, start, stop) - np.interp(channels, centres, level)
            if last_round:
                even /= np.interp(channels, centres, scatter)
            for t in range(n_time):
                mean, gain = (np.interp(channels, knots, values[t]) for values in levels[:2])
                power[t, start:stop] = mean + even[t] / np.where(gain > 0, gain, np.nan)
    for part in np.flatnonzero(_with_neighbours(bends[None])[0]):
        power[:, part * STRIDE : (part + 1) * STRIDE] = np.nan


@njit(nogil=True, cache=True)
def _noise_of_parts(units, level, scatter):
    """Level and scatter of each 64 channels; where too few samples say, those of the part before."""
    last_level, last_scatter = 0.0, 1.0
    values = np.empty(units.shape[0] * STRIDE, np.float32)
    for k in range(level.size):
        n = 0
        for t in range(units.shape[0]):
            for i in range(k * STRIDE, min((k + 1) * STRIDE, units.shape[1])):
                values[n] = units[t, i]
                n += units[t, i] == units[t, i]
        center, spread, _ = noise_of(values[:n], np.nan, np.nan)
        if spread > 0:
            last_level, last_scatter = center, spread
        level[k], scatter[k] = last_level, last_scatter


def _with_neighbours(parts):
    wide = np.pad(parts, ((0, 0), (1, 1)))
    return wide[:, :-2] | wide[:, 1:-1] | wide[:, 2:]
