"""Samples that are no measurement: found, marked by NaN, and told of."""

import numpy as np

from setilearn.compiled import njit, prange

# So many equal values side by side are no noise: of floats, and of counts, even of one bit.
_RUN, _COARSE_RUN = 16, 64
_COARSE_SHARE = 1e-3  # where neighbours are equal more often than this, values are counts
_EVERY = 8  # one pair of neighbours in so many is looked at: no run of sixteen is missed
_NEARBY = 4096  # channels that a steady one is held against


def strike_lost(power: np.ndarray) -> bool:
    """Put NaN, in place, where float32 power ``(n_time, n_chan)`` holds no measurement; whether any does.

    1. Infinities, and where values are no counts, zeros: a sum of squared noise is never exactly 0.
    2. Sixteen and more equal values side by side, 64 of counts.
    3. Channels that hold one value all the time, unless they are brighter than the rest: a tone can saturate.
    """
    found = np.empty((len(power), 4), np.int64)
    _census(power, found)
    not_finite, zeros, equal, runs = found.T
    is_counts = runs.sum() > _COARSE_SHARE * max(power.size - zeros.sum(), 1) / _EVERY
    shortest = _COARSE_RUN if is_counts else _RUN
    suspect = (not_finite > 0) | (zeros > 0) | (equal >= shortest // _EVERY)
    for row in np.flatnonzero(suspect):
        _strike_row(power[row], shortest, not is_counts)
    any_dead = False
    if len(power) >= 4:
        for channel in np.flatnonzero(_steady(power)):
            nearby = power[0, channel // _NEARBY * _NEARBY : (channel // _NEARBY + 1) * _NEARBY]
            if not power[0, channel] > np.nanmedian(nearby):
                power[:, channel] = np.nan
                any_dead = True
    return bool(suspect.any()) or any_dead


@njit(parallel=True, nogil=True)
def _census(power, found):
    """In each integration: values not finite and zeros; of every eighth value those equal to their neighbour,
    and how many of these are neither zero nor part of a longer run.
    """
    n_time, n_chan = power.shape
    for t in prange(n_time):
        found[t] = 0
        for start in range(0, n_chan, 4096):
            row = power[t, start : start + 4096]
            found[t, 0] += _n_not_finite(row)
            found[t, 1] += _n_zeros(row)
            for i in range(0, row.size - 2, _EVERY):
                if row[i] == row[i + 1]:
                    found[t, 2] += 1
                    found[t, 3] += row[i] != 0 and row[i + 1] != row[i + 2]


@njit(nogil=True)
def _n_not_finite(row):
    n = np.int32(0)
    for i in range(row.size):
        n += np.int32(not row[i] - row[i] == 0)  # noqa: SIM201  (what is not finite is not equal)
    return n


@njit(nogil=True)
def _n_zeros(row):
    n = np.int32(0)
    for i in range(row.size):
        n += np.int32(row[i] == 0)
    return n


@njit(nogil=True)
def _strike_row(row, shortest, zeros_too):
    start = 0
    while start < row.size:
        value, stop = row[start], start + 1
        while stop < row.size and row[stop] == value:
            stop += 1
        if stop - start >= shortest or not np.isfinite(value) or (zeros_too and value == 0):
            row[start:stop] = np.nan
        start = stop


@njit(nogil=True)
def _steady(power):
    """Which channels hold one and the same value in all integrations, bool ``(n_chan,)``."""
    n_time = power.shape[0]
    steady = power[0] == power[1]
    for i in np.flatnonzero(steady):
        for t in range(2, n_time):
            if power[t, i] != power[0, i]:
                steady[i] = False
                break
    return steady


def count_lost(power: np.ndarray, first: int) -> list:
    """Number of samples marked by NaN, their first and last integration and channel; empty without any.

    ``first`` is the number of the first channel.
    """
    lost = np.isnan(power)
    if not lost.any():
        return []
    rows, channels = np.flatnonzero(lost.any(axis=1)), np.flatnonzero(lost.any(axis=0)) + first
    return [int(n) for n in (lost.sum(), rows[0], rows[-1], channels[0], channels[-1])]


def dead_channels(power: np.ndarray, first: int) -> list:
    """Runs of channels that are NaN in half of the integrations or more: a list of [first, last].

    ``first`` is the number of the first channel.
    """
    is_dead = np.pad(2 * np.isnan(power).sum(axis=0) >= len(power), 1)
    steps = np.flatnonzero(np.diff(is_dead.astype(np.int8))).reshape(-1, 2)
    return [[int(start) + first, int(stop) + first - 1] for start, stop in steps]


def describe_lost(counts: list, n_samples: int) -> str:
    """A sentence on what `count_lost` found in the parts of ``n_samples`` samples."""
    n, first_row, _, first_channel, _ = np.array(counts).min(axis=0)
    n, last_row, last_channel = sum(count[0] for count in counts), *np.array(counts)[:, [2, 4]].max(axis=0)
    return (
        f"{n} of {n_samples} samples are no measurement (NaN, infinite, zeros or one value in place of what "
        f"was lost) and left out, in integrations {first_row} to {last_row}, channels {first_channel} to "
        f"{last_channel}"
    )
