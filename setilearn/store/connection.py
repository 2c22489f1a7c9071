"""Connections to the database of hits: an SQLite file, or a MySQL or MariaDB server, behind one URL.

``sqlite:///survey.db`` is the file survey.db in the current folder, ``sqlite:////data/survey.db`` one by
its full path; ``mysql+pymysql://user:password@host/survey`` is the database survey of a server, which must
exist, with or without tables.
"""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa
from sqlalchemy import exc

from setilearn.errors import DatabaseError, HitsError, how_to_install
from setilearn.store.schema import SCHEMA, SCHEMA_VERSION, version_table

if TYPE_CHECKING:
    from sqlalchemy import Engine

MANY = 900  # scans in one question or transaction; some versions of SQLite take no more than 999 parameters
_DRIVER_ROWS = 50_000  # handed to the driver at once, as tuples
_WAIT_S = 60  # for another process that writes
_TRIES = 6
_EXAMPLES = "sqlite:///survey.db or mysql+pymysql://user:password@host/survey"
# What MySQL answers to the one it undoes where two writers wait for each other.
_LOCK_WAIT_TIMEOUT, _DEADLOCK = 1205, 1213


def open_database(url: str) -> Engine:
    """SQLAlchemy engine of a database of hits, for SQL by hand: ``pandas.read_sql(sql, open_database(url))``.

    Raises `DatabaseError` where it cannot be reached, holds no tables of hits, or those of another version.
    """
    engine = database_engine(url)
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
    return database_engine(engine.url.set(database=file, query={"immutable": "1", "uri": "true"}))


def database_engine(url):
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
            f"mysql+pymysql needs pymysql: {how_to_install('pymysql')}"
        ) from error
    except exc.SQLAlchemyError as error:
        raise DatabaseError(f"{_named(url)}: expected a URL such as {_EXAMPLES}: {error}") from error
    if system == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _parsed(url):
    try:
        parsed = sa.make_url(url)
    except (exc.ArgumentError, ValueError):
        # What is shown must not hold a password.
        found = (
            "another" if "://" in str(url) or "@" in str(url) else f"{str(url)!r}; a file: sqlite:///{url}"
        )
        raise DatabaseError(f"expected a URL such as {_EXAMPLES}, found {found}") from None
    if "@" in f"{parsed.host or ''}{parsed.database or ''}" and parsed.get_backend_name() != "sqlite":
        # What stands behind the first of two belongs to a password, and would be shown as a host.
        raise DatabaseError(
            f"expected a URL such as {_EXAMPLES} with one @, found more: "
            "in a password @ is written %40, / %2F, : %3A, ? %3F, # %23 and % %25"
        )
    return parsed


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
def in_use(engine):
    """With `_own_errors`; connections to a server, which are slow to make, are kept until the end."""
    try:
        with _own_errors(engine):
            yield
    finally:
        engine.dispose()


@contextmanager
def reading(url):
    """Connection in one transaction: all that is read is of one moment."""
    engine = open_database(url)
    with in_use(engine), engine.begin() as connection:
        yield connection


def write(engine, work, *arguments):
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
    if version_table.name not in found:
        if others := found & set(SCHEMA.tables):
            raise DatabaseError(
                f"{_named(connection.engine)}: expected tables of setilearn, "
                f"found those of something else: {', '.join(sorted(others))}"
            )
        return None
    version = connection.scalar(sa.select(version_table.c.version))
    if version not in (None, SCHEMA_VERSION):
        raise DatabaseError(
            f"{_named(connection.engine)}: expected tables of version {SCHEMA_VERSION}, found {version}, "
            "made by another version of setilearn"
        )
    return version


def prepare(engine):
    """Make our tables where they are not there yet."""
    if _version_in(engine) is None:
        if engine.dialect.name == "sqlite":
            # Readers and a writer then do not wait for each other. It cannot be done in a transaction.
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
        write(engine, _make_tables)
        engine.dispose()


def _make_tables(connection):
    if connection.dialect.name != "sqlite":
        # Each table is a transaction of its own there. The lock ends with the connection, in prepare.
        connection.scalar(sa.text(f"SELECT GET_LOCK('setilearn', {_WAIT_S})"))
    if _found_version(connection) is None:
        found = sa.inspect(connection).get_table_names()
        # The table of the version first, so that a kill leaves none of ours without it, and its row last.
        for made in [version_table, *(made for made in SCHEMA.sorted_tables if made is not version_table)]:
            if made.name not in found:
                made.create(connection)
            for index in made.indexes if made.name in found else ():
                index.create(connection, checkfirst=True)
        connection.execute(version_table.insert().values(version=SCHEMA_VERSION))


def insert(connection, into, columns):
    """Rows from columns (dict of sequences), as tuples straight to the driver: that is what makes it fast."""
    columns = {column.name: columns[column.name] for column in into.c if column.name in columns}
    statement = str(sa.insert(into).compile(dialect=connection.dialect, column_keys=list(columns)))
    n_rows = len(next(iter(columns.values())))
    for start in range(0, n_rows, _DRIVER_ROWS):
        parts = [column[start : start + _DRIVER_ROWS] for column in columns.values()]
        plain = [part.tolist() if isinstance(part, np.ndarray) else part for part in parts]
        connection.exec_driver_sql(statement, list(zip(*plain, strict=True)))


def fetch_columns(connection, columns, *where, order_by=None, limit=None):
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
