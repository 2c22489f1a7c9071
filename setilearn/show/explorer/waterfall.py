"""Interactive pictures in a notebook: the waterfall explorer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from setilearn.errors import SpectrogramError
from setilearn.read.filterbank import read_header, read_part
from setilearn.show.explorer import widget
from setilearn.show.explorer.picture import color_levels, color_limits, picture_text, reading_text
from setilearn.show.explorer.samples import Waterfall
from setilearn.show.explorer.view import MIN_CHANNELS, MIN_TIMES, View
from setilearn.show.figure import decibels
from setilearn.show.waterfall_plots import plot_waterfall
from setilearn.spectrogram import HZ_PER_MHZ, Spectrogram

if TYPE_CHECKING:
    from os import PathLike

# Of a file, a view holds at most so many samples, 80 MiB: one coarse channel at full resolution, of 16
# integrations by 1,048,576 channels, and what its outermost pixels reach beyond.
FILE_BUDGET = 20 * 2**20
# Channels that a compressed file gives up together; Breakthrough Listen's chunks are this wide.
HDF5_GRAIN = 2**20
STILL_PIXELS = (512, 1024)
# A picture put together from many pieces comes in parts, so that the notebook never waits for long.
SECONDS_A_PART = 0.1
# The still picture that goes along is drawn once, from what has been read by then.
STILL_SECONDS = 1.0


def explore(
    source: str | PathLike | Spectrogram,
    f_start_mhz: float | None = None,
    f_stop_mhz: float | None = None,
    *,
    if_index: int | None = None,
) -> object:
    """Explore a spectrogram or a filterbank file: an interactive waterfall to move about in and zoom.

    Of a file only what is shown is read, so it may be far larger than memory; a view of
    more than about 20 million samples is drawn from evenly spread pieces of them, and the line
    below the picture says so. Zoomed in, it is drawn from every sample.

    Parameters
    ----------
    source : Spectrogram or str or path
        What to look at.
    f_start_mhz, f_stop_mhz : float, optional
        Frequencies to begin with; by default all of them.
    if_index : int, optional
        Which IF (polarisation or beam) of a file that has several; by default total intensity
        (`read_spectrogram`).

    Returns
    -------
    WaterfallExplorer or matplotlib Axes
        The widget, to be shown as the last value of a cell. Where there is no notebook, or
        anywidget is not installed, a still picture by `plot_waterfall`.

    Raises
    ------
    FilterbankError
        A file that cannot be read.
    SpectrogramError
        Frequencies outside the band.
    TypeError
        ``source`` is neither a spectrogram nor a path.
    """
    shown = _open(source, if_index)
    view = _opening_view(shown.header, f_start_mhz, f_stop_mhz)
    if not widget.can_show_widgets():
        return plot_waterfall(shown.spectrogram(view))
    return WaterfallExplorer(shown, view)


def _open(source, if_index):
    """`Waterfall` of a spectrogram or of one IF of a file."""
    if isinstance(source, Spectrogram):
        if if_index not in (None, 0):
            raise SpectrogramError(f"if_index: a Spectrogram holds one IF, number 0, found {if_index}")
        return Waterfall(lambda times, channels: source.power[times, channels], source.header)
    if not isinstance(source, str | os.PathLike):
        raise TypeError(f"expected a Spectrogram or the path of a file, found {type(source).__name__}")

    path = Path(source).resolve()  # the notebook may change its folder while the widget lives

    def read(times, channels):
        return read_part(path, times, channels, if_index=if_index).power

    grain = 1 if path.suffix.lower() == ".fil" else HDF5_GRAIN
    return Waterfall(read, read_header(path), budget=FILE_BUDGET, grain=grain)


def _opening_view(header, f_start_mhz, f_stop_mhz):
    start = 0 if f_start_mhz is None else header.channel_at(f_start_mhz)
    stop = header.n_chan if f_stop_mhz is None else header.channel_at(f_stop_mhz) + 1
    if stop <= start:
        raise SpectrogramError(
            f"explore: expected f_start_mhz below f_stop_mhz, found {f_start_mhz} and {f_stop_mhz}"
        )
    return View((0, header.n_time), (start, stop), STILL_PIXELS).within(header)


def answer(shown, question):
    """Answer of the waterfall ``shown`` to a message of the browser: its content, and its buffers.

    A question with a ``position`` is for the value there; any other is for the picture of its view.
    """
    asked = question["view"]
    pairs = {name: tuple(asked[name]) for name in ("times", "channels", "pixels", "average", "contrast")}
    view = View(**pairs, pool=asked["pool"])
    if "position" in question:
        reading = shown.reading(view, question["position"])
        return {"kind": "reading", "text": reading_text(reading, view, shown.header)}, []
    content, levels = _drawn(shown, view)
    return {"kind": "picture", **content}, [levels]


def _drawn(shown, view):
    """What the browser needs to draw the picture of ``view``, and the bytes of its pixels."""
    picture = shown.picture(view, SECONDS_A_PART)
    values_db = decibels(picture.power)
    low, high = color_limits(values_db, view.contrast)
    content = {
        "shape": list(picture.power.shape),
        "times": _place(picture.times),
        "channels": _place(picture.channels),
        "limits": [low, high],
        "text": picture_text(picture, view),
        "more": picture.done < 1,
    }
    return content, color_levels(values_db, low, high).tobytes()


def _place(cells):
    return {"first": cells.first, "step": cells.step, "n": cells.n}


def _setup(shown, view):
    """What stays the same while the widget lives, and its first picture."""
    header = shown.header
    content, levels = _drawn(shown, view)
    return {
        "source": header.source_name or "unnamed source",
        "facts": _facts(header),
        "fch1_mhz": header.fch1_mhz,
        "foff_hz": header.foff_hz,
        "tsamp_s": header.tsamp_s,
        "n_time": header.n_time,
        "n_chan": header.n_chan,
        "min_times": MIN_TIMES,
        "min_channels": MIN_CHANNELS,
        "channels": list(view.channels),
        "contrast": list(view.contrast),
        "palette": widget.palette(),
        "picture": {**content, "levels": levels},
    }


def _facts(header):
    unit, unit_hz = next(
        (unit, hz)
        for unit, hz in (("MHz", HZ_PER_MHZ), ("kHz", 1e3), ("Hz", 1))
        if header.foff_hz >= hz or hz == 1
    )
    return " · ".join(
        [
            header.telescope,
            f"{header.n_chan:,} channels of {header.foff_hz / unit_hz:.4g} {unit}",
            f"{header.n_time:,} integrations of {header.tsamp_s:.4g} s",
            f"from MJD {header.tstart_mjd:.5f}",
        ]
    )


if widget.anywidget is not None:

    class WaterfallExplorer(widget.PictureWidget):
        """The widget that `explore` returns."""

        _esm = widget.source("widget.js", "waterfall.js")
        _css = widget.source("widget.css")

        def __init__(self, shown, view):
            self._shown = shown
            self._opening = view
            super().__init__(_setup(shown, view))

        def answer(self, question):
            return answer(self._shown, question)

        def draw_still(self, ax):
            plot_waterfall(self._shown.spectrogram(self._opening, STILL_SECONDS), ax)
