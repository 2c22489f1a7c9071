"""The same sky as a simulated survey's hits, as spectrograms."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from setilearn.errors import SpectrogramError
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.schedule import N_TIME
from setilearn.simulate.tones import add_tone
from setilearn.spectrogram import HZ_PER_MHZ, Spectrogram
from setilearn.telescope import FOFF_HZ, L_BAND_MHZ, TSAMP_S

if TYPE_CHECKING:
    from setilearn.simulate.survey import Survey


def survey_scans(
    survey: Survey, cadence: str, f_start_mhz: float, f_stop_mhz: float, *, seed: int = 0
) -> list[Spectrogram]:
    """The six scans of one cadence as spectrograms of a narrow part of the band: the same sky.

    Parameters
    ----------
    survey : Survey
    cadence : str
        Name of the cadence, as in ``survey.observations``.
    f_start_mhz, f_stop_mhz : float
        Part of the band; 0.1 MHz are 36,000 channels.
    seed : int
        Of the noise, which is another in each scan.

    Returns
    -------
    list of Spectrogram
        In the order of time, 16 integrations each. Each hit of the survey in this part is a tone in its
        scan, as strong as makes the search find it with its SNR, but for what the noise adds to that.

    Raises
    ------
    SpectrogramError
        Where there is no such cadence, or the part is not in the band.
    """
    rows = survey.observations[survey.observations["cadence"] == cadence].sort_values("tstart_mjd")
    if rows.empty:
        raise SpectrogramError(f"survey_scans: expected the name of a cadence, found {cadence!r}")
    if not L_BAND_MHZ[0] <= f_start_mhz < f_stop_mhz <= L_BAND_MHZ[1]:
        raise SpectrogramError(
            f"survey_scans: expected a part of {L_BAND_MHZ[0]} to {L_BAND_MHZ[1]} MHz, "
            f"found {f_start_mhz} to {f_stop_mhz} MHz"
        )
    hits = survey.hits[survey.hits["scan"].isin(rows["scan"])]
    hits = hits[hits["frequency_mhz"].between(f_start_mhz, f_stop_mhz)]
    return [
        _drawn(row, hits[hits["scan"] == row.scan], f_start_mhz, f_stop_mhz, (seed, row.scan))
        for row in rows.itertuples()
    ]


def survey_scan(
    survey: Survey, observation: object, f_start_mhz: float, f_stop_mhz: float, *, seed: int = 0
) -> Spectrogram:
    """One scan of the survey as `survey_scans` has it, of what lies in the band of a narrow part.

    ``observation`` has the scan's number as ``scan``, such as a row of ``survey.observations``. With it
    `setilearn.explore_hits` shows any hit: ``explore_hits(url, scan_part=partial(survey_scan, survey))``.

    Raises
    ------
    SpectrogramError
        Where there is no such scan, or the part is not in the band.
    """
    rows = survey.observations[survey.observations["scan"] == observation.scan]
    if rows.empty:
        raise SpectrogramError(f"survey_scan: expected a scan of the survey, found {observation.scan}")
    f_start_mhz, f_stop_mhz = max(f_start_mhz, L_BAND_MHZ[0]), min(f_stop_mhz, L_BAND_MHZ[1])
    if not f_start_mhz < f_stop_mhz:
        raise SpectrogramError(
            f"survey_scan: expected a part of {L_BAND_MHZ[0]} to {L_BAND_MHZ[1]} MHz, "
            f"found one of {f_start_mhz} MHz or more to {f_stop_mhz} MHz or less"
        )
    hits = survey.hits[survey.hits["scan"] == observation.scan]
    hits = hits[hits["frequency_mhz"].between(f_start_mhz, f_stop_mhz)]
    row = next(rows.itertuples())
    return _drawn(row, hits, f_start_mhz, f_stop_mhz, (seed, row.scan))


def _drawn(row, hits, f_start_mhz, f_stop_mhz, seed):
    first, last = (
        round((edge_mhz - L_BAND_MHZ[0]) * HZ_PER_MHZ / FOFF_HZ) for edge_mhz in (f_start_mhz, f_stop_mhz)
    )
    scan = simulate_noise(
        N_TIME,
        last - first + 1,
        fch1_mhz=L_BAND_MHZ[0] + first * FOFF_HZ / HZ_PER_MHZ,
        tstart_mjd=row.tstart_mjd,
        source_name=row.source_name,
        seed=seed,
    )
    for hit in hits.itertuples():
        start_mhz = hit.frequency_mhz - hit.drift_hz_s * TSAMP_S / 2 / HZ_PER_MHZ
        snr = hit.snr / _kept_when_smeared(abs(hit.drift_hz_s) * TSAMP_S / FOFF_HZ)
        scan = add_tone(scan, start_mhz, drift_hz_s=hit.drift_hz_s, snr=snr)
    header = replace(scan.header, ra_deg=row.ra_deg, dec_deg=row.dec_deg)
    return Spectrogram(scan.power, header)


def _kept_when_smeared(n_chan):
    """Share of its SNR that the matched sum has of a tone which crosses so many channels an integration.

    It is the root of the sum of the squares of the channels' shares of the power, in the mean over where
    in a channel the tone begins.
    """
    return math.sqrt(1 - n_chan / 3 if n_chan < 1 else (n_chan - 1 / 3) / n_chan**2)
