"""Reading filterbank files, against NumPy's memmap and blimpy: seconds, ratios, bytes read.

    python benchmarks/bench_filterbank.py

One coarse channel, 16 x 1,048,576 float32 (64 MB), in the page cache; medians of alternating runs.
"""

import logging
import statistics
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

import setilearn as sl
from setilearn.read import sigproc
from setilearn.simulate.voyager import simulate_voyager

RUNS = 9


def medians(**jobs):
    """Median seconds of each job, all run in turn so that drifting machine speed hits them alike."""
    seconds = {name: [] for name in jobs}
    for _ in range(RUNS):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def memmap_copy(path, shape):
    with path.open("rb") as file:
        data_start = sigproc.decode_header(file.read(sigproc.MAX_HEADER_BYTES))[1]
    return np.array(np.memmap(path, "<f4", "r", offset=data_start, shape=shape))


def blimpy_data(path, **limits):
    from blimpy import Waterfall

    return Waterfall(str(path), **limits).data


def bytes_read(job):
    """What the process asked the kernel for while ``job`` ran (Linux), in bytes."""

    def count():
        return int(Path("/proc/self/io").read_text().split("rchar: ")[1].split()[0])

    before = count()
    job()
    return count() - before


def main():
    warnings.simplefilter("ignore")
    logging.disable()
    spectrogram = simulate_voyager()
    shape = spectrogram.power.shape
    limits = (8419.29, 8419.30)
    with tempfile.TemporaryDirectory() as folder:
        fil, ascending, h5 = (Path(folder) / name for name in ("v.fil", "ascending.fil", "v.h5"))
        sl.write_spectrogram(spectrogram, fil)
        sl.write_spectrogram(spectrogram, ascending, descending=False)
        sl.write_spectrogram(spectrogram, h5)
        seconds = medians(
            memmap=lambda: memmap_copy(fil, shape),
            fil=lambda: sl.read_spectrogram(fil),
            fil_ascending=lambda: sl.read_spectrogram(ascending),
            blimpy_fil=lambda: blimpy_data(fil),
            h5=lambda: sl.read_spectrogram(h5),
            blimpy_h5=lambda: blimpy_data(h5),
            part=lambda: sl.read_spectrogram(fil, *limits),
            blimpy_part=lambda: blimpy_data(fil, f_start=limits[0], f_stop=limits[1]),
        )
        part_bytes = bytes_read(lambda: sl.read_spectrogram(fil, *limits))
    rows = [
        ("whole .fil, descending", "fil", "memmap", "blimpy_fil"),
        ("whole .fil, ascending", "fil_ascending", "memmap", "blimpy_fil"),
        ("whole .h5 (bitshuffle)", "h5", "memmap", "blimpy_h5"),
        ("10 kHz of a .fil", "part", "memmap", "blimpy_part"),
    ]
    columns = ("ours ms", "memmap ms", "blimpy ms", "ours/memmap", "blimpy/ours")
    print(f"{'16 x 1,048,576 float32':26}" + "".join(f"{name:>13}" for name in columns))
    for label, ours, memmap, blimpy in rows:
        a, b, c = (1e3 * seconds[name] for name in (ours, memmap, blimpy))
        print(f"{label:26}{a:13.2f}{b:13.2f}{c:13.2f}{a / b:13.2f}{c / a:13.1f}")
    print(f"10 kHz of a .fil: {part_bytes:,} bytes read of {spectrogram.power.nbytes:,}")


if __name__ == "__main__":
    main()
