"""Figures of clusters: what is drawn where, on which scales, and the text for those who cannot see it."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from setilearn.show.cluster_plots import plot_clusters, plot_outliers, plot_pieces
from setilearn.show.figure import alt_text


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture
def pictures():
    """Ten pieces, each with one bright channel of its own, and the features and clusters of three kinds."""
    power = np.random.default_rng(0).normal(0, 1, (10, 16, 32)).astype(np.float32)
    power[np.arange(10), :, np.arange(10)] += 30
    features = pd.DataFrame(
        {
            "width_chan": np.geomspace(1, 100, 10),
            "drift_chan": np.linspace(-50, 40, 10),
            "rest": np.linspace(0, 1, 10),
            "wander_chan": np.geomspace(0.001, 10, 10),
        },
        index=np.arange(10) + 5,
    )
    clusters = pd.Series([0, 0, 0, 0, 1, 1, 1, -1, 2, 2], index=features.index)
    return features, clusters, power


TYPICAL = pd.Series([6, 10, 14])


def test_points_and_pictures_of_clusters(pictures):
    features, clusters, power = pictures
    ax = plot_clusters(features, clusters, power, TYPICAL, x="width_chan", y="rest")
    points = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert list(points) == ["in none", "cluster 0 (4)", "cluster 1 (3)", "cluster 2 (2)"]
    assert points["in none"] == [[features["width_chan"][12], features["rest"][12]]]
    assert points["cluster 2 (2)"] == features[["width_chan", "rest"]].to_numpy()[8:].tolist()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("width (channels)", "rest")
    others = [other for other in ax.figure.get_figure(root=True).axes if other.images]
    # The rows labelled 6, 10 and 14 are the second, the sixth and the tenth picture.
    assert [int(other.images[0].get_array().mean(axis=0).argmax()) for other in others] == [1, 5, 9]
    assert [other.get_title() for other in others] == ["cluster 0 (4)", "cluster 1 (3)", "cluster 2 (2)"]


def test_text_of_clusters(pictures):
    figure = plt.figure(figsize=(11, 5.5), layout="constrained")
    ax = plot_clusters(*pictures, TYPICAL, x="width_chan", y="rest", names=["a", "b", "c"], figure=figure)
    assert ax.figure.get_figure(root=True) is figure
    text = alt_text(figure)
    assert text.startswith("10 pictures as points, width (channels) to the right and rest upwards")
    assert "a (4), b (3), c (2), and 1 outside all" in text


@pytest.mark.parametrize(
    ("column", "scale"),
    [("width_chan", "log"), ("drift_chan", "symlog"), ("rest", "linear"), ("wander_chan", "symlog")],
)
def test_scales_suit_the_values(pictures, column, scale):
    ax = plot_clusters(*pictures, TYPICAL, x=column, y="rest")
    assert ax.get_xscale() == scale


def test_pieces_have_scales_of_their_own(pictures):
    power = pictures[2][:7].copy()
    power[3] *= 1000
    axes = plot_pieces(power, [f"piece {k}" for k in range(7)])
    assert len(axes) == 7
    limits = [ax.images[0].get_clim() for ax in axes]
    assert limits[3][1] == pytest.approx(1000 * limits[2][1], rel=0.5)
    assert "7 pieces of spectrograms" in alt_text(axes[0].figure)


def test_outliers_and_why(pictures):
    ranked = pd.DataFrame(
        {"score": [9.04, 3.0, 2.0], "reason": ["bow 30 (0.00 in cluster 1)"] * 3}, index=[4, 0, 2]
    )
    axes = plot_outliers(pictures[2], ranked, n=2)
    assert [ax.get_title() for ax in axes] == [
        "1. score 9.0\nbow 30\n(0.00 in cluster 1)",
        "2. score 3.0\nbow 30\n(0.00 in cluster 1)",
    ]
    assert [int(ax.images[0].get_array().mean(axis=0).argmax()) for ax in axes] == [4, 0]
    assert "1. score 9.0 bow 30 (0.00 in cluster 1); 2." in alt_text(axes[0].figure)
