"""Batches of aligned images: order, turns and targets, and that Keras trains on them and lets go of them."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
import tensorflow
from scipy.special import log_softmax

from setilearn.errors import ImageError
from setilearn.keras_loader import load_keras
from setilearn.learn.align import AlignedSet, network_input
from setilearn.learn.batches import AlignedBatches
from setilearn.learn.four_classes import CLASS_NAMES
from setilearn.learn.images import one_hot

# TensorFlow's variables do not know NumPy 2's way of asking for an array.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")

SHAPE = (2, 5)


def numbered(n=10, names=CLASS_NAMES):
    """Aligned images of the classes in turn, each with its number, from 1.

    Image k has k tenths at the top left, and offsets of k and of 2 k hundredths. Bows are below zero in the
    second half.
    """
    numbers = np.arange(n, dtype=np.float32) + 1
    rows = np.zeros((n, *SHAPE), np.float32)
    rows[:, 0, 0] = numbers / 10
    offsets = numbers[:, None] * np.array([0.01, 0.02], np.float32)
    bows = np.where(np.arange(n) < n / 2, 1.0, -1.0).astype(np.float32)
    labels = one_hot(np.arange(n) % len(names), len(names))
    return AlignedSet(rows, offsets, np.zeros((n, 2)), np.zeros(n), bows, labels, names, size=(2, 30))


def epoch_of(batches):
    """All batches of an epoch in order, and the end of the epoch, as Keras does it."""
    found = [batches[place] for place in range(len(batches))]
    batches.on_epoch_end()
    return found


def numbers_of(images):
    return np.rint(images[..., 0].max(axis=(1, 2)) * 40).astype(int)


def targets_unturned(numbers, n, names=CLASS_NAMES):
    """Target of the image with a number, from 1: its class, and 4 where a bow is below zero."""
    place = np.asarray(numbers) - 1
    target = place % len(names)
    return np.where((target == 2) & (place >= n / 2), 4, target)


# Order


def test_an_epoch_has_each_image_once_with_its_own_target_and_the_last_batch_the_rest():
    batches = AlignedBatches(numbered(), batch_size=4)
    assert len(batches) == 3
    orders = []
    for _ in range(3):
        found = epoch_of(batches)
        assert [images.shape for images, _ in found] == [(4, *SHAPE, 2), (4, *SHAPE, 2), (2, *SHAPE, 2)]
        numbers = numbers_of(np.concatenate([images for images, _ in found]))
        assert sorted(numbers) == list(range(1, 11))
        targets = np.concatenate([targets for _, targets in found])
        # Whatever was turned round: both ways of bending are the same class.
        np.testing.assert_array_equal(np.where(targets == 4, 2, targets), (numbers - 1) % 4)
        orders.append(numbers.tolist())
    assert orders[0] != list(range(1, 11))
    assert orders[0] != orders[1] != orders[2]


def test_types_are_those_that_keras_wants():
    images, targets = AlignedBatches(numbered())[0]
    assert (images.dtype, targets.dtype) == (np.float32, np.int64)
    assert len(AlignedBatches(numbered(64))) == 2  # of 32
    assert len(AlignedBatches(numbered(64), batch_size=100)) == 1


def test_a_seed_decides_order_and_turns():
    first, again, other = (
        [batch for _ in range(2) for batch in epoch_of(AlignedBatches(numbered(), batch_size=4, seed=seed))]
        for seed in (7, 7, 8)
    )
    for (a, x), (b, y) in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(x, y)
    assert any((a != b).any() for (a, _), (b, _) in zip(first, other, strict=True))


def test_without_turning_images_come_in_order_as_they_are():
    aligned = numbered()
    batches = AlignedBatches(aligned, batch_size=4, turn=False)
    for _ in range(2):
        found = epoch_of(batches)
        images, targets = (np.concatenate(parts) for parts in zip(*found, strict=True))
        np.testing.assert_array_equal(images, network_input(aligned.rows, aligned.offsets))
        np.testing.assert_array_equal(targets, targets_unturned(np.arange(1, 11), 10))


# Turning round


@pytest.fixture(scope="module")
def many():
    """Images, targets, numbers, and which are upside down and which are mirrored, of 40 epochs."""
    batches = AlignedBatches(numbered(), batch_size=4, seed=1)
    found = [batch for _ in range(40) for batch in epoch_of(batches)]
    images, targets = (np.concatenate(parts) for parts in zip(*found, strict=True))
    assert len(images) == 400
    upside_down = images[:, 1, :, 0].max(axis=1) > 0
    mirrored = images[:, :, -1, 0].max(axis=1) > 0
    return images, targets, numbers_of(images), upside_down, mirrored


def test_half_of_the_images_are_turned_each_way_and_a_quarter_both_ways(many):
    _, _, _, upside_down, mirrored = many
    # Of 400, half: 200 with a scatter of 10; a quarter, 100 with one of 9.
    assert upside_down.sum() == pytest.approx(200, abs=40)
    assert mirrored.sum() == pytest.approx(200, abs=40)
    assert (upside_down & mirrored).sum() == pytest.approx(100, abs=36)


def test_a_turned_image_is_that_image_turned(many):
    images, _, numbers, upside_down, mirrored = many
    straight = images.copy()
    straight[mirrored] = straight[mirrored, :, ::-1]
    straight[mirrored, ..., 1] *= -1
    straight[upside_down] = straight[upside_down, ::-1]
    aligned = numbered()
    expected = network_input(aligned.rows, aligned.offsets)[numbers - 1]
    np.testing.assert_array_equal(straight, expected)
    # Offsets of image k are k and 2 k hundredths, doubled: to the other side in a mirror, and in their rows.
    sign = np.where(mirrored, -1, 1)
    np.testing.assert_allclose(images[:, :, 0, 1].sum(axis=1), 0.06 * numbers * sign, rtol=1e-5)
    np.testing.assert_array_equal(np.abs(images[:, 0, 2, 1]) > np.abs(images[:, 1, 2, 1]), upside_down)


def test_in_a_mirror_a_bend_is_one_to_the_other_side(many):
    _, targets, numbers, _, mirrored = many
    unturned = targets_unturned(numbers, 10)
    np.testing.assert_array_equal(targets[~mirrored], unturned[~mirrored])
    swapped = np.array([0, 1, 4, 3, 2])
    np.testing.assert_array_equal(targets[mirrored], swapped[unturned[mirrored]])
    for target in range(5):
        assert (unturned[mirrored] == target).any()


def test_the_aligned_set_stays_as_it_is():
    aligned = numbered()
    kept = replace(aligned, **{name: getattr(aligned, name).copy() for name in ("rows", "offsets", "labels")})
    batches = AlignedBatches(aligned, batch_size=4)
    for _ in range(3):
        for images, targets in epoch_of(batches):
            images[:], targets[:] = 9, 9  # nor does what is done to a batch reach it
    for name in ("rows", "offsets", "labels"):
        np.testing.assert_array_equal(getattr(aligned, name), getattr(kept, name))
    np.testing.assert_array_equal(batches.targets, targets_unturned(np.arange(1, 11), 10))


@pytest.mark.parametrize(
    ("names", "options"),
    [
        (CLASS_NAMES, {"split_bends": False}),
        (("line", "squiggle", "noise"), {}),
        (("narrowband", "noise"), {}),
    ],
)
def test_classes_of_which_none_is_split(names, options):
    batches = AlignedBatches(numbered(30, names), **options)
    for _ in range(3):
        for images, targets in epoch_of(batches):
            np.testing.assert_array_equal(targets, (numbers_of(images) - 1) % len(names))


def test_the_class_that_bends_may_stand_anywhere():
    (images, targets), *_ = epoch_of(AlignedBatches(numbered(20, ("narrowbanddrd", "noise")), turn=False))
    place = numbers_of(images) - 1
    np.testing.assert_array_equal(targets, np.where(place % 2, 1, np.where(place < 10, 0, 2)))


def test_images_without_labels_are_refused():
    nameless = replace(numbered(), labels=np.zeros((10, 0)), class_names=())
    with pytest.raises(ImageError, match="expected images with labels, found a set without classes"):
        AlignedBatches(nameless)


# In Keras's hands


def small_network(seed=0):
    keras = load_keras()
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((*SHAPE, 2)), keras.layers.Flatten(), keras.layers.Dense(5, activation="softmax")]
    network = keras.Sequential(layers)
    network.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


def loss_by_hand(network, aligned):
    kernel, bias = network.get_weights()
    logits = network_input(aligned.rows, aligned.offsets).reshape(len(aligned), -1) @ kernel + bias
    targets = targets_unturned(np.arange(len(aligned)) + 1, len(aligned))
    right = (logits.argmax(axis=1) == targets).mean()
    return -log_softmax(logits, axis=1)[np.arange(len(aligned)), targets].mean(), right


def test_keras_trains_and_evaluates_on_them_and_lets_go_of_the_images():
    network, aligned = small_network(), numbered(50)
    kernel, before = network.get_weights()[0], loss_by_hand(network, aligned)
    batches = AlignedBatches(aligned, batch_size=16)
    validation = AlignedBatches(aligned, batch_size=16, turn=False)
    assert network.evaluate(validation, verbose=0) == pytest.approx(before, rel=1e-4)
    history = network.fit(batches, epochs=4, validation_data=validation, verbose=0)
    after = loss_by_hand(network, aligned)
    assert (network.get_weights()[0] != kernel).any()
    assert history.history["val_loss"][-1] == pytest.approx(after[0], rel=1e-4)
    assert history.params["steps"] == 4

    # Network and history are still here; the images are not. TensorFlow's list of the Python functions that
    # it has called never ends (its issue 57690), and what Keras made of the batches is on it.
    kept = [weakref.ref(array) for array in (aligned.rows, aligned.offsets, batches, validation)]
    del aligned, batches, validation
    getattr(tensorflow.compat.v1.get_default_graph(), "_py_funcs_used_in_graph", []).clear()
    gc.collect()
    assert [reference() is None for reference in kept] == [True] * 4
    assert network.built
    assert len(history.epoch) == 4


def test_what_tensorflow_keeps_is_no_copy_of_the_images():
    aligned = numbered()
    batches = AlignedBatches(aligned)
    assert batches.aligned is aligned
    held = [value for value in vars(batches).values() if isinstance(value, np.ndarray)]
    # Of an image its target and its place in the order.
    assert sum(array.nbytes for array in held) <= 2 * 8 * len(aligned) + 8 * 5


class InterruptedTrainingError(Exception):
    pass


def interrupt_in(epoch):
    """A callback that stops training at the second batch of an epoch, counted from 0."""

    class Interrupt(load_keras().callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1 and self.n_epochs == epoch:
                raise InterruptedTrainingError

        def on_epoch_begin(self, epoch, logs=None):
            self.n_epochs = epoch

    return Interrupt()


def test_training_that_was_interrupted_goes_on_with_keras_backup(tmp_path):
    callbacks = load_keras().callbacks
    weights, begun = {}, []

    def note(network):
        return callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: begun.append((epoch, network.get_weights()[0])),
            on_epoch_end=lambda epoch, logs: weights.update({epoch: network.get_weights()[0]}),
        )

    def backup():
        return callbacks.BackupAndRestore(tmp_path / "run")

    network = small_network()
    options = {"epochs": 4, "verbose": 0}
    with pytest.raises(InterruptedTrainingError):
        network.fit(
            AlignedBatches(numbered(), batch_size=4),
            callbacks=[backup(), note(network), interrupt_in(2)],
            **options,
        )
    assert [epoch for epoch, _ in begun] == [0, 1, 2]
    begun.clear()
    # Another network, as after a restart: it begins where the second epoch ended.
    other = small_network(seed=5)
    history = other.fit(
        AlignedBatches(numbered(), batch_size=4), callbacks=[backup(), note(other)], **options
    )
    assert [epoch for epoch, _ in begun] == history.epoch == [2, 3]
    np.testing.assert_array_equal(begun[0][1], weights[1])
    assert int(other.optimizer.iterations.numpy()) == 4 * 3
    assert list(tmp_path.iterdir()) == []  # done: the folder goes
