"""The waterfall of a spectrogram as a figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.image import PcolorImage

from setilearn.errors import SpectrogramError
from setilearn.show.figure import (
    axes_or_new,
    block_edges,
    contrast_limits,
    decibels,
    describe,
    pool_max,
    room_pixels,
)
from setilearn.show.frequency_axis import FrequencyAxis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from setilearn.spectrogram import Spectrogram

MAX_PIXELS = 1024
# The colour bar and the labels take their share after the picture has been pooled.
USABLE_SHARE = 0.75


def plot_waterfall(
    spectrogram: Spectrogram,
    ax: Axes | None = None,
    *,
    offset_from_mhz: float | None = None,
    db: bool = True,
    vmin: float | None = None,
    vmax: float | None = None,
    cmap: str = "viridis",
) -> Axes:
    """Draw power against frequency (to the right) and time (downwards, from the start of the data).

    Where there are more channels or integrations than pixels, each pixel shows the strongest one
    it covers, so that a line one channel wide stays visible; the colour bar says how many that
    are. Such a maximum lifts the noise floor: read levels off a part that fits the picture.

    Parameters
    ----------
    spectrogram : Spectrogram
    ax : Axes, optional
        Where to draw; by default in a new figure.
    offset_from_mhz : float, optional
        Count frequency from here, in Hz, kHz or MHz as fits; 0 for plain MHz. By default plain
        MHz, and in a band narrower than 100 kHz an offset from about its centre.
    db : bool
        Power as 10 log10(power). Zero and negative power has no decibels: it is drawn in the
        darkest colour.
    vmin, vmax : float, optional
        Power of the lowest and highest colour, in dB where ``db`` is true; by default those of
        `contrast_limits`.
    cmap : str
        matplotlib's name of a colour map.

    Returns
    -------
    Axes
        Pixel edges lie at channel edges, so a tick at a channel's frequency points at its centre;
        a row begins where its integration begins.

    Raises
    ------
    SpectrogramError
        Where ``vmin`` is not below ``vmax``.
    """
    ax = axes_or_new(ax)
    header = spectrogram.header
    picture, times, channels, note = pooled_picture(ax, spectrogram)
    shown = decibels(picture) if db else picture
    low, high = contrast_limits(shown)
    vmin, vmax = low if vmin is None else vmin, high if vmax is None else vmax
    if not vmin < vmax:
        raise SpectrogramError(f"plot_waterfall: expected vmin below vmax, found {vmin} and {vmax}")

    axis = FrequencyAxis(header, offset_from_mhz)
    image = draw_image(ax, axis.position(channels - 0.5), times * header.tsamp_s, shown, cmap)
    image.set_clim(vmin, vmax)
    ax.spines[:].set_visible(False)  # they would cover the outermost channels and integrations
    ax.set_ylim(header.duration_s, 0.0)
    ax.set_ylabel("time (s)")
    axis.label(ax)
    ax.set_title(header.source_name)
    color_bar(ax, image, shown, f"{power_label(db)}{note}")
    describe(ax, _waterfall_text(spectrogram, picture))
    return ax


def pooled_picture(ax, spectrogram):
    """The strongest sample in each pixel that ``ax`` has, the pixels' edges in samples, and a note of it."""
    header = spectrogram.header
    height, width = room_pixels(ax)
    n_time = block_size(header.n_time, height * USABLE_SHARE)
    n_chan = block_size(header.n_chan, width * USABLE_SHARE)
    times, channels = block_edges(header.n_time, n_time), block_edges(header.n_chan, n_chan)
    return pool_max(spectrogram.power, times, channels), times, channels, pooling_note(n_time, n_chan)


def block_size(n, room):
    """How many of ``n`` must share a pixel, for all of them to fit into ``room`` pixels."""
    return math.ceil(n / max(1, int(min(MAX_PIXELS, room))))


def power_label(db):
    return "power (dB)" if db else "power (arbitrary units)"


def pooling_note(n_time, n_chan):
    blocks = [f"{n} {what}" for n, what in ((n_time, "integrations"), (n_chan, "channels")) if n > 1]
    return f"\nmaximum of {' x '.join(blocks)}" if blocks else ""


def draw_image(ax, x_edges, y_edges, values, cmap):
    """Draw ``values`` in cells with these edges.

    imshow would stretch the image to whole pixels of the canvas, and now and then lose its last column.
    """
    colors = plt.get_cmap(cmap)
    colors = colors.with_extremes(bad=colors(0.0))
    # PcolorImage leaves out what lies exactly at the first edge: a hair more holds the first pixel.
    x, y = (np.append(np.nextafter(edges[0], -np.inf), edges[1:]) for edges in (x_edges, y_edges))
    image = PcolorImage(ax, x, y, values, cmap=colors)
    ax.add_image(image)
    image.set_clip_box(ax.bbox)
    return image


def color_bar(ax, image, shown, label):
    vmin, vmax = image.get_clim()
    beyond = (np.any(shown < vmin), np.any(shown > vmax))
    extend = {(True, True): "both", (True, False): "min", (False, True): "max"}.get(beyond, "neither")
    bar = image.axes.figure.colorbar(
        image, ax=ax, label=label, extend=extend, pad=0.02, fraction=0.05, aspect=30
    )
    bar.formatter.set_useOffset(False)


def _waterfall_text(spectrogram, picture):
    header = spectrogram.header
    row, channel = np.unravel_index(np.argmax(spectrogram.power), spectrogram.power.shape)
    return (
        f"Waterfall of {band_text(header)} over {header.duration_s:.4g} s, time running downwards. "
        f"The strongest point is at {header.frequency_mhz(channel):.6f} MHz and {row * header.tsamp_s:.4g} s"
        f"{above_text(spectrogram, spectrogram.power[row, channel], np.median(picture))}"
    )


def band_text(header):
    low_mhz, high_mhz = header.band_mhz
    return f"{header.source_name or 'an unnamed source'}: power from {low_mhz:.6f} to {high_mhz:.6f} MHz"


def above_text(spectrogram, peak, median):
    # A difference of scans is about zero: decibels above that would mean nothing.
    is_power = median > 0 and spectrogram.power.min() >= 0
    return f", {10 * math.log10(peak / median):.1f} dB above the median." if is_power else "."
