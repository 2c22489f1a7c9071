"""Filterbank files, SIGPROC `.fil` and Breakthrough Listen `.h5`: read whole, in part, in blocks; write.

Whatever way round a file is on disk (most descend in frequency, ``foff < 0``), what comes out
ascends. Bad input raises `FilterbankError`, which names the file, what was expected and what was
found. Nothing is read before the sizes that the header claims are held against the file's own.
"""

import io
import logging
import math
import os
import stat
import subprocess
import sys
import warnings
from collections.abc import Callable
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from setilearn.errors import FilterbankError, MissingFilterbankError, SpectrogramError
from setilearn.observe import sigproc
from setilearn.spectrogram import HZ_PER_MHZ, Header, Spectrogram
from setilearn.whole_file import whole_file

MAX_READ_BYTES = 2**32
MAX_CHUNK_BYTES = 2**30
_BLOCK_BYTES = 2**22  # small enough to stay in cache while it is checked and turned round
TRIAL_S = 15  # to open a file in another process; a sound file takes a fraction of a second
_TRIAL_CODE = "import sys; from setilearn.observe.filterbank import _trial; _trial(sys.argv[1])"
_BITSHUFFLE = "32008"
_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_KIND_OF_SUFFIX = {".fil": "SIGPROC", ".h5": "HDF5", ".hdf5": "HDF5"}
_DTYPE_OF_BITS = {8: np.dtype("u1"), 16: np.dtype("<u2"), 32: np.dtype("<f4")}


class DataProduct(NamedTuple):
    """Which of Breakthrough Listen's three data products a file is, and what it is for."""

    name: str
    meaning: str


HIGH_FREQUENCY = DataProduct(
    "high frequency resolution",
    "channels of a few hertz, integrations of many seconds (at Green Bank 2.79 Hz and 18.25 s): "
    "for narrow-band signals and their drift",
)
HIGH_TIME = DataProduct(
    "high time resolution",
    "channels of hundreds of kilohertz, integrations well under a millisecond or so (366 kHz and 349 us): "
    "for pulses, such as those of pulsars",
)
MEDIUM = DataProduct(
    "medium resolution",
    "channels of a few kilohertz, integrations of about a second (2.86 kHz and 1.07 s): "
    "for the spectral lines of atoms and molecules, and for a quick look",
)
OTHER = DataProduct("other", "none of Breakthrough Listen's three data products")


def data_product(header):
    """Recognise one of the three data products by its channel width and integration time.

    The limits lie well apart from the products' published values (Lebofsky et al. 2019, PASP 131,
    124505, table 3), so that other telescopes' products of the same kind are recognised too.
    """
    if header.foff_hz < 100 and header.tsamp_s > 0.1:
        return HIGH_FREQUENCY
    if header.foff_hz > 50e3 and header.tsamp_s < 10e-3:
        return HIGH_TIME
    if 500 < header.foff_hz < 50e3 and header.tsamp_s > 0.1:
        return MEDIUM
    return OTHER


def read_header(path):
    """Header of the filterbank file ``path``; reads a few kilobytes whatever the size of the file.

    Raises `FilterbankError` where the header is damaged or does not agree with the file's size.
    """
    with _opened(path) as file:
        return file.header


def read_spectrogram(path, f_start_mhz=None, f_stop_mhz=None, *, if_index=0):
    """Spectrogram of a file, or of the channels from ``f_start_mhz`` to ``f_stop_mhz``.

    Parameters
    ----------
    path : str or path
        A `.fil` or `.h5` file.
    f_start_mhz, f_stop_mhz : float, optional
        Lower and upper frequency; the channels that hold them are the first and the last one read.
        Left out: the end of the band.
    if_index : int
        Which IF (polarisation or beam), from 0, where the file has several.

    Returns
    -------
    Spectrogram
        Power ``(n_time, n_chan)``; its header tells of the channels read.

    Raises
    ------
    FilterbankError
        Bad file, NaN in it, limits reversed or outside the band, or more than `MAX_READ_BYTES`.
    """
    with _opened(path) as file:
        return _read(file, slice(None), _channels_between(file, f_start_mhz, f_stop_mhz), if_index)


def read_part(path, times=slice(None), channels=slice(None), *, if_index=0):
    """Spectrogram of some integrations and channels, both slices; channels count upwards in frequency.

    Only that part of the file is read. Raises `FilterbankError` as `read_spectrogram` does.
    """
    with _opened(path) as file:
        return _read(file, times, channels, if_index)


def iter_spectrograms(path, n_chan=2**20, overlap_hz=0.0, *, if_index=0):
    """Walk up the band of a file that may be larger than memory, in blocks of ``n_chan`` channels.

    Neighbouring blocks share at least ``overlap_hz``; the last one may be narrower. Memory is that
    of a block. Raises `FilterbankError` as `read_spectrogram` does, at the call for bad arguments.
    """
    header = read_header(path)
    if n_chan < 1:
        raise FilterbankError(f"{path}: expected n_chan of at least 1, found {n_chan}")
    if not overlap_hz >= 0:
        raise FilterbankError(f"{path}: expected overlap_hz of 0 or more, found {overlap_hz}")
    overlap = int(np.ceil(min(overlap_hz / header.foff_hz, n_chan)))
    if overlap >= n_chan:
        raise FilterbankError(
            f"{path}: expected an overlap narrower than a block of {n_chan} channels "
            f"({n_chan * header.foff_hz:.6g} Hz), found {overlap_hz:.6g} Hz"
        )
    starts = range(0, max(header.n_chan - overlap, 1), n_chan - overlap)
    return (read_part(path, channels=slice(start, start + n_chan), if_index=if_index) for start in starts)


def write_spectrogram(spectrogram, path, *, descending=True):
    """Write a `.fil` (SIGPROC) or `.h5` (Breakthrough Listen, bitshuffle) file, by the suffix of ``path``.

    Channels stand on disk in descending frequency, as the field's tools expect, unless
    ``descending`` is False. The file appears whole or not at all; one already there stays until then.
    """
    path = Path(path)
    kind = _KIND_OF_SUFFIX.get(path.suffix.lower())
    if kind is None:
        raise FilterbankError(f"{path}: expected a name that ends in .fil or .h5, found {path.suffix!r}")
    _check_finite(spectrogram.power, path)
    power = spectrogram.power[:, ::-1] if descending else spectrogram.power
    values = _to_keywords(spectrogram.header, descending)
    with whole_file(path) as part:
        (_write_sigproc if kind == "SIGPROC" else _write_hdf5)(part, values, power)


# What stands in a file, and where


@dataclass(frozen=True)
class _File:
    """An open file; ``blocks(times, channels, if_index)`` yields samples, channels counted as on disk.

    Each block comes with its place in the part asked for: (rows, columns, samples).
    """

    path: Path
    header: Header
    descending: bool
    blocks: Callable


@contextmanager
def _opened(path):
    path = Path(path)
    kind = _kind_of(path)
    if kind == "SIGPROC":
        with path.open("rb", buffering=0) as handle:
            yield _open_sigproc(path, handle)
    else:
        _try_hdf5(path.resolve(), *_identity(path))
        with _opened_hdf5(path) as file:
            yield file


@contextmanager
def _opened_hdf5(path):
    import h5py
    import hdf5plugin  # noqa: F401  (registers bitshuffle)

    try:
        handle = h5py.File(path, "r")
    except (OSError, RuntimeError, ValueError) as error:
        raise FilterbankError(f"{path}: expected a whole HDF5 file, found a damaged one ({error})") from error
    with handle:
        yield _open_hdf5(path, handle)


def _identity(path):
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


@lru_cache(maxsize=1024)
def _try_hdf5(path, *identity):
    """Try an HDF5 file in another process first: on damaged metadata the HDF5 library may crash or hang.

    Once for each state of a file; ``identity`` tells the states apart.
    """
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        trial = subprocess.run(
            [sys.executable, "-c", _TRIAL_CODE, str(path)],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TRIAL_S,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FilterbankError(
            f"{path}: expected a whole HDF5 file, found one that cannot be opened: damaged"
        ) from error
    if trial.returncode:
        what = (
            trial.stdout.strip()
            or f"{path}: expected a whole HDF5 file, found one that crashes the HDF5 library"
        )
        raise FilterbankError(what)


def _trial(path):
    """What `_try_hdf5` runs in the other process: read a sample, and say what is wrong with the file."""
    try:
        with _opened_hdf5(Path(path)) as file:
            next(file.blocks(slice(0, 1), slice(0, 1), 0))
    except FilterbankError as error:
        print(error)
        sys.exit(1)


def _kind_of(path):
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            what = "a directory" if stat.S_ISDIR(mode) else "something else"
            raise FilterbankError(f"{path}: expected a filterbank file, found {what}")
        with path.open("rb") as handle:
            start = handle.read(len(sigproc.MAGIC))
    except FileNotFoundError as error:
        raise MissingFilterbankError(
            f"{path}: expected a filterbank file, found no file of that name"
        ) from error
    except OSError as error:
        raise FilterbankError(f"{path}: expected a readable file, found: {error.strerror}") from error
    if start.startswith(_HDF5_MAGIC):
        kind = "HDF5"
    elif start == sigproc.MAGIC:
        kind = "SIGPROC"
    else:
        found = repr(start) if start else "an empty file"
        raise FilterbankError(f"{path}: expected a SIGPROC or HDF5 filterbank, found {found} at its start")
    expected = _KIND_OF_SUFFIX.get(path.suffix.lower(), kind)
    if kind != expected:
        raise FilterbankError(f"{path}: expected {expected} data by its name, found {kind} data")
    return kind


def _open_sigproc(path, handle):
    try:
        keywords, data_start = sigproc.decode_header(handle.read(sigproc.MAX_HEADER_BYTES))
    except sigproc.SigprocError as error:
        raise FilterbankError(f"{path}: {error}") from error
    n_bits = _integer(path, keywords, "nbits")
    if n_bits not in (1, 2, 4, 8, 16, 32):
        raise FilterbankError(f"{path}: expected 1, 2, 4, 8, 16 or 32 bits a sample, found nbits = {n_bits}")
    n_chan, n_ifs = _integer(path, keywords, "nchans"), _integer(path, keywords, "nifs", 1)
    if n_chan < 1 or n_ifs < 1:
        raise FilterbankError(
            f"{path}: expected at least one channel and one IF, found nchans = {n_chan}, nifs = {n_ifs}"
        )
    row_bits, data_bytes = n_chan * n_ifs * n_bits, os.fstat(handle.fileno()).st_size - data_start
    n_time, left_over = divmod(data_bytes * 8, row_bits)
    if row_bits % 8 or left_over or not n_time:
        raise FilterbankError(
            f"{path}: expected whole integrations of {row_bits / 8:.12g} bytes "
            f"({n_ifs} IF x {n_chan} channels x {n_bits} bits), found {data_bytes} bytes of data: truncated?"
        )
    if n_time < _integer(path, keywords, "nsamples", 0):
        raise FilterbankError(
            f"{path}: expected {keywords['nsamples']} integrations, found {n_time}: truncated?"
        )
    header, descending = _to_header(path, keywords, (n_time, n_ifs, n_chan), n_bits)
    return _File(path, header, descending, partial(_sigproc_blocks, path, handle, data_start, header))


def _open_hdf5(path, handle):
    import h5py

    try:
        # A link may lead into another file, which nobody asked to open.
        if not isinstance(handle.get("data", getlink=True), h5py.HardLink):
            raise FilterbankError(f"{path}: expected a dataset named 'data', found {sorted(handle)[:10]}")
        data = handle["data"]
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
        _check_stored(path, data)
    except FilterbankError:
        raise
    except Exception as error:  # h5py answers damage with nearly every kind of exception
        raise FilterbankError(
            f"{path}: expected a readable 'data' with attributes, found damage ({error})"
        ) from error
    for keyword, size in (("nchans", data.shape[2]), ("nifs", data.shape[1])):
        if _integer(path, keywords, keyword, size) != size:
            raise FilterbankError(
                f"{path}: expected {keyword} = {size} by the shape of 'data', found {keywords[keyword]}"
            )
    header, descending = _to_header(path, keywords, data.shape, data.dtype.itemsize * 8)
    return _File(path, header, descending, partial(_hdf5_blocks, path, data))


def _check_stored(path, data):
    """What was never stored HDF5 fills with zeros, however much of it the shape claims."""
    if data.external or data.is_virtual:
        raise FilterbankError(f"{path}: expected the data in this file, found them in other files")
    if data.chunks is None:
        expected, found = data.size * data.dtype.itemsize, data.id.get_storage_size()
    else:
        expected = math.prod(-(-size // chunk) for size, chunk in zip(data.shape, data.chunks, strict=True))
        found = len(_stored_chunks(path, data))
        if math.prod(data.chunks) * data.dtype.itemsize > MAX_CHUNK_BYTES:
            raise FilterbankError(
                f"{path}: expected chunks of at most 1 GiB, found chunks of {data.chunks} samples"
            )
    if found != expected:
        unit = "bytes" if data.chunks is None else "chunks"
        raise FilterbankError(f"{path}: expected {expected} {unit} of data, found {found}: truncated?")


def _stored_chunks(path, data):
    """Where each chunk stands in the file: its first sample's indices -> (first byte, bytes)."""
    chunks, file_bytes = {}, path.stat().st_size
    data.id.chunk_iter(lambda chunk: chunks.update({chunk.chunk_offset: (chunk.byte_offset, chunk.size)}))
    for at, (offset, size) in chunks.items():
        if offset + size > file_bytes:
            raise FilterbankError(
                f"{path}: expected the chunk at {at} to end at byte {offset + size}, "
                f"found a file of {file_bytes}: truncated?"
            )
    return chunks


def _plain(value):
    """An HDF5 attribute as a Python number or str."""
    value = np.asarray(value).reshape(-1)[0] if np.size(value) == 1 else value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.item() if isinstance(value, np.generic) else value


# Keywords on disk and the fields of a Header


def _integer(path, keywords, name, default=None):
    value = keywords.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value != int(value):
        raise FilterbankError(f"{path}: expected a whole number for {name}, found {value!r}")
    return int(value)


def _number(path, keywords, name, default=None):
    value = keywords.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise FilterbankError(f"{path}: expected a finite number for {name}, found {value!r}")
    return float(value)


def _to_header(path, keywords, shape, n_bits):
    """Header of a file with SIGPROC's ``keywords``, and whether its channels descend on disk."""
    n_time, n_ifs, n_chan = shape
    data_type = _integer(path, keywords, "data_type", 1)
    if data_type not in (0, 1):
        raise FilterbankError(f"{path}: expected filterbank data (data_type 1), found data_type {data_type}")
    fch1_mhz, foff_mhz = _number(path, keywords, "fch1"), _number(path, keywords, "foff")
    descending = foff_mhz < 0
    lowest_mhz = fch1_mhz + foff_mhz * (n_chan - 1) if descending else fch1_mhz
    telescope_id = _integer(path, keywords, "telescope_id", 0)
    ra_hours, dec_deg = _number(path, keywords, "src_raj", 0.0), _number(path, keywords, "src_dej", 0.0)
    if not (abs(ra_hours) <= 24 and abs(dec_deg) <= 90):
        raise FilterbankError(
            f"{path}: expected a position on the sky, "
            f"found src_raj = {ra_hours:g} hours, src_dej = {dec_deg:g} degrees"
        )
    try:
        header = Header(
            source_name=str(keywords.get("source_name", "")),
            telescope=sigproc.TELESCOPES.get(telescope_id, f"telescope {telescope_id}"),
            ra_deg=ra_hours * 15,
            dec_deg=dec_deg,
            fch1_mhz=lowest_mhz,
            foff_hz=abs(foff_mhz) * HZ_PER_MHZ,
            tsamp_s=_number(path, keywords, "tsamp"),
            tstart_mjd=_number(path, keywords, "tstart", 0.0),
            n_time=n_time,
            n_chan=n_chan,
            n_ifs=n_ifs,
            n_bits=n_bits,
        )
    except SpectrogramError as error:
        raise FilterbankError(f"{path}: {error}") from error
    return header, descending


def _to_keywords(header, descending):
    telescope_ids = {name: number for number, name in sigproc.TELESCOPES.items()}
    step_mhz = header.foff_hz / HZ_PER_MHZ
    return {
        "source_name": header.source_name,
        "telescope_id": telescope_ids.get(header.telescope, 0),
        "machine_id": 0,
        "data_type": 1,
        "src_raj": header.ra_deg / 15,
        "src_dej": header.dec_deg,
        "tstart": header.tstart_mjd,
        "tsamp": header.tsamp_s,
        "fch1": float(header.frequency_mhz(header.n_chan - 1)) if descending else header.fch1_mhz,
        "foff": -step_mhz if descending else step_mhz,
        "nchans": header.n_chan,
        "nifs": 1,
        "nbits": 32,
    }


# Reading samples


def _channels_between(file, f_start_mhz, f_stop_mhz):
    try:
        start = 0 if f_start_mhz is None else file.header.channel_at(f_start_mhz)
        stop = file.header.n_chan - 1 if f_stop_mhz is None else file.header.channel_at(f_stop_mhz)
    except SpectrogramError as error:
        raise FilterbankError(f"{file.path}: {error}") from error
    if stop < start:
        raise FilterbankError(
            f"{file.path}: expected f_start_mhz below f_stop_mhz, found {f_start_mhz} and {f_stop_mhz}"
        )
    return slice(start, stop + 1)


def _read(file, times, channels, if_index):
    """The spectrogram of ``times`` and ``channels``, slices that count upwards in frequency."""
    if not 0 <= if_index < file.header.n_ifs:
        raise FilterbankError(
            f"{file.path}: expected an if_index of 0 to {file.header.n_ifs - 1}, found {if_index}"
        )
    try:
        header, times, channels = file.header.part(times, channels)
    except SpectrogramError as error:
        raise FilterbankError(f"{file.path}: {error}") from error
    n_bytes = header.n_time * header.n_chan * 4
    if n_bytes > MAX_READ_BYTES:
        raise FilterbankError(
            f"{file.path}: expected to read at most {MAX_READ_BYTES / 2**30:.0f} GiB at once, found "
            f"{n_bytes / 2**30:.1f} GiB: read a frequency range, or walk through iter_spectrograms"
        )
    n_chan, power = file.header.n_chan, np.empty((header.n_time, header.n_chan), np.float32)
    on_disk = slice(n_chan - channels.stop, n_chan - channels.start) if file.descending else channels
    for rows, columns, block in file.blocks(times, on_disk, if_index):
        if file.descending:
            columns = slice(header.n_chan - columns.stop, header.n_chan - columns.start)
            block = block[:, ::-1]
        with np.errstate(over="ignore"):  # a float64 beyond float32 becomes an infinity, found below
            power[rows, columns] = block
        _check_finite(power[rows, columns], file.path, rows.start, columns.start)
    return Spectrogram(power, replace(header, n_ifs=1, n_bits=32))


def _sigproc_blocks(path, handle, data_start, header, times, channels, if_index):
    """Read a few megabytes of integrations at a time; only the wanted channels where that saves reading."""
    row_bytes = header.n_ifs * header.n_chan * header.n_bits // 8
    first_bit = (if_index * header.n_chan + channels.start) * header.n_bits
    last_bit = first_bit + (channels.stop - channels.start) * header.n_bits
    start, stop = first_bit // 8, -(-last_bit // 8)
    skipped = first_bit % 8 // header.n_bits
    # Below a page of the disk, reading all of each row and dropping most of it is the quicker way.
    n_rows = max(1, _BLOCK_BYTES // row_bytes) if row_bytes < max(8192, 2 * (stop - start)) else 1
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
        samples = _unpack(raw, header.n_bits)[:, skipped : skipped + channels.stop - channels.start]
        yield slice(first - times.start, first - times.start + n), slice(0, samples.shape[1]), samples


def _read_fully(handle, buffer):
    """Bytes read into ``buffer``: the system hands over at most 2 GiB at a time."""
    view, n_read = memoryview(buffer), 0
    while n_read < len(view) and (n := handle.readinto(view[n_read:])):
        n_read += n
    return n_read


def _unpack(raw, n_bits):
    """Samples ``(rows, n)`` of bytes ``(rows, n_bytes)``; below 8 bits the lowest bits come first."""
    if n_bits >= 8:
        return raw.view(_DTYPE_OF_BITS[n_bits])
    shifts = np.arange(0, 8, n_bits, dtype=np.uint8)
    return ((raw[:, :, None] >> shifts) & (2**n_bits - 1)).reshape(len(raw), -1)


def _hdf5_blocks(path, data, times, channels, if_index):
    """Read along the band in steps of whole chunks, so that each chunk is decompressed once."""
    chunk = data.chunks[2] if data.chunks else data.shape[2]
    n_time = times.stop - times.start
    step = max(1, _BLOCK_BYTES // (n_time * 4 * chunk)) * chunk
    start = channels.start
    _check_bitshuffle(path, data, times, channels, if_index)
    while start < channels.stop:
        stop = min((start // chunk) * chunk + step, channels.stop)
        try:
            block = data[times, if_index, start:stop]
        except Exception as error:  # h5py answers damage with nearly every kind of exception
            raise FilterbankError(
                f"{path}: expected readable chunks of data, found damage ({error})"
            ) from error
        yield slice(0, n_time), slice(start - channels.start, stop - channels.start), block
        start = stop


def _check_bitshuffle(path, data, times, channels, if_index):
    """Look at the lengths inside each bitshuffle chunk to be read: its decoder trusts them, and crashes."""
    if list(data._filters) != [_BITSHUFFLE]:
        return
    wanted = (times, slice(if_index, if_index + 1), channels)
    itemsize = data.dtype.itemsize
    with path.open("rb") as handle:
        for at, (offset, size) in _stored_chunks(path, data).items():
            ends = zip(at, data.chunks, wanted, strict=True)
            if all(first < part.stop and first + length > part.start for first, length, part in ends):
                handle.seek(offset)
                if not _is_bitshuffle(handle.read(size), math.prod(data.chunks), itemsize):
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


def _check_finite(power, path, first_row=0, first_column=0):
    # A sum is NaN or infinite where any term is, and takes a fraction of the time of looking at each.
    with np.errstate(all="ignore"):
        if np.isfinite(power.sum()):
            return
    bad = ~np.isfinite(power)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise FilterbankError(
            f"{path}: expected finite power, found {power[row, column]} at integration {first_row + row}, "
            f"channel {first_column + column} of the part read ({bad.sum()} such samples in this block)"
        )


# Writing


def _write_sigproc(path, values, power):
    with path.open("wb") as handle:
        handle.write(sigproc.encode_header(values))
        for row in power:
            handle.write(np.ascontiguousarray(row, dtype="<f4").data)


def _write_hdf5(path, values, power):
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


# Raw voltages


def raw_blocks(path):
    """Walk through the blocks of a GUPPI raw file of voltages, by blimpy.

    Yields, for each block, its header (a dict of the file's keywords), the bytes that the file
    still has from where the block's data begin, and a function that reads them: int8 ``(n_chan,
    n_bytes)``, sample after sample the real and imaginary part of each polarisation. What the
    header claims is for the caller to check before it reads. Blocks not read are passed over.

    Raises `FilterbankError` where there is no such file, or no GUPPI header where one must be.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingFilterbankError(f"{path}: expected a GUPPI raw file, found no file of that name")
    # Told the number of blocks, blimpy does not walk through the file to count them.
    file = _guppi_class()(str(path), n_blocks=1)
    handle = file.file_obj
    try:
        while handle.tell() < file.filesize:
            header, data_start = _raw_header(path, file)
            if not isinstance(header.get("BLOCSIZE"), int) or header["BLOCSIZE"] < 1:
                raise FilterbankError(
                    f"{path}: expected BLOCSIZE to be a number of bytes, found {header.get('BLOCSIZE')!r}"
                )
            yield header, file.filesize - data_start, partial(_raw_samples, file, handle.tell())
            handle.seek(data_start + header["BLOCSIZE"])
    finally:
        handle.close()


def _raw_header(path, file):
    start = file.file_obj.tell()
    try:
        with redirect_stdout(io.StringIO()):  # blimpy prints what is wrong, and ends the program
            return file.read_header()
    except (Exception, SystemExit) as error:
        raise FilterbankError(
            f"{path}: expected a GUPPI raw header of 80-byte lines at byte {start}, found none that is whole"
        ) from error


def _raw_samples(file, block_start):
    """blimpy's two halves of a sample side by side again; a copy, since it reuses its arrays."""
    file.file_obj.seek(block_start)
    _, x, y = file.generator_read_next_data_block_int8()
    return np.concatenate([x, y], axis=2).reshape(len(x), -1)


@lru_cache
def _guppi_class():
    """blimpy's reader; importing blimpy must not change the figures or the log of who uses this."""
    import matplotlib

    backend, handlers, level = matplotlib.get_backend(), logging.root.handlers[:], logging.root.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from blimpy.guppi import GuppiRaw
    matplotlib.use(backend)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    return GuppiRaw
