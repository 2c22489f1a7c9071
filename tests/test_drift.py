"""The drift search: tones put where they are known to be, setigen's tones, and Voyager 1."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import setilearn as sl
from setilearn.errors import LostDataWarning, NoiseError
from setilearn.search import blocks
from setilearn.search import line as line_module
from setilearn.search.blocks import prepare_search
from setilearn.search.levels import Levels
from setilearn.simulate.voyager import simulate_voyager
from setilearn.tables import HITS, table
from setilearn.telescope import FINE_CHANNELS

FOFF_HZ, TSAMP_S = 2.7939677238464355, 18.253611008
STEP_HZ_S = FOFF_HZ / (15 * TSAMP_S)


def sky(tones, n_chan=2**16, seed=1, **noise):
    """Noise with tones, each (channel at the start, drift in Hz/s, SNR)."""
    spectrogram = sl.simulate_noise(16, n_chan, fch1_mhz=1420.0, seed=seed, **noise)
    for channel, drift_hz_s, snr in tones:
        spectrogram = sl.add_tone(
            spectrogram, spectrogram.header.frequency_mhz(channel), drift_hz_s=drift_hz_s, snr=snr
        )
    return spectrogram


def first_channel(channel, drift_hz_s):
    """Where the middle of a tone is in the first integration, in channels."""
    return channel + drift_hz_s * TSAMP_S / 2 / FOFF_HZ


# Single lines


def unit_levels(power):
    """Levels of power that is in standard deviations already."""
    one = np.ones((len(power), 1), np.float32)
    return Levels(0 * one, one, one)


def test_the_snr_of_a_line_by_hand():
    power = np.array([[0, 4, 0, 0], [0, 2, 6, 0]], np.float32)
    # One channel wide on channel centres: (4 + 6) / sqrt(2)
    assert line_module.line_snr(power, unit_levels(power), 1.5, 2.5, 1.0) == pytest.approx(10 / np.sqrt(2))
    # Two channels wide, 1 to 3 in both: (4 + 0 + 2 + 6) / sqrt(4)
    assert line_module.line_snr(power, unit_levels(power), 2.0, 2.0, 2.0) == pytest.approx(6.0)
    # From 1.25 to 2.25: shares of 0.75 and 0.25: (3 + 0 + 1.5 + 1.5) / sqrt(2 (0.75^2 + 0.25^2))
    assert line_module.line_snr(power, unit_levels(power), 1.75, 1.75, 1.0) == pytest.approx(
        6 / np.sqrt(1.25)
    )
    # What lies outside the band is left out, not counted as zero.
    assert line_module.line_snr(power, unit_levels(power), 1.5, 9.5, 1.0) == pytest.approx(4.0)
    assert line_module.line_snr(power, unit_levels(power), 9.5, 9.5, 1.0) == 0.0


@pytest.mark.parametrize("drift_hz_s", [0.0, 0.1, -0.38, 0.7, -1.3, 2.2, -3.9])
def test_a_tone_is_found_where_it_is(drift_hz_s):
    spectrogram = sky([(30_000.3, drift_hz_s, 120)])
    hits = sl.search_drift(spectrogram)
    assert len(hits) == 1
    hit = hits.iloc[0]
    smeared = max(abs(drift_hz_s) * TSAMP_S / FOFF_HZ, 1)
    assert hit["frequency_mhz"] == pytest.approx(
        1420 + first_channel(30_000.3, drift_hz_s) * FOFF_HZ / 1e6, abs=(0.5 + 0.05 * smeared) * FOFF_HZ / 1e6
    )
    assert hit["drift_hz_s"] == pytest.approx(drift_hz_s, abs=STEP_HZ_S)
    # The matched filter: each sample weighted by what the tone has put there, for noise of 1 / sqrt(51).
    added = spectrogram.power - sky([]).power
    assert hit["snr"] == pytest.approx(np.sqrt((added**2).sum() * 51), rel=0.07, abs=2.5)
    assert hit["channel"] == pytest.approx(first_channel(30_000.3, drift_hz_s), abs=1.5 + 0.05 * smeared)


def test_a_tone_at_rest_has_a_drift_of_exactly_zero():
    hits = sl.search_drift(sky([(30_000, 0.0, 40)]))
    assert hits["drift_hz_s"].tolist() == [0.0]
    assert hits["channel"].tolist() == [30_000]
    assert hits["width_hz"].tolist() == [FOFF_HZ]


def test_nothing_is_found_in_noise_and_the_table_has_its_columns():
    hits = sl.search_drift(sky([]))
    assert len(hits) == 0
    assert list(hits.columns) == [column.name for column in HITS]
    assert [str(dtype) for dtype in hits.dtypes] == [str(dtype) for dtype in table(HITS).dtypes]


def test_close_tones_are_both_kept_and_skirts_are_not_reported():
    tones = [(20_000, 0.3, 400), (20_012, 0.3, 60), (40_000, -0.5, 2000), (40_300, 0.5, 30)]
    hits = sl.search_drift(sky(tones))
    assert len(hits) == 4
    for (channel, drift_hz_s, _), hit in zip(tones, hits.itertuples(), strict=True):
        assert hit.channel == pytest.approx(first_channel(channel, drift_hz_s), abs=2)
        assert hit.drift_hz_s == pytest.approx(drift_hz_s, abs=STEP_HZ_S)


def test_crossing_tones_are_both_found():
    hits = sl.search_drift(sky([(30_000, 0.4, 150), (30_040, -0.4, 150)]))
    assert sorted(hits["drift_hz_s"]) == pytest.approx([-0.4, 0.4], abs=2 * STEP_HZ_S)


@pytest.mark.parametrize("n_time", [1, 2, 3, 5, 15, 16, 17, 40])
def test_any_number_of_integrations(n_time):
    noise = sl.simulate_noise(n_time, 2**14, fch1_mhz=1420.0, seed=2)
    drift_hz_s = 0.2 if n_time > 1 else 0.0
    tone = sl.add_tone(noise, noise.header.frequency_mhz(7000), drift_hz_s=drift_hz_s, snr=60)
    hits = sl.search_drift(tone)
    assert len(hits) == 1
    tolerance = FOFF_HZ / (max(n_time - 1, 1) * TSAMP_S)
    assert hits["drift_hz_s"][0] == pytest.approx(drift_hz_s, abs=tolerance)


@pytest.mark.parametrize(("foff_hz", "tsamp_s"), [(1.397, 1.43), (2860.0, 1.07), (10.0, 0.5)])
def test_any_resolution(foff_hz, tsamp_s):
    noise = sl.simulate_noise(16, 2**14, fch1_mhz=1420.0, foff_hz=foff_hz, tsamp_s=tsamp_s, seed=2)
    drift_hz_s = 0.8 * foff_hz / tsamp_s
    tone = sl.add_tone(noise, noise.header.frequency_mhz(7000), drift_hz_s=drift_hz_s, snr=80)
    hits = sl.search_drift(tone, max_drift_hz_s=2 * drift_hz_s)
    assert hits["drift_hz_s"].tolist() == pytest.approx([drift_hz_s], abs=foff_hz / (15 * tsamp_s))


def test_only_the_drifts_asked_for_are_searched():
    spectrogram = sky([(20_000, 1.0, 60), (40_000, -1.0, 60)])
    assert sl.search_drift(spectrogram, 2.0, min_drift_hz_s=0.5)["drift_hz_s"].tolist() == pytest.approx(
        [1.0], abs=STEP_HZ_S
    )
    assert sl.search_drift(spectrogram, -0.5, min_drift_hz_s=-2.0)["drift_hz_s"].tolist() == pytest.approx(
        [-1.0], abs=STEP_HZ_S
    )
    assert len(sl.search_drift(spectrogram, 0.0)) == 0


@pytest.mark.parametrize("full_resolution", [False, True])
def test_a_strong_tone_beyond_the_range_is_no_hit_at_its_edge(full_resolution):
    spectrogram = sky([(20_000, 4.5, 400), (30_000, 6.0, 400), (40_000, -8.0, 400)])
    assert len(sl.search_drift(spectrogram, 4.0, full_resolution=full_resolution)) == 0


def test_full_resolution_sums_single_channels():
    """A tone smeared over d channels keeps 1 / d of its SNR there, 1 / sqrt(d) in the default search."""
    spectrogram = sky([(30_000, 1.0, 200)])
    channels = 1.0 * TSAMP_S / FOFF_HZ  # 6.5
    single = sl.search_drift(spectrogram, full_resolution=True)["snr"].max()
    # The best of many lines inside the smeared band is a few sigma above the mean of them.
    assert 200 / channels - 2 < single < 200 / channels + 8
    assert sl.search_drift(spectrogram)["snr"].max() == pytest.approx(200 / np.sqrt(channels), rel=0.1)


@pytest.mark.parametrize("drift_hz_s", [0.05, -0.93, 2.41, -3.7])
def test_full_resolution_keeps_all_of_a_tone_that_is_not_smeared(drift_hz_s):
    """A tone that jumps from channel to channel along the true line; the tree's own lines would miss some."""
    spectrogram = sl.simulate_noise(16, 2**15, fch1_mhz=1420.0, seed=3)
    places = np.floor(15_000.37 + drift_hz_s * np.arange(16) * TSAMP_S / FOFF_HZ).astype(int)
    power = spectrogram.power.copy()
    power[np.arange(16), places] += 60 * 0.14 / 4
    ideal = (power[np.arange(16), places] - 1).sum() / 0.14 / 4
    hits = sl.search_drift(sl.Spectrogram(power, spectrogram.header), full_resolution=True)
    assert len(hits) == 1
    assert hits["snr"][0] >= 0.97 * ideal
    assert hits["drift_hz_s"][0] == pytest.approx(drift_hz_s, abs=STEP_HZ_S)


# Files, blocks, seams


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A file of 65,536 channels with tones across each seam of blocks of 8192, and the tones."""
    tones = [
        (8192 * k + shift, rate, 70)
        for k in range(1, 8)
        for shift, rate in ((-60, 1.2), (-3, 0.0), (150, -2.1))
    ]
    path = tmp_path_factory.mktemp("crowded") / "crowded_0007.rawspec.0000.fil"
    sl.write_spectrogram(sky(tones), path)
    return path, tones


def test_blocks_lose_and_double_nothing_at_their_seams(crowded):
    path, tones = crowded
    whole = sl.search_drift(path)
    blocks = sl.search_drift(path, n_chan=8192, progress=False)
    assert len(whole) == len(tones)
    # The noise is measured in the same cells but for those at the ends of a block.
    for column, tolerance in (("channel", 1), ("drift_hz_s", STEP_HZ_S), ("snr", 2.5)):
        np.testing.assert_allclose(blocks[column], whole[column], atol=tolerance)
    assert set(whole["path"]) == {str(path)}
    assert set(whole["scan"]) == {7}


def test_a_spectrogram_is_searched_as_its_file_and_left_alone(crowded):
    path, _ = crowded
    spectrogram = sl.read_spectrogram(path)
    before = spectrogram.power.copy()
    hits = sl.search_drift(spectrogram)
    pd.testing.assert_frame_equal(
        hits.drop(columns=["path", "scan"]), sl.search_drift(path).drop(columns=["path", "scan"])
    )
    assert np.array_equal(spectrogram.power, before)


def test_a_search_shows_its_progress(crowded, capsys):
    path, _ = crowded
    sl.search_drift(path, n_chan=16_384)
    assert "drift search" in capsys.readouterr().err
    sl.search_drift(path, n_chan=16_384, progress=False)
    assert capsys.readouterr().err == ""


KILLED = """
import sys, time
import setilearn as sl
from setilearn.search import blocks
search = blocks._search_block
blocks._search_block = lambda *arguments: (time.sleep(0.05), search(*arguments))[1]
sl.search_drift(sys.argv[1], n_chan=4096, resume=sys.argv[2], progress=False)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
def test_a_search_killed_ten_times_and_resumed_is_the_search_run_through(crowded, tmp_path):
    path, _ = crowded
    record = tmp_path / "hits.jsonl"
    random = np.random.default_rng(9)
    n_blocks = 16
    for _ in range(10):
        before = record.read_bytes().count(b"\n") if record.exists() else 0
        process = subprocess.Popen([sys.executable, "-c", KILLED, path, record])
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            lines = record.read_bytes().count(b"\n") if record.exists() else 0
            if lines > max(before, 1):  # one block more, at least
                time.sleep(random.uniform(0, 0.08))
                break
            time.sleep(0.005)
        process.kill()  # SIGKILL; nothing where the search has come to its end
        process.wait()
    done = record.read_bytes().count(b"\n") - 1
    assert 10 <= done <= n_blocks
    resumed = sl.search_drift(path, n_chan=4096, resume=record, progress=False)
    pd.testing.assert_frame_equal(resumed, sl.search_drift(path, n_chan=4096, progress=False))


def test_finished_blocks_are_not_searched_again(crowded, tmp_path, monkeypatch):
    path, _ = crowded
    hits = sl.search_drift(path, n_chan=8192, resume=tmp_path / "r", progress=False)
    lines = (tmp_path / "r").read_text().splitlines(keepends=True)
    searched = []
    original = blocks._search_block
    monkeypatch.setattr(blocks, "_search_block", lambda *a: searched.append(a[3][0]) or original(*a))
    # Three blocks, and a fourth of which the line was cut off
    (tmp_path / "r").write_text("".join(lines[:4]) + lines[4][:20])
    again = sl.search_drift(path, n_chan=8192, resume=tmp_path / "r", progress=False)
    assert searched == [8192 * k for k in range(3, 8)]
    pd.testing.assert_frame_equal(again, hits)
    assert [json.loads(line)["block"] for line in (tmp_path / "r").read_text().splitlines()[1:]] == [
        8192 * k for k in range(8)
    ]
    # Another search begins anew.
    sl.search_drift(path, snr=20.0, n_chan=8192, resume=tmp_path / "r", progress=False)
    assert len(searched) == 5 + 8


def test_resume_true_keeps_the_record_beside_the_file(crowded, tmp_path):
    path = tmp_path / "a.fil"
    path.write_bytes(crowded[0].read_bytes())
    sl.search_drift(path, resume=True)
    assert (tmp_path / "a.fil.hits.jsonl").exists()
    with pytest.raises(sl.SearchError, match="expected a path"):
        sl.search_drift(sky([], n_chan=8192), resume=True)


def test_another_version_begins_anew(crowded, tmp_path, monkeypatch):
    path, _ = crowded
    hits = sl.search_drift(path, n_chan=8192, resume=tmp_path / "r", progress=False)
    monkeypatch.setattr(sl, "__version__", "0.0.0")
    original = blocks._to_hit
    monkeypatch.setattr(blocks, "_to_hit", lambda *a: (hit := original(*a)) | {"snr": 2 * hit["snr"]})
    again = sl.search_drift(path, n_chan=8192, resume=tmp_path / "r", progress=False)
    np.testing.assert_allclose(again["snr"], 2 * hits["snr"])


def test_a_file_of_the_same_size_and_time_begins_anew(tmp_path):
    path, record = tmp_path / "a.fil", tmp_path / "r"
    noise = sl.simulate_noise(16, 8192, seed=1)
    sl.write_spectrogram(noise, path)
    before = path.stat()
    assert len(sl.search_drift(path, resume=record, progress=False)) == 0
    sl.write_spectrogram(sl.add_tone(noise, 1420.01, snr=100.0), path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert len(sl.search_drift(path, resume=record, progress=False)) == 1


def test_a_file_in_another_folder_is_known_by_what_it_holds(tmp_path, monkeypatch):
    noise = sl.simulate_noise(16, 8192, seed=1)
    for name, spectrogram in (("a", noise), ("b", sl.add_tone(noise, 1420.01, snr=100.0))):
        (tmp_path / name).mkdir()
        sl.write_spectrogram(spectrogram, tmp_path / name / "x.fil")
        os.utime(tmp_path / name / "x.fil", (1e9, 1e9))
    found = []
    for name in "ab":
        monkeypatch.chdir(tmp_path / name)
        found.append(len(sl.search_drift("x.fil", resume=tmp_path / "r", progress=False)))
    assert found == [0, 1]


@pytest.mark.parametrize("suffix", [".fil", ".h5"])
def test_a_file_that_changes_while_it_is_searched_is_told(tmp_path, suffix, monkeypatch):
    path = tmp_path / f"a{suffix}"
    sl.write_spectrogram(sl.simulate_noise(16, 16384, seed=1), path)
    search = prepare_search(path, n_chan=4096)
    search.search_block(0)
    # It loses half of its integrations, as one that is being recorded anew.
    sl.write_spectrogram(sl.simulate_noise(8, 16384, seed=1), path)
    with pytest.raises(sl.FilterbankError, match="a file that stays as it is while it is searched"):
        search.search_block(4096)


def test_another_spectrogram_begins_anew(tmp_path):
    noise = sl.simulate_noise(16, 8192, seed=1)
    tone = sl.add_tone(noise, 1420.01, snr=100.0)
    assert len(sl.search_drift(noise, resume=tmp_path / "r", progress=False)) == 0
    assert len(sl.search_drift(tone, resume=tmp_path / "r", progress=False)) == 1


@pytest.mark.parametrize(
    "line",
    [
        b"\xff",
        b"5",
        b"{}",
        b'{"block": 0, "hits": 5}',
        b'{"block": 0, "hits": [{}]}',
        b'{"block": 0, "hits": [{"channel": "a", "frequency_mhz": 1, "drift_hz_s": 0, "snr": 9, "width_hz": 1}]}',  # noqa: E501
        b"[" * 100_000,
    ],
)
def test_a_damaged_line_of_the_record_is_searched_again(crowded, tmp_path, line):
    path, _ = crowded
    record = tmp_path / "r"
    hits = sl.search_drift(path, n_chan=8192, resume=record, progress=False)
    first, *blocks = record.read_bytes().splitlines(keepends=True)
    record.write_bytes(first + line + b"\n" + b"".join(blocks[1:]))
    again = sl.search_drift(path, n_chan=8192, resume=record, progress=False)
    pd.testing.assert_frame_equal(again, hits)


@pytest.mark.parametrize("text", ["my own table\n1,2\n", "{}\n", "\n", '["search"]\n'])
def test_a_file_that_is_no_record_is_left_as_it_is(crowded, tmp_path, text):
    notes = tmp_path / "notes.csv"
    notes.write_text(text)
    with pytest.raises(sl.SearchError, match="notes.csv: expected the record of a drift search or no file"):
        sl.search_drift(crowded[0], resume=notes, progress=False)
    assert notes.read_text() == text


def test_dc_spikes_are_no_hits_and_voyager_is():
    hits = sl.search_drift(simulate_voyager())
    assert not hits["channel"].between(FINE_CHANNELS // 2 - 3, FINE_CHANNELS // 2 + 2).any()
    for frequency_mhz, drift_hz_s in [
        (8419.297028, -0.377557),
        (8419.319368, -0.397966),
        (8419.274374, -0.397966),
    ]:
        near = hits[(hits["frequency_mhz"] - frequency_mhz).abs() < 6e-6]
        assert len(near) == 1
        assert near["drift_hz_s"].iloc[0] == pytest.approx(drift_hz_s, abs=2 * STEP_HZ_S)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_drift_hz_s": float("nan")}, "expected the least not above the greatest, found nan and nan"),
        ({"max_drift_hz_s": 1.0, "min_drift_hz_s": 2.0}, r"found 2\.0 and 1\.0"),
        ({"snr": 0.0}, r"a threshold above 0, found 0\.0"),
        ({"max_drift_hz_s": 1e6}, "channels an integration, found"),
    ],
)
def test_searches_that_make_no_sense(arguments, message):
    with pytest.raises(sl.SearchError, match=message):
        sl.search_drift(sky([], n_chan=8192), **arguments)


def test_dead_channels_yield_nothing_and_data_without_noise_are_refused():
    spectrogram = sky([(30_000, 0.3, 60)])
    power = spectrogram.power.copy()
    power[:, :12_000] = 0
    with pytest.warns(LostDataWarning, match="192000 of 1048576 samples .* channels 0 to 11999"):
        hits = sl.search_drift(sl.Spectrogram(power, spectrogram.header))
    assert hits["channel"].tolist() == [pytest.approx(30_001, abs=2)]
    with pytest.raises(NoiseError, match="no sample that is a measurement among 1048576"):
        sl.search_drift(sl.Spectrogram(np.ones_like(power), spectrogram.header))


# The telescope's data, and a peer's


@pytest.mark.parametrize(
    ("name", "frequency_mhz", "drift_hz_s"),
    [
        # Frequency: turbo_seti's and seticore's tables. Drift: all lines come from one transmitter, so all
        # have the carrier's; the peers' values for the weak side bands scatter by two steps about it.
        ("voyager1_carrier_8419.2970.fil", 8419.297028, -0.377557),
        ("voyager1_sideband_8419.3194.fil", 8419.319368, -0.377557),
        ("voyager1_sideband_8419.3197.fil", 8419.319684, -0.377557),
        ("voyager1_sideband_8419.2744.fil", 8419.274374, -0.377557),
        ("voyager1_sideband_8419.2747.fil", 8419.274693, -0.377557),
    ],
)
@pytest.mark.parametrize("full_resolution", [False, True])
def test_the_real_voyager(mirror, name, frequency_mhz, drift_hz_s, full_resolution):
    hits = sl.search_drift(mirror / "voyager1_2016" / name, full_resolution=full_resolution)
    hit = hits.loc[hits["snr"].idxmax()]
    assert hit["frequency_mhz"] == pytest.approx(frequency_mhz, abs=1.05 * FOFF_HZ / 1e6)
    assert hit["drift_hz_s"] == pytest.approx(drift_hz_s, abs=STEP_HZ_S)


def test_setigen_s_smeared_tones_keep_nine_tenths_of_the_ideal_sum():
    import setigen

    rates = np.linspace(0.2, 3.9, 12)
    frame = setigen.Frame(
        fchans=2**16, tchans=16, df=FOFF_HZ, dt=TSAMP_S, fch1=1.42e9, ascending=True, seed=5
    )
    frame.add_noise(x_mean=10)
    sigma, ideal = frame.data.std(), []
    for k, rate in enumerate(rates):
        before = frame.data.copy()
        frame.add_constant_signal(
            f_start=frame.get_frequency(4000 + 5000 * k),
            drift_rate=rate,
            level=frame.get_intensity(snr=120),
            width=2 * FOFF_HZ,
            f_profile_type="box",
            doppler_smearing=True,
        )
        ideal.append(np.sqrt(((frame.data - before) ** 2).sum()) / sigma)
    header = replace(sl.simulate_noise(16, 2**16).header, fch1_mhz=frame.fmin / 1e6)
    hits = sl.search_drift(sl.Spectrogram(frame.data, header))
    assert hits["drift_hz_s"].tolist() == pytest.approx(rates.tolist(), abs=0.03)
    assert np.median(hits["snr"] / ideal) > 0.9
