"""Image sets cut into parts that have nothing in common.

By hand: scikit-learn's StratifiedGroupKFold makes folds of one size, not shares such as 0.7, 0.15 and 0.15,
and leaves out a class of a part where the groups fall so; what is equal to the last bit it does not know.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import ImageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from setilearn.learn.images import ImageSet


def split_images(
    image_set: ImageSet,
    shares: Sequence[float] = (0.7, 0.15, 0.15),
    seed: int = 0,
    *,
    groups: ArrayLike | None = None,
) -> tuple[ImageSet, ...]:
    """Cut an image set into parts that have nothing in common, such as training, validation and test.

    Images that are equal to the last bit stay together, and so do those of one group. Each part gets
    its share of every class, as near as whole groups allow.

    Parameters
    ----------
    shares : sequence of float
        Of each part; their sum is 1.
    groups : array-like of n, optional
        What an image belongs to, such as the recording that it was cut from: a model that has seen one
        cut of a recording knows the noise and the interference of the others.

    Returns
    -------
    tuple of ImageSet
        One for each share, in random order.

    Raises
    ------
    ImageError
        Where shares or groups make no sense, or a class is too small to be in each part.
    """
    shares = np.asarray(shares, dtype=np.float64)
    if shares.ndim != 1 or len(shares) < 2 or not (shares > 0).all() or not math.isclose(shares.sum(), 1):
        raise ImageError(f"shares: expected two or more above 0 with the sum 1, found {shares.tolist()}")
    rng = np.random.default_rng(seed)
    family = _families(image_set, groups)
    _, first, sizes = np.unique(family, return_index=True, return_counts=True)
    class_of = image_set.class_index[first] if image_set.class_names else np.zeros(len(first), dtype=np.int64)
    part_of = np.empty(len(first), dtype=np.int64)
    for class_index in np.unique(class_of):
        members = rng.permutation(np.flatnonzero(class_of == class_index))
        if len(members) < len(shares):
            name = image_set.class_names[class_index] if image_set.class_names else "the set"
            raise ImageError(
                f"{name}: expected at least {len(shares)} images or groups that are not the same, "
                f"one for each part, found {len(members)}"
            )
        part_of[members] = _deal(sizes[members], shares)
    order = rng.permutation(len(image_set))
    return tuple(image_set[order[part_of[family][order] == part]] for part in range(len(shares)))


def _families(image_set, groups):
    """Number of the family of each image, from 0: what equals it or shares a group with it, and so on."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(image_set)
    same = [np.unique([image.tobytes() for image in image_set.images], return_inverse=True)[1]]
    if groups is not None:
        if len(groups) != n:
            raise ImageError(f"groups: expected one for each of the {n} images, found {len(groups)}")
        same.append(np.unique(np.asarray(groups), return_inverse=True)[1])
    # Images and what they share are the nodes of a graph; a family hangs together.
    offsets = n + np.cumsum([0, *(key.max(initial=-1) + 1 for key in same)])
    to = np.concatenate([key + offset for key, offset in zip(same, offsets, strict=False)])
    start = np.tile(np.arange(n), len(same))
    graph = coo_array((np.ones(len(to), dtype=bool), (start, to)), shape=(offsets[-1], offsets[-1]))
    return np.unique(connected_components(graph, directed=False)[1][:n], return_inverse=True)[1]


def _deal(sizes, shares):
    """Part for each family: the part that is farthest below its share gets the next one."""
    part_of = np.empty(len(sizes), dtype=np.int64)
    filled = np.zeros(len(shares))
    # Each part gets one first; the large families go out before the small ones can fill the gaps.
    for turn, place in enumerate(np.argsort(-sizes, kind="stable")):
        part = turn if turn < len(shares) else int(np.argmax(shares * sizes.sum() - filled))
        part_of[place] = part
        filled[part] += sizes[place]
    return part_of
