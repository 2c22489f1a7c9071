"""Figures of training: what is drawn, what the alternative text says, and the curve that is drawn anew."""

import base64
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from setilearn.keras_loader import load_keras
from setilearn.learn.metrics import Evaluation
from setilearn.show.classifier_plots import plot_accuracy, plot_alarms, plot_confusion, plot_reliability
from setilearn.show.figure import alt_text
from setilearn.show.live_curve import LiveCurve
from setilearn.show.training_plots import plot_history, plot_learning_curves, plot_rates

# TensorFlow's variables do not know NumPy 2's way of asking for an array.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")

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


@pytest.mark.parametrize("form", ["History", "dict", "DataFrame"])
def test_history_is_what_fit_returns_or_its_columns(form):
    columns = HISTORY.drop(columns=["epoch", "seconds"])
    history = {"dict": columns.to_dict("list"), "DataFrame": columns}.get(form)
    if form == "History":
        history = load_keras().callbacks.History()
        history.history = columns.to_dict("list")
    loss, accuracy = plot_history(history)
    assert loss.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert loss.lines[1].get_ydata().tolist() == [1.5, 0.7, 0.36]
    assert accuracy.lines[1].get_ydata().tolist() == [0.3, 0.7, 0.75]
    assert alt_text(loss.figure).startswith("3 epochs, training loss from 1.200 to 0.350, validation loss")
    assert "epoch" not in columns


def test_history_begins_where_its_epochs_do():
    loss, _ = plot_history(HISTORY.assign(epoch=[4, 5, 6]))
    assert [line.get_xdata().tolist() for line in loss.lines] == [[4, 5, 6]] * 2


def test_history_without_validation():
    loss, accuracy = plot_history({"loss": [1.2, 0.6], "accuracy": [0.4, 0.7]}, title="alone")
    assert [len(ax.lines) for ax in (loss, accuracy)] == [1, 1]
    assert [text.get_text() for text in loss.get_legend().texts] == ["training"]
    assert alt_text(loss.figure) == "alone: 2 epochs, training loss from 1.200 to 0.600."


# The curve that grows


class Notebook:
    """What IPython's display is asked for."""

    def __init__(self):
        self.shown, self.updates = [], []

    def display(self, picture, *, raw, display_id):
        assert raw
        assert display_id is True
        self.shown.append(picture)
        return self

    def update(self, picture, *, raw):
        assert raw
        self.updates.append(picture)


class Bar:
    """What a progress bar is told."""

    def __init__(self, *, total, initial=0, desc, unit):
        self.total, self.n, self.closed, self.said = total, initial, False, None

    def update(self, n=1):
        self.n += n

    def set_postfix(self, **said):
        self.said = said

    def close(self):
        self.closed = True


@pytest.fixture
def notebook(monkeypatch):
    notebook = Notebook()
    monkeypatch.setattr("IPython.get_ipython", lambda: notebook)
    monkeypatch.setattr("IPython.display.display", notebook.display)
    return notebook


@pytest.fixture
def bars(monkeypatch):
    bars = []
    monkeypatch.setattr("tqdm.auto.tqdm", lambda **options: bars.append(Bar(**options)) or bars[-1])
    return bars


@pytest.fixture(scope="module")
def fit():
    """Train a tiny network on 10 images in 3 batches an epoch, with a callback."""
    keras = load_keras()
    network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])
    network.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    images = np.random.default_rng(0).normal(size=(10, 3)).astype(np.float32)
    data = images, (images[:, 0] > 0).astype(int)

    def fit(*callbacks, epochs=3, **options):
        return network.fit(
            *data, batch_size=4, epochs=epochs, verbose=0, callbacks=list(callbacks), **options
        )

    fit.data = data
    return fit


def test_the_live_curve_is_shown_once_and_then_updated(fit, notebook, bars):
    live = LiveCurve(title="live", levels=[("a guess", 0.69)])
    history = fit(live, validation_data=fit.data).history
    assert len(notebook.shown) == 1
    assert len(notebook.updates) == 2
    last = history["val_accuracy"][-1]
    for n, picture in enumerate([*notebook.shown, *notebook.updates], 1):
        assert f'alt="live: {n} epochs, training loss from {history["loss"][0]:.3f}' in picture["text/html"]
        assert base64.b64decode(picture["image/png"]).startswith(b"\x89PNG")
    assert f"validation accuracy from {history['val_accuracy'][0]:.3f} to {last:.3f}" in picture["text/html"]
    assert plt.get_fignums() == []
    assert live.history == {"epoch": [1, 2, 3]} | {
        name: pytest.approx(history[name]) for name in ("loss", "accuracy", "val_loss", "val_accuracy")
    }
    # 3 epochs of 4, 4 and 2 images; validation is not counted.
    (bar,) = bars
    assert (bar.n, bar.total, bar.closed) == (9, 9, True)
    assert bar.said["epoch"] == 3
    assert bar.said["val_accuracy"] == f"{last:.3f}"


def test_a_second_training_begins_a_curve_anew(fit, notebook, bars):
    live = LiveCurve()
    fit(live, epochs=2)
    fit(live, epochs=1)
    assert (len(notebook.shown), len(notebook.updates)) == (2, 1)
    assert 'alt="1 epochs, training loss' in notebook.shown[1]["text/html"]
    assert live.history["epoch"] == [1]
    assert set(live.history) == {"epoch", "loss", "accuracy"}
    assert [(bar.n, bar.total, bar.closed) for bar in bars] == [(6, 6, True), (3, 3, True)]


def test_outside_of_a_notebook_there_is_the_bar_alone(fit, capsys):
    live = LiveCurve()
    fit(live, epochs=2)
    assert live.history["epoch"] == [1, 2]
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "training: 100%" in printed.err
    assert "6/6" in printed.err
    assert plt.get_fignums() == []


class InterruptedTrainingError(Exception):
    pass


def test_the_bar_of_a_training_that_was_interrupted_is_closed_by_the_next(fit, notebook, bars):
    def interrupt(epoch, logs):
        if epoch == 2:
            raise InterruptedTrainingError

    live = LiveCurve()
    with pytest.raises(InterruptedTrainingError):
        fit(live, load_keras().callbacks.LambdaCallback(on_epoch_begin=interrupt), epochs=3)
    # What was drawn stays.
    assert live.history["epoch"] == [1, 2]
    assert (bars[0].n, bars[0].closed) == (6, False)
    # Training that is taken up again does not begin its bar or its epochs at nothing.
    fit(live, epochs=3, initial_epoch=2)
    assert bars[0].closed
    assert (bars[1].n, bars[1].total, bars[1].closed) == (9, 9, True)
    assert live.history["epoch"] == [3]


def test_where_no_epoch_is_left_nothing_is_drawn(fit, notebook, bars):
    live = LiveCurve()
    fit(live, epochs=2, initial_epoch=2)
    assert live.history == {}
    assert (notebook.shown, bars) == ([], [])


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


def test_alarms_are_drawn_over_the_threshold_and_none_is_left_out():
    alarms = [(100, 9900), (90, 900), (50, 0)]
    ax = plot_alarms([0.1, 0.5, 0.9], alarms, chosen=0.52)
    true, false, chosen = ax.lines
    assert true.get_ydata().tolist() == [100, 90, 50]
    np.testing.assert_array_equal(false.get_ydata(), [9900, 900, np.nan])
    assert set(chosen.get_xdata()) == {0.5}
    assert ax.get_yscale() == "log"
    # 90 of 990
    assert ax.get_title() == "threshold 0.50: 90 true and 900 false alarms, one in 11 is true"
    said = alt_text(ax.figure)
    assert "true ones from 100 to 50, false ones from 9,900 to 0" in said
    assert "Chosen is the threshold 0.50: 90 true" in said


def test_alarms_where_there_are_none():
    ax = plot_alarms([0.1, 0.5], [(1, 0), (0, 0)], chosen=1)
    assert ax.get_title() == "threshold 0.50: 0 true and 0 false alarms"


def test_a_history_without_accuracy_has_one_panel():
    (loss,) = plot_history({"loss": [1.0, 0.5], "val_loss": [1.5, 0.7]})
    assert loss.get_ylabel() == "loss"
    assert "validation loss from 1.500 to 0.700" in alt_text(loss.figure)


def test_a_resumed_history_keeps_its_epochs():
    history = SimpleNamespace(history={"loss": [0.5, 0.4]}, epoch=[3, 4])
    assert plot_history(history)[0].lines[0].get_xdata().tolist() == [4, 5]


@pytest.mark.parametrize("history", [{}, {"loss": []}, {"accuracy": [0.5]}])
def test_a_history_without_epochs_is_refused(history):
    with pytest.raises(ValueError, match="history: expected the loss of at least one epoch, found"):
        plot_history(history)


def test_rates_are_drawn_against_batches_and_epochs():
    ax = plot_rates({"falls": [0.1, 0.01, 0.001], "stays": [0.1, 0.1, 0.1]}, batches_an_epoch=2)
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0.1, 0.01, 0.001], [0.1, 0.1, 0.1]]
    assert ax.get_yscale() == "log"
    ax.figure.canvas.draw()
    (top,) = ax.child_axes
    # Two batches an epoch: what is batch 2 below is epoch 1 above.
    assert np.divide(ax.get_xlim(), 2) == pytest.approx(top.get_xlim())
    assert "falls from 0.1 to 0.001" in alt_text(ax.figure)
