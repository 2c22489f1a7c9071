"""Receiver noise as a telescope records it, and what an estimator finds of it."""

from __future__ import annotations

import numpy as np

from setilearn.noise import estimate_noise
from setilearn.spectrogram import Header, Spectrogram
from setilearn.telescope import FOFF_HZ, TSAMP_S
from setilearn.tracks import channel_of

_NOISE_SAMPLE, _NOISE_CHANNELS = 2**17, 512


def simulate_noise(
    n_time: int = 16,
    n_chan: int = 65536,
    *,
    fch1_mhz: float = 1420.0,
    foff_hz: float = FOFF_HZ,
    tsamp_s: float = TSAMP_S,
    tstart_mjd: float = 60000.0,
    source_name: str = "simulated noise",
    mean_power: float = 1.0,
    bandpass: np.ndarray | None = None,
    n_pol: int = 1,
    seed: int = 0,
) -> Spectrogram:
    """Receiver noise as a telescope records it: power ``(n_time, n_chan)`` with chi-squared statistics.

    One spectrum takes ``1 / foff_hz`` seconds, so an integration averages ``n_int = foff_hz *
    tsamp_s`` of them (at least one) for each of ``n_pol`` polarisations. The mean of n_int * n_pol
    squared moduli of complex Gaussian voltages follows a chi-squared distribution of 2 n_int n_pol
    degrees of freedom: mean ``mean_power``, standard deviation ``mean_power / sqrt(n_int * n_pol)``
    (the radiometer equation). ``bandpass``, shape ``(n_chan,)``, is the receiver's response, by
    which the power is multiplied.
    """
    header = Header(
        source_name=source_name,
        telescope="Fake",
        ra_deg=0.0,
        dec_deg=0.0,
        fch1_mhz=fch1_mhz,
        foff_hz=foff_hz,
        tsamp_s=tsamp_s,
        tstart_mjd=tstart_mjd,
        n_time=n_time,
        n_chan=n_chan,
    )
    n_averaged = n_pol * integrations_averaged(header)
    power = np.random.default_rng(seed).standard_gamma(n_averaged, (n_time, n_chan), dtype=np.float32)
    scale = mean_power / n_averaged if bandpass is None else np.asarray(bandpass) * (mean_power / n_averaged)
    power *= np.asarray(scale, dtype=np.float32)
    return Spectrogram(power, header)


def integrations_averaged(header):
    """How many spectra of one polarisation are averaged in one integration: at least 1."""
    return max(1, round(header.foff_hz * header.tsamp_s))


def receiver_noise(spectrogram, frequency_mhz=None):
    """Mean and standard deviation of the noise (`estimate_noise`), around a frequency or in the whole band.

    Around means so many channels that the receiver's response hardly changes over them: a 64th of the band,
    but no fewer than 512. Of many values an even sample is taken: it tells the deviation to half a per cent.
    """
    header, power = spectrogram.header, spectrogram.power
    if frequency_mhz is not None:
        n_around = max(_NOISE_CHANNELS, header.n_chan // 64)
        channel = round(channel_of(header, frequency_mhz))
        first = min(max(channel - n_around // 2, 0), max(header.n_chan - n_around, 0))
        power = power[:, first : first + n_around]
    stride = max(1, power.size // _NOISE_SAMPLE)
    return estimate_noise(power.reshape(-1)[::stride])
