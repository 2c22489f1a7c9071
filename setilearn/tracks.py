"""Where a drifting signal is at another time than that of its table: one answer for all modules.

A track is anything with ``tstart_mjd``, ``frequency_mhz`` (at that time) and ``drift_hz_s``: a `Track`, a row
of a table of hits or events, or the table, for all its rows at once.
"""

from dataclasses import dataclass

from setilearn.spectrogram import HZ_PER_MHZ, SECONDS_PER_DAY


@dataclass(frozen=True)
class Track:
    """One track by itself: where a signal is at a time, and how fast it drifts."""

    tstart_mjd: float
    frequency_mhz: float
    drift_hz_s: float


def carried_mhz(track, since_s):
    """Frequency in MHz ``since_s`` seconds after the time of the track (before it, where negative)."""
    return track.frequency_mhz + track.drift_hz_s * since_s / HZ_PER_MHZ


def mhz_at(track, time_mjd):
    """Frequency in MHz at a time, Modified Julian Date."""
    return carried_mhz(track, (time_mjd - track.tstart_mjd) * SECONDS_PER_DAY)


def mhz_in_scan(track, header, t_s):
    """Frequency in MHz ``t_s`` seconds after the start of the scan with this header."""
    return carried_mhz(track, (header.tstart_mjd - track.tstart_mjd) * SECONDS_PER_DAY + t_s)


def channel_in_scan(track, header, t_s):
    """The same as a channel of the scan, a fraction: 0.0 is the centre of the lowest one."""
    return channel_of(header, mhz_in_scan(track, header, t_s))


def channel_of(header, frequency_mhz):
    """Channel of a frequency, a fraction, also outside of the band; 0.0 is the centre of the lowest one."""
    return (frequency_mhz - header.fch1_mhz) * HZ_PER_MHZ / header.foff_hz
