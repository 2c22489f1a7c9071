"""GUPPI raw files of voltages: their header, and the voltages of one coarse channel.

A file is a row of blocks. Each has a header of 80-byte cards, as FITS has them, up to END, and BLOCSIZE bytes
of samples: coarse channel by coarse channel, in each one sample after the other, in each sample real and
imaginary part of each polarisation. Some recorders (PKTFMT SIMPLE) put the samples first and the channels
within.

Sources: UCBerkeleySETI/hpguppi_daq and rawspec, DSPSR's guppi format, baseband's documentation.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import LostDataWarning, VoltageError
from setilearn.spectrogram import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

CARD_BYTES, MAX_CARDS = 80, 4096
_DIRECT_BYTES = 512  # what a header is filled up to where DIRECTIO is set
# What is understood of the ways to lay samples out
_LAYOUT = {"CHANMAJ": 0, "NANTS": 1}
_BITS = (4, 8, 16)
# NPOL -> polarisations; at Green Bank it counts the products of two, as rawspec and setigen know too.
_POLARISATIONS = {1: 1, 2: 2, 4: 2}
_REQUIRED = ("OBSNCHAN", "OBSFREQ", "OBSBW", "TBIN")
_DEFAULTS = {
    "NBITS": 8,
    "OVERLAP": 0,
    "PKTIDX": 0,
    "PKTSTART": 0,
    "STT_IMJD": 0,
    "STT_SMJD": 0,
    "STT_OFFS": 0.0,
}
_WHOLE = ("OBSNCHAN", "NBITS", "OVERLAP", "PKTIDX", "PKTSTART", "BLOCSIZE")
_NUMBERS = {*_REQUIRED, *_DEFAULTS, *_LAYOUT, "BLOCSIZE", "NPOL", "DIRECTIO", "PIPERBLK", "PKTSIZE"}
_TEXTS = ("SRC_NAME", "TELESCOP", "PKTFMT")


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

    The start is that of the scan (STT_IMJD, STT_SMJD, STT_OFFS) and as many packets on as the first block
    lies (PKTIDX) behind the one that this is the time of (PKTSTART, else 0). How long a packet lasts, blocks
    tell that follow each other, or PIPERBLK, the packets of a block, or PKTSIZE, the bytes of a packet.

    Raises `VoltageError` where the file is missing, damaged, or laid out in a way that is not supported.
    """
    blocks = [header for header, _ in _checked_blocks(path)]
    header = blocks[0]
    start_s = header["STT_SMJD"] + header["STT_OFFS"]
    behind = header["PKTIDX"] - header["PKTSTART"]
    if behind:
        a_block = _packets_a_block(blocks)
        if not a_block:
            raise VoltageError(
                f"{path}: expected two blocks, PIPERBLK or PKTSIZE, that tell how long a packet lasts, "
                f"found none: the first block begins {behind} packets behind the start of the scan"
            )
        start_s += behind / a_block * _new_samples(header) * header["TBIN"]
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
    blocks = list(_checked_blocks(path))
    _require_all_blocks(path, [header for header, _ in blocks])
    for number, (header, data_start) in enumerate(blocks):
        if not 0 <= coarse_channel < header["OBSNCHAN"]:
            raise VoltageError(
                f"{path}: expected a coarse_channel of 0 to {header['OBSNCHAN'] - 1}, found {coarse_channel}"
            )
        voltages = _samples(path, header, data_start, coarse_channel)
        voltages = voltages[:, header["OVERLAP"] if number else 0 :]
        yield voltages if header["OBSBW"] > 0 else voltages.conj()


def _packets_a_block(headers):
    """By how much PKTIDX rises from block to block where none is missing, None where nothing tells."""
    first = headers[0]
    if isinstance(first.get("PIPERBLK"), int) and first["PIPERBLK"] > 0:
        return first["PIPERBLK"]
    packets = [header["PKTIDX"] for header in headers]
    steps = [after - before for before, after in pairwise(packets) if after > before]
    new_bytes = _new_samples(first) * _sample_bits(first) // 8
    size = first.get("PKTSIZE")
    by_size = new_bytes // size if isinstance(size, int) and size > 0 and new_bytes % size == 0 else None
    # Not all recorders count what they call a packet: where blocks say otherwise, they are right.
    if by_size and (not steps or min(steps) % by_size == 0):
        return by_size
    return min(steps, default=None)


def _require_all_blocks(path, headers):
    a_block, packets = _packets_a_block(headers), [header["PKTIDX"] for header in headers]
    for before, after in pairwise(packets):
        if any(packets) and after - before != a_block:
            raise VoltageError(
                f"{path}: expected steps of {a_block} in PKTIDX from block to block, "
                f"found {before} and then {after}: blocks are missing"
            )


def _checked_blocks(path):
    """(header, where its samples begin) of each whole block, once the header has been checked."""
    path, n_blocks = Path(path), 0
    if not path.is_file():
        raise VoltageError(f"{path}: expected a GUPPI raw file, found no file of that name")
    n_bytes, start = path.stat().st_size, 0
    if not n_bytes:
        raise VoltageError(f"{path}: expected a GUPPI raw file, found an empty one")
    with path.open("rb") as file:
        while start < n_bytes:
            try:
                cards, data_start = _read_cards(path, file, start)
            except VoltageError:
                if not n_blocks:
                    raise
                found = f"{n_bytes - start} bytes behind its last whole block are no block, and left out"
                warnings.warn(f"{path}: {found}", LostDataWarning, stacklevel=2)
                return
            header = _checked(path, cards)
            if n_bytes - data_start < header["BLOCSIZE"]:
                found = f"expected a block of {header['BLOCSIZE']} bytes, found {n_bytes - data_start}"
                if not n_blocks:
                    raise VoltageError(f"{path}: {found}: truncated?")
                said = f"{path}: its last block is cut off and left out: {found}"
                warnings.warn(said, LostDataWarning, stacklevel=2)
                return
            yield header, data_start
            n_blocks, start = n_blocks + 1, data_start + header["BLOCSIZE"]


def _read_cards(path, file, start):
    """The cards of the header at byte ``start``, a dict, and where the samples behind it begin."""
    file.seek(start)
    values = {}
    for number in range(MAX_CARDS):
        card = file.read(CARD_BYTES)
        keyword = card[:8].decode("latin-1").rstrip()
        is_text = len(card) == CARD_BYTES and all(32 <= byte < 127 for byte in card)
        if not is_text or (number == 0 and card[8:9] != b"="):
            break
        if keyword == "END":
            end = start + (number + 1) * CARD_BYTES
            # Filled up from the start of the file on, not of the block.
            return values, -(-end // _DIRECT_BYTES) * _DIRECT_BYTES if values.get("DIRECTIO") else end
        if card[8:9] == b"=":  # others are comments: COMMENT, HISTORY, blanks
            values.setdefault(keyword, _value(card[9:].decode("ascii"), keyword))
    raise VoltageError(
        f"{path}: expected a GUPPI raw header of 80-byte lines at byte {start}, found none that is whole"
    )


def _value(text, keyword):
    """What a card says: text in quotes, T or F, a number; behind a slash stands a comment."""
    text = text.strip()
    if text.startswith("'"):
        # A quote within the text is written twice.
        value = text[1:].replace("''", "\0").partition("'")[0].replace("\0", "'").strip()
        return _number(value) if keyword in _NUMBERS else value
    value = text.partition("/")[0].strip()
    if value in ("T", "F"):
        return value == "T"
    return value if keyword in _TEXTS else _number(value)


def _number(text):
    """The number that a text is, else the text."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text.replace("D", "E").replace("d", "e"))
    except ValueError:
        return text
    return (
        int(value)
        if value.is_integer() and abs(value) < 2**53 and "." not in text and "E" not in text
        else value
    )


def _checked(path, header):
    """The header of a block with its defaults filled in."""
    size = header.get("BLOCSIZE")
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise VoltageError(f"{path}: expected BLOCSIZE to be a number of bytes, found {size!r}")
    for name, expected in _LAYOUT.items():
        if header.get(name, expected) != expected:
            raise VoltageError(f"{path}: expected {name} = {expected}, found {header[name]!r}")
    if header.get("NPOL") not in _POLARISATIONS:
        raise VoltageError(f"{path}: expected NPOL to be 1, 2 or 4, found {header.get('NPOL')!r}")
    header = _with_numbers(path, _DEFAULTS | header)
    if header["NBITS"] not in _BITS:
        raise VoltageError(f"{path}: expected NBITS = 4, 8 or 16, found {header['NBITS']!r}")
    if header["OBSNCHAN"] < 1 or header["TBIN"] < 0:
        raise VoltageError(
            f"{path}: expected a whole number of channels and a TBIN above 0, "
            f"found OBSNCHAN = {header['OBSNCHAN']}, TBIN = {header['TBIN']}"
        )
    overlap, sample_bits = header["OVERLAP"], _sample_bits(header)
    if header["BLOCSIZE"] * 8 % sample_bits or overlap < 0 or _new_samples(header) < 1:
        raise VoltageError(
            f"{path}: expected blocks of whole samples of {sample_bits / 8:g} bytes, longer than their "
            f"overlap, found BLOCSIZE = {header['BLOCSIZE']}, OVERLAP = {overlap}"
        )
    return header


def _with_numbers(path, header):
    """The header, once what must be numbers are."""
    for name in (*_REQUIRED, *_DEFAULTS):
        value = header.get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < np.inf
        if not is_number or (value == 0 and name in _REQUIRED):
            raise VoltageError(f"{path}: expected a number other than 0 for {name}, found {value!r}")
    for name in _WHOLE:
        if header[name] != int(header[name]):
            raise VoltageError(f"{path}: expected a whole number for {name}, found {header[name]!r}")
        header[name] = int(header[name])
    return header


def _new_samples(header):
    """Samples of a block that the one before it does not have too."""
    return header["BLOCSIZE"] * 8 // _sample_bits(header) - header["OVERLAP"]


def _sample_bits(header):
    """Bits of one sample of all channels and polarisations, both parts."""
    return 2 * header["NBITS"] * _POLARISATIONS[header["NPOL"]] * header["OBSNCHAN"]


def _samples(path, header, data_start, coarse_channel):
    """Voltages of one coarse channel in a block, complex64 ``(n_pol, n_samples)``."""
    n_pol, n_chan, n_bits = _POLARISATIONS[header["NPOL"]], header["OBSNCHAN"], header["NBITS"]
    n_samples = header["BLOCSIZE"] * 8 // _sample_bits(header)
    row_bytes = 2 * n_pol * n_bits // 8
    samples_first = str(header.get("PKTFMT", "")).strip().upper() == "SIMPLE"
    shape = (n_samples, n_chan, row_bytes) if samples_first else (n_chan, n_samples, row_bytes)
    block = np.memmap(path, np.uint8, "r", data_start, shape)
    raw = np.ascontiguousarray(block[:, coarse_channel] if samples_first else block[coarse_channel])
    if n_bits == 4:
        # The real part stands in the four higher bits, both in two's complement.
        parts = np.stack([raw.view(np.int8) >> 4, (raw << 4).view(np.int8) >> 4], axis=-1)
    else:
        parts = raw.view("i1" if n_bits == 8 else "<i2")
    # float32 real and imaginary parts side by side are complex64.
    return parts.reshape(n_samples, n_pol * 2).astype(np.float32).view(np.complex64).T
