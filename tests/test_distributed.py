"""The drift search over many files: the plain loop is what it is held to, here and on Spark."""

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numba
import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

import setilearn as sl
from setilearn.distributed import kept
from setilearn.distributed import outcome as outcome_module
from setilearn.distributed import spark as spark_module
from setilearn.search.blocks import prepare_search

N_CHAN = 8192  # of a block
FOFF_HZ = 2.7939677238464355


def missing():
    """What Spark needs and this machine lacks, as a reason to skip; None where all is there."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "no pyspark: it comes with the extra spark"
    return None if shutil.which("java") else "no java on the path"


needs_spark = pytest.mark.skipif(missing() is not None, reason=missing() or "")


@pytest.fixture(scope="module")
def spark():
    """One session for all tests of this module: to start it takes ten seconds and more."""
    if missing():
        pytest.skip(missing())
    session = sl.start_spark("local[2]")
    yield session
    session.stop()


@pytest.fixture(params=["here", pytest.param("spark", marks=pytest.mark.slow)])
def where(request):
    """Where files are searched: in this process, or on Spark."""
    return False if request.param == "here" else request.getfixturevalue("spark")


def write_scan(path, n_chan, tones, seed, **noise):
    """A file of noise and tones, each (channel, drift in Hz/s)."""
    scan = sl.simulate_noise(16, n_chan, fch1_mhz=1420.0 + seed, seed=seed, **noise)
    for channel, drift_hz_s in tones:
        scan = sl.add_tone(scan, scan.header.frequency_mhz(channel), drift_hz_s=drift_hz_s, snr=90)
    sl.write_spectrogram(scan, path)
    return str(path)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Files of several blocks with tones across their seams, of odd sizes, of one block, without a hit."""
    folder = tmp_path_factory.mktemp("files")
    seams = [(N_CHAN * k + shift, drift) for k in (1, 2, 3) for shift, drift in ((-40, 1.2), (130, -2.1))]
    return [
        write_scan(folder / "one_0011.rawspec.0000.fil", 2**15, seams, 1),
        write_scan(folder / "two_0012.rawspec.0000.h5", 3 * N_CHAN + 4321, [*seams[:4], (27_000, 0.0)], 2),
        write_scan(folder / "three_0013.rawspec.0000.fil", 5001, [(2500, 0.5)], 3),
        write_scan(folder / "nothing.fil", N_CHAN + 7, [], 4),
        write_scan(folder / "four_0014.rawspec.0000.fil", 2 * N_CHAN + 1, [(N_CHAN - 1, 3.7)], 5),
    ]


def loop(paths, **arguments):
    arguments = {"n_chan": N_CHAN, "progress": False} | arguments
    return pd.concat([sl.search_drift(path, **arguments) for path in paths], ignore_index=True)


def search(paths, where=False, **arguments):
    return sl.search_files(paths, where, **{"n_chan": N_CHAN, "progress": False} | arguments)


def same_rows(table):
    return table.sort_values(["path", "frequency_mhz"], ignore_index=True)


@pytest.fixture
def broken(files, tmp_path):
    """Files that cannot be searched -> words of what is said of them."""
    whole = Path(files[0]).read_bytes()
    contents = {"short.fil": whole[:40], "empty.fil": b"", "text.h5": b"hello " * 99}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    words = ["found only 5", "an empty file", "found b'hello", "no file of that name"]
    return {str(tmp_path / name): word for name, word in zip([*contents, "none.fil"], words, strict=True)}


# The same table


def test_the_table_is_that_of_the_loop(files, where):
    expected = loop(files)
    # 6 tones, 5, 1, none and 1: else there would be little to compare.
    assert expected["path"].value_counts().reindex(files).tolist() == [
        6,
        5,
        1,
        pytest.approx(np.nan, nan_ok=True),
        1,
    ]
    found = search(files, where)
    pd.testing.assert_frame_equal(found, expected)
    assert found.attrs == {"failed": {}, "lost": {}}


@pytest.mark.parametrize(
    "arguments",
    [
        {"max_drift_hz_s": 1.5},
        {"min_drift_hz_s": 0.1},
        {"snr": 40.0},
        {"full_resolution": True},
        {"n_chan": 2 * N_CHAN},
    ],
)
def test_each_argument_of_the_search_is_passed_on(files, arguments):
    expected = loop(files[:2], **arguments)
    assert not expected.equals(loop(files[:2]))
    pd.testing.assert_frame_equal(search(files[:2], **arguments), expected)


def test_the_if_is_passed_on(files):
    with pytest.warns(sl.DistributedWarning, match="1 of 1 files"):
        assert len(search(files[:1], if_index=1)) == 0
    with pytest.raises(sl.FilterbankError):
        loop(files[:1], if_index=1)


def test_paths_may_be_relative_and_a_file_named_twice_is_searched_once(files, where, monkeypatch):
    monkeypatch.chdir(Path(files[0]).parent)
    names = [Path(path).name for path in files[:3]]
    found = search(iter([*names, names[0]]), where)
    pd.testing.assert_frame_equal(found, loop(names))
    assert set(found["path"]) == set(names)
    pd.testing.assert_frame_equal(search(Path(names[2]), where), loop(names[2:]))


def test_no_files_and_files_without_hits_give_an_empty_table(files):
    for paths in ([], [files[3]]):
        found = search(paths)
        assert len(found) == 0
        assert found.dtypes.equals(loop(files).dtypes)


def test_what_travels_to_a_task_is_small(files):
    assert len(pickle.dumps(prepare_search(files[0]))) < 2000


@pytest.mark.parametrize(
    ("n_blocks", "least_tasks", "n_tasks"),
    [(64, 1, 8), (65, 1, 9), (3, 1, 1), (3, 2, 2), (3, 16, 3), (64, 16, 16)],
)
def test_tasks_are_a_few_blocks_each_and_as_many_as_the_cores_want(n_blocks, least_tasks, n_tasks):
    class Context:
        def setJobGroup(self, *_, **__):  # noqa: N802
            pass

        def parallelize(self, data, n):
            assert n == n_tasks
            self.data = data
            return self

        def map(self, function):
            return self

        def collect(self):
            return [(start, None) for start in self.data]

    class Search:
        source, blocks = "a.fil", range(0, n_blocks * 10, 10)

    assert spark_module._as_tasks(Context(), "group", least_tasks, Search()) == list(Search.blocks)


def test_a_task_works_on_one_thread(files):
    n_threads = numba.get_num_threads()
    try:
        spark_module._search_block(prepare_search(files[2]), 0)
        assert numba.get_num_threads() == 1
    finally:
        numba.set_num_threads(n_threads)


# What goes wrong


def test_broken_files_are_reported_and_the_others_finish(files, broken, where):
    mixed = [path for pair in zip(broken, files, strict=False) for path in pair] + files[len(broken) :]
    with pytest.warns(
        sl.DistributedWarning, match=r"4 of 9 files could not be searched:\n.*found only 5"
    ) as caught:
        found = search(mixed, where)
    assert caught[0].filename == __file__
    pd.testing.assert_frame_equal(found, loop(files))
    assert list(found.attrs["failed"]) == list(broken)
    for path, words in broken.items():
        assert found.attrs["failed"][path].startswith(path)
        assert words in found.attrs["failed"][path]


def test_a_file_that_the_search_cannot_be_made_on_is_reported_too(files, tmp_path):
    # 0.01 Hz wide channels for 100 s: 4 Hz/s would be 40,000 channels an integration.
    fine = write_scan(tmp_path / "fine.fil", 5000, [], 9, foff_hz=0.01, tsamp_s=100.0)
    with pytest.warns(sl.DistributedWarning, match="1 of 2 files"):
        found = search([files[2], fine])
    assert "channels an integration" in found.attrs["failed"][fine]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"snr": 0.0}, "a threshold above 0"), ({"max_drift_hz_s": -1.0}, "the least not above the greatest")],
)
def test_a_search_without_sense_is_refused_at_once(arguments, message, tmp_path):
    with pytest.raises(sl.SearchError, match=message):
        search([tmp_path / "none.fil"], parquet=tmp_path / "hits", **arguments)
    assert not (tmp_path / "hits").exists()


def fail_in(monkeypatch, accident):
    """Make `accident(path)` happen in each task before it searches."""
    original = spark_module._search_block

    def search_block(search, start):
        accident(Path(search.source))
        return original(search, start)

    monkeypatch.setattr(spark_module, "_search_block", search_block)


@pytest.mark.slow
def test_a_task_whose_worker_is_killed_is_tried_again(files, spark, monkeypatch, tmp_path):
    expected = loop(files)

    def die_once(path):
        mark = tmp_path / path.name
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    fail_in(monkeypatch, die_once)
    found = search(files, spark)
    pd.testing.assert_frame_equal(found, expected)
    assert found.attrs["failed"] == {}
    assert len(list(tmp_path.iterdir())) == len(files)


@pytest.mark.slow
def test_a_file_that_kills_every_worker_is_reported_and_the_others_finish(
    files, spark, monkeypatch, tmp_path
):
    def die(path):
        if path.name.startswith("one"):
            with (tmp_path / "tries").open("a") as file:
                file.write("x")
            os.kill(os.getpid(), signal.SIGKILL)

    fail_in(monkeypatch, die)
    with pytest.warns(sl.DistributedWarning, match="1 of 2 files"):
        found = search([files[0], files[4]], spark)
    assert (tmp_path / "tries").read_text() == "xxxx"
    assert "failed 4 times" in found.attrs["failed"][files[0]]
    assert "Python worker exited unexpectedly" in found.attrs["failed"][files[0]]
    assert "\n" not in found.attrs["failed"][files[0]]
    assert set(found["path"]) == {files[4]}


@pytest.mark.slow
def test_what_a_task_raises_is_reported(files, spark, monkeypatch):
    fail_in(monkeypatch, lambda path: {}[path.name])
    with pytest.warns(sl.DistributedWarning, match="1 of 1 files"):
        found = search(files[2:3], spark)
    assert found.attrs["failed"][files[2]].endswith(f"a task raised KeyError: '{Path(files[2]).name}'")


@pytest.mark.slow
def test_an_interrupted_search_cancels_its_jobs(files, spark, monkeypatch, tmp_path):
    def sleep(path):
        (tmp_path / path.name).touch()
        time.sleep(300)

    def interrupt(*_):
        if any(tmp_path.iterdir()):
            raise KeyboardInterrupt
        return 0

    fail_in(monkeypatch, sleep)
    monkeypatch.setattr(spark_module, "_share_of_running", interrupt)
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        search(files, spark, progress=True)
    assert time.monotonic() - started < 150  # and not the 300 s that the tasks would take
    tracker = spark.sparkContext.statusTracker()
    deadline = time.monotonic() + 30
    while tracker.getActiveJobsIds() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert tracker.getActiveJobsIds() == []
    # The session is as good as before.
    monkeypatch.undo()
    pd.testing.assert_frame_equal(search(files, spark), loop(files))


# Parquet


def test_parquet_read_back_is_the_table(files, where, tmp_path):
    found = search(files, where, parquet=tmp_path / "a" / "hits")
    back = pd.read_parquet(tmp_path / "a" / "hits")
    pd.testing.assert_frame_equal(same_rows(back), same_rows(found))
    assert len(list((tmp_path / "a" / "hits").glob("*.parquet"))) == len(files)


@pytest.mark.slow
def test_spark_reads_the_parquet_too(files, spark, tmp_path):
    found = search(files, parquet=tmp_path / "hits")
    table = spark.read.parquet(str(tmp_path / "hits"))
    assert table.columns == list(found.columns)
    rows = [row.asDict() for row in table.collect()]
    pd.testing.assert_frame_equal(same_rows(pd.DataFrame(rows)), same_rows(found), check_dtype=False)


def searched_paths(monkeypatch):
    """List that takes up the names of the files that are searched."""
    names, original = [], outcome_module.prepare_search

    def prepare(path, **arguments):
        names.append(path.name)
        return original(path, **arguments)

    monkeypatch.setattr(outcome_module, "prepare_search", prepare)
    return names


def test_files_in_the_folder_are_not_searched_again(files, broken, tmp_path, monkeypatch):
    hits, names = tmp_path / "hits", searched_paths(monkeypatch)
    search(files[:2], parquet=hits)
    assert names == [Path(path).name for path in files[:2]]
    names.clear()
    with pytest.warns(sl.DistributedWarning):
        found = search([files[4], *broken, *files[:4]], parquet=hits)
    pd.testing.assert_frame_equal(found, loop([files[4], *files[:4]]))
    assert names == [Path(path).name for path in [files[4], *broken, *files[2:4]]]
    names.clear()
    # Broken files may have been mended since: they are tried again, and only they.
    with pytest.warns(sl.DistributedWarning):
        search([*broken, *files], parquet=hits)
    assert names == [Path(path).name for path in broken]


def test_a_file_that_has_changed_is_searched_again(files, tmp_path):
    path = shutil.copy(files[2], tmp_path / "scan_0013.rawspec.0000.fil")
    search([path], parquet=tmp_path / "hits")
    write_scan(path, 6000, [(2000, 0.5), (4000, 1.0)], 3)
    found = search([path], parquet=tmp_path / "hits")
    pd.testing.assert_frame_equal(found, loop([path]))
    assert len(found) == 2
    pd.testing.assert_frame_equal(same_rows(pd.read_parquet(tmp_path / "hits")), same_rows(found))


def test_a_damaged_part_is_searched_again(files, tmp_path):
    search(files[:1], parquet=tmp_path / "hits")
    [part] = (tmp_path / "hits").glob("*.parquet")
    for content in (b"", part.read_bytes()[:-20], b"hello"):
        part.write_bytes(content)
        pd.testing.assert_frame_equal(search(files[:1], parquet=tmp_path / "hits"), loop(files[:1]))


def test_a_part_that_was_not_written_to_its_end_is_not_there(files, tmp_path, monkeypatch):
    def stop_half_way(_, path):
        Path(path).write_bytes(b"PAR1")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pyarrow.parquet.write_table", stop_half_way)
        with pytest.raises(KeyboardInterrupt):
            search(files[:1], parquet=tmp_path / "hits")
    assert [path.name for path in (tmp_path / "hits").iterdir()] == [kept.SEARCH_FILE]
    pd.testing.assert_frame_equal(search(files[:1], parquet=tmp_path / "hits"), loop(files[:1]))


def test_files_found_again_under_another_spelling_have_the_new_one(files, tmp_path, monkeypatch):
    search(files, parquet=tmp_path / "hits")
    monkeypatch.chdir(Path(files[0]).parent)
    relative, names = [Path(path).name for path in files], searched_paths(monkeypatch)
    pd.testing.assert_frame_equal(search(relative, parquet=tmp_path / "hits"), loop(relative))
    assert names == []


def test_a_folder_belongs_to_one_search(files, tmp_path):
    hits = tmp_path / "hits"
    search(files[:1], parquet=hits)
    before = {path: path.read_bytes() for path in hits.iterdir()}
    with pytest.raises(
        sl.DistributedError, match=r"found those of another \(snr 10\.0\): name another folder"
    ):
        search(files, parquet=hits, snr=12.0)
    assert {path: path.read_bytes() for path in hits.iterdir()} == before
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").touch()
    with pytest.raises(sl.DistributedError, match="expected an empty folder or one of search_files"):
        search(files, parquet=tmp_path / "photos")
    with pytest.raises(sl.DistributedError, match="expected a folder for hits, found"):
        search(files, parquet=files[0])
    (hits / kept.SEARCH_FILE).write_text("{")
    with pytest.raises(sl.DistributedError, match="expected a folder for hits, found"):
        search(files, parquet=hits)


KILLED = """
import sys, time
import setilearn as sl
from setilearn.search import blocks
search = blocks._search_block
blocks._search_block = lambda *arguments: (time.sleep(0.05), search(*arguments))[1]
sl.search_files(sys.argv[2:], False, n_chan=8192, parquet=sys.argv[1], progress=False)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
def test_a_search_killed_and_gone_on_with_is_the_search_run_through(files, tmp_path):
    hits, random = tmp_path / "hits", np.random.default_rng(4)
    for n_before in range(3):
        process = subprocess.Popen([sys.executable, "-c", KILLED, hits, *files])
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if len(list(hits.glob("*.parquet"))) > n_before:
                time.sleep(random.uniform(0, 0.1))
                break
            time.sleep(0.005)
        process.kill()
        process.wait()
        found = pd.read_parquet(hits)
        # What is there is there whole.
        expected = loop([path for path in files if path in set(found["path"])])
        pd.testing.assert_frame_equal(same_rows(found), same_rows(expected))
    assert len(list(hits.glob("*.parquet"))) >= 3
    pd.testing.assert_frame_equal(search(files, parquet=hits), loop(files))


# The database


def test_hits_and_scans_without_hits_are_saved_to_the_database(files, where, tmp_path):
    url = f"sqlite:///{tmp_path}/survey.db"
    found = search(files, where, url=url, parquet=tmp_path / "hits")
    pd.testing.assert_frame_equal(same_rows(sl.load_hits(url)), same_rows(found))
    assert sorted(sl.load_observations(url)["path"]) == sorted(files)
    # Again, from the folder, and with another file.
    before = sl.load_hits(url)
    search(files, where, url=url, parquet=tmp_path / "hits")
    pd.testing.assert_frame_equal(sl.load_hits(url), before)
    # A database that was not there at the first time takes up what the folder has.
    other = f"sqlite:///{tmp_path}/other.db"
    search(files, where, url=other, parquet=tmp_path / "hits")
    pd.testing.assert_frame_equal(same_rows(sl.load_hits(other)), same_rows(found))
    assert len(sl.load_observations(other)) == len(files)


def test_a_database_that_cannot_be_used_is_told_of_before_the_search(files, monkeypatch):
    names = searched_paths(monkeypatch)
    with pytest.raises(sl.DatabaseError):
        search(files, url="survey.db")
    assert names == []


# Progress


def test_progress_is_shown_and_can_be_switched_off(files, where, capsys):
    search(files, where, progress=True)
    assert "5.0 of 5 files" in capsys.readouterr().err
    search(files, where)
    assert capsys.readouterr() == ("", "")


# Sessions


def test_without_java_it_is_said_what_to_install(files, monkeypatch, tmp_path):
    pytest.importorskip("pyspark")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    with pytest.raises(sl.DistributedError, match=r"needs Java 17 or 21.*spark=False"):
        search(files, None)


def test_without_pyspark_it_is_said_what_to_install(files, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(sl.DistributedError, match=r"pip install pyspark.*spark=False"):
        search(files, None)
    pd.testing.assert_frame_equal(search(files, False), loop(files))


@pytest.mark.parametrize("spark", [True, 3, object()])
def test_what_is_no_session_is_refused(files, spark):
    with pytest.raises(sl.DistributedError, match="expected a session, a master's URL, None or False, found"):
        search(files, spark)


@pytest.mark.slow
def test_a_second_session_is_refused_and_how_to_go_on_is_said(files, spark):
    with pytest.raises(sl.DistributedError, match=r"found one on local\[2,4\]"):
        search(files, "local[1]")


@pytest.mark.parametrize(
    ("master", "used"),
    [
        ("local", "local[1,4]"),
        ("local[2]", "local[2,4]"),
        ("local[*]", "local[*,4]"),
        ("local[2,1]", "local[2,1]"),
        ("spark://host:7077", "spark://host:7077"),
    ],
)
def test_in_local_mode_too_a_task_is_tried_four_times(master, used):
    options = spark_module._options(master)
    assert options["spark.master"] == used
    # A cluster's machines must find the driver, and have a Python of their own.
    assert ("spark.driver.host" in options) == master.startswith("local")


def rewritten(metadata, drop=()):
    """What spoils a part of the folder: other metadata, columns gone."""

    def spoil(part):
        rows = pyarrow.parquet.read_table(part)
        rows = rows.drop(list(drop)).replace_schema_metadata(
            rows.schema.metadata if metadata is None else {"setilearn": metadata}
        )
        pyarrow.parquet.write_table(rows, part)

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        lambda part: part.write_bytes(part.read_bytes()[:500]),
        lambda part: part.write_bytes(b""),
        *(
            rewritten(text)
            for text in ("{", "[]", "{}", '{"data": 1, "scan": 2}', '{"data": [], "scan": {}}')
        ),
        rewritten(None, ["snr"]),
    ],
)
def test_a_damaged_part_of_the_folder_is_searched_again(files, tmp_path, spoil):
    folder = tmp_path / "hits"
    hits = sl.search_files(files[:1], False, n_chan=N_CHAN, parquet=folder, progress=False)
    (part,) = folder.glob("hits-*")
    spoil(part)
    again = sl.search_files(files[:1], False, n_chan=N_CHAN, parquet=folder, progress=False)
    pd.testing.assert_frame_equal(again, hits)
    assert len(pd.read_parquet(folder)) == len(hits)


@pytest.mark.parametrize("text", ["[]", "null", "5", "", '{"setilearn": 1}'])
def test_a_damaged_record_of_the_folder_is_told(files, tmp_path, text):
    sl.search_files(files[:1], False, n_chan=N_CHAN, parquet=tmp_path / "hits", progress=False)
    (tmp_path / "hits" / kept.SEARCH_FILE).write_text(text)
    with pytest.raises(sl.DistributedError, match="expected (hits of this search|a folder for hits)"):
        sl.search_files(files[:1], False, n_chan=N_CHAN, parquet=tmp_path / "hits", progress=False)


OWN_SESSION = """
import os, signal, sys, threading, time
from pathlib import Path
import setilearn as sl
from setilearn.distributed import spark
from pyspark.sql import SparkSession
parquet, mark, *paths = sys.argv[1:]
hits = sl.search_files(paths, n_chan=8192, parquet=parquet, progress=False)
assert hits.attrs["failed"] == {}
assert SparkSession.getActiveSession() is None
spark._search_block = lambda search, start: (Path(mark).touch(), time.sleep(300))
def interrupt():
    while not Path(mark).exists():
        time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt).start()
started = time.monotonic()
try:
    sl.search_files(paths, "local[2]", n_chan=8192, progress=False)
except KeyboardInterrupt:
    print("interrupted in time:", time.monotonic() - started < 200)
assert SparkSession.getActiveSession() is None
try:
    sl.start_spark("rubbish")
except sl.DistributedError as error:
    print(error)
"""


@pytest.mark.slow
@needs_spark
def test_a_session_of_its_own_is_quiet_stopped_again_and_interruptible(files, tmp_path):
    command = [sys.executable, "-W", "error", "-c", OWN_SESSION, tmp_path / "hits", tmp_path / "mark", *files]
    # From another folder, where only an installed package is found.
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines()[0] == "interrupted in time: True"
    assert "Spark did not start on rubbish" in done.stdout
    assert "Could not parse Master URL" in done.stdout
    pd.testing.assert_frame_equal(same_rows(pd.read_parquet(tmp_path / "hits")), same_rows(loop(files)))


@pytest.mark.slow
def test_workers_without_the_package_are_noticed(files, spark, monkeypatch):
    monkeypatch.setattr(spark_module, "__version__", "0.0.0")
    with pytest.raises(
        sl.DistributedError, match=r"can import setilearn 0\.0\.0, found: \d+\.\d+\.\d+\. Install"
    ):
        search(files, spark)


def test_what_was_lost_is_told_file_by_file(files, where, tmp_path):
    whole, cut = files[0], tmp_path / "cut.fil"
    scan = sl.read_spectrogram(whole)
    power = scan.power.copy()
    power[3:5, 100:900] = np.nan
    sl.write_spectrogram(sl.Spectrogram(power, scan.header), cut)
    with pytest.warns(sl.LostDataWarning, match="1 files were searched in part"):
        hits = sl.search_files([whole, cut], where, progress=False)
    assert list(hits.attrs["lost"]) == [str(cut)]
    assert "integrations 3 to 4, channels 100 to 899" in hits.attrs["lost"][str(cut)]


@pytest.mark.parametrize(
    "words",
    [
        "java.lang.UnsupportedClassVersionError: compiled by a more recent version (class file version 61.0)",
        "java.lang.UnsupportedOperationException: getSubject is not supported",
        "The operation couldn't be completed. Unable to locate a Java Runtime.",
    ],
    ids=["too old", "too new", "a Mac's stand-in"],
)
def test_a_java_that_does_not_do_gets_advice(tmp_path, words):
    pytest.importorskip("pyspark", reason="no pyspark: it comes with the extra spark")
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f'#!/bin/sh\necho "{words}" >&2\nexit 1\n')
    java.chmod(0o755)
    code = (
        "import setilearn as sl\n"
        "try:\n"
        "    sl.start_spark('local[1]')\n"
        "except sl.DistributedError as error:\n"
        "    print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"JAVA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Java 17 or 21" in said
    assert "spark=False" in said
