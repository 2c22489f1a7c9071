"""What a map of hits shows: SNR against frequency, which hits pass the filters, how many share a pixel.

All of it is arithmetic on arrays, without a widget and without a database. The map has frequency on
its x axis and log10 of the SNR on its y axis; row 0 of a picture is its top, the highest SNR.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from setilearn.compiled import njit
from setilearn.spectrogram import HZ_PER_MHZ
from setilearn.telescope import BANDS

# So few hits are drawn as points of their own.
MAX_POINTS = 2000
MAX_PIXELS = (1024, 2048)
MINUS = "\N{MINUS SIGN}"
HIGHEST_LEVEL = 255  # level 0 is for pixels without a hit


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


@njit()
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
