"""On and off, in spectrograms: what is seen on the star and not beside it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import CadenceError
from setilearn.events.cadence import on_places
from setilearn.spectrogram import Spectrogram
from setilearn.tracks import channel_of

if TYPE_CHECKING:
    from collections.abc import Sequence

# Two headers tell of the same channels when they differ by less than these shares of one.
_SAME_CHANNEL, _SAME_WIDTH = 0.01, 1e-6


def subtract_off(on: Spectrogram, off: Spectrogram) -> Spectrogram:
    """The ON scan less the OFF scan, sample by sample: what both have alike goes.

    Parameters
    ----------
    on, off : Spectrogram
        Of the same channels and integrations; average both before (``on.average(n_time=16)``) for a
        difference in one dimension.

    Returns
    -------
    Spectrogram
        Header of ``on``, and the names of both sources. Its noise is sqrt(2) times that of one scan.

    Raises
    ------
    CadenceError
        Where the two differ in fch1_mhz, foff_hz, n_chan, tsamp_s or n_time: with expected and found.
    """
    _require_aligned(on.header, off.header)
    return _named(on, off, on.power - off.power, "{} \N{MINUS SIGN} {}")


def on_off_ratio(on: Spectrogram, off: Spectrogram) -> Spectrogram:
    """(ON - OFF) / OFF, sample by sample: the excess on the star in units of the system's noise.

    The bandpass, a factor in both, cancels. Where ``off`` is not above zero there is no ratio: NaN.
    A sum over time has a small OFF noise: average both scans first where that matters.

    Arguments, what is returned and what is raised are those of `subtract_off`.
    """
    _require_aligned(on.header, off.header)
    ratio = np.full(on.power.shape, np.nan, dtype=np.float32)
    np.divide(on.power - off.power, off.power, out=ratio, where=off.power > 0)
    return _named(on, off, ratio, "({0} \N{MINUS SIGN} {1}) / {1}")


def cadence_differences(
    scans: Sequence[Spectrogram], pattern: str = "ABACAD", *, ratio: bool = False
) -> list[Spectrogram]:
    """Each ON scan compared with the OFF scan that follows it: A1 - B, A2 - C, A3 - D.

    ``scans`` are Spectrograms in the order of ``pattern``; with ``ratio`` each difference is divided
    by its OFF scan (`on_off_ratio`). Returns a list of Spectrograms.

    Raises `CadenceError` where the scans do not align, are not as many as the pattern says, or an ON
    is not followed by an OFF.
    """
    is_on = on_places(pattern, len(scans))
    ons = np.flatnonzero(is_on)
    if ons[-1] + 1 == len(is_on) or is_on[ons + 1].any():
        raise CadenceError(f"pattern: expected an OFF scan after each ON scan, found {pattern!r}")
    compare = on_off_ratio if ratio else subtract_off
    return [compare(scans[place], scans[place + 1]) for place in ons]


def _require_aligned(on, off):
    apart = abs(channel_of(on, off.fch1_mhz))
    same = {
        "fch1_mhz": apart < _SAME_CHANNEL,
        "foff_hz": math.isclose(on.foff_hz, off.foff_hz, rel_tol=_SAME_WIDTH),
        "n_chan": on.n_chan == off.n_chan,
        "tsamp_s": math.isclose(on.tsamp_s, off.tsamp_s, rel_tol=_SAME_WIDTH),
        "n_time": on.n_time == off.n_time,
    }
    wrong = [
        f"{name} {getattr(on, name)!r}, found {getattr(off, name)!r}"
        for name, fits in same.items()
        if not fits
    ]
    if wrong:
        raise CadenceError(
            f"{off.source_name} is not aligned with {on.source_name}: expected {'; expected '.join(wrong)}"
        )


def _named(on, off, power, form):
    source_name = form.format(on.header.source_name, off.header.source_name)
    return Spectrogram(power, replace(on.header, source_name=source_name))
