"""GUPPI raw files of voltages, by blimpy: their header, and the voltages of one coarse channel."""

from __future__ import annotations

import io
import logging
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import VoltageError
from setilearn.spectrogram import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

# What blimpy's reader takes for granted
_LAYOUT = {"NBITS": 8, "CHANMAJ": 0, "NANTS": 1}
# NPOL -> polarisations; at Green Bank it counts the products of two, as rawspec and setigen know too.
_POLARISATIONS = {1: 1, 2: 2, 4: 2}
_REQUIRED = ("OBSNCHAN", "OBSFREQ", "OBSBW", "TBIN")
_DEFAULTS = {"OVERLAP": 0, "PKTIDX": 0, "STT_IMJD": 0, "STT_SMJD": 0, "STT_OFFS": 0.0}


@dataclass(frozen=True)
class RawHeader:
    """What a GUPPI raw file says about its voltages: ``n_coarse`` coarse channels side by side.

    Each coarse channel is ``sample_rate_hz`` wide; ``fch1_mhz`` is the centre of channel 0, and
    ``foff_mhz`` the step to the next, negative where the file descends in frequency.
    ``tstart_mjd`` is the time of the first sample.
    """

    source_name: str
    telescope: str
    fch1_mhz: float
    foff_mhz: float
    sample_rate_hz: float
    tstart_mjd: float
    n_coarse: int

    def centre_mhz(self, coarse_channel):
        """Centre frequency of a coarse channel, counted from 0 as in the file."""
        return self.fch1_mhz + coarse_channel * self.foff_mhz


def read_raw_header(path: str | PathLike) -> RawHeader:
    """`RawHeader` of a GUPPI raw file; reads no voltages.

    The start is that of the scan (STT_IMJD, STT_SMJD, STT_OFFS) and, where the file is a later one
    of its scan, as many blocks on as its first packet number (PKTIDX) tells.

    Raises `VoltageError` where the file is missing, damaged, or laid out in a way that is not supported.
    """
    blocks = _checked_blocks(path)
    try:
        header, _ = next(blocks)
        start_s = header["STT_SMJD"] + header["STT_OFFS"]
        if header["PKTIDX"]:
            following, _ = next(blocks, (header, None))
            packets = following["PKTIDX"] - header["PKTIDX"]
            block_s = _new_samples(header) * header["TBIN"]
            start_s += header["PKTIDX"] / packets * block_s if packets else 0.0
    finally:
        blocks.close()
    step_mhz = header["OBSBW"] / header["OBSNCHAN"]
    return RawHeader(
        source_name=str(header.get("SRC_NAME", "")),
        telescope=str(header.get("TELESCOP", "")),
        fch1_mhz=header["OBSFREQ"] - step_mhz * (header["OBSNCHAN"] - 1) / 2,
        foff_mhz=step_mhz,
        sample_rate_hz=1 / header["TBIN"],
        tstart_mjd=header["STT_IMJD"] + start_s / SECONDS_PER_DAY,
        n_coarse=header["OBSNCHAN"],
    )


def read_voltages(path: str | PathLike, coarse_channel: int = 0) -> Iterator[np.ndarray]:
    """Walk through one coarse channel of a GUPPI raw file: complex64 ``(n_pol, n_samples)`` a block.

    The blocks follow each other without gap or overlap, for `channelize` to take as they come. In a
    file that descends in frequency they are conjugated, so that frequency ascends here too.

    Raises `VoltageError` as `read_raw_header` does, and where there is no such channel or where
    blocks are missing in the middle.
    """
    packets = []
    for header, read in _checked_blocks(path):
        if not 0 <= coarse_channel < header["OBSNCHAN"]:
            raise VoltageError(
                f"{path}: expected a coarse_channel of 0 to {header['OBSNCHAN'] - 1}, found {coarse_channel}"
            )
        packets.append(header["PKTIDX"])
        if len(packets) > 2 and packets[-1] - packets[-2] != packets[1] - packets[0]:
            raise VoltageError(
                f"{path}: expected steps of {packets[1] - packets[0]} in PKTIDX from block to block, "
                f"found {packets[-2]} and then {packets[-1]}: blocks are missing"
            )
        # float32 real and imaginary parts side by side are complex64.
        samples = read()[coarse_channel].astype(np.float32).view(np.complex64)
        voltages = samples.reshape(-1, _POLARISATIONS[header["NPOL"]]).T
        voltages = voltages[:, header["OVERLAP"] if len(packets) > 1 else 0 :]
        yield voltages if header["OBSBW"] > 0 else voltages.conj()


def _checked_blocks(path):
    """(header, function that reads the samples) of each block, once the header has been checked."""
    found = False
    for header, n_bytes, read in _blocks(path):
        found = True
        yield _checked(path, header, n_bytes), read
    if not found:
        raise VoltageError(f"{path}: expected a GUPPI raw file, found an empty one")


def _checked(path, header, n_bytes):
    """The header of a block with its defaults filled in; ``n_bytes`` are left of the file for the block."""
    for name, expected in _LAYOUT.items():
        if header.get(name, expected) != expected:
            raise VoltageError(f"{path}: expected {name} = {expected}, found {header[name]!r}")
    if header.get("NPOL") not in _POLARISATIONS:
        raise VoltageError(f"{path}: expected NPOL to be 1, 2 or 4, found {header.get('NPOL')!r}")
    header = _DEFAULTS | header
    for name in (*_REQUIRED, *_DEFAULTS):
        value = header.get(name)
        if not isinstance(value, int | float) or (value == 0 and name in _REQUIRED):
            raise VoltageError(f"{path}: expected a number other than 0 for {name}, found {value!r}")
    if not isinstance(header["OBSNCHAN"], int) or header["OBSNCHAN"] < 1 or header["TBIN"] < 0:
        raise VoltageError(
            f"{path}: expected a whole number of channels and a TBIN above 0, "
            f"found OBSNCHAN = {header['OBSNCHAN']}, TBIN = {header['TBIN']}"
        )
    overlap = header["OVERLAP"]
    if header["BLOCSIZE"] % _sample_bytes(header) or overlap < 0 or _new_samples(header) < 1:
        raise VoltageError(
            f"{path}: expected blocks of whole samples of {_sample_bytes(header)} bytes, longer than their "
            f"overlap, found BLOCSIZE = {header['BLOCSIZE']}, OVERLAP = {overlap}"
        )
    if n_bytes < header["BLOCSIZE"]:
        raise VoltageError(
            f"{path}: expected a block of {header['BLOCSIZE']} bytes, found {n_bytes}: truncated?"
        )
    return header


def _new_samples(header):
    """Samples of a block that the one before it does not have too."""
    return header["BLOCSIZE"] // _sample_bytes(header) - header["OVERLAP"]


def _sample_bytes(header):
    return 2 * _POLARISATIONS[header["NPOL"]] * header["OBSNCHAN"]


def _blocks(path):
    """Walk through the blocks of a GUPPI raw file of voltages, by blimpy.

    Yields, for each block, its header (a dict of the file's keywords), the bytes that the file
    still has from where the block's data begin, and a function that reads them: int8 ``(n_chan,
    n_bytes)``, sample after sample the real and imaginary part of each polarisation. What the
    header claims is for the caller to check before it reads. Blocks not read are passed over.

    Raises `VoltageError` where there is no such file, or no GUPPI header where one must be.
    """
    path = Path(path)
    if not path.is_file():
        raise VoltageError(f"{path}: expected a GUPPI raw file, found no file of that name")
    # Told the number of blocks, blimpy does not walk through the file to count them.
    file = _guppi_class()(str(path), n_blocks=1)
    handle = file.file_obj
    try:
        while handle.tell() < file.filesize:
            header, data_start = _header(path, file)
            if not isinstance(header.get("BLOCSIZE"), int) or header["BLOCSIZE"] < 1:
                raise VoltageError(
                    f"{path}: expected BLOCSIZE to be a number of bytes, found {header.get('BLOCSIZE')!r}"
                )
            yield header, file.filesize - data_start, partial(_samples, file, handle.tell())
            handle.seek(data_start + header["BLOCSIZE"])
    finally:
        handle.close()


def _header(path, file):
    start = file.file_obj.tell()
    try:
        with redirect_stdout(io.StringIO()):  # blimpy prints what is wrong, and ends the program
            return file.read_header()
    except (Exception, SystemExit) as error:
        raise VoltageError(
            f"{path}: expected a GUPPI raw header of 80-byte lines at byte {start}, found none that is whole"
        ) from error


def _samples(file, block_start):
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
