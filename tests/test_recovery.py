"""Injection and recovery: tones by setilearn's own definition, intervals by scipy's."""

import numpy as np
import pytest
from scipy.stats import binomtest

import setilearn as sl
from setilearn.errors import SearchError
from setilearn.search.recovery import completeness, inject_tones, match_hits
from setilearn.tables import HITS, table

FOFF_HZ, TSAMP_S = 2.0, 10.0


def flat_noise(n_chan=4096, n_time=8):
    return sl.simulate_noise(n_time, n_chan, fch1_mhz=1000.0, foff_hz=FOFF_HZ, tsamp_s=TSAMP_S, seed=3)


def hit(frequency_mhz, drift_hz_s, snr=20.0):
    return {
        "source_name": "x",
        "scan": 0,
        "tstart_mjd": 6e4,
        "frequency_mhz": frequency_mhz,
        "drift_hz_s": drift_hz_s,
        "snr": snr,
        "width_hz": FOFF_HZ,
        "channel": 0,
        "path": "",
    }


def test_tones_are_added_where_and_as_strong_as_the_table_says():
    noise = flat_noise()
    before = noise.power.copy()
    sky, tones = inject_tones(noise, snr=[100, 200], drift_hz_s=[0, -0.5], seed=5)
    added = sky.power.astype(float) - before
    assert np.array_equal(noise.power, before)
    # The whole power of a tone in one integration: snr * sigma / sqrt(n_time), sigma = 1 / sqrt(20).
    halves = added[:, :2048].sum(axis=1), added[:, 2048:].sum(axis=1)
    assert halves[0] == pytest.approx(100 / np.sqrt(20) / np.sqrt(8), rel=0.03)
    assert halves[1] == pytest.approx(200 / np.sqrt(20) / np.sqrt(8), rel=0.03)
    # The middle of the power in the first and in the last integration, 70 s later.
    for row, elapsed_s in ((0, 0.0), (7, 70.0)):
        middle = (added[row, 2048:] * np.arange(2048, 4096)).sum() / added[row, 2048:].sum()
        expected_mhz = tones["frequency_mhz"][1] - 0.5 * elapsed_s / 1e6
        assert noise.header.frequency_mhz(middle) == pytest.approx(expected_mhz, abs=1e-6)


def test_tones_of_one_seed_stay_in_their_lanes_and_are_the_same_again():
    noise = flat_noise()
    # Lanes of 315 channels for tracks of 160 at most, and 64 on either side: there is little to spare.
    drift_hz_s = np.linspace(-4, 4, 13)
    sky, tones = inject_tones(noise, snr=50, drift_hz_s=drift_hz_s, seed=1)
    start = (tones["frequency_mhz"] - noise.header.band_mhz[0]) * 1e6 / FOFF_HZ
    for channel in (start, start + drift_hz_s * 70 / FOFF_HZ):
        assert (channel // (4096 / 13)).tolist() == list(range(13))
    assert np.array_equal(inject_tones(noise, snr=50, drift_hz_s=drift_hz_s, seed=1)[0].power, sky.power)
    assert not np.array_equal(inject_tones(noise, snr=50, drift_hz_s=drift_hz_s, seed=2)[0].power, sky.power)


def test_too_many_tones_are_refused():
    # 8 x 10 s x 4 Hz/s are 160 channels, and 64 on either side: 288 for a lane, 256 are there.
    with pytest.raises(SearchError, match="expected lanes of 288 channels or more, found 256"):
        inject_tones(flat_noise(), snr=50, drift_hz_s=np.full(16, 4.0))


def test_what_is_injected_is_found_by_the_search():
    noise = flat_noise(2**15, 16)
    sky, tones = inject_tones(noise, snr=60, drift_hz_s=np.linspace(-0.4, 0.4, 20), seed=2)
    matched, n_false = match_hits(tones, sl.search_drift(sky, 1.0, 10), sky.header)
    assert matched["found"].all()
    assert n_false == 0
    # 2 channels are swept at most: shares 1/4, 1/2, 1/4 at worst, whose matched sum keeps the root of 3/8.
    # Three sigmas either way are the noise's.
    assert ((matched["hit_snr"] > 60 * np.sqrt(3 / 8) - 3) & (matched["hit_snr"] < 63)).all()


def test_a_hit_must_fit_the_track_at_both_ends():
    tones = inject_tones(flat_noise(), snr=50, drift_hz_s=0.1)[1]
    f_mhz = tones["frequency_mhz"][0]
    # Allowed are 2 channels of 2 Hz and a sweep of 0.1 Hz/s x 10 s: 5 Hz. The last integration is 70 s later.
    fitting = table(HITS, [hit(f_mhz + 4.9e-6, 0.1, 20.0), hit(f_mhz, 0.1 + 4.9 / 70, 30.0)])
    matched, n_false = match_hits(tones, fitting, flat_noise().header)
    assert matched["found"].tolist() == [True]
    assert matched["hit_snr"].tolist() == [30.0]
    assert n_false == 0
    strangers = table(HITS, [hit(f_mhz + 5.1e-6, 0.1), hit(f_mhz, 0.1 + 5.1 / 70)])
    matched, n_false = match_hits(tones, strangers, flat_noise().header)
    assert matched["found"].tolist() == [False]
    assert np.isnan(matched["hit_snr"][0])
    assert n_false == 2


def test_no_hits_at_all_find_nothing():
    tones = inject_tones(flat_noise(), snr=[50, 60], drift_hz_s=0)[1]
    matched, n_false = match_hits(tones, table(HITS), flat_noise().header)
    assert matched["found"].tolist() == [False, False]
    assert n_false == 0


def test_completeness_counts_and_its_interval_is_wilson_s():
    values = np.repeat([1.0, 2.0, 3.0, 9.0], [10, 4, 20, 5])
    found = np.arange(values.size) % 3 == 0
    found[10:14] = True
    bins = completeness(values, found, [1, 2, 3, 4, 5])
    assert bins["n"].tolist() == [10, 4, 20, 0]
    assert bins["n_found"].tolist() == [4, 4, 7, 0]  # multiples of 3 in 0..9, and in 14..33
    for row in bins[:3].itertuples():
        expected = binomtest(row.n_found, row.n).proportion_ci(0.682689492137, method="wilson")
        assert (row.share_low, row.share_high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert bins.loc[3, ["share", "share_low", "share_high"]].isna().all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [True], [0, 3]), "found 1 and 2"),
        (([1], [True], [3, 0]), "that ascend"),
        (([1], [True], [3]), "two edges or more"),
    ],
)
def test_completeness_refuses_what_makes_no_sense(arguments, message):
    with pytest.raises(SearchError, match=message):
        completeness(*arguments)


def test_a_share_lies_in_its_own_interval():
    """Where all or none are found it is the interval's end, and rounding must not push it out."""
    for n in range(1, 300):
        for found in (np.zeros(n, dtype=bool), np.ones(n, dtype=bool)):
            (row,) = completeness(np.zeros(n), found, [-1, 1]).itertuples()
            assert 0 <= row.share_low <= row.share <= row.share_high <= 1
