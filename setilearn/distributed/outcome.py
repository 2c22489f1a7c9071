"""What comes of one file: its hits and its scan, or what is wrong with it."""

import math
from pathlib import Path
from typing import NamedTuple

from setilearn.errors import SetilearnError
from setilearn.search.blocks import prepare_search
from setilearn.search.resume import data_key
from setilearn.store.dat import scan_number


class Outcome(NamedTuple):
    """What came of a file: hits, or what is wrong with it."""

    path: str
    data: list | None  # what it held before it was searched (`setilearn.search.resume.data_key`)
    scan: dict = None  # row of OBSERVATIONS
    hits: object = None
    wrong: str = None


def searched(path, arguments, search_blocks):
    """`Outcome` of a file, its blocks searched by ``search_blocks(search)``."""
    data = key_of_file(path)
    try:
        # Workers have other current folders.
        search = prepare_search(Path(path).absolute(), **arguments)
        hits = search.table(search_blocks(search)).assign(path=path)
    except Exception as error:  # whatever it is, the other files are searched
        wrong = (
            str(error) if isinstance(error, SetilearnError | OSError) else f"{type(error).__name__}: {error}"
        )
        return Outcome(path, data, wrong=wrong if str(path) in wrong else f"{path}: {wrong}")
    header = search.header
    knows_where = header.ra_deg or header.dec_deg
    scan = {
        "source_name": header.source_name,
        "scan": scan_number(Path(path).name),
        "tstart_mjd": header.tstart_mjd,
        "path": path,
        "ra_deg": header.ra_deg if knows_where else math.nan,
        "dec_deg": header.dec_deg if knows_where else math.nan,
        "cadence": "",
        "position": "",
    }
    return Outcome(path, data, scan, hits)


def key_of_file(path):
    """`setilearn.search.resume.data_key` of a file, None where it cannot be read."""
    try:
        return data_key(path)
    except OSError:
        return None
