"""Lesson 14: the exercises, and a night of files to search."""

import inspect

import numpy as np
import pandas as pd

from setilearn.course.answers import array, function, instead, integer, number
from setilearn.course.exercise import Exercise
from setilearn.course.material.spark_checks import check_batches, check_rdd

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


def _fit(n_cores, seconds, *, told):
    parallel_s, serial_s = np.polyfit(1 / n_cores, seconds, 1)
    return told(serial_s, parallel_s)


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
