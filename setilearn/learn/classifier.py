"""Networks that tell classes of images apart: build, train, calibrate, evaluate, save and load them.

The one home of Keras, which is imported when it is first needed: that takes some seconds. What a network
is given (aligned rows, say) and what its outputs mean travel with it, in a `Classifier`.
"""

import itertools
import json
import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from setilearn.learn.align import HALF_WIDTH, AlignedSet, cut_rows, find_lines, measure_darkness
from setilearn.learn.batches import network_input
from setilearn.learn.images import ImageSet
from setilearn.learn.metrics import Evaluation, softmax
from setilearn.whole_file import whole_file

# The class whose two ways of bending a network learns apart.
BENT = "narrowbanddrd"
_FACTS = "setilearn.json"
_N_AT_ONCE = 64  # images given to a network together


class ClassifierError(ValueError):
    """A network that cannot be built, trained, saved or loaded as asked, or images that do not fit it."""


@dataclass(frozen=True)
class Kind:
    """What `build_classifier` may be told, and how a network of this kind is trained if nothing is said."""

    options: tuple
    epochs: int
    learning_rate: float
    turns: tuple  # axes along which training images are turned round: 1 up and down, 2 left and right


KINDS = {
    "course": Kind(("reduce",), 12, 0.005, (2,)),
    "aligned": Kind(("split_curvature",), 15, 0.002, (1, 2)),
    "vgg16": Kind(("weights",), 10, 0.001, (2,)),
}


@dataclass(frozen=True, eq=False)
class Classifier:
    """A network and what belongs to it.

    Attributes
    ----------
    network : keras.Model
        Gives logits, one for each of its outputs: those of ``class_names``, and one more where the two
        ways of bending are told apart.
    kind : str
        One of `KINDS`.
    size : (int, int)
        Rows and columns of the images.
    class_names : tuple of str
    seed : int
        Of the first weights and of the order of the training images.
    temperature : float
        What the logits are divided by, so that probabilities are what they say.
    history : DataFrame or None
        A row for each epoch: ``epoch`` (from 1), ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``
        and ``seconds`` since the start. In training a bend to the wrong side counts as an error.
    """

    network: object
    kind: str
    size: tuple
    class_names: tuple
    seed: int = 0
    temperature: float = 1.0
    history: object = field(default=None, repr=False)

    @property
    def n_parameters(self):
        """How many numbers the network consists of."""
        return self.network.count_params()

    @property
    def merge(self):
        """Which outputs add up to which class: zeros and ones, ``(n_outputs, n_classes)``."""
        n_classes = len(self.class_names)
        merge = np.eye(self.network.output_shape[-1], n_classes)
        if len(merge) > n_classes:
            merge[n_classes, self.class_names.index(BENT)] = 1
        return merge

    def predict(self, images, *, batch_size=_N_AT_ONCE):
        """Probability of each class, float32 ``(n, n_classes)``.

        ``images`` are an `ImageSet`, an array ``(n, rows, columns)`` or ``(n, rows, columns, 1)`` of values
        as an `ImageSet` has them, or an `AlignedSet` where the network is of the kind "aligned".

        Raises `ClassifierError` where the images are of another size.
        """
        logits = logits_of(self.network, pieces_of(self, images, batch_size))
        return (softmax(logits, self.temperature) @ self.merge).astype(np.float32)

    def save(self, path):
        """Write the classifier into one file ``.keras``, which Keras itself can read as well.

        Raises `ClassifierError` for another suffix. The file appears whole or not at all.
        """
        if Path(path).suffix != ".keras":
            raise ClassifierError(f"expected a file name that ends in .keras, found {Path(path).name!r}")
        facts = {name: getattr(self, name) for name in ("kind", "size", "class_names", "seed", "temperature")}
        with whole_file(path) as part:
            self.network.save(part)
            with zipfile.ZipFile(part, "a") as archive:
                archive.writestr(_FACTS, json.dumps(facts))


def load_classifier(path):
    """Read a classifier that `Classifier.save` wrote; code that a file may bring along is not run.

    Raises `ClassifierError`, with the file's name, where it is damaged or something else.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            # The checksums come first: the weights are read by a library that damaged data can crash.
            if damaged := archive.testzip():
                raise ClassifierError(f"{path}: damaged, its part {damaged} is not what was written")
            facts = json.loads(archive.read(_FACTS))
        classifier = Classifier(
            network=load_keras().saving.load_model(path, compile=False, safe_mode=True),
            kind=facts["kind"],
            size=tuple(facts["size"]),
            class_names=tuple(facts["class_names"]),
            seed=facts["seed"],
            temperature=facts["temperature"],
        )
        if classifier.kind not in KINDS:
            raise ClassifierError(f"{path}: expected a kind of {', '.join(KINDS)}, found {classifier.kind!r}")
        _ = classifier.merge
    except FileNotFoundError:
        raise ClassifierError(f"{path}: there is no such file") from None
    except ClassifierError:
        raise
    except Exception as error:  # whatever a broken file makes zipfile, json and Keras say
        raise ClassifierError(f"{path}: expected a classifier that was saved whole, found {error}") from error
    return classifier


def evaluate(classifier, image_set):
    """Let a classifier say what images with labels are: returns an `Evaluation`.

    ``image_set`` is an `ImageSet` or, for an "aligned" classifier, an `AlignedSet`; true parameters that
    it has go along. Raises `ClassifierError` where size or classes are not the classifier's.
    """
    require_classes("image_set", classifier, image_set)
    probabilities = classifier.predict(image_set)
    return Evaluation(probabilities, image_set.class_index, classifier.class_names, image_set.parameters)


def classify_stream(images, classifier, *, batch_size=128):
    """Classify images as they come, in batches.

    ``images`` are an `ImageSet`, an array, or anything that gives one image ``(rows, columns)`` or ``(rows,
    columns, 1)`` after another, such as a generator: no more than a batch is held at a time. Yields
    float32 ``(batch_size, n_classes)``, the last one with what is left. Raises as `Classifier.predict` does.
    """
    images = iter(images.images if isinstance(images, ImageSet) else images)
    while batch := list(itertools.islice(images, batch_size)):
        yield classifier.predict(np.stack(batch), batch_size=batch_size)


def arrays_of(classifier, images):
    """What `network_input` is made from, for an `ImageSet`, an `AlignedSet` or an array of images."""
    if isinstance(images, AlignedSet):
        found = (images.rows.shape[1], images.rows.shape[2])
        expected = (classifier.size[0], 2 * HALF_WIDTH + 1)
        if classifier.kind != "aligned" or found != expected:
            raise ClassifierError(
                f"expected images for the kind {classifier.kind!r} of {classifier.size[0]} rows, "
                f"found aligned rows of the shape {found}"
            )
        return images.rows, images.offsets
    values = np.asarray(images.images if isinstance(images, ImageSet) else images, dtype=np.float32)
    values = values[..., None] if values.ndim == 3 else values
    if values.ndim != 4 or values.shape[1:] != (*classifier.size, 1):
        raise ClassifierError(
            f"expected images of the shape (n, {classifier.size[0]}, {classifier.size[1]}), "
            f"found {values.shape}"
        )
    if classifier.kind != "aligned":
        if not np.isfinite(values).all():
            raise ClassifierError("expected numbers in every pixel, found NaN or infinity")
        return (values,)
    darkness = measure_darkness(values)
    return cut_rows(darkness, find_lines(darkness)[0])


def pieces_of(classifier, images, batch_size):
    """What the network is given, in pieces of ``batch_size`` images."""
    if isinstance(images, AlignedSet):
        arrays = arrays_of(classifier, images)
        for start in range(0, len(images), batch_size):
            yield network_input(arrays, slice(start, start + batch_size))
        return
    values = images.images if isinstance(images, ImageSet) else np.atleast_1d(images)
    for start in range(0, max(len(values), 1), batch_size):
        yield network_input(arrays_of(classifier, values[start : start + batch_size]))


def logits_of(network, pieces):
    """Outputs of a network, float32 ``(n, n_outputs)``, piece by piece."""
    # Called and not `predict`: that compiles for every network anew, which takes longer than what it saves.
    numbers = load_keras().ops.convert_to_numpy
    found = [numbers(network(piece, training=False)) for piece in pieces if len(piece)]
    return np.concatenate(found) if found else np.empty((0, network.output_shape[-1]), dtype=np.float32)


def require_classes(name, classifier, image_set):
    """Raise `ClassifierError` where a set has no images, or not the classifier's classes."""
    if tuple(image_set.class_names) != classifier.class_names or not len(image_set):
        raise ClassifierError(
            f"{name}: expected images of the classes {', '.join(classifier.class_names)}, "
            f"found {len(image_set)} of {', '.join(image_set.class_names) or '(none)'}"
        )


def copy_network(network):
    """The same network with weights of its own, not compiled: what training changes is a copy."""
    copy = load_keras().models.clone_model(network)
    copy.set_weights(network.get_weights())
    return copy


def load_keras():
    """Keras, imported when it is first needed; `ClassifierError` where it is not installed."""
    # TensorFlow is loud on standard error otherwise.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import keras
    except ImportError as error:
        raise ClassifierError(f"networks need TensorFlow ({error}): pip install tensorflow") from error
    return keras
