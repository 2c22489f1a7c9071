"""The same drift search over many files: one after another here, or as tasks on Spark.

A file is a job and a few of its blocks (`setilearn.search.drift.Search`) are a task, so that a file which
cannot be searched spoils no other. What travels to a task is the plan of a search, about a kilobyte, and
what comes back are hits. The samples do not travel: each task reads its own, so that every machine must
see the files under the same names, on a shared disk for one, and must have setilearn installed.
"""

import hashlib
import json
import math
import os
import re
import shutil
import socket
import sys
import tempfile
import time
import uuid
import warnings
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numba

from setilearn import __version__
from setilearn.errors import DistributedError, FilterbankError, SearchError
from setilearn.search.dat import scan_number
from setilearn.search.drift import check_request, prepare_search
from setilearn.tables import HITS, OBSERVATIONS, table
from setilearn.whole_file import whole_file

N_TRIES = 4  # what a cluster does by default; local mode tries once unless told otherwise
BLOCKS_A_TASK = 8  # to begin a task takes about a sixth of the time that a block takes
POLL_S = 0.2
ARROW_TYPES = {"str": "string", "int64": "int64", "float64": "float64"}
SEARCH_FILE = "_search.json"  # names with _ or . in front are no data to Spark and pandas
NEEDS_JAVA = (
    "Spark needs Java 17 or later, found none on the PATH or in JAVA_HOME. Install it, for example with "
    "'apt install openjdk-17-jre-headless', 'brew install openjdk@17' or 'conda install openjdk=17'; "
    "search_files(..., spark=False) does without"
)
NEEDS_PYSPARK = (
    "expected pyspark to be installed, found none: 'pip install pyspark'; "
    "search_files(..., spark=False) does without"
)


class DistributedWarning(UserWarning):
    """Some files could not be searched."""


def search_files(
    paths,
    spark=None,
    *,
    max_drift_hz_s=4.0,
    snr=10.0,
    min_drift_hz_s=None,
    full_resolution=False,
    n_chan=2**20,
    if_index=0,
    parquet=None,
    url=None,
    progress=True,
):
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
    max_drift_hz_s, snr, min_drift_hz_s, full_resolution, n_chan, if_index
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
        the files that could not be searched, of which a `DistributedWarning` tells as well.

    Raises
    ------
    SearchError
        Drift range or threshold without sense.
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
        "if_index": int(if_index),
    }
    store = _Store(parquet, url, arguments)
    found, failed = store.found(paths), {}
    to_do = [path for path in paths if path not in found]
    with ExitStack() as stack:
        context = stack.enter_context(_spark_context(spark)) if to_do and spark is not False else None
        bar = stack.enter_context(_progress_bar(len(paths), len(found), progress))
        outcomes = _on_spark(context, to_do, arguments, bar) if context else _here(to_do, arguments, bar)
        for outcome in stack.enter_context(closing(outcomes)):
            if outcome.wrong is None:
                store.keep(outcome)
                found[outcome.path] = outcome.hits
            else:
                failed[outcome.path] = outcome.wrong
            _show(bar, len(found) + len(failed))
    failed = {path: failed[path] for path in paths if path in failed}
    return _result([found[path] for path in paths if path in found], failed)


def _result(tables, failed):
    import pandas as pd

    hits = pd.concat(tables, ignore_index=True) if tables else table(HITS)
    hits.attrs["failed"] = failed
    if failed:
        listed = "".join(f"\n  {wrong}" for wrong in list(failed.values())[:10])
        message = f"{len(failed)} of {len(tables) + len(failed)} files could not be searched:{listed}"
        warnings.warn(message, DistributedWarning, stacklevel=3)
    return hits


def _progress_bar(n_files, n_found, shown):
    from tqdm.auto import tqdm

    return tqdm(
        total=n_files,
        initial=n_found,
        desc="drift search",
        bar_format="{l_bar}{bar}| {n:.1f} of {total} files [{elapsed}<{remaining}]",
        disable=not shown,
    )


def _show(bar, n_files):
    bar.n = n_files
    bar.refresh()


# One file


class _Outcome(NamedTuple):
    """What came of a file: hits, or what is wrong with it."""

    path: str
    state: list  # size and time of change, before it was searched
    scan: dict = None  # row of OBSERVATIONS
    hits: object = None
    wrong: str = None


def _searched(path, arguments, search_blocks):
    """`_Outcome` of a file, its blocks searched by ``search_blocks(search)``."""
    state = _state(path)
    try:
        # Workers have other current folders.
        search = prepare_search(Path(path).absolute(), **arguments)
        hits = search.table(search_blocks(search)).assign(path=path)
    except (FilterbankError, SearchError, OSError) as error:
        return _Outcome(path, state, wrong=str(error))
    except DistributedError as error:
        return _Outcome(path, state, wrong=f"{path}: {error}")
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
    return _Outcome(path, state, scan, hits)


def _state(path):
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns]


def _here(paths, arguments, bar):
    """Search one file after another in this process: an iterator of `_Outcome`."""

    def search_blocks(search):
        rows, n_done = [], bar.n
        for n_blocks, start in enumerate(search.blocks):
            _show(bar, n_done + n_blocks / len(search.blocks))
            rows += search.search_block(start)
        return rows

    return (_searched(path, arguments, search_blocks) for path in paths)


# On Spark


def start_spark(master="local[*]"):
    """Start a Spark session set up for `search_files`: quiet, without a web page, one thread a task.

    Parameters
    ----------
    master : str
        Where the work is done: ``"local[2]"`` on two cores of this machine, ``"local[*]"`` on all, or the
        URL of a cluster such as ``"spark://host:7077"``. In local mode a task that fails is tried four
        times, as a cluster does by default, unless ``"local[2, 1]"`` says otherwise.

    Returns
    -------
    SparkSession
        Stop it by ``session.stop()``. Java itself stays until this Python ends.

    Raises
    ------
    DistributedError
        pyspark or Java is missing, a session runs already, or Spark does not start.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise DistributedError(NEEDS_PYSPARK) from error
    if running := SparkSession.getActiveSession():
        raise DistributedError(
            f"expected no Spark session, found one on {running.sparkContext.master}: "
            "search_files(paths, session) works with it, session.stop() ends it"
        )
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=Path(home, "bin") if home else None):
        raise DistributedError(NEEDS_JAVA)
    builder = SparkSession.builder.appName("setilearn").config(map=_options(master))
    with tempfile.TemporaryFile() as log:
        try:
            with _stderr_to(log), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of pyspark's, about the version of pandas
                session = builder.getOrCreate()
        except Exception as error:
            raise DistributedError(f"Spark did not start on {master}: {_last_words(log, error)}") from error
    if master.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
        session.sparkContext.pythonExec = sys.executable
    return session


def _options(master):
    local = re.fullmatch(r"local(?:\[(\d+|\*)\])?", master)
    options = {
        "spark.master": f"local[{local[1] or 1},{N_TRIES}]" if local else master,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",  # what goes wrong stands in the table of hits
        "spark.executorEnv.NUMBA_NUM_THREADS": "1",
    }
    if master.startswith("local"):
        options |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.executorEnv.PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            # Over TCP a task takes 60 ms to begin, so 20 ms.
            "spark.python.unix.domain.socket.enabled": str(hasattr(socket, "AF_UNIX")).lower(),
        }
    return options


@contextmanager
def _stderr_to(log):
    """Whatever starts now writes its errors to ``log`` as long as it runs: Java is talkative, workers too."""
    kept = os.dup(2)
    os.dup2(log.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _last_words(log, error):
    """Why Spark did not start: what Java wrote of it, else the error's beginning."""
    log.seek(0)
    lines = log.read().decode(errors="replace").splitlines()
    causes = [line.strip() for line in lines if re.search(r"Exception|Error|error:", line)]
    return causes[-1] if causes else " ".join(str(error).splitlines()[:2])


@contextmanager
def _spark_context(spark):
    """The SparkContext of a session, or of one that is started and stopped again."""
    started = start_spark(spark or "local[*]") if spark is None or isinstance(spark, str) else None
    context = getattr(started or spark, "sparkContext", None)
    if context is None:
        raise DistributedError(f"spark: expected a session, a master's URL, None or False, found {spark!r}")
    try:
        _check_workers(context)
        yield context
    finally:
        if started:
            started.stop()


def _check_workers(context):
    """Raise `DistributedError` where the workers do not have this very package."""
    try:
        [found] = _collected(context.parallelize([0], 1).map(_version))
    except DistributedError as error:
        found = error
    if found != __version__:
        raise DistributedError(
            f"expected workers that can import setilearn {__version__}, found: {found}. "
            "Install it on each machine of the cluster, for the Python that PYSPARK_PYTHON names"
        )


def _version(_):
    return __version__


def _on_spark(context, paths, arguments, bar):
    """Search files as jobs, one more at a time than there are cores: yields an `_Outcome` as it comes."""
    group, n_done, n_cores = f"setilearn {uuid.uuid4()}", bar.n, context.defaultParallelism
    search_blocks = partial(_as_tasks, context, group, -(-n_cores // len(paths)))
    with ThreadPoolExecutor(min(len(paths), n_cores + 1)) as pool:
        left = {pool.submit(_searched, path, arguments, search_blocks) for path in paths}
        try:
            while left:
                done, left = wait(left, POLL_S, FIRST_COMPLETED)
                yield from (future.result() for future in done)
                n_done += len(done)
                if not bar.disable:
                    _show(bar, n_done + _share_of_running(context))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            # Again and again, for a thread may be about to begin its job.
            while any(future.running() for future in left):
                context.cancelJobGroup(group)
                time.sleep(POLL_S)


def _share_of_running(context):
    """How much of the files that are being searched is done, counted in files."""
    tracker = context.statusTracker()
    stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
    return sum(stage.numCompletedTasks / stage.numTasks for stage in stages if stage)


def _as_tasks(context, group, least_tasks, search):
    """Hits of all blocks of a file; raises `FilterbankError` or `DistributedError` where one has none."""
    n_blocks = len(search.blocks)
    n_tasks = min(n_blocks, max(least_tasks, -(-n_blocks // BLOCKS_A_TASK)))
    context.setJobGroup(group, f"drift search of {search.source}", interruptOnCancel=True)
    found = _collected(context.parallelize(search.blocks, n_tasks).map(partial(_search_block, search)))
    for _, wrong in found:
        if wrong is not None:
            raise FilterbankError(wrong)
    return [row for rows, _ in found for row in rows]


def _search_block(search, start):
    """What a task does with a block: (hits, None), or (None, what is wrong with the file)."""
    numba.set_num_threads(1)  # Spark counts a core for each task
    try:
        return search.search_block(start), None
    except FilterbankError as error:  # not raised: to try again would not mend the file
        return None, str(error)


def _collected(work):
    """What the tasks give; raises `DistributedError` with what is worth reading in Java's many lines."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        return work.collect()
    except Py4JJavaError as error:
        first = str(error.java_exception.getMessage()).partition("\n")[0]
        raise DistributedError(first.partition(" Consider setting")[0]) from error
    except PySparkException as error:
        python = str(error).partition("JVM stacktrace:")[0].strip()
        raise DistributedError(f"a task raised {python.splitlines()[-1]}") from error


# Where hits go


class _Store:
    """Hits of finished files in a folder of Parquet files, one for each, and in a database."""

    def __init__(self, parquet, url, arguments):
        self.folder = None if parquet is None else _folder_of_hits(Path(parquet), arguments)
        self.url = url

    def found(self, paths):
        """Path -> hits of the files that were finished before and have not changed since."""
        kept = {path: self._read(path) for path in paths} if self.folder else {}
        kept = {path: pair for path, pair in kept.items() if pair}
        found = {path: hits for path, (hits, _) in kept.items()}
        # Saved again, in case it is another database; and a wrong URL shows before the work and not after.
        self._save(list(found.values()), [scan for _, scan in kept.values()])
        return found

    def keep(self, outcome):
        """Note a file as finished, with its hits."""
        self._save([outcome.hits], [outcome.scan])
        if self.folder:
            self._write(outcome)

    def _save(self, tables, scans):
        if self.url is None:
            return
        import pandas as pd

        from setilearn.database import save_hits

        hits = pd.concat([table(HITS), *tables], ignore_index=True)
        save_hits(hits, self.url, observations=table(OBSERVATIONS, scans), progress=False)

    def _part(self, path):
        name = hashlib.sha256(os.fsencode(Path(path).absolute())).hexdigest()[:16]
        return self.folder / f"hits-{name}.parquet"

    def _write(self, outcome):
        import pyarrow as pa
        import pyarrow.parquet

        schema = pa.schema([(column.name, pa.type_for_alias(ARROW_TYPES[column.dtype])) for column in HITS])
        about = json.dumps({"state": outcome.state, "scan": outcome.scan})
        rows = pa.Table.from_pandas(outcome.hits, schema, preserve_index=False)
        rows = rows.replace_schema_metadata(rows.schema.metadata | {"setilearn": about})
        with whole_file(self._part(outcome.path)) as part:
            pyarrow.parquet.write_table(rows, part)

    def _read(self, path):
        """(hits, row of `OBSERVATIONS`) of a file that was finished and has not changed, else None."""
        import pyarrow as pa
        import pyarrow.parquet

        try:
            rows = pyarrow.parquet.read_table(self._part(path))
            about = json.loads(rows.schema.metadata[b"setilearn"])
        except (OSError, pa.ArrowException, KeyError):  # not there, or damaged
            return None
        if about["state"] != _state(path):
            return None
        hits = table(HITS, dict(rows.to_pandas().items()))
        return hits.assign(path=path), about["scan"] | {"path": path}


def _folder_of_hits(folder, arguments):
    """Make the folder, or see that it is one of the same search."""
    record, this = folder / SEARCH_FILE, {"setilearn": __version__} | arguments
    if folder.is_dir() and not record.exists() and any(not p.name.startswith(".") for p in folder.iterdir()):
        raise DistributedError(f"{folder}: expected an empty folder or one of search_files, found another")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = json.loads(record.read_text(encoding="utf-8")) if record.exists() else None
    except (OSError, ValueError) as error:
        raise DistributedError(f"{folder}: expected a folder for hits, found: {error}") from error
    if found is None:
        with whole_file(record) as part:
            part.write_text(json.dumps(this), encoding="utf-8")
    elif found != this:
        other = ", ".join(f"{name} {found.get(name)}" for name in this if found.get(name) != this[name])
        raise DistributedError(
            f"{folder}: expected hits of this search, found those of another ({other}): "
            "name another folder, or delete this one"
        )
    return folder
