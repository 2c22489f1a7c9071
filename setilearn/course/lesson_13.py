"""Lesson 13: the exercises."""

import functools
import inspect
import math
from itertools import combinations

import numpy as np
import pandas as pd

from setilearn.course.answers import called, choice, describe, diagnosis, function, instead, number
from setilearn.course.exercise import Exercise
from setilearn.learn.clusters import cluster_images, rank_outliers
from setilearn.learn.features import image_features
from setilearn.learn.hit_power import hits_and_power
from setilearn.simulate.kinds import simulate_kinds

TITLE = "What is left over"


def width_of(profile):
    squares = np.sum(profile**2)
    return np.sum(profile) ** 2 / squares if squares > 0 else 0.0


def rand_index(kinds, clusters):
    pairs = list(combinations(range(len(kinds)), 2))
    agree = [(kinds[i] == kinds[k]) == (clusters[i] == clusters[k]) for i, k in pairs]
    return np.mean(agree) if pairs else 1.0


def _pairs(kinds):
    return combinations(range(len(kinds)), 2)


def p_value(n_pairs, drawn_pairs):
    return (1 + np.sum(drawn_pairs >= n_pairs)) / (1 + len(drawn_pairs))


N_FIRST = 5


@functools.cache
def _ordinary():
    """Features of 127 pictures of the seven kinds, none of them odd."""
    known = simulate_kinds(8, n_odd=0, seed=2)
    return image_features(hits_and_power(known.scans, progress=False)[1])


def columns_of(rows):
    return 40 + (rows - 32) ** 2 // 20


def picture_of(columns):
    """64 x 128: noise, and in each row a bright pixel in its column."""
    drawn = np.random.default_rng(7).normal(0, 1, (64, 128)).astype(np.float32)
    drawn[np.arange(64), columns] += 12
    return drawn


@diagnosis
def check_oddity(answer):
    """Whether a line is among the first of a ranking with `_ordinary` pictures."""
    found, wrong = called(answer, np.arange(64))
    if wrong:
        return wrong
    columns = np.asarray(found)
    if columns.shape != (64,) or columns.dtype.kind not in "iuf" or not np.isfinite(columns).all():
        return f"Expected a column for each of the 64 rows, found {describe(found)}."
    columns = np.rint(columns).astype(int)
    if columns.min() < 0 or columns.max() > 127:
        return f"Expected columns from 0 to 127, found {columns.min()} to {columns.max()}."
    ordinary = _ordinary()
    both = pd.concat([ordinary, image_features(picture_of(columns)[None])], ignore_index=True)
    ranked = rank_outliers(both, cluster_images(both))
    place = ranked.index.get_loc(len(ordinary)) + 1
    if place <= N_FIRST:
        return None
    return f"It is at place {place} of {len(both)}: too much like the ordinary ones in what is measured."


EXERCISES = [
    Exercise(
        id="L13-1",
        title="The width of a profile",
        reference=lambda: width_of,
        check=function(
            (np.array([0.5, 1.0, 0.5]),),
            (np.ones(10),),
            (np.zeros(4),),
            (np.array([0.0, 7.0, 0.0]),),
            (np.array([3.0, 1.0, 2.0, 0.2]),),
            compare=number(unit="channels", rel_tol=1e-3),
        ),
        mistakes=[
            (
                instead(lambda profile: np.count_nonzero(profile)),
                "That counts all channels alike: those with less power count for less.",
            ),
            (instead(np.sum), "That is the sum of the profile: square it, and divide by the sum of squares."),
            (
                instead(lambda profile: np.sum(profile) ** 2),
                "That is the square of the sum: divide it by the sum of the squares.",
            ),
            (
                instead(lambda profile: np.sum(profile**2) / max(np.sum(profile) ** 2, 1e-9)),
                "Upside down: the square of the sum comes first.",
            ),
            (
                instead(lambda profile: np.sum(profile) / max(np.sum(profile**2), 1e-9)),
                "The sum has to be squared, so that the strength cancels.",
            ),
        ],
        hints=["`np.sum(profile) ** 2` is the square of the sum.", "Divided by `squares`."],
        solution=inspect.getsource(width_of),
    ),
    Exercise(
        id="L13-2",
        title="How many steps apart",
        reference=math.log(20.0 / 2.0) / 0.5,
        check=number(unit="steps", rel_tol=0.01),
        mistakes=[
            (math.log(10.0), "That is the natural logarithm of their ratio: in steps of 0.5 it is more."),
            (math.log(10.0) * 0.5, "Divide by the length of a step; you have multiplied."),
            (2, "A logarithm to base 10 was taken: a step is 0.5 in the natural one, np.log."),
            (36, "That is the difference in channels: the logarithms are compared."),
            (10, "That is the ratio of the widths: take its logarithm, and count in steps of 0.5."),
            (-math.log(10.0) / 0.5, "The size is right; a distance has no sign."),
        ],
        hints=[
            "The difference of two logarithms is the logarithm of the ratio.",
            "`np.log(wide / narrow)`, then count in steps of 0.5.",
        ],
        solution="""
            narrow, wide = 2.0, 20.0
            steps_apart = np.log(wide / narrow) / 0.5
        """,
    ),
    Exercise(
        id="L13-3",
        title="What tells them apart",
        reference="on_fraction",
        check=choice("drift_chan", "wander_chan", "width_chan", "lines", "on_fraction"),
        mistakes=[
            ("drift_chan", "Both kinds keep their frequency: their drift is 0."),
            ("wander_chan", "Both kinds keep to a straight line: neither wanders."),
            ("width_chan", "Both kinds are a channel or two wide, as the figure shows."),
            ("lines", "Both kinds are of a single line."),
        ],
        hints=[
            "Look at the two pictures: which of the five differs?",
            "One of the two lines has gaps.",
        ],
        solution='feature = "on_fraction"',
    ),
    Exercise(
        id="L13-4",
        title="Agreement by pairs",
        reference=lambda: rand_index,
        check=function(
            (["a", "a", "b", "b"], [0, 0, 0, 1]),
            (["a", "b", "c"], [5, 3, 4]),
            (["a", "a", "a", "b", "b"], [1, 1, 2, 2, 2]),
            (["a"], [0]),
            (["a", "b", "a", "b"], [0, 0, 0, 0]),
            compare=number(rel_tol=1e-3),
        ),
        mistakes=[
            (
                instead(
                    lambda kinds, clusters: np.mean(
                        [kinds[i] == kinds[k] and clusters[i] == clusters[k] for i, k in _pairs(kinds)] or 1.0
                    )
                ),
                "Pairs that are apart in both agree too.",
            ),
            (
                instead(
                    lambda kinds, clusters: np.mean(
                        [(kinds[i] == kinds[k]) != (clusters[i] == clusters[k]) for i, k in _pairs(kinds)]
                        or 1.0
                    )
                ),
                "That is the share on which they disagree.",
            ),
            (
                instead(
                    lambda kinds, clusters: np.mean(
                        [clusters[i] == clusters[k] for i, k in _pairs(kinds)] or 1.0
                    )
                ),
                "That asks the clusters alone: the kinds have to say the same of the pair.",
            ),
            (
                instead(
                    lambda kinds, clusters: sum(
                        (kinds[i] == kinds[k]) == (clusters[i] == clusters[k]) for i, k in _pairs(kinds)
                    )
                ),
                "That is how many pairs agree: as a share of all.",
            ),
        ],
        hints=[
            "Together: `kinds[i] == kinds[k]`, and the same for the clusters.",
            "They agree where both are True or both are False: `==` between the two.",
        ],
        solution=inspect.getsource(rand_index),
    ),
    Exercise(
        id="L13-5",
        title="An oddity of your own",
        reference=lambda: columns_of,
        check=check_oddity,
        mistakes=[
            (
                instead(lambda rows: np.full(64, 64)),
                "A steady carrier: that is the commonest kind there is.",
            ),
            (instead(lambda rows: 30 + rows), "A straight line that drifts: an ordinary kind. Bend it."),
            (instead(lambda rows: rows * 3), "It leaves the picture: columns go from 0 to 127."),
        ],
        hints=[
            "A whole number for each of the 64 rows: where the line is in it.",
            "A parabola is an arc: `40 + (rows - 32) ** 2 // 20`.",
        ],
        solution=inspect.getsource(columns_of),
    ),
    Exercise(
        id="L13-6",
        title="How often chance does as well",
        reference=lambda: p_value,
        check=function(
            (8, np.array([9, 8, *[3] * 17])),
            (100, np.zeros(99)),
            (0, np.arange(9)),
            (5, np.array([4, 5, 6])),
            compare=number(rel_tol=1e-3),
        ),
        mistakes=[
            (
                instead(lambda n_pairs, drawn: np.mean(drawn >= n_pairs)),
                "The stars themselves count as one of the draws, above and below: a p-value is never 0.",
            ),
            (
                instead(lambda n_pairs, drawn: (1 + np.sum(drawn > n_pairs)) / (1 + len(drawn))),
                "As many pairs count too: at least as many, not more.",
            ),
            (
                instead(lambda n_pairs, drawn: np.sum(drawn >= n_pairs)),
                "That is how many draws do as well: as a share of all draws.",
            ),
            (
                instead(lambda n_pairs, drawn: (1 + np.sum(drawn <= n_pairs)) / (1 + len(drawn))),
                "That is how often chance does as badly, or worse.",
            ),
            (
                instead(lambda n_pairs, drawn: (1 + np.sum(drawn >= n_pairs)) / len(drawn)),
                "One more above, one more below: the stars that were found are a draw as well.",
            ),
        ],
        hints=[
            "A share: as many pairs or more, of all draws.",
            "Both numbers are one larger, for the stars that were found.",
        ],
        solution=inspect.getsource(p_value),
    ),
    Exercise(
        id="L13-7",
        title="A number that only knows the time",
        reference=2 / 3,
        check=number(rel_tol=0.01),
        mistakes=[
            (6, "That is how many pairs come in this order: as a share of all nine."),
            (1 / 3, "That is the share of pairs with the OFF scan first."),
            (0.5, "That would be for scans in any order; in ABACAD each ON comes before the OFF next to it."),
            (1, "Not always: the last A comes after B and C."),
            (0.6, "Nine pairs are compared, three ON scans with three OFF scans each."),
        ],
        hints=[
            "Number the scans A B A C A D from 0 to 5: ON are 0, 2, 4, OFF are 1, 3, 5.",
            "ON 0 comes before three OFF scans, ON 2 before two, ON 4 before one.",
        ],
        solution="""
            on, off = np.array([0, 2, 4]), np.array([1, 3, 5])
            area = np.mean(on[:, None] < off)
        """,
    ),
]
