"""A whole simulated session: six scans, on the star and off it, and the truth about what is in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from setilearn.errors import SpectrogramError
from setilearn.simulate.interference import add_dc_spike
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone
from setilearn.spectrogram import HZ_PER_MHZ, SECONDS_PER_DAY, Spectrogram
from setilearn.telescope import FOFF_HZ, TSAMP_S, coarse_bandpass

if TYPE_CHECKING:
    import pandas as pd

PATTERN = "ABACAD"
# Stars that lie some degrees apart, by their numbers in the Hipparcos catalogue.
SOURCES = {"A": "HIP 17147", "B": "HIP 16537", "C": "HIP 18413", "D": "HIP 15457"}
GAP_S = (20.0, 30.0)  # between scans: the telescope moves
GAIN_SCATTER = 0.02  # from scan to scan
SATELLITE_DRIFT_HZ_S = 1.2
DC_SPIKE_POWER = 0.5
TRUTH = (
    "kind",
    "scan",
    "source_name",
    "tstart_mjd",
    "frequency_mhz",
    "drift_hz_s",
    "drift_rate_change_hz_s2",
    "snr",
)


@dataclass(frozen=True)
class _Track:
    """A tone that follows one parabola through the scans that it is in; frequency and drift are at time 0."""

    kind: str
    frequency_mhz: float
    drift_hz_s: float
    change_hz_s2: float
    snr: float
    scans: tuple

    def frequency_at(self, t_s):
        moved_hz = self.drift_hz_s * t_s + self.change_hz_s2 * t_s**2 / 2
        return self.frequency_mhz + moved_hz / HZ_PER_MHZ

    def drift_at(self, t_s):
        return self.drift_hz_s + self.change_hz_s2 * t_s


def simulate_cadence(
    n_time: int = 16,
    n_chan: int = 16384,
    *,
    signal_snr: float | None = 40.0,
    signal_drift_hz_s: float = 0.4,
    signal_drift_rate_change_hz_s2: float = 0.0,
    interference: bool = True,
    fch1_mhz: float = 1420.0,
    foff_hz: float = FOFF_HZ,
    tsamp_s: float = TSAMP_S,
    tstart_mjd: float = 60000.0,
    seed: int = 0,
) -> tuple[list[Spectrogram], pd.DataFrame]:
    """Six scans A B A C A D of a star and three places beside it, and a table of what is in them.

    Between the scans, of ``n_time`` integrations each, lie 20 to 30 s. Each scan has its own noise and
    gain, one bandpass and a DC spike. Into them come, each in its own quarter of the band:

    - ``signal``: a tone in the ON scans (A) alone, on one track through the whole session, with the
      drift and its change given for the start of the first scan;
    - ``transmitter``: one on the ground, without drift, in all six scans;
    - ``satellite``: in all six, its drift falling from 1.2 to -1.2 Hz/s;
    - ``intermittent``: a transmitter without drift that is on in a scan or not, as a coin falls.

    Parameters
    ----------
    n_time, n_chan, fch1_mhz, foff_hz, tsamp_s, tstart_mjd, seed
        As in `setilearn.simulate.noise.simulate_noise`; the start is that of the first scan.
    signal_snr : float or None
        As in `setilearn.simulate.tones.add_tone`, in each scan; None leaves the signal out.
    interference : bool
        Whether the last three are there.

    Returns
    -------
    scans : list of six Spectrogram
    truth : DataFrame
        A row for each tone in each scan that it is in: kind, scan (its place, from 0), source_name,
        tstart_mjd, frequency_mhz and drift_hz_s at the start of the scan, drift_rate_change_hz_s2, snr.

    Raises
    ------
    SpectrogramError
        Where the band is too narrow to hold the tracks.
    """
    rng = np.random.default_rng(seed)
    # Times are counted in seconds from the start of the first scan.
    duration_s = n_time * tsamp_s
    starts_s = np.concatenate([[0.0], np.cumsum(duration_s + rng.uniform(*GAP_S, len(PATTERN) - 1))])
    noise = {"fch1_mhz": fch1_mhz, "foff_hz": foff_hz, "tsamp_s": tsamp_s}
    scans = [
        _empty_sky(place, n_time, n_chan, noise | {"tstart_mjd": tstart_mjd + start_s / SECONDS_PER_DAY}, rng)
        for place, start_s in enumerate(starts_s)
    ]
    signal = (signal_snr, signal_drift_hz_s, signal_drift_rate_change_hz_s2)
    end_s = starts_s[-1] + duration_s
    tracks = [
        track
        for track in _tracks(scans[0].header.band_mhz, end_s, signal, rng)
        if (interference or track.kind == "signal") and track.snr is not None
    ]
    for track in tracks:
        _require_inside(track, scans[0].header, end_s)
    rows = []
    for place, start_s in enumerate(starts_s):
        for track in tracks:
            if place in track.scans:
                scans[place], row = _inject(scans[place], place, track, start_s)
                rows.append(row)
    import pandas as pd

    return scans, pd.DataFrame(rows, columns=list(TRUTH)).sort_values(
        ["kind", "scan"], kind="stable", ignore_index=True
    )


def _empty_sky(place, n_time, n_chan, noise, rng):
    gain = 1 + GAIN_SCATTER * rng.standard_normal()
    source_name = f"{SOURCES[PATTERN[place]]} (simulated)"
    scan = simulate_noise(
        n_time,
        n_chan,
        **noise,
        source_name=source_name,
        bandpass=gain * coarse_bandpass(n_chan),
        seed=rng.integers(2**63),
    )
    return add_dc_spike(scan, power=DC_SPIKE_POWER)


def _tracks(band_mhz, end_s, signal, rng):
    """The four tones; each is about the middle of a quarter of the band in the middle of the session."""
    low_mhz, high_mhz = band_mhz
    places = (np.arange(4) + 0.5 + rng.uniform(-0.1, 0.1, 4)) / 4
    middles_mhz = low_mhz + places * (high_mhz - low_mhz)
    snr, drift_hz_s, change_hz_s2 = signal
    every = tuple(range(len(PATTERN)))
    on = tuple(place for place in every if PATTERN[place] == "A")
    coin = tuple(place for place in every if rng.random() < 0.5)
    fall_hz_s2 = -2 * SATELLITE_DRIFT_HZ_S / end_s
    tracks = [
        _Track("intermittent", middles_mhz[0], 0.0, 0.0, 60.0, coin),
        _Track("signal", middles_mhz[1], drift_hz_s, change_hz_s2, snr, on),
        _Track("transmitter", middles_mhz[2], 0.0, 0.0, 80.0, every),
        _Track("satellite", middles_mhz[3], SATELLITE_DRIFT_HZ_S, fall_hz_s2, 120.0, every),
    ]
    return [
        replace(track, frequency_mhz=2 * track.frequency_mhz - track.frequency_at(end_s / 2))
        for track in tracks
    ]


def _require_inside(track, header, end_s):
    low_mhz, high_mhz = header.band_mhz
    for frequency_mhz in (track.frequency_at(0.0), track.frequency_at(end_s)):
        if not low_mhz <= frequency_mhz <= high_mhz:
            raise SpectrogramError(
                f"simulate_cadence: expected a band that holds the track of the {track.kind}, found "
                f"{low_mhz:.6f} to {high_mhz:.6f} MHz, which it leaves at {frequency_mhz:.6f} MHz: "
                "take more channels or less drift"
            )


def _inject(scan: Spectrogram, place, track, start_s):
    """The scan with the track in it, and the row of the truth table that tells so."""
    frequency_mhz, drift_hz_s = track.frequency_at(start_s), track.drift_at(start_s)
    added = add_tone(
        scan,
        frequency_mhz,
        drift_hz_s=drift_hz_s,
        drift_rate_change_hz_s2=track.change_hz_s2,
        snr=track.snr,
    )
    source_name, tstart_mjd = scan.header.source_name, scan.header.tstart_mjd
    row = (
        track.kind,
        place,
        source_name,
        tstart_mjd,
        frequency_mhz,
        drift_hz_s,
        track.change_hz_s2,
        track.snr,
    )
    return added, row
