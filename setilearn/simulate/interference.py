"""What else is in the sky and on the ground: pulses, noise-like interference, the receiver's own line.

Each function takes a spectrogram and returns a new one with the signal added. The strength of a
line is that of `setilearn.simulate.tones.add_tone`.
"""

from __future__ import annotations

import math

import numpy as np

from setilearn.errors import SpectrogramError
from setilearn.simulate.noise import receiver_noise
from setilearn.simulate.tones import tone_power
from setilearn.spectrogram import HZ_PER_MHZ, Spectrogram
from setilearn.telescope import dc_channel

# Delay of a pulse at 1 MHz behind one of infinite frequency, for 1 pc/cm^3 of electrons on its
# way (Lorimer & Kramer, Handbook of Pulsar Astronomy, 2005, equation 4.7).
DISPERSION_S = 4148.808
GPS_L1_MHZ = 1575.42
GPS_CHIP_RATE_HZ = 1.023e6
GPS_CODE_CHIPS = 1023  # the code repeats after so many: its spectrum is one of lines 1 kHz apart


def add_pulse(
    spectrogram: Spectrogram,
    time_s: float,
    *,
    duration_s: float = 0.0,
    dm_pc_cm3: float = 0.0,
    snr: float | None = None,
    power: float | None = None,
) -> Spectrogram:
    """A pulse over the whole band, delayed towards low frequencies as one that comes from a pulsar.

    Parameters
    ----------
    spectrogram : Spectrogram
    time_s : float
        When it begins in the highest channel, in seconds from the start of the observation.
    duration_s : float
        How long it lasts in each channel.
    dm_pc_cm3 : float
        Dispersion measure. At frequency f the pulse comes ``4148.808 s DM / (f / MHz)^2`` later than
        at infinite frequency; that it also spreads within one channel is left out.
    snr, power : float
        One of the two. ``power`` is added in each channel, summed over the integrations. ``snr`` is
        that of the sum along the pulse, for one that lies within one integration in each channel:
        ``power = snr * sigma / sqrt(n_chan)``.

    Raises `SpectrogramError` where not one strength is given.
    """
    header = spectrogram.header
    power = tone_power(spectrogram, snr, power)
    if snr is not None:
        power *= math.sqrt(header.n_time / header.n_chan)  # from a sum over time to one over channels
    delay_s = (
        DISPERSION_S
        * dm_pc_cm3
        * (spectrogram.frequencies_mhz**-2.0 - header.frequency_mhz(header.n_chan - 1) ** -2.0)
    )
    start = (time_s + delay_s) / header.tsamp_s
    length = max(duration_s / header.tsamp_s, 1e-6)
    total = spectrogram.power.copy()
    for row in range(header.n_time):
        share = np.minimum(start + length, row + 1) - np.maximum(start, row)
        total[row] += power / length * np.maximum(share, 0)
    return Spectrogram(total, header)


def add_broadband_rfi(
    spectrogram: Spectrogram, *, ratio: float = 1.0, fraction: float = 0.2, seed: int = 0
) -> Spectrogram:
    """Noise-like interference over the whole band, as of lightning and sparking switches.

    Each integration has it with the probability ``fraction``, at ``ratio`` times the receiver's
    noise level. The sum has the mean and the deviation of noise that is ``1 + ratio`` times as strong.
    """
    rng = np.random.default_rng(seed)
    is_hit = rng.random(spectrogram.header.n_time) < fraction
    return _add_noise_like(spectrogram, is_hit[:, None] * np.full(spectrogram.header.n_chan, ratio), rng)


def add_gps_band(
    spectrogram: Spectrogram,
    centre_mhz: float = GPS_L1_MHZ,
    *,
    chip_rate_hz: float = GPS_CHIP_RATE_HZ,
    ratio: float = 1.0,
    seed: int = 0,
) -> Spectrogram:
    """A wide and bumpy band, as of a navigation satellite: lobes, and in them a comb of uneven lines.

    A carrier switched at random by a code of ``chip_rate_hz`` has the spectrum
    ``sinc^2((f - centre) / chip rate)``, with a main lobe twice the chip rate wide. The code of 1023
    chips repeats a thousand times a second, which cuts the spectrum into lines a 1023th of the chip
    rate apart, of uneven strength. ``ratio`` is the strength at the centre, on average, relative to
    the receiver's noise level.
    """
    rng = np.random.default_rng(seed)
    header = spectrogram.header
    offset_hz = (spectrogram.frequencies_mhz - centre_mhz) * HZ_PER_MHZ
    line = offset_hz / (chip_rate_hz / GPS_CODE_CHIPS)
    first = math.floor(line[0])
    strengths = rng.exponential(1.0, math.ceil(line[-1]) - first + 1)
    bumps = np.interp(line, first + np.arange(strengths.size), strengths)
    shape = ratio * np.sinc(offset_hz / chip_rate_hz) ** 2 * bumps
    return _add_noise_like(spectrogram, np.broadcast_to(shape, (header.n_time, header.n_chan)), rng)


def _add_noise_like(spectrogram, ratio, rng):
    """Add noise of ``ratio``, shape ``(n_time, n_chan)``, times the receiver's level.

    Voltages add, so the power of receiver and interference together is chi-squared as the receiver's
    alone, with (1 + ratio) times its mean and deviation. What is added to the noise that is there
    already is a gamma deviate with the mean and variance that are missing from those.
    """
    level, sigma = receiver_noise(spectrogram)
    n_averaged = (level / sigma) ** 2
    added = rng.standard_gamma((ratio * n_averaged / (2 + ratio)).astype(np.float32), dtype=np.float32)
    added *= ((2 + ratio) * (level / n_averaged)).astype(np.float32)
    return Spectrogram(spectrogram.power + added, spectrogram.header)


def add_dc_spike(
    spectrogram: Spectrogram, *, n_coarse: int = 1, snr: float | None = None, power: float | None = None
) -> Spectrogram:
    """The receiver's own line at frequency zero of each of ``n_coarse`` coarse channels, side by side.

    Where it is says `setilearn.telescope.dc_channel`. Strength and errors are those of `add_tone`;
    raises `SpectrogramError` too where the channels are no multiple of ``n_coarse``.
    """
    n_chan = spectrogram.header.n_chan
    if n_coarse < 1 or n_chan % n_coarse:
        raise SpectrogramError(f"add_dc_spike: expected n_coarse that divides {n_chan}, found {n_coarse}")
    total = spectrogram.power.copy()
    n_fine = n_chan // n_coarse
    total[:, dc_channel(n_fine) :: n_fine] += tone_power(spectrogram, snr, power)
    return Spectrogram(total, spectrogram.header)
