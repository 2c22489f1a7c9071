"""Runs in turbo_seti's own environment: searches each file named on standard input, answers in lines of JSON.

    python run_turbo_seti.py OUT_FOLDER MAX_DRIFT SNR

Timed is `search()` alone; turning a .fil into the .h5 that it reads comes before and is left out.
"""

import json
import logging
import os
import sys
import time
from pathlib import Path

# What turbo_seti and its libraries print, from import on, would mix with the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from turbo_seti.find_doppler.find_doppler import FindDoppler  # noqa: E402


def main():
    out_folder, max_drift_hz_s, snr = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    for line in sys.stdin:
        path = Path(line.strip())
        finder = FindDoppler(
            str(path),
            max_drift=max_drift_hz_s,
            snr=snr,
            out_dir=out_folder,
            n_coarse_chan=1,
            log_level_int=logging.WARNING,
        )
        start, cpu_start = time.perf_counter(), time.process_time()
        finder.search()
        seconds, cpu_s = time.perf_counter() - start, time.process_time() - cpu_start
        dat = Path(out_folder, path.with_suffix(".dat").name)
        print(json.dumps({"seconds": seconds, "cpu_s": cpu_s, "dat": str(dat)}), file=answers, flush=True)


if __name__ == "__main__":
    main()
