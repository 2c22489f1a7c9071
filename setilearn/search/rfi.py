"""Interference told by many stars: what comes back in star after star is not from any of them.

The tables of hits of a survey, with the table of its observations, go through four questions: how many
stars have a hit at a frequency (`rfi_occupancy`), which events does each cadence leave (`filter_survey`),
which of those have other stars too (`remove_common`, `rank_events`), and do the stars of what remains
stand together on the sky (`sky_bunching`)?
"""

import math
from typing import NamedTuple

import numpy as np

from setilearn.errors import CadenceError
from setilearn.observe.bands import BANDS
from setilearn.search.cadence import filter_cadence
from setilearn.spectrogram import HZ_PER_MHZ
from setilearn.tables import EVENTS, table
from setilearn.tracks import carried_mhz

# Of one transmitter in two stars: what a cheap oscillator, or the speed of an aircraft, makes of it.
SAME_HZ = 1000.0
SCAN_S = 300.0
_SCAN_KEY = ["source_name", "scan", "tstart_mjd", "path"]


def join_observations(hits, observations):
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
    if scans.duplicated(_SCAN_KEY).any():
        first = scans[scans.duplicated(_SCAN_KEY)].iloc[0]
        raise CadenceError(
            f"observations: expected one row a scan, found two of {first['source_name']}, "
            f"scan {first['scan']}"
        )
    joined = hits.merge(scans, how="left", on=_SCAN_KEY).set_axis(hits.index)
    lost = joined["cadence"].isna().to_numpy()
    if lost.any():
        first = hits[lost].iloc[0]
        raise CadenceError(
            f"observations: expected a row for the scan of each hit, found none for {lost.sum()} hits, "
            f"the first of {first['source_name']}, scan {first['scan']}, tstart_mjd {first['tstart_mjd']}"
        )
    return joined


def rfi_occupancy(hits, *, bin_mhz=1.0, band_mhz=None, of="star", n_total=None):
    """Share of the stars that have a hit in each bin of frequency.

    Parameters
    ----------
    hits : DataFrame
        Columns `setilearn.tables.HITS`.
    bin_mhz : float
        Width of a bin; bins begin at multiples of it.
    band_mhz : (float, float), optional
        What to cover; by default from the lowest hit to the highest.
    of : str
        ``"star"``: share of the sources; ``"observation"``: share of the scans.
    n_total : int, optional
        How many sources or scans there are in all; by default those that have a hit anywhere.

    Returns
    -------
    DataFrame
        A row a bin, also where it is empty: low_mhz, high_mhz, n_hits, n_with (how many have a hit in it),
        n_total, share (n_with / n_total).

    Raises
    ------
    CadenceError
        Bins or band without sense, or another word for ``of``.
    """
    import pandas as pd

    if not bin_mhz > 0:
        raise CadenceError(f"bin_mhz: expected a width above 0, found {bin_mhz}")
    who = _codes(hits, {"star": ["source_name"], "observation": _SCAN_KEY}, of)
    frequency_mhz = hits["frequency_mhz"].to_numpy()
    first, last = _bin_range(frequency_mhz, bin_mhz, band_mhz)
    bins = np.floor(frequency_mhz / bin_mhz).astype(int) - first
    inside = (bins >= 0) & (bins < last - first)
    bins, who = bins[inside], who[inside]
    n_codes = who.max(initial=-1) + 1
    n_with = np.bincount(np.unique(bins * n_codes + who) // max(n_codes, 1), minlength=last - first)
    n_total = n_codes if n_total is None else n_total
    edges_mhz = np.arange(first, last + 1) * bin_mhz
    return pd.DataFrame(
        {
            "low_mhz": edges_mhz[:-1],
            "high_mhz": edges_mhz[1:],
            "n_hits": np.bincount(bins, minlength=last - first),
            "n_with": n_with,
            "n_total": n_total,
            "share": n_with / max(n_total, 1),
        }
    )


def _bin_range(frequency_mhz, bin_mhz, band_mhz):
    """Number of the first bin and of the one after the last."""
    if band_mhz is None:
        found = np.floor(frequency_mhz / bin_mhz).astype(int)
        return (found.min(), found.max() + 1) if found.size else (0, 0)
    # The hair keeps rounding from opening a bin for an end that is the edge of one.
    first, last = math.floor(band_mhz[0] / bin_mhz + 1e-6), math.ceil(band_mhz[1] / bin_mhz - 1e-6)
    if last < first:
        raise CadenceError(
            f"band_mhz: expected the lower end first, found {band_mhz[0]} to {band_mhz[1]} MHz"
        )
    return first, last


def _codes(hits, columns_of, word):
    """A whole number for each row, the same for those that agree in the columns that this word stands for."""
    if word not in columns_of:
        raise CadenceError(f"of: expected one of {', '.join(columns_of)}, found {word!r}")
    return hits.groupby(columns_of[word], sort=False).ngroup().to_numpy()


def remove_common(hits, *, by="source_name", tolerance_hz=SAME_HZ, scan_s=SCAN_S):
    """The hits that no other source has: all that come back elsewhere on the sky are removed.

    A hit is removed if another source has one, at any time, within ``tolerance_hz`` of what it passes
    through in its scan, from its frequency to ``scan_s`` seconds of its drift away. Hits are sorted
    once and each is compared with its nearest neighbours of another source, so that millions take
    seconds.

    Parameters
    ----------
    hits : DataFrame
        Columns `setilearn.tables.HITS`, and ``by``.
    by : str
        Column that tells the sources apart. With ``"cadence"`` (`join_observations`) the places beside
        a star count as the star.
    tolerance_hz, scan_s : float
        The wider, the more interference goes, and the more of the band is lost to a signal.

    Returns
    -------
    DataFrame
        The rows that remain, index and order kept.

    Raises
    ------
    CadenceError
        Tolerance or time below 0, or no such column.
    """
    if not (tolerance_hz >= 0 and scan_s >= 0):
        raise CadenceError(
            f"expected tolerance_hz and scan_s of 0 or more, found {tolerance_hz} and {scan_s}"
        )
    if by not in hits:
        raise CadenceError(f"by: expected a column of the hits, found {by!r}")
    who = hits.groupby(by, sort=False).ngroup().to_numpy()
    return hits[~_elsewhere(hits, who, tolerance_hz, scan_s)]


def _reach_mhz(hits, tolerance_hz, scan_s):
    """Lower and upper end of what each hit passes through in its scan, with the tolerance."""
    ends_mhz = np.sort([carried_mhz(hits, t_s).to_numpy() for t_s in (0.0, scan_s)], axis=0)
    return ends_mhz[0] - tolerance_hz / HZ_PER_MHZ, ends_mhz[1] + tolerance_hz / HZ_PER_MHZ


def _elsewhere(hits, who, tolerance_hz, scan_s):
    """Whether another source has a hit within the reach of each one, bool array."""
    order = np.argsort(hits["frequency_mhz"].to_numpy(), kind="stable")
    frequency_mhz, who = hits["frequency_mhz"].to_numpy()[order], who[order]
    low_mhz, high_mhz = (ends[order] for ends in _reach_mhz(hits, tolerance_hz, scan_s))
    # Among the sorted hits those of one source stand in runs: before and after a run is another source.
    first = np.flatnonzero(np.diff(who, prepend=-1))
    run = np.repeat(np.arange(first.size), np.diff(np.append(first, who.size)))
    padded = np.concatenate([[-np.inf], frequency_mhz, [np.inf]])
    below_mhz, above_mhz = padded[first][run], padded[np.append(first[1:], who.size) + 1][run]
    common = np.empty(who.size, dtype=bool)
    common[order] = (below_mhz >= low_mhz) | (above_mhz <= high_mhz)
    return common


def filter_survey(hits, observations, *, progress=True, **options):
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
        Those of `setilearn.search.cadence.filter_cadence`, but the pattern, which is made from ``position``.

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
    in_cadences = observations[observations["cadence"] != ""].drop_duplicates(_SCAN_KEY)
    found = []
    for cadence, scans in _with_progress(in_cadences.groupby("cadence", sort=False), progress):
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


def _with_progress(groups, shown):
    from tqdm.auto import tqdm

    return tqdm(groups, desc="cadences", unit="cadence", disable=not shown)


def rank_events(
    events,
    hits,
    observations,
    *,
    tolerance_hz=SAME_HZ,
    scan_s=SCAN_S,
    min_drift_hz_s=0.01,
    bands=BANDS,
):
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
    bands : sequence of `setilearn.observe.bands.Band`
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
    low_mhz, high_mhz = _reach_mhz(hits, tolerance_hz, scan_s)
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


class Bunching(NamedTuple):
    """Pairs of chosen stars closer than the radius, how many chance makes of them, and how often as many."""

    n_stars: int
    n_pairs: int
    expected: float
    p_value: float


def sky_bunching(source_names, observations, *, radius_deg=10.0, n_random=2000, seed=0):
    """Whether stars stand closer together on the sky than as many chosen by chance from all observed.

    Counts the pairs closer than ``radius_deg``, and compares with as many stars drawn at random from
    those of the ON scans, so that it does not matter how the survey covers the sky.

    Parameters
    ----------
    source_names : sequence of str
        The stars, say those of some events; a name that is there twice counts once.
    observations : DataFrame
        Columns `setilearn.tables.OBSERVATIONS`, with coordinates.
    radius_deg : float
        About the size of a bunch.
    n_random : int
        How often to draw.
    seed : int

    Returns
    -------
    Bunching
        n_stars, n_pairs, expected (mean of the draws), p_value: the share of the draws that have as many
        pairs or more, the stars themselves counted as one of them, (1 + as many or more) / (1 + n_random).

    Raises
    ------
    CadenceError
        Where a star was not observed, or a radius or number of draws makes no sense.
    """
    if not (0 < radius_deg <= 180 and n_random >= 1):
        raise CadenceError(
            f"expected radius_deg of 0 to 180 and n_random of 1 or more, found {radius_deg} and {n_random}"
        )
    stars = observations[observations["position"] == "ON"].drop_duplicates("source_name")
    chosen = stars["source_name"].isin(list(source_names)).to_numpy()
    strangers = set(source_names) - set(stars["source_name"])
    if strangers:
        raise CadenceError(f"source_names: expected stars of the ON scans, found {min(strangers)!r}")
    near = _near_pairs(stars["ra_deg"].to_numpy(), stars["dec_deg"].to_numpy(), radius_deg)
    rng = np.random.default_rng(seed)
    n_chosen = int(chosen.sum())
    draws = [rng.choice(len(stars), n_chosen, replace=False) for _ in range(n_random)]
    n_drawn = np.array([near[np.ix_(draw, draw)].sum() // 2 for draw in draws])
    n_pairs = int(near[np.ix_(chosen, chosen)].sum() // 2)
    p_value = (1 + int((n_drawn >= n_pairs).sum())) / (1 + n_random)
    return Bunching(n_chosen, n_pairs, float(n_drawn.mean()), p_value)


def _near_pairs(ra_deg, dec_deg, radius_deg):
    """Which stars are closer than the radius, bool array ``(n, n)``, False for a star and itself."""
    ra, dec = np.radians(ra_deg), np.radians(dec_deg)
    place = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)
    near = place @ place.T >= math.cos(math.radians(radius_deg))
    np.fill_diagonal(near, False)
    return near
