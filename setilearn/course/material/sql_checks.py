"""Lesson 09: how an answer in SQL is judged, by the rows that it gives."""

import sqlite3
from contextlib import closing

from setilearn.course.answers import describe, shorten

# Frequency (MHz) and SNR: each combination of inside, below and above the band with weak and strong.
_SQL_ROWS = ((1530, 5000), (1540, 1001), (1530, 50), (1510, 5000), (1600, 5000), (1510, 50), (1600, 50))


# Scans: star, ON or OFF, and the drift rates of its hits.
_SCANS = (
    ("F", "ON", (-0.1, -0.2)),
    ("A", "ON", (0.1, 0.2, 0.0)),
    ("A", "OFF", (0.3, 0.4, 0.5, 0.6)),
    ("B", "ON", (0.1, 0.0)),
    ("C", "ON", (0.1, -0.2)),
    ("C", "ON", (0.3,)),
    ("D", "OFF", (0.1, 0.2)),
    ("E", "ON", (0.0, 0.0, 0.0)),
)


_MOST_STEPS = 10_000_000  # of SQLite's machine: a query may go on for ever


def by_rows(ask, said):
    """Make a check of SQL by the rows that ``ask(answer)`` gives; ``said(rows)`` tells of wrong ones."""

    def check(answer, reference):
        if not isinstance(answer, str):
            return f"Expected SQL as a text in quotation marks, found {describe(answer)}."
        try:
            found = ask(answer)
        except (sqlite3.Error, sqlite3.Warning) as error:
            return f"SQLite says: {error}. The answer is {said(None)}"
        return None if found == ask(reference) else said(found)

    return check


def rows_kept(where):
    with closing(_in_memory()) as connection:
        connection.execute("CREATE TABLE hits (hit_id INTEGER PRIMARY KEY, frequency_mhz REAL, snr REAL)")
        connection.executemany("INSERT INTO hits (frequency_mhz, snr) VALUES (?, ?)", _SQL_ROWS)
        return {row[0] for row in connection.execute(f"SELECT hit_id FROM hits WHERE ({where})")}


def rows_asked(query):
    with closing(_in_memory()) as connection:
        connection.execute(
            "CREATE TABLE observations (observation_id INTEGER, source_name TEXT, position TEXT)"
        )
        connection.execute(
            "CREATE TABLE hits (hit_id INTEGER PRIMARY KEY, observation_id INTEGER, drift_hz_s REAL)"
        )
        for number_of_scan, (star, position, drifts) in enumerate(_SCANS):
            scan = (number_of_scan, star, position)
            connection.execute("INSERT INTO observations VALUES (?, ?, ?)", scan)
            rows = [(number_of_scan, drift) for drift in drifts]
            connection.executemany("INSERT INTO hits (observation_id, drift_hz_s) VALUES (?, ?)", rows)
        return connection.execute(query).fetchmany(1000)


def _in_memory():
    connection = sqlite3.connect(":memory:")
    connection.set_progress_handler(lambda: 1, _MOST_STEPS)
    return connection


def said_of_condition(rows):
    if rows is None:
        return "what stands after WHERE, and no more."
    return f"Of {len(_SQL_ROWS)} rows tried this keeps {len(rows)}, not those that were asked for."


def said_of_query(rows):
    if rows is None:
        return "one SELECT from the tables hits and observations."
    shown = "; ".join(", ".join(map(str, row[:4])) for row in rows[:6]) or "no rows"
    shown = shorten(shown, 120)
    return f"Of a small survey with the stars A to F it gives other rows than were asked for: {shown}."
