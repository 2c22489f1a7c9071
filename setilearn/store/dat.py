"""turbo_seti's table of hits, the `.dat` file: read theirs, write ours for the field's tools."""

from __future__ import annotations

import math
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from setilearn.errors import HeaderWarning, HitsError
from setilearn.spectrogram import HZ_PER_MHZ
from setilearn.tables import HITS, OBSERVATIONS, table
from setilearn.whole_file import whole_file

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd

    from setilearn.spectrogram import Header

_RULE = "# -------------------------- o --------------------------"
_COLUMNS = (
    "# Top_Hit_# \tDrift_Rate \tSNR \tUncorrected_Frequency \tCorrected_Frequency \tIndex "
    "\tfreq_start \tfreq_end \tSEFD \tSEFD_freq \tCoarse_Channel_Number \tFull_number_of_hits \t"
)
_NEEDED = ("Drift_Rate", "SNR", "Corrected_Frequency", "Index")
_SAME_MHZ = 3e-6  # a channel, and what six decimals hide
_WINDOW_MHZ = 0.00219  # turbo_seti's freq_start and freq_end lie about this far from the hit


def read_dat(path: str | PathLike) -> pd.DataFrame:
    """Hits of a `.dat` file of turbo_seti's, columns `setilearn.tables.HITS`.

    Its table has no width and counts channels its own way: ``width_hz`` is the channel width
    (DELTAF), and ``channel`` its Index. ``frequency_mhz`` is its Corrected_Frequency, which is
    that of the first integration; bliss writes the one of mid-scan there, and the ends of the track in
    ``freq_start`` and ``freq_end``, from which it is known and the start taken. The scan's number is taken
    from a File ID such as ``..._0011.rawspec...``. Files written before 2020 have the drift rate's sign
    reversed.

    Raises `HitsError`, which names the file, what was expected and what was found.
    """
    lines, head = _lines(path)
    width_hz = abs(_field(path, head, r"DELTAF\(Hz\): *([-+.\deE]+)", float))
    common = _scan(path, head) | {"width_hz": width_hz}
    names = re.search(r"^# *(Top_Hit_#.*)$", head, re.MULTILINE)[1].split()
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise HitsError(f"{path}: expected the columns {', '.join(_NEEDED)}, found no {', '.join(missing)}")
    length_s = re.search(r"obs_length: *([-+.\deE]+)", head)
    rows = [line for line in lines if line.strip() and not line.startswith("#")]
    return table(
        HITS, [common | _row(path, line, names, float(length_s[1]) if length_s else 0.0) for line in rows]
    )


def dat_observation(path):
    """The scan of a `.dat` file, one row with the columns `setilearn.tables.OBSERVATIONS`.

    It is known also where there are no hits. ``ra_deg`` and ``dec_deg`` are NaN where the file has none,
    or 0 for both, which is what those write who do not know. Raises `HitsError` as `read_dat`.
    """
    _, head = _lines(path)
    found = re.search(r"RA: *(\d+)h(\d+)m([.\d]+)s+\s+DEC: *([-+]?)(\d+)d(\d+)m([.\d]+)s", head)
    if not found and re.search(r"RA: *\S", head):
        warnings.warn(
            f"{path}: its position on the sky cannot be read, and is left out", HeaderWarning, stacklevel=2
        )
    hours, minutes, seconds, sign, degrees, arcmin, arcsec = found.groups() if found else ["nan"] * 7
    ra_deg = 15 * (float(hours) + float(minutes) / 60 + float(seconds) / 3600)
    dec_deg = (float(degrees) + float(arcmin) / 60 + float(arcsec) / 3600) * (-1 if sign == "-" else 1)
    if ra_deg == dec_deg == 0:
        ra_deg = dec_deg = math.nan
    known = {"ra_deg": ra_deg, "dec_deg": dec_deg, "cadence": "", "position": ""}
    return table(OBSERVATIONS, [_scan(path, head) | known])


def _scan(path, head):
    return {
        "source_name": _field(path, head, r"Source: *(.*?)\s*$", str),
        "scan": scan_number(_field(path, head, r"File ID: *(\S*)", str)),
        "tstart_mjd": _field(path, head, r"MJD: *([-+.\deE]+)", float),
        "path": str(path),
    }


def _lines(path):
    """All lines of a file, and its head as one text."""
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise HitsError(f"{path}: expected a table of hits, found: {error.strerror}") from error
    head = "\n".join(line for line in lines if line.startswith("#"))
    if "Top_Hit_#" not in head:
        raise HitsError(f"{path}: expected turbo_seti's column names (# Top_Hit_# ...), found none")
    scans = set(re.findall(r"MJD: *([-+.\deE]+)", head))
    if len(scans) > 1:
        raise HitsError(
            f"{path}: expected the hits of one scan, found {len(scans)} starts: {', '.join(sorted(scans))}"
        )
    return lines, head


def scan_number(file_name):
    """Number of the scan in a name such as ``guppi_59046_80036_VOYAGER-1_0011.rawspec.0000.h5``, else 0."""
    found = re.search(r"_(\d{4})\.(?:rawspec|gpuspec)", file_name)
    return int(found[1]) if found else 0


def _field(path, head, pattern, kind):
    found = re.search(pattern, head, re.MULTILINE)
    try:
        return kind(found[1])
    except (TypeError, ValueError) as error:
        raise HitsError(
            f"{path}: expected a header with {pattern.split(':')[0]}, found none that can be read"
        ) from error


def _row(path, line, names, length_s):
    cells = line.split()
    try:
        if len(cells) < len(names):
            raise ValueError
        values = dict(zip(names, cells, strict=False))
        drift_hz_s, snr, frequency_mhz = (float(values[name]) for name in _NEEDED[:3])
        if not all(map(math.isfinite, (drift_hz_s, snr, frequency_mhz))):
            raise ValueError
        ends_mhz = [float(values.get(name, "nan")) for name in ("freq_start", "freq_end")]
        moved_mhz = drift_hz_s * length_s / HZ_PER_MHZ
        # turbo_seti's are the edges of a window, the same for all hits.
        are_ends = math.isclose(ends_mhz[1] - ends_mhz[0], moved_mhz, abs_tol=_SAME_MHZ)
        if are_ends and math.isclose(sum(ends_mhz) / 2, frequency_mhz, abs_tol=_SAME_MHZ):
            frequency_mhz = ends_mhz[0]
        return {
            "drift_hz_s": drift_hz_s,
            "snr": snr,
            "frequency_mhz": frequency_mhz,
            "channel": int(values["Index"]),
        }
    except ValueError as error:
        raise HitsError(f"{path}: expected {len(names)} numbers a row, found {line[:80]!r}") from error


def write_dat(
    hits: pd.DataFrame, path: str | PathLike, *, header: Header | None = None, max_drift_hz_s: float = 4.0
) -> None:
    """Write hits of one scan as a `.dat` file such as turbo_seti's.

    ``header`` (`setilearn.spectrogram.Header`) gives integration time, length and position; without
    one they are written as 0. The file appears whole or not at all. Raises `HitsError` where the
    hits are of several scans.
    """
    path = Path(path)
    scans = hits[["source_name", "tstart_mjd"]].drop_duplicates()
    if len(scans) > 1:
        raise HitsError(f"{path}: expected the hits of one scan, found {len(scans)} scans")
    source, tstart_mjd = (scans.iloc[0]) if len(scans) else ("", 0.0)
    if header is not None:
        source, tstart_mjd = header.source_name, header.tstart_mjd
    tsamp_s, foff_hz, length_s, ra_deg, dec_deg = (
        (header.tsamp_s, header.foff_hz, header.duration_s, header.ra_deg, header.dec_deg)
        if header
        else [0.0] * 5
    )
    position = f"RA: {_sexagesimal(ra_deg / 15, 'hms')}\tDEC: {_sexagesimal(dec_deg, 'dms')}"
    setting = f"DELTAT: {tsamp_s:10.6f}\tDELTAF(Hz): {-foff_hz:10.6f}\tmax_drift_rate: {max_drift_hz_s:10.6f}"
    lines = [
        _RULE,
        f"# File ID: {Path(hits['path'].iloc[0]).name if len(hits) else path.stem} ",
        _RULE,
        f"# Source:{source}",
        f"# MJD: {tstart_mjd:18.12f}\t{position}",
        f"# {setting}\tobs_length: {length_s:10.6f}",
        "# --------------------------",
        _COLUMNS,
        "# --------------------------",
        *(_line(number, hit) for number, hit in enumerate(hits.itertuples(), 1)),
    ]
    with whole_file(path) as part:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _line(number, hit):
    low, high = hit.frequency_mhz - _WINDOW_MHZ, hit.frequency_mhz + _WINDOW_MHZ
    cells = [f"{number:06d}", f"{hit.drift_hz_s:10.6f}", f"{hit.snr:10.6f}", f"{hit.frequency_mhz:14.6f}"]
    cells += [f"{hit.frequency_mhz:14.6f}", f"{hit.channel}", f"{high:14.6f}", f"{low:14.6f}"]
    return "\t".join([*cells, "0.0", f"{0:14.6f}", "0", "0", ""])


def _sexagesimal(decimal, units):
    whole, rest = divmod(abs(decimal) * 3600, 3600)
    minutes, seconds = divmod(rest, 60)
    sign = "-" if decimal < 0 else ""
    return f"{sign}{whole:.0f}{units[0]}{minutes:02.0f}{units[1]}{seconds:.3f}{units[2]}"
