"""The header of a SIGPROC filterbank file: keywords, each followed by its value, without any padding.

A string is its length (int32) and its bytes; integers are int32, other numbers float64, all
little-endian. Source: D. Lorimer, SIGPROC user's manual, section "The SIGPROC data format".
"""

import struct

MAGIC = b"\x0c\x00\x00\x00HEADER_START"
MAX_HEADER_BYTES = 65536
_MAX_STRING_BYTES = 4096

_STRINGS = {"source_name", "rawdatafile"}
_ANGLES = {"src_raj", "src_dej"}
_DOUBLES = {"az_start", "za_start", "tstart", "tsamp", "fch1", "foff", "refdm", "period"}
_INTEGERS = {"telescope_id", "machine_id", "data_type", "barycentric", "pulsarcentric"}
_INTEGERS |= {"nbits", "nsamples", "nchans", "nifs", "nbeams", "ibeam", "nbins"}
# What nobody here needs, by format: SIGPROC's own, and whatever else is found in files.
_OTHERS = {"npuls": "<q", "signed": "<b"}
_LONGEST_KEYWORD = 80

TELESCOPES = {
    0: "Fake",
    1: "Arecibo",
    2: "Ooty",
    3: "Nancay",
    4: "Parkes",
    5: "Jodrell",
    6: "GBT",
    7: "GMRT",
    8: "Effelsberg",
    9: "ATA",
    10: "SRT",
    11: "LOFAR",
    12: "VLA",
    20: "CHIME",
    21: "FAST",
    64: "MeerKAT",
    65: "KAT-7",
}


class SigprocError(ValueError):
    """A header that does not follow the format; the reader of the file adds the file's name."""


def decode_header(raw):
    """Keywords and values of the header at the start of ``raw``, and its length in bytes.

    ``src_raj`` comes out in decimal hours, ``src_dej`` in decimal degrees.

    A keyword that SIGPROC does not know is passed over, its name under ``"passed over"``, where a keyword can
    be read behind it: behind four, eight or one bytes or a string.

    Raises `SigprocError` where the bytes end too early or are no keywords and values.
    """
    if not raw.startswith(MAGIC):
        raise SigprocError(f"expected a header that begins with HEADER_START, found {raw[:16]!r}")
    values, at = {"passed over": []}, len(MAGIC)
    while True:
        keyword, at = _take_string(raw, at, "a keyword")
        if keyword == "HEADER_END":
            return values, at
        if keyword in values:
            raise SigprocError(f"expected each keyword once, found {keyword} twice")
        end = None if _is_known(keyword) else _end_of_unknown(raw, at, keyword)
        if end is None:
            values[keyword], at = _take_value(raw, at, keyword)
        else:
            values["passed over"].append(keyword)
            at = end


def _is_known(keyword):
    return (
        keyword in _STRINGS | _ANGLES | _INTEGERS | _DOUBLES | _OTHERS.keys() or keyword == "FREQUENCY_START"
    )


def _end_of_unknown(raw, at, keyword):
    """Where the next keyword begins behind the value of an unknown one, None where none does."""
    if not _is_keyword(keyword):
        return None
    ends = [at + 8, at + 4, at + 1]
    if at + 4 <= len(raw):
        ends.insert(0, at + 4 + max(struct.unpack_from("<i", raw, at)[0], 0))
    for end in ends:
        if end + 4 <= len(raw):
            length = struct.unpack_from("<i", raw, end)[0]
            if 0 < length <= _LONGEST_KEYWORD and _is_keyword(
                raw[end + 4 : end + 4 + length].decode("latin-1")
            ):
                return end
    return None


def _is_keyword(text):
    return text.isascii() and text.replace("-", "_").isidentifier() and len(text) <= _LONGEST_KEYWORD


def _take_value(raw, at, keyword):
    if keyword in _STRINGS:
        return _take_string(raw, at, keyword)
    if keyword in _ANGLES:
        packed, at = _take_number(raw, at, "<d", keyword)
        return sexagesimal_to_decimal(packed), at
    if keyword in _INTEGERS:
        return _take_number(raw, at, "<i", keyword)
    if keyword in _DOUBLES:
        return _take_number(raw, at, "<d", keyword)
    if keyword in _OTHERS:
        return _take_number(raw, at, _OTHERS[keyword], keyword)
    if keyword == "FREQUENCY_START":
        raise SigprocError("expected evenly spaced channels (fch1, foff), found a table of frequencies")
    raise SigprocError(f"expected a SIGPROC keyword, found {keyword[:40]!r} at byte {at}")


def _take_number(raw, at, form, keyword):
    end = at + struct.calcsize(form)
    if end > len(raw):
        raise SigprocError(
            f"expected the value of {keyword} at byte {at}, found the end of the header's bytes"
        )
    return struct.unpack_from(form, raw, at)[0], end


def _take_string(raw, at, what):
    length, at = _take_number(raw, at, "<i", f"the length of {what}")
    if not 0 <= length <= _MAX_STRING_BYTES:
        raise SigprocError(
            f"expected {what} of 0 to {_MAX_STRING_BYTES} bytes at byte {at}, found a length of {length}"
        )
    if at + length > len(raw):
        raise SigprocError(f"expected {what} of {length} bytes at byte {at}, found only {len(raw) - at}")
    return raw[at : at + length].decode("utf-8", "replace").strip("\0 "), at + length


def encode_header(values):
    """The bytes of a header with ``values``, a dict as `decode_header` returns it."""
    parts = [MAGIC]
    for keyword, value in values.items():
        parts.append(_string(keyword))
        if keyword in _STRINGS:
            parts.append(_string(value))
        elif keyword in _INTEGERS:
            parts.append(struct.pack("<i", value))
        elif keyword in _OTHERS:
            parts.append(struct.pack(_OTHERS[keyword], value))
        else:
            parts.append(struct.pack("<d", decimal_to_sexagesimal(value) if keyword in _ANGLES else value))
    return b"".join([*parts, _string("HEADER_END")])


def _string(text):
    raw = text.encode()
    return struct.pack("<i", len(raw)) + raw


def sexagesimal_to_decimal(packed):
    """Decimal hours (or degrees) of ``packed``, SIGPROC's hhmmss.s (or ddmmss.s) in one number.

    >>> sexagesimal_to_decimal(-123000.0)
    -12.5
    """
    minutes_and_more, seconds = divmod(abs(packed), 100)
    whole, minutes = divmod(minutes_and_more, 100)
    decimal = whole + minutes / 60 + seconds / 3600
    return -decimal if packed < 0 else decimal


def decimal_to_sexagesimal(decimal):
    """The inverse of `sexagesimal_to_decimal`."""
    # Rounded to a microsecond, lest 12.5 become 12h29m59.99999s.
    microseconds = round(abs(decimal) * 3600e6)
    whole_minutes, microseconds = divmod(microseconds, 60_000_000)
    whole, minutes = divmod(whole_minutes, 60)
    packed = whole * 10000 + minutes * 100 + microseconds / 1e6
    return -packed if decimal < 0 else packed
