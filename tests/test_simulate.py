"""Simulated spectrograms against the statistics that they must have."""

import numpy as np
import pytest
import scipy.stats

import setilearn as sl
from setilearn.errors import SpectrogramError
from setilearn.simulate import voyager as voyager_module


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


def test_a_changing_drift_bends_the_track():
    # Channels of 1 Hz, 1 s: from the middle of channel 5 by t^2 / 2 * 2 = t^2: to 5.5, 6.5, 9.5, 14.5.
    tone = sl.add_tone(flat(3), 100.000005, drift_rate_change_hz_s2=2.0, power=6.0).power
    np.testing.assert_allclose(tone[0, 4:9], [0, 3, 3, 0, 0], atol=1e-4)
    np.testing.assert_allclose(tone[1, 5:11], [0, 1, 2, 2, 1, 0], atol=1e-4)
    np.testing.assert_allclose(tone[2, 8:16], np.array([0, 0.5, 1, 1, 1, 1, 0.5, 0]) * 1.2, atol=1e-4)


def test_a_wide_tone_is_even_over_its_width():
    # 3 Hz around the middle of channel 8: all of 7, 8 and 9.
    tone = sl.add_tone(flat(1), 100.000008, width_hz=3.0, power=6.0).power
    np.testing.assert_allclose(tone[0, 5:12], [0, 0, 2, 2, 2, 0, 0], atol=1e-4)


def test_a_wide_drifting_tone_has_the_profile_of_both_together():
    # 2 Hz wide and 4 Hz of sweep from 6.5 to 10.5 channels: up over 2 channels, flat for 2, down over 2.
    tone = sl.add_tone(flat(1), 100.000006, drift_hz_s=4.0, width_hz=2.0, power=8.0).power[0]
    x = np.linspace(0, 16, 160_001)
    profile = np.interp(x, [5.5, 7.5, 9.5, 11.5], [0, 2, 2, 0], left=0, right=0)
    by_channel = profile[:-1].reshape(16, 10_000).mean(axis=1)
    np.testing.assert_allclose(tone, by_channel, atol=1e-3)
    assert tone.sum() == pytest.approx(8.0, rel=1e-6)


def test_a_negative_width_is_refused():
    with pytest.raises(SpectrogramError, match="expected a width_hz of 0 or more, found -1"):
        sl.add_tone(flat(), 100.0, width_hz=-1, power=1.0)


def test_a_setigen_tone_lies_on_the_same_track():
    frame_module = pytest.importorskip("setigen")
    frame = frame_module.Frame(fchans=512, tchans=16, df=2.7939677238464355, dt=18.253611008, fch1=1.42e9)
    frame.add_signal(
        frame_module.constant_path(f_start=frame.get_frequency(100), drift_rate=1.0),
        frame_module.constant_t_profile(level=1),
        frame_module.box_f_profile(width=0.5),
        frame_module.constant_bp_profile(level=1),
        doppler_smearing=True,
        smearing_subsamples=200,
    )
    rising = frame.data[:, ::-1] if frame.fs[0] > frame.fs[-1] else frame.data
    low_mhz = min(frame.fs) / 1e6
    noise = sl.simulate_noise(16, 512, fch1_mhz=low_mhz)
    empty = sl.Spectrogram(np.zeros_like(noise.power), noise.header)
    start_mhz = frame.get_frequency(100) / 1e6
    ours = sl.add_tone(empty, start_mhz, drift_hz_s=1.0, power=1.0).power
    channels = np.arange(512)
    theirs = (rising * channels).sum(axis=1) / rising.sum(axis=1)
    # Its path is that of the integrations' starts, and smeared on from there, as ours.
    np.testing.assert_allclose((ours * channels).sum(axis=1), theirs, atol=0.6)


def test_a_tone_needs_one_strength():
    for strengths in ({}, {"snr": 1.0, "power": 1.0}):
        with pytest.raises(SpectrogramError, match="expected either snr or power"):
            sl.add_tone(flat(), 100.0, **strengths)


def test_the_stand_in_has_voyager_s_published_lines():
    voyager = voyager_module.simulate_voyager(2**15)
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
    voyager = voyager_module.simulate_voyager()
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
    voyager = voyager_module.simulate_voyager(118, centre_mhz=8419.319368)
    low, high = voyager.header.band_mhz
    assert low < 8419.319368 < high
    with pytest.raises(SpectrogramError, match="expected 1 to 1048576 channels, found 0"):
        voyager_module.simulate_voyager(0)


def test_setigen_s_chi_squared_noise_has_the_same_spread():
    frame_module = pytest.importorskip("setigen")
    frame = frame_module.Frame(
        fchans=4096, tchans=16, df=2.7939677238464355, dt=18.253611008, fch1=6e9, seed=1
    )
    frame.add_noise(x_mean=1.0)
    ours = sl.simulate_noise(16, 4096, seed=1, n_pol=2).power  # setigen takes two polarisations
    assert ours.std() == pytest.approx(frame.data.std(), rel=0.03)
