"""Classifiers: what a network must be, what it is given, what its outputs mean, and how it travels in a file.

The networks are one layer whose weights are known, so that what they say can be worked out by a formula.
"""

import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.special import log_softmax, logsumexp, softmax

from setilearn.errors import ClassifierError, ImageError
from setilearn.keras_loader import load_keras
from setilearn.learn.align import align_images, network_input
from setilearn.learn.classifier import Classifier, calibrate, classify_stream, evaluate, load_classifier
from setilearn.learn.four_classes import CLASS_NAMES
from setilearn.learn.images import ImageSet, one_hot
from setilearn.learn.networks import aligned_network, build_classifier

# TensorFlow's variables do not know NumPy 2's way of asking for an array.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")

SIZE = (16, 40)
ALIGNED = (16, 25, 2)
NAMES = ("left", "right", "none")


def one_layer(shape, n_outputs, *, activation="softmax", kernel=0.0, bias=0.0):
    """A network of one dense layer with the given weights."""
    keras = load_keras()
    dense = keras.layers.Dense(n_outputs, activation=activation)
    network = keras.Sequential([keras.Input(shape), keras.layers.Flatten(), dense])
    shapes = (int(np.prod(shape)), n_outputs), (n_outputs,)
    dense.set_weights(
        [np.broadcast_to(value, one) for value, one in zip((kernel, bias), shapes, strict=True)]
    )
    return network


def random_kernel(shape, n_outputs, *, scale, seed=0):
    return scale * np.random.default_rng(seed).normal(size=(int(np.prod(shape)), n_outputs))


def pictures(n, names=NAMES, seed=1):
    """Grey noise with labels in turn, and a parameter."""
    values = np.random.default_rng(seed).uniform(0, 1, (n, *SIZE, 1))
    parameters = pd.DataFrame({"snr": np.arange(n) % 3})
    return ImageSet(values, one_hot(np.arange(n) % len(names), len(names)), names, parameters)


@pytest.fixture(scope="module")
def kernels():
    """Of a network on pictures with three classes, and of one on aligned rows with the bends apart."""
    return random_kernel(SIZE, 3, scale=0.2), random_kernel(ALIGNED, 5, scale=0.05)


@pytest.fixture(scope="module")
def on_pictures(kernels):
    return Classifier(one_layer((*SIZE, 1), 3, kernel=kernels[0]), NAMES, SIZE)


@pytest.fixture(scope="module")
def on_rows(kernels):
    return Classifier(one_layer(ALIGNED, 5, kernel=kernels[1]), CLASS_NAMES, SIZE, temperature=2.0)


# What a network must be


def test_a_classifier_tells_pictures_from_aligned_rows(on_pictures, on_rows):
    assert (on_pictures.is_aligned, on_rows.is_aligned) == (False, True)
    loose = Classifier(on_pictures.network, list(NAMES), list(SIZE))
    assert (loose.class_names, loose.size, loose.temperature) == (NAMES, SIZE, 1.0)


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        ((16, 40, 3), r"\(16, 40, 3\)"),
        ((40, 16, 1), r"\(40, 16, 1\)"),
        ((16, 25, 1), r"\(16, 25, 1\)"),
        ((32, 25, 2), r"\(32, 25, 2\)"),
        ((16, 40), r"\(16, 40\)"),
    ],
)
def test_inputs_of_another_shape_are_refused(shape, found):
    expected = rf"inputs of the shape \(16, 40, 1\) or \(16, 25, 2\), found {found}"
    with pytest.raises(ClassifierError, match=expected):
        Classifier(one_layer(shape, 3), NAMES, SIZE)


def test_a_network_without_known_inputs_is_refused():
    layers = load_keras().layers
    unbuilt = load_keras().Sequential([layers.Flatten(), layers.Dense(3, activation="softmax")])
    with pytest.raises(ClassifierError, match=r"network: expected one that begins with keras.Input"):
        Classifier(unbuilt, NAMES, SIZE)


@pytest.mark.parametrize(
    ("names", "allowed"), [(NAMES, {3}), (CLASS_NAMES, {4, 5}), (("narrowbanddrd", "noise"), {2, 3})]
)
def test_there_is_an_output_for_each_class_and_one_more_for_the_second_bend(names, allowed):
    for n_outputs in range(2, 7):
        network = one_layer((*SIZE, 1), n_outputs)
        if n_outputs in allowed:
            assert Classifier(network, names, SIZE).predict(np.zeros((1, *SIZE))).shape == (1, len(names))
        else:
            said = f"an output for each of {len(names)} classes, found {n_outputs}"
            with pytest.raises(ClassifierError, match=said):
                Classifier(network, names, SIZE)


def test_outputs_that_mean_the_same_class_are_added_up():
    four, five = (Classifier(one_layer(ALIGNED, n), CLASS_NAMES, SIZE) for n in (4, 5))
    assert four.merge.tolist() == np.eye(4).tolist()
    # narrowbanddrd is the third.
    assert five.merge.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 0]]


@pytest.mark.parametrize(
    ("activation", "bias", "found"),
    [
        ("linear", [1, 2, 3.5], "found sums from 6.5 to 6.5"),
        ("sigmoid", 0.0, "found sums from 1.5 to 1.5"),
        ("softmax", np.nan, "found sums from nan to nan"),
    ],
)
def test_outputs_that_are_no_probabilities_are_refused(activation, bias, found):
    classifier = Classifier(one_layer((*SIZE, 1), 3, activation=activation, bias=bias), NAMES, SIZE)
    said = rf"expected probabilities that add up to 1 \(activation='softmax' in the last layer\), {found}"
    with pytest.raises(ClassifierError, match=said):
        classifier.predict(pictures(2))
    with pytest.raises(ClassifierError, match="activation='softmax'"):
        calibrate(classifier.network, pictures(3))


# Predicting


def test_pictures_are_predicted_as_sets_and_as_arrays(on_pictures, kernels):
    given = pictures(7)
    expected = softmax(given.images.reshape(7, -1) @ kernels[0], axis=1)
    assert expected.std() > 0.1  # the images differ
    for images in (given, given.images, given.images[..., 0], given.images.astype(np.float64)):
        for options in ({}, {"batch_size": 1}, {"batch_size": 3}):
            found = on_pictures.predict(images, **options)
            assert found.dtype == np.float32
            np.testing.assert_allclose(found, expected, atol=1e-5)


def test_aligned_rows_are_predicted_with_temperature_and_the_bends_as_one_class(on_rows, kernels):
    given = pictures(9, CLASS_NAMES)
    aligned = align_images(given)
    logits = network_input(aligned.rows, aligned.offsets).reshape(9, -1) @ kernels[1]
    parts = softmax(logits / 2, axis=1)
    expected = parts[:, :4] + np.outer(parts[:, 4], [0, 0, 1, 0])
    for images in (given, given.images[..., 0], aligned):
        for options in ({}, {"batch_size": 4}):
            np.testing.assert_allclose(on_rows.predict(images, **options), expected, atol=1e-5)
    np.testing.assert_allclose(on_rows.outputs(aligned), softmax(logits, axis=1), atol=1e-5)


def test_no_images_no_probabilities(on_pictures, on_rows):
    assert on_pictures.predict(np.zeros((0, *SIZE))).shape == (0, 3)
    assert on_rows.predict(np.zeros((0, *SIZE))).shape == (0, 4)
    assert on_rows.predict(align_images(pictures(4, CLASS_NAMES))[:0]).shape == (0, 4)


@pytest.mark.parametrize(
    "images", [np.zeros((2, 16, 16)), np.zeros((0, 4, 4)), np.zeros(SIZE), np.zeros(5), 3]
)
def test_images_of_another_size_are_refused(on_pictures, on_rows, images):
    for classifier in (on_pictures, on_rows):
        with pytest.raises(ClassifierError, match=r"expected images of the shape \(n, 16, 40\), found"):
            classifier.predict(images)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (np.arange(640) % 256, "found 0 to 255 .pictures of 8 bits: divide by 255"),
        (np.linspace(-0.5, 0.75, 640), "found -0.5 to 0.75"),
        (np.where(np.arange(640) == 17, np.nan, 0.5), "found NaN or infinity"),
        (np.where(np.arange(640) == 17, np.inf, 0.5), "found NaN or infinity"),
    ],
)
def test_values_that_no_picture_has_are_refused(on_pictures, on_rows, values, found):
    images = np.full((3, *SIZE), 0.5, dtype=np.result_type(values, np.uint8))
    images[2] = values.reshape(SIZE)
    for classifier in (on_pictures, on_rows):
        for options in ({}, {"batch_size": 1}):
            with pytest.raises(ClassifierError, match=rf"values from 0 to 1 in every pixel, {found}"):
                classifier.predict(images, **options)


def test_aligned_rows_that_do_not_fit_are_refused(on_pictures, on_rows):
    given = pictures(4, CLASS_NAMES)
    said = r"expected pictures of the shape \(16, 40\), found aligned rows of the shape \(16, 25\)"
    with pytest.raises(ClassifierError, match=said):
        on_pictures.predict(align_images(given))
    said = r"expected aligned rows of the shape \(16, 25\), found aligned rows of the shape \(16, 7\)"
    with pytest.raises(ClassifierError, match=said):
        on_rows.predict(align_images(given, half_width=3))


# Calibration


def least_loss_temperature(logits, truth, merge):
    """Where the slope of the mean loss is zero: by another formula and another method than the package's."""

    def loss(temperature):
        logs = log_softmax(logits / temperature, axis=1)
        likelihood = logsumexp(logs[:, :, None], b=merge[None], axis=1)
        return -likelihood[np.arange(len(truth)), truth].mean()

    return brentq(lambda t: loss(t + 1e-4) - loss(t - 1e-4), 0.2, 15)


@pytest.fixture(scope="module")
def drawn(kernels):
    """Pictures whose true classes are drawn from softmax(logits / 3), and those logits."""
    given = pictures(400)
    logits = given.images.reshape(400, -1).astype(np.float64) @ kernels[0]
    sums = softmax(logits / 3, axis=1).cumsum(axis=1)
    truth = (sums > np.random.default_rng(5).random((400, 1))).argmax(axis=1)
    return ImageSet(given.images, one_hot(truth, 3), NAMES), logits


def test_calibration_finds_the_temperature_of_the_least_loss(drawn, kernels):
    image_set, logits = drawn
    network = one_layer((*SIZE, 1), 3, kernel=kernels[0])
    before = network.get_weights()
    found = calibrate(network, image_set)
    expected = least_loss_temperature(logits, image_set.class_index, np.eye(3))
    assert 2 < expected < 5
    assert found.temperature == pytest.approx(expected, rel=1e-3)
    assert (found.class_names, found.size) == (NAMES, SIZE)
    # The network itself is the one that was given, and as it was.
    assert found.network is network
    for was, is_now in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(was, is_now)
    np.testing.assert_allclose(found.predict(image_set), softmax(logits / expected, axis=1), atol=1e-4)
    raw = Classifier(network, NAMES, SIZE)
    assert evaluate(found, image_set).log_loss < evaluate(raw, image_set).log_loss


def test_calibration_adds_up_the_bends_first(on_rows, kernels):
    given = pictures(200, CLASS_NAMES)
    aligned = align_images(given)
    logits = network_input(aligned.rows, aligned.offsets).reshape(200, -1).astype(np.float64) @ kernels[1]
    # Every other label is what the network says: it is right more often than by chance.
    truth = np.where(np.arange(200) % 2, on_rows.predict(aligned).argmax(axis=1), aligned.class_index)
    labelled = ImageSet(given.images, one_hot(truth, 4), CLASS_NAMES)
    expected = least_loss_temperature(logits, truth, on_rows.merge)
    for validation_set in (labelled, align_images(labelled)):
        found = calibrate(on_rows.network, validation_set)
        assert found.temperature == pytest.approx(expected, rel=1e-3)
        # An aligned set knows the size of its pictures, so that pictures can be predicted.
        assert found.size == SIZE
        assert found.predict(labelled).shape == (200, 4)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda s: s[:0],
            "validation_set: expected images of the classes left, right, none, found 0 of left",
        ),
        (
            lambda s: ImageSet(s.images, s.labels[:, :2], NAMES[:2]),
            "an output for each of 2 classes, found 3",
        ),
        (lambda s: ImageSet(s.images, s.labels[:, :0], ()), "an output for each of 0 classes, found 3"),
        (lambda s: ImageSet(s.images[:, :12], s.labels, NAMES), r"inputs of the shape \(12, 40, 1\)"),
        (align_images, "expected pictures of the shape"),
    ],
)
def test_what_a_network_cannot_be_calibrated_on_is_refused(on_pictures, change, said):
    with pytest.raises(ClassifierError, match=said):
        calibrate(on_pictures.network, change(pictures(6)))


# Evaluating


def test_an_evaluation_has_what_was_said_and_what_is_true(on_pictures):
    image_set = pictures(12)
    found = evaluate(on_pictures, image_set)
    np.testing.assert_array_equal(found.probabilities, on_pictures.predict(image_set))
    assert found.truth.tolist() == [0, 1, 2] * 4
    assert found.class_names == NAMES
    assert found.parameters is image_set.parameters
    assert found.accuracy == np.mean(found.probabilities.argmax(axis=1) == [0, 1, 2] * 4)


def test_an_evaluation_of_aligned_rows_is_that_of_the_pictures(on_rows):
    image_set = pictures(8, CLASS_NAMES)
    one, other = evaluate(on_rows, image_set), evaluate(on_rows, align_images(image_set))
    np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-6)
    assert other.truth.tolist() == [0, 1, 2, 3] * 2
    assert other.parameters is image_set.parameters


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda s: s[:0], "found 0 of left, right, none"),
        (lambda s: ImageSet(s.images, s.labels, ("right", "left", "none")), "found 6 of right, left, none"),
        (lambda s: ImageSet(s.images, s.labels[:, :0], ()), r"found 6 of \(none\)"),
        (lambda s: align_images(ImageSet(s.images, s.labels[:, :0], ())), r"found 6 of \(none\)"),
    ],
)
def test_images_of_other_classes_are_not_evaluated(on_pictures, change, found):
    expected = rf"image_set: expected images of the classes left, right, none, {found}"
    with pytest.raises(ClassifierError, match=expected):
        evaluate(on_pictures, change(pictures(6)))


# Streams


def test_a_stream_gives_what_predict_gives(on_pictures, on_rows):
    for classifier, images in ((on_pictures, pictures(20)), (on_rows, pictures(20, CLASS_NAMES))):
        whole = classifier.predict(images)
        for source in (images, images.images, iter(images.images), (one[..., 0] for one in images.images)):
            batches = list(classify_stream(source, classifier, batch_size=8))
            assert [batch.shape for batch in batches] == [(n, whole.shape[1]) for n in (8, 8, 4)]
            assert {batch.dtype for batch in batches} == {np.dtype(np.float32)}
            np.testing.assert_allclose(np.concatenate(batches), whole, atol=1e-6)


def test_a_stream_does_not_run_ahead(on_pictures):
    taken = []
    source = (taken.append(1) or image for image in pictures(20).images)
    next(classify_stream(source, on_pictures, batch_size=8))
    assert len(taken) == 8


def test_an_empty_stream_gives_nothing(on_pictures):
    assert list(classify_stream(iter(()), on_pictures)) == []


def test_a_stream_is_checked_as_predict_does(on_pictures):
    source = (value * np.ones(SIZE) for value in (0.2, 0.9, 0.3, 200))
    batches = classify_stream(source, on_pictures, batch_size=2)
    assert len(next(batches)) == 2
    with pytest.raises(ClassifierError, match="found 0.3 to 200"):
        next(batches)
    with pytest.raises(ImageError, match="found the number 0"):
        list(classify_stream(align_images(pictures(4, CLASS_NAMES)), on_pictures))


# Files


def test_a_saved_classifier_comes_back(on_rows, tmp_path):
    path = tmp_path / "signals.keras"
    on_rows.save(path)
    assert [file.name for file in tmp_path.iterdir()] == ["signals.keras"]
    for loaded in (load_classifier(path), load_classifier(str(path))):
        for name in ("class_names", "size", "temperature"):
            assert getattr(loaded, name) == getattr(on_rows, name)
        images = pictures(6, CLASS_NAMES)
        np.testing.assert_array_equal(loaded.predict(images), on_rows.predict(images))
    # Keras by itself reads the network.
    network = load_keras().saving.load_model(path)
    assert network.count_params() == on_rows.network.count_params() == 16 * 25 * 2 * 5 + 5


def test_a_classifier_that_was_calibrated_and_loaded_can_be_trained_on(on_pictures, drawn, tmp_path):
    network = load_keras().models.clone_model(on_pictures.network)
    network.compile("sgd", "sparse_categorical_crossentropy")
    calibrate(network, drawn[0]).save(tmp_path / "first.keras")
    loaded = load_classifier(tmp_path / "first.keras").network
    before = loaded.get_weights()[0]
    loaded.compile("sgd", "sparse_categorical_crossentropy")
    loaded.train_on_batch(drawn[0].images[:8], drawn[0].class_index[:8])
    assert (loaded.get_weights()[0] != before).any()
    assert (network.get_weights()[0] == before).all()


@pytest.fixture(scope="module")
def saved(on_rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "whole.keras"
    on_rows.save(path)
    return path.read_bytes()


def without(member):
    """The archive without one of its members."""

    def change(data):
        changed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
            for name in set(old.namelist()) - {member}:
                new.writestr(name, old.read(name))
        return changed.getvalue()

    return change


def with_facts(**facts):
    def change(data):
        changed = io.BytesIO(without("setilearn.json")(data))
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "a") as new:
            new.writestr("setilearn.json", json.dumps(json.loads(old.read("setilearn.json")) | facts))
        return changed.getvalue()

    return change


def flipped(data):
    place = len(data) // 2
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def test_what_damages_the_files_leaves_a_whole_one_whole(saved, on_rows, tmp_path):
    path = tmp_path / "whole.keras"
    path.write_bytes(with_facts(temperature=3.5)(saved))
    assert load_classifier(path).temperature == 3.5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: b"", "expected a classifier that was saved whole"),
        (lambda data: b"not a network", "expected a classifier that was saved whole"),
        (lambda data: data[:-1000], "expected a classifier that was saved whole"),
        (lambda data: data[: len(data) // 2], "expected a classifier that was saved whole"),
        (flipped, "found a damaged part model.weights.h5"),
        (without("setilearn.json"), "no item named 'setilearn.json'"),
        (without("config.json"), "expected a classifier that was saved whole"),
        (without("model.weights.h5"), "expected a classifier that was saved whole"),
        (with_facts(class_names=None), "expected a classifier that was saved whole"),
        (with_facts(class_names=["a", "b"]), "an output for each of 2 classes, found 5"),
        (with_facts(size=[32, 40]), r"found network: expected inputs of the shape \(32, 40, 1\)"),
    ],
)
def test_a_damaged_file_is_named(saved, tmp_path, change, said):
    path = tmp_path / "damaged.keras"
    path.write_bytes(change(saved))
    with pytest.raises(ClassifierError, match=rf"^\S*damaged\.keras: .*{said}") as caught:
        load_classifier(path)
    assert str(caught.value).count("damaged.keras: ") == 1


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(ClassifierError, match=r"none\.keras: there is no such file"):
        load_classifier(tmp_path / "none.keras")
    (tmp_path / "folder.keras").mkdir()
    with pytest.raises(ClassifierError, match=r"folder\.keras: expected a classifier"):
        load_classifier(tmp_path / "folder.keras")


@pytest.mark.parametrize("name", ["model.h5", "model", "model.keras.zip"])
def test_another_suffix_is_refused(on_rows, tmp_path, name):
    with pytest.raises(ClassifierError, match=rf"a file name that ends in .keras, found '{name}'"):
        on_rows.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_code_in_a_file_is_not_run(saved, tmp_path):
    keras = load_keras()
    inputs = keras.Input(ALIGNED)
    harmless = keras.layers.Lambda(lambda x: x, output_shape=ALIGNED)(inputs)
    outputs = keras.layers.Dense(5, activation="softmax")(keras.layers.Flatten()(harmless))
    path = tmp_path / "code.keras"
    keras.Model(inputs, outputs).save(path)
    with zipfile.ZipFile(path, "a") as archive, zipfile.ZipFile(io.BytesIO(saved)) as whole:
        archive.writestr("setilearn.json", whole.read("setilearn.json"))
    with pytest.raises(ClassifierError, match=r"(?s)code\.keras: .*[Ll]ambda"):
        load_classifier(path)


# Classifiers that have learned nothing


@pytest.mark.parametrize(("call", "is_aligned"), [((), True), (("aligned",), True), (("course",), False)])
def test_a_classifier_that_has_learned_nothing(call, is_aligned):
    classifier = build_classifier(*call)
    assert classifier.is_aligned == is_aligned
    assert (classifier.class_names, classifier.size, classifier.temperature) == (CLASS_NAMES, (64, 128), 1.0)
    found = classifier.predict(np.random.default_rng(0).uniform(0, 1, (2, 64, 128)))
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_pictures_at_full_resolution_are_aligned_and_predicted():
    classifier = Classifier(aligned_network(n_rows=256), CLASS_NAMES, (256, 512))
    assert classifier.predict(np.full((1, 256, 512), 0.5)).shape == (1, 4)


@pytest.mark.parametrize("kind", ["vgg16", "resnet", None])
def test_an_unknown_kind_is_refused(kind):
    with pytest.raises(ClassifierError, match=f"kind: expected one of course, aligned, found {kind!r}"):
        build_classifier(kind)
