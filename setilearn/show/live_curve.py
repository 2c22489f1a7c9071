"""A curve that grows while a network is trained, as a callback of Keras."""

import matplotlib.pyplot as plt

from setilearn.keras_loader import load_keras
from setilearn.show.figure import picture_with_alt_text
from setilearn.show.training_plots import plot_history


class LiveCurve(load_keras().callbacks.Callback):
    """Shows loss and accuracy in the notebook, drawn anew after each epoch, and a progress bar of batches.

    For `fit`: ``network.fit(..., verbose=0, callbacks=[LiveCurve(title="mine")])``. Takes the options of
    `plot_history`. ``history`` holds what was drawn, a list for each name as in the history of ``fit``.
    """

    def __init__(self, **options):
        super().__init__()
        self.options, self._bar = options, None

    def on_train_begin(self, logs=None):
        self._close_bar()  # of a training that was interrupted: that Keras does not tell
        self.history, self._shown = {}, None

    def on_epoch_begin(self, epoch, logs=None):
        from tqdm.auto import tqdm

        if self._bar is None:
            # Training that is taken up again begins with a later epoch.
            n_batches = self.params["steps"] or 0
            total = self.params["epochs"] * n_batches or None
            self._bar = tqdm(total=total, initial=epoch * n_batches, desc="training", unit="batch")

    def on_train_batch_end(self, batch, logs=None):
        self._bar.update()

    def on_epoch_end(self, epoch, logs=None):
        for name, value in {"epoch": epoch + 1, **(logs or {})}.items():
            self.history.setdefault(name, []).append(float(value))
        self._bar.set_postfix(
            epoch=epoch + 1, **{name: f"{value:.3f}" for name, value in (logs or {}).items()}
        )
        self._draw()

    def on_train_end(self, logs=None):
        self._close_bar()

    def _close_bar(self):
        if self._bar is not None:
            self._bar.close()
        self._bar = None

    def _draw(self):
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is None:  # a script, where display would print the picture as text
            return
        axes = plot_history(self.history, **self.options)
        picture = picture_with_alt_text(axes[0].figure)
        plt.close(axes[0].figure)
        if self._shown is None:
            self._shown = display(picture, raw=True, display_id=True)
        else:
            self._shown.update(picture, raw=True)
