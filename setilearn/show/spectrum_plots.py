"""Spectra and bandpasses as figures."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import ScalarFormatter

from setilearn.errors import SpectrogramError
from setilearn.show.figure import (
    LINE_COLOR,
    RANGE_COLOR,
    SHAPE_COLOR,
    axes_or_new,
    block_edges,
    decibels,
    describe,
)
from setilearn.show.frequency_axis import FrequencyAxis
from setilearn.show.waterfall_plots import MAX_PIXELS, above_text, band_text, block_size, power_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from setilearn.spectrogram import Spectrogram

BANDPASS_BLOCKS = 64
BANDPASS_MIN_CHANNELS = 8


def plot_spectrum(
    spectrogram: Spectrogram,
    ax: Axes | None = None,
    *,
    integration: int | None = None,
    offset_from_mhz: float | None = None,
    db: bool = True,
) -> Axes:
    """Draw power against frequency: the mean over time, or one integration.

    Where there are more channels than about a thousand pixels can show, the dark line is the mean
    of those that share a pixel, and the pale one runs from the weakest to the strongest of them.

    Parameters
    ----------
    spectrogram : Spectrogram
    ax : Axes, optional
        Where to draw; by default in a new figure.
    integration : int, optional
        Number of the integration to draw, from 0; by default the mean of all.
    offset_from_mhz : float, optional
        As in `plot_waterfall`.
    db : bool
        Power as 10 log10(power); zero and negative power is drawn at the lowest level there is.

    Returns
    -------
    Axes

    Raises
    ------
    SpectrogramError
        Where there is no such integration.
    """
    spectrum, time_label = _spectrum(spectrogram, integration)
    ax = axes_or_new(ax)
    axis = FrequencyAxis(spectrogram.header, offset_from_mhz)
    n_chan = block_size(spectrum.size, MAX_PIXELS)
    if n_chan > 1:
        _draw_range(ax, axis, spectrum, db)
    edges = block_edges(spectrum.size, n_chan)
    means = np.add.reduceat(spectrum, edges[:-1]) / np.diff(edges)
    levels = _levels(means, db, spectrum)
    label = f"mean of {n_chan} channels" if n_chan > 1 else None
    ax.stairs(levels, axis.position(edges - 0.5), baseline=None, color=LINE_COLOR, label=label)
    _finish_spectrum(ax, axis, spectrogram, f"{power_label(db)}\n{time_label}")
    describe(ax, _spectrum_text(spectrogram, spectrum, "Spectrum"))
    return ax


def plot_bandpass(
    spectrogram: Spectrogram, ax: Axes | None = None, *, offset_from_mhz: float | None = None, db: bool = True
) -> Axes:
    """Draw the receiver's bandpass: the median of blocks of channels, over the time-averaged spectrum.

    A median does not see a narrow line, so the thick curve shows the slow shape of the band alone,
    and a DC spike or a transmitter stands out from it in the pale spectrum behind. The band is
    cut into 64 blocks, fewer where a block would be of less than 8 channels.

    ``ax``, ``offset_from_mhz`` and ``db`` are those of `plot_spectrum`. Returns the Axes.
    """
    ax = axes_or_new(ax)
    spectrum, time_label = _spectrum(spectrogram, None)
    axis = FrequencyAxis(spectrogram.header, offset_from_mhz)
    _draw_range(ax, axis, spectrum, db)
    n_blocks = min(BANDPASS_BLOCKS, max(1, spectrum.size // BANDPASS_MIN_CHANNELS))
    edges = np.linspace(0, spectrum.size, n_blocks + 1).astype(int)
    medians = np.array([np.median(spectrum[start:stop]) for start, stop in pairwise(edges)])
    # From block centre to block centre, and level from the last centres to the edges of the band.
    channels = np.concatenate([[0], (edges[:-1] + edges[1:]) / 2, [spectrum.size]]) - 0.5
    levels = np.pad(_levels(medians, db, spectrum), 1, mode="edge")
    label = f"median of {spectrum.size // n_blocks} channels"
    ax.plot(axis.position(channels), levels, color=SHAPE_COLOR, linewidth=2, label=label)
    _finish_spectrum(ax, axis, spectrogram, f"{power_label(db)}\n{time_label}")
    span = f" The bandpass spans {np.ptp(decibels(medians)):.1f} dB." if medians.min() > 0 else ""
    describe(ax, _spectrum_text(spectrogram, spectrum, "Bandpass") + span)
    return ax


def _spectrum(spectrogram, integration):
    """One power value a channel, float64, and what it is."""
    power, n_time = spectrogram.power, spectrogram.header.n_time
    if integration is None:
        label = f"mean of {n_time} integrations" if n_time > 1 else "one integration"
        return power.mean(axis=0, dtype=np.float64), label
    if not 0 <= integration < n_time:
        raise SpectrogramError(f"integration: expected 0 to {n_time - 1}, found {integration}")
    return power[integration].astype(np.float64), f"integration {integration}"


def _levels(power, db, spectrum):
    """Levels to draw; what has no decibels lies at the weakest positive power of ``spectrum``."""
    if not db:
        return power
    floor = np.min(spectrum, where=spectrum > 0, initial=spectrum.max())
    return decibels(np.maximum(power, floor))


def _draw_range(ax, axis, spectrum, db):
    """Draw every channel, or a zigzag from the weakest to the strongest of those that share a pixel."""
    n_chan = block_size(spectrum.size, MAX_PIXELS)
    edges = block_edges(spectrum.size, n_chan)
    ends = np.stack([f.reduceat(spectrum, edges[:-1]) for f in (np.minimum, np.maximum)])
    centres = (edges[:-1] + edges[1:]) / 2 - 0.5
    ax.plot(
        axis.position(centres.repeat(2)),
        _levels(ends.T.ravel(), db, spectrum),
        color=RANGE_COLOR,
        zorder=1,  # behind what is drawn over it: stairs would otherwise lie below a line
        label=f"range of {n_chan} channels" if n_chan > 1 else "every channel",
    )


def _finish_spectrum(ax, axis, spectrogram, power_label):
    axis.label(ax)
    ax.set_ylabel(power_label)
    ax.yaxis.set_major_formatter(ScalarFormatter(useOffset=False))
    ax.set_title(spectrogram.header.source_name)
    if ax.get_legend_handles_labels()[1]:
        # A wide legend must not make the layout squeeze the axes, its own or its neighbours'.
        ax.legend(loc="best", fontsize="small").set_in_layout(False)
    ax.grid(alpha=0.3)


def _spectrum_text(spectrogram, spectrum, what):
    channel = int(np.argmax(spectrum))
    return (
        f"{what} of {band_text(spectrogram.header)}. "
        f"The strongest channel is at {spectrogram.header.frequency_mhz(channel):.6f} MHz"
        f"{above_text(spectrogram, spectrum[channel], np.median(spectrum))}"
    )
