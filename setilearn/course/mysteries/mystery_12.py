"""The mystery of lesson 12."""

import numpy as np
import pandas as pd

from setilearn.course.answers import describe, number
from setilearn.course.mystery import Mystery

_NAMES = ("squiggle", "narrowband", "narrowbanddrd", "noise")


def make_mystery(seed):
    """What a classifier says of 800 pictures, with the names of two of its columns swapped."""
    rng = np.random.default_rng([12, seed])
    truth = rng.integers(0, 4, 800)
    scores = rng.normal(0, 1, (800, 4))
    scores[np.arange(800), truth] += rng.uniform(2.2, 3.2)
    powers = np.exp(scores)
    probabilities = pd.DataFrame(powers / powers.sum(axis=1, keepdims=True), columns=list(_NAMES))
    right = np.mean(scores.argmax(axis=1) == truth)
    alarms = 100_000 * np.mean(probabilities["squiggle"][truth != 0] > 0.5)
    one, other = (str(name) for name in rng.choice(_NAMES, 2, replace=False))
    data = probabilities.rename(columns={one: other, other: one})
    data.insert(0, "truth", [_NAMES[k] for k in truth])
    return data, {"swapped": {one, other}, "accuracy": float(right), "false_alarms": float(alarms)}


def _check_swapped(answer, reference):
    if not isinstance(answer, list | tuple | set) or len(set(answer)) != 2 or not set(answer) <= set(_NAMES):
        return f"Expected a list of two of {', '.join(_NAMES)}, found {describe(answer)}."
    both = set(answer) & reference
    return None if both == reference else "One of the two is right." if both else "Neither of the two."


MYSTERY = Mystery(
    question="The names of which two columns are swapped, what share does the classifier get right, and how "
    "many false alarms for squiggle does it raise in 100,000 hits that are none?",
    make=make_mystery,
    checks={
        "swapped": _check_swapped,
        "accuracy": number(rel_tol=0, abs_tol=0.003),
        "false_alarms": number(rel_tol=0.02),
    },
)
