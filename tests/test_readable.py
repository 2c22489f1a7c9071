"""The readable algorithms and the fast ones of the package find the same; one that is broken does not."""

import inspect
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import setilearn as sl
from setilearn.learn.image_lines import find_lines, measure_darkness
from setilearn.readable import align, cadence, drift, survey, threshold
from setilearn.spectrogram import SECONDS_PER_DAY
from setilearn.tables import HITS, table
from setilearn.tracks import channel_of

TWINS = (threshold, drift, cadence, align, survey)
few = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 10**6)


@pytest.mark.parametrize("twin", TWINS)
def test_a_twin_is_short(twin):
    assert len(Path(twin.__file__).read_text(encoding="utf-8").splitlines()) <= 60


def broken(twin, right, wrong):
    """The module with a piece of its source replaced."""
    source = inspect.getsource(twin)
    assert source.count(right) == 1
    names = {}
    exec(textwrap.dedent(source.replace(right, wrong)), names)
    return type("Broken", (), {name: staticmethod(value) for name, value in names.items() if callable(value)})


def fails(check, seeds):
    """Whether a check that holds for the twin fails for one of the seeds."""
    for seed in seeds:
        try:
            check(seed)
        except AssertionError:
            return True
    return False


# Threshold hits


def check_threshold(seed, twin=threshold):
    """Tones, some of them beside each other, above the threshold of 10 or well below it."""
    rng = np.random.default_rng(seed)
    spectrum = rng.normal(100.0, 1.0, 8192).astype(np.float32)
    channels = np.cumsum(rng.choice([1, 2, 3, 40], 60)) + 100
    spectrum[channels] += rng.choice([4.0, 30.0, 200.0], 60) + rng.random(60)
    found = twin.threshold_hits(spectrum)
    header = sl.simulate_noise(1, 8192).header
    hits = sl.find_hits(sl.Spectrogram(spectrum[None], header), block_chan=8192)
    assert [channel for channel, _ in found] == hits["channel"].tolist()
    # A median distance of 8192 values is known to 1.3 %; the fast one measures on less than all of them.
    np.testing.assert_allclose([ratio for _, ratio in found], hits["snr"], rtol=0.06)


@few
@given(seeds)
def test_threshold_hits(seed):
    check_threshold(seed)


# The drift search


def check_drift(seed, twin=drift):
    """Up to four tones in lanes of their own that drift by at most one channel an integration."""
    rng = np.random.default_rng(seed)
    spectrogram = sl.simulate_noise(16, 512, seed=seed, n_pol=4)
    header, n_tones = spectrogram.header, rng.integers(1, 5)
    step_hz_s = header.foff_hz / header.tsamp_s  # one channel an integration
    for lane in range(n_tones):
        place_mhz = header.frequency_mhz(128 * lane + 64 + rng.uniform(-20, 20))
        spectrogram = sl.add_tone(
            spectrogram, place_mhz, drift_hz_s=rng.uniform(-1, 1) * step_hz_s, snr=rng.uniform(40, 150)
        )
    found = twin.drift_hits(spectrogram.power, 15, snr=15.0)
    hits = sl.search_drift(spectrogram, step_hz_s, 15.0, progress=False)
    assert len(found) == len(hits) == n_tones
    for (channel, shift, ratio), hit in zip(found, hits.itertuples(), strict=True):
        # The start lies within the channel found or, where the tone crosses into the next one, beside it; the
        # shift is a whole number of channels, and either end of the line may be half a channel and a bit off.
        assert abs(channel_of(header, hit.frequency_mhz) - channel) <= 1.5
        assert abs(hit.drift_hz_s / step_hz_s * 15 - shift) <= 2
        # Of a tone that crosses a channel an integration a single channel has half to three quarters of the
        # power, the matched sum 0.82 of the SNR: no more than the fast one, and no less than half of it.
        assert 0.5 * hit.snr < ratio < 1.05 * hit.snr


@few
@given(seeds)
def test_drift_search(seed):
    check_drift(seed)


# The ON/OFF rule


def cadence_of(rng):
    """Six tables of hits: tones, each in some of the scans, 20 kHz apart or so near that they mix."""
    starts_mjd = 60000 + np.cumsum(rng.uniform(315, 330, 6)) / SECONDS_PER_DAY
    rows, spacing_mhz = [[] for _ in starts_mjd], rng.choice([0.0005, 0.02])
    for tone in range(rng.integers(1, 12)):
        drift_hz_s, change_hz_s2 = rng.uniform(-2, 2), rng.uniform(-1e-4, 1e-4)
        is_in = rng.random(6) < rng.choice([0.3, 0.8, 1.0])
        if rng.random() < 0.5:
            is_in &= np.array([True, False] * 3)
        for place in np.flatnonzero(is_in):
            t_s = (starts_mjd[place] - starts_mjd[0]) * SECONDS_PER_DAY
            moved_hz = drift_hz_s * t_s + change_hz_s2 * t_s**2 / 2 + rng.normal(0, 20)
            rows[place].append(
                {
                    "source_name": "HIP 1" if place % 2 == 0 else f"HIP 1 {'BCD'[place // 2]}",
                    "scan": place,
                    "tstart_mjd": starts_mjd[place],
                    "frequency_mhz": 1420 + tone * spacing_mhz + moved_hz / 1e6,
                    "drift_hz_s": drift_hz_s + change_hz_s2 * t_s,
                    "snr": rng.uniform(10, 100),
                    "width_hz": 2.8,
                    "channel": 0,
                    "path": "",
                }
            )
    return [table(HITS, rng.permutation(scan).tolist()) for scan in rows]


def check_cadence(seed, twin=cadence):
    scans = cadence_of(np.random.default_rng(seed))
    events = sl.filter_cadence(scans)
    fast = {(event.verdict, event.hits) for event in events.itertuples()}
    assert {(said, tuple(members.items())) for said, members in twin.cadence_groups(scans)} == fast


@few
@given(seeds)
def test_cadence_filter(seed):
    check_cadence(seed)


# Follow the drift


@pytest.fixture(scope="module")
def pictures():
    return measure_darkness(sl.simulate_images(6, seed=5, progress=False).images)


def check_align(pictures, place, twin=align):
    lines, strengths = find_lines(pictures[place : place + 1])
    first, last, strength = twin.straight_line(pictures[place].astype(np.float64))
    # Single precision adds 64 values of up to 10 sigma to within 1e-4; of two lines as dark as that either
    # may be found.
    assert strength == pytest.approx(strengths[0], abs=1e-3)
    assert np.abs(lines[0] - [first, last]).max() <= 0.125


def test_follow_the_drift(pictures):
    for place in range(len(pictures)):
        check_align(pictures, place)


@few
@given(seeds)
def test_follow_the_drift_in_noise_with_a_line(seed):
    rng = np.random.default_rng(seed)
    darkness = rng.normal(size=(24, 40)).astype(np.float32)
    ends = rng.uniform(0, 39, 2)
    ends[1] = np.clip(ends[1], ends[0] - 11, ends[0] + 11)
    darkness[np.arange(24), np.rint(np.linspace(*ends, 24)).astype(int)] += rng.uniform(2, 8)
    check_align(darkness[None], 0)


# The survey filter


hit_rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 30), st.sampled_from([-4.0, -1.0, 0.0, 0.5, 3.0])),
    max_size=20,
)


def check_survey(rows, twin=survey):
    """Frequencies on a grid of 400 Hz: equal ones are many, the tolerance of 1000 Hz lies between two."""
    hits = table(
        HITS,
        {
            column.name: np.zeros(len(rows), column.dtype if column.dtype != "str" else object)
            for column in HITS
        },
    )
    hits["source_name"] = [name for name, _, _ in rows]
    hits["frequency_mhz"] = [1420 + step * 400e-6 for _, step, _ in rows]
    hits["drift_hz_s"] = [drift_hz_s for _, _, drift_hz_s in rows]
    hits.index = pd.Index(np.arange(len(rows))[::-1] * 3, name="label")
    assert twin.in_no_other_star(hits) == sl.remove_common(hits).index.tolist()


@settings(max_examples=100, deadline=None)
@given(hit_rows)
def test_survey_filter(rows):
    check_survey(rows)


# What a twin that is broken would say


@pytest.mark.parametrize(
    ("check", "twin", "right", "wrong"),
    [
        (check_threshold, threshold, "<= max_gap + 1", "<= max_gap"),
        (check_threshold, threshold, "1.4826 * np", "1.0 * np"),
        (check_threshold, threshold, "max(channels", "min(channels"),
        (check_drift, drift, "hits.append((channel, shift", "hits.append((channel, -shift"),
        (check_drift, drift, "/ np.sqrt(n_time), channel", "/ n_time, channel"),
        (check_cadence, cadence, "-other.drift_hz_s", "other.drift_hz_s"),
        (check_cadence, cadence, "[::-1]:", ":"),
        (check_cadence, cadence, "if len(group) > n_on", "if len(group) > n_on + 1"),
        (check_cadence, cadence, "(0.5, 1.0)", "(0.5,)"),
        (check_cadence, cadence, "n_on == len(ons)", "n_on >= 2"),
    ],
)
def test_a_broken_twin_is_found_out(check, twin, right, wrong):
    assert fails(lambda seed: check(seed, broken(twin, right, wrong)), range(40))


@pytest.mark.parametrize(
    ("right", "wrong"), [("range(-2, 3) for j", "range(-1, 2) for j"), ("rise / 2, middle", "rise, middle")]
)
def test_a_broken_line_is_found_out(pictures, right, wrong):
    twin = broken(align, right, wrong)
    assert fails(lambda place: check_align(pictures, place, twin), range(len(pictures)))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("!= hit.source_name", "== hit.source_name"), ("* scan_s /", "* -scan_s /"), ("min(hit", "max(hit")],
)
def test_a_broken_survey_is_found_out(right, wrong):
    rng = np.random.default_rng(1)
    tables = [
        [(rng.choice(list("abc")), int(rng.integers(0, 31)), float(rng.choice([-4, 0, 3]))) for _ in range(8)]
        for _ in range(40)
    ]
    twin = broken(survey, right, wrong)
    assert fails(lambda place: check_survey(tables[place], twin), range(40))
