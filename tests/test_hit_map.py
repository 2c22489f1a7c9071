"""The map of hits without a widget: which hits, which pixels, which levels, which words."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from setilearn.show.explorer.hit_map import (
    MAX_POINTS,
    MapView,
    count_hits,
    count_levels,
    hit_facts,
    hits_in_view,
    map_text,
    nearest_hit,
    next_hit,
    pixel_centers,
)
from setilearn.show.explorer.hit_table import Filters, HitTable

SCANS = pd.DataFrame(
    {
        "observation_id": [7, 9, 4],
        "source_name": ["HIP 1", "HIP 1 B", "HIP 2"],
        "position": ["ON", "OFF", ""],
    }
)


def make_table(frequency_mhz, snr, drift_hz_s=0.0, observation_id=7):
    """A table of hits with hit_id 10, 11, ..."""
    frequency_mhz = np.asarray(frequency_mhz, dtype=float)
    n = frequency_mhz.size
    piece = {
        "hit_id": 10 + np.arange(n),
        "observation_id": np.broadcast_to(observation_id, n),
        "frequency_mhz": frequency_mhz,
        "snr": np.broadcast_to(np.asarray(snr, dtype=float), n),
        "drift_hz_s": np.broadcast_to(drift_hz_s, n),
    }
    return HitTable.from_pieces([piece], SCANS)


def everything(table):
    return np.ones(len(table), dtype=bool)


# The table


def test_a_table_is_in_order_of_frequency_whatever_the_pieces():
    first = {
        "hit_id": [1, 2],
        "observation_id": [9, 4],
        "frequency_mhz": [1400.0, 1200.0],
        "snr": [10.0, 1000.0],
        "drift_hz_s": [0.5, -0.5],
    }
    second = {
        "hit_id": [3],
        "observation_id": [7],
        "frequency_mhz": [1300.0],
        "snr": [100.0],
        "drift_hz_s": [0.25],
    }
    table = HitTable.from_pieces(iter([first, second]), SCANS)
    assert table.hit_id.tolist() == [2, 3, 1]
    assert table.frequency_mhz.tolist() == [1200, 1300, 1400]
    assert table.log_snr.tolist() == [3, 2, 1]
    assert table.drift_hz_s.tolist() == [-0.5, 0.25, 0.5]
    assert table.scans["source_name"].iloc[table.scan].tolist() == ["HIP 2", "HIP 1", "HIP 1 B"]
    assert table.place(3) == 1
    assert table.place(4) is None
    assert table.stars() == ["HIP 1", "HIP 2"]
    # A margin of 2 per cent of 200 MHz, and of two decades.
    frequency_mhz, log_snr = table.limits()
    assert frequency_mhz == pytest.approx((1196, 1404))
    assert log_snr == pytest.approx((0.96, 3.04))


def test_an_empty_table_can_be_looked_at():
    table = HitTable.from_pieces([], SCANS.iloc[:0])
    view = MapView(*table.limits(), (20, 30))
    assert len(table) == 0
    assert count_hits(table, view, everything(table)).sum() == 0
    assert count_levels(np.zeros((20, 30), np.int32)).max() == 0
    assert nearest_hit(table, view, everything(table), (0.5, 1.5), 100) is None
    assert next_hit(table, view, everything(table), 0, 1) is None
    table = table.told("verdict", [1], ["event"])


def test_a_single_hit_has_room_around_it():
    (low, high), (bottom, top) = make_table([1400.0], 100).limits()
    assert (low, high) == pytest.approx((1399.9995, 1400.0005))
    assert (bottom, top) == pytest.approx((1.95, 2.05))


def test_a_hit_without_an_snr_above_zero_is_left_out():
    table = make_table([1.0, 2.0, 3.0], [10.0, 0.0, -4.0])
    assert table.hit_id.tolist() == [10]
    assert table.n_left_out == 2


def test_labels_go_to_the_hits_they_name_and_to_no_other():
    table = make_table([4.0, 3.0, 2.0, 1.0], 10)
    table = table.told("verdict", [12, 99, 10, 12], ["event", "event", "also in OFF", "event"])
    by_id = dict(zip(table.hit_id.tolist(), [table.verdicts[code] for code in table.verdict], strict=True))
    assert by_id == {10: "also in OFF", 11: "", 12: "event", 13: ""}
    table = table.told("review", [11], ["unsure"])
    table = table.told("review", [11], [""])
    assert table.review.tolist() == [0, 0, 0, 0]


def test_a_table_is_never_changed():
    table = make_table([4.0, 3.0, 2.0, 1.0], 10)
    told = table.told("review", [11], ["unsure"])
    assert (told.review.sum(), told.reviews) == (1, ["", "unsure"])
    assert (table.review.sum(), table.reviews) == (0, [""])
    assert told.frequency_mhz is table.frequency_mhz
    with pytest.raises(ValueError, match="read-only"):
        told.review[0] = 1


def test_a_hit_is_found_by_its_number_in_a_part_too():
    table = make_table([4.0, 3.0, 2.0, 1.0], 10)
    assert [table.place(hit_id) for hit_id in (9, 10, 11, 12, 13, 14)] == [None, 3, 2, 1, 0, None]
    part = table.part(np.array([1, 3]))
    assert [part.place(hit_id) for hit_id in (9, 10, 11, 12, 13, 14)] == [None, 1, None, 0, None, None]
    assert make_table([], []).place(10) is None


# Filters


@pytest.fixture
def mixed():
    """Hits 10 to 13 at 1, 2, 3, 4 MHz."""
    table = make_table([1.0, 2.0, 3.0, 4.0], [10.0, 25.0, 100.0, 300.0], [-1.3, 0.0, 0.1, 2.0], [7, 9, 4, 7])
    table = table.told("verdict", [10, 11], ["event", "also in OFF"])
    return table.told("review", [11, 12], ["unsure", "interesting"])


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [10, 11, 12, 13]),
        ({"star": "HIP 1"}, [10, 13]),
        ({"star": "HIP 3"}, []),
        ({"position": "OFF"}, [11]),
        ({"position": ""}, [12]),
        # Limits are included, and compared as the hits are stored: 25 and 0.1 are no round binary numbers.
        ({"snr": (25, None)}, [11, 12, 13]),
        ({"snr": (None, 25)}, [10, 11]),
        ({"snr": (-5, 0)}, []),
        ({"drift_hz_s": (0.1, 2)}, [12, 13]),
        ({"drift_hz_s": (-1.3, -1.3)}, [10]),
        ({"verdict": "event"}, [10]),
        ({"verdict": ""}, [12, 13]),
        ({"verdict": "in one ON only"}, []),
        ({"review": "any"}, [11, 12]),
        ({"review": ""}, [10, 13]),
        ({"review": "unsure"}, [11]),
        ({"star": "HIP 1", "snr": (20, None)}, [13]),
    ],
)
def test_filters_keep(mixed, filters, expected):
    assert mixed.hit_id[Filters(**filters).keep(mixed)].tolist() == expected


# Pixels


def test_hits_are_counted_in_the_pixels_they_lie_in():
    # Pixels of 1 MHz by one decade, rows from SNR 1000..10,000 down to 10..100.
    view = MapView((100, 104), (1, 4), (3, 4))
    table = make_table([100.0, 100.9, 101.0, 103.5, 99.9, 104.0, 103.9], [20, 50, 500, 9000, 50, 50, 9])
    assert count_hits(table, view, everything(table)).tolist() == [[0, 0, 0, 1], [0, 1, 0, 0], [2, 0, 0, 0]]
    keep = table.hit_id != 11
    assert count_hits(table, view, keep)[2, 0] == 1


def test_a_hit_on_an_edge_belongs_to_one_pixel():
    # 100 and 1000 are on edges: the top of a row is in it.
    table = make_table([1.5, 1.5, 1.5], [10, 100, 1000])
    counts = count_hits(table, MapView((1, 2), (1, 3), (2, 1)), everything(table))
    assert counts.tolist() == [[1], [1]]


@settings(max_examples=60, deadline=None)
@given(
    frequencies=st.lists(st.floats(1000, 2000), max_size=60),
    low=st.floats(900, 1900),
    span=st.floats(0.01, 1200),
    pixels=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    seed=st.integers(0, 1000),
)
def test_every_hit_in_sight_is_counted_once(frequencies, low, span, pixels, seed):
    rng = np.random.default_rng(seed)
    table = make_table(frequencies, 10 ** rng.uniform(0, 5, len(frequencies)))
    keep = rng.random(len(table)) < 0.7
    view = MapView((low, low + span), (1.0, 4.0), pixels)
    counts = count_hits(table, view, keep)
    inside = hits_in_view(table, view, keep)
    assert counts.shape == pixels
    assert counts.sum() == inside.size
    by_hand = (
        (table.frequency_mhz >= low)
        & (table.frequency_mhz < low + span)
        & (table.log_snr > 1)
        & (table.log_snr <= 4)
    )
    assert inside.tolist() == np.flatnonzero(keep & by_hand).tolist()


def test_many_hits_are_counted_as_numpy_does():
    rng = np.random.default_rng(2)
    table = make_table(rng.uniform(1100, 1900, 50_000), 10 ** rng.uniform(1, 4, 50_000))
    view = MapView((1200, 1300), (1.5, 3.5), (50, 70))
    keep = rng.random(len(table)) < 0.5
    expected, _, _ = np.histogram2d(
        table.log_snr[keep],
        table.frequency_mhz[keep],
        bins=(np.linspace(1.5, 3.5, 51), np.linspace(1200, 1300, 71)),
    )
    assert count_hits(table, view, keep).tolist() == expected[::-1].tolist()


def test_levels_are_logarithmic():
    # 1, 10 and 100: nothing, half and all of the way from level 1 to level 255.
    assert count_levels(np.array([[0, 1, 10, 100]])).tolist() == [[0, 1, 128, 255]]
    assert count_levels(np.array([[0, 1]])).tolist() == [[0, 1]]


def test_a_pixel_with_hits_is_marked_in_its_middle():
    view = MapView((100, 104), (1, 4), (3, 4))
    frequency_mhz, log_snr = pixel_centers(np.array([[0, 0, 0, 5], [0, 0, 0, 0], [1, 0, 0, 0]]), view)
    assert frequency_mhz.tolist() == [103.5, 100.5]
    assert log_snr.tolist() == [3.5, 1.5]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"frequency_mhz": (2, 1)}, "frequency_mhz: expected two ascending numbers, found 2 and 1"),
        ({"log_snr": (1, math.nan)}, "log_snr: expected two ascending numbers, found 1 and nan"),
        ({"pixels": (0, 10)}, "pixels: expected 1 to 1024, found 0"),
        ({"pixels": (10, 10**6)}, "pixels: expected 1 to 2048, found 1000000"),
        ({"pixels": (2.5, 10)}, "pixels: expected 1 to 1024, found 2.5"),
    ],
)
def test_what_cannot_be_looked_at_is_named(changes, complaint):
    with pytest.raises(ValueError, match=complaint):
        MapView(**({"frequency_mhz": (1, 2), "log_snr": (1, 2), "pixels": (10, 10)} | changes))


# One hit


@pytest.fixture
def three():
    """Hits 10, 11, 12 at 101, 102 and 103 MHz; a pixel is 0.1 MHz by 0.1 decades."""
    return make_table([101.0, 102.0, 103.0], [100, 1000, 100]), MapView((100, 104), (1, 4), (30, 40))


@pytest.mark.parametrize(
    ("position", "reach", "expected"),
    [
        ((101.1, 2.0), 2, 10),
        # 3 pixels to the right and 4 up: a distance of 5.
        ((101.3, 2.4), 5.001, 10),
        ((101.3, 2.4), 4.9, None),
        # Nearer on the screen to 11 by SNR, though 10 is nearer in frequency.
        ((101.4, 3.0), 1e4, 11),
        ((102.9, 2.1), 1e4, 12),
    ],
)
def test_the_nearest_hit_is_that_on_the_screen(three, position, reach, expected):
    table, view = three
    found = nearest_hit(table, view, everything(table), position, reach)
    assert (None if found is None else table.hit_id[found]) == expected


def test_what_is_filtered_out_or_out_of_sight_is_not_picked(three):
    table, view = three
    assert nearest_hit(table, view, table.hit_id != 10, (101.0, 2.0), 1e4) == 1
    right = MapView((101.05, 104), (1, 4), (30, 40))
    assert nearest_hit(table, right, everything(table), (101.06, 2.0), 5) is None
    assert nearest_hit(table, right, everything(table), (101.06, 2.0), 1e4) == 1


@pytest.mark.parametrize(("place", "step", "expected"), [(0, 1, 1), (2, 1, 0), (1, -1, 0), (0, -1, 2)])
def test_next_and_previous_go_round(three, place, step, expected):
    table, view = three
    assert next_hit(table, view, everything(table), place, step) == expected


def test_next_passes_over_what_is_filtered_out(three):
    table, view = three
    keep = table.hit_id != 11
    assert next_hit(table, view, keep, 0, 1) == 2
    # Also from a hit that is filtered out itself.
    assert next_hit(table, view, keep, 1, 1) == 2
    assert next_hit(table, view, keep, 1, -1) == 0


# Words


def test_the_status_says_how_much_is_shown():
    view = MapView((1000, 1800), (1, 4), (100, 400))
    assert map_text(12, 12, 12, view) == "12 hits in sight of 12, each a point of its own."
    assert map_text(MAX_POINTS + 1, 5000, 1_000_000, view) == (
        "2,001 hits in sight of 5,000 that pass the filters (1,000,000 in all), "
        "counted in pixels of 2 MHz; zoom in for single hits."
    )
    narrow = MapView((1000, 1000.02), (1, 4), (100, 400))
    assert "pixels of 50 Hz" in map_text(MAX_POINTS + 1, 5000, 5000, narrow)


def test_the_facts_of_a_hit():
    hit = SimpleNamespace(
        hit_id=5,
        source_name="HIP 1",
        scan=3,
        tstart_mjd=57541.123456,
        frequency_mhz=1575.42,
        drift_hz_s=-0.25,
        snr=12.34,
        width_hz=2.8,
        path="a.fil",
        cadence="night 1",
        position="ON",
        verdict="",
    )
    assert hit_facts(hit) == [
        ("Frequency", "1575.420000 MHz"),
        ("Band", "GPS L1, Galileo E1"),
        ("SNR", "12.3"),
        ("Drift", "−0.2500 Hz/s"),
        ("Width", "2.8 Hz"),
        ("Scan", "ON, number 3, from MJD 57541.12346"),
        ("Cadence", "night 1"),
        ("Cadence says", "no event"),
        ("hit_id", "5"),
        ("File", "a.fil"),
    ]
    bare = {"path": "", "cadence": "", "position": "", "frequency_mhz": 8419.0}
    facts = dict(hit_facts(SimpleNamespace(**(vars(hit) | bare))))
    assert (facts["File"], facts["Cadence"]) == ("none is known", "none is known")
    assert facts["Band"] == "none that is known"
    assert facts["Scan"].startswith("number 3")
