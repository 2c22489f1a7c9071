"""SIGPROC `.fil` files: opened, read in blocks, written."""

import os
from functools import partial

import numpy as np

from setilearn.errors import FilterbankError, LostDataWarning
from setilearn.read import sigproc
from setilearn.read.header import BLOCK_BYTES, OpenFile, promised_n_time, tell, to_header, whole_number

# by bits and whether they are signed
_DTYPES = {
    (8, False): np.dtype("u1"),
    (8, True): np.dtype("i1"),
    (16, False): np.dtype("<u2"),
    (16, True): np.dtype("<i2"),
    (32, False): np.dtype("<f4"),
    (32, True): np.dtype("<f4"),
}


def open_fil(path, handle):
    try:
        keywords, data_start = sigproc.decode_header(handle.read(sigproc.MAX_HEADER_BYTES))
    except sigproc.SigprocError as error:
        raise FilterbankError(f"{path}: {error}") from error
    n_bits = whole_number(path, keywords, "nbits")
    if n_bits not in (1, 2, 4, 8, 16, 32):
        raise FilterbankError(f"{path}: expected 1, 2, 4, 8, 16 or 32 bits a sample, found nbits = {n_bits}")
    n_chan, n_ifs = whole_number(path, keywords, "nchans"), whole_number(path, keywords, "nifs", 1)
    if n_chan < 1 or n_ifs < 1:
        raise FilterbankError(
            f"{path}: expected at least one channel and one IF, found nchans = {n_chan}, nifs = {n_ifs}"
        )
    is_signed = keywords.get("signed", 0) != 0
    if is_signed and n_bits < 8:
        raise FilterbankError(f"{path}: expected unsigned samples of {n_bits} bits, found signed = 1")
    row_bits, data_bytes = n_chan * n_ifs * n_bits, os.fstat(handle.fileno()).st_size - data_start
    n_time = _n_time(path, keywords, row_bits, data_bytes, f"{n_ifs} IF x {n_chan} channels x {n_bits} bits")
    if keywords["passed over"]:
        tell(f"{path}: passed over what SIGPROC does not know: {', '.join(keywords['passed over'])}")
    header, descending = to_header(path, keywords, (n_time, n_ifs, n_chan), n_bits)
    return OpenFile(path, header, descending, partial(_blocks, path, handle, data_start, header, is_signed))


def _n_time(path, keywords, row_bits, data_bytes, what):
    """How many whole integrations there are; tells of what is beyond them or missing."""
    n_time, left_over = divmod(data_bytes * 8, row_bits)
    if row_bits % 8 or not n_time:
        raise FilterbankError(
            f"{path}: expected whole integrations of {row_bits / 8:.12g} bytes ({what}), found {data_bytes} "
            "bytes of data: truncated?"
        )
    if left_over:
        tell(
            f"{path}: its last integration has {left_over // 8} of {row_bits // 8} bytes and is left out; "
            f"{n_time} are whole",
            LostDataWarning,
        )
    return promised_n_time(path, keywords, n_time)


def _blocks(path, handle, data_start, header, is_signed, times, channels, if_index):
    """Read a few megabytes of integrations at a time; only the wanted channels where that saves reading."""
    row_bytes = header.n_ifs * header.n_chan * header.n_bits // 8
    first_bit = (if_index * header.n_chan + channels.start) * header.n_bits
    last_bit = first_bit + (channels.stop - channels.start) * header.n_bits
    start, stop = first_bit // 8, -(-last_bit // 8)
    skipped = first_bit % 8 // header.n_bits
    # Below a page of the disk, reading all of each row and dropping most of it is the quicker way.
    n_rows = max(1, BLOCK_BYTES // row_bytes) if row_bytes < max(8192, 2 * (stop - start)) else 1
    # One buffer for all blocks: each is used before the next is read.
    buffer = np.empty(stop - start if n_rows == 1 else n_rows * row_bytes, np.uint8)
    for first in range(times.start, times.stop, n_rows):
        n = min(n_rows, times.stop - first)
        offset, size = first * row_bytes, n * row_bytes
        if n_rows == 1:
            offset, size = offset + start, stop - start
        raw = buffer[:size]
        handle.seek(data_start + offset)
        if _read_fully(handle, raw) != size:
            raise FilterbankError(
                f"{path}: expected {size} bytes at byte {data_start + offset}, found fewer: truncated?"
            )
        raw = raw.reshape(n, -1) if n_rows == 1 else raw.reshape(n, row_bytes)[:, start:stop]
        samples = _unpack(raw, header.n_bits, is_signed)[
            :, skipped : skipped + channels.stop - channels.start
        ]
        yield slice(first - times.start, first - times.start + n), slice(0, samples.shape[1]), samples


def _read_fully(handle, buffer):
    """Bytes read into ``buffer``: the system hands over at most 2 GiB at a time."""
    view, n_read = memoryview(buffer), 0
    while n_read < len(view) and (n := handle.readinto(view[n_read:])):
        n_read += n
    return n_read


def _unpack(raw, n_bits, is_signed):
    """Samples ``(rows, n)`` of bytes ``(rows, n_bytes)``; below 8 bits the lowest bits come first."""
    if n_bits >= 8:
        return raw.view(_DTYPES[n_bits, is_signed])
    shifts = np.arange(0, 8, n_bits, dtype=np.uint8)
    return ((raw[:, :, None] >> shifts) & (2**n_bits - 1)).reshape(len(raw), -1)


def write_fil(path, values, power):
    with path.open("wb") as handle:
        handle.write(sigproc.encode_header(values))
        for row in power:
            handle.write(np.ascontiguousarray(row, dtype="<f4").data)
