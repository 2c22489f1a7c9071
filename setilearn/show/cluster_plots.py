"""Figures of clusters: pictures as points by two of their features, and the strangest of them.

As `setilearn.show.figure` says, each function makes a figure only where none is given, and gives it
alternative text.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from setilearn.show.figure import contrast_limits, describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLUSTERS_INCHES = (11.0, 5.5)
PIECE_INCHES = (2.6, 1.9)
# Safe for colour-blind eyes (Okabe and Ito), and told apart by their markers too.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8C00", "#000000")
MARKERS = "osD^vP*X"
OUTSIDE_COLOR = "#999999"
# Values up to 2 are shares; what goes beyond is drawn logarithmically where it ranges over this ratio.
LARGEST_SHARE, WIDE_RATIO = 2.0, 10.0


def plot_clusters(
    features: pd.DataFrame,
    clusters: pd.Series,
    power: np.ndarray,
    typical: pd.Series,
    *,
    x: str = "width_chan",
    y: str = "wander_chan",
    names: Sequence[str] | None = None,
    figure: Figure | None = None,
) -> Axes:
    """Draw pictures as points by two of their features, one colour a cluster, and one picture of each beside.

    Parameters
    ----------
    features : DataFrame
        A row a picture; ``x`` and ``y`` are two of its columns.
    clusters : Series
        Number of the cluster of each row, -1 for none.
    power : array (n, n_time, n_chan)
        The pictures, in the order of the rows.
    typical : Series
        For each cluster the label of the row whose picture is drawn.
    names : sequence of str, optional
        What to call the clusters; by default by their numbers.
    figure : Figure, optional
        Where to draw; by default a new one.

    Returns
    -------
    Axes
        That of the points.
    """
    figure = figure or plt.figure(figsize=CLUSTERS_INCHES, layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=[1.1, 1.0])
    names = [f"cluster {k}" for k in typical.index] if names is None else list(names)
    sizes = [int((clusters == k).sum()) for k in typical.index]
    labels = [f"{name} ({size})" for name, size in zip(names, sizes, strict=True)]
    ax = left.subplots()
    n_outside = _draw_points(ax, features, clusters, (x, y), labels)
    _draw_typical(right, features, power, typical, labels)
    describe(
        ax,
        f"{len(features)} pictures as points, {_label(x)} to the right and {_label(y)} upwards, by cluster: "
        f"{', '.join(labels)}, and {n_outside} outside all. Beside it one picture of each cluster, time "
        "running downwards and frequency to the right, signals bright.",
    )
    return ax


def _draw_points(ax, features, clusters, columns, labels):
    """Draw all points; returns how many are in no cluster."""
    x, y = (features[column].to_numpy() for column in columns)
    numbers = np.asarray(clusters)
    outside = numbers < 0
    ax.plot(x[outside], y[outside], "x", color=OUTSIDE_COLOR, markersize=4, label="in none")
    for k, label in enumerate(labels):
        style = {"marker": MARKERS[k % len(MARKERS)], "color": COLORS[k % len(COLORS)]}
        ax.plot(x[numbers == k], y[numbers == k], linestyle="", markersize=4, alpha=0.6, label=label, **style)
    for values, set_scale, set_label, column in (
        (x, ax.set_xscale, ax.set_xlabel, columns[0]),
        (y, ax.set_yscale, ax.set_ylabel, columns[1]),
    ):
        set_scale(**_scale(values))
        set_label(_label(column))
    if y.min() >= 0 and ax.get_yscale() == "symlog":
        ax.set_ylim(bottom=-0.1)
    ax.legend(fontsize="small")
    ax.grid(alpha=0.3)
    return int(outside.sum())


def _label(column):
    """What to write at an axis: the unit in the name of a column in brackets."""
    name = column.removesuffix("_chan").replace("_", " ")
    return f"{name} (channels)" if column.endswith("_chan") else name


def _scale(values):
    """Arguments for a scale that suits the values: linear, logarithmic, or that with a linear middle."""
    lowest, highest = values.min(), values.max()
    if highest <= LARGEST_SHARE or 0 < highest < WIDE_RATIO * lowest:
        return {"value": "linear"}
    if lowest >= 0.5:
        return {"value": "log"}
    return {"value": "symlog", "linthresh": 1.0}


def _draw_typical(figure, features, power, typical, labels):
    axes = _grid(figure, len(labels), 2)
    for k, (ax, row, label) in enumerate(zip(axes, typical, labels, strict=True)):
        _draw_piece(ax, power[features.index.get_loc(row)])
        ax.set_title(label, fontsize="small", color=COLORS[k % len(COLORS)], fontweight="bold")


def _grid(figure, n, n_columns):
    """Axes for ``n`` pieces, in rows of ``n_columns``."""
    n_rows = math.ceil(n / n_columns)
    grid = figure.subplots(n_rows, n_columns, sharex=True, sharey=True, squeeze=False).ravel()
    for ax in grid[n:]:
        ax.set_visible(False)
    figure.supxlabel("frequency (channel)", fontsize="medium")
    figure.supylabel("time (integration)", fontsize="medium")
    return grid[:n]


def _draw_piece(ax, piece):
    low, high = contrast_limits(piece)
    ax.imshow(piece, cmap="viridis", vmin=low, vmax=high, aspect="auto", interpolation="nearest")
    ax.tick_params(labelsize="small")


def plot_pieces(
    power: np.ndarray, titles: Sequence[str], *, n_columns: int = 5, figure: Figure | None = None
) -> np.ndarray:
    """Draw pieces of spectrograms side by side, each in its own scale of colours.

    Parameters
    ----------
    power : array (n, n_time, n_chan)
    titles : sequence of str
        One for each piece.
    figure : Figure, optional
        Where to draw; by default a new one.

    Returns
    -------
    array of Axes, one a piece
    """
    n_columns = min(n_columns, len(power))
    if figure is None:
        width, height = PIECE_INCHES
        size = (width * n_columns, height * math.ceil(len(power) / n_columns) + 0.4)
        figure = plt.figure(figsize=size, layout="constrained")
    axes = _grid(figure, len(power), n_columns)
    for ax, piece, title in zip(axes, power, titles, strict=True):
        _draw_piece(ax, piece)
        ax.set_title(title, fontsize="small")
    shown = "; ".join(title.replace("\n", " ") for title in titles)
    describe(
        axes[0],
        f"{len(power)} pieces of spectrograms, time running downwards and frequency to the right, signals "
        f"bright: {shown}.",
    )
    return axes


def plot_outliers(
    power: np.ndarray, ranked: pd.DataFrame, *, n: int = 10, figure: Figure | None = None
) -> np.ndarray:
    """Draw the first ``n`` outliers, each with its place, its score and what is strange about it.

    ``power`` ``(n, n_time, n_chan)`` are the pictures of all hits; ``ranked`` is a DataFrame with the
    columns score and reason, whose index says which picture a row is of. Returns the Axes.
    """
    first = ranked.iloc[:n]
    titles = [
        f"{place}. score {row.score:.1f}\n{row.reason.replace(' (', chr(10) + '(')}"
        for place, row in enumerate(first.itertuples(), 1)
    ]
    return plot_pieces(power[first.index], titles, figure=figure)
