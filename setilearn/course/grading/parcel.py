"""Answers on their way from a notebook's kernel to the teacher's process, as text that can do nothing.

Nothing is unpickled: a parcel holds numbers, texts, arrays, tables, and lists and dicts of these.
"""

import base64
import io
import json
import sys

import numpy as np

from setilearn.course.blank import ____, contains_blank
from setilearn.errors import ExerciseError

MOST_CHARACTERS = 30_000_000
_MOST_LEVELS = 20
_AN_OTHER = '{"other": '  # within a text its quotation marks would be escaped


class Other:
    """What is no plain answer: a network, a class; only the name of its type comes along."""

    def __init__(self, type_name):
        self.type_name = type_name


class InKernel(Other):
    """A function that stays in the kernel."""


def pack(value):
    """The text of a parcel that holds ``value``: `Other` as a whole where a part cannot be packed."""
    text = json.dumps(_packed(____ if contains_blank(value) else value))
    if len(text) > MOST_CHARACTERS:
        return json.dumps({"other": "too large an answer"})
    return json.dumps({"other": type(value).__name__}) if _AN_OTHER in text else text


def unpack(text):
    """What `pack` packed; raises `ExerciseError` where the text is no parcel."""
    try:
        return _unpacked(json.loads(text))
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        RecursionError,
        EOFError,
        OSError,
        MemoryError,
    ) as error:
        raise ExerciseError(f"expected a packed answer, found something else ({error!r:.80})") from error


def _packed(value, level=0):
    if value is ____:
        return {"blank": True}
    if value is None or isinstance(value, bool | int | float | str):
        return {"plain": value}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if level < _MOST_LEVELS:
        if isinstance(value, list | tuple | set | frozenset):
            kind = "set" if isinstance(value, set | frozenset) else type(value).__name__
            kind = kind if kind in ("list", "tuple", "set") else "list"
            return {kind: [_packed(item, level + 1) for item in value]}
        if isinstance(value, dict):
            return {
                "dict": [[_packed(key, level + 1), _packed(item, level + 1)] for key, item in value.items()]
            }
        pandas = sys.modules.get("pandas")
        if pandas and isinstance(value, pandas.DataFrame):
            columns = [[_packed(name, level + 1), _packed(value[name], level + 1)] for name in value.columns]
            return {"frame": columns, "index": _packed(list(value.index), level + 1)}
        if pandas and isinstance(value, pandas.Series):
            items = value.to_numpy() if value.dtype.kind in "biufc" else list(value)
            return {"series": _packed(items, level + 1), "index": _packed(list(value.index), level + 1)}
    if isinstance(value, np.ndarray | np.generic) and not value.dtype.hasobject:
        file = io.BytesIO()
        np.save(file, value, allow_pickle=False)
        return {"array": base64.b64encode(file.getvalue()).decode(), "scalar": isinstance(value, np.generic)}
    if level == 0 and callable(value) and not isinstance(value, type):
        return {"function": type(value).__name__}
    return {"other": type(value).__name__}


def _unpacked(parcel):
    (kind, content), *_ = parcel.items()
    if kind in ("list", "tuple", "set"):
        items = [_unpacked(item) for item in content]
        return {"list": list, "tuple": tuple, "set": set}[kind](items)
    if kind == "dict":
        return {_unpacked(key): _unpacked(item) for key, item in content}
    if kind in ("frame", "series"):
        return _table(kind, content, _unpacked(parcel["index"]))
    if kind == "array":
        array = np.load(io.BytesIO(base64.b64decode(content, validate=True)), allow_pickle=False)
        return array[()] if parcel["scalar"] else array
    simple = {
        "blank": lambda _: ____,
        "plain": lambda plain: plain,
        "complex": lambda parts: complex(*parts),
        "function": InKernel,
        "other": Other,
    }
    return simple[kind](content)


def _table(kind, content, index):
    import pandas as pd

    if kind == "series":
        return pd.Series(_unpacked(content), index=index)
    columns = [(_unpacked(name), _unpacked(column)) for name, column in content]
    frame = pd.DataFrame({k: column.to_numpy() for k, (_, column) in enumerate(columns)}, index=index)
    return frame.set_axis([name for name, _ in columns], axis="columns")
