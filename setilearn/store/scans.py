"""Tables of hits and of observations: checked, taken apart into scans, put together as cadences."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from setilearn.errors import HitsError
from setilearn.tables import HITS, OBSERVATIONS, SCAN_KEY, table

# What tells scans apart. Folders may be moved: of the path only the file's name counts.
IDENTITY = ("source_name", "scan", "tstart_mjd", "file_name")
# What a hit has of its own; the rest of its row is that of its scan.
HIT_NUMBERS = ("frequency_mhz", "drift_hz_s", "snr", "width_hz", "channel")
# Longest text, in characters: the same on every system, so that what one stores another one takes.
MAX_LENGTH = {
    "source_name": 255,
    "path": 4096,
    "file_name": 255,
    "cadence": 255,
    "position": 3,
    "verdict": 64,
    "note": 4000,
}
# Columns of observations that may be absent, and what then stands in them: not known.
UNKNOWN = {"ra_deg": np.nan, "dec_deg": np.nan, "cadence": "", "position": ""}
POSITIONS = ("ON", "OFF", "")


class Scan(NamedTuple):
    """One scan: the values of its columns (`OBSERVATIONS` and file_name), and `HIT_NUMBERS` of its hits."""

    observation: Mapping
    numbers: list

    def told(self, **values):
        """The same scan with other values in some columns of its observation."""
        return self._replace(observation=MappingProxyType({**self.observation, **values}))

    @property
    def identity(self):
        return tuple(self.observation[name] for name in IDENTITY)

    @property
    def n_hits(self):
        return len(self.numbers[0])

    def __str__(self):
        source_name, number, tstart_mjd, file_name = self.identity
        return f"scan {number} of {source_name!r} at MJD {tstart_mjd} ({file_name or 'no file'})"


def split_scans(hits, observations=None):
    """Take a table of hits apart into scans, and add those that only ``observations`` has.

    Returns a list of `Scan`, they and the hits of each in the order of the table.

    Raises `HitsError`: columns missing, a number that is not finite, text that is none or too long, one
    scan in two files, two rows of ``observations`` for one scan.
    """
    hits = checked(hits, HITS, "hits")
    known = {} if observations is None else _by_identity(observations)
    group = hits.groupby(SCAN_KEY, sort=False).ngroup().to_numpy()
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(group.max(initial=-1) + 1))
    pieces = [np.split(hits[name].to_numpy()[order], starts[1:]) for name in HIT_NUMBERS]
    scans = {}
    for place, row in enumerate(hits[SCAN_KEY].iloc[order[starts]].to_dict("records")):
        scan = Scan(_observation(row), [piece[place] for piece in pieces])
        if scan.identity in scans:
            other = scans[scan.identity].observation["path"]
            raise HitsError(f"{scan}: expected its hits from one file, found {other} and {row['path']}")
        scans[scan.identity] = scan.told(**known.pop(scan.identity, {}) | {"path": row["path"]})
    no_hits = [hits[name].to_numpy()[:0] for name in HIT_NUMBERS]
    return [*scans.values(), *(Scan(observation, no_hits) for observation in known.values())]


def cadence_scans(scans, pattern, observations):
    """One `Scan` for each table, None where nothing is known of it."""
    if len(scans) != len(pattern) or (observations is not None and len(observations) != len(pattern)):
        n_known = "" if observations is None else f" and {len(observations)} observations"
        raise HitsError(f"pattern {pattern}: expected {len(pattern)} scans, found {len(scans)}{n_known}")
    split = []
    for place, (letter, hits) in enumerate(zip(pattern, scans, strict=True)):
        found = split_scans(hits, None if observations is None else observations.iloc[[place]])
        if len(found) > 1:
            raise HitsError(f"place {place} of the cadence: expected one scan, found {found[0]}, {found[1]}")
        position = "ON" if letter == "A" else "OFF"
        split += [scan.told(position=position) for scan in found] or [None]
    identities = [scan.identity for scan in split if scan is not None]
    for scan in split:
        if scan is not None and identities.count(scan.identity) > 1:
            raise HitsError(f"pattern {pattern}: expected different scans, found {scan} more than once")
    return split


def event_links(events, labels):
    """Which hits make up the events: arrays of the event's row, the scan's place, the hit's row."""
    rows_of = {place: dict(zip(index, range(len(index)), strict=True)) for place, index in enumerate(labels)}
    try:
        links = [
            (number, place, rows_of[place][label])
            for number, hits in enumerate(events["hits"])
            for place, label in hits
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise HitsError(f"events: expected hits that are rows of the scans, found none for {error}") from None
    return np.array(links, dtype=np.int64).reshape(-1, 3).T


def checked(frame, columns, what, *, absent=()):
    """Copy of a table with just ``columns``, of their dtypes, labelled from 0.

    Columns in ``absent`` may be missing and then have its values. Raises `HitsError`.
    """
    missing = [column.name for column in columns if column.name not in frame]
    if wanted := [name for name in missing if name not in absent]:
        raise HitsError(f"{what}: expected columns {', '.join(wanted)}, found {', '.join(map(str, frame))}")
    check = {"str": _text, "int64": _integers, "float64": _floats}
    data = {
        column.name: np.full(len(frame), absent[column.name])
        if column.name in missing
        else check[column.dtype](frame[column.name], f"{what}, {column.name}")
        for column in columns
    }
    return table(columns, data)


def _text(series, what):
    import pandas as pd

    codes, values = pd.factorize(series)
    if (codes < 0).any():
        raise HitsError(f"{what}: expected text, found none in row {np.argmax(codes < 0)}")
    for value in values:
        check_text(value, what)
    return series.to_numpy()


def check_text(value, what):
    """Raise `HitsError` where ``value`` cannot be stored; ``what`` ends in the name of its column."""
    name = what.split()[-1]
    if not isinstance(value, str):
        raise HitsError(f"{what}: expected text, found {value!r}")
    if len(value) > MAX_LENGTH[name]:
        raise HitsError(
            f"{what}: expected at most {MAX_LENGTH[name]} characters, found {len(value)}: {value[:40]!r}..."
        )
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise HitsError(f"{what}: expected text, found bytes that are none in {value!r}")


def _floats(series, what):
    values = _numbers(series, what)
    # Only what may be unknown may be NaN.
    wrong = np.isinf(values) if what.endswith(tuple(UNKNOWN)) else ~np.isfinite(values)
    if wrong.any():
        row = np.argmax(wrong)
        raise HitsError(f"{what}: expected finite numbers, found {values[row]} in row {row}")
    return values


def _integers(series, what):
    if isinstance(series.dtype, np.dtype) and series.dtype.kind == "i":
        return series.to_numpy(dtype=np.int64)
    values = _numbers(series, what)
    # 2**63 is the first number too large.
    wrong = ~(np.abs(values) < 2.0**63) | (values != np.round(values))
    if wrong.any():
        row = np.argmax(wrong)
        raise HitsError(f"{what}: expected whole numbers, found {values[row]} in row {row}")
    return series.to_numpy().astype(np.int64)


def _numbers(series, what):
    try:
        return series.to_numpy(dtype=float)
    except (TypeError, ValueError):
        raise HitsError(f"{what}: expected numbers, found {series.dtype}") from None


def _by_identity(observations):
    observations = checked(observations, OBSERVATIONS, "observations", absent=UNKNOWN)
    if wrong := set(observations["position"]) - set(POSITIONS):
        raise HitsError(f"observations, position: expected ON, OFF or nothing, found {min(wrong)!r}")
    known = {}
    for row in observations.to_dict("records"):
        scan = Scan(_observation(row), [])
        if scan.identity in known:
            raise HitsError(f"observations: expected one row a scan, found two for {scan}")
        known[scan.identity] = dict(scan.observation)
    return known


def _observation(row):
    file_name = row["path"].replace("\\", "/").rpartition("/")[2]
    check_text(file_name, "file_name")
    return MappingProxyType(UNKNOWN | row | {"file_name": file_name})
