"""The scans of a cadence as figures, with the track of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from setilearn.errors import SpectrogramError
from setilearn.show.figure import contrast_limits, decibels, describe
from setilearn.show.frequency_axis import FrequencyAxis
from setilearn.show.waterfall_plots import color_bar, draw_image, pooled_picture, power_label
from setilearn.spectrogram import HZ_PER_MHZ
from setilearn.tracks import channel_in_scan, mhz_in_scan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from setilearn.spectrogram import Spectrogram

CADENCE_INCHES = (9.0, 9.0)
MIN_CADENCE_WIDTH_HZ = 1000.0
# How far to either side of a track its dashed lines are, so that they do not cover it.
CORRIDOR_SHARE = 0.02
TRACK_COLOR = "white"


def plot_cadence(
    scans: Sequence[Spectrogram],
    event: object = None,
    figure: Figure | None = None,
    *,
    pattern: str = "ABACAD",
    width_hz: float | None = None,
    offset_from_mhz: float | None = None,
    db: bool = True,
    cmap: str = "viridis",
) -> np.ndarray:
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
    axis = FrequencyAxis(scans[0].header, offset_from_mhz)
    drawn = [_draw_panel(ax, scan, axis, db, cmap) for ax, scan in zip(axes, scans, strict=True)]
    shown = np.concatenate([values.ravel() for _, values, _ in drawn])
    vmin, vmax = contrast_limits(shown)
    for ax, (image, _, _), scan, letter in zip(axes, drawn, scans, pattern, strict=True):
        image.set_clim(vmin, vmax)
        _finish_panel(ax, scan.header, letter, None if event is None else (event, axis))
    axis.label(axes[-1])
    figure.supylabel("time in each scan (s)", fontsize="medium")
    image, _, note = drawn[0]
    color_bar(list(axes), image, shown, f"{power_label(db)}{note}")
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
    picture, times, channels, note = pooled_picture(ax, scan)
    values = decibels(picture) if db else picture
    image = draw_image(ax, axis.position(channels - 0.5), times * header.tsamp_s, values, cmap)
    ax.set_ylim(header.duration_s, 0.0)
    return image, values, note


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
