"""What the noise is, whatever else is in the data: its mean, its standard deviation, the receiver's bandpass.

The noise of a radiometer is not Gaussian. The mean of ``n`` squared moduli of complex Gaussian
voltages follows a chi-squared distribution of 2 n degrees of freedom (a gamma distribution of
shape ``n``): mean 1, standard deviation 1 / sqrt(n), and a tail towards high power, whose median
lies below its mean. For n = 1 the median is 0.69 of the mean and the MAD 0.48 standard deviations;
only for large n do they come to the Gaussian's 1 and 0.67.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from setilearn.errors import NoiseError
from setilearn.telescope import COARSE_CHANNEL_HZ

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from setilearn.spectrogram import Spectrogram

# What is farther from the median than all but one noise value in 10,000 (3.7 sigma for a Gaussian) is
# clipped: noise lost there is too little to move a median, signals left there too few.
_CLIPPED_TAIL = 1e-4
_MAX_CLIPS = 20
# One real voltage, squared, counts as half a complex one: a sample of it comes out a little below.
_MIN_AVERAGED = 0.25
# From here on no sample is large enough to tell a chi-squared distribution from a Gaussian.
_MAX_AVERAGED = 1e8
# Fine enough for the slopes at the edges of a coarse channel; 16 channels still make a median.
BLOCK_HZ = COARSE_CHANNEL_HZ / 1024
_MIN_BLOCK_CHANNELS = 16


def median_mad(values):
    """Median of ``values`` and the median of their absolute deviations from it (MAD), as two floats.

    ``values`` may have any shape; those that are not finite are left out. Half of all values may be
    anything without moving either beyond the range of the others. For Gaussian noise the standard
    deviation is 1.4826 MAD; for noise power see `estimate_noise`.

    Raises `NoiseError` where there is no finite value.
    """
    values = _finite(values)
    median = np.median(values)
    return float(median), float(np.median(np.abs(values - median)))


def estimate_noise(values: ArrayLike, *, n_averaged: float | None = None) -> tuple[float, float]:
    """Mean and standard deviation of noise power, whatever signals stand in it.

    Median and MAD are taken, what lies beyond the range of noise is clipped, and both are taken
    again until nothing more is clipped. They are turned into mean and standard deviation by the
    chi-squared distribution that the noise follows, not by the Gaussian's 1.4826 (see the top of
    this module).

    Parameters
    ----------
    values : array of any shape
        Power of which most is noise around one level: flatten a bandpass first (`flatten`).
        Values that are not finite are left out.
    n_averaged : float, optional
        How many squared moduli of complex voltages were averaged in each value: integrations times
        polarisations. By default it is worked out from MAD / median, which falls as it grows;
        values that no averaged power can have (a median near or below 0, as in the difference of
        two spectra) are then taken for Gaussian. That needs power counted from zero: give
        ``n_averaged`` for power with an offset, ``math.inf`` for Gaussian noise.

    Returns
    -------
    center, sigma : float
        Mean and standard deviation of the noise alone.

    Raises
    ------
    NoiseError
        Where there is no finite value, where more than half of them are the same, or where
        ``n_averaged`` is not above 0.
    """
    if n_averaged is not None and not n_averaged > 0:
        raise NoiseError(f"estimate_noise: expected n_averaged above 0, found {n_averaged}")
    kept = _finite(values)
    for _ in range(_MAX_CLIPS):
        median, mad = median_mad(kept)
        if mad == 0:
            raise NoiseError(
                f"estimate_noise: expected values that scatter, found half or more of {kept.size} "
                f"equal to {median}"
            )
        noise = _chi_squared(_averages_behind(median, mad) if n_averaged is None else n_averaged)
        unit = mad / noise.mad
        # As far below as above, though noise does not reach so far down: its lower end is so sharp for
        # a small n_averaged that a limit a little too high would cut off many values.
        inside = np.abs(kept - median) <= (noise.high - noise.median) * unit
        if inside.all():
            break
        kept = kept[inside]
    return median + (noise.mean - noise.median) * unit, noise.sigma * unit


def bandpass(spectrogram: Spectrogram, *, n_coarse: int = 1, block_chan: int | None = None) -> np.ndarray:
    """The receiver's response: typical power of each channel, float64 ``(n_chan,)``.

    The time-averaged spectrum is cut into blocks of ``block_chan`` channels, and a smooth curve
    (cubic, without overshoot) is drawn through the medians of the blocks. A median does not see
    what fills less than half of its block, such as a narrow signal or a DC spike; what is wider
    counts as bandpass. Channels without power (NaN, or 0 and below) say nothing of the response,
    and the curve passes over them. Small blocks follow the noise as well: those of 16 channels, as
    in the 3 kHz product, take some 7 % off the scatter of the time-averaged spectrum.

    Parameters
    ----------
    spectrogram : Spectrogram
    n_coarse : int
        How many whole coarse channels the band consists of. Each gets a curve of its own, as the
        response turns sharply from one to the next.
    block_chan : int, optional
        By default as many channels as make 2.9 kHz, a thousandth of a coarse channel, but at least 16.

    Raises
    ------
    NoiseError
        Where a coarse channel has no power, ``n_coarse`` does not divide the channels evenly, or
        ``block_chan`` is below 1.
    """
    n_chan = spectrogram.header.n_chan
    if n_coarse < 1 or n_chan % n_coarse:
        raise NoiseError(
            f"bandpass: expected n_coarse to divide the {n_chan} channels evenly, found {n_coarse}"
        )
    if block_chan is None:
        block_chan = max(_MIN_BLOCK_CHANNELS, round(BLOCK_HZ / spectrogram.header.foff_hz))
    if block_chan < 1:
        raise NoiseError(f"bandpass: expected block_chan of at least 1, found {block_chan}")
    spectrum = spectrogram.average(n_time=spectrogram.header.n_time).power[0].astype(np.float64)
    return np.concatenate([_smooth_curve(part, block_chan) for part in np.split(spectrum, n_coarse)])


def flatten(spectrogram: Spectrogram, *, n_coarse: int = 1, block_chan: int | None = None) -> Spectrogram:
    """A new spectrogram whose power is divided by the `bandpass`, so that noise lies around 1 everywhere.

    Takes and raises what `bandpass` does.
    """
    response = bandpass(spectrogram, n_coarse=n_coarse, block_chan=block_chan)
    return replace(spectrogram, power=spectrogram.power / response.astype(np.float32))


def _finite(values):
    values = np.asarray(values)
    finite = np.isfinite(values)
    if not finite.any():
        raise NoiseError(f"noise: expected at least one finite value, found none among {values.size}")
    return values[finite]


class _Distribution(NamedTuple):
    """Of the sum, not the mean, of squared moduli of mean 1."""

    mean: float
    sigma: float
    median: float
    mad: float
    high: float


def _chi_squared(n_averaged):
    from scipy.special import gammainccinv

    n = min(n_averaged, _MAX_AVERAGED)
    return _Distribution(n, n**0.5, *_sum_median_mad(n), gammainccinv(n, _CLIPPED_TAIL))


def _sum_median_mad(n):
    """Median and MAD of the sum of ``n`` squared moduli of mean 1."""
    from scipy.optimize import brentq
    from scipy.special import gammainc, gammaincinv

    median = gammaincinv(n, 0.5)

    def share_within(deviation):
        return gammainc(n, median + deviation) - gammainc(n, max(median - deviation, 0.0))

    return median, brentq(lambda deviation: share_within(deviation) - 0.5, 0.0, 2 * n**0.5)


def _averages_behind(median, mad):
    """How many squared moduli were averaged in power of this median and MAD."""
    from scipy.optimize import brentq

    def excess(log_n):
        of_sum = _sum_median_mad(np.exp(log_n))
        return of_sum[1] / of_sum[0] - mad / median

    log_min, log_max = np.log([_MIN_AVERAGED, _MAX_AVERAGED])
    if median <= 0 or excess(log_min) <= 0 or excess(log_max) >= 0:
        return _MAX_AVERAGED
    return float(np.exp(brentq(excess, log_min, log_max, xtol=1e-6)))


def _smooth_curve(spectrum, block_chan):
    """Curve ``(n_chan,)`` through the medians of blocks of ``block_chan`` channels or somewhat more."""
    n_blocks = max(1, spectrum.size // block_chan)
    edges = np.arange(n_blocks + 1) * spectrum.size // n_blocks
    has_power = np.isfinite(spectrum) & (spectrum > 0)
    found = [
        ((start + stop - 1) / 2, np.median(spectrum[start:stop][has_power[start:stop]]))
        for start, stop in pairwise(edges)
        if has_power[start:stop].any()
    ]
    if not found:
        raise NoiseError(f"bandpass: expected power above 0, found none in {spectrum.size} channels")
    centres, levels = np.array(found).T
    if len(levels) == 1:
        return np.full(spectrum.size, levels[0])
    from scipy.interpolate import PchipInterpolator

    curve = PchipInterpolator(centres, levels)(np.arange(spectrum.size))
    # In the half blocks at both ends the curve is only continued, and must not run away to zero.
    return np.maximum(curve, levels.min() / 2)
