"""Confusion, recall and calibration, against values worked out by hand and scikit-learn."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import softmax

from setilearn.errors import ClassifierError
from setilearn.learn.metrics import Evaluation, calibration_error, fit_temperature, reliability, tempered

NAMES = ("a", "b", "c")
# Six images: of class a, a, a, b, b, c; taken for a, a, b, b, c, c.
TRUTH = np.array([0, 0, 0, 1, 1, 2])
PROBABILITIES = np.array(
    [[0.8, 0.1, 0.1], [0.6, 0.2, 0.2], [0.3, 0.5, 0.2], [0.2, 0.7, 0.1], [0.1, 0.1, 0.8], [0.0, 0.1, 0.9]]
)


@pytest.fixture
def six():
    return Evaluation(PROBABILITIES, TRUTH, NAMES, pd.DataFrame({"snr": [1.0, -3, 1, 3, 1, 3]}))


def test_accuracy_and_confusion_by_hand(six):
    assert six.accuracy == pytest.approx(4 / 6)
    assert six.confusion.to_numpy().tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]
    assert list(six.confusion.index) == list(six.confusion.columns) == list(NAMES)
    assert six.confusion.index.name == "true"


def test_recall_by_hand_with_wilsons_interval(six):
    recall = six.recall
    assert recall["share"].tolist() == pytest.approx([2 / 3, 1 / 2, 1])
    assert recall["n"].tolist() == [3, 2, 1]
    # Wilson, one sigma, 2 of 3: centre (2 + 1/2) / 4, half-width sqrt(2/3 x 1/3 x 3 + 1/4) / 4.
    assert recall.loc["a", "share_low"] == pytest.approx(0.625 - math.sqrt(2 / 3 + 0.25) / 4)
    assert recall.loc["a", "share_high"] == pytest.approx(0.625 + math.sqrt(2 / 3 + 0.25) / 4)
    # 1 of 1: from 1/2 to 1.
    assert recall.loc["c", ["share_low", "share_high"]].tolist() == pytest.approx([0.5, 1])


def test_the_interval_of_the_accuracy(six):
    # 4 of 6: centre 4.5 / 7, half-width sqrt(4/6 x 2/6 x 6 + 1/4) / 7.
    half = math.sqrt(4 / 3 + 0.25) / 7
    assert six.accuracy_interval == pytest.approx((4.5 / 7 - half, 4.5 / 7 + half))


def test_a_class_without_images_has_no_recall():
    found = Evaluation(PROBABILITIES[:3], TRUTH[:3], NAMES).recall
    assert found["share"].isna().tolist() == [False, True, True]


def test_log_loss_by_hand(six):
    expected = -np.log([0.8, 0.6, 0.3, 0.7, 0.1, 0.9]).mean()
    assert six.log_loss == pytest.approx(expected)


def test_confusion_and_log_loss_agree_with_scikit_learn():
    from sklearn.metrics import confusion_matrix, log_loss

    rng = np.random.default_rng(0)
    probabilities = softmax(rng.normal(size=(200, 4)), axis=1)
    truth = rng.integers(0, 4, 200)
    found = Evaluation(probabilities, truth, tuple("abcd"))
    np.testing.assert_array_equal(found.confusion, confusion_matrix(truth, probabilities.argmax(1)))
    assert found.log_loss == pytest.approx(log_loss(truth, probabilities))


def test_accuracy_by_a_parameter_counts_its_size(six):
    bins = six.accuracy_by("snr", [0, 2, 4])
    assert bins["n"].tolist() == [3, 3]
    assert bins["share"].tolist() == pytest.approx([1 / 3, 1])
    only = six.accuracy_by("snr", [0, 2, 4], classes=["a"])
    assert (only["n"].tolist(), only["n_found"].tolist()) == ([2, 1], [1, 1])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda e: e.accuracy_by("drift", [0, 1]), "expected one of snr, found 'drift'"),
        (lambda e: e.accuracy_by("snr", [0, 1], classes=["d"]), "expected some of a, b, c, found d"),
        (lambda e: Evaluation(e.probabilities, TRUTH, NAMES).accuracy_by("snr", [0, 1]), r"one of \(none\)"),
        (lambda e: Evaluation(e.probabilities[:5], TRUTH, NAMES), r"shape \(6, 3\), found \(5, 3\)"),
        (lambda e: Evaluation(e.probabilities[:0], TRUTH[:0], NAMES), "at least one image"),
        (lambda e: Evaluation(PROBABILITIES, TRUTH, NAMES, pd.DataFrame({"x": [1]})), "expected 6 rows"),
    ],
)
def test_what_does_not_belong_together_is_refused(six, call, said):
    with pytest.raises(ClassifierError, match=said):
        call(six)


def test_reliability_and_calibration_error_by_hand():
    # Four predictions of 0.9, three of them right; two of 0.6, both right; one of exactly 1, right.
    confidence = np.array([0.9, 0.9, 0.9, 0.9, 0.6, 0.6, 1.0])
    right = np.array([1, 1, 1, 0, 1, 1, 1], dtype=bool)
    bins = reliability(confidence, right, n_bins=4)
    assert bins["n"].tolist() == [2, 5]
    assert bins["confidence"].tolist() == pytest.approx([0.6, 4.6 / 5])
    assert bins["share"].tolist() == pytest.approx([1.0, 0.8])
    assert calibration_error(bins) == pytest.approx((2 * 0.4 + 5 * 0.12) / 7)


def test_honest_predictions_have_a_small_calibration_error():
    rng = np.random.default_rng(2)
    confidence = rng.uniform(0.3, 1, 40_000)
    right = rng.random(40_000) < confidence
    assert calibration_error(reliability(confidence, right)) < 0.01
    assert calibration_error(reliability(np.sqrt(confidence), right)) > 0.1


def test_tempered_probabilities_by_hand():
    # 1 to 9 in the logarithm halved: 1 to 3. And 1 to 3 doubled: 1 to 9.
    assert tempered([[0.1, 0.9]], 2)[0].tolist() == pytest.approx([0.25, 0.75])
    assert tempered([[0.25, 0.75]], 0.5)[0].tolist() == pytest.approx([0.1, 0.9])


LOGITS = arrays(np.float64, (5, 3), elements=st.floats(-30, 30))


@given(LOGITS, st.floats(0.1, 20))
def test_tempering_is_dividing_what_softmax_is_given(logits, temperature):
    found = tempered(softmax(logits, axis=1), temperature)
    np.testing.assert_allclose(found, softmax(logits / temperature, axis=1), rtol=1e-9, atol=1e-12)


@given(LOGITS, st.floats(0.1, 20))
def test_tempering_probabilities_of_a_network_does_the_same(logits, temperature):
    single = softmax(logits.astype(np.float32), axis=1)
    assert single.dtype == np.float32
    found = tempered(single, temperature)
    np.testing.assert_allclose(found, softmax(logits / temperature, axis=1), rtol=1e-3, atol=1e-4)


@given(LOGITS)
def test_a_temperature_of_one_changes_nothing(logits):
    probabilities = softmax(logits, axis=1)
    given_ones = probabilities.copy()
    np.testing.assert_allclose(tempered(probabilities, 1), probabilities, rtol=1e-12)
    np.testing.assert_array_equal(probabilities, given_ones)


@pytest.mark.parametrize("temperature", [0.05, 0.5, 1, 2])
def test_no_probability_at_all_stays_tiny_and_is_a_number(temperature):
    found = tempered(np.array([[0, 1, 0], [0.5, 0, 0.5]], dtype=np.float32), temperature)
    np.testing.assert_allclose(found, [[0, 1, 0], [0.5, 0, 0.5]], atol=1e-15)


@given(LOGITS, st.floats(0.1, 10))
def test_a_temperature_changes_no_decision(logits, temperature):
    probabilities = tempered(softmax(logits, axis=1), temperature)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    chosen = np.take_along_axis(probabilities, logits.argmax(axis=1)[:, None], axis=1)[:, 0]
    np.testing.assert_allclose(chosen, probabilities.max(axis=1))


def drawn_from(probabilities, rng):
    return (probabilities.cumsum(axis=1) > rng.random((len(probabilities), 1))).argmax(axis=1)


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_temperature_finds_by_how_much_logits_were_stretched(factor):
    rng = np.random.default_rng(3)
    logits = 2 * rng.normal(size=(20_000, 4))
    truth = drawn_from(softmax(logits, axis=1), rng)
    stretched = softmax(factor * logits, axis=1)
    assert fit_temperature(stretched, truth) == pytest.approx(factor, rel=0.05)
    # Networks give 32 bits, where a probability may be 0.
    in_32_bits = fit_temperature(stretched.astype(np.float32), truth)
    assert in_32_bits == pytest.approx(fit_temperature(stretched, truth), rel=1e-3)


def test_temperature_of_outputs_that_are_added_up():
    rng = np.random.default_rng(4)
    logits = 2 * rng.normal(size=(20_000, 3))
    merge = np.array([[1, 0], [0, 1], [0, 1]])
    truth = drawn_from(softmax(logits, axis=1) @ merge, rng)
    found = fit_temperature(softmax(2 * logits, axis=1), truth, merge)
    assert found == pytest.approx(2, rel=0.07)

    # Added up after they were divided: nowhere near is the loss smaller.
    def loss(temperature):
        added = softmax(2 * logits / temperature, axis=1) @ merge
        return -np.log(added[np.arange(20_000), truth]).mean()

    assert loss(found) < min(loss(found * 0.995), loss(found * 1.005))


@pytest.mark.parametrize(("truth", "expected"), [([0, 1], 0.05), ([1, 0], 20)])
def test_what_is_always_right_or_always_wrong_has_a_temperature_at_the_edge(truth, expected):
    probabilities = np.array([[0.8, 0.2], [0.3, 0.7]])
    assert fit_temperature(probabilities, np.array(truth)) == pytest.approx(expected, rel=0.01)
