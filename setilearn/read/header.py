"""What the readers of all filterbank formats share: an open file, and keywords to a `Header` and back."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from setilearn.errors import FilterbankError, HeaderWarning, LostDataWarning, SpectrogramError
from setilearn.read import sigproc
from setilearn.spectrogram import HZ_PER_MHZ, Header

BLOCK_BYTES = 2**22  # small enough to stay in cache while it is checked and flipped


@dataclass(frozen=True)
class OpenFile:
    """An open file; ``blocks(times, channels, if_index)`` yields samples, channels counted as on disk.

    Each block comes with its place in the part asked for: (rows, columns, samples).
    """

    path: Path
    header: Header
    descending: bool
    blocks: Callable


def whole_number(path, keywords, name, default=None):
    value = keywords.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value != int(value):
        raise FilterbankError(f"{path}: expected a whole number for {name}, found {value!r}")
    return int(value)


def _number(path, keywords, name, default=None):
    value = keywords.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise FilterbankError(f"{path}: expected a finite number for {name}, found {value!r}")
    return float(value)


def tell(message, category=HeaderWarning):
    warnings.warn(message, category, stacklevel=2)


def promised_n_time(path, keywords, n_time):
    """How many of ``n_time`` integrations the header tells of; tells of what is beyond them or missing."""
    n_samples = whole_number(path, keywords, "nsamples", 0)
    if n_samples > n_time:
        tell(f"{path}: its header promises {n_samples} integrations, {n_time} are there", LostDataWarning)
    elif 0 < n_samples < n_time:
        tell(f"{path}: its header tells of {n_samples} integrations; {n_time - n_samples} more are left out")
        return n_samples
    return n_time


def to_header(path, keywords, shape, n_bits):
    """Header of a file with SIGPROC's ``keywords``, and whether its channels descend on disk."""
    n_time, n_ifs, n_chan = shape
    data_type = whole_number(path, keywords, "data_type", 1)
    if data_type not in (0, 1):
        raise FilterbankError(f"{path}: expected filterbank data (data_type 1), found data_type {data_type}")
    if keywords.get("barycentric") or keywords.get("pulsarcentric"):
        tell(
            f"{path}: its header says that times and frequencies were brought to the solar system's centre "
            "or a pulsar: the Earth's own drift is no longer in them"
        )
    fch1_mhz, foff_mhz = _number(path, keywords, "fch1"), _number(path, keywords, "foff")
    descending = foff_mhz < 0
    lowest_mhz = fch1_mhz + foff_mhz * (n_chan - 1) if descending else fch1_mhz
    telescope_id = whole_number(path, keywords, "telescope_id", 0)
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


def to_keywords(header, descending):
    step_mhz = header.foff_hz / HZ_PER_MHZ
    return {
        "source_name": header.source_name,
        "telescope_id": _telescope_id(header.telescope),
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


def _telescope_id(name):
    """SIGPROC's number of a telescope, of which a file holds no name."""
    known = {name.lower(): number for number, name in sigproc.TELESCOPES.items()}
    number = name.removeprefix("telescope ")
    if name.lower() in known or number.isdecimal():
        return known.get(name.lower(), int(number) if number.isdecimal() else 0)
    if name:
        tell(f"SIGPROC has no number for the telescope {name!r}: the file will not tell of it")
    return 0
