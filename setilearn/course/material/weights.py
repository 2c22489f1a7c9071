"""Lesson 12: the weights of a network that was trained on photographs."""

import hashlib
import os
from pathlib import Path

from setilearn.archive.places import mirror_place
from setilearn.course.answers import shorten
from setilearn.keras_loader import load_keras

VGG16_FILE = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
VGG16_URL = f"https://storage.googleapis.com/tensorflow/keras-applications/vgg16/{VGG16_FILE}"
VGG16_MD5 = "6d6bbae143d832006294945121d1f1fc"


def vgg16_weights(*, download=False):
    """Where the weights are that VGG16 learned from photographs (ImageNet), and a sentence about it.

    Looked for in the mirror folder (``SETILEARN_MIRROR``) and in Keras's cache (``KERAS_HOME``, else
    ``~/.keras``). Fetched, 59 MB, only with ``download``, and never where ``SETILEARN_OFFLINE`` is set.

    Returns
    -------
    (str or None, str)
        What `keras.applications.VGG16` takes as ``weights``: a path, or None for random numbers.
    """
    keras_home = Path(os.environ.get("KERAS_HOME") or Path("~/.keras").expanduser())
    mirror = mirror_place(None)
    folders = [*([mirror] if isinstance(mirror, Path) else []), keras_home / "models"]
    found = [folder / VGG16_FILE for folder in folders if (folder / VGG16_FILE).is_file()]
    for path in found:
        if _md5(path) == VGG16_MD5:
            return str(path), f"VGG16 begins with what it learned from photographs: {path}"
    trouble = "".join(f" {path} is damaged, or another file: it is not the published one." for path in found)
    if os.environ.get("SETILEARN_OFFLINE", "0") not in ("", "0"):
        trouble += (
            f" The network is forbidden (SETILEARN_OFFLINE is set): put {VGG16_FILE} into {folders[0]}."
        )
    elif not download:
        trouble += " vgg16_weights(download=True) fetches them, 59 MB."
    else:
        try:
            where = {"cache_dir": str(keras_home), "cache_subdir": "models"}
            path = load_keras().utils.get_file(VGG16_FILE, VGG16_URL, file_hash=VGG16_MD5, **where)
            return str(path), f"VGG16 begins with what it learned from photographs, fetched to {path}"
        except Exception as error:  # whatever a network does
            trouble += f" They could not be fetched: {shorten(f'{error}', 200)}"
    return None, (
        "VGG16's weights are not on this computer. It begins with random numbers: "
        f"the cells below run and learn nothing.{trouble}"
    )


def _md5(path):
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "md5").hexdigest()
    except OSError:
        return None
