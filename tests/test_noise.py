"""Noise and bandpass: scipy's distributions, setigen's noise and real receivers as referees."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from setilearn.errors import NoiseError
from setilearn.noise import bandpass, estimate_noise, flatten, median_mad
from setilearn.read.filterbank import read_spectrogram
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone
from setilearn.spectrogram import Spectrogram
from setilearn.telescope import coarse_bandpass

SHAPES = [1, 2, 4, 16, 51, 816, 5000]


def ideal_sample(distribution, n=20_001):
    """A sample without chance: the middles of ``n`` equally probable parts."""
    return distribution.ppf((np.arange(n) + 0.5) / n)


def power_of(n_averaged):
    """The mean of ``n_averaged`` squared moduli of mean 1 is gamma distributed: mean 1, sigma 1/sqrt(n)."""
    return stats.gamma(n_averaged, scale=1 / n_averaged)


# --- the level and the scatter


def test_median_and_mad_by_hand():
    # Sorted 7 8 9 10 11 12 1000: median 10; deviations 0 1 1 2 2 3 990: median 2.
    assert median_mad([10, 8, 1000, 12, 7, 9, 11]) == (10.0, 2.0)
    assert median_mad([[math.nan, 1.0], [math.inf, 3.0]]) == (2.0, 1.0)


def test_exponential_noise_by_hand():
    # n = 1: the median m has exp(-m) = 1/2, so m = ln 2. Half of all values lie within d of it:
    # exp(-(m - d)) - exp(-(m + d)) = sinh(d) = 1/2, so d = asinh(1/2). Mean and sigma are both 1.
    median, mad = math.log(2), math.asinh(0.5)
    values = [median - mad, median, median + mad]
    assert estimate_noise(values, n_averaged=1) == pytest.approx((1, 1), rel=1e-6)
    assert estimate_noise(values) == pytest.approx((1, 1), rel=1e-4)


def test_gaussian_noise_by_hand():
    # Half of a Gaussian lies within 0.67449 sigma of its mean.
    assert estimate_noise([-0.67449, 0, 0.67449], n_averaged=math.inf) == pytest.approx((0, 1), abs=1e-3)
    # No averaged power has a median of 0: the difference of two spectra is taken for Gaussian.
    assert estimate_noise(ideal_sample(stats.norm(0, 3))) == pytest.approx((0, 3), abs=0.01)


@pytest.mark.parametrize("n_averaged", SHAPES)
@pytest.mark.parametrize("known", [True, False])
def test_scipy_s_mean_and_sigma_are_found_for_any_averaging(n_averaged, known):
    noise = power_of(n_averaged)
    center, sigma = estimate_noise(ideal_sample(noise), n_averaged=n_averaged if known else None)
    assert center == pytest.approx(noise.mean(), abs=0.003 * noise.std())
    assert sigma == pytest.approx(noise.std(), rel=0.003)


@pytest.mark.parametrize("n_averaged", SHAPES)
@pytest.mark.parametrize("known", [True, False])
def test_strong_interference_in_every_twentieth_channel_hardly_moves_it(n_averaged, known):
    rng = np.random.default_rng(3)
    noise = power_of(n_averaged)
    values = noise.rvs(100_000, random_state=rng)
    values[::20] += 1e6 * noise.std()
    center, sigma = estimate_noise(values, n_averaged=n_averaged if known else None)
    assert center == pytest.approx(noise.mean(), abs=0.02 * noise.std())
    assert sigma == pytest.approx(noise.std(), rel=0.02)


@pytest.mark.parametrize("level", [0.0, 1e12])
def test_a_third_of_all_channels_may_be_dead_or_saturated(level):
    values = power_of(816).rvs(30_000, random_state=np.random.default_rng(4))
    values[::3] = level
    center, sigma = estimate_noise(values)
    assert center == pytest.approx(1, abs=0.03 / math.sqrt(816))
    assert sigma == pytest.approx(1 / math.sqrt(816), rel=0.03)


@given(
    scale=st.floats(1e-6, 1e9),
    offset=st.floats(-100, 100),
    n_averaged=st.sampled_from([0.5, 1, 51, math.inf]),
)
def test_scale_and_offset_come_out_as_they_went_in(scale, offset, n_averaged):
    values = ideal_sample(power_of(4), 501)
    center, sigma = estimate_noise(values, n_averaged=n_averaged)
    moved = estimate_noise((values + offset) * scale, n_averaged=n_averaged)
    assert moved == pytest.approx(((center + offset) * scale, sigma * scale), rel=1e-6, abs=1e-7 * scale)


def test_any_shape_and_type_will_do_and_the_input_stays_as_it_is():
    values = ideal_sample(power_of(51)).astype(np.float32)[:20_000].reshape(4, -1)
    values[0, :3] = np.nan, np.inf, -np.inf
    before = values.copy()
    assert estimate_noise(values) == pytest.approx((1, 1 / math.sqrt(51)), rel=0.01)
    np.testing.assert_array_equal(values, before)
    # Eight-bit samples have an offset of their own.
    eight_bits = np.rint(ideal_sample(stats.norm(96, 24)).clip(0, 255)).astype(np.uint8)
    assert estimate_noise(eight_bits, n_averaged=math.inf) == pytest.approx((96, 24), rel=0.02)


@pytest.mark.parametrize(
    ("values", "more", "message"),
    [
        ([], {}, "at least one finite value, found none among 0"),
        ([math.nan] * 5, {}, "at least one finite value, found none among 5"),
        ([7.0] * 9, {}, "values that scatter, found half or more of 9 equal to 7.0"),
        ([1, 2, 3], {"n_averaged": 0}, "n_averaged above 0, found 0"),
        ([1, 2, 3], {"n_averaged": math.nan}, "n_averaged above 0, found nan"),
    ],
)
def test_what_has_no_noise_is_refused(values, more, message):
    with pytest.raises(NoiseError, match=message):
        estimate_noise(values, **more)


def test_noise_made_by_setigen():
    setigen = pytest.importorskip("setigen")
    # df x dt = 51 spectra, of two polarisations: 102 squared moduli.
    frame = setigen.Frame(fchans=65536, tchans=16, df=2.7939677, dt=51 / 2.7939677, fch1=6e9, seed=5)
    frame.add_noise(x_mean=10, noise_type="chi2")
    assert frame.df * frame.dt == pytest.approx(51)
    assert estimate_noise(frame.data) == pytest.approx((10, 10 / math.sqrt(102)), rel=0.005)


# --- the bandpass


@pytest.mark.parametrize(
    ("n_chan", "foff_hz", "tsamp_s"),
    [(2**18, 2.79, 18.25), (2**10, 2861.0, 1.074)],
    ids=["3 Hz", "3 kHz"],
)
def test_the_response_is_found_under_tones_and_a_dc_spike(n_chan, foff_hz, tsamp_s):
    truth = coarse_bandpass(n_chan)
    observed = simulate_noise(16, n_chan, foff_hz=foff_hz, tsamp_s=tsamp_s, bandpass=truth, seed=6)
    sigma = 1 / math.sqrt(16 * round(foff_hz * tsamp_s))
    observed = add_tone(observed, observed.header.frequency_mhz(n_chan // 3), power=50)
    observed = add_tone(observed, observed.header.frequency_mhz(n_chan // 2), power=1000)
    error = (bandpass(observed) / truth - 1) / sigma
    # The median of 16 channels scatters by 1.25 sigma / sqrt(16), and the edges are steep.
    assert np.abs(error).max() < 2.5
    assert np.std(error) < 0.4


def test_a_flattened_spectrogram_has_the_radiometer_s_scatter_at_every_edge():
    observed = simulate_noise(16, 2**18, bandpass=7 * coarse_bandpass(2**18), seed=7)
    flat = flatten(observed)
    assert flat.header == observed.header
    assert flat.power.dtype == np.float32
    for part in (flat.power[:, :4096], flat.power[:, 100_000:104_096], flat.power[:, -4096:]):
        assert part.mean() == pytest.approx(1, abs=0.005)
        assert part.std() == pytest.approx(1 / math.sqrt(51), rel=0.02)


def test_blocks_of_16_channels_take_less_than_a_tenth_off_the_scatter():
    found = []
    for seed in range(8):
        observed = simulate_noise(16, 2**10, foff_hz=2861.0, tsamp_s=1.074, seed=seed).average(n_time=16)
        found.append(estimate_noise(flatten(observed).power)[1] * math.sqrt(16 * 3073))
    assert np.mean(found) == pytest.approx(0.95, abs=0.05)


def test_block_medians_by_hand():
    # Medians of the blocks 1 2 90, 4 5 6 and 7 8 9 are 2, 5 and 8 at their centres 1, 4 and 7: a line.
    header = replace(simulate_noise(1, 9).header, n_time=1)
    observed = Spectrogram(np.array([[1, 2, 90, 4, 5, 6, 7, 8, 9]]), header)
    assert bandpass(observed, block_chan=3) == pytest.approx(np.arange(1, 10), rel=1e-12)
    assert bandpass(observed, block_chan=100) == pytest.approx(np.full(9, 6.0))
    assert flatten(observed, block_chan=3).power[0] == pytest.approx([1, 1, 30, 1, 1, 1, 1, 1, 1])


def test_blanked_and_dead_channels():
    power = np.full((2, 64), 3.0)
    power[:, 16:32] = np.nan
    observed = Spectrogram(power, simulate_noise(2, 64).header)
    assert bandpass(observed, block_chan=16) == pytest.approx(np.full(64, 3.0))
    power[:, 16:32] = [0.0] * 14 + [3.0] * 2
    flat = flatten(replace(observed, power=power), block_chan=16)
    assert flat.power[0] == pytest.approx(np.repeat([1.0, 0.0, 1.0], [16, 14, 34]))


def test_each_coarse_channel_has_a_curve_of_its_own():
    # Blocks of two: one coarse channel falls from 8 by 1 a channel, the next rises from 11 by 2.
    power = np.array([[8, 7, 6, 5, 4, 3, 11, 13, 15, 17, 19, 21]])
    observed = Spectrogram(power, simulate_noise(1, 12).header)
    assert bandpass(observed, n_coarse=2, block_chan=2) == pytest.approx(power[0])
    # One curve for both is rounded where they meet.
    assert bandpass(observed, block_chan=2)[5] > 3.5


def test_a_bandpass_that_cannot_be_is_refused():
    observed = simulate_noise(2, 32)
    for n_coarse in (0, -1, 5):
        with pytest.raises(NoiseError, match=f"divide the 32 channels evenly, found {n_coarse}"):
            bandpass(observed, n_coarse=n_coarse)
    with pytest.raises(NoiseError, match="block_chan of at least 1, found 0"):
        bandpass(observed, block_chan=0)
    with pytest.raises(NoiseError, match="expected power above 0, found none in 32 channels"):
        flatten(replace(observed, power=np.full((2, 32), np.nan)))


# --- a real receiver


def test_real_noise_from_green_bank_is_that_of_its_averages(mirror):
    observed = read_spectrogram(mirror / "gbt_sgr_b2/sample.fil")
    # 1.397 Hz x 1.4317 s = 2 spectra in each of two polarisations: 4 squared moduli, sigma 1/2.
    center, sigma = estimate_noise(flatten(observed).power)
    assert sigma / center == pytest.approx(0.5, rel=0.05)
    assert center == pytest.approx(flatten(observed).power.mean(dtype=float), rel=0.015)
