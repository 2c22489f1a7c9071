"""Files that appear whole or not at all, and how a file is told from what it was before."""

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


def file_state(path):
    """(bytes, time of its data, time of its entry), which change with the file; raises `OSError`.

    The second time cannot be set by hand: a file of the same size that was given an older date differs too.
    """
    status = Path(path).stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns
