"""On and off, in tables of hits: what is seen on the star and not beside it.

A cadence is a session of scans such as ABACAD: A on the star, B, C and D on other places of the sky.
A transmitter nearby comes in through the side of the telescope wherever it points; a signal from the
star is there in the As alone (Enriquez et al. 2017, ApJ 849, 104).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import CadenceError
from setilearn.events.tested import tested_in
from setilearn.spectrogram import HZ_PER_MHZ, SECONDS_PER_DAY
from setilearn.tables import EVENTS, table
from setilearn.telescope import FOFF_HZ

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

ON = "A"
RULES = ("all", "any")
# Lines this close may belong to one signal: those of a Voyager side band are 320 Hz apart.
SIGNAL_HZ = 400.0
NOT_TESTED = "not tested"


def filter_cadence(
    scans: Sequence[pd.DataFrame],
    pattern: str = "ABACAD",
    *,
    rule: str = "all",
    tolerance_hz: float | None = None,
    channel_hz: float = FOFF_HZ,
) -> pd.DataFrame:
    """Group the hits of a cadence by the track they lie on, and judge each group.

    Two hits lie on one track if, each carried along its own drift to the moment half-way between
    their scans, they meet within the tolerance. That holds for a tone that drifts, at 1 Hz/s 600 Hz
    from one ON scan to the next, and also where its drift changes steadily.

    1. Join each hit of an ON scan to the nearest one on its track in the next ON scan, if that one has no
       nearer.
    2. Let what then has no neighbour skip a scan. Each hit of an ON scan is now in exactly one group.
    3. Look in each OFF scan for a hit on the group's track: one that meets the group's nearest hit (fewest
       scans away, of two the earlier one), or lies where that hit's drift alone would have brought it.
    4. Judge each group by the number of ON and OFF scans it is seen in.
    5. Ask of each event whether every OFF scan could have shown it.

    Parameters
    ----------
    scans : sequence of DataFrame
        Tables with the columns `setilearn.tables.HITS`, one a scan, in order of time; they may be
        empty. The hits of one scan have one ``tstart_mjd``.
    pattern : str
        A for a scan on the star, other capitals for those off it, such as ABACAD or ABABAB.
    rule : str
        ``"all"``: an event is seen in each ON scan and in no OFF scan; ``"any"``: in at least one
        ON scan and in no OFF scan.
    tolerance_hz : float or None
        How far apart two hits may be where they should meet. By default the width of the wider hit,
        ``width_hz`` or one channel, times 2 plus the number of scans from one to the other: the frequency of
        each is known to about a width, and its drift to about half a drift step, which is a width in the
        length of a scan. `SIGNAL_HZ`, 400 Hz, is for signals of several lines, of which a table may hold one
        in one scan and another in the next, as turbo_seti's tables do with the pairs of lines of Voyager's
        side bands, 320 Hz apart.
    channel_hz : float
        Width of a channel of the data that were searched.

    Returns
    -------
    DataFrame
        One row a group, columns `setilearn.tables.EVENTS`, by frequency; start, frequency and drift
        are those of its first hit. ``verdict`` is ``"event"``, ``"also in OFF"``, ``"in one ON only"``
        or ``"in 2 of 3 ONs"``. What would be an event, but for an OFF scan that could not have shown it, is
        ``"not tested"``: the scan lies in another band, the channels on the track are dead in it, or it is so
        much shorter that the signal would stay below its threshold. `setilearn.search_drift` notes in
        ``attrs["searched"]`` of its tables what was searched; of tables without it only this is said: an OFF
        scan all of whose hits are an octave away or more was of another band.

    Raises
    ------
    CadenceError
        Pattern or rule unknown, not one table a scan, columns missing, hits of several scans in one
        table, scans not in order of time, ON scans of different sources.
    """
    is_on = on_places(pattern, len(scans))
    if rule not in RULES:
        raise CadenceError(f"rule: expected one of {', '.join(RULES)}, found {rule!r}")
    if tolerance_hz is not None and not tolerance_hz >= 0:
        raise CadenceError(f"tolerance_hz: expected 0 or more, found {tolerance_hz}")
    hits = [_Hits(scan, place, channel_hz) for place, scan in enumerate(scans)]
    _require_order(hits, is_on)
    ons, offs = np.flatnonzero(is_on), np.flatnonzero(~is_on)
    members = _groups(hits, ons, tolerance_hz)
    partners = [_partners_in_off(hits, members, ons, off, tolerance_hz) for off in offs]
    events = _events(scans, hits, is_on, members, np.stack(partners, axis=1), rule)
    notes = [scan.attrs.get("searched") for scan in scans]
    is_tested = [tested_in(events, scans[off], notes[off], [notes[on] for on in ons]) for off in offs]
    is_event = events["verdict"] == "event"
    events.loc[is_event & ~np.logical_and.reduce(is_tested), "verdict"] = NOT_TESTED
    return events


class _Hits:
    """The columns of one scan's table that matter here, and its place in the cadence."""

    def __init__(self, scan, place, channel_hz):
        missing = {"source_name", "tstart_mjd", "frequency_mhz", "drift_hz_s", "snr", "width_hz"} - set(scan)
        if missing:
            raise CadenceError(f"scan {place}: expected a table of hits, found none of {sorted(missing)}")
        self.place = place
        self.frequency_hz = scan["frequency_mhz"].to_numpy(float) * HZ_PER_MHZ
        self.drift_hz_s = scan["drift_hz_s"].to_numpy(float)
        self.width_hz = np.maximum(scan["width_hz"].to_numpy(float), channel_hz)
        self.snr = scan["snr"].to_numpy(float)
        starts = scan["tstart_mjd"].unique()
        if len(starts) > 1:
            raise CadenceError(f"scan {place}: expected one tstart_mjd, found {len(starts)}")
        self.tstart_mjd = float(starts[0]) if len(starts) else None
        self.source_names = set(scan["source_name"])

    def __len__(self):
        return self.frequency_hz.size

    def seconds_to(self, other):
        """From the start of this scan to that of the other."""
        return (other.tstart_mjd - self.tstart_mjd) * SECONDS_PER_DAY

    def carried_hz(self, t_s):
        """Frequency of each hit ``t_s`` seconds after the start of its scan, by its own drift."""
        return self.frequency_hz + self.drift_hz_s * t_s

    def reach_hz(self, other, tolerance_hz):
        """How far each hit may be from one of the other scan where the two should meet."""
        if tolerance_hz is not None:
            return np.full(len(self), float(tolerance_hz))
        return self.width_hz * (2 + abs(other.place - self.place))


def on_places(pattern, n_scans):
    """Which scans are on the star, bool array."""
    if not (isinstance(pattern, str) and pattern.isascii() and pattern.isalpha() and pattern.isupper()):
        raise CadenceError(f"pattern: expected capital letters such as ABACAD, found {pattern!r}")
    is_on = np.array([letter == ON for letter in pattern])
    if not is_on.any() or is_on.all():
        raise CadenceError(f"pattern: expected {ON} for ON scans and other letters too, found {pattern!r}")
    if len(pattern) != n_scans:
        raise CadenceError(f"pattern {pattern}: expected {len(pattern)} scans, found {n_scans}")
    return is_on


def _require_order(hits, is_on):
    starts = [scan.tstart_mjd for scan in hits if len(scan)]
    if sorted(set(starts)) != starts:
        raise CadenceError(f"expected the scans in order of time, found tstart_mjd {starts}")
    sources = set().union(*(scan.source_names for scan, on in zip(hits, is_on, strict=True) if on))
    if len(sources) > 1:
        raise CadenceError(f"expected one source in the ON scans, found {', '.join(sorted(sources))}")


def _groups(hits, ons, tolerance_hz):
    """Row of each group's hit in each ON scan, int array ``(n_groups, n_on)``, -1 where it has none."""
    following = {on: np.full(len(hits[on]), -1) for on in ons}
    group_of = {}
    members = np.empty((0, len(ons)), dtype=int)
    for column, on in enumerate(ons):
        group_of[on] = np.full(len(hits[on]), -1)
        # The last ON scan first: only what has no neighbour there may skip a scan.
        for earlier in ons[:column][::-1]:
            rows, later_rows = _nearest_pairs(
                hits[earlier], following[earlier] < 0, hits[on], group_of[on] < 0, tolerance_hz
            )
            following[earlier][rows] = later_rows
            group_of[on][later_rows] = group_of[earlier][rows]
            members[group_of[earlier][rows], column] = later_rows
        new = np.flatnonzero(group_of[on] < 0)
        group_of[on][new] = len(members) + np.arange(new.size)
        begun = np.full((new.size, len(ons)), -1)
        begun[:, column] = new
        members = np.concatenate([members, begun])
    return members


def _nearest_pairs(scan, free, later, later_free, tolerance_hz):
    """Rows of the two scans, among those that are free, each other's nearest on one track."""
    rows, later_rows = np.flatnonzero(free), np.flatnonzero(later_free)
    if not (rows.size and later_rows.size):
        return rows[:0], later_rows[:0]
    half_s = scan.seconds_to(later) / 2
    x, y = scan.carried_hz(half_s)[rows], later.carried_hz(-half_s)[later_rows]
    partner, back = _nearest(x, y), _nearest(y, x)
    reach = np.maximum(
        scan.reach_hz(later, tolerance_hz)[rows], later.reach_hz(scan, tolerance_hz)[later_rows[partner]]
    )
    fits = (back[partner] == np.arange(x.size)) & (np.abs(x - y[partner]) <= reach)
    return rows[fits], later_rows[partner[fits]]


def _nearest(x, y):
    """For each of ``x`` the index of the nearest of ``y``, of which there must be one."""
    order = np.argsort(y, kind="stable")
    ascending = y[order]
    right = np.searchsorted(ascending, x).clip(1, max(1, y.size - 1))
    left = right - 1
    right = right.clip(max=y.size - 1)
    return order[np.where(x - ascending[left] <= ascending[right] - x, left, right)]


def _partners_in_off(hits, members, ons, off, tolerance_hz):
    """Row of a hit in the OFF scan that lies on each group's track, int array ``(n_groups,)``, else -1."""
    partners = np.full(len(members), -1)
    if not len(hits[off]):
        return partners
    waiting = np.ones(len(members), dtype=bool)
    # Each group is compared by its nearest hit, from which the track is known best.
    seen = [column for column, on in enumerate(ons) if len(hits[on])]
    for column in sorted(seen, key=lambda column: abs(ons[column] - off)):
        chosen = np.flatnonzero(waiting & (members[:, column] >= 0))
        waiting[chosen] = False
        partners[chosen] = _on_track(hits[ons[column]], members[chosen, column], hits[off], tolerance_hz)
    return partners


def _on_track(scan, rows, off, tolerance_hz):
    t_s = scan.seconds_to(off)
    reach, off_reach = scan.reach_hz(off, tolerance_hz)[rows], off.reach_hz(scan, tolerance_hz)
    met = _within(scan.carried_hz(t_s / 2)[rows], reach, off.carried_hz(-t_s / 2), off_reach)
    predicted = _within(scan.carried_hz(t_s)[rows], reach, off.frequency_hz, off_reach)
    return np.where(met >= 0, met, predicted)


def _within(x, x_reach, y, y_reach):
    """For each of ``x`` the index of one of ``y`` within the reach of either, else -1.

    The nearest where its own reach or that of x holds both, else one of longer reach from farther away.
    """
    nearest = _nearest(x, y)
    near = np.abs(x - y[nearest]) <= np.maximum(x_reach, y_reach[nearest])
    # Of the intervals y +- reach that begin below x, the one that ends last: it holds x, or none does.
    order = np.argsort(y - y_reach, kind="stable")
    begins, ends = (y - y_reach)[order], (y + y_reach)[order]
    last = np.maximum.accumulate(ends)
    holder = np.maximum.accumulate(np.where(ends == last, np.arange(y.size), 0))
    place = np.searchsorted(begins, x, side="right") - 1
    covered = (place >= 0) & (last[place] >= x)
    return np.where(near, nearest, np.where(covered, order[holder[place]], -1))


def _events(scans, hits, is_on, members, partners, rule):
    """The table of groups; ``members`` and ``partners`` have a column for each ON and each OFF scan."""
    rows = np.empty((len(members), len(is_on)), dtype=int)
    rows[:, is_on], rows[:, ~is_on] = members, partners
    # All hits in one row, and where in it each group's are.
    flat = rows + np.concatenate([[0], np.cumsum([len(scan) for scan in hits])[:-1]])
    n_on, n_off = (members >= 0).sum(axis=1), (partners >= 0).sum(axis=1)
    first_place = np.flatnonzero(is_on)[np.argmax(members >= 0, axis=1)]
    first = np.take_along_axis(flat, first_place[:, None], axis=1)[:, 0]
    snr = np.concatenate([scan.snr for scan in hits])
    seen_in_on = (rows >= 0) & is_on
    starts = np.array([scan.tstart_mjd for scan in hits], dtype=float)
    sources = set().union(*(scan.source_names for scan, on in zip(hits, is_on, strict=True) if on))
    columns = {
        "source_name": next(iter(sources), ""),
        "tstart_mjd": starts[first_place],
        "frequency_mhz": np.concatenate([scan.frequency_hz for scan in hits])[first] / HZ_PER_MHZ,
        "drift_hz_s": np.concatenate([scan.drift_hz_s for scan in hits])[first],
        "snr": np.max(snr[np.where(seen_in_on, flat, first[:, None])], axis=1) if len(first) else [],
        "n_on": n_on,
        "n_off": n_off,
        "verdict": [_verdict(*counts, is_on.sum(), rule) for counts in zip(n_on, n_off, strict=True)],
        "hits": _labels(scans, rows),
    }
    events = table(EVENTS, columns)
    return events.sort_values(["frequency_mhz", "tstart_mjd"], kind="stable", ignore_index=True)


def _labels(scans, rows):
    """For each group the pairs (place of the scan, label of the row) of its hits."""
    labels = [scan.index.to_list() for scan in scans]
    return [
        tuple((place, labels[place][row]) for place, row in enumerate(in_scan) if row >= 0)
        for in_scan in rows.tolist()
    ]


def _verdict(n_on, n_off, n_on_scans, rule):
    if n_off:
        return "also in OFF"
    if n_on == n_on_scans or rule == "any":
        return "event"
    return "in one ON only" if n_on == 1 else f"in {n_on} of {n_on_scans} ONs"
