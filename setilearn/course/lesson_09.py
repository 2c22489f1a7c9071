"""Lesson 09: the exercises."""

import inspect
import math
from itertools import pairwise

import numpy as np

from setilearn.course.answers import array, function, instead, number
from setilearn.course.exercise import Exercise
from setilearn.course.material.sql_checks import (
    by_rows,
    rows_asked,
    rows_kept,
    said_of_condition,
    said_of_query,
)

TITLE = "Many stars"

DRIFTING = """
    SELECT source_name, COUNT(*) AS n
    FROM hits JOIN observations ON hits.observation_id = observations.observation_id
    WHERE position = 'ON' AND drift_hz_s <> 0
    GROUP BY source_name HAVING COUNT(*) >= 2
    ORDER BY n DESC, source_name
"""


# The receiver's band without the notch.
FOOLED = 701 * 0.3**3 * 0.7**3
LATITUDE_DEG, EARTH_KM, ORBIT_KM = 38.43, 6371, 42164
SOUTH_KM = EARTH_KM * math.sin(math.radians(LATITUDE_DEG))
TOWARDS_KM = ORBIT_KM - EARTH_KM * math.cos(math.radians(LATITUDE_DEG))
BELT_DEG = -math.degrees(math.atan2(SOUTH_KM, TOWARDS_KM))
ANY_OF_TEN = 1 - 0.95**10


def occupancy_of(frequencies_mhz, stars, edges_mhz, n_stars):
    shares = []
    for k in range(len(edges_mhz) - 1):
        inside = (frequencies_mhz >= edges_mhz[k]) & (frequencies_mhz < edges_mhz[k + 1])
        shares.append(len(set(stars[inside])) / n_stars)
    return shares


def alone(frequencies_mhz, stars, within_hz):
    answers = []
    for mhz, star in zip(frequencies_mhz, stars, strict=True):
        near = np.abs(frequencies_mhz - mhz) * 1e6 <= within_hz
        answers.append(not np.any(near & (stars != star)))
    return answers


_MHZ = np.array([1400.2, 1400.2, 1400.7, 1401.0, 1401.5, 1402.999, 1400.2])
_STARS = np.array(["A", "A", "B", "B", "C", "A", "C"])
_EDGES = np.array([1400.0, 1401.0, 1402.0, 1403.0, 1404.0])
_CLOSE_MHZ = np.array([1500.0, 1500.0008, 1500.0009, 1500.005, 1500.0055, 1500.02])
_CLOSE_STARS = np.array(["A", "B", "B", "C", "C", "A"])
_OCCUPIED = [
    (_MHZ, _STARS, _EDGES, 4),
    (_MHZ[:3], _STARS[:3], _EDGES[:3], 10),
    (_MHZ[:0], _STARS[:0], _EDGES, 5),
]
_NEIGHBOURS = [
    (_CLOSE_MHZ, _CLOSE_STARS, 1000),
    (_CLOSE_MHZ, _CLOSE_STARS, 10),
    (_CLOSE_MHZ[::-1], _CLOSE_STARS[::-1], 5000),
]


def _occupied(
    frequencies_mhz, stars, edges_mhz, n_stars, *, counted=lambda found: len(set(found)), over=None
):
    """`occupancy_of` with parts of it changed."""
    bins = pairwise(edges_mhz)
    found = [stars[(frequencies_mhz >= low) & (frequencies_mhz < high)] for low, high in bins]
    return [counted(one) / (over or n_stars) for one in found]


SLANTED_MHZ = 1767.899094  # of the survey of seed 9: star 205, the only signal hidden from 1750 to 1780 MHz

EXERCISES = [
    Exercise(
        id="L09-1",
        title="A condition in SQL",
        reference="frequency_mhz BETWEEN 1525 AND 1559 AND snr > 1000",
        check=by_rows(rows_kept, said_of_condition),
        mistakes=[
            (
                "frequency_mhz BETWEEN 1525 AND 1559",
                "The band is right, but weak hits pass: ask for the SNR too.",
            ),
            (
                "snr > 1000",
                "Every frequency passes. In SQL `1525 < f < 1559` is always true: `BETWEEN 1525 AND 1559`.",
            ),
            (
                "frequency_mhz BETWEEN 1525 AND 1559 OR snr > 1000",
                "`OR` keeps what fulfils one of the two; both are asked for: `AND`.",
            ),
            ("frequency_mhz > 1525 AND snr > 1000", "The band has an upper end too, 1559 MHz."),
            ("frequency_mhz < 1559 AND snr > 1000", "The band has a lower end too, 1525 MHz."),
            ("1 = 0", "Nothing passes. `BETWEEN` wants the lower end first, and frequencies are in MHz."),
        ],
        hints=[
            "Two conditions joined by `AND`: one on the column `frequency_mhz`, one on `snr`.",
            "A range of a column: `column BETWEEN low AND high`.",
        ],
        solution='where = "frequency_mhz BETWEEN 1525 AND 1559 AND snr > 1000"',
    ),
    Exercise(
        id="L09-2",
        title="A query over two tables",
        reference=DRIFTING,
        check=by_rows(rows_asked, said_of_query),
        mistakes=[
            (DRIFTING.replace("position = 'ON' AND ", ""), "Hits of OFF scans are counted too."),
            (DRIFTING.replace("drift_hz_s <> 0", "1 = 1"), "Hits that stand still are counted too."),
            (
                DRIFTING.replace("drift_hz_s <> 0", "drift_hz_s > 0"),
                "Hits drift downwards too, with a rate below 0.",
            ),
            (DRIFTING.replace("HAVING COUNT(*) >= 2", ""), "Stars with a single such hit are in it: HAVING."),
            (DRIFTING.replace(">= 2", "> 2"), "At least 2: two are enough."),
            (DRIFTING.replace("n DESC, ", ""), "The order is by the number first, the largest at the top."),
            (DRIFTING.replace("n DESC", "n"), "The largest number comes first: DESC."),
            (
                DRIFTING.replace("ON hits.observation_id = observations.observation_id", ""),
                "Each hit is put beside every scan: JOIN ... ON says which belong together.",
            ),
            (
                "SELECT source_name, COUNT(*) AS n FROM observations GROUP BY source_name ORDER BY n DESC",
                "That counts scans; the hits stand in the table hits.",
            ),
        ],
        hints=[
            "Begin with the query of the five stars above; it joins the two tables and counts.",
            "WHERE position = 'ON' AND drift_hz_s <> 0 keeps the hits that are wanted.",
            "HAVING COUNT(*) >= 2, after GROUP BY, keeps the stars; ORDER BY n DESC, source_name.",
        ],
        solution=f'query = """{DRIFTING}"""',
    ),
    Exercise(
        id="L09-3",
        title="Occupancy, bin by bin",
        reference=lambda: occupancy_of,
        check=function(*_OCCUPIED, compare=array(rel_tol=1e-6, abs_tol=1e-9)),
        mistakes=[
            (
                instead(lambda mhz, stars, edges, n: _occupied(mhz, stars, edges, n, counted=len)),
                "That counts hits: a star with several in a bin counts once. set(...) or np.unique.",
            ),
            (
                instead(lambda mhz, stars, edges, n: _occupied(mhz, stars, edges, n, over=1)),
                "That is the number of stars; their share is asked for.",
            ),
            (
                instead(
                    lambda mhz, stars, edges, n: _occupied(mhz, stars, edges, n, over=max(len(set(stars)), 1))
                ),
                "Divided by the stars that have a hit somewhere; those without one count too: n_stars.",
            ),
            (
                instead(
                    lambda mhz, stars, edges, n: [
                        len(set(stars[(mhz > low) & (mhz <= high)])) / n for low, high in pairwise(edges)
                    ]
                ),
                "The lower edge belongs to a bin, the upper one to the next: >= and <.",
            ),
        ],
        hints=[
            "`inside = (frequencies_mhz >= edges_mhz[k]) & (frequencies_mhz < edges_mhz[k + 1])`",
            "`len(set(stars[inside])) / n_stars`",
        ],
        solution=inspect.getsource(occupancy_of),
    ),
    Exercise(
        id="L09-4",
        title="Fooled by chance",
        reference=FOOLED,
        check=number(rel_tol=0.01),
        mistakes=[
            (0.3**3 * 0.7**3, "That is the chance for one star; there are 701."),
            (701 * 0.3**3, "It has to be off in the three OFF scans as well."),
            (701 / 64, "That is for a transmitter that is on half of the time; this one is on in 30 %."),
            (701 * 0.3**6, "In the OFF scans it must be off: the chance of that is 0.7."),
        ],
        hints=[
            "The chance that it is on in three given scans and off in three others.",
            "Independent chances are multiplied; the mean number is the chance times the number of stars.",
        ],
        solution="n_fooled = 701 * 0.3**3 * 0.7**3",
    ),
    Exercise(
        id="L09-5",
        title="What no other star has",
        reference=lambda: alone,
        check=function(*_NEIGHBOURS, compare=array()),
        mistakes=[
            (
                instead(
                    lambda mhz, stars, within: [
                        int((np.abs(mhz - one) * 1e6 <= within).sum()) == 1 for one in mhz
                    ]
                ),
                "A second hit of the same star is no reason to throw it out: only other stars count.",
            ),
            (
                instead(lambda mhz, stars, within: [not one for one in alone(mhz, stars, within)]),
                "The other way round: True is for those without a neighbour.",
            ),
            (
                instead(lambda mhz, stars, within: alone(mhz, stars, within * 1e6)),
                "The frequencies are in MHz, the distance in Hz: a factor of 1e6.",
            ),
            (
                instead(lambda mhz, stars, within: alone(mhz, stars, within / 2)),
                "Half as far: `within_hz` counts to either side.",
            ),
        ],
        hints=[
            "`near = np.abs(frequencies_mhz - mhz) * 1e6 <= within_hz`",
            "`not np.any(near & (stars != star))`",
        ],
        solution=inspect.getsource(alone),
    ),
    Exercise(
        id="L09-6",
        title="One event among many",
        reference=SLANTED_MHZ,
        check=number(unit="MHz", rel_tol=0, abs_tol=0.01),
        mistakes=[
            (1575.42, "That is GPS. Zoom in on 1750 to 1780 MHz."),
            (1743.699, "Below 1750 MHz; and other stars have that one. Zoom in on 1750 to 1780 MHz."),
            (SLANTED_MHZ / 1e3, "That is in GHz; the answer is wanted in MHz."),
        ],
        hints=[
            'Beside "Cadence says" choose event; zoom with the wheel, and click on the dots that are left.',
            "It is the star that section 3 has in colour, near 1768 MHz.",
        ],
        solution="slanted_mhz = 1767.899",
    ),
    Exercise(
        id="L09-7",
        title="Ten tests",
        reference=ANY_OF_TEN,
        check=number(rel_tol=0.01),
        mistakes=[
            (
                0.5,
                "Chances do not add up like that: 20 tests would make it certain, and it is not.",
            ),
            (0.05, "That is the chance for one test; there are ten."),
            (0.95**10, "That is the chance that none of them does."),
            (0.05**10, "That is the chance that all ten do."),
        ],
        hints=[
            "One test stays above 0.05 with a chance of 0.95.",
            "All ten stay above it with 0.95 to the power of ten: asked for is the opposite.",
        ],
        solution="chance_of_one = 1 - 0.95**10",
    ),
    Exercise(
        id="L09-8",
        title="A line on the sky",
        reference=BELT_DEG,
        check=number(unit="degrees", rel_tol=0.01),
        mistakes=[
            (
                0,
                "From the centre of the Earth it is at 0; Green Bank is not there, but north of the equator.",
            ),
            (
                -BELT_DEG,
                "The size is right, the sign is not: from the north one looks down to the equator's plane.",
            ),
            (math.radians(BELT_DEG), "That is in radians; the answer is wanted in degrees."),
            (
                -math.degrees(math.atan2(SOUTH_KM, ORBIT_KM)),
                "42,164 km is from the Earth's centre; Green Bank is nearer by its distance from the axis.",
            ),
            (
                -math.degrees(math.atan2(EARTH_KM, ORBIT_KM - EARTH_KM)),
                "Sine and cosine of the latitude are missing: 6371 km is the radius of the Earth.",
            ),
        ],
        hints=[
            "A right triangle: km north of the equator's plane, over km to the satellite along that plane.",
            "`np.degrees(-np.arctan(north_km / away_km))`",
        ],
        solution="""
            latitude = np.radians(38.43)
            north_km = 6371 * np.sin(latitude)
            away_km = 42164 - 6371 * np.cos(latitude)
            belt_deg = -np.degrees(np.arctan(north_km / away_km))
        """,
    ),
]
