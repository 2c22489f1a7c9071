"""The mystery of lesson 10."""

import numpy as np

from setilearn.course.answers import integer
from setilearn.course.mystery import Mystery


def _picture(kind, rng):
    """64 x 128, the logarithm of a power: a straight line, one that wanders at random, or noise alone."""
    rows = np.arange(64)
    power = rng.exponential(size=(64, 128))
    if kind == "noise":
        return np.log(power)
    drift = rng.choice([-1, 1]) * rng.uniform(0.4, 0.8)
    track = 64 + drift * (rows - 32)
    if kind == "squiggle":
        walk = np.cumsum(rng.uniform(-3, 3, 64))
        walk -= np.polyval(np.polyfit(rows, walk, 1), rows)
        track = track + walk * max(1.0, 6 / walk.std())
    line = np.exp(-(((np.arange(128) - track[:, None] + 64) % 128 - 64) ** 2))
    return np.log(power + 25 * line)


def make_mystery(seed):
    """Twelve pictures in any order: squiggles, lines and noise; the rows of one line are in disorder."""
    rng = np.random.default_rng([10, seed])
    n_squiggles, n_noise = (int(n) for n in rng.integers(2, 6, 2))
    n_lines = 12 - n_squiggles - n_noise
    kinds = ["squiggle"] * n_squiggles + ["noise"] * n_noise + ["line"] * n_lines
    pictures = np.array([_picture(kind, rng) for kind in kinds])
    pictures[-1] = pictures[-1][rng.permutation(64)]
    order = rng.permutation(12)
    broken = int(np.flatnonzero(order == 11)[0])
    truth = {"n_squiggles": n_squiggles, "n_lines": n_lines, "n_noise": n_noise, "broken": broken}
    return pictures[order], truth


MYSTERY = Mystery(
    question="How many of these twelve pictures show a squiggle, how many a straight line, how many noise "
    "alone? One of the lines is broken, its rows are in disorder: which number (from 0) has it?",
    make=make_mystery,
    checks=dict.fromkeys(("n_squiggles", "n_lines", "n_noise", "broken"), integer()),
)
