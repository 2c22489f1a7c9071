"""The ceiling: a matched filter, against a parabola worked out and an exact filter for Gaussian noise."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from setilearn.errors import ImageError
from setilearn.learn.four_classes import BENT, CLASS_NAMES, STRAIGHT, simulate_images, true_tracks
from setilearn.learn.images import ImageSet, one_hot
from setilearn.learn.matched import bow_shape, matched_filter

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
    small = matched_filter(known, tested)
    # 0.97 with large sets; 200 lines leave an uncertainty of 0.012.
    assert 0.93 < small.accuracy < 1
    sizes = [simulate_images(25, seed=seed, size=(256, 512), progress=False) for seed in (11, 12)]
    assert matched_filter(*sizes).accuracy == 1


def test_where_nothing_is_bent_enough_a_matched_filter_guesses(images):
    known, tested = images
    lines = tested[np.isin(tested.class_index, (1, 2))]
    # Straight lines that are called bent, by less than can be seen.
    straight = lines[lines.class_index == 1]
    called = straight.parameters.assign(drd=np.where(np.arange(len(straight)) % 2, 1e-5, 0.0))
    half = type(lines)(straight.images, np.eye(4)[np.where(called["drd"], 2, 1)], lines.class_names, called)
    assert matched_filter(known, half).accuracy == pytest.approx(0.5, abs=0.15)


def test_an_evaluation_of_the_lines_alone_in_their_order(images):
    known, tested = images
    tested = tested[np.random.default_rng(3).permutation(len(tested))]
    found = matched_filter(known, tested)
    lines = tested[np.isin(tested.class_index, (1, 2))]
    assert len(lines) == 200
    pd.testing.assert_frame_equal(found.parameters, lines.parameters)
    assert found.class_names == (STRAIGHT, BENT) == CLASS_NAMES[1:3]
    np.testing.assert_array_equal(found.truth, lines.class_index - 1)
    assert found.probabilities.shape == (200, 2)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)
    assert ((found.probabilities[:, 1] > 0.5) == (found.truth == 1)).mean() == found.accuracy


def test_accuracy_against_how_much_a_line_is_bent(images):
    known, tested = images
    found = matched_filter(known, tested)
    bins = found.accuracy_by("drd", [0.005, 0.0075, 0.01], classes=[BENT])
    drd = np.abs(tested.parameters["drd"][tested.class_index == 2].to_numpy())
    called = found.probabilities[found.truth == 1, 1] > 0.5
    for row, inside in enumerate((drd < 0.0075, drd >= 0.0075)):
        assert bins["n"][row] == inside.sum() > 30
        assert bins["share"][row] == pytest.approx(called[inside].mean())
    # The more it is bent, the better.
    assert bins["share"][1] > bins["share"][0]


def test_tracks_without_a_bow_are_straight(images):
    lines = images[0][images[0].class_index == 2]
    straight = true_tracks(lines.parameters) - lines.parameters["drd"].to_numpy()[:, None] * bow_shape(
        (64, 128)
    )
    assert np.abs(np.diff(straight, n=2, axis=1)).max() < 1e-6


def test_a_matched_filter_needs_parameters_and_both_classes(images):
    known, tested = images
    bare = type(known)(known.images, known.labels, known.class_names)
    with pytest.raises(ImageError, match="known: expected simulated images with their parameters"):
        matched_filter(bare, tested)
    with pytest.raises(ImageError, match="tested: .* found none of narrowbanddrd"):
        matched_filter(known, tested[tested.class_index == 1])


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


def exact_log_odds(image_set, darkness, amplitude, seed):
    """The same question, answered by the ratio of likelihoods of Gaussian noise (Neyman and Pearson 1933)."""
    parameters, shape = image_set.parameters, bow_shape((ROWS, COLUMNS))
    drd = parameters["drd"].to_numpy()
    straight = true_tracks(parameters, (ROWS, COLUMNS)) - drd[:, None] * shape
    other = np.random.default_rng(seed).choice(drd[drd != 0], len(drd))
    bow = np.where(drd != 0, drd, other)[:, None] * shape
    expected = [amplitude * profile(straight + side * bow) for side in (0, 1, -1)]
    none, right, left = ((darkness * one - one**2 / 2).sum(axis=(1, 2)) for one in expected)
    return np.logaddexp(right, left) - np.log(2) - none


@pytest.mark.parametrize("amplitude", [0.7, 1.5])
def test_a_table_that_is_counted_does_nearly_as_well_as_the_exact_filter(amplitude):
    known, _ = gaussian_lines(1600, amplitude, seed=1)
    tested, darkness = gaussian_lines(800, amplitude, seed=2)
    odds = exact_log_odds(tested, darkness, amplitude, seed=0)
    bent = tested.parameters["drd"].to_numpy() != 0
    best = ((odds > 0) == bent).mean()
    assert 0.6 < best < 0.97
    # Both are asked about the same images, so that most of the chance of the draw falls out.
    found = matched_filter(known, tested)
    assert found.accuracy == pytest.approx(best, abs=0.03)

    # And its probabilities are those of the odds: about as large, and right as often as they say.
    said = found.probabilities[:, 1]
    assert np.abs(said - expit(odds)).mean() < 0.12
    slope, level = np.polyfit(odds, logit(said), 1)
    assert slope == pytest.approx(1, abs=0.15)
    assert level == pytest.approx(0, abs=0.2)
    # 800 of them in 15 bins scatter by 0.03 or so.
    assert found.ece < 0.08


def test_neither_order_nor_other_classes_matter():
    known, tested = (simulate_images(40, seed=seed, progress=False) for seed in (21, 22))
    said = matched_filter(known, tested).probabilities
    turned = known[np.random.default_rng(0).permutation(len(known))]
    np.testing.assert_allclose(matched_filter(turned, tested).probabilities, said, atol=1e-9)
    lines = np.isin(known.class_index, [CLASS_NAMES.index(STRAIGHT), CLASS_NAMES.index(BENT)])
    np.testing.assert_allclose(matched_filter(known[lines], tested).probabilities, said, atol=1e-9)


def test_the_seed_decides_which_bow_a_straight_line_is_compared_with(images):
    known, tested = images
    first, again, other = (matched_filter(known, tested, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.probabilities, again.probabilities)
    differs = (first.probabilities != other.probabilities).any(axis=1)
    assert not differs[first.truth == 1].any()
    assert differs[first.truth == 0].mean() > 0.9
