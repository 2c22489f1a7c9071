"""The mystery of lesson 06."""

import numpy as np

from setilearn.course.answers import integer, number
from setilearn.course.material.voyager import CHANNEL_HZ
from setilearn.course.mystery import Mystery
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone
from setilearn.spectrogram import HZ_PER_MHZ, SECONDS_PER_DAY

SCAN_TO_SCAN_S = 318.0


def _scan(place, lines, fch1_mhz, seed):
    """One of the six scans, with those lines (MHz, Hz/s, places) that are on in it."""
    since_s = SCAN_TO_SCAN_S * place
    name, start_mjd = "star" if place % 2 == 0 else "beside it", 60_000 + since_s / SECONDS_PER_DAY
    scan = simulate_noise(
        16, 4096, fch1_mhz=fch1_mhz, n_pol=2, source_name=name, tstart_mjd=start_mjd, seed=seed
    )
    for mhz, drift, places in lines:
        if place in places:
            scan = add_tone(scan, mhz + drift * since_s / HZ_PER_MHZ, drift_hz_s=drift, snr=60.0)
    return scan


def make_mystery(seed):
    """Six scans with a signal, an impostor, and some interference that is in OFF scans as well."""
    rng = np.random.default_rng([6, seed])
    fch1_mhz = float(rng.uniform(1100, 9000))
    n_more = int(rng.integers(1, 4))
    channels = 400 + rng.permutation(np.arange(6))[: 2 + n_more] * 600
    start_mhz = [fch1_mhz + float(channel) * CHANNEL_HZ / HZ_PER_MHZ for channel in channels]
    drift_hz_s = float(rng.choice([-1, 1]) * rng.uniform(0.1, 0.35))
    lines = [(start_mhz[0], drift_hz_s, {0, 2, 4}), (start_mhz[1], 0.0, {0, 2, 4})]
    for mhz in start_mhz[2:]:
        drifts = float(rng.choice([0.0, 0.2, -0.2]))
        lines.append((mhz, drifts, {0, 2, 4, *rng.choice([1, 3, 5], rng.integers(1, 4)).tolist()}))
    scans = [_scan(place, lines, fch1_mhz, 100 * seed + place) for place in range(6)]
    truth = {
        "signal_mhz": start_mhz[0],
        "drift_hz_s": drift_hz_s,
        "impostor_mhz": start_mhz[1],
        "n_lines": 2 + n_more,
    }
    return scans, truth


MYSTERY = Mystery(
    question="One line in these six scans behaves as a signal of the star would, and one as an impostor: "
    "in the ONs alone, and at rest. At what frequencies, in MHz, do they begin, how fast does the signal "
    "drift, in Hz/s, and how many lines are there in all?",
    make=make_mystery,
    checks={
        "signal_mhz": number(unit="MHz", rel_tol=0, abs_tol=1.2e-5),
        "drift_hz_s": number(unit="Hz/s", rel_tol=0, abs_tol=0.02),
        "impostor_mhz": number(unit="MHz", rel_tol=0, abs_tol=1.2e-5),
        "n_lines": integer(),
    },
)
