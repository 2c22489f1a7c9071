"""A hit in the scans of its cadence: which part of each file to read around it, and where its track lies.

The track is a straight line: the hit's frequency at the start of its scan, carried along its drift
through the scans before and after.
"""

from dataclasses import dataclass

import numpy as np

from setilearn.errors import SpectrogramError
from setilearn.read.filterbank import read_header, read_part
from setilearn.show.explorer.picture import color_levels
from setilearn.show.explorer.samples import Waterfall
from setilearn.show.explorer.view import View
from setilearn.show.figure import contrast_limits, decibels
from setilearn.spectrogram import HZ_PER_MHZ, SECONDS_PER_DAY
from setilearn.telescope import FOFF_HZ
from setilearn.tracks import channel_of, mhz_at

# Rows and columns of a panel at most; what shares a pixel is shown by its maximum.
PIXELS = (64, 800)
# Samples read for a panel at most, 2 MiB; of a larger part, evenly spread pieces.
BUDGET = 2**19
SECONDS_A_PANEL = 2.0
USUAL_S = 300.0  # length of a scan
# What is shown to either side of the track, in channels, in widths of the hit, and as a share of its way.
SIDE_CHANNELS, SIDE_WIDTHS, SIDE_SHARE = 100, 4, 0.15


def part_mhz(track, width_hz, starts_mjd, header=None):
    """The (low, high) frequencies to show in all scans: the whole track, and room to either side.

    ``starts_mjd`` are the starts of the scans, ``header`` is that of one of them, if one can be read.
    """
    duration_s, foff_hz = (USUAL_S, FOFF_HZ) if header is None else (header.duration_s, header.foff_hz)
    ends_mjd = min(starts_mjd), max(starts_mjd) + duration_s / SECONDS_PER_DAY
    low, high = sorted(mhz_at(track, time_mjd) for time_mjd in ends_mjd)
    way_hz = (high - low) * HZ_PER_MHZ
    side_mhz = max(SIDE_CHANNELS * foff_hz, SIDE_WIDTHS * width_hz, SIDE_SHARE * way_hz) / HZ_PER_MHZ
    return low - side_mhz, high + side_mhz


@dataclass(frozen=True, eq=False)
class Panel:
    """The picture of one scan: ``levels`` uint8 (rows, columns), and the frequencies and seconds it spans.

    ``picture_s`` may be longer than the scan, ``duration_s``, by what its last row lacks.
    ``limits_db`` are the powers of the lowest and the highest colour. ``track_mhz`` is where the
    hit's track is at the start and at the end of the scan.
    """

    levels: np.ndarray
    frequency_mhz: tuple
    picture_s: float
    duration_s: float
    limits_db: tuple
    track_mhz: tuple


def read_panel(path, track, frequency_mhz, limits_db=None):
    """`Panel` of the part of a file between two frequencies, (low, high).

    The colours are those of ``limits_db``, or by the noise in the picture.

    Raises
    ------
    FilterbankError
        The file is missing or cannot be read.
    SpectrogramError
        The part lies outside the file's band.
    """
    return _panel(
        path, read_header(path), lambda *part: read_part(path, *part).power, track, frequency_mhz, limits_db
    )


def draw_panel(spectrogram, track, frequency_mhz, limits_db=None):
    """`Panel` of a spectrogram, as `read_panel` makes it of a file."""
    name, power = spectrogram.header.source_name, spectrogram.power
    return _panel(
        name,
        spectrogram.header,
        lambda times, channels: power[times, channels],
        track,
        frequency_mhz,
        limits_db,
    )


def _panel(name, header, read, track, frequency_mhz, limits_db):
    low_mhz, high_mhz = (
        max(frequency_mhz[0], header.band_mhz[0]),
        min(frequency_mhz[1], header.band_mhz[1]),
    )
    if low_mhz >= high_mhz:
        raise SpectrogramError(
            f"{name}: expected {frequency_mhz[0]:.6f} to {frequency_mhz[1]:.6f} MHz, "
            f"found {header.band_mhz[0]:.6f} to {header.band_mhz[1]:.6f} MHz"
        )
    channels = tuple(channel_of(header, edge_mhz) + 0.5 for edge_mhz in (low_mhz, high_mhz))
    waterfall = Waterfall(read, header, budget=BUDGET)
    picture = waterfall.picture(View((0, header.n_time), channels, PIXELS), SECONDS_A_PANEL)
    values_db = decibels(picture.power)
    limits_db = contrast_limits(values_db) if limits_db is None else limits_db
    edges = np.array(
        [picture.channels.first, picture.channels.first + picture.channels.n * picture.channels.step]
    )
    starts_mjd = header.tstart_mjd, header.tstart_mjd + header.duration_s / SECONDS_PER_DAY
    return Panel(
        color_levels(values_db, *limits_db),
        tuple(header.frequency_mhz(edges - 0.5).tolist()),
        picture.times.n * picture.times.step * header.tsamp_s,
        header.duration_s,
        tuple(limits_db),
        tuple(mhz_at(track, time_mjd) for time_mjd in starts_mjd),
    )
