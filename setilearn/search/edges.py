"""Tones that enter or leave the band during the scan.

Their sums miss the integrations outside, so that the fast tree, which takes all sums for whole, finds only
strong ones. Few lines cross an edge: here each is summed by itself and held against the noise of what is
inside.
"""

import math

import numpy as np

from setilearn.compiled import njit
from setilearn.search.levels import units_of
from setilearn.search.line import LEAST_SHARE_INSIDE, settled

_MOST_TRIED = 256
MOST_TIMES = 256  # integrations: the time that the sums take grows by their third power


class Edge:
    """The band's edge in front of channel ``channel``: 0, or n_chan.

    What was tried there without success is remembered.
    """

    def __init__(self, channel, plan):
        self.channel, self.plan = channel, plan
        self.reach = math.ceil(max(np.abs(plan.moves))) + 2 ** len(plan.steps)
        self.struck = [None] * len(plan.steps)
        self.n_left = _MOST_TRIED

    def is_near(self, line):
        """Whether a line begins or ends so close to the edge that it may cut through one across it."""
        return min(abs(line[end] - self.channel) for end in ("start", "stop")) < self.reach

    def best_line(self, power, levels):
        """The strongest line across the edge as a dict, None where none reaches the threshold.

        1. Express the samples near the edge in units of their noise; outside of the band there are none.
        2. For each octave of drift, sum along every line across the edge, and divide by the root of how many
           samples that were. Take the greatest; where it is no candidate, that is the end.
        3. Refine it on the data. Where it does not cross the edge any more, or stays below the threshold,
           strike the candidate and go back to 2.

        ``power`` and ``levels`` are as in `setilearn.search.lines.find_lines`.
        """
        if not 2 <= len(power) <= MOST_TIMES:
            return None
        first = self.channel - self.reach
        units, is_measured = _beside(power, levels, first, 2 * self.reach)
        while self.n_left > 0:
            octaves = range(len(self.plan.steps))
            snr, octave, at, *ends = max(self._best_in_octave(units, is_measured, k, first) for k in octaves)
            if snr < self.plan.candidate_snr:
                self.n_left = 0  # what is erased later makes no sum greater
                break
            self.n_left -= 1
            line = settled(power, levels, self.plan, octave, *ends)
            if line is not None and (line["start"] < self.channel) != (line["stop"] < self.channel):
                return line
            self.struck[octave][max(at - 1, 0) : at + 2] = True
        return None

    def _best_in_octave(self, units, is_measured, octave, first):
        """(sum, octave, bin, start, stop) of the greatest sum across the edge in the octave's bins."""
        width, steps = 2**octave, self.plan.steps[octave] * (len(units) - 1)
        stride = max(1, width // 2)
        bins = _binned(units, width, stride) / math.sqrt(width)
        shares = _binned(is_measured, width, stride) / width
        if self.struck[octave] is None:
            self.struck[octave] = np.zeros(bins.shape[1], bool)
        moves = np.r_[steps[0, 0] : steps[0, 1], steps[1, 0] : steps[1, 1] + 1]
        least, most = math.floor(self.plan.moves[0] / stride), math.ceil(self.plan.moves[1] / stride)
        moves, edge = moves[(moves >= least) & (moves <= most)], (self.channel - first) // stride
        snr, at, move = _best_sum(bins, shares, moves, self.struck[octave], edge)
        start = first + at * stride + width / 2
        return snr, octave, at, start, start + move * stride


def _beside(power, levels, first, n_chan):
    """Samples in units of noise and how far each is a measurement, float32 ``(n_time, n_chan)``."""
    units = np.full((len(power), n_chan), np.nan, np.float32)
    start, stop = max(first, 0), min(first + n_chan, power.shape[1])
    units[:, start - first : stop - first] = units_of(power, levels, start, stop)
    is_measured = np.isfinite(units)
    return np.where(is_measured, units, 0), is_measured.astype(np.float32)


def _binned(samples, width, stride):
    sums = np.cumsum(np.pad(samples, ((0, 0), (1, 0))), axis=1, dtype=np.float64)
    return (sums[:, width:] - sums[:, :-width])[:, ::stride].astype(np.float32)


@njit(nogil=True)
def _best_sum(bins, shares, moves, struck, edge):
    """Greatest sum over the root of its samples, of lines across bin ``edge``: (snr, start, move) in bins."""
    n_time, n_bins = bins.shape
    total, count = np.empty(n_bins, np.float32), np.empty(n_bins, np.float32)
    best, best_start, best_move = -np.inf, 0, 0
    for move in moves:
        total[:], count[:] = 0, 0
        first, last = max(edge - max(move, 0) - 3, 0), min(edge - min(move, 0) + 3, n_bins)
        for t in range(n_time):
            step = int(np.floor(move * t / (n_time - 1) + 0.5))
            for i in range(max(first, -step), min(last, n_bins - step)):
                total[i] += bins[t, i + step]
                count[i] += shares[t, i + step]
        for i in range(first, last):
            if struck[i] or not LEAST_SHARE_INSIDE * n_time <= count[i] < n_time - 0.5:
                continue
            snr = total[i] / np.sqrt(count[i])
            if snr > best:
                best, best_start, best_move = snr, i, move
    return best, best_start, best_move
