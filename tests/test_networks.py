"""The two networks: their layers in order, their parameters counted by hand, and that they learn."""

import sys

import numpy as np
import pytest

from setilearn.keras_loader import load_keras
from setilearn.learn.networks import aligned_network, course_network

# TensorFlow's variables do not know NumPy 2's way of asking for an array.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


def kinds(network):
    return [type(layer).__name__ for layer in network.layers]


def options(network, kind, name):
    """One option of all layers of a kind, in order."""
    return [getattr(layer, name) for layer in network.layers if type(layer).__name__ == kind]


@pytest.fixture(scope="module")
def course():
    return course_network()


@pytest.fixture(scope="module")
def aligned():
    return aligned_network()


def test_the_course_network_is_the_one_of_the_text(course):
    block = ["Conv2D", "BatchNormalization", "ReLU", "MaxPooling2D", "Dropout"]
    dense = ["Flatten", "Dense", "BatchNormalization", "ReLU", "Dropout", "Dense"]
    assert kinds(course) == [*block, *block, *dense]
    assert options(course, "Dropout", "rate") == [0.25, 0.25, 0.4]
    assert options(course, "Conv2D", "kernel_size") == [(5, 5)] * 2
    assert options(course, "MaxPooling2D", "pool_size") == [(2, 2)] * 2
    assert options(course, "BatchNormalization", "momentum") == [0.99] * 3
    assert (course.input_shape, course.output_shape) == ((None, 64, 128, 1), (None, 4))
    assert course.layers[-1].activation.__name__ == "softmax"
    assert course.name == "course"


def test_parameters_of_the_course_network_by_hand(course):
    # Kernels of 5 x 5 and a bias for each filter; pooled twice, 16 x 32 pixels of 64 filters are inputs of
    # 1024, each with a bias; batch normalisation has four numbers a channel.
    convolutions = (25 + 1) * 32 + (25 * 32 + 1) * 64
    dense = (16 * 32 * 64 + 1) * 1024 + (1024 + 1) * 4
    by_hand = convolutions + dense + 4 * (32 + 64 + 1024)
    assert course.count_params() == by_hand == pytest.approx(33.6e6, rel=2e-3)


def test_a_narrower_course_network_forgets_faster():
    narrow = course_network(divide_by=8, size=(20, 36), n_outputs=3)
    assert options(narrow, "Conv2D", "filters") == [4, 8]
    assert options(narrow, "Dense", "units") == [128, 3]
    assert options(narrow, "BatchNormalization", "momentum") == [0.9] * 3
    by_hand = (25 + 1) * 4 + (25 * 4 + 1) * 8 + (5 * 9 * 8 + 1) * 128 + (128 + 1) * 3 + 4 * (4 + 8 + 128)
    assert narrow.count_params() == by_hand
    assert (narrow.input_shape, narrow.output_shape) == ((None, 20, 36, 1), (None, 3))


def test_the_aligned_network_averages_rows_first(aligned):
    block = ["Conv2D", "BatchNormalization", "ReLU", "AveragePooling2D"]
    assert kinds(aligned) == [*block * 3, "Flatten", "Dropout", "Dense", "Dropout", "Dense"]
    assert options(aligned, "Conv2D", "kernel_size") == [(3, 5), (3, 3), (3, 3)]
    assert options(aligned, "Conv2D", "use_bias") == [False] * 3
    assert options(aligned, "AveragePooling2D", "pool_size") == [(4, 1), (2, 2), (2, 2)]
    assert options(aligned, "BatchNormalization", "momentum") == [0.95] * 3
    assert options(aligned, "Dropout", "rate") == [0.1, 0.1]
    assert (aligned.input_shape, aligned.output_shape) == ((None, 64, 25, 2), (None, 5))
    assert [layer.activation.__name__ for layer in aligned.layers[-3::2]] == ["relu", "softmax"]
    assert aligned.name == "aligned"


def test_parameters_of_the_aligned_network_by_hand(aligned):
    # Of 64 x 25 pixels 16 x 25, 8 x 13 and at last 4 x 7 are left, in 32 filters.
    convolutions = 3 * 5 * 2 * 16 + 3 * 3 * 16 * 32 + 3 * 3 * 32 * 32 + 4 * (16 + 32 + 32)
    by_hand = convolutions + (4 * 7 * 32 + 1) * 64 + (64 + 1) * 5
    assert aligned.count_params() == by_hand == pytest.approx(72_000, rel=0.01)
    assert aligned_network(n_outputs=4).count_params() == by_hand - 65


@pytest.mark.parametrize(("n_rows", "first_pool"), [(16, 1), (256, 16), (128, 8)])
def test_as_many_parameters_for_any_number_of_rows(aligned, n_rows, first_pool):
    other = aligned_network(n_rows=n_rows)
    assert other.input_shape == (None, n_rows, 25, 2)
    assert other.count_params() == aligned.count_params()
    assert options(other, "AveragePooling2D", "pool_size") == [(first_pool, 1), (2, 2), (2, 2)]


@pytest.mark.parametrize("build", [lambda: course_network(divide_by=32, size=(8, 8)), aligned_network])
def test_keras_seed_decides_the_first_weights(build):
    weights = []
    for seed in (3, 3, 4):
        load_keras().utils.set_random_seed(seed)
        weights.append(build().get_weights())
    first, again, other = weights
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert (first[0] != other[0]).any()


def test_without_keras_one_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(ImportError, match=r"networks need TensorFlow .*: '%pip install tensorflow'"):
        course_network(divide_by=32)


def easy_images(n, shape):
    """Noise with a dark line at the left or at the right, and which."""
    images = np.random.default_rng(0).uniform(0.4, 0.6, (n, *shape)).astype(np.float32)
    right = np.arange(n) % 2
    images[np.arange(n), :, np.where(right, shape[1] - 4, 3), 0] = 0.0
    return images, right


@pytest.mark.parametrize(
    ("build", "rate"),
    [
        (lambda: course_network(divide_by=32, size=(16, 32), n_outputs=2), 0.01),
        (lambda: aligned_network(n_rows=16, n_outputs=2), 0.002),
    ],
)
def test_a_network_learns_what_is_easy(build, rate):
    load_keras().utils.set_random_seed(1)
    network = build()
    network.compile(load_keras().optimizers.Adam(rate), "sparse_categorical_crossentropy")
    before = network.get_weights()
    images, right = easy_images(64, network.input_shape[1:])
    # All images in one batch: an epoch is a step, and its loss the one before that step.
    loss = network.fit(images, right, batch_size=64, epochs=4, verbose=0).history["loss"]
    # With dropout a single step may go astray.
    assert loss[-1] < 0.9 * loss[0]
    # No layer is left out.
    assert all((old != new).any() for old, new in zip(before, network.get_weights(), strict=True))
