"""The mystery of lesson 11."""

import numpy as np
import pandas as pd

from setilearn.course.answers import (
    choice,
)
from setilearn.course.mystery import Mystery


def _losses(ailment, rng, n_epochs=20):
    """Losses of training and validation after each epoch, as they look with this ailment."""
    epoch = np.arange(1, n_epochs + 1)
    guess, noise = np.log(4), rng.normal(0, 0.015, (2, n_epochs))
    falls = guess * np.exp(-epoch / rng.uniform(3, 6))
    if ailment == "fine":
        return np.abs(falls + 0.08 + noise[0]), np.abs(falls + 0.14 + noise[1])
    if ailment == "overfits":
        return np.abs(falls + 0.01 + noise[0] / 3), np.abs(falls + 0.3 + 0.05 * epoch + noise[1])
    if ailment == "labels shuffled":
        return guess - 0.004 * epoch + noise[0] / 3, guess + 0.004 * epoch + noise[1] / 3
    jumps = rng.lognormal(0.9, 0.5, (2, n_epochs))
    return guess + jumps[0], guess + jumps[1]


AILMENTS = ("fine", "overfits", "labels shuffled", "rate too high")


def make_mystery(seed):
    """The losses of four trainings, one of each kind, in any order."""
    rng = np.random.default_rng([11, seed])
    order = [str(one) for one in rng.permutation(AILMENTS)]
    columns = {}
    for run, ailment in zip("ABCD", order, strict=True):
        columns[f"{run} training"], columns[f"{run} validation"] = _losses(ailment, rng)
    data = pd.DataFrame(columns, index=pd.RangeIndex(1, 21, name="epoch"))
    return data, dict(zip("ABCD", order, strict=True))


MYSTERY = Mystery(
    question="What became of each of the four trainings?",
    make=make_mystery,
    checks=dict.fromkeys("ABCD", choice(*AILMENTS)),
)
