"""What a map of hits shows: SNR against frequency, which hits pass the filters, how many share a pixel.

All of it is arithmetic on arrays, without a widget and without a database. The map has frequency on
its x axis and log10 of the SNR on its y axis; row 0 of a picture is its top, the highest SNR.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from setilearn.spectrogram import HZ_PER_MHZ
from setilearn.telescope import BANDS

COLUMNS = ("hit_id", "frequency_mhz", "log_snr", "drift_hz_s", "scan", "verdict", "review")
# So few hits are drawn as points of their own.
MAX_POINTS = 2000
MAX_PIXELS = (1024, 2048)
# The whole map has so much room around its hits, and is at least so large.
MARGIN_SHARE = 0.02
MIN_MHZ, MIN_DECADES = 0.001, 0.1
MINUS = "\N{MINUS SIGN}"
HIGHEST_LEVEL = 255  # level 0 is for pixels without a hit


@dataclass(frozen=True, eq=False)
class HitTable:
    """The hits of a database as arrays ``(n_hits,)`` in order of frequency, 32 bytes a hit.

    ``scan`` is the row of ``scans``, a table of observations, that a hit belongs to. ``verdict`` (of
    the cadence) and ``review`` (of a person) are places in the lists ``verdicts`` and ``reviews``, of
    which the first is "": nothing is said. ``n_left_out`` is how many hits have no place on the map,
    for want of an SNR above 0.
    """

    hit_id: np.ndarray
    frequency_mhz: np.ndarray
    log_snr: np.ndarray
    drift_hz_s: np.ndarray
    scan: np.ndarray
    verdict: np.ndarray
    review: np.ndarray
    scans: "pandas.DataFrame"  # noqa: F821
    verdicts: list
    reviews: list
    n_left_out: int = 0

    def __len__(self):
        return self.hit_id.size

    @classmethod
    def from_pieces(cls, pieces, scans):
        """The table of ``pieces``, dicts of arrays: hit_id, observation_id, frequency_mhz, snr, drift_hz_s.

        ``scans`` has the columns `setilearn.tables.OBSERVATIONS` and observation_id.
        """
        import pandas as pd

        rows = pd.Index(scans["observation_id"])
        nothing = dict.fromkeys(("hit_id", "observation_id", "frequency_mhz", "snr", "drift_hz_s"), ())
        taken = [_taken(piece, rows) for piece in (nothing, *pieces)]
        columns = {name: np.concatenate([piece.pop(name) for piece in taken]) for name in list(taken[0])}
        order = np.argsort(columns["frequency_mhz"], kind="stable")
        order = order[np.isfinite(columns["log_snr"])[order]]
        n_left_out = columns["hit_id"].size - order.size
        columns = {name: columns.pop(name)[order] for name in list(columns)}
        labels = {name: np.zeros(order.size, np.int16) for name in ("verdict", "review")}
        scans = scans.reset_index(drop=True)
        return cls(**columns, **labels, scans=scans, verdicts=[""], reviews=[""], n_left_out=n_left_out)

    def label(self, column, hit_id, names):
        """Write ``names``, one for each of the numbers ``hit_id``, into the column verdict or review.

        These two columns are the only thing about a table that changes.
        """
        import pandas as pd

        known = self.verdicts if column == "verdict" else self.reviews
        codes, uniques = pd.factorize(np.asarray(names, dtype=object))
        known += [name for name in uniques if name not in known]
        codes = np.array([known.index(name) for name in uniques], dtype=np.int16)[codes]
        hit_id, first = np.unique(np.asarray(hit_id, dtype=np.int64), return_index=True)
        places = pd.Index(hit_id).get_indexer(self.hit_id)
        found = np.flatnonzero(places >= 0)
        getattr(self, column)[found] = codes[first][places[found]]

    def place(self, hit_id):
        """Where in the arrays the hit of this number is; None where it is not."""
        found = np.flatnonzero(self.hit_id == hit_id)
        return int(found[0]) if found.size else None

    def part(self, places):
        """A table of the hits at these places, an ascending array."""
        columns = {name: getattr(self, name)[places] for name in COLUMNS}
        return replace(self, **columns, n_left_out=0)

    def of_scans(self, chosen):
        """Bool array: which hits are of the scans that ``chosen``, a bool array over ``scans``, has."""
        return np.asarray(chosen, dtype=bool)[self.scan]

    def stars(self):
        """Names of what the telescope pointed at on purpose, sorted: all sources but those of OFF scans."""
        aimed_at = self.scans["position"] != "OFF"
        return sorted(set(self.scans["source_name"][aimed_at]))

    def limits(self):
        """The whole map: (lowest, highest) frequency in MHz and log10 of the SNR, with some room around."""
        if not len(self):
            return (0.0, 1.0), (1.0, 2.0)
        frequency = _with_room(float(self.frequency_mhz[0]), float(self.frequency_mhz[-1]), MIN_MHZ)
        return frequency, _with_room(float(self.log_snr.min()), float(self.log_snr.max()), MIN_DECADES)


def _taken(piece, rows):
    """Columns of a piece as the table has them."""
    snr = np.asarray(piece["snr"], dtype=float)
    log_snr = np.full(snr.shape, np.nan, np.float32)
    np.log10(snr, out=log_snr, where=snr > 0, casting="same_kind")
    return {
        "hit_id": np.asarray(piece["hit_id"], dtype=np.int64),
        "frequency_mhz": np.asarray(piece["frequency_mhz"], dtype=float),
        "log_snr": log_snr,
        "drift_hz_s": np.asarray(piece["drift_hz_s"], dtype=np.float32),
        "scan": rows.get_indexer(np.asarray(piece["observation_id"], dtype=np.int64)).astype(np.int32),
    }


def _with_room(low, high, least):
    room = max(MARGIN_SHARE * (high - low), (least - (high - low)) / 2)
    return low - room, high + room


@dataclass(frozen=True)
class Filters:
    """Which hits are shown; None lets all pass.

    ``star`` is the name of a source, ``position`` ON, OFF or "". ``snr`` and ``drift_hz_s`` are
    (lowest, highest), both included. ``verdict`` and ``review`` are what the cadence and a person say,
    "" where they say nothing; ``review`` may also be "any": something.
    """

    star: str | None = None
    position: str | None = None
    snr: tuple = (None, None)
    drift_hz_s: tuple = (None, None)
    verdict: str | None = None
    review: str | None = None

    def keep(self, table):
        """Bool array: which hits of ``table`` pass."""
        keep = np.ones(len(table), dtype=bool)
        for column, wanted in (("source_name", self.star), ("position", self.position)):
            if wanted is not None:
                keep &= table.of_scans(table.scans[column] == wanted)
        if self.verdict is not None:
            keep &= table.verdict == _place_in(table.verdicts, self.verdict)
        if self.review == "any":
            keep &= table.review != 0
        elif self.review is not None:
            keep &= table.review == _place_in(table.reviews, self.review)
        low, high = (None if snr is None else _log10(snr) for snr in self.snr)
        _keep_between(keep, table.log_snr, low, high)
        _keep_between(keep, table.drift_hz_s, *self.drift_hz_s)
        return keep


def _place_in(names, name):
    return names.index(name) if name in names else -1


def _log10(snr):
    return math.log10(snr) if snr > 0 else -math.inf


def _keep_between(keep, values, low, high):
    # NumPy rounds the limits, Python's numbers, to float32 as the values are: one equal to its limit passes.
    if low is not None:
        keep &= values >= low
    if high is not None:
        keep &= values <= high


@dataclass(frozen=True)
class MapView:
    """The part of the map that is looked at: (low, high) on both axes, and pixels as (rows, columns).

    Raises ``ValueError`` for what cannot be looked at.
    """

    frequency_mhz: tuple
    log_snr: tuple
    pixels: tuple

    def __post_init__(self):
        for name in ("frequency_mhz", "log_snr"):
            low, high = getattr(self, name)
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise ValueError(f"{name}: expected two ascending numbers, found {low} and {high}")
        for n, most in zip(self.pixels, MAX_PIXELS, strict=True):
            if not (isinstance(n, int) and 1 <= n <= most):
                raise ValueError(f"pixels: expected 1 to {most}, found {n}")

    @property
    def pixel(self):
        """Size of one pixel: (MHz, decades of SNR)."""
        rows, columns = self.pixels
        return (
            (self.frequency_mhz[1] - self.frequency_mhz[0]) / columns,
            (self.log_snr[1] - self.log_snr[0]) / rows,
        )


def count_hits(table, view, keep):
    """How many hits that ``keep`` lets pass lie in each pixel of ``view``: int32 (rows, columns)."""
    rows, columns = view.pixels
    # Hits are in order of frequency: those of each column stand together.
    edges = np.searchsorted(table.frequency_mhz, np.linspace(*view.frequency_mhz, columns + 1))
    return _counts(edges, table.log_snr, keep, view.log_snr[1], 1 / view.pixel[1], rows).T


@njit(cache=True)
def _counts(edges, log_snr, keep, top, rows_a_decade, rows):
    counts = np.zeros((edges.size - 1, rows), np.int32)
    for column in range(edges.size - 1):
        in_column = counts[column]
        for i in range(edges[column], edges[column + 1]):
            depth = (top - log_snr[i]) * rows_a_decade
            if keep[i] and 0 <= depth < rows:
                in_column[int(depth)] += 1
    return counts


def _between(table, low_mhz, high_mhz):
    """Bounds in the table of the hits from ``low_mhz`` to ``high_mhz``, the latter left out."""
    return np.searchsorted(table.frequency_mhz, (low_mhz, high_mhz))


def hits_in_view(table, view, keep):
    """Places in the table of the hits in sight that ``keep`` lets pass, in order of frequency."""
    start, stop = _between(table, *view.frequency_mhz)
    log_snr = table.log_snr[start:stop]
    inside = keep[start:stop] & (log_snr > view.log_snr[0]) & (log_snr <= view.log_snr[1])
    return start + np.flatnonzero(inside)


def nearest_hit(table, view, keep, position, reach_pixels):
    """Place in the table of the hit in sight that lies nearest to ``position``, (MHz, log10 of SNR).

    None where none lies within ``reach_pixels``.
    """
    width, height = view.pixel
    low = max(position[0] - reach_pixels * width, view.frequency_mhz[0])
    high = min(position[0] + reach_pixels * width, view.frequency_mhz[1])
    places = hits_in_view(table, replace(view, frequency_mhz=(low, high)), keep) if low < high else []
    if not len(places):
        return None
    distance = np.hypot(
        (table.frequency_mhz[places] - position[0]) / width, (table.log_snr[places] - position[1]) / height
    )
    nearest = int(np.argmin(distance))
    return int(places[nearest]) if distance[nearest] <= reach_pixels else None


def next_hit(table, view, keep, place, step):
    """The hit in sight that comes after (``step`` 1) or before (-1) the one at ``place``, by frequency.

    From the last one on to the first one; None where there is none in sight.
    """
    places = hits_in_view(table, view, keep)
    if not places.size:
        return None
    at = np.searchsorted(places, place, side="right" if step > 0 else "left")
    return int(places[(at if step > 0 else at - 1) % places.size])


def count_levels(counts):
    """uint8 level of each pixel: 0 without hits, 1 for one hit to 255 for the most, on a log scale."""
    most = max(int(counts.max(initial=0)), 2)
    with np.errstate(divide="ignore"):
        levels = 1.5 + np.log(counts) * ((HIGHEST_LEVEL - 1) / math.log(most))
    return np.where(counts > 0, levels, 0).astype(np.uint8)


def pixel_centers(counts, view):
    """Frequency and log10 of SNR in the middle of each pixel that has a hit, two arrays."""
    rows, columns = np.nonzero(counts)
    width, height = view.pixel
    return view.frequency_mhz[0] + (columns + 0.5) * width, view.log_snr[1] - (rows + 0.5) * height


def map_text(n_shown, n_passed, n_hits, view):
    """How many hits are in sight and how they are drawn, in one line."""
    of_all = (
        f"of {n_hits:,}"
        if n_passed == n_hits
        else f"of {n_passed:,} that pass the filters ({n_hits:,} in all)"
    )
    text = f"{n_shown:,} hits in sight {of_all}"
    if n_shown <= MAX_POINTS:
        return f"{text}, each a point of its own."
    return f"{text}, counted in pixels of {_width_text(view.pixel[0])}; zoom in for single hits."


def _width_text(width_mhz):
    for unit, unit_mhz in (("MHz", 1), ("kHz", 1e-3)):
        if width_mhz >= unit_mhz:
            return f"{width_mhz / unit_mhz:.3g} {unit}"
    return f"{width_mhz * HZ_PER_MHZ:.3g} Hz"


def hit_facts(hit):
    """What is known of a hit as (name, text) pairs; ``hit`` is a row of `setilearn.load_hits` with extras."""
    band = next((b.name for b in BANDS if b.low_mhz <= hit.frequency_mhz < b.high_mhz), "none that is known")
    position = f"{hit.position}, " if hit.position else ""
    return [
        ("Frequency", f"{hit.frequency_mhz:.6f} MHz"),
        ("Band", band),
        ("SNR", f"{hit.snr:.1f}"),
        ("Drift", f"{hit.drift_hz_s:.4f} Hz/s".replace("-", MINUS)),
        ("Width", f"{hit.width_hz:.1f} Hz"),
        ("Scan", f"{position}number {hit.scan}, from MJD {hit.tstart_mjd:.5f}"),
        ("Cadence", hit.cadence or "none is known"),
        ("Cadence says", hit.verdict or "no event"),
        ("hit_id", str(hit.hit_id)),
        ("File", hit.path or "none is known"),
    ]
