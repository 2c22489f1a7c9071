"""What a trained network is worth to a new task: accuracy against the number of labelled images."""

import numpy as np

from setilearn.learn.classifier import ClassifierError, evaluate
from setilearn.learn.images import ImageSet
from setilearn.learn.training import train


def learning_curve(
    classifier, train_set, validation_set, test_set, *, sizes=(50, 100, 200, 400), progress=True, **options
):
    """Train a classifier on few images and on more, each time from the weights that it has now.

    With random weights that is learning from nothing; with those of another task it is transfer learning.
    The smaller training sets are parts of the larger ones, with as many images of each class as can be.

    Parameters
    ----------
    classifier : Classifier
        It is not changed.
    train_set, validation_set, test_set : ImageSet
        Without an image in common.
    sizes : sequence of int
        How many images of ``train_set`` to train on.
    progress : bool
        Show a progress bar, a step for each size.
    **options
        For `setilearn.learn.training.train`, such as ``epochs``.

    Returns
    -------
    DataFrame
        A row for each size: ``n_train``, and the accuracy on ``test_set`` as ``share`` with its one-sigma
        interval, ``share_low`` to ``share_high`` (E. B. Wilson 1927).

    Raises
    ------
    ClassifierError
        Where ``train_set`` is no `ImageSet` or has too few images, and as `train` and `evaluate` do.
    """
    import pandas as pd
    from tqdm.auto import tqdm

    order = _in_turn(train_set, sizes)
    rows = []
    for n in tqdm(sizes, desc="learning curve", unit="size", disable=not progress):
        trained = train(classifier, train_set[order[:n]], validation_set, progress=False, **options)
        judged = evaluate(trained, test_set)
        low, high = judged.accuracy_interval
        rows.append({"n_train": n, "share": judged.accuracy, "share_low": low, "share_high": high})
    return pd.DataFrame(rows)


def _in_turn(train_set, sizes):
    """Places of the images, one class after the other in turn."""
    import pandas as pd

    if not isinstance(train_set, ImageSet):
        raise ClassifierError(f"train_set: expected an ImageSet, found {type(train_set).__name__}")
    if not len(sizes) or min(sizes) < 1 or max(sizes) > len(train_set):
        raise ClassifierError(f"sizes: expected numbers from 1 to {len(train_set)}, found {list(sizes)}")
    classes = pd.Series(train_set.class_index)
    return np.argsort(classes.groupby(classes).cumcount().to_numpy(), kind="stable")
