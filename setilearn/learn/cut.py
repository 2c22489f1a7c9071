"""What is around hits of the search, cut out: pictures as the image sets have them, or the power itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import ImageError, NoiseError
from setilearn.learn.four_classes import NOISE_POWER
from setilearn.learn.images import IMAGE_SIZE, ImageSet, picture
from setilearn.noise import estimate_noise
from setilearn.tracks import channel_in_scan

if TYPE_CHECKING:
    import pandas as pd

    from setilearn.spectrogram import Spectrogram

N_COLUMNS = 128  # of a piece of power
# A picture is so many times as wide as what its hit covers: lines as steep as those of the image sets.
_MARGIN = 8
# Noise power of no less than this, in units of its mean, has a logarithm; of noise that was never averaged
# one value in 20 is below it.
_LEAST_POWER = 0.05
# The top of the scale, in units of the noise: the strongest point of a narrowband line of the "basic" set has
# 20 to 46 of them, 31 in the middle.
_FULL_POWER = 30 * NOISE_POWER


def cut_images(
    spectrogram: Spectrogram,
    hits: pd.DataFrame,
    *,
    size: tuple[int, int] | None = IMAGE_SIZE,
    n_chan: int | None = None,
) -> ImageSet:
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
    needed = _n_chan_needed(hits, header)
    if size is None:
        widest = n_chan or max([IMAGE_SIZE[1], *needed])
        size = (header.n_time, min(widest, header.n_chan))
        needed[:] = size[1]
    wanted = np.full_like(needed, n_chan) if n_chan else np.maximum(needed, size[1])
    n_chans = np.minimum(wanted, header.n_chan)
    firsts = _first_channels(hits, header, n_chans)
    images = np.empty((len(hits), *size, 1), dtype=np.float32)
    for image, label, first, n in zip(images, hits.index, firsts, n_chans, strict=True):
        in_units = _in_units_of_noise(spectrogram.power[:, first : first + n], label)
        image[:, :, 0] = picture(in_units, size, full_power=_FULL_POWER)
    parameters = hits.reset_index(drop=True)
    parameters[["first_channel", "n_chan"]] = np.stack([firsts, n_chans], axis=1)
    return ImageSet(images, np.empty((len(hits), 0)), (), parameters)


def cut_power(spectrogram: Spectrogram, hits: pd.DataFrame, *, n_chan: int = N_COLUMNS) -> np.ndarray:
    """The power around each hit, float32 ``(n, n_time, n_chan)``, centred on the middle of its track.

    Linear power at full resolution, as `setilearn.learn.features.image_features` needs it: the grey
    pictures of `cut_images` do not keep how strong a line is. Near an edge of the band the piece is moved
    inwards.

    Raises `ImageError` where the band has fewer channels, or does not hold the middle of a track.
    """
    header = spectrogram.header
    if not 1 <= n_chan <= header.n_chan:
        raise ImageError(f"n_chan: expected 1 to {header.n_chan} channels, found {n_chan}")
    pieces = [spectrogram.power[:, first : first + n_chan] for first in _first_channels(hits, header, n_chan)]
    return np.array(pieces, dtype=np.float32).reshape(-1, header.n_time, n_chan)


def _n_chan_needed(hits, header):
    covered_hz = hits["drift_hz_s"].abs() * header.duration_s + hits["width_hz"]
    return _MARGIN * np.ceil(covered_hz.to_numpy() / header.foff_hz).astype(np.int64)


def _first_channels(hits, header, n_chan):
    """First of the ``n_chan`` channels (a number, or one for each hit) around the middle of each track."""
    middle = middle_channels(hits, header)
    outside = ~((middle >= -0.5) & (middle <= header.n_chan - 0.5))
    if outside.any():
        low_mhz, high_mhz = header.band_mhz
        found_mhz = float(header.frequency_mhz(middle[outside][0]))
        raise ImageError(
            f"hit {hits.index[outside][0]}: expected the middle of its track within {low_mhz:.6f} to "
            f"{high_mhz:.6f} MHz, in the band of {header.source_name}, found {found_mhz:.6f} MHz"
        )
    return np.clip(np.rint(middle).astype(np.int64) - n_chan // 2, 0, header.n_chan - n_chan)


def middle_channels(hits, header):
    """Where the track of each hit is in the middle of a scan, as a channel: float64 ``(n,)``."""
    return channel_in_scan(hits, header, header.duration_s / 2).to_numpy()


def _in_units_of_noise(power, label):
    try:
        mean, sigma = estimate_noise(power)
    except NoiseError as error:
        raise ImageError(f"hit {label}: expected noise around it, found none: {error}") from error
    # Unaveraged noise has a sigma of its mean and comes out as it was. What is missing counts as noise.
    in_units = np.nan_to_num(1 + (power - mean) / sigma, nan=1.0)
    return NOISE_POWER * np.maximum(in_units, _LEAST_POWER)
