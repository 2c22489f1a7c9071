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

import math
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import FilterbankError
from setilearn.noise import CELL, noise_levels
from setilearn.progress import progress_bar
from setilearn.read.filterbank import read_header, read_part
from setilearn.read.hdf5_armour import trust
from setilearn.search import tree
from setilearn.search.line import MAX_SKIRT, erase_line, follow
from setilearn.search.plan import CANDIDATE_SHARE, LEAST_CANDIDATE_SNR, Plan, plan_search
from setilearn.search.resume import Record
from setilearn.spectrogram import Header, Spectrogram
from setilearn.store.dat import scan_number
from setilearn.tables import HITS, table
from setilearn.telescope import FINE_CHANNELS, FOFF_HZ, dc_channel
from setilearn.whole_file import file_state

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd

BLOCK_SAMPLES = 2**24


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
    if_index: int = 0,
) -> pd.DataFrame:
    """Find drifting tones in a filterbank file or a spectrogram.

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
        Channels of a block: what memory is spent on.

    Returns
    -------
    DataFrame
        One row a hit, columns `setilearn.tables.HITS`, by frequency. ``frequency_mhz`` is that of the
        middle of the tone in the first integration; a tone that cannot be told from one that
        stands still has a drift of exactly 0. ``snr`` is that of the matched sum along the
        straight line, in single channels with ``full_resolution``.

    Raises
    ------
    SearchError
        Least drift above the greatest, threshold not above 0, or a file to resume from that is no record.
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
    )
    arguments = [search.plan.drift_range_hz_s, snr, full_resolution, search.n_core, if_index]
    record, rows = Record(resume, source, arguments), []
    for start in progress_bar(
        search.blocks, desc="drift search", unit="block", shown=progress and len(search.blocks) > 1
    ):
        found = record.found(start)
        if found is None:
            found = search.search_block(start)
            record.keep(start, found)
        rows += found
    return search.table(rows)


@dataclass(frozen=True)
class Search:
    """A search that is planned and can be done block by block, in any order and on any machine."""

    source: object  # path or Spectrogram
    header: Header
    plan: Plan
    n_core: int  # channels of a block
    if_index: int
    state: tuple | None  # of the file when its header was read, None of a spectrogram

    @property
    def blocks(self):
        """First channel of each block, a range."""
        return range(0, self.header.n_chan, self.n_core)

    def search_block(self, start):
        """Hits, as dicts of plain numbers, of the tones that start in the block from channel ``start`` on.

        Raises `FilterbankError` from reading, and where the file has changed since its header was read.
        """
        stop = min(start + self.n_core, self.header.n_chan)
        # Lines from next door are searched too, and erased: else their skirts would be found here.
        margin = -(-2 * (self.plan.reach + MAX_SKIRT) // CELL) * CELL
        first, last = max(start - margin, 0), min(stop + margin, self.header.n_chan)
        return _search_block(self._power(first, last), self.header, self.plan, first, (start, stop))

    def _power(self, first, last):
        """Power of the channels ``first`` to ``last``, to be changed at will."""
        if isinstance(self.source, Spectrogram):
            return self.source.power[:, first:last].copy()
        trust(self.source, self.state)
        power = read_part(self.source, channels=slice(first, last), if_index=self.if_index).power
        if file_state(self.source) != self.state:
            raise FilterbankError(
                f"{self.source}: expected a file that stays as it is while it is searched, found it changed"
            )
        return power

    def table(self, rows):
        """Table of the hits of all blocks, as `search_drift` returns it."""
        return _to_table(rows, self.header, self.source)


def prepare_search(
    source,
    max_drift_hz_s=4.0,
    snr=10.0,
    *,
    min_drift_hz_s=None,
    full_resolution=False,
    n_chan=2**20,
    if_index=0,
):
    """The `Search` that `search_drift` does with these arguments; of a file only the header is read.

    Raises `SearchError` and `FilterbankError` as `search_drift` does.
    """
    state = None
    if isinstance(source, Spectrogram):
        header = source.header
    else:
        # From before the header is read, so that what changes meanwhile counts as changed.
        with suppress(OSError):  # read_header says better what is wrong
            state = file_state(source)
        header = read_header(source)
    low_hz_s = -max_drift_hz_s if min_drift_hz_s is None else min_drift_hz_s
    plan = plan_search(header, low_hz_s, max_drift_hz_s, snr, smeared=not full_resolution)
    n_core = max(CELL, min(n_chan, BLOCK_SAMPLES // header.n_time) // CELL * CELL)
    return Search(source, header, plan, n_core, if_index, state)


def _search_block(power, header, plan, first, core):
    """Hits of the lines that start in the channels ``core``, (start, stop); ``power`` begins at ``first``."""
    start, stop = core
    _blank_dc_spikes(power, header, first)
    center, gain = noise_levels(power)
    lines = find_lines(power, center, gain, plan)
    here = [line for line in lines if start <= math.floor(line["start"]) + first < stop]
    hits = [_to_hit(line, header, first) for line in here]
    # A strong tone beyond the range shows at its edge: erased with the others, but no hit.
    low, high = plan.drift_range_hz_s
    step = header.foff_hz / header.tsamp_s / max(header.n_time - 1, 1)
    return [hit for hit in hits if low - step <= hit["drift_hz_s"] <= high + step]


def _blank_dc_spikes(power, header, first):
    """Put the mean of its neighbours into the channel in the centre of each coarse channel, in place."""
    is_fine_product = abs(header.foff_hz / FOFF_HZ - 1) < 1e-6 and header.n_chan % FINE_CHANNELS == 0
    if not is_fine_product:
        return
    # Which of the two middle channels it is depends on which way round the file is on disk.
    for channel in range(
        dc_channel(FINE_CHANNELS) - first % FINE_CHANNELS, power.shape[1] - 2, FINE_CHANNELS
    ):
        if channel >= 1:
            power[:, channel : channel + 2] = (power[:, [channel - 1]] + power[:, [channel + 2]]) / 2


def find_lines(power, center, gain, plan):
    """Lines above the threshold, the brightest candidate first; each is erased from ``power`` in place.

    1. For each start channel and octave of drift, find the greatest sum along any line
       (`setilearn.search.tree`).
    2. Take the greatest of all. Below the threshold of candidates, that is the end.
    3. Refine the line on the data themselves. Where it stays below the threshold, strike the candidate and
       go back to 2.
    4. Note the line, and erase it with its skirts.
    5. Sum anew where that has changed something, and go back to 2.

    ``power`` float32 ``(n_time, n_chan)``; ``center`` and ``gain`` float32 ``(n_chan,)``, as
    `setilearn.noise.noise_levels` gives them. Returns dicts with snr, start, stop (where the middle of the
    line is in the first and in the last integration, in channels) and width (channels).
    """
    n_time, n_chan = power.shape
    units = gain * np.float32(plan.unit)
    n_tiles = -(-n_chan // tree.N_TILE)
    best = np.empty((len(plan.steps), n_chan), np.int16)
    tree.strongest_sums(power, center, units, plan.steps, plan.size, np.array([0, n_tiles]), best)
    peaks = np.array([_peaks(best, k, 0, n_tiles) for k in range(len(best))])
    least_snr = max(CANDIDATE_SHARE[plan.smeared] * plan.snr, min(LEAST_CANDIDATE_SNR, plan.snr))
    threshold = least_snr * plan.unit * math.sqrt(n_time)
    lines = []
    while True:
        k, tile = np.unravel_index(peaks.argmax(), peaks.shape)
        if peaks[k, tile] < threshold:
            return lines
        bins = _tile(best, k, tile)
        at = int(bins.argmax())
        line = follow(power, center, gain, plan, k, tile * _bins_in_tile(k) + at)
        if line is None:
            bins[max(at - 1, 0) : at + 2] = tree.LOWEST
            peaks[k, tile] = bins.max()
            continue
        lines.append(line)
        first, last = erase_line(power, center, gain, plan, line)
        tree.strongest_sums_again(power, center, units, plan.steps, plan.size, first, last, best)
        tiles = first // tree.N_TILE, -(-last // tree.N_TILE)
        for octave in range(len(best)):
            peaks[octave, slice(*tiles)] = _peaks(best, octave, *tiles)


def _bins_in_tile(octave):
    return tree.N_TILE // max(1, 2**octave // 2)


def _tile(best, octave, tile):
    n_bins = -(-best.shape[1] // max(1, 2**octave // 2))
    return best[octave, tile * _bins_in_tile(octave) : min((tile + 1) * _bins_in_tile(octave), n_bins)]


def _peaks(best, octave, first, last):
    """Largest sum in each of the tiles ``first`` to ``last`` of an octave."""
    n_bins = -(-best.shape[1] // max(1, 2**octave // 2))
    size = _bins_in_tile(octave)
    starts = np.arange(first, last) * size
    return np.maximum.reduceat(best[octave, : min(last * size, n_bins)], starts)


def _to_hit(line, header, first):
    start = line["start"] + first
    move = (line["stop"] - line["start"]) / max(header.n_time - 1, 1)
    return {
        "frequency_mhz": float(header.frequency_mhz(start - 0.5)),
        "drift_hz_s": move * header.foff_hz / header.tsamp_s,
        "snr": float(line["snr"]),
        "width_hz": max(line["width"], 1.0) * header.foff_hz,  # nothing narrower than a channel can be told
        "channel": math.floor(start),
    }


def _to_table(rows, header, source):
    common = {
        "source_name": header.source_name,
        "scan": 0 if isinstance(source, Spectrogram) else scan_number(Path(source).name),
        "tstart_mjd": header.tstart_mjd,
        "path": "" if isinstance(source, Spectrogram) else str(source),
    }
    rows = sorted(rows, key=lambda row: (row["frequency_mhz"], row["drift_hz_s"]))
    return table(HITS, [common | row for row in rows])
