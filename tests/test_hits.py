"""Hits above a threshold: merging by hand, counts against scipy, setigen's tones, Voyager itself."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from setilearn.errors import NoiseError, SearchError
from setilearn.noise import flatten
from setilearn.read.filterbank import read_spectrogram
from setilearn.search.threshold import false_alarms, find_hits
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone
from setilearn.simulate.voyager import simulate_voyager
from setilearn.spectrogram import SECONDS_PER_DAY, Header, Spectrogram
from setilearn.tables import HITS
from setilearn.telescope import coarse_bandpass

# Median and MAD of exponential noise of mean 1 and sigma 1 (test_noise.py): the snr of power p is p - 1.
MEDIAN, MAD = math.log(2), math.asinh(0.5)
HEADER = Header(
    source_name="by hand",
    telescope="GBT",
    ra_deg=0.0,
    dec_deg=0.0,
    fch1_mhz=1000.0,
    foff_hz=2.0,
    tsamp_s=10.0,
    tstart_mjd=60000.0,
    n_time=1,
    n_chan=120,
)


def by_hand(snrs, n_time=1):
    """Noise of mean 1 and sigma 1, with signals of these SNRs, ``{(row, channel): snr}``."""
    power = np.tile([MEDIAN - MAD, MEDIAN, MEDIAN + MAD], (n_time, 40))
    for place, snr in snrs.items():
        power[place] = 1 + snr
    return Spectrogram(power, replace(HEADER, n_time=n_time))


def test_neighbouring_channels_are_one_hit():
    # Above 10: 20 to 22 with its peak in 21; 24 joins over the one channel between; 27 is two away.
    snrs = {20: 12, 21: 30, 22: 15, 23: 9, 24: 11, 27: 40, 60: 9.5}
    hits = find_hits(by_hand({(0, channel): snr for channel, snr in snrs.items()}))
    assert [column.name for column in HITS] == list(hits.columns)
    assert hits["channel"].tolist() == [21, 27]
    assert hits["frequency_mhz"].tolist() == pytest.approx([1000.000042, 1000.000054], abs=1e-12)
    assert hits["snr"].tolist() == pytest.approx([30, 40], rel=1e-3)
    assert hits["width_hz"].tolist() == [10.0, 2.0]  # five channels of 2 Hz, and one
    assert hits["drift_hz_s"].tolist() == [0, 0]
    assert hits["tstart_mjd"].tolist() == [60000, 60000]
    assert hits["source_name"].tolist() == ["by hand"] * 2


@pytest.mark.parametrize(("max_gap", "channels"), [(0, [21, 24, 27]), (1, [21, 27]), (2, [27])])
def test_max_gap_says_how_far_apart_neighbours_may_be(max_gap, channels):
    snrs = {(0, 20): 12, (0, 21): 30, (0, 22): 15, (0, 24): 11, (0, 27): 40}
    assert find_hits(by_hand(snrs), max_gap=max_gap)["channel"].tolist() == channels


def test_the_first_of_two_equal_peaks_and_both_ends_of_the_band():
    hits = find_hits(by_hand({(0, 0): 20, (0, 50): 20, (0, 51): 20, (0, 119): 20}))
    assert hits["channel"].tolist() == [0, 50, 119]


def test_each_integration_has_hits_of_its_own():
    # The last channel of one row and the first of the next are no neighbours.
    observed = by_hand({(0, 119): 20, (1, 0): 50, (2, 70): 30, (0, 70): 25}, n_time=3)
    hits = find_hits(observed, average_time=False)
    assert hits["channel"].tolist() == [0, 70, 70, 119]
    rows = (hits["tstart_mjd"] - 60000) * SECONDS_PER_DAY / 10
    assert rows.tolist() == pytest.approx([1, 0, 2, 0], abs=1e-5)
    assert hits["snr"].tolist() == pytest.approx([50, 25, 30, 20], rel=1e-3)


def test_a_steady_tone_stands_out_best_in_the_average_and_a_brief_one_in_its_integration():
    noise = simulate_noise(16, 2**14, seed=1)
    steady = add_tone(noise, noise.header.frequency_mhz(5000), snr=20)
    assert find_hits(steady)["channel"].tolist() == [5000]
    # Each of 16 integrations has a quarter of the SNR of their sum.
    assert find_hits(steady, average_time=False).empty
    brief = replace(noise, power=noise.power.copy())
    brief.power[7, 9000] += 30 / math.sqrt(51)
    assert find_hits(brief).empty  # 30 / sqrt(16) = 7.5
    (hit,) = find_hits(brief, average_time=False).itertuples()
    assert (hit.channel, hit.snr) == (9000, pytest.approx(30, abs=4))
    assert hit.tstart_mjd == pytest.approx(noise.header.tstart_mjd + 7 * noise.header.tsamp_s / 86400)


def test_the_bandpass_makes_no_hits_and_hides_none():
    # Twice as much power in the middle as at the edges, where the tone is.
    noise = simulate_noise(16, 2**16, bandpass=1000 * coarse_bandpass(2**16), seed=2)
    observed = replace(noise, power=noise.power.copy())
    # At channel 100 the response is some half: 20 standard deviations of the average.
    observed.power[:, 100] += 1000 * coarse_bandpass(2**16)[100] * 20 / math.sqrt(16 * 51)
    (hit,) = find_hits(observed).itertuples()
    assert (hit.channel, hit.snr) == (100, pytest.approx(20, abs=4))


@pytest.mark.parametrize("average_time", [True, False])
def test_nothing_found_is_an_empty_table_with_its_columns(average_time):
    hits = find_hits(simulate_noise(16, 2**14, seed=3), average_time=average_time)
    assert hits.empty
    assert [(name, str(dtype)) for name, dtype in hits.dtypes.items()] == [
        (column.name, column.dtype) for column in HITS
    ]


@pytest.mark.parametrize(
    ("n_coarse", "found"),
    [
        (None, [30, 60, 89, 99, 110]),
        (1, [30, 89, 99, 110]),  # without 59 and 60
        (2, [60, 99, 110]),  # without 29, 30 and 89, 90
        (8, [30, 60, 89, 99, 110]),  # coarse channels of 15: without 7, 22, 37, 52, 67, 82, 97, 112
    ],
)
def test_dc_spikes_are_left_out_where_asked_for(n_coarse, found):
    observed = by_hand({(0, channel): 20 for channel in (30, 60, 89, 99, 110)})
    assert find_hits(observed, n_coarse=n_coarse)["channel"].tolist() == found


def test_the_dc_spike_of_a_whole_coarse_channel():
    observed = simulate_voyager()
    dc_mhz = 8419.921874  # lesson 02: the centre of the band
    found = find_hits(observed)["frequency_mhz"]
    assert (abs(found - dc_mhz) < 1e-5).sum() == 1
    assert not (abs(find_hits(observed, n_coarse=1)["frequency_mhz"] - dc_mhz) < 1e-5).any()


def test_the_input_stays_as_it_is():
    observed = by_hand({(0, 60): 30})
    before = observed.power.copy()
    find_hits(observed, n_coarse=1)
    np.testing.assert_array_equal(observed.power, before)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"snr": 0}, "snr above 0, found 0"),
        ({"snr": math.nan}, "snr above 0, found nan"),
        ({"max_gap": -1}, "max_gap of at least 0, found -1"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(more, message):
    with pytest.raises(SearchError, match=message):
        find_hits(by_hand({}), **more)


def test_data_without_noise_are_refused():
    with pytest.raises(NoiseError, match="scatter"):
        find_hits(Spectrogram(np.ones((1, 120)), HEADER))


# --- false alarms


def test_false_alarms_of_unaveraged_noise_by_hand():
    # n = 1: mean and sigma 1, and exp(-p) of all values lie above p; at 10 sigma p = 11.
    expected = false_alarms(1e9, 10, 1)
    assert expected.chi_squared == pytest.approx(1e9 * math.exp(-11), rel=1e-12)
    assert expected.chi_squared == pytest.approx(16_702, abs=1)
    assert expected.gaussian == pytest.approx(7.62e-15, rel=1e-3)  # Q(10) = 7.62e-24


@pytest.mark.parametrize("n_averaged", [1, 2, 51, 816, 3072, 50_000])
def test_false_alarms_are_scipy_s_survival_functions(n_averaged):
    snr = np.array([-2.0, 0.0, 3.0, 5.0, 10.0])
    expected = false_alarms(2e6, snr, n_averaged)
    power = stats.gamma(n_averaged, scale=1 / n_averaged)
    assert expected.chi_squared == pytest.approx(2e6 * power.sf(1 + snr * power.std()), rel=1e-6)
    assert expected.gaussian == pytest.approx(2e6 * stats.norm.sf(snr), rel=1e-9)
    assert (expected.chi_squared[3:] > expected.gaussian[3:]).all()


@pytest.mark.parametrize(("tsamp_s", "snr"), [(51 / 2.7939677238464355, 5.0), (0.35, 10.0), (0.35, 7.0)])
def test_as_many_hits_in_pure_noise_as_expected(tsamp_s, snr):
    noise = simulate_noise(16, 2**16, tsamp_s=tsamp_s, seed=4)
    n_averaged = max(1, round(noise.header.foff_hz * tsamp_s))
    found = find_hits(noise, snr, average_time=False, max_gap=0)
    expected = false_alarms(noise.power.size, snr, n_averaged)
    # Poisson: within four times its square root. That noise and bandpass are measured adds 5 %.
    margin = 4 * math.sqrt(expected.chi_squared) + 0.05 * expected.chi_squared
    assert len(found) == pytest.approx(expected.chi_squared, abs=margin)
    assert len(found) > 10 * expected.gaussian


@pytest.mark.parametrize(
    ("args", "message"),
    [((-1, 10, 1), "n_samples of at least 0, found -1"), ((1, 10, 0), "n_averaged above 0, found 0")],
)
def test_false_alarms_of_what_cannot_be_are_refused(args, message):
    with pytest.raises(SearchError, match=message):
        false_alarms(*args)


# --- narrow signals in wide channels, other programs, other products, the sky


def test_snr_in_a_channel_1024_times_as_wide_is_32_times_less():
    noise = simulate_noise(16, 2**20, seed=5)
    fine = add_tone(noise, noise.header.frequency_mhz(500_100), snr=640)
    (narrow,) = find_hits(fine).itertuples()
    (wide,) = find_hits(fine.average(n_chan=1024)).itertuples()
    assert wide.channel == 500_100 // 1024
    # Either SNR scatters by about 1.
    assert narrow.snr == pytest.approx(640, abs=12)
    assert wide.snr == pytest.approx(640 / 32, abs=4)


def test_the_3_khz_product_with_its_bandpass():
    shape = np.tile(coarse_bandpass(1024), 4)
    noise = simulate_noise(64, 4096, foff_hz=2861.0, tsamp_s=1.074, bandpass=shape, seed=6)
    observed = replace(noise, power=noise.power.copy())
    observed.power[:, 700] += shape[700] * 30 / math.sqrt(64 * 3073)
    observed.power[20, 3000] += shape[3000] * 30 / math.sqrt(3073)
    # Four coarse channels meet at 1024, 2048 and 3072, where the response turns sharply.
    assert find_hits(observed, n_coarse=4)["channel"].tolist() == [700]
    assert find_hits(observed, n_coarse=4, average_time=False)["channel"].tolist() == [3000]


def test_tones_made_by_setigen_are_found_where_they_are():
    setigen = pytest.importorskip("setigen")
    frame = setigen.Frame(fchans=16384, tchans=16, df=2.7939677, dt=18.253611, fch1=6e9, seed=7)
    frame.add_noise(x_mean=10, noise_type="chi2")
    for channel in (1000, 9000, 16000):
        frame.add_constant_signal(
            f_start=frame.get_frequency(channel),
            drift_rate=0.0,
            level=frame.get_intensity(snr=40),
            width=frame.df,
            f_profile_type="box",
        )
    header = replace(HEADER, n_time=16, n_chan=16384, foff_hz=frame.df, tsamp_s=frame.dt)
    hits = find_hits(Spectrogram(frame.data, header))
    assert hits["channel"].tolist() == [1000, 9000, 16000]
    # setigen's SNR is that of the sum over time as well.
    assert hits["snr"].tolist() == pytest.approx([40] * 3, abs=5)


def test_voyager_s_carrier_is_found(mirror):
    observed = read_spectrogram(mirror / "voyager1_2016/voyager1_carrier_8419.2970.fil")
    # turbo_seti: 8419.297028 MHz at the start, -0.377557 Hz/s: 103 Hz lower after 15 integrations.
    (averaged,) = find_hits(observed).itertuples()
    assert 8419.297028 - 115e-6 < averaged.frequency_mhz < 8419.297031
    assert averaged.width_hz == pytest.approx(110, abs=15)
    each = find_hits(observed, average_time=False).sort_values("tstart_mjd")
    assert len(each) == 16
    assert each["frequency_mhz"].iloc[0] == pytest.approx(8419.297028, abs=2.8e-6)
    seconds = (each["tstart_mjd"] - observed.header.tstart_mjd) * SECONDS_PER_DAY
    drift_hz_s = np.polyfit(seconds, each["frequency_mhz"] * 1e6, 1)[0]
    assert drift_hz_s == pytest.approx(-0.377557, abs=0.0102)
    assert each["snr"].min() > averaged.snr


def test_real_noise_makes_the_false_alarms_of_its_distribution(mirror):
    observed = read_spectrogram(mirror / "gbt_sgr_b2/sample.fil")
    assert find_hits(observed).empty
    # Four squared moduli in each sample: scipy expects 3 above 6 sigma, and one in 30,000 for a Gaussian.
    found = find_hits(observed, 6, average_time=False)
    expected = observed.power.size * stats.gamma(4, scale=1 / 4).sf(1 + 6 / 2)
    assert len(found) == pytest.approx(expected, abs=3 * math.sqrt(expected))
    assert len(found) > 0
    assert flatten(observed).power.max() > 1 + 6 / 2


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_lost_samples_are_no_hits_and_hide_none(value):
    noise = simulate_noise(16, 4096, seed=3)
    power = add_tone(noise, noise.header.frequency_mhz(2000), snr=60).power.copy()
    whole = find_hits(Spectrogram(power, noise.header))
    power[10:, :] = value
    power[:, 100:140] = value
    hits = find_hits(Spectrogram(power, noise.header))
    assert hits["channel"].tolist() == whole["channel"].tolist() == [2000]
    # Of 16 integrations 10 are left.
    assert hits["snr"][0] == pytest.approx(whole["snr"][0] * math.sqrt(10 / 16), abs=4)
