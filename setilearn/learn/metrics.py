"""How good a classifier is: confusion, recall, calibration, accuracy against a parameter."""

from dataclasses import dataclass, field

import numpy as np

from setilearn.errors import ClassifierError
from setilearn.search.recovery import completeness

N_CALIBRATION_BINS = 15
# What a fitted temperature may be; beyond, a model is not miscalibrated but broken.
_TEMPERATURES = (0.05, 20.0)
_TINY = 1e-12
# Softmax in 32 bits gives no number between this and 0.
_LEAST = 1e-38


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a classifier said of n images, and what they are.

    ``probabilities`` float ``(n, n_classes)`` that add up to 1; ``truth`` the place of each image's
    class in ``class_names``; ``parameters`` None or a DataFrame with a row for each image.
    """

    probabilities: np.ndarray
    truth: np.ndarray
    class_names: tuple
    parameters: object = field(default=None)

    def __post_init__(self):
        probabilities, truth = np.asarray(self.probabilities), np.asarray(self.truth)
        if probabilities.shape != (len(truth), len(self.class_names)) or truth.ndim != 1:
            raise ClassifierError(
                f"probabilities: expected the shape ({len(truth)}, {len(self.class_names)}), "
                f"found {probabilities.shape}"
            )
        if not len(truth):
            raise ClassifierError("expected at least one image, found none")
        if self.parameters is not None and len(self.parameters) != len(truth):
            raise ClassifierError(f"parameters: expected {len(truth)} rows, found {len(self.parameters)}")
        object.__setattr__(self, "probabilities", probabilities)
        object.__setattr__(self, "truth", truth)

    @property
    def predicted(self):
        """The most probable class of each image, as its place in ``class_names``."""
        return self.probabilities.argmax(axis=1)

    @property
    def right(self):
        """Whether the most probable class is the true one: bool ``(n,)``."""
        return self.predicted == self.truth

    @property
    def accuracy(self):
        """Share of images whose most probable class is the true one."""
        return float(self.right.mean())

    @property
    def accuracy_interval(self):
        """One-sigma interval of the accuracy (Wilson): what another set of as many images may give."""
        bins = completeness(np.zeros(len(self.truth)), self.right, [-1, 1])
        return float(bins["share_low"].iloc[0]), float(bins["share_high"].iloc[0])

    @property
    def confusion(self):
        """How many images of each class (rows) were taken for each class (columns): DataFrame."""
        import pandas as pd
        from sklearn.metrics import confusion_matrix

        counts = confusion_matrix(self.truth, self.predicted, labels=np.arange(len(self.class_names)))
        axes = {name: pd.Index(self.class_names, name=name) for name in ("true", "predicted")}
        return pd.DataFrame(counts, axes["true"], axes["predicted"])

    @property
    def recall(self):
        """Share of each class that was recognised, with its one-sigma interval.

        DataFrame, a row for each class: ``n``, ``n_found``, ``share``, ``share_low``, ``share_high``
        (E. B. Wilson 1927); NaN for a class without images.
        """
        edges = np.arange(len(self.class_names) + 1) - 0.5
        return (
            completeness(self.truth, self.right, edges)
            .drop(columns=["low", "high"])
            .set_axis(list(self.class_names))
        )

    @property
    def log_loss(self):
        """Mean of minus the logarithm of the probability of the true class: the loss of training."""
        chosen = self.probabilities[np.arange(len(self.truth)), self.truth]
        return float(-np.log(np.maximum(chosen, _TINY)).mean())

    @property
    def reliability(self):
        """How often predictions of some confidence are right: DataFrame of `reliability`."""
        return reliability(self.probabilities.max(axis=1), self.right)

    @property
    def ece(self):
        """Expected calibration error: `calibration_error` of `reliability`."""
        return calibration_error(self.reliability)

    def accuracy_by(self, parameter, edges, *, classes=None):
        """Accuracy in bins of a parameter, such as ``"snr"``, with its one-sigma interval.

        Parameters
        ----------
        parameter : str
            A column of ``parameters``; its absolute value counts.
        edges : array (n_bins + 1,)
            Of the bins, ascending.
        classes : sequence of str, optional
            Count images of these classes only.

        Returns
        -------
        DataFrame
            As `setilearn.search.recovery.completeness` returns it.

        Raises
        ------
        ClassifierError
            Where there is no such parameter or class.
        """
        if self.parameters is None or parameter not in self.parameters:
            known = () if self.parameters is None else tuple(self.parameters)
            raise ClassifierError(
                f"accuracy_by: expected one of {', '.join(known) or '(none)'}, found {parameter!r}"
            )
        classes = self.class_names if classes is None else tuple(classes)
        if unknown := set(classes) - set(self.class_names):
            raise ClassifierError(
                f"classes: expected some of {', '.join(self.class_names)}, found {', '.join(sorted(unknown))}"
            )
        chosen = np.isin(np.asarray(self.class_names)[self.truth], classes)
        values = np.abs(self.parameters[parameter].to_numpy(dtype=np.float64))
        return completeness(values[chosen], self.right[chosen], edges)


def reliability(confidence, right, *, n_bins=N_CALIBRATION_BINS):
    """How often predictions are right, against how sure they are, in equal bins of confidence from 0 to 1.

    ``confidence`` is the probability of the predicted class, ``right`` whether it was the true one,
    both ``(n,)``. Returns `completeness`' DataFrame with the column ``confidence``, the mean in each
    bin; bins without predictions are left out.
    """
    confidence = np.asarray(confidence, dtype=np.float64)
    edges = np.linspace(0, 1, n_bins + 1)
    edges[-1] = np.nextafter(1, 2)  # a bin does not hold its upper edge, and 1 is a confidence
    bins = completeness(np.clip(confidence, 0, 1), right, edges)
    sums = np.histogram(np.clip(confidence, 0, 1), bins=edges, weights=confidence)[0]
    bins = bins.assign(confidence=sums / np.maximum(bins["n"], 1))
    return bins[bins["n"] > 0].reset_index(drop=True)


def calibration_error(bins):
    """Expected calibration error: mean distance of share and confidence, weighted by the bins' counts.

    ``bins`` as `reliability` returns them (M. P. Naeini and others 2015, AAAI 29). It is never quite
    zero: with n predictions even a perfect classifier has some 1/sqrt(n) of scatter.
    """
    apart = (bins["share"] - bins["confidence"]).abs()
    return float((apart * bins["n"]).sum() / bins["n"].sum())


def tempered(probabilities, temperature):
    """Probabilities ``(n, k)`` whose logarithms were divided by ``temperature``, adding up to 1 again.

    The same as dividing what softmax is given: above 1 they come closer to each other, below 1 they part.
    """
    from scipy.special import softmax

    logarithms = np.log(np.maximum(np.asarray(probabilities, dtype=np.float64), _LEAST))
    return softmax(logarithms / temperature, axis=1)


def fit_temperature(probabilities, truth, merge=None):
    """The temperature that makes the true classes of labelled images as likely as can be.

    It leaves the most probable class (all but) unchanged and only makes the model more or less sure (C. Guo
    and others 2017, ICML). Fit it on images that were not trained on.

    Parameters
    ----------
    probabilities : array (n, k)
    truth : int array (n,)
        The true class of each image.
    merge : array (k, n_classes), optional
        Adds up the probabilities of outputs that mean the same class.

    Returns
    -------
    float
    """
    from scipy.optimize import minimize_scalar

    merge = np.eye(np.shape(probabilities)[1]) if merge is None else merge

    def loss(log_temperature):
        found = tempered(probabilities, np.exp(log_temperature)) @ merge
        return -np.log(np.maximum(found[np.arange(len(truth)), truth], _TINY)).mean()

    return float(np.exp(minimize_scalar(loss, bounds=np.log(_TEMPERATURES), method="bounded").x))
