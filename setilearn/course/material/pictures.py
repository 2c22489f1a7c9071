"""Lesson 10: the published pictures, or as many of the same kind."""

import tempfile
from pathlib import Path

import numpy as np

from setilearn.archive.fetch import fetch, fetch_real, find
from setilearn.archive.places import data_folder
from setilearn.errors import DatasetError
from setilearn.learn.four_classes import CLASS_NAMES, RELEASED_NAMES, simulate_images
from setilearn.learn.images import one_hot
from setilearn.progress import progress_bar
from setilearn.whole_file import whole_file

TABLES = ("four_class_train_images", "basic4_train_labels")
# The published files hold the classes one after the other, by the columns of their labels.
PUBLISHED_ORDER = (0, 2, 3, 1)
N_PUBLISHED = 3200
N_VALUES = 64 * 128
# Of each number in a file: "0.501961," or, at the end of a row, a line end in place of the comma.
N_CHARACTERS = 9
# What is simulated at once, of each class: with more, more memory is needed.
N_AT_ONCE = 100
# What one sees on the 17 pictures that public notebooks show: no line on three, a straight one on six.
SEEN = ("noise",) * 3 + ("narrowband",) * 6 + ("squiggle",) * 8


def course_tables(*, download=False, progress=True):
    """The two CSV files that courses train on, or tables of the same form and size with simulated pictures.

    The published files are taken from a mirror folder or the cache (`setilearn.fetch`); only with
    ``download`` are they fetched, 236 MB. Otherwise simulated ones are written, which takes half a minute, to
    the cache, where they are found again, or to a temporary folder where the cache cannot be written.

    Returns
    -------
    (pathlib.Path, pathlib.Path, bool)
        Images, labels, and whether they are the published ones.

    Raises
    ------
    DatasetError
        Where they are to be downloaded and cannot be had.
    """
    tables = [fetch_real(name, progress=progress) if download else find(name) for name in TABLES]
    if all(tables):
        return *tables, True
    folder, names = data_folder(), [f"{name}.simulated-{N_PUBLISHED}.csv" for name in TABLES]
    sizes = [N_PUBLISHED * n_columns * N_CHARACTERS for n_columns in (N_VALUES, len(RELEASED_NAMES))]
    tables = [folder / name for name in names]
    if [_size(table) for table in tables] != sizes:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_tables(*tables, N_PUBLISHED // 4, progress=progress)
        except OSError:
            tables = [Path(tempfile.mkdtemp(prefix="setilearn-"), name) for name in names]
            write_tables(*tables, N_PUBLISHED // 4, progress=progress)
    return *tables, False


def _size(path):
    try:
        return path.stat().st_size
    except OSError:
        return None


def write_tables(images_csv, labels_csv, n_per_class, *, progress=True):
    """Write simulated pictures and labels in the form of the published files, the classes in their order.

    That is: no header, six digits after the point, and a row for each picture.
    """
    rows = {name: [] for name in CLASS_NAMES}
    # Numbers of 8 bits: a quarter of the memory.
    blocks = range(0, n_per_class, N_AT_ONCE)
    for start in progress_bar(blocks, desc="simulating", unit="block", shown=progress):
        n = min(N_AT_ONCE, n_per_class - start)
        images = simulate_images(n, seed=1000 + start, progress=False)
        eight_bits = np.rint(255 * images.images.reshape(len(images), N_VALUES)).astype(np.uint8)
        for place, name in enumerate(CLASS_NAMES):
            rows[name].append(eight_bits[images.class_index == place])
    labels = np.repeat(PUBLISHED_ORDER, n_per_class)
    with whole_file(images_csv) as images_part, whole_file(labels_csv) as labels_part:
        write_numbers(labels_part, [one_hot(labels, len(RELEASED_NAMES)).astype(np.uint8) * 255])
        pieces = (piece for column in PUBLISHED_ORDER for piece in rows[RELEASED_NAMES[column]])
        write_numbers(images_part, pieces)


def write_numbers(path, pieces):
    """Write arrays (n, columns) of 0 to 255 as numbers from 0 to 1."""
    words = np.frombuffer(b"".join(b"%.6f," % (value / 255) for value in range(256)), dtype=np.uint8)
    words = words.reshape(256, N_CHARACTERS)
    with path.open("wb") as file:
        for piece in pieces:
            text = words[piece]
            text[:, -1, -1] = ord("\n")
            file.write(text.tobytes())


def published_pictures():
    """17 pictures, float32 ``(17, 64, 128)`` in 0..1, and whether they are the published ones."""
    try:
        with np.load(fetch("basic4_images")) as file:
            return file["images"].astype(np.float32) / 255, True
    except DatasetError:
        images = simulate_images(SEEN.count("squiggle"), seed=17, progress=False)
        chosen = [
            np.flatnonzero(images.class_index == CLASS_NAMES.index(name))[: SEEN.count(name)]
            for name in dict.fromkeys(SEEN)
        ]
        return images.images[np.concatenate(chosen), :, :, 0], False


def example_picture():
    """A narrowband picture, float32 ``(64, 128)``: what L10-3 normalises."""
    return simulate_images(1, seed=10, progress=False).images[1, :, :, 0]
