"""Figures of image sets: what is drawn, where, and what is said about it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from setilearn.show.figure import alt_text
from setilearn.show.image_plots import plot_bow, plot_class_histograms, plot_grey_scale, plot_images


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.mark.parametrize(("n", "grid"), [(1, (1, 1)), (3, (1, 3)), (4, (1, 4)), (5, (2, 4)), (8, (2, 4))])
def test_pictures_stand_side_by_side_in_one_scale(n, grid):
    images = np.random.default_rng(0).random((n, 6, 9, 1))
    axes = plot_images(images, [f"number {k}" for k in range(n)])
    assert len(axes) == n
    assert axes[0].get_gridspec().get_geometry() == grid
    assert [ax.get_title() for ax in axes] == [f"number {k}" for k in range(n)]
    assert sum(ax.get_visible() for ax in axes[0].figure.axes) == n
    for ax, image in zip(axes, images, strict=True):
        np.testing.assert_array_equal(ax.images[0].get_array(), image[..., 0])
    assert len({ax.images[0].get_clim() for ax in axes}) == 1
    text = alt_text(axes[0].figure)
    assert text.startswith(f"{n} grey pictures of 6 x 9 pixels, time running downwards")
    assert f"number {n - 1}." in text


def test_the_lowest_picture_of_each_column_has_numbers_at_its_axis():
    axes = plot_images(np.zeros((7, 3, 4)))
    labelled = [ax.xaxis.get_tick_params()["labelbottom"] for ax in axes]
    assert labelled == [False] * 3 + [True] * 4


def test_pictures_without_channel_or_titles_are_drawn_where_they_are_wanted():
    figure = plt.figure()
    axes = plot_images(np.zeros((2, 3, 4)), figure=figure, n_columns=1)
    assert axes[0].figure is figure
    assert axes[0].get_gridspec().get_geometry() == (2, 1)
    assert axes[0].get_ylim() == (2.5, -0.5)  # time runs downwards
    assert alt_text(figure).endswith("darker than the noise.")


def test_the_grey_scale_is_jets_luminance():
    ax = plot_grey_scale({"noise": 0.8, "line": 1.0})
    values, grey = ax.lines[0].get_data()
    # Jet begins as half of blue, ends as half of red, and is cyan at 3/8: 0.114 / 2, 0.299 / 2, 0.587 + blue.
    assert grey[0] == pytest.approx(0.057, abs=1e-3)
    assert grey[-1] == pytest.approx(0.1495, abs=1e-3)
    assert values[grey.argmax()] == pytest.approx(0.64, abs=0.02)
    assert [line.get_xdata()[0] for line in ax.lines[1:]] == [0.8, 1.0]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend[1] == "line: 1.00, grey 0.15"
    assert "line: 1.00, grey 0.15" in alt_text(ax.figure)
    assert plot_grey_scale({}, ax=plt.figure().subplots()).get_legend() is None


def test_histograms_count_each_class_by_itself():
    values, classes = [1, 1, 2, 5, 5, 5, 5], [0, 0, 0, 1, 1, 1, 1]
    ax = plot_class_histograms(values, classes, ("a", "b"), label="brightness")
    heights = [polygon.get_xy()[:, 1].max() for polygon in ax.patches]
    assert sorted(heights) == [2, 4]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("brightness", "pictures")
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {"a", "b"}
    assert alt_text(ax.figure) == "Histograms of brightness for 2 classes. Means: a 1.33, b 5."


def test_a_bow_is_measured_and_told():
    offsets = np.arange(-3, 3.01, 0.125)
    rows = np.arange(64)[:, None]
    bend = 0.4 * ((rows - 31.5) / 31.5) ** 2 - 0.2
    straight, bent = (0.7 - 0.3 * np.exp(-((offsets - middle) ** 2)) for middle in (np.zeros((64, 1)), bend))
    axes = plot_bow([straight, bent], offsets, ["straight", "bent"])
    dots = [ax.lines[1].get_data() for ax in axes]
    np.testing.assert_allclose(dots[0][0], 0, atol=0.01)
    assert dots[0][1].tolist() == [3.5 + 8 * k for k in range(8)]
    # The mean of the parabola over the first 8 rows and over 8 in the middle; the window takes some off.
    assert dots[1][0][0] == pytest.approx(bend[:8].mean(), abs=0.03)
    assert dots[1][0][4] == pytest.approx(bend[32:40].mean(), abs=0.03)
    assert "straight -0.00 at the top" in alt_text(axes[0].figure).replace("+0.00", "-0.00")
    assert f"bent {dots[1][0][0]:+.2f} at the top, {dots[1][0][4]:+.2f} half-way" in alt_text(axes[0].figure)
    assert axes[0].get_title() == "straight"
    assert plot_bow([bent], offsets, ["bent"], figure=(figure := plt.figure()))[0].figure is figure
