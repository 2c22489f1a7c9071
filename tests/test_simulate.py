"""Simulated spectrograms against the statistics that they must have."""

import numpy as np
import pytest
import scipy.stats

import setilearn as sl
from setilearn.observe import simulate
from setilearn.spectrogram import SpectrogramError


@pytest.mark.parametrize(
    ("foff_hz", "tsamp_s", "n_pol"), [(2.7939677238464355, 18.253611008, 1), (10.0, 0.1, 2)]
)
def test_noise_follows_its_chi_squared_distribution(foff_hz, tsamp_s, n_pol):
    noise = sl.simulate_noise(
        4, 20_000, foff_hz=foff_hz, tsamp_s=tsamp_s, n_pol=n_pol, mean_power=3.0, seed=5
    )
    n = round(foff_hz * tsamp_s) * n_pol
    # The mean of n squared moduli is chi-squared with 2 n degrees of freedom, scaled to a mean of 3.
    expected = scipy.stats.chi2(2 * n, scale=3.0 / (2 * n))
    assert scipy.stats.kstest(noise.power.ravel(), expected.cdf).pvalue > 1e-3
    assert noise.power.std() == pytest.approx(3.0 / np.sqrt(n), rel=0.02)


def test_noise_is_seeded_and_shaped_by_the_bandpass():
    first, again, other = (sl.simulate_noise(2, 1000, seed=seed).power for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    bandpass = np.linspace(0.5, 2, 1000)
    shaped = sl.simulate_noise(2, 1000, seed=1, bandpass=bandpass).power
    np.testing.assert_allclose(shaped, first * bandpass, rtol=1e-5)


def flat(n_time=4, n_chan=16):
    """No noise, so that a tone's power can be read off; channels of 1 Hz, integrations of 1 s."""
    noise = sl.simulate_noise(n_time, n_chan, fch1_mhz=100.0, foff_hz=1.0, tsamp_s=1.0)
    return sl.Spectrogram(np.zeros_like(noise.power), noise.header)


def test_a_tone_without_drift_stays_in_its_channel():
    tone = sl.add_tone(flat(), 100.000005, power=2.0)
    assert np.argwhere(tone.power).tolist() == [[0, 5], [1, 5], [2, 5], [3, 5]]
    assert set(tone.power[:, 5]) == {2.0}


def test_a_drifting_tone_is_spread_over_the_channels_it_crosses():
    # From the middle of channel 5, 2 channels a step: half of 5, all of 6, half of 7.
    tone = sl.add_tone(flat(2), 100.000005, drift_hz_s=2.0, power=4.0)
    np.testing.assert_allclose(tone.power[0, 4:9], [0, 1, 2, 1, 0], atol=1e-4)
    np.testing.assert_allclose(tone.power[1, 6:11], [0, 1, 2, 1, 0], atol=1e-4)


def test_a_falling_tone_mirrors_a_rising_one_and_may_leave_the_band():
    rising = sl.add_tone(flat(8), 100.000003, drift_hz_s=1.5, power=3.0).power
    falling = sl.add_tone(flat(8), 100.000012, drift_hz_s=-1.5, power=3.0).power
    np.testing.assert_allclose(falling, rising[:, ::-1], atol=1e-3)
    # 1.5 channels a step from channel 3.5: integration 7 covers 14 to 15.5, all inside 16 channels
    np.testing.assert_allclose(rising.sum(axis=1), 3.0, rtol=1e-3)
    gone = sl.add_tone(flat(8), 100.000014, drift_hz_s=1.0, power=3.0).power
    np.testing.assert_allclose(gone.sum(axis=1), [3, 1.5, 0, 0, 0, 0, 0, 0], atol=1e-3)


def test_snr_is_that_of_the_sum_over_all_integrations():
    noise = sl.simulate_noise(16, 2**16, seed=3)
    with_tone = sl.add_tone(noise, noise.header.frequency_mhz(4000), snr=50.0)
    spectrum = noise.power.sum(axis=0)
    added = with_tone.power.sum(axis=0)[4000] - spectrum[4000]
    assert added / spectrum.std() == pytest.approx(50.0, rel=0.02)
    assert np.array_equal(noise.power, sl.simulate_noise(16, 2**16, seed=3).power)  # the input is left alone


def test_a_tone_needs_one_strength():
    for strengths in ({}, {"snr": 1.0, "power": 1.0}):
        with pytest.raises(SpectrogramError, match="expected either snr or power"):
            sl.add_tone(flat(), 100.0, **strengths)


def test_the_stand_in_has_voyager_s_published_lines():
    voyager = simulate.simulate_voyager(2**15)
    assert voyager.header.is_simulated
    first, last = voyager.power[0], voyager.power[-1]
    # Frequency, drift: turbo_seti's table of the real observation.
    peak_mhz = voyager.header.frequency_mhz(int(first.argmax()))
    assert peak_mhz == pytest.approx(8419.297028, abs=3e-6)
    drift_hz_s = (last.argmax() - first.argmax()) * voyager.header.foff_hz / (15 * voyager.header.tsamp_s)
    assert drift_hz_s == pytest.approx(-0.377557, abs=0.0102)
    for side_band_mhz in (8419.319368, 8419.274374):
        k = voyager.header.channel_at(side_band_mhz)
        assert voyager.power[0, k - 1 : k + 2].max() > 2.5


def test_the_whole_stand_in_has_the_band_and_the_dc_spike_of_a_coarse_channel():
    voyager = simulate.simulate_voyager()
    assert voyager.power.shape == (16, 2**20)
    # fch1 and foff of Voyager1.single_coarse.fine_res.h5: 8421.386717353016 MHz, descending
    assert voyager.header.frequency_mhz(2**20 - 1) == pytest.approx(8421.386717353016, abs=1e-9)
    assert voyager.header.foff_hz == 2.7939677238464355
    assert voyager.header.tsamp_s == pytest.approx(18.253611008, rel=1e-9)
    spectrum = voyager.power.mean(axis=0)
    # blimpy and turbo_seti look for the DC spike at position n / 2 on disk, in descending frequency
    assert spectrum[::-1].argmax() == 2**19
    assert spectrum[:1000].mean() < 0.55 * spectrum[2**18 : 2**18 + 1000].mean()


def test_the_stand_in_is_around_the_frequency_asked_for():
    voyager = simulate.simulate_voyager(118, centre_mhz=8419.319368)
    low, high = voyager.header.band_mhz
    assert low < 8419.319368 < high
    with pytest.raises(SpectrogramError, match="expected 1 to 1048576 channels, found 0"):
        simulate.simulate_voyager(0)


def test_setigen_s_chi_squared_noise_has_the_same_spread():
    frame_module = pytest.importorskip("setigen")
    frame = frame_module.Frame(
        fchans=4096, tchans=16, df=2.7939677238464355, dt=18.253611008, fch1=6e9, seed=1
    )
    frame.add_noise(x_mean=1.0)
    ours = sl.simulate_noise(16, 4096, seed=1, n_pol=2).power  # setigen takes two polarisations
    assert ours.std() == pytest.approx(frame.data.std(), rel=0.03)
