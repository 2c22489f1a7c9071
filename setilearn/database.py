"""Hits, events and reviews in a database behind one URL: an SQLite file, or a MySQL or MariaDB server.

``sqlite:///survey.db`` is the file survey.db in the current folder, ``sqlite:////data/survey.db`` one by
its full path; ``mysql+pymysql://user:password@host/survey`` is the database survey of a server, which must
exist, with or without tables.

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

import time
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from sqlalchemy import exc

from setilearn.errors import DatabaseError, HitsError
from setilearn.search.dat import dat_observation, read_dat
from setilearn.search.scans import (
    HIT_NUMBERS,
    IDENTITY,
    MAX_LENGTH,
    UNKNOWN,
    cadence_scans,
    check_text,
    checked,
    event_links,
    split_scans,
)
from setilearn.tables import EVENTS, HITS, OBSERVATIONS, table

SCHEMA_VERSION = 1
# Of one transaction, unless a single scan has more. In small ones an index of frequencies, which come in
# any order, is written over and over again.
BATCH_HITS = 500_000
MANY = 900  # scans in one question or transaction; some versions of SQLite take no more than 999 parameters
_DRIVER_ROWS = 50_000  # handed to the driver at once, as tuples
_WAIT_S = 60  # for another process that writes
_TRIES = 6
_OPEN = (-np.inf, np.inf)
_EXAMPLES = "sqlite:///survey.db or mysql+pymysql://user:password@host/survey"
# What MySQL answers to the one it undoes where two writers wait for each other.
_LOCK_WAIT_TIMEOUT, _DEADLOCK = 1205, 1213


# Tables

_SCHEMA = sa.MetaData()
# Keys are INTEGER in SQLite, which numbers rows of that type alone. Those of deleted rows are not used again.
_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
# In binary collation text is compared letter by letter, as in SQLite: "hip 1" is not "HIP 1".
_OPTIONS = {
    f"{system}_{option}": value
    for system in ("mysql", "mariadb")
    for option, value in {"engine": "InnoDB", "charset": "utf8mb4", "collate": "utf8mb4_bin"}.items()
}


def _make(name, *columns, **options):
    return sa.Table(name, _SCHEMA, *columns, **_OPTIONS, **options)


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
    return sa.func.coalesce(query.where(linked.c.hit_id == _hits.c.hit_id).scalar_subquery(), "")


_EVENT_COLUMNS = [column for column in EVENTS if column.name != "hits"]

_version = sa.Table("schema_version", _SCHEMA, sa.Column("version", sa.Integer, nullable=False))
_observations = _make(
    "observations",
    _key("observation_id"),
    *_columns(OBSERVATIONS, index=["source_name", "cadence"]),
    sa.Column("file_name", sa.String(MAX_LENGTH["file_name"]), nullable=False),
    sa.Column("n_hits", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("tstart_mjd", "source_name", "scan", "file_name", name="one_row_a_scan"),
    sqlite_autoincrement=True,
)
_hits = _make(
    "hits",
    _key("hit_id"),
    _link(_observations.c.observation_id, index=True),
    *_columns([column for column in HITS if column.name in HIT_NUMBERS], index=["frequency_mhz", "snr"]),
    sqlite_autoincrement=True,
)
_events = _make(
    "events",
    _key("event_id"),
    sa.Column("cadence", sa.String(MAX_LENGTH["cadence"]), nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    *_columns(_EVENT_COLUMNS, index=["frequency_mhz", "verdict"]),
    sa.UniqueConstraint("cadence", "number", name="one_row_an_event"),
    sqlite_autoincrement=True,
)
_event_hits = _make(
    "event_hits",
    _link(_events.c.event_id, primary_key=True),
    _link(_hits.c.hit_id, primary_key=True, index=True),
    sa.Column("place", sa.BigInteger, nullable=False),
)
_reviews = _make(
    "reviews",
    _link(_hits.c.hit_id, primary_key=True, autoincrement=False),
    sa.Column("verdict", sa.String(MAX_LENGTH["verdict"]), nullable=False),
    sa.Column("note", sa.String(MAX_LENGTH["note"]), nullable=False),
)

# Columns that a query of hits can give, beside those of the scan. Whatever events a hit is in, they have one
# verdict: a hit of an ON scan is in one event, and those that one of an OFF scan is in are "also in OFF".
_VERDICT = sa.select(sa.func.min(_events.c.verdict)).join_from(_events, _event_hits)
_OF_HIT = {
    **_hits.c,
    "verdict": _of_hit(_VERDICT, _event_hits),
    "review": _of_hit(sa.select(_reviews.c.verdict), _reviews),
    "note": _of_hit(sa.select(_reviews.c.note), _reviews),
}
_OF_SCAN = {name: column for name, column in _observations.c.items() if name not in _hits.c}


# Connections


def open_database(url):
    """SQLAlchemy engine of a database of hits, for SQL by hand: ``pandas.read_sql(sql, open_database(url))``.

    Raises `DatabaseError` where it cannot be reached, holds no tables of hits, or those of another version.
    """
    engine = _engine(url)
    path = engine.url.database
    if engine.dialect.name == "sqlite" and not path.startswith("file:") and not Path(path).exists():
        raise DatabaseError(f"{_named(engine)}: expected a database, found no file; save_hits makes one")
    with _own_errors(engine):
        try:
            version = _version_in(engine)
        except exc.OperationalError as error:
            engine = _read_only(engine, error)
            version = _version_in(engine)
    if version is None:
        raise DatabaseError(f"{_named(engine)}: expected tables of hits, found none; save_hits makes them")
    return engine


def _read_only(engine, error):
    """Engine of an SQLite file where nothing may be written, not even the log beside it."""
    may_not_write = getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_READONLY")
    # Where another user writes at the moment there is a log, and what is in it would be left out.
    if not may_not_write or Path(f"{engine.url.database}-wal").exists():
        raise error
    file = Path(engine.url.database).resolve().as_uri()
    return _engine(engine.url.set(database=file, query={"immutable": "1", "uri": "true"}))


def _engine(url):
    url = _parsed(url)
    system = url.get_backend_name()
    if system not in ("sqlite", "mysql", "mariadb"):
        raise DatabaseError(f"expected a URL such as {_EXAMPLES}, found one of {system}")
    if system == "sqlite" and url.database in (None, "", ":memory:"):
        raise DatabaseError("expected a file such as sqlite:///survey.db, found an SQLite database in memory")
    try:
        if system == "sqlite":
            # A file is closed after each use, which leaves no log beside it.
            options = {"poolclass": sa.NullPool, "connect_args": {"timeout": _WAIT_S}}
        else:
            # Parameters by their place, as in SQLite, so that rows may be tuples
            options = {"paramstyle": "format"}
        engine = sa.create_engine(url, **options)
    except ModuleNotFoundError as error:
        raise DatabaseError(
            f"{_named(url)}: needs the package {error.name}, which is not installed; "
            "mysql+pymysql needs pymysql: pip install pymysql"
        ) from error
    except exc.SQLAlchemyError as error:
        raise DatabaseError(f"{_named(url)}: expected a URL such as {_EXAMPLES}: {error}") from error
    if system == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _parsed(url):
    try:
        return sa.make_url(url)
    except (exc.ArgumentError, ValueError):
        # What is shown must not hold a password.
        found = (
            "another" if "://" in str(url) or "@" in str(url) else f"{str(url)!r}; a file: sqlite:///{url}"
        )
        raise DatabaseError(f"expected a URL such as {_EXAMPLES}, found {found}") from None


def _named(engine_or_url):
    url = getattr(engine_or_url, "url", engine_or_url)
    return url.set(query={}).render_as_string(hide_password=True)


def _set_up_sqlite(driver_connection, _):
    # Transactions begin in _begin_sqlite; the driver would begin them at the first change only.
    driver_connection.isolation_level = None
    driver_connection.execute("PRAGMA foreign_keys = ON")
    # With a write-ahead log this is safe against a kill, and a power cut leaves whole transactions.
    driver_connection.execute("PRAGMA synchronous = NORMAL")


def _begin_sqlite(connection):
    if connection.get_execution_options().get("writes"):
        # In KiB, and taken as needed: the indexes that are written to should fit.
        connection.exec_driver_sql("PRAGMA cache_size = -262144")
        # One that reads first and then writes would fail if another process wrote in between.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


@contextmanager
def _own_errors(engine):
    """Errors of tables, SQLAlchemy and driver as `DatabaseError` that names the database."""
    try:
        yield
    # PyMySQL raises RuntimeError where the server's way of logging in needs a package more.
    except (HitsError, exc.SQLAlchemyError, engine.dialect.loaded_dbapi.Error, RuntimeError) as error:
        cause = getattr(error, "orig", None) or error
        raise DatabaseError(f"{_named(engine)}: {cause}") from error


@contextmanager
def _in_use(engine):
    """With `_own_errors`; connections to a server, which are slow to make, are kept until the end."""
    try:
        with _own_errors(engine):
            yield
    finally:
        engine.dispose()


@contextmanager
def _reading(url):
    """Connection in one transaction: all that is read is of one moment."""
    engine = open_database(url)
    with _in_use(engine), engine.begin() as connection:
        yield connection


def _write(engine, work, *arguments):
    """``work(connection, *arguments)`` in one transaction, again where another process was first."""
    for tries in range(_TRIES):
        try:
            with engine.connect().execution_options(writes=True) as connection, connection.begin():
                work(connection, *arguments)
                return
        except exc.DBAPIError as error:
            code = error.orig.args[0] if error.orig.args else None
            first = isinstance(error, exc.IntegrityError) or code in (_LOCK_WAIT_TIMEOUT, _DEADLOCK)
            if not first or tries == _TRIES - 1:
                raise
        time.sleep(0.05 * 2**tries)


def _version_in(engine):
    with engine.begin() as connection:
        return _found_version(connection)


def _found_version(connection):
    """Version of our tables; None where there are none, or not yet all of them."""
    found = set(sa.inspect(connection).get_table_names())
    if _version.name not in found:
        if others := found & set(_SCHEMA.tables):
            raise DatabaseError(
                f"{_named(connection.engine)}: expected tables of setilearn, "
                f"found those of something else: {', '.join(sorted(others))}"
            )
        return None
    version = connection.scalar(sa.select(_version.c.version))
    if version not in (None, SCHEMA_VERSION):
        raise DatabaseError(
            f"{_named(connection.engine)}: expected tables of version {SCHEMA_VERSION}, found {version}, "
            "made by another version of setilearn"
        )
    return version


def _prepare(engine):
    """Make our tables where they are not there yet."""
    if _version_in(engine) is None:
        if engine.dialect.name == "sqlite":
            # Readers and a writer then do not wait for each other. It cannot be done in a transaction.
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
        _write(engine, _make_tables)
        engine.dispose()


def _make_tables(connection):
    if connection.dialect.name != "sqlite":
        # Each table is a transaction of its own there. The lock ends with the connection, in _prepare.
        connection.scalar(sa.text(f"SELECT GET_LOCK('setilearn', {_WAIT_S})"))
    if _found_version(connection) is None:
        found = sa.inspect(connection).get_table_names()
        # The table of the version first, so that a kill leaves none of ours without it, and its row last.
        for made in [_version, *(made for made in _SCHEMA.sorted_tables if made is not _version)]:
            if made.name not in found:
                made.create(connection)
            for index in made.indexes if made.name in found else ():
                index.create(connection, checkfirst=True)
        connection.execute(_version.insert().values(version=SCHEMA_VERSION))


def _insert(connection, into, columns):
    """Rows from columns (dict of sequences), as tuples straight to the driver: that is what makes it fast."""
    columns = {column.name: columns[column.name] for column in into.c if column.name in columns}
    statement = str(sa.insert(into).compile(dialect=connection.dialect, column_keys=list(columns)))
    n_rows = len(next(iter(columns.values())))
    for start in range(0, n_rows, _DRIVER_ROWS):
        parts = [column[start : start + _DRIVER_ROWS] for column in columns.values()]
        plain = [part.tolist() if isinstance(part, np.ndarray) else part for part in parts]
        connection.exec_driver_sql(statement, list(zip(*plain, strict=True)))


def _fetch(connection, columns, *where, order_by=None, limit=None):
    """Columns (dict) of the rows that meet all conditions, as arrays: float64, int64, or object for text."""
    statement = sa.select(*(column.label(name) for name, column in columns.items()))
    result = connection.execute(statement.where(*where).order_by(order_by).limit(limit))
    # From the driver's own cursor: SQLAlchemy's rows would double the time.
    rows = np.fromiter(result.cursor, dtype=[(name, _kind(column)) for name, column in columns.items()])
    result.close()
    return {name: np.ascontiguousarray(rows[name]) for name in columns}


def _kind(column):
    if isinstance(column.type, sa.Double):
        return float
    return np.int64 if isinstance(column.type, sa.Integer) else object


# Saving


def save_hits(hits, url, *, observations=None, replace=False, progress=True):
    """Save the hits of one scan or of many; each scan is stored whole or not at all.

    A scan that is stored already with the same hits, in whatever order, stays as it is, and so does what
    people said of them. A process that is killed, or an error, leaves the scans that were saved until
    then: save them all again to complete them.

    Parameters
    ----------
    hits : DataFrame
        Columns `setilearn.tables.HITS`; the hits of a scan may stand anywhere.
    url : str
        Such as ``sqlite:///survey.db``; a file or tables that are not there are made.
    observations : DataFrame, optional
        Columns `setilearn.tables.OBSERVATIONS`, of which the last four may be absent: what is known of
        scans, also of those stored before. A scan that ``hits`` has nothing of is one without hits.
    replace : bool
        Put what is given in the place of what is stored for the same scan. Reviews stay with hits that
        are the same; events of its cadence are deleted where hits, cadence or position are other ones,
        since they were found in the former.
    progress : bool
        Show a progress bar where it takes more than a second.

    Raises
    ------
    DatabaseError
        The database cannot be used; a number is not finite; a text is too long; a scan is stored with
        other hits, or known otherwise; a review would be lost.
    """
    from tqdm.auto import tqdm

    engine = _engine(url)
    with _in_use(engine):
        scans = split_scans(hits, observations)
        _prepare(engine)
        with tqdm(total=len(hits), desc="saving", unit=" hits", delay=1, disable=not progress) as bar:
            for batch in _batches(scans):
                _write(engine, _store, batch, replace)
                bar.update(sum(scan.n_hits for scan in batch))


def _batches(scans):
    batch, n_hits = [], 0
    for scan in scans:
        if batch and (n_hits + scan.n_hits > BATCH_HITS or len(batch) == MANY):
            yield batch
            batch, n_hits = [], 0
        batch.append(scan)
        n_hits += scan.n_hits
    if batch:
        yield batch


def _store(connection, scans, replace):
    """Save scans within a transaction; returns their rows of observations."""
    stored = _stored(connection, scans)
    new = [scan for scan in scans if scan.identity not in stored]
    for scan in scans:
        if scan.identity in stored:
            _merge(connection, scan, stored[scan.identity], replace)
    if new:
        values = [_without_nan(scan.observation) | {"n_hits": scan.n_hits} for scan in new]
        _insert(connection, _observations, {name: [row[name] for row in values] for name in values[0]})
    stored = _stored(connection, scans)
    _insert_hits(connection, new, stored)
    return [stored[scan.identity] for scan in scans]


def _stored(connection, scans):
    """Rows of observations that are these scans, by identity."""
    starts = {scan.observation["tstart_mjd"] for scan in scans}
    rows = connection.execute(sa.select(_observations).where(_observations.c.tstart_mjd.in_(starts)))
    found = {tuple(row._mapping[name] for name in IDENTITY): row for row in rows}
    return {scan.identity: found[scan.identity] for scan in scans if scan.identity in found}


def _without_nan(values):
    return {name: None if value != value else value for name, value in values.items()}


def _insert_hits(connection, scans, stored):
    if n_hits := [scan.n_hits for scan in scans]:
        ids = [stored[scan.identity].observation_id for scan in scans]
        numbers = zip(*(scan.numbers for scan in scans), strict=True)
        columns = {name: np.concatenate(parts) for name, parts in zip(HIT_NUMBERS, numbers, strict=True)}
        _insert(connection, _hits, {"observation_id": np.repeat(ids, n_hits)} | columns)


def _merge(connection, scan, stored, replace):
    """Add to a stored scan what was not known of it; other hits are an error or take the place of those."""
    given = {name: scan.observation[name] for name in UNKNOWN}
    known = {name: value for name, value in _without_nan(given).items() if value not in (None, "")}
    changed = {name: value for name, value in known.items() if stored._mapping[name] != value}
    former = {name: stored._mapping[name] for name in changed if stored._mapping[name] not in (None, "")}
    if former and not replace:
        found = {name: known[name] for name in former}
        raise HitsError(f"{scan} is stored with {former}, found {found}; replace=True changes it")
    if {"cadence", "position"} & former.keys():
        _delete_events(connection, stored.cadence)
    if changed:
        _update(connection, stored, changed)
    if _hit_ids(connection, scan, stored) is None:
        if not replace:
            raise HitsError(
                f"{scan} is stored with {stored.n_hits} hits, found {scan.n_hits} that are not the same; "
                "replace=True puts these in their place"
            )
        _replace_hits(connection, scan, stored)


def _update(connection, stored, values):
    row = _observations.c.observation_id == stored.observation_id
    connection.execute(_observations.update().where(row).values(**values))


def _delete_events(connection, cadence):
    # Without a name there is no cadence.
    if cadence:
        connection.execute(_events.delete().where(_events.c.cadence == cadence))


def _hit_ids(connection, scan, stored):
    """hit_id of each hit of a scan, in the order of its table; None where other hits are stored."""
    if stored.n_hits != scan.n_hits:
        return None
    of_scan = _hits.c.observation_id == stored.observation_id
    found = _fetch(connection, {name: _hits.c[name] for name in ("hit_id", *HIT_NUMBERS)}, of_scan)
    # Both in the order of their numbers
    there = np.lexsort([found["hit_id"], *(found[name] for name in HIT_NUMBERS)])
    here = np.lexsort([np.arange(scan.n_hits), *scan.numbers])
    if not all(
        np.array_equal(found[name][there], np.asarray(column)[here])
        for name, column in zip(HIT_NUMBERS, scan.numbers, strict=True)
    ):
        return None
    ids = np.empty(scan.n_hits, dtype=np.int64)
    ids[here] = found["hit_id"][there]
    return ids


def _replace_hits(connection, scan, stored):
    of_scan = _hits.c.observation_id == stored.observation_id
    numbers = [_hits.c[name] for name in HIT_NUMBERS]
    reviewed = sa.select(*numbers, _reviews.c.verdict, _reviews.c.note).join_from(_hits, _reviews)
    reviews = connection.execute(reviewed.where(of_scan)).all()
    _delete_events(connection, stored.cadence)
    connection.execute(_hits.delete().where(of_scan))
    _insert_hits(connection, [scan], {scan.identity: stored})
    _update(connection, stored, {"n_hits": scan.n_hits, "path": scan.observation["path"]})
    for review in reviews:
        same = [column == value for column, value in zip(numbers, review, strict=False)]
        hit_id = connection.scalar(sa.select(sa.func.min(_hits.c.hit_id)).where(of_scan, *same))
        if hit_id is None:
            raise HitsError(
                f"{scan}: the hit at {review.frequency_mhz} MHz has a review, {review.verdict!r}, and is not "
                "among those that would replace it; remove the review before"
            )
        connection.execute(_reviews.insert().values(hit_id=hit_id, verdict=review.verdict, note=review.note))


def save_cadence(scans, events, url, *, pattern="ABACAD", cadence=None, observations=None, replace=False):
    """Save the hits of a cadence, and the events that `setilearn.filter_cadence` found in them.

    All is stored in one transaction, whole or not at all; saving it again changes nothing.

    Parameters
    ----------
    scans : sequence of DataFrame
        Columns `setilearn.tables.HITS`, one table a scan. They may be stored already.
    events : DataFrame
        Columns `setilearn.tables.EVENTS`, of which ``hits`` names rows of ``scans``.
    url : str
    pattern : str
        A for scans on the star, other letters for those off it: ``position`` becomes ON or OFF.
    cadence : str, optional
        Its name, by default source and start of its first scan that is known: ``HIP 1 57541.12345``.
    observations : DataFrame, optional
        Columns `setilearn.tables.OBSERVATIONS`, as in `save_hits`, one row a scan, in their order. A scan
        without hits that has no row is not known, and not stored.
    replace : bool
        As in `save_hits`; also events are replaced.

    Raises
    ------
    DatabaseError
        As `save_hits`; not one table a scan; hits of events that are not there; other events stored.
    """
    engine = _engine(url)
    with _in_use(engine):
        split = cadence_scans(scans, pattern, observations)
        known = [scan for scan in split if scan is not None]
        if cadence is None and known:
            cadence = f"{known[0].observation['source_name']} {known[0].observation['tstart_mjd']:.5f}"
        check_text(cadence, "cadence")
        if not cadence:
            raise HitsError("cadence: expected a name, found none")
        split = [None if scan is None else scan.told(cadence=cadence) for scan in split]
        rows = checked(events, _EVENT_COLUMNS, "events")
        links = event_links(events, [frame.index for frame in scans])
        _prepare(engine)
        _write(engine, _store_cadence, split, cadence, rows, links, replace)


def _store_cadence(connection, split, cadence, rows, links, replace):
    known = [scan for scan in split if scan is not None]
    stored = dict(zip((scan.identity for scan in known), _store(connection, known, replace), strict=True))
    ids = [[] if scan is None else _hit_ids(connection, scan, stored[scan.identity]) for scan in split]
    number, place, row = links
    firsts = np.cumsum([0, *map(len, ids)])[:-1]
    hit_id = np.concatenate(ids).astype(np.int64)[firsts[place] + row]
    linked = sorted(zip(number.tolist(), place.tolist(), hit_id.tolist(), strict=True))
    given = [*(rows[column.name].tolist() for column in _EVENT_COLUMNS), linked]
    before = _stored_events(connection, cadence)
    if given == before:
        return
    if before[0]:
        if not replace:
            raise HitsError(
                f"cadence {cadence!r} is stored with {len(before[0])} events, found {len(rows)} that are not "
                "the same; replace=True puts these in their place"
            )
        _delete_events(connection, cadence)
    columns = {column.name: rows[column.name].to_numpy() for column in _EVENT_COLUMNS}
    _insert(connection, _events, {"cadence": [cadence] * len(rows), "number": np.arange(len(rows))} | columns)
    of_cadence = sa.select(_events.c.event_id).where(_events.c.cadence == cadence)
    event_ids = np.array(connection.scalars(of_cadence.order_by(_events.c.number)).all(), dtype=np.int64)
    _insert(connection, _event_hits, {"event_id": event_ids[number], "hit_id": hit_id, "place": place})


def _stored_events(connection, cadence):
    """Columns of the events of a cadence, and their links, as `_store_cadence` compares them."""
    columns = {name: _events.c[name] for name in ("number", *(column.name for column in _EVENT_COLUMNS))}
    of_cadence = _events.c.cadence == cadence
    events = _fetch(connection, columns, of_cadence, order_by=_events.c.number)
    links = sa.select(_events.c.number, _event_hits.c.place, _event_hits.c.hit_id)
    found = connection.execute(links.join_from(_events, _event_hits).where(of_cadence))
    return [*(events[column.name].tolist() for column in _EVENT_COLUMNS), sorted(map(tuple, found))]


def save_review(url, hit_id, verdict, note=""):
    """Keep what a person says of a hit, in place of what was said before; nothing at all removes it.

    Raises `DatabaseError` where there is no such hit, or a text is too long (64 and 4000 characters).
    """
    engine = open_database(url)
    with _in_use(engine):
        check_text(verdict, "review, verdict")
        check_text(note, "review, note")
        _write(engine, _store_review, int(hit_id), verdict, note)


def _store_review(connection, hit_id, verdict, note):
    if connection.scalar(sa.select(_hits.c.hit_id).where(_hits.c.hit_id == hit_id)) is None:
        raise HitsError(f"expected the hit_id of a stored hit, found {hit_id}")
    connection.execute(_reviews.delete().where(_reviews.c.hit_id == hit_id))
    if verdict or note:
        connection.execute(_reviews.insert().values(hit_id=hit_id, verdict=verdict, note=note))


# Loading


def load_hits(
    url,
    *,
    frequency_mhz=None,
    snr=None,
    drift_hz_s=None,
    hit_id=None,
    source_name=None,
    scan=None,
    cadence=None,
    position=None,
    verdict=None,
    extra=(),
):
    """Hits that fit all that is asked for.

    Parameters
    ----------
    url : str
    frequency_mhz, snr, drift_hz_s : (low, high)
        Limits, both included; None is an open end.
    hit_id, source_name, scan, cadence, position, verdict : value, or list of values
        ``verdict`` is that of the events that a hit belongs to.
    extra : sequence of str
        More columns: ``hit_id``, ``observation_id``, ``cadence``, ``position``, ``ra_deg``, ``dec_deg``,
        ``verdict``, and what a person said, ``review`` and ``note``. Text is empty where there is none.

    Returns
    -------
    DataFrame
        Columns `setilearn.tables.HITS`, then ``extra``; in the order in which the hits were saved,
        scan by scan, labelled from 0.

    Raises
    ------
    DatabaseError
        The database cannot be used; limits or columns that make no sense.
    """
    _require_known("extra", extra, [*_OF_HIT, *_OF_SCAN])
    of_scan = _choices(_observations, source_name=source_name, scan=scan, cadence=cadence, position=position)
    conditions = _ranges(_hits, frequency_mhz=frequency_mhz, snr=snr, drift_hz_s=drift_hz_s)
    conditions += _choices(_hits, hit_id=hit_id)
    if of_scan:
        scans = sa.select(_observations.c.observation_id).where(*of_scan)
        conditions.append(_hits.c.observation_id.in_(scans))
    if verdict is not None:
        judged = sa.select(_event_hits.c.hit_id).join_from(_event_hits, _events)
        conditions.append(_hits.c.hit_id.in_(judged.where(*_choices(_events, verdict=verdict))))
    columns = {**_hits.c, **{name: _OF_HIT[name] for name in extra if name in _OF_HIT}}
    names = [*(column.name for column in HITS), *extra]
    with _reading(url) as connection:
        found = _fetch(connection, columns, *conditions)
        # Sorted here: for the sake of an order the database might leave the index of the limits aside.
        order = np.argsort(found["hit_id"], kind="stable")
        ids, place = np.unique(found["observation_id"][order], return_inverse=True)
        scans = _fetch_scans(connection, ids.tolist(), [name for name in names if name not in columns])
    columns = {name: found[name][order] if name in found else scans[name][place] for name in names}
    hits = table(HITS, {column.name: columns[column.name] for column in HITS})
    for name in extra:
        hits[name] = columns[name].astype("str") if columns[name].dtype == object else columns[name]
    return hits


def _fetch_scans(connection, ids, names):
    """Columns of the observations of ascending ``ids``, in their order."""
    key = _observations.c.observation_id
    columns = {name: _observations.c[name] for name in names}
    parts = [
        _fetch(connection, columns, key.in_(ids[start : start + MANY]), order_by=key)
        for start in range(0, max(1, len(ids)), MANY)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def _require_known(what, names, known):
    if unknown := [name for name in names if name not in known]:
        raise DatabaseError(f"{what}: expected some of {', '.join(known)}, found {', '.join(unknown)}")


def _ranges(of, **ranges):
    conditions = []
    for name, limits in ranges.items():
        if limits is None:
            continue
        try:
            low, high = (
                default if limit is None else float(limit)
                for limit, default in zip(limits, _OPEN, strict=True)
            )
        except (TypeError, ValueError):
            low = high = np.nan
        if not low <= high:
            raise DatabaseError(f"{name}: expected limits (low, high), found {limits!r}")
        # Infinity cannot be told to every server.
        conditions += [of.c[name] >= low] if low > -np.inf else []
        conditions += [of.c[name] <= high] if high < np.inf else []
    return conditions


def _choices(of, **choices):
    conditions = []
    for name, wanted in choices.items():
        if wanted is not None:
            # Without NumPy's numbers, which drivers do not know.
            values = np.atleast_1d(np.asarray(wanted)).tolist()
            conditions.append(of.c[name].in_(values))
    return conditions


def iter_hit_columns(url, columns=("hit_id", "observation_id", *HIT_NUMBERS), *, n_rows=500_000):
    """All hits in the order in which they were saved, in pieces of up to ``n_rows``, as NumPy columns.

    For millions of hits, where a table would take long. All pieces are of one moment. The scan is named by
    ``observation_id`` alone: ``load_observations(url, extra=["observation_id"])`` tells more.

    Yields dicts with an array for each name in ``columns``: ``hit_id``, ``observation_id``, ``channel``
    (int64); ``frequency_mhz``, ``drift_hz_s``, ``snr``, ``width_hz`` (float64); ``verdict``, ``review``,
    ``note`` (object: str, empty where there is none; these take longer).

    Raises `DatabaseError` where the database cannot be used, or a column is none of these.
    """
    _require_known("columns", columns, _OF_HIT)
    wanted = {name: _OF_HIT[name] for name in ("hit_id", *columns)}
    last = 0
    with _reading(url) as connection:
        while True:
            after = _hits.c.hit_id > last
            found = _fetch(connection, wanted, after, order_by=_hits.c.hit_id, limit=n_rows)
            if not len(found["hit_id"]):
                return
            last = int(found["hit_id"][-1])
            yield {name: found[name] for name in columns}


def load_observations(url, *, source_name=None, scan=None, cadence=None, position=None, extra=()):
    """Stored scans, columns `setilearn.tables.OBSERVATIONS`, in the order in which they were saved.

    ``extra`` may name ``observation_id``, ``file_name`` and ``n_hits``. Raises `DatabaseError`.
    """
    _require_known("extra", extra, ("observation_id", "file_name", "n_hits"))
    chosen = _choices(_observations, source_name=source_name, scan=scan, cadence=cadence, position=position)
    with _reading(url) as connection:
        found = _fetch(connection, dict(_observations.c), *chosen, order_by=_observations.c.observation_id)
    observations = table(OBSERVATIONS, {column.name: found[column.name] for column in OBSERVATIONS})
    return observations.assign(**{name: found[name] for name in extra})


def load_events(url, *, frequency_mhz=None, snr=None, source_name=None, cadence=None, verdict=None, extra=()):
    """Events that fit all that is asked for (as in `load_hits`), columns `setilearn.tables.EVENTS`.

    Labels in ``hits`` are hit_id: ``load_hits(url, extra=["hit_id"]).set_index("hit_id")`` has them.
    ``extra`` may name ``event_id`` and ``cadence``. Raises `DatabaseError`.
    """
    _require_known("extra", extra, ("event_id", "cadence"))
    conditions = _ranges(_events, frequency_mhz=frequency_mhz, snr=snr)
    conditions += _choices(_events, source_name=source_name, cadence=cadence, verdict=verdict)
    chosen = _event_hits.c.event_id.in_(sa.select(_events.c.event_id).where(*conditions))
    with _reading(url) as connection:
        found = _fetch(connection, dict(_events.c), *conditions, order_by=_events.c.event_id)
        links = _fetch(connection, dict(_event_hits.c), chosen)
    order = np.lexsort([links["hit_id"], links["place"], links["event_id"]])
    pairs = list(zip(links["place"][order].tolist(), links["hit_id"][order].tolist(), strict=True))
    ends = np.searchsorted(links["event_id"][order], found["event_id"], side="right").tolist()
    members = [tuple(pairs[start:end]) for start, end in pairwise([0, *ends])]
    events = table(EVENTS, {column.name: found[column.name] for column in _EVENT_COLUMNS} | {"hits": members})
    return events.assign(**{name: found[name] for name in extra})


def load_reviews(url):
    """What people said of hits: DataFrame with hit_id, verdict, note, by hit_id. Raises `DatabaseError`."""
    import pandas as pd

    with _reading(url) as connection:
        found = _fetch(connection, dict(_reviews.c), order_by=_reviews.c.hit_id)
    return pd.DataFrame(found).astype({"verdict": "str", "note": "str"})


# Turbo_seti's files


def import_dat(paths, url, *, replace=False, progress=True):
    """Save turbo_seti's `.dat` files, one path or several; one without hits is a scan without hits.

    Raises `HitsError` and `DatabaseError`.
    """
    for path in [paths] if isinstance(paths, str | Path) else paths:
        hits, observation = read_dat(path), dat_observation(path)
        save_hits(hits, url, observations=observation, replace=replace, progress=progress)
