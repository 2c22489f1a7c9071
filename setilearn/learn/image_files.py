"""Image sets as the CSV files that courses publish: a row an image, and beside it a file of one-hot labels.

Images have one row of values between 0 and 1 each, row by row of the picture, without a header; labels
one row of as many numbers as there are classes, of which one is 1 and the others 0. The files do not say
what the classes are called.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import ImageError
from setilearn.learn.four_classes import CLASS_NAMES
from setilearn.learn.images import IMAGE_SIZE, ImageSet
from setilearn.whole_file import whole_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

_ROWS_AT_ONCE = 128
# Characters: what a number may take at most, so that a file without line ends is not read as one row.
_LONGEST_NUMBER = 32


def read_image_csv(
    images_csv: str | PathLike,
    labels_csv: str | PathLike,
    *,
    class_names: Sequence[str] = CLASS_NAMES,
    size: tuple[int, int] = IMAGE_SIZE,
) -> ImageSet:
    """Read an image set from two CSV files, and check every number of them.

    Parameters
    ----------
    images_csv, labels_csv : path
    class_names : sequence of str
        Names of the columns of the labels; for the published set
        `setilearn.learn.four_classes.RELEASED_NAMES`.
    size : (int, int)
        Rows and columns of an image; their product is the number of values in a row of the file.

    Returns
    -------
    ImageSet
        In the order of the files.

    Raises
    ------
    ImageError
        Where a row has another length, or holds anything but numbers from 0 to 1; where labels are not
        one-hot, or not as many as images. It names the file, the row (from 1), what was expected and
        what was found.
    """
    labels = np.concatenate(list(_pieces(labels_csv, len(class_names))))
    wrong = (labels.max(axis=1) != 1) | (labels.sum(axis=1) != 1)
    if wrong.any():
        row = int(wrong.argmax())
        raise ImageError(
            f"{labels_csv}, row {row + 1}: expected one 1 and otherwise 0, found {labels[row].tolist()}"
        )
    images = np.empty((len(labels), size[0] * size[1]), dtype=np.float32)
    n = 0
    for piece in _pieces(images_csv, images.shape[1]):
        images[n : n + len(piece)] = piece[: len(labels) - n]
        n += len(piece)
    if n != len(labels):
        raise ImageError(f"{images_csv}: expected {len(labels)} rows, as in {labels_csv}, found {n}")
    return ImageSet(images.reshape(n, *size, 1), labels, class_names)


def write_image_csv(image_set: ImageSet, images_csv: str | PathLike, labels_csv: str | PathLike) -> None:
    """Write an image set as two CSV files, to the last bit; each of them appears whole or not at all.

    Class names and parameters are not kept: the form has no place for them. Raises `ImageError` where
    a value is not between 0 and 1 or the images have no labels.
    """
    if not image_set.class_names:
        raise ImageError("expected images with labels, found a set without classes")
    rows = image_set.images.reshape(len(image_set), -1)
    within = ((rows >= 0) & (rows <= 1)).all(axis=1)
    if not within.all():
        row = int(within.argmin())
        raise ImageError(f"image {row}: expected numbers from 0 to 1, found {_first_outside(rows[row])}")
    with whole_file(images_csv) as images_part, whole_file(labels_csv) as labels_part:
        for part, table in ((images_part, rows), (labels_part, image_set.labels)):
            with part.open("w", encoding="ascii") as file:
                file.writelines(map(_to_text, table))


def _to_text(row):
    # A picture of 8 bits has few different values: each is put into words once.
    values, places = np.unique(row, return_inverse=True)
    words = [format(value, ".9g") for value in values.tolist()]
    return ",".join([words[place] for place in places.tolist()]) + "\n"


def _pieces(path, n_columns):
    """Checked float32 ``(n, n_columns)`` pieces of a CSV file, one after the other."""
    n_before = 0
    try:
        with Path(path).open(encoding="latin-1") as file:
            while lines := list(islice(_lines(file, n_columns), _ROWS_AT_ONCE)):
                yield _to_numbers(lines, n_columns, f"{path}, row", n_before)
                n_before += len(lines)
    except OSError as error:
        raise ImageError(f"{path}: expected a CSV file, found: {error.strerror}") from error
    if not n_before:
        raise ImageError(f"{path}: expected rows of {n_columns} numbers, found an empty file")


def _lines(file, n_columns):
    limit = n_columns * _LONGEST_NUMBER
    while line := file.readline(limit):
        yield line


def _to_numbers(lines, n_columns, where, n_before):
    try:
        numbers = np.loadtxt(lines, dtype=np.float32, delimiter=",", comments=None, ndmin=2)
    except ValueError:
        numbers = None
    fits = numbers is not None and numbers.shape == (len(lines), n_columns)
    if not fits or not ((numbers >= 0) & (numbers <= 1)).all():
        for row, line in enumerate(lines, n_before + 1):
            _require_row(line, n_columns, f"{where} {row}")
        raise ImageError(f"{where} {n_before + 1} and after: expected decimal numbers, found other ones")
    return numbers


def _require_row(line, n_columns, where):
    words = line.strip().split(",")
    if len(words) != n_columns:
        raise ImageError(f"{where}: expected {n_columns} values, found {len(words) if words[0] else 0}")
    for column, word in enumerate(words, 1):
        try:
            within = 0 <= float(word) <= 1
        except ValueError:
            within = False
        if not within:
            raise ImageError(f"{where}, column {column}: expected a number from 0 to 1, found {word[:40]!r}")


def _first_outside(row):
    return float(row[~((row >= 0) & (row <= 1))][0])
