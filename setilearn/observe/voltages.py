"""Complex voltages, simulated or from a GUPPI raw file, and the polyphase filterbank that makes them spectra.

A receiver brings its band down to zero frequency and samples it: ``sample_rate_hz`` complex
numbers a second hold a band as many hertz wide, from ``-sample_rate_hz / 2`` to ``sample_rate_hz /
2`` around the centre. An array of voltages has the shape ``(n_samples,)``, or ``(n_pol,
n_samples)`` with one or two polarisations.
"""

import math
from dataclasses import dataclass

import numpy as np

from setilearn.errors import SpectrogramError, VoltageError
from setilearn.observe import filterbank
from setilearn.spectrogram import HZ_PER_MHZ, SECONDS_PER_DAY, Header, Spectrogram

# Samples worked on at a time: 8 MB of each polarisation, and a few times as much on the way.
PIECE_SAMPLES = 2**20
_WINDOWS = {"hamming": np.hamming, "hann": np.hanning, "blackman": np.blackman, "boxcar": np.ones}
# What blimpy's reader takes for granted
_RAW_LAYOUT = {"NBITS": 8, "CHANMAJ": 0, "NANTS": 1}
# NPOL -> polarisations; at Green Bank it counts the products of two, as rawspec and setigen know too.
_RAW_POLARISATIONS = {1: 1, 2: 2, 4: 2}
_RAW_REQUIRED = ("OBSNCHAN", "OBSFREQ", "OBSBW", "TBIN")
_RAW_DEFAULTS = {"OVERLAP": 0, "PKTIDX": 0, "STT_IMJD": 0, "STT_SMJD": 0, "STT_OFFS": 0.0}


# Simulation


def simulate_voltages(n_samples, sample_rate_hz, *, tones=(), noise_sigma=1.0, n_pol=1, seed=0):
    """Receiver noise and tones as complex voltages, complex64 ``(n_samples,)`` or ``(2, n_samples)``.

    Parameters
    ----------
    n_samples : int
    sample_rate_hz : float
        Complex samples a second, and the width of the band.
    tones : sequence of (frequency_hz, amplitude, drift_hz_s)
        Frequency at the first sample, counted from the centre of the band; voltage, in the units
        of ``noise_sigma``; change of the frequency with time. A tone adds the power ``amplitude**2``
        to each polarisation while it is inside the band, and nothing outside, where a receiver's
        filter would stop it.
    noise_sigma : float
        Root of the mean squared modulus of the noise, which is Gaussian and white: its power is
        ``noise_sigma**2`` a sample and polarisation, half of it in the real part.
    n_pol : int
        1 or 2 polarisations; two have noise of their own and the same tones.
    seed : int

    Raises
    ------
    VoltageError
        Without samples, with a rate that is not above 0, or a tone that begins outside the band.
    """
    if n_samples < 1 or n_pol not in (1, 2):
        raise VoltageError(
            f"simulate_voltages: expected at least 1 sample and 1 or 2 polarisations, "
            f"found n_samples = {n_samples}, n_pol = {n_pol}"
        )
    _check_rate(sample_rate_hz)
    parts = np.random.default_rng(seed).standard_normal((n_pol, n_samples, 2), dtype=np.float32)
    parts *= np.float32(noise_sigma / math.sqrt(2))
    voltages = parts.view(np.complex64)[..., 0]
    for frequency_hz, amplitude, drift_hz_s in tones:
        if abs(frequency_hz) > sample_rate_hz / 2:
            raise VoltageError(
                f"simulate_voltages: expected a tone within {sample_rate_hz / 2:g} Hz of the centre, "
                f"found {frequency_hz:g} Hz"
            )
        _add_tone(voltages, sample_rate_hz, frequency_hz, amplitude, drift_hz_s)
    return voltages[0] if n_pol == 1 else voltages


def _add_tone(voltages, sample_rate_hz, frequency_hz, amplitude, drift_hz_s):
    for start in range(0, voltages.shape[1], PIECE_SAMPLES):
        piece = voltages[:, start : start + PIECE_SAMPLES]
        time_s = np.arange(start, start + piece.shape[1]) / sample_rate_hz
        # The phase is the integral of the frequency, hence the half.
        turns = frequency_hz * time_s + drift_hz_s * time_s**2 / 2
        inside = np.abs(frequency_hz + drift_hz_s * time_s) <= sample_rate_hz / 2
        piece += np.where(inside, amplitude * np.exp(2j * np.pi * (turns % 1)), 0)


# The filterbank


def channelize(
    voltages,
    sample_rate_hz,
    n_chan,
    n_int,
    *,
    n_taps=4,
    window="hamming",
    centre_mhz=1420.0,
    tstart_mjd=60000.0,
    source_name="simulated voltages",
    telescope="Fake",
):
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
        rate, number or window that makes no sense.

    References
    ----------
    D. C. Price, "Spectrometers and Polyphase Filterbanks in Radio Astronomy" (2016), section 3.
    """
    _check_rate(sample_rate_hz)
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


def _check_rate(sample_rate_hz):
    if not (sample_rate_hz > 0 and math.isfinite(sample_rate_hz)):
        raise VoltageError(f"expected a sample_rate_hz above 0, found {sample_rate_hz}")


# GUPPI raw files


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


def read_raw_header(path):
    """`RawHeader` of a GUPPI raw file; reads no voltages.

    The start is that of the scan (STT_IMJD, STT_SMJD, STT_OFFS) and, where the file is a later one
    of its scan, as many blocks on as its first packet number (PKTIDX) tells.

    Raises `VoltageError` where the file is missing, damaged, or laid out in a way that is not supported.
    """
    blocks = _raw_blocks(path)
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


def read_voltages(path, coarse_channel=0):
    """Walk through one coarse channel of a GUPPI raw file: complex64 ``(n_pol, n_samples)`` a block.

    The blocks follow each other without gap or overlap, for `channelize` to take as they come. In a
    file that descends in frequency they are turned round, so that frequency ascends here too.

    Raises `VoltageError` as `read_raw_header` does, and where there is no such channel or where
    blocks are missing in the middle.
    """
    packets = []
    for header, read in _raw_blocks(path):
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
        voltages = samples.reshape(-1, _RAW_POLARISATIONS[header["NPOL"]]).T
        voltages = voltages[:, header["OVERLAP"] if len(packets) > 1 else 0 :]
        yield voltages if header["OBSBW"] > 0 else voltages.conj()


def _raw_blocks(path):
    """(header, function that reads the samples) of each block, once the header has been checked."""
    found = False
    try:
        for header, n_bytes, read in filterbank.raw_blocks(path):
            found = True
            yield _checked_raw(path, header, n_bytes), read
    except filterbank.FilterbankError as error:
        raise VoltageError(str(error)) from error
    if not found:
        raise VoltageError(f"{path}: expected a GUPPI raw file, found an empty one")


def _checked_raw(path, header, n_bytes):
    """The header of a block with its defaults filled in; ``n_bytes`` are left of the file for the block."""
    for name, expected in _RAW_LAYOUT.items():
        if header.get(name, expected) != expected:
            raise VoltageError(f"{path}: expected {name} = {expected}, found {header[name]!r}")
    if header.get("NPOL") not in _RAW_POLARISATIONS:
        raise VoltageError(f"{path}: expected NPOL to be 1, 2 or 4, found {header.get('NPOL')!r}")
    header = _RAW_DEFAULTS | header
    for name in (*_RAW_REQUIRED, *_RAW_DEFAULTS):
        value = header.get(name)
        if not isinstance(value, int | float) or (value == 0 and name in _RAW_REQUIRED):
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
    return 2 * _RAW_POLARISATIONS[header["NPOL"]] * header["OBSNCHAN"]
