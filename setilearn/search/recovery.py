"""Injection and recovery: put known tones into data, search, and count which of them are found.

What a search misses cannot be seen in its table of hits. Tones of known strength, drift and place
("birdies") are added to the data, and the share that is found is the search's completeness.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import SearchError
from setilearn.noise import estimate_noise
from setilearn.simulate.tones import add_tone
from setilearn.spectrogram import HZ_PER_MHZ
from setilearn.tracks import carried_mhz

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from setilearn.spectrogram import Header, Spectrogram

# Beside its track, in channels, a lane leaves room for the skirts of the tone next door.
_LANE_MARGIN = 64
# How far a hit may lie from the tone's track, in channels, beyond what the tone sweeps in an integration.
_MATCH_CHANNELS = 2.0


def inject_tones(
    spectrogram: Spectrogram, *, snr: ArrayLike, drift_hz_s: ArrayLike, seed: int = 0
) -> tuple[Spectrogram, pd.DataFrame]:
    """Add tones of known strength and drift, each in a lane of the band of its own.

    Parameters
    ----------
    spectrogram : Spectrogram
        Noise, simulated or real, around one level.
    snr, drift_hz_s : float or array (n_tones,)
        Of each tone, as `setilearn.simulate.tones.add_tone` defines them: the signal-to-noise
        ratio is that of the same tone without drift, its power all in one channel.
    seed : int
        Where in its lane each tone begins.

    Returns
    -------
    Spectrogram
        A new one, with the tones.
    DataFrame
        One row a tone: ``frequency_mhz`` (in the middle of the first integration, as a hit's),
        ``drift_hz_s``, ``snr``.

    Raises
    ------
    SearchError
        Where a lane is too narrow for the track of its tone.
    """
    import pandas as pd

    header = spectrogram.header
    snr, drift_hz_s = np.broadcast_arrays(np.atleast_1d(snr).astype(float), drift_hz_s)
    lane = header.n_chan / len(snr)
    moved = drift_hz_s * header.duration_s / header.foff_hz
    free = lane - 2 * _LANE_MARGIN - np.abs(moved)
    if free.min() < 0:
        raise SearchError(
            f"inject_tones: expected lanes of {lane - free.min():.0f} channels or more, found {lane:.0f}: "
            f"fewer tones or more channels"
        )
    start = np.arange(len(snr)) * lane + _LANE_MARGIN + np.maximum(-moved, 0)
    start += np.random.default_rng(seed).uniform(size=len(snr)) * free
    start_mhz = header.band_mhz[0] + start * header.foff_hz / HZ_PER_MHZ
    power = snr * estimate_noise(spectrogram.power)[1] / math.sqrt(header.n_time)
    for tone in zip(start_mhz, drift_hz_s, power, strict=True):
        spectrogram = add_tone(spectrogram, tone[0], drift_hz_s=tone[1], power=tone[2])
    tones = pd.DataFrame({"frequency_mhz": start_mhz, "drift_hz_s": drift_hz_s, "snr": snr})
    return spectrogram, tones.assign(frequency_mhz=carried_mhz(tones, header.tsamp_s / 2))


def match_hits(tones: pd.DataFrame, hits: pd.DataFrame, header: Header) -> tuple[pd.DataFrame, int]:
    """Say of each injected tone which hit is its own.

    A hit is a tone's where both tracks are within two channels of each other, and what the tone
    sweeps in one integration, at the start *and* at the end of the observation. Of several hits
    the strongest counts; the others, too, are no false alarms.

    Parameters
    ----------
    tones : DataFrame
        As `inject_tones` returns it.
    hits : DataFrame
        Columns `setilearn.tables.HITS`.
    header : Header
        Of the data that were searched.

    Returns
    -------
    DataFrame
        ``tones`` with the columns ``found`` (bool) and ``hit_snr`` (NaN where not found).
    int
        How many hits belong to no tone: false alarms, where the data hold nothing else.
    """
    elapsed_s = (header.n_time - 1) * header.tsamp_s
    tracks = [_ends_hz(table, elapsed_s) for table in (tones, hits)]
    apart_hz = np.abs(tracks[0][:, None] - tracks[1][None]).max(axis=2)
    swept_hz = np.abs(tones["drift_hz_s"].to_numpy()) * header.tsamp_s
    own = apart_hz <= (_MATCH_CHANNELS * header.foff_hz + swept_hz)[:, None]
    snr = np.where(own, hits["snr"].to_numpy(), -np.inf).max(axis=1, initial=-np.inf)
    found = own.any(axis=1)
    return tones.assign(found=found, hit_snr=np.where(found, snr, np.nan)), int((~own.any(axis=0)).sum())


def _ends_hz(table, elapsed_s):
    """Frequency of each row at the start and ``elapsed_s`` later: ``(n_rows, 2)``."""
    return np.stack([carried_mhz(table, t_s).to_numpy() * HZ_PER_MHZ for t_s in (0.0, elapsed_s)], axis=1)


def completeness(values: ArrayLike, found: ArrayLike, edges: ArrayLike) -> pd.DataFrame:
    """Share of tones found in bins of a property, such as SNR or drift, with binomial uncertainty.

    Parameters
    ----------
    values : array (n_tones,)
        The property of each tone.
    found : bool array (n_tones,)
    edges : array (n_bins + 1,)
        Edges of the bins, ascending; a bin holds its lower edge. Tones outside are left out.

    Returns
    -------
    DataFrame
        One row a bin: ``low``, ``high``, ``n``, ``n_found``, ``share``, and the limits of its
        one-sigma interval ``share_low``, ``share_high`` after E. B. Wilson (1927, JASA 22, 209),
        which unlike sqrt(p (1 - p) / n) is neither zero wide where all or none are found, nor
        reaches beyond 0 and 1. Empty bins have NaN shares.

    Raises
    ------
    SearchError
        Where ``values`` and ``found`` differ in length, or ``edges`` do not ascend.
    """
    import pandas as pd
    from astropy.stats import binom_conf_interval
    from scipy.special import erf

    values, found, edges = np.asarray(values), np.asarray(found, dtype=bool), np.asarray(edges)
    if values.shape != found.shape:
        raise SearchError(
            f"completeness: expected as many found as values, found {found.size} and {values.size}"
        )
    if edges.size < 2 or not (np.diff(edges) > 0).all():
        raise SearchError(f"completeness: expected two edges or more that ascend, found {edges}")
    place = np.searchsorted(edges, values, side="right") - 1
    n = np.array([(place == k).sum() for k in range(edges.size - 1)])
    n_found = np.array([(found & (place == k)).sum() for k in range(edges.size - 1)])
    share = np.divide(n_found, n, out=np.full(n.size, np.nan), where=n > 0)
    low, high = np.full((2, n.size), np.nan)
    one_sigma = erf(1 / np.sqrt(2))
    low[n > 0], high[n > 0] = binom_conf_interval(n_found[n > 0], n[n > 0], one_sigma, interval="wilson")
    bins = {"low": edges[:-1], "high": edges[1:], "n": n, "n_found": n_found, "share": share}
    # Rounding must not put a share outside of its own interval, where all or none are found.
    return pd.DataFrame(bins | {"share_low": np.minimum(low, share), "share_high": np.maximum(high, share)})
