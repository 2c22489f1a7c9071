"""Pulses, squiggles and interference against the formulas that define them."""

import numpy as np
import pytest
import scipy.stats

from setilearn.errors import SpectrogramError
from setilearn.simulate import interference as interference_module
from setilearn.simulate import tones
from setilearn.simulate.noise import simulate_noise
from setilearn.spectrogram import Spectrogram


def flat(n_time=4, n_chan=16, **header):
    """No noise, so that power can be read off; channels of 1 Hz from 100 MHz, integrations of 1 s."""
    header = {"fch1_mhz": 100.0, "foff_hz": 1.0, "tsamp_s": 1.0} | header
    noise = simulate_noise(n_time, n_chan, **header)
    return Spectrogram(np.zeros_like(noise.power), noise.header)


def test_a_squiggle_walks_at_random_by_its_step():
    empty = flat(4000, 4096)
    squiggle = tones.add_squiggle(empty, 100.002, step_hz=8.0, power=1.0, seed=2)
    # The middle of each integration's sweep is half-way between two places of the walk, so from one
    # to the next it moves by (step_k + step_k+1) / 2, which scatters by 8 / sqrt(2).
    inside = squiggle.power.sum(axis=1) > 0.999
    middles = (squiggle.power @ np.arange(4096.0))[inside]
    moves = np.diff(middles)[np.diff(np.flatnonzero(inside)) == 1]
    assert moves.size > 500
    assert moves.std() == pytest.approx(8 / np.sqrt(2), rel=0.1)
    assert abs(moves.mean()) < 4 * 8 / np.sqrt(moves.size)


def test_a_squiggle_without_steps_is_a_tone():
    squiggle = tones.add_squiggle(flat(2), 100.000005, step_hz=0.0, drift_hz_s=2.0, power=4.0)
    np.testing.assert_allclose(squiggle.power[0, 4:9], [0, 1, 2, 1, 0], atol=1e-4)
    np.testing.assert_allclose(squiggle.power[1, 6:11], [0, 1, 2, 1, 0], atol=1e-4)


def test_an_intermittent_tone_is_on_for_its_share_of_the_time():
    tone = tones.add_intermittent_tone(flat(40_000), 100.000005, on_s=3.0, off_s=9.0, power=2.0, seed=1)
    power = tone.power[:, 5]
    assert tone.power.sum() == pytest.approx(power.sum())
    # On for 3 s in 12: 3333 times on and off, the scatter of the share is below a hundredth.
    assert power.mean() / 2.0 == pytest.approx(0.25, abs=0.02)
    assert power.min() >= 0
    assert power.max() == pytest.approx(2.0)
    # After a second on it stays on for another one with the probability exp(-1/3), Poisson's way.
    on = power > 1.999
    assert (on[1:] & on[:-1]).sum() / on[:-1].sum() == pytest.approx(np.exp(-1 / 3), abs=0.03)


def test_a_pulse_keeps_to_the_dispersion_law():
    # 1400 to 1428 MHz, DM 50: the delay at 1400 MHz after 1428 is 4.148808e3 * 50 * (1400^-2 - 1428^-2) s.
    sky = flat(400, 29, fch1_mhz=1400.0, foff_hz=1e6, tsamp_s=1e-4)
    pulse = interference_module.add_pulse(sky, 2e-3, dm_pc_cm3=50.0, duration_s=3e-4, power=6.0)
    middle_s = (np.arange(400) + 0.5) * 1e-4 @ pulse.power / pulse.power.sum(axis=0)
    assert pulse.power.sum(axis=0) == pytest.approx(np.full(29, 6.0), rel=1e-4)
    delay_s = 4.148808 * 50 * ((1.4**-2) - (1.428**-2)) * 1e-3
    assert delay_s == pytest.approx(4.11e-3, abs=1e-5)
    assert middle_s[28] == pytest.approx(2.15e-3, abs=1e-4)
    assert middle_s[0] - middle_s[28] == pytest.approx(delay_s, abs=1e-4)


def test_a_short_pulse_fills_one_integration_and_one_on_the_edge_two():
    pulse = interference_module.add_pulse(flat(4), 1.5, power=1.0)
    assert pulse.power[1] == pytest.approx(np.ones(16), rel=1e-5)
    assert pulse.power.sum() == pytest.approx(16.0, rel=1e-5)
    long = interference_module.add_pulse(flat(4), 1.5, duration_s=1.0, power=1.0)
    np.testing.assert_allclose(long.power[:, 0], [0, 0.5, 0.5, 0], atol=1e-5)


def test_snr_of_a_pulse_is_that_of_the_sum_over_the_channels():
    noise = simulate_noise(64, 4096, seed=3)
    pulse = interference_module.add_pulse(noise, 10.5 * noise.header.tsamp_s, snr=30.0)
    sums = noise.power.sum(axis=1)
    added = pulse.power.sum(axis=1)[10] - sums[10]
    expected_sigma = np.sqrt(4096 / 51)  # 51 spectra to an integration, mean power 1
    assert added / expected_sigma == pytest.approx(30.0, rel=0.02)


def test_broadband_interference_has_the_statistics_of_stronger_noise():
    noise = simulate_noise(400, 2000, seed=4)
    noisy = interference_module.add_broadband_rfi(noise, ratio=2.0, fraction=0.25, seed=5)
    hit = np.flatnonzero(noisy.power.mean(axis=1) > 2)
    assert hit.size == pytest.approx(100, abs=4 * np.sqrt(400 * 0.25 * 0.75))
    assert np.array_equal(np.delete(noisy.power, hit, axis=0), np.delete(noise.power, hit, axis=0))
    # Noise three times as strong: chi-squared with 2 x 51 degrees of freedom, scaled to a mean of 3.
    expected = scipy.stats.chi2(102, scale=3 / 102)
    assert noisy.power[hit].mean() == pytest.approx(3.0, rel=0.01)
    assert noisy.power[hit].std() == pytest.approx(expected.std(), rel=0.03)
    assert scipy.stats.kstest(noisy.power[hit].ravel()[:5000], expected.cdf).statistic < 0.03


def test_a_navigation_satellite_s_band_has_its_lobes_and_its_lines():
    sky = simulate_noise(64, 40_001, fch1_mhz=1573.42, foff_hz=100.0, tsamp_s=1.0, seed=6)
    band = interference_module.add_gps_band(sky, ratio=3.0, seed=7)
    added = (band.power - sky.power).mean(axis=0, dtype=float)
    offset_hz = sky.frequencies_mhz * 1e6 - 1575.42e6
    # sinc^2 by hand; a block of 60 kHz has 60 lines, whose strengths are exponential deviates.
    for x, shape in ((0.0, 1.0), (0.25, 0.810569), (0.5, 0.405285), (1.0, 0.0), (1.5, 0.045032)):
        near = np.abs(offset_hz - x * 1.023e6) < 30e3
        assert added[near].mean() == pytest.approx(3 * shape, abs=0.03 + 4 * 3 * shape / np.sqrt(60))
    # Bumpy: the lines at the centre are 1 kHz apart, and two channels 100 Hz apart are alike.
    centre = added[np.abs(offset_hz) < 100e3]
    assert centre.std() > 0.4 * centre.mean()
    assert np.corrcoef(centre[:-1], centre[1:])[0, 1] > 0.8
    assert abs(np.corrcoef(centre[:-40], centre[40:])[0, 1]) < 0.35


def test_the_dc_spike_is_at_the_centre_of_each_coarse_channel():
    # 8 channels counted downwards from the highest: position 4 is the fifth, channel 3 from below.
    spiked = interference_module.add_dc_spike(flat(2, 16), n_coarse=2, power=5.0)
    assert np.argwhere(spiked.power[0]).ravel().tolist() == [3, 11]
    assert set(spiked.power[:, 3]) == {5.0}
    with pytest.raises(SpectrogramError, match="expected n_coarse that divides 16, found 3"):
        interference_module.add_dc_spike(flat(2, 16), n_coarse=3, power=5.0)


@pytest.mark.parametrize(
    ("add", "arguments", "is_random"),
    [
        (tones.add_squiggle, {"frequency_mhz": 1420.001, "step_hz": 5.0, "snr": 30.0}, True),
        (
            tones.add_intermittent_tone,
            {"frequency_mhz": 1420.001, "on_s": 40.0, "off_s": 40.0, "snr": 30.0},
            True,
        ),
        (interference_module.add_pulse, {"time_s": 30.0, "snr": 30.0}, False),
        (interference_module.add_broadband_rfi, {"fraction": 0.5}, True),
        (interference_module.add_gps_band, {"centre_mhz": 1420.001, "chip_rate_hz": 1e3}, True),
        (interference_module.add_dc_spike, {"power": 2.0}, False),
    ],
)
def test_inputs_stay_as_they_are_and_seeds_decide(add, arguments, is_random):
    noise = simulate_noise(16, 1000, seed=1)
    before = noise.power.copy()
    seeds = [{"seed": seed} if is_random else {} for seed in (1, 1, 2)]
    first, again, other = (add(noise, **arguments, **seed).power for seed in seeds)
    assert np.array_equal(noise.power, before)
    assert not np.array_equal(first, before)
    assert np.array_equal(first, again)
    assert np.array_equal(first, other) != is_random


def test_bad_arguments_are_named():
    with pytest.raises(SpectrogramError, match="expected on_s and off_s above 0, found 0 and 3"):
        tones.add_intermittent_tone(flat(), 100.0, on_s=0, off_s=3, power=1.0)
    with pytest.raises(SpectrogramError, match="expected either snr or power"):
        interference_module.add_pulse(flat(), 1.0)
