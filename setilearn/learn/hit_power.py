"""The power around hits: one hit for each signal, and a piece of the spectrogram around it."""

import numpy as np

from setilearn.errors import ImageError
from setilearn.progress import progress_bar
from setilearn.search.drift import search_drift
from setilearn.tracks import channel_in_scan

N_COLUMNS = 128


def hits_and_power(scans, *, max_drift_hz_s=1.0, snr=10.0, n_chan=N_COLUMNS, progress=True):
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
        As `cut_power` gives it, in the same order.

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
    middle = channel_in_scan(hits, header, header.duration_s / 2).to_numpy()
    kept = []
    for row in np.argsort(-hits["snr"].to_numpy(), kind="stable"):
        if all(abs(middle[row] - middle[other]) >= apart_channels for other in kept):
            kept.append(row)
    return hits.iloc[kept].sort_values("frequency_mhz", ignore_index=True)


def cut_power(spectrogram, hits, *, n_chan=N_COLUMNS):
    """The power around each hit, float32 ``(n, n_time, n_chan)``, centred on the middle of its track.

    Linear power at full resolution, as `setilearn.learn.features.image_features` needs it: the grey
    pictures of `setilearn.learn.cut.cut_images` do not keep how strong a line is. At the edge of the
    band the piece is as near to the hit as it fits.

    Raises `ImageError` where the band has fewer channels, or does not hold the middle of a track.
    """
    header = spectrogram.header
    if not 1 <= n_chan <= header.n_chan:
        raise ImageError(f"n_chan: expected 1 to {header.n_chan} channels, found {n_chan}")
    middle = channel_in_scan(hits, header, header.duration_s / 2).to_numpy()
    outside = (middle < -0.5) | (middle > header.n_chan - 0.5)
    if outside.any():
        raise ImageError(
            f"hits: expected the middle of each track in the band of {header.source_name}, found that of the "
            f"hit at {hits['frequency_mhz'].to_numpy()[outside][0]:.6f} MHz outside"
        )
    first = np.clip(np.rint(middle).astype(int) - n_chan // 2, 0, header.n_chan - n_chan)
    pieces = [spectrogram.power[:, start : start + n_chan] for start in first]
    return np.array(pieces, dtype=np.float32).reshape(-1, header.n_time, n_chan)
