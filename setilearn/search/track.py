"""How a hit's power goes with time: the same in all integrations, or in pulses."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from setilearn.search.levels import CELL, measure_levels, units_of
from setilearn.search.lost import strike_lost
from setilearn.spectrogram import Spectrogram
from setilearn.tracks import channel_in_scan


def track_kurtosis(spectrogram: Spectrogram, hits: pd.DataFrame) -> np.ndarray:
    """Excess kurtosis over time of the power along each hit's track: it tells pulses from a steady tone.

    1. In each integration, sum what the tone covers (`width_hz`), in standard deviations of the noise.
    2. Take the fourth moment about the mean of these n sums over the square of their variance, less 3.

    A steady tone has the kurtosis of the noise, 0 and for few integrations a little less: -6 / (n + 1). A
    tone that is on in a share p of the integrations has (1 - 6 p (1 - p)) / (p (1 - p)): -2 where it is on
    half of the time, 3 in 2 of 16 and 11 in 1 of 16, as far as it stands out of the noise.

    Parameters
    ----------
    spectrogram : Spectrogram
        In which the hits were found.
    hits : DataFrame
        Table of hits, as `search_drift` and `find_hits` return it.

    Returns
    -------
    numpy.ndarray
        float64, one number a hit; NaN where fewer than four integrations are measured.
    """
    found = np.full(len(hits), np.nan)
    for k, hit in enumerate(hits.itertuples()):
        power = _along(spectrogram, hit)
        if power.size >= 4 and power.std() > 0:
            apart = power - power.mean()
            found[k] = (apart**4).mean() / (apart**2).mean() ** 2 - 3
    return found


def _along(spectrogram, hit):
    """What the tone adds to each integration in standard deviations of the noise, as far as measured."""
    header = spectrogram.header
    middles = channel_in_scan(hit, header, np.arange(header.n_time) * header.tsamp_s) + 0.5
    half = max(hit.width_hz / header.foff_hz, 1.0) / 2
    first = max(math.floor(middles.min() - half) - CELL // 2, 0)
    power = spectrogram.power[:, first : math.ceil(middles.max() + half) + CELL // 2].copy()
    strike_lost(power)
    units = units_of(power, measure_levels(power), 0, power.shape[1])
    channels, sums = np.arange(power.shape[1]), np.empty(header.n_time)
    for t, middle in enumerate(middles - first):
        shares = np.minimum(middle + half, channels + 1) - np.maximum(middle - half, channels)
        sums[t] = (units[t, shares > 0] * shares[shares > 0]).sum() if (shares > 0).any() else np.nan
    return sums[np.isfinite(sums)]
