"""Tables of hits and observations, checked and taken apart into scans."""

from typing import NamedTuple

import numpy as np

from setilearn.tables import HITS, OBSERVATIONS, table

# What tells one scan from another; folders may be moved, so that of the path only the file's name counts.
IDENTITY = ("source_name", "scan", "tstart_mjd", "file_name")
# What a hit has of its own; the rest of a row is that of its scan.
HIT_NUMBERS = ("frequency_mhz", "drift_hz_s", "snr", "width_hz", "channel")
# Longest text in characters: what a column of each kind of database takes.
MAX_LENGTH = {"source_name": 255, "path": 4096, "file_name": 255, "cadence": 255, "position": 3}
MAY_BE_NAN = ("ra_deg", "dec_deg")
POSITIONS = ("ON", "OFF", "")
_SCAN_COLUMNS = ["source_name", "scan", "tstart_mjd", "path"]


class ScansError(ValueError):
    """A table of hits or of observations that is none, or contradicts itself."""


class Scan(NamedTuple):
    """One scan: ``observation`` (columns of `OBSERVATIONS` and file_name) and its hits' `HIT_NUMBERS`."""

    observation: dict
    numbers: tuple

    @property
    def identity(self):
        return tuple(self.observation[name] for name in IDENTITY)

    @property
    def n_hits(self):
        return len(self.numbers[0])

    def __str__(self):
        name, number, tstart_mjd, file_name = self.identity
        return f"scan {number} of {name} at MJD {tstart_mjd!r} ({file_name or 'no file'})"


def split_scans(hits, observations=None):
    """The scans that a table of hits consists of, and those that ``observations`` adds, list of `Scan`.

    Scans and the hits of each stand in the order of the table; scans without hits come last.

    Raises
    ------
    ScansError
        Columns missing, numbers that are not finite, text too long, two files for one scan, two
        rows of ``observations`` for one scan.
    """
    hits = checked(hits, HITS, "hits")
    known = _by_identity(checked(table(OBSERVATIONS) if observations is None else observations, OBSERVATIONS))
    group = hits.groupby(_SCAN_COLUMNS, sort=False).ngroup().to_numpy()
    order = np.argsort(group, kind="stable")
    stops = np.cumsum(np.bincount(group))
    columns = [hits[name].to_numpy() for name in HIT_NUMBERS]
    if not np.array_equal(order, np.arange(len(order))):
        columns = [column[order] for column in columns]
    pieces = zip(*(np.split(column, stops[:-1]) for column in columns), strict=True)
    firsts = hits.iloc[order[np.r_[0, stops[:-1]]] if len(order) else []]
    scans = {}
    for row, numbers in zip(firsts[_SCAN_COLUMNS].to_dict("records"), pieces, strict=len(order) > 0):
        scan = Scan(_observation(row), numbers)
        if scan.identity in scans:
            other = scans[scan.identity].observation["path"]
            raise ScansError(f"{scan}: expected its hits from one file, found {other} and {row['path']}")
        scan.observation.update(known.pop(scan.identity, {}), path=row["path"])
        scans[scan.identity] = scan
    nothing = tuple(column[:0] for column in columns)
    return [*scans.values(), *(Scan(observation, nothing) for observation in known.values())]


def checked(frame, columns, what="observations"):
    """Copy of ``frame`` with just these columns, their dtypes, and labels from 0; raises `ScansError`."""
    required = [c.name for c in columns if c.name in _SCAN_COLUMNS or columns is not OBSERVATIONS]
    if missing := [name for name in required if name not in frame]:
        raise ScansError(
            f"{what}: expected the column {', '.join(missing)}, found {', '.join(map(str, frame))}"
        )
    check = {"str": _text, "int64": _integers, "float64": _floats}
    data = {c.name: check[c.dtype](c.name, frame[c.name], what) for c in columns if c.name in frame}
    absent = {"cadence": "", "position": "", "ra_deg": np.nan, "dec_deg": np.nan}
    for name in absent.keys() & {c.name for c in columns} - data.keys():
        data[name] = np.full(len(frame), absent[name])
    if "position" in data and (wrong := set(data["position"]) - set(POSITIONS)):
        raise ScansError(f"{what}: expected ON, OFF or nothing as position, found {sorted(wrong)[0]!r}")
    return table(columns, data)


def _text(name, series, what):
    import pandas as pd

    codes, values = pd.factorize(series)
    if (codes < 0).any():
        raise ScansError(f"{what}: expected text in {name}, found none in row {np.argmax(codes < 0)}")
    for value in values:
        check_text(value, name, MAX_LENGTH[name], what)
    return series.to_numpy()


def check_text(value, name, max_length, what):
    """Raises `ScansError` where ``value`` is no text, is too long or cannot be written as UTF-8."""
    if not isinstance(value, str):
        raise ScansError(f"{what}: expected text in {name}, found {value!r}")
    if len(value) > max_length:
        raise ScansError(
            f"{what}: expected at most {max_length} characters in {name}, found {len(value)}: {value[:40]!r}..."
        )
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ScansError(
            f"{what}: expected text in {name}, found bytes that are none: {value[:80]!r}"
        ) from None


def _floats(name, series, what):
    values = _numbers(name, series, what, float)
    wrong = np.isinf(values) if name in MAY_BE_NAN else ~np.isfinite(values)
    if wrong.any():
        row = np.argmax(wrong)
        raise ScansError(f"{what}: expected finite numbers in {name}, found {values[row]} in row {row}")
    return values


def _integers(name, series, what):
    values = _numbers(name, series, what, None)
    whole = _numbers(name, series, what, np.int64) if np.isfinite(values).all() else values * 0
    if not (whole == values).all():
        row = np.argmax(whole != values)
        raise ScansError(f"{what}: expected whole numbers in {name}, found {values[row]} in row {row}")
    return whole


def _numbers(name, series, what, dtype):
    try:
        return series.to_numpy(dtype=dtype) if dtype else np.asarray(series.to_numpy(), dtype=float)
    except (TypeError, ValueError, OverflowError) as error:
        raise ScansError(f"{what}: expected numbers in {name}, found {series.dtype}: {error}") from None


def _by_identity(observations):
    known = {}
    for row in observations.to_dict("records"):
        scan = Scan(_observation(row), ((),))
        if scan.identity in known:
            raise ScansError(f"observations: expected one row for each scan, found two for {scan}")
        known[scan.identity] = scan.observation
    return known


def _observation(row):
    """Values of all columns of one scan; None is an unknown number."""
    file_name = row["path"].replace("\\", "/").rpartition("/")[2]
    check_text(file_name, "path", MAX_LENGTH["file_name"], "file name")
    position = {name: None if np.isnan(row.get(name, np.nan)) else row[name] for name in MAY_BE_NAN}
    return {"cadence": "", "position": ""} | row | position | {"file_name": file_name}
