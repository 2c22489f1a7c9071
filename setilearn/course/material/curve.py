"""Lesson 11: how the text's network learned at its full width."""

import numpy as np

# The text's network at full width, on the lesson's training set (benchmarks/bench_classifier.py): loss and
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
    """The training that the lesson shows as recorded: a DataFrame for `plot_history`."""
    import pandas as pd

    curve = pd.DataFrame(_RECORDED, columns=["loss", "accuracy", "val_loss", "val_accuracy"])
    curve.insert(0, "epoch", np.arange(len(curve)) + 1)
    return curve
