"""The same drift search over many files: one after another here, or as tasks on Spark.

A file is a job and a few of its blocks (`setilearn.search.blocks.Search`) are a task, so that a file which
cannot be searched spoils no other. What travels to a task is the plan of a search, about a kilobyte, and
what comes back are hits. The samples do not travel: each task reads its own, so that every machine must
see the files under the same names, on a shared disk for one, and must have setilearn installed.
"""

from __future__ import annotations

import os
import warnings
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from setilearn.distributed.kept import KeptHits
from setilearn.distributed.outcome import searched
from setilearn.distributed.spark import on_spark, spark_context
from setilearn.errors import LostDataWarning
from setilearn.progress import files_bar, show_done
from setilearn.search.plan import check_request
from setilearn.tables import HITS, table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    import pandas as pd
    from pyspark.sql import SparkSession


class DistributedWarning(UserWarning):
    """Some files could not be searched."""


def search_files(
    paths: str | PathLike | Iterable[str | PathLike],
    spark: SparkSession | str | bool | None = None,
    *,
    max_drift_hz_s: float = 4.0,
    snr: float = 10.0,
    min_drift_hz_s: float | None = None,
    full_resolution: bool = False,
    n_chan: int = 2**20,
    if_index: int | None = None,
    n_coarse: int | None = None,
    parquet: str | PathLike | None = None,
    url: str | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Find drifting tones in many filterbank files, on one machine or on many.

    The table is that of `setilearn.search_drift` on each of the paths in turn, row by row and to the
    last bit, however the work was shared out.

    Parameters
    ----------
    paths : paths
        A path named twice is searched once.
    spark : SparkSession, str, None or False
        A session, which stays open; or a master such as ``"local[2]"`` or ``"spark://host:7077"``, by
        default all cores of this machine, for which a session is started and stopped again. False does
        without Spark: one file after another, here.
    max_drift_hz_s, snr, min_drift_hz_s, full_resolution, n_chan, if_index, n_coarse
        As `setilearn.search_drift` takes them.
    parquet : path, optional
        Folder for the hits, one Parquet file for each file searched, written when it is finished and
        whole or not at all. ``pandas.read_parquet`` and ``spark.read.parquet`` read the folder. It
        belongs to one search: files that are in it are not searched again, unless they have changed.
    url : str, optional
        Database that the hits are saved to, and the scans without hits, as by `setilearn.save_hits`.
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        Columns `setilearn.tables.HITS`. ``attrs["failed"]`` is a dict, path to what is wrong with it, of
        the files that could not be searched, of which a `DistributedWarning` tells as well; ``attrs["lost"]``
        one of those in which samples are no measurement, of which a `LostDataWarning` does.

    Raises
    ------
    SearchError
        Least drift above the greatest, or threshold not above 0.
    DistributedError
        Spark cannot be had, or ``parquet`` is not a folder of this search.
    DatabaseError
        From saving the hits.
    """
    low_hz_s = -max_drift_hz_s if min_drift_hz_s is None else min_drift_hz_s
    check_request(low_hz_s, max_drift_hz_s, snr)
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    paths = list(dict.fromkeys(str(path) for path in paths))
    arguments = {
        "max_drift_hz_s": float(max_drift_hz_s),
        "min_drift_hz_s": float(low_hz_s),
        "snr": float(snr),
        "full_resolution": bool(full_resolution),
        "n_chan": int(n_chan),
        "if_index": None if if_index is None else int(if_index),
        "n_coarse": None if n_coarse is None else int(n_coarse),
    }
    store = KeptHits(parquet, url, arguments)
    found, failed = store.found(paths), {}
    to_do = [path for path in paths if path not in found]
    with ExitStack() as stack:
        context = stack.enter_context(spark_context(spark)) if to_do and spark is not False else None
        bar = stack.enter_context(files_bar(len(paths), len(found), progress))
        outcomes = on_spark(context, to_do, arguments, bar) if context else _here(to_do, arguments, bar)
        for outcome in stack.enter_context(closing(outcomes)):
            if outcome.wrong is None:
                store.keep(outcome)
                found[outcome.path] = outcome.hits
            else:
                failed[outcome.path] = outcome.wrong
            show_done(bar, len(found) + len(failed))
    failed = {path: failed[path] for path in paths if path in failed}
    lost = {path: found[path].attrs["lost"] for path in paths if path in found and found[path].attrs["lost"]}
    return _result([found[path] for path in paths if path in found], failed, lost)


def _result(tables, failed, lost):
    import pandas as pd

    hits = pd.concat(tables, ignore_index=True) if tables else table(HITS)
    hits.attrs = {"failed": failed, "lost": lost}
    if lost:
        listed = "".join(f"\n  {text}" for text in list(lost.values())[:10])
        warnings.warn(f"{len(lost)} files were searched in part:{listed}", LostDataWarning, stacklevel=3)
    if failed:
        listed = "".join(f"\n  {wrong}" for wrong in list(failed.values())[:10])
        message = f"{len(failed)} of {len(tables) + len(failed)} files could not be searched:{listed}"
        warnings.warn(message, DistributedWarning, stacklevel=3)
    return hits


def _here(paths, arguments, bar):
    """Search one file after another in this process: an iterator of `Outcome`."""

    def search_blocks(search):
        blocks, n_done = [], bar.n
        for n_blocks, start in enumerate(search.blocks):
            show_done(bar, n_done + n_blocks / len(search.blocks))
            blocks.append(search.search_block(start))
        return blocks

    return (searched(path, arguments, search_blocks) for path in paths)
