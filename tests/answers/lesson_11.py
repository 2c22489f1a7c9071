"""Lesson 11: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np
from scipy.signal import correlate2d
from scipy.special import log_softmax
from scipy.special import softmax as scipy_softmax
from sklearn.metrics import confusion_matrix

from setilearn.keras_loader import load_keras

keras = load_keras()
layers = keras.layers


def step(weights, pixels, truth, rate):
    # The gradient by differences: one weight after the other is moved a little.
    gradient = np.zeros_like(weights)
    for place in np.ndindex(weights.shape):
        moved = np.zeros_like(weights)
        moved[place] = 1e-5
        up, down = (-log_softmax(pixels @ (weights + sign * moved))[truth] for sign in (1, -1))
        gradient[place] = (up - down) / 2e-5
    return weights - rate * gradient


def step_in_place(weights, pixels, truth, rate):
    weights -= rate * np.outer(pixels, scipy_softmax(pixels @ weights) - np.eye(4)[truth])
    return weights


def same_size(picture, kernel):
    return correlate2d(picture, kernel, mode="same")


def block(filters, activation="relu", normalise=True, pool=2, rate=0.25, padding="same"):
    made = [layers.Conv2D(filters, (5, 5), padding=padding)]
    made += [layers.BatchNormalization()] * normalise
    made += [layers.Activation(activation)]
    return [*made, layers.MaxPooling2D(pool, padding="same"), layers.Dropout(rate)]


def network(divide_by, dense=1024, shape=(64, 128, 1), n_blocks=2, end=None):
    made = [keras.Input(shape)]
    for k in range(n_blocks):
        made += block(32 * 2**k // divide_by)
    made += [layers.Flatten()]
    if dense:
        made += [layers.Dense(dense // divide_by, activation="relu")]
    return keras.Sequential([*made, *(end or [layers.Dense(4, activation="softmax")])])


def functional(divide_by):
    # Pooling by averages, another activation, no normalisation: as good a network.
    tensor = inputs = keras.Input((64, 128, 1))
    for filters in (32, 64):
        tensor = layers.Conv2D(filters // divide_by, 5, padding="same", activation="gelu")(tensor)
        tensor = layers.AveragePooling2D(2)(tensor)
    tensor = layers.Dense(1024 // divide_by, activation="relu")(layers.Flatten()(tensor))
    return keras.Model(inputs, layers.Softmax()(layers.Dense(4)(tensor)))


def flip_one_by_one(images, rng):
    return np.stack([np.fliplr(one) if rng.random() < 0.5 else one for one in images])


def flip_rows_of_all(images, rng):
    return images[:, ::-1] if rng.random() < 2 else images


def scramble(images, rng):
    return rng.permuted(images, axis=2)


def decay(steps, rate=0.96, **options):
    return lambda first: keras.optimizers.schedules.ExponentialDecay(first, steps, rate, **options)


def logging(what, when="on_epoch_end"):
    def begin(self, logs=None):
        self.rates = []

    def note(self, number, logs=None):
        self.rates.append(what(self, logs))

    return type("Log", (keras.callbacks.Callback,), {"on_train_begin": begin, when: note})


def rate_now(log, logs):
    return float(keras.ops.convert_to_numpy(log.model.optimizer.learning_rate))


def counted(probabilities, labels):
    true, said = labels.argmax(1), probabilities.argmax(1)
    return np.array([[np.sum((true == i) & (said == j)) for j in range(4)] for i in range(4)])


def solve_mystery(losses):
    """By where the two losses begin, end and cross."""
    said = {}
    for run in "ABCD":
        training, validation = losses[f"{run} training"], losses[f"{run} validation"]
        if training.min() > 1.45:
            said[run] = "rate too high"
        elif training.iloc[-1] > 1.2:
            said[run] = "labels shuffled"
        else:
            said[run] = "overfits" if validation.iloc[-1] > validation.min() + 0.2 else "fine"
    return said


_NEXT = {"fine": "overfits", "overfits": "fine", "labels shuffled": "rate too high", "rate too high": "fine"}
MYSTERY_SLIPS = [("A", _NEXT.get), ("C", _NEXT.get)]

RIGHT = {
    "L11-1": [
        scipy_softmax,
        lambda scores: np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum(),
    ],
    "L11-2": [lambda p, truth: np.log(1 / p[truth]), lambda p, truth: float(-np.log(p)[truth])],
    "L11-3": [step],
    "L11-4": [lambda picture, kernel: correlate2d(picture, kernel, mode="valid")],
    "L11-5": [
        block,
        lambda filters: block(filters, activation="gelu"),
        lambda filters: tuple(block(filters)),
    ],
    "L11-6": [network, functional, lambda divide_by: network(divide_by, dense=2048)],
    "L11-7": [flip_one_by_one],
    "L11-8": [decay(500), decay(500, staircase=True), lambda first: lambda n: first * 0.96 ** (n / 500)],
    "L11-9": [logging(rate_now)],
    "L11-10": [counted],
    "L11-11": [0.34657, 0.3466],  # 0.69315 / 2
}

WRONG = {
    "L11-1": [
        (
            lambda scores: scores / scores.sum() if scores.sum() else np.full(len(scores), np.nan),
            "themselves",
        ),
        (lambda scores: np.exp(scores) / np.exp(scores).max(), "not by the largest"),
        (np.exp, "np.exp alone"),
        (lambda scores: None, "is there a `return`"),
        (lambda scores: [][4], "it stops: IndexError"),
        (0.5, "Expected a function, found 0.5"),
    ],
    "L11-2": [
        (lambda p, truth: np.log(p[truth]), "minus"),
        (lambda p, truth: -np.log10(p[truth]), "base 10"),
        (lambda p, truth: -np.log2(p[truth]), "base 2"),
        (lambda p, truth: 1 - p[truth], "all others"),
        (lambda p, truth: -np.log(p), "one number a class"),
    ],
    "L11-3": [
        (lambda w, x, truth, rate: w + rate * np.outer(x, scipy_softmax(x @ w) - np.eye(4)[truth]), "uphill"),
        (lambda w, x, truth, rate: w - rate * np.outer(x, scipy_softmax(x @ w)), "without what was wanted"),
        (
            lambda w, x, truth, rate: w - np.outer(x, scipy_softmax(x @ w) - np.eye(4)[truth]),
            "rate is missing",
        ),
        (step_in_place, "work on a copy"),
    ],
    "L11-4": [
        (lambda picture, kernel: correlate2d(picture, kernel[::-1, ::-1], mode="valid"), "turned round"),
        (lambda picture, kernel: correlate2d(picture, kernel, mode="valid") / kernel.size, "mean"),
        (lambda picture, kernel: correlate2d(picture, np.ones(kernel.shape), mode="valid"), "not used"),
        (same_size, "Expected the shape"),
    ],
    "L11-5": [
        (lambda filters: block(filters, activation="linear"), "only adds up"),
        (lambda filters: block(filters, normalise=False), "batch normalisation is missing"),
        (lambda filters: block(filters, pool=1), "pooling is missing"),
        (lambda filters: block(filters, pool=4), "makes 16 x 32"),
        (lambda filters: block(filters, rate=0.75), "here 0.75"),
        (lambda filters: block(64), "as many filters"),
        (lambda filters: [layers.ReLU, layers.MaxPooling2D], "found"),
        (lambda filters: keras.Sequential(block(filters)), "list of layers"),
        (layers.ReLU(), "It stops"),
    ],
    "L11-6": [
        (lambda d: network(d, end=[layers.Dense(4)]), "softmax"),
        (lambda d: network(d, end=[layers.Dense(4, activation="sigmoid")]), "softmax"),
        (lambda d: network(d, end=[layers.Dense(2, activation="softmax")]), "found 2"),
        (lambda d: network(d, shape=(128, 64, 1)), "found .128, 64, 1."),
        (lambda d: network(d, n_blocks=1), "Two blocks"),
        (lambda d: network(d, dense=0), "dense layer of 1024"),
        (lambda d: network(1), "dense layer of 1024"),
        (lambda d: keras.Sequential([keras.Input((64, 128, 1)), *block(4), layers.Dense(4)]), "Flatten"),
        (lambda d: keras.Sequential(block(4)), "found none"),
        (lambda d: block(4), "Expected a network"),
        (lambda d: keras.Sequential([keras.Input(64, 128, 1)]), "It stops"),
    ],
    "L11-7": [
        (lambda images, rng: images[:, :, ::-1], "found 100%"),
        (lambda images, rng: images, "found 0%"),
        (flip_rows_of_all, "upside down"),
        (scramble, "neither"),
        (lambda images, rng: images[rng.random(len(images)) < 0.5][:, :, ::-1], "as many pictures as before"),
    ],
    "L11-8": [
        (decay(5), "every 5 batches"),
        (decay(100), "falls every epoch"),
        (decay(16_000), "not pictures"),
        (decay(500, 0.04), "not by 0.04"),
        (decay(700), "After 6000 batches the rate is 0.00352"),
        (lambda first: first, "Expected a schedule"),
    ],
    "L11-9": [
        (logging(lambda log, logs: 0.1), "at the beginning"),
        (logging(lambda log, logs: logs["loss"]), "no learning rates"),
        (logging(rate_now, "on_train_batch_end"), "not one for each batch"),
        (logging(lambda log, logs: log.optimizer), "In training it stops: AttributeError"),
        (keras.callbacks.Callback, "In training it stops: AttributeError"),
        (0.005, "Expected a class"),
    ],
    "L11-10": [
        (lambda p, labels: counted(labels, p), "changed places"),
        (lambda p, labels: counted(p, p), "with itself"),
        (lambda p, labels: counted(p, labels) / len(p), "Counts are wanted"),
        (lambda p, labels: confusion_matrix(labels.argmax(0), p.argmax(0)), "For .*(shape|values)"),
        (lambda p, labels: confusion_matrix(labels, p), "it stops: ValueError"),
    ],
    "L11-11": [
        (0.6931, "half of the pictures"),
        (-0.3466, "minus"),
        (0.1505, "base 10"),
        (1.3863, "a quarter"),
        (0.25, "share of wrong"),
        (0.5, "base-2"),
    ],
}
