"""Lesson 12: the exercises, and where VGG16's published weights are looked for."""

import numpy as np

from setilearn.course.answers import array, called, describe, diagnosis, function, instead, number
from setilearn.course.exercise import Exercise
from setilearn.keras_loader import load_keras
from setilearn.learn.images import HALF_WIDTH
from setilearn.learn.networks import aligned_network

TITLE = "Follow the drift first"

BOWS = np.array([0.05, -0.3, 0.22, -0.02, 0.4, -0.1, 0.0, -0.6])
LIMIT = 0.15
ALIGNED = (64, 2 * HALF_WIDTH + 1, 2)
N_OUTPUTS = 5
N_PARAMETERS = (20_000, 300_000)


# What the exercises ask for


def straighten(darkness, first, last):
    """The 25 columns around a line, row by row."""
    nearest = np.rint(np.linspace(first, last, len(darkness))).astype(int)
    return np.array(
        [row[c - HALF_WIDTH : c + HALF_WIDTH + 1] for row, c in zip(darkness, nearest, strict=True)]
    )


def prepare(network, batches, epochs, peak=0.002):
    """The network, compiled with a rate that climbs at first and has fallen to nothing at the end."""
    keras = load_keras()
    n_steps = epochs * len(batches)
    n_warm_up = n_steps // 15
    rate = keras.optimizers.schedules.CosineDecay(
        peak / 10, n_steps - n_warm_up, warmup_target=peak, warmup_steps=n_warm_up
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-4)
    network.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


def precision(confusion):
    """For each class, the share of the pictures called so that are so."""
    return np.diag(confusion) / np.sum(confusion, axis=0)


def alarms(threshold, prevalence, bent, straight, n_hits=1_000_000):
    """True and false alarms among the hits of a night."""
    n_signals = prevalence * n_hits
    n_true = n_signals * np.mean(bent > threshold)
    n_false = (n_hits - n_signals) * np.mean(straight > threshold)
    return n_true, n_false


def choose_threshold(straight, one_in):
    """The lowest threshold that at most one straight line in ``one_in`` exceeds."""
    n_allowed = len(straight) // one_in
    return np.sort(straight)[::-1][n_allowed]


def unfreeze_block5(base):
    """Let the last of VGG16's blocks learn, and it alone."""
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name.startswith("block5")


# How networks and functions are looked at. Each mistake is told by a sentence that stands once.


NO_RETURN = "The function gives nothing back: is there a `return`?"
PICTURES_IN = "That is the shape of a picture. This network is given aligned rows: 64 rows of 25 columns."
ONE_CHANNEL = "Two numbers come with each pixel: how dark it is, and the offset. The last axis has length 2."
FOUR_OUTPUTS = "The two ways of bending get an output each: five outputs, not four."
NO_SOFTMAX = 'The outputs are no probabilities that add up to 1: the last layer wants `activation="softmax"`.'
NO_RELU = "A dense layer without an activation such as ReLU only adds up, and so does what follows."
NOT_FLAT = "What comes out are still maps: is `layers.Flatten()` there?"


@diagnosis
def _wrong_with_network(answer):
    keras = load_keras()
    network, wrong = (answer, None) if isinstance(answer, keras.Model) else called(answer)
    if wrong or network is None:
        return wrong or NO_RETURN
    if not isinstance(network, keras.Model):
        return f"Expected a network, keras.Sequential([...]), found {describe(network)}."
    found = tuple(network.input_shape[1:]) if network.built else None
    if found != ALIGNED:
        return _wrong_with_input(found)
    if len(network.output_shape) != 2:
        return NOT_FLAT
    if network.output_shape[1] != N_OUTPUTS:
        n_outputs = network.output_shape[1]
        return FOUR_OUTPUTS if n_outputs == 4 else f"Five outputs are wanted, found {n_outputs}."
    rows = np.random.default_rng(0).normal(size=(4, *ALIGNED)).astype(np.float32)
    outputs = keras.ops.convert_to_numpy(network(rows, training=False))
    if not np.allclose(outputs.sum(axis=1), 1, atol=1e-3) or outputs.min() < 0:
        return NO_SOFTMAX
    return _wrong_inside(network)


def _wrong_with_input(found):
    if found in ((64, 128, 1), (64, 128)):
        return PICTURES_IN
    if found in (ALIGNED[:2], (*ALIGNED[:2], 1)):
        return ONE_CHANNEL
    return f"Expected an input of the shape (rows, columns, 2), here {ALIGNED}; found {found}."


def _wrong_inside(network):
    layers = load_keras().layers
    if not any(isinstance(layer, layers.Conv2D) for layer in network.layers):
        return "There is no convolution in it: use the blocks."
    for layer, following in zip(network.layers[:-1], network.layers[1:], strict=True):
        # Behind a batch normalisation an activation may come.
        kinds = "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "BatchNormalization"
        bends = any(isinstance(following, getattr(layers, kind)) for kind in kinds)
        if isinstance(layer, layers.Dense) and layer.activation.__name__ == "linear" and not bends:
            return NO_RELU
    n_parameters, (least, most) = network.count_params(), N_PARAMETERS
    if not least <= n_parameters <= most:
        return (
            f"It has {n_parameters:,} parameters; between {least:,} and {most:,} are enough and not too slow."
        )
    return None


def _network(*, shape=ALIGNED, flat=True, dense="relu", last=(N_OUTPUTS, "softmax")):
    """A network that is wrong in one place."""

    def build():
        keras, layers = load_keras(), load_keras().layers
        blocks = [layers.Conv2D(16, 3, padding="same"), layers.ReLU(), layers.AveragePooling2D((8, 2))]
        head = [*[layers.Flatten()] * flat, layers.Dense(64, activation=dense)]
        return keras.Sequential(
            [keras.Input(shape), *blocks, *head, layers.Dense(last[0], activation=last[1])]
        )

    return lambda reference: build


class _Listener:
    """Stands in for a network and keeps what it is compiled with."""

    compiled = None

    def compile(self, optimizer="rmsprop", loss=None, **others):
        self.compiled = {"optimizer": optimizer, "loss": loss, **others}


N_TRIED_EPOCHS, N_TRIED_BATCHES, TRIED_PEAK = 30, 7, 0.004
NOTHING = 1e-7
EPOCHS_ONLY = (
    "The rate has come down to nothing after as many steps as there are epochs. Each batch is a step."
)
BATCHES_ONLY = (
    "The rate has come down to nothing at the end of the first epoch. A step is one batch of one epoch."
)
ONE_HOT_LOSS = (
    "That loss wants one-hot labels. These are whole numbers, 0 to 4: there is a *sparse* one for them."
)
OTHER_LOSS = "That is not the loss of lesson 11: cross-entropy, in its form for whole numbers as labels."


@diagnosis
def _wrong_with_prepare(answer):
    listener = _Listener()
    made, wrong = called(answer, listener, [None] * N_TRIED_BATCHES, N_TRIED_EPOCHS, peak=TRIED_PEAK)
    if wrong:
        return wrong
    if listener.compiled is None:
        return "The network is not compiled: `network.compile(...)`."
    if made is not listener:
        return "The function has to give the network back: `return network`."
    loss = listener.compiled["loss"]
    loss = loss if isinstance(loss, str) else getattr(loss, "name", getattr(loss, "__name__", ""))
    if loss != "sparse_categorical_crossentropy":
        return ONE_HOT_LOSS if loss == "categorical_crossentropy" else OTHER_LOSS
    return _wrong_with_rate(listener.compiled["optimizer"])


def _wrong_with_rate(optimizer):
    keras = load_keras()
    config = keras.optimizers.get(optimizer).get_config()["learning_rate"]
    if not isinstance(config, dict):
        return "The rate stays the same from beginning to end: give the optimizer `rate`."
    schedule = keras.optimizers.schedules.deserialize(config)
    n_steps = N_TRIED_EPOCHS * N_TRIED_BATCHES
    steps = (N_TRIED_BATCHES, n_steps // 15, N_TRIED_EPOCHS, n_steps - N_TRIED_BATCHES, n_steps)
    first_epoch, peak, as_epochs, late, last = (float(schedule(step)) for step in steps)
    if first_epoch < NOTHING:
        return BATCHES_ONLY
    if as_epochs < NOTHING:
        return EPOCHS_ONLY
    if not np.isclose(peak, TRIED_PEAK, rtol=0.02):
        return f"In its {n_steps // 15} steps of warm-up the rate has to climb to `peak`."
    if last > NOTHING or late < NOTHING:
        return f"It has to come down to nothing just at the end: here after {n_steps} steps."
    return None


def _prepared(*, n_steps=None, loss="sparse_categorical_crossentropy"):
    """A `prepare` that counts the steps wrongly, or has another loss."""

    def wrong(network, batches, epochs, peak=0.002):
        n = n_steps(batches, epochs) if n_steps else epochs * len(batches)
        prepare(network, range(n), 1, peak).compiled["loss"] = loss
        return network

    return instead(wrong)


TOO_MANY = "With this threshold more straight lines raise an alarm than were allowed."
ONE_OFF = "One straight line more may raise an alarm: a lower threshold finds more signals. Count from 0."
TOO_HIGH = "With this threshold fewer straight lines raise an alarm than may: a lower one finds more signals."
_SCORES = np.random.default_rng(12).beta(0.3, 3, 300)


@diagnosis
def _wrong_with_threshold(answer):
    for scores, one_in in ((_SCORES, 100), (_SCORES[:80], 20), (_SCORES[:50], 1000)):
        threshold, wrong = called(answer, scores.copy(), one_in)
        if wrong or threshold is None:
            return wrong or NO_RETURN
        if np.ndim(threshold) or not np.isreal(threshold):
            return f"Expected one number, found {describe(threshold)}."
        n_allowed, n_alarms = len(scores) // one_in, int((scores > threshold).sum())
        if n_alarms > n_allowed:
            return TOO_MANY
        if n_alarms < n_allowed:
            return ONE_OFF if n_alarms == n_allowed - 1 else TOO_HIGH
        if n_allowed == 0 and threshold > scores.max() + 1e-6:
            return TOO_HIGH
    return None


STILL_FROZEN = "Nothing can learn: as long as `base` itself is frozen, so are its layers, whatever they say."
ALL_FREE = "All layers can learn now: only those whose name begins with block5 are wanted."
NONE_FREE = "Nothing can learn. `layer.name` is block5_conv1, for instance: ask how it begins, `startswith`."
OTHERS_FREE = "The other way round: block5 is frozen, and all that comes before it can learn."


@diagnosis
def _wrong_with_unfreezing(answer):
    keras = load_keras()
    names = [f"block{block}_{kind}" for block in (3, 4, 5) for kind in ("conv1", "conv2", "pool")]
    pool, convolution = keras.layers.MaxPooling2D, keras.layers.Conv2D
    made = [pool(name=name) if "pool" in name else convolution(2, 1, name=name) for name in names]
    base = keras.Sequential([keras.Input((8, 8, 2)), *made])
    base.trainable = False
    _, wrong = called(answer, base)
    if wrong:
        return wrong
    free = [layer.name for layer in base.layers if layer.trainable_weights]
    if base.trainable and free == ["block5_conv1", "block5_conv2"]:
        return None
    if not base.trainable:
        return STILL_FROZEN
    if free and not any(name.startswith("block5") for name in free):
        return OTHERS_FREE
    if len(free) == 6:
        return ALL_FREE
    return NONE_FREE if not free else f"These layers can learn now: {', '.join(free)}."


def _unfreezing(base_too, chosen):
    def wrong(base):
        base.trainable = base_too
        for layer in base.layers:
            layer.trainable = chosen(layer.name)

    return lambda reference: wrong


def _straightened(columns=None, keep=slice(-HALF_WIDTH, HALF_WIDTH + 1)):
    """A `straighten` that follows other columns, or keeps others."""
    columns = columns or np.linspace

    def wrong(darkness, first, last):
        nearest = np.rint(columns(first, last, len(darkness))).astype(int)
        return np.array(
            [row[c + keep.start : c + keep.stop] for row, c in zip(darkness, nearest, strict=True)]
        )

    return instead(wrong)


def _alarms(n_false):
    """An `alarms` that counts the false ones in another way."""

    def wrong(threshold, prevalence, bent, straight, n_hits=1_000_000):
        n_true, _ = alarms(threshold, prevalence, bent, straight, n_hits)
        return n_true, n_false(n_hits, prevalence, straight > threshold, bent > threshold)

    return instead(wrong)


_PIXELS = np.random.default_rng(5).normal(size=(64, 128))
_COUNTS = np.array([[50, 2, 8], [10, 40, 30], [0, 5, 35]])
_UNEVEN = np.array([[90, 10, 0, 0], [20, 60, 15, 5], [0, 35, 65, 0], [1, 0, 0, 19]])
_BENT, _STRAIGHT = np.array([0.99, 0.9, 0.8, 0.4]), np.array([0.1, 0.2, 0.6, 0.05, 0.3])


EXERCISES = [
    Exercise(
        id="L12-1",
        title="Make a line stand upright",
        reference=lambda: straighten,
        check=function((_PIXELS, 40.2, 71.9), (_PIXELS, 101.3, 88.6)),
        mistakes=[
            (
                _straightened(lambda first, last, n: np.linspace(last, first, n)),
                "It follows a line that leans the other way: `first` is its column in the first row.",
            ),
            (
                _straightened(lambda first, last, n: np.full(n, first)),
                "It cuts the same columns out of every row, and the line still leans: it ends at `last`.",
            ),
            (
                _straightened(lambda first, last, n: first + (last - first) * np.arange(n) / n),
                "It does not reach `last` in the last row: from the first row to the last are 63 steps.",
            ),
            (
                _straightened(keep=slice(-HALF_WIDTH, HALF_WIDTH)),
                "These are 24 columns, only 11 to the right: a slice ends before its last number.",
            ),
            (
                _straightened(keep=slice(0, 2 * HALF_WIDTH + 1)),
                "The line stands in the first column. It has to stand in the middle of the 25.",
            ),
        ],
        hints=[
            "`np.linspace(a, b, n)` gives n evenly spaced numbers from a to b. One for each row is wanted.",
            "From 12 columns to the left of c to 12 to the right: `row[c - 12 : c + 13]`.",
        ],
        solution="""
            def straighten(darkness, first, last):
                columns = np.linspace(first, last, 64)  # of the line, one for each of the 64 rows
                nearest = np.rint(columns).astype(int)
                return np.array([row[c - 12 : c + 13] for row, c in zip(darkness, nearest, strict=True)])
        """,
    ),
    Exercise(
        id="L12-2",
        title="One number in the right place",
        reference=np.abs(BOWS) > LIMIT,
        check=array(),
        mistakes=[
            (BOWS > LIMIT, "Those bent to the other side, with a bow below 0, are bent as well."),
            (np.abs(BOWS) < LIMIT, "That is True for the straight ones: the other way round."),
            (
                BOWS < LIMIT,
                "That is True for all not bent to the one side; take the size of the bow.",
            ),
            (BOWS < -LIMIT, "That is one side only: those with a bow above 0 are bent as well."),
        ],
        hints=["The side does not matter: compare the size of the bow.", "`np.abs(example)` is the size."],
        solution="""
            limit = 0.15
            example = np.array([0.05, -0.3, 0.22, -0.02, 0.4, -0.1, 0.0, -0.6])
            called_bent = np.abs(example) > limit
        """,
    ),
    Exercise(
        id="L12-3",
        title="A network for upright lines",
        reference=lambda: aligned_network,
        check=_wrong_with_network,
        mistakes=[
            (_network(last=(4, "softmax")), FOUR_OUTPUTS),
            (_network(last=(N_OUTPUTS, None)), NO_SOFTMAX),
            (_network(shape=(64, 128, 1)), PICTURES_IN),
            (_network(shape=(64, 25, 1)), ONE_CHANNEL),
            (_network(dense=None), NO_RELU),
            (_network(flat=False), NOT_FLAT),
        ],
        hints=[
            "The first blank is the shape of one example in a batch, without the number of examples.",
            'In the middle `layers.Dense(64, activation="relu")`; at the end one output for each target.',
        ],
        solution="""
            def build():
                blocks = [*block(16, (3, 5), (4, 1)), *block(32, 3, 2), *block(32, 3, 2)]
                numbers = [layers.Flatten(), layers.Dropout(0.1)]
                dense = [layers.Dense(64, activation="relu"), layers.Dropout(0.1)]
                last = layers.Dense(5, activation="softmax")
                return keras.Sequential([keras.Input((64, 25, 2)), *blocks, *numbers, *dense, last])
        """,
    ),
    Exercise(
        id="L12-4",
        title="A rate that reaches the end",
        reference=lambda: prepare,
        check=_wrong_with_prepare,
        mistakes=[
            (_prepared(n_steps=lambda batches, epochs: epochs), EPOCHS_ONLY),
            (_prepared(n_steps=lambda batches, epochs: len(batches)), BATCHES_ONLY),
            (_prepared(loss="categorical_crossentropy"), ONE_HOT_LOSS),
            (_prepared(loss="mean_squared_error"), OTHER_LOSS),
        ],
        hints=[
            "`len(batches)` is the number of batches in an epoch. How many in all epochs together?",
            'The loss for targets that are whole numbers is `"sparse_categorical_crossentropy"`.',
        ],
        solution="""
            def prepare(network, batches, epochs, peak=0.002):
                n_steps = epochs * len(batches)  # batches in all epochs together
                options = {"warmup_target": peak, "warmup_steps": n_steps // 15}
                rate = keras.optimizers.schedules.CosineDecay(peak / 10, n_steps - n_steps // 15, **options)
                optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-4)
                network.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
                return network
        """,
    ),
    Exercise(
        id="L12-5",
        title="Precision of every class",
        reference=lambda: precision,
        check=function((_COUNTS,), (_UNEVEN,)),
        mistakes=[
            (
                instead(lambda c: np.diag(c) / np.sum(c, axis=1)),
                "That is along the rows: the share of those that are, which are called so (recall).",
            ),
            (
                instead(lambda c: np.diag(c) / np.sum(c)),
                "Divide by how many are called so, class by class, not by all pictures.",
            ),
            (
                instead(lambda c: 1 - np.diag(c) / np.sum(c, axis=0)),
                "That is the share that is called so wrongly.",
            ),
            (
                instead(lambda c: np.sum(c, axis=0) / np.sum(c, axis=1)),
                "That compares how many are called so with how many are; some of them are others.",
            ),
            (
                instead(lambda c: c / np.sum(c, axis=0)),
                "That is the whole matrix. One number for each class is wanted: those on its diagonal.",
            ),
            (
                instead(lambda c: np.diag(c).sum() / np.sum(c)),
                "That is the accuracy, one number for all. One for each class is wanted.",
            ),
        ],
        hints=[
            "What is called by a name stands in its column; what is called so rightly, on the diagonal.",
            "`np.diag(confusion)` is the diagonal, `confusion.sum(axis=0)` adds up each column.",
        ],
        solution="""
            def precision(confusion):
                right = np.diag(confusion)
                called_so = np.sum(confusion, axis=0)
                return right / called_so
        """,
    ),
    Exercise(
        id="L12-6",
        title="One in a million",
        reference=lambda: alarms,
        check=function(
            (0.5, 0.2, _BENT, _STRAIGHT),
            (0.15, 0.001, _BENT, _STRAIGHT),
            (0.5, 0.25, _BENT, _STRAIGHT, 1000),
        ),
        mistakes=[
            (
                _alarms(lambda n, p, straight, bent: n * straight.mean()),
                "Nearly: hits that are signals raise no false alarm, so take n_hits - n_signals.",
            ),
            (
                _alarms(lambda n, p, straight, bent: p * n * straight.mean()),
                "False alarms come from all hits that are *no* signals; these are far more than the signals.",
            ),
            (
                _alarms(lambda n, p, straight, bent: (1 - p) * n * (1 - straight.mean())),
                "Those are straight lines that are passed over. An alarm is a score *above* the threshold.",
            ),
            (
                _alarms(lambda n, p, straight, bent: (1 - p) * n * (1 - bent.mean())),
                "Those are signals that are missed. False alarms are straight lines above the threshold.",
            ),
            (
                _alarms(lambda n, p, straight, bent: straight.sum()),
                "That is a number of test pictures: take their share, and of all hits that are no signals.",
            ),
        ],
        hints=[
            "How many hits are no signals? And what share of the straight lines is above the threshold?",
            "`np.mean(straight > threshold)` is that share.",
        ],
        solution="""
            def alarms(threshold, prevalence, bent, straight, n_hits=1_000_000):
                n_signals = prevalence * n_hits
                n_true = n_signals * np.mean(bent > threshold)
                n_false = (n_hits - n_signals) * np.mean(straight > threshold)
                return n_true, n_false
        """,
    ),
    Exercise(
        id="L12-7",
        title="As few false alarms as you say",
        reference=lambda: choose_threshold,
        check=_wrong_with_threshold,
        mistakes=[
            (instead(lambda scores, one_in: np.sort(scores)[len(scores) // one_in]), TOO_MANY),
            (
                instead(lambda scores, one_in: np.sort(scores)[::-1][max(len(scores) // one_in - 1, 0)]),
                ONE_OFF,
            ),
            (instead(lambda scores, one_in: np.max(scores)), TOO_HIGH),
        ],
        hints=[
            "None is above the highest score (index 0), one is above the next (index 1).",
            "Which index leaves `n_allowed` of them above?",
        ],
        solution="""
            def choose_threshold(straight, one_in):
                n_allowed = len(straight) // one_in
                from_high_to_low = np.sort(straight)[::-1]
                return from_high_to_low[n_allowed]
        """,
    ),
    Exercise(
        id="L12-8",
        title="Hits a second",
        reference=64 * 5000 / 300,
        check=number(unit="hits a second", rel_tol=0.01),
        mistakes=[
            (5000 / 300, "That is of one coarse channel; a node has 64."),
            (64 * 5000, "That is for the whole scan, of 300 s."),
            (64 * 300 / 5000, "Upside down: hits are divided by seconds."),
            (187.5 * 5000 / 300, "5000 hits are those of a coarse channel, not of a MHz."),
        ],
        hints=["How many hits has the node in a scan?", "Divide by the length of the scan."],
        solution="hits_hz = 64 * 5000 / 300",
    ),
    Exercise(
        id="L12-9",
        title="Let one block learn",
        reference=lambda: unfreeze_block5,
        check=_wrong_with_unfreezing,
        mistakes=[
            (_unfreezing(False, lambda name: name.startswith("block5")), STILL_FROZEN),
            (_unfreezing(True, lambda name: True), ALL_FREE),
            (_unfreezing(True, lambda name: name == "block5"), NONE_FREE),
            (_unfreezing(True, lambda name: not name.startswith("block5")), OTHERS_FREE),
        ],
        hints=[
            "First the base as a whole has to be free, then each layer is told whether it may learn.",
            '`layer.name.startswith("block5")` is True for the layers of the last block.',
        ],
        solution="""
            def unfreeze_block5(base):
                base.trainable = True
                for layer in base.layers:
                    layer.trainable = layer.name.startswith("block5")
        """,
    ),
]
