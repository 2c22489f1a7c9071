"""Pictures cut out around hits of the search, in the form that the image sets have."""

import math

import numpy as np

from setilearn.errors import ImageError, NoiseError
from setilearn.learn.four_classes import NOISE_POWER
from setilearn.learn.images import IMAGE_SIZE, ImageSet, picture
from setilearn.noise import estimate_noise
from setilearn.tracks import mhz_in_scan

# A picture is so many times as wide as what its hit covers: lines as steep as those of the image sets.
_MARGIN = 8
# Noise power of no less than this, in units of its mean, has a logarithm; of noise that was never averaged
# one value in 20 is below it.
_LEAST_POWER = 0.05
# The top of the scale, in units of the noise: the strongest point of a narrowband line of the "basic" set has
# 20 to 46 of them, 31 in the middle.
_FULL_POWER = 30 * NOISE_POWER


def cut_images(spectrogram, hits, *, size=IMAGE_SIZE, n_chan=None):
    """Pictures of ``hits``, each with the middle of its track in the middle.

    Power is first expressed in units of its noise, as much above its mean as it is standard deviations
    above it, and brought to the level that the noise of `setilearn.learn.four_classes.simulate_images` has: a
    line so many sigma strong is as dark as one of that set, however many spectra were averaged. Then
    the recipe of that set follows, but for its division by the picture's own maximum, through which
    the strength of a line sets the brightness of all that is around it: the top of the scale is the
    same for all pictures, that of a typical line of the set.

    Parameters
    ----------
    spectrogram : Spectrogram
        Its noise lies around one level near each hit: flatten a bandpass first. It may be another scan
        than the one of the hits, such as an OFF scan: their tracks are carried on to its time.
    hits : DataFrame
        Columns `setilearn.tables.HITS`.
    size : (int, int) or None
        Rows and columns of the pictures; None for those of the spectrogram, without resampling.
    n_chan : int, optional
        Channels of the spectrogram in each picture. By default eight times as many as the hit covers by
        its drift and width, and at least as many as the picture has columns; with ``size=None`` as many
        as the hit needs that needs most.

    Returns
    -------
    ImageSet
        In the order of the hits, without labels; ``parameters`` are the hits, and ``first_channel`` and
        ``n_chan`` of each picture. Near an edge of the band the picture is moved inwards.

    Raises
    ------
    ImageError
        Where the middle of a track is outside the band, or there is no noise around it.
    """
    header = spectrogram.header
    needed = [_n_chan_needed(hit, header) for hit in hits.itertuples()]
    if size is None:
        widest = n_chan or max([IMAGE_SIZE[1], *needed])
        size = (header.n_time, min(widest, header.n_chan))
        needed = [size[1]] * len(hits)
    images = np.empty((len(hits), *size, 1), dtype=np.float32)
    places = []
    for image, hit, n_needed in zip(images, hits.itertuples(), needed, strict=True):
        n = min(n_chan or max(n_needed, size[1]), header.n_chan)
        middle = _middle_channel(hit, header)
        first = min(max(middle - n // 2, 0), header.n_chan - n)
        in_units = _in_units_of_noise(spectrogram.power[:, first : first + n], hit)
        image[:, :, 0] = picture(in_units, size, full_power=_FULL_POWER)
        places.append((first, n))
    parameters = hits.reset_index(drop=True)
    parameters[["first_channel", "n_chan"]] = np.array(places, dtype=np.int64).reshape(-1, 2)
    return ImageSet(images, np.empty((len(hits), 0)), (), parameters)


def _n_chan_needed(hit, header):
    covered_hz = abs(hit.drift_hz_s) * header.duration_s + hit.width_hz
    return _MARGIN * math.ceil(covered_hz / header.foff_hz)


def _middle_channel(hit, header):
    frequency_mhz = mhz_in_scan(hit, header, header.duration_s / 2)
    low_mhz, high_mhz = header.band_mhz
    if not low_mhz <= frequency_mhz <= high_mhz:
        raise ImageError(
            f"hit {hit.Index}: expected the middle of its track within {low_mhz:.6f} to {high_mhz:.6f} MHz, "
            f"found {frequency_mhz:.6f} MHz"
        )
    return header.channel_at(frequency_mhz)


def _in_units_of_noise(power, hit):
    try:
        mean, sigma = estimate_noise(power)
    except NoiseError as error:
        raise ImageError(f"hit {hit.Index}: expected noise around it, found none: {error}") from error
    # Unaveraged noise has a sigma of its mean and comes out as it was. What is missing counts as noise.
    in_units = np.nan_to_num(1 + (power - mean) / sigma, nan=1.0)
    return NOISE_POWER * np.maximum(in_units, _LEAST_POWER)
