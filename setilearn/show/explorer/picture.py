"""What is drawn of a view, and what is said of it: power, colours, text."""

import math
from dataclasses import dataclass, replace

import numpy as np

from setilearn.show.explorer.view import Cells
from setilearn.spectrogram import HZ_PER_MHZ, Spectrogram

LOWEST_LEVEL, HIGHEST_LEVEL = 1, 255  # level 0 is for pixels of which nothing has been read


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
