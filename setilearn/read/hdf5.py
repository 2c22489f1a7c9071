"""Breakthrough Listen's `.h5` files: opened, read in blocks, written."""

import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from setilearn.errors import FilterbankError
from setilearn.read.hdf5_armour import check_bitshuffle, stored_chunks
from setilearn.read.header import BLOCK_BYTES, OpenFile, promised_n_time, to_header, whole_number


@contextmanager
def opened_hdf5(path):
    import h5py
    import hdf5plugin  # noqa: F401  (registers bitshuffle)

    try:
        handle = h5py.File(path, "r")
    except (OSError, RuntimeError, ValueError) as error:
        if "unable to lock" in str(error):
            raise FilterbankError(
                f"{path}: expected a file that can be read, found one locked: another program has it open "
                "for writing, or the disk grants no locks (then set HDF5_USE_FILE_LOCKING=FALSE)"
            ) from error
        raise FilterbankError(f"{path}: expected a whole HDF5 file, found a damaged one ({error})") from error
    with handle:
        yield _open(path, handle)


def _open(path, handle):
    import h5py

    try:
        data = _data_of(path, handle)
        if (
            not isinstance(data, h5py.Dataset)
            or data.ndim != 3
            or data.dtype.kind not in "fiu"
            or 0 in data.shape
        ):
            raise FilterbankError(
                f"{path}: expected numbers of shape (n_time, n_ifs, n_chan) in 'data', found {data}"
            )
        keywords = {name: _plain(value) for name, value in data.attrs.items()}
        chunks = stored_chunks(path, data)
    except FilterbankError:
        raise
    except Exception as error:  # h5py answers damage with nearly every kind of exception
        raise FilterbankError(
            f"{path}: expected a readable 'data' with attributes, found damage ({error})"
        ) from error
    for keyword, size in (("nchans", data.shape[2]), ("nifs", data.shape[1])):
        if whole_number(path, keywords, keyword, size) != size:
            raise FilterbankError(
                f"{path}: expected {keyword} = {size} by the shape of 'data', found {keywords[keyword]}"
            )
    shape = (promised_n_time(path, keywords, data.shape[0]), *data.shape[1:])
    header, descending = to_header(path, keywords, shape, data.dtype.itemsize * 8)
    is_signed = whole_number(path, keywords, "signed", 0) != 0
    return OpenFile(path, header, descending, partial(_blocks, path, data, is_signed, chunks))


def _data_of(path, handle):
    """What is called data; a link may lead into another file, which nobody asked to open."""
    import h5py

    link = handle.get("data", getlink=True)
    if link is None:
        raise FilterbankError(f"{path}: expected a dataset named 'data', found {sorted(handle)[:10]}")
    if not isinstance(link, h5py.HardLink | h5py.SoftLink) or handle["data"].file != handle:
        raise FilterbankError(f"{path}: expected the data in this file, found a link to another file")
    return handle["data"]


def _plain(value):
    """An HDF5 attribute as a Python number or str."""
    value = np.asarray(value).reshape(-1)[0] if np.size(value) == 1 else value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.item() if isinstance(value, np.generic) else value


def _blocks(path, data, is_signed, chunks, times, channels, if_index):
    """Read along the band in steps of whole chunks, so that each chunk is decompressed once."""
    width = data.chunks[2] if data.chunks else data.shape[2]
    # SIGPROC's word overrules a type of the dataset that is unsigned.
    samples = np.dtype(data.dtype.str.replace("u", "i")) if is_signed else data.dtype
    n_time = times.stop - times.start
    step = max(1, BLOCK_BYTES // (n_time * 4 * width)) * width
    start = channels.start
    check_bitshuffle(path, data, chunks, times, channels, if_index)
    while start < channels.stop:
        stop = min((start // width) * width + step, channels.stop)
        try:
            block = data[times, if_index, start:stop]
        except Exception as error:  # h5py answers damage with nearly every kind of exception
            raise FilterbankError(
                f"{path}: expected readable chunks of data, found damage ({error})"
            ) from error
        yield slice(0, n_time), slice(start - channels.start, stop - channels.start), block.view(samples)
        start = stop


def write_hdf5(path, values, power):
    import h5py
    import hdf5plugin

    n_time, n_chan = power.shape
    with h5py.File(path, "w") as handle:
        handle.attrs.update({"CLASS": "FILTERBANK", "VERSION": "1.0"})
        data = handle.create_dataset(
            "data",
            data=power[:, None, :],
            chunks=(min(n_time, 16), 1, min(n_chan, 2**14)),
            **hdf5plugin.Bitshuffle(),
        )
        data.attrs.update(values)
        for axis, label in enumerate(("time", "feed_id", "frequency")):
            data.dims[axis].label = label


def try_here(path):
    """What `try_elsewhere` runs in the other process: read a sample, and say what is wrong with the file."""
    try:
        with opened_hdf5(Path(path)) as file:
            next(file.blocks(slice(0, 1), slice(0, 1), 0))
    except FilterbankError as error:
        print(error)
        sys.exit(1)
