"""Learning curves: which images are trained on, and what the table says."""

import itertools

import numpy as np
import pytest

from setilearn.learn import transfer
from setilearn.learn.classifier import ClassifierError
from setilearn.learn.images import ImageSet
from setilearn.learn.metrics import Evaluation
from setilearn.learn.networks import build_classifier
from setilearn.learn.transfer import learning_curve

NAMES = ("left", "right")


def lines(n, seed):
    """Noise with a dark line at the left or at the right; all of one class come first."""
    rng = np.random.default_rng(seed)
    images = rng.uniform(0.4, 0.6, (n, 16, 32, 1)).astype(np.float32)
    right = np.sort(np.arange(n) % 2)
    images[np.arange(n), :, np.where(right, 28, 3)] = 0.2
    return ImageSet(images, np.eye(2)[right], NAMES)


@pytest.fixture
def recorded(monkeypatch):
    """`learning_curve` without networks: what it trains on, and 1 right of 4, 2 of 4, and so on."""
    seen = []

    def train(classifier, train_set, validation_set, **options):
        seen.append((classifier, train_set, options))
        return len(seen)

    def evaluate(n_right, test_set):
        said = np.where(np.arange(4) < n_right, test_set.class_index, 1 - test_set.class_index)
        return Evaluation(np.eye(2)[said], test_set.class_index, NAMES)

    monkeypatch.setattr(transfer, "train", train)
    monkeypatch.setattr(transfer, "evaluate", evaluate)
    return seen


def test_small_sets_are_parts_of_larger_ones_with_the_classes_in_balance(recorded):
    known = lines(12, seed=1)
    learning_curve("start", known, None, lines(4, seed=3), sizes=(2, 6, 12), progress=False, epochs=5)
    sets = [train_set for _, train_set, _ in recorded]
    assert [one.class_index.tolist().count(0) for one in sets] == [1, 3, 6]
    assert [len(one) for one in sets] == [2, 6, 12]
    for small, large in itertools.pairwise(sets):
        np.testing.assert_array_equal(small.images, large.images[: len(small)])
    # Each begins where the given classifier stands, not where the last one ended.
    assert [(start, options) for start, _, options in recorded] == [
        ("start", {"epochs": 5, "progress": False})
    ] * 3


def test_the_table_has_the_accuracy_and_wilsons_interval(recorded):
    found = learning_curve("start", lines(12, seed=1), None, lines(4, seed=3), sizes=(4, 8), progress=False)
    assert found["n_train"].tolist() == [4, 8]
    assert found["share"].tolist() == [0.25, 0.5]
    # One sigma, 2 of 4: centre 1/2, half-width sqrt(4/4 + 1/4) / (4 + 1).
    assert found["share_low"].iloc[1] == pytest.approx(0.5 - np.sqrt(1.25) / 5)
    assert found["share_high"].iloc[1] == pytest.approx(0.5 + np.sqrt(1.25) / 5)


def test_a_real_network_goes_through():
    start = build_classifier("aligned", size=(16, 32), class_names=NAMES)
    sets = lines(16, seed=1), lines(8, seed=2), lines(8, seed=3)
    found = learning_curve(start, *sets, sizes=(8, 16), epochs=1, batch_size=8, progress=False)
    assert found["share"].between(0, 1).all()


@pytest.mark.parametrize("sizes", [(), (0, 4), (4, 13)])
def test_sizes_that_cannot_be_are_refused(sizes):
    with pytest.raises(ClassifierError, match="sizes: expected numbers from 1 to 12"):
        learning_curve(None, lines(12, seed=1), None, None, sizes=sizes)


def test_what_is_no_image_set_is_refused():
    with pytest.raises(ClassifierError, match="train_set: expected an ImageSet, found ndarray"):
        learning_curve(None, np.zeros((4, 16, 32)), None, None, sizes=(2,))
