"""What the map of hits answers, without the widget: questions are dicts as the browser sends them.

==========  =======================================  ======================================================
``ask``     the question also holds                  the answer
==========  =======================================  ======================================================
"map"       ``view``, ``filters``                    "map": the text; single hits as points, else levels of
                                                     pixels (buffers), and signs of what people said
"hit"       ``view``, ``filters``, ``position`` and  "hit": what is known of the nearest hit, or the next
            ``reach``, or ``from`` and ``step``      one, and of the scans of its cadence; or a text
"panel"     ``hit_id``, ``scan``, ``limits``         "panel": levels of one scan's waterfall (a buffer) and
                                                     where the track is; or a text that says why not
"review"    ``hit_id``, ``verdict``, ``note``        "saved": the text
==========  =======================================  ======================================================

``view``: ``frequency_mhz``, ``log_snr`` and ``pixels`` (rows, columns). ``filters``: those of `Filters`,
the star in colour, and whether it is shown alone.
"""

from dataclasses import dataclass

import numpy as np

from setilearn.read.filterbank import read_header
from setilearn.show.explorer.hit_map import (
    MAX_POINTS,
    MapView,
    count_hits,
    count_levels,
    hit_facts,
    hits_in_view,
    map_text,
    nearest_hit,
    next_hit,
    pixel_centers,
)
from setilearn.show.explorer.hit_panels import draw_panel, part_mhz, read_panel
from setilearn.show.explorer.hit_table import Filters
from setilearn.store.load import load_hits
from setilearn.store.reviews import save_review
from setilearn.tables import SCAN_KEY
from setilearn.tracks import Track

# What a person may say of a hit, and the sign that it then has on the map.
REVIEWS = {"interesting": "★", "interference": "✕", "unsure": "?"}
NOTE_ONLY, OTHER_SIGN = "only a note", "✎"
# Hits that were picked and are remembered: more than one page may show the same widget.
MAX_CASES = 8


@dataclass(frozen=True, eq=False)
class _Case:
    """A hit that was picked: its row in the database, and what to show of the scans of its cadence.

    ``own`` is the place of its own scan among them.
    """

    hit: object
    scans: list
    own: int
    track: Track
    part_mhz: tuple


class _Shown:
    """The hits that pass the filters asked for: what every picture of them needs, worked out once.

    ``keep`` and ``starred`` are bool arrays: which hits pass, and which of these are of the star in
    colour. ``star`` and ``reviewed`` are tables: of the latter hits, and of those that a person said
    something of.
    """

    def __init__(self, asked, hits):
        star = asked["star"]
        filters = Filters(
            star=star if asked["only"] else None,
            position=asked["position"],
            snr=tuple(asked["snr"]),
            drift_hz_s=tuple(asked["drift_hz_s"]),
            verdict=asked["verdict"],
            review=asked["review"],
        )
        self.asked = asked
        self.keep = filters.keep(hits)
        self.n = int(np.count_nonzero(self.keep))
        self.starred = np.zeros_like(self.keep) if star is None else self.keep & Filters(star=star).keep(hits)
        self.star = hits.part(np.flatnonzero(self.starred))
        self.reviewed = hits.part(np.flatnonzero(self.keep & (hits.review != 0)))


def _marks(reviewed, view):
    """Place and review of each hit in sight, of a table of those that a person said something of."""
    places = hits_in_view(reviewed, view, np.ones(len(reviewed), bool))[:MAX_POINTS]
    at = zip(reviewed.frequency_mhz[places].tolist(), reviewed.log_snr[places].tolist(), strict=True)
    names = [reviewed.reviews[number] for number in reviewed.review[places]]
    return [{"at": place, "review": name} for place, name in zip(at, names, strict=True)]


class HitAnswers:
    """What the widget answers, without the widget: questions are dicts as the browser sends them."""

    def __init__(self, url, hits, scan_part=None):
        self.url = url
        self.hits = hits
        self._scan_part = scan_part
        self._latest = None
        self._cases = {}

    def answer(self, question):
        """Content of the answer and its buffers; what is asked for is map, hit, panel or review."""
        return {"map": self._map, "hit": self._hit, "panel": self._panel, "review": self._review}[
            question["ask"]
        ](question)

    # The map

    def _map(self, question):
        """Levels of the pixels, or few hits as points; and the hits of which a person said something.

        In a map of pixels, those that the star in colour has a hit in are points too: they stand out.
        """
        hits, view, shown = self.hits, _view(question), self._shown(question["filters"])
        counts = count_hits(hits, view, shown.keep)
        n_shown = int(counts.sum())
        content = {
            "kind": "map",
            "points": n_shown <= MAX_POINTS,
            "most": int(counts.max()),
            "text": map_text(n_shown, shown.n, len(hits), view),
            "starred": question["filters"]["star"],
            "marks": _marks(shown.reviewed, view),
        }
        if content["points"]:
            places = hits_in_view(hits, view, shown.keep)
            columns = hits.frequency_mhz[places], hits.log_snr[places].astype(float), shown.starred[places]
            return content, [column.tobytes() for column in columns]
        starred = pixel_centers(count_hits(shown.star, view, np.ones(len(shown.star), bool)), view)
        return content, [count_levels(counts).tobytes(), *(column.tobytes() for column in starred)]

    def _shown(self, asked):
        if self._latest is None or self._latest.asked != asked:
            self._latest = _Shown(asked, self.hits)
        return self._latest

    # One hit

    def _hit(self, question):
        """The hit nearest to a position, or the next one: what is known of it, and its scans."""
        shown = self._shown(question["filters"])
        place = self._picked(question, shown.starred)
        place = self._picked(question, shown.keep) if place is None else place
        if place is None:
            return {"kind": "hit", "hit": None, "text": "There is no hit here."}, []
        case = self._case(place)
        hit = case.hit
        return {
            "kind": "hit",
            "hit": {
                "hit_id": int(hit.hit_id),
                "frequency_mhz": hit.frequency_mhz,
                "log_snr": float(self.hits.log_snr[place]),
                "title": f"{hit.source_name} · {hit.frequency_mhz:.6f} MHz",
                "facts": hit_facts(hit),
                "review": {"verdict": hit.review, "note": hit.note},
                "scans": [_scan_text(scan, place == case.own) for place, scan in enumerate(case.scans)],
                "order": sorted(range(len(case.scans)), key=lambda place: (place != case.own, place)),
                "part_mhz": case.part_mhz,
            },
        }, []

    def _picked(self, question, keep):
        view = _view(question)
        if "step" in question:
            return next_hit(self.hits, view, keep, self.hits.place(question["from"]), question["step"])
        return nearest_hit(self.hits, view, keep, question["position"], question["reach"])

    def _case(self, place):
        """`_Case` of the hit at a place in the table, as the database has it now."""
        hit_id, frequency_mhz = int(self.hits.hit_id[place]), float(self.hits.frequency_mhz[place])
        own = self.hits.scans.iloc[self.hits.scan[place]]
        near = load_hits(
            self.url,
            frequency_mhz=(frequency_mhz, frequency_mhz),
            source_name=own["source_name"],
            scan=own["scan"],
            extra=("hit_id", "cadence", "position", "verdict", "review", "note"),
        )
        (hit,) = near[near["hit_id"] == hit_id].itertuples()
        case = _opened(hit, self._scans(own))
        self._cases = dict([*self._cases.items(), (hit_id, case)][-MAX_CASES:])
        return case

    def _scans(self, own):
        """Observations of the same cadence in order of time; this one alone, where there is none."""
        scans = self.hits.scans
        same = scans["cadence"] == own["cadence"] if own["cadence"] else scans.index == own.name
        return list(scans[same].sort_values("tstart_mjd", kind="stable").itertuples())

    def _panel(self, question):
        """The waterfall of one scan around the hit; what keeps it from being drawn is an error of its own."""
        case = self._cases[question["hit_id"]]
        scan = case.scans[question["scan"]]
        if scan.path:
            panel = read_panel(scan.path, case.track, case.part_mhz, question["limits"])
        elif self._scan_part:
            spectrogram = self._scan_part(scan, *case.part_mhz)
            panel = draw_panel(spectrogram, case.track, case.part_mhz, question["limits"])
        else:
            return {"kind": "panel", "text": "No file of this scan is known."}, []
        content = {
            "kind": "panel",
            "shape": panel.levels.shape,
            "frequency_mhz": panel.frequency_mhz,
            "picture_s": panel.picture_s,
            "duration_s": panel.duration_s,
            "limits": panel.limits_db,
            "track_mhz": panel.track_mhz,
        }
        return content, [panel.levels.tobytes()]

    def _review(self, question):
        """Save what a person says of a hit."""
        hit_id, verdict, note = question["hit_id"], question["verdict"], question["note"]
        save_review(self.url, hit_id, verdict, note)
        said = _said(verdict, note)
        self.hits = self.hits.told("review", [hit_id], [said])
        self._latest = None
        return {"kind": "saved", "text": f"Saved: {said}." if said else "Saved: nothing is said."}, []


def _view(question):
    view = question["view"]
    return MapView(*(tuple(view[name]) for name in ("frequency_mhz", "log_snr", "pixels")))


def _said(verdict, note):
    """A review as it stands on the map."""
    return verdict or (NOTE_ONLY if note else "")


def _opened(hit, scans):
    own = next(place for place, scan in enumerate(scans) if _is_scan_of(hit, scan))
    track = Track(hit.tstart_mjd, hit.frequency_mhz, hit.drift_hz_s)
    starts_mjd = [scan.tstart_mjd for scan in scans]
    header = _first_header([scans[own].path, *(scan.path for scan in scans)])
    part = part_mhz(track, hit.width_hz, starts_mjd, header)
    return _Case(hit, scans, own, track, part)


def _is_scan_of(hit, scan):
    return all(getattr(hit, name) == getattr(scan, name) for name in SCAN_KEY)


def _first_header(paths):
    """Header of the first file that can be read, None where there is none."""
    for path in filter(None, paths):
        try:
            return read_header(path)
        except (ValueError, OSError):
            continue
    return None


def _scan_text(scan, own):
    return {"label": scan.position, "source_name": scan.source_name, "scan": int(scan.scan), "own": own}
