"""The drift search, from file to table of hits, against turbo_seti's: seconds, ratios, linearity, memory.

    python benchmarks/bench_drift.py

One coarse channel, 16 x 1,048,576 float32 of noise and 20 tones, drift rates to +-4 Hz/s, SNR 10; the
file is in the page cache, the code compiled. All are run in turn, so that a machine that is slow for
a while is slow for all; medians of the runs, and of the ratios of each round. Seconds on the processor
stand beside: they depend less on what else the machine does, but count two threads twice. The first
use makes turbo_seti's environment, which takes a minute and the network.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numba
import numpy as np
from peers.turbo_seti_process import TurboSeti

import setilearn as sl
from setilearn.read import sigproc
from setilearn.search import levels as levels_module
from setilearn.search import plan as plan_module
from setilearn.search import tree
from setilearn.telescope import FINE_CHANNELS, FOFF_HZ, TSAMP_S

ROUNDS = 5
MAX_DRIFT_HZ_S = 4.0
SNR = 10.0
N_TONES = 20
N_TIME = 16
COARSE_CHANNELS = (1, 4, 16, 64)
PEER = "turbo_seti 2.3.2"
# (what, full_resolution, threads, times turbo_seti's speed wanted)
WAYS = [
    ("full resolution, 1 thread", True, 1, 20),
    ("full resolution, 2 threads", True, 2, 30),
    ("default, 1 thread", False, 1, 60),
    ("default, 2 threads", False, 2, 60),
]


def coarse_channel():
    """Noise and tones of all drift rates, far enough apart that turbo_seti does not blank any."""
    spectrogram = sl.simulate_noise(N_TIME, FINE_CHANNELS, fch1_mhz=8000.0, seed=1)
    channels = np.linspace(0.02, 0.98, N_TONES) * FINE_CHANNELS
    rates_hz_s = np.linspace(-3.9, 3.9, N_TONES)
    for channel, rate_hz_s in zip(channels, rates_hz_s, strict=True):
        spectrogram = sl.add_tone(
            spectrogram, spectrogram.header.frequency_mhz(int(channel)), drift_hz_s=rate_hz_s, snr=300
        )
    return spectrogram


def write_side_by_side(power, n_coarse, path):
    """A file of ``n_coarse`` coarse channels, each a copy of ``power``, written row by row."""
    header = {
        "source_name": "benchmark",
        "fch1": 8000.0,
        "foff": FOFF_HZ / 1e6,
        "tsamp": TSAMP_S,
        "tstart": 60000.0,
        "nchans": n_coarse * FINE_CHANNELS,
        "nifs": 1,
        "nbits": 32,
    }
    with path.open("wb") as file:
        file.write(sigproc.encode_header(header))
        for row in power:
            for _ in range(n_coarse):
                file.write(row.tobytes())


def seconds_of(job):
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def search(path, full_resolution, n_threads):
    numba.set_num_threads(n_threads)
    return sl.search_drift(path, MAX_DRIFT_HZ_S, SNR, full_resolution=full_resolution, progress=False)


def bench_searches(path):
    """For turbo_seti and each way: (seconds, of which on the processor) of each round; number of hits."""
    seconds, n_hits = {}, {}
    threads = numba.config.NUMBA_NUM_THREADS
    ways = [way for way in WAYS if way[2] <= threads]
    with tempfile.TemporaryDirectory() as folder, TurboSeti(folder, MAX_DRIFT_HZ_S, SNR) as peer:
        peer.search(path)
        for _, full_resolution, n_threads, _ in ways:
            search(path, full_resolution, n_threads)
        for _ in range(ROUNDS):
            *taken, dat = peer.search(path)
            seconds.setdefault(PEER, []).append(taken)
            n_hits[PEER] = len(sl.read_dat(dat))
            for name, full_resolution, n_threads, _ in ways:
                start, cpu_start = time.perf_counter(), time.process_time()
                n_hits[name] = len(search(path, full_resolution, n_threads))
                taken = time.perf_counter() - start, time.process_time() - cpu_start
                seconds.setdefault(name, []).append(taken)
    return seconds, n_hits


def print_searches(seconds, n_hits):
    wanted = {name: times for name, _, _, times in WAYS}
    columns = ("median s", "best s", "ratio", "wanted", "CPU s", "CPU ratio", "hits")
    print(f"{'from file to hits':28}" + "".join(f"{column:>10}" for column in columns))
    for name, rounds in seconds.items():
        elapsed, cpu = zip(*rounds, strict=True)
        ratio, cpu_ratio = (
            statistics.median(theirs[k] / ours[k] for theirs, ours in zip(seconds[PEER], rounds, strict=True))
            for k in (0, 1)
        )
        print(
            f"{name:28}{statistics.median(elapsed):10.3f}{min(elapsed):10.3f}{ratio:10.1f}"
            f"{wanted.get(name, ''):>10}{statistics.median(cpu):10.3f}{cpu_ratio:10.1f}{n_hits[name]:10}"
        )


def bench_kernel(spectrogram):
    """The fast tree alone: the largest sum for each start channel, over all drift rates."""
    power = spectrogram.power
    measured = levels_module.measure_levels(power)
    print(f"{'the tree alone':28}{'median s':>10}{'best s':>9}")
    for name, full_resolution, n_threads, _ in WAYS:
        if n_threads > numba.config.NUMBA_NUM_THREADS:
            continue
        numba.set_num_threads(n_threads)
        plan = plan_module.plan_search(
            spectrogram.header, -MAX_DRIFT_HZ_S, MAX_DRIFT_HZ_S, SNR, smeared=not full_resolution
        )
        tiles = np.array([0, math.ceil(FINE_CHANNELS / tree.N_TILE)])
        best = np.empty((len(plan.steps), FINE_CHANNELS), np.int16)
        job = (power, measured, plan.unit, plan.steps, plan.size, tiles, best)
        values = [seconds_of(lambda job=job: tree.strongest_sums(*job)) for _ in range(ROUNDS)]
        print(f"{name:28}{statistics.median(values):10.3f}{min(values):9.3f}")


SEARCH_ONE = """
import json, sys, time
import numba
import setilearn as sl
from peak_memory import peak_bytes
numba.set_num_threads(1)
path, warm_path = sys.argv[1:]
sl.search_drift(warm_path, progress=False)
start, cpu_start = time.perf_counter(), time.process_time()
hits = sl.search_drift(path, progress=False)
seconds, cpu_s = time.perf_counter() - start, time.process_time() - cpu_start
print(json.dumps([seconds, cpu_s, len(hits), peak_bytes()]))
"""


def bench_sizes(power):
    """Seconds a coarse channel on one thread, and peak memory of the process, by the size of the file."""
    columns = ("GiB", "s each", "ratio", "CPU s each", "CPU ratio", "hits", "peak MB")
    print(f"{'default, by coarse channels':28}" + "".join(f"{column:>11}" for column in columns))
    with tempfile.TemporaryDirectory() as folder:
        path, warm_path = Path(folder, "large.fil"), Path(folder, "warm.fil")
        write_side_by_side(power, 1, warm_path)
        each = []
        for n_coarse in COARSE_CHANNELS:
            write_side_by_side(power, n_coarse, path)
            command = [sys.executable, "-c", SEARCH_ONE, path, warm_path]
            here = Path(__file__).parent
            # Many short runs and one long one tell about as much.
            runs = [
                json.loads(subprocess.check_output(command, cwd=here)) for _ in range(max(1, 8 // n_coarse))
            ]
            elapsed, cpu, (n_hits, *_), peaks = zip(*runs, strict=True)
            each.append([statistics.median(values) / n_coarse for values in (elapsed, cpu)])
            (each_s, cpu_s), (first_s, first_cpu_s) = each[-1], each[0]
            print(
                f"{n_coarse:<28}{path.stat().st_size / 2**30:11.2f}{each_s:11.3f}{each_s / first_s:11.2f}"
                f"{cpu_s:11.3f}{cpu_s / first_cpu_s:11.2f}{n_hits:11}{max(peaks) / 2**20:11.0f}"
            )


def main():
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan
    print(f"{numba.config.NUMBA_NUM_THREADS} cores, load {load:.1f} before")
    spectrogram = coarse_channel()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "one_coarse_channel.fil")
        sl.write_spectrogram(spectrogram, path)
        print_searches(*bench_searches(path))
    bench_kernel(spectrogram)
    bench_sizes(spectrogram.power)


if __name__ == "__main__":
    main()
