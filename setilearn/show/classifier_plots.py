"""How good a classifier is, as figures: what it mixes up, whether to believe it, what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from setilearn.show.figure import axes_or_new, describe
from setilearn.show.training_plots import COLORS, LEVEL_COLOR, draw_shares

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike


def plot_confusion(confusion: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many images of each class (rows) were taken for each class (columns).

    ``confusion`` is a square DataFrame of counts. The colour is the share of the row, from white to dark.
    """
    ax = plt.subplots(figsize=(5.4, 4.2), layout="constrained")[1] if ax is None else ax
    counts = confusion.to_numpy()
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        # White on the middle blues would be hard to read.
        color = "white" if share[row, column] > 0.65 else "black"
        ax.text(column, row, f"{count}\n{share[row, column]:.1%}", ha="center", va="center", color=color)
    names = list(confusion.columns)
    ax.set_xticks(range(len(names)), names, rotation=20)
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel("predicted")
    ax.set_ylabel("true")
    said = [
        f"{names[row]} taken for {names[column]}: {count}"
        for (row, column), count in np.ndenumerate(counts)
        if row != column and count
    ]
    right = f"{np.trace(counts)} of {counts.sum()} images recognised"
    describe(ax, f"Confusion matrix. {right}. {'; '.join(said) or 'No mistakes'}.")
    return ax


def plot_reliability(reliabilities: dict[str, pd.DataFrame], ax: Axes | None = None) -> Axes:
    """Draw how often predictions are right against how sure they are; honest ones lie on the diagonal.

    ``reliabilities`` is a dict, name -> DataFrame with the columns confidence, share, share_low,
    share_high and n.
    """
    ax = plt.subplots(figsize=(5.4, 4.2), layout="constrained")[1] if ax is None else ax
    ax.plot([0, 1], [0, 1], color="0.5", linestyle="--", label="honest")
    said = []
    for place, (name, bins) in enumerate(reliabilities.items()):
        draw_shares(ax, bins["confidence"], bins, place=place, label=name)
        apart = ((bins["share"] - bins["confidence"]).abs() * bins["n"]).sum() / bins["n"].sum()
        said.append(f"{name}: on average {apart:.3f} from the diagonal")
    ax.set_xlabel("confidence (probability of the predicted class)")
    ax.set_ylabel("share that is right")
    ax.set_ylim(0, 1.03)
    ax.legend(fontsize="small")
    ax.grid(alpha=0.3)
    describe(ax, f"Share of right predictions against confidence. {'; '.join(said)}.")
    return ax


def plot_accuracy(
    curves: dict[str, pd.DataFrame],
    ax: Axes | None = None,
    *,
    label: str,
    ceiling: tuple[str, float | pd.DataFrame] | None = None,
) -> Axes:
    """Draw accuracy in bins of a parameter, with error bars, for one classifier or several.

    Parameters
    ----------
    curves : dict
        Name -> DataFrame with the columns low, high, share, share_low and share_high.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    label : str
        What the parameter is called, and its unit.
    ceiling : (str, float) or (str, DataFrame), optional
        What no classifier can exceed, and its name: one accuracy, or one in each bin.

    Returns
    -------
    Axes
    """
    ax = axes_or_new(ax)
    said = []
    for place, (name, bins) in enumerate(curves.items()):
        middle = (bins["low"] + bins["high"]) / 2
        draw_shares(ax, middle, bins, place=place, label=name)
        known = bins.dropna(subset="share")
        first, last = known.iloc[0], known.iloc[-1]
        said.append(
            f"{name}: {first['share']:.2f} at {(first['low'] + first['high']) / 2:.3g}, "
            f"{last['share']:.2f} at {(last['low'] + last['high']) / 2:.3g}"
        )
    if ceiling is not None:
        name, level = ceiling
        if np.ndim(level):
            ax.plot((level["low"] + level["high"]) / 2, level["share"], ":", color=LEVEL_COLOR, label=name)
        else:
            ax.axhline(level, linestyle=":", color=LEVEL_COLOR, label=name)
    ax.set_xlabel(label)
    ax.set_ylabel("accuracy")
    ax.legend(fontsize="small")
    ax.grid(alpha=0.3)
    describe(ax, f"Accuracy against {label}. {'; '.join(said)}.")
    return ax


def plot_alarms(thresholds: ArrayLike, alarms: ArrayLike, ax: Axes | None = None, *, chosen: float) -> Axes:
    """Draw how many true and false alarms there are at each threshold, and mark the chosen one.

    Parameters
    ----------
    thresholds : array (n,)
        Ascending.
    alarms : array (n, 2)
        True alarms and false ones at each threshold. Where there are none nothing is drawn: the scale is one
        of powers of ten.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    chosen : float
        The title says what there is at the threshold nearest to it.

    Returns
    -------
    Axes
    """
    ax = axes_or_new(ax)
    thresholds, alarms = np.asarray(thresholds), np.asarray(alarms, dtype=float)
    drawn = np.where(alarms > 0, alarms, np.nan)
    for place, name in enumerate(("true alarms", "false alarms")):
        style = {"color": COLORS[place], "linestyle": ("-", "--")[place], "linewidth": 2}
        ax.plot(thresholds, drawn[:, place], label=name, **style)
    at = int(np.abs(thresholds - chosen).argmin())
    ax.axvline(thresholds[at], color=LEVEL_COLOR, linestyle=":", label="chosen")
    n_true, n_false = alarms[at]
    found = f"threshold {thresholds[at]:.2f}: {n_true:,.3g} true and {n_false:,.0f} false alarms"
    if n_true:
        one_in = (n_true + n_false) / n_true
        found += f", one in {one_in:,.{1 if one_in < 10 else 0}f} is true"
    ax.set_yscale("log")
    ax.set_ylim(0.1, 1e6)
    ax.set_xlabel("threshold")
    ax.set_ylabel("alarms")
    ax.set_title(found, fontsize="medium")
    ax.legend(fontsize="small")
    ax.grid(alpha=0.3)
    (true_first, false_first), (true_last, false_last) = alarms[0], alarms[-1]
    describe(
        ax,
        f"Alarms against the threshold from {thresholds[0]:.2f} to {thresholds[-1]:.2f}: true ones from "
        f"{true_first:,.3g} to {true_last:,.3g}, false ones from {false_first:,.0f} to {false_last:,.0f}. "
        f"Chosen is the {found}.",
    )
    return ax
