"""A file that appears whole or not at all."""

import os
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path):
    """A path beside ``path``, of the same suffix, to write to: it takes its place when the block ends.

    Where the block raises, nothing of it remains, and a file that stood at ``path`` stays as it was.
    """
    path = Path(path)
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
