"""What the drift search finds of tones made by setigen, beside turbo_seti on the same files.

    python benchmarks/bench_sensitivity.py

Tones as setigen models an ideal cosine (sinc squared, zero at 1 channel from its middle), at random
places between the channels, in chi-squared noise of 16 x 1,048,576:

- smeared as a drifting tone is (`doppler_smearing`), SNR 8 to 100, drift rates -4 to 4 Hz/s
- smeared, SNR 300, at 3 Hz/s either way
- not smeared, SNR 8 to 100, drift rates -4 to 4 Hz/s

"Ideal" is the sum over what was added, each sample weighted by what was added to it: the highest SNR
that any sum can have. For tones not smeared it is the plain sum of the brightest channel of each
integration along the true line. A hit finds a tone if it lies within the tone's sweep and 3 channels
at both ends of the observation. All other hits count as false, a second one of the same tone too.

turbo_seti takes for sigma the standard deviation of the middle 90 % of the noise, which for a Gaussian
is 0.79 of the whole: all its SNRs are 1.27 times too large, and its threshold of 10 is one of 7.9. Our
searches are therefore run with both.
"""

import itertools
import logging
import os
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
from peers.turbo_seti_process import TurboSeti

import setilearn as sl
from setilearn.telescope import FINE_CHANNELS, FOFF_HZ, TSAMP_S

N_TIME = 16
SPACING = 8192  # channels between tones: turbo_seti blanks some 900 to each side of a hit
SNR = 10.0
# The standard deviation of a Gaussian cut off at its 5th and 95th percentile.
PEER_SIGMA = 0.789
MAX_DRIFT_HZ_S = 4.0
# Below this a noise fluctuation decides whether a tone is found, and those found are the lucky ones.
CLEAR_SNR = 1.5 * SNR
BINS_HZ_S = (0, 0.15, 0.5, 1, 2, 3, 4)
PEER = "turbo_seti, 10"
# name -> full_resolution, threshold
WAYS = {
    f"{kind}, {threshold:.3g}": (full_resolution, threshold)
    for threshold in (SNR, PEER_SIGMA * SNR)
    for kind, full_resolution in (("default", False), ("full", True))
}


class Tone(NamedTuple):
    """One tone: its middle in the first integration, and the SNR of the best sums over what was added."""

    frequency_hz: float
    drift_hz_s: float
    ideal: float
    on_line: float


def make_file(path, seed, *, smeared, snrs=(8, 100), rates_hz_s=(-4, 4)):
    """Write a file of tones with setigen; returns the list of `Tone`."""
    import setigen

    rng = np.random.default_rng(seed)
    frame = setigen.Frame(
        fchans=FINE_CHANNELS, tchans=N_TIME, df=FOFF_HZ, dt=TSAMP_S, fch1=8e9, mjd=60000, seed=seed
    )
    frame.add_noise(x_mean=10)
    sigma = frame.data[:, :FINE_CHANNELS:16].std()
    tones = []
    for channel in range(SPACING, FINE_CHANNELS - SPACING // 2, SPACING):
        # Half a spacing aside: the DC channel in the middle is blanked by every search.
        start = channel - SPACING // 2 + rng.uniform()
        rate_hz_s = rng.uniform(*rates_hz_s) if rates_hz_s[0] < 0 else rng.choice([-1, 1]) * rates_hz_s[1]
        snr = np.exp(rng.uniform(*np.log(snrs)))
        tones.append(add_tone(frame, setigen, sigma, start, rate_hz_s, snr, smeared))
    frame.save_fil(str(path))
    return tones


def add_tone(frame, setigen, sigma, start, drift_hz_s, snr, smeared):
    """Add a tone that starts at channel ``start``, counted upwards from the middle of the lowest."""
    # Not add_constant_signal: with smearing it adds nothing for falling tones.
    sweep = abs(drift_hz_s) * TSAMP_S / FOFF_HZ
    reach = sweep * (N_TIME + 1) + 4
    low, high = max(int(start - reach), 0), int(start + reach)
    added = frame.add_signal(
        setigen.constant_path(frame.fmin + start * FOFF_HZ, drift_hz_s),
        setigen.constant_t_profile(snr * sigma / np.sqrt(N_TIME)),
        setigen.sinc2_f_profile(2 * FOFF_HZ),
        bounding_f_range=(frame.get_frequency(low), frame.get_frequency(high)),
        doppler_smearing=smeared,
        smearing_subsamples=max(10, int(4 * sweep)),
    )[:, low:high]
    total = added.sum()
    if not total > 0:
        raise RuntimeError(f"setigen added nothing for a drift of {drift_hz_s} Hz/s")
    half_sweep_hz = drift_hz_s * TSAMP_S / 2 if smeared else 0.0
    return Tone(
        frame.fmin + start * FOFF_HZ + half_sweep_hz,
        drift_hz_s,
        float(np.sqrt((added**2).sum()) / sigma),
        float(added.max(axis=1).sum() / sigma / np.sqrt(N_TIME)),
    )


def match(tones, hits):
    """SNR of the hit that finds each tone (NaN: none), and how many hits find none."""
    starts_hz = hits["frequency_mhz"].to_numpy() * 1e6
    rates_hz_s = hits["drift_hz_s"].to_numpy()
    snrs = hits["snr"].to_numpy()
    free = np.ones(len(hits), bool)
    found = np.full(len(tones), np.nan)
    for i, tone in enumerate(tones):
        aside_hz = starts_hz - tone.frequency_hz
        aside_at_end_hz = aside_hz + (rates_hz_s - tone.drift_hz_s) * (N_TIME - 1) * TSAMP_S
        allowed_hz = abs(tone.drift_hz_s) * TSAMP_S + 3 * FOFF_HZ
        close = (np.maximum(abs(aside_hz), abs(aside_at_end_hz)) <= allowed_hz) & free
        if close.any():
            at = np.flatnonzero(close)[snrs[close].argmax()]
            free[at], found[i] = False, snrs[at]
    return found, int(free.sum())


def median(values):
    """Median of those that are not NaN, NaN where there is none."""
    values = values[np.isfinite(values)]
    return np.median(values) if values.size else np.nan


class Survey:
    """Tones of several files of one kind, and the SNR that each search found them with."""

    def __init__(self, folder, peer, seeds, **settings):
        self.tones, self.found, self.false = [], {}, {}
        for seed in seeds:
            path = Path(folder, f"tones_{seed}.fil")
            tones = make_file(path, seed, **settings)
            self.tones += tones
            tables = {PEER: sl.read_dat(peer.search(path)[-1])}
            for name, (full_resolution, threshold) in WAYS.items():
                tables[name] = sl.search_drift(
                    path, MAX_DRIFT_HZ_S, threshold, full_resolution=full_resolution, progress=False
                )
            for name, hits in tables.items():
                snrs, n_false = match(tones, hits)
                self.found.setdefault(name, []).extend(snrs)
                self.false[name] = self.false.get(name, 0) + n_false
            path.unlink()
        self.found = {name: np.array(snrs) for name, snrs in self.found.items()}
        self.drift_hz_s = np.array([tone.drift_hz_s for tone in self.tones])

    def print_found(self, ideal):
        """Number found in each bin of drift rate, and the median of SNR / ideal of the clear ones."""
        names = list(self.found)
        print(f"{'drift rate, Hz/s':>18}{'tones':>7}" + "".join(f"{name:>17}" for name in names) + "   found")
        for low, high, inside in self.bins():
            counts = [np.isfinite(self.found[name][inside]).sum() for name in names]
            print(f"{low:>9g} to {high:>5g}{inside.sum():7}" + "".join(f"{n:>17}" for n in counts))
        print(f"{'false':>18}{'':7}" + "".join(f"{self.false[name]:>17}" for name in names))
        print(f"median SNR / ideal, of tones with an ideal SNR of at least {CLEAR_SNR:g}:")
        for low, high, inside in [*self.bins(), (-4, 4, np.ones(len(ideal), bool))]:
            clear = inside & (ideal >= CLEAR_SNR)
            shares = [median(self.found[name][clear] / ideal[clear]) for name in names]
            print(f"{low:>9g} to {high:>5g}{clear.sum():7}" + "".join(f"{share:17.3f}" for share in shares))

    def bins(self):
        edges = [*(-edge for edge in BINS_HZ_S[:0:-1]), *BINS_HZ_S[1:]]
        # The bin around zero is one: a drift rate that small has no sign that could be told.
        for low, high in itertools.pairwise(edges):
            yield low, high, (self.drift_hz_s >= low) & (self.drift_hz_s < high)


def main():
    warnings.simplefilter("ignore")
    logging.disable()
    if hasattr(os, "getloadavg"):
        print(f"load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory() as folder, TurboSeti(folder, MAX_DRIFT_HZ_S, SNR) as peer:
        smeared = Survey(folder, peer, range(1, 5), smeared=True)
        print(f"\nsmeared, SNR 8 to 100: {len(smeared.tones)} tones in 4 files")
        smeared.print_found(np.array([tone.ideal for tone in smeared.tones]))
        bright = Survey(folder, peer, [11], smeared=True, snrs=(300, 300), rates_hz_s=(3, 3))
        ideal = np.array([tone.ideal for tone in bright.tones])
        print(f"\nsmeared, SNR 300, 3 Hz/s: {len(bright.tones)} tones, median ideal {median(ideal):.1f}")
        print(f"{'':18}{'found':>7}{'false':>7}{'SNR':>8}{'/ ideal':>9}{'/ turbo_seti':>14}")
        for name, snrs in bright.found.items():
            print(
                f"{name:>18}{np.isfinite(snrs).sum():7}{bright.false[name]:7}{median(snrs):8.1f}"
                f"{median(snrs / ideal):9.3f}{median(snrs / bright.found[PEER]):14.2f}"
            )
        steady = Survey(folder, peer, range(21, 24), smeared=False)
        print(f"\nnot smeared, SNR 8 to 100: {len(steady.tones)} tones in 3 files")
        steady.print_found(np.array([tone.on_line for tone in steady.tones]))


if __name__ == "__main__":
    main()
