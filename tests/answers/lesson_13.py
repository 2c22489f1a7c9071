"""Lesson 13: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np
from sklearn.cluster import HDBSCAN
from sklearn.metrics import rand_score


def by_table(kinds, clusters):
    """As scikit-learn has it."""
    return rand_score(kinds, clusters)


def by_loops(kinds, clusters):
    agreed = n = 0
    for i in range(len(kinds)):
        for k in range(i):
            n += 1
            agreed += (kinds[i] == kinds[k]) == (clusters[i] == clusters[k])
    return agreed / n if n else 1


def share_of(judge):
    def index(kinds, clusters):
        pairs = [(i, k) for i in range(len(kinds)) for k in range(i)]
        said = [judge(kinds[i] == kinds[k], clusters[i] == clusters[k]) for i, k in pairs]
        return np.mean(said) if said else 1.0

    return index


def width_by_lists(profile):
    squares = sum(float(p) ** 2 for p in profile)
    return sum(map(float, profile)) ** 2 / squares if squares else 0


def solve_mystery(table):
    """HDBSCAN on features brought to one scale; what is in no cluster; which cluster has no OFF."""
    steps = table[["drift_chan", "wander_chan", "on_fraction"]] / [10.0, 1.5, 0.15]
    steps = steps.assign(width=np.log(table["width_chan"]) / 0.3)
    labels = HDBSCAN(min_cluster_size=15, min_samples=5, copy=True).fit_predict(steps)
    middles = np.array([steps[labels == k].median() for k in range(labels.max() + 1)])
    distance = np.linalg.norm(steps.to_numpy()[:, None] - middles, axis=2).min(axis=1)
    shares = [(table["position"][labels == k] == "ON").mean() for k in range(labels.max() + 1)]
    return {
        "n_kinds": labels.max() + 1,
        "oddities": np.argsort(distance)[-3:].tolist(),
        "on_width_chan": table["width_chan"][labels == int(np.argmax(shares))].median(),
    }


MYSTERY_SLIPS = [
    ("n_kinds", lambda n: n + 1),
    ("oddities", lambda rows: [*rows[:2], (rows[2] + 1) % 240]),
    ("on_width_chan", lambda width: 2 * width),
]

RIGHT = {
    "L13-1": [width_by_lists, lambda p: np.square(p.sum()) / max((p * p).sum(), 1e-300)],
    "L13-2": [4.605, 4.61],  # ln 10 = 2.3026
    "L13-3": ["on_fraction", " ON_fraction"],
    "L13-4": [by_table, by_loops],
    "L13-5": [
        lambda rows: 40 + (rows - 32) ** 2 / 20,
        lambda rows: np.where((rows // 4) % 3, 30, 90) + rows % 5,
    ],
    "L13-6": [
        lambda n, drawn: (1 + sum(one >= n for one in drawn)) / (1 + len(drawn)),
        lambda n, drawn: np.mean([*drawn, n] >= np.int64(n)),
    ],
    "L13-7": [0.6667, 6 / 9],
}

WRONG = {
    "L13-1": [
        (lambda p: (p > 0).sum(), "counts all channels alike"),
        (lambda p: p.sum(), "sum of the profile"),
        (lambda p: p.sum() ** 2, "square of the sum"),
        (lambda p: (p**2).sum() / p.sum() ** 2 if p.any() else 0, "Upside down"),
        (lambda p: p.sum() / (p**2).sum() if p.any() else 0, "has to be squared"),
        (lambda p: p.sum() ** 2 / (p**2).sum() / 2 if p.any() else 0, "half|factor of 2"),
        (2.67, "Expected a function"),
    ],
    "L13-2": [
        (2.3026, "in steps of 0.5"),
        (1.1513, "multiplied"),
        (2, "base 10"),
        (36, "in channels"),
        (10, "ratio of the widths"),
        (-4.605, "no sign"),
    ],
    "L13-3": [
        ("drift_chan", "keep their frequency"),
        ("wander_chan", "straight line"),
        ("width_chan", "channel or two"),
        ("lines", "single line"),
        ("bow_chan", "Expected one of"),
    ],
    "L13-4": [
        (share_of(lambda kind, cluster: kind and cluster), "apart in both"),
        (share_of(lambda kind, cluster: kind != cluster), "disagree"),
        (share_of(lambda kind, cluster: cluster), "clusters alone"),
        (share_of(lambda kind, cluster: kind), "For"),
        (lambda kinds, clusters: np.mean([k == c for k, c in zip(kinds, clusters, strict=True)]), "For"),
        (0.5, "Expected a function"),
    ],
    "L13-5": [
        (lambda rows: 0 * rows + 64, "steady carrier|place"),
        (lambda rows: 30 + rows, "drifts|place"),
        (lambda rows: 3 * rows, "leaves the picture"),
        (lambda rows: rows - 1, "columns from 0 to 127"),
        (lambda rows: 64, "each of the 64 rows"),
        (lambda rows: rows / 0.0, "It stops|each of the 64 rows"),
        (lambda rows: exit(), "ends Python"),
        ("an arc", "Expected a function"),
    ],
    "L13-6": [
        (lambda n, drawn: (drawn >= n).mean(), "never 0"),
        (lambda n, drawn: (1 + (drawn > n).sum()) / (1 + len(drawn)), "not more"),
        (lambda n, drawn: (drawn >= n).sum(), "as a share of all draws"),
        (lambda n, drawn: (1 + (drawn <= n).sum()) / (1 + len(drawn)), "badly"),
        (lambda n, drawn: (1 + (drawn >= n).sum()) / len(drawn), "One more above"),
        (lambda n, drawn: 100 * (1 + (drawn >= n).sum()) / (1 + len(drawn)), "For"),
    ],
    "L13-7": [
        (6, "share of all nine"),
        (0.3333, "OFF scan first"),
        (0.5, "in any order"),
        (1, "last A"),
        (0.6, "Nine pairs"),
    ],
}
