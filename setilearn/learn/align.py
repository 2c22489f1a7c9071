"""Rows aligned: find the straight line that an image holds, and cut out what lies along it.

A network that sees the whole picture has to learn each class for every place and every drift anew. Here
the drift search of `setilearn.search` comes first: the strongest straight line is found, the rows are
shifted until it stands upright, and only some columns around it are kept. What a class has beside a
place and a drift is then always in the same columns: the bow of a changing drift, the wander of a squiggle.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import ImageError
from setilearn.learn.image_lines import cut_rows, find_lines, measure_bows, measure_darkness
from setilearn.learn.images import HALF_WIDTH, IMAGE_SIZE

if TYPE_CHECKING:
    from setilearn.learn.images import ImageSet
# Images worked on together, so that what is needed in between stays small.
_N_AT_ONCE = 256
# Darkness in sigmas that a network is given, and what it is divided by to be of the size of 1.
_RANGE, _SCALE = (-5.0, 10.0), 4.0


@dataclass(frozen=True, eq=False)
class AlignedSet:
    """The surroundings of the strongest line in each of n images.

    Attributes
    ----------
    rows : float32 (n, rows, columns)
        How much darker a pixel is than the median of its image, in sigmas of the noise; row by row the
        pixels around the line, whose own pixel is the middle column. Zero outside the image.
    offsets : float32 (n, rows)
        How far the line lies to the right of the centre of that middle pixel: -0.5 to 0.5 columns. The
        rows are shifted by whole columns, so that no pixel is mixed with its neighbour.
    lines : float32 (n, 2)
        Column of the line, counted from 0 at the centre of the first, in the first row and in the last.
    strengths : float32 (n,)
        Sum along the line over the root of the number of rows: its signal-to-noise ratio.
    bows : float32 (n,)
        By how many columns the middle of the best parabola lies to the left of its ends: positive
        where the drift rate grows.
    labels, class_names, parameters
        As in `setilearn.learn.images.ImageSet`.
    size : (int, int)
        Rows and columns of the images themselves.

    ``aligned[10:20]``, with an array of places or with a mask gives the set of those images.
    """

    rows: np.ndarray
    offsets: np.ndarray
    lines: np.ndarray
    strengths: np.ndarray
    bows: np.ndarray
    labels: np.ndarray
    class_names: tuple
    parameters: object = field(default=None)
    size: tuple = IMAGE_SIZE

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, key):
        if isinstance(key, (int, np.integer)):
            raise ImageError(f"expected a slice, an array of places or a mask, found the number {key}")
        arrays = (self.rows, self.offsets, self.lines, self.strengths, self.bows, self.labels)
        parameters = self.parameters
        if parameters is not None:
            parameters = parameters.iloc[key].reset_index(drop=True)
        return AlignedSet(*(array[key] for array in arrays), self.class_names, parameters, self.size)

    @property
    def class_index(self):
        """Class of each image as its place in ``class_names``, int64 ``(n,)``.

        Raises `ImageError` where the images have no labels.
        """
        if not self.class_names:
            raise ImageError("expected images with labels, found a set without classes")
        return self.labels.argmax(axis=1)


def align_images(image_set: ImageSet, *, half_width: int = HALF_WIDTH) -> AlignedSet:
    """Find the strongest line in each image and cut out ``half_width`` columns to either side of it.

    1. Measure how dark each pixel is, in sigmas of its image (`measure_darkness`).
    2. Find the straight line along which the darkness adds up to most (`find_lines`).
    3. Cut each row along it, to whole columns; how far the line is from the middle of the pixel is kept as
       an offset (`cut_rows`).
    4. Measure how far the parabola of most darkness bows away from the line (`measure_bows`).

    ``image_set`` is an `ImageSet` (signals darker than the noise). Returns an `AlignedSet`, which needs
    a fifth of the memory. Raises `ImageError` as `measure_darkness` does.
    """
    n, n_rows, n_columns = image_set.images.shape[:3]
    rows = np.empty((n, n_rows, 2 * half_width + 1), dtype=np.float32)
    offsets, lines = np.empty((n, n_rows), dtype=np.float32), np.empty((n, 2), dtype=np.float32)
    strengths, bows = np.empty(n, dtype=np.float32), np.empty(n, dtype=np.float32)
    for start in range(0, n, _N_AT_ONCE):
        part = slice(start, start + _N_AT_ONCE)
        darkness = measure_darkness(image_set.images[part])
        lines[part], strengths[part] = find_lines(darkness)
        rows[part], offsets[part] = cut_rows(darkness, lines[part], half_width=half_width)
        bows[part] = measure_bows(darkness, lines[part])
    facts = image_set.labels, image_set.class_names, image_set.parameters, (n_rows, n_columns)
    return AlignedSet(rows, offsets, lines, strengths, bows, *facts)


def network_input(rows, offsets):
    """What a network is given of aligned images: float32 ``(n, rows, columns, 2)``.

    ``rows`` and ``offsets`` are those of an `AlignedSet`. The first channel is the darkness; the second, the
    same in all of a row, is how far the line lies from the middle of its pixel. Without that a network could
    not tell a bow of half a column from the rounding to whole columns.
    """
    channels = np.empty((*rows.shape, 2), dtype=np.float32)
    channels[..., 0] = np.clip(rows, *_RANGE) / _SCALE
    channels[..., 1] = 2 * offsets[:, :, None]
    return channels
