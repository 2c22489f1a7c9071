"""Columns of the tables of hits, events and observations: name, dtype, unit, meaning.

A table is a pandas DataFrame. One in which nothing was found is empty, with its columns.
"""

from typing import NamedTuple


class Column(NamedTuple):
    """One column of a table."""

    name: str
    dtype: str
    unit: str
    meaning: str


HITS = (
    Column("source_name", "str", "", "what the telescope pointed at"),
    Column("scan", "int64", "", "number of the scan in its session, 0 where unknown"),
    Column("tstart_mjd", "float64", "day", "start of the scan, Modified Julian Date"),
    Column("frequency_mhz", "float64", "MHz", "frequency at the start of the scan"),
    Column("drift_hz_s", "float64", "Hz/s", "change of the frequency with time"),
    Column("snr", "float64", "", "signal-to-noise ratio of the sum along the drift"),
    Column("width_hz", "float64", "Hz", "width of the signal at one time"),
    Column("channel", "int64", "", "channel at the start, counted upwards in frequency from 0"),
    Column("path", "str", "", "file that the hit was found in, empty where there is none"),
)

EVENTS = (
    Column("source_name", "str", "", "what the ON scans pointed at"),
    Column("tstart_mjd", "float64", "day", "start of the first scan in which the event was seen"),
    Column("frequency_mhz", "float64", "MHz", "frequency at that start"),
    Column("drift_hz_s", "float64", "Hz/s", "change of the frequency with time"),
    Column("snr", "float64", "", "highest signal-to-noise ratio among the hits in the ON scans"),
    Column("n_on", "int64", "", "number of ON scans with a hit on the track"),
    Column("n_off", "int64", "", "number of OFF scans with a hit on the track"),
    Column("verdict", "str", "", "event, or why it is none"),
    Column(
        "hits",
        "object",
        "",
        "the hits that belong together: tuple of (place of the scan in the cadence, row label)",
    ),
)

# What an event has of its own; its hits are linked.
EVENT_COLUMNS = [column for column in EVENTS if column.name != "hits"]

# What tells the scans of a table apart: a hit belongs to the observation that has the same in these columns.
SCAN_KEY = ["source_name", "scan", "tstart_mjd", "path"]

OBSERVATIONS = (
    Column("source_name", "str", "", "what the telescope pointed at"),
    Column("scan", "int64", "", "number of the scan in its session, 0 where unknown"),
    Column("tstart_mjd", "float64", "day", "start of the scan, Modified Julian Date"),
    Column("path", "str", "", "file of the scan, empty where there is none"),
    Column("ra_deg", "float64", "degree", "right ascension, NaN where unknown"),
    Column("dec_deg", "float64", "degree", "declination, NaN where unknown"),
    Column("cadence", "str", "", "name of the cadence that the scan belongs to, empty where there is none"),
    Column("position", "str", "", "ON, OFF, or empty where unknown"),
)


def table(columns, rows=()):
    """DataFrame with ``columns`` (`HITS`, say) and their dtypes, from dicts or a dict of arrays."""
    import pandas as pd

    frame = pd.DataFrame(
        rows if isinstance(rows, dict) else list(rows), columns=[column.name for column in columns]
    )
    return frame.astype({column.name: column.dtype for column in columns})
