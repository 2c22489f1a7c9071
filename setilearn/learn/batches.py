"""Aligned images in batches, as Keras's ``fit`` takes them: in random order and flipped at random."""

import math

import numpy as np

from setilearn.keras_loader import load_keras
from setilearn.learn.align import network_input
from setilearn.learn.four_classes import BENT


class AlignedBatches(load_keras().utils.PyDataset):
    """Batches of aligned images and of the output that each belongs to, for ``fit`` and ``evaluate``.

    The outputs are those of ``class_names``; with ``split_bends`` a "narrowbanddrd" whose bow is below zero
    belongs to one more. For training (``turn=True``), in each epoch:

    1. the images are put into another order;
    2. half of them, at random, are turned upside down, which changes no class;
    3. half of them are mirrored, left and right: a bow to the one side is then one to the other, and the
       image belongs to the other output.

    Without ``turn`` they come as they are, in their order.

    Parameters
    ----------
    aligned : AlignedSet
        With labels.
    batch_size, seed : int
    turn, split_bends : bool

    TensorFlow holds on to a set that was given to ``fit`` until Python ends (its issue 37653): 7 kB an image,
    once for each set, however often it is trained on.

    A batch is ``(float32 (batch_size, rows, columns, 2), int64 (batch_size,))``, the last one what is left.
    """

    def __init__(self, aligned, *, batch_size=32, seed=0, turn=True, split_bends=True):
        super().__init__()
        self.aligned, self.batch_size, self.turn = aligned, batch_size, turn
        self.targets = aligned.class_index.copy()
        self.mirrored = np.arange(len(aligned.class_names))
        if split_bends and BENT in aligned.class_names:
            bent, other = aligned.class_names.index(BENT), len(aligned.class_names)
            self.targets[(self.targets == bent) & (aligned.bows < 0)] = other
            self.mirrored = np.append(self.mirrored, bent)
            self.mirrored[bent] = other
        self.rng = np.random.default_rng(seed)
        self.order = np.arange(len(aligned))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.order) / self.batch_size)

    def on_epoch_end(self):
        """Another order for the epoch to come; Keras calls this."""
        if self.turn:
            self.rng.shuffle(self.order)

    def __getitem__(self, batch):
        places = self.order[batch * self.batch_size : (batch + 1) * self.batch_size]
        images = network_input(self.aligned.rows[places], self.aligned.offsets[places])
        targets = self.targets[places]
        if self.turn:
            upside_down, mirror = self.rng.random((2, len(places))) < 0.5
            images[upside_down] = images[upside_down, ::-1]
            images[mirror] = images[mirror, :, ::-1]
            images[mirror, ..., 1] *= -1  # what lay to the right of its pixel's middle lies to the left
            targets = np.where(mirror, self.mirrored[targets], targets)
        return images, targets
