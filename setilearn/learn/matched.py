"""The ceiling: what a matched filter tells apart that is told where the line is.

A network has to find the line, its strength and its bow. An observer who knows all of that beforehand,
and how the pixels around a line of that strength are distributed, has only to say whether the line is bent.
As far as the pixels are independent, no classifier that sees them can do better (J. Neyman and E. S.
Pearson 1933).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import ImageError
from setilearn.learn.four_classes import BENT, STRAIGHT, true_tracks
from setilearn.learn.image_lines import measure_darkness
from setilearn.learn.metrics import Evaluation

if TYPE_CHECKING:
    from setilearn.learn.images import ImageSet

# Pixels up to two columns from the line count; values and distances in the cells of a table.
_COLUMNS = np.arange(-2, 3)
_DISTANCES = np.linspace(-2, 2, 33)
_VALUES = np.arange(-4, 10.01, 0.5)
_N_STRENGTHS = 5
_N_AT_ONCE = 64
# Beyond, a probability is 0 or 1 to the last bit.
_MOST_LOG_ODDS = 36.0


def bow_shape(size):
    """By how many columns a line of drd 1 leaves its least-squares straight line, ``(rows,)``."""
    import pandas as pd

    bent = pd.DataFrame({"w0": [0.0], "drift": [0.0], "drd": [1.0], "jitter": [0.0]})
    track = true_tracks(bent, size)[0]
    rows = np.arange(size[0])
    return track - np.polyval(np.polyfit(rows, track, 1), rows)


def matched_filter(known: ImageSet, tested: ImageSet, *, seed: int = 0) -> Evaluation:
    """What a matched filter that knows each line's track says of straight and bent lines.

    1. For each line of ``tested`` two alternatives are set up: it is straight, or it is bent to one side or
       the other by its own drd; for a straight line that of a bent one, drawn at random.
    2. Each pixel near the track has a likelihood under either, from a table of the values that pixels have
       at some distance from a line of about that strength, counted in ``known``.
    3. Their products say which is likelier, and by how much.

    Parameters
    ----------
    known, tested : ImageSet
        Simulated, with ``parameters``, both with images of the classes `STRAIGHT` and `BENT`; others
        are left out.
    seed : int
        For which bow a straight line is compared with.

    Returns
    -------
    Evaluation
        Of the lines alone, in the order of ``tested``, with their parameters: its ``accuracy`` is the share
        that nobody who sees these pixels can exceed.

    Raises
    ------
    ImageError
        Where an image set has no parameters, or lacks one of the classes.
    """
    known_places, places = _lines_of("known", known), _lines_of("tested", tested)
    snr = known.parameters["snr"].to_numpy()[known_places]
    limits = np.quantile(snr, np.arange(1, _N_STRENGTHS) / _N_STRENGTHS)
    table = _log_ratios(known, known_places, limits)
    parameters = tested.parameters.iloc[places].reset_index(drop=True)
    drd = parameters["drd"].to_numpy()
    is_bent = drd != 0
    drawn = np.random.default_rng(seed).choice(drd[is_bent], len(drd))
    bow = np.abs(np.where(is_bent, drd, drawn))
    log_odds = [_log_odds(tested[places[part]], bow[part], table, limits) for part in _parts(len(places))]
    bent = 1 / (1 + np.exp(-np.clip(np.concatenate(log_odds), -_MOST_LOG_ODDS, _MOST_LOG_ODDS)))
    return Evaluation(
        np.stack([1 - bent, bent], axis=1), is_bent.astype(np.int64), (STRAIGHT, BENT), parameters
    )


def _log_odds(lines, bow, table, limits):
    """By how much each line is likelier bent by ``bow``, to either side, than straight: natural logarithm."""
    size = lines.images.shape[1:3]
    shape = bow_shape(size)
    straight = true_tracks(lines.parameters, size) - lines.parameters["drd"].to_numpy()[:, None] * shape
    darkness = measure_darkness(lines.images)
    strength = np.digitize(lines.parameters["snr"], limits)
    none, right, left = (
        _score(darkness, straight + side * bow[:, None] * shape, table, strength) for side in (0, 1, -1)
    )
    return np.logaddexp(right, left) - np.log(2) - none


def _parts(n):
    """Lines are worked on in parts, so that what is needed in between stays small."""
    return [slice(start, start + _N_AT_ONCE) for start in range(0, n, _N_AT_ONCE)]


def _lines_of(name, image_set):
    """Places of the lines in a set, which must have some of both kinds."""
    if image_set.parameters is None:
        raise ImageError(f"{name}: expected simulated images with their parameters, found none")
    classes = np.asarray(image_set.class_names)[image_set.class_index]
    for wanted in (STRAIGHT, BENT):
        if wanted not in classes:
            raise ImageError(f"{name}: expected images of {STRAIGHT} and {BENT}, found none of {wanted}")
    return np.flatnonzero(np.isin(classes, (STRAIGHT, BENT)))


def _cells(darkness, tracks):
    """For the pixels around each track: cell of the distance and of the value, and whether they count."""
    column = np.rint(tracks).astype(int)[:, :, None] + _COLUMNS
    inside = (column >= 0) & (column < darkness.shape[2])
    values = np.take_along_axis(darkness, np.clip(column, 0, darkness.shape[2] - 1), axis=2)
    distance = np.digitize(column - tracks[:, :, None], _DISTANCES) - 1
    value = np.digitize(np.clip(values, _VALUES[0], _VALUES[-2]), _VALUES) - 1
    return distance, value, inside & (distance >= 0) & (distance < len(_DISTANCES) - 1)


def _log_ratios(known, places, limits):
    """Logarithm of how much likelier a value is at a distance from a line of a strength than elsewhere."""
    # One half in each cell, so that what was never seen is unlikely and not impossible.
    table = np.full((_N_STRENGTHS, len(_DISTANCES) - 1, len(_VALUES) - 1), 0.5)
    elsewhere = np.full(len(_VALUES) - 1, 0.5)
    for part in _parts(len(places)):
        lines = known[places[part]]
        darkness = measure_darkness(lines.images)
        distance, value, counts = _cells(darkness, true_tracks(lines.parameters, lines.images.shape[1:3]))
        strength = np.broadcast_to(np.digitize(lines.parameters["snr"], limits)[:, None, None], value.shape)
        cell = np.ravel_multi_index((strength[counts], distance[counts], value[counts]), table.shape)
        table += np.bincount(cell, minlength=table.size).reshape(table.shape)
        elsewhere += np.histogram(np.clip(darkness, _VALUES[0], _VALUES[-2]), _VALUES)[0]
    table /= table.sum(axis=2, keepdims=True)
    return np.log(table / (elsewhere / elsewhere.sum()))


def _score(darkness, tracks, table, strength):
    distance, value, counts = _cells(darkness, tracks)
    ratio = table[strength[:, None, None], np.minimum(distance, table.shape[1] - 1), value]
    return np.where(counts, ratio, 0).sum(axis=(1, 2))
