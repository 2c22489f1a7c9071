"""The drift search over many files: the plain loop, and Spark on one and on two cores of this machine.

    python benchmarks/bench_spark.py

What one compute node records in a scan of 300 s, 64 coarse channels of 16 x 1,048,576 float32, in four
files (four names of one file, in the page cache). All are run in turn, so that a machine that is slow for
a while is slow for all. The rates are those of the best round: what else the machine does can only make a
round slower. To start Spark and its workers is counted apart: it happens once, however many files there are.
"""

import math
import os
import statistics
import tempfile
import time
from pathlib import Path

import numba
import pandas as pd
from bench_drift import coarse_channel, write_side_by_side

import setilearn as sl
from setilearn.telescope import FINE_CHANNELS, FOFF_HZ

ROUNDS = 5
N_FILES, N_COARSE = 4, 16
SCAN_S = 300.0
N_SMALL = 40  # files of one small block: what a file costs beside the search
GIGABYTES = N_FILES * N_COARSE * 16 * FINE_CHANNELS * 4 / 1e9
MEGAHERTZ = N_FILES * N_COARSE * FINE_CHANNELS * FOFF_HZ / 1e6


def seconds_of(job):
    start = time.perf_counter()
    result = job()
    return time.perf_counter() - start, result


def loop(paths, n_threads):
    numba.set_num_threads(n_threads)
    return pd.concat([sl.search_drift(path, progress=False) for path in paths], ignore_index=True)


def on_spark(large, small, n_cores):
    """Seconds to start, of the first search, of the large and of the small files; hits of the large ones."""
    start_s, session = seconds_of(lambda: sl.start_spark(f"local[{n_cores}]"))
    try:
        first_s, _ = seconds_of(lambda: sl.search_files(small[:n_cores], session, progress=False))
        large_s, hits = seconds_of(lambda: sl.search_files(large, session, progress=False))
        small_s, _ = seconds_of(lambda: sl.search_files(small, session, progress=False))
    finally:
        session.stop()
    return start_s, first_s, large_s, small_s, hits


def write_files(folder):
    """Four names of one large file, and forty of a small one."""
    spectrogram = coarse_channel()
    write_side_by_side(spectrogram.power, N_COARSE, folder / "large-0.fil")
    sl.write_spectrogram(spectrogram[:, : 2**14], folder / "small-0.fil")
    for name, n in (("large", N_FILES), ("small", N_SMALL)):
        for k in range(1, n):
            (folder / f"{name}-{k}.fil").hardlink_to(folder / f"{name}-0.fil")
    return sorted(folder.glob("large*")), sorted(folder.glob("small*"))


def measure(large, small):
    """By (name, cores): seconds of the large and of the small files in each round; prints the rest."""
    taken, expected = {}, loop(large, 1)
    for _ in range(ROUNDS):
        for n in (1, 2):
            seconds = seconds_of(lambda n=n: loop(large, n))[0], seconds_of(lambda n=n: loop(small, n))[0]
            taken.setdefault((f"loop, threads: {n}", n), []).append(seconds)
        for n in (1, 2):
            start_s, first_s, *seconds, hits = on_spark(large, small, n)
            taken.setdefault((f"Spark, local[{n}]", n), []).append(seconds)
            print(
                f"local[{n}]: started in {start_s:.1f} s, first search {first_s:.1f} s, "
                f"hits those of the loop: {hits.equals(expected)}"
            )
    return taken


def main():
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan
    print(f"{numba.config.NUMBA_NUM_THREADS} cores, load {load:.1f} before")
    with tempfile.TemporaryDirectory() as name:
        taken = measure(*write_files(Path(name)))
    columns = (
        "median s",
        "best s",
        "speed-up",
        "GB/s a core",
        "MHz/s a core",
        "300 s / s",
        "ms a small file",
    )
    print(f"{'scan of one node':20}" + "".join(f"{column:>16}" for column in columns))
    one_core_s = min(next(iter(taken.values())))[0]
    for (name, n_cores), rounds in taken.items():
        large, small = zip(*rounds, strict=True)
        best_s = min(large)
        figures = [statistics.median(large), best_s, one_core_s / best_s, GIGABYTES / best_s / n_cores]
        figures += [MEGAHERTZ / best_s / n_cores, SCAN_S / best_s, min(small) / N_SMALL * 1e3]
        print(f"{name:20}" + "".join(f"{figure:16.2f}" for figure in figures))


if __name__ == "__main__":
    main()
