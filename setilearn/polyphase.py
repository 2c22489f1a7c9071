"""The polyphase filterbank: complex voltages to power spectra.

A receiver brings its band down to zero frequency and samples it: ``sample_rate_hz`` complex
numbers a second hold a band as many hertz wide, from ``-sample_rate_hz / 2`` to ``sample_rate_hz /
2`` around the centre. An array of voltages has the shape ``(n_samples,)``, or ``(n_pol,
n_samples)`` with one or two polarisations.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import SpectrogramError, VoltageError
from setilearn.spectrogram import HZ_PER_MHZ, SECONDS_PER_DAY, Header, Spectrogram

if TYPE_CHECKING:
    from collections.abc import Iterable

# Samples worked on at a time: 8 MB of each polarisation, and a few times as much on the way.
PIECE_SAMPLES = 2**20
_WINDOWS = {"hamming": np.hamming, "hann": np.hanning, "blackman": np.blackman, "boxcar": np.ones}


def channelize(
    voltages: np.ndarray | Iterable[np.ndarray],
    sample_rate_hz: float,
    n_chan: int,
    n_int: int,
    *,
    n_taps: int = 4,
    window: str = "hamming",
    centre_mhz: float = 1420.0,
    tstart_mjd: float = 60000.0,
    source_name: str = "simulated voltages",
    telescope: str = "Fake",
) -> Spectrogram:
    """Power spectra of complex voltages by a polyphase filterbank, averaged over time.

    Each spectrum weighs ``n_taps * n_chan`` samples with `prototype_filter`, adds the stretches of
    ``n_chan`` samples up and takes the Fourier transform of the sum; the next one begins ``n_chan``
    samples later. The squared moduli are averaged over ``n_int`` spectra and summed over the
    polarisations, and scaled so that white noise comes out with the mean of ``|voltage|**2``. A
    plain Fourier transform then conserves power exactly (Parseval): the power of all channels and
    spectra adds up to that of all samples.

    Parameters
    ----------
    voltages : array, or iterable of arrays
        Complex, ``(n_samples,)`` or ``(n_pol, n_samples)``, or consecutive blocks of that shape,
        such as `read_voltages` yields. Memory is that of a block and of the result, and a few
        spectra's.
    sample_rate_hz : float
    n_chan, n_int : int
        Channels of a spectrum, and spectra of an integration. What does not fill a last
        integration is left out.
    n_taps : int
        How many stretches a spectrum is made of; 0 or 1 is a plain Fourier transform, without window.
    window : str
        "hamming", "hann", "blackman" or "boxcar" (none).
    centre_mhz : float
        Frequency that the receiver brought down to zero.
    tstart_mjd : float
        Time of the first sample. The header's ``tstart_mjd`` is later by half of the samples that a
        spectrum shares with its neighbours.
    source_name, telescope : str
        For the header.

    Returns
    -------
    Spectrogram
        Power ``(n_time, n_chan)``; ``foff_hz = sample_rate_hz / n_chan``, ``tsamp_s = n_int / foff_hz``.
        Channel ``n_chan // 2`` has its centre at ``centre_mhz``.

    Raises
    ------
    VoltageError
        Voltages that are real, not finite, of another shape, or too few for one integration; a
        rate or number that is not above 0, an unknown window.

    References
    ----------
    D. C. Price, "Spectrometers and Polyphase Filterbanks in Radio Astronomy" (2016), section 3.
    """
    check_rate(sample_rate_hz)
    if n_chan < 1 or n_int < 1 or n_taps < 0:
        raise VoltageError(
            f"channelize: expected n_chan and n_int of at least 1 and n_taps of at least 0, "
            f"found {n_chan}, {n_int} and {n_taps}"
        )
    weights = prototype_filter(n_chan, n_taps, window=window) if n_taps > 1 else np.ones(n_chan)
    weights = weights.astype(np.float32).reshape(-1, n_chan)
    blocks = [voltages] if isinstance(voltages, np.ndarray) else voltages
    rows = list(_integrations(_spectra(_pieces(blocks, max(PIECE_SAMPLES, n_chan)), weights), n_int))
    power = np.concatenate(rows) if rows else np.empty((0, n_chan), np.float32)
    if not len(power):
        raise VoltageError(
            f"channelize: expected at least {(n_int + len(weights) - 1) * n_chan} samples for an integration "
            f"of {n_int} spectra of {n_chan} channels by {len(weights)} taps, found fewer"
        )
    foff_hz = sample_rate_hz / n_chan
    shared_s = (len(weights) - 1) / foff_hz
    try:
        header = Header(
            source_name=source_name,
            telescope=telescope,
            ra_deg=0.0,
            dec_deg=0.0,
            fch1_mhz=centre_mhz - (n_chan // 2) * foff_hz / HZ_PER_MHZ,
            foff_hz=foff_hz,
            tsamp_s=n_int / foff_hz,
            tstart_mjd=tstart_mjd + shared_s / 2 / SECONDS_PER_DAY,
            n_time=len(power),
            n_chan=n_chan,
        )
    except SpectrogramError as error:
        raise VoltageError(f"channelize: {error}") from error
    return Spectrogram(power, header)


def prototype_filter(n_chan, n_taps=4, *, window="hamming"):
    """Weights ``(n_taps * n_chan,)``, float64, of a polyphase filterbank: a sinc under a window.

    The sinc is a low-pass filter that ends half a channel from zero frequency; the window mends
    the ripples that come of cutting it off. Scaled to a mean square of 1 a channel: their squares add
    up to ``n_chan``. Raises `VoltageError` for a window that is not known.
    """
    if window not in _WINDOWS:
        raise VoltageError(f"window: expected one of {', '.join(_WINDOWS)}, found {window!r}")
    n = n_chan * n_taps
    weights = np.sinc((np.arange(n) - (n - 1) / 2) / n_chan) * _WINDOWS[window](n)
    return weights * math.sqrt(n_chan / np.sum(weights**2))


def _pieces(blocks, n_samples):
    """The samples of ``blocks``, checked, as complex64 ``(n_pol, n_samples or fewer)``."""
    n_pol, n_before = None, 0
    for block in blocks:
        block = _checked_shape(block, n_pol)
        n_pol = len(block)
        for start in range(0, block.shape[1], n_samples):
            with np.errstate(over="ignore"):  # a complex128 beyond complex64 becomes infinite, found below
                piece = block[:, start : start + n_samples].astype(np.complex64)
            finite = np.isfinite(piece).all(axis=0)
            if not finite.all():
                raise VoltageError(
                    f"channelize: expected finite voltages, found {(~finite).sum()} samples that are not, "
                    f"the first of them sample {n_before + start + int(np.argmin(finite))}"
                )
            yield piece
        n_before += block.shape[1]


def _checked_shape(block, n_pol):
    block = np.asarray(block)
    if not np.iscomplexobj(block):
        raise VoltageError(f"channelize: expected complex voltages, found {block.dtype}")
    block = np.atleast_2d(block)
    if block.ndim > 2 or len(block) not in ((1, 2) if n_pol is None else (n_pol,)):
        expected = "(n_samples,) or (2, n_samples)" if n_pol is None else f"({n_pol}, n_samples)"
        raise VoltageError(f"channelize: expected voltages of shape {expected}, found {block.shape}")
    return block


def _spectra(pieces, weights):
    """Power of both polarisations, float32 ``(n_spectra, n_chan)`` for each piece, frequency ascending."""
    n_taps, n_chan = weights.shape
    rest = np.empty((0, 0), np.complex64)
    for piece in pieces:
        samples = np.concatenate([rest, piece], axis=1) if rest.size else piece
        n_spectra = max(0, samples.shape[1] // n_chan - (n_taps - 1))
        rest = samples[:, n_spectra * n_chan :]
        if n_spectra:
            stretches = samples[:, : (n_spectra + n_taps - 1) * n_chan].reshape(len(samples), -1, n_chan)
            summed = weights[0] * stretches[:, :n_spectra]
            for tap in range(1, n_taps):
                summed += weights[tap] * stretches[:, tap : tap + n_spectra]
            spectra = np.fft.fft(summed)
            power = (spectra.real**2 + spectra.imag**2).sum(axis=0) / n_chan
            yield np.fft.fftshift(power, axes=1)


def _integrations(powers, n_int):
    """Means of ``n_int`` spectra at a time, float32 ``(n, n_chan)`` for each block, whole ones alone."""
    begun, n_begun = 0.0, 0
    for power in powers:
        # Where an integration begins in this block; its first spectra may belong to one begun before.
        edges = np.arange(-n_begun, len(power), n_int).clip(0)
        sums = np.add.reduceat(power, edges, axis=0, dtype=np.float64)
        sums[0] += begun
        n_begun = (n_begun + len(power)) % n_int
        begun = sums[-1] if n_begun else 0.0
        yield ((sums[:-1] if n_begun else sums) / n_int).astype(np.float32)


def check_rate(sample_rate_hz):
    if not (sample_rate_hz > 0 and math.isfinite(sample_rate_hz)):
        raise VoltageError(f"expected a sample_rate_hz above 0, found {sample_rate_hz}")
