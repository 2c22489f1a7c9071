"""What comes of one file: its hits and its scan, or what is wrong with it."""

import math
from pathlib import Path
from typing import NamedTuple

from setilearn.errors import DistributedError, FilterbankError, SearchError
from setilearn.search.drift import prepare_search
from setilearn.store.dat import scan_number


class Outcome(NamedTuple):
    """What came of a file: hits, or what is wrong with it."""

    path: str
    state: list  # size and time of change, before it was searched
    scan: dict = None  # row of OBSERVATIONS
    hits: object = None
    wrong: str = None


def searched(path, arguments, search_blocks):
    """`Outcome` of a file, its blocks searched by ``search_blocks(search)``."""
    state = file_state(path)
    try:
        # Workers have other current folders.
        search = prepare_search(Path(path).absolute(), **arguments)
        hits = search.table(search_blocks(search)).assign(path=path)
    except (FilterbankError, SearchError, OSError) as error:
        return Outcome(path, state, wrong=str(error))
    except DistributedError as error:
        return Outcome(path, state, wrong=f"{path}: {error}")
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
    return Outcome(path, state, scan, hits)


def file_state(path):
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns]
