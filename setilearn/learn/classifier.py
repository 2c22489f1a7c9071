"""A trained network as a classifier: calibrated probabilities of raw pictures; judge, stream, save, load.

Networks are Keras models, trained by Keras (`setilearn.learn.networks`, lessons 11 and 12). Here is what
Keras has not: what a network is given (pictures, or rows aligned along a line) and what its outputs mean
travel with it, in a `Classifier`.
"""

from __future__ import annotations

import itertools
import json
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import ClassifierError
from setilearn.keras_loader import load_keras
from setilearn.learn.align import AlignedSet, network_input
from setilearn.learn.four_classes import BENT
from setilearn.learn.image_lines import cut_rows, find_lines, measure_darkness
from setilearn.learn.images import HALF_WIDTH, IMAGE_SIZE, ImageSet
from setilearn.learn.metrics import Evaluation, fit_temperature, tempered
from setilearn.whole_file import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from os import PathLike

    import keras

_FACTS = "setilearn.json"
_N_AT_ONCE = 64  # images given to a network together


@dataclass(frozen=True, eq=False)
class Classifier:
    """A network and what belongs to it.

    Attributes
    ----------
    network : keras.Model
        Takes pictures ``(n, *size, 1)``, or aligned rows as `network_input` makes them. Gives a probability
        (its last activation is softmax) for each of ``class_names`` and, where the two ways in which a
        "narrowbanddrd" bends were learned apart, for bows below zero one more.
    class_names : tuple of str
    size : (int, int)
        Rows and columns of the pictures.
    temperature : float
        The logarithms of the probabilities are divided by it, so that they are what they say (`calibrate`).

    Raises
    ------
    ClassifierError
        Where the network's inputs or outputs are others.
    """

    network: keras.Model
    class_names: tuple
    size: tuple = IMAGE_SIZE
    temperature: float = 1.0

    def __post_init__(self):
        object.__setattr__(self, "class_names", tuple(self.class_names))
        object.__setattr__(self, "size", tuple(self.size))
        # Keras knows no shape of a network that begins without Input and was not yet given anything.
        if not (found := getattr(self.network, "input_shape", None)):
            raise ClassifierError(
                "network: expected one that begins with keras.Input, found none of known inputs"
            )
        found = tuple(found[1:])
        if found not in ((*self.size, 1), self._aligned_shape):
            raise ClassifierError(
                f"network: expected inputs of the shape {(*self.size, 1)} or {self._aligned_shape}, "
                f"found {found}"
            )
        n_outputs, n_classes = self.network.output_shape[-1], len(self.class_names)
        if n_outputs not in (n_classes, n_classes + (BENT in self.class_names)):
            raise ClassifierError(
                f"network: expected an output for each of {n_classes} classes, found {n_outputs}"
            )

    @property
    def _aligned_shape(self):
        return self.size[0], 2 * HALF_WIDTH + 1, 2

    @property
    def is_aligned(self):
        """Whether the network is given aligned rows: `predict` then aligns pictures first."""
        return tuple(self.network.input_shape[1:]) == self._aligned_shape

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
        from 0 to 1, or an `AlignedSet` where the network is given aligned rows.

        Raises `ClassifierError` where the images are of another size or have other values, and where what
        the network gives are no probabilities.
        """
        outputs = self.outputs(images, batch_size=batch_size)
        return (tempered(outputs, self.temperature) @ self.merge).astype(np.float32)

    def outputs(self, images, *, batch_size=_N_AT_ONCE):
        """What the network itself gives, before temperature and merging: float32 ``(n, n_outputs)``."""
        # Not `predict`, which sets up a pipeline for each call, nor the network called as a function: half as
        # fast, a tenth for a single image, and 60 MB more.
        pieces = (self._input(piece) for piece in _pieces(images, batch_size))
        found = [self.network.predict_on_batch(piece) for piece in pieces if len(piece)]
        found = np.concatenate(found) if found else np.empty((0, self.network.output_shape[-1]), np.float32)
        if not np.allclose(found.sum(axis=1), 1, atol=1e-3):
            raise ClassifierError(
                "network: expected probabilities that add up to 1 (activation='softmax' in the last layer), "
                f"found sums from {found.sum(axis=1).min():.3g} to {found.sum(axis=1).max():.3g}"
            )
        return found

    def _input(self, images):
        """What the network is given for some images, an `AlignedSet` or an array."""
        if isinstance(images, AlignedSet):
            found = images.rows.shape[1:]
            if not self.is_aligned or found != self._aligned_shape[:2]:
                raise ClassifierError(
                    f"expected {'aligned rows' if self.is_aligned else 'pictures'} of the shape "
                    f"{tuple(self.network.input_shape[1:3])}, found aligned rows of the shape {found}"
                )
            return network_input(images.rows, images.offsets)
        pictures = _require_pictures(images, self.size)
        if not self.is_aligned:
            return pictures
        darkness = measure_darkness(pictures)
        return network_input(*cut_rows(darkness, find_lines(darkness)[0]))

    def save(self, path):
        """Write the classifier into one file ``.keras``, which Keras itself can read as well.

        Raises `ClassifierError` for another suffix. The file appears whole or not at all.
        """
        if Path(path).suffix != ".keras":
            raise ClassifierError(f"expected a file name that ends in .keras, found {Path(path).name!r}")
        facts = {name: getattr(self, name) for name in ("class_names", "size", "temperature")}
        with whole_file(path) as part:
            self.network.save(part)
            with zipfile.ZipFile(part, "a") as archive:
                archive.writestr(_FACTS, json.dumps(facts))


def calibrate(network: keras.Model, validation_set: ImageSet | AlignedSet) -> Classifier:
    """Make a classifier of a trained network: its probabilities are to be what they say.

    1. The network says what the images of ``validation_set`` are, which it was not trained on.
    2. One number, the temperature, divides the logarithms of all probabilities. The one is taken that makes
       the true classes as likely as can be (`fit_temperature`).

    Parameters
    ----------
    network : keras.Model
        As in `Classifier`; it is not changed.
    validation_set : ImageSet or AlignedSet
        Its labels are those that the network has learned, in the same order.

    Returns
    -------
    Classifier

    Raises
    ------
    ClassifierError
        Where network and images do not fit together.
    """
    size = validation_set.size if isinstance(validation_set, AlignedSet) else validation_set.images.shape[1:3]
    classifier = Classifier(network, validation_set.class_names, size)
    require_classes("validation_set", classifier, validation_set)
    outputs = classifier.outputs(validation_set)
    temperature = fit_temperature(outputs, validation_set.class_index, classifier.merge)
    return replace(classifier, temperature=temperature)


def load_classifier(path: str | PathLike) -> Classifier:
    """Read a classifier that `Classifier.save` wrote; code that a file may bring along is not run.

    Raises `ClassifierError`, with the file's name, where it is damaged or something else.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            # The checksums come first: the weights are read by a library that damaged data can crash.
            if damaged := archive.testzip():
                raise ClassifierError(f"a damaged part {damaged}, which is not what was written")
            facts = json.loads(archive.read(_FACTS))
        network = load_keras().saving.load_model(path, compile=False, safe_mode=True)
        return Classifier(network, facts["class_names"], facts["size"], facts["temperature"])
    except FileNotFoundError:
        raise ClassifierError(f"{path}: there is no such file") from None
    except Exception as error:  # whatever a broken file makes zipfile, json and Keras say
        raise ClassifierError(f"{path}: expected a classifier that was saved whole, found {error}") from error


def evaluate(classifier: Classifier, image_set: ImageSet | AlignedSet) -> Evaluation:
    """Let a classifier say what images with labels are: returns an `Evaluation`.

    ``image_set`` is an `ImageSet` or, for a network on aligned rows, an `AlignedSet`; true parameters that
    it has go along. Raises `ClassifierError` where size or classes are not the classifier's.
    """
    require_classes("image_set", classifier, image_set)
    probabilities = classifier.predict(image_set)
    return Evaluation(probabilities, image_set.class_index, classifier.class_names, image_set.parameters)


def classify_stream(
    images: Iterable, classifier: Classifier, *, batch_size: int = 128
) -> Iterator[np.ndarray]:
    """Classify images as they come, in batches.

    ``images`` are an `ImageSet`, an array, or anything that gives one image ``(rows, columns)`` or ``(rows,
    columns, 1)`` after another, such as a generator: no more than a batch is held at a time. Yields
    float32 ``(batch_size, n_classes)``, the last one with what is left. Raises as `Classifier.predict` does.
    """
    images = iter(images.images if isinstance(images, ImageSet) else images)
    while batch := list(itertools.islice(images, batch_size)):
        yield classifier.predict(np.stack(batch), batch_size=batch_size)


def _pieces(images, batch_size):
    """``batch_size`` images at a time, an `AlignedSet` or arrays."""
    images = images.images if isinstance(images, ImageSet) else images
    images = images if isinstance(images, AlignedSet) else np.atleast_1d(images)
    for start in range(0, max(len(images), 1), batch_size):
        yield images[start : start + batch_size]


def _require_pictures(images, size):
    """Pictures as float32 ``(n, *size, 1)`` with values from 0 to 1."""
    values = np.asarray(images)
    values = values[..., None] if values.ndim == 3 else values
    if values.ndim != 4 or values.shape[1:] != (*size, 1):
        raise ClassifierError(f"expected images of the shape (n, {size[0]}, {size[1]}), found {values.shape}")
    values = values.astype(np.float32, copy=False)
    if not ((values >= 0) & (values <= 1)).all():
        found = (
            "NaN or infinity" if not np.isfinite(values).all() else f"{values.min():g} to {values.max():g}"
        )
        raise ClassifierError(
            f"expected values from 0 to 1 in every pixel, found {found} (pictures of 8 bits: divide by 255)"
        )
    return values


def require_classes(name, classifier, image_set):
    """Raise `ClassifierError` where a set has no images, or not the classifier's classes."""
    if tuple(image_set.class_names) != classifier.class_names or not len(image_set):
        raise ClassifierError(
            f"{name}: expected images of the classes {', '.join(classifier.class_names)}, "
            f"found {len(image_set)} of {', '.join(image_set.class_names) or '(none)'}"
        )
