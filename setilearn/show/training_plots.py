"""How a network learned, as figures: loss and accuracy, the rate of learning, how much data it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from setilearn.show.figure import axes_or_new, describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

# Safe for colour-blind eyes (Okabe and Ito), and told apart by dashes and markers too.
TRAINING_COLOR, VALIDATION_COLOR, LEVEL_COLOR = "#0072B2", "#D55E00", "#000000"
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
MARKERS = ("o", "s", "^", "D")


def plot_history(
    history: keras.callbacks.History | dict | pd.DataFrame,
    figure: Figure | None = None,
    *,
    levels: Sequence[tuple[str, float]] = (),
    title: str = "",
) -> np.ndarray:
    """Draw loss (left) and accuracy (right) against the epoch, on training and on validation images.

    Parameters
    ----------
    history : keras.callbacks.History, dict or DataFrame
        What ``fit`` returns, or its columns: loss; accuracy, where the network was compiled with that metric;
        val_loss and val_accuracy, unless training had no validation images; epoch, unless they are all there
        from the first one.
    figure : Figure, optional
        Where to draw; by default a new one.
    levels : sequence of (str, float)
        Losses to mark by a line, and what they are called.
    title : str

    Returns
    -------
    array of two Axes, or of one where there is no accuracy
    """
    history = _columns(history)
    epochs = history["epoch"]
    names = [name for name in ("loss", "accuracy") if name in history]
    figure = figure or plt.figure(figsize=(9.0, 3.4), layout="constrained")
    axes = figure.subplots(1, len(names), squeeze=False)[0]
    for ax, name in zip(axes, names, strict=True):
        ax.plot(epochs, history[name], "o-", color=TRAINING_COLOR, markersize=4, label="training")
        if f"val_{name}" in history:
            style = {"color": VALIDATION_COLOR, "markersize": 4, "label": "validation"}
            ax.plot(epochs, history[f"val_{name}"], "s--", **style)
        ax.set_xlabel("epoch")
        ax.set_ylabel(name)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.grid(alpha=0.3)
    for name, level in levels:
        axes[0].axhline(level, color=LEVEL_COLOR, linestyle=":", label=name)
    axes[0].set_ylim(bottom=0)
    for ax in axes[1:]:
        ax.set_ylim(0, 1)
    axes[0].legend(fontsize="small")
    figure.suptitle(title, fontsize="medium")
    first, last = history.iloc[0], history.iloc[-1]
    said = [
        f"{what} from {first[name]:.3f} to {last[name]:.3f}"
        for what, name in (
            ("training loss", "loss"),
            ("validation loss", "val_loss"),
            ("validation accuracy", "val_accuracy"),
        )
        if name in history
    ]
    about = f"{title}: " if title else ""
    describe(axes[0], f"{about}{len(history)} epochs, {', '.join(said)}.")
    return axes


def _columns(history):
    """The history of a training as a DataFrame with its epochs, from 1."""
    import pandas as pd

    table = pd.DataFrame(getattr(history, "history", history))
    if "loss" not in table or table.empty:
        raise ValueError(
            f"history: expected the loss of at least one epoch, found {', '.join(table) or 'none'}"
        )
    if "epoch" not in table:
        table["epoch"] = np.add(getattr(history, "epoch", range(len(table))), 1)
    return table


def plot_rates(rates: dict[str, ArrayLike], ax: Axes | None = None, *, batches_an_epoch: int) -> Axes:
    """Draw learning rates against the batch, one curve for each schedule, with a second axis in epochs.

    Parameters
    ----------
    rates : dict
        Name -> learning rate of each batch, all above 0.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    batches_an_epoch : int

    Returns
    -------
    Axes
    """
    ax = axes_or_new(ax)
    said = []
    for place, (name, values) in enumerate(rates.items()):
        style = {"color": COLORS[place % 4], "linestyle": ("-", "--", "-.", ":")[place % 4]}
        ax.plot(values, label=name, **style)
        said.append(f"{name} from {values[0]:.2g} to {values[-1]:.2g}")
    ax.set_yscale("log")
    ax.set_xlabel("batch")
    ax.set_ylabel("learning rate")
    epochs = (lambda batch: batch / batches_an_epoch, lambda epoch: epoch * batches_an_epoch)
    ax.secondary_xaxis("top", functions=epochs).set_xlabel("epoch")
    ax.legend(fontsize="small")
    ax.grid(alpha=0.3)
    describe(ax, f"Learning rate against the batch, logarithmic. {'; '.join(said)}.")
    return ax


def plot_learning_curves(
    curves: dict[str, pd.DataFrame], ax: Axes | None = None, *, level: tuple[str, float] | None = None
) -> Axes:
    """Draw accuracy against the number of images trained on, with error bars, for one beginning or several.

    Parameters
    ----------
    curves : dict
        Name -> DataFrame with the columns n_train, share, share_low and share_high.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    level : (str, float), optional
        An accuracy to mark by a line, and what it is called.

    Returns
    -------
    Axes
    """
    ax = axes_or_new(ax)
    said = []
    for place, (name, curve) in enumerate(curves.items()):
        draw_shares(ax, curve["n_train"], curve, place=place, label=name)
        points = (f"{share:.2f} with {n}" for n, share in zip(curve["n_train"], curve["share"], strict=True))
        said.append(f"{name}: {', '.join(points)}")
    if level is not None:
        ax.axhline(level[1], linestyle=":", color=LEVEL_COLOR, label=level[0])
    sizes = sorted({int(n) for curve in curves.values() for n in curve["n_train"]})
    ax.set_xscale("log")
    ax.set_xticks(sizes, [str(n) for n in sizes])
    ax.set_xticks([], minor=True)
    ax.set_xlabel("images trained on")
    ax.set_ylabel("accuracy")
    ax.legend(fontsize="small")
    ax.grid(alpha=0.3)
    describe(ax, f"Accuracy against the number of images trained on. {'; '.join(said)}.")
    return ax


def draw_shares(ax, x, bins, *, place, label):
    errors = [bins["share"] - bins["share_low"], bins["share_high"] - bins["share"]]
    style = {
        "color": COLORS[place % 4],
        "marker": MARKERS[place % 4],
        "capsize": 3,
        "linewidth": 1.2,
        "markersize": 5,
    }
    ax.errorbar(x, bins["share"], yerr=errors, label=label, **style)
