"""What an interactive waterfall shows: samples a view needs, pixels that share them, colours that these get.

All of it is arithmetic on arrays, without a widget. Channels and integrations are counted from 0;
channel 7 reaches from 7.0 to 8.0 on the channel axis, integration 3 from 3.0 to 4.0 on the time
axis, so that a view is four numbers and its edges may fall inside a channel.

The samples come from ``read(times, channels)``, a function of two slices that returns power
``(n_time, n_chan)``. Where that is a file, a view of more samples than fit a budget is put
together from pieces, evenly spread over it and each contiguous in the file.
"""

import math
import time
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from setilearn.spectrogram import HZ_PER_MHZ, Spectrogram

# Zoomed in this far, a channel fills a quarter of the picture's width.
MIN_TIMES, MIN_CHANNELS = 2, 4
MAX_PIXELS = (2048, 4096)
# Where both axes are sampled every piece is a read of its own, and one for each pixel would be too many.
COARSE_PIXELS = (64, 256)
# Panning about in a narrow view should not read the file again at every step.
MIN_CHANNELS_READ = 2**15
LOWEST_LEVEL, HIGHEST_LEVEL = 1, 255  # level 0 is for pixels of which nothing has been read


@dataclass(frozen=True)
class View:
    """What a user looks at, and how.

    ``times`` and ``channels`` are (start, stop) on the two axes, ``pixels`` is (height, width).
    ``average`` is how many (integrations, channels) are averaged before anything else, ``pool``
    what stands for all that share a pixel: their "max" or their "mean". ``contrast`` are the two
    percentiles of the picture that get the lowest and the highest colour.

    Raises ``ValueError`` for what cannot be looked at.
    """

    times: tuple
    channels: tuple
    pixels: tuple
    average: tuple = (1, 1)
    pool: str = "max"
    contrast: tuple = (1.0, 99.9)

    def __post_init__(self):
        for name in ("times", "channels", "contrast"):
            start, stop = getattr(self, name)
            if not (math.isfinite(start) and math.isfinite(stop) and start < stop):
                raise ValueError(f"{name}: expected two ascending numbers, found {start} and {stop}")
        if self.contrast[0] < 0 or self.contrast[1] > 100:
            raise ValueError(f"contrast: expected percentiles from 0 to 100, found {self.contrast}")
        for name in ("pixels", "average"):
            if not all(isinstance(n, int) and n >= 1 for n in getattr(self, name)):
                raise ValueError(f"{name}: expected two whole numbers above 0, found {getattr(self, name)}")
        if self.pool not in ("max", "mean"):
            raise ValueError(f"pool: expected 'max' or 'mean', found {self.pool!r}")

    def within(self, header):
        """The view nearest to this one of what ``header`` describes."""
        shape = header.n_time, header.n_chan
        return replace(
            self,
            times=_clamp(self.times, header.n_time, MIN_TIMES),
            channels=_clamp(self.channels, header.n_chan, MIN_CHANNELS),
            pixels=tuple(map(min, self.pixels, MAX_PIXELS)),
            average=tuple(map(min, self.average, shape)),
        )


def _clamp(limits, size, least):
    start, stop = limits
    span = min(max(stop - start, least), size)
    start = min(max(start, 0.0), size - span)
    return start, start + span


@dataclass(frozen=True)
class Cells:
    """How an axis of ``size`` samples is cut: cell i is ``step`` samples from ``first + i * step`` on.

    Of each of the ``n`` cells, the ``keep`` samples in its middle are read.
    """

    first: int
    step: int
    n: int
    size: int
    keep: int

    @property
    def bounds(self):
        """Bounds of the samples in all cells; the last cell itself may reach past the end of the axis."""
        return self.first, min(self.first + self.n * self.step, self.size)

    @property
    def n_samples(self):
        start, stop = self.bounds
        return stop - start

    @property
    def ratio(self):
        """How many samples stand for each one that is read."""
        return self.step / self.keep

    @property
    def n_kept(self):
        """Samples in all cells together that are read."""
        start, stop = self.piece(self.n - 1)
        return (self.n - 1) * self.keep + stop - start

    def piece(self, i):
        """Bounds of the samples of cell ``i`` that are read."""
        start = self.first + i * self.step
        length = min(self.step, self.size - start)
        start += max(0, length - self.keep) // 2
        return start, start + min(self.keep, length)

    def at(self, position):
        """Number of the cell under ``position`` on the axis; of the nearest one, where there is none."""
        return min(max(int((position - self.first) // self.step), 0), self.n - 1)


def cut_axis(limits, size, average, pixels):
    """Cells of an axis for a view of ``limits``, such that at most ``pixels`` of them are in sight.

    Cells are whole blocks of ``average`` samples and begin at multiples of their own size, so that
    nothing flickers while the view is moved.
    """
    start, stop = math.floor(limits[0] / average), math.ceil(limits[1] / average)
    step = average * math.ceil((stop - start) / pixels)
    first = math.floor(limits[0] / step) * step
    n = math.ceil((min(limits[1], size) - first) / step)
    return Cells(first, step, n, size, step)


def cut_view(view, header, budget=math.inf):
    """Cells of the time and of the channel axis for ``view``, of which ``budget`` samples or fewer are read.

    What a view has above its budget is left out evenly: of the channels that share a pixel, or,
    where integrations share one too, of these, since a file holds one after the other.
    """
    times, channels = _cut(view, header)
    if times.n_samples * channels.n_samples <= budget:
        return times, channels
    if times.step <= view.average[0] and times.n_samples * channels.n <= budget:
        return times, _thin(channels, budget // times.n_samples, view.average[1])
    if times.n * channels.n_samples <= budget:
        return _thin(times, budget // channels.n_samples, view.average[0]), channels
    times, channels = _cut(replace(view, pixels=tuple(map(min, view.pixels, COARSE_PIXELS))), header)
    return replace(times, keep=1), _thin(channels, budget // times.n, view.average[1])


def _cut(view, header):
    shape = header.n_time, header.n_chan
    return [
        cut_axis(*axis)
        for axis in zip((view.times, view.channels), shape, view.average, view.pixels, strict=True)
    ]


def _thin(cells, n_samples, average):
    """The same cells, of which no more than ``n_samples`` are kept, in whole averages if possible."""
    keep = min(int(n_samples // cells.n), cells.step)
    return replace(cells, keep=keep - keep % average if keep > average else keep)


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


def color_limits(values_db, contrast):
    """The two ``contrast`` percentiles of the finite values, at least 0.1 dB apart; (0, 1) without any."""
    finite = values_db[np.isfinite(values_db)]
    if finite.size == 0:
        return 0.0, 1.0
    low, high = (float(value) for value in np.percentile(finite, contrast))
    return low, max(high, low + 0.1)


def color_levels(values_db, low, high):
    """uint8 level of each value: 1 for ``low`` and below, 255 for ``high`` and above, 0 for NaN."""
    n_steps = HIGHEST_LEVEL - LOWEST_LEVEL
    scaled = (values_db - low) * (n_steps / (high - low)) + (LOWEST_LEVEL + 0.5)
    return np.nan_to_num(np.clip(scaled, LOWEST_LEVEL, HIGHEST_LEVEL), nan=0.0).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Picture:
    """Power ``(times.n, channels.n)``, linear, one value a cell, NaN where none of a cell is read yet.

    ``done`` is the share of the pieces that has been read, from 0 to 1.
    """

    power: np.ndarray
    times: Cells
    channels: Cells
    done: float

    def spectrogram(self, header):
        """The picture as a `Spectrogram` of its own; ``header`` is that of all the data."""
        part = replace(
            header,
            fch1_mhz=float(header.frequency_mhz(self.channels.first + (self.channels.step - 1) / 2)),
            foff_hz=header.foff_hz * self.channels.step,
            tsamp_s=header.tsamp_s * self.times.step,
            n_time=self.times.n,
            n_chan=self.channels.n,
        )
        return Spectrogram(np.nan_to_num(self.power, nan=0.0), part)


@dataclass(frozen=True)
class Reading:
    """Power at one place: of the integrations and the channels (first, last) that were averaged.

    ``n_blocks`` is how many such blocks share the pixel; in a picture of maxima this is the
    strongest of them.
    """

    power: float
    times: tuple
    channels: tuple
    n_blocks: int


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


def picture_text(picture, view):
    """What a pixel of ``picture`` stands for, how much it leaves out, and how far the reading is."""
    times, channels = picture.times, picture.channels
    n_blocks = math.prod(
        math.ceil(cells.keep / average)
        for cells, average in zip((times, channels), view.average, strict=True)
    )
    shape = f"{_counted(times.keep, 'integration')} × {_counted(channels.keep, 'channel')}"
    if n_blocks > 1:
        blocks = "samples" if view.average == (1, 1) else "averages"
        share = "strongest" if view.pool == "max" else "mean"
        text = f"Each pixel: the {share} of {n_blocks:,} {blocks} ({shape})."
    elif times.keep * channels.keep > 1:
        text = f"Each pixel: the mean of {shape}."
    else:
        text = "Each pixel: one sample."
    for name, cells in (("integration", times), ("channel", channels)):
        if cells.ratio > 1:
            ratio = f"{cells.ratio:.2g}" if cells.ratio < 10 else f"{cells.ratio:,.0f}"
            text += f" 1 {name} in {ratio} shown: zoom in for all."
    return text if picture.done == 1 else f"{text} Reading: {picture.done:.0%}."


def reading_text(reading, view, header):
    """Frequency (to the channel), channel, time, integration and power of ``reading``, in one line."""
    frequency_mhz = header.frequency_mhz(sum(reading.channels) / 2)
    time_s = reading.times[0] * header.tsamp_s
    if reading.power > 0:
        power = f"{10 * math.log10(reading.power):.2f} dB"
    else:
        power = f"power {reading.power:.6g}, no decibels"
    parts = [
        f"{frequency_mhz:.{_decimals(header.foff_hz / HZ_PER_MHZ)}f} MHz",
        _numbered("channel", reading.channels),
        f"{time_s:.{_decimals(header.tsamp_s / 10)}f} s",
        _numbered("integration", reading.times),
        power,
    ]
    if reading.n_blocks > 1:
        parts.append(f"{'strongest' if view.pool == 'max' else 'mean'} of {reading.n_blocks:,} in this pixel")
    return " · ".join(parts)


def _decimals(step):
    """How many decimals tell a number from the next one, a ``step`` away."""
    return max(0, math.ceil(-math.log10(step / 2)))


def _counted(n, name):
    return f"{n:,} {name}" if n == 1 else f"{n:,} {name}s"


def _numbered(name, bounds):
    first, last = bounds
    return f"{name} {first:,}" if first == last else f"{name}s {first:,} to {last:,}"
