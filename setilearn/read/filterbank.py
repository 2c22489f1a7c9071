"""Filterbank files, SIGPROC `.fil` and Breakthrough Listen `.h5`: read whole, in part, in blocks; write.

Whatever way round a file is on disk (most descend in frequency, ``foff < 0``), what comes out
ascends. Bad input raises `FilterbankError`, which names the file, what was expected and what was
found. Nothing is read before the sizes that the header claims are held against the file's own.
"""

from __future__ import annotations

import stat
import warnings
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import FilterbankError, LostDataWarning, MissingFilterbankError, SpectrogramError
from setilearn.read import sigproc
from setilearn.read.fil import open_fil, write_fil
from setilearn.read.hdf5 import opened_hdf5, write_hdf5
from setilearn.read.hdf5_armour import try_elsewhere
from setilearn.read.header import to_keywords
from setilearn.spectrogram import Spectrogram
from setilearn.whole_file import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from setilearn.spectrogram import Header

MAX_READ_BYTES = 2**32
_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_KIND_OF_SUFFIX = {".fil": "SIGPROC", ".h5": "HDF5", ".hdf5": "HDF5"}


def read_header(path: str | PathLike) -> Header:
    """Header of the filterbank file ``path``; reads a few kilobytes whatever the size of the file.

    Raises `FilterbankError` where the header is damaged or does not agree with the file's size.
    """
    with _opened(path) as file:
        return file.header


def read_whole_header(path):
    """As `read_header`; raises `FilterbankError` also where integrations are cut off or missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", LostDataWarning)
        try:
            return read_header(path)
        except LostDataWarning as cut:
            raise FilterbankError(f"{path}: truncated: {str(cut).removeprefix(f'{path}: ')}") from cut


def read_spectrogram(
    path: str | PathLike,
    f_start_mhz: float | None = None,
    f_stop_mhz: float | None = None,
    *,
    if_index: int | None = None,
) -> Spectrogram:
    """Spectrogram of a file, or of the channels from ``f_start_mhz`` to ``f_stop_mhz``.

    Parameters
    ----------
    path : str or path
        A `.fil` or `.h5` file.
    f_start_mhz, f_stop_mhz : float, optional
        Lower and upper frequency; the channels that hold them are the first and the last one read.
        Left out: the end of the band.
    if_index : int, optional
        Which IF (polarisation or beam), from 0. Left out: total intensity. Of two or four polarisations that
        is the sum of the first two, XX and YY or left and right; where the second is negative somewhere,
        as no power is, the four are Stokes parameters, and it is the first, I.

    Returns
    -------
    Spectrogram
        Power ``(n_time, n_chan)``; its header tells of the channels read. NaN and infinities stay: they mark
        samples that are no measurement (`Spectrogram.lost`).

    Raises
    ------
    FilterbankError
        Bad file, limits reversed or outside the band, more than `MAX_READ_BYTES`, or no `if_index` where the
        file has three IFs or more than four: beams, of which no sum is wanted.
    """
    with _opened(path) as file:
        return _read(file, slice(None), _channels_between(file, f_start_mhz, f_stop_mhz), if_index)


def read_part(
    path: str | PathLike,
    times: slice = slice(None),
    channels: slice = slice(None),
    *,
    if_index: int | None = None,
) -> Spectrogram:
    """Spectrogram of some integrations and channels, both slices; channels count upwards in frequency.

    Only that part of the file is read. Raises `FilterbankError` as `read_spectrogram` does.
    """
    with _opened(path) as file:
        return _read(file, times, channels, if_index)


def iter_spectrograms(
    path: str | PathLike, n_chan: int = 2**20, overlap_hz: float = 0.0, *, if_index: int | None = None
) -> Iterator[Spectrogram]:
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
    return _walk(path, [slice(start, start + n_chan) for start in starts], if_index)


def _walk(path, parts, if_index):
    with _opened(path) as file:
        for channels in parts:
            yield _read(file, slice(None), channels, if_index)


def write_spectrogram(spectrogram: Spectrogram, path: str | PathLike, *, descending: bool = True) -> None:
    """Write a `.fil` (SIGPROC) or `.h5` (Breakthrough Listen, bitshuffle) file, by the suffix of ``path``.

    Channels stand on disk in descending frequency, as the field's tools expect, unless
    ``descending`` is False. The file appears whole or not at all; one already there stays until then.
    """
    path = Path(path)
    kind = _KIND_OF_SUFFIX.get(path.suffix.lower())
    if kind is None:
        raise FilterbankError(f"{path}: expected a name that ends in .fil or .h5, found {path.suffix!r}")
    power = spectrogram.power[:, ::-1] if descending else spectrogram.power
    values = to_keywords(spectrogram.header, descending)
    with whole_file(path) as part:
        (write_fil if kind == "SIGPROC" else write_hdf5)(part, values, power)


@contextmanager
def _opened(path):
    path = Path(path)
    kind = _kind_of(path)
    if kind == "SIGPROC":
        with path.open("rb", buffering=0) as handle:
            yield open_fil(path, handle)
    else:
        try_elsewhere(path)
        with opened_hdf5(path) as file:
            yield file


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
    ifs = _ifs_of(file, if_index)
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
    for index in ifs:
        for rows, columns, block in file.blocks(times, on_disk, index):
            if file.descending:
                columns = slice(header.n_chan - columns.stop, header.n_chan - columns.start)
                block = block[:, ::-1]
            # A float64 beyond float32 becomes an infinity, and counts as lost.
            with np.errstate(over="ignore", invalid="ignore"):
                if index == ifs[0]:
                    power[rows, columns] = block
                else:
                    power[rows, columns] += block
    return Spectrogram(power, replace(header, n_ifs=1, n_bits=32))


def _ifs_of(file, if_index):
    """Indices of the IFs whose sum is asked for."""
    n_ifs = file.header.n_ifs
    if if_index is not None:
        if not 0 <= if_index < n_ifs:
            raise FilterbankError(f"{file.path}: expected an if_index of 0 to {n_ifs - 1}, found {if_index}")
        return [if_index]
    if n_ifs not in (1, 2, 4):
        raise FilterbankError(
            f"{file.path}: expected 1, 2 or 4 polarisations, found {n_ifs} IFs: choose one by if_index"
        )
    if n_ifs == 1:
        return [0]
    # No power is negative; differences of polarisations are of either sign, a few thousand samples show it.
    middle = file.header.n_chan // 2
    some = slice(max(middle - 2048, 0), min(middle + 2048, file.header.n_chan))
    second_is_power = all(not (block < 0).any() for _, _, block in file.blocks(slice(0, 1), some, 1))
    return [0, 1] if second_is_power else [0]
