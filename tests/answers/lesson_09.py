"""Lesson 09: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np
import pandas as pd

import setilearn as sl

COUNTED = "SELECT source_name, COUNT(*) AS n FROM hits JOIN observations USING (observation_id) "
ASKED = "WHERE position = 'ON' AND drift_hz_s != 0 GROUP BY source_name "
ORDERED = "ORDER BY 2 DESC, 1"
NESTED = (
    "SELECT * FROM (SELECT o.source_name AS star, SUM(h.drift_hz_s <> 0) AS n FROM observations AS o "
    "JOIN hits AS h ON o.observation_id = h.observation_id WHERE o.position LIKE 'ON' GROUP BY star) "
    "WHERE n BETWEEN 2 AND 1e9 ORDER BY n DESC, star;"
)


def by_pandas(frequencies_mhz, stars, edges_mhz, n_stars):
    frame = pd.DataFrame({"bin": np.digitize(frequencies_mhz, edges_mhz) - 1, "star": stars})
    counted = frame.drop_duplicates().groupby("bin").size()
    return [counted.get(k, 0) / n_stars for k in range(len(edges_mhz) - 1)]


def by_names(frequencies_mhz, stars, edges_mhz, n_stars, *, counted=set, closed=False):
    shares = np.zeros(len(edges_mhz) - 1)
    for k in range(len(shares)):
        low, high = edges_mhz[k], edges_mhz[k + 1]
        here = [
            star
            for mhz, star in zip(frequencies_mhz, stars, strict=True)
            if (low < mhz <= high if closed else low <= mhz < high)
        ]
        shares[k] = len(counted(here)) / n_stars
    return shares


def pair_by_pair(frequencies_mhz, stars, within_hz):
    pairs = list(zip(frequencies_mhz, stars, strict=True))
    return [
        all(abs(mhz - other) * 1e6 > within_hz or star == its for other, its in pairs) for mhz, star in pairs
    ]


def by_outer(frequencies_mhz, stars, within_hz):
    close = np.abs(np.subtract.outer(frequencies_mhz, frequencies_mhz)) <= within_hz / 1e6 + 1e-12
    return ~(close & np.not_equal.outer(stars, stars)).any(axis=1)


def solve_mystery(tables):
    hits, observations = tables
    events = sl.filter_survey(hits, observations, progress=False)
    ranked = sl.rank_events(events[events["verdict"] == "event"], hits, observations)
    first = ranked.iloc[0]
    return {
        name: first[part]
        for name, part in {
            "star": "source_name",
            "frequency_mhz": "frequency_mhz",
            "drift_hz_s": "drift_hz_s",
        }.items()
    }


MYSTERY_SLIPS = [
    ("star", lambda star: star + " B"),
    ("frequency_mhz", lambda mhz: mhz + 0.001),
    ("drift_hz_s", lambda drift: -drift),
]

RIGHT = {
    "L09-2": [
        COUNTED + ASKED + "HAVING n > 1 " + ORDERED,
        NESTED,
    ],
    "L09-1": [
        "frequency_mhz BETWEEN 1525 AND 1559 AND snr > 1000",
        "snr>1e3 and frequency_mhz >= 1525 and frequency_mhz <= 1559",
        "hits.snr > 1000.0 AND NOT (hits.frequency_mhz < 1525 OR hits.frequency_mhz > 1559)",
    ],
    "L09-3": [by_pandas, by_names],
    "L09-4": [6.49, 6.492],  # 701 x 0.027 x 0.343
    "L09-5": [pair_by_pair, by_outer],
    "L09-6": [1767.899, 1767.9],  # the survey's truth has 1767.899094
    "L09-7": [0.4013, 0.401],  # 0.95**10 is 0.5987
    "L09-8": [-6.08, -6.081],  # 3960 km north, 37,173 km away
}

WRONG = {
    "L09-2": [
        (COUNTED + "WHERE drift_hz_s != 0 GROUP BY source_name HAVING n > 1 " + ORDERED, "OFF scans"),
        (COUNTED + "WHERE position = 'ON' GROUP BY source_name HAVING n > 1 " + ORDERED, "stand still"),
        (
            COUNTED + "WHERE position = 'ON' AND drift_hz_s > 0 GROUP BY source_name HAVING n > 1 " + ORDERED,
            "downwards",
        ),
        (COUNTED + ASKED + ORDERED, "HAVING"),
        (COUNTED + ASKED + "HAVING n > 2 " + ORDERED, "two are enough"),
        (COUNTED + ASKED + "HAVING n > 1 ORDER BY source_name", "the number first"),
        (COUNTED + ASKED + "HAVING n > 1 ORDER BY n, source_name", "DESC"),
        (
            "SELECT source_name, COUNT(*) AS n FROM hits, observations " + ASKED + "HAVING n > 1 " + ORDERED,
            "beside every scan",
        ),
        (
            "SELECT source_name, COUNT(*) AS n FROM observations GROUP BY source_name ORDER BY n DESC",
            "counts scans",
        ),
        ("SELECT source_name FROM observations", "other rows than were asked for: F; A; A"),
        (COUNTED + "WHERE n > 1", "SQLite says"),
        ("DROP TABLE hits", "no rows"),
        ("WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n FROM x) SELECT COUNT(*) FROM x", "interrupted"),
        (7, "as a text"),
    ],
    "L09-1": [
        ("frequency_mhz > 1525 AND frequency_mhz < 1559", "weak hits pass"),
        ("1525 < frequency_mhz < 1559 AND snr > 1000", "always true"),
        ("snr > 1000 OR frequency_mhz BETWEEN 1525 AND 1559", "both are asked for"),
        ("snr > 1000 AND frequency_mhz >= 1525", "upper end"),
        ("snr > 1000 AND frequency_mhz <= 1559", "lower end"),
        ("frequency_mhz BETWEEN 1559 AND 1525 AND snr > 1000", "lower end first"),
        ("snr < 1000", "Of 7 rows tried this keeps 3"),
        ("WHERE snr > 1000", "SQLite says.*after WHERE"),
        ("frequency > 1525", "no such column"),
        (1525, "as a text"),
    ],
    "L09-3": [
        (lambda mhz, stars, edges, n: by_names(mhz, stars, edges, n, counted=list), "counts once"),
        (lambda mhz, stars, edges, n: by_names(mhz, stars, edges, 1), "number of stars"),
        (lambda mhz, stars, edges, n: by_names(mhz, stars, edges, len(set(stars)) or 1), "those without one"),
        (lambda mhz, stars, edges, n: by_names(mhz, stars, edges, len(mhz) or 1), "For"),
        (lambda mhz, stars, edges, n: by_names(mhz, stars, edges, n, closed=True), "lower edge"),
        (lambda mhz, stars, edges, n: 100 * by_names(mhz, stars, edges, n), "For"),
        (lambda mhz, stars, edges, n: by_names(mhz, stars, edges, n)[1:], "shape"),
    ],
    "L09-4": [
        (0.009261, "for one star"),
        (18.93, "off in the three"),
        (10.95, "half of the time"),
        (0.511, "0.7"),
    ],
    "L09-5": [
        (lambda mhz, stars, within: [(abs(mhz - one) * 1e6 <= within).sum() < 2 for one in mhz], "same star"),
        (lambda mhz, stars, within: ~by_outer(mhz, stars, within), "other way round"),
        (lambda mhz, stars, within: by_outer(mhz, stars, within * 1e6), "1e6"),
        (lambda mhz, stars, within: by_outer(mhz, stars, within / 2), "Half as far"),
        (lambda mhz, stars, within: by_outer(mhz, stars, within).sum(), "shape"),
        (lambda mhz, stars, within: mhz[by_outer(mhz, stars, within)], "shape"),
    ],
    "L09-6": [
        (1575.42, "GPS"),
        (1743.699, "Below 1750"),
        (1767.899e6, "10.6|million|in Hz"),
        (1.767899, "GHz"),
        (1809.378, "."),
    ],
    "L09-8": [
        (0, "centre of the Earth"),
        (6.08, "sign"),
        (-0.1061, "radians"),
        (-5.365, "distance from the axis"),
        (-10.09, "[Ss]ine and cosine"),
    ],
    "L09-7": [(0.5, "do not add up"), (0.05, "one test"), (0.5987, "none of them"), (9.77e-14, "all ten")],
}
