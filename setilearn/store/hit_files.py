"""Tables of hits as files: turbo_seti's `.dat`, CSV, Parquet."""

import csv
from pathlib import Path

from setilearn.errors import HitsError
from setilearn.store.dat import read_dat, write_dat
from setilearn.store.scans import checked
from setilearn.tables import HITS
from setilearn.whole_file import whole_file

SUFFIXES = (".dat", ".csv", ".parquet")


def export_hits(hits, path):
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
    with whole_file(path) as part:
        if suffix == ".csv":
            # All text in quotes: not every version of Python sees that a lone carriage return needs them.
            quoting = csv.QUOTE_NONNUMERIC
            hits.to_csv(part, index=False, lineterminator="\n", encoding="utf-8", quoting=quoting)
        else:
            hits.to_parquet(part, index=False)


def read_hits(path):
    """Hits of a file that `export_hits` or turbo_seti wrote, columns `setilearn.tables.HITS`.

    A Parquet "file" may be a folder of them, as Spark writes it. Other columns are left out.

    Raises `HitsError`, which names the file, what was expected and what was found.
    """
    import pandas as pd
    import pyarrow as pa

    suffix = _suffix(path)
    if suffix == ".dat":
        return read_dat(path)
    try:
        hits = _read_csv(path) if suffix == ".csv" else pd.read_parquet(path)
    except (OSError, pa.ArrowException) as error:
        raise HitsError(f"{path}: expected a table of hits, found: {error}") from error
    return _checked(hits, path)


def _read_csv(path):
    # Not by pandas: some versions lose the last bit of numbers unless told, and others warn if told.
    from pyarrow.csv import ConvertOptions, ParseOptions, read_csv

    types = {"str": "string", "int64": "int64", "float64": "double"}
    convert = ConvertOptions(column_types={column.name: types[column.dtype] for column in HITS})
    parse = ParseOptions(newlines_in_values=True)
    return read_csv(path, parse_options=parse, convert_options=convert).to_pandas()


def _suffix(path):
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise HitsError(f"{path}: expected a name that ends in {', '.join(SUFFIXES)}, found {suffix!r}")
    return suffix


def _checked(hits, path):
    try:
        return checked(hits, HITS, "hits")
    except HitsError as error:
        raise HitsError(f"{path}: {error}") from error
