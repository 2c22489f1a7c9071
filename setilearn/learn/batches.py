"""What a network is given: images or aligned rows as arrays, in random order and turned round at random."""

import itertools

import numpy as np

# Darkness in sigmas that a network is given, and what it is divided by to be of the size of 1.
_RANGE, _SCALE = (-5.0, 10.0), 4.0


def network_input(arrays, places=slice(None)):
    """Float32 ``(n, rows, columns, channels)`` for some of the images that ``arrays`` hold.

    ``arrays`` are ``(images,)``, whose one channel is taken as it is, or ``(rows, offsets)`` of an
    `AlignedSet`: the first channel is then the darkness and the second, the same in all of a row, is how far
    the line lies from the middle of its pixel. Without that a network could not tell a bow of half a column
    from the rounding to whole columns.
    """
    if len(arrays) == 1:
        return arrays[0][places]
    rows, offsets = arrays[0][places], arrays[1][places]
    channels = np.empty((*rows.shape, 2), dtype=np.float32)
    channels[..., 0] = np.clip(rows, *_RANGE) / _SCALE
    channels[..., 1] = 2 * offsets[:, :, None]
    return channels


def training_batches(arrays, targets, *, batch_size, seed, turns, swapped=None, first_epoch=0):
    """Batches without end, epoch after epoch; the images left over in an epoch are left out of it.

    Parameters
    ----------
    arrays : tuple of arrays
        As in `network_input`.
    targets : int array (n,)
        The output that an image belongs to.
    batch_size, seed : int
        An epoch's order depends on ``seed`` and its number alone: training that is taken up again sees
        the same batches as training that was never interrupted.
    turns : tuple of int
        Axes, 1 for up and down, 2 for left and right, along which half of the images are turned round.
    swapped : (int, int), optional
        Two outputs of which each is the other one's mirror image, left and right.
    first_epoch : int
        Number of the epoch to begin with, from 0.

    Yields
    ------
    (float32 (batch_size, rows, columns, channels), int (batch_size,))
    """
    for epoch in itertools.count(first_epoch):
        rng = np.random.default_rng([seed, epoch])
        order = rng.permutation(len(targets))
        for start in range(0, len(order) - batch_size + 1, batch_size):
            places = order[start : start + batch_size]
            images, wanted = network_input(arrays, places).copy(), targets[places]
            for axis in turns:
                turned = rng.random(len(places)) < 0.5
                images[turned] = np.flip(images[turned], axis)
                if axis == 2:
                    images[turned, ..., 1:] *= -1  # what lay to the right lies to the left
                    wanted = _swap(wanted, turned, swapped)
            yield images, wanted


def _swap(targets, turned, pair):
    if pair is None:
        return targets
    mirrored = targets.copy()
    for one, other in (pair, pair[::-1]):
        mirrored[turned & (targets == one)] = other
    return mirrored
