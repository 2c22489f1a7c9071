"""Figures of image sets: the pictures themselves, what their grey means, and what is in them.

As `setilearn.show.figure` says, each function returns the Axes it drew in, makes a figure only
where none is given, and gives it alternative text.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from setilearn.show.figure import SHAPE_COLOR, axes_or_new, describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

PANEL_INCHES = (2.9, 1.9)
# Shares of all pixels left out at either end of the grey scale.
CUT_PERCENT = 0.02
# Safe for colour-blind eyes (Okabe and Ito), and told apart by their dashes too.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#000000")
DASHES = ("-", "--", "-.", ":")
# Within so many columns of the line the middle of it is measured, over so many rows at a time.
RIDGE_COLUMNS = 2.0
RIDGE_ROWS = 8


def plot_images(
    images: np.ndarray, titles: Sequence[str] = (), figure: Figure | None = None, *, n_columns: int = 4
) -> np.ndarray:
    """Draw pictures side by side, all with the same grey scale, black where their values are low.

    Parameters
    ----------
    images : array (n, rows, columns) or (n, rows, columns, 1)
    titles : sequence of str
        One for each picture, or none.
    figure : Figure, optional
        Where to draw; by default a new one.

    Returns
    -------
    array of Axes, one a picture
    """
    images = np.asarray(images)
    images = images.reshape(images.shape[:3])
    n_columns = min(n_columns, len(images))
    n_rows = math.ceil(len(images) / n_columns)
    if figure is None:
        size = (PANEL_INCHES[0] * n_columns, PANEL_INCHES[1] * n_rows + 0.4)
        figure = plt.figure(figsize=size, layout="constrained")
    grid = figure.subplots(n_rows, n_columns, sharex=True, sharey=True, squeeze=False).ravel()
    axes, spare = grid[: len(images)], grid[len(images) :]
    low, high = np.percentile(images, [CUT_PERCENT, 100 - CUT_PERCENT])
    for ax, image in zip(axes, images, strict=True):
        ax.imshow(image, cmap="gray", vmin=low, vmax=high, aspect="auto", interpolation="nearest")
    for ax, title in zip(axes, titles, strict=False):
        ax.set_title(title, fontsize="medium")
    for ax in spare:
        ax.set_visible(False)
    for ax in axes[-n_columns:]:  # the lowest of each column, also where a spare one is below it
        ax.tick_params(labelbottom=True)
    figure.supxlabel("frequency (column)", fontsize="medium")
    figure.supylabel("time (row)", fontsize="medium")
    shown = f": {'; '.join(titles)}" if len(titles) else ""
    describe(
        axes[0],
        f"{len(images)} grey pictures of {images.shape[1]} x {images.shape[2]} pixels, time running "
        f"downwards and frequency to the right, signals darker than the noise{shown}.",
    )
    return axes


def plot_grey_scale(marks: dict[str, float], ax: Axes | None = None) -> Axes:
    """Draw the grey that the colour map "jet" turns into, and where ``marks`` lie, name -> value in 0..1."""
    ax = axes_or_new(ax)
    values = np.linspace(0, 1, 256)
    colors = plt.get_cmap("jet")(values)
    grey = colors[:, :3] @ (0.299, 0.587, 0.114)
    ax.plot(values, grey, color="0.6", zorder=1)
    ax.scatter(values, grey, c=colors, s=14, zorder=2)
    said = []
    for place, (name, value) in enumerate(marks.items()):
        said.append(f"{name}: {value:.2f}, grey {np.interp(value, values, grey):.2f}")
        ax.axvline(value, color=COLORS[place % 4], linestyle=DASHES[place % 4], label=said[-1])
    ax.set_xlabel("log(power) / maximum")
    ax.set_ylabel("grey value of the picture")
    ax.set_title('Grey values that "jet" turns into')
    if marks:
        ax.legend(loc="lower center", fontsize="small")
    ax.grid(alpha=0.3)
    describe(
        ax,
        "Grey value against log power over its maximum: dark at 0, brightest at about two thirds, "
        f"and dark again at 1. Marked: {'; '.join(said)}.",
    )
    return ax


def plot_class_histograms(
    values: ArrayLike,
    class_index: ArrayLike,
    class_names: Sequence[str],
    ax: Axes | None = None,
    *,
    label: str = "value",
) -> Axes:
    """Draw how one number of each image is distributed in each class.

    ``values`` (n,), ``class_index`` (n,) the place of each image's class in ``class_names``; ``label`` says
    what the numbers are.
    """
    ax = axes_or_new(ax)
    values, class_index = np.asarray(values), np.asarray(class_index)
    edges = np.histogram_bin_edges(values, bins=40)
    means = []
    for place, name in enumerate(class_names):
        chosen = values[class_index == place]
        style = {"color": COLORS[place % 4], "linestyle": DASHES[place % 4], "linewidth": 1.8}
        ax.hist(chosen, bins=edges, histtype="step", label=name, **style)
        means.append(f"{name} {chosen.mean():.3g}")
    ax.set_xlabel(label)
    ax.set_ylabel("pictures")
    ax.legend(fontsize="small")
    ax.grid(alpha=0.3)
    describe(ax, f"Histograms of {label} for {len(class_names)} classes. Means: {', '.join(means)}.")
    return ax


def plot_bow(
    stacks: Sequence[np.ndarray], offsets: ArrayLike, titles: Sequence[str], figure: Figure | None = None
) -> np.ndarray:
    """Draw stacks of straightened images, wide enough to see a bend of a fraction of a column.

    Parameters
    ----------
    stacks : sequence of array (rows, len(offsets))
        Each the mean of many images, cut along the straight line that fits each best.
    offsets : array
        Columns from that line.
    titles : sequence of str
        One for each stack.
    figure : Figure, optional
        Where to draw; by default a new one.

    Returns
    -------
    array of Axes, one a stack
        The dots are the middle of the dark line, measured over 8 rows at a time; the dashed line is straight.
    """
    offsets = np.asarray(offsets)
    figure = figure or plt.figure(figsize=(9.0, 4.5), layout="constrained")
    axes = figure.subplots(1, len(stacks), sharex=True, sharey=True, squeeze=False).ravel()
    step = (offsets[1] - offsets[0]) / 2
    low, high = np.min(stacks), np.max(stacks)
    said = []
    for ax, stack, title in zip(axes, stacks, titles, strict=True):
        extent = (offsets[0] - step, offsets[-1] + step, len(stack) - 0.5, -0.5)
        ax.imshow(stack, cmap="gray", vmin=low, vmax=high, aspect="auto", extent=extent)
        ax.axvline(0, color="white", linestyle="--", linewidth=1.2)
        rows, middles = _ridge(stack, offsets)
        ax.plot(middles, rows, "o-", color=SHAPE_COLOR, markersize=5, linewidth=1.0)
        ax.set_title(title, fontsize="medium")
        top, middle, bottom = middles[[0, len(middles) // 2, -1]]
        said.append(f"{title} {top:+.2f} at the top, {middle:+.2f} half-way, {bottom:+.2f} at the bottom")
    axes[0].set_ylabel("time (row)")
    figure.supxlabel("columns from the straight line", fontsize="medium")
    describe(axes[0], f"Stacked pictures of lines. The middle of the line, in columns: {'; '.join(said)}.")
    return axes


def _ridge(stack, offsets):
    """Middle of each block of rows, and of the dark line in it."""
    near = np.abs(offsets) <= RIDGE_COLUMNS
    blocks = stack[: len(stack) // RIDGE_ROWS * RIDGE_ROWS].reshape(-1, RIDGE_ROWS, len(offsets)).mean(axis=1)
    depth = np.clip(np.median(blocks, axis=1, keepdims=True) - blocks, 0, None)[:, near]
    rows = (np.arange(len(blocks)) + 0.5) * RIDGE_ROWS - 0.5
    return rows, (depth * offsets[near]).sum(axis=1) / depth.sum(axis=1)
