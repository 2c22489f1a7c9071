"""Scans in which each line is of a known kind, and a few oddities: what to try learning without labels on."""

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from setilearn.errors import SpectrogramError
from setilearn.observe.signals import add_intermittent_tone, add_squiggle
from setilearn.observe.simulate import draw_track, simulate_noise
from setilearn.observe.sky import PATTERN
from setilearn.observe.survey import simulate_survey
from setilearn.spectrogram import Spectrogram
from setilearn.telescope import FOFF_HZ
from setilearn.tracks import carried_mhz

N_TIME = 64
N_AVERAGED = 13  # spectra in an integration: 64 of them make a scan of 298 s, in which shapes can be seen
TSAMP_S = N_AVERAGED / FOFF_HZ
SIGMA = N_AVERAGED**-0.5  # of noise of mean 1, by the radiometer equation
LANE_CHANNELS = 256  # each line has so many to itself
FCH1_MHZ = 1500.0
BEACON = "beacon"
# The search adds up along straight lines: of what is none it sees less, and oddities are to be found.
ODD_STRENGTH = 2.0
TRUTH = ("source_name", "tstart_mjd", "frequency_mhz", "kind", "is_odd", "snr")
# Time through the scan, from 0 to 1: at the edges of the integrations, and in their middles.
EDGES = np.linspace(0, 1, N_TIME + 1)
MIDDLES = (EDGES[1:] + EDGES[:-1]) / 2
STILL = np.zeros(N_TIME + 1)


class KnownKinds(NamedTuple):
    """Scans with known lines: list of Spectrogram; the tables of observations and of the truth."""

    scans: list
    observations: "pandas.DataFrame"  # noqa: F821
    truth: "pandas.DataFrame"  # noqa: F821


def simulate_kinds(
    n_stars=50,
    *,
    lines_per_scan=3,
    n_odd=10,
    n_bunched=0,
    n_beacons=0,
    snr=(30.0, 300.0),
    oddities=None,
    seed=0,
):
    """Scans of stars in a narrow band in which every line is of a known kind, but for a few oddities.

    Each star has a cadence ABACAD (as in `setilearn.observe.survey.simulate_survey`). In each scan
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


def true_lines(hits, truth):
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
    ra, dec = np.radians(stars["ra_deg"].to_numpy()), np.radians(stars["dec_deg"].to_numpy())
    towards = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    return np.argsort(-(towards[:, place] @ towards), kind="stable")


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
        make = oddities[kind] if is_odd else KINDS.get(kind, _beacon)
        lanes.append(make(part, frequency_mhz, snr, rng).power)
        of_scan = observation.source_name, observation.tstart_mjd
        rows.append((*of_scan, frequency_mhz, kind, is_odd, snr))
    header = replace(scan.header, ra_deg=observation.ra_deg, dec_deg=observation.dec_deg)
    return Spectrogram(np.concatenate(lanes, axis=1), header), rows


def add_line(part, frequency_mhz, snr, track=STILL, *, width=1.0, light=1.0):
    """Part with a line added; ``track`` and ``width`` in channels, ``light`` its strength with time.

    Width and light may have a value for each integration. ``snr`` is that of the sum weighted by the
    line itself: the square root of the sum of (power in a channel / sigma)^2.
    """
    width, light = (np.broadcast_to(values, N_TIME).astype(float) for values in (width, light))
    swept = np.hypot(width, np.diff(track))  # what drifts is spread over the channels that it crosses
    power = snr * SIGMA * light / math.sqrt((light**2 / np.maximum(swept, 1)).sum())
    foff_hz = part.header.foff_hz
    track_hz, width_hz = np.asarray(track) * foff_hz, np.where(width > 1, width, 0) * foff_hz
    if np.ptp(width) == 0:
        return draw_track(part, frequency_mhz, track_hz, power, width_hz[0])
    for row in range(N_TIME):
        only = np.where(np.arange(N_TIME) == row, power, 0)
        part = draw_track(part, frequency_mhz, track_hz, only, width_hz[row])
    return part


def _either(rng, low, high):
    """A number between ``low`` and ``high``, or its negative."""
    return rng.choice([-1, 1]) * rng.uniform(low, high)


# Kinds of interference. Moves and widths are in channels; a lane has room for moves of 50 to either side.


def _carrier(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr)


def _drifting(part, frequency_mhz, snr, rng):
    moved, bent = _either(rng, 12, 100), rng.normal(0, 1)
    return add_line(part, frequency_mhz, snr, moved * (EDGES - 0.5) + bent * (EDGES - 0.5) ** 2)


def _comb(part, frequency_mhz, snr, rng):
    n_side, gap, side = rng.integers(2, 5), rng.uniform(5, 9), rng.uniform(0.5, 0.8)
    return _lines(part, frequency_mhz, snr, STILL, np.arange(-n_side, n_side + 1) * gap, side)


def _lines(part, frequency_mhz, snr, track, places, side):
    for place in places:
        part = add_line(part, frequency_mhz, snr * (side if place else 1), track + place)
    return part


def _intermittent(part, frequency_mhz, snr, rng):
    on_s, off_s = rng.uniform(20, 50, 2)
    snr *= math.sqrt(1 + off_s / on_s)  # counted as if it were always on
    return add_intermittent_tone(
        part, frequency_mhz, on_s=on_s, off_s=off_s, snr=snr, seed=rng.integers(2**32)
    )


def _squiggle(part, frequency_mhz, snr, rng):
    step_hz = rng.uniform(2, 5)
    return add_squiggle(part, frequency_mhz, step_hz=step_hz, snr=1.5 * snr, seed=rng.integers(2**32))


def _burst(part, frequency_mhz, snr, rng):
    length = rng.integers(3, 8)
    start = rng.integers(5, N_TIME - length - 5)
    light = (np.arange(N_TIME) >= start) & (np.arange(N_TIME) < start + length)
    return add_line(part, frequency_mhz, 2 * snr, width=rng.uniform(12, 40), light=light)


def _wide(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr, width=rng.uniform(12, 40))


KINDS = {
    "carrier": _carrier,
    "drifting": _drifting,
    "comb": _comb,
    "intermittent": _intermittent,
    "squiggle": _squiggle,
    "burst": _burst,
    "wide": _wide,
}


def _beacon(part, frequency_mhz, snr, rng):
    light = np.arange(N_TIME) // rng.integers(3, 5) % 2 == 0
    return add_line(part, frequency_mhz, snr, _either(rng, 20, 60) * (EDGES - 0.5), light=light)


# Oddities


def _arc(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr, _either(rng, 120, 200) * ((EDGES - 0.5) ** 2 - 0.125))


def _bend(part, frequency_mhz, snr, rng):
    turn = rng.uniform(0.35, 0.65)
    return add_line(part, frequency_mhz, snr, _either(rng, 60, 100) * (np.abs(EDGES - turn) - 0.25))


def _sine(part, frequency_mhz, snr, rng):
    phase = 2 * np.pi * (rng.uniform(1.5, 3) * EDGES + rng.uniform())
    return add_line(part, frequency_mhz, snr, rng.uniform(8, 16) * np.sin(phase))


def _cross(part, frequency_mhz, snr, rng):
    track = rng.uniform(30, 70) * (EDGES - 0.5)
    return add_line(add_line(part, frequency_mhz, snr, track), frequency_mhz, snr, -track)


def _hops(part, frequency_mhz, snr, rng):
    for step, place in enumerate(rng.permutation(8)):
        light = np.arange(N_TIME) // (N_TIME // 8) == step
        part = add_line(part, frequency_mhz, snr / math.sqrt(8), STILL + 8.0 * place - 28, light=light)
    return part


def _fork(part, frequency_mhz, snr, rng):
    track = rng.uniform(40, 70) * np.maximum(EDGES - 0.4, 0)
    return add_line(add_line(part, frequency_mhz, snr, track), frequency_mhz, snr, -track)


def _drifting_comb(part, frequency_mhz, snr, rng):
    track, gap = _either(rng, 25, 60) * (EDGES - 0.5), rng.uniform(7, 10)
    return _lines(part, frequency_mhz, snr, track, np.arange(-2, 3) * gap, 0.8)


def _swell(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr, light=MIDDLES**2)


def _cone(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr, width=1 + rng.uniform(40, 60) * MIDDLES)


def _ring(part, frequency_mhz, snr, rng):
    height = np.clip((EDGES - 0.5) / 0.4, -1, 1)
    track = rng.uniform(18, 28) * np.sqrt(1 - height**2)
    light = np.abs(MIDDLES - 0.5) < 0.4
    return add_line(
        add_line(part, frequency_mhz, snr, track, light=light), frequency_mhz, snr, -track, light=light
    )


ODDITIES = {
    "arc": _arc,
    "bend": _bend,
    "sine": _sine,
    "cross": _cross,
    "hops": _hops,
    "fork": _fork,
    "drifting comb": _drifting_comb,
    "swell": _swell,
    "cone": _cone,
    "ring": _ring,
}
