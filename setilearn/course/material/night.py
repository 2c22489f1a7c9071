"""Lesson 14: a night of files, and a Spark session on some cores."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from setilearn.read.filterbank import write_spectrogram
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone
from setilearn.spectrogram import Spectrogram

N_CHAN = 2**19  # half a coarse channel: 32 MiB a file
SCAN_DAYS = 360 / 86_400  # from one scan to the next
# The lesson's measurement on a quiet machine of two cores, with Spark 4.3: seconds by number of cores.
RECORDED_S = {1: 4.34, 2: 3.0}


def write_night(folder, n_files=8):
    """Write the scans of a night, each with three tones in noise; the paths, list of str.

    To save time they share one noise, which begins in another channel in each.
    """
    random = np.random.default_rng(13)
    noise = simulate_noise(16, N_CHAN, fch1_mhz=1420.0, seed=13)
    paths = []
    for k in range(n_files):
        power = np.roll(noise.power, 1000 * k, axis=1)
        name, start_mjd = f"simulated star {k + 1}", noise.header.tstart_mjd + k * SCAN_DAYS
        scan = Spectrogram(power, replace(noise.header, source_name=name, tstart_mjd=start_mjd))
        for channel, drift_hz_s in zip(
            random.uniform(0.05, 0.95, 3) * N_CHAN, random.uniform(-3, 3, 3), strict=True
        ):
            frequency_mhz = scan.header.frequency_mhz(channel)
            scan = add_tone(scan, frequency_mhz, drift_hz_s=drift_hz_s, snr=200)
        paths.append(str(Path(folder, f"guppi_star{k + 1}_{k + 1:04d}.rawspec.0000.fil")))
        write_spectrogram(scan, paths[-1])
    return paths


def session_on(n_cores, before):
    """A Spark session on ``n_cores`` in place of ``before``; where that is False, False, on threads."""
    import numba

    from setilearn.distributed.spark import start_spark

    if before is False:
        numba.set_num_threads(min(n_cores, numba.config.NUMBA_NUM_THREADS))
        return False
    before.stop()
    return start_spark(f"local[{n_cores}]")
