"""Differences of scans, and the hits of a cadence grouped and judged: by hand, and on Voyager 1's tables."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from setilearn.errors import CadenceError
from setilearn.events import cadence as cadence_module
from setilearn.events.on_off import cadence_differences, on_off_ratio, subtract_off
from setilearn.search.drift import search_drift
from setilearn.simulate.cadence import simulate_cadence
from setilearn.simulate.interference import add_broadband_rfi
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone
from setilearn.spectrogram import Header, Spectrogram
from setilearn.store.dat import read_dat
from setilearn.tables import EVENTS, HITS, table
from setilearn.telescope import coarse_bandpass


def filter_cadence(scans, *pattern, tolerance_hz=None, **options):
    """With the narrow tolerance, which follows from widths and drifts, where a test names no other."""
    return cadence_module.filter_cadence(scans, *pattern, tolerance_hz=tolerance_hz, **options)


# Spectrograms


def scan_of(power, source_name="star"):
    power = np.asarray(power, dtype=np.float32)
    header = Header(source_name, "GBT", 0.0, 0.0, 1420.0, 2.0, 10.0, 60000.0, *power.shape)
    return Spectrogram(power, header)


ON, OFF = scan_of([[5, 2, 4], [1, 1, 9]]), scan_of([[4, 2, 2], [0, 2, 3]], "beside")


def test_differences_worked_out_by_hand():
    difference = subtract_off(ON, OFF)
    assert difference.power.tolist() == [[1, 0, 2], [1, -1, 6]]
    assert difference.header.source_name == "star \N{MINUS SIGN} beside"
    assert replace(difference.header, source_name="star") == ON.header
    ratio = on_off_ratio(ON, OFF)
    # In the second integration's first channel OFF is 0: there is no ratio.
    np.testing.assert_array_equal(ratio.power, [[0.25, 0, 1], [np.nan, -0.5, 2]])
    assert ON.power.tolist() == [[5, 2, 4], [1, 1, 9]]
    assert OFF.power.tolist() == [[4, 2, 2], [0, 2, 3]]


def test_differences_of_time_averages():
    averaged = on_off_ratio(ON.average(n_time=2), OFF.average(n_time=2))
    np.testing.assert_allclose(
        averaged.power, [[0.5, -0.25, 1.6]]
    )  # (3 - 2) / 2, (1.5 - 2) / 2, (6.5 - 2.5) / 2.5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fch1_mhz": 1420.000001}, "expected fch1_mhz 1420.0, found 1420.000001"),
        ({"foff_hz": 2.1}, "expected foff_hz 2.0, found 2.1"),
        ({"tsamp_s": 10.1}, "expected tsamp_s 10.0, found 10.1"),
    ],
)
def test_scans_that_do_not_align_are_refused(change, said):
    other = Spectrogram(OFF.power, replace(OFF.header, **change))
    for compare in (subtract_off, on_off_ratio):
        with pytest.raises(CadenceError, match=f"beside is not aligned with star: {said}"):
            compare(ON, other)


def test_each_reason_is_told():
    with pytest.raises(CadenceError, match="expected n_chan 3, found 2; expected n_time 2, found 1"):
        subtract_off(ON, OFF[0:1, 0:2])


def test_each_on_is_compared_with_the_off_that_follows():
    scans = [scan_of([[value]]) for value in (10, 1, 20, 2, 40, 4)]
    assert [d.power.item() for d in cadence_differences(scans)] == [9, 18, 36]
    assert [d.power.item() for d in cadence_differences(scans, ratio=True)] == [9, 9, 9]
    with pytest.raises(CadenceError, match="pattern ABACAD: expected 6 scans, found 5"):
        cadence_differences(scans[:5])
    for pattern in ("AABBAB", "BABABA"):
        with pytest.raises(CadenceError, match="expected an OFF scan after each ON scan"):
            cadence_differences(scans, pattern)


def test_the_ratio_flattens_the_bandpass_and_keeps_the_signal():
    bandpass = coarse_bandpass(4096)
    on, off = (simulate_noise(16, 4096, bandpass=bandpass, seed=seed) for seed in (1, 2))
    on = add_tone(on, on.header.frequency_mhz(1000), power=0.5)
    ratio = on_off_ratio(on.average(n_time=16), off.average(n_time=16)).power[0]
    level = np.median(ratio.reshape(64, 64), axis=1)
    # Each averages 816 spectra: the ratio scatters by sqrt(2 / 816) = 0.05, a median of 64 by 0.008.
    assert np.abs(level).max() < 4 * 1.2533 * 0.0495 / 8
    assert ratio.argmax() == 1000
    assert ratio[1000] == pytest.approx(0.5 / bandpass[1000], abs=0.15)


# Hits

SCAN_S = 320.0


def hits(place, rows, source_name=None, width_hz=2.8):
    """Hits (Hz above 1420 MHz, Hz/s, SNR) of the scan at this place of the cadence."""
    rows = [(*row, 20.0)[:3] for row in rows]
    return table(
        HITS,
        [
            {
                "source_name": source_name or ("star" if place % 2 == 0 else f"beside {place}"),
                "scan": place,
                "tstart_mjd": 60000 + place * SCAN_S / 86400,
                "frequency_mhz": 1420 + offset_hz / 1e6,
                "drift_hz_s": drift_hz_s,
                "snr": snr,
                "width_hz": width_hz,
                "channel": 0,
                "path": "",
            }
            for offset_hz, drift_hz_s, snr in rows
        ],
    )


def cadence(*scans):
    return [hits(place, rows) for place, rows in enumerate(scans)]


def brief(events):
    return [(row.verdict, row.n_on, row.n_off, row.hits) for row in events.itertuples()]


def test_the_drift_is_carried_from_scan_to_scan():
    # At 1 Hz/s 640 Hz from one ON to the next.
    scans = cadence([(0, 1.0, 15)], [], [(640, 1.0, 30)], [], [(1280, 1.0, 20)], [])
    events = filter_cadence(scans)
    assert brief(events) == [("event", 3, 0, ((0, 0), (2, 0), (4, 0)))]
    (event,) = events.itertuples()
    assert event.frequency_mhz == 1420.0
    assert (event.tstart_mjd, event.drift_hz_s, event.snr) == (60000.0, 1.0, 30.0)
    assert event.source_name == "star"


def test_where_nothing_is_carried_there_are_three_tones():
    scans = cadence([(0, 1.0)], [], [(0, 1.0)], [], [(0, 1.0)], [])
    assert [row[0] for row in brief(filter_cadence(scans))] == ["in one ON only"] * 3


def test_a_drift_that_changes_steadily_is_followed():
    # f = t - t^2 / 4000, drift 1 - t / 2000, at 0, 640 and 1280 s: 0, 537.6, 870.4 Hz; 1, 0.68, 0.36 Hz/s.
    scans = cadence([(0, 1.0)], [], [(537.6, 0.68)], [], [(870.4, 0.36)], [])
    assert brief(filter_cadence(scans)) == [("event", 3, 0, ((0, 0), (2, 0), (4, 0)))]


@pytest.mark.parametrize("off", [1, 3, 5])
def test_a_hit_on_the_track_in_any_off_rejects(off):
    for drift_hz_s in (1.0, -3.0):  # at the place the ON's drift leads to, whatever its own drift
        rows = [[(0, 1.0)], [], [(640, 1.0)], [], [(1280, 1.0)], []]
        rows[off] = [(320.0 * off, drift_hz_s)]
        expected = tuple(sorted([(0, 0), (2, 0), (4, 0), (off, 0)]))
        assert brief(filter_cadence(cadence(*rows))) == [("also in OFF", 3, 1, expected)]


def test_a_satellite_of_changing_drift_is_met_half_way():
    # f = t - t^2 / 400 (1 - t/200 Hz/s): at 320 s 64 Hz at -0.6 Hz/s, where drift alone would lead to 320 Hz.
    scans = cadence([(0, 1.0)], [(64, -0.6)], [], [], [], [])
    assert brief(filter_cadence(scans)) == [("also in OFF", 1, 1, ((0, 0), (1, 0)))]


def test_hits_beside_the_track_do_not_reject():
    # Reach: 2.8 Hz x (2 + 1 scan) = 8.4 Hz.
    for aside_hz, verdict in ((8.3, "also in OFF"), (8.5, "event"), (-8.3, "also in OFF"), (-8.5, "event")):
        scans = cadence([(0, 0)], [(aside_hz, 0)], [(0, 0)], [], [(0, 0)], [])
        assert filter_cadence(scans)["verdict"].tolist() == [verdict], aside_hz
    wide = cadence([(0, 0)], [], [(0, 0)], [], [(0, 0)], [])
    wide[1] = hits(1, [(20, 0), (900, 0)], width_hz=400.0)
    assert filter_cadence(wide)["verdict"].tolist() == [
        "also in OFF"
    ]  # a wide hit reaches over a narrow track


def test_a_wide_hit_behind_a_nearer_narrow_one_still_rejects():
    scans = cadence([(0, 0)], [], [(0, 0)], [], [(0, 0)], [])
    scans[3] = hits(3, [(-500, 0), (30, 0), (-2000, 0)])
    scans[3]["width_hz"] = [200.0, 2.8, 1.0]  # 200 x 3 = 600 Hz of reach, from 500 Hz below
    assert brief(filter_cadence(scans)) == [("also in OFF", 3, 1, ((0, 0), (2, 0), (3, 0), (4, 0)))]


def test_tolerance_and_channel_width_can_be_given():
    scans = cadence([(0, 0)], [], [(300, 0)], [], [(0, 0)], [])
    assert filter_cadence(scans, tolerance_hz=301)["n_on"].tolist() == [3]
    assert sorted(filter_cadence(scans, tolerance_hz=299)["n_on"]) == [1, 2]
    assert filter_cadence(scans, channel_hz=76)["n_on"].tolist() == [3]  # 76 x (2 + 2) = 304 Hz


def test_rules_and_verdicts():
    scans = cadence([(0, 0), (1e4, 0)], [], [(0, 0)], [], [(2e4, 0)], [(2e4, 0)])
    assert filter_cadence(scans)["verdict"].tolist() == ["in 2 of 3 ONs", "in one ON only", "also in OFF"]
    assert filter_cadence(scans, rule="any")["verdict"].tolist() == ["event", "event", "also in OFF"]


def test_a_tone_may_skip_an_on_scan_only_where_the_one_between_has_none():
    scans = cadence([(0, 0.1)], [], [], [], [(128, 0.1)], [])
    assert brief(filter_cadence(scans)) == [("in 2 of 3 ONs", 2, 0, ((0, 0), (4, 0)))]


def test_the_scan_before_goes_before_one_farther_back():
    # 20 Hz is too far for the first two ONs (11.2 Hz); the third is near to both, most to the first.
    scans = cadence([(0, 0)], [], [(20, 0)], [], [(9.5, 0)], [])
    assert [row[3] for row in brief(filter_cadence(scans))] == [((0, 0),), ((2, 0), (4, 0))]


def test_close_tones_are_told_apart_and_each_hit_is_in_one_group():
    scans = cadence([(0, 0), (6, 0)], [], [(1, 0), (7, 0)], [], [(5, 0), (-1, 0)], [])
    found = brief(filter_cadence(scans))
    # All are within 2.8 x 4 = 11.2 Hz: each joins its nearest.
    assert found == [
        ("event", 3, 0, ((0, 0), (2, 0), (4, 1))),
        ("event", 3, 0, ((0, 1), (2, 1), (4, 0))),
    ]


def test_row_labels_are_those_of_the_tables():
    scans = cadence([(0, 0)], [], [(0, 0)], [], [(0, 0)], [])
    scans[2].index = ["seventh"]
    assert filter_cadence(scans)["hits"].tolist() == [((0, 0), (2, "seventh"), (4, 0))]


def test_nothing_found_is_an_empty_table():
    events = filter_cadence(cadence([], [], [], [], [], []))
    assert list(events) == [column.name for column in EVENTS]
    assert len(events) == 0
    assert len(filter_cadence(cadence([], [(0, 0)], [], [], [], []))) == 0


def test_other_patterns():
    scans = cadence([(0, 0)], [(5000, 0)], [(0, 0)], [], [(0, 0)], [(0, 0)])
    assert filter_cadence(scans, "ABABAB")["verdict"].tolist() == ["also in OFF"]
    assert filter_cadence(scans[:5], "ABACA")["verdict"].tolist() == ["event"]
    names = ["beside 0", "star", "beside 2"]
    turned = [hits(place, [(place * 1e4, 0)], name) for place, name in enumerate(names)]
    assert filter_cadence(turned, "BAC")["verdict"].tolist() == ["event"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pattern": "abacad"}, "expected capital letters such as ABACAD, found 'abacad'"),
        ({"pattern": 6}, "expected capital letters such as ABACAD, found 6"),
        ({"pattern": "AAAAAA"}, "expected A for ON scans and other letters too, found 'AAAAAA'"),
        ({"pattern": "BCDBCD"}, "expected A for ON scans and other letters too"),
        ({"pattern": "ABACADA"}, "pattern ABACADA: expected 7 scans, found 6"),
        ({"rule": "most"}, "rule: expected one of all, any, found 'most'"),
        ({"tolerance_hz": -1}, "tolerance_hz: expected 0 or more, found -1"),
    ],
)
def test_bad_requests_are_named(change, said):
    with pytest.raises(CadenceError, match=said):
        filter_cadence(cadence([(0, 0)], [], [], [], [], []), **change)


def test_scans_in_the_wrong_order_or_of_another_star_are_refused():
    scans = cadence([(0, 0)], [], [(0, 0)], [], [(0, 0)], [(0, 0)])
    with pytest.raises(CadenceError, match="expected the scans in order of time"):
        filter_cadence([scans[2], scans[1], scans[0], *scans[3:]])
    other = [*scans[:4], hits(4, [(0, 0)], "another star"), scans[5]]
    with pytest.raises(CadenceError, match="expected one source in the ON scans, found another star, star"):
        filter_cadence(other)
    both = scans[0].copy()
    both.loc[1] = scans[2].loc[0]
    with pytest.raises(CadenceError, match="scan 0: expected one tstart_mjd, found 2"):
        filter_cadence([both, *scans[1:]])
    with pytest.raises(CadenceError, match=r"scan 3: .*found none of \['drift_hz_s', 'width_hz'\]"):
        filter_cadence([*scans[:3], scans[3].drop(columns=["drift_hz_s", "width_hz"]), *scans[4:]])


offsets = st.lists(st.tuples(st.integers(0, 400), st.sampled_from([-0.1, 0.0, 0.2])), max_size=8)


@given(st.lists(offsets, min_size=6, max_size=6))
def test_each_on_hit_is_in_one_group_and_offs_reject_as_pair_by_pair(rows):
    # This width keeps whole hertz off the very edge of the reach.
    scans = [hits(place, some, width_hz=2.83) for place, some in enumerate(rows)]
    before = [scan.copy() for scan in scans]
    events = filter_cadence(scans)
    assert all(scan.equals(other) for scan, other in zip(scans, before, strict=True))
    grouped = [hit for group in events["hits"] for hit in group if hit[0] % 2 == 0]
    assert sorted(grouped) == [(place, row) for place in (0, 2, 4) for row in range(len(rows[place]))]
    for event in events.itertuples():
        on_places = [place for place, _ in event.hits if place % 2 == 0]
        assert len(set(on_places)) == len(on_places) == event.n_on
        assert event.n_off == sum(
            any(meets(rows, on, row, off, other) for other in range(len(rows[off])))
            for off in (1, 3, 5)
            for on, row in [nearest_in_time(event.hits, off)]
        )


def nearest_in_time(group, off):
    return min((hit for hit in group if hit[0] % 2 == 0), key=lambda hit: (abs(hit[0] - off), hit[0]))


def meets(rows, on, row, off, other):
    """The definition, pair by pair: half-way or predicted, within 2.83 Hz x (2 + scans between)."""
    f, drift = rows[on][row]
    f_off, drift_off = rows[off][other]
    dt_s = (off - on) * SCAN_S
    reach_hz = 2.83 * (2 + abs(off - on))
    half_way = abs((f + drift * dt_s / 2) - (f_off - drift_off * dt_s / 2))
    return min(half_way, abs(f + drift * dt_s - f_off)) <= reach_hz


# From spectrograms to events


def test_of_a_simulated_sky_the_signal_alone_is_an_event():
    for seed in (1, 2, 3):
        scans, truth = simulate_cadence(
            signal_drift_hz_s=-0.6, signal_drift_rate_change_hz_s2=2e-4, seed=seed
        )
        tables = [search_drift(scan, max_drift_hz_s=2.0, progress=False) for scan in scans]
        events = filter_cadence(tables)
        (event,) = events[events["verdict"] == "event"].itertuples()
        signal = truth[truth["kind"] == "signal"].iloc[0]
        assert event.frequency_mhz == pytest.approx(signal.frequency_mhz, abs=12e-6)
        assert event.drift_hz_s == pytest.approx(-0.6 + 2e-4 * 146, abs=0.03)  # the mean over the scan
        transmitter_mhz = truth.loc[truth["kind"] == "transmitter", "frequency_mhz"].iloc[0]
        near = events[(events["frequency_mhz"] - transmitter_mhz).abs() < 6e-6]
        assert near[["n_on", "n_off"]].values.tolist() == [[3, 3]]


def test_broadband_interference_in_one_scan_makes_no_event():
    scans, _ = simulate_cadence(n_chan=4096, signal_snr=None, interference=False, seed=8)
    scans[2] = add_broadband_rfi(scans[2], ratio=1.0, fraction=0.5, seed=1)
    tables = [search_drift(scan, max_drift_hz_s=1.0, progress=False) for scan in scans]
    assert "event" not in set(filter_cadence(tables)["verdict"])


# Voyager 1's cadence of 2020, as turbo_seti saw it


@pytest.fixture
def voyager(mirror):
    paths = sorted((mirror / "voyager1_2020_turboseti_dat").glob("*.dat"))
    if len(paths) != 6:
        pytest.skip("the mirror lacks voyager1_2020_turboseti_dat")
    return [read_dat(path) for path in paths]


# A side band is a pair of lines. turbo_seti's table of 2016 has one of each, seticore's both, 316 and
# 319 Hz apart (8419.319368 and .319684, 8419.274374 and .274693 MHz).
PAIR_HZ = 400.0


def test_voyager_s_three_signals_are_events_and_nothing_else(voyager):
    events = cadence_module.filter_cadence(voyager, tolerance_hz=cadence_module.SIGNAL_HZ)
    assert cadence_module.SIGNAL_HZ == PAIR_HZ
    # The frequencies in the first scan's table.
    np.testing.assert_allclose(events["frequency_mhz"], [8419.520396, 8419.542731, 8419.565390], atol=1e-9)
    assert events["verdict"].tolist() == ["event"] * 3
    assert events[["n_on", "n_off"]].values.tolist() == [[3, 0]] * 3
    assert events["snr"].tolist() == [22.572433, 192.895111, 22.329107]


def test_a_narrow_tolerance_tells_the_lines_of_a_side_band_apart(voyager):
    # Of the lower side band turbo_seti kept one line in the first and the last ON, the other in the second:
    # 8419.520396 - 238 Hz of drift is 8419.520158, and the table has 8419.519834, 324 Hz below.
    events = filter_cadence(voyager)
    expected = [
        ("in one ON only", 1, 0, ((2, 2),)),
        ("in 2 of 3 ONs", 2, 0, ((0, 2), (4, 2))),
        ("event", 3, 0, ((0, 1), (2, 1), (4, 1))),
        ("event", 3, 0, ((0, 0), (2, 0), (4, 0))),
    ]
    assert brief(events) == expected


def test_voyager_s_off_scans_as_on_scans_reject_nothing_and_find_nothing(voyager):
    shifted = [table.assign(source_name="x") if len(table) else table for table in voyager[1:6]]
    assert len(filter_cadence(shifted, "ABACA", tolerance_hz=PAIR_HZ)) == 0


def turbo_seti_events(scans, threshold, snr_cut=10.0):
    """Its event filters on the hits of the ON scans, re-derived: (scan, frequency) of each hit that passes.

    1: above the cut in an ON. 2: besides, no hit in any OFF within the range that the maximal drift
    rate allows. 3: besides, such a hit in every other ON.
    """
    ons, offs = scans[::2], scans[1::2]

    def close(hit, other):
        dt_s = abs(other.tstart_mjd - hit.tstart_mjd) * 86400
        return abs(other.frequency_mhz - hit.frequency_mhz) * 1e6 <= 4.0 * dt_s

    passed = []
    for place, scan in enumerate(ons):
        for hit in scan[scan["snr"] > snr_cut].itertuples():
            in_off = any(close(hit, other) for off in offs for other in off.itertuples())
            in_ons = all(
                any(close(hit, h) for h in on.itertuples()) for k, on in enumerate(ons) if k != place
            )
            if threshold == 1 or (not in_off and (threshold == 2 or in_ons)):
                passed.append((2 * place, hit.Index))
    return passed


def test_voyager_s_events_hold_the_same_hits_as_turbo_seti_s_filters(voyager):
    events = filter_cadence(voyager, tolerance_hz=PAIR_HZ)
    held = sorted(hit for group in events.loc[events["verdict"] == "event", "hits"] for hit in group)
    for threshold in (1, 2, 3):
        assert held == sorted(turbo_seti_events(voyager, threshold))
    # With one of the signals put into an OFF scan, where its drift would have brought it, both lose it.
    off = voyager[0].iloc[[1]].assign(tstart_mjd=59046.930023148147, source_name="VOYAGER-1 OFF")
    off["frequency_mhz"] += -0.3675 * 318 / 1e6
    spoiled = [voyager[0], off, *voyager[2:]]
    found = filter_cadence(spoiled, tolerance_hz=PAIR_HZ)
    assert found["verdict"].tolist() == ["event", "also in OFF", "event"]
    lost = {(0, 1), (2, 1), (4, 1)}
    kept = set(turbo_seti_events(spoiled, 3))
    assert not kept & lost
    # Its range is so wide, 4 Hz/s x 318 s = 1.3 kHz and more, that it may lose neighbours too; ours does not.
    assert kept <= {hit for group in found.loc[found["verdict"] == "event", "hits"] for hit in group}


# What an OFF scan could not have shown


def searched_scan(place, frequencies_mhz, **changes):
    """Hits at rest of a scan of 300 s, and what was searched."""
    start_mjd = 60000 + place * 320 / 86400
    hit = {"source_name": "ABACAD"[place], "scan": place, "tstart_mjd": start_mjd, "drift_hz_s": 0.0}
    hit |= {"snr": 30.0, "width_hz": 2.8, "channel": 5, "path": ""}
    scan = table(HITS, [hit | {"frequency_mhz": frequency} for frequency in frequencies_mhz])
    scan.attrs["searched"] = {
        "band_mhz": [8400.0, 8500.0],
        "dead_mhz": [],
        "tstart_mjd": start_mjd,
        "duration_s": 300.0,
        "measured_s": 300.0,
        "snr": 10.0,
    } | changes
    return scan


@pytest.mark.parametrize(
    ("of_off", "verdict"),
    [
        ({}, "event"),
        ({"band_mhz": [8450.0, 8550.0]}, "not tested"),
        ({"dead_mhz": [[8418.9, 8419.1]]}, "not tested"),
        ({"dead_mhz": [[8420.0, 8421.0]]}, "event"),
        ({"snr": 40.0}, "not tested"),
        ({"snr": 25.0}, "event"),
        # A ninth of the time shows a third of the signal-to-noise ratio: 10.
        ({"measured_s": 300.0 / 8}, "event"),
        ({"measured_s": 300.0 / 10}, "not tested"),
    ],
)
def test_an_off_scan_that_could_not_have_shown_it_makes_no_event(of_off, verdict):
    cadence = [
        searched_scan(i, [8419.0] if i % 2 == 0 else [], **({} if i % 2 == 0 else of_off)) for i in range(6)
    ]
    events = filter_cadence(cadence)
    assert events["verdict"].tolist() == [verdict]
    # Seen there, it needs no test.
    cadence[1] = searched_scan(1, [8419.0], **of_off)
    assert filter_cadence(cadence)["verdict"].tolist() == ["also in OFF"]


def test_without_notes_only_another_receiver_counts_as_not_tested():
    for off_mhz, verdict in ((8600.0, "event"), (22000.0, "not tested"), (1420.0, "not tested")):
        cadence = [searched_scan(i, [8419.0 if i % 2 == 0 else off_mhz]) for i in range(6)]
        for scan in cadence:
            scan.attrs.clear()
        events = filter_cadence(cadence)
        assert events.loc[events["frequency_mhz"] == 8419.0, "verdict"].tolist() == [verdict]
