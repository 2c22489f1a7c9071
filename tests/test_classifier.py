"""Networks: what they are given, that they learn, go on after an interruption, and travel in a file.

Training is short and sets are tiny: how good a network gets is measured by benchmarks/bench_classifier.py.
"""

import gc
import io
import json
import math
import weakref
import zipfile

import numpy as np
import pandas as pd
import pytest

from setilearn.learn import training
from setilearn.learn.align import align_images
from setilearn.learn.batches import network_input, training_batches
from setilearn.learn.classifier import (
    KINDS,
    ClassifierError,
    classify_stream,
    evaluate,
    load_classifier,
    load_keras,
)
from setilearn.learn.images import CLASS_NAMES, ImageSet, simulate_images
from setilearn.learn.metrics import softmax
from setilearn.learn.networks import build_classifier, unfreeze
from setilearn.learn.training import train

QUIET = {"progress": False}
# TensorFlow's variables do not know NumPy 2's way of asking for an array.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


# What a network is given


def test_aligned_rows_become_two_channels():
    rows, offsets = np.zeros((3, 4, 5), np.float32), np.array([[0.5, -0.5, 0.25, 0]] * 3, np.float32)
    rows[1, 2, 3], rows[1, 2, 4] = 2.0, 100.0
    given = network_input((rows, offsets), slice(1, 2))
    assert given.shape == (1, 4, 5, 2)
    assert given[0, 2, 3:, 0].tolist() == [0.5, 2.5]  # 2 sigmas over 4; no more than 10 over 4
    assert given[0, :, 0, 1].tolist() == [1.0, -1.0, 0.5, 0.0]
    assert (given[..., 1] == given[:, :, :1, 1]).all()


def numbered(n):
    """Images whose first pixel tells their number, and 0 everywhere else."""
    images = np.zeros((n, 2, 3, 1), np.float32)
    images[:, 0, 0, 0] = np.arange(n) + 1
    return (images,), np.arange(n) % 4


def batches_of(n_batches, **options):
    arrays, targets = numbered(10)
    source = training_batches(arrays, targets, **({"batch_size": 3, "seed": 1, "turns": ()} | options))
    return [next(source) for _ in range(n_batches)]


def test_an_epoch_has_each_image_at_most_once_with_its_own_target():
    found = batches_of(3)
    numbers = np.concatenate([images.max(axis=(1, 2, 3)) for images, _ in found])
    assert len(set(numbers)) == 9
    np.testing.assert_array_equal(np.concatenate([targets for _, targets in found]), (numbers - 1) % 4)


def test_the_third_epoch_is_the_same_whether_or_not_one_begins_there():
    whole, later = batches_of(9)[6:], batches_of(3, first_epoch=2)
    for (a, x), (b, y) in zip(whole, later, strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(x, y)


def test_other_seeds_give_another_order():
    assert (batches_of(1)[0][0] != batches_of(1, seed=2)[0][0]).any()


@pytest.mark.parametrize(("axis", "place"), [(1, (-1, 0)), (2, (0, -1))])
def test_half_of_the_images_are_turned_round(axis, place):
    images = np.concatenate([images for images, _ in batches_of(60, turns=(axis,))])[..., 0]
    turned = images[:, *place] > 0
    assert turned.mean() == pytest.approx(0.5, abs=0.15)
    assert ((images[:, 0, 0] > 0) != turned).all()


def test_a_mirror_image_bends_the_other_way():
    rows = np.zeros((40, 2, 3), np.float32)
    rows[:, :, 0] = 4.0
    offsets = np.full((40, 2), 0.25, np.float32)
    source = training_batches(
        (rows, offsets), np.full(40, 2), batch_size=40, seed=0, turns=(1, 2), swapped=(2, 4)
    )
    images, targets = next(source)
    mirrored = images[:, 0, 2, 0] == 1
    assert 5 < mirrored.sum() < 35
    assert (targets[mirrored] == 4).all()
    assert (targets[~mirrored] == 2).all()
    assert (images[mirrored, ..., 1] == -0.5).all()
    assert (images[~mirrored, ..., 1] == 0.5).all()
    assert rows[:, :, 0].all()  # the rows themselves are as they were


# Building


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"kind": "resnet"}, "expected one of course, aligned, vgg16, found 'resnet'"),
        ({"kind": None}, "expected one of course, aligned, vgg16"),
        ({"kind": "course", "split_curvature": False}, "no options but reduce, found split_curvature"),
        ({"kind": "aligned", "reduce": 2}, "no options but split_curvature, found reduce"),
        ({"kind": "course", "reduce": 0}, "reduce: expected a whole number from 1 to 32, found 0"),
        ({"size": (64,)}, r"size: expected rows and columns of 16 or more, found \(64,\)"),
        ({"size": 64}, "size: expected rows and columns"),
        ({"size": (8, 128)}, "of 16 or more"),
        ({"kind": "vgg16", "size": (16, 128), "weights": None}, "of 32 or more"),
        ({"class_names": "noise"}, "two or more different names, found 'noise'"),
        ({"class_names": ("a", "a")}, "two or more different names"),
        ({"seed": -1}, "seed: expected a whole number of at least 0, found -1"),
        ({"seed": 1.5}, "seed: expected a whole number"),
    ],
)
def test_what_cannot_be_built_is_refused(call, said):
    with pytest.raises(ClassifierError, match=said):
        build_classifier(**({"kind": "aligned"} | call))


def test_the_course_network_is_the_one_of_the_text():
    network = build_classifier("course").network
    # By hand: 25 x 32 and 25 x 32 x 64 kernels, 16 x 32 x 64 inputs of 1024, four numbers a channel of each
    # batch normalisation, 1024 x 4 + 4.
    by_hand = 25 * 32 + 25 * 32 * 64 + 16 * 32 * 64 * 1024 + 4 * (32 + 64 + 1024) + 1024 * 4 + 4
    assert network.count_params() == by_hand == pytest.approx(33.6e6, rel=1e-3)
    kinds = [type(layer).__name__ for layer in network.layers]
    block = ["Conv2D", "BatchNormalization", "ReLU", "MaxPooling2D", "Dropout"]
    dense = ["Flatten", "Dense", "BatchNormalization", "ReLU", "Dropout", "Dense"]
    assert kinds == ["InputLayer", *block, *block, *dense]
    assert [layer.rate for layer in network.layers if hasattr(layer, "rate")] == [0.25, 0.25, 0.4]


def test_the_aligned_network_is_small():
    classifier = build_classifier("aligned")
    assert classifier.n_parameters <= 110_000
    assert classifier.network.output_shape == (None, 5)
    assert classifier.merge.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    assert build_classifier("aligned", split_curvature=False).network.output_shape == (None, 4)
    assert build_classifier("aligned", class_names=("a", "b")).network.output_shape == (None, 2)
    assert build_classifier("aligned", size=(256, 512)).n_parameters == classifier.n_parameters


def test_seeds_decide_the_first_weights():
    first, again, other = (build_classifier("aligned", seed=seed).network.get_weights() for seed in (3, 3, 4))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert (first[0] != other[0]).any()


# Training, on pictures that are easy to tell apart


def easy_images(n, seed=0, size=(16, 32)):
    """Noise with a dark line at the left or at the right."""
    rng = np.random.default_rng(seed)
    images = rng.uniform(0.4, 0.6, (n, *size, 1)).astype(np.float32)
    right = np.arange(n) % 2
    images[np.arange(n), :, np.where(right, size[1] - 4, 3)] = 0.2
    return ImageSet(images, np.eye(2)[right], ("left", "right"), pd.DataFrame({"snr": np.arange(n) % 3}))


@pytest.fixture(scope="module")
def four_classes():
    return simulate_images(20, seed=1, progress=False), simulate_images(10, seed=2, progress=False)


@pytest.fixture(scope="module")
def trained(four_classes):
    classifier = build_classifier("aligned", seed=2)
    return classifier, train(classifier, *four_classes, epochs=3, batch_size=16, **QUIET)


def test_a_network_learns(trained, four_classes):
    before, after = trained
    assert list(after.history.columns) == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds"]
    assert after.history["epoch"].tolist() == [1, 2, 3]
    assert after.history["loss"].iloc[-1] < after.history["loss"].iloc[0]
    assert (after.history["seconds"].diff().dropna() > 0).all()
    found = evaluate(after, four_classes[1])
    assert found.log_loss < evaluate(before, four_classes[1]).log_loss
    assert found.parameters is four_classes[1].parameters


def test_after_more_epochs_it_is_better_than_chance(four_classes):
    few = build_classifier("aligned", seed=2)
    longer = train(few, *four_classes, epochs=12, batch_size=8, **QUIET)
    # Squiggle and noise are easily told; 40 images scatter by 0.08 about the 0.25 of a guess.
    assert evaluate(longer, four_classes[1]).accuracy > 0.5


def test_training_leaves_its_classifier_as_it_was(trained):
    before, after = trained
    fresh = build_classifier("aligned", seed=2).network.get_weights()
    assert all((a == b).all() for a, b in zip(before.network.get_weights(), fresh, strict=True))
    assert before.history is None
    assert before.temperature == 1
    assert after.network is not before.network


def test_the_best_epoch_is_kept_and_calibrated(trained, four_classes):
    _, after = trained
    # With a temperature of 1, the loss on the validation set is the smallest of the history's.
    raw = evaluate(type(after)(after.network, "aligned", after.size, CLASS_NAMES), four_classes[1])
    assert raw.log_loss == pytest.approx(after.history["val_loss"].min(), rel=1e-4)
    assert evaluate(after, four_classes[1]).log_loss <= raw.log_loss + 1e-9


def test_the_same_seed_trains_the_same_network_on_images_and_on_aligned_sets(trained, four_classes):
    aligned = [align_images(images) for images in four_classes]
    again = train(build_classifier("aligned", seed=2), *aligned, epochs=3, batch_size=16, **QUIET)
    np.testing.assert_allclose(again.history["val_loss"], trained[1].history["val_loss"], rtol=1e-4)
    np.testing.assert_allclose(again.predict(four_classes[1]), again.predict(aligned[1]), atol=1e-6)


def test_both_ways_of_bending_are_one_class_in_the_end(trained, four_classes):
    _, after = trained
    aligned = align_images(four_classes[1])
    logits = after.network.predict_on_batch(network_input((aligned.rows, aligned.offsets)))
    parts = softmax(logits, after.temperature)
    expected = parts[:, :4] + np.outer(parts[:, 4], [0, 0, 1, 0])
    np.testing.assert_allclose(after.predict(four_classes[1]), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "n_steps"), [("course", 1200), ("aligned", 1500), ("aligned", 10), ("vgg16", 20)]
)
def test_learning_rates_are_those_of_keras_schedules(kind, n_steps):
    schedules = load_keras().optimizers.schedules
    n_warm_up = n_steps // 15
    expected = {
        "course": schedules.ExponentialDecay(0.005, 5, 0.96, staircase=True),
        "aligned": schedules.CosineDecay(
            0.0005, n_steps - n_warm_up, warmup_target=0.005, warmup_steps=n_warm_up
        ),
        "vgg16": lambda step: 0.005,
    }[kind]
    found = training._rates(kind, 0.005, n_steps)
    for step in {0, 1, 4, 5, n_warm_up, n_steps // 2, n_steps - 1}:
        assert found[step] == pytest.approx(float(expected(step)), rel=1e-4, abs=1e-10)


def test_each_batch_is_trained_at_its_own_rate(monkeypatch):
    seen = []

    def note(network, *_, **__):
        seen.append(float(network.optimizer.learning_rate.numpy()))
        return {"loss": 1.0, "accuracy": 0.5}

    monkeypatch.setattr(load_keras().Model, "train_on_batch", note)
    options = {"epochs": 3, "batch_size": 8, "learning_rate": 0.01, **QUIET}
    train(small_course_network(), easy_images(32), easy_images(8, seed=1), **options)
    assert seen == pytest.approx([0.01] * 5 + [0.0096] * 5 + [0.0096 * 0.96] * 2)


def small_course_network():
    return build_classifier("course", size=(16, 32), class_names=("left", "right"), reduce=16)


def test_the_course_network_trains_on_whole_pictures():
    classifier = small_course_network()
    # Mirrored left and right these two would change places: that they are not learned shows the flips.
    after = train(classifier, easy_images(64), easy_images(32, seed=1), epochs=2, **QUIET)
    assert len(after.history) == 2
    after.predict(easy_images(4).images[..., 0])


def test_the_history_has_the_means_over_an_epochs_batches(monkeypatch):
    answers = [
        {"loss": loss, "accuracy": right / 16} for loss, right in [(4, 8), (1, 12), (0.5, 16), (0.5, 8)]
    ]

    def take_next(*_, **__):
        return answers.pop(0)

    monkeypatch.setattr(load_keras().Model, "train_on_batch", take_next)
    options = {"epochs": 2, "batch_size": 16, **QUIET}
    history = train(small_course_network(), easy_images(32), easy_images(8, seed=1), **options).history
    assert history["loss"].tolist() == [2.5, 0.5]
    assert history["accuracy"].tolist() == [0.625, 0.75]


def test_training_lets_go_of_its_images():
    known = easy_images(32)
    kept = weakref.ref(known.images)
    train(small_course_network(), known, easy_images(8, seed=1), epochs=1, **QUIET)
    del known
    gc.collect()
    assert kept() is None


class InterruptedTrainingError(Exception):
    pass


def interrupt_after(n_epochs):
    def on_epoch(history):
        if len(history) == n_epochs:
            raise InterruptedTrainingError

    return on_epoch


def test_training_goes_on_where_it_was_interrupted(trained, four_classes, tmp_path):
    classifier, whole = trained
    options = {"epochs": 3, "batch_size": 16, "resume": tmp_path / "run"} | QUIET
    with pytest.raises(InterruptedTrainingError):
        train(classifier, *four_classes, on_epoch=interrupt_after(2), **options)
    seen = []
    resumed = train(classifier, *four_classes, on_epoch=lambda history: seen.append(len(history)), **options)
    assert seen == [3]
    # Optimizer, order of the images and dropout too: as if it had never been interrupted.
    for name in ("loss", "val_loss"):
        np.testing.assert_allclose(resumed.history[name], whole.history[name], rtol=1e-4)
    np.testing.assert_allclose(resumed.predict(four_classes[1]), whole.predict(four_classes[1]), atol=1e-3)
    assert (resumed.history["seconds"].diff().dropna() > 0).all()

    # And once more, when all is done: nothing is trained.
    seen.clear()
    again = train(classifier, *four_classes, on_epoch=lambda history: seen.append(1), **options)
    assert seen == []
    np.testing.assert_array_equal(again.predict(four_classes[1]), resumed.predict(four_classes[1]))
    with pytest.raises(ClassifierError, match="holds another training"):
        train(classifier, *four_classes, **(options | {"epochs": 4}))
    with pytest.raises(ClassifierError, match="holds another training"):
        train(build_classifier("aligned", seed=3), *four_classes, **options)


def test_only_the_last_and_the_best_epoch_are_kept(four_classes, tmp_path):
    classifier = build_classifier("aligned")
    after = train(classifier, *four_classes, epochs=4, resume=tmp_path, batch_size=16, **QUIET)
    best = int(after.history["val_loss"].idxmin()) + 1
    names = {f"epoch-{epoch:03d}.keras" for epoch in (best, 4)}
    assert {path.name for path in tmp_path.iterdir()} == names | {"training.json"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: {"train_set": s[:0]}, "train_set: expected images of the classes .*, found 0 of"),
        (
            lambda s: {"validation_set": ImageSet(s.images, s.labels[:, [0, 1]], ("a", "b"))},
            "validation_set: expected images of the classes squiggle, .*, found 80 of a, b",
        ),
        (lambda s: {"train_set": ImageSet(s.images, s.labels[:, :0], ())}, r"found 80 of \(none\)"),
        (
            lambda s: {"train_set": ImageSet(s.images[:, :, :64], s.labels, CLASS_NAMES), "kind": "course"},
            r"expected images of the shape \(n, 64, 128\), found \(80, 64, 64, 1\)",
        ),
        (lambda s: {"train_set": align_images(s), "kind": "course"}, "for the kind 'course'"),
        (lambda s: {"train_set": align_images(s, half_width=3)}, "found aligned rows"),
        (lambda s: {"learning_rate": 1e30}, "the loss is no number"),
    ],
)
def test_sets_that_do_not_fit_are_refused(four_classes, change, said):
    options = {"train_set": four_classes[0], "validation_set": four_classes[1], "kind": "aligned"}
    options |= change(four_classes[0])
    kind, reduce = options.pop("kind"), {"reduce": 32}
    classifier = build_classifier(kind, **(reduce if kind == "course" else {}))
    with pytest.raises(ClassifierError, match=said):
        train(classifier, epochs=1, **options, **QUIET)


# Predicting


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("epochs", 0),
        ("epochs", 2.5),
        ("batch_size", -1),
        ("learning_rate", 0),
        ("learning_rate", math.nan),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(four_classes, option, value):
    with pytest.raises(ClassifierError, match=f"{option}: expected .* found {value!r}"):
        train(build_classifier("aligned"), *four_classes, **{option: value}, **QUIET)


def test_a_stream_gives_what_predict_gives(trained, four_classes):
    classifier, images = trained[1], four_classes[1]
    whole = classifier.predict(images)
    assert whole.shape == (40, 4)
    assert whole.dtype == np.float32
    np.testing.assert_allclose(whole.sum(axis=1), 1, atol=1e-5)
    for source in (images, images.images, (image[..., 0] for image in images.images)):
        batches = list(classify_stream(source, classifier, batch_size=16))
        assert [len(batch) for batch in batches] == [16, 16, 8]
        np.testing.assert_allclose(np.concatenate(batches), whole, atol=1e-5)


def test_a_stream_does_not_run_ahead(trained, four_classes):
    taken = []
    source = (taken.append(1) or image for image in four_classes[1].images)
    next(classify_stream(source, trained[1], batch_size=8))
    assert len(taken) == 8


def test_no_images_no_probabilities(trained):
    assert trained[1].predict(np.zeros((0, 64, 128))).shape == (0, 4)
    assert list(classify_stream(iter(()), trained[1])) == []


@pytest.mark.parametrize("images", [np.zeros((2, 64, 64)), np.zeros((64, 128)), np.zeros(5), 3])
def test_images_of_another_size_are_refused(trained, images):
    with pytest.raises(ClassifierError, match=r"expected images of the shape \(n, 64, 128\), found"):
        trained[1].predict(images)


def test_a_pixel_that_is_no_number_is_refused(trained):
    images = np.full((2, 64, 128), np.nan)
    with pytest.raises(ValueError, match="NaN"):
        trained[1].predict(images)
    with pytest.raises(ClassifierError, match="NaN"):
        build_classifier("course", reduce=32).predict(images)


# Files


def test_a_saved_classifier_comes_back(trained, four_classes, tmp_path):
    path = tmp_path / "signals.keras"
    trained[1].save(path)
    loaded = load_classifier(path)
    np.testing.assert_array_equal(loaded.predict(four_classes[1]), trained[1].predict(four_classes[1]))
    for name in ("kind", "size", "class_names", "seed", "temperature"):
        assert getattr(loaded, name) == getattr(trained[1], name)
    # Keras by itself reads the network, and it can be trained on.
    assert load_keras().saving.load_model(path).count_params() == loaded.n_parameters
    train(loaded, *four_classes, epochs=1, **QUIET)


@pytest.fixture(scope="module")
def saved(trained, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "whole.keras"
    trained[1].save(path)
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


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"",
        lambda data: b"not a network",
        lambda data: data[:-1000],
        lambda data: data[: len(data) // 2],
        flipped,
        without("setilearn.json"),
        without("config.json"),
        without("model.weights.h5"),
        with_facts(kind="magic"),
        with_facts(class_names=None),
    ],
)
def test_a_damaged_file_is_named(saved, tmp_path, change):
    path = tmp_path / "damaged.keras"
    path.write_bytes(change(saved))
    with pytest.raises(ClassifierError, match=r"damaged\.keras: "):
        load_classifier(path)


def test_a_missing_file_and_a_wrong_suffix_are_named(trained, tmp_path):
    with pytest.raises(ClassifierError, match="there is no such file"):
        load_classifier(tmp_path / "none.keras")
    with pytest.raises(ClassifierError, match=r"ends in .keras, found 'model.h5'"):
        trained[1].save(tmp_path / "model.h5")
    assert list(tmp_path.iterdir()) == []


def test_code_in_a_file_is_not_run(saved, tmp_path):
    keras = load_keras()
    inputs = keras.Input((64, 25, 2))
    harmless = keras.layers.Lambda(lambda x: x, output_shape=(64, 25, 2))(inputs)
    network = keras.Model(inputs, keras.layers.Dense(5)(keras.layers.Flatten()(harmless)))
    path = tmp_path / "code.keras"
    network.save(path)
    with zipfile.ZipFile(path, "a") as archive, zipfile.ZipFile(io.BytesIO(saved)) as whole:
        archive.writestr("setilearn.json", whole.read("setilearn.json"))
    with pytest.raises(ClassifierError, match=r"code\.keras"):
        load_classifier(path)


# VGG16


@pytest.fixture(scope="module")
def vgg16():
    return build_classifier("vgg16", size=(32, 32), class_names=("left", "right"), weights=None, seed=1)


def n_trained(classifier):
    return sum(int(np.prod(weights.shape)) for weights in classifier.network.trainable_weights)


def test_a_frozen_base_learns_its_last_layer_only(vgg16):
    assert n_trained(vgg16) == 512 * 2 + 2
    before = vgg16.network.get_layer("vgg16").get_weights()
    after = train(vgg16, easy_images(8, size=(32, 32)), easy_images(4, 1, (32, 32)), epochs=1, **QUIET)
    assert all(
        (a == b).all() for a, b in zip(before, after.network.get_layer("vgg16").get_weights(), strict=True)
    )
    assert (vgg16.network.get_weights()[-2] != after.network.get_weights()[-2]).any()


def test_unfrozen_blocks_learn_too(vgg16):
    # Block 5 of VGG16: three convolutions of 3 x 3 x 512 x 512 with a bias each.
    wider = unfreeze(vgg16)
    assert n_trained(wider) == 3 * (9 * 512 * 512 + 512) + 512 * 2 + 2
    assert n_trained(vgg16) == 512 * 2 + 2
    assert n_trained(unfreeze(wider, 0)) == 512 * 2 + 2
    assert n_trained(unfreeze(vgg16, 5)) == vgg16.n_parameters == 14_714_688 + 512 * 2 + 2
    images = easy_images(8, size=(32, 32))
    after = train(wider, images, images, epochs=1, learning_rate=1e-5, **QUIET)
    changed = [
        layer.name
        for layer, other in zip(
            vgg16.network.get_layer("vgg16").layers, after.network.get_layer("vgg16").layers, strict=True
        )
        if any((a != b).any() for a, b in zip(layer.get_weights(), other.get_weights(), strict=True))
    ]
    assert changed == ["block5_conv1", "block5_conv2", "block5_conv3"]


@pytest.mark.parametrize("n_blocks", [-1, 6, 1.0])
def test_vgg16_has_five_blocks(vgg16, n_blocks):
    with pytest.raises(ClassifierError, match="0 to 5 blocks"):
        unfreeze(vgg16, n_blocks)
    with pytest.raises(ClassifierError, match="expected a 'vgg16' classifier"):
        unfreeze(build_classifier("aligned"))


def test_pictures_reach_vgg16_as_the_photographs_did(vgg16):
    scaled = next(layer for layer in vgg16.network.layers if type(layer).__name__ == "Rescaling")
    grey = np.full((1, 1, 1, 3), 0.5, np.float32)
    expected = 127.5 - np.array([103.939, 116.779, 123.68])
    np.testing.assert_allclose(np.asarray(scaled(grey))[0, 0, 0], expected, rtol=1e-5)


def test_without_its_weights_vgg16_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(ClassifierError, match=r"offline, bring the file vgg16_weights.*notop.h5"):
        build_classifier("vgg16", weights="imagenet")
    with pytest.raises(ClassifierError, match="there is no file /nowhere"):
        build_classifier("vgg16", weights="/nowhere/weights.h5")
    damaged = tmp_path / "damaged.weights.h5"
    damaged.write_bytes(b"no weights")
    with pytest.raises(ClassifierError, match="weights could not be read"):
        build_classifier("vgg16", weights=damaged)


def test_vgg16s_weights_are_read_from_a_file(vgg16, tmp_path):
    base = vgg16.network.get_layer("vgg16")
    path = tmp_path / "own.weights.h5"
    base.save_weights(path)
    again = build_classifier("vgg16", size=(32, 32), class_names=("left", "right"), weights=path, seed=5)
    np.testing.assert_array_equal(again.network.get_layer("vgg16").get_weights()[0], base.get_weights()[0])


def test_a_vgg16_classifier_is_saved_and_read(vgg16, tmp_path):
    path = tmp_path / "vgg.keras"
    vgg16.save(path)
    images = easy_images(2, size=(32, 32))
    np.testing.assert_allclose(load_classifier(path).predict(images), vgg16.predict(images), atol=1e-6)


def test_kinds_are_trained_by_their_recipes():
    assert {name: kind.epochs for name, kind in KINDS.items()} == {"course": 12, "aligned": 15, "vgg16": 10}
