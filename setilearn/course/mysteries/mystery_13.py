"""The mystery of lesson 13."""

import numpy as np
import pandas as pd

from setilearn.course.answers import describe, integer, number
from setilearn.course.mystery import Mystery


def make_mystery(seed):
    """Features of pictures of some kinds, three that fit none, and a kind that is in ONs alone."""
    rng = np.random.default_rng([13, seed])
    n_kinds = int(rng.integers(4, 7))
    names = ["width_chan", "drift_chan", "wander_chan", "on_fraction"]
    places = rng.permutation(np.array([[a, b, c] for a in (2, 30) for b in (-40, 40) for c in (1, 12)]))
    shares = [0.35, 0.9]
    rows, kind_of = [], []
    for kind in range(n_kinds):
        middle = np.array([*places[kind], shares[kind % 2]])
        n = (240 - 3) // n_kinds + (kind < (240 - 3) % n_kinds)
        rows.append(middle + rng.normal(0, 1, (n, 4)) * [0.06 * middle[0], 2.0, 0.3, 0.03])
        kind_of += [kind] * n
    odd = np.array([[150, 0, 6, 0.6], [8, 0, 70, 0.1], [8, 300, 5, 0.6]]) * rng.uniform(0.9, 1.1, (3, 4))
    kind_of = np.array([*kind_of, -1, -1, -1])
    position = np.where((kind_of == 0) | (rng.random(240) < 0.5), "ON", "OFF")
    order = rng.permutation(240)
    data = pd.DataFrame(np.concatenate([*rows, odd]), columns=names).assign(position=position)
    data = data.iloc[order].reset_index(drop=True)
    oddities = set(np.flatnonzero(kind_of[order] < 0).tolist())
    width = float(data["width_chan"][kind_of[order] == 0].median())
    return data, {"n_kinds": n_kinds, "oddities": oddities, "on_width_chan": width}


def _check_rows(answer, reference):
    try:
        found = {int(row) for row in answer}
    except (TypeError, ValueError):
        return f"Expected a list of three row numbers, found {describe(answer)}."
    if found == reference:
        return None
    return f"{len(found & reference)} of the three are in it, and {len(found - reference)} others."


MYSTERY = Mystery(
    question="How many kinds of line are in this table, which three rows fit none of them, and how wide, in "
    "channels, is the kind that is in ONs alone?",
    make=make_mystery,
    checks={
        "n_kinds": integer(),
        "oddities": _check_rows,
        "on_width_chan": number(unit="channels", rel_tol=0.05),
    },
)
