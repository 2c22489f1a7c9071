"""The samples of a waterfall, read as a view needs them.

They come from ``read(times, channels)``, a function of two slices that returns power
``(n_time, n_chan)``. Where that is a file, a view of more samples than fit a budget is put
together from pieces, evenly spread over it and each contiguous in the file.
"""

import math
import time
from dataclasses import replace
from itertools import groupby

import numpy as np

from setilearn.show.explorer.picture import Picture, Reading
from setilearn.show.explorer.view import cut_view
from setilearn.spectrogram import Spectrogram

# Panning about in a narrow view should not read the file again at every step.
MIN_CHANNELS_READ = 2**15


def pool(power, n_time, n_chan, how):
    """Maximum or mean of blocks of ``n_time`` integrations by ``n_chan`` channels; the last may be smaller.

    NaN is left out of a maximum, and is the maximum where there is nothing else.
    """
    ufunc = {"max": np.fmax, "mean": np.add}[how]
    if n_chan > 1:
        starts = np.arange(0, power.shape[1], n_chan)
        power = _divided(ufunc.reduceat(power, starts, axis=1), power.shape[1], n_chan, how)
    if n_time > 1:
        rows, columns = power.shape
        n = rows // n_time
        # Several times faster than reduceat along this axis.
        blocks = ufunc.reduce(power[: n * n_time].reshape(n, n_time, columns), axis=1)
        if rows % n_time:
            blocks = np.vstack([blocks, ufunc.reduce(power[n * n_time :], axis=0)])
        power = _divided(blocks.T, rows, n_time, how).T
    return power


def _divided(sums, size, n, how):
    if how == "max":
        return sums
    counts = np.full(sums.shape[1], n, np.float32)
    counts[-1] = size - n * (len(counts) - 1)
    return sums / counts


class Waterfall:
    """Pictures of power that is read as it is needed, and the values in them.

    Parameters
    ----------
    read : callable
        ``read(times, channels)`` of two slices gives power ``(n_time, n_chan)``.
    header : Header
        What there is to read.
    budget : float
        How many samples a picture may be made of, and about how many are held: two times this.
    grain : int
        Channels that cost as much to read as one of them, as in a compressed file.
    """

    def __init__(self, read, header, *, budget=math.inf, grain=1):
        self.header = header
        self._read = read
        self._budget = budget
        self._grain = grain
        self._block = None
        self._pieces = None

    def picture(self, view, seconds=math.inf):
        """`Picture` of ``view``; a sampled one may be unfinished after ``seconds``: ask again for more."""
        deadline = time.monotonic() + seconds
        view = view.within(self.header)
        times, channels = cut_view(view, self.header, self._budget)
        if times.ratio == channels.ratio == 1:
            power, done = self._samples(*times.bounds, *channels.bounds), 1.0
        else:
            power, done = self._sampled(times, channels, deadline)
        n_time, n_chan = min(view.average[0], times.keep), min(view.average[1], channels.keep)
        power = pool(power, n_time, n_chan, "mean")
        power = pool(power, times.keep // n_time, channels.keep // n_chan, view.pool)
        return Picture(power, times, channels, done)

    def reading(self, view, position):
        """`Reading` of the pixel of ``view`` at ``position``, a (time, channel) on the two axes."""
        view = view.within(self.header)
        cells = cut_view(view, self.header, self._budget)
        (t0, t1), (c0, c1) = (axis.piece(axis.at(at)) for axis, at in zip(cells, position, strict=True))
        power = self._held(t0, t1, c0, c1)
        if power is None:
            power = self._read(slice(t0, t1), slice(c0, c1))
        n_time, n_chan = min(view.average[0], t1 - t0), min(view.average[1], c1 - c0)
        power = pool(power, n_time, n_chan, "mean")
        if view.pool == "mean" or np.isnan(power).all():
            return Reading(float(power.mean()), (t0, t1 - 1), (c0, c1 - 1), power.size)
        row, column = np.unravel_index(np.nanargmax(power), power.shape)
        first_time, first_chan = t0 + int(row) * n_time, c0 + int(column) * n_chan
        return Reading(
            float(power[row, column]),
            (first_time, min(first_time + n_time, t1) - 1),
            (first_chan, min(first_chan + n_chan, c1) - 1),
            power.size,
        )

    def spectrogram(self, view, seconds=math.inf):
        """`Spectrogram` that a still picture of ``view`` can be drawn from.

        Every sample in sight, where the budget has room for them; else one value a pixel.
        """
        view = view.within(self.header)
        times, channels = (
            slice(math.floor(start), math.ceil(stop)) for start, stop in (view.times, view.channels)
        )
        header, times, channels = self.header.part(times, channels)
        if header.n_time * header.n_chan > self._budget:
            return self.picture(view, seconds).spectrogram(self.header)
        return Spectrogram(self._samples(times.start, times.stop, channels.start, channels.stop), header)

    def _samples(self, *bounds):
        if self._held(*bounds) is None:
            t0, t1, c0, c1 = self._widened(*bounds)
            self._block = None  # before the next one is read: only one of them fits the budget
            self._block = t0, c0, self._read(slice(t0, t1), slice(c0, c1))
        return self._held(*bounds)

    def _held(self, t0, t1, c0, c1):
        """Samples within these bounds of the block in memory, None where it does not hold them all."""
        if self._block is None:
            return None
        first_time, first_chan, power = self._block
        rows, columns = slice(t0 - first_time, t1 - first_time), slice(c0 - first_chan, c1 - first_chan)
        inside = (
            rows.start >= 0 <= columns.start and rows.stop <= len(power) and columns.stop <= power.shape[1]
        )
        return power[rows, columns] if inside else None

    def _widened(self, t0, t1, c0, c1):
        """Bounds of what to read for the sake of later views: everything, or some more on each side."""
        n_time, n_chan = self.header.n_time, self.header.n_chan
        margin = max(c1 - c0, MIN_CHANNELS_READ)
        wide = max(0, c0 - margin), min(n_chan, c1 + margin)
        for bounds in ((0, n_time, 0, n_chan), (0, n_time, *wide), (t0, t1, *wide)):
            if (bounds[1] - bounds[0]) * (bounds[3] - bounds[2]) <= self._budget:
                return bounds
        return t0, t1, c0, c1

    def _sampled(self, times, channels, deadline):
        cells = _uncut(times), _uncut(channels)
        if self._pieces is None or self._pieces.cells != cells:
            self._pieces = None
            self._pieces = _Pieces(cells, min(self._grain, max(1, self._budget // times.n_kept)))
        self._pieces.read_until(deadline, self._read)
        return self._pieces.power, self._pieces.done


def _uncut(cells):
    """The same samples without the cut, where none is left out: one reading serves every way to cut them."""
    return replace(cells, step=1, n=cells.n_samples, keep=1) if cells.ratio == 1 else cells


class _Pieces:
    """Samples of cells of which a part is kept, read a few pieces at a time, evenly spread all along."""

    def __init__(self, cells, grain):
        self.cells = cells
        times, channels = cells
        self.power = np.full((times.n_kept, channels.n_kept), np.nan, np.float32)
        rows, columns = _groups(times, 1), _groups(channels, grain)
        self._left = [(row, column) for column in columns for row in rows][::-1]
        self._n_groups = len(self._left)

    @property
    def done(self):
        return (self._n_groups - len(self._left)) / self._n_groups

    def read_until(self, deadline, read):
        """Read until ``deadline`` or the end; one group at least."""
        while self._left:
            places = [_places(cells, group) for cells, group in zip(self.cells, self._left[-1], strict=True)]
            (to_times, times, from_times), (to_channels, channels, from_channels) = places
            self.power[to_times, to_channels] = read(times, channels)[from_times][:, from_channels]
            self._left.pop()
            if time.monotonic() >= deadline:
                break


def _groups(cells, grain):
    """Cells that are read together, each group as a range: those that begin in the same ``grain`` samples.

    Where nothing is left out between the cells, all of them. The groups come in an order that
    fills the axis evenly: by the bits of their number, read backwards.
    """
    if cells.ratio == 1:
        return [range(cells.n)]
    by_grain = groupby(range(cells.n), key=lambda i: cells.piece(i)[0] // grain)
    groups = [range(members[0], members[-1] + 1) for members in (list(group) for _, group in by_grain)]
    order = sorted(range(len(groups)), key=lambda i: f"{i:032b}"[::-1])
    return [groups[i] for i in order]


def _places(cells, group):
    """Where the samples of a group of cells belong, which to read for them, and which of those to take."""
    start, stop = cells.piece(group[0])[0], cells.piece(group[-1])[1]
    to = slice(group[0] * cells.keep, min((group[-1] + 1) * cells.keep, cells.n_kept))
    if cells.ratio == 1 or len(group) == 1:
        return to, slice(start, stop), slice(None)
    taken = [np.arange(*cells.piece(i)) - start for i in group]
    return to, slice(start, stop), np.concatenate(taken)
