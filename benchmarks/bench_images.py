"""How fast image sets are made, written and read: images a second, seconds, memory.

    python benchmarks/bench_images.py

The set is as large as the published one: 3200 images of four classes.
"""

import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

import setilearn as sl

N_PER_CLASS = 800
MIN_IMAGES_A_SECOND = 300
FULL_N_PER_CLASS = 100


def timed(work, *arguments, **options):
    start = time.perf_counter()
    result = work(*arguments, **options)
    return result, time.perf_counter() - start


def verdict(kept):
    return "kept" if kept else "EXCEEDED"


def main():
    sl.simulate_images(4, progress=False)  # what is imported at the first use
    cpu = time.process_time()
    images, seconds = timed(sl.simulate_images, N_PER_CLASS, 0, progress=False)
    cpu = time.process_time() - cpu
    rate = len(images) / seconds
    print(f"{len(images)} images made on {os.cpu_count()} cores in {seconds:.1f} s: {rate:.0f} a second")
    print(f"  {1e3 * cpu / len(images):.2f} ms of one core an image")
    print(f"  budget {MIN_IMAGES_A_SECOND} a second: {verdict(rate >= MIN_IMAGES_A_SECOND)}")
    full, seconds = timed(sl.simulate_images, FULL_N_PER_CLASS, 0, size=(256, 512), progress=False)
    print(f"at full resolution, 256 x 512: {len(full) / seconds:.0f} a second")
    del full
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "images.csv"), Path(folder, "labels.csv")
        _, seconds = timed(sl.write_image_csv, images, *paths)
        print(f"written as CSV, {paths[0].stat().st_size / 1e6:.0f} MB: {seconds:.1f} s")
        back, seconds = timed(sl.read_image_csv, *paths)
        print(f"read and checked: {seconds:.1f} s, the same: {np.array_equal(back.images, images.images)}")
    _, seconds = timed(sl.split_images, images)
    print(f"split into three parts: {seconds:.2f} s")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
