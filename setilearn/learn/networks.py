"""Two networks in Keras: the one that courses train on whole pictures, and a small one for aligned rows.

Lessons 11 and 12 build both, layer by layer. Their first weights are drawn from Keras's own random numbers:
``keras.utils.set_random_seed`` settles them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from setilearn.keras_loader import load_keras
from setilearn.learn.four_classes import CLASS_NAMES
from setilearn.learn.images import HALF_WIDTH, IMAGE_SIZE

if TYPE_CHECKING:
    from setilearn.learn.classifier import Classifier


def course_network(*, divide_by=1, size=IMAGE_SIZE, n_outputs=4):
    """The network of T. Sengupta (2020) and the notebooks before: 33.6 million parameters.

    Two blocks of convolution, batch normalisation, ReLU, pooling and dropout, and a dense layer of 1024.
    ``divide_by`` divides the width of each layer, for a run in class. The dropout between the convolutions is
    then left out: in 4 maps it makes so much noise that the normalisation behind it is off when it is gone.
    """
    keras = load_keras()
    layers = keras.layers
    # Keras's own momentum, 0.99, needs the 1200 batches of the full training to forget where it began.
    momentum = 0.99 if divide_by == 1 else 0.9
    network = keras.Sequential([keras.Input((*size, 1))], name="course")
    for filters in (32, 64):
        network.add(layers.Conv2D(filters // divide_by, 5, padding="same"))
        network.add(layers.BatchNormalization(momentum=momentum))
        network.add(layers.ReLU())
        network.add(layers.MaxPooling2D())
        if divide_by == 1 or filters == 64:
            network.add(layers.Dropout(0.25))
    network.add(layers.Flatten())
    network.add(layers.Dense(1024 // divide_by))
    network.add(layers.BatchNormalization(momentum=momentum))
    network.add(layers.ReLU())
    network.add(layers.Dropout(0.4))
    network.add(layers.Dense(n_outputs, activation="softmax"))
    return network


def aligned_network(*, n_rows=64, n_outputs=5):
    """The network of lesson 12, for what `setilearn.learn.align.network_input` gives: 72,000 parameters.

    Along an upright line rows can be averaged early: noise goes, the line stays, and time is saved. Five
    outputs are the four classes, and "narrowbanddrd" bent to the other side.
    """
    keras = load_keras()
    layers = keras.layers
    network = keras.Sequential([keras.Input((n_rows, 2 * HALF_WIDTH + 1, 2))], name="aligned")
    for filters, kernel, pool in (
        (16, (3, 5), (n_rows // 16, 1)),
        (32, (3, 3), (2, 2)),
        (32, (3, 3), (2, 2)),
    ):
        network.add(layers.Conv2D(filters, kernel, padding="same", use_bias=False))
        network.add(layers.BatchNormalization(momentum=0.95))
        network.add(layers.ReLU())
        network.add(layers.AveragePooling2D(pool, padding="same"))
    network.add(layers.Flatten())
    network.add(layers.Dropout(0.1))
    network.add(layers.Dense(64, activation="relu"))
    network.add(layers.Dropout(0.1))
    network.add(layers.Dense(n_outputs, activation="softmax"))
    return network


def build_classifier(kind: str = "aligned") -> Classifier:
    """A classifier of the four classes that has learned nothing yet, ``"course"`` or ``"aligned"``.

    What is wanted to try things out; for one that knows something train a network with Keras and give it to
    `setilearn.learn.classifier.calibrate`. Raises `ClassifierError` for another kind.
    """
    # Brings numba along, 60 MB that the lessons' exercises do without.
    from setilearn.learn.classifier import Classifier, ClassifierError

    networks = {"course": course_network, "aligned": aligned_network}
    if kind not in networks:
        raise ClassifierError(f"kind: expected one of {', '.join(networks)}, found {kind!r}")
    return Classifier(networks[kind](), CLASS_NAMES)
