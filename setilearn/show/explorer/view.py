"""What a user looks at, and how its pixels share the samples.

All of it is arithmetic, without a widget. Channels and integrations are counted from 0;
channel 7 reaches from 7.0 to 8.0 on the channel axis, integration 3 from 3.0 to 4.0 on the time
axis, so that a view is four numbers and its edges may fall inside a channel.
"""

import math
from dataclasses import dataclass, replace

# Zoomed in this far, a channel fills a quarter of the picture's width.
MIN_TIMES, MIN_CHANNELS = 2, 4
MAX_PIXELS = (2048, 4096)
# Where both axes are sampled every piece is a read of its own, and one for each pixel would be too many.
COARSE_PIXELS = (64, 256)


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
