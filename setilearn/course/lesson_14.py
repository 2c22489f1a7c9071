"""Lesson 14: the exercises, and a night of files to search."""

import inspect

import numpy as np
import pandas as pd

from setilearn.course.answers import array, function, instead, integer, number, shorten
from setilearn.course.exercise import Exercise
from setilearn.course.material.little_rdd import LittleRDD
from setilearn.course.mystery import Mystery

TITLE = "Scaling out"
NODE_BYTES = 64 * 2**20 * 16 * 4  # what a compute node records in a scan
NETWORK_BYTES_S = 1e9 / 8
RATE_BYTES_S = 0.5e9  # what a core searches, as the exercises state it
CORE_HOURS = 1e15 / RATE_BYTES_S / 3600


def drifting_by_mhz(rdd):
    hits = rdd.flatMap(lambda pair: pair[1])
    drifting = hits.filter(lambda hit: abs(hit[1]) >= 0.1)
    pairs = drifting.map(lambda hit: (int(hit[0]), 1))
    return pairs.reduceByKey(lambda one, other: one + other)


def hits_of_batches(batches, search):
    for batch in batches:
        found = [search(path).assign(path=path) for path in batch["path"]]
        yield pd.concat(found)[["path", "frequency_mhz", "snr"]]


def serial_share(n_cores, seconds):
    parallel_s, serial_s = np.polyfit(1 / n_cores, seconds, 1)
    return serial_s / (serial_s + parallel_s)


# (star, hits as frequency in MHz, drift in Hz/s, SNR).
_TABLES = [
    [("A", [[1420.2, 0.5, 20.0], [1420.9, -0.3, 11.0], [1421.1, 0.0, 99.0]]), ("B", [[1420.5, 1.0, 15.0]])],
    [("A", []), ("B", [[1400.999, -0.1, 12.0], [1401.0, 0.09, 12.0]])],
    [("C", [[1500.5, 0.2, 10.0]] * 3 + [[1499.9, -2.0, 10.0]])],
]


def _pairs(counted, tables):
    """What is counted of these tables, by a `LittleRDD`, as a list of pairs in order of the keys."""
    given = counted(LittleRDD(tables))
    return sorted(
        (int(key), float(value)) for key, value in (given.collect() if hasattr(given, "collect") else given)
    )


def _fit(n_cores, seconds, *, told):
    parallel_s, serial_s = np.polyfit(1 / n_cores, seconds, 1)
    return told(serial_s, parallel_s)


def check_rdd(answer, reference):
    """Check a line of Spark on small tables; ``reference`` is a right one."""
    return function(*[(tables,) for tables in _TABLES])(
        lambda tables: _pairs(answer, tables), lambda tables: _pairs(reference, tables)
    )


def _table(*rows):
    return pd.DataFrame(rows, columns=["frequency_mhz", "drift_hz_s", "snr"])


_FILES = {
    "a.fil": _table([1420.1, 0.1, 20.0], [1420.2, 0.0, 30.0]),
    "b.fil": _table(),
    "c.fil": _table([1500.0, 1.0, 12.0]),
}
_BATCHES = [["a.fil", "b.fil"], ["c.fil"]]


def check_batches(answer, reference):
    """Check what `hits_of_batches` yields on three small tables, batch by batch."""
    searched = []

    def search(path):
        searched.append(path)
        return _FILES[path].copy()

    frames = iter([pd.DataFrame({"path": paths}) for paths in _BATCHES])
    given = answer(frames, search)
    if not hasattr(given, "__next__"):
        return "Expected a generator: `yield` a frame for each batch, not `return`."
    made = list(given)
    if len(made) != len(_BATCHES) or not all(isinstance(frame, pd.DataFrame) for frame in made):
        return f"Expected a frame for each of {len(_BATCHES)} batches, found {len(made)} things yielded."
    if searched != [path for paths in _BATCHES for path in paths]:
        return f"Expected one search of each path, in their order, found {shorten(str(searched), 80)}."
    wanted = list(
        reference(iter([pd.DataFrame({"path": paths}) for paths in _BATCHES]), lambda path: _FILES[path])
    )
    for frame, right in zip(made, wanted, strict=True):
        if list(frame.columns) != list(right.columns):
            found = ", ".join(map(str, frame.columns))
            return f"Expected the columns {', '.join(right.columns)}, found {found}."
        if frame.to_numpy().tolist() != right.to_numpy().tolist():
            return f"Expected {len(right)} rows with the path of their own file, found other rows."
    return None


def make_mystery(seed):
    """Times of a program on some numbers of cores, by Amdahl's law."""
    rng = np.random.default_rng([14, seed])
    serial, one_core_s = float(rng.uniform(0.03, 0.3)), float(rng.uniform(20, 200))
    cores = np.array([1, 2, 3, 4, 6, 8, 12, 16])
    seconds = one_core_s * (serial + (1 - serial) / cores) * rng.normal(1, 0.004, len(cores))
    data = pd.DataFrame({"n_cores": cores, "seconds": seconds.round(2)})
    truth = {
        "serial_share": serial,
        "speed_up_64": 1 / (serial + (1 - serial) / 64),
        "n_cores_half_used": 1 + 1 / serial,
    }
    return data, truth


MYSTERY = Mystery(
    question="What share (0 to 1) of this program is serial? How many times as fast as on one core would it "
    "be on 64 cores, and up to how many cores is at least half of each used?",
    make=make_mystery,
    checks={
        "serial_share": number(rel_tol=0, abs_tol=0.02),
        "speed_up_64": number(rel_tol=0.15),
        "n_cores_half_used": number(rel_tol=0.2),
    },
)

EXERCISES = [
    Exercise(
        id="L14-1",
        title="Samples on the move",
        reference=NODE_BYTES / NETWORK_BYTES_S,
        check=number(unit="s", rel_tol=0.01),
        mistakes=[
            (NODE_BYTES / 1e9, "The network carries 1e9 bits a second, and a byte has 8 of them."),
            (8 * NODE_BYTES / NETWORK_BYTES_S, "The 8 came in twice: 125 MB/s are bytes already."),
            (NODE_BYTES / 4 / NETWORK_BYTES_S, "Each sample has 4 bytes."),
            (NODE_BYTES / 16 / NETWORK_BYTES_S, "There are 16 integrations."),
            (NODE_BYTES / 64 / NETWORK_BYTES_S, "That is one coarse channel; the node records 64."),
        ],
        hints=[
            "Bytes of the scan: coarse channels x channels x integrations x bytes a sample.",
            "Bytes divided by bytes a second are seconds.",
        ],
        solution="""
            scan_bytes = 64 * 2**20 * 16 * 4
            network_bytes_s = 1e9 / 8
            seconds = scan_bytes / network_bytes_s
        """,
    ),
    Exercise(
        id="L14-2",
        title="Counted by key",
        reference=lambda: drifting_by_mhz,
        check=check_rdd,
        mistakes=[
            (
                instead(
                    lambda rdd: rdd.flatMap(lambda pair: [(int(hit[0]), 1) for hit in pair[1]]).reduceByKey(
                        int.__add__
                    )
                ),
                "Hits without drift are counted as well: filter them out.",
            ),
            (
                instead(
                    lambda rdd: (
                        rdd.flatMap(lambda pair: pair[1])
                        .filter(lambda hit: hit[1] >= 0.1)
                        .map(lambda hit: (int(hit[0]), 1))
                        .reduceByKey(int.__add__)
                    )
                ),
                "Those that fall drift too: take the absolute value.",
            ),
            (
                instead(
                    lambda rdd: (
                        rdd.flatMap(lambda pair: pair[1])
                        .filter(lambda hit: abs(hit[1]) >= 0.1)
                        .map(lambda hit: (int(hit[0]), hit[2]))
                        .reduceByKey(max)
                    )
                ),
                "That keeps the largest SNR; asked for is how many: let each hit count 1, and add.",
            ),
            (
                instead(
                    lambda rdd: (
                        rdd.flatMap(lambda pair: pair[1])
                        .filter(lambda hit: abs(hit[1]) >= 0.1)
                        .map(lambda hit: (int(hit[0]), 1))
                        .reduceByKey(max)
                    )
                ),
                "The largest of ones is 1: add the two.",
            ),
            (
                instead(
                    lambda rdd: (
                        rdd.flatMap(lambda pair: pair[1])
                        .filter(lambda hit: abs(hit[1]) > 0.1)
                        .map(lambda hit: (int(hit[0]), 1))
                        .reduceByKey(int.__add__)
                    )
                ),
                "A drift of exactly 0.1 Hz/s counts: 0.1 or more.",
            ),
        ],
        hints=[
            "`pair[1]` is the list of hits; `hit[1]` is the drift, `hit[0]` the frequency.",
            "Each hit becomes the pair `(int(hit[0]), 1)`, and two values are added: `one + other`.",
        ],
        solution=inspect.getsource(drifting_by_mhz),
    ),
    Exercise(
        id="L14-3",
        title="The search in pandas batches",
        reference=lambda: hits_of_batches,
        check=check_batches,
        mistakes=[
            (
                instead(lambda batches, search: [pd.concat([search(p) for p in b["path"]]) for b in batches]),
                "Expected a generator: `yield` a frame for each batch, not `return`.",
            ),
            (
                instead(
                    lambda batches, search: (
                        pd.concat([search(p).assign(path=p) for p in b["path"]]) for b in batches
                    )
                ),
                "Expected the columns path, frequency_mhz, snr, found frequency_mhz, drift_hz_s, snr, path.",
            ),
        ],
        hints=[
            "`search(path).assign(path=path)` is the table of a file with a column that says which.",
            'Choose the columns by a list: `[["path", "frequency_mhz", "snr"]]`.',
        ],
        solution=inspect.getsource(hits_of_batches),
    ),
    Exercise(
        id="L14-4",
        title="The serial share",
        reference=lambda: serial_share,
        check=function(
            (np.array([1, 2]), np.array([10.0, 6.0])),
            (np.array([1, 2, 4, 8]), np.array([100.0, 55.0, 32.0, 21.0])),
            (np.array([2, 4]), np.array([5.0, 2.5])),  # nothing serial
            compare=number(rel_tol=1e-3, abs_tol=1e-6),
        ),
        mistakes=[
            (
                instead(lambda n, t: _fit(n, t, told=lambda s, p: s)),
                "That is the serial part in seconds: as a share of what one core takes, s + p.",
            ),
            (
                instead(lambda n, t: _fit(n, t, told=lambda s, p: p / (s + p))),
                "That is the parallel share: what shrinks with more cores.",
            ),
            (
                instead(lambda n, t: _fit(n, t, told=lambda s, p: s / p if p else 0.0)),
                "Divided by the parallel part alone; one core takes both, s + p.",
            ),
            (
                instead(lambda n, t: _fit(1 / n, t, told=lambda s, p: s / (s + p))),
                "The time is a straight line against 1/n, not against n.",
            ),
        ],
        hints=[
            "`np.polyfit(1 / n_cores, seconds, 1)` gives p and s.",
            "On one core it takes `serial_s + parallel_s`.",
        ],
        solution=inspect.getsource(serial_share),
    ),
    Exercise(
        id="L14-5",
        title="From how many files on",
        reference=5,
        check=integer(unit="files"),
        mistakes=[
            (4, "With 4 files the loop takes 24 s, Spark 20 + 24 / 4 = 26 s: not yet."),
            (14, "That many files pay for the start alone; the loop gets slower with each file as well."),
            (27, "That is far beyond it: with 27 files the loop takes 162 s, Spark 60.5 s."),
            (6, "With 5 files the loop takes 30 s, Spark 20 + 30 / 4 = 27.5 s: sooner than that."),
        ],
        hints=[
            "The loop: 6 n seconds. Spark: 20 + 6 n / 4 seconds.",
            "Solve 6 n = 20 + 6 n / 4, and take the next whole number.",
        ],
        solution="""
            start_s, file_s, n_cores = 20, 6, 4
            n_files = math.ceil(start_s / (file_s - file_s / n_cores))
        """,
    ),
    Exercise(
        id="L14-6",
        title="A year of the archive",
        reference=[CORE_HOURS, CORE_HOURS * 0.05, 1e6 * 0.02],
        check=array(rel_tol=0.01),
        mistakes=[
            (
                [CORE_HOURS * 3600, CORE_HOURS * 3600 * 0.05, 1e6 * 0.02],
                "The first is in seconds: an hour has 3600.",
            ),
            (
                [CORE_HOURS / 1000, CORE_HOURS / 1000 * 0.05, 1e3 * 0.02],
                "A petabyte is 1e15 bytes, or a million gigabytes.",
            ),
            (
                [CORE_HOURS, CORE_HOURS * 0.05, 1e3 * 0.02],
                "A petabyte is a million gigabytes, not a thousand.",
            ),
            (
                [CORE_HOURS, CORE_HOURS * 0.05, 12e6 * 0.02],
                "The last is for a whole year; asked for is one month.",
            ),
            ([CORE_HOURS, CORE_HOURS * 0.02, 1e6 * 0.05], "The two prices have changed places."),
        ],
        hints=[
            "Seconds: 1e15 bytes over 0.5e9 bytes a second.",
            "A petabyte has 1e6 GB; a month of it costs 1e6 times the price of one.",
        ],
        solution="""
            core_hours = 1e15 / 0.5e9 / 3600
            search_dollars = core_hours * 0.05
            storage_dollars_a_month = 1e6 * 0.02
            answer = [core_hours, search_dollars, storage_dollars_a_month]
        """,
    ),
]
