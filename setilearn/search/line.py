"""One drifting line at a time: its signal-to-noise ratio, the best line near a candidate, what belongs to it.

Positions are in channels: channel i reaches from i to i + 1. A line is told by where its middle is
in the first and in the last integration.
"""

import math

import numpy as np
from numba import njit

POINT = 0.05  # width, in channels, of a line that takes one channel an integration
# Beyond what the drift smears. Wider things are not narrow-band, and in them a slightly wrong level adds up.
EXTRA_WIDTHS = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, 8], dtype=np.float64)
MAX_SKIRT = 128  # channels beyond the line that may still be leakage of a very strong tone


@njit(nogil=True, cache=True)
def line_snr(power, center, gain, start, stop, width):
    """Signal-to-noise ratio of a line ``width`` channels wide, from ``start`` to ``stop``.

    ``(power - center) * gain`` is in standard deviations of one integration. Each channel counts
    with the share of it that the line covers, as the power of an evenly smeared tone does: the
    matched filter. What is outside the band is left out.
    """
    n_time, n_chan = power.shape
    total, norm = 0.0, 0.0
    for t in range(n_time):
        middle = start + (stop - start) * t / max(n_time - 1, 1)
        low, high = middle - width / 2, middle + width / 2
        for i in range(max(int(np.floor(low)), 0), min(int(np.ceil(high)), n_chan)):
            share = min(high, i + 1.0) - max(low, float(i))
            total += share * (power[t, i] - center[i]) * gain[i]
            norm += share * share
    return total / np.sqrt(norm) if norm > 0 else 0.0


@njit(nogil=True, cache=True)
def _sweep(start, stop, n_time, extra):
    """Width of a line: what the tone sweeps in one integration, and ``extra``."""
    return max(abs(stop - start) / max(n_time - 1, 1) + extra, POINT)


@njit(nogil=True, cache=True)
def _width_of(start, stop, n_time, smeared):
    return _sweep(start, stop, n_time, 0.0) if smeared else POINT


@njit(nogil=True, cache=True)
def coarse_line(power, center, gain, first, octave, steps, size):
    """Best straight line of the octave's bins that starts in bin ``first`` or next to it: (start, stop).

    ``steps`` int64 (2, 2) and ``size`` as in `setilearn.search.tree.strongest_sums`.
    """
    n_time = power.shape[0]
    bin_width, stride = 2**octave, max(1, 2**octave // 2)
    best, best_start, best_stop = -np.inf, 0.0, 0.0
    for sign in range(2):
        for move in range(steps[sign, 0] * (size - 1), steps[sign, 1] * (size - 1) + 1):
            for bin_index in range(first - 1, first + 2):
                start = bin_index * stride + bin_width / 2
                stop = start + move * stride * (n_time - 1) / (size - 1)
                snr = line_snr(power, center, gain, start, stop, float(bin_width))
                if snr > best:
                    best, best_start, best_stop = snr, start, stop
    return best_start, best_stop


@njit(nogil=True, cache=True)
def refined_line(power, center, gain, start, stop, reach, smeared):
    """The line of highest signal-to-noise ratio near the given one: (snr, start, stop).

    Both ends are moved in steps that begin at ``reach`` channels and are halved down to 1/16.
    """
    n_time = power.shape[0]
    best = line_snr(power, center, gain, start, stop, _width_of(start, stop, n_time, smeared))
    step = reach
    while step >= 1 / 16:
        middle_start, middle_stop = start, stop
        for i in range(-2, 3):
            for j in range(-2, 3):
                a, b = middle_start + i * step / 2, middle_stop + j * step / 2
                snr = line_snr(power, center, gain, a, b, _width_of(a, b, n_time, smeared))
                if snr > best:
                    best, start, stop = snr, a, b
        if start == middle_start and stop == middle_stop:
            step /= 2
    return best, start, stop


@njit(nogil=True, cache=True)
def matched_width(power, center, gain, start, stop, extra_widths):
    """Highest signal-to-noise ratio over widths beyond the sweep, and the width in channels: (snr, width)."""
    n_time = power.shape[0]
    best, best_width = -np.inf, 1.0
    for extra in extra_widths:
        width = _sweep(start, stop, n_time, extra)
        snr = line_snr(power, center, gain, start, stop, width)
        if snr > best:
            best, best_width = snr, width
    return best, best_width


@njit(nogil=True, cache=True)
def skirt(power, center, gain, start, stop, width, side):
    """Channels beyond the line, on ``side`` (-1 or 1), that still hold its leaked power.

    As far as the power along the line falls outwards and stands out of the noise; where it rises
    again another tone begins.
    """
    before = np.inf
    for k in range(MAX_SKIRT):
        shift = side * (width / 2 + k + 0.5)
        snr = line_snr(power, center, gain, start + shift, stop + shift, 1.0)
        if snr < 3 or snr > 1.2 * before + 3:
            return k
        before = snr
    return MAX_SKIRT


@njit(nogil=True, cache=True)
def erase(power, center, start, stop, below, above):
    """Put the mean of the noise where the line and its skirts are, in place."""
    n_time, n_chan = power.shape
    for t in range(n_time):
        middle = start + (stop - start) * t / max(n_time - 1, 1)
        first = max(int(np.floor(middle - below)), 0)
        for i in range(first, min(int(np.ceil(middle + above)), n_chan)):
            power[t, i] = center[i]


def follow(power, center, gain, plan, octave, first):
    """The refined line of a candidate as a dict, None where it stays below the threshold."""
    start, stop = coarse_line(power, center, gain, first, octave, plan.steps[octave], plan.size)
    snr, start, stop = refined_line(power, center, gain, start, stop, max(2**octave / 2, 1.0), plan.smeared)
    snr, start, stop = _at_rest(power, center, gain, snr, start, stop)
    matched, width = matched_width(power, center, gain, start, stop, EXTRA_WIDTHS)
    if plan.smeared:
        snr = matched
    if snr < plan.snr:
        return None
    return {"snr": snr, "start": start, "stop": stop, "width": width}


def _at_rest(power, center, gain, snr, start, stop):
    """The line at rest, if it cannot be told from one: half a channel of drift in all."""
    if abs(stop - start) >= 0.5:
        return snr, start, stop
    places = (math.floor(start) + 0.5, math.floor(stop) + 0.5, (start + stop) / 2)
    return max((line_snr(power, center, gain, place, place, POINT), place, place) for place in places)


def erase_line(power, center, gain, plan, line):
    """Erase a line and its skirts in place; first and last of the start channels whose sums that changes."""
    ends = line["start"], line["stop"]
    below, above = (
        line["width"] / 2 + skirt(power, center, gain, *ends, line["width"], side) for side in (-1, 1)
    )
    erase(power, center, *ends, below, above)
    # Bins of the widest octave that hold an erased channel begin up to their width below it.
    first = int(min(ends) - below) - plan.reach - 2 ** len(plan.steps)
    last = int(max(ends) + above) + plan.reach + 1
    return max(first, 0), min(last, power.shape[1])
