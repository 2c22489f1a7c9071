"""Load hits, scans and events that fit what is asked for."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from setilearn.errors import DatabaseError
from setilearn.store.connection import MANY, fetch_columns, reading
from setilearn.store.scans import HIT_NUMBERS
from setilearn.store.schema import (
    OF_HIT,
    OF_SCAN,
    event_hits_table,
    events_table,
    hits_table,
    observations_table,
)
from setilearn.tables import EVENT_COLUMNS, EVENTS, HITS, OBSERVATIONS, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

_OPEN = (-np.inf, np.inf)


def load_hits(
    url: str,
    *,
    frequency_mhz: tuple[float | None, float | None] | None = None,
    snr: tuple[float | None, float | None] | None = None,
    drift_hz_s: tuple[float | None, float | None] | None = None,
    hit_id: int | Sequence[int] | None = None,
    source_name: str | Sequence[str] | None = None,
    scan: int | Sequence[int] | None = None,
    cadence: str | Sequence[str] | None = None,
    position: str | Sequence[str] | None = None,
    verdict: str | Sequence[str] | None = None,
    extra: Sequence[str] = (),
) -> pd.DataFrame:
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
    require_known("extra", extra, [*OF_HIT, *OF_SCAN])
    of_scan = _choices(
        observations_table, source_name=source_name, scan=scan, cadence=cadence, position=position
    )
    conditions = _ranges(hits_table, frequency_mhz=frequency_mhz, snr=snr, drift_hz_s=drift_hz_s)
    conditions += _choices(hits_table, hit_id=hit_id)
    if of_scan:
        scans = sa.select(observations_table.c.observation_id).where(*of_scan)
        conditions.append(hits_table.c.observation_id.in_(scans))
    if verdict is not None:
        judged = sa.select(event_hits_table.c.hit_id).join_from(event_hits_table, events_table)
        conditions.append(hits_table.c.hit_id.in_(judged.where(*_choices(events_table, verdict=verdict))))
    columns = {**hits_table.c, **{name: OF_HIT[name] for name in extra if name in OF_HIT}}
    names = [*(column.name for column in HITS), *extra]
    with reading(url) as connection:
        found = fetch_columns(connection, columns, *conditions)
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
    key = observations_table.c.observation_id
    columns = {name: observations_table.c[name] for name in names}
    parts = [
        fetch_columns(connection, columns, key.in_(ids[start : start + MANY]), order_by=key)
        for start in range(0, max(1, len(ids)), MANY)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def require_known(what, names, known):
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


def iter_hit_columns(
    url: str, columns: Sequence[str] = ("hit_id", "observation_id", *HIT_NUMBERS), *, n_rows: int = 500_000
) -> Iterator[dict[str, np.ndarray]]:
    """All hits in the order in which they were saved, in pieces of up to ``n_rows``, as NumPy columns.

    For millions of hits, where a table would take long. All pieces are of one moment. The scan is named by
    ``observation_id`` alone: ``load_observations(url, extra=["observation_id"])`` tells more.

    Yields dicts with an array for each name in ``columns``: ``hit_id``, ``observation_id``, ``channel``
    (int64); ``frequency_mhz``, ``drift_hz_s``, ``snr``, ``width_hz`` (float64); ``verdict``, ``review``,
    ``note`` (object: str, empty where there is none; these take longer).

    Raises `DatabaseError` where the database cannot be used, or a column is none of these.
    """
    require_known("columns", columns, OF_HIT)
    wanted = {name: OF_HIT[name] for name in ("hit_id", *columns)}
    last = 0
    with reading(url) as connection:
        while True:
            after = hits_table.c.hit_id > last
            found = fetch_columns(connection, wanted, after, order_by=hits_table.c.hit_id, limit=n_rows)
            if not len(found["hit_id"]):
                return
            last = int(found["hit_id"][-1])
            yield {name: found[name] for name in columns}


def iter_verdicts(url, *, n_rows=500_000):
    """What the cadence says of each hit that belongs to an event, in pieces of up to ``n_rows``.

    Yields (hit_id int64, verdict object: str) arrays, by hit_id. All pieces are of one moment. Raises
    `DatabaseError` where the database cannot be used.
    """
    key, last = event_hits_table.c.hit_id, 0
    # Whatever events a hit is in, they have one verdict (`setilearn.store.schema`).
    verdicts = sa.select(key, sa.func.min(events_table.c.verdict).label("verdict"))
    verdicts = verdicts.join_from(event_hits_table, events_table).group_by(key).order_by(key).limit(n_rows)
    with reading(url) as connection:
        while rows := connection.execute(verdicts.where(key > last)).all():
            hit_id, verdict = zip(*rows, strict=True)
            last = hit_id[-1]
            yield np.array(hit_id, dtype=np.int64), np.array(verdict, dtype=object)


def load_observations(
    url: str,
    *,
    source_name: str | Sequence[str] | None = None,
    scan: int | Sequence[int] | None = None,
    cadence: str | Sequence[str] | None = None,
    position: str | Sequence[str] | None = None,
    extra: Sequence[str] = (),
) -> pd.DataFrame:
    """Stored scans, columns `setilearn.tables.OBSERVATIONS`, in the order in which they were saved.

    ``extra`` may name ``observation_id``, ``file_name`` and ``n_hits``. Raises `DatabaseError`.
    """
    require_known("extra", extra, ("observation_id", "file_name", "n_hits"))
    chosen = _choices(
        observations_table, source_name=source_name, scan=scan, cadence=cadence, position=position
    )
    with reading(url) as connection:
        found = fetch_columns(
            connection, dict(observations_table.c), *chosen, order_by=observations_table.c.observation_id
        )
    observations = table(OBSERVATIONS, {column.name: found[column.name] for column in OBSERVATIONS})
    return observations.assign(**{name: found[name] for name in extra})


def load_events(
    url: str,
    *,
    frequency_mhz: tuple[float | None, float | None] | None = None,
    snr: tuple[float | None, float | None] | None = None,
    source_name: str | Sequence[str] | None = None,
    cadence: str | Sequence[str] | None = None,
    verdict: str | Sequence[str] | None = None,
    extra: Sequence[str] = (),
) -> pd.DataFrame:
    """Events that fit all that is asked for (as in `load_hits`), columns `setilearn.tables.EVENTS`.

    Labels in ``hits`` are hit_id: ``load_hits(url, extra=["hit_id"]).set_index("hit_id")`` has them.
    ``extra`` may name ``event_id`` and ``cadence``. Raises `DatabaseError`.
    """
    require_known("extra", extra, ("event_id", "cadence"))
    conditions = _ranges(events_table, frequency_mhz=frequency_mhz, snr=snr)
    conditions += _choices(events_table, source_name=source_name, cadence=cadence, verdict=verdict)
    chosen = event_hits_table.c.event_id.in_(sa.select(events_table.c.event_id).where(*conditions))
    with reading(url) as connection:
        found = fetch_columns(connection, dict(events_table.c), *conditions, order_by=events_table.c.event_id)
        links = fetch_columns(connection, dict(event_hits_table.c), chosen)
    order = np.lexsort([links["hit_id"], links["place"], links["event_id"]])
    pairs = list(zip(links["place"][order].tolist(), links["hit_id"][order].tolist(), strict=True))
    ends = np.searchsorted(links["event_id"][order], found["event_id"], side="right").tolist()
    members = [tuple(pairs[start:end]) for start, end in pairwise([0, *ends])]
    events = table(EVENTS, {column.name: found[column.name] for column in EVENT_COLUMNS} | {"hits": members})
    return events.assign(**{name: found[name] for name in extra})
