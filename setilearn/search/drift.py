"""The drift search: narrow tones whose frequency changes steadily, in files of any size.

The band is walked through in blocks. In each, a fast tree (`setilearn.search.tree`) finds the
channels where some drifting line is bright; then, the brightest first, the line is refined on the
data themselves (`setilearn.search.line`), taken down as a hit, and erased, so that its own skirts
are not found again and a weaker neighbour is.

A tone that drifts d channels in one integration spreads its power over d channels. A sum of single
channels keeps 1 / d of its signal-to-noise ratio, a sum of bins of d channels 1 / sqrt(d). Each
octave of drift is therefore searched in bins of 1, 2, 4, ... channels to match.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from setilearn.errors import LostDataWarning
from setilearn.progress import progress_bar
from setilearn.search.blocks import prepare_search
from setilearn.search.resume import Record

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd

    from setilearn.spectrogram import Spectrogram


def search_drift(
    source: str | PathLike | Spectrogram,
    max_drift_hz_s: float = 4.0,
    snr: float = 10.0,
    *,
    min_drift_hz_s: float | None = None,
    full_resolution: bool = False,
    resume: bool | str | PathLike = False,
    progress: bool = True,
    n_chan: int = 2**20,
    if_index: int | None = None,
    n_coarse: int | None = None,
) -> pd.DataFrame:
    """Find drifting tones in a filterbank file or a spectrogram.

    Samples that are no measurement are left out of noise and sums: NaN, infinities, zeros and runs of one
    value in place of what was lost, channels that never change (`setilearn.search.lost.strike_lost`). Each
    integration has its own level and scatter of noise in each 4096 channels, so that neither offset nor unit
    of the power matters, nor steps of the gain or bursts over the band.

    Tones at rest are told apart from two channels on. Drifting ones that are closer than what they sweep in
    an integration, and a channel or two, are one hit; its `width_hz` is that of both. Tones that enter or
    leave the band are summed over what is inside of it, at least a quarter of the scan, and where it has at
    most 256 integrations; of longer scans only the strong ones are found.

    Samples may be of any number of bits, but a tone is no stronger than they hold: of one bit it adds at most
    one standard deviation to each. Below 16 channels nothing tells the noise.

    Parameters
    ----------
    source : path or Spectrogram
    max_drift_hz_s, min_drift_hz_s : float
        Drift rates to search; the least is by default the negative of the greatest.
    snr : float
        Threshold of the signal-to-noise ratio.
    full_resolution : bool
        Search every drift in single channels, as turbo_seti does, in place of bins that match the
        smearing: slower, and less sensitive above one channel an integration, unless the data were
        simulated without smearing.
    resume : bool or path
        Keep the hits of each finished block in a file, by default ``source`` with ``.hits.jsonl``
        added, and go on from there if it exists. It belongs to one search: with other arguments,
        other data or another version of setilearn it is begun anew.
    progress : bool
        Show a progress bar where there is more than one block.
    n_chan : int
        Channels of a block: what memory is spent on. It changes no hit.
    if_index : int, optional
        Which IF (polarisation or beam) of a file, from 0; by default total intensity (`read_spectrogram`).
    n_coarse : int, optional
        How many coarse channels of a polyphase filterbank the band consists of: the two channels in the
        middle of each, where its DC spike stands, are left out. By default as many as there are 2**20
        channels of 2.794 Hz, Breakthrough Listen's fine product, else none; 0 leaves nothing out.

    Returns
    -------
    DataFrame
        One row a hit, columns `setilearn.tables.HITS`, by frequency. ``frequency_mhz`` is that of the
        middle of the tone in the first integration; a tone that cannot be told from one that
        stands still has a drift of exactly 0. ``snr`` is that of the matched sum along the
        straight line, in single channels with ``full_resolution``, over the samples that are measurements.
        Of a tone that enters the band during the scan the frequency lies outside, and ``channel`` is the
        nearest one inside. ``attrs["lost"]`` tells of samples that are none, of which a `LostDataWarning`
        tells too.

    Raises
    ------
    SearchError
        Least drift above the greatest, threshold not above 0, fewer than 16 channels, ``n_coarse`` that does
        not divide them, or a file to resume from that is no record.
    NoiseError
        No sample is a measurement, or none scatters.
    FilterbankError
        From reading the file.
    """
    search = prepare_search(
        source,
        max_drift_hz_s,
        snr,
        min_drift_hz_s=min_drift_hz_s,
        full_resolution=full_resolution,
        n_chan=n_chan,
        if_index=if_index,
        n_coarse=n_coarse,
    )
    record, blocks = Record(resume, source, search.arguments), []
    for start in progress_bar(
        search.blocks, desc="drift search", unit="block", shown=progress and len(search.blocks) > 1
    ):
        block = record.found(start)
        if block is None:
            block = search.search_block(start)
            record.keep(start, block)
        blocks.append(block)
    hits = search.table(blocks)
    if hits.attrs["lost"]:
        warnings.warn(hits.attrs["lost"], LostDataWarning, stacklevel=2)
    return hits
