"""A drift search, planned, and done block by block: in any order, on any machine."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from setilearn.errors import FilterbankError, NoiseError, SearchError
from setilearn.read.filterbank import read_header, read_part
from setilearn.read.hdf5_armour import trust
from setilearn.search.edges import Edge
from setilearn.search.levels import CELL, measure_levels
from setilearn.search.line import MAX_SKIRT
from setilearn.search.lines import MOST_TRIED, find_lines
from setilearn.search.lost import count_lost, dead_channels, describe_lost, strike_lost
from setilearn.search.plan import Plan, plan_search
from setilearn.search.resume import Block
from setilearn.search.tree import N_TILE
from setilearn.search.uneven import even_out
from setilearn.spectrogram import Header, Spectrogram
from setilearn.store.dat import scan_number
from setilearn.tables import HITS, table
from setilearn.telescope import FINE_CHANNELS, FOFF_HZ, dc_channel
from setilearn.whole_file import file_state

BLOCK_SAMPLES = 2**24


@dataclass(frozen=True)
class Search:
    """A search that is planned and can be done block by block, in any order and on any machine."""

    source: object  # path or Spectrogram
    header: Header
    plan: Plan
    n_core: int  # channels of a block
    if_index: int | None  # None is total intensity
    n_coarse: int  # coarse channels of the band whose middle is left out
    state: tuple | None  # of the file when its header was read, None of a spectrogram

    @property
    def arguments(self):
        """What hits depend on besides the data, plain values."""
        plan = self.plan
        return [plan.drift_range_hz_s, plan.snr, not plan.smeared, self.n_core, self.if_index, self.n_coarse]

    @property
    def blocks(self):
        """First channel of each block, a range."""
        return range(0, self.header.n_chan, self.n_core)

    def search_block(self, start):
        """`Block` of the tones that start in the channels from ``start`` on.

        Raises `FilterbankError` from reading, and where the file has changed since its header was read.
        """
        stop = min(start + self.n_core, self.header.n_chan)
        # Lines from next door are searched too, and erased: else their skirts would be found here. One cell
        # more tells the noise between its middle and that of the last cell that is needed.
        margin = (-(-2 * (self.plan.reach + MAX_SKIRT) // CELL) + 1) * CELL
        first, last = max(start - margin, 0), min(stop + margin, self.header.n_chan)
        return _search_block(self._power(first, last), self, first, (start, stop))

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

    def table(self, blocks):
        """Table of the hits of all blocks, as `search_drift` returns it; raises `NoiseError` as it does."""
        lost = [block.lost for block in blocks if block.lost]
        n_lost, n_samples = sum(found[0] for found in lost), self.header.n_time * self.header.n_chan
        what = "" if isinstance(self.source, Spectrogram) else f"{self.source}: "
        if n_lost == n_samples:
            raise NoiseError(
                f"{what}expected noise that scatters, found no sample that is a measurement among "
                f"{n_samples}: all are NaN, infinite, zero, or the same"
            )
        hits = _to_table([hit for block in blocks for hit in block.hits], self.header, self.source)
        told = [describe_lost(lost, n_samples)] if lost else []
        crowded = [channel for block in blocks for channel in block.crowded]
        if crowded:
            told.append(
                f"only the strongest {MOST_TRIED} lines or candidates were looked at in each of "
                f"{len(crowded)} crowded places of {N_TILE} channels, the first from channel {crowded[0]} on"
            )
        hits.attrs["lost"] = what + "; ".join(told) if told else ""
        hits.attrs["searched"] = self._searched(blocks, n_lost / n_samples)
        return hits

    def _searched(self, blocks, share_lost):
        """What was searched, plain values: only there does a scan without hits say anything."""
        header = self.header
        dead = [run for block in blocks for run in block.dead]
        n_dead = sum(last - first + 1 for first, last in dead)
        share_alive = 1 - n_dead / header.n_chan
        return {
            "band_mhz": list(header.band_mhz),
            "dead_mhz": [[float(header.frequency_mhz(ends[k] + k - 0.5)) for k in (0, 1)] for ends in dead],
            "tstart_mjd": header.tstart_mjd,
            "duration_s": header.duration_s,
            "measured_s": header.duration_s * min((1 - share_lost) / max(share_alive, 1e-9), 1.0),
            "snr": self.plan.snr,
        }


def prepare_search(
    source,
    max_drift_hz_s=4.0,
    snr=10.0,
    *,
    min_drift_hz_s=None,
    full_resolution=False,
    n_chan=2**20,
    if_index=None,
    n_coarse=None,
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
    n_core = max(N_TILE, min(n_chan, BLOCK_SAMPLES // header.n_time) // N_TILE * N_TILE)
    if n_coarse is None:
        is_fine = abs(header.foff_hz / FOFF_HZ - 1) < 1e-6 and header.n_chan % FINE_CHANNELS == 0
        n_coarse = header.n_chan // FINE_CHANNELS if is_fine else 0
    if n_coarse < 0 or (n_coarse and header.n_chan % n_coarse):
        raise SearchError(
            f"n_coarse: expected a number that divides {header.n_chan} channels, found {n_coarse}"
        )
    return Search(source, header, plan, n_core, if_index, n_coarse, state)


def _search_block(power, search, first, core):
    """`Block` of the lines that start in the channels ``core``; ``power`` begins at channel ``first``."""
    (start, stop), header, plan = core, search.header, search.plan
    inner = power[:, start - first : stop - first]
    lost, dead = (count_lost(inner, start), dead_channels(inner, start)) if strike_lost(power) else ([], [])
    _leave_out_dc(power, header.n_chan, search.n_coarse, first)
    try:
        levels = measure_levels(power)
    except NoiseError:  # a part without noise spoils no other; `Search.table` tells of it
        return Block(
            [],
            [(stop - start) * header.n_time, 0, header.n_time - 1, start, stop - 1],
            [],
            [[start, stop - 1]],
        )
    even_out(power, levels, 2 ** (len(plan.steps) - 1))
    # The first and the last block have the edges of the band.
    edges = [Edge(0, plan)] if start == 0 else []
    edges += [Edge(power.shape[1], plan)] if stop == header.n_chan else []
    lines, crowded = find_lines(power, levels, plan, edges)
    start, stop = -math.inf if start == 0 else start, math.inf if stop == header.n_chan else stop
    here = [line for line in lines if start <= math.floor(line["start"]) + first < stop]
    # A strong tone beyond the range shows at its edge: erased with the others, but no hit.
    least, most = plan.moves
    hits = [
        _to_hit(line, header, plan, first)
        for line in here
        if least - 1 <= line["stop"] - line["start"] <= most + 1
    ]
    return Block(hits, lost, [tile + first for tile in crowded if start <= tile + first < stop], dead)


def _leave_out_dc(power, n_chan, n_coarse, first):
    """Put NaN, in place, into the two channels in the middle of each coarse channel."""
    if not n_coarse:
        return
    # Which of the two it is depends on which way round the file is on disk.
    size = n_chan // n_coarse
    channels = (np.arange(n_coarse) * size + dc_channel(size))[:, None] + [0, 1] - first
    power[:, channels[(channels >= 0) & (channels < power.shape[1])]] = np.nan


def _to_hit(line, header, plan, first):
    start = line["start"] + first
    move = (line["stop"] - line["start"]) / max(header.n_time - 1, 1)
    low_hz_s, high_hz_s = plan.drift_range_hz_s
    return {
        "frequency_mhz": float(header.frequency_mhz(start - 0.5)),
        "drift_hz_s": min(max(move * header.foff_hz / header.tsamp_s, low_hz_s), high_hz_s),
        "snr": float(line["snr"]),
        "width_hz": max(line["width"], 1.0) * header.foff_hz,  # nothing narrower than a channel can be told
        "channel": min(max(math.floor(start), 0), header.n_chan - 1),
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
