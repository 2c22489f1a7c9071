"""The tables of the database of hits, events and reviews.

For SQL by hand, as in ``pandas.read_sql("SELECT ...", open_database(url))``, the tables; keys in bold:

- ``observations``, one row a scan: **observation_id**, source_name, scan, tstart_mjd, path, file_name (the
  last part of path), ra_deg, dec_deg (NULL where unknown), cadence, position, n_hits
- ``hits``: **hit_id**, observation_id, frequency_mhz, drift_hz_s, snr, width_hz, channel
- ``events``: **event_id**, cadence, number (row in the table of events of this cadence), source_name,
  tstart_mjd, frequency_mhz, drift_hz_s, snr, n_on, n_off, verdict
- ``event_hits``, the hits of each event: **event_id**, **hit_id**, place (of the scan in its cadence)
- ``reviews``, what a person says of a hit: **hit_id**, verdict, note
- ``schema_version``: version

Units and meaning are those of `setilearn.tables`. No two observations share source_name, scan, tstart_mjd
and file_name: by these scans are told apart. There are indexes on frequency_mhz, snr and what links tables.
"""

import sqlalchemy as sa

from setilearn.store.scans import HIT_NUMBERS, MAX_LENGTH
from setilearn.tables import EVENT_COLUMNS, HITS, OBSERVATIONS

SCHEMA_VERSION = 1

SCHEMA = sa.MetaData()
# Keys are INTEGER in SQLite, which numbers rows of that type alone. Those of deleted rows are not used again.
_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
# In binary collation text is compared letter by letter, as in SQLite: "hip 1" is not "HIP 1".
_OPTIONS = {
    f"{system}_{option}": value
    for system in ("mysql", "mariadb")
    for option, value in {"engine": "InnoDB", "charset": "utf8mb4", "collate": "utf8mb4_bin"}.items()
}


def _make(name, *columns, **options):
    return sa.Table(name, SCHEMA, *columns, **_OPTIONS, **options)


def _key(name):
    return sa.Column(name, _KEY, primary_key=True)


def _link(column, **options):
    return sa.Column(column.name, _KEY, sa.ForeignKey(column, ondelete="CASCADE"), nullable=False, **options)


def _columns(columns, index=()):
    """Columns of one of the package's tables, or of hits their numbers."""
    kinds = {"int64": sa.BigInteger, "float64": sa.Double}
    return [
        sa.Column(
            column.name,
            kinds[column.dtype] if column.dtype in kinds else sa.String(MAX_LENGTH[column.name]),
            nullable=column.name in ("ra_deg", "dec_deg"),
            index=column.name in index,
        )
        for column in columns
    ]


def _of_hit(query, linked):
    """What a query says of each hit, through a table linked to hits; empty text where it says nothing."""
    return sa.func.coalesce(query.where(linked.c.hit_id == hits_table.c.hit_id).scalar_subquery(), "")


version_table = sa.Table("schema_version", SCHEMA, sa.Column("version", sa.Integer, nullable=False))
observations_table = _make(
    "observations",
    _key("observation_id"),
    *_columns(OBSERVATIONS, index=["source_name", "cadence"]),
    sa.Column("file_name", sa.String(MAX_LENGTH["file_name"]), nullable=False),
    sa.Column("n_hits", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("tstart_mjd", "source_name", "scan", "file_name", name="one_row_a_scan"),
    sqlite_autoincrement=True,
)
hits_table = _make(
    "hits",
    _key("hit_id"),
    _link(observations_table.c.observation_id, index=True),
    *_columns([column for column in HITS if column.name in HIT_NUMBERS], index=["frequency_mhz", "snr"]),
    sqlite_autoincrement=True,
)
events_table = _make(
    "events",
    _key("event_id"),
    sa.Column("cadence", sa.String(MAX_LENGTH["cadence"]), nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    *_columns(EVENT_COLUMNS, index=["frequency_mhz", "verdict"]),
    sa.UniqueConstraint("cadence", "number", name="one_row_an_event"),
    sqlite_autoincrement=True,
)
event_hits_table = _make(
    "event_hits",
    _link(events_table.c.event_id, primary_key=True),
    _link(hits_table.c.hit_id, primary_key=True, index=True),
    sa.Column("place", sa.BigInteger, nullable=False),
)
reviews_table = _make(
    "reviews",
    _link(hits_table.c.hit_id, primary_key=True, autoincrement=False),
    sa.Column("verdict", sa.String(MAX_LENGTH["verdict"]), nullable=False),
    sa.Column("note", sa.String(MAX_LENGTH["note"]), nullable=False),
)

# Columns that a query of hits can give, beside those of the scan. Whatever events a hit is in, they have one
# verdict: a hit of an ON scan is in one event, and those that one of an OFF scan is in are "also in OFF".
_VERDICT = sa.select(sa.func.min(events_table.c.verdict)).join_from(events_table, event_hits_table)
OF_HIT = {
    **hits_table.c,
    "verdict": _of_hit(_VERDICT, event_hits_table),
    "review": _of_hit(sa.select(reviews_table.c.verdict), reviews_table),
    "note": _of_hit(sa.select(reviews_table.c.note), reviews_table),
}
OF_SCAN = {name: column for name, column in observations_table.c.items() if name not in hits_table.c}
