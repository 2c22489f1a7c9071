"""Lesson 12: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np

from setilearn.learn.classifier import load_keras

keras = load_keras()
layers = keras.layers


def upright_by_index(darkness, first, last):
    columns = first + (last - first) * np.arange(64) / 63
    places = np.rint(columns).astype(int)[:, None] + np.arange(-12, 13)
    return np.take_along_axis(darkness, places, axis=1)


def cut(columns, left=12, right=13):
    def straighten(darkness, first, last):
        nearest = np.rint(columns(first, last)).astype(int)
        return np.array([row[c - left : c + right] for row, c in zip(darkness, nearest, strict=True)])

    return straighten


def network(shape=(64, 25, 2), dense="relu", last=5, activation="softmax", filters=24, flat=True):
    """A network that is not the reference."""
    made = [
        layers.Conv2D(filters, 3, activation="relu"),
        layers.MaxPooling2D((4, 2)),
        layers.BatchNormalization(),
    ]
    made += [layers.Conv2D(filters, 3, activation="relu"), layers.MaxPooling2D(2)]
    made += [layers.Flatten()] * flat
    made += [
        layers.Dense(50, activation=dense),
        layers.Dropout(0.2),
        layers.Dense(last, activation=activation),
    ]
    return lambda: keras.Sequential([keras.Input(shape), *made])


def with_softmax_layer():
    made = [layers.Conv2D(16, 3), layers.ReLU(), layers.AveragePooling2D((8, 2)), layers.Flatten()]
    made += [layers.Dense(40), layers.BatchNormalization(), layers.ReLU(), layers.Dense(5), layers.Softmax()]
    return keras.Sequential([keras.Input((64, 25, 2)), *made])


def without_input():
    return keras.Sequential([layers.Conv2D(16, 3), layers.Flatten(), layers.Dense(5, activation="softmax")])


def without_convolution():
    return keras.Sequential(
        [keras.Input((64, 25, 2)), layers.Flatten(), layers.Dense(5, activation="softmax")]
    )


def nothing():
    network()


def prepare(n_steps=lambda batches, epochs: epochs * len(batches), loss="sparse_categorical_crossentropy"):
    def wanted(network, batches, epochs, peak=0.002):
        n = n_steps(batches, epochs)
        options = {"warmup_target": peak, "warmup_steps": n // 15}
        rate = keras.optimizers.schedules.CosineDecay(peak / 10, n - n // 15, **options)
        network.compile(keras.optimizers.AdamW(rate, weight_decay=1e-4), loss=loss, metrics=["accuracy"])
        return network

    return wanted


def constant_rate(network, batches, epochs, peak=0.002):
    network.compile(keras.optimizers.AdamW(peak), loss="sparse_categorical_crossentropy")
    return network


def gives_no_network(network, batches, epochs, peak=0.002):
    prepare()(network, batches, epochs, peak)


def precision_by_loop(confusion):
    return [row[k] / sum(other[k] for other in confusion) for k, row in enumerate(confusion)]


def alarms(n_false, n_true=lambda n_hits, prevalence, bent: n_hits * prevalence * bent.mean()):
    def wanted(threshold, prevalence, bent, straight, n_hits=1_000_000):
        bent, straight = bent > threshold, straight > threshold
        return n_true(n_hits, prevalence, bent), n_false(n_hits, prevalence, straight)

    return wanted


def false_alarms(n_hits, prevalence, straight):
    return n_hits * (1 - prevalence) * straight.sum() / straight.size


def by_quantile(straight, one_in):
    n_allowed = len(straight) // one_in
    return np.partition(straight, len(straight) - 1 - n_allowed)[len(straight) - 1 - n_allowed]


def between_two(straight, one_in):
    ordered, n_allowed = sorted(straight, reverse=True), len(straight) // one_in
    return (ordered[n_allowed] + ordered[n_allowed - 1]) / 2 if n_allowed else ordered[0]


def unfreeze(base_too, chosen):
    def wanted(base):
        base.trainable = base_too
        for layer in base.layers:
            layer.trainable = chosen(layer.name)

    return wanted


def base_left_as_it_is(base):
    for layer in base.layers:
        layer.trainable = layer.name.startswith("block5")


def last_three_layers(base):
    base.trainable = True
    for layer in base.layers[:-3]:
        layer.trainable = False


def solve_mystery(table):
    """Each pair of names is swapped back in turn; the right one makes the most right."""
    names = list(table.columns[1:])

    def mended(one, other):
        return table.rename(columns={one: other, other: one})

    def accuracy(one, other):
        return (mended(one, other)[names].idxmax(axis=1) == table["truth"]).mean()

    pairs = [(one, other) for k, one in enumerate(names) for other in names[k + 1 :]]
    best = max(pairs, key=lambda pair: accuracy(*pair))
    others = mended(*best)[table["truth"] != "squiggle"]
    alarms = 100_000 * (others["squiggle"] > 0.5).mean()
    return {"swapped": list(best), "accuracy": accuracy(*best), "false_alarms": alarms}


MYSTERY_SLIPS = [
    ("swapped", lambda pair: [pair[0], pair[0]]),
    ("accuracy", lambda share: 100 * share),
    ("accuracy", lambda share: 1 - share),
    ("false_alarms", lambda n: n / 4),
]

RIGHT = {
    "L12-1": [upright_by_index, cut(lambda first, last: np.linspace(first, last, 64))],
    "L12-2": [[False, True, True, False, True, False, False, True]],
    "L12-3": [network(), network(filters=40), with_softmax_layer, network()()],
    "L12-4": [prepare(), prepare(loss=keras.losses.SparseCategoricalCrossentropy())],
    "L12-5": [precision_by_loop, lambda c: c.diagonal() / c.sum(axis=0)],
    "L12-6": [alarms(false_alarms)],
    "L12-7": [by_quantile, between_two],
    "L12-8": [1066.67, 1067],
    "L12-9": [unfreeze(True, lambda name: "block5" in name), last_three_layers],
}

WRONG = {
    "L12-1": [
        (cut(lambda first, last: np.linspace(last, first, 64)), "leans the other way"),
        (cut(lambda first, last: np.full(64, first)), "the same columns"),
        (cut(lambda first, last: np.linspace(first, last, 65)[:-1]), "63 steps"),
        (cut(lambda first, last: np.linspace(first, last, 64), right=12), "24 columns"),
        (cut(lambda first, last: np.linspace(first, last, 64), left=0, right=25), "first column"),
        (cut(lambda first, last: np.linspace(first, last, 64), left=10, right=11), r"shape \(64, 25\)"),
        (np.zeros((64, 25)), "Expected a function"),
    ],
    "L12-2": [
        ([False] * 8, "."),
        ([False, False, True, False, True, False, False, False], "other side"),
        ([True, False, False, True, False, True, True, False], "other way round"),
        ([False, True, False, False, False, False, False, True], "one side only"),
    ],
    "L12-3": [
        (network(last=4), "five outputs, not four"),
        (network(last=6), "found 6"),
        (network(activation=None), "softmax"),
        (network(activation="sigmoid"), "softmax"),
        (network(shape=(64, 128, 1)), "shape of a picture"),
        (network(shape=(64, 25, 1)), "Two numbers"),
        (network(dense=None), "only adds up"),
        (network(flat=False), "Flatten"),
        (network(filters=300), "parameters; between"),
        (without_convolution, "no convolution"),
        (without_input, "found None"),
        (nothing, "return"),
    ],
    "L12-4": [
        (prepare(lambda batches, epochs: epochs), "Each batch is a step"),
        (prepare(lambda batches, epochs: len(batches)), "end of the first epoch"),
        (prepare(lambda batches, epochs: 2 * epochs * len(batches)), "just at the end|warm-up"),
        (prepare(loss="categorical_crossentropy"), "one-hot"),
        (prepare(loss="mean_squared_error"), "lesson 11"),
        (constant_rate, "stays the same"),
        (gives_no_network, "return network"),
    ],
    "L12-5": [
        (lambda c: c.diagonal() / c.sum(axis=1), "recall"),
        (lambda c: c.diagonal() / c.sum(), "not by all pictures"),
        (lambda c: 1 - c.diagonal() / c.sum(axis=0), "wrongly"),
        (lambda c: c.sum(axis=0) / c.sum(axis=1), "some of them are others"),
        (lambda c: c / c.sum(axis=0), "diagonal"),
        (lambda c: c.trace() / c.sum(), "accuracy"),
        ([0.9, 0.9], "Expected a function"),
    ],
    "L12-6": [
        (alarms(lambda n, p, straight: n * straight.mean()), "n_hits - n_signals"),
        (alarms(lambda n, p, straight: n * p * straight.mean()), "no.* signals"),
        (alarms(lambda n, p, straight: n * (1 - p) * (~straight).mean()), "passed over"),
        (alarms(lambda n, p, straight: straight.sum()), "number of test pictures"),
        (alarms(false_alarms, n_true=lambda n, p, bent: bent.sum()), "values are not right"),
    ],
    "L12-7": [
        (lambda straight, one_in: np.sort(straight)[len(straight) // one_in], "more straight lines"),
        (lambda straight, one_in: straight.mean(), "more straight lines"),
        (lambda straight, one_in: np.sort(straight)[-max(len(straight) // one_in, 1)], "Count from 0"),
        (lambda straight, one_in: straight.max(), "fewer straight lines"),
        (lambda straight, one_in: 1.0, "fewer straight lines"),
        (lambda straight, one_in: np.sort(straight)[::-1], "one number"),
    ],
    "L12-8": [(16.67, "a node has 64"), (320_000, "whole scan"), (3.84, "Upside down"), (3125, "of a MHz")],
    "L12-9": [
        (unfreeze(False, lambda name: name.startswith("block5")), "Nothing can learn: as long"),
        (base_left_as_it_is, "Nothing can learn: as long"),
        (unfreeze(True, lambda name: True), "All layers"),
        (unfreeze(True, lambda name: name == "block5"), "startswith"),
        (unfreeze(True, lambda name: not name.startswith("block5")), "other way round"),
        (unfreeze(True, lambda name: "conv1" in name), "These layers"),
    ],
}
