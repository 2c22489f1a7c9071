"""The database of hits: hits a second into it, milliseconds of a question to five million of them.

    python benchmarks/bench_database.py

A survey of 701 stars, six scans each: a million hits saved at once into a new SQLite file, four million
more below them, then questions to all of them, each a new connection, medians. Beside it what the driver
alone can do: one executemany of the same rows into a table with the same indexes. Seconds on the processor
stand beside, since they depend less on what else the machine does. MariaDB where it is installed.
"""

import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import setilearn as sl
from setilearn.tables import HITS, table

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import mariadb_server

N_STARS, SCANS_A_STAR = 701, 6
N_HITS = 1_000_000
N_PARTS = 5
N_ON_SERVER = 200_000
ROUNDS = 21
WANTED_A_SECOND = 80_000
WANTED_MS = 50
COLUMNS = ["hit_id", "observation_id", "frequency_mhz", "drift_hz_s", "snr"]
LOAD = """
import sys, time
import numpy as np
import setilearn as sl
from peak_memory import peak_bytes

url, names = sys.argv[1], sys.argv[2].split(",")
sl.open_database(url)
before = peak_bytes()
start, cpu_start = time.perf_counter(), time.process_time()
pieces = list(sl.iter_hit_columns(url, names))
columns = {name: np.concatenate([piece.pop(name) for piece in pieces]) for name in names}
seconds, cpu_s = time.perf_counter() - start, time.process_time() - cpu_start
print(columns["hit_id"].size, seconds, cpu_s, sum(map(len, columns.values())) / 2**17,
      (peak_bytes() - before) / 2**20)
"""


def survey(n_hits, seed):
    """Hits of all stars in one session; frequencies in any order within a scan, as many in each."""
    random_numbers = np.random.default_rng(seed)
    n_scans = N_STARS * SCANS_A_STAR
    scan = np.sort(random_numbers.integers(0, n_scans, n_hits))
    frequency_mhz = random_numbers.uniform(1100, 1900, n_hits)
    star = scan // SCANS_A_STAR
    off = scan % 2
    names = np.array([[f"HIP {star}", f"HIP {star} OFF"] for star in range(N_STARS)], dtype=object)
    paths = np.array([f"/data/{seed}/{number}.h5" for number in range(n_scans)], dtype=object)
    columns = {
        "source_name": names[star, off],
        "scan": scan,
        "tstart_mjd": 60000 + 100 * seed + scan / 288,
        "frequency_mhz": frequency_mhz,
        "drift_hz_s": random_numbers.normal(size=n_hits),
        "snr": 10 + random_numbers.exponential(30, n_hits),
        "width_hz": 2.7939677238464355,
        "channel": ((frequency_mhz - 1100) * 1e6 / 2.7939677238464355).astype(np.int64),
        "path": paths[scan],
    }
    return table(HITS, columns)


def timed(job):
    """Seconds, of which on the processor, and result of ``job()``."""
    start, cpu_start = time.perf_counter(), time.process_time()
    result = job()
    return time.perf_counter() - start, time.process_time() - cpu_start, result


def print_saving(what, n_hits, elapsed_s, cpu_s, _, wanted=None):
    verdict = (
        ""
        if wanted is None
        else f"   wanted {wanted:,}: {'kept' if n_hits / elapsed_s >= wanted else 'MISSED'}"
    )
    print(
        f"{what:44}{n_hits / elapsed_s:12,.0f} hits/s{n_hits / cpu_s:12,.0f} a CPU second{verdict}",
        flush=True,
    )


def driver_alone(hits, path):
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -262144"):
        connection.execute(f"PRAGMA {setting}")
    names = ["scan", "frequency_mhz", "drift_hz_s", "snr", "width_hz", "channel"]
    connection.execute(f"CREATE TABLE hits (hit_id INTEGER PRIMARY KEY AUTOINCREMENT, {', '.join(names)})")
    for name in names[0], names[1], names[3]:
        connection.execute(f"CREATE INDEX index_{name} ON hits ({name})")
    connection.execute("BEGIN")
    insert = f"INSERT INTO hits ({', '.join(names)}) VALUES (?, ?, ?, ?, ?, ?)"
    connection.executemany(insert, zip(*(hits[name].tolist() for name in names), strict=True))
    connection.execute("COMMIT")
    connection.close()


def bench_saving(folder, url):
    hits = survey(N_HITS, 0)
    print_saving(
        "sqlite3's executemany alone", N_HITS, *timed(lambda: driver_alone(hits, folder / "driver.db"))
    )
    taken = timed(lambda: sl.save_hits(hits, url, progress=False))
    print_saving("SQLite, a million into a new file", N_HITS, *taken, wanted=WANTED_A_SECOND)
    print_saving(
        "the same again: nothing to do", N_HITS, *timed(lambda: sl.save_hits(hits, url, progress=False))
    )
    for part in range(1, N_PARTS):
        hits = survey(N_HITS, part)
        taken = timed(lambda hits=hits: sl.save_hits(hits, url, progress=False))
        print_saving(f"SQLite, a million more below {part} million", N_HITS, *taken)


def questions(seed):
    """Names of questions, and for each what `load_hits` is asked, of another place at each seed."""
    low = np.random.default_rng(seed).uniform(1100, 1890)
    star = f"HIP {seed * 7 % N_STARS}"
    return {
        "frequency range of 0.1 MHz": {"frequency_mhz": (low, low + 0.1)},
        "frequency range of 1 MHz": {"frequency_mhz": (low, low + 1)},
        "10 MHz of one star": {"frequency_mhz": (low, low + 10), "source_name": star},
        "the strongest, SNR of 250 and more": {"snr": (250, None)},
        "all of one star": {"source_name": star},
    }


def bench_questions(url, n_rounds=ROUNDS):
    sl.load_hits(url, hit_id=1)
    print(f"{'questions':44}{'median ms':>10}{'CPU ms':>10}{'hits':>10}")
    for name in questions(0):
        taken, found = [], []
        for seed in range(n_rounds):
            asked = questions(seed)[name]
            *seconds, hits = timed(lambda asked=asked: sl.load_hits(url, **asked))
            taken.append(seconds)
            found.append(len(hits))
        elapsed_ms, cpu_ms = (1000 * statistics.median(values) for values in zip(*taken, strict=True))
        wanted = (
            f"   wanted {WANTED_MS} ms: {'kept' if elapsed_ms < WANTED_MS else 'MISSED'}"
            if "range" in name
            else ""
        )
        print(
            f"{name:44}{elapsed_ms:10.1f}{cpu_ms:10.1f}{statistics.median(found):10.0f}{wanted}", flush=True
        )
    reviews = [timed(lambda n=n: sl.save_review(url, n + 1, "rfi", "GPS")) for n in range(n_rounds)]
    print(f"{'a review saved':44}{1000 * statistics.median(elapsed_s for elapsed_s, *_ in reviews):10.1f}")


def bench_columns(url):
    """All hits as NumPy columns, in a process of their own for the sake of its memory."""
    for names in (COLUMNS, ["hit_id", "frequency_mhz", "snr"]):
        command = [sys.executable, "-c", LOAD, url, ",".join(names)]
        told = subprocess.check_output(command, text=True, cwd=Path(__file__).parent)
        n_hits, elapsed_s, cpu_s, size_mb, peak_mb = map(float, told.split())
        print(
            f"{n_hits:,.0f} hits as {len(names)} columns: {elapsed_s:.1f} s, {cpu_s:.1f} on the processor; "
            f"{size_mb:.0f} MB, on the way {peak_mb:.0f} MB",
            flush=True,
        )


def bench_server():
    if reason := mariadb_server.missing():
        print(f"MariaDB: {reason}")
        return
    with mariadb_server.mariadb() as address:
        url = mariadb_server.new_database(address)
        hits = survey(N_ON_SERVER, 0)
        taken = timed(lambda: sl.save_hits(hits, url, progress=False))
        print_saving(f"MariaDB, {N_ON_SERVER:,} into new tables", N_ON_SERVER, *taken)
        bench_questions(url)
        bench_columns(url)


def main():
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"{os.cpu_count()} cores, load {load:.1f} before, SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        url = f"sqlite:///{(folder / 'survey.db').as_posix()}"
        bench_saving(folder, url)
        print(f"{N_PARTS * N_HITS:,} hits: {(folder / 'survey.db').stat().st_size / 2**20:.0f} MB")
        bench_questions(url)
        bench_columns(url)
    bench_server()


if __name__ == "__main__":
    main()
