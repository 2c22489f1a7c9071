"""What a drift search looks for: moves a step for each octave of drift, thresholds, reach."""

import math
from dataclasses import dataclass

import numpy as np

from setilearn.errors import SearchError
from setilearn.search import tree
from setilearn.search.levels import MIN_SAMPLES

# What a candidate's sum must have of the threshold. What a bin loses of a tone, by standing askew or being
# of another width, is won back in refining. Without noise the sum has 0.69 to 1.0 of the SNR after that (of
# 1500 tones of any place and drift in 16 integrations, half 0.80 and more): 0.6 leaves room for noise.
# Full resolution takes less, for speed: of what is up to a sixth above the threshold it may miss some.
CANDIDATE_SHARE = {True: 0.6, False: 0.8}  # by whether tones are taken as smeared
# A block of 1e6 channels has some 1e8 lines. Of Gaussian noise about two of these are above 5.5 sigma, thirty
# above 5.0 and three thousand above 4.0, and each is refined.
LEAST_CANDIDATE_SNR = 5.5
# What one sample adds at most. In four integrations and more it stays below what a candidate needs: one
# bright integration, through which a line leads from every channel nearby, makes none by itself.
CLIP_SIGMA = 64.0
_CLIP_SHARE, _LEAST_CLIPPED_TIMES = 0.9, 4


@dataclass(frozen=True)
class Plan:
    """What to search: ``steps`` and ``size`` as `setilearn.search.tree.strongest_sums` takes them."""

    steps: np.ndarray
    size: int
    snr: float
    smeared: bool
    drift_range_hz_s: tuple
    moves: tuple  # channels from the first integration to the last, least and most
    reach: int  # channels that a line may cross
    n_time: int

    @property
    def unit(self):
        """Whole numbers to one standard deviation of one integration."""
        clip = CLIP_SIGMA
        if self.n_time >= _LEAST_CLIPPED_TIMES:
            clip = min(clip, _CLIP_SHARE * self.candidate_snr * math.sqrt(self.n_time))
        return max(32767 // self.size / clip, 2.0)

    @property
    def candidate_snr(self):
        """What a candidate's sum must have, as the tree adds it up."""
        return max(CANDIDATE_SHARE[self.smeared] * self.snr, min(LEAST_CANDIDATE_SNR, self.snr))


def check_request(low_hz_s, high_hz_s, snr):
    """Raise `SearchError` for drift rates that do not ascend and for a threshold that is not above 0."""
    if not (math.isfinite(low_hz_s) and math.isfinite(high_hz_s) and low_hz_s <= high_hz_s):
        raise SearchError(
            f"drift rates: expected the least not above the greatest, found {low_hz_s} and {high_hz_s}"
        )
    if not (math.isfinite(snr) and snr > 0):
        raise SearchError(f"snr: expected a threshold above 0, found {snr}")


def plan_search(header, low_hz_s, high_hz_s, snr, *, smeared):
    """The `Plan` for these drift rates on data with this header."""
    check_request(low_hz_s, high_hz_s, snr)
    if header.n_chan < MIN_SAMPLES:
        raise SearchError(
            f"expected {MIN_SAMPLES} channels or more, of which the noise of an integration can be told, "
            f"found {header.n_chan}"
        )
    size = 4
    while size < header.n_time:
        size *= 4
    channels_a_step = header.tsamp_s / header.foff_hz if header.n_time > 1 else 0.0
    low, high = low_hz_s * channels_a_step, high_hz_s * channels_a_step
    steps = [_moves(low, high, 1)] if not smeared else _octaves(low, high)
    if 2 ** (len(steps) - 2) > tree.N_TILE:
        raise SearchError(
            f"drift rates: expected at most {tree.N_TILE} channels an integration, "
            f"found {max(-low, high):.0f}"
        )
    reach = math.ceil(max(-low, high, 1) * max(header.n_time - 1, 1)) + 2 ** len(steps)
    moves = low * max(header.n_time - 1, 0), high * max(header.n_time - 1, 0)
    return Plan(
        np.array(steps, dtype=np.int64),
        size,
        snr,
        smeared,
        (low_hz_s, high_hz_s),
        moves,
        reach,
        header.n_time,
    )


def _octaves(low, high):
    """Moves of each octave: single channels up to one channel a step, bins of w channels from w / 2 to w."""
    octaves = [_moves(max(low, -1), min(high, 1), 1)]
    while 2 ** (len(octaves) - 1) < max(-low, high):
        width = 2 ** len(octaves)
        stride = width // 2
        falling = _moves(max(low, -width), min(high, -stride), stride)[0]
        rising = _moves(max(low, stride), min(high, width), stride)[1]
        octaves.append((falling, rising))
    return octaves


def _moves(low, high, stride):
    """Whole moves a step, in bins, that take in the drifts ``low`` to ``high``: falling ones, rising ones."""
    falling, rising = (0, 0), (0, 0)
    if low < 0 and low <= high:
        falling = (math.floor(low / stride), min(0, math.ceil(high / stride)))
        falling = (falling[0], max(falling[1], falling[0] + 1))
    if high >= 0 and low <= high:
        first = max(0, math.floor(low / stride))
        rising = (first, max(first + 1, math.ceil(high / stride)))
    return falling, rising
