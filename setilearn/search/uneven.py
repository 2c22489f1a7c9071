"""Where the band is not even within 4096 channels: ripples and steps of the response, bursts in a part.

What is wider than some tens of channels is the receiver or interference, and no narrow signal. Left as it is,
lines across it would be hits by the hundred.
"""

import numpy as np

from setilearn.compiled import njit, prange
from setilearn.search.levels import CELL, CLIP_SIGMA, STRIDE, TAKEN, at_channel, noise_of, units_of

# Means of noise alone are beyond this, in their standard deviations, once in ten million.
_BEYOND_NOISE = 5.5
# So many parts of 64 channels among 16 make a burst.
_PART, _LEAST_STANDING_OUT = 16, 4
_FEW_VALUES = 40  # within 5 standard deviations to either side: coarser than a quarter of one
_TONE_SIGMA = 4.0  # samples beyond it are of a tone that crosses: the level is measured again without
_WINDOW = 31  # channels: tones that stay are narrower than half of it, responses of receivers seldom


def even_out(power, levels, widest):
    """Make float32 power ``(n_time, n_chan)`` even in place; ``levels`` are those of `measure_levels`.

    1. Where in one integration several parts of 64 channels stand out, close to each other, of what they are
       at most times, leave them out, as NaN, and their neighbours: a burst in a part of the band.
    2. In the cells in which the mean over time of 64 channels stands out of the level, measure level and
       scatter of each channel by 31 around it. Take off the level, and divide by the scatter.
    3. In others, in which medians of 16 such means stand out, take off the straight lines through them.
    4. Look for bursts again where that has changed something.

    In an even band nothing is changed. ``widest`` is how many channels a tone sweeps in one integration at
    most.
    """
    n_time, n_chan = power.shape
    if n_chan < 3 * _WINDOW:
        return
    taken = TAKEN if n_chan >= CELL // 2 else STRIDE
    excess = _leave_out_bursts(power, levels, taken, widest)
    means = excess.mean(axis=0)
    standing_out = np.flatnonzero(np.abs(means) > _BEYOND_NOISE / np.sqrt(taken * n_time))
    cells = set()
    for part in standing_out:
        cell = int(part) * STRIDE // CELL
        if cell not in cells and _is_wide(power, levels, part):
            cells.add(cell)
    _take_off_slopes(power, levels, means, taken, cells)
    if cells:
        _flatten(power, levels, sorted(cells))
        _leave_out_bursts(power, levels, taken, widest)


def _leave_out_bursts(power, levels, taken, widest):
    """Step 1 in place; the means of 64 channels before, float32 ``(n_time, n_chan / 64)``."""
    excess = _excess(power, levels, taken)
    stands_out = np.abs(excess) > _BEYOND_NOISE / np.sqrt(taken)
    # A tone fills one or two of them, or what it sweeps in an integration.
    least = _LEAST_STANDING_OUT + 2 * widest // STRIDE
    if not (stands_out.sum(axis=1) >= least).any():
        return excess
    stands_out = np.abs(excess - np.median(excess, axis=0)) > _BEYOND_NOISE / np.sqrt(taken)
    bursts = np.zeros_like(stands_out)
    for t in np.flatnonzero(stands_out.sum(axis=1) >= least):
        before = np.cumsum(np.pad(stands_out[t], _PART // 2))
        bursts[t] = stands_out[t] & (before[_PART:] - before[:-_PART] >= least)
    wide = np.pad(bursts, ((0, 0), (1, 1)))
    for t, part in np.argwhere(wide[:, :-2] | wide[:, 1:-1] | wide[:, 2:]):
        power[t, part * STRIDE : (part + 1) * STRIDE] = np.nan
    excess[bursts] = 0
    return excess


def _take_off_slopes(power, levels, means, taken, uneven):
    """Step 3 in place, but in ``uneven`` cells; ``means`` are those over time of each 64 channels."""
    n_groups = means.size // _PART
    groups = np.median(means[: n_groups * _PART].reshape(n_groups, _PART), axis=1)
    noise = np.sqrt(np.pi / 2 / (_PART * taken * len(power)))
    sloping = set((np.flatnonzero(np.abs(groups) > _BEYOND_NOISE * noise) * _PART * STRIDE // CELL).tolist())
    knots = (np.arange(n_groups) + 0.5) * STRIDE * _PART - 0.5
    for cell in sloping - uneven:
        channels = np.arange(cell * CELL, min((cell + 1) * CELL, power.shape[1]))
        _take_off(power, levels, channels[0], np.interp(channels, knots, groups))


@njit(nogil=True)
def _take_off(power, levels, first, curve):
    """Take a curve, in standard deviations of the noise, off the channels from ``first`` on, in place."""
    for t in range(len(power)):
        for k in range(curve.size):
            gain = at_channel(levels.gain[t], first + k)
            if gain > 0:
                power[t, first + k] -= curve[k] * at_channel(levels.weight[t], first + k) / gain


@njit(nogil=True)
def _is_wide(power, levels, part):
    """Whether most of 64 channels stand out most of the time, as tones and bursts do not."""
    cell = part * STRIDE // CELL * CELL
    inside = _median_of_units(power, levels, part * STRIDE, (part + 1) * STRIDE, 1)
    # The median of noise lies below its mean, everywhere alike.
    around = _median_of_units(power, levels, cell, cell + CELL, _PART)
    return abs(inside - around) > 1.25 * _BEYOND_NOISE / np.sqrt(len(power) * STRIDE)


@njit(nogil=True)
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


def _excess(power, levels, taken):
    """Mean of the first ``taken`` of each 64 channels, in standard deviations, held within the clip.

    float32 ``(n_time, n_chan / 64)``; 0 where most of them are no measurement.
    """
    n_time, n_chan = power.shape
    firsts = np.arange(0, n_chan, STRIDE)
    place = np.clip((firsts + taken / 2) / CELL - 0.5, 0, levels.mean.shape[1] - 1)
    left = place.astype(int)
    right, share = np.minimum(left + 1, levels.mean.shape[1] - 1), (place - left).astype(np.float32)
    mean, gain, weight = (values[:, left] + (values[:, right] - values[:, left]) * share for values in levels)
    unit = np.divide(gain, weight, out=np.zeros_like(gain), where=weight > 0)
    excess = np.empty((n_time, firsts.size), np.float32)
    _means_apart(power, mean, unit, taken, excess)
    return excess


@njit(parallel=True, nogil=True, fastmath={"reassoc", "contract"})
def _means_apart(power, mean, unit, taken, excess):
    """Sixteen samples at a time: the processor works on them at once. What is less at the end is left."""
    n_time, n_parts = excess.shape
    for t in prange(n_time):
        for k in range(n_parts):
            total, n, size = np.float32(0), np.float32(0), min(taken, power.shape[1] - k * STRIDE)
            for first in range(k * STRIDE, k * STRIDE + size - TAKEN + 1, TAKEN):
                for i in range(TAKEN):
                    apart = (power[t, first + i] - mean[t, k]) * unit[t, k]
                    held = apart if apart < np.float32(CLIP_SIGMA) else np.float32(CLIP_SIGMA)
                    held = held if held > np.float32(-CLIP_SIGMA) else np.float32(-CLIP_SIGMA)
                    known = apart == apart
                    total += held if known else np.float32(0)
                    n += np.float32(1) if known else np.float32(0)
            excess[t, k] = total / n if 2 * n > size else np.float32(0)


def _flatten(power, levels, cells):
    """Step 2 in the cells, in place."""
    n_chan, knots = power.shape[1], (np.arange(levels.mean.shape[1]) + 0.5) * CELL
    flat = []
    for cell in cells:
        start, stop = cell * CELL, min((cell + 1) * CELL, n_chan)
        first, last = max(start - _WINDOW, 0), min(stop + _WINDOW, n_chan)
        units = units_of(power, levels, first, last)
        level, scatter = _response(units)
        even = ((units - level) / np.where(scatter > 0, scatter, np.nan))[:, start - first : stop - first]
        center, spread, _ = noise_of(even[np.isfinite(even)], np.nan, np.nan, CLIP_SIGMA)
        flat.append((start, stop, (even - center) / (spread if spread > 0 else np.nan)))
    for start, stop, even in flat:
        channels = np.arange(start, stop) + 0.5
        for t in range(len(power)):
            mean, gain = (np.interp(channels, knots, values[t]) for values in levels[:2])
            power[t, start:stop] = mean + even[t] / np.where(gain > 0, gain, np.nan)


def _response(units):
    """Level and scatter of each channel of units of noise ``(n_time, n_chan)``, by those around it.

    Medians over time pass over what crosses the channel; running medians over channels pass over tones that
    stay, and keep the sharpest step.
    """
    # Medians of few different values would jump from one to the next.
    by_mean = np.unique(units[0]).size < _FEW_VALUES
    kept = units
    for _ in range(2):
        level = _median_around(_over_time(kept, by_mean), _WINDOW)
        scatter = 1.4826 * _median_around(_over_time(np.abs(kept - level), by_mean), 3 * _WINDOW)
        kept = np.where(np.abs(units - level) <= _TONE_SIGMA * scatter, units, np.nan)
    return level, scatter


@njit(parallel=True, nogil=True)
def _over_time(values, by_mean):
    """Median, or mean, of what is measured in each channel of ``(n_time, n_chan)``; NaN where nothing is."""
    typical = np.full(values.shape[1], np.nan)
    for i in prange(values.shape[1]):
        column = values[:, i]
        column = column[column == column]
        if column.size:
            typical[i] = np.mean(column) if by_mean else np.median(column)
    return typical


def _median_around(values, n_chan):
    """Running median over ``n_chan`` channels; what is NaN is filled from its neighbours."""
    from scipy.ndimage import median_filter

    channels, known = np.arange(values.size), np.isfinite(values)
    if not known.any():
        return values
    return median_filter(np.interp(channels, channels[known], values[known]), n_chan)
