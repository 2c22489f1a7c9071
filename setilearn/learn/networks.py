"""The networks: the one that courses train, one for aligned rows, and VGG16 with a new last layer."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from setilearn.learn.align import HALF_WIDTH
from setilearn.learn.classifier import BENT, KINDS, Classifier, ClassifierError, copy_network, load_keras
from setilearn.learn.images import CLASS_NAMES, IMAGE_SIZE

N_BLOCKS = 5  # of convolutions in VGG16
# Momentum of batch normalisation.
_SLOW, _FAST = 0.99, 0.95
_VGG16_FILE = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
# What VGG16 was trained with: mean blue, green and red of its pictures.
_VGG16_MEANS = (103.939, 116.779, 123.68)


def build_classifier(kind="aligned", *, size=IMAGE_SIZE, class_names=CLASS_NAMES, seed=0, **options):
    """A network with random first weights, to be trained by `train`.

    Parameters
    ----------
    kind : str
        ``"course"``: two blocks of convolutions and a dense layer of 1024, on the whole picture, 33.6
        million parameters; what courses on these four classes train. ``reduce=8`` divides the width of
        each layer by 8, for a quick look.
        ``"aligned"``: a small network on rows that are aligned along the strongest line
        (`setilearn.learn.align`). It learns the two ways in which a "narrowbanddrd" may bend as
        two outputs, which are added up, unless ``split_curvature=False``.
        ``"vgg16"``: VGG16 (K. Simonyan and A. Zisserman 2015), which was trained on photographs, as a
        base that stays as it is, and a new last layer. ``weights`` is ``"imagenet"`` (from Keras's cache, or
        downloaded), the path of a file with them, or None for random ones.
    size : (int, int)
        Rows and columns of the images.
    class_names : sequence of str
    seed : int
        Of the first weights, and of the order of images in training.

    Returns
    -------
    Classifier

    Raises
    ------
    ClassifierError
        For an argument that is none of the above, and where VGG16's weights cannot be had.
    """
    _require_arguments(kind, size, class_names, seed, options)
    size, class_names = tuple(int(length) for length in size), tuple(class_names)
    if kind == "course":
        network = _course_network(size, len(class_names), seed, **options)
    elif kind == "vgg16":
        network = _vgg16_network(size, len(class_names), seed, **options)
    else:
        split = options.get("split_curvature", True) and BENT in class_names
        network = _aligned_network(size, len(class_names) + split, seed)
    return Classifier(network, kind, size, class_names, int(seed))


def _require_arguments(kind, size, class_names, seed, options):
    if kind not in KINDS:
        raise ClassifierError(f"kind: expected one of {', '.join(KINDS)}, found {kind!r}")
    if unknown := set(options) - set(KINDS[kind].options):
        raise ClassifierError(
            f"{kind!r}: expected no options but {', '.join(KINDS[kind].options)}, "
            f"found {', '.join(sorted(unknown))}"
        )
    least = 32 if kind == "vgg16" else 16
    whole = np.ndim(size) == 1 and all(isinstance(length, (int, np.integer)) for length in size)
    if not whole or len(size) != 2 or min(size) < least:
        raise ClassifierError(f"size: expected rows and columns of {least} or more, found {size!r}")
    if isinstance(class_names, str) or len(set(class_names)) != len(class_names) or len(class_names) < 2:
        raise ClassifierError(f"class_names: expected two or more different names, found {class_names!r}")
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ClassifierError(f"seed: expected a whole number of at least 0, found {seed!r}")
    reduce = options.get("reduce", 1)
    if not isinstance(reduce, int) or not 1 <= reduce <= 32:
        raise ClassifierError(f"reduce: expected a whole number from 1 to 32, found {reduce!r}")


class _Layers:
    """Keras's layers with a seed of their own each, so that no global state is touched."""

    def __init__(self, seed):
        self.keras, self.seeds = load_keras(), np.random.SeedSequence(seed).generate_state(64).tolist()

    def weights(self):
        return self.keras.initializers.GlorotUniform(seed=self.seeds.pop())

    def dense(self, units, **more):
        return self.keras.layers.Dense(units, kernel_initializer=self.weights(), **more)

    def dropout(self, share):
        return self.keras.layers.Dropout(share, seed=self.seeds.pop())

    def normalised(self, tensor, momentum):
        """Batch normalisation and ReLU; ``momentum`` is how slowly its running averages follow."""
        layers = self.keras.layers
        return layers.ReLU()(layers.BatchNormalization(momentum=momentum)(tensor))

    def block(self, tensor, filters, kernel, momentum, pool):
        """Convolution, normalisation, pooling: ``pool`` is the pooling layer."""
        options = {"padding": "same", "use_bias": False, "kernel_initializer": self.weights()}
        tensor = self.keras.layers.Conv2D(filters, kernel, **options)(tensor)
        return pool(self.normalised(tensor, momentum))


def _course_network(size, n_outputs, seed, *, reduce=1):
    make = _Layers(seed)
    layers = make.keras.layers
    # Keras's own momentum needs the thousand batches of the full training to forget where it began.
    momentum = _SLOW if reduce == 1 else _FAST
    tensor = inputs = make.keras.Input((*size, 1))
    for filters in (32, 64):
        tensor = make.block(tensor, filters // reduce, (5, 5), momentum, layers.MaxPooling2D())
        tensor = make.dropout(0.25)(tensor)
    tensor = make.dense(1024 // reduce, use_bias=False)(layers.Flatten()(tensor))
    tensor = make.dropout(0.4)(make.normalised(tensor, momentum))
    return make.keras.Model(inputs, make.dense(n_outputs)(tensor), name="course")


def _aligned_network(size, n_outputs, seed):
    make = _Layers(seed)
    pool = make.keras.layers.AveragePooling2D
    tensor = inputs = make.keras.Input((size[0], 2 * HALF_WIDTH + 1, 2))
    # Along an upright line rows can be averaged early: noise goes, the line stays, and time is saved.
    tensor = make.block(tensor, 16, (3, 5), _FAST, pool((max(1, size[0] // 16), 1), padding="same"))
    tensor = make.block(tensor, 32, (3, 3), _FAST, pool((2, 2), padding="same"))
    tensor = make.block(tensor, 32, (3, 3), _FAST, pool((2, 2), padding="same"))
    tensor = make.dropout(0.3)(make.keras.layers.Flatten()(tensor))
    tensor = make.dropout(0.3)(make.dense(64, activation="relu")(tensor))
    return make.keras.Model(inputs, make.dense(n_outputs)(tensor), name="aligned")


def _vgg16_network(size, n_outputs, seed, *, weights="imagenet"):
    make = _Layers(seed)
    keras, layers = make.keras, make.keras.layers
    base = _vgg16_base(keras, size, weights)
    if weights is None:
        for layer in base.layers:
            if hasattr(layer, "kernel"):
                layer.kernel.assign(make.weights()(layer.kernel.shape))
    base.trainable = False
    inputs = keras.Input((*size, 1))
    colours = layers.Concatenate()([inputs] * 3)
    tensor = base(layers.Rescaling(255.0, offset=[-mean for mean in _VGG16_MEANS])(colours))
    tensor = make.dropout(0.3)(layers.GlobalAveragePooling2D()(tensor))
    return keras.Model(inputs, make.dense(n_outputs)(tensor), name="vgg16_classifier")


def _vgg16_base(keras, size, weights):
    if weights == "imagenet":
        cached = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"), "models", _VGG16_FILE)
        if os.environ.get("SETILEARN_OFFLINE") and not cached.exists():
            raise ClassifierError(_no_weights(f"there is no {cached}"))
    elif weights is not None and not Path(weights).is_file():
        raise ClassifierError(_no_weights(f"there is no file {weights}"))
    options = {"include_top": False, "input_shape": (*size, 3), "name": "vgg16"}
    try:
        return keras.applications.VGG16(weights=weights, **options)
    except Exception as error:  # a download that fails, a file that is damaged or of another network
        raise ClassifierError(_no_weights(error)) from error


def _no_weights(reason):
    return (
        f"VGG16's weights could not be read ({reason}). Online, Keras fetches them once; offline, bring the "
        f"file {_VGG16_FILE} (58 MB) and name it: build_classifier('vgg16', weights='/path/to/it')"
    )


def unfreeze(classifier, n_blocks=1):
    """A copy of a "vgg16" classifier whose last ``n_blocks`` blocks of convolutions learn as well.

    Train the last layer first, then unfreeze and train on with a small ``learning_rate`` such as 1e-5: a
    new last layer's random mistakes would otherwise spoil what the base knows.

    Raises `ClassifierError` for another kind, and for a number that is not 0 to 5.
    """
    if classifier.kind != "vgg16" or not isinstance(n_blocks, int) or not 0 <= n_blocks <= N_BLOCKS:
        raise ClassifierError(
            f"unfreeze: expected a 'vgg16' classifier and 0 to {N_BLOCKS} blocks, "
            f"found {classifier.kind!r} and {n_blocks!r}"
        )
    network = copy_network(classifier.network)
    base = network.get_layer("vgg16")
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name >= f"block{N_BLOCKS - n_blocks + 1}"
    return replace(classifier, network=network)
