"""Save the hits and the events of a cadence, and the events of many cadences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from setilearn.errors import HitsError
from setilearn.store.connection import database_engine, fetch_columns, in_use, insert, prepare, write
from setilearn.store.save import delete_events, store_scans, stored_hit_ids
from setilearn.store.scans import cadence_scans, check_text, checked, event_links
from setilearn.store.schema import event_hits_table, events_table, hits_table
from setilearn.tables import EVENT_COLUMNS, OBSERVATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


_IDS_AT_ONCE = 500  # in one question: SQLite takes 999 parameters in its older versions
_CADENCE = next(column for column in OBSERVATIONS if column.name == "cadence")


def save_cadence(
    scans: Sequence[pd.DataFrame],
    events: pd.DataFrame,
    url: str,
    *,
    pattern: str = "ABACAD",
    cadence: str | None = None,
    observations: pd.DataFrame | None = None,
    replace: bool = False,
) -> None:
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
    engine = database_engine(url)
    with in_use(engine):
        split = cadence_scans(scans, pattern, observations)
        known = [scan for scan in split if scan is not None]
        if cadence is None and known:
            cadence = f"{known[0].observation['source_name']} {known[0].observation['tstart_mjd']:.5f}"
        check_text(cadence, "cadence")
        if not cadence:
            raise HitsError("cadence: expected a name, found none")
        split = [None if scan is None else scan.told(cadence=cadence) for scan in split]
        rows = checked(events, EVENT_COLUMNS, "events")
        links = event_links(events, [frame.index for frame in scans])
        prepare(engine)
        write(engine, _store_cadence, split, cadence, rows, links, replace)


def save_survey_events(events: pd.DataFrame, hits: pd.DataFrame, url: str, *, replace: bool = False) -> None:
    """Save the events of many cadences, found in hits that the database holds already.

    All is stored in one transaction, whole or not at all; saving it again changes nothing.

    Parameters
    ----------
    events : DataFrame
        As `setilearn.filter_survey` gives them, or some of its rows: those of a cadence are its events.
    hits : DataFrame
        The hits in which they were found, as ``load_hits(url, extra=["hit_id"])`` gives them: ``hits`` of
        the events names its rows.
    url : str
    replace : bool
        Whether events of the same cadences that are stored already are replaced.

    Raises
    ------
    DatabaseError
        As `save_hits`; hits without ``hit_id``, hits that are not stored, other events stored.
    """
    engine = database_engine(url)
    with in_use(engine):
        rows = checked(events, (*EVENT_COLUMNS, _CADENCE), "events")
        if "hit_id" not in hits:
            expected = 'the column hit_id, as of load_hits(url, extra=["hit_id"])'
            raise HitsError(f"hits: expected {expected}, found none")
        n_places = 1 + max((place for linked in events["hits"] for place, _ in linked), default=0)
        number, place, row = event_links(events, [hits.index] * n_places)
        links = np.array([number, place, hits["hit_id"].to_numpy()[row]])
        prepare(engine)
        write(engine, _store_survey_events, rows, links, replace)


def _store_survey_events(connection, rows, links, replace):
    wanted = np.unique(links[2]).tolist()
    unknown = set(wanted)
    for first in range(0, len(wanted), _IDS_AT_ONCE):
        some = hits_table.c.hit_id.in_(wanted[first : first + _IDS_AT_ONCE])
        unknown.difference_update(connection.scalars(sa.select(hits_table.c.hit_id).where(some)))
    if unknown:
        raise HitsError(
            f"hits: expected hits of this database, found hit_id {min(unknown)}, which it has not"
        )
    events_of = rows.groupby("cadence", sort=False).indices
    for cadence, numbers in events_of.items():
        of_cadence = links[:, np.isin(links[0], numbers)]
        of_cadence[0] = np.searchsorted(numbers, of_cadence[0])
        _store_events(connection, cadence, rows.iloc[numbers], of_cadence, replace)


def _store_cadence(connection, split, cadence, rows, links, replace):
    known = [scan for scan in split if scan is not None]
    stored = dict(
        zip((scan.identity for scan in known), store_scans(connection, known, replace), strict=True)
    )
    ids = [[] if scan is None else stored_hit_ids(connection, scan, stored[scan.identity]) for scan in split]
    number, place, row = links
    firsts = np.cumsum([0, *map(len, ids)])[:-1]
    hit_id = np.concatenate(ids).astype(np.int64)[firsts[place] + row]
    _store_events(connection, cadence, rows, (number, place, hit_id), replace)


def _store_events(connection, cadence, rows, links, replace):
    """Store the events of a cadence and their links: arrays of the event's row, place and hit_id."""
    number, place, hit_id = links
    linked = sorted(zip(number.tolist(), place.tolist(), hit_id.tolist(), strict=True))
    given = [*(rows[column.name].tolist() for column in EVENT_COLUMNS), linked]
    before = _stored_events(connection, cadence)
    if given == before:
        return
    if before[0]:
        if not replace:
            raise HitsError(
                f"cadence {cadence!r} is stored with {len(before[0])} events, found {len(rows)} that are not "
                "the same; replace=True puts these in their place"
            )
        delete_events(connection, cadence)
    columns = {column.name: rows[column.name].to_numpy() for column in EVENT_COLUMNS}
    insert(
        connection, events_table, {"cadence": [cadence] * len(rows), "number": np.arange(len(rows))} | columns
    )
    of_cadence = sa.select(events_table.c.event_id).where(events_table.c.cadence == cadence)
    event_ids = np.array(connection.scalars(of_cadence.order_by(events_table.c.number)).all(), dtype=np.int64)
    insert(connection, event_hits_table, {"event_id": event_ids[number], "hit_id": hit_id, "place": place})


def _stored_events(connection, cadence):
    """Columns of the events of a cadence, and their links, as `_store_cadence` compares them."""
    columns = {name: events_table.c[name] for name in ("number", *(column.name for column in EVENT_COLUMNS))}
    of_cadence = events_table.c.cadence == cadence
    events = fetch_columns(connection, columns, of_cadence, order_by=events_table.c.number)
    links = sa.select(events_table.c.number, event_hits_table.c.place, event_hits_table.c.hit_id)
    found = connection.execute(links.join_from(events_table, event_hits_table).where(of_cadence))
    return [*(events[column.name].tolist() for column in EVENT_COLUMNS), sorted(map(tuple, found))]
