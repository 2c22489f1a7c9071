"""What comes back in star after star is not from any of them: how full the band is, and what is common."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import CadenceError
from setilearn.spectrogram import HZ_PER_MHZ
from setilearn.tables import SCAN_KEY
from setilearn.tracks import carried_mhz

if TYPE_CHECKING:
    import pandas as pd

# Of one transmitter in two stars: what a cheap oscillator, or the speed of an aircraft, makes of it.
SAME_HZ = 1000.0
SCAN_S = 300.0


def rfi_occupancy(
    hits: pd.DataFrame,
    *,
    bin_mhz: float = 1.0,
    band_mhz: tuple[float, float] | None = None,
    of: str = "star",
    n_total: int | None = None,
) -> pd.DataFrame:
    """Share of the stars that have a hit in each bin of frequency.

    Parameters
    ----------
    hits : DataFrame
        Columns `setilearn.tables.HITS`.
    bin_mhz : float
        Width of a bin; bins begin at multiples of it.
    band_mhz : (float, float), optional
        What to cover; by default from the lowest hit to the highest.
    of : str
        ``"star"``: share of the sources; ``"observation"``: share of the scans.
    n_total : int, optional
        How many sources or scans there are in all; by default those that have a hit anywhere.

    Returns
    -------
    DataFrame
        A row a bin, also where it is empty: low_mhz, high_mhz, n_hits, n_with (how many have a hit in it),
        n_total, share (n_with / n_total).

    Raises
    ------
    CadenceError
        Bins not above 0, a band whose upper end comes first, or another word for ``of``.
    """
    import pandas as pd

    if not bin_mhz > 0:
        raise CadenceError(f"bin_mhz: expected a width above 0, found {bin_mhz}")
    columns_of = {"star": ["source_name"], "observation": SCAN_KEY}
    if of not in columns_of:
        raise CadenceError(f"of: expected one of {', '.join(columns_of)}, found {of!r}")
    # A whole number for each row, the same for those of one star or of one scan.
    who = hits.groupby(columns_of[of], sort=False).ngroup().to_numpy()
    frequency_mhz = hits["frequency_mhz"].to_numpy()
    first, last = _bin_range(frequency_mhz, bin_mhz, band_mhz)
    bins = np.floor(frequency_mhz / bin_mhz).astype(int) - first
    inside = (bins >= 0) & (bins < last - first)
    bins, who = bins[inside], who[inside]
    n_codes = who.max(initial=-1) + 1
    n_with = np.bincount(np.unique(bins * n_codes + who) // max(n_codes, 1), minlength=last - first)
    n_total = n_codes if n_total is None else n_total
    edges_mhz = np.arange(first, last + 1) * bin_mhz
    return pd.DataFrame(
        {
            "low_mhz": edges_mhz[:-1],
            "high_mhz": edges_mhz[1:],
            "n_hits": np.bincount(bins, minlength=last - first),
            "n_with": n_with,
            "n_total": n_total,
            "share": n_with / max(n_total, 1),
        }
    )


def _bin_range(frequency_mhz, bin_mhz, band_mhz):
    """Number of the first bin and of the one after the last."""
    if band_mhz is None:
        found = np.floor(frequency_mhz / bin_mhz).astype(int)
        return (found.min(), found.max() + 1) if found.size else (0, 0)
    # The hair keeps rounding from opening a bin for an end that is the edge of one.
    first, last = math.floor(band_mhz[0] / bin_mhz + 1e-6), math.ceil(band_mhz[1] / bin_mhz - 1e-6)
    if last < first:
        raise CadenceError(
            f"band_mhz: expected the lower end first, found {band_mhz[0]} to {band_mhz[1]} MHz"
        )
    return first, last


def remove_common(
    hits: pd.DataFrame, *, by: str = "source_name", tolerance_hz: float = SAME_HZ, scan_s: float = SCAN_S
) -> pd.DataFrame:
    """The hits that no other source has: all that come back elsewhere on the sky are removed.

    A hit is removed if another source has one, at any time, within ``tolerance_hz`` of what it passes
    through in its scan, from its frequency to ``scan_s`` seconds of its drift away. Hits are sorted
    once and each is compared with its nearest neighbours of another source, so that millions take
    seconds.

    Parameters
    ----------
    hits : DataFrame
        Columns `setilearn.tables.HITS`, and ``by``.
    by : str
        Column that tells the sources apart. With ``"cadence"`` (`join_observations`) the places beside
        a star count as the star.
    tolerance_hz, scan_s : float
        The wider, the more interference goes, and the more of the band is lost to a signal.

    Returns
    -------
    DataFrame
        The rows that remain, index and order kept.

    Raises
    ------
    CadenceError
        Tolerance or time below 0, or no such column.
    """
    if not (tolerance_hz >= 0 and scan_s >= 0):
        raise CadenceError(
            f"expected tolerance_hz and scan_s of 0 or more, found {tolerance_hz} and {scan_s}"
        )
    if by not in hits:
        raise CadenceError(f"by: expected a column of the hits, found {by!r}")
    who = hits.groupby(by, sort=False).ngroup().to_numpy()
    return hits[~_elsewhere(hits, who, tolerance_hz, scan_s)]


def reach_mhz(hits, tolerance_hz, scan_s):
    """Lower and upper end of what each hit passes through in its scan, with the tolerance."""
    ends_mhz = np.sort([carried_mhz(hits, t_s).to_numpy() for t_s in (0.0, scan_s)], axis=0)
    return ends_mhz[0] - tolerance_hz / HZ_PER_MHZ, ends_mhz[1] + tolerance_hz / HZ_PER_MHZ


def _elsewhere(hits, who, tolerance_hz, scan_s):
    """Whether another source has a hit within the reach of each one, bool array."""
    order = np.argsort(hits["frequency_mhz"].to_numpy(), kind="stable")
    frequency_mhz, who = hits["frequency_mhz"].to_numpy()[order], who[order]
    low_mhz, high_mhz = (ends[order] for ends in reach_mhz(hits, tolerance_hz, scan_s))
    # Among the sorted hits those of one source stand in runs: before and after a run is another source.
    first = np.flatnonzero(np.diff(who, prepend=-1))
    run = np.repeat(np.arange(first.size), np.diff(np.append(first, who.size)))
    padded = np.concatenate([[-np.inf], frequency_mhz, [np.inf]])
    below_mhz, above_mhz = padded[first][run], padded[np.append(first[1:], who.size) + 1][run]
    common = np.empty(who.size, dtype=bool)
    common[order] = (below_mhz >= low_mhz) | (above_mhz <= high_mhz)
    return common
