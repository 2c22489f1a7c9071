"""Figures of a survey: the hits of all its stars, how full the band is, and where stars stand on the sky.

As `setilearn.show.figure` says, each function returns the Axes it drew in, makes a figure only
where none is given, and gives it alternative text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MultipleLocator

from setilearn.show.figure import axes_or_new, describe, room_pixels

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

ALL_COLOR, CHOSEN_COLOR = "#909090", "#d55e00"
BAND_COLOR, HATCH_COLOR = "#e8eef6", "#b8c4d4"
KNOWN_COLOR = "#08519c"
# Size of a dot, in points, by how many there are.
SMALL, LARGE, MANY = 2, 4, 5000
# The canvas may be saved finer than it is shown.
POINTS_PER_PIXEL = 2


def plot_hits(
    hits: pd.DataFrame,
    source_name: str | None = None,
    ax: Axes | None = None,
    *,
    bands: pd.DataFrame | None = None,
) -> Axes:
    """Draw the SNR of every hit (a logarithmic axis) against frequency, one star in colour over all others.

    Of hits that would fall on one another only one is drawn, so that millions take no longer than
    what can be seen.

    Parameters
    ----------
    hits : DataFrame
        Columns `setilearn.tables.HITS`.
    source_name : str, optional
        The star to draw in colour; by default all hits are grey.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    bands : DataFrame, optional
        Ranges to shade and name, columns name, low_mhz, high_mhz and kind; one of kind ``filter``, in which
        nothing is heard, is hatched. `setilearn.telescope.known_bands` gives them.

    Returns
    -------
    Axes
    """
    ax = axes_or_new(ax)
    ax.set_yscale("log")
    frequency_mhz, snr = hits["frequency_mhz"].to_numpy(), hits["snr"].to_numpy()
    chosen = (hits["source_name"] == source_name).to_numpy()
    few = {"color": CHOSEN_COLOR, "markersize": LARGE, "label": source_name}
    many = {"color": ALL_COLOR, "markersize": SMALL if len(hits) > MANY else LARGE, "label": "all others"}
    _draw_hits(ax, frequency_mhz[~chosen], snr[~chosen], **many)
    if source_name is not None:
        _draw_hits(ax, frequency_mhz[chosen], snr[chosen], **few)
        ax.legend(loc="upper right", markerscale=2, fontsize="small")
    _draw_bands(ax, bands, frequency_mhz)
    ax.set_xlabel("frequency (MHz)")
    ax.set_ylabel("signal-to-noise ratio")
    describe(ax, _hits_text(hits, source_name, chosen))
    return ax


def _draw_hits(ax, frequency_mhz, snr, **style):
    height, width = room_pixels(ax)
    pixels = [
        _places(values, room * POINTS_PER_PIXEL)
        for values, room in ((frequency_mhz, width), (np.log(snr), height))
    ]
    _, first = np.unique(pixels[0] * 2**32 + pixels[1], return_index=True)
    ax.plot(frequency_mhz[first], snr[first], ".", markeredgewidth=0, rasterized=True, **style)


def _places(values, n):
    """Whole numbers from 0 to n by where in their range the values are."""
    if values.size == 0:
        return np.zeros(0, dtype=np.int64)
    span = max(np.ptp(values), 1e-9)
    return ((values - values.min()) / span * n).astype(np.int64)


def _draw_bands(ax, bands, frequency_mhz):
    """Shade and name the ranges of ``bands`` that are in the picture."""
    if bands is None:
        return
    low_mhz, high_mhz = ax.get_xlim()
    for band in bands.itertuples():
        start_mhz, stop_mhz = max(band.low_mhz, low_mhz), min(band.high_mhz, high_mhz)
        if stop_mhz <= start_mhz:
            continue
        shade = {"facecolor": BAND_COLOR, "edgecolor": "white"}
        if band.kind == "filter":
            shade = {"facecolor": "none", "edgecolor": HATCH_COLOR, "hatch": "///"}
        ax.axvspan(start_mhz, stop_mhz, zorder=0, **shade)
        ax.text(
            (start_mhz + stop_mhz) / 2,
            1.01,
            band.name,
            transform=ax.get_xaxis_transform(),
            rotation=90,
            ha="center",
            va="bottom",
            fontsize="x-small",
        )
    ax.set_xlim(low_mhz, high_mhz)


def _hits_text(hits, source_name, chosen):
    if not len(hits):
        return "Signal-to-noise ratio against frequency: no hits."
    frequency_mhz, snr = hits["frequency_mhz"], hits["snr"]
    text = (
        f"Signal-to-noise ratio of {len(hits)} hits of {hits['source_name'].nunique()} sources, up to "
        f"{snr.max():.3g}, against frequency from {frequency_mhz.min():.1f} to {frequency_mhz.max():.1f} MHz."
    )
    if source_name is None:
        return text
    return f"{text} The {chosen.sum()} hits of {source_name} are in colour over all others in grey."


def plot_occupancy(
    occupancy: pd.DataFrame, ax: Axes | None = None, *, bands: pd.DataFrame | None = None, of: str = "stars"
) -> Axes:
    """Draw the share of stars that have a hit in each bin of frequency, in per cent.

    Parameters
    ----------
    occupancy : DataFrame
        Columns low_mhz, high_mhz and share, the bins side by side, as
        `setilearn.events.interference.rfi_occupancy` returns them.
    ax, bands
        As in `plot_hits`.
    of : str
        What the share is of, for the label.

    Returns
    -------
    Axes
    """
    ax = axes_or_new(ax)
    low_mhz, high_mhz = occupancy["low_mhz"].to_numpy(), occupancy["high_mhz"].to_numpy()
    percent = 100 * occupancy["share"].to_numpy()
    ax.stairs(percent, np.append(low_mhz, high_mhz[-1:]), fill=True, color=KNOWN_COLOR)
    ax.set_xlim(low_mhz[0], high_mhz[-1])
    ax.set_ylim(0, 105)
    _draw_bands(ax, bands, low_mhz)
    ax.set_xlabel("frequency (MHz)")
    ax.set_ylabel(f"share of {of} with a hit (%)")
    fullest = int(np.argmax(percent))
    describe(
        ax,
        f"Share of {of} with a hit in each of {len(occupancy)} bins from {low_mhz[0]:.1f} to "
        f"{high_mhz[-1]:.1f} MHz. {np.mean(percent >= 50):.0%} of the bins have one in half of them or more, "
        f"{np.mean(percent == 0):.0%} in none; the fullest begins at {low_mhz[fullest]:.1f} MHz "
        f"with {percent[fullest]:.0f} %.",
    )
    return ax


def plot_sky(observations: pd.DataFrame, source_names: Sequence[str] = (), ax: Axes | None = None) -> Axes:
    """Draw where the observed stars are on the sky, and some of them in colour.

    Parameters
    ----------
    observations : DataFrame
        Columns `setilearn.tables.OBSERVATIONS`; the stars are those of the ON scans.
    source_names : sequence of str
        Stars to draw in colour.
    ax : Axes, optional
        Where to draw; by default in a new figure.

    Returns
    -------
    Axes
        Right ascension to the right and declination upwards, in degrees.
    """
    ax = axes_or_new(ax)
    stars = observations[observations["position"] == "ON"].drop_duplicates("source_name")
    chosen = stars["source_name"].isin(list(source_names)).to_numpy()
    for which, style in (
        (~chosen, {"color": ALL_COLOR, "markersize": 4, "label": "other stars"}),
        (chosen, {"color": CHOSEN_COLOR, "markersize": 12, "label": f"{chosen.sum()} chosen"}),
    ):
        ax.plot(stars["ra_deg"][which], stars["dec_deg"][which], ".", **style)
    if chosen.any():
        # Above the map: in it, a legend would cover stars.
        ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, fontsize="small")
    ax.set(xlim=(0, 360), xlabel="right ascension (degrees)", ylabel="declination (degrees)")
    ax.xaxis.set_major_locator(MultipleLocator(60))
    text = f"Map of {len(stars)} stars, right ascension against declination"
    if chosen.any():
        lowest, middle, highest = np.percentile(stars["dec_deg"][chosen], [0, 50, 100])
        text += (
            f", {chosen.sum()} of them in colour: at declinations from {lowest:.1f} to {highest:.1f} "
            f"degrees, half of them below {middle:.1f}"
        )
    describe(ax, f"{text}.")
    return ax
