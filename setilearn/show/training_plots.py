"""Figures of training: loss and accuracy, confusion, calibration, accuracy against a parameter.

As in `setilearn.show.waterfall_plots`, each function returns the Axes it drew in, makes a figure only
where none is given, and gives it alternative text.
"""

import matplotlib.pyplot as plt
import numpy as np

from setilearn.show.figure import axes_or_new, describe

# Safe for colour-blind eyes (Okabe and Ito), and told apart by dashes and markers too.
TRAINING_COLOR, VALIDATION_COLOR, LEVEL_COLOR = "#0072B2", "#D55E00", "#000000"
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
MARKERS = ("o", "s", "^", "D")


def plot_history(history, figure=None, *, levels=(), title=""):
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


def plot_rates(rates, ax=None, *, batches_an_epoch):
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


def plot_confusion(confusion, ax=None):
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


def plot_reliability(reliabilities, ax=None):
    """Draw how often predictions are right against how sure they are; honest ones lie on the diagonal.

    ``reliabilities`` is a dict, name -> DataFrame with the columns confidence, share, share_low,
    share_high and n.
    """
    ax = plt.subplots(figsize=(5.4, 4.2), layout="constrained")[1] if ax is None else ax
    ax.plot([0, 1], [0, 1], color="0.5", linestyle="--", label="honest")
    said = []
    for place, (name, bins) in enumerate(reliabilities.items()):
        _draw_shares(ax, bins["confidence"], bins, place=place, label=name)
        apart = ((bins["share"] - bins["confidence"]).abs() * bins["n"]).sum() / bins["n"].sum()
        said.append(f"{name}: on average {apart:.3f} from the diagonal")
    ax.set_xlabel("confidence (probability of the predicted class)")
    ax.set_ylabel("share that is right")
    ax.set_ylim(0, 1.03)
    ax.legend(fontsize="small")
    ax.grid(alpha=0.3)
    describe(ax, f"Share of right predictions against confidence. {'; '.join(said)}.")
    return ax


def plot_accuracy(curves, ax=None, *, label, ceiling=None):
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
        _draw_shares(ax, middle, bins, place=place, label=name)
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


def plot_alarms(thresholds, alarms, ax=None, *, chosen):
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


def plot_learning_curves(curves, ax=None, *, level=None):
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
        _draw_shares(ax, curve["n_train"], curve, place=place, label=name)
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


def _draw_shares(ax, x, bins, *, place, label):
    errors = [bins["share"] - bins["share_low"], bins["share_high"] - bins["share"]]
    style = {
        "color": COLORS[place % 4],
        "marker": MARKERS[place % 4],
        "capsize": 3,
        "linewidth": 1.2,
        "markersize": 5,
    }
    ax.errorbar(x, bins["share"], yerr=errors, label=label, **style)
