"""Spark: a session set up for the search, files as jobs and blocks as tasks."""

from __future__ import annotations

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
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numba

from setilearn import __version__
from setilearn.distributed.outcome import searched
from setilearn.errors import DistributedError, FilterbankError, how_to_install
from setilearn.progress import show_done

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

N_TRIES = 4  # what a cluster does by default; local mode tries once unless told otherwise
BLOCKS_A_TASK = 8  # to begin a task takes about a sixth of the time that a block takes
POLL_S = 0.2
NEEDS_JAVA = (
    "Spark needs Java 17 or 21. Install it, for example with 'apt install openjdk-17-jre-headless', "
    "'brew install openjdk@17' or 'conda install openjdk=17', and name it in JAVA_HOME; "
    "search_files(..., spark=False) does without"
)
NO_JAVA = f"found no Java on the PATH or in JAVA_HOME. {NEEDS_JAVA}"
# What is said by a Java too old, one too new, and by what stands in for one on a Mac.
_WRONG_JAVA = "UnsupportedClassVersion|Unsupported major|UnsupportedOperation|Java Runtime|JAVA_HOME"
NEEDS_PYSPARK = (
    f"expected pyspark to be installed, found none: {how_to_install('pyspark')}; "
    "search_files(..., spark=False) does without"
)


def start_spark(master: str = "local[*]", *, ui: bool = False) -> SparkSession:
    """Start a Spark session set up for `search_files`: quiet, one thread a task.

    Parameters
    ----------
    master : str
        Where the work is done: ``"local[2]"`` on two cores of this machine, ``"local[*]"`` on all, or the
        URL of a cluster such as ``"spark://host:7077"``. In local mode a task that fails is tried four
        times, as a cluster does by default, unless ``"local[2, 1]"`` says otherwise.
    ui : bool
        With Spark's web page, at any free port: its address is ``session.sparkContext.uiWebUrl``.

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
        raise DistributedError(NO_JAVA)
    builder = SparkSession.builder.appName("setilearn").config(map=_options(master, ui))
    with tempfile.TemporaryFile() as log:
        try:
            with _stderr_to(log), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of pyspark's, about the version of pandas
                session = builder.getOrCreate()
        except Exception as error:
            words = _last_words(log, error)
            advice = f". {NEEDS_JAVA}" if re.search(_WRONG_JAVA, words, re.IGNORECASE) else ""
            raise DistributedError(f"Spark did not start on {master}: {words}{advice}") from error
    if master.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
        session.sparkContext.pythonExec = sys.executable
    return session


def _options(master, ui=False):
    local = re.fullmatch(r"local(?:\[(\d+|\*)\])?", master)
    options = {
        "spark.master": f"local[{local[1] or 1},{N_TRIES}]" if local else master,
        "spark.ui.enabled": str(ui).lower(),
        "spark.ui.port": "0",
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
    causes = [line.strip() for line in lines if re.search(r"Exception|Error|error:|Java Runtime", line)]
    return causes[-1] if causes else " ".join(str(error).splitlines()[:2])


@contextmanager
def spark_context(spark):
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


def on_spark(context, paths, arguments, bar):
    """Search files as jobs, one more at a time than there are cores: yields an `Outcome` as it comes."""
    group, n_done, n_cores = f"setilearn {uuid.uuid4()}", bar.n, context.defaultParallelism
    search_blocks = partial(_as_tasks, context, group, -(-n_cores // len(paths)))
    with ThreadPoolExecutor(min(len(paths), n_cores + 1)) as pool:
        left = {pool.submit(searched, path, arguments, search_blocks) for path in paths}
        try:
            while left:
                done, left = wait(left, POLL_S, FIRST_COMPLETED)
                yield from (future.result() for future in done)
                n_done += len(done)
                if not bar.disable:
                    show_done(bar, n_done + _share_of_running(context))
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
    """Blocks of a file; raises `FilterbankError` or `DistributedError` where one has none."""
    n_blocks = len(search.blocks)
    n_tasks = min(n_blocks, max(least_tasks, -(-n_blocks // BLOCKS_A_TASK)))
    context.setJobGroup(group, f"drift search of {search.source}", interruptOnCancel=True)
    found = _collected(context.parallelize(search.blocks, n_tasks).map(partial(_search_block, search)))
    for _, wrong in found:
        if wrong is not None:
            raise FilterbankError(wrong)
    return [block for block, _ in found]


def _search_block(search, start):
    """What a task does with a block: (`Block`, None), or (None, what is wrong with the file)."""
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
