"""This search and turbo_seti on the same tones of setigen, in clean noise and in data of other kinds.

    python benchmarks/bench_referee.py

A file of 16 x 1,048,576 with smeared tones (SNR 8 to 100, drift rates -4 to 4 Hz/s) is made by setigen as in
bench_sensitivity.py, and then changed: each kind of change is one that public bug reports tell of. "Ideal" is
the matched sum over what was added, times the root of the share of integrations that are left; decibels
squeeze a strong tone, and have less than that. Found are tones with an ideal SNR of 12 or more; false are all
hits that belong to no tone, and to no spike of "a receiver with interference".

hyperseti is not in the table: it needs cupy on a CUDA device, and is not published as a package.
"""

import logging
import tempfile
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
from bench_sensitivity import MAX_DRIFT_HZ_S, N_TIME, SNR, SPACING, Tone, make_file, match, median
from peers.turbo_seti_process import TurboSeti

import setilearn as sl
from setilearn.telescope import FINE_CHANNELS

SEED, LEAST_IDEAL = 31, 12.0
SPIKES = range(SPACING, FINE_CHANNELS - SPACING, 2 * SPACING)  # channels, half-way between two tones


def lost_rows(power):
    power[11:] = 0
    return power


def bright_row(power):
    power[5] += 1000 * power.std()
    return power


def bursts(power):
    """Noise five times as strong on top, in three integrations."""
    rng = np.random.default_rng(1)
    for row in (2, 7, 8):
        power[row] += rng.gamma(51, 5 * power.mean() / 51, power.shape[1]).astype(np.float32)
    return power


def receiver(power):
    """A receiver's response: half the power at both edges, a ripple of 5 %."""
    x = np.linspace(-1, 1, power.shape[1])
    return power * ((1 + 0.05 * np.sin(x * 200)) / (1 + x**40)).astype(np.float32)


def with_interference(power):
    """The response, spikes at rest of 100 to 1000 sigma, and bursts 300 channels wide of 2 integrations."""
    rng, sigma = np.random.default_rng(2), power.std() / np.sqrt(N_TIME)
    for channel in SPIKES:
        power[:, channel] += sigma * rng.uniform(100, 1000)
        first, row = channel + SPACING // 8, rng.integers(N_TIME - 1)
        power[row : row + 2, first : first + 300] *= rng.uniform(2, 5)
    return receiver(power)


def coarse_channels(power):
    """64 coarse channels of a polyphase filterbank, sharply filtered: what is called the medium product."""
    size = power.shape[1] // 64
    x = (np.arange(power.shape[1]) % size - (size - 1) / 2) / (size / 2)
    return power / (1 + np.abs(x / 0.95) ** 40).astype(np.float32)


# name -> what is done to the power, share of the integrations that are left
KINDS = {
    "clean noise": (lambda power: power, 1.0),
    "a receiver's response, rippled": (receiver, 1.0),
    "the same with interference": (with_interference, 1.0),
    "64 coarse channels, filtered": (coarse_channels, 1.0),
    "mean 0, sigma 1": (lambda power: (power - power.mean()) / power.std(), 1.0),
    "decibels": (lambda power: 10 * np.log10(power), 1.0),
    "units of 1e-26": (lambda power: power * np.float32(1e-26), 1.0),
    "5 of 16 integrations zero": (lost_rows, 11 / 16),
    "one integration 1000 sigma up": (bright_row, 1.0),
    "bursts in 3 integrations": (bursts, 13 / 16),
    "gain from 1 to 2": (lambda power: power * np.linspace(1, 2, 16, dtype=np.float32)[:, None], 1.0),
    "8 bits": (lambda power: np.clip(np.round(power / power.mean() * 60), 0, 255), 1.0),
}


def main():
    warnings.simplefilter("ignore")
    logging.disable()
    print(f"{'':32}{'':>8}{'setilearn':>32}{'turbo_seti':>32}")
    columns = "".join(f"{name:>8}" for name in ("found", "false", "/ideal", "s"))
    print(f"{'kind':32}{'tones':>8}{columns}{columns}")
    with tempfile.TemporaryDirectory() as folder, TurboSeti(folder, MAX_DRIFT_HZ_S, SNR) as peer:
        made = Path(folder, "made.fil")
        tones = make_file(made, SEED, smeared=True)
        clean = sl.read_spectrogram(made)
        spikes = [Tone(clean.header.frequency_mhz(channel) * 1e6, 0.0, 0.0, 0.0) for channel in SPIKES]
        sl.search_drift(clean, MAX_DRIFT_HZ_S, SNR, progress=False)  # compiled
        for name, (change, share) in KINDS.items():
            path = Path(folder, "kind.fil")
            changed = change(clean.power.copy()).astype(np.float32)
            sl.write_spectrogram(replace(clean, power=changed), path)
            start = time.perf_counter()
            tables = [sl.search_drift(path, MAX_DRIFT_HZ_S, SNR, progress=False)]
            seconds = [time.perf_counter() - start]
            try:
                *_, dat = peer.search(path)
                tables.append(sl.read_dat(dat))
            except Exception as error:  # a table is to be had all the same
                print(f"{name}: turbo_seti: {type(error).__name__}")
                tables.append(tables[0].iloc[:0])
            seconds.append(time.perf_counter() - start - seconds[0])
            ideal = np.sqrt(share) * np.array([tone.ideal for tone in tones])
            clear, cells = ideal >= LEAST_IDEAL, []
            for table, taken in zip(tables, seconds, strict=True):
                snrs, n_false = match(tones + spikes, table)
                snrs = snrs[: len(tones)]
                ratio = median(snrs[clear] / ideal[clear])
                cells.append(f"{np.isfinite(snrs[clear]).sum():8}{n_false:8}{ratio:8.2f}{taken:8.2f}")
            print(f"{name:32}{clear.sum():8}{''.join(cells)}", flush=True)


if __name__ == "__main__":
    main()
