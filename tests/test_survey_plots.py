"""Figures of a survey: what is drawn where, what is in colour, and what the words for it say."""

import matplotlib
import numpy as np
import pandas as pd
import pytest

from setilearn.events.interference import rfi_occupancy
from setilearn.show.figure import alt_text
from setilearn.show.survey_plots import ALL_COLOR, CHOSEN_COLOR, plot_hits, plot_occupancy, plot_sky
from setilearn.simulate.survey import simulate_survey
from setilearn.tables import HITS, table
from setilearn.telescope import known_bands

matplotlib.use("agg")
import matplotlib.pyplot as plt


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def hits_of(*rows):
    columns = ("source_name", "frequency_mhz", "snr")
    common = {"scan": 1, "tstart_mjd": 57000.0, "drift_hz_s": 0.0, "width_hz": 2.8, "channel": 0, "path": ""}
    return table(HITS, [common | dict(zip(columns, row, strict=True)) for row in rows])


def drawn(ax, color):
    """Points of this colour, as a sorted list of (x, y)."""
    lines = [line for line in ax.get_lines() if line.get_color() == color]
    return sorted(point for line in lines for point in line.get_xydata().tolist())


HITS_BY_HAND = hits_of(("a", 1400, 10), ("b", 1500, 100), ("a", 1600, 1000), ("c", 1700, 20))


def test_one_star_is_in_colour_over_all_others():
    ax = plot_hits(HITS_BY_HAND, "a")
    assert drawn(ax, CHOSEN_COLOR) == [[1400, 10], [1600, 1000]]
    assert drawn(ax, ALL_COLOR) == [[1500, 100], [1700, 20]]
    assert ax.get_lines()[-1].get_color() == CHOSEN_COLOR  # drawn last, on top
    assert ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("frequency (MHz)", "signal-to-noise ratio")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["all others", "a"]


def test_words_for_the_hits():
    ax = plot_hits(HITS_BY_HAND, "a")
    assert alt_text(ax.figure) == (
        "Signal-to-noise ratio of 4 hits of 3 sources, up to 1e+03, against frequency from 1400.0 to 1700.0 "
        "MHz. The 2 hits of a are in colour over all others in grey."
    )


def test_without_a_star_all_are_grey():
    ax = plot_hits(HITS_BY_HAND)
    assert len(drawn(ax, ALL_COLOR)) == 4
    assert ax.get_legend() is None
    assert "in colour" not in alt_text(ax.figure)


def test_a_star_without_hits_and_no_hits_at_all():
    ax = plot_hits(HITS_BY_HAND, "z")
    assert len(drawn(ax, ALL_COLOR)) == 4
    assert "The 0 hits of z" in alt_text(ax.figure)
    assert alt_text(plot_hits(hits_of(), "z").figure).endswith("no hits.")


def test_of_hits_on_one_spot_one_is_drawn_and_the_picture_is_the_same(tmp_path):
    hits = simulate_survey(20, n_signals=1, n_near_misses=1, seed=1).hits
    many = pd.concat([hits] * 20)
    ax = plot_hits(many)
    assert len(drawn(ax, ALL_COLOR)) <= len(hits)
    pictures = []
    for subject in (hits, many):
        figure, ax = plt.subplots(figsize=(9, 4.5))
        plot_hits(subject, ax=ax)
        figure.canvas.draw()
        pictures.append(np.asarray(figure.canvas.buffer_rgba()).copy())
    np.testing.assert_array_equal(*pictures)


def test_thinned_hits_leave_no_pixel_out():
    hits = simulate_survey(60, seed=2).hits
    pictures = []
    for draw in (lambda ax: plot_hits(hits, ax=ax), None):
        figure, ax = plt.subplots(figsize=(9, 4.5))
        if draw:
            draw(ax)
            limits = ax.axis()
        else:
            ax.set_yscale("log")
            style = {"color": ALL_COLOR, "markersize": 2, "markeredgewidth": 0}
            ax.plot(hits["frequency_mhz"], hits["snr"], ".", **style)
            ax.axis(limits)
        ax.set_axis_off()
        figure.canvas.draw()
        pictures.append(np.asarray(figure.canvas.buffer_rgba())[..., 0] < 230)
    thinned, all_of_them = pictures
    # A hit may stand half a pixel beside the one drawn for it.
    wide = np.zeros_like(thinned)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            wide |= np.roll(thinned, (down, right), axis=(0, 1))
    assert not (all_of_them & ~wide).any()
    assert thinned.sum() > 0.7 * all_of_them.sum()


def test_bands_are_shaded_named_and_cut_to_the_picture():
    ax = plot_hits(HITS_BY_HAND, bands=known_bands())
    limits = ax.get_xlim()
    assert limits[0] < 1400
    assert limits[1] > 1700
    names = [text.get_text() for text in ax.texts]
    assert "GPS L1, Galileo E1" in names
    assert "notch filter" not in names  # below the lowest hit
    assert all(limits[0] <= text.get_position()[0] <= limits[1] for text in ax.texts)
    spans = {patch.get_extents().bounds for patch in ax.patches}
    assert len(spans) == len(names)


def test_the_notch_is_hatched_and_not_filled():
    hits = hits_of(("a", 1100, 10), ("a", 1900, 10))
    hatched = [patch for patch in plot_hits(hits, bands=known_bands()).patches if patch.get_hatch()]
    (notch,) = hatched
    assert (notch.get_x(), notch.get_x() + notch.get_width()) == pytest.approx((1200, 1330))
    assert notch.get_facecolor()[3] == 0


def test_occupancy_in_per_cent():
    occupancy = rfi_occupancy(HITS_BY_HAND, bin_mhz=100)
    ax = plot_occupancy(occupancy, of="scans")
    (steps,) = ax.patches
    values, edges, _ = steps.get_data()
    assert edges.tolist() == [1400, 1500, 1600, 1700, 1800]
    np.testing.assert_allclose(values, [100 / 3] * 4)
    assert ax.get_ylabel() == "share of scans with a hit (%)"
    assert ax.get_xlim() == (1400, 1800)


def test_words_for_the_occupancy():
    occupancy = pd.DataFrame(
        {
            "low_mhz": [1400, 1401, 1402, 1403],
            "high_mhz": [1401, 1402, 1403, 1404],
            "share": [0.5, 0, 0.9, 0.1],
        }
    )
    assert alt_text(plot_occupancy(occupancy).figure) == (
        "Share of stars with a hit in each of 4 bins from 1400.0 to 1404.0 MHz. 50% of the bins have one in "
        "half of them or more, 25% in none; the fullest begins at 1402.0 MHz with 90 %."
    )


SKY = pd.DataFrame(
    {
        "source_name": ["a", "a B", "a", "b", "c", "c D"],
        "position": ["ON", "OFF", "ON", "ON", "ON", "OFF"],
        "ra_deg": [10, 15, 10, 200, 300, 305],
        "dec_deg": [-6, 0, -6, 40, 80, 80],
    }
)


def test_each_star_is_once_on_the_map():
    ax = plot_sky(SKY, ["a", "c"])
    assert drawn(ax, CHOSEN_COLOR) == [[10, -6], [300, 80]]
    assert drawn(ax, ALL_COLOR) == [[200, 40]]
    assert ax.get_xlim() == (0, 360)
    assert alt_text(ax.figure) == (
        "Map of 3 stars, right ascension against declination, 2 of them in colour: at declinations from -6.0 "
        "to 80.0 degrees, half of them below 37.0."
    )


def test_a_map_with_nothing_in_colour():
    ax = plot_sky(SKY)
    assert len(drawn(ax, ALL_COLOR)) == 3
    assert ax.get_legend() is None
    assert alt_text(ax.figure) == "Map of 3 stars, right ascension against declination."


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plot_hits(HITS_BY_HAND, "a", ax),
        lambda ax: plot_occupancy(rfi_occupancy(HITS_BY_HAND), ax),
        lambda ax: plot_sky(SKY, ["a"], ax),
    ],
)
def test_a_plot_draws_where_it_is_told(draw):
    figure, (left, right) = plt.subplots(1, 2)
    assert draw(right) is right
    assert not left.has_data()
    assert plt.get_fignums() == [figure.number]
