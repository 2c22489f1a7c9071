"""The search on data a little different: other levels, lost samples, bursts, coarse counts, band edges.

Noise and tones are drawn here by NumPy alone, after the radiometer's formula: chi-squared of 51 averages,
one channel wide, smeared over what a tone crosses in an integration. "Ideal" is the
matched sum over what was added.
"""

import time
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import setilearn as sl
from setilearn.errors import LostDataWarning, SearchError
from setilearn.search.levels import measure_levels

FOFF_HZ, TSAMP_S, N_AVERAGED, N_CHAN = 2.7939677238464355, 18.253611008, 51, 16_384
few = settings(max_examples=12, deadline=None)


def noise(seed=0, n_time=16, n_chan=N_CHAN, n_averaged=N_AVERAGED):
    values = np.random.default_rng(seed).gamma(n_averaged, 1 / n_averaged, (n_time, n_chan))
    return values.astype(np.float32)


def tone(shape, channel, drift_hz_s, snr, n_averaged=N_AVERAGED):
    """What a tone adds, ``channel`` its middle in the first integration, ``snr`` that of the same at rest."""
    power, per = np.zeros(shape, np.float32), drift_hz_s * TSAMP_S / FOFF_HZ
    width, level = max(abs(per), 1.0), snr / np.sqrt(n_averaged * shape[0])
    edges = np.arange(shape[1] + 1)
    for t in range(shape[0]):
        low = channel + 0.5 + per * t - width / 2
        covered = np.clip(edges, low, low + width)
        power[t] = np.diff(covered) * level * max(abs(per), 1.0) / width
    return power


def ideal(added, n_averaged=N_AVERAGED):
    return float(np.sqrt((added.astype(float) ** 2).sum() * n_averaged))


def search(power, snr=10.0, foff_hz=FOFF_HZ, tsamp_s=TSAMP_S, **options):
    header = sl.Header("S", "GBT", 0.0, 0.0, 8400.0, foff_hz, tsamp_s, 60000.0, *power.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LostDataWarning)
        return sl.search_drift(sl.Spectrogram(power, header), snr=snr, progress=False, **options)


def the_tone(hits, channel, width=2):
    """The one hit, which lies at the tone."""
    assert hits["channel"].tolist() == [pytest.approx(channel, abs=width)]
    return hits.iloc[0]


# Levels


@few
@given(
    seed=st.integers(0, 10**6),
    n_chan=st.sampled_from([300, 4096, 8191, 8192, N_CHAN]),
    log_scale=st.floats(-30, 30),
    offset=st.floats(-100, 100),
)
def test_neither_scale_nor_offset_changes_a_hit(seed, n_chan, log_scale, offset):
    power = noise(seed, n_chan=n_chan)
    power += tone(power.shape, n_chan // 3, 0.1, 60)
    expected = the_tone(search(power), n_chan // 3)
    for changed in (power * np.float32(10.0**log_scale), power + np.float32(offset)):
        found = the_tone(search(changed), n_chan // 3)
        assert found["snr"] == pytest.approx(expected["snr"], rel=2e-3)
        assert found["drift_hz_s"] == pytest.approx(expected["drift_hz_s"], abs=0.01)


@pytest.mark.parametrize("n_chan", [4096, N_CHAN])
@pytest.mark.parametrize(
    ("what", "share"),
    [
        (lambda power: power - noise(99, n_chan=power.shape[1]), 1 / np.sqrt(2)),
        (lambda power: (power - power.mean()) / power.std(), 1),
        # Products of two polarisations: about zero, positive and negative.
        (lambda power: power - 1 + 0 * power, 1),
    ],
)
def test_differences_and_standardised_data(n_chan, what, share):
    power, added = noise(1, n_chan=n_chan), tone((16, n_chan), 1500, 0.2, 60)
    assert the_tone(search(what(power + added)), 1500)["snr"] == pytest.approx(share * ideal(added), rel=0.08)


def test_decibels_show_the_tone_once():
    power = noise(1) + tone((16, N_CHAN), 1500, 0.2, 60)
    the_tone(search(10 * np.log10(power)), 1500)


@pytest.mark.parametrize("n_averaged", [1, 2, 4, 13, 51, 816])
def test_an_snr_is_in_true_standard_deviations_for_any_averaging(n_averaged):
    found = []
    for seed in range(12):
        power = noise(seed, n_averaged=n_averaged)
        power[:, 5000] += 60 / np.sqrt(16 * n_averaged)
        found.append(the_tone(search(power), 5000)["snr"])
    assert np.mean(found) == pytest.approx(60, rel=0.03)


@pytest.mark.parametrize("n_averaged", [1, 3, 20])
def test_levels_are_mean_and_sigma_of_the_distribution(n_averaged):
    levels = measure_levels(noise(3, n_chan=2**17, n_averaged=n_averaged))
    assert levels.mean.mean() == pytest.approx(1, abs=0.005 / np.sqrt(n_averaged))
    assert 1 / levels.gain.mean() == pytest.approx(1 / np.sqrt(n_averaged), rel=0.01)


# Samples that are no measurement


@few
@given(data=st.data(), value=st.sampled_from([np.nan, np.inf, 0.0]))
def test_lost_samples_cost_what_they_held_and_nothing_else(data, value):
    seed = data.draw(st.integers(0, 10**6))
    first_row, first_channel = data.draw(st.integers(0, 15)), data.draw(st.integers(0, N_CHAN - 1))
    rows = slice(first_row, first_row + data.draw(st.integers(1, 9)))
    channels = slice(first_channel, first_channel + data.draw(st.integers(20, N_CHAN)))
    added = tone((16, N_CHAN), 6000, 0.2, 80)
    power = noise(seed) + added
    power[rows, channels], added[rows, channels] = value, 0
    hits = search(power)
    # Nine of sixteen integrations at most are lost.
    assert the_tone(hits, 6000)["snr"] == pytest.approx(ideal(added), rel=0.12)
    assert hits.attrs["lost"]


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_single_lost_samples(share):
    added, lost = tone((16, N_CHAN), 6000, 0.2, 80), np.random.default_rng(2).random((16, N_CHAN)) < share
    power = noise(1) + added
    power[lost], added[lost] = np.nan, 0
    assert the_tone(search(power), 6000)["snr"] == pytest.approx(ideal(added), rel=0.08)


def test_it_is_told_how_many_samples_are_lost_and_where():
    power = noise()
    power[3:5, 700:900] = np.nan
    header = sl.Header("S", "GBT", 0.0, 0.0, 8400.0, FOFF_HZ, TSAMP_S, 60000.0, *power.shape)
    with pytest.warns(
        LostDataWarning, match="400 of 262144 samples .* integrations 3 to 4, channels 700 to 899"
    ):
        sl.search_drift(sl.Spectrogram(power, header), progress=False)


def test_counts_may_be_zero():
    counts = np.random.default_rng(1).poisson(2.0, (16, N_CHAN)).astype(np.float32)
    counts[:, 5000] += 4
    hits = search(counts)
    assert hits.attrs["lost"] == ""
    assert the_tone(hits, 5000)["snr"] == pytest.approx(4 * 4 / np.sqrt(2), rel=0.1)


# Levels that change


GAINS = {
    "a step": np.where(np.arange(16) < 8, 1.0, 1.5),
    "a slope": np.linspace(1, 2, 16),
    "one integration": np.where(np.arange(16) == 5, 3.0, 1.0),
}


@pytest.mark.parametrize("gain", GAINS.values(), ids=GAINS)
@pytest.mark.parametrize("n_chan", [4096, N_CHAN])
def test_the_gain_may_change(gain, n_chan):
    added = tone((16, n_chan), 1500, 0.2, 60)
    power = ((noise(n_chan=n_chan) + added) * gain[:, None]).astype(np.float32)
    assert the_tone(search(power), 1500)["snr"] == pytest.approx(ideal(added), rel=0.08)


@few
@given(
    seed=st.integers(0, 10**6),
    rows=st.sets(st.integers(0, 15), min_size=1, max_size=5),
    sigmas=st.floats(1, 1e5),
    reach=st.sampled_from([(0, N_CHAN), (3000, 9000), (0, 2500)]),
)
def test_bursts_make_no_hits_and_hide_no_tone(seed, rows, sigmas, reach):
    added, power = tone((16, N_CHAN), 6000, 0.2, 80), noise(seed)
    for row in rows:
        power[row, slice(*reach)] += sigmas / np.sqrt(N_AVERAGED)
    assert the_tone(search(power + added), 6000)["snr"] > 0.75 * ideal(added)


@pytest.mark.parametrize(("row", "sigmas"), [(0, 10), (0, 20), (15, 1000), (7, 1e5)])
def test_a_bright_integration_takes_no_time(row, sigmas):
    power = noise(n_chan=2**17)
    power[row] += sigmas / np.sqrt(N_AVERAGED)
    search(noise())  # compiled
    start = time.monotonic()
    assert len(search(power)) == 0
    # Once it did not end; a plain search of as much takes a twentieth of a second.
    assert time.monotonic() - start < 20


def test_whatever_the_data_hold_a_search_ends_and_says_what_it_left_out():
    rng = np.random.default_rng(1)
    power = noise(n_chan=8192)
    power[rng.random(power.shape) < 0.02] += 30
    hits = search(power)
    assert "only the strongest 256" in hits.attrs["lost"]


RESPONSES = {
    "a ripple": lambda x, size: 1 + 0.4 * np.sin(2 * np.pi * x / size),
    "coarse channels, sharply filtered": lambda x, size: (
        1 / (1 + np.abs((x % size / size - 0.5) / 0.475) ** 40)
    ),
    "coarse channels, softly filtered": lambda x, size: (
        1 / (1 + np.abs((x % size / size - 0.5) / 0.475) ** 8)
    ),
    "steps": lambda x, size: 1.0 + x // size % 2,
}


@few
@given(
    seed=st.integers(0, 10**6),
    response=st.sampled_from(sorted(RESPONSES)),
    size=st.sampled_from([1000, 1024, 1900, 4096, 5000]),
    drift_hz_s=st.floats(-1, 1),
)
def test_no_response_of_a_receiver_makes_hits_or_hides_a_tone(seed, response, size, drift_hz_s):
    # Each tone in the middle of a coarse channel, away from steps and dips.
    start = (N_CHAN // 2 // size) * size + size // 2
    added = tone((16, N_CHAN), start, drift_hz_s, 80)
    shape = RESPONSES[response](np.arange(N_CHAN), size).astype(np.float32)
    found = the_tone(search((noise(seed) + added) * shape), start)
    assert found["snr"] == pytest.approx(ideal(added), rel=0.12)
    assert found["drift_hz_s"] == pytest.approx(drift_hz_s, abs=0.02)


@pytest.mark.parametrize("n_bits", [2, 4, 8])
def test_coarse_samples_show_what_they_hold(n_bits):
    middle, unit = 2 ** (n_bits - 1) - 0.5, 2 ** (n_bits - 2.5)

    def digitised(power):
        return np.clip(np.round((power - 1) * np.sqrt(N_AVERAGED) * unit + middle), 0, 2**n_bits - 1)

    clean = noise(5)
    # At rest and weak, so that little is cut off at the greatest count.
    power = clean.copy()
    power[:, 6000] += 40 / np.sqrt(16 * N_AVERAGED) / 4
    samples = digitised(clean)
    gained = (digitised(power)[:, 6000] - samples[:, 6000]).sum() / samples.std() / 4
    hits = search(digitised(power).astype(np.float32), snr=7)
    if gained > 9:
        assert hits["channel"].tolist() == [6000]
    assert len(search(samples.astype(np.float32))) == 0


@pytest.mark.parametrize("n_chan", [16, 20, 64, 300, 1000])
def test_few_channels(n_chan):
    power = noise(n_chan=n_chan)
    assert len(search(power)) == 0
    power[:, n_chan // 2] += 60 / np.sqrt(16 * N_AVERAGED)
    assert the_tone(search(power), n_chan // 2)["snr"] == pytest.approx(60, rel=0.25 if n_chan < 300 else 0.1)


def test_fewer_channels_than_tell_the_noise_are_refused():
    with pytest.raises(SearchError, match="expected 16 channels or more, .* found 15"):
        search(noise(n_chan=15))


@pytest.mark.parametrize("n_time", [2, 3, 7, 100, 500])
def test_few_and_many_integrations(n_time):
    power, added = noise(n_time=n_time, n_chan=4096), tone((n_time, 4096), 1500, 0.05, 60)
    assert the_tone(search(power + added), 1500)["snr"] == pytest.approx(ideal(added), rel=0.08)
    assert len(search(power)) == 0


def test_drifts_stay_in_the_range_that_was_asked_for():
    for seed in range(4):
        power = noise(seed, n_time=1024, n_chan=256, n_averaged=128)
        power[:, 100] += 0.05
        hits = search(power, foff_hz=366e3, tsamp_s=3.5e-4)
        assert len(hits) == 1
        assert hits["drift_hz_s"].abs().max() <= 4.0


# One answer


def test_the_size_of_blocks_changes_nothing():
    rng, power = np.random.default_rng(8), noise(3, n_chan=2**17)
    for start in range(2000, 2**17 - 2000, 4300):
        power += tone(power.shape, start + rng.uniform(), rng.uniform(-4, 4), np.exp(rng.uniform(2.5, 5)))
    whole = search(power)
    for n_chan in (4096, 20_000, 2**16):
        found = search(power, n_chan=n_chan)
        assert found["channel"].tolist() == whole["channel"].tolist()
        np.testing.assert_allclose(found["snr"], whole["snr"], rtol=1e-6)


@few
@given(seed=st.integers(0, 10**6), shift=st.integers(1, 3000))
def test_whole_channels_shift_the_hits_with_them(seed, shift):
    power = noise(seed) + tone((16, N_CHAN), 6000.3, 1.3, 90)
    hits, moved = search(power), search(np.roll(power, shift, axis=1))
    assert the_tone(moved, the_tone(hits, 6000)["channel"] + shift)["snr"] == pytest.approx(
        hits["snr"][0], rel=0.03
    )
    header = sl.Header("S", "GBT", 0.0, 0.0, 8400.0, FOFF_HZ, TSAMP_S, 60000.0, *power.shape)
    power[:, 9000] += 60 / np.sqrt(16 * N_AVERAGED)
    at, there = (
        sl.find_hits(sl.Spectrogram(values, header))["channel"].tolist()
        for values in (power, np.roll(power, shift, axis=1))
    )
    assert [channel + shift for channel in at] == there


@few
@given(
    seed=st.integers(0, 10**6),
    drift_hz_s=st.floats(0.3, 4),
    share=st.floats(0.35, 0.9),
    leaves=st.booleans(),
    above=st.booleans(),
)
def test_tones_that_leave_or_enter_the_band(seed, drift_hz_s, share, leaves, above):
    reach = drift_hz_s * TSAMP_S * 15 / FOFF_HZ
    # Rising ones leave above and enter below.
    if above:
        start, sign = (N_CHAN - reach * share, 1) if leaves else (N_CHAN + reach * (1 - share), -1)
    else:
        start, sign = (reach * share, -1) if leaves else (-reach * (1 - share), 1)
    added = tone((16, N_CHAN), start, sign * drift_hz_s, 100)
    hits = search(noise(seed) + added)
    strongest = hits.loc[hits["snr"].idxmax()]
    assert strongest["snr"] == pytest.approx(ideal(added), rel=0.12)
    assert strongest["drift_hz_s"] == pytest.approx(sign * drift_hz_s, abs=0.1)
    assert 0 <= strongest["channel"] < N_CHAN


@few
@given(
    seed=st.integers(0, 10**6),
    apart=st.integers(2, 9),
    snrs=st.tuples(st.floats(30, 300), st.floats(30, 300)),
)
def test_two_tones_at_rest_are_two_from_two_channels_on(seed, apart, snrs):
    power = noise(seed)
    for channel, snr in zip((6000, 6000 + apart), snrs, strict=True):
        power[:, channel] += snr / np.sqrt(16 * N_AVERAGED)
    hits = search(power)
    # At SNR 30 a sample is at 7 sigma: noise may win for a track that leaves the channel for an integration.
    assert hits["channel"].tolist() == [pytest.approx(6000, abs=1), pytest.approx(6000 + apart, abs=1)]
    assert hits["drift_hz_s"].tolist() == pytest.approx([0, 0], abs=1.01 * FOFF_HZ / (15 * TSAMP_S))
    assert hits["snr"].tolist() == [pytest.approx(snr, rel=0.02, abs=5) for snr in snrs]


@pytest.mark.parametrize("drift_hz_s", [0.5, 2.0])
def test_two_drifting_tones_closer_than_their_sweep_are_one_and_wider_ones_two(drift_hz_s):
    sweep = drift_hz_s * TSAMP_S / FOFF_HZ
    for apart, n_hits in ((0.4 * sweep, 1), (sweep + 4, 2)):
        both = sum(tone((16, N_CHAN), 6000 + more, drift_hz_s, 60) for more in (0, apart))
        hits = search(noise() + both)
        assert len(hits) == n_hits
        if n_hits == 1:
            assert hits["width_hz"][0] == pytest.approx((sweep + apart) * FOFF_HZ, abs=4 * FOFF_HZ)


def hits_and_kurtosis(power):
    header = sl.Header("S", "GBT", 0.0, 0.0, 8400.0, FOFF_HZ, TSAMP_S, 60000.0, *power.shape)
    spectrogram = sl.Spectrogram(power, header)
    hits = sl.search_drift(spectrogram, progress=False)
    return hits, sl.track_kurtosis(spectrogram, hits)


@pytest.mark.parametrize("n_on", [1, 2, 8])
def test_the_kurtosis_of_a_pulsed_hit_is_that_of_its_duty_cycle(n_on):
    added = tone((16, N_CHAN), 6000, 0.4, 4000)
    added[np.random.default_rng(n_on).permutation(16)[n_on:]] = 0
    hits, found = hits_and_kurtosis(noise() + added)
    share = n_on / 16
    expected = (1 - 6 * share * (1 - share)) / (share * (1 - share))
    assert found[hits["snr"].argmax()] == pytest.approx(expected, abs=0.1)


def test_the_kurtosis_of_a_steady_hit_is_that_of_noise():
    found = []
    for seed in range(40):
        hits, kurtosis = hits_and_kurtosis(noise(seed) + tone((16, N_CHAN), 6000.5, 0.0, 60))
        found.append(kurtosis[hits["snr"].argmax()])
    # Of 16 normal deviates the mean is -6 / 17, and the scatter about 0.8.
    assert np.mean(found) == pytest.approx(-6 / 17, abs=0.4)
    assert sl.track_kurtosis(sl.simulate_noise(n_time=16, n_chan=4096, seed=1), hits.iloc[:0]).shape == (0,)


def test_the_middle_of_a_coarse_channel_is_left_out_where_it_is_asked_for():
    power = noise()
    power[:, 4096] += 60 / np.sqrt(16 * N_AVERAGED)
    assert search(power)["channel"].tolist() == [4096]
    assert search(power, n_coarse=2)["channel"].tolist() == []
    assert search(power, n_coarse=1)["channel"].tolist() == [4096]
    with pytest.raises(SearchError, match="n_coarse: expected a number that divides 16384 channels, found 3"):
        search(power, n_coarse=3)
