"""One drifting line at a time: its signal-to-noise ratio, the best line near a candidate, what belongs to it.

Positions are in channels: channel i reaches from i to i + 1. A line is told by where its middle is
in the first and in the last integration.
"""

import math

import numpy as np

from setilearn.compiled import njit
from setilearn.search.levels import at_channel

POINT = 0.05  # width, in channels, of a line that takes one channel an integration
# Beyond what the drift smears. Wider things are not narrow-band, and in them a slightly wrong level adds up.
EXTRA_WIDTHS = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, 8], dtype=np.float64)
_SAME = 1e-5  # sums of the same samples differ by less
LEAST_SHARE_INSIDE = 0.25  # of a line: with less, noise of few samples and a drift that anything fits
MAX_SKIRT = 128  # channels beyond the line that may still be leakage of a very strong tone


@njit(nogil=True)
def line_snr(power, levels, start, stop, width):
    """Signal-to-noise ratio of a line ``width`` channels wide, from ``start`` to ``stop``.

    Each channel counts with the share of it that the line covers, as the power of an evenly smeared tone
    does, and with the weight of its integration: the matched filter. What is outside the band or no
    measurement is left out of signal and noise; where that is more than three quarters of the line, 0.
    """
    n_time, n_chan = power.shape
    total, norm, whole = 0.0, 0.0, 0.0
    for t in range(n_time):
        middle = start + (stop - start) * t / max(n_time - 1, 1)
        low, high = middle - width / 2, middle + width / 2
        # Those of the middle serve for all of the line: what they rise to one side they fall to the other.
        channel = np.floor(middle)
        mean, gain = at_channel(levels.mean[t], channel), at_channel(levels.gain[t], channel)
        weight = at_channel(levels.weight[t], channel)
        for i in range(int(np.floor(low)), int(np.ceil(high))):
            share = min(high, i + 1.0) - max(low, float(i))
            whole += share * share
            if 0 <= i < n_chan and power[t, i] == power[t, i]:
                total += share * (power[t, i] - mean) * gain
                norm += (share * weight) ** 2
    return total / np.sqrt(norm) if norm > 0 and norm >= LEAST_SHARE_INSIDE * whole else 0.0


@njit(nogil=True)
def _sweep(start, stop, n_time, extra):
    """Width of a line: what the tone sweeps in one integration, and ``extra``."""
    return max(abs(stop - start) / max(n_time - 1, 1) + extra, POINT)


@njit(nogil=True)
def _width_of(start, stop, n_time, smeared):
    return _sweep(start, stop, n_time, 0.0) if smeared else POINT


@njit(nogil=True)
def coarse_line(power, levels, first, octave, steps, size, least, most):
    """Best straight line of the octave's bins that starts in bin ``first`` or next to it: (start, stop).

    ``steps`` int64 (2, 2) and ``size`` as in `setilearn.search.tree.strongest_sums`; lines that move
    ``least`` to ``most`` channels in all, or up to a bin more, are tried.
    """
    n_time = power.shape[0]
    bin_width, stride = 2**octave, max(1, 2**octave // 2)
    low = max(steps[0, 0] * (n_time - 1), int(np.floor(least / stride)) - 1)
    high = min(steps[1, 1] * (n_time - 1), int(np.ceil(most / stride)) + 1)
    low, high = min(low, 0), max(high, 0)
    bins = _fan_of_bins(power, levels, first - 1, bin_width, stride, low, high)
    best, best_start, best_move = -np.inf, 1, 0
    for move in range(low, high + 1):
        for start in range(3):
            total, norm = np.float32(0), 0.0
            for t in range(n_time):
                place = start - low + move * t / max(n_time - 1, 1)
                left = int(place)
                share = np.float32(place - left)
                total += bins[t, left]
                if share > 0:
                    total += share * (bins[t, left + 1] - bins[t, left])
                norm += (1 - share) ** 2 + share**2
            if total / np.sqrt(norm) > best:
                best, best_start, best_move = total / np.sqrt(norm), start, move
    start = (first - 1 + best_start) * stride + bin_width / 2
    return start, start + best_move * stride


@njit(nogil=True)
def _fan_of_bins(power, levels, first, width, stride, low, high):
    """Sums over bins that lines from the bins ``first`` to first + 2 reach, moving ``low`` to ``high`` bins.

    float32 ``(n_time, 3 + high - low)``; column -low is bin ``first``. What is no measurement counts nothing.
    """
    n_time, n_chan = power.shape
    bins = np.zeros((n_time, 3 + high - low), np.float32)
    for t in range(n_time):
        share = t / max(n_time - 1, 1)
        for k in range(int(np.floor(low * share)), int(np.ceil(high * share)) + 3):
            start = (first + k) * stride
            channel = start + width // 2
            mean, gain = at_channel(levels.mean[t], channel), at_channel(levels.gain[t], channel)
            total = np.float32(0)
            for i in range(max(start, 0), min(start + width, n_chan)):
                if power[t, i] == power[t, i]:
                    total += power[t, i] - mean
            bins[t, k - low] = total * gain
    return bins


@njit(nogil=True)
def refined_line(power, levels, start, stop, reach, smeared, least, most):
    """The line of highest signal-to-noise ratio near the given one: (snr, start, stop).

    Both ends are moved in steps that begin at ``reach`` channels and are halved down to 1/16, for lines that
    move ``least`` to ``most`` channels in all.
    """
    n_time = power.shape[0]
    best = line_snr(power, levels, start, stop, _width_of(start, stop, n_time, smeared))
    step = reach
    while step >= 1 / 16:
        middle_start, middle_stop = start, stop
        for i in range(-2, 3):
            for j in range(-2, 3):
                a, b = middle_start + i * step / 2, middle_stop + j * step / 2
                if not least <= b - a <= most:
                    continue
                snr = line_snr(power, levels, a, b, _width_of(a, b, n_time, smeared))
                if snr > best * (1 + _SAME):
                    best, start, stop = snr, a, b
        if start == middle_start and stop == middle_stop:
            step /= 2
    return best, start, stop


@njit(nogil=True)
def matched_width(power, levels, start, stop, extra_widths):
    """Highest signal-to-noise ratio over widths beyond the sweep, and the width in channels: (snr, width)."""
    n_time = power.shape[0]
    best, best_width = -np.inf, 1.0
    for extra in extra_widths:
        width = _sweep(start, stop, n_time, extra)
        snr = line_snr(power, levels, start, stop, width)
        if snr > best:
            best, best_width = snr, width
    return best, best_width


@njit(nogil=True)
def brightest_inside(power, levels, start, stop, width):
    """The best line as wide as the sweep alone, inside a wider one: its signal-to-noise ratio and shift."""
    narrow = _sweep(start, stop, power.shape[0], 0.0)
    best, best_shift = -np.inf, 0.0
    for k in range(int(width - narrow) + 1):
        shift = k - int(width - narrow) // 2
        snr = line_snr(power, levels, start + shift, stop + shift, narrow)
        if snr > best:
            best, best_shift = snr, float(shift)
    return best, best_shift


@njit(nogil=True)
def skirt(power, levels, start, stop, width, side):
    """Channels beyond the line, on ``side`` (-1 or 1), that still hold its leaked power.

    As far as the power along the line falls outwards and stands out of the noise; where it rises
    again another tone begins.
    """
    before = np.inf
    for k in range(MAX_SKIRT):
        shift = side * (max(width, 1.0) / 2 + k + 0.5)
        snr = line_snr(power, levels, start + shift, stop + shift, 1.0)
        if snr < 3 or snr > 1.2 * before + 3:
            return k
        before = snr
    return MAX_SKIRT


@njit(nogil=True)
def erase(power, levels, start, stop, below, above):
    """Put the mean of the noise where the line and its skirts are, in place."""
    n_time, n_chan = power.shape
    for t in range(n_time):
        middle = start + (stop - start) * t / max(n_time - 1, 1)
        first = max(int(np.floor(middle - below)), 0)
        for i in range(first, min(int(np.ceil(middle + above)), n_chan)):
            power[t, i] = at_channel(levels.mean[t], i) if power[t, i] == power[t, i] else np.nan


def follow(power, levels, plan, octave, first):
    """The refined line of a candidate as a dict, None where it stays below the threshold."""
    ends = coarse_line(power, levels, first, octave, plan.steps[octave], plan.size, *plan.moves)
    return settled(power, levels, plan, octave, *ends)


def settled(power, levels, plan, octave, start, stop):
    """The best line near the given one as a dict, None where it stays below the threshold."""
    reach = max(2**octave / 2, 1.0)
    snr, start, stop = refined_line(power, levels, start, stop, reach, plan.smeared, -np.inf, np.inf)
    least, most = plan.moves
    move = min(max(stop - start, least), most)
    # What lies farther outside is another's tone, of which only the edge was searched.
    if 0 < abs(stop - start - move) <= 1:
        middle = (start + stop) / 2
        ends = middle - move / 2, middle + move / 2
        # Moved by whole steps alone, the ends could round to just outside.
        room = 1e-9 * max(abs(move), 1.0)
        snr, start, stop = refined_line(power, levels, *ends, 1.0, plan.smeared, least - room, most + room)
    if least <= 0 <= most:
        snr, start, stop = _at_rest(power, levels, snr, start, stop)
    matched, width = matched_width(power, levels, start, stop, EXTRA_WIDTHS)
    # Not wide, but on the skirt of a brighter one.
    brightest, shift = brightest_inside(power, levels, start, stop, width)
    if shift and brightest > matched:
        snr, start, stop = brightest, start + shift, stop + shift
        matched, width = matched_width(power, levels, start, stop, EXTRA_WIDTHS)
    if plan.smeared:
        snr = matched
    if snr < plan.snr:
        return None
    return {"snr": snr, "start": start, "stop": stop, "width": width}


def _at_rest(power, levels, snr, start, stop):
    """The line at rest, if it cannot be told from one: half a channel in all, or the same samples."""
    if abs(stop - start) >= 1:
        return snr, start, stop
    places = (math.floor(start) + 0.5, math.floor(stop) + 0.5, (start + stop) / 2)
    rest = max((line_snr(power, levels, place, place, POINT), place, place) for place in places)
    return rest if abs(stop - start) < 0.5 or rest[0] >= snr * (1 - _SAME) else (snr, start, stop)


def erase_line(power, levels, plan, line):
    """Erase a line and its skirts in place; first and last of the start channels whose sums that changes."""
    ends = line["start"], line["stop"]
    below, above = (line["width"] / 2 + skirt(power, levels, *ends, line["width"], side) for side in (-1, 1))
    erase(power, levels, *ends, below, above)
    # Bins of the widest octave that hold an erased channel begin up to their width below it.
    first = int(min(ends) - below) - plan.reach - 2 ** len(plan.steps)
    last = int(max(ends) + above) + plan.reach + 1
    return max(first, 0), min(last, power.shape[1])
