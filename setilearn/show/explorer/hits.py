"""Interactive map of the hits in a database: filter them, look at one in all its scans, say what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from setilearn.progress import progress_bar
from setilearn.show.explorer import widget
from setilearn.show.explorer.hit_answers import NOTE_ONLY, OTHER_SIGN, REVIEWS, HitAnswers
from setilearn.show.explorer.hit_map import MapView, count_hits
from setilearn.show.explorer.hit_table import HitTable
from setilearn.show.figure import FIGURE_INCHES, describe
from setilearn.store.load import iter_hit_columns, iter_verdicts, load_observations
from setilearn.store.reviews import load_reviews
from setilearn.telescope import BANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from setilearn.spectrogram import Spectrogram

# Hits, or links to events, that are fetched at a time.
PIECE = 200_000
STILL_PIXELS = (200, 400)


def explore_hits(
    url: str, *, scan_part: Callable[..., Spectrogram] | None = None, progress: bool = True
) -> object:
    """Explore the hits of a database: an interactive map of SNR against frequency.

    However many hits there are, the map stays quick: Python counts them in the pixels in sight, and sends
    single hits where few are left. One star can be picked and stands out in colour. Filters choose by scan,
    SNR, drift, what the cadence says and what a person said. A click on a hit shows what is known of
    it and its waterfall in every scan of its cadence; a verdict and a note on it go into the database.

    Parameters
    ----------
    url : str
        Of the database, such as ``sqlite:///survey.db``; see `setilearn.store.connection`.
    scan_part : function, optional
        What to show of a scan of which no file is known: ``scan_part(observation, low_mhz, high_mhz)`` gives
        a `Spectrogram` of that part of the band. For a simulated survey: ``partial(survey_scan, survey)``.
    progress : bool
        Show a progress bar while the hits are fetched, where it takes more than a second.

    Returns
    -------
    HitExplorer or matplotlib Axes
        The widget, to be shown as the last value of a cell. Where there is no notebook, or
        anywidget is not installed, a still picture of the map.

    Raises
    ------
    DatabaseError
        There is no such database, or it cannot be reached.
    """
    hits = _fetch(url, progress)
    if widget.can_show_widgets():
        return HitExplorer(url, hits, scan_part)
    from matplotlib import pyplot as plt

    ax = plt.figure(figsize=FIGURE_INCHES, layout="constrained").subplots()
    _draw_still(hits, _source(url), ax)
    return ax


def _fetch(url, progress):
    """`HitTable` of all that is in the database."""
    scans = load_observations(url, extra=["observation_id", "n_hits"])
    columns = ("hit_id", "observation_id", "frequency_mhz", "snr", "drift_hz_s")
    bar = {"desc": "loading hits", "unit": "hit", "unit_scale": True, "delay": 1, "shown": progress}

    def counted():
        with progress_bar(None, total=int(scans["n_hits"].sum()), **bar) as shown:
            for piece in iter_hit_columns(url, columns, n_rows=PIECE):
                yield piece
                shown.update(piece["hit_id"].size)

    hits = HitTable.from_pieces(counted(), scans)
    for hit_id, verdict in iter_verdicts(url, n_rows=PIECE):
        hits = hits.told("verdict", hit_id, verdict)
    reviews = load_reviews(url)
    said = reviews["review"].where(reviews["review"] != "", NOTE_ONLY)
    return hits.told("review", reviews["hit_id"], said)


def _source(url):
    """Name of the database without its folder, server, user and password."""
    return str(url).rpartition("@")[2].partition("?")[0].replace("\\", "/").rpartition("/")[2]


def _setup(url, hits):
    """What stays the same while the widget lives."""
    frequency_mhz, log_snr = hits.limits()
    stars = hits.stars()
    left_out = f" · {hits.n_left_out:,} without an SNR above 0 left out" if hits.n_left_out else ""
    return {
        "source": _source(url),
        "facts": f"{len(hits):,} hits · {len(hits.scans):,} scans · {len(stars):,} stars{left_out}",
        "frequency_mhz": frequency_mhz,
        "log_snr": log_snr,
        "stars": stars,
        "positions": sorted(set(hits.scans["position"]), reverse=True),
        "verdicts": sorted(hits.verdicts, key=lambda verdict: (verdict == "", verdict)),
        "reviews": list(dict.fromkeys([*REVIEWS, NOTE_ONLY, *sorted(hits.reviews)])),
        "choices": [*REVIEWS, ""],
        "signs": {name: REVIEWS.get(name, OTHER_SIGN) for name in [*REVIEWS, *hits.reviews, NOTE_ONLY]},
        "bands": [{"name": band.name, "low": band.low_mhz, "high": band.high_mhz} for band in BANDS],
        # Few hits must be seen on the page, which is light or dark: not the end of the scale that is like it.
        "palettes": {
            "light": widget.palette(0.65, 0.0),
            "dark": widget.palette(0.35, 1.0),
            "waterfall": widget.palette(),
        },
    }


def _draw_still(hits, source, ax):
    """All hits, counted in pixels, on matplotlib axes."""
    from matplotlib.colors import LogNorm

    view = MapView(*hits.limits(), STILL_PIXELS)
    counts = count_hits(hits, view, np.ones(len(hits), bool))
    rows, columns = view.pixels
    image = ax.pcolormesh(
        np.linspace(*view.frequency_mhz, columns + 1),
        np.logspace(*view.log_snr[::-1], rows + 1),
        np.ma.masked_equal(counts, 0),
        norm=LogNorm(1, max(int(counts.max()), 2)),
        cmap="viridis_r",
        rasterized=True,
    )
    ax.set(yscale="log", xlabel="frequency (MHz)", ylabel="SNR")
    ax.figure.colorbar(image, label="hits in a pixel")
    text = f"SNR against frequency of {len(hits):,} hits of {source}"
    if len(hits):
        weakest, strongest = 10 ** float(hits.log_snr.min()), 10 ** float(hits.log_snr.max())
        text += (
            f", {hits.frequency_mhz[0]:.8g} to {hits.frequency_mhz[-1]:.8g} MHz, "
            f"SNR {weakest:.3g} to {strongest:.3g}"
        )
    describe(ax, f"{text}.")


if widget.anywidget is not None:

    class HitExplorer(widget.PictureWidget):
        """The widget that `explore_hits` returns."""

        _esm = widget.source("widget.js", "hits.js")
        _css = widget.source("widget.css", "hits.css")

        def __init__(self, url, hits, scan_part=None):
            self._answers = HitAnswers(url, hits, scan_part)
            super().__init__(_setup(url, hits))

        def answer(self, question):
            return self._answers.answer(question)

        def draw_still(self, ax):
            _draw_still(self._answers.hits, _source(self._answers.url), ax)
