"""A simulated survey: the hits of hundreds of stars in a band as full as the real one, and what hides in it.

The hits are made directly, as the drift search would have written them; for any cadence and a narrow part
of the band the same sky can be had as spectrograms (`survey_scans`), in which the search finds them.
"""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from setilearn.errors import SpectrogramError
from setilearn.observe.bands import L_BAND_MHZ, NOTCH_MHZ
from setilearn.observe.simulate import add_tone, simulate_noise
from setilearn.observe.sky import GAP_S, PATTERN
from setilearn.spectrogram import HZ_PER_MHZ, SECONDS_PER_DAY, Spectrogram
from setilearn.tables import HITS, OBSERVATIONS, table
from setilearn.telescope import FOFF_HZ, TSAMP_S

N_TIME = 16
THRESHOLD_SNR = 10.0
MAX_DRIFT_HZ_S = 4.0
# Scatter of what a search reports, around what is there.
FREQUENCY_ERROR_HZ, DRIFT_ERROR_HZ_S = 0.2 * FOFF_HZ, 0.002
# How loud one transmitter comes in from the side depends on where the telescope points.
POINTING_SCATTER_DEX, SCAN_SCATTER_DEX = 0.3, 0.1
# In the last hours of 2015, when the local sidereal time at Green Bank, 79.84 degrees west, was 0: each star
# is observed about when it is highest.
FIRST_MJD = 57387.9437
SIDEREAL_DAY_S = 86164.1
SLOT_S = 2000.0  # of a cadence, with the move to the next star
LOWEST_DEC_DEG = -30.0  # 22 degrees above the southern horizon at its highest
OFF_SEPARATION_DEG = (5.0, 10.0)
# Where the geostationary satellites are, seen from Green Bank, and how near the telescope has to point.
BELT_DEC_DEG, BELT_HALF_WIDTH_DEG = -6.1, 2.0
# What is planted has at least this much of the band to either side for itself.
QUIET_HZ = 8000.0
TRUTH = (
    "kind",
    "source_name",
    "cadence",
    "tstart_mjd",
    "frequency_mhz",
    "drift_hz_s",
    "snr",
    "n_on",
    "n_off",
    "n_other",
)


class _Emitters(NamedTuple):
    """Transmitters of one kind: where, how they move, and how many hits a scan has of them.

    Each is on in a share ``duty`` of the scans, and about ``10**log_snr`` strong, both drawn from the
    range. Codes and noise have no carriers: each of their hits is anywhere in the range.
    """

    origin: str
    low_mhz: float
    high_mhz: float
    motion: str
    hits_per_scan: float
    duty: tuple
    log_snr: tuple


class _Motion(NamedTuple):
    """How the frequency of a transmitter is shifted when it is heard: within what, and how it drifts."""

    shift_hz: tuple
    drift_hz_s: tuple
    change_hz_s2: tuple
    of_each_scan: bool = False  # else one track through the cadence


_STILL = (0.0, 0.0)
# Shift and drift of a satellite are those of its speed and acceleration along the line of sight; one in a
# low orbit is within +-4 Hz/s only near the horizon, and another is there in the next scan.
_MOTIONS = {
    "ground": _Motion((-50.0, 50.0), _STILL, _STILL),
    "aircraft": _Motion((-1200.0, 1200.0), (-0.5, 0.5), (-1e-4, 1e-4)),
    "medium orbit": _Motion((-5000.0, 5000.0), (-0.8, -0.05), (-5e-5, 5e-5)),
    "low orbit": _Motion((-38e3, 38e3), (-MAX_DRIFT_HZ_S, -0.3), _STILL, of_each_scan=True),
}
_CODE, _NOISE, _BELT = "code", "noise", "geostationary belt"
_EMITTERS = (
    _Emitters("DME and TACAN beacons", 1100.0, 1164.0, "aircraft", 7.0, (0.05, 0.4), (1.0, 4.0)),
    _Emitters("GPS L5 code", 1166.22, 1186.68, _CODE, 5.0, (), (1.0, 4.0)),
    _Emitters("air route radar", 1330.0, 1350.0, "ground", 4.0, (0.3, 0.9), (1.2, 5.0)),
    _Emitters("radiolocation", 1350.0, 1390.0, "ground", 4.0, (0.1, 0.7), (1.0, 4.5)),
    _Emitters("aeronautical telemetry", 1435.0, 1525.0, "aircraft", 3.0, (0.02, 0.2), (1.0, 3.0)),
    _Emitters("geostationary downlinks", 1525.0, 1559.0, "ground", 11.0, (0.9, 1.0), (1.5, 5.5)),
    _Emitters(_BELT, 1525.0, 1559.0, "ground", 5.0, (0.85, 0.98), (1.1, 2.0)),
    _Emitters("GPS L1 code", 1565.19, 1585.65, _CODE, 13.0, (), (1.0, 5.5)),
    _Emitters("GLONASS L1", 1598.06, 1605.38, "medium orbit", 4.0, (0.2, 0.6), (1.0, 3.5)),
    _Emitters("Iridium", 1616.0, 1626.5, "low orbit", 3.0, (0.1, 0.5), (1.0, 4.0)),
    _Emitters("weather satellites", 1675.0, 1695.0, "ground", 2.0, (0.9, 1.0), (1.0, 3.0)),
    _Emitters("weather satellites", 1698.0, 1710.0, "low orbit", 0.5, (0.02, 0.1), (1.0, 3.0)),
    _Emitters("mobile telephones", 1710.0, 1780.0, "ground", 1.0, (0.02, 0.1), (1.0, 2.5)),
    _Emitters("mobile telephones", 1850.0, 1900.0, "ground", 1.0, (0.02, 0.1), (1.0, 2.5)),
    _Emitters("the observatory itself", *L_BAND_MHZ, "ground", 2.0, (0.7, 1.0), (1.0, 2.5)),
    _Emitters("sporadic transmitters", *L_BAND_MHZ, "ground", 1.2, (0.005, 0.03), (1.0, 3.0)),
    _Emitters(_NOISE, *L_BAND_MHZ, _NOISE, 1.0, (), (1.0, 1.0)),
)
# In which scans of its cadence a planted thing is, whether it drifts, and in how many other stars it is.
_PLANTED = {
    "signal": ((0, 2, 4), True, 0),
    "also in OFF": ((0, 1, 2, 4), True, 0),
    "in one ON only": ((2,), True, 0),
    "no drift": ((0, 2, 4), False, 0),
    "in other stars": ((0, 2, 4), True, 1),
}


@dataclass(frozen=True, eq=False)
class Survey:
    """A simulated survey: four tables.

    ``hits``: columns `setilearn.tables.HITS`, by scan and frequency.
    ``observations``: columns `setilearn.tables.OBSERVATIONS`, a row a scan, also where it has no hit.
    ``truth``: what was planted, a row each (`simulate_survey`).
    ``origins``: for each hit what made it, a Series of texts with the index of ``hits``.
    """

    hits: "pandas.DataFrame"  # noqa: F821
    observations: "pandas.DataFrame"  # noqa: F821
    truth: "pandas.DataFrame"  # noqa: F821
    origins: "pandas.Series"  # noqa: F821


def simulate_survey(n_stars=701, *, hits_per_scan=60.0, n_signals=5, n_near_misses=3, seed=0):
    """Hits of a survey from 1.1 to 1.9 GHz with the Green Bank Telescope, and what is hidden in them.

    Each star, anywhere on the sky above declination -30, has one cadence ABACAD when it is about
    highest. Into the band come the interferers of the real one (`setilearn.observe.bands.known_bands`):
    transmitters on the ground that keep their frequency, always on or now and then; aircraft and
    satellites, whose frequency is shifted and drifts; the wide codes of navigation satellites; weak
    carriers of geostationary satellites, heard only where the telescope points near to them; and
    what noise alone lifts above the threshold of 10. Nothing comes through the notch filter from 1.2 to
    1.33 GHz. What is heard in one cadence keeps to one track through its scans, so that
    `setilearn.search.cadence.filter_cadence` works on these hits as on real ones.

    Parameters
    ----------
    n_stars : int
    hits_per_scan : float
        How full the band is: there are about so many transmissions in a scan, some too faint to be hits.
        With 701 stars the default gives some 230,000 hits, 1000 some 3.7 million.
    n_signals : int
        How many signals are hidden: each in one star, in all ONs and no OFF, with a drift of 0.1 to
        2 Hz/s and an SNR of 15 to 60.
    n_near_misses : int
        How many of each kind of impostor there are: ``also in OFF`` (in one of them), ``in one ON
        only``, ``no drift``, ``in other stars`` (in one of them).
    seed : int

    Returns
    -------
    Survey
        Its truth has a row for each thing planted: kind (``signal`` or that of the near miss), source_name
        and cadence of its star, tstart_mjd, frequency_mhz and drift_hz_s in the first scan it is in, snr,
        and in how many ONs, OFFs and other stars it is (n_on, n_off, n_other).

    Raises
    ------
    SpectrogramError
        Where there are fewer stars than things to plant, or the band is too full to hide anything.
    """
    rng = np.random.default_rng(seed)
    observations = _schedule(n_stars, rng)
    sky = _Sky(observations)
    scale = hits_per_scan / sum(emitters.hits_per_scan for emitters in _EMITTERS)
    parts = [_heard(_emitted(emitters, sky, scale, rng), rng) for emitters in _EMITTERS]
    planted, truth = _plant(observations, sky, np.concatenate(parts), (n_signals, n_near_misses), rng)
    parts += planted
    origins = [emitters.origin for emitters in _EMITTERS] + truth["kind"].to_list()
    origin = np.repeat(np.arange(len(parts), dtype=np.int16), [len(part) for part in parts])
    return _survey(np.concatenate(parts), origin, origins, observations, truth)


_FOUND = np.dtype([("scan", "i8"), ("frequency_mhz", "f8"), ("drift_hz_s", "f8"), ("snr", "f8")])


def _found(scan, frequency_mhz, drift_hz_s, snr):
    """Hits as one structured array; ``scan`` is the row of the observation."""
    found = np.empty(len(scan), _FOUND)
    found["scan"], found["frequency_mhz"] = scan, frequency_mhz
    found["drift_hz_s"], found["snr"] = drift_hz_s, snr
    return found


class _Sky:
    """When and where the telescope looked, as arrays over the scans."""

    def __init__(self, observations):
        self.n = len(observations)
        self.cadence = np.arange(self.n) // len(PATTERN)
        start_s = (observations["tstart_mjd"].to_numpy() - FIRST_MJD) * SECONDS_PER_DAY
        self.t_s = start_s - start_s[:: len(PATTERN)][self.cadence]  # since the cadence began
        self.near_belt = np.abs(observations["dec_deg"].to_numpy() - BELT_DEC_DEG) < BELT_HALF_WIDTH_DEG


# The telescope


def _schedule(n_stars, rng):
    """The table of observations: a cadence for each star, at about the time when it is highest."""
    n_days = math.ceil(n_stars * SLOT_S / SIDEREAL_DAY_S)
    # Each day takes every n-th star in the order in which they cross the meridian.
    day, slot = np.arange(n_stars) % n_days, np.arange(n_stars) // n_days
    in_time = np.lexsort([slot, day])
    starts_s = (day * SIDEREAL_DAY_S + slot * SLOT_S)[in_time]
    ra_deg = np.sort(rng.uniform(0, 360, n_stars))[in_time]
    dec_deg = np.degrees(np.arcsin(rng.uniform(math.sin(math.radians(LOWEST_DEC_DEG)), 1, n_stars)))
    steps_s = N_TIME * TSAMP_S + rng.uniform(*GAP_S, (n_stars, len(PATTERN) - 1))
    starts_s = starts_s[:, None] + np.pad(np.cumsum(steps_s, axis=1), ((0, 0), (1, 0)))
    ra_deg, dec_deg = _pointings(ra_deg, dec_deg, rng)
    names = [f"simulated {star + 1:03d}" for star in range(n_stars)]
    columns = {
        "source_name": [name if at == "A" else f"{name} {at}" for name in names for at in PATTERN],
        "scan": np.arange(n_stars * len(PATTERN)) + 1,
        "tstart_mjd": FIRST_MJD + starts_s.ravel() / SECONDS_PER_DAY,
        "path": "",
        "ra_deg": ra_deg.ravel(),
        "dec_deg": dec_deg.ravel(),
        "cadence": np.repeat(names, len(PATTERN)),
        "position": ["ON" if at == "A" else "OFF" for at in PATTERN] * n_stars,
    }
    return table(OBSERVATIONS, columns)


def _pointings(ra_deg, dec_deg, rng):
    """Right ascension and declination of each scan, ``(n_stars, 6)``: OFF is some degrees beside the star."""
    is_off = np.array([at != "A" for at in PATTERN])
    shape = (len(ra_deg), len(PATTERN))
    away = np.radians(rng.uniform(*OFF_SEPARATION_DEG, shape)) * is_off
    angle = rng.uniform(0, 2 * np.pi, shape)
    ra, dec = np.radians(ra_deg)[:, None], np.radians(dec_deg)[:, None]
    # From the star along a great circle: the sides and angles of the triangle with the pole.
    sin_dec = np.sin(dec) * np.cos(away) + np.cos(dec) * np.sin(away) * np.cos(angle)
    turn = np.arctan2(np.sin(angle) * np.sin(away) * np.cos(dec), np.cos(away) - np.sin(dec) * sin_dec)
    return np.degrees(ra + turn) % 360, np.degrees(np.arcsin(np.clip(sin_dec, -1, 1)))


# The interferers


def _emitted(emitters, sky, scale, rng):
    """What comes from these transmitters, heard or not."""
    if emitters.motion in (_CODE, _NOISE):
        return _without_carriers(emitters, sky, scale, rng)
    n_carriers = max(1, round(emitters.hits_per_scan * scale / np.mean(emitters.duty)))
    carrier, scan = _when_on(rng.uniform(*emitters.duty, n_carriers), sky, emitters.origin == _BELT, rng)
    motion = _MOTIONS[emitters.motion]
    if motion.of_each_scan:
        track, t_s = np.arange(scan.size), np.zeros(scan.size)
    else:
        track = np.unique(carrier * sky.n + sky.cadence[scan], return_inverse=True)[1]
        t_s = sky.t_s[scan]
    n_tracks = track.max(initial=-1) + 1
    shift_hz, start_hz_s, change_hz_s2 = (rng.uniform(*limits, n_tracks)[track] for limits in motion[:3])
    shift_hz += start_hz_s * t_s + change_hz_s2 * t_s**2 / 2
    frequency_mhz = rng.uniform(emitters.low_mhz, emitters.high_mhz, n_carriers)[carrier]
    lowest, highest = emitters.log_snr
    log_snr = (lowest + (highest - lowest) * rng.random(n_carriers) ** 2)[carrier]  # most are faint
    for scatter_dex, of in ((POINTING_SCATTER_DEX, track), (SCAN_SCATTER_DEX, np.arange(scan.size))):
        log_snr += scatter_dex * rng.standard_normal(of.max(initial=-1) + 1)[of]
    return _found(scan, frequency_mhz + shift_hz / HZ_PER_MHZ, start_hz_s + change_hz_s2 * t_s, 10**log_snr)


def _without_carriers(emitters, sky, scale, rng):
    """Codes, dense and strong in the middle of their range, and noise, anywhere and at the threshold."""
    scan = np.repeat(np.arange(sky.n), rng.poisson(emitters.hits_per_scan * scale, sky.n))
    middle_mhz = (emitters.low_mhz + emitters.high_mhz) / 2
    if emitters.motion == _NOISE:
        frequency_mhz = rng.uniform(emitters.low_mhz, emitters.high_mhz, scan.size)
        snr = THRESHOLD_SNR + rng.exponential(0.3, scan.size)
    else:
        frequency_mhz = rng.triangular(emitters.low_mhz, middle_mhz, emitters.high_mhz, scan.size)
        strength = 1 - np.abs(frequency_mhz - middle_mhz) / (emitters.high_mhz - middle_mhz)
        lowest, highest = emitters.log_snr
        snr = 10 ** (lowest + (highest - lowest) * strength * rng.random(scan.size))
    return _found(scan, frequency_mhz, rng.uniform(-MAX_DRIFT_HZ_S, MAX_DRIFT_HZ_S, scan.size), snr)


def _when_on(duties, sky, is_belt, rng):
    """Carrier and scan of each hit: every scan is a coin that falls for a carrier with its duty."""
    heard = sky.near_belt if is_belt else np.ones(sky.n, dtype=bool)
    scans = [np.flatnonzero((rng.random(sky.n, dtype=np.float32) < duty) & heard) for duty in duties]
    return np.repeat(np.arange(len(duties)), [len(on) for on in scans]), np.concatenate(scans)


def _heard(found, rng):
    """What passes the receiver, the threshold and the search, as they report it."""
    n = len(found)
    found = found.copy()
    found["frequency_mhz"] += FREQUENCY_ERROR_HZ / HZ_PER_MHZ * rng.standard_normal(n)
    drifts = found["drift_hz_s"] != 0  # a tone at rest is reported with a drift of exactly 0
    found["drift_hz_s"] += np.where(drifts, DRIFT_ERROR_HZ_S * rng.standard_normal(n), 0)
    frequency_mhz = found["frequency_mhz"]
    in_band = (frequency_mhz >= L_BAND_MHZ[0]) & (frequency_mhz <= L_BAND_MHZ[1])
    in_notch = (frequency_mhz >= NOTCH_MHZ[0]) & (frequency_mhz <= NOTCH_MHZ[1])
    searched = (found["snr"] >= THRESHOLD_SNR) & (np.abs(found["drift_hz_s"]) <= MAX_DRIFT_HZ_S)
    return found[in_band & ~in_notch & searched]


# What is hidden


def _plant(observations, sky, found, numbers, rng):
    """Hits of each thing planted, a list of arrays, and the table of the truth."""
    import pandas as pd

    n_signals, n_near_misses = numbers
    kinds = [kind for kind in _PLANTED for _ in range(n_signals if kind == "signal" else n_near_misses)]
    n_stars = sky.n // len(PATTERN)
    if n_stars <= len(kinds):
        raise SpectrogramError(
            f"simulate_survey: expected more stars than the {len(kinds)} things to plant, found {n_stars}"
        )
    stars = rng.choice(n_stars, len(kinds) + 1, replace=False)
    frequencies_mhz = _quiet_frequencies(found["frequency_mhz"], len(kinds), rng)
    planted, rows = [], []
    for kind, star, frequency_mhz in zip(kinds, stars[:-1], frequencies_mhz, strict=True):
        hits = _thing(kind, star, frequency_mhz, sky, rng)
        elsewhere = hits[:0].copy()
        if _PLANTED[kind][2]:
            elsewhere = hits[:1].copy()
            elsewhere["scan"] = len(PATTERN) * stars[-1]
        planted.append(_heard(np.concatenate([hits, elsewhere]), rng))
        rows.append(_truth(kind, hits, observations))
    return planted, pd.DataFrame(rows, columns=list(TRUTH))


def _thing(kind, star, frequency_mhz, sky, rng):
    """Its hits in the scans of its star, on one track that starts at this frequency."""
    places, drifts, _ = _PLANTED[kind]
    scan = star * len(PATTERN) + np.array(places)
    drift_hz_s = drifts * rng.choice([-1, 1]) * rng.uniform(0.1, 2.0)
    change_hz_s2 = drifts * rng.uniform(-1e-5, 1e-5)
    t_s = sky.t_s[scan]
    moved_hz = drift_hz_s * t_s + change_hz_s2 * t_s**2 / 2
    snr = 10 ** (rng.uniform(*np.log10([15, 60])) + rng.uniform(-0.05, 0.05, scan.size))
    return _found(scan, frequency_mhz + moved_hz / HZ_PER_MHZ, drift_hz_s + change_hz_s2 * t_s, snr)


def _truth(kind, hits, observations):
    seen = observations.iloc[hits["scan"]]
    first = observations.iloc[hits["scan"][0] // len(PATTERN) * len(PATTERN)]
    return {
        "kind": kind,
        "source_name": first["source_name"],
        "cadence": first["cadence"],
        "tstart_mjd": seen["tstart_mjd"].iloc[0],
        "frequency_mhz": hits["frequency_mhz"][0],
        "drift_hz_s": hits["drift_hz_s"][0],
        "snr": hits["snr"].max(),
        "n_on": int((seen["position"] == "ON").sum()),
        "n_off": int((seen["position"] == "OFF").sum()),
        "n_other": _PLANTED[kind][2],
    }


def _quiet_frequencies(taken_mhz, n, rng):
    """Frequencies in MHz with nothing else near them, one another included."""
    edges_mhz = [*L_BAND_MHZ, *np.linspace(*NOTCH_MHZ, 100_000)]
    taken_mhz = np.sort(np.concatenate([taken_mhz, edges_mhz]))
    quiet_mhz = QUIET_HZ / HZ_PER_MHZ
    candidates_mhz = rng.uniform(*L_BAND_MHZ, 100_000)
    above = np.searchsorted(taken_mhz, candidates_mhz).clip(1, taken_mhz.size - 1)
    free = (candidates_mhz - taken_mhz[above - 1] > quiet_mhz) & (
        taken_mhz[above] - candidates_mhz > quiet_mhz
    )
    chosen = []
    for frequency_mhz in candidates_mhz[free]:
        if len(chosen) < n and all(abs(frequency_mhz - other) > 2 * quiet_mhz for other in chosen):
            chosen.append(frequency_mhz)
    if len(chosen) < n:
        raise SpectrogramError(
            f"simulate_survey: expected {n} gaps of {2 * QUIET_HZ / 1e3:.0f} kHz in the band to hide things "
            f"in, found {len(chosen)}: take fewer hits_per_scan"
        )
    return chosen


# The tables


def _survey(found, origin, origins, observations, truth):
    import pandas as pd

    names, code_of = np.unique(origins, return_inverse=True)

    order = np.lexsort([found["frequency_mhz"], found["scan"]])
    found = found[order]
    columns = {
        "source_name": observations["source_name"].array.take(found["scan"]),
        "scan": observations["scan"].to_numpy()[found["scan"]],
        "tstart_mjd": observations["tstart_mjd"].to_numpy()[found["scan"]],
        "width_hz": FOFF_HZ,
        "channel": np.rint((found["frequency_mhz"] - L_BAND_MHZ[0]) * HZ_PER_MHZ / FOFF_HZ),
        "path": "",
    }
    columns |= {name: found[name] for name in ("frequency_mhz", "drift_hz_s", "snr")}
    origin = pd.Series(pd.Categorical.from_codes(code_of[origin[order]], names), name="origin")
    return Survey(table(HITS, columns), observations, truth, origin)


def survey_scans(survey, cadence, f_start_mhz, f_stop_mhz, *, seed=0):
    """The six scans of one cadence as spectrograms of a narrow part of the band: the same sky.

    Parameters
    ----------
    survey : Survey
    cadence : str
        Name of the cadence, as in ``survey.observations``.
    f_start_mhz, f_stop_mhz : float
        Part of the band; 0.1 MHz are 36,000 channels.
    seed : int
        Of the noise, which is another in each scan.

    Returns
    -------
    list of Spectrogram
        In the order of time, 16 integrations each. Each hit of the survey in this part is a tone in its
        scan, as strong as makes the search find it with its SNR, but for what the noise adds to that.

    Raises
    ------
    SpectrogramError
        Where there is no such cadence, or the part is not in the band.
    """
    rows = survey.observations[survey.observations["cadence"] == cadence].sort_values("tstart_mjd")
    if rows.empty:
        raise SpectrogramError(f"survey_scans: expected the name of a cadence, found {cadence!r}")
    if not L_BAND_MHZ[0] <= f_start_mhz < f_stop_mhz <= L_BAND_MHZ[1]:
        raise SpectrogramError(
            f"survey_scans: expected a part of {L_BAND_MHZ[0]} to {L_BAND_MHZ[1]} MHz, "
            f"found {f_start_mhz} to {f_stop_mhz} MHz"
        )
    hits = survey.hits[survey.hits["scan"].isin(rows["scan"])]
    hits = hits[hits["frequency_mhz"].between(f_start_mhz, f_stop_mhz)]
    return [
        _drawn(row, hits[hits["scan"] == row.scan], f_start_mhz, f_stop_mhz, (seed, row.scan))
        for row in rows.itertuples()
    ]


def _drawn(row, hits, f_start_mhz, f_stop_mhz, seed):
    first, last = (
        round((edge_mhz - L_BAND_MHZ[0]) * HZ_PER_MHZ / FOFF_HZ) for edge_mhz in (f_start_mhz, f_stop_mhz)
    )
    scan = simulate_noise(
        N_TIME,
        last - first + 1,
        fch1_mhz=L_BAND_MHZ[0] + first * FOFF_HZ / HZ_PER_MHZ,
        tstart_mjd=row.tstart_mjd,
        source_name=row.source_name,
        seed=seed,
    )
    for hit in hits.itertuples():
        start_mhz = hit.frequency_mhz - hit.drift_hz_s * TSAMP_S / 2 / HZ_PER_MHZ
        snr = hit.snr / _kept_when_smeared(abs(hit.drift_hz_s) * TSAMP_S / FOFF_HZ)
        scan = add_tone(scan, start_mhz, drift_hz_s=hit.drift_hz_s, snr=snr)
    header = replace(scan.header, ra_deg=row.ra_deg, dec_deg=row.dec_deg)
    return Spectrogram(scan.power, header)


def _kept_when_smeared(n_chan):
    """Share of its SNR that the matched sum has of a tone which crosses so many channels an integration.

    It is the root of the sum of the squares of the channels' shares of the power, in the mean over where
    in a channel the tone begins.
    """
    return math.sqrt(1 - n_chan / 3 if n_chan < 1 else (n_chan - 1 / 3) / n_chan**2)
