"""Lines of known kinds, and oddities: each a function that draws one into its lane of a scan."""

import math

import numpy as np

from setilearn.simulate.tones import add_intermittent_tone, add_squiggle, draw_track
from setilearn.telescope import FOFF_HZ

N_TIME = 64
N_AVERAGED = 13  # spectra in an integration: 64 of them make a scan of 298 s, in which shapes can be seen
TSAMP_S = N_AVERAGED / FOFF_HZ
SIGMA = N_AVERAGED**-0.5  # of noise of mean 1, by the radiometer equation
LANE_CHANNELS = 256  # each line has so many to itself
BEACON = "beacon"
# The search adds up along straight lines: of what is none it sees less, and oddities are to be found.
ODD_STRENGTH = 2.0
# Time through the scan, from 0 to 1: at the edges of the integrations, and in their middles.
EDGES = np.linspace(0, 1, N_TIME + 1)
MIDDLES = (EDGES[1:] + EDGES[:-1]) / 2
STILL = np.zeros(N_TIME + 1)


def add_line(part, frequency_mhz, snr, track=STILL, *, width=1.0, light=1.0):
    """Part with a line added; ``track`` and ``width`` in channels, ``light`` its strength with time.

    Width and light may have a value for each integration. ``snr`` is that of the sum weighted by the
    line itself: the square root of the sum of (power in a channel / sigma)^2.
    """
    width, light = (np.broadcast_to(values, N_TIME).astype(float) for values in (width, light))
    swept = np.hypot(width, np.diff(track))  # what drifts is spread over the channels that it crosses
    power = snr * SIGMA * light / math.sqrt((light**2 / np.maximum(swept, 1)).sum())
    foff_hz = part.header.foff_hz
    track_hz, width_hz = np.asarray(track) * foff_hz, np.where(width > 1, width, 0) * foff_hz
    if np.ptp(width) == 0:
        return draw_track(part, frequency_mhz, track_hz, power, width_hz[0])
    for row in range(N_TIME):
        only = np.where(np.arange(N_TIME) == row, power, 0)
        part = draw_track(part, frequency_mhz, track_hz, only, width_hz[row])
    return part


def _either(rng, low, high):
    """A number between ``low`` and ``high``, or its negative."""
    return rng.choice([-1, 1]) * rng.uniform(low, high)


def _carrier(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr)


def _drifting(part, frequency_mhz, snr, rng):
    moved, bent = _either(rng, 12, 100), rng.normal(0, 1)
    return add_line(part, frequency_mhz, snr, moved * (EDGES - 0.5) + bent * (EDGES - 0.5) ** 2)


def _comb(part, frequency_mhz, snr, rng):
    n_side, gap, side = rng.integers(2, 5), rng.uniform(5, 9), rng.uniform(0.5, 0.8)
    return _lines(part, frequency_mhz, snr, STILL, np.arange(-n_side, n_side + 1) * gap, side)


def _lines(part, frequency_mhz, snr, track, places, side):
    for place in places:
        part = add_line(part, frequency_mhz, snr * (side if place else 1), track + place)
    return part


def _intermittent(part, frequency_mhz, snr, rng):
    on_s, off_s = rng.uniform(20, 50, 2)
    snr *= math.sqrt(1 + off_s / on_s)  # counted as if it were always on
    return add_intermittent_tone(
        part, frequency_mhz, on_s=on_s, off_s=off_s, snr=snr, seed=rng.integers(2**32)
    )


def _squiggle(part, frequency_mhz, snr, rng):
    step_hz = rng.uniform(2, 5)
    return add_squiggle(part, frequency_mhz, step_hz=step_hz, snr=1.5 * snr, seed=rng.integers(2**32))


def _burst(part, frequency_mhz, snr, rng):
    length = rng.integers(3, 8)
    start = rng.integers(5, N_TIME - length - 5)
    light = (np.arange(N_TIME) >= start) & (np.arange(N_TIME) < start + length)
    return add_line(part, frequency_mhz, 2 * snr, width=rng.uniform(12, 40), light=light)


def _wide(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr, width=rng.uniform(12, 40))


KINDS = {
    "carrier": _carrier,
    "drifting": _drifting,
    "comb": _comb,
    "intermittent": _intermittent,
    "squiggle": _squiggle,
    "burst": _burst,
    "wide": _wide,
}


def add_beacon(part, frequency_mhz, snr, rng):
    light = np.arange(N_TIME) // rng.integers(3, 5) % 2 == 0
    return add_line(part, frequency_mhz, snr, _either(rng, 20, 60) * (EDGES - 0.5), light=light)


def _arc(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr, _either(rng, 120, 200) * ((EDGES - 0.5) ** 2 - 0.125))


def _bend(part, frequency_mhz, snr, rng):
    turn = rng.uniform(0.35, 0.65)
    return add_line(part, frequency_mhz, snr, _either(rng, 60, 100) * (np.abs(EDGES - turn) - 0.25))


def _sine(part, frequency_mhz, snr, rng):
    phase = 2 * np.pi * (rng.uniform(1.5, 3) * EDGES + rng.uniform())
    return add_line(part, frequency_mhz, snr, rng.uniform(8, 16) * np.sin(phase))


def _cross(part, frequency_mhz, snr, rng):
    track = rng.uniform(30, 70) * (EDGES - 0.5)
    return add_line(add_line(part, frequency_mhz, snr, track), frequency_mhz, snr, -track)


def _hops(part, frequency_mhz, snr, rng):
    for step, place in enumerate(rng.permutation(8)):
        light = np.arange(N_TIME) // (N_TIME // 8) == step
        part = add_line(part, frequency_mhz, snr / math.sqrt(8), STILL + 8.0 * place - 28, light=light)
    return part


def _fork(part, frequency_mhz, snr, rng):
    track = rng.uniform(40, 70) * np.maximum(EDGES - 0.4, 0)
    return add_line(add_line(part, frequency_mhz, snr, track), frequency_mhz, snr, -track)


def _drifting_comb(part, frequency_mhz, snr, rng):
    track, gap = _either(rng, 25, 60) * (EDGES - 0.5), rng.uniform(7, 10)
    return _lines(part, frequency_mhz, snr, track, np.arange(-2, 3) * gap, 0.8)


def _swell(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr, light=MIDDLES**2)


def _cone(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr, width=1 + rng.uniform(40, 60) * MIDDLES)


def _ring(part, frequency_mhz, snr, rng):
    height = np.clip((EDGES - 0.5) / 0.4, -1, 1)
    track = rng.uniform(18, 28) * np.sqrt(1 - height**2)
    light = np.abs(MIDDLES - 0.5) < 0.4
    return add_line(
        add_line(part, frequency_mhz, snr, track, light=light), frequency_mhz, snr, -track, light=light
    )


ODDITIES = {
    "arc": _arc,
    "bend": _bend,
    "sine": _sine,
    "cross": _cross,
    "hops": _hops,
    "fork": _fork,
    "drifting comb": _drifting_comb,
    "swell": _swell,
    "cone": _cone,
    "ring": _ring,
}
