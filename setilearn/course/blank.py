"""The blank ``____`` that stands in a lesson where the student's answer goes.

A lesson with its blanks still in place runs from top to bottom, because a blank swallows nearly
everything that is done with it. What Python does not let an object swallow (``float(____)``,
``len(____)``, an index into a list) raises a `TypeError` that says a blank is still there. Three things
fail in their own words: ``array[____]``, and with a pandas object before it ``series @ ____`` and
``series += ____``.
"""

import itertools
from types import CodeType, FunctionType

import numpy as np

# Enough for any answer a lesson asks for, and still quick: an answer may be a list of any length.
_MAX_ITEMS_SEARCHED = 100_000

_ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
_BITWISE = ("lshift", "rshift", "and", "or", "xor")
_UNARY = ("neg", "pos", "abs", "invert", "round", "floor", "ceil", "trunc")
_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")


class Blank:
    """A value that is not there yet: what is done with it gives the blank again.

    There is one instance, ``____``. It is false, prints as ``____``, and survives copying and
    pickling as the same object. Iterating over it gives one blank, so that ``sum(____)``,
    ``max(____)`` and ``[x for x in ____]`` still hold one. It has no length: with one, NumPy would
    take it for a sequence and lose it in ``np.array([1.0, ____])``.
    """

    __slots__ = ()
    _instance = None

    # pandas gives way to the operand with the higher priority.
    __pandas_priority__ = 1_000_000

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __reduce__(self):
        return Blank, ()

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        return "____"

    def __format__(self, spec):
        return "____"

    def __bool__(self):
        return False

    def __iter__(self):
        yield self

    def __contains__(self, item):
        return False

    def __getattr__(self, name):
        # Notebooks and NumPy ask for names such as _repr_html_ or __array__ to learn what they
        # have in hand: to those a blank must answer no.
        if name.startswith("_"):
            raise AttributeError(f"the blank ____ has no attribute {name!r}")
        return self

    def __setattr__(self, name, value):
        pass

    def __setitem__(self, key, value):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False

    def __divmod__(self, other):
        return self, self

    __rdivmod__ = __divmod__

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return (self,) * ufunc.nout if method == "__call__" and ufunc.nout > 1 else self

    def __array_function__(self, func, types, args, kwargs):
        return self


def _swallow(self, *args, **kwargs):
    return self


def _refuse(purpose):
    def method(self):
        raise TypeError(f"a blank ____ is still here, where {purpose} is expected: fill it in first")

    return method


_BOTH_SIDES = (*_ARITHMETIC, *_BITWISE)
for _name in (*_BOTH_SIDES, *(f"r{name}" for name in _BOTH_SIDES), *_UNARY, *_COMPARISONS, "call", "getitem"):
    setattr(Blank, f"__{_name}__", _swallow)
for _name, _purpose in {
    "float": "a number",
    "complex": "a number",
    "int": "a whole number",
    "index": "a whole number",
    "len": "something with a length",
}.items():
    setattr(Blank, f"__{_name}__", _refuse(_purpose))

____ = Blank()


def contains_blank(answer):
    """Return whether ``answer`` is a blank or holds one.

    Looks into lists, tuples, sets, dicts, arrays of objects and pandas objects, nested in any way,
    and into the code of a function and of a class's methods. A text with ``____`` in it is taken for a blank
    too: ``f"{____:.3f} MHz"`` is one.
    """
    waiting, seen = [iter([answer])], set()
    for node in itertools.islice(_walk(waiting), _MAX_ITEMS_SEARCHED):
        if node is ____ or (isinstance(node, str) and "____" in node):
            return True
        items = _items_of(node)
        if items is not None and id(node) not in seen:
            seen.add(id(node))
            waiting.append(iter(items))
    return False


def _walk(waiting):
    """Yield from the last iterator of ``waiting``, to which the caller may append more."""
    while waiting:
        try:
            yield next(waiting[-1])
        except StopIteration:
            waiting.pop()


def _items_of(node):
    """What ``node`` holds, or None where there is no need to look inside."""
    if isinstance(node, dict):
        return itertools.chain(node.keys(), node.values())
    if isinstance(node, (list, tuple, set, frozenset)):
        return node
    if isinstance(node, type):
        return vars(node).values()
    if isinstance(node, FunctionType):
        node = node.__code__
    if isinstance(node, CodeType):
        return [*node.co_names, *(const for const in node.co_consts if isinstance(const, CodeType))]
    if type(node).__module__.partition(".")[0] == "pandas" and hasattr(node, "to_numpy"):
        node = node.to_numpy()
    if isinstance(node, np.ndarray) and node.dtype.kind in "OU":
        return node.flat
    return None
