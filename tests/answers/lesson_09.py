"""Lesson 09: right answers, and wrong ones with words of the message that names the mistake."""

COUNTED = "SELECT source_name, COUNT(*) AS n FROM hits JOIN observations USING (observation_id) "
ASKED = "WHERE position = 'ON' AND drift_hz_s != 0 GROUP BY source_name "
ORDERED = "ORDER BY 2 DESC, 1"
NESTED = (
    "SELECT * FROM (SELECT o.source_name AS star, SUM(h.drift_hz_s <> 0) AS n FROM observations AS o "
    "JOIN hits AS h ON o.observation_id = h.observation_id WHERE o.position LIKE 'ON' GROUP BY star) "
    "WHERE n BETWEEN 2 AND 1e9 ORDER BY n DESC, star;"
)

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
    "L09-3": [0.0032239, 0.003219],  # 2.16 / 670, and 1 - exp of it
    "L09-4": [6.49, 6.492],  # 701 x 0.027 x 0.343
    "L09-5": [0.2581, 0.258],  # 200 MHz of stretches in 670 MHz: 1 - exp(-0.2985)
    "L09-6": [0.4013, 0.401],  # 0.95**10 is 0.5987
    "L09-7": [-6.08, -6.081],  # 3960 km north, 37,173 km away
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
        (0.0010746, "three ON scans"),
        (0.0064478, "OFF scans"),
        (0.0027, "notch"),
        (0.0044776, "0.72"),
        (0.3219, "per cent"),
        (2.26, "divide by 701"),
    ],
    "L09-4": [
        (0.009261, "for one star"),
        (18.93, "off in the three"),
        (10.95, "half of the time"),
        (0.511, "0.7"),
    ],
    "L09-5": [
        (0.2985, "overlap"),
        (0.1387, "to either side"),
        (0.7419, "still be seen"),
        (25.81, "per cent"),
    ],
    "L09-7": [
        (0, "centre of the Earth"),
        (6.08, "sign"),
        (-0.1061, "radians"),
        (-5.365, "distance from the axis"),
        (-10.09, "[Ss]ine and cosine"),
    ],
    "L09-6": [(0.5, "do not add up"), (0.05, "one test"), (0.5987, "none of them"), (9.77e-14, "all ten")],
}
