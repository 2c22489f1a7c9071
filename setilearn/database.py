"""Hits, events and reviews in a database behind one URL: an SQLite file, or a MySQL or MariaDB server.

``sqlite:///survey.db`` is the file survey.db in the current folder, ``sqlite:////data/survey.db`` one by
its full path; ``mysql+pymysql://user:password@host/survey`` is the database survey of a server, which must
exist, tables or not.

The tables, for SQL by hand (``pandas.read_sql(sql, open_database(url))``); names, units and meaning of
what is not explained are those of `setilearn.tables`:

- ``observations``, one row a scan: **observation_id**, source_name, scan, tstart_mjd, path, file_name
  (the last part of path), cadence, position, ra_deg, dec_deg (NULL where unknown), n_hits
- ``hits``: **hit_id** (numbered as they were saved), observation_id, frequency_mhz, drift_hz_s, snr,
  width_hz, channel
- ``events``: **event_id**, cadence, number (place in the table of events of that cadence), source_name,
  tstart_mjd, frequency_mhz, drift_hz_s, snr, n_on, n_off, verdict
- ``event_hits``, which hits an event consists of: **event_id**, **hit_id**, place (of the scan in its cadence)
- ``reviews``, what a person says of a hit: **hit_id**, verdict, note
- ``schema_version``: the version of these tables

Keys are in bold. Scans are told apart by source_name, scan, tstart_mjd and file_name: no two rows share all
four. There are indexes on hits.frequency_mhz, hits.snr, hits.observation_id and the columns that link tables.
"""

import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from sqlalchemy import exc

from setilearn.search.dat import read_dat
from setilearn.search.scans import HIT_NUMBERS, IDENTITY, MAX_LENGTH, ScansError, check_text, split_scans
from setilearn.tables import EVENTS, HITS, OBSERVATIONS, table

SCHEMA_VERSION = 1
BATCH_HITS = 100_000  # of one transaction, at least one scan
BATCH_SCANS = 500
BUSY_S = 60  # how long a writer waits for another one
_TRIES = 5
_EXAMPLES = "sqlite:///survey.db or mysql+pymysql://user:password@host/survey"
_BACKENDS = {"sqlite", "mysql", "mariadb"}
# Lock wait timeout and deadlock: the server has undone the transaction, and asks to try again.
_TRY_AGAIN = {1205, 1213}


class DatabaseError(ValueError):
    """A database that cannot be reached or is none of ours, or hits that contradict what it holds."""


# Schema

_schema = sa.MetaData()
# On every system text is compared letter by letter: "hip 1" is not "HIP 1".
_OPTIONS = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
    "sqlite_autoincrement": True,
}


def _number(name, kind=sa.Double, *args, **options):
    return sa.Column(name, kind, *args, nullable=options.pop("nullable", False), **options)


def _words(name, length):
    return sa.Column(name, sa.String(length), nullable=False)


def _key(name):
    # SQLite numbers rows by itself only where the type is INTEGER, of 64 bits there.
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


def _link(column, **options):
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column(column.name, kind, sa.ForeignKey(column, ondelete="CASCADE"), nullable=False, **options)


_version = sa.Table(
    "schema_version", _schema, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False)
)
_observations = sa.Table(
    "observations",
    _schema,
    _key("observation_id"),
    _words("source_name", MAX_LENGTH["source_name"]),
    _number("scan", sa.BigInteger),
    _number("tstart_mjd"),
    _words("path", MAX_LENGTH["path"]),
    _words("file_name", MAX_LENGTH["file_name"]),
    _words("cadence", MAX_LENGTH["cadence"]),
    _words("position", MAX_LENGTH["position"]),
    _number("ra_deg", nullable=True),
    _number("dec_deg", nullable=True),
    _number("n_hits", sa.BigInteger),
    sa.UniqueConstraint("tstart_mjd", "source_name", "scan", "file_name", name="one_row_a_scan"),
    sa.Index("observations_source_name", "source_name"),
    sa.Index("observations_cadence", "cadence"),
    **_OPTIONS,
)
_hits = sa.Table(
    "hits",
    _schema,
    _key("hit_id"),
    _link(_observations.c.observation_id),
    _number("frequency_mhz"),
    _number("drift_hz_s"),
    _number("snr"),
    _number("width_hz"),
    _number("channel", sa.BigInteger),
    sa.Index("hits_observation", "observation_id"),
    sa.Index("hits_frequency", "frequency_mhz"),
    sa.Index("hits_snr", "snr"),
    **_OPTIONS,
)
_events = sa.Table(
    "events",
    _schema,
    _key("event_id"),
    _words("cadence", MAX_LENGTH["cadence"]),
    _number("number", sa.BigInteger),
    _words("source_name", MAX_LENGTH["source_name"]),
    _number("tstart_mjd"),
    _number("frequency_mhz"),
    _number("drift_hz_s"),
    _number("snr"),
    _number("n_on", sa.BigInteger),
    _number("n_off", sa.BigInteger),
    _words("verdict", 64),
    sa.UniqueConstraint("cadence", "number", name="one_row_an_event"),
    sa.Index("events_frequency", "frequency_mhz"),
    sa.Index("events_verdict", "verdict"),
    **_OPTIONS,
)
_event_hits = sa.Table(
    "event_hits",
    _schema,
    _link(_events.c.event_id, primary_key=True),
    _link(_hits.c.hit_id, primary_key=True),
    _number("place", sa.BigInteger),
    sa.Index("event_hits_hit", "hit_id"),
    mysql_engine="InnoDB",
)
_reviews = sa.Table(
    "reviews",
    _schema,
    _link(_hits.c.hit_id, primary_key=True, autoincrement=False),
    _words("verdict", 64),
    _words("note", 4000),
    **{name: value for name, value in _OPTIONS.items() if name != "sqlite_autoincrement"},
)
_EVENT_NUMBERS = [column.name for column in EVENTS if column.name != "hits"]
_HIT_COLUMNS = [_hits.c[name] for name in HIT_NUMBERS]
_KNOWN_LATER = ("cadence", "position", "ra_deg", "dec_deg")
# In whatever events a hit is, they have one verdict: a hit of an ON scan is in one only, and all those of an
# OFF scan are "also in OFF".
_VERDICT = (
    sa.select(sa.func.min(_events.c.verdict))
    .join_from(_event_hits, _events)
    .where(_event_hits.c.hit_id == _hits.c.hit_id)
    .scalar_subquery()
)
_EXTRA = {
    "hit_id": _hits.c.hit_id,
    "verdict": _VERDICT,
    "review": _reviews.c.verdict,
    "note": _reviews.c.note,
}
_EXTRA_OF_SCAN = ("observation_id", *_KNOWN_LATER)


# Connections


def open_database(url):
    """SQLAlchemy engine of a database that hits were saved to: ``pandas.read_sql(sql, open_database(url))``.

    Raises `DatabaseError` where there is none, it cannot be reached, or its tables are of another version.
    """
    engine = _engine(url)
    path = engine.url.database
    if engine.dialect.name == "sqlite" and not path.startswith("file:") and not Path(path).exists():
        raise DatabaseError(f"{_shown(engine)}: expected a database, found no file; save_hits makes one")
    with _named_errors(engine), engine.begin() as connection:
        version = _found_version(connection)
    if version is None:
        raise DatabaseError(f"{_shown(engine)}: expected tables of hits, found none; save_hits makes them")
    return engine


def _engine(url):
    url = _parsed(url)
    name = url.get_backend_name()
    if name not in _BACKENDS:
        raise DatabaseError(f"expected a URL such as {_EXAMPLES}, found one of {name}")
    if name == "sqlite" and url.database in (None, "", ":memory:"):
        raise DatabaseError("expected a file such as sqlite:///survey.db, found an SQLite database in memory")
    options = {"connect_args": {"timeout": BUSY_S}} if name == "sqlite" else {}
    try:
        engine = sa.create_engine(url, poolclass=sa.NullPool, **options)
    except ModuleNotFoundError as error:
        raise DatabaseError(
            f"{_without_secrets(url)}: needs the package {error.name}, which is not installed; "
            "for mysql+pymysql: pip install 'setilearn[mysql]'"
        ) from error
    except (exc.ArgumentError, exc.NoSuchModuleError) as error:
        raise DatabaseError(
            f"{_without_secrets(url)}: expected a URL such as {_EXAMPLES}: {error}"
        ) from error
    if name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _parsed(url):
    try:
        return sa.make_url(url)
    except (exc.ArgumentError, ValueError, TypeError):
        # What was found may hold a password, unless it looks like a mere path.
        path = str(url)
        found = "another" if "@" in path or "://" in path else f"{path!r}; of a file: sqlite:///{path}"
        raise DatabaseError(f"expected a URL such as {_EXAMPLES}, found {found}") from None


def _set_up_sqlite(driver_connection, _):
    # Transactions are begun by _begin_sqlite and not by the driver, which would read outside of them.
    driver_connection.isolation_level = None
    driver_connection.execute("PRAGMA foreign_keys = ON")
    # With a write-ahead log a killed process loses nothing that was committed, and the power may fail too.
    driver_connection.execute("PRAGMA synchronous = NORMAL")
    driver_connection.execute("PRAGMA cache_size = -65536")


def _begin_sqlite(connection):
    # A transaction that reads first and writes later would fail where another one wrote in between.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _shown(engine):
    return _without_secrets(engine.url)


def _without_secrets(url):
    return url.set(query={}).render_as_string(hide_password=True)


@contextmanager
def _named_errors(engine):
    """Errors of the driver, of SQLAlchemy and of tables, as `DatabaseError` that names the database."""
    try:
        yield
    # PyMySQL raises a RuntimeError where the server asks for encryption that is not installed.
    except (exc.SQLAlchemyError, engine.dialect.loaded_dbapi.Error, ScansError, RuntimeError) as error:
        raise DatabaseError(f"{_shown(engine)}: {getattr(error, 'orig', None) or error}") from error


@contextmanager
def _reading(url):
    """Connection of one transaction: all that is read in it is of one moment."""
    engine = open_database(url)
    with _named_errors(engine), engine.begin() as connection:
        yield connection


def _write(engine, work):
    """``work(connection)`` in one transaction, again where another process was in the way."""
    for attempt in range(_TRIES):
        try:
            with engine.connect().execution_options(writes=True) as connection, connection.begin():
                return work(connection)
        except exc.DBAPIError as error:
            another = isinstance(error, exc.IntegrityError) or error.orig.args[:1] in [
                (n,) for n in _TRY_AGAIN
            ]
            if not another or attempt == _TRIES - 1:
                raise
            time.sleep(0.05 * 2**attempt)
    return None


def _found_version(connection):
    """Version of our tables, None where there are none or a kill left them unfinished."""
    found = set(sa.inspect(connection).get_table_names())
    if _version.name not in found:
        if foreign := found & set(_schema.tables):
            raise DatabaseError(
                f"{_shown(connection.engine)}: expected a database of setilearn, "
                f"found another one's table {', '.join(sorted(foreign))}"
            )
        return None
    version = connection.scalar(sa.select(_version.c.version))
    if version not in (None, SCHEMA_VERSION):
        raise DatabaseError(
            f"{_shown(connection.engine)}: expected tables of version {SCHEMA_VERSION}, found {version}; "
            "they belong to another version of setilearn"
        )
    return version


def _prepared(url):
    """Engine of a database whose tables are there, made if need be."""
    engine = _engine(url)
    with _named_errors(engine):
        with engine.begin() as connection:
            version = _found_version(connection)
        if version is None:
            if engine.dialect.name == "sqlite":
                _keep_log(engine)
            _write(engine, _make_tables)
    return engine


def _keep_log(engine):
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _make_tables(connection):
    on_server = connection.dialect.name != "sqlite"
    if on_server:
        # There each table is a transaction of its own: a lock keeps others out.
        connection.scalar(sa.text("SELECT GET_LOCK('setilearn', 60)"))
    try:
        if _found_version(connection) is None:
            for made in _schema.sorted_tables:
                made.create(connection, checkfirst=True)
                for index in made.indexes:
                    index.create(connection, checkfirst=True)
            connection.execute(_version.insert().values(version=SCHEMA_VERSION))
    finally:
        if on_server:
            connection.scalar(sa.text("SELECT RELEASE_LOCK('setilearn')"))


def _insert(connection, into, names, rows):
    """Rows, tuples of plain Python values: handed to the driver as they are, which is what makes it fast."""
    rows = list(rows)
    if rows:
        statement = sa.insert(into).compile(dialect=connection.dialect, column_keys=names)
        if list(statement.positiontup or names) != list(names):
            order = [list(names).index(name) for name in statement.positiontup]
            rows = [tuple(row[place] for place in order) for row in rows]
        connection.exec_driver_sql(str(statement), rows)


def _fetch(connection, statement):
    """Columns of the rows that a statement gives, dict of lists."""
    result = connection.execute(statement)
    rows = result.cursor.fetchall()
    names = list(result.keys())
    result.close()
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())


# Saving


def save_hits(hits, url, *, observations=None, replace=False, progress=True):
    """Save the hits of one scan or of many; each scan is stored whole or not at all.

    A scan that is stored already with the same hits, in whatever order, is left as it is, and so are
    what people said of them. Each transaction takes whole scans, so that a process that is killed or
    an error leaves what was saved until then; saving it all again completes it.

    Parameters
    ----------
    hits : DataFrame
        Columns `setilearn.tables.HITS`. A scan's hits may stand anywhere in it.
    url : str
        Such as ``sqlite:///survey.db``; a file or tables that are not there are made.
    observations : DataFrame, optional
        Columns `setilearn.tables.OBSERVATIONS`, the last four may be absent. Adds what is known of
        the scans, also of scans saved before; a scan that ``hits`` has none of is one without hits.
    replace : bool
        Put these hits in the place of others stored for the same scan. Events of its cadence are
        then deleted, as they were judged on the former hits; reviews stay with hits that are the same.
    progress : bool
        Show a progress bar where it takes more than a second.

    Raises
    ------
    DatabaseError
        The database cannot be used; a number is not finite; a scan is stored with other hits or
        another place; a review would be lost.
    """
    engine = _prepared(url)
    with _named_errors(engine):
        scans = split_scans(hits, observations)
        with _progress_bar(len(hits), progress) as bar:
            for batch in _batches(scans):
                _write(engine, partial(_store, scans=batch, replace=replace))
                bar.update(sum(scan.n_hits for scan in batch))


def _progress_bar(n_hits, shown):
    from tqdm.auto import tqdm

    return tqdm(total=n_hits, desc="saving", unit="hit", unit_scale=True, delay=1, disable=not shown)


def _batches(scans):
    batch, n_hits = [], 0
    for scan in scans:
        if batch and (n_hits + scan.n_hits > BATCH_HITS or len(batch) == BATCH_SCANS):
            yield batch
            batch, n_hits = [], 0
        batch.append(scan)
        n_hits += scan.n_hits
    if batch:
        yield batch


def _store(connection, scans, replace):
    """Save scans within a transaction; returns their observation_id, in order."""
    stored = _stored(connection, scans)
    for scan in scans:
        if scan.identity in stored:
            _merge(connection, scan, stored[scan.identity], replace)
    new = [scan for scan in scans if scan.identity not in stored]
    names = [column.name for column in _observations.c if column.name != "observation_id"]
    values = ({**scan.observation, "n_hits": scan.n_hits} for scan in new)
    _insert(connection, _observations, names, (tuple(value[name] for name in names) for value in values))
    stored |= _stored(connection, new)
    ids = [stored[scan.identity].observation_id for scan in scans]
    for scan, observation_id in zip(scans, ids, strict=True):
        if scan in new:
            _insert_hits(connection, scan, observation_id)
    return ids


def _stored(connection, scans):
    """Rows of `observations` that hold these scans, by identity."""
    starts = {scan.observation["tstart_mjd"] for scan in scans}
    rows = connection.execute(sa.select(_observations).where(_observations.c.tstart_mjd.in_(starts)))
    wanted = {scan.identity for scan in scans}
    by_identity = {tuple(getattr(row, name) for name in IDENTITY): row for row in rows}
    return {identity: row for identity, row in by_identity.items() if identity in wanted}


def _insert_hits(connection, scan, observation_id):
    columns = [column.tolist() for column in scan.numbers]
    rows = zip([observation_id] * scan.n_hits, *columns, strict=True)
    _insert(connection, _hits, ["observation_id", *HIT_NUMBERS], rows)


def _merge(connection, scan, stored, replace):
    """Add to a stored scan what was not known of it; put other hits in their place if so wanted."""
    known = {
        name: scan.observation[name] for name in _KNOWN_LATER if scan.observation[name] not in (None, "")
    }
    changed = {name: value for name, value in known.items() if getattr(stored, name) != value}
    other = {name: getattr(stored, name) for name in changed if getattr(stored, name) not in (None, "")}
    if other and not replace:
        told = ", ".join(f"{name} {known[name]!r}" for name in other)
        raise DatabaseError(f"{_shown(connection.engine)}: {scan} is stored with {other}, found {told}")
    if changed:
        _update(connection, stored, changed)
    if _hit_ids(connection, scan, stored) is not None:
        return
    if not replace:
        raise DatabaseError(
            f"{_shown(connection.engine)}: {scan} is stored with {stored.n_hits} hits, found {scan.n_hits} "
            "that are not the same; replace=True puts these in their place"
        )
    _replace_hits(connection, scan, stored)


def _update(connection, stored, values):
    row = _observations.c.observation_id == stored.observation_id
    connection.execute(_observations.update().where(row).values(values))


def _hit_ids(connection, scan, stored):
    """hit_id of each hit of a scan as its table has them, or None where other hits are stored."""
    if stored.n_hits != scan.n_hits:
        return None
    of_scan = _hits.c.observation_id == stored.observation_id
    columns = _fetch(
        connection, sa.select(_hits.c.hit_id, *_HIT_COLUMNS).where(of_scan).order_by(_hits.c.hit_id)
    )
    found = [np.asarray(columns[name], dtype=float) for name in HIT_NUMBERS]
    given = [np.asarray(column, dtype=float) for column in scan.numbers]
    there, here = np.lexsort(found), np.lexsort(given)
    if not all(np.array_equal(x[there], y[here]) for x, y in zip(found, given, strict=True)):
        return None
    ids = np.empty(scan.n_hits, dtype=np.int64)
    ids[here] = np.asarray(columns["hit_id"], dtype=np.int64)[there]
    return ids


def _replace_hits(connection, scan, stored):
    of_scan = _hits.c.observation_id == stored.observation_id
    reviewed = connection.execute(
        sa.select(*_HIT_COLUMNS, _reviews.c.verdict, _reviews.c.note)
        .join_from(_hits, _reviews)
        .where(of_scan)
    ).all()
    if stored.cadence:
        connection.execute(_events.delete().where(_events.c.cadence == stored.cadence))
    connection.execute(_hits.delete().where(of_scan))
    _insert_hits(connection, scan, stored.observation_id)
    _update(connection, stored, {"n_hits": scan.n_hits, "path": scan.observation["path"]})
    for row in reviewed:
        same = [column == value for column, value in zip(_HIT_COLUMNS, row, strict=False)]
        hit_id = connection.scalar(sa.select(sa.func.min(_hits.c.hit_id)).where(of_scan, *same))
        if hit_id is None:
            raise DatabaseError(
                f"{_shown(connection.engine)}: {scan}: the hit at {row.frequency_mhz} MHz has a review "
                f"({row.verdict!r}) and is not among those that would replace it; remove its review before"
            )
        connection.execute(_reviews.insert().values(hit_id=hit_id, verdict=row.verdict, note=row.note))


def save_cadence(scans, events, url, *, pattern="ABACAD", cadence=None, observations=None, replace=False):
    """Save the hits of a cadence and the events that `setilearn.filter_cadence` made of them, linked.

    All in one transaction: the cadence is stored whole or not at all, and saving it again changes nothing.

    Parameters
    ----------
    scans : sequence of DataFrame
        Tables with the columns `setilearn.tables.HITS`, one a scan; their scans may be stored already.
    events : DataFrame
        Columns `setilearn.tables.EVENTS`; ``hits`` names rows of ``scans``.
    url : str
    pattern : str
        A for ON, other letters for OFF.
    cadence : str, optional
        Its name; by default source and start of the first scan that is known, such as ``HIP 1 57541.12345``.
    observations : DataFrame, optional
        Columns `setilearn.tables.OBSERVATIONS`, one row a scan in their order: what is known of them. A
        scan without hits has no other name: without a row here it is not stored.
    replace : bool
        As in `save_hits`; also other events are replaced.

    Raises
    ------
    DatabaseError
        As `save_hits`; not one table a scan; events that name rows that are not there; the cadence is
        stored with other events.
    """
    engine = _prepared(url)
    with _named_errors(engine):
        split = _cadence_scans(scans, pattern, observations)
        known = [scan for scan in split if scan is not None]
        if cadence is None and known:
            first = known[0].observation
            cadence = f"{first['source_name']} {first['tstart_mjd']:.5f}"
        check_text(cadence, "cadence", MAX_LENGTH["cadence"], "save_cadence")
        for scan in known:
            scan.observation["cadence"] = cadence
        places = [frame.index for frame in scans]
        _write(engine, partial(_store_cadence, split, places, events, cadence, replace))


def _cadence_scans(scans, pattern, observations):
    """A `Scan` for each table, None where nothing is known of it."""
    if len(scans) != len(pattern) or (observations is not None and len(observations) != len(pattern)):
        found = f"{len(scans)} tables and {'no' if observations is None else len(observations)} observations"
        raise ScansError(f"pattern {pattern}: expected {len(pattern)} scans, found {found}")
    split = []
    for place, (letter, hits) in enumerate(zip(pattern, scans, strict=True)):
        found = split_scans(hits, None if observations is None else observations.iloc[[place]])
        if len(found) > 1:
            raise ScansError(f"scan {place}: expected hits of one scan, found {found[0]} and {found[1]}")
        for scan in found:
            scan.observation["position"] = "ON" if letter == "A" else "OFF"
        split.append(found[0] if found else None)
    return split


def _store_cadence(split, places, events, cadence, replace, connection):
    known = [scan for scan in split if scan is not None]
    _store(connection, known, replace)
    stored = _stored(connection, known)
    hit_ids = [
        np.array([], dtype=np.int64) if scan is None else _hit_ids(connection, scan, stored[scan.identity])
        for scan in split
    ]
    rows, links = _event_rows(events, places, hit_ids)
    before = _stored_events(connection, cadence)
    if before == (rows, links):
        return
    if before[0] and not replace:
        raise DatabaseError(
            f"{_shown(connection.engine)}: cadence {cadence!r} is stored with {len(before[0])} events, found "
            f"{len(rows)} that are not the same; replace=True puts these in their place"
        )
    connection.execute(_events.delete().where(_events.c.cadence == cadence))
    names = ["cadence", "number", *_EVENT_NUMBERS]
    _insert(connection, _events, names, ((cadence, number, *row) for number, row in enumerate(rows)))
    numbered = sa.select(_events.c.event_id).where(_events.c.cadence == cadence).order_by(_events.c.number)
    event_ids = connection.scalars(numbered).all()
    _insert(
        connection,
        _event_hits,
        ["event_id", "hit_id", "place"],
        ((event_ids[number], hit_id, place) for number, place, hit_id in links),
    )


def _event_rows(events, places, hit_ids):
    """Rows of `events` but for their keys, and links: (number of the event, place of the scan, hit_id)."""
    rows = list(zip(*(events[name].to_list() for name in _EVENT_NUMBERS), strict=True))
    of_label = [
        dict(zip(index, ids.tolist(), strict=True)) for index, ids in zip(places, hit_ids, strict=True)
    ]
    try:
        links = [
            (number, place, of_label[place][label])
            for number, hits in enumerate(events["hits"])
            for place, label in hits
        ]
    except (KeyError, IndexError) as error:
        raise ScansError(f"events: expected hits that are rows of the scans, found {error}") from None
    return rows, sorted(links)


def _stored_events(connection, cadence):
    of_cadence = _events.c.cadence == cadence
    columns = [_events.c[name] for name in _EVENT_NUMBERS]
    rows = connection.execute(sa.select(*columns).where(of_cadence).order_by(_events.c.number)).all()
    linked = sa.select(_events.c.number, _event_hits.c.place, _event_hits.c.hit_id)
    links = connection.execute(linked.join_from(_events, _event_hits).where(of_cadence)).all()
    return [tuple(row) for row in rows], sorted(tuple(link) for link in links)


def save_review(url, hit_id, verdict, note=""):
    """Keep what a person says of a hit in place of what was said before; verdict and note "" remove it.

    Raises `DatabaseError` where there is no such hit, or a text is too long (64 and 4000 characters).
    """
    engine = open_database(url)
    hit_id = int(hit_id)
    with _named_errors(engine):
        check_text(verdict, "verdict", _reviews.c.verdict.type.length, "review")
        check_text(note, "note", _reviews.c.note.type.length, "review")
        _write(engine, partial(_store_review, hit_id, verdict, note))


def _store_review(hit_id, verdict, note, connection):
    if connection.scalar(sa.select(_hits.c.hit_id).where(_hits.c.hit_id == hit_id)) is None:
        raise DatabaseError(f"{_shown(connection.engine)}: expected the hit_id of a hit, found {hit_id}")
    connection.execute(_reviews.delete().where(_reviews.c.hit_id == hit_id))
    if verdict or note:
        connection.execute(_reviews.insert().values(hit_id=hit_id, verdict=verdict, note=note))


def import_dat(paths, url, *, replace=False, progress=True):
    """Save the hits of turbo_seti's `.dat` files (`setilearn.read_dat`), one path or many."""
    for path in [paths] if isinstance(paths, str | Path) else paths:
        save_hits(read_dat(path), url, replace=replace, progress=progress)


# Loading


def load_hits(
    url,
    *,
    frequency_mhz=None,
    snr=None,
    drift_hz_s=None,
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
        From low to high, both included; None is an open end.
    source_name, scan, cadence, position : value or list of values
        Of the observations.
    verdict : str or list of str
        Of the cadence: hits that belong to such events.
    extra : sequence of str
        Columns to append: ``hit_id``, ``observation_id``, ``cadence``, ``position``, ``ra_deg``,
        ``dec_deg``, ``verdict`` (of the cadence), ``review`` and ``note`` (what a person said);
        text is empty where there is none.

    Returns
    -------
    DataFrame
        Columns `setilearn.tables.HITS` in the order they were saved in, scan by scan, then ``extra``.

    Raises
    ------
    DatabaseError
        The database cannot be used; a range or an extra column that is none.
    """
    if unknown := set(extra) - {*_EXTRA, *_EXTRA_OF_SCAN}:
        raise DatabaseError(
            f"extra: expected some of {', '.join({*_EXTRA, *_EXTRA_OF_SCAN})}, found {unknown}"
        )
    conditions = _ranges(_hits, frequency_mhz=frequency_mhz, snr=snr, drift_hz_s=drift_hz_s)
    of_scan = _choices(_observations, source_name=source_name, scan=scan, cadence=cadence, position=position)
    if of_scan:
        chosen = sa.select(_observations.c.observation_id).where(*of_scan)
        conditions.append(_hits.c.observation_id.in_(chosen))
    if verdict is not None:
        judged = sa.select(_event_hits.c.hit_id).join_from(_event_hits, _events)
        conditions.append(_hits.c.hit_id.in_(judged.where(*_choices(_events, verdict=verdict))))
    columns = [_EXTRA[name].label(f"extra_{name}") for name in extra if name in _EXTRA]
    statement = sa.select(_hits.c.hit_id, _hits.c.observation_id, *_HIT_COLUMNS, *columns).where(*conditions)
    if {"review", "note"} & set(extra):
        statement = statement.outerjoin_from(_hits, _reviews)
    with _reading(url) as connection:
        found = _fetch(connection, statement)
        observations = _fetch(connection, sa.select(_observations).where(*of_scan))
    return _hit_table(found, observations, extra)


def _hit_table(found, observations, extra):
    import pandas as pd

    found, observations = pd.DataFrame(found), pd.DataFrame(observations)
    # Sorted here and not by the database, which might for the order's sake not use the index of a range.
    found = found.sort_values("hit_id", kind="stable", ignore_index=True)
    places = pd.Index(observations["observation_id"]).get_indexer(found["observation_id"])
    of_scan = observations.drop(columns="observation_id").iloc[places].reset_index(drop=True)
    hits = table(HITS, {c.name: found.get(c.name, of_scan.get(c.name)) for c in HITS})
    for name in extra:
        if name in _EXTRA:
            column = found[f"extra_{name}"]
            hits[name] = column if name == "hit_id" else column.fillna("").astype("str")
        else:
            column = found[name] if name == "observation_id" else of_scan[name]
            hits[name] = column.astype(float) if name.endswith("_deg") else column
    return hits


def _ranges(of, **ranges):
    conditions = []
    for name, limits in ranges.items():
        if limits is None:
            continue
        low, high = _limits(name, limits)
        if low is not None:
            conditions.append(of.c[name] >= low)
        if high is not None:
            conditions.append(of.c[name] <= high)
    return conditions


def _limits(name, limits):
    try:
        low, high = (None if limit is None else float(limit) for limit in limits)
    except (TypeError, ValueError):
        raise DatabaseError(f"{name}: expected (low, high), found {limits!r}") from None
    if any(limit is not None and np.isnan(limit) for limit in (low, high)):
        raise DatabaseError(f"{name}: expected (low, high), found {limits!r}")
    if low is not None and high is not None and low > high:
        raise DatabaseError(f"{name}: expected the lower limit first, found {limits!r}")
    return low, high


def _choices(of, **choices):
    conditions = []
    for name, values in choices.items():
        if values is None:
            continue
        values = [values] if np.ndim(values) == 0 else list(values)
        conditions.append(of.c[name].in_([int(value) if name == "scan" else str(value) for value in values]))
    return conditions


def iter_hit_columns(url, columns=("hit_id", "observation_id", *HIT_NUMBERS), *, n_rows=500_000):
    """All hits in the order they were saved in, in pieces of at most ``n_rows``, as plain NumPy columns.

    For millions of hits: no table is made of them, and their scans are named by ``observation_id``
    alone (``load_observations(url, extra=["observation_id"])``). All pieces are of one moment.

    Yields dicts of arrays by the names in ``columns``: ``hit_id``, ``observation_id``, ``channel`` (int64),
    ``frequency_mhz``, ``drift_hz_s``, ``snr``, ``width_hz`` (float64).

    Raises `DatabaseError` where the database cannot be used, or a column is none of these.
    """
    if unknown := [name for name in columns if name not in _hits.c]:
        raise DatabaseError(f"columns: expected some of {', '.join(_hits.c.keys())}, found {unknown}")
    wanted = [_hits.c[name] for name in columns]
    last = 0
    with _reading(url) as connection:
        while True:
            after = sa.select(_hits.c.hit_id.label("last"), *wanted).where(_hits.c.hit_id > last)
            found = _fetch(connection, after.order_by(_hits.c.hit_id).limit(n_rows))
            if not found["last"]:
                return
            last = found["last"][-1]
            kinds = {c.name: float if isinstance(c.type, sa.Double) else np.int64 for c in wanted}
            yield {name: np.array(found[name], dtype=kind) for name, kind in kinds.items()}


def load_observations(url, *, source_name=None, scan=None, cadence=None, position=None, extra=()):
    """Scans that are stored, columns `setilearn.tables.OBSERVATIONS`, in the order they were saved in.

    ``extra`` may have ``observation_id``, ``file_name`` and ``n_hits``. Raises `DatabaseError`.
    """
    names = [*(column.name for column in OBSERVATIONS), *extra]
    if unknown := [name for name in names if name not in _observations.c]:
        raise DatabaseError(f"extra: expected observation_id, file_name or n_hits, found {unknown}")
    chosen = _choices(_observations, source_name=source_name, scan=scan, cadence=cadence, position=position)
    statement = sa.select(*(_observations.c[name] for name in names)).where(*chosen)
    with _reading(url) as connection:
        found = _fetch(connection, statement.order_by(_observations.c.observation_id))
    observations = table(OBSERVATIONS, {column.name: found[column.name] for column in OBSERVATIONS})
    for name in extra:
        observations[name] = found[name]
    return observations


def load_events(url, *, frequency_mhz=None, snr=None, source_name=None, cadence=None, verdict=None, extra=()):
    """Events that fit all that is asked for, columns `setilearn.tables.EVENTS`, cadence by cadence.

    Arguments are those of `load_hits`. The labels in ``hits`` are hit_id, those of
    ``load_hits(url, extra=["hit_id"]).set_index("hit_id")``; ``extra`` may have ``event_id`` and ``cadence``.
    """
    if unknown := [name for name in extra if name not in ("event_id", "cadence")]:
        raise DatabaseError(f"extra: expected event_id or cadence, found {unknown}")
    conditions = _ranges(_events, frequency_mhz=frequency_mhz, snr=snr)
    conditions += _choices(_events, source_name=source_name, cadence=cadence, verdict=verdict)
    statement = sa.select(_events).where(*conditions).order_by(_events.c.event_id)
    links = sa.select(_event_hits).join_from(_event_hits, _events).where(*conditions)
    with _reading(url) as connection:
        found = _fetch(connection, statement)
        linked = _fetch(connection, links.order_by(_event_hits.c.event_id, _event_hits.c.place))
    members = {event_id: [] for event_id in found["event_id"]}
    for event_id, place, hit_id in zip(linked["event_id"], linked["place"], linked["hit_id"], strict=True):
        members[event_id].append((place, hit_id))
    columns = {name: found[name] for name in _EVENT_NUMBERS}
    events = table(EVENTS, columns | {"hits": [tuple(hits) for hits in members.values()]})
    for name in extra:
        events[name] = found[name]
    return events


def load_reviews(url):
    """What people said of hits: DataFrame with ``hit_id``, ``verdict`` and ``note``, by hit_id."""
    import pandas as pd

    with _reading(url) as connection:
        found = _fetch(connection, sa.select(_reviews).order_by(_reviews.c.hit_id))
    return pd.DataFrame(found).astype({"hit_id": "int64", "verdict": "str", "note": "str"})
