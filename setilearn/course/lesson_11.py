"""Lesson 11: the exercises, and the recorded training of the text's network."""

import math

import numpy as np

from setilearn.course.answers import (
    array,
    called,
    describe,
    diagnosis,
    function,
    instead,
    number,
    shorten,
)
from setilearn.course.exercise import Exercise
from setilearn.keras_loader import load_keras
from setilearn.learn.networks import course_network

TITLE = "Build a network in Keras"

PICTURE = (64, 128, 1)
N_CLASSES = 4
STEPS_AN_EPOCH = 100


# What the first exercises ask for, and what is often written in its place


def softmax(scores):
    powers = np.exp(scores - np.max(scores))
    return powers / powers.sum()


def cross_entropy(probabilities, truth):
    return -np.log(probabilities[truth])


def step(weights, pixels, truth, rate):
    wanted = np.eye(weights.shape[1])[truth]
    return weights - rate * np.outer(pixels, softmax(pixels @ weights) - wanted)


def _other_step(change):
    """A step that goes elsewhere: ``change`` is given the pixels, the probabilities and those wanted."""

    def wrong(weights, pixels, truth, rate):
        wanted = np.eye(weights.shape[1])[truth]
        return weights - rate * change(pixels, softmax(pixels @ weights), wanted)

    return wrong


def convolve(picture, kernel):
    n, m = kernel.shape
    patches = np.lib.stride_tricks.sliding_window_view(picture, (n, m))
    return (patches * kernel).sum(axis=(2, 3))


_RNG = np.random.default_rng(11)
_WEIGHTS, _PIXELS = _RNG.normal(size=(8, 4)), _RNG.random(8)
_PATCH = _RNG.integers(0, 5, (6, 7)).astype(float)
_KERNEL = np.array([[-1.0, 2.0, -1.0], [-1.0, 2.0, -1.0], [0.0, 3.0, 1.0]])


# Layers and networks are looked at for what they do


def _of_kind(layer, name):
    return isinstance(layer, getattr(load_keras().layers, name))


def _count(layers, *names):
    return sum(any(_of_kind(layer, name) for name in names) for layer in layers)


def _built(answer, *arguments):
    """What the student's function builds, and None; or None and what is wrong."""
    made, wrong = called(answer, *arguments)
    if wrong:
        return None, wrong
    return made, "It gives nothing back: is there a `return`?" if made is None else None


@diagnosis
def _wrong_with_block(answer):
    made, wrong = _built(answer, 6)
    if wrong:
        return wrong
    if not isinstance(made, (list, tuple)):
        return f"Expected a list of layers, found {describe(made)}."
    if strangers := [layer for layer in made if not isinstance(layer, load_keras().layers.Layer)]:
        return f"Expected layers in the list, found {describe(strangers[0])}."
    convolutions = [layer for layer in made if _of_kind(layer, "Conv2D")]
    if not convolutions or convolutions[0].filters != 6:
        return "The convolution has to have as many filters as `block` is given."
    if not _count(made, "BatchNormalization"):
        return "The batch normalisation is missing."
    return _wrong_with_ends(made, convolutions[0])


def _wrong_with_ends(made, convolution):
    """Activation, pooling and dropout of a block."""
    activations = [convolution.activation.__name__]
    activations += [layer.activation.__name__ for layer in made if _of_kind(layer, "Activation")]
    if not _count(made, "ReLU", "LeakyReLU", "ELU") and not {"relu", "leaky_relu", "elu", "gelu"} & {
        *activations
    }:
        return "Nothing bends the numbers: a convolution without an activation such as ReLU only adds up."
    rates = [layer.rate for layer in made if _of_kind(layer, "Dropout")]
    if not rates:
        return "The dropout is missing."
    if not 0 < rates[0] <= 0.6:
        return f"The dropout leaves out the share that it is given, here {rates[0]:g}: 0.25 is wanted."
    network = load_keras().Sequential([load_keras().Input(PICTURE), *made])
    rows, columns = network.output_shape[1:3]
    if (rows, columns) == PICTURE[:2]:
        return "The maps come out as large as they went in: the pooling is missing."
    if (rows, columns) != (32, 64):
        return f"Of 64 x 128 the block makes {rows} x {columns}: padding='same' and pooling make 32 x 64."
    return None


@diagnosis
def _wrong_with_network(answer):
    network, wrong = _built(answer, 8)
    if wrong:
        return wrong
    if not isinstance(network, load_keras().Model):
        return f"Expected a network, keras.Sequential([...]), found {describe(network)}."
    if not network.built or tuple(network.input_shape[1:]) != PICTURE:
        found = tuple(network.input_shape[1:]) if network.built else "none"
        return f"Each picture has the shape (64, 128, 1): keras.Input((64, 128, 1)); found {found}."
    if len(network.output_shape) != 2:
        return f"The maps are still maps at the end, {network.output_shape[1:]}: layers.Flatten() is missing."
    if network.output_shape[1] != N_CLASSES:
        return f"There are four classes, and so four outputs; found {network.output_shape[1]}."
    outputs = load_keras().ops.convert_to_numpy(network(_RNG.random((3, *PICTURE)).astype(np.float32)))
    if not np.allclose(outputs.sum(axis=1), 1, atol=1e-3) or outputs.min() < 0:
        return "The outputs do not add up to 1: the last layer wants activation='softmax'."
    return _wrong_inside(network)


def _wrong_inside(network):
    if _count(network.layers, "Conv2D") < 2:
        return f"Two blocks with a convolution each are wanted, found {_count(network.layers, 'Conv2D')}."
    dense = [layer for layer in network.layers if _of_kind(layer, "Dense")]
    if len(dense) < 2 or not 64 <= dense[0].units <= 512:
        return "Between the maps and the four outputs a dense layer of 1024 // divide_by numbers is wanted."
    expected = build(divide_by=8).count_params()
    if not expected / 3 < network.count_params() < 3 * expected:
        return (
            f"The network has {network.count_params():,} parameters, about {expected:,} are expected: "
            "is each width divided, and is there a pooling in each block?"
        )
    return None


@diagnosis
def _wrong_with_flips(answer):
    """What is wrong with a function that mirrors some of the pictures."""
    images = np.arange(200 * 2 * 3, dtype=np.float32).reshape(200, 2, 3, 1)
    before = images.copy()
    made, wrong = _built(answer, images, np.random.default_rng(3))
    if wrong:
        return wrong
    if np.shape(made) != images.shape:
        return f"Expected as many pictures as before, of the shape {images.shape}, found {np.shape(made)}."
    if (images != before).any():
        return "It changes the pictures themselves, for the next epoch too: work on a copy."
    return _wrong_with_mirrored(np.asarray(made), before)


def _wrong_with_mirrored(made, before):
    same, mirrored = ((made == one).all(axis=(1, 2, 3)) for one in (before, before[:, :, ::-1]))
    if (made == before[:, ::-1]).all(axis=(1, 2, 3)).sum() > len(made) // 10:
        return "That turns the pictures upside down: axis 1 is time. Left and right is axis 2."
    if not (same | mirrored).all():
        return "Some pictures come out neither as they were nor mirrored."
    if not 0.3 < mirrored.mean() < 0.7:
        return f"About half of the pictures are to be mirrored, each by chance; found {mirrored.mean():.0%}."
    return None


def _decay(decay_steps, decay_rate=0.96, **others):
    def meant(first_rate):
        options = {"initial_learning_rate": first_rate, "decay_steps": decay_steps, "decay_rate": decay_rate}
        return load_keras().optimizers.schedules.ExponentialDecay(**(options | others))

    return meant


def _check_decay(answer, reference):
    schedule, wrong = _built(answer, 0.005)
    if wrong:
        return wrong
    if not callable(schedule):
        return f"Expected a schedule, decay(...), found {describe(schedule)}."
    wanted = reference(0.005)
    for n_steps in (0, 50, 250, 500, 1200, 6000):
        rate, right = float(schedule(n_steps)), float(wanted(n_steps))
        # With staircase=True the rate stands still within a step.
        if not right * 0.9599 <= rate <= right * 1.0417:
            return f"After {n_steps} batches the rate is {rate:.3g}, wanted is {right:.3g}."
    return None


@diagnosis
def _wrong_with_log(answer):
    keras = load_keras()
    if not isinstance(answer, type) or not issubclass(answer, keras.callbacks.Callback):
        return f"Expected a class made from keras.callbacks.Callback, found {describe(answer)}."
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=4, decay_rate=0.5)
    network.compile(keras.optimizers.SGD(schedule), "mean_squared_error")
    log, wrong = _built(answer)
    if wrong:
        return wrong
    try:
        network.fit(np.ones((8, 2)), np.ones((8, 1)), batch_size=2, epochs=3, verbose=0, callbacks=[log])
        rates = [float(rate) for rate in log.rates]
    except Exception as error:
        return f"In training it stops: {shorten(f'{type(error).__name__}: {error}', 300)}"
    return _wrong_with_rates(rates)


def _wrong_with_rates(rates):
    if len(rates) == 12:
        return "One number for each epoch is wanted, not one for each batch."
    if len(rates) != 3:
        return f"After three epochs `rates` holds {len(rates)} numbers: one for each epoch is wanted."
    if np.allclose(rates, 0.1):
        return "That is the rate at the beginning, each time: ask `self.model.optimizer.learning_rate`."
    if not np.allclose(rates, [0.05, 0.025, 0.0125], rtol=0.25):
        return "These are no learning rates: `self.model.optimizer.learning_rate` is the one of the moment."
    return None


def _log_of(what, when="on_epoch_end"):
    """A callback that keeps something else, or at another time."""

    def begin(self, logs=None):
        self.rates = []

    def note(self, number, logs=None):
        self.rates.append(what(self, logs))

    return type("Log", (load_keras().callbacks.Callback,), {"on_train_begin": begin, when: note})


def _rate_now(log, logs):
    return float(log.model.optimizer.learning_rate)


# Twelve pictures, what a network said of them and what they are: what L11-10 is tried on
_SAID = np.array(
    [
        [0.9, 0.05, 0.04, 0.01],
        [0.8, 0.1, 0.1, 0.0],
        [0.2, 0.3, 0.4, 0.1],
        [0.1, 0.5, 0.4, 0.0],
        [0.0, 0.6, 0.4, 0.0],
        [0.0, 0.45, 0.55, 0.0],
        [0.0, 0.52, 0.48, 0.0],
        [0.0, 0.51, 0.49, 0.0],
        [0.0, 0.4, 0.6, 0.0],
        [0.0, 0.0, 0.0, 1.0],
        [0.1, 0.0, 0.0, 0.9],
        [0.0, 0.1, 0.0, 0.9],
    ]
)
_ARE = np.eye(4)[np.repeat(np.arange(4), 3)]


def count_matrix(probabilities, labels):
    counts = np.zeros((N_CLASSES, N_CLASSES), dtype=int)
    np.add.at(counts, (labels.argmax(axis=1), probabilities.argmax(axis=1)), 1)
    return counts


def _plain_block(filters):
    return [load_keras().layers.Conv2D(filters, 5, padding="same")]


def _block(filters, *, relu=True, pool=True, rate=0.25):
    layers = load_keras().layers
    made = [layers.Conv2D(filters, 5, padding="same"), layers.BatchNormalization()]
    return [*made, *[layers.ReLU()] * relu, *[layers.MaxPooling2D()] * pool, layers.Dropout(rate)]


def block(filters):
    """Convolution, batch normalisation, ReLU, pooling and dropout: the text's block."""
    return _block(filters)


def _network(*, shape=PICTURE, flat=True, n_outputs=N_CLASSES, activation="softmax"):
    def build(divide_by):
        keras = load_keras()
        ends = [keras.layers.Flatten()] * flat
        ends += [keras.layers.Dense(1024 // divide_by), keras.layers.Dense(n_outputs, activation=activation)]
        return keras.Sequential(
            [keras.Input(shape), *_block(32 // divide_by), *_block(64 // divide_by), *ends]
        )

    return build


def build(divide_by):
    """The text's network, each of its layers ``divide_by`` times as narrow."""
    return course_network(divide_by=divide_by)


def flip_some(images, rng):
    """A copy of the pictures, about half of them mirrored."""
    images, mirror = images.copy(), rng.random(len(images)) < 0.5
    images[mirror] = images[mirror, :, ::-1]
    return images


def _flip_in_place(images, rng):
    mirror = rng.random(len(images)) < 0.5
    images[mirror] = images[mirror, :, ::-1]
    return images


def _flip_axis(axis):
    def flip(images, rng):
        images, mirror = images.copy(), rng.random(len(images)) < 0.5
        images[mirror] = np.flip(images[mirror], axis)
        return images

    return flip


EXERCISES = [
    Exercise(
        id="L11-1",
        title="Scores become probabilities",
        reference=lambda: softmax,
        check=function(
            (np.array([1.0, 2.0, 0.0, -1.0]),),
            (np.zeros(4),),
            (np.array([3.0, 1.0]),),
            (np.array([-700.0, -701.0, -720.0]),),
        ),
        mistakes=[
            (
                instead(lambda scores: scores / scores.sum() if scores.sum() else scores * np.nan),
                "That divides the scores themselves: take np.exp of them first, so that none is negative.",
            ),
            (
                instead(lambda scores: np.exp(scores) / np.exp(scores).max()),
                "Divide by the sum, not by the largest one: probabilities add up to 1.",
            ),
            (instead(np.exp), "That is np.exp alone: the numbers do not add up to 1 yet."),
            (
                instead(lambda scores: np.exp(scores) / len(scores)),
                "Divide by the sum of np.exp(scores), not by how many there are.",
            ),
        ],
        hints=[
            "Two steps: `np.exp(scores)` makes all of them positive; divide these by their sum.",
            "`powers = np.exp(scores)` and `powers / powers.sum()`.",
        ],
        solution="""
            def softmax(scores):
                powers = np.exp(scores)
                return powers / powers.sum()
        """,
    ),
    Exercise(
        id="L11-2",
        title="What a wrong guess costs",
        reference=lambda: cross_entropy,
        check=function(
            (np.array([0.7, 0.2, 0.05, 0.05]), 0), (np.array([0.5, 0.5]), 1), (np.array([0.01, 0.99]), 0)
        ),
        mistakes=[
            (
                instead(lambda p, truth: np.log(p[truth])),
                "The size is right: it is *minus* the logarithm, so that a cost is above 0.",
            ),
            (
                instead(lambda p, truth: -np.log10(p[truth])),
                "That is the logarithm to base 10: np.log is wanted.",
            ),
            (
                instead(lambda p, truth: -np.log2(p[truth])),
                "That is the logarithm to base 2: np.log is wanted.",
            ),
            (
                instead(lambda p, truth: 1 - p[truth]),
                "That is the probability of all others; take -np.log.",
            ),
            (
                instead(lambda p, truth: -np.log(p).sum()),
                "Only the probability of the true class counts: probabilities[truth].",
            ),
            (
                instead(lambda p, truth: -np.log(p)),
                "That is one number a class; that of the true class is wanted.",
            ),
            (
                instead(lambda p, truth: -np.log(p.max())),
                "That is the cost if the largest probability were the true one: take probabilities[truth].",
            ),
        ],
        hints=["Take the probability of the true class, `probabilities[truth]`.", "`-np.log(...)` of it."],
        solution="""
            def cross_entropy(probabilities, truth):
                return -np.log(probabilities[truth])
        """,
    ),
    Exercise(
        id="L11-3",
        title="One step downhill",
        reference=lambda: step,
        check=function(
            (_WEIGHTS, _PIXELS, 2, 0.5), (np.zeros((8, 4)), _PIXELS, 0, 0.1), (_WEIGHTS, _PIXELS, 1, 0.0)
        ),
        mistakes=[
            (
                instead(_other_step(lambda x, p, wanted: -np.outer(x, p - wanted))),
                "That goes uphill: the gradient is subtracted, or the loss grows.",
            ),
            (
                instead(_other_step(lambda x, p, wanted: np.outer(x, p))),
                "That is without what was wanted: the gradient is pixels times (probabilities - wanted).",
            ),
            (
                instead(lambda weights, pixels, truth, rate: step(weights, pixels, truth, 1.0)),
                "The learning rate is missing: the gradient is multiplied by `rate`.",
            ),
            (
                instead(lambda weights, pixels, truth, rate: weights - step(weights, pixels, truth, rate)),
                "That is the change alone; what is wanted are the weights after it.",
            ),
        ],
        hints=[
            "Downhill is against the gradient: new weights = old weights minus something.",
            "`weights - rate * gradient`",
        ],
        solution="""
            def step(weights, pixels, truth, rate):
                probabilities = softmax(pixels @ weights)
                wanted = np.eye(4)[truth]
                gradient = np.outer(pixels, probabilities - wanted)
                return weights - rate * gradient
        """,
    ),
    Exercise(
        id="L11-4",
        title="A convolution by hand",
        reference=lambda: convolve,
        check=function((_PATCH, _KERNEL), (np.eye(5), np.ones((2, 2))), (_PATCH, np.array([[1.0, -1.0]]))),
        mistakes=[
            (
                instead(lambda picture, kernel: convolve(picture, kernel[::-1, ::-1])),
                "The kernel is turned round. Mathematicians do that; in a network it is laid on as it is.",
            ),
            (
                instead(lambda picture, kernel: convolve(picture, kernel) / kernel.size),
                "Add up the products, do not take their mean.",
            ),
            (
                instead(lambda picture, kernel: convolve(picture, np.ones_like(kernel))),
                "The kernel is not used: multiply the patch by it before adding up.",
            ),
        ],
        hints=[
            "Multiply patch and kernel pixel by pixel, and add up: one number.",
            "`(patch * kernel).sum()`",
        ],
        solution="""
            def convolve(picture, kernel):
                n, m = kernel.shape
                found = np.zeros((picture.shape[0] - n + 1, picture.shape[1] - m + 1))
                for row, column in np.ndindex(found.shape):
                    patch = picture[row : row + n, column : column + m]
                    found[row, column] = (patch * kernel).sum()
                return found
        """,
    ),
    Exercise(
        id="L11-5",
        title="A block of layers",
        reference=lambda: block,
        check=_wrong_with_block,
        mistakes=[
            (
                instead(lambda filters: _block(filters, relu=False)),
                "Nothing bends the numbers: a convolution without an activation such as ReLU only adds up.",
            ),
            (
                instead(lambda filters: _block(filters, pool=False)),
                "The maps come out as large as they went in: the pooling is missing.",
            ),
            (instead(_plain_block), "The batch normalisation is missing."),
            (
                instead(lambda filters: _block(32)),
                "The convolution has to have as many filters as `block` is given.",
            ),
            (
                instead(lambda filters: _block(filters, rate=0.75)),
                "The dropout leaves out the share that it is given, here 0.75: 0.25 is wanted.",
            ),
        ],
        hints=[
            "The names are in the text above: layers.BatchNormalization, layers.ReLU, layers.MaxPooling2D.",
            "A layer is called when it is made: `layers.ReLU()`, with parentheses.",
        ],
        solution="""
            def block(filters):
                first = layers.Conv2D(filters, 5, padding="same")
                second = layers.BatchNormalization(momentum=0.9)
                return [first, second, layers.ReLU(), layers.MaxPooling2D(), layers.Dropout(0.25)]
        """,
    ),
    Exercise(
        id="L11-6",
        title="The whole network",
        reference=lambda: build,
        check=_wrong_with_network,
        mistakes=[
            (
                instead(_network(activation=None)),
                "The outputs do not add up to 1: the last layer wants activation='softmax'.",
            ),
            (
                instead(_network(flat=False)),
                "The maps are still maps at the end, (16, 32, 4): layers.Flatten() is missing.",
            ),
            (instead(_network(n_outputs=1)), "There are four classes, and so four outputs; found 1."),
            (
                instead(_network(shape=(128, 64, 1))),
                "Each picture has the shape (64, 128, 1): keras.Input((64, 128, 1)); found (128, 64, 1).",
            ),
        ],
        hints=[
            "keras.Input is told the shape of one picture: rows, columns, channels.",
            "Before the dense layer stands `layers.Flatten()`; at the end a dense layer of 4, softmax.",
        ],
        solution="""
            def build(divide_by):
                first = block(32 // divide_by)[: 5 if divide_by == 1 else 4]
                made = [keras.Input((64, 128, 1)), *first, *block(64 // divide_by)]
                made += [layers.Flatten(), layers.Dense(1024 // divide_by)]
                made += [layers.BatchNormalization(momentum=0.9), layers.ReLU(), layers.Dropout(0.4)]
                made += [layers.Dense(4, activation="softmax")]
                return keras.Sequential(made)
        """,
    ),
    Exercise(
        id="L11-7",
        title="Pictures in a mirror",
        reference=lambda: flip_some,
        check=_wrong_with_flips,
        mistakes=[
            (
                instead(_flip_axis(1)),
                "That turns the pictures upside down: axis 1 is time. Left and right is axis 2.",
            ),
            (
                instead(_flip_in_place),
                "It changes the pictures themselves, for the next epoch too: work on a copy.",
            ),
            (
                instead(lambda images, rng: images[:, :, ::-1]),
                "About half of the pictures are to be mirrored, each by chance; found 100%.",
            ),
            (
                instead(lambda images, rng: images.copy()),
                "About half of the pictures are to be mirrored, each by chance; found 0%.",
            ),
        ],
        hints=[
            "`images[mirror]` are the pictures to be mirrored; `[:, :, ::-1]` runs backwards along axis 2.",
            "`images[mirror][:, :, ::-1]`",
        ],
        solution="""
            def flip_some(images, rng):
                images = images.copy()
                mirror = rng.random(len(images)) < 0.5
                images[mirror] = images[mirror][:, :, ::-1]
                return images
        """,
    ),
    Exercise(
        id="L11-8",
        title="What the author very likely meant",
        reference=lambda: _decay(5 * STEPS_AN_EPOCH),
        check=_check_decay,
        mistakes=[
            (instead(_decay(5)), "That is the one of the text: it falls every 5 batches."),
            (instead(_decay(100)), "That falls every epoch; every five epochs is wanted."),
            (
                instead(_decay(5 * 32)),
                "decay_steps counts batches: how many are five epochs of 100 batches?",
            ),
            (instead(_decay(5 * 3200)), "decay_steps counts batches, not pictures."),
            (
                instead(_decay(500, 0.005, initial_learning_rate=0.96)),
                "First rate and factor have changed places.",
            ),
            (instead(_decay(500, 0.04)), "It is multiplied by 0.96, not by 0.04."),
        ],
        hints=["`decay_steps` counts batches, and an epoch has 100.", "Five epochs are 500 batches."],
        solution="""
            def meant(first_rate):
                decay = keras.optimizers.schedules.ExponentialDecay
                return decay(first_rate, decay_steps=500, decay_rate=0.96)
        """,
    ),
    Exercise(
        id="L11-9",
        title="A callback of your own",
        reference=lambda: _log_of(_rate_now),
        check=_wrong_with_log,
        mistakes=[
            (
                lambda reference: _log_of(lambda log, logs: 0.1),
                "That is the rate at the beginning, each time: ask `self.model.optimizer.learning_rate`.",
            ),
            (
                lambda reference: _log_of(lambda log, logs: logs["loss"]),
                "These are no learning rates: `self.model.optimizer.learning_rate` is the one of the moment.",
            ),
            (
                lambda reference: _log_of(_rate_now, "on_train_batch_end"),
                "One number for each epoch is wanted, not one for each batch.",
            ),
        ],
        hints=[
            "In a callback `self.model` is the network, and `self.model.optimizer` what changes its weights.",
            "`float(self.model.optimizer.learning_rate)`",
        ],
        solution="""
            class RateLog(keras.callbacks.Callback):
                def on_train_begin(self, logs=None):
                    self.rates = []

                def on_epoch_end(self, epoch, logs=None):
                    self.rates.append(float(self.model.optimizer.learning_rate))
        """,
    ),
    Exercise(
        id="L11-10",
        title="Who is taken for whom",
        reference=lambda: count_matrix,
        check=function((_SAID, _ARE), (_SAID[:7], _ARE[:7]), compare=array()),
        mistakes=[
            (
                instead(lambda said, are: count_matrix(are, said)),
                "Rows and columns have changed places: the true classes come first.",
            ),
            (
                instead(lambda said, are: count_matrix(said, said)),
                "That compares what the network said with itself.",
            ),
            (
                instead(lambda said, are: count_matrix(said, are) / len(said)),
                "Counts are wanted, not shares.",
            ),
        ],
        hints=[
            "`labels.argmax(axis=1)` are the true classes, `probabilities.argmax(axis=1)` the predicted.",
            "`confusion_matrix(true, predicted, labels=range(4))`, in this order.",
        ],
        solution="""
            from sklearn.metrics import confusion_matrix


            def count_matrix(probabilities, labels):
                predicted = probabilities.argmax(axis=1)
                true = labels.argmax(axis=1)
                return confusion_matrix(true, predicted, labels=range(4))
        """,
    ),
    Exercise(
        id="L11-11",
        title="What a shrug costs",
        reference=math.log(2) / 2,
        check=number(rel_tol=2e-3),
        mistakes=[
            (math.log(2), "That is the loss of a line; half of the pictures are no lines and cost nothing."),
            (-math.log(2) / 2, "The size is right: the loss is *minus* the logarithm, and so above 0."),
            (math.log10(2) / 2, "That is with the logarithm to base 10; the natural one is asked for."),
            (0.5, "That is the base-2 logarithm; the natural one, np.log, is asked for."),
            (math.log(4), "That is the loss of one who gives each class a quarter."),
            (0.25, "That is the share of wrong answers, not the loss."),
        ],
        hints=[
            "`cross_entropy` of a probability of 1 is 0, that of one half is np.log(2).",
            "Four classes of equal size: two cost nothing, two cost np.log(2). Take the mean.",
        ],
        solution="mean_loss = (0 + 0 + np.log(2) + np.log(2)) / 4",
    ),
]
