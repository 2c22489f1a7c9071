"""Sums along drifting lines: brute force, the Taylor tree in NumPy, and the fast one behind `search_drift`.

The Taylor tree (J. H. Taylor 1974, A&AS 15, 367) adds neighbouring integrations in pairs, then the
pairs in pairs, and so on: what two lines share is added once. For 2**k integrations and as many
drifts it takes k additions a sum in place of 2**k - 1.
"""

from __future__ import annotations

import numpy as np

from setilearn.compiled import njit, prange
from setilearn.search.levels import CELL

N_TILE = 4096  # channels worked on at a time: what they need stays in the processor's cache
LOWEST = np.iinfo(np.int16).min


def taylor_tree(power: np.ndarray) -> np.ndarray:
    """Sums of ``power`` along lines that drift by 0, 1, ... channels upwards from first to last integration.

    ``power``, shape ``(n_time, n_chan)``, is taken as zero above the highest channel, and n_time
    is filled up with zeros to the next power of two, n. Returns ``(n, n_chan)``: row d, channel i
    is the sum of the line that starts in channel i and has moved d channels n - 1 integrations
    later. For falling tones, turn the channels round: ``taylor_tree(power[:, ::-1])[:, ::-1]``.

    The lines are those of the tree: a step here and there is off the straight line by one channel.

    >>> taylor_tree(np.array([[1, 0, 0], [0, 2, 0]]))
    array([[1, 2, 0],
           [3, 0, 0]])
    """
    power = np.asarray(power)
    n_time, n_chan = power.shape
    size = 1 << (n_time - 1).bit_length()
    sums = np.zeros((size, 1, n_chan), power.dtype)
    sums[:n_time, 0] = power
    while len(sums) > 1:
        sums = np.stack([_joined(early, late) for early, late in zip(sums[::2], sums[1::2], strict=True)])
    return sums[0]


def _joined(early, late):
    """Sums over both of two neighbouring groups of integrations, from the sums over each."""
    # A line that moves d channels moves d // 2 in each half, and, where d is odd, one more in between.
    return np.stack([early[d // 2] + _moved(late[d // 2], (d + 1) // 2) for d in range(2 * len(early))])


def brute_force(power: np.ndarray, n_drift: int) -> np.ndarray:
    """The same sums along straight lines, each step rounded to the nearest channel: ``(n_drift, n_chan)``."""
    power = np.asarray(power)
    times = np.arange(len(power))
    sums = np.zeros((n_drift, power.shape[1]), power.dtype)
    for d in range(n_drift):
        steps = np.floor(d * times / max(len(power) - 1, 1) + 0.5).astype(int)
        sums[d] = sum(_moved(row, step) for row, step in zip(power, steps, strict=True))
    return sums


def _moved(row, step):
    """``row[i + step]`` at i, zero where there is none."""
    return np.concatenate([row[step:], np.zeros(min(step, len(row)), row.dtype)])


# The fast one. Three things make it fast: whole numbers of 16 bits, of which the processor adds 32 at
# a time; tiles that stay in its cache; four integrations added at once, so that less is written.


@njit(nogil=True)
def _add_four(out, a, b, c, d):
    for i in range(out.size):
        out[i] = a[i] + b[i] + c[i] + d[i]


@njit(nogil=True)
def _keep_larger(best, a, b, c, d, e, f, g, h):
    """Two sums of four at a time: ``best`` is read and written half as often."""
    for i in range(best.size):
        one, other = np.int16(a[i] + b[i] + c[i] + d[i]), np.int16(e[i] + f[i] + g[i] + h[i])
        larger = one if one > other else other
        best[i] = larger if larger > best[i] else best[i]


@njit(nogil=True)
def _quarters(drift):
    """Where the four quarters of a line that moves ``drift`` channels begin, and how far each one moves."""
    half = drift // 2
    second, third = (half + 1) // 2, (drift + 1) // 2
    return half // 2, second, third, third + second


@njit(nogil=True)
def _tree_maximum(rows, first, step, sums, scratch, best):
    """Raise ``best[i]`` to the largest sum of the lines from ``first + i`` that move step to step + 1 a row.

    ``rows`` int16 ``(4**k, ...)``; ``sums`` and ``scratch`` take what is added in between.
    """
    size, n = rows.shape[0], best.size
    # In the first round the rows stand as measured: each begins ``step`` channels above the one before.
    source, group, slant, origin = rows, 1, step, first
    while 4 * group < size:
        length = n + size - 4 * group
        for g in range(size // (4 * group)):
            at = origin + 4 * g * slant
            for drift in range(4 * group):
                move, second, third, fourth = _quarters(drift)
                index = 4 * group * g + move
                _add_four(
                    sums[4 * group * g + drift, :length],
                    source[index, at : at + length],
                    source[index + group, at + slant + second : at + slant + second + length],
                    source[index + 2 * group, at + 2 * slant + third : at + 2 * slant + third + length],
                    source[index + 3 * group, at + 3 * slant + fourth : at + 3 * slant + fourth + length],
                )
        source, sums, scratch = sums, scratch, sums
        group, slant, origin = 4 * group, 0, 0
    second, third, fourth = origin + slant, origin + 2 * slant, origin + 3 * slant
    for drift in range(0, 4 * group, 2):
        move, a, b, c = _quarters(drift)
        next_move, d, e, f = _quarters(drift + 1)
        _keep_larger(
            best,
            source[move, origin : origin + n],
            source[move + group, second + a : second + a + n],
            source[move + 2 * group, third + b : third + b + n],
            source[move + 3 * group, fourth + c : fourth + c + n],
            source[next_move, origin : origin + n],
            source[next_move + group, second + d : second + d + n],
            source[next_move + 2 * group, third + e : third + e + n],
            source[next_move + 3 * group, fourth + f : fourth + f + n],
        )


@njit(nogil=True)
def _whole_numbers(power, levels, unit, first, limit, rows):
    """Write the samples in units of their noise times ``unit``, held within ``limit``, into ``rows``.

    What is outside of the band, or no measurement, is zero.
    """
    rows[:] = 0
    start, stop = max(first, 0), min(first + rows.shape[1], power.shape[1])
    last = levels.mean.shape[1] - 1
    for t in range(power.shape[0]):
        at = start
        while at < stop:
            # From one knot to the next.
            knot = (at + CELL // 2) // CELL - 1
            end = min((knot + 1) * CELL + CELL // 2, stop)
            left, right = min(max(knot, 0), last), min(max(knot + 1, 0), last)
            share = np.float32((at - knot * CELL - CELL // 2 + 0.5) / CELL)
            slope = (levels.mean[t, right] - levels.mean[t, left]) / np.float32(CELL)
            rise = (levels.gain[t, right] - levels.gain[t, left]) * unit / np.float32(CELL)
            mean = levels.mean[t, left] + slope * share * np.float32(CELL)
            gain = levels.gain[t, left] * unit + rise * share * np.float32(CELL)
            _write_units(power[t, at:end], mean, slope, gain, rise, limit, rows[t, at - first : end - first])
            at = end


@njit(nogil=True)
def _write_units(source, mean, slope, gain, rise, limit, row):
    for i in range(source.size):
        k = np.float32(i)
        value = ((source[i] - mean) - slope * k) * (gain + rise * k)
        value = value if value == value else np.float32(0)
        value = value if value < limit else limit
        row[i] = np.int16(value if value > -limit else -limit)


@njit(nogil=True)
def _paired(rows, step, n, limit, out):
    """``n`` bins twice as wide: sums of two over the root of two, so that the noise stays the same."""
    for t in range(rows.shape[0]):
        if step == 1:
            _root_half_sum(out[t, :n], rows[t, :n], rows[t, 1 : n + 1], limit)
        else:
            _root_half_sum_of_every_other(out[t, :n], rows[t], limit)


@njit(nogil=True)
def _root_half_sum(out, a, b, limit):
    for i in range(out.size):
        value = (
            (np.int32(a[i]) + np.int32(b[i])) * np.int32(181) + np.int32(128)
        ) >> 8  # 181 / 256: root of 1/2
        out[i] = min(max(value, -limit), limit)


@njit(nogil=True)
def _root_half_sum_of_every_other(out, row, limit):
    for i in range(out.size):
        value = ((np.int32(row[2 * i]) + np.int32(row[2 * i + 2])) * np.int32(181) + np.int32(128)) >> 8
        out[i] = min(max(value, -limit), limit)


@njit(nogil=True)
def _reach(steps, size):
    """Channels that the lines of a tile may reach beyond it, in whole bins of the widest octave."""
    reach, widest = 0, 1
    for k in range(steps.shape[0]):
        widest = max(1, 2**k // 2)
        reach = max(reach, (max(-steps[k, 0, 0], steps[k, 1, 1]) + 1) * size * widest + 2**k)
    return -(-reach // widest) * widest


@njit(nogil=True)
def _sums_of_tile(power, levels, unit, steps, size, reach, start, stop, best):
    """The sums for the start channels ``start`` to ``stop``; both in whole bins of the widest octave."""
    n_tile = stop - start
    rows = np.empty((size, n_tile + 2 * reach), np.int16)
    limit = 32767 // size
    _whole_numbers(power, levels, np.float32(unit), start - reach, np.float32(limit), rows)
    spare, length = np.empty_like(rows), rows.shape[1]
    # Two arrays and not the halves of one: the compiler must see that their rows lie in one piece.
    sums = np.empty((size, n_tile + size), np.int16)
    scratch = np.empty((size, n_tile + size), np.int16)
    for k in range(steps.shape[0]):
        stride = max(1, 2**k // 2)
        if k > 0:
            length = length // min(k, 2) - 1
            _paired(rows, min(k, 2), length, np.int32(limit), spare)
            rows, spare = spare, rows
        n = min(n_tile, power.shape[1] - start + stride - 1) // stride
        place = best[k, start // stride : start // stride + n]
        place[:] = LOWEST
        for sign in range(2):
            for step in range(steps[k, sign, 0], steps[k, sign, 1]):
                _tree_maximum(rows, reach // stride, step, sums, scratch, place)


@njit(parallel=True, nogil=True)
def strongest_sums(power, levels, unit, steps, size, tiles, best):
    """Largest sum along any drift for each start channel, in bins of 1, 2, 4, ... channels, tile by tile.

    Parameters
    ----------
    power : float32 (n_time, n_chan)
    levels : Levels
        Of the noise (`setilearn.search.levels`).
    unit : float
        Units of the sums a standard deviation.
    steps : int64 (n_octaves, 2, 2)
        Octave k works in bins of 2**k channels that begin every max(1, 2**(k - 1)) channels. For
        falling and for rising lines: lowest move in bins a row, and the first one not searched.
    size : int
        Integrations to work with, a power of four, n_time or more.
    tiles : int64 (2,)
        First tile of N_TILE channels, and the first one not worked on.
    best : int16 (n_octaves, n_chan)
        Receives the sums of octave k in its first n_chan / stride places.
    """
    reach = _reach(steps, size)
    for tile in prange(tiles[0], tiles[1]):
        start = tile * N_TILE
        _sums_of_tile(power, levels, unit, steps, size, reach, start, start + N_TILE, best)


@njit(nogil=True)
def strongest_sums_again(power, levels, unit, steps, size, start, stop, best):
    """The same for the channels ``start`` to ``stop`` and a few more, on one thread.

    There are few of them: to wake the other threads would take longer than the work.
    """
    widest = max(1, 2 ** (steps.shape[0] - 1) // 2)
    start, stop = start // widest * widest, -(-stop // widest) * widest
    _sums_of_tile(power, levels, unit, steps, size, _reach(steps, size), start, stop, best)
