"""The simulated cadence: its times, its truth, and that the power is where the truth says."""

import numpy as np
import pytest

from setilearn.errors import SpectrogramError
from setilearn.simulate.cadence import simulate_cadence


def test_six_scans_of_five_minutes_with_the_moves_between():
    scans, _ = simulate_cadence(seed=1)
    assert [scan.power.shape for scan in scans] == [(16, 16384)] * 6
    names = [scan.header.source_name for scan in scans]
    assert names[0] == names[2] == names[4]
    assert len(set(names)) == 4
    assert all(scan.header.is_simulated for scan in scans)
    starts_s = np.array([scan.header.tstart_mjd for scan in scans]) * 86400
    assert scans[0].header.tstart_mjd == 60000.0
    # A scan is 16 x 18.253611 = 292.06 s; a Modified Julian Date in a float is good to a microsecond.
    assert (np.diff(starts_s) > 312).all()
    assert (np.diff(starts_s) < 322.1).all()


def test_the_truth_says_what_is_where():
    _, truth = simulate_cadence(seed=2)
    scans_of = {kind: rows["scan"].tolist() for kind, rows in truth.groupby("kind")}
    assert scans_of["signal"] == [0, 2, 4]
    assert scans_of["transmitter"] == scans_of["satellite"] == [0, 1, 2, 3, 4, 5]
    transmitter = truth[truth["kind"] == "transmitter"]
    assert transmitter["frequency_mhz"].nunique() == 1
    satellite = truth[truth["kind"] == "satellite"]["drift_hz_s"]
    assert satellite.iloc[0] == pytest.approx(1.2)
    assert satellite.iloc[-1] < -0.5


def test_the_signal_keeps_to_one_track_through_the_session():
    _, truth = simulate_cadence(
        n_chan=4096, signal_drift_hz_s=0.5, signal_drift_rate_change_hz_s2=-3e-4, interference=False, seed=3
    )
    signal = truth[truth["kind"] == "signal"]
    t_s = (signal["tstart_mjd"] - 60000.0).to_numpy() * 86400
    moved_hz = (signal["frequency_mhz"] - signal["frequency_mhz"].iloc[0]).to_numpy() * 1e6
    np.testing.assert_allclose(moved_hz, 0.5 * t_s - 1.5e-4 * t_s**2, atol=0.01)
    np.testing.assert_allclose(signal["drift_hz_s"], 0.5 - 3e-4 * t_s, atol=1e-8)


@pytest.mark.parametrize("kind", ["signal", "transmitter", "satellite", "intermittent"])
def test_the_power_is_where_the_truth_says_and_nowhere_else(kind):
    scans, truth = simulate_cadence(seed=4)
    rows = truth[truth["kind"] == kind]
    some = rows.iloc[0]
    for place, scan in enumerate(scans):
        present = rows[rows["scan"] == place]
        # Where it is absent, look where it would be: for a track of constant drift, on from the first row.
        dt_s = (scan.header.tstart_mjd - some.tstart_mjd) * 86400
        on_from_there = some.frequency_mhz + some.drift_hz_s * dt_s / 1e6
        row = present.iloc[0] if len(present) else some
        start_mhz = row.frequency_mhz if len(present) else on_from_there
        t_s = (np.arange(16) + 0.5) * scan.header.tsamp_s
        drift_hz_s = row.drift_hz_s if len(present) else some.drift_hz_s
        track_mhz = start_mhz + (drift_hz_s * t_s + row.drift_rate_change_hz_s2 * t_s**2 / 2) / 1e6
        centre = [scan.header.channel_at(f) for f in track_mhz]
        half = 5  # 1.2 Hz/s is 22 Hz an integration, 8 channels
        along = sum(scan.power[i, k - half : k + half + 1].sum() for i, k in enumerate(centre))
        beside = sum(scan.power[i, k + 50 : k + 50 + 2 * half + 1].sum() for i, k in enumerate(centre))
        # Deviation of a sum of 16 x 11 samples, each 1 / sqrt(51) of its mean: 1.9.
        excess = (along - beside) / (np.sqrt(2) * np.sqrt(16 * 11 / 51))
        assert (excess > 6) == bool(len(present)), (place, excess)


def test_snr_is_that_of_a_tone_in_one_scan():
    scans, truth = simulate_cadence(signal_drift_hz_s=0.0, signal_snr=50.0, interference=False, seed=5)
    assert set(truth["kind"]) == {"signal"}
    channel = scans[0].header.channel_at(truth["frequency_mhz"].iloc[0])
    level = scans[0].power.mean(axis=0, dtype=float)
    added = level[channel] - np.median(level[channel - 200 : channel + 200])
    sigma = 1 / np.sqrt(51 * 16)  # of the mean of 16 integrations of 51 spectra
    assert added / sigma == pytest.approx(50.0, rel=0.1)


def test_an_empty_sky_and_seeds():
    scans, truth = simulate_cadence(n_chan=1024, signal_snr=None, interference=False, seed=6)
    assert len(truth) == 0
    assert list(truth)[:3] == ["kind", "scan", "source_name"]
    again, _ = simulate_cadence(n_chan=1024, signal_snr=None, interference=False, seed=6)
    other, _ = simulate_cadence(n_chan=1024, signal_snr=None, interference=False, seed=7)
    assert np.array_equal(scans[3].power, again[3].power)
    assert not np.array_equal(scans[3].power, other[3].power)
    assert not np.array_equal(scans[3].power, scans[4].power)


def test_a_track_that_leaves_the_band_is_refused():
    with pytest.raises(SpectrogramError, match="expected a band that holds the track of the signal"):
        simulate_cadence(n_chan=1024, signal_drift_hz_s=4.0, interference=False)
