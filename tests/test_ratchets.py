"""Figures of the code that may only fall: who needs a larger one says here why.

They hold each other: a long body is not to be bought off by shredding it, nor a long file by scattering it.
"""

import ast
import re
from pathlib import Path

import setilearn

PACKAGE = Path(setilearn.__file__).parent

# What stands today. Lower them as they fall.
MOST_LONG_FILES = 3  # of more than 300 lines
MOST_LONG_BODIES = 5  # of more than 30 lines, without the docstring
MOST_SHREDS = 47  # private functions of at most four lines, called in one place

# Where frequencies become channels and back: the others ask these, but for so many lines.
KNOW_CHANNELS = ("spectrogram.py", "tracks.py", "polyphase.py", "simulate/", "read/")
MOST_OTHERS_THAT_COUNT_CHANNELS = 4


def sources():
    return {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def body_lines(function):
    """Lines of a function from its first statement after the docstring to its end."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


def test_no_more_long_files():
    long = [f"{name_of(path)}: {len(text.splitlines())}" for path, text in sources().items()]
    long = [line for line in long if int(line.rpartition(" ")[2]) > 300]
    assert len(long) <= MOST_LONG_FILES, long


def test_no_more_long_bodies():
    long = [
        f"{name_of(path)}: {function.name}: {body_lines(function)}"
        for path, text in sources().items()
        for function in functions(ast.parse(text))
        if body_lines(function) > 30
    ]
    assert len(long) <= MOST_LONG_BODIES, long


def test_no_more_shreds():
    shreds = []
    for path, text in sources().items():
        for function in functions(ast.parse(text)):
            name = function.name
            if not name.startswith("_") or name.endswith("__") or function.decorator_list:
                continue
            # The definition itself is one of the places.
            called, named = (len(re.findall(rf"\b{name}{end}", text)) for end in (r"\(", r"\b"))
            if body_lines(function) <= 4 and called == named == 2:
                shreds.append(f"{name_of(path)}: {name}")
    assert len(shreds) <= MOST_SHREDS, shreds


def test_channels_are_counted_in_few_places():
    lines = [
        f"{name_of(path)}: {line.strip()}"
        for path, text in sources().items()
        for line in text.splitlines()
        if "HZ_PER_MHZ" in line and "foff_hz" in line and not name_of(path).startswith(KNOW_CHANNELS)
    ]
    assert len(lines) <= MOST_OTHERS_THAT_COUNT_CHANNELS, lines
