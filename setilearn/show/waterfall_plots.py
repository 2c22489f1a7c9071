"""Still pictures of a spectrogram: waterfall, spectrum, bandpass and the panels of a cadence, by matplotlib.

Each function takes ``ax=None`` (`plot_cadence`: ``figure=None``) and returns the Axes it drew in; a
figure is made only where none is given, and nothing is shown or closed. In a notebook every figure
carries alternative text (`alt_text`), for readers who cannot see it.
"""

import math
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.image import PcolorImage
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from setilearn.errors import SpectrogramError
from setilearn.show.figure import (
    LINE_COLOR,
    RANGE_COLOR,
    SHAPE_COLOR,
    axes_or_new,
    block_edges,
    contrast_limits,
    decibels,
    describe,
    pool_max,
    room_pixels,
)
from setilearn.spectrogram import HZ_PER_MHZ
from setilearn.tracks import channel_in_scan, mhz_in_scan

MAX_PIXELS = 1024
# The colour bar and the labels take their share after the picture has been pooled.
USABLE_SHARE = 0.75
# In a narrower band, labels in MHz would differ in their last digits only.
NARROW_BAND_HZ = 100e3
TICK_SPACING_PIXELS = 80
BANDPASS_BLOCKS = 64
BANDPASS_MIN_CHANNELS = 8
CADENCE_INCHES = (9.0, 9.0)
MIN_CADENCE_WIDTH_HZ = 1000.0
# How far to either side of a track its dashed lines are, so that they do not cover it.
CORRIDOR_SHARE = 0.02
TRACK_COLOR = "white"


def plot_waterfall(
    spectrogram, ax=None, *, offset_from_mhz=None, db=True, vmin=None, vmax=None, cmap="viridis"
):
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
    picture, times, channels, note = _pooled(ax, spectrogram)
    shown = decibels(picture) if db else picture
    low, high = contrast_limits(shown)
    vmin, vmax = low if vmin is None else vmin, high if vmax is None else vmax
    if not vmin < vmax:
        raise SpectrogramError(f"plot_waterfall: expected vmin below vmax, found {vmin} and {vmax}")

    axis = _FrequencyAxis(header, offset_from_mhz)
    image = _draw_image(ax, axis.position(channels - 0.5), times * header.tsamp_s, shown, cmap)
    image.set_clim(vmin, vmax)
    ax.spines[:].set_visible(False)  # they would cover the outermost channels and integrations
    ax.set_ylim(header.duration_s, 0.0)
    ax.set_ylabel("time (s)")
    axis.label(ax)
    ax.set_title(header.source_name)
    _color_bar(ax, image, shown, f"{_power_label(db)}{note}")
    describe(ax, _waterfall_text(spectrogram, picture))
    return ax


def plot_cadence(
    scans,
    event=None,
    figure=None,
    *,
    pattern="ABACAD",
    width_hz=None,
    offset_from_mhz=None,
    db=True,
    cmap="viridis",
):
    """Draw the scans of a cadence one below the other, with the track that an event predicts.

    A signal from the star lies between the two dashed lines in each ON panel and in no OFF panel.

    Parameters
    ----------
    scans : sequence of Spectrogram
        In the order of ``pattern``, all of the same channels.
    event : optional
        Anything with ``tstart_mjd``, ``frequency_mhz`` and ``drift_hz_s``, such as a row of a table of
        events or hits: where the track is at that time, and how it goes on before and after.
    figure : Figure, optional
        Where to draw; by default a new one.
    pattern : str
        One letter a scan; A is on the star.
    width_hz : float, optional
        How much to show around the middle of the track; by default twice as much as it moves, and at
        least 1 kHz. Without an event all of the band is shown.
    offset_from_mhz, db, cmap
        As in `plot_waterfall`. All panels have one scale of colours.

    Returns
    -------
    array of Axes, one a scan

    Raises
    ------
    SpectrogramError
        Where there is not one scan a letter, the scans differ in their channels, or the band does
        not hold the middle of the track.
    """
    _require_same_channels(scans, pattern)
    if event is not None:
        channels = _channels_around(event, scans, width_hz)
        scans = [scan[:, channels] for scan in scans]
    figure = figure or plt.figure(figsize=CADENCE_INCHES, layout="constrained")
    axes = figure.subplots(len(scans), 1, sharex=True)
    axis = _FrequencyAxis(scans[0].header, offset_from_mhz)
    drawn = [_draw_panel(ax, scan, axis, db, cmap) for ax, scan in zip(axes, scans, strict=True)]
    shown = np.concatenate([values.ravel() for _, values, _ in drawn])
    vmin, vmax = contrast_limits(shown)
    for ax, (image, _, _), scan, letter in zip(axes, drawn, scans, pattern, strict=True):
        image.set_clim(vmin, vmax)
        _finish_panel(ax, scan.header, letter, None if event is None else (event, axis))
    axis.label(axes[-1])
    figure.supylabel("time in each scan (s)", fontsize="medium")
    image, _, note = drawn[0]
    _color_bar(list(axes), image, shown, f"{_power_label(db)}{note}")
    describe(axes[0], _cadence_text(scans, pattern, event))
    return axes


def _require_same_channels(scans, pattern):
    if len(scans) != len(pattern):
        raise SpectrogramError(f"plot_cadence: expected {len(pattern)} scans, found {len(scans)}")
    first = scans[0].header
    for scan in scans:
        header = scan.header
        if header.n_chan != first.n_chan or not np.allclose(
            header.band_mhz, first.band_mhz, rtol=0, atol=0.01 * first.foff_hz / HZ_PER_MHZ
        ):
            raise SpectrogramError(
                f"plot_cadence: expected the same channels in all scans, {first.n_chan} from "
                f"{first.fch1_mhz} MHz, found {header.n_chan} from {header.fch1_mhz} MHz"
            )


def _channels_around(event, scans, width_hz):
    first, last = scans[0].header, scans[-1].header
    start_mhz, end_mhz = mhz_in_scan(event, first, 0.0), mhz_in_scan(event, last, last.duration_s)
    if width_hz is None:
        width_hz = max(2 * abs(end_mhz - start_mhz) * HZ_PER_MHZ, MIN_CADENCE_WIDTH_HZ)
    middle_mhz, half_mhz = (start_mhz + end_mhz) / 2, width_hz / 2 / HZ_PER_MHZ
    first.channel_at(middle_mhz)  # raises where the band does not hold it
    low_mhz, high_mhz = first.band_mhz
    low, high = max(middle_mhz - half_mhz, low_mhz), min(middle_mhz + half_mhz, high_mhz)
    return slice(first.channel_at(low), first.channel_at(high) + 1)


def _draw_panel(ax, scan, axis, db, cmap):
    """The image of one scan, the values in it, and a note of how many samples share a pixel."""
    header = scan.header
    picture, times, channels, note = _pooled(ax, scan)
    values = decibels(picture) if db else picture
    image = _draw_image(ax, axis.position(channels - 0.5), times * header.tsamp_s, values, cmap)
    ax.set_ylim(header.duration_s, 0.0)
    return image, values, note


def _pooled(ax, spectrogram):
    """The strongest sample in each pixel that ``ax`` has, the pixels' edges in samples, and a note of it."""
    header = spectrogram.header
    height, width = room_pixels(ax)
    n_time = _block_size(header.n_time, height * USABLE_SHARE)
    n_chan = _block_size(header.n_chan, width * USABLE_SHARE)
    times, channels = block_edges(header.n_time, n_time), block_edges(header.n_chan, n_chan)
    return pool_max(spectrogram.power, times, channels), times, channels, _pooling_note(n_time, n_chan)


def _finish_panel(ax, header, letter, track):
    ax.spines[:].set_visible(False)
    on = letter == "A"
    label = f"{letter}  {'ON' if on else 'OFF'}  {header.source_name}"
    ax.set_title(label, loc="left", fontsize="small", fontweight="bold" if on else "normal", pad=2)
    if track is None:
        return
    event, axis = track
    t_s = np.array([0.0, header.duration_s])
    place = axis.position(channel_in_scan(event, header, t_s))
    aside = CORRIDOR_SHARE * np.ptp(axis.position([-0.5, header.n_chan - 0.5]))
    for side in (-aside, aside):
        ax.plot(place + side, t_s, color=TRACK_COLOR, linestyle="--", linewidth=1)


def _cadence_text(scans, pattern, event):
    panels = ", ".join(
        f"{letter} {'ON' if letter == 'A' else 'OFF'} {scan.header.source_name or 'unnamed'}"
        for letter, scan in zip(pattern, scans, strict=True)
    )
    low_mhz, high_mhz = scans[0].header.band_mhz
    text = f"{len(scans)} waterfalls from {low_mhz:.6f} to {high_mhz:.6f} MHz, one below the other: {panels}."
    if event is None:
        return text
    return (
        f"{text} Dashed lines mark the track from {event.frequency_mhz:.6f} MHz that drifts by "
        f"{event.drift_hz_s:.4g} Hz/s."
    )


def plot_spectrum(spectrogram, ax=None, *, integration=None, offset_from_mhz=None, db=True):
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
    axis = _FrequencyAxis(spectrogram.header, offset_from_mhz)
    n_chan = _block_size(spectrum.size, MAX_PIXELS)
    if n_chan > 1:
        _draw_range(ax, axis, spectrum, db)
    edges = block_edges(spectrum.size, n_chan)
    means = np.add.reduceat(spectrum, edges[:-1]) / np.diff(edges)
    levels = _levels(means, db, spectrum)
    label = f"mean of {n_chan} channels" if n_chan > 1 else None
    ax.stairs(levels, axis.position(edges - 0.5), baseline=None, color=LINE_COLOR, label=label)
    _finish_spectrum(ax, axis, spectrogram, f"{_power_label(db)}\n{time_label}")
    describe(ax, _spectrum_text(spectrogram, spectrum, "Spectrum"))
    return ax


def plot_bandpass(spectrogram, ax=None, *, offset_from_mhz=None, db=True):
    """Draw the receiver's bandpass: the median of blocks of channels, over the time-averaged spectrum.

    A median does not see a narrow line, so the thick curve shows the slow shape of the band alone,
    and a DC spike or a transmitter stands out from it in the pale spectrum behind. The band is
    cut into 64 blocks, fewer where a block would be of less than 8 channels.

    ``ax``, ``offset_from_mhz`` and ``db`` are those of `plot_spectrum`. Returns the Axes.
    """
    ax = axes_or_new(ax)
    spectrum, time_label = _spectrum(spectrogram, None)
    axis = _FrequencyAxis(spectrogram.header, offset_from_mhz)
    _draw_range(ax, axis, spectrum, db)
    n_blocks = min(BANDPASS_BLOCKS, max(1, spectrum.size // BANDPASS_MIN_CHANNELS))
    edges = np.linspace(0, spectrum.size, n_blocks + 1).astype(int)
    medians = np.array([np.median(spectrum[start:stop]) for start, stop in pairwise(edges)])
    # From block centre to block centre, and level from the last centres to the edges of the band.
    channels = np.concatenate([[0], (edges[:-1] + edges[1:]) / 2, [spectrum.size]]) - 0.5
    levels = np.pad(_levels(medians, db, spectrum), 1, mode="edge")
    label = f"median of {spectrum.size // n_blocks} channels"
    ax.plot(axis.position(channels), levels, color=SHAPE_COLOR, linewidth=2, label=label)
    _finish_spectrum(ax, axis, spectrogram, f"{_power_label(db)}\n{time_label}")
    span = f" The bandpass spans {np.ptp(decibels(medians)):.1f} dB." if medians.min() > 0 else ""
    describe(ax, _spectrum_text(spectrogram, spectrum, "Bandpass") + span)
    return ax


class _FrequencyAxis:
    """Where a channel stands on the x axis, and what the axis is called."""

    def __init__(self, header, offset_from_mhz):
        low_mhz, high_mhz = header.band_mhz
        width_hz = header.n_chan * header.foff_hz
        if offset_from_mhz is None:
            offset_from_mhz = 0.0
            if width_hz < NARROW_BAND_HZ:
                # As few decimals as bring the reference near the centre: 8419.297, not 8419.2970281.
                decimals = math.ceil(-math.log10(width_hz / HZ_PER_MHZ))
                offset_from_mhz = round((low_mhz + high_mhz) / 2, decimals)
        self.reference_mhz = offset_from_mhz
        self.header = header
        farthest_hz = max(abs(low_mhz - offset_from_mhz), abs(high_mhz - offset_from_mhz)) * HZ_PER_MHZ
        if farthest_hz < 5e3:
            self.unit, self.unit_hz = "Hz", 1.0
        elif farthest_hz < 1e6:
            self.unit, self.unit_hz = "kHz", 1e3
        else:
            self.unit, self.unit_hz = "MHz", 1e6

    def position(self, channel):
        """Place on the axis of ``channel``, counted from 0 at the centre of the lowest one."""
        start_hz = (self.header.fch1_mhz - self.reference_mhz) * HZ_PER_MHZ
        return (start_hz + np.asarray(channel) * self.header.foff_hz) / self.unit_hz

    def label(self, ax):
        """Name the x axis of ``ax``, set its limits to the band's edges and its ticks to plain numbers."""
        reference = f" \N{MINUS SIGN} {self.reference_mhz:.12g} MHz" if self.reference_mhz else ""
        ax.set_xlabel(f"frequency{reference} ({self.unit})")
        ax.set_xlim(*self.position([-0.5, self.header.n_chan - 0.5]))
        n_ticks = max(2, int(room_pixels(ax)[1] / TICK_SPACING_PIXELS))
        ax.xaxis.set_major_locator(MaxNLocator(n_ticks, steps=[1, 2, 2.5, 5, 10]))
        # matplotlib would label 8419.297 as 0.297 with a "+8.419e3" in the corner.
        plain = ScalarFormatter(useOffset=False)
        plain.set_scientific(False)
        ax.xaxis.set_major_formatter(plain)


def _block_size(n, room):
    """How many of ``n`` must share a pixel, for all of them to fit into ``room`` pixels."""
    return math.ceil(n / max(1, int(min(MAX_PIXELS, room))))


def _power_label(db):
    return "power (dB)" if db else "power (arbitrary units)"


def _pooling_note(n_time, n_chan):
    blocks = [f"{n} {what}" for n, what in ((n_time, "integrations"), (n_chan, "channels")) if n > 1]
    return f"\nmaximum of {' x '.join(blocks)}" if blocks else ""


def _draw_image(ax, x_edges, y_edges, values, cmap):
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


def _color_bar(ax, image, shown, label):
    vmin, vmax = image.get_clim()
    beyond = (np.any(shown < vmin), np.any(shown > vmax))
    extend = {(True, True): "both", (True, False): "min", (False, True): "max"}.get(beyond, "neither")
    bar = image.axes.figure.colorbar(
        image, ax=ax, label=label, extend=extend, pad=0.02, fraction=0.05, aspect=30
    )
    bar.formatter.set_useOffset(False)


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
    n_chan = _block_size(spectrum.size, MAX_PIXELS)
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


def _waterfall_text(spectrogram, picture):
    header = spectrogram.header
    row, channel = np.unravel_index(np.argmax(spectrogram.power), spectrogram.power.shape)
    return (
        f"Waterfall of {_band_text(header)} over {header.duration_s:.4g} s, time running downwards. "
        f"The strongest point is at {header.frequency_mhz(channel):.6f} MHz and {row * header.tsamp_s:.4g} s"
        f"{_above_text(spectrogram, spectrogram.power[row, channel], np.median(picture))}"
    )


def _spectrum_text(spectrogram, spectrum, what):
    channel = int(np.argmax(spectrum))
    return (
        f"{what} of {_band_text(spectrogram.header)}. "
        f"The strongest channel is at {spectrogram.header.frequency_mhz(channel):.6f} MHz"
        f"{_above_text(spectrogram, spectrum[channel], np.median(spectrum))}"
    )


def _band_text(header):
    low_mhz, high_mhz = header.band_mhz
    return f"{header.source_name or 'an unnamed source'}: power from {low_mhz:.6f} to {high_mhz:.6f} MHz"


def _above_text(spectrogram, peak, median):
    # A difference of scans is about zero: decibels above that would mean nothing.
    is_power = median > 0 and spectrogram.power.min() >= 0
    return f", {10 * math.log10(peak / median):.1f} dB above the median." if is_power else "."
