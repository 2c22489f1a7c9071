"""Lesson 14: how lines of Spark are judged without Spark."""

import functools
from collections.abc import Iterable

import pandas as pd

from setilearn.course.answers import called, describe, function, shorten
from setilearn.course.material.little_rdd import LittleRDD

# (star, hits as frequency in MHz, drift in Hz/s, SNR).
_TABLES = [
    [("A", [[1420.2, 0.5, 20.0], [1420.9, -0.3, 11.0], [1421.1, 0.0, 99.0]]), ("B", [[1420.5, 1.0, 15.0]])],
    [("A", []), ("B", [[1400.999, -0.1, 12.0], [1401.0, 0.09, 12.0]])],
    [("C", [[1500.5, 0.2, 10.0]] * 3 + [[1499.9, -2.0, 10.0]])],
]


def _pairs(counted, tables):
    """What is counted of these tables, by a `LittleRDD`, as a list of pairs in order of the keys."""
    given = counted(LittleRDD(tables))
    return sorted(
        (int(key), float(value)) for key, value in (given.collect() if hasattr(given, "collect") else given)
    )


def check_rdd(answer, reference):
    """Check a line of Spark on small tables; ``reference`` is a right one."""
    if not callable(answer):
        return f"Expected a function, found {describe(answer)}."

    @functools.wraps(answer)
    def pairs(tables):
        return _pairs(answer, tables)

    return function(*[(tables,) for tables in _TABLES])(pairs, lambda tables: _pairs(reference, tables))


def _table(*rows):
    return pd.DataFrame(rows, columns=["frequency_mhz", "drift_hz_s", "snr"])


_FILES = {
    "a.fil": _table([1420.1, 0.1, 20.0], [1420.2, 0.0, 30.0]),
    "b.fil": _table(),
    "c.fil": _table([1500.0, 1.0, 12.0]),
}


_BATCHES = [["a.fil", "b.fil"], ["c.fil"]]


def check_batches(answer, reference):
    """Check what `hits_of_batches` yields on three small tables, batch by batch."""
    searched = []

    def search(path):
        searched.append(path)
        return _FILES[path].copy()

    def to_the_end(hits_of_batches):
        @functools.wraps(hits_of_batches)
        def made():
            frames = iter([pd.DataFrame({"path": paths}) for paths in _BATCHES])
            given = hits_of_batches(frames, search)
            return hasattr(given, "__next__"), list(given) if isinstance(given, Iterable) else []

        return made

    if not callable(answer):
        return f"Expected a function, found {describe(answer)}."
    given, wrong = called(to_the_end(answer))
    if wrong:
        return wrong
    is_generator, made = given
    if not is_generator:
        return "Expected a generator: `yield` a frame for each batch, not `return`."
    if len(made) != len(_BATCHES) or not all(isinstance(frame, pd.DataFrame) for frame in made):
        return f"Expected a frame for each of {len(_BATCHES)} batches, found {len(made)} things yielded."
    if searched != [path for paths in _BATCHES for path in paths]:
        return f"Expected one search of each path, in their order, found {shorten(str(searched), 80)}."
    return _other_frames(made, to_the_end(reference)()[1])


def _other_frames(made, wanted):
    """What tells frames from those that are wanted, or None."""
    for frame, right in zip(made, wanted, strict=True):
        if list(frame.columns) != list(right.columns):
            found = ", ".join(map(str, frame.columns))
            return f"Expected the columns {', '.join(right.columns)}, found {found}."
        if frame.to_numpy().tolist() != right.to_numpy().tolist():
            return f"Expected {len(right)} rows with the path of their own file, found other rows."
    return None
