"""Simulated spectrograms: receiver noise, drifting tones, and a stand-in for the Voyager 1 observation."""

import math
from dataclasses import replace

import numpy as np

from setilearn.errors import SpectrogramError
from setilearn.noise import estimate_noise
from setilearn.spectrogram import HZ_PER_MHZ, Header, Spectrogram
from setilearn.telescope import FINE_CHANNELS, FOFF_HZ, TSAMP_S, coarse_bandpass, dc_channel

_NOISE_SAMPLE, _NOISE_CHANNELS = 2**17, 512


def simulate_noise(
    n_time=16,
    n_chan=65536,
    *,
    fch1_mhz=1420.0,
    foff_hz=FOFF_HZ,
    tsamp_s=TSAMP_S,
    tstart_mjd=60000.0,
    source_name="simulated noise",
    mean_power=1.0,
    bandpass=None,
    n_pol=1,
    seed=0,
):
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


def add_tone(
    spectrogram,
    frequency_mhz,
    *,
    drift_hz_s=0.0,
    drift_rate_change_hz_s2=0.0,
    width_hz=0.0,
    snr=None,
    power=None,
):
    """A new spectrogram with a drifting tone added; the tone may leave the band.

    Parameters
    ----------
    spectrogram : Spectrogram
    frequency_mhz : float
        Frequency of the tone, at its middle, at the start of the observation.
    drift_hz_s : float
        Its change with time, at the start of the observation.
    drift_rate_change_hz_s2 : float
        The change of the drift: the frequency moves by ``drift t + change t^2 / 2``.
    width_hz : float
        Width of the tone at any one time; its power is even over it.
    snr, power : float
        The tone's strength, one of the two. ``power`` is the linear power that the tone adds to
        each integration, summed over the channels it crosses. ``snr`` is the signal-to-noise ratio
        of the sum of all integrations in one channel, for a tone that stays in it:
        ``power = snr * sigma / sqrt(n_time)``, with sigma the standard deviation of the noise around
        ``frequency_mhz`` (`receiver_noise`).

    Within one integration the tone sweeps ``drift_hz_s * tsamp_s`` hertz, and its power is spread
    evenly over them, in parts of channels; a tone that does not drift stays in a single channel.

    Raises `SpectrogramError` where not one strength is given, or a negative width.
    """
    power = tone_power(spectrogram, snr, power, frequency_mhz)
    if not width_hz >= 0:
        raise SpectrogramError(f"add_tone: expected a width_hz of 0 or more, found {width_hz}")
    header = spectrogram.header
    t_s = np.arange(header.n_time + 1) * header.tsamp_s
    track_hz = drift_hz_s * t_s + drift_rate_change_hz_s2 * t_s**2 / 2
    return draw_track(spectrogram, frequency_mhz, track_hz, np.full(header.n_time, power), width_hz)


def tone_power(spectrogram, snr, power, frequency_mhz=None):
    """Power in each integration of a tone whose strength is given by one of ``snr`` and ``power``.

    As `add_tone` defines them; without a frequency the noise is that of the whole band. Raises
    `SpectrogramError` where none or both are given.
    """
    if (snr is None) == (power is None):
        raise SpectrogramError(f"strength: expected either snr or power, found snr = {snr}, power = {power}")
    if power is None:
        power = snr * receiver_noise(spectrogram, frequency_mhz)[1] / math.sqrt(spectrogram.header.n_time)
    return power


def draw_track(spectrogram, frequency_mhz, track_hz, power, width_hz=0.0):
    """A new spectrogram with a tone of any track added.

    ``track_hz``, shape ``(n_time + 1,)``, is how far the tone is from ``frequency_mhz`` at the start
    of each integration and at the end of the last one: in between it moves evenly. ``power``, shape
    ``(n_time,)``, is that of each integration, summed over the channels.
    """
    header = spectrogram.header
    # In channels, counted from the lower edge of the lowest one.
    edges = ((frequency_mhz - header.band_mhz[0]) * HZ_PER_MHZ + np.asarray(track_hz)) / header.foff_hz
    total = spectrogram.power.copy()
    for row in range(header.n_time):
        _add_sweep(total[row], edges[row], edges[row + 1], power[row], width_hz / header.foff_hz)
    return Spectrogram(total, header)


def _add_sweep(spectrum, start, stop, power, width=0.0):
    """Add ``power`` in the track of a tone ``width`` wide that moves evenly from ``start`` to ``stop``.

    All in channels, counted from the spectrum's lower edge.
    """
    low, high = min(start, stop), max(start, stop)
    first = max(math.floor(low - width / 2), 0)
    last = min(math.floor(high + width / 2), len(spectrum) - 1)
    if last < first:
        return
    if high - low < 1e-6 and width < 1e-6:
        spectrum[first] += power
        return
    edges = np.arange(first, last + 2)
    spectrum[first : last + 1] += power * np.diff(_share_below(edges, low, high, width))


def _share_below(x, low, high, width):
    """Share of the power below ``x`` for a tone ``width`` wide that has moved evenly from low to high."""
    length = max(high - low, 1e-6)
    if width < 1e-6:
        return (np.clip(x, low, low + length) - low) / length
    # The track's share below x, averaged over the width: what follows is its integral.
    upper, lower = (
        np.clip(y - low, 0, length) ** 2 / (2 * length) + np.maximum(y - low - length, 0)
        for y in (x + width / 2, x - width / 2)
    )
    return (upper - lower) / width


def receiver_noise(spectrogram, frequency_mhz=None):
    """Mean and standard deviation of the noise (`estimate_noise`), around a frequency or in the whole band.

    Around means so many channels that the receiver's response hardly changes over them: a 64th of the band,
    but no fewer than 512. Of many values an even sample is taken: it tells the deviation to half a per cent.
    """
    header, power = spectrogram.header, spectrogram.power
    if frequency_mhz is not None:
        n_around = max(_NOISE_CHANNELS, header.n_chan // 64)
        channel = round((frequency_mhz - header.fch1_mhz) * HZ_PER_MHZ / header.foff_hz)
        first = min(max(channel - n_around // 2, 0), max(header.n_chan - n_around, 0))
        power = power[:, first : first + n_around]
    stride = max(1, power.size // _NOISE_SAMPLE)
    return estimate_noise(power.reshape(-1)[::stride])


# Voyager 1 as the Green Bank Telescope saw it in 2016

VOYAGER_TSTART_MJD = 57650.782094907408
VOYAGER_FCH1_MHZ = 8418.457032646984  # centre of the lowest channel
VOYAGER_CARRIER_MHZ = 8419.297028
# Frequency in the first integration (MHz), drift (Hz/s) as published by turbo_seti and seticore;
# power relative to the receiver noise of one channel, measured in the telescope's data.
VOYAGER_LINES = (
    (VOYAGER_CARRIER_MHZ, -0.377557, 66.0),
    (8419.319368, -0.397966, 6.5),
    (8419.319684, -0.367353, 6.5),
    (8419.274374, -0.397966, 6.5),
    (8419.274693, -0.387762, 6.5),
)
_DC_SPIKE_POWER = 12.0
_DC_CHANNEL = dc_channel(FINE_CHANNELS)


def simulate_voyager(n_chan=FINE_CHANNELS, *, centre_mhz=None, seed=1977):
    """Stand-in for the 2016 observation of Voyager 1: carrier, side bands, drift, bandpass and DC spike.

    All 2**20 channels of the coarse channel by default; fewer are those around ``centre_mhz``,
    by default the carrier. The source name says that it is simulated.
    """
    if not 1 <= n_chan <= FINE_CHANNELS:
        raise SpectrogramError(f"simulate_voyager: expected 1 to {FINE_CHANNELS} channels, found {n_chan}")
    centre_mhz = VOYAGER_CARRIER_MHZ if centre_mhz is None else centre_mhz
    centre = round((centre_mhz - VOYAGER_FCH1_MHZ) * HZ_PER_MHZ / FOFF_HZ)
    first = min(max(centre - n_chan // 2, 0), FINE_CHANNELS - n_chan)
    bandpass = coarse_bandpass(FINE_CHANNELS)[first : first + n_chan]
    noise = simulate_noise(
        16,
        n_chan,
        fch1_mhz=VOYAGER_FCH1_MHZ + first * FOFF_HZ / HZ_PER_MHZ,
        tstart_mjd=VOYAGER_TSTART_MJD,
        source_name="Voyager1 (simulated)",
        bandpass=bandpass,
        n_pol=2,
        seed=seed,
    )
    observed = Spectrogram(
        noise.power, replace(noise.header, telescope="GBT", ra_deg=257.5166, dec_deg=12.1830)
    )
    for frequency_mhz, drift_hz_s, power in VOYAGER_LINES:
        # Published is the middle of the first integration's sweep; a tone starts at its beginning.
        start_mhz = frequency_mhz - drift_hz_s * TSAMP_S / 2 / HZ_PER_MHZ
        observed = add_tone(observed, start_mhz, drift_hz_s=drift_hz_s, power=power)
    if first <= _DC_CHANNEL < first + n_chan:
        observed.power[:, _DC_CHANNEL - first] += _DC_SPIKE_POWER
    return observed
