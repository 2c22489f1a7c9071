"""Tones of any track: steady ones, ones that walk at random, ones that are switched on and off.

Each function takes a spectrogram and returns a new one with the tone added.
"""

from __future__ import annotations

import math

import numpy as np

from setilearn.errors import SpectrogramError
from setilearn.simulate.noise import receiver_noise
from setilearn.spectrogram import HZ_PER_MHZ, Spectrogram


def add_tone(
    spectrogram: Spectrogram,
    frequency_mhz: float,
    *,
    drift_hz_s: float = 0.0,
    drift_rate_change_hz_s2: float = 0.0,
    width_hz: float = 0.0,
    snr: float | None = None,
    power: float | None = None,
) -> Spectrogram:
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


def add_squiggle(
    spectrogram: Spectrogram,
    frequency_mhz: float,
    *,
    step_hz: float,
    drift_hz_s: float = 0.0,
    width_hz: float = 0.0,
    snr: float | None = None,
    power: float | None = None,
    seed: int = 0,
) -> Spectrogram:
    """A tone whose frequency walks at random: each integration moves it by a normal deviate of ``step_hz``.

    The walk comes on top of ``drift_hz_s``. Other arguments and errors are those of `add_tone`.
    """
    header = spectrogram.header
    power = tone_power(spectrogram, snr, power, frequency_mhz)
    steps_hz = np.random.default_rng(seed).normal(drift_hz_s * header.tsamp_s, step_hz, header.n_time)
    track_hz = np.concatenate([[0.0], np.cumsum(steps_hz)])
    return draw_track(spectrogram, frequency_mhz, track_hz, np.full(header.n_time, power), width_hz)


def add_intermittent_tone(
    spectrogram: Spectrogram,
    frequency_mhz: float,
    *,
    on_s: float,
    off_s: float,
    drift_hz_s: float = 0.0,
    width_hz: float = 0.0,
    snr: float | None = None,
    power: float | None = None,
    seed: int = 0,
) -> Spectrogram:
    """A tone that is switched on and off at random times.

    It stays on for ``on_s`` seconds and off for ``off_s`` on average, each time an exponential deviate;
    an integration has the power of the share of it that the tone was on. ``snr`` is what a tone of this
    power would have if it were always on. Other arguments are those of `add_tone`.

    Raises `SpectrogramError` where ``on_s`` or ``off_s`` is not above 0, or not one strength is given.
    """
    if not (on_s > 0 and off_s > 0):
        raise SpectrogramError(f"expected on_s and off_s above 0, found {on_s} and {off_s}")
    header = spectrogram.header
    power = tone_power(spectrogram, snr, power, frequency_mhz)
    t_s = np.arange(header.n_time + 1) * header.tsamp_s
    share = np.diff(_time_on_s(t_s, on_s, off_s, np.random.default_rng(seed))) / header.tsamp_s
    return draw_track(spectrogram, frequency_mhz, drift_hz_s * t_s, power * share, width_hz)


def _time_on_s(t_s, on_s, off_s, rng):
    """For how long a random switch has been on at each of the times ``t_s``, which ascend."""
    switches, time_on = [0.0], [0.0]
    is_on = rng.random() < on_s / (on_s + off_s)
    while switches[-1] < t_s[-1]:
        stay = rng.exponential(on_s if is_on else off_s)
        switches.append(switches[-1] + stay)
        time_on.append(time_on[-1] + stay * is_on)
        is_on = not is_on
    return np.interp(t_s, switches, time_on)


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
