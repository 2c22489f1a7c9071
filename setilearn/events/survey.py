"""The events of a survey: every cadence filtered, and what is left put in order.

The tables of hits of a survey, with the table of its observations, go through four questions: how many
stars have a hit at a frequency (`setilearn.events.interference.rfi_occupancy`), which events does each
cadence leave (`filter_survey`), which of those have other stars too
(`setilearn.events.interference.remove_common`, `rank_events`), and do the stars of what remains stand
together on the sky (`setilearn.events.sky.sky_bunching`)?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import CadenceError
from setilearn.events.cadence import filter_cadence
from setilearn.events.interference import SAME_HZ, SCAN_S, reach_mhz
from setilearn.progress import progress_bar
from setilearn.tables import EVENTS, SCAN_KEY, table
from setilearn.telescope import BANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from setilearn.telescope import Band


def join_observations(hits: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """The hits with what their scans were: a new table with the columns ra_deg, dec_deg, cadence, position.

    ``position``, ON or OFF, is a label that costs nothing: what learns to tell hits labelled so apart
    tells the sky from the ground.

    Parameters
    ----------
    hits : DataFrame
        Columns `setilearn.tables.HITS`.
    observations : DataFrame
        Columns `setilearn.tables.OBSERVATIONS`; a hit belongs to the scan of the same source_name,
        scan, tstart_mjd and path.

    Returns
    -------
    DataFrame
        Rows, order and index of ``hits``.

    Raises
    ------
    CadenceError
        Where a hit has no observation, or two.
    """
    scans = observations.drop_duplicates()
    if scans.duplicated(SCAN_KEY).any():
        first = scans[scans.duplicated(SCAN_KEY)].iloc[0]
        raise CadenceError(
            f"observations: expected one row a scan, found two of {first['source_name']}, "
            f"scan {first['scan']}"
        )
    joined = hits.merge(scans, how="left", on=SCAN_KEY).set_axis(hits.index)
    lost = joined["cadence"].isna().to_numpy()
    if lost.any():
        first = hits[lost].iloc[0]
        raise CadenceError(
            f"observations: expected a row for the scan of each hit, found none for {lost.sum()} hits, "
            f"the first of {first['source_name']}, scan {first['scan']}, tstart_mjd {first['tstart_mjd']}"
        )
    return joined


def filter_survey(
    hits: pd.DataFrame, observations: pd.DataFrame, *, progress: bool = True, **options
) -> pd.DataFrame:
    """The events of every cadence of a survey: `filter_cadence`, star after star.

    Parameters
    ----------
    hits : DataFrame
        Columns `setilearn.tables.HITS`, each row with a label of its own in the index.
    observations : DataFrame
        Columns `setilearn.tables.OBSERVATIONS`. Scans with the same ``cadence`` belong together; a scan
        without hits counts as one. Scans of no cadence are left out.
    progress : bool
        Show a progress bar.
    options
        Those of `setilearn.events.cadence.filter_cadence`, but the pattern, which is made from ``position``.

    Returns
    -------
    DataFrame
        Columns `setilearn.tables.EVENTS` and ``cadence``; the labels in its ``hits`` are those of ``hits``.

    Raises
    ------
    CadenceError
        Where labels are not unique, a hit has no observation, a scan of a cadence is neither ON nor OFF, or
        the scans of a cadence make none.
    """
    import pandas as pd

    if not hits.index.is_unique:
        raise CadenceError("hits: expected an index without duplicates: hits.reset_index(drop=True)")
    cadences = join_observations(hits, observations)["cadence"].to_numpy()
    hits_of = dict(iter(hits.groupby(cadences)))
    in_cadences = observations[observations["cadence"] != ""].drop_duplicates(SCAN_KEY)
    found = []
    groups = in_cadences.groupby("cadence", sort=False)
    for cadence, scans in progress_bar(groups, desc="cadences", unit="cadence", shown=progress):
        pattern, tables = _scans_of(cadence, scans, hits_of.get(cadence, hits[:0]))
        found.append(filter_cadence(tables, pattern, **options).assign(cadence=cadence))
    return pd.concat(found, ignore_index=True) if found else table(EVENTS).assign(cadence="")


def _scans_of(cadence, scans, hits):
    """Pattern of a cadence, such as ABABAB, and the hits of each of its scans, in order of time."""
    # Files of one scan, say of several computers, are one scan.
    positions = scans.groupby("tstart_mjd")["position"].first()
    unknown = set(positions) - {"ON", "OFF"}
    if unknown:
        raise CadenceError(f"cadence {cadence}: expected the positions ON and OFF, found {sorted(unknown)}")
    hits_at = dict(iter(hits.groupby("tstart_mjd")))
    pattern = "".join("A" if position == "ON" else "B" for position in positions)
    return pattern, [hits_at.get(start_mjd, hits[:0]) for start_mjd in positions.index]


def rank_events(
    events: pd.DataFrame,
    hits: pd.DataFrame,
    observations: pd.DataFrame,
    *,
    tolerance_hz: float = SAME_HZ,
    scan_s: float = SCAN_S,
    min_drift_hz_s: float = 0.01,
    bands: Sequence[Band] = BANDS,
) -> pd.DataFrame:
    """The events of a survey in the order in which to look at them, and what speaks against each.

    First those against which nothing speaks, then those in a band where transmitters are known, then
    those that are none: no event of their cadence, in other stars too (`remove_common`, by any hit of
    the event in an ON scan), or without drift, as what turns with the Earth has none. Of equals the
    strongest is first.

    Parameters
    ----------
    events : DataFrame
        As `filter_survey` returns them, all or some.
    hits, observations : DataFrame
        The tables from which the events come.
    tolerance_hz, scan_s : float
        As in `remove_common`.
    min_drift_hz_s : float
        What drifts less has no drift; by default one step of a search of five minutes.
    bands : sequence of `setilearn.telescope.Band`
        The known bands.

    Returns
    -------
    DataFrame
        The events in this order, with the columns n_other (other stars that have it), band (name of the
        known band, or empty), remains (bool: no reason to throw it away), against (the reasons in
        words, or empty).

    Raises
    ------
    CadenceError
        Tolerance below 0, or tables that do not belong together.
    """
    if not tolerance_hz >= 0:
        raise CadenceError(f"tolerance_hz: expected 0 or more, found {tolerance_hz}")
    n_other = _other_stars(events, join_observations(hits, observations), tolerance_hz, scan_s)
    band = _band_names(events["frequency_mhz"].to_numpy(), bands)
    still = events["drift_hz_s"].abs().to_numpy() < min_drift_hz_s
    against, remains = [], []
    for verdict, others, stands, name in zip(events["verdict"], n_other, still, band, strict=True):
        reasons = [] if verdict == "event" else [verdict]
        reasons += [f"in {others} other star{'s' if others > 1 else ''}"] if others else []
        reasons += ["no drift"] if stands else []
        remains.append(not reasons)
        against.append("; ".join(reasons + ([f"in a known band ({name})"] if name else [])))
    ranked = events.assign(n_other=n_other, band=band, remains=remains, against=against)
    places = np.lexsort([-ranked["snr"], band != "", ~np.array(remains, dtype=bool)])
    return ranked.iloc[places].reset_index(drop=True)


def _other_stars(events, hits, tolerance_hz, scan_s):
    """How many other stars have a hit within the reach of one of the event's in the ON scans, int array."""
    is_on = (hits["position"] == "ON").to_numpy()
    # What is seen beside a star belongs to its cadence, and the cadence to the star.
    star_of = hits[is_on].groupby("cadence")["source_name"].first()
    stars = hits["cadence"].map(star_of).fillna(hits["cadence"]).factorize()[0]
    frequency_mhz = hits["frequency_mhz"].to_numpy()
    order = np.argsort(frequency_mhz, kind="stable")
    frequency_mhz, in_order = frequency_mhz[order], stars[order]
    low_mhz, high_mhz = reach_mhz(hits, tolerance_hz, scan_s)
    first, last = (
        np.searchsorted(frequency_mhz, low_mhz),
        np.searchsorted(frequency_mhz, high_mhz, side="right"),
    )
    event = np.repeat(np.arange(len(events)), events["hits"].map(len))
    rows = hits.index.get_indexer([label for members in events["hits"] for _, label in members])
    near_stars = [set() for _ in range(len(events))]
    for i, row in zip(event[is_on[rows]], rows[is_on[rows]], strict=True):
        near_stars[i].update(np.unique(in_order[first[row] : last[row]]).tolist())
        near_stars[i].discard(int(stars[row]))
    return np.array([len(others) for others in near_stars], dtype=int)


def _band_names(frequency_mhz, bands):
    names = np.full(len(frequency_mhz), "", dtype=object)
    for band in bands:
        if band.kind != "protected":
            names[(frequency_mhz >= band.low_mhz) & (frequency_mhz <= band.high_mhz)] = band.name
    return names
