"""What keeps a damaged `.h5` file from crashing the HDF5 library, and with it Python.

The library trusts what stands in a file: lengths, offsets, filters. So a file is opened in another process
first, and its chunks are held against its size before the library decodes them.
"""

import math
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

from setilearn.errors import FilterbankError
from setilearn.whole_file import file_state

MAX_CHUNK_BYTES = 2**30
TRIAL_S = 15  # to open a file in another process; a sound file takes a fraction of a second
_START_S = 180  # for that process to start: Python and its packages may lie on a slow disk
# Counted from when all is imported; ended from within, since the library may hang where Python is not asked.
_TRIAL_CODE = (
    "import faulthandler, sys; from setilearn.read.hdf5 import try_here; import h5py, hdf5plugin; "
    f"faulthandler.dump_traceback_later({TRIAL_S}, exit=True); try_here(sys.argv[1])"
)
_BITSHUFFLE = "32008"


# Files that another process could open, each in the state that it then had.
_SOUND = set()


def try_elsewhere(path):
    """Try an HDF5 file in another process first: on damaged metadata the HDF5 library may crash or hang.

    Once for each state of a file.
    """
    this = str(path.resolve()), file_state(path)
    if this not in _SOUND:
        _try(path)
        _SOUND.add(this)


def trust(path, state):
    """Take a file as tried in this state, as another process of the same work did: it saves 0.2 s.

    ``state`` is that of `setilearn.whole_file.file_state`; a file that has changed since is tried again.
    """
    _SOUND.add((str(Path(path).resolve()), tuple(state)))


def _try(path):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        trial = subprocess.run(
            [sys.executable, "-c", _TRIAL_CODE, str(path)],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_START_S,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FilterbankError(
            f"{path}: expected another Python to open it within {_START_S} s, found none that did: is this "
            "machine busy?"
        ) from error
    if trial.returncode:
        hangs = "Timeout" in trial.stderr
        what = (
            trial.stdout.strip()
            or f"{path}: expected a whole HDF5 file, found one in which the HDF5 library "
            f"{'hangs' if hangs else 'crashes'}: damaged"
        )
        raise FilterbankError(what)


def stored_chunks(path, data):
    """Where each chunk stands: indices of its first sample -> (first byte, bytes, filters skipped).

    What was never stored HDF5 fills with zeros, however much of it the shape claims: that is an error.
    """
    if data.external or data.is_virtual:
        raise FilterbankError(f"{path}: expected the data in this file, found them in other files")
    chunks = {}
    if data.chunks is None:
        expected, found = data.size * data.dtype.itemsize, data.id.get_storage_size()
    else:
        expected = math.prod(-(-size // chunk) for size, chunk in zip(data.shape, data.chunks, strict=True))
        chunks = _chunks_in_file(path, data)
        found = len(chunks)
        if math.prod(data.chunks) * data.dtype.itemsize > MAX_CHUNK_BYTES:
            raise FilterbankError(
                f"{path}: expected chunks of at most 1 GiB, found chunks of {data.chunks} samples"
            )
    if found != expected:
        unit = "bytes" if data.chunks is None else "chunks"
        raise FilterbankError(f"{path}: expected {expected} {unit} of data, found {found}: truncated?")
    return chunks


def _chunks_in_file(path, data):
    chunks, file_bytes = {}, path.stat().st_size
    data.id.chunk_iter(
        lambda chunk: chunks.update({chunk.chunk_offset: (chunk.byte_offset, chunk.size, chunk.filter_mask)})
    )
    for at, (offset, size, _) in chunks.items():
        if offset + size > file_bytes:
            raise FilterbankError(
                f"{path}: expected the chunk at {at} to end at byte {offset + size}, "
                f"found a file of {file_bytes}: truncated?"
            )
    return chunks


def check_bitshuffle(path, data, chunks, times, channels, if_index):
    """Look at the lengths inside each bitshuffle chunk to be read: its decoder trusts them, and crashes."""
    # Without compression (0) a chunk has no lengths in it.
    if list(data._filters) != [_BITSHUFFLE] or not any((data._filters[_BITSHUFFLE] or ())[4:5]):
        return
    wanted = (times, slice(if_index, if_index + 1), channels)
    starts = [
        range(part.start // length * length, part.stop, length)
        for part, length in zip(wanted, data.chunks, strict=True)
    ]
    with path.open("rb") as handle:
        for at in product(*starts):
            offset, size, left_out = chunks[at]
            if left_out:  # stored as it is: the filter was not used for this chunk
                continue
            handle.seek(offset)
            if not _is_bitshuffle(handle.read(size), math.prod(data.chunks), data.dtype.itemsize):
                raise FilterbankError(
                    f"{path}: expected a whole bitshuffle chunk at {at}, found a damaged one"
                )


def _is_bitshuffle(raw, n_samples, itemsize):
    """Whether the lengths in a chunk add up: its size, its block size, each block behind its own length."""
    n_bytes, block_bytes = int.from_bytes(raw[:8], "big"), int.from_bytes(raw[8:12], "big")
    n_block, left_over = block_bytes // itemsize, n_samples % 8
    if n_bytes != n_samples * itemsize or n_block < 8 or n_block % 8 or block_bytes % itemsize:
        return False
    at, end = 12, len(raw) - left_over * itemsize
    for _ in range(-(-(n_samples - left_over) // n_block)):
        at += 4 + int.from_bytes(raw[at : at + 4], "big")
        if at > end:
            return False
    return at == end
