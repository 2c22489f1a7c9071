"""Image sets: spectrograms as the grey pictures that a network learns from."""

import math
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from setilearn.errors import ImageError

IMAGE_SIZE = (64, 128)
HALF_WIDTH = 12  # columns that are kept to either side of a line (`setilearn.learn.align`)


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Pictures and what they show.

    ``images`` float32 ``(n, rows, columns, 1)`` in 0..1, time downwards and frequency to the right;
    ``labels`` one-hot float32 ``(n, n_classes)``, ``(n, 0)`` where nobody knows; ``class_names``
    a tuple, one for each column of ``labels``; ``parameters`` None or a DataFrame with a row for
    each image, such as the true parameters of what was simulated.

    ``image_set[10:20]``, with an array of places or with a mask gives the set of those images.
    Raises `ImageError` where shapes do not fit together.
    """

    images: np.ndarray
    labels: np.ndarray
    class_names: tuple
    parameters: object = field(default=None)

    def __post_init__(self):
        images, labels = (np.asarray(array, dtype=np.float32) for array in (self.images, self.labels))
        n = len(images) if images.ndim else 0
        if images.ndim != 4 or images.shape[3] != 1:
            raise ImageError(f"images: expected the shape (n, rows, columns, 1), found {images.shape}")
        if labels.shape != (n, len(self.class_names)):
            raise ImageError(
                f"labels: expected the shape ({n}, {len(self.class_names)}) for {n} images of the classes "
                f"{', '.join(self.class_names) or '(none)'}, found {labels.shape}"
            )
        if self.parameters is not None and len(self.parameters) != n:
            raise ImageError(f"parameters: expected {n} rows, found {len(self.parameters)}")
        object.__setattr__(self, "images", images)
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "class_names", tuple(self.class_names))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, key):
        if isinstance(key, (int, np.integer)):
            raise ImageError(f"expected a slice, an array of places or a mask, found the number {key}")
        parameters = self.parameters
        if parameters is not None:
            parameters = parameters.iloc[key].reset_index(drop=True)
        return ImageSet(self.images[key], self.labels[key], self.class_names, parameters)

    @property
    def class_index(self):
        """Class of each image as its place in ``class_names``, int64 ``(n,)``.

        Raises `ImageError` where the images have no labels.
        """
        if not self.class_names:
            raise ImageError("expected images with labels, found a set without classes")
        return self.labels.argmax(axis=1)


def one_hot(class_index, n_classes):
    """Float32 ``(n, n_classes)`` with a one in the column that ``class_index`` names, zeros elsewhere."""
    return np.eye(n_classes, dtype=np.float32)[np.asarray(class_index, dtype=np.int64)]


def straighten(images, tracks, offsets):
    """Images cut along their tracks, float32 ``(n, rows, len(offsets))``: a line on its track stands upright.

    ``offsets`` are columns to the right of the track; values between pixels are interpolated, and what
    is beyond the edge comes from the other one, as in a spectrum, which goes round.
    """
    from scipy.ndimage import map_coordinates

    n, n_rows, _, _ = images.shape
    columns = tracks[:, :, None] + np.asarray(offsets)
    places = np.broadcast_arrays(np.arange(n)[:, None, None], np.arange(n_rows)[:, None], columns)
    return map_coordinates(images[..., 0], places, order=1, mode="grid-wrap")


def picture(power, size=IMAGE_SIZE, *, full_power=None):
    """Power ``(rows, columns)`` as a picture of another ``size``, float32 in 0..1 with 8 bits.

    Natural logarithm, divided by its maximum; "jet"; Lanczos; grey (ITU-R 601): the recipe of the
    published set. It wants power well above 1, as the 8-bit samples of that set have. With
    ``full_power`` the logarithm of that power is the divisor, for all pictures the same, and what is
    stronger is drawn as if it were as strong.
    """
    from PIL import Image

    # No power at all, which 8-bit samples may have, counts as 1.
    log_power = np.log(np.maximum(power, 1))
    top = log_power.max() if full_power is None else math.log(full_power)
    colour = np.minimum(log_power * np.float32(256 / top), 255).astype(np.uint8)
    image = Image.fromarray(colour)
    image.putpalette(_jet())
    image = image.convert("RGB")
    if image.size != (size[1], size[0]):
        image = image.resize((size[1], size[0]), Image.Resampling.LANCZOS)
    return np.asarray(image.convert("L"), dtype=np.float32) / 255


@cache
def _jet():
    from matplotlib import colormaps

    return colormaps["jet"](np.arange(256), bytes=True)[:, :3].tobytes()


def require_size(size):
    rows_columns = tuple(size) if np.ndim(size) == 1 else (size,)
    whole = all(isinstance(length, (int, np.integer)) and length > 0 for length in rows_columns)
    if len(rows_columns) != 2 or not whole:
        raise ImageError(f"size: expected rows and columns such as (64, 128), found {size!r}")
    return rows_columns
