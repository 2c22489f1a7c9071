"""Scans in which each line is of a known kind, and a few oddities: what to try learning without labels on."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from setilearn.errors import SpectrogramError
from setilearn.simulate.cadence import PATTERN
from setilearn.simulate.line_kinds import (
    BEACON,
    KINDS,
    LANE_CHANNELS,
    N_TIME,
    ODD_STRENGTH,
    ODDITIES,
    TSAMP_S,
    add_beacon,
)
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.survey import simulate_survey
from setilearn.spectrogram import Spectrogram
from setilearn.tracks import carried_mhz

if TYPE_CHECKING:
    import pandas as pd

FCH1_MHZ = 1500.0
TRUTH = ("source_name", "tstart_mjd", "frequency_mhz", "kind", "is_odd", "snr")


class KnownKinds(NamedTuple):
    """Scans with known lines: list of Spectrogram; the tables of observations and of the truth."""

    scans: list
    observations: pandas.DataFrame  # noqa: F821
    truth: pandas.DataFrame  # noqa: F821


def simulate_kinds(
    n_stars: int = 50,
    *,
    lines_per_scan: int = 3,
    n_odd: int = 10,
    n_bunched: int = 0,
    n_beacons: int = 0,
    snr: tuple[float, float] = (30.0, 300.0),
    oddities: dict | None = None,
    seed: int = 0,
) -> KnownKinds:
    """Scans of stars in a narrow band in which every line is of a known kind, but for a few oddities.

    Each star has a cadence ABACAD (as in `setilearn.simulate.survey.simulate_survey`). In each scan
    every line has a lane of 256 channels and is of one of the `KINDS`, as a die falls; no kind cares
    where the telescope points. Strength, drift, width and the rest are drawn anew for each line.

    Parameters
    ----------
    n_stars, lines_per_scan : int
        There are ``6 * n_stars * lines_per_scan`` lines in all, at least two in a scan.
    n_odd : int
        How many of them are oddities instead, of the ``oddities`` one after the other, at most one a scan.
    n_bunched : int
        How many of the oddities come from one region of the sky: each from another of the stars that are
        nearest to some star. The others are anywhere.
    n_beacons : int
        In so many stars one line of each ON scan is a beacon: narrow, drifting, on and off by turns.
    snr : (float, float)
        Range of the signal-to-noise ratio of the sum matched to the line, drawn evenly in its logarithm.
    oddities : dict, optional
        Other oddities than the `ODDITIES`: name -> function of (spectrogram of a lane, frequency_mhz, snr,
        rng) that returns the spectrogram with the oddity added, say by `add_line`.
    seed : int

    Returns
    -------
    KnownKinds
        ``scans``, list of Spectrogram ``(64, 256 * lines_per_scan)``; ``observations``, columns
        `setilearn.tables.OBSERVATIONS`, a row a scan; ``truth``, a row a line: source_name and
        tstart_mjd of its scan, frequency_mhz of its middle, kind, is_odd, snr.

    Raises
    ------
    SpectrogramError
        Where there are fewer scans than oddities, or fewer stars than beacons or bunched oddities.
    """
    if lines_per_scan < 2:
        raise SpectrogramError(f"lines_per_scan: expected at least 2, found {lines_per_scan}")
    survey = simulate_survey(n_stars, hits_per_scan=1.0, n_signals=0, n_near_misses=0, seed=seed)
    observations = survey.observations.assign(scan=0)  # as the search calls what has no file
    if not (0 <= n_bunched <= min(n_odd, n_stars) and n_odd <= 6 * n_stars and 0 <= n_beacons <= n_stars):
        raise SpectrogramError(
            f"simulate_kinds: expected n_bunched up to n_odd up to {6 * n_stars} scans, and n_bunched and "
            f"n_beacons up to {n_stars} stars, found {n_bunched}, {n_odd} and {n_beacons}"
        )
    rng = np.random.default_rng(seed)
    oddities = ODDITIES if oddities is None else oddities
    kinds = _choose_kinds(observations, lines_per_scan, list(oddities), (n_odd, n_bunched, n_beacons), rng)
    scans, rows = [], []
    for observation, of_lanes in zip(observations.itertuples(), kinds, strict=True):
        scan, lines = _drawn(observation, of_lanes, oddities, snr, rng)
        scans.append(scan)
        rows += lines
    import pandas as pd

    return KnownKinds(scans, observations, pd.DataFrame(rows, columns=list(TRUTH)))


def true_lines(hits: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """The line of the truth that each hit is of: the rows of ``truth``, in the order of ``hits``.

    That is the line of the same scan nearest to the hit in the middle of the scan. The index tells
    which row of ``truth`` it is: hits with the same label are of the same line.
    """
    import pandas as pd

    middle_mhz = carried_mhz(hits, N_TIME * TSAMP_S / 2)
    lines_of = truth.groupby(["source_name", "tstart_mjd"])
    labels = []
    for source_name, tstart_mjd, mhz in zip(hits["source_name"], hits["tstart_mjd"], middle_mhz, strict=True):
        lines = lines_of.get_group((source_name, tstart_mjd))
        labels.append((lines["frequency_mhz"] - mhz).abs().idxmin())
    return truth.loc[pd.Index(labels, dtype=truth.index.dtype)]


def _choose_kinds(observations, lines_per_scan, names, numbers, rng):
    """Kind of each lane of each scan, ``(n_scans, lines_per_scan)`` of texts."""
    n_odd, n_bunched, n_beacons = numbers
    n_scans, n_stars = len(observations), len(observations) // len(PATTERN)
    kinds = rng.choice(np.array(list(KINDS), dtype=object), (n_scans, lines_per_scan))
    scans_of = rng.permuted(np.arange(n_scans).reshape(n_stars, -1), axis=1)
    nearest = _nearest_stars(observations[:: len(PATTERN)], rng.integers(n_stars))
    bunched = scans_of[nearest[:n_bunched], 0]
    anywhere = rng.permutation(np.setdiff1d(np.arange(n_scans), bunched))[: n_odd - n_bunched]
    for k, scan in enumerate(rng.permutation(np.concatenate([bunched, anywhere]))):
        kinds[scan, 0] = names[k % len(names)]
    on = np.flatnonzero([at == "A" for at in PATTERN])
    for star in rng.permutation(n_stars)[:n_beacons]:
        kinds[star * len(PATTERN) + on, -1] = BEACON
    return rng.permuted(kinds, axis=1)


def _nearest_stars(stars, place):
    """Places of all stars, by their distance on the sky from the one at ``place``."""
    from astropy.coordinates import SkyCoord

    stars = SkyCoord(stars["ra_deg"], stars["dec_deg"], unit="deg")
    return np.argsort(stars[place].separation(stars), kind="stable")


def _drawn(observation, kinds, oddities, snr_range, rng):
    """One scan, and the rows of the truth that tell what is in it."""
    scan = simulate_noise(
        N_TIME,
        LANE_CHANNELS * len(kinds),
        fch1_mhz=FCH1_MHZ,
        tsamp_s=TSAMP_S,
        tstart_mjd=observation.tstart_mjd,
        source_name=observation.source_name,
        seed=rng.integers(2**63),
    )
    lanes, rows = [], []
    for lane, kind in enumerate(kinds):
        part = scan[:, lane * LANE_CHANNELS : (lane + 1) * LANE_CHANNELS]
        frequency_mhz = float(part.header.frequency_mhz(LANE_CHANNELS / 2 + rng.uniform(-10, 10)))
        is_odd = kind in oddities
        snr = math.exp(rng.uniform(*np.log(snr_range))) * (ODD_STRENGTH if is_odd else 1)
        make = oddities[kind] if is_odd else KINDS.get(kind, add_beacon)
        lanes.append(make(part, frequency_mhz, snr, rng).power)
        of_scan = observation.source_name, observation.tstart_mjd
        rows.append((*of_scan, frequency_mhz, kind, is_odd, snr))
    header = replace(scan.header, ra_deg=observation.ra_deg, dec_deg=observation.dec_deg)
    return Spectrogram(np.concatenate(lanes, axis=1), header), rows
