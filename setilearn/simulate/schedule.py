"""When and where the telescope looks in a simulated survey."""

import math

import numpy as np

from setilearn.simulate.cadence import GAP_S, PATTERN
from setilearn.spectrogram import SECONDS_PER_DAY
from setilearn.tables import OBSERVATIONS, table
from setilearn.telescope import TSAMP_S

N_TIME = 16
# In the last hours of 2015, when the local sidereal time at Green Bank, 79.84 degrees west, was 0: each star
# is observed about when it is highest.
FIRST_MJD = 57387.9437
SIDEREAL_DAY_S = 86164.1
SLOT_S = 2000.0  # of a cadence, with the move to the next star
LOWEST_DEC_DEG = -30.0  # 22 degrees above the southern horizon at its highest
OFF_SEPARATION_DEG = (5.0, 10.0)


def schedule(n_stars, rng):
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
    from astropy import units
    from astropy.coordinates import SkyCoord

    is_off = np.array([at != "A" for at in PATTERN])
    shape = (len(ra_deg), len(PATTERN))
    away = np.radians(rng.uniform(*OFF_SEPARATION_DEG, shape)) * is_off
    angle = rng.uniform(0, 2 * np.pi, shape)
    stars = SkyCoord(ra_deg[:, None], dec_deg[:, None], unit="deg")
    pointings = stars.directional_offset_by(angle * units.rad, away * units.rad)
    return pointings.ra.deg, pointings.dec.deg
