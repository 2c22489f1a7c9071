"""All lines of a block: the brightest candidate, refined, noted and erased, until none is left."""

import math

import numpy as np

from setilearn.search import tree
from setilearn.search.line import erase_line, follow

# Lines and candidates looked at in each 4096 channels: where noise is noise there are a few, in the most
# crowded band of a real recording some tens. Whatever the data hold, a search comes to its end.
MOST_TRIED = 256
TILES_AT_ONCE = 64  # between two of these an interrupt is heard


def find_lines(power, levels, plan, edges=()):
    """Lines above the threshold, the brightest candidate first; each is erased from ``power`` in place.

    1. For each start channel and octave of drift, find the greatest sum along any line
       (`setilearn.search.tree`).
    2. Take the greatest of all. Below the threshold of candidates, that is the end.
    3. Refine the line on the data themselves. Where it stays below the threshold, strike the candidate and
       go back to 2.
    4. Note the line, and erase it with its skirts.
    5. Sum anew where that has changed something, and go back to 2.
    6. Find what enters or leaves the band at ``edges`` (`setilearn.search.edges.Edge`).

    Of each 4096 channels 256 lines and candidates are looked at, and no more.

    ``power`` float32 ``(n_time, n_chan)``; ``levels`` as `setilearn.search.levels.measure_levels` gives them.
    Returns dicts with snr, start, stop (where the middle of the line is in the first and in the last
    integration, in channels) and width (channels), and a list of the first channels of places that held more.
    """
    n_time, n_chan = power.shape
    n_tiles = -(-n_chan // tree.N_TILE)
    best = np.empty((len(plan.steps), n_chan), np.int16)
    for tile in range(0, n_tiles, TILES_AT_ONCE):
        tiles = np.array([tile, min(tile + TILES_AT_ONCE, n_tiles)])
        tree.strongest_sums(power, levels, plan.unit, plan.steps, plan.size, tiles, best)
    peaks = np.array([_peaks(best, k, 0, n_tiles) for k in range(len(best))])
    threshold = plan.candidate_snr * plan.unit * math.sqrt(n_time)
    lines, n_tried = [], np.zeros(n_tiles, int)
    while True:
        k, tile = np.unravel_index(peaks.argmax(), peaks.shape)
        if peaks[k, tile] < threshold:
            for edge in edges:
                while across := edge.best_line(power, levels):
                    lines.append(across)
                    erase_line(power, levels, plan, across)
            return lines, (np.flatnonzero(n_tried > MOST_TRIED) * tree.N_TILE).tolist()
        n_tried[tile] += 1
        if n_tried[tile] > MOST_TRIED:
            peaks[:, tile] = tree.LOWEST
            continue
        bins = _tile(best, k, tile)
        at = int(bins.argmax())
        line = follow(power, levels, plan, k, tile * _bins_in_tile(k) + at)
        if line is None:
            bins[max(at - 1, 0) : at + 2] = tree.LOWEST
            peaks[k, tile] = bins.max()
            continue
        # What leaves the band would be found as the part of it that one line through its inside takes up.
        for edge in edges:
            across = edge.best_line(power, levels) if edge.is_near(line) else None
            line = across if across and across["snr"] > line["snr"] else line
        lines.append(line)
        first, last = erase_line(power, levels, plan, line)
        tree.strongest_sums_again(power, levels, plan.unit, plan.steps, plan.size, first, last, best)
        tiles = first // tree.N_TILE, -(-last // tree.N_TILE)
        for octave in range(len(best)):
            peaks[octave, slice(*tiles)] = _peaks(best, octave, *tiles)
        peaks[:, n_tried > MOST_TRIED] = tree.LOWEST


def _bins_in_tile(octave):
    return tree.N_TILE // max(1, 2**octave // 2)


def _tile(best, octave, tile):
    n_bins = -(-best.shape[1] // max(1, 2**octave // 2))
    return best[octave, tile * _bins_in_tile(octave) : min((tile + 1) * _bins_in_tile(octave), n_bins)]


def _peaks(best, octave, first, last):
    """Largest sum in each of the tiles ``first`` to ``last`` of an octave."""
    n_bins = -(-best.shape[1] // max(1, 2**octave // 2))
    size = _bins_in_tile(octave)
    starts = np.arange(first, last) * size
    return np.maximum.reduceat(best[octave, : min(last * size, n_bins)], starts)
