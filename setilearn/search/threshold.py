"""Hits: what stands above the noise in a spectrum, and how many of them noise alone would make."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from setilearn.errors import NoiseError, SearchError
from setilearn.noise import bandpass, estimate_noise, flatten
from setilearn.search.lost import strike_lost
from setilearn.spectrogram import SECONDS_PER_DAY
from setilearn.tables import HITS, table

if TYPE_CHECKING:
    import pandas as pd

    from setilearn.spectrogram import Spectrogram


class FalseAlarms(NamedTuple):
    """Expected number of noise values above a threshold, under two distributions."""

    chi_squared: float
    gaussian: float


def find_hits(
    spectrogram: Spectrogram,
    snr: float = 10.0,
    *,
    average_time: bool = True,
    n_coarse: int | None = None,
    max_gap: int = 1,
    block_chan: int | None = None,
) -> pd.DataFrame:
    """Hits of at least ``snr`` in the time-averaged spectrum, or in each integration.

    1. Average over time, unless each integration is to be searched by itself.
    2. Divide by the bandpass (`setilearn.noise.flatten`); where power does not count from zero, as in
       differences or decibels, take it off instead.
    3. Measure the noise, once for all samples (`setilearn.noise.estimate_noise`). The signal-to-noise ratio
       of a sample is its distance from the noise's mean in standard deviations.
    4. Make one hit of neighbouring channels above the threshold; the strongest gives its frequency.

    Parameters
    ----------
    spectrogram : Spectrogram
    snr : float
        Threshold, above 0.
    average_time : bool
        Search the mean over time, in which steady signals stand out best; otherwise each
        integration by itself, in which brief and drifting ones do.
    n_coarse : int, optional
        How many whole coarse channels the band consists of. Each then has a bandpass of its own,
        and the DC spike in its middle, two channels, is not searched. By default the band is taken
        for a part of a single one, and everything is searched.
    max_gap : int
        Channels above the threshold are one hit as long as at most so many below it lie between.
    block_chan : int, optional
        As in `bandpass`: signals wider than half a block are taken for bandpass.

    Returns
    -------
    DataFrame
        A table of `HITS` sorted by frequency, empty where nothing was found. ``channel`` and
        ``frequency_mhz`` are those of the strongest channel, ``snr`` is its signal-to-noise
        ratio, ``width_hz`` reaches from the first to the last channel above the threshold,
        ``drift_hz_s`` is 0. ``tstart_mjd`` is the start of the spectrogram, or of the integration.

    Raises
    ------
    SearchError
        Where ``snr`` is not above 0, or ``max_gap`` below it.
    NoiseError
        Where no noise can be measured, or ``n_coarse`` or ``block_chan`` is not as in `bandpass`.
    """
    header = spectrogram.header
    if not 0 < snr < np.inf:
        raise SearchError(f"find_hits: expected snr above 0, found {snr}")
    if max_gap < 0:
        raise SearchError(f"find_hits: expected max_gap of at least 0, found {max_gap}")
    spectrogram, n_measured = _measured(spectrogram, average_time)
    n_pieces = 1 if n_coarse is None else n_coarse
    power = _flat(spectrogram, n_pieces, block_chan)
    if n_coarse is not None:
        power[:, _dc_channels(header.n_chan, n_coarse)] = np.nan
    # A mean of fewer integrations scatters more.
    typical = np.nanmedian(power)
    power = typical + (power - typical) * np.sqrt(n_measured / np.median(n_measured[n_measured > 0]))
    center, sigma = estimate_noise(power)
    row, first, last, peak = _runs(power, center + snr * sigma, max_gap)
    order = np.lexsort((row, peak))
    row, first, last, peak = row[order], first[order], last[order], peak[order]
    columns = {
        "source_name": [header.source_name] * len(peak),
        "scan": np.zeros(len(peak), dtype=int),
        "tstart_mjd": header.tstart_mjd + row * header.tsamp_s / SECONDS_PER_DAY,
        "frequency_mhz": header.frequency_mhz(peak),
        "drift_hz_s": np.zeros(len(peak)),
        "snr": (power[row, peak] - center) / sigma,
        "width_hz": (last - first + 1) * header.foff_hz,
        "channel": peak,
        "path": [""] * len(peak),
    }
    return table(HITS, columns)


def false_alarms(n_samples: int, snr: float, n_averaged: int) -> FalseAlarms:
    """How many of ``n_samples`` values of pure noise to expect above a threshold.

    ``snr``, a number or an array, is the threshold in standard deviations above the mean.
    ``n_averaged`` is the number of squared moduli of complex voltages averaged in each value:
    integrations times polarisations.

    Returns
    -------
    FalseAlarms
        ``chi_squared``, the expected number under the distribution that noise power has, with
        2 ``n_averaged`` degrees of freedom; ``gaussian``, what a Gaussian of the same mean and
        standard deviation would give, which is too few: it has no tail towards high power.

    Raises
    ------
    SearchError
        Where ``n_samples`` is below 0 or ``n_averaged`` is not above 0.
    """
    if n_samples < 0:
        raise SearchError(f"false_alarms: expected n_samples of at least 0, found {n_samples}")
    if not 0 < n_averaged < np.inf:
        raise SearchError(f"false_alarms: expected n_averaged above 0, found {n_averaged}")
    from scipy.special import gammaincc, ndtr

    snr = np.asarray(snr, dtype=float)
    # Power is never negative: below zero lies no noise at all.
    threshold = np.maximum(n_averaged + snr * np.sqrt(n_averaged), 0)
    return FalseAlarms(n_samples * gammaincc(n_averaged, threshold), n_samples * ndtr(-snr))


def _measured(spectrogram, average_time):
    """The spectrogram to search, NaN where it is no measurement, and of how many integrations it is."""
    power = spectrogram.power.copy()
    strike_lost(power)
    if not np.isfinite(power).any():
        raise NoiseError(
            f"find_hits: expected noise that scatters, found no sample that is one among {power.size}: "
            "all are NaN, infinite, zero, or the same"
        )
    spectrogram = replace(spectrogram, power=power)
    if not average_time:
        return spectrogram, np.ones_like(power)
    n_measured = np.isfinite(power).sum(axis=0, keepdims=True)
    return spectrogram.average(n_time=spectrogram.header.n_time), n_measured


def _flat(spectrogram, n_coarse, block_chan):
    """Power with the bandpass divided out, or taken off where it is not above zero everywhere."""
    lowest = np.nanpercentile(spectrogram.power, 1)
    if not lowest <= 0:
        return flatten(spectrogram, n_coarse=n_coarse, block_chan=block_chan).power
    # Lifted above zero, the response is found as that of power is.
    lift = np.float64(np.nanmax(spectrogram.power)) - 2 * np.float64(np.nanmin(spectrogram.power))
    lifted = replace(spectrogram, power=spectrogram.power + lift)
    response = bandpass(lifted, n_coarse=n_coarse, block_chan=block_chan) - lift
    return spectrogram.power - response.astype(np.float32)


def _dc_channels(n_chan, n_coarse):
    """The two middle channels of each coarse channel.

    A transform puts 0 Hz just above the middle; a file whose channels descend has it just below.
    """
    size = n_chan // n_coarse
    starts = np.arange(n_coarse) * size
    return np.unique(np.concatenate([starts + (size - 1) // 2, starts + size // 2]))


def _runs(power, threshold, max_gap):
    """Row, first, last and strongest channel of each run of channels at or above ``threshold``."""
    row, channel = np.nonzero(power >= threshold)
    if len(row) == 0:
        return row, channel, channel, channel
    begins = np.concatenate([[True], (np.diff(row) != 0) | (np.diff(channel) > max_gap + 1)])
    starts = np.flatnonzero(begins)
    stops = np.append(starts[1:], len(row))
    values = power[row, channel]
    highest = np.repeat(np.maximum.reduceat(values, starts), stops - starts)
    # Of several channels that share the highest value, the first one.
    at_peak = np.flatnonzero(values == highest)
    peaks = at_peak[np.searchsorted(at_peak, starts)]
    return row[starts], channel[starts], channel[stops - 1], channel[peaks]
