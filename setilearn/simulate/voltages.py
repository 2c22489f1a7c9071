"""Receiver noise and tones as complex voltages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import VoltageError
from setilearn.polyphase import PIECE_SAMPLES, check_rate

if TYPE_CHECKING:
    from collections.abc import Iterable


def simulate_voltages(
    n_samples: int,
    sample_rate_hz: float,
    *,
    tones: Iterable[tuple[float, float, float]] = (),
    noise_sigma: float = 1.0,
    n_pol: int = 1,
    seed: int = 0,
) -> np.ndarray:
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
    check_rate(sample_rate_hz)
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
