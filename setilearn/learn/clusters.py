"""Without labels: kinds of signals as clusters of pictures, what fits none of them, and labels for free.

A search leaves more hits than anyone can look at, and nearly all of them are interference of a few kinds.
Pictures of one kind lie close together in the space of their features (`image_features`): clusters are
found by their density, and what lies far from everything is worth a look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import ImageError
from setilearn.learn.features import NAMES, scale_features

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

OUTSIDE = -1  # the cluster of what belongs to none
# Share of the pictures that make a kind, and how many neighbours tell how dense it is somewhere.
MIN_SHARE, N_NEAR = 0.03, 5
MIN_IMAGES = 50
# The distance to so many neighbours: one oddity seen in six scans must not hide itself.
N_ALIKE = 6
# What differs from a kind by less than a step, or by less than the kind's own scatter, is not strange.
_LEAST_SCATTER = 1.0
N_FOLDS, N_TREES, MIN_LEAF = 5, 200, 5


def cluster_images(features: pd.DataFrame, *, min_share: float = MIN_SHARE) -> pd.Series:
    """Kinds of pictures, as clusters of their features; how many there are comes out by itself.

    1. Scale the features, so that a step in each means as much (`setilearn.learn.features.scale_features`).
    2. Find clusters by their density: HDBSCAN (Campello et al. 2013).
    3. Merge clusters less than a step apart. Of bright signals everything is known so well that drifting ones
       of half a channel an integration would be another kind than those of two thirds.
    4. Let each picture that HDBSCAN left out, for lying where it is thinner, join the cluster most of its
       nearest neighbours belong to, unless it is farther from them than the loneliest member.
    5. Number the clusters by size.

    Parameters
    ----------
    features : DataFrame
        As `image_features` makes it; at least `MIN_IMAGES` rows.
    min_share : float
        Share of all pictures that it takes to be a kind.

    Returns
    -------
    Series
        For each row a number: 0 for the largest cluster, 1 for the next, -1 for what is in none.

    Raises
    ------
    ImageError
        Too few pictures, columns missing, values that are not finite.
    """
    import pandas as pd
    from sklearn.cluster import HDBSCAN

    steps = scale_features(features).to_numpy()
    if len(steps) < MIN_IMAGES:
        raise ImageError(f"expected at least {MIN_IMAGES} images to cluster, found {len(steps)}")
    if not 0 < min_share < 1:
        raise ImageError(f"min_share: expected a share between 0 and 1, found {min_share}")
    min_size = max(N_NEAR + 1, round(min_share * len(steps)))
    labels = HDBSCAN(min_cluster_size=min_size, min_samples=N_NEAR, copy=True).fit_predict(steps)
    labels = _joined(steps, _merged(steps, labels))
    return pd.Series(_by_size(labels), index=features.index, name="cluster")


def _merged(steps, labels):
    """Labels with those clusters as one of which `N_NEAR` members are within a step of the other."""
    from scipy.sparse.csgraph import connected_components
    from sklearn.neighbors import NearestNeighbors

    n_clusters = labels.max() + 1
    touch = np.zeros((n_clusters, n_clusters), dtype=bool)
    for k in range(n_clusters):
        distance = NearestNeighbors(n_neighbors=1).fit(steps[labels == k]).kneighbors(steps)[0][:, 0]
        touch[k] = np.bincount(labels[(labels >= 0) & (distance < 1)], minlength=n_clusters) >= N_NEAR
    return np.append(connected_components(touch, directed=False)[1], OUTSIDE)[labels]


def _joined(steps, labels):
    """Labels with those left out in the clusters that they are near enough to."""
    if (labels < 0).all():
        return labels
    distance, nearest = _nearest_members(steps, labels)
    loneliest = np.array([distance[labels == k].max() for k in range(labels.max() + 1)])
    joins = (labels < 0) & (distance <= loneliest[nearest])
    return np.where(joins, nearest, labels)


def _nearest_members(steps, labels):
    """Distance of each picture to its `N_NEAR` th neighbour in a cluster, and the cluster of most of them."""
    from sklearn.neighbors import NearestNeighbors

    members = np.flatnonzero(labels >= 0)
    distances, rows = NearestNeighbors(n_neighbors=N_NEAR).fit(steps[members]).kneighbors(steps)
    votes = labels[members][rows]
    counts = (votes[:, :, None] == np.arange(labels.max() + 1)).sum(axis=1)
    return distances[:, -1], counts.argmax(axis=1)


def _by_size(labels):
    """The same clusters, numbered from the largest to the smallest."""
    sizes = np.bincount(labels[labels >= 0])
    rank = np.empty(sizes.size + 1, dtype=int)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(sizes.size)
    rank[-1] = OUTSIDE
    return rank[labels]


def typical_images(features: pd.DataFrame, clusters: pd.Series) -> pd.Series:
    """Label of the picture nearest to the median of each cluster: Series with the index 0, 1, ..."""
    import pandas as pd

    steps, labels = scale_features(features).to_numpy(), _labels_of(features, clusters)
    typical = {}
    for k in range(labels.max() + 1):
        members = np.flatnonzero(labels == k)
        apart = np.linalg.norm(steps[members] - np.median(steps[members], axis=0), axis=1)
        typical[k] = features.index[members[apart.argmin()]]
    return pd.Series(typical, name="image")


def _labels_of(features, clusters):
    """The clusters as an array, if they are those of these pictures and there is one."""
    if not (hasattr(clusters, "index") and features.index.equals(clusters.index)):
        raise ImageError(
            f"clusters: expected a Series with the {len(features)} rows of features, found others"
        )
    if not (clusters >= 0).any():
        raise ImageError("clusters: expected at least one, found all pictures outside")
    return clusters.to_numpy()


def rank_outliers(features: pd.DataFrame, clusters: pd.Series) -> pd.DataFrame:
    """All pictures, the strangest first, and for each what is strange about it.

    The score is the distance to the 6th nearest other picture, in units of the median of all: an oddity
    has few like it, even if it was heard in all scans of a cadence. The reason is the feature that is
    farthest from the nearest cluster, in units of its scatter there.

    Parameters
    ----------
    features : DataFrame
        As `image_features` makes it.
    clusters : Series
        As `cluster_images` makes it, with the same index.

    Returns
    -------
    DataFrame
        Index of ``features``; columns score, cluster (the nearest), feature, value, typical (median of
        the feature in that cluster), reason (in words).

    Raises
    ------
    ImageError
        Tables that do not belong together, no cluster at all, too few pictures.
    """
    from sklearn.neighbors import NearestNeighbors

    steps, labels = scale_features(features).to_numpy(), _labels_of(features, clusters)
    if len(steps) <= N_ALIKE or (labels >= 0).sum() < N_NEAR:
        raise ImageError(
            f"expected more than {N_ALIKE} images, and {N_NEAR} of them in clusters, found {len(steps)} "
            f"and {(labels >= 0).sum()}"
        )
    distances, _ = NearestNeighbors(n_neighbors=N_ALIKE + 1).fit(steps).kneighbors(steps)
    score = distances[:, -1] / max(np.median(distances[:, -1]), 1e-9)
    _, nearest = _nearest_members(steps, labels)
    return (
        _with_reasons(features, steps, labels, nearest)
        .assign(score=score)[["score", "cluster", "feature", "value", "typical", "reason"]]
        .sort_values("score", ascending=False, kind="stable")
    )


def _with_reasons(features, steps, labels, nearest):
    import pandas as pd
    from scipy.stats import median_abs_deviation

    centers = np.array([np.median(steps[labels == k], axis=0) for k in range(labels.max() + 1)])
    scatter = np.array(
        [median_abs_deviation(steps[labels == k], scale=1 / 1.4826) for k in range(len(centers))]
    ).clip(_LEAST_SCATTER)
    column = (np.abs(steps - centers[nearest]) / scatter[nearest]).argmax(axis=1)
    sizes = features[NAMES].abs()  # which way it drifts or bows does not count
    values = sizes.to_numpy()[np.arange(len(sizes)), column]
    typical = sizes.groupby(labels).median().loc[nearest].to_numpy()[np.arange(len(sizes)), column]
    names = np.array(NAMES)[column]
    reasons = [
        f"{name.removesuffix('_chan')} {_short(value)} ({_short(usual)} in cluster {k})"
        for name, value, usual, k in zip(names, values, typical, nearest, strict=True)
    ]
    columns = {"cluster": nearest, "feature": names, "value": values, "typical": typical, "reason": reasons}
    return pd.DataFrame(columns, index=features.index)


def _short(value):
    return f"{value:.2f}" if 0 < value < 1 else f"{value:.{int(value < 10)}f}".removesuffix(".0")


def on_off_scores(features: pd.DataFrame, is_on: ArrayLike, star: ArrayLike, *, seed: int = 0) -> pd.Series:
    """How much each hit looks like those of the ON scans: a forest trained on where the telescope pointed.

    The labels cost nothing: interference does not care where the telescope points, so that ON and OFF
    hits of interference cannot be told apart, and what can be told apart comes from the sky, or from a
    leak. The stars are split into five parts, and each hit is judged by a forest that has not seen its
    star: else it might know a transmitter again that is heard in several scans of one cadence.

    Parameters
    ----------
    features : DataFrame
        Numbers, a row a hit; `image_features`, with or without other columns.
    is_on : array of bool
        Whether the hit is from an ON scan.
    star : array
        Which star's cadence it is from; at least `N_FOLDS` different ones.
    seed : int

    Returns
    -------
    Series
        0 to 1: the mean over the trees of the share of ON hits among those the tree finds alike (they are
        weighted so that 0.5 is where nothing can be told).

    Raises
    ------
    ImageError
        Other lengths, values that are not finite, hits of ON or OFF scans alone, too few stars.
    """
    import pandas as pd
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import GroupKFold

    values, is_on, star = features.to_numpy(float), np.asarray(is_on), np.asarray(star)
    _require_labels(values, is_on, star)
    scores = np.empty(len(values))
    for train, test in GroupKFold(N_FOLDS).split(values, groups=star):
        # ON and OFF count alike, however many hits there are of each.
        forest = RandomForestClassifier(
            N_TREES, min_samples_leaf=MIN_LEAF, class_weight="balanced", random_state=seed
        )
        forest.fit(values[train], is_on[train])
        scores[test] = forest.predict_proba(values[test])[:, 1]
    return pd.Series(scores, index=features.index, name="on_score")


def _require_labels(values, is_on, star):
    if not len(values) == len(is_on) == len(star):
        raise ImageError(
            f"expected as many labels and stars as rows, found {len(values)} rows, {len(is_on)} labels and "
            f"{len(star)} stars"
        )
    if not np.isfinite(values).all():
        raise ImageError("features: expected finite numbers, found NaN or infinity")
    n_stars = len(set(star.tolist()))
    if is_on.dtype != bool or is_on.all() or not is_on.any() or n_stars < N_FOLDS:
        raise ImageError(
            f"expected hits of ON and of OFF scans (True and False) and {N_FOLDS} stars or more, found "
            f"{int(is_on.astype(bool).sum())} ON of {len(is_on)} and {n_stars} stars"
        )
