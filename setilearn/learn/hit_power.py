"""The power around hits: one hit for each signal, and a piece of the spectrogram around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import ImageError
from setilearn.learn.cut import N_COLUMNS, cut_power, middle_channels
from setilearn.progress import progress_bar
from setilearn.search.drift import search_drift

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from setilearn.spectrogram import Spectrogram


def hits_and_power(
    scans: Sequence[Spectrogram],
    *,
    max_drift_hz_s: float = 1.0,
    snr: float = 10.0,
    n_chan: int = N_COLUMNS,
    progress: bool = True,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Search each scan, keep one hit for each signal, and cut out the power around it.

    Parameters
    ----------
    scans : sequence of Spectrogram
        All with the same number of integrations.
    max_drift_hz_s, snr : float
        As in `setilearn.search.drift.search_drift`.
    n_chan : int
        Width of a piece. Of hits closer than half of it `strongest_hits` keeps one.
    progress : bool
        Show a progress bar.

    Returns
    -------
    hits : DataFrame
        Columns `setilearn.tables.HITS`, in the order of the scans.
    power : array (n_hits, n_time, n_chan)
        As `setilearn.learn.cut.cut_power` gives it, in the same order.

    Raises
    ------
    ImageError
        No scans, or scans of different length.
    SearchError
        From the search.
    """
    import pandas as pd

    lengths = sorted({scan.header.n_time for scan in scans})
    if len(lengths) != 1:
        raise ImageError(f"scans: expected some, all of the same n_time, found {lengths or 'none'}")
    tables, pieces = [], []
    for scan in progress_bar(scans, desc="scans", unit="scan", shown=progress):
        hits = search_drift(scan, max_drift_hz_s, snr, progress=False)
        hits = strongest_hits(hits, scan.header, apart_channels=n_chan // 2)
        tables.append(hits)
        pieces.append(cut_power(scan, hits, n_chan=n_chan))
    return pd.concat(tables, ignore_index=True), np.concatenate(pieces)


def strongest_hits(hits, header, *, apart_channels=N_COLUMNS // 2):
    """One hit for each signal of a scan: those that have no stronger one nearby.

    A wide or crooked signal makes many hits. The strongest is kept, and what lies closer to it than
    ``apart_channels`` in the middle of the scan goes; then the strongest of the others, and so on.

    Parameters
    ----------
    hits : DataFrame
        Columns `setilearn.tables.HITS`, of one scan.
    header : Header
        Of the data that were searched.

    Returns
    -------
    DataFrame
        Some of the rows, by frequency.
    """
    middle = middle_channels(hits, header)
    kept = []
    for row in np.argsort(-hits["snr"].to_numpy(), kind="stable"):
        if all(abs(middle[row] - middle[other]) >= apart_channels for other in kept):
            kept.append(row)
    return hits.iloc[kept].sort_values("frequency_mhz", ignore_index=True)
