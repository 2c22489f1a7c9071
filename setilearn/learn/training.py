"""Training: batches, the best epoch, calibration, and taking up what was interrupted."""

import gc
import json
import time
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from setilearn.learn.align import align_images
from setilearn.learn.batches import training_batches
from setilearn.learn.classifier import (
    BENT,
    KINDS,
    ClassifierError,
    arrays_of,
    copy_network,
    load_keras,
    logits_of,
    pieces_of,
    require_classes,
)
from setilearn.learn.images import ImageSet
from setilearn.learn.metrics import Evaluation, fit_temperature, softmax
from setilearn.whole_file import whole_file

_RECORD = "training.json"
_VALIDATED_AT_ONCE = 32  # more images would be faster, and take more memory than training does


def train(
    classifier,
    train_set,
    validation_set,
    *,
    epochs=None,
    learning_rate=None,
    batch_size=32,
    resume=None,
    on_epoch=None,
    progress=True,
):
    """Train a copy of a classifier, keep the weights of the best epoch and calibrate it.

    The best epoch is the one with the smallest loss on ``validation_set``, on which the temperature is
    fitted as well; so accuracy wants measuring on a third set. Training images are turned round at random
    (left and right, for aligned rows up and down too).

    Parameters
    ----------
    classifier : Classifier
        With random weights, or trained before on something else. It is not changed.
    train_set, validation_set : ImageSet
        With labels, without an image in common; an "aligned" classifier takes `AlignedSet` as well.
    epochs : int, optional
    learning_rate : float, optional
        The largest one; both by default as `KINDS` says.
    batch_size : int
    resume : path, optional
        A folder to keep the state after each epoch in. Training that was interrupted goes on from there
        when it is called again, and one that has finished is not repeated.
    on_epoch : callable, optional
        Called after each epoch with the history so far, a DataFrame as `Classifier.history`.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Classifier
        With ``history``.

    Raises
    ------
    ClassifierError
        For a recipe that makes no sense, where sets and classifier do not fit together, the folder belongs to
        another training, or the loss is no number any more.
    """
    kind = KINDS[classifier.kind]
    epochs = kind.epochs if epochs is None else epochs
    rate = kind.learning_rate if learning_rate is None else learning_rate
    _require_recipe(epochs, rate, batch_size)
    for name, image_set in (("train_set", train_set), ("validation_set", validation_set)):
        require_classes(name, classifier, image_set)
    examples = _examples(classifier, train_set)
    size = min(batch_size, len(train_set))
    run = _Run(classifier, validation_set, epochs, on_epoch)
    _compile(run.network, classifier.kind, rate)
    if resume is not None:
        checksums = map(_checksum, (*examples[0], examples[1]))
        run.open(Path(resume), [int(epochs), float(rate), int(size), *checksums])
    rates = _rates(classifier.kind, rate, epochs * (len(train_set) // size)).reshape(epochs, -1)
    _fit(run, examples, rates, size, progress)
    trained = run.finish()
    del run
    gc.collect()  # a compiled network refers to itself: its memory would come back late
    return trained


def _require_recipe(epochs, rate, batch_size):
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if not isinstance(value, (int, np.integer)) or value < 1:
            raise ClassifierError(f"{name}: expected a whole number of at least 1, found {value!r}")
    if not 0 < rate < np.inf:
        raise ClassifierError(f"learning_rate: expected a number above 0, found {rate!r}")


def _examples(classifier, train_set):
    """Arrays for `network_input`, and the output that each image belongs to."""
    if classifier.kind != "aligned":
        return arrays_of(classifier, train_set), train_set.class_index
    if isinstance(train_set, ImageSet):
        train_set = align_images(train_set)
    targets = train_set.class_index.copy()
    if len(classifier.merge) > len(classifier.class_names):
        bent = targets == classifier.class_names.index(BENT)
        targets[bent & (train_set.bows < 0)] = len(classifier.class_names)
    return arrays_of(classifier, train_set), targets


def _checksum(array):
    return zlib.crc32(np.ascontiguousarray(array))


def _compile(network, kind, rate):
    keras = load_keras()
    if kind == "aligned":
        optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-4)
    else:
        optimizer = keras.optimizers.Adam(rate)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    # Now, and not inside of what TensorFlow compiles: that would take longer and hold more memory.
    optimizer.build(network.trainable_variables)


def _rates(kind, largest, n_steps):
    """The learning rate of each batch, ``(n_steps,)``."""
    step = np.arange(n_steps)
    if kind == "course":
        # Five batches, not epochs: after some hundred batches hardly anything is learned any more.
        return largest * 0.96 ** (step // 5)
    if kind == "aligned":
        n_warm_up = n_steps // 15
        warm_up = 0.1 + 0.9 * step / max(n_warm_up, 1)
        cosine = (1 + np.cos(np.pi * (step - n_warm_up) / (n_steps - n_warm_up))) / 2
        return largest * np.where(step < n_warm_up, warm_up, cosine)
    return np.full(n_steps, largest)


def _fit(run, examples, rates, batch_size, progress):
    from tqdm.auto import tqdm

    arrays, targets = examples
    names, n_outputs = run.classifier.class_names, len(run.classifier.merge)
    batches = training_batches(
        arrays,
        targets,
        batch_size=batch_size,
        seed=run.classifier.seed,
        turns=KINDS[run.classifier.kind].turns,
        swapped=(names.index(BENT), len(names)) if n_outputs > len(names) else None,
        first_epoch=len(run.rows),
    )
    # Batch by batch and not by `fit`: that keeps hold of the training images when it is done.
    epochs = range(len(run.rows), run.epochs)
    with tqdm(
        total=run.epochs, initial=epochs.start, desc="training", unit="epoch", disable=not progress
    ) as bar:
        for epoch in epochs:
            rows = []
            for rate, (images, wanted) in zip(rates[epoch], batches, strict=False):
                run.network.optimizer.learning_rate = rate
                run.network.reset_metrics()  # not every version of Keras begins anew with a batch
                rows.append(run.network.train_on_batch(images, wanted, return_dict=True))
            run.add(epoch, {name: np.mean([row[name] for row in rows]) for name in ("loss", "accuracy")})
            bar.set_postfix(run.said())
            bar.update()


def _random_states(network):
    """Where the random numbers of each dropout layer stand, which Keras does not save with the weights."""
    return [layer.seed_generator.state for layer in network.layers if hasattr(layer, "seed_generator")]


class _Run:
    """One training: the network as it is now, its history, its best weights, and the folder it is kept in."""

    def __init__(self, classifier, validation_set, epochs, on_epoch):
        self.classifier, self.epochs, self.on_epoch = classifier, epochs, on_epoch
        self.network = copy_network(classifier.network)
        self.pieces = list(pieces_of(classifier, validation_set, _VALIDATED_AT_ONCE))
        self.truth = validation_set.class_index
        self.rows, self.best, self.folder = [], None, None
        self.started = time.perf_counter()

    def add(self, epoch, logs):
        """Note what an epoch has brought, and keep it."""
        probabilities = softmax(logits_of(self.network, self.pieces)) @ self.classifier.merge
        found = Evaluation(probabilities, self.truth, self.classifier.class_names)
        if not np.isfinite(found.log_loss):
            raise ClassifierError(f"epoch {epoch + 1}: the loss is no number: try a smaller learning_rate")
        row = {"epoch": epoch + 1, "loss": float(logs["loss"]), "accuracy": float(logs["accuracy"])}
        row |= {"val_loss": found.log_loss, "val_accuracy": found.accuracy}
        row["seconds"] = time.perf_counter() - self.started
        if row["val_loss"] < min((other["val_loss"] for other in self.rows), default=np.inf):
            self.best = self.network.get_weights()
        self.rows.append(row)
        if self.folder is not None:
            self._keep()
        if self.on_epoch is not None:
            self.on_epoch(self.history())

    def said(self):
        """The last epoch in a few words, for the progress bar."""
        return {name: f"{self.rows[-1][name]:.3f}" for name in ("loss", "val_loss", "val_accuracy")}

    def history(self):
        """The epochs so far, as `Classifier.history`."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def finish(self):
        """The classifier with the best weights, calibrated."""
        network = copy_network(self.classifier.network)
        network.set_weights(self.best)
        temperature = fit_temperature(logits_of(network, self.pieces), self.truth, self.classifier.merge)
        return replace(self.classifier, network=network, temperature=temperature, history=self.history())

    def open(self, folder, facts):
        """Keep the state in ``folder`` from now on, and take up what is there."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        first = [_checksum(weights) for weights in self.network.get_weights()]
        self.identity = [*facts, self.classifier.seed, zlib.crc32(repr(first).encode())]
        if not (folder / _RECORD).exists():
            return
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        if record["identity"] != self.identity:
            raise ClassifierError(
                f"{folder}: holds another training; name another folder, or remove this one"
            )
        self.rows = record["epochs"]
        load = load_keras().saving.load_model
        self.network = load(self._file(len(self.rows)), safe_mode=True)
        for state, value in zip(_random_states(self.network), record["random_states"], strict=True):
            state.assign(value)
        self.best = load(self._file(self._best_epoch()), compile=False, safe_mode=True).get_weights()
        self.started -= self.rows[-1]["seconds"]

    def _best_epoch(self):
        return min(self.rows, key=lambda row: row["val_loss"])["epoch"]

    def _file(self, epoch):
        return self.folder / f"epoch-{epoch:03d}.keras"

    def _keep(self):
        # The record comes last, and only then goes what it no longer names: a kill at any moment leaves
        # a record and the files it names.
        with whole_file(self._file(len(self.rows))) as part:
            self.network.save(part)
        record = {"identity": self.identity, "epochs": self.rows}
        record["random_states"] = [np.asarray(state).tolist() for state in _random_states(self.network)]
        with whole_file(self.folder / _RECORD) as part:
            part.write_text(json.dumps(record), encoding="utf-8")
        wanted = {self._file(len(self.rows)), self._file(self._best_epoch())}
        for path in self.folder.glob("epoch-*.keras"):
            if path not in wanted:
                path.unlink()
