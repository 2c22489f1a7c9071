"""Lesson 12: the exercises, and the recorded training of the course's network."""

import math

import numpy as np

from setilearn.course.answers import array, integer, number
from setilearn.course.registry import Exercise

TITLE = "Follow the drift first"

BOWS = np.array([0.05, -0.3, 0.22, -0.02, 0.4, -0.1, 0.0, -0.6])
LIMIT = 0.15
N_FLAT = 16 * 32 * 64
N_BATCHES = 1200

EXERCISES = [
    Exercise(
        id="L12-1",
        title="Weights of one layer",
        reference=N_FLAT * 1024,
        check=integer(),
        mistakes=[
            (N_FLAT, "So many numbers come in; each of the 1024 has a weight for each of them."),
            (
                64 * 128 * 1024,
                "That is from the picture itself: it has been shrunk, with 64 patterns.",
            ),
            (16 * 32 * 1024, "Each place has a number for each of the 64 patterns."),
            (64 * 128 * 64 * 1024, "Pooling has shrunk rows and columns by four in all."),
            (
                32 * 64 * 64 * 1024,
                "There are two poolings: rows and columns are a quarter of that.",
            ),
        ],
        hints=[
            "How many numbers come in? One for each row, column and pattern.",
            "Each of the 1024 numbers has so many weights: multiply.",
        ],
        solution="""
            rows, columns, patterns = 64 // 4, 128 // 4, 64
            n_weights = rows * columns * patterns * 1024
        """,
    ),
    Exercise(
        id="L12-2",
        title="The rate that falls to nothing",
        reference=0.005 * 0.96 ** (N_BATCHES / 5),
        check=number(rel_tol=0.02),
        mistakes=[
            (
                0.005 * 0.96 ** (12 / 5),
                "That is if it fell every 5 epochs; it does every 5 batches.",
            ),
            (0.005 * 0.96**12, "That is if it fell every epoch; it does every 5 batches."),
            (0.005 * 0.96**N_BATCHES, "That is if it fell after every batch; it does after every fifth one."),
            (0.96 ** (N_BATCHES / 5), "That is what is left of 1: the rate begins at 0.005."),
            (
                0.005 * 0.96 * N_BATCHES / 5,
                "It is multiplied by 0.96 again and again: a power.",
            ),
        ],
        hints=[
            "How often is it multiplied by 0.96 in 1200 batches?",
            "0.96 to the power of that number, times 0.005.",
        ],
        solution="""
            n_batches = 12 * 100
            rate = 0.005 * 0.96 ** (n_batches / 5)
        """,
    ),
    Exercise(
        id="L12-3",
        title="What a shrug costs",
        reference=math.log(2) / 2,
        check=number(rel_tol=2e-3),
        mistakes=[
            (math.log(2), "That is the loss of a line; half of the pictures are no lines and cost nothing."),
            (-math.log(2) / 2, "The size is right: the loss is *minus* the logarithm, and so above 0."),
            (math.log10(2) / 2, "That is with the logarithm to base 10; the natural one is asked for."),
            (0.5, "That is the base-2 logarithm; the natural one, np.log, is asked for."),
            (math.log(4), "That is the loss of one who gives each class a quarter."),
            (0.25, "That is the share of wrong answers, not the loss."),
        ],
        hints=[
            "The loss of one picture is -np.log of the probability that its true class was given.",
            "A probability of 1 costs nothing, one of 1/2 costs np.log(2). Take the mean over four classes.",
        ],
        solution="mean_loss = (0 + 0 + np.log(2) + np.log(2)) / 4",
    ),
    Exercise(
        id="L12-4",
        title="One number in the right place",
        reference=np.abs(BOWS) > LIMIT,
        check=array(),
        mistakes=[
            (BOWS > LIMIT, "Those bent to the other side, with a bow below 0, are bent as well."),
            (np.abs(BOWS) < LIMIT, "That is True for the straight ones: the other way round."),
            (
                BOWS < LIMIT,
                "That is True for all not bent to the one side; take the size of the bow.",
            ),
            (BOWS < -LIMIT, "That is one side only: those with a bow above 0 are bent as well."),
        ],
        hints=["The side does not matter: compare the size of the bow.", "`np.abs(example)` is the size."],
        solution="""
            limit = 0.15
            example = np.array([0.05, -0.3, 0.22, -0.02, 0.4, -0.1, 0.0, -0.6])
            called_bent = np.abs(example) > limit
        """,
    ),
    Exercise(
        id="L12-5",
        title="Read a confusion matrix",
        reference=282 / 292,
        check=number(rel_tol=2e-3),
        mistakes=[
            (282 / 300, "That is along the row: the share of those that are, which are called so (recall)."),
            (10 / 292, "That is the share that is called so wrongly."),
            (282 / 1200, "Divide by those that are called so, not by all pictures."),
            (292 / 300, "That compares how many are called so with how many are; some of them are others."),
            (100 * 282 / 292, "That is in per cent; give a number between 0 and 1."),
        ],
        hints=[
            "Those that are called narrowbanddrd stand in the third column.",
            "How many are in that column in all, and how many of them in the row of narrowbanddrd?",
        ],
        solution="""
            confusion = np.array([[299, 0, 0, 1], [0, 290, 10, 0], [0, 18, 282, 0], [2, 0, 0, 298]])
            precision = confusion[2, 2] / confusion[:, 2].sum()
        """,
    ),
    Exercise(
        id="L12-6",
        title="One in a million",
        reference=0.97 / (0.97 + 0.03 * 999_999),
        check=number(rel_tol=0.01),
        mistakes=[
            (0.97, "That is how likely a signal raises an alarm; asked is how likely an alarm is a signal."),
            (1e-6, "That is the share among all hits, before the network has said anything."),
            (0.97e-6, "That is among all hits: divide by the alarms, true and false."),
            (1 - 0.97 / (0.97 + 0.03 * 999_999), "That is the share of false alarms."),
            ((0.03 * 999_999) / 0.97, "That is how many false alarms there are for each true one."),
            (
                100 * 0.97 / (0.97 + 0.03 * 999_999),
                "That is in per cent; give a number between 0 and 1.",
            ),
        ],
        hints=[
            "False alarms: 3 % of all hits that are no signals.",
            "True alarms divided by all alarms.",
        ],
        solution="""
            n_hits, n_signals = 1_000_000, 1
            true_alarms = 0.97 * n_signals
            false_alarms = 0.03 * (n_hits - n_signals)
            share_true = true_alarms / (true_alarms + false_alarms)
        """,
    ),
    Exercise(
        id="L12-7",
        title="Hits a second",
        reference=64 * 5000 / 300,
        check=number(unit="hits a second", rel_tol=0.01),
        mistakes=[
            (5000 / 300, "That is of one coarse channel; a node has 64."),
            (64 * 5000, "That is for the whole scan, of 300 s."),
            (64 * 300 / 5000, "Upside down: hits are divided by seconds."),
            (187.5 * 5000 / 300, "5000 hits are those of a coarse channel, not of a MHz."),
        ],
        hints=["How many hits has the node in a scan?", "Divide by the length of the scan."],
        solution="hits_hz = 64 * 5000 / 300",
    ),
]

# The course's network at full width, on the lesson's training set (benchmarks/bench_classifier.py): loss and
# accuracy in training, then in validation, after each epoch. It took 461 s on two cores, and 2.6 GB.
_RECORDED = (
    (0.542, 0.713, 4.534, 0.250),
    (0.413, 0.746, 5.046, 0.250),
    (0.389, 0.743, 4.852, 0.250),
    (0.391, 0.738, 3.746, 0.250),
    (0.382, 0.748, 2.466, 0.470),
    (0.386, 0.749, 1.989, 0.491),
    (0.374, 0.753, 0.669, 0.660),
    (0.373, 0.754, 0.423, 0.730),
    (0.378, 0.743, 0.393, 0.735),
    (0.373, 0.758, 0.381, 0.738),
    (0.375, 0.750, 0.377, 0.741),
    (0.370, 0.761, 0.375, 0.745),
)


def recorded_curve():
    """The training that the lesson shows as recorded: a DataFrame as `Classifier.history`."""
    import pandas as pd

    curve = pd.DataFrame(_RECORDED, columns=["loss", "accuracy", "val_loss", "val_accuracy"])
    curve.insert(0, "epoch", np.arange(len(curve)) + 1)
    return curve
