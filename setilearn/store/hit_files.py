"""Tables of hits and of events as files: turbo_seti's `.dat`, CSV, Parquet."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

from setilearn.errors import HitsError
from setilearn.store.dat import read_dat, write_dat
from setilearn.store.scans import checked
from setilearn.tables import EVENT_COLUMNS, EVENTS, HITS, OBSERVATIONS, table
from setilearn.whole_file import whole_file

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd

SUFFIXES = (".dat", ".csv", ".parquet")
EVENT_SUFFIXES = (".csv", ".parquet")
(_CADENCE,) = (column for column in OBSERVATIONS if column.name == "cadence")


def export_hits(hits: pd.DataFrame, path: str | PathLike) -> None:
    """Write a table of hits to a file, by its suffix `.dat`, `.csv` or `.parquet`; whole or not at all.

    Only the columns `setilearn.tables.HITS` are written. CSV and Parquet keep all of them to the last bit; a
    `.dat` file has the hits of one scan, without their width, and six decimals (`setilearn.write_dat`).

    Raises `HitsError` where the suffix is another one or the table is not one of hits.
    """
    suffix = _suffix(path)
    hits = _checked(hits, path)
    if suffix == ".dat":
        write_dat(hits, path)
        return
    _write(hits, path, suffix)


def read_hits(path: str | PathLike) -> pd.DataFrame:
    """Hits of a file that `export_hits` or turbo_seti wrote, columns `setilearn.tables.HITS`.

    A Parquet "file" may be a folder of them, as Spark writes it. Other columns are left out.

    Raises `HitsError`, which names the file, what was expected and what was found.
    """
    suffix = _suffix(path)
    return read_dat(path) if suffix == ".dat" else _checked(_read(path, suffix, HITS, "hits"), path)


def export_events(events: pd.DataFrame, path: str | PathLike) -> None:
    """Write a table of events to a file, by its suffix `.csv` or `.parquet`; whole or not at all.

    The columns `setilearn.tables.EVENTS` are written, and ``cadence`` where there is one. The hits of an
    event, pairs (place of the scan, label of the row), stand as JSON: ``[[0, 12], [2, 7]]``.

    Raises `HitsError` where the suffix is another one or the table is not one of events.
    """
    suffix, columns = _suffix(path, EVENT_SUFFIXES), [*EVENT_COLUMNS, *_cadence_of(events)]
    plain = _checked(events, path, columns, "events")
    try:
        plain["hits"] = [json.dumps(_pairs(hits)) for hits in events["hits"]]
    except (KeyError, TypeError, ValueError) as error:
        raise HitsError(
            f"{path}: events, hits: expected pairs (place, label), found others: {error}"
        ) from error
    _write(plain, path, suffix)


def read_events(path: str | PathLike) -> pd.DataFrame:
    """Events of a file that `export_events` wrote, columns `setilearn.tables.EVENTS`, perhaps ``cadence``.

    Raises `HitsError`, which names the file, what was expected and what was found.
    """
    found = _read(path, _suffix(path, EVENT_SUFFIXES), [*EVENTS, _CADENCE], "events")
    columns = _cadence_of(found)
    events = _checked(found, path, [*EVENT_COLUMNS, *columns], "events")
    try:
        members = [_pairs(json.loads(text)) for text in found["hits"]]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise HitsError(f"{path}: events, hits: expected pairs as JSON, found others: {error}") from error
    whole = table(
        EVENTS, {name: events[name].to_numpy() for name in events if name != "cadence"} | {"hits": members}
    )
    return whole.assign(**{column.name: events[column.name] for column in columns})


def _pairs(hits):
    return tuple((int(place), label) for place, label in hits)


def _cadence_of(events):
    return [_CADENCE] if "cadence" in events else []


def _write(frame, path, suffix):
    with whole_file(path) as part:
        if suffix == ".csv":
            # All text in quotes: not every version of Python sees that a lone carriage return needs them.
            quoting = csv.QUOTE_NONNUMERIC
            frame.to_csv(part, index=False, lineterminator="\n", encoding="utf-8", quoting=quoting)
        else:
            frame.to_parquet(part, index=False)


def _read(path, suffix, columns, what):
    import pandas as pd
    import pyarrow as pa

    try:
        return _read_csv(path, columns) if suffix == ".csv" else pd.read_parquet(path)
    # The last of a Parquet file whose columns pandas cannot make of what is said of them.
    except (OSError, pa.ArrowException, LookupError, TypeError, ValueError) as error:
        raise HitsError(f"{path}: expected a table of {what}, found: {error}") from error


def _read_csv(path, columns):
    # Not by pandas: some versions lose the last bit of numbers unless told, and others warn if told.
    from pyarrow.csv import ConvertOptions, ParseOptions, read_csv

    types = {"str": "string", "int64": "int64", "float64": "double", "object": "string"}
    convert = ConvertOptions(column_types={column.name: types[column.dtype] for column in columns})
    parse = ParseOptions(newlines_in_values=True)
    return read_csv(path, parse_options=parse, convert_options=convert).to_pandas()


def _suffix(path, suffixes=SUFFIXES):
    suffix = Path(path).suffix.lower()
    if suffix not in suffixes:
        raise HitsError(f"{path}: expected a name that ends in {', '.join(suffixes)}, found {suffix!r}")
    return suffix


def _checked(frame, path, columns=HITS, what="hits"):
    try:
        return checked(frame, columns, what)
    except HitsError as error:
        raise HitsError(f"{path}: {error}") from error
