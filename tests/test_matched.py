"""The ceiling: a matched filter, against a parabola worked out and an exact filter for Gaussian noise."""

import numpy as np
import pandas as pd
import pytest

from setilearn.learn.images import CLASS_NAMES, ImageSet, one_hot, simulate_images, true_tracks
from setilearn.learn.matched import BENT, STRAIGHT, MatchedError, bow_shape, matched_accuracy

ROWS, COLUMNS = 64, 128


@pytest.fixture(scope="module")
def images():
    return simulate_images(100, seed=11, progress=False), simulate_images(100, seed=12, progress=False)


def test_the_bow_of_drd_is_that_of_a_parabola():
    # Over N samples the phase bends by 1e-6 drd/1024 (N/2)^2 / 2 from the chord; 2 pi are 128 columns.
    shape = bow_shape((64, 128))
    deep = (1e-6 / 1024) * 131_072**2 / 8 / (2 * np.pi) * 128
    assert (shape[0] + shape[-1]) / 2 - shape[31:33].mean() == pytest.approx(deep * (63 / 64) ** 2, rel=0.01)
    assert abs(shape.mean()) < 1e-9


def test_a_matched_filter_tells_what_is_bent_and_more_so_at_full_size(images):
    known, tested = images
    small = matched_accuracy(known, tested)
    # 0.97 with large sets; 200 lines leave an uncertainty of 0.012.
    assert 0.93 < small < 1
    sizes = [simulate_images(25, seed=seed, size=(256, 512), progress=False) for seed in (11, 12)]
    assert matched_accuracy(*sizes) == 1


def test_where_nothing_is_bent_enough_a_matched_filter_guesses(images):
    known, tested = images
    lines = tested[np.isin(tested.class_index, (1, 2))]
    # Straight lines that are called bent, by less than can be seen.
    straight = lines[lines.class_index == 1]
    called = straight.parameters.assign(drd=np.where(np.arange(len(straight)) % 2, 1e-5, 0.0))
    half = type(lines)(straight.images, np.eye(4)[np.where(called["drd"], 2, 1)], lines.class_names, called)
    assert matched_accuracy(known, half) == pytest.approx(0.5, abs=0.15)


def test_tracks_without_a_bow_are_straight(images):
    lines = images[0][images[0].class_index == 2]
    straight = true_tracks(lines.parameters) - lines.parameters["drd"].to_numpy()[:, None] * bow_shape(
        (64, 128)
    )
    assert np.abs(np.diff(straight, n=2, axis=1)).max() < 1e-6


def test_a_matched_filter_needs_parameters_and_both_classes(images):
    known, tested = images
    bare = type(known)(known.images, known.labels, known.class_names)
    with pytest.raises(MatchedError, match="known: expected simulated images with their parameters"):
        matched_accuracy(bare, tested)
    with pytest.raises(MatchedError, match="tested: .* found none of narrowbanddrd"):
        matched_accuracy(known, tested[tested.class_index == 1])


# Images of Gaussian noise, each pixel as dark as its distance from the line says: the best filter is known.


def profile(tracks):
    """How much of a line of strength 1 falls into each pixel: a triangle, two columns wide at its foot."""
    return np.maximum(0, 1 - np.abs(np.arange(COLUMNS) - tracks[:, :, None]))


def gaussian_lines(n, amplitude, seed):
    """Straight and bent lines in turn, with noise of standard deviation 1, and their darkness."""
    rng = np.random.default_rng(seed)
    classes = np.where(np.arange(n) % 2, CLASS_NAMES.index(BENT), CLASS_NAMES.index(STRAIGHT))
    size_of_bend = rng.uniform(0.01, 0.03, n) * rng.choice([-1, 1], n)
    parameters = pd.DataFrame(
        {
            "class_name": np.asarray(CLASS_NAMES)[classes],
            "w0": rng.uniform(-2, 2, n),
            "drift": rng.uniform(-0.003, 0.003, n),
            "drd": np.where(np.arange(n) % 2, size_of_bend, 0.0),
            "jitter": 0.0,
            "snr": amplitude,
        }
    )
    tracks = true_tracks(parameters, (ROWS, COLUMNS))
    darkness = rng.standard_normal((n, ROWS, COLUMNS)) + amplitude * profile(tracks)
    images = (0.5 - 0.01 * darkness[..., None]).astype(np.float32)
    return ImageSet(images, one_hot(classes, 4), CLASS_NAMES, parameters), darkness


def exact_accuracy(image_set, darkness, amplitude, seed):
    """The same question, answered by the ratio of likelihoods of Gaussian noise (Neyman and Pearson 1933)."""
    parameters, shape = image_set.parameters, bow_shape((ROWS, COLUMNS))
    drd = parameters["drd"].to_numpy()
    straight = true_tracks(parameters, (ROWS, COLUMNS)) - drd[:, None] * shape
    other = np.random.default_rng(seed).choice(drd[drd != 0], len(drd))
    bow = np.where(drd != 0, drd, other)[:, None] * shape
    expected = [amplitude * profile(straight + side * bow) for side in (0, 1, -1)]
    none, right, left = ((darkness * one - one**2 / 2).sum(axis=(1, 2)) for one in expected)
    return np.mean((np.logaddexp(right, left) - np.log(2) > none) == (drd != 0))


@pytest.mark.parametrize("amplitude", [0.7, 1.5])
def test_a_table_that_is_counted_does_nearly_as_well_as_the_exact_filter(amplitude):
    known, _ = gaussian_lines(1600, amplitude, seed=1)
    tested, darkness = gaussian_lines(800, amplitude, seed=2)
    best = exact_accuracy(tested, darkness, amplitude, seed=0)
    assert 0.6 < best < 0.97
    # Both are asked about the same images, so that most of the chance of the draw falls out.
    assert matched_accuracy(known, tested) == pytest.approx(best, abs=0.03)


def test_neither_order_nor_other_classes_matter():
    known, tested = (simulate_images(40, seed=seed, progress=False) for seed in (21, 22))
    accuracy = matched_accuracy(known, tested)
    turned = known[np.random.default_rng(0).permutation(len(known))]
    assert matched_accuracy(turned, tested) == accuracy
    lines = np.isin(known.class_index, [CLASS_NAMES.index(STRAIGHT), CLASS_NAMES.index(BENT)])
    assert matched_accuracy(known[lines], tested) == accuracy
