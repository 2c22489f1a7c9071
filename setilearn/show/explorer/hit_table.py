"""The hits of a database as arrays, and which of them pass the filters.

All of it is arithmetic on arrays, without a widget and without a database.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

COLUMNS = ("hit_id", "frequency_mhz", "log_snr", "drift_hz_s", "scan", "verdict", "review")
# The whole map has so much room around its hits, and is at least so large.
MARGIN_SHARE = 0.02
MIN_MHZ, MIN_DECADES = 0.001, 0.1


@dataclass(frozen=True, eq=False)
class HitTable:
    """The hits of a database as arrays ``(n_hits,)`` in order of frequency, 36 bytes a hit; never changed.

    ``scan`` is the row of ``scans``, a table of observations, that a hit belongs to. ``verdict`` (of
    the cadence) and ``review`` (of a person) are places in the lists ``verdicts`` and ``reviews``, of
    which the first is "": nothing is said. ``n_left_out`` is how many hits have no place on the map,
    for want of an SNR above 0. ``by_id`` are the places of the hits in order of their numbers.
    """

    hit_id: np.ndarray
    frequency_mhz: np.ndarray
    log_snr: np.ndarray
    drift_hz_s: np.ndarray
    scan: np.ndarray
    verdict: np.ndarray
    review: np.ndarray
    scans: "pandas.DataFrame"  # noqa: F821
    verdicts: list
    reviews: list
    n_left_out: int = 0
    by_id: np.ndarray = None

    def __post_init__(self):
        if self.by_id is None:
            object.__setattr__(self, "by_id", np.argsort(self.hit_id, kind="stable").astype(np.int32))
        for name in (*COLUMNS, "by_id"):
            getattr(self, name).setflags(write=False)

    def __len__(self):
        return self.hit_id.size

    @classmethod
    def from_pieces(cls, pieces, scans):
        """The table of ``pieces``, dicts of arrays: hit_id, observation_id, frequency_mhz, snr, drift_hz_s.

        ``scans`` has the columns `setilearn.tables.OBSERVATIONS` and observation_id.
        """
        import pandas as pd

        rows = pd.Index(scans["observation_id"])
        nothing = dict.fromkeys(("hit_id", "observation_id", "frequency_mhz", "snr", "drift_hz_s"), ())
        taken = [_taken(piece, rows) for piece in (nothing, *pieces)]
        columns = {name: np.concatenate([piece.pop(name) for piece in taken]) for name in list(taken[0])}
        order = np.argsort(columns["frequency_mhz"], kind="stable")
        order = order[np.isfinite(columns["log_snr"])[order]]
        n_left_out = columns["hit_id"].size - order.size
        by_id = _inverse(order, columns["hit_id"])
        columns = {name: columns.pop(name)[order] for name in list(columns)}
        labels = {name: np.zeros(order.size, np.int16) for name in ("verdict", "review")}
        scans = scans.reset_index(drop=True)
        lists = {"verdicts": [""], "reviews": [""], "n_left_out": n_left_out, "by_id": by_id}
        return cls(**columns, **labels, scans=scans, **lists)

    def told(self, column, hit_id, names):
        """The table with ``names``, one for each of the numbers ``hit_id``, in the column verdict or review.

        Of a number that is there twice the first counts; one of no hit is left out.
        """
        import pandas as pd

        codes, uniques = pd.factorize(np.asarray(names, dtype=object))
        known = list(dict.fromkeys([*getattr(self, f"{column}s"), *uniques]))
        codes = np.array([known.index(name) for name in uniques], dtype=np.int16)[codes]
        hit_id, first = np.unique(np.asarray(hit_id, dtype=np.int64), return_index=True)
        places = self._places(hit_id)
        changed = getattr(self, column).copy()
        changed[places[places >= 0]] = codes[first][places >= 0]
        return replace(self, **{column: changed, f"{column}s": known})

    def place(self, hit_id):
        """Where in the arrays the hit of this number is; None where it is not."""
        place = int(self._places(np.array([hit_id], dtype=np.int64))[0])
        return place if place >= 0 else None

    def _places(self, hit_id):
        """Where in the arrays the hits of these numbers are, -1 where there is none."""
        if not len(self):
            return np.full(len(hit_id), -1)
        near = np.searchsorted(self.hit_id, hit_id, sorter=self.by_id).clip(max=len(self) - 1)
        places = self.by_id[near]
        return np.where(self.hit_id[places] == hit_id, places, -1)

    def part(self, places):
        """A table of the hits at these places, an ascending array."""
        columns = {name: getattr(self, name)[places] for name in COLUMNS}
        return replace(self, **columns, n_left_out=0, by_id=None)

    def of_scans(self, chosen):
        """Bool array: which hits are of the scans that ``chosen``, a bool array over ``scans``, has."""
        return np.asarray(chosen, dtype=bool)[self.scan]

    def stars(self):
        """Names of what the telescope pointed at on purpose, sorted: all sources but those of OFF scans."""
        aimed_at = self.scans["position"] != "OFF"
        return sorted(set(self.scans["source_name"][aimed_at]))

    def limits(self):
        """The whole map: (lowest, highest) frequency in MHz and log10 of the SNR, with some room around."""
        if not len(self):
            return (0.0, 1.0), (1.0, 2.0)
        frequency = _with_room(float(self.frequency_mhz[0]), float(self.frequency_mhz[-1]), MIN_MHZ)
        return frequency, _with_room(float(self.log_snr.min()), float(self.log_snr.max()), MIN_DECADES)


def _inverse(order, hit_id):
    """Places of the hits, put in ``order``, by their numbers; None where that takes a sort.

    Numbers come ascending from the database, and then it is a walk.
    """
    if (np.diff(hit_id) <= 0).any():
        return None
    places = np.full(hit_id.size, -1, dtype=np.int32)
    places[order] = np.arange(order.size)
    return places[places >= 0]


def _taken(piece, rows):
    """Columns of a piece as the table has them."""
    snr = np.asarray(piece["snr"], dtype=float)
    log_snr = np.full(snr.shape, np.nan, np.float32)
    np.log10(snr, out=log_snr, where=snr > 0, casting="same_kind")
    return {
        "hit_id": np.asarray(piece["hit_id"], dtype=np.int64),
        "frequency_mhz": np.asarray(piece["frequency_mhz"], dtype=float),
        "log_snr": log_snr,
        "drift_hz_s": np.asarray(piece["drift_hz_s"], dtype=np.float32),
        "scan": rows.get_indexer(np.asarray(piece["observation_id"], dtype=np.int64)).astype(np.int32),
    }


def _with_room(low, high, least):
    room = max(MARGIN_SHARE * (high - low), (least - (high - low)) / 2)
    return low - room, high + room


@dataclass(frozen=True)
class Filters:
    """Which hits are shown; None lets all pass.

    ``star`` is the name of a source, ``position`` ON, OFF or "". ``snr`` and ``drift_hz_s`` are
    (lowest, highest), both included. ``verdict`` and ``review`` are what the cadence and a person say,
    "" where they say nothing; ``review`` may also be "any": something.
    """

    star: str | None = None
    position: str | None = None
    snr: tuple = (None, None)
    drift_hz_s: tuple = (None, None)
    verdict: str | None = None
    review: str | None = None

    def keep(self, table):
        """Bool array: which hits of ``table`` pass."""
        keep = np.ones(len(table), dtype=bool)
        for column, wanted in (("source_name", self.star), ("position", self.position)):
            if wanted is not None:
                keep &= table.of_scans(table.scans[column] == wanted)
        if self.verdict is not None:
            keep &= table.verdict == _place_in(table.verdicts, self.verdict)
        if self.review == "any":
            keep &= table.review != 0
        elif self.review is not None:
            keep &= table.review == _place_in(table.reviews, self.review)
        low, high = (None if snr is None else _log10(snr) for snr in self.snr)
        _keep_between(keep, table.log_snr, low, high)
        _keep_between(keep, table.drift_hz_s, *self.drift_hz_s)
        return keep


def _place_in(names, name):
    return names.index(name) if name in names else -1


def _keep_between(keep, values, low, high):
    # NumPy rounds the limits, Python's numbers, to float32 as the values are: one equal to its limit passes.
    if low is not None:
        keep &= values >= low
    if high is not None:
        keep &= values <= high


def _log10(snr):
    return math.log10(snr) if snr > 0 else -math.inf
