"""Save the hits of scans, each scan whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from setilearn.errors import HitsError
from setilearn.progress import progress_bar
from setilearn.store.connection import MANY, database_engine, fetch_columns, in_use, insert, prepare, write
from setilearn.store.dat import dat_observation, read_dat
from setilearn.store.scans import HIT_NUMBERS, IDENTITY, UNKNOWN, split_scans
from setilearn.store.schema import events_table, hits_table, observations_table, reviews_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    import pandas as pd

# Of one transaction, unless a single scan has more. In small ones an index of frequencies, which come in
# any order, is written over and over again.
BATCH_HITS = 500_000


def save_hits(
    hits: pd.DataFrame,
    url: str,
    *,
    observations: pd.DataFrame | None = None,
    replace: bool = False,
    progress: bool = True,
) -> None:
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
    engine = database_engine(url)
    with in_use(engine):
        scans = split_scans(hits, observations)
        prepare(engine)
        with progress_bar(None, desc="saving", unit=" hits", shown=progress, total=len(hits), delay=1) as bar:
            for batch in _batches(scans):
                write(engine, store_scans, batch, replace)
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


def store_scans(connection, scans, replace):
    """Save scans within a transaction; returns their rows of observations."""
    stored = _stored(connection, scans)
    new = [scan for scan in scans if scan.identity not in stored]
    for scan in scans:
        if scan.identity in stored:
            _merge(connection, scan, stored[scan.identity], replace)
    if new:
        values = [_without_nan(scan.observation) | {"n_hits": scan.n_hits} for scan in new]
        insert(connection, observations_table, {name: [row[name] for row in values] for name in values[0]})
    stored = _stored(connection, scans)
    _insert_hits(connection, new, stored)
    return [stored[scan.identity] for scan in scans]


def _stored(connection, scans):
    """Rows of observations that are these scans, by identity."""
    starts = {scan.observation["tstart_mjd"] for scan in scans}
    rows = connection.execute(
        sa.select(observations_table).where(observations_table.c.tstart_mjd.in_(starts))
    )
    found = {tuple(row._mapping[name] for name in IDENTITY): row for row in rows}
    return {scan.identity: found[scan.identity] for scan in scans if scan.identity in found}


def _without_nan(values):
    return {name: None if value != value else value for name, value in values.items()}


def _insert_hits(connection, scans, stored):
    if n_hits := [scan.n_hits for scan in scans]:
        ids = [stored[scan.identity].observation_id for scan in scans]
        numbers = zip(*(scan.numbers for scan in scans), strict=True)
        columns = {name: np.concatenate(parts) for name, parts in zip(HIT_NUMBERS, numbers, strict=True)}
        insert(connection, hits_table, {"observation_id": np.repeat(ids, n_hits)} | columns)


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
        delete_events(connection, stored.cadence)
    if changed:
        _update(connection, stored, changed)
    if stored_hit_ids(connection, scan, stored) is None:
        if not replace:
            raise HitsError(
                f"{scan} is stored with {stored.n_hits} hits, found {scan.n_hits} that are not the same; "
                "replace=True puts these in their place"
            )
        _replace_hits(connection, scan, stored)


def _update(connection, stored, values):
    row = observations_table.c.observation_id == stored.observation_id
    connection.execute(observations_table.update().where(row).values(**values))


def delete_events(connection, cadence):
    # Without a name there is no cadence.
    if cadence:
        connection.execute(events_table.delete().where(events_table.c.cadence == cadence))


def stored_hit_ids(connection, scan, stored):
    """hit_id of each hit of a scan, in the order of its table; None where other hits are stored."""
    if stored.n_hits != scan.n_hits:
        return None
    of_scan = hits_table.c.observation_id == stored.observation_id
    found = fetch_columns(
        connection, {name: hits_table.c[name] for name in ("hit_id", *HIT_NUMBERS)}, of_scan
    )
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
    of_scan = hits_table.c.observation_id == stored.observation_id
    numbers = [hits_table.c[name] for name in HIT_NUMBERS]
    reviewed = sa.select(*numbers, reviews_table.c.verdict, reviews_table.c.note).join_from(
        hits_table, reviews_table
    )
    reviews = connection.execute(reviewed.where(of_scan)).all()
    delete_events(connection, stored.cadence)
    connection.execute(hits_table.delete().where(of_scan))
    _insert_hits(connection, [scan], {scan.identity: stored})
    _update(connection, stored, {"n_hits": scan.n_hits, "path": scan.observation["path"]})
    for review in reviews:
        same = [column == value for column, value in zip(numbers, review, strict=False)]
        hit_id = connection.scalar(sa.select(sa.func.min(hits_table.c.hit_id)).where(of_scan, *same))
        if hit_id is None:
            raise HitsError(
                f"{scan}: the hit at {review.frequency_mhz} MHz has a review, {review.verdict!r}, and is not "
                "among those that would replace it; remove the review before"
            )
        connection.execute(
            reviews_table.insert().values(hit_id=hit_id, verdict=review.verdict, note=review.note)
        )


def import_dat(
    paths: str | PathLike | Iterable[str | PathLike],
    url: str,
    *,
    replace: bool = False,
    progress: bool = True,
) -> None:
    """Save turbo_seti's `.dat` files, one path or several; one without hits is a scan without hits.

    Raises `HitsError` and `DatabaseError`.
    """
    for path in [paths] if isinstance(paths, str | Path) else paths:
        hits, observation = read_dat(path), dat_observation(path)
        save_hits(hits, url, observations=observation, replace=replace, progress=progress)
