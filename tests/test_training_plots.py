"""Figures of training: what is drawn, what the alternative text says, and the curve that is drawn anew."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from setilearn.learn.metrics import Evaluation
from setilearn.show.plots import alt_text
from setilearn.show.training_plots import (
    LiveCurve,
    plot_accuracy,
    plot_confusion,
    plot_history,
    plot_learning_curves,
    plot_reliability,
)

HISTORY = pd.DataFrame(
    {
        "epoch": [1, 2, 3],
        "loss": [1.2, 0.6, 0.35],
        "accuracy": [0.4, 0.7, 0.74],
        "val_loss": [1.5, 0.7, 0.36],
        "val_accuracy": [0.3, 0.7, 0.75],
        "seconds": [1.0, 2.0, 3.0],
    }
)


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_history_shows_both_curves_and_the_levels():
    loss, accuracy = plot_history(HISTORY, levels=[("ln(2) / 2", 0.3466)], title="course")
    assert [line.get_ydata().tolist() for line in loss.lines[:2]] == [[1.2, 0.6, 0.35], [1.5, 0.7, 0.36]]
    assert loss.lines[2].get_ydata()[0] == 0.3466
    assert [line.get_ydata().tolist() for line in accuracy.lines] == [[0.4, 0.7, 0.74], [0.3, 0.7, 0.75]]
    assert [text.get_text() for text in loss.get_legend().texts] == ["training", "validation", "ln(2) / 2"]
    said = alt_text(loss.figure)
    assert "course: 3 epochs, training loss from 1.200 to 0.350" in said
    assert "validation accuracy from 0.300 to 0.750" in said


def test_history_of_one_epoch_and_in_a_given_figure():
    figure = plt.figure()
    axes = plot_history(HISTORY[:1], figure)
    assert axes[0].figure is figure
    assert "1 epochs" in alt_text(figure)


class Handle:
    def __init__(self):
        self.updates = []

    def update(self, picture, *, raw):
        self.updates.append(picture)


def test_the_live_curve_is_shown_once_and_then_updated(monkeypatch):
    handle, shown = Handle(), []
    monkeypatch.setattr(
        "IPython.display.display", lambda picture, *, raw, display_id: shown.append(picture) or handle
    )
    live = LiveCurve(title="live")
    for n in (1, 2, 3):
        live(HISTORY[:n])
    assert len(shown) == 1
    assert len(handle.updates) == 2
    assert 'alt="live: 3 epochs' in handle.updates[-1]["text/html"]
    assert "image/png" in handle.updates[-1]
    assert plt.get_fignums() == []


def evaluation():
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    parameters = pd.DataFrame({"snr": [1.0, 2.0, 1.0, 2.0]})
    return Evaluation(probabilities, np.array([0, 0, 1, 1]), ("line", "noise"), parameters)


def test_confusion_shows_counts_and_shares_of_each_row():
    ax = plot_confusion(evaluation().confusion)
    assert [text.get_text() for text in ax.texts] == ["2\n100.0%", "0\n0.0%", "1\n50.0%", "1\n50.0%"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")
    said = alt_text(ax.figure)
    assert said == "Confusion matrix. 3 of 4 images recognised. noise taken for line: 1."


def test_reliability_has_the_diagonal_and_a_curve_for_each_name():
    ax = plot_reliability({"raw": evaluation().reliability, "calibrated": evaluation().reliability})
    assert [text.get_text() for text in ax.get_legend().texts] == ["honest", "raw", "calibrated"]
    assert list(ax.lines[0].get_xdata()) == [0, 1]
    # 0.9 right, 0.8 right, 0.7 right, 0.6 wrong: (0.1 + 0.2 + 0.3 + 0.6) / 4 from the diagonal.
    assert "raw: on average 0.300 from the diagonal" in alt_text(ax.figure)


def test_accuracy_is_drawn_in_the_middle_of_its_bins_with_the_ceiling():
    bins = evaluation().accuracy_by("snr", [0.5, 1.5, 2.5])
    ax = plot_accuracy({"aligned": bins}, label="SNR", ceiling=("matched filter", 0.97))
    assert ax.lines[0].get_xdata().tolist() == [1, 2]
    assert ax.lines[0].get_ydata().tolist() == [1, 0.5]
    assert ax.get_xlabel() == "SNR"
    assert "aligned: 1.00 at 1, 0.50 at 2" in alt_text(ax.figure)
    names = [text.get_text() for text in ax.get_legend().texts]
    assert sorted(names) == ["aligned", "matched filter"]
    by_bin = plot_accuracy({"aligned": bins}, label="SNR", ceiling=("ceiling", bins))
    assert any(line.get_linestyle() == ":" and line.get_ydata().tolist() == [1, 0.5] for line in by_bin.lines)


def test_learning_curves_are_drawn_over_the_sizes_trained_on():
    shares = {"share": [0.5, 0.75], "share_low": [0.4, 0.7], "share_high": [0.6, 0.8]}
    curve = pd.DataFrame({"n_train": [50, 400]} | shares)
    ax = plot_learning_curves({"from nothing": curve}, level=("untrained", 0.6))
    assert ax.get_xscale() == "log"
    assert [text.get_text() for text in ax.get_xticklabels()] == ["50", "400"]
    assert ax.lines[0].get_xdata().tolist() == [50, 400]
    assert ax.lines[0].get_ydata().tolist() == [0.5, 0.75]
    assert {text.get_text() for text in ax.get_legend().texts} == {"from nothing", "untrained"}
    assert "from nothing: 0.50 with 50, 0.75 with 400" in alt_text(ax.figure)
