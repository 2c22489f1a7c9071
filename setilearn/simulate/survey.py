"""A simulated survey: the hits of hundreds of stars in a band as full as the real one, and what hides in it.

The hits are made directly, as the drift search would have written them; for any cadence and a narrow part
of the band the same sky can be had as spectrograms (`survey_scans`), in which the search finds them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from setilearn.errors import SpectrogramError
from setilearn.simulate.cadence import PATTERN
from setilearn.simulate.emitters import BELT, CODE, EMITTERS, MAX_DRIFT_HZ_S, MOTIONS, NOISE
from setilearn.simulate.schedule import FIRST_MJD, schedule
from setilearn.spectrogram import HZ_PER_MHZ, SECONDS_PER_DAY
from setilearn.tables import HITS, table
from setilearn.telescope import FOFF_HZ, L_BAND_MHZ, NOTCH_MHZ

THRESHOLD_SNR = 10.0
# Scatter of what a search reports, around what is there.
FREQUENCY_ERROR_HZ, DRIFT_ERROR_HZ_S = 0.2 * FOFF_HZ, 0.002
# How loud one transmitter comes in from the side depends on where the telescope points.
POINTING_SCATTER_DEX, SCAN_SCATTER_DEX = 0.3, 0.1
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

    hits: pandas.DataFrame  # noqa: F821
    observations: pandas.DataFrame  # noqa: F821
    truth: pandas.DataFrame  # noqa: F821
    origins: pandas.Series  # noqa: F821


def simulate_survey(
    n_stars: int = 701,
    *,
    hits_per_scan: float = 60.0,
    n_signals: int = 5,
    n_near_misses: int = 3,
    seed: int = 0,
) -> Survey:
    """Hits of a survey from 1.1 to 1.9 GHz with the Green Bank Telescope, and what is hidden in them.

    Each star, anywhere on the sky above declination -30, has one cadence ABACAD when it is about
    highest. Into the band come the interferers of the real one (`setilearn.telescope.known_bands`):
    transmitters on the ground that keep their frequency, always on or now and then; aircraft and
    satellites, whose frequency is shifted and drifts; the wide codes of navigation satellites; weak
    carriers of geostationary satellites, heard only where the telescope points near to them; and
    what noise alone lifts above the threshold of 10. Nothing comes through the notch filter from 1.2 to
    1.33 GHz. What is heard in one cadence keeps to one track through its scans, so that
    `setilearn.events.cadence.filter_cadence` works on these hits as on real ones.

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
    observations = schedule(n_stars, rng)
    sky = _Sky(observations)
    scale = hits_per_scan / sum(emitters.hits_per_scan for emitters in EMITTERS)
    parts = [_heard(_emitted(emitters, sky, scale, rng), rng) for emitters in EMITTERS]
    planted, truth = _plant(observations, sky, np.concatenate(parts), (n_signals, n_near_misses), rng)
    parts += planted
    origins = [emitters.origin for emitters in EMITTERS] + truth["kind"].to_list()
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


def _emitted(emitters, sky, scale, rng):
    """What comes from these transmitters, heard or not."""
    if emitters.motion in (CODE, NOISE):
        return _without_carriers(emitters, sky, scale, rng)
    n_carriers = max(1, round(emitters.hits_per_scan * scale / np.mean(emitters.duty)))
    carrier, scan = _when_on(rng.uniform(*emitters.duty, n_carriers), sky, emitters.origin == BELT, rng)
    motion = MOTIONS[emitters.motion]
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
    if emitters.motion == NOISE:
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
