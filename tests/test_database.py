"""Hits, events and reviews in a database: on an SQLite file, and on a real MariaDB where there is one."""

import itertools
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
import uuid
from pathlib import Path

import mariadb_server
import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_survey import make_survey

import setilearn as sl
from setilearn.store import connection as connection_module
from setilearn.store import schema
from setilearn.store.load import iter_verdicts
from setilearn.tables import EVENTS, HITS, OBSERVATIONS, table

HOSTILE = "Robert'); DROP TABLE hits;--"
TABLES = ["observations", "hits", "events", "event_hits", "reviews"]


@pytest.fixture(scope="session")
def mariadb_address():
    if reason := mariadb_server.missing():
        pytest.skip(reason)
    with mariadb_server.mariadb() as address:
        yield address


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path}/survey.db"


@pytest.fixture
def mariadb_url(mariadb_address):
    return mariadb_server.new_database(mariadb_address)


@pytest.fixture(params=["sqlite", "mariadb"])
def url(request):
    return request.getfixturevalue(f"{request.param}_url")


def scan_of(
    frequencies_mhz, *, source_name="HIP 1", scan=1, tstart_mjd=60000.25, path="/data/a.h5", snr=20.0
):
    """Hits of one scan; what is not told differs from hit to hit."""
    n_hits = len(frequencies_mhz)
    columns = {
        "source_name": source_name,
        "scan": scan,
        "tstart_mjd": tstart_mjd,
        "frequency_mhz": frequencies_mhz,
        "drift_hz_s": np.arange(n_hits) / 7,
        "snr": snr,
        "width_hz": 2.7939677238464355,
        "channel": np.arange(n_hits),
        "path": path,
    }
    return table(HITS, columns)


def many_hits(n_scans=5, n_hits=40, seed=1):
    """Several scans, with random numbers, one below the other."""
    random_numbers = np.random.default_rng(seed)
    scans = [
        scan_of(
            random_numbers.uniform(1100, 1900, n_hits),
            source_name=f"HIP {number // 2}",
            scan=number,
            tstart_mjd=60000 + number / 300,
            path=f"/data/{number}.h5",
        ).assign(
            drift_hz_s=random_numbers.normal(size=n_hits),
            snr=10 + random_numbers.exponential(30, n_hits),
            channel=random_numbers.permutation(n_hits),
        )
        for number in range(n_scans)
    ]
    return pd.concat(scans, ignore_index=True)


def everything(url):
    """All rows of all tables, as a student would read them."""
    engine = sl.open_database(url)
    return {name: pd.read_sql(f"SELECT * FROM {name} ORDER BY 1, 2", engine) for name in TABLES}


def require_same(before, after):
    for name in TABLES:
        pd.testing.assert_frame_equal(before[name], after[name], check_exact=True)


def query(url, text):
    with sl.open_database(url).connect() as connection:
        return connection.exec_driver_sql(text).all()


def change(url, *texts):
    engine = connection_module.database_engine(url)
    with engine.begin() as connection:
        for text in texts:
            connection.exec_driver_sql(text)


# What is saved comes back


def test_hits_come_back_as_they_were(url):
    frequencies = [8419.297028, 0.1 + 0.2, np.nextafter(1420.0, 2000), 1e-300, 1.7e308, 1420.405751768]
    hits = scan_of(frequencies).assign(
        channel=[2**63 - 1, -(2**63), 0, 2**53 + 1, -1, 7], snr=[1 / 3, 1e-5, 3e7, 10.0, 25.5, 1e22]
    )
    hits.index = [5, 5, 3, 9, 1, 0]
    given = hits.copy()
    sl.save_hits(hits, url)
    again = sl.load_hits(url)
    pd.testing.assert_frame_equal(again, given.reset_index(drop=True), check_exact=True)
    assert again.dtypes.tolist() == table(HITS).dtypes.tolist()
    pd.testing.assert_frame_equal(hits, given, check_exact=True)


def test_text_comes_back_whatever_it_says(url):
    names = [HOSTILE, '%s "; %(x)s', "Überriese \N{RINGED PLANET}", "a\\'b\nc", "", "NA", "%", "_"]
    hits = pd.concat(
        [scan_of([float(place)], source_name=name, path=name) for place, name in enumerate(names)]
    )
    hits = hits.reset_index(drop=True)
    sl.save_hits(hits, url, observations=hits.assign(cadence=names))
    pd.testing.assert_frame_equal(sl.load_hits(url), hits)
    for place, name in enumerate(names):
        assert sl.load_hits(url, source_name=name)["frequency_mhz"].tolist() == [place]
        assert sl.load_hits(url, cadence=name)["frequency_mhz"].tolist() == [place]
        sl.save_review(url, 1, "rfi", note=name)
        assert sl.load_reviews(url)["note"].tolist() == [name]


numbers = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)


@given(rows=st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=1, max_size=20))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_all_finite_numbers_come_back_to_the_last_bit(url, rows):
    frequency_mhz, drift_hz_s, snr, width_hz = map(list, zip(*rows, strict=True))
    hits = scan_of(frequency_mhz, source_name=uuid.uuid4().hex)
    hits = hits.assign(drift_hz_s=drift_hz_s, snr=snr, width_hz=width_hz)
    sl.save_hits(hits, url)
    again = sl.load_hits(url, source_name=hits["source_name"][0])
    pd.testing.assert_frame_equal(again, hits, check_exact=True)


def test_scans_that_are_mixed_come_back_scan_by_scan(url):
    hits = many_hits(n_scans=3, n_hits=4)
    mixed = hits.iloc[[4, 0, 8, 5, 1, 9, 6, 2, 10, 7, 3, 11]]
    sl.save_hits(mixed, url)
    expected = hits.iloc[[4, 5, 6, 7, 0, 1, 2, 3, 8, 9, 10, 11]].reset_index(drop=True)
    pd.testing.assert_frame_equal(sl.load_hits(url), expected)


def test_names_that_differ_in_case_are_two_stars(url):
    sl.save_hits(pd.concat([scan_of([1.0], source_name="hip 1"), scan_of([2.0], source_name="HIP 1")]), url)
    assert sl.load_hits(url, source_name="hip 1")["frequency_mhz"].tolist() == [1.0]
    assert len(sl.load_observations(url)) == 2


def test_no_hits_are_an_empty_table(url):
    sl.save_hits(table(HITS), url)
    for loaded, columns in (
        (sl.load_hits(url), HITS),
        (sl.load_events(url), EVENTS),
        (sl.load_observations(url), OBSERVATIONS),
    ):
        assert loaded.empty
        assert loaded.dtypes.tolist() == table(columns).dtypes.tolist()
    assert sl.load_reviews(url).columns.tolist() == ["hit_id", "review", "note"]
    assert list(sl.iter_hit_columns(url)) == []


# Saving again, and other hits


def test_saving_again_changes_nothing(url):
    hits = many_hits()
    sl.save_hits(hits, url)
    before = everything(url)
    sl.save_hits(hits, url)
    sl.save_hits(hits.sample(frac=1, random_state=1), url)
    moved = hits.assign(path=hits["path"].str.replace("/data/", "C:\\elsewhere\\"))
    sl.save_hits(moved, url)
    require_same(before, everything(url))


def test_a_second_save_adds_only_what_is_new(url):
    hits = many_hits()
    sl.save_hits(hits.iloc[:80], url)
    sl.save_hits(hits, url)
    pd.testing.assert_frame_equal(sl.load_hits(url), hits)


OTHERS = {
    "one less": lambda hits: hits.iloc[:-1],
    "the last bit": lambda hits: hits.assign(snr=np.nextafter(hits["snr"], 0)),
    "one more": lambda hits: pd.concat([hits, hits.iloc[:1]]),
    "one twice for another": lambda hits: pd.concat([hits.iloc[:-1], hits.iloc[:1]]),
    "none": lambda hits: hits.iloc[:0],
}


def test_other_hits_of_a_stored_scan_are_refused_or_replace(url):
    hits = many_hits(n_scans=2)
    first, second = (hits[hits["scan"] == number] for number in (0, 1))
    for other in OTHERS.values():
        changed = other(second)
        sl.save_hits(hits, url, replace=True)
        before = everything(url)
        with pytest.raises(sl.DatabaseError, match="scan 1 of 'HIP 0' .*1.h5.* is stored with 40 hits"):
            sl.save_hits(changed, url, observations=second.iloc[:1])
        require_same(before, everything(url))
        sl.save_hits(changed, url, observations=second.iloc[:1], replace=True)
        expected = pd.concat([first, changed], ignore_index=True)
        pd.testing.assert_frame_equal(sl.load_hits(url), expected)
        assert sl.load_observations(url, extra=["n_hits"])["n_hits"].tolist() == [40, len(changed)]


def test_an_error_in_one_scan_keeps_all_scans_of_its_transaction_out(url):
    sl.save_hits(scan_of([1.0]), url)
    new = scan_of([3.0], scan=2, tstart_mjd=60001.0)
    with pytest.raises(sl.DatabaseError, match="is stored with 1 hits"):
        sl.save_hits(pd.concat([new, scan_of([2.0])]), url)
    assert sl.load_hits(url)["frequency_mhz"].tolist() == [1.0]


# What is refused


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frequency_mhz": np.nan}, "hits, frequency_mhz: expected finite numbers, found nan in row 0"),
        ({"snr": [20.0, np.inf]}, "hits, snr: expected finite numbers, found inf in row 1"),
        ({"tstart_mjd": -np.inf}, "hits, tstart_mjd: expected finite numbers, found -inf"),
        ({"channel": [1, 1.5]}, "hits, channel: expected whole numbers, found 1.5 in row 1"),
        ({"channel": np.nan}, "hits, channel: expected whole numbers, found nan"),
        ({"channel": 2.0**63}, "hits, channel: expected whole numbers, found 9.223"),
        ({"snr": "high"}, "hits, snr: expected numbers"),
        ({"source_name": [None, "a"]}, "hits, source_name: expected text, found none in row 0"),
        ({"source_name": [7, "a"]}, "hits, source_name: expected text, found 7"),
        ({"source_name": "x" * 256}, "hits, source_name: expected at most 255 characters, found 256"),
        ({"path": "/" + "x" * 4096}, "hits, path: expected at most 4096 characters, found 4097"),
        ({"path": "/a/" + "x" * 256}, "file_name: expected at most 255 characters"),
        (
            {"path": pd.Series(["/a/\udcff.h5"] * 2, dtype=object)},
            "hits, path: expected text, found bytes that are none",
        ),
        ({"path": ["/a/x.h5", "/b/x.h5"]}, "expected its hits from one file, found /a/x.h5 and /b/x.h5"),
    ],
)
def test_hits_that_cannot_be_stored_are_refused(sqlite_url, tmp_path, change, message):
    with pytest.raises(sl.DatabaseError, match=re.escape(message)) as caught:
        sl.save_hits(scan_of([1.0, 2.0]).astype({"channel": float}).assign(**change), sqlite_url)
    assert sqlite_url in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_table_without_columns_is_refused(sqlite_url):
    with pytest.raises(
        sl.DatabaseError, match="hits: expected columns snr, width_hz, found source_name, scan"
    ):
        sl.save_hits(scan_of([1.0]).drop(columns=["snr", "width_hz"]), sqlite_url)


def test_the_longest_text_fits(url):
    path = "/" + "\N{RINGED PLANET}" * 3840 + "/" + "\N{RINGED PLANET}" * 254
    hits = scan_of([1.0], source_name="\N{RINGED PLANET}" * 255, path=path)
    sl.save_hits(hits, url)
    pd.testing.assert_frame_equal(sl.load_hits(url), hits)
    sl.save_review(url, 1, "\N{RINGED PLANET}" * 64, "\N{RINGED PLANET}" * 4000)
    assert sl.load_reviews(url)["note"][0] == "\N{RINGED PLANET}" * 4000


# Queries


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory):
    """An SQLite database of many hits, and their table."""
    url = f"sqlite:///{tmp_path_factory.mktemp('surveyed')}/survey.db"
    hits = many_hits(n_scans=8, n_hits=500)
    position = {"position": ["ON", "OFF"] * 4, "cadence": ["one"] * 4 + ["two"] * 4}
    observations = hits.drop_duplicates("scan")[["source_name", "scan", "tstart_mjd", "path"]]
    sl.save_hits(hits, url, observations=observations.assign(**position))
    return url, hits


limits = st.none() | st.floats(1000, 2000)


@given(st.tuples(limits, limits), st.tuples(st.none() | st.floats(0, 100), st.none()))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_ranges_give_what_pandas_gives(surveyed, frequency_mhz, snr):
    url, hits = surveyed
    frequency_mhz = tuple(sorted(frequency_mhz)) if None not in frequency_mhz else frequency_mhz
    fits = np.ones(len(hits), dtype=bool)
    for name, (low, high) in {"frequency_mhz": frequency_mhz, "snr": snr}.items():
        fits &= hits[name].to_numpy() >= (-np.inf if low is None else low)
        fits &= hits[name].to_numpy() <= (np.inf if high is None else high)
    found = sl.load_hits(url, frequency_mhz=frequency_mhz, snr=snr)
    pd.testing.assert_frame_equal(found, hits[fits].reset_index(drop=True), check_exact=True)


def test_limits_are_included(url):
    sl.save_hits(scan_of([1.0, 2.0, 3.0, 4.0]), url)
    assert sl.load_hits(url, frequency_mhz=(2, np.float64(3)))["frequency_mhz"].tolist() == [2.0, 3.0]
    assert sl.load_hits(url, drift_hz_s=(1 / 7, 1 / 7))["frequency_mhz"].tolist() == [2.0]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ({"source_name": "HIP 1"}, [2, 3]),
        ({"source_name": ["HIP 1", "HIP 3"]}, [2, 3, 6, 7]),
        ({"scan": 5}, [5]),
        ({"scan": np.array([5, 0])}, [0, 5]),
        ({"scan": []}, []),
        ({"position": "ON"}, [0, 2, 4, 6]),
        ({"cadence": "two", "position": "OFF"}, [5, 7]),
        ({"source_name": "HIP 1", "scan": 5}, []),
    ],
)
def test_questions_about_scans(surveyed, question, places):
    url, hits = surveyed
    found = sl.load_hits(url, **question)
    pd.testing.assert_frame_equal(found, hits[hits["scan"].isin(places)].reset_index(drop=True))
    assert sl.load_observations(url, **question)["scan"].tolist() == places


def test_all_questions_at_once(surveyed):
    url, hits = surveyed
    found = sl.load_hits(url, frequency_mhz=(1200, 1700), snr=(20, None), drift_hz_s=(0, None), scan=[1, 2])
    expected = hits.query(
        "1200 <= frequency_mhz <= 1700 and snr >= 20 and drift_hz_s >= 0 and scan in [1, 2]"
    )
    pd.testing.assert_frame_equal(found, expected.reset_index(drop=True))


def test_extra_columns(url):
    observations = scan_of([1.0])[["source_name", "scan", "tstart_mjd", "path"]]
    observations = observations.assign(ra_deg=10.5, dec_deg=-3.25, cadence="one", position="ON")
    sl.save_hits(pd.concat([scan_of([1.0, 2.0]), scan_of([3.0], scan=2)]), url, observations=observations)
    sl.save_review(url, 2, "rfi", "a radar")
    extra = [
        "note",
        "hit_id",
        "position",
        "cadence",
        "ra_deg",
        "dec_deg",
        "verdict",
        "review",
        "observation_id",
    ]
    hits = sl.load_hits(url, extra=extra)
    assert hits.columns.tolist() == [*(column.name for column in HITS), *extra]
    assert hits["hit_id"].tolist() == [1, 2, 3]
    assert hits["review"].tolist() == ["", "rfi", ""]
    assert hits["note"].tolist() == ["", "a radar", ""]
    assert hits["position"].tolist() == ["ON", "ON", ""]
    assert hits["verdict"].tolist() == [""] * 3
    np.testing.assert_array_equal(hits["dec_deg"], [-3.25, -3.25, np.nan])
    assert hits.dtypes[["note", "hit_id", "ra_deg", "verdict"]].tolist() == ["str", "int64", "float64", "str"]
    assert sl.load_hits(url, hit_id=[3, 1])["frequency_mhz"].tolist() == [1.0, 3.0]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"frequency_mhz": (2, 1)}, r"frequency_mhz: expected limits \(low, high\), found \(2, 1\)"),
        ({"snr": 10}, "snr: expected limits"),
        ({"snr": (np.nan, None)}, "snr: expected limits"),
        ({"snr": ("a", "b")}, "snr: expected limits"),
        ({"drift_hz_s": (1, 2, 3)}, "drift_hz_s: expected limits"),
        ({"extra": ["colour"]}, "extra: expected some of hit_id, .*, found colour"),
    ],
)
def test_questions_without_sense(surveyed, question, message):
    with pytest.raises(sl.DatabaseError, match=message):
        sl.load_hits(surveyed[0], **question)


@pytest.mark.parametrize("n_rows", [1, 7, 4000, 10**6])
def test_columns_in_pieces(surveyed, n_rows):
    url, hits = surveyed
    hits = hits.iloc[:20] if n_rows == 1 else hits
    names = ["snr", "hit_id", "channel"]
    pieces = [
        piece for piece, _ in zip(sl.iter_hit_columns(url, names, n_rows=n_rows), range(2000), strict=False)
    ]
    assert all(list(piece) == names and 1 <= len(piece["snr"]) <= n_rows for piece in pieces)
    for name in ("snr", "channel"):
        together = np.concatenate([piece[name] for piece in pieces])[: len(hits)]
        assert together.dtype == hits[name].dtype
        np.testing.assert_array_equal(together, hits[name])
    np.testing.assert_array_equal(np.diff(np.concatenate([piece["hit_id"] for piece in pieces])), 1)


def test_columns_of_a_moment(url):
    """What is saved while they are read is not in them, whole or in part."""
    sl.save_hits(scan_of(np.arange(10.0)), url)
    pieces = sl.iter_hit_columns(url, ["frequency_mhz", "review"], n_rows=4)
    first = next(pieces)
    sl.save_hits(scan_of(np.arange(5.0)), url, replace=True)
    sl.save_hits(scan_of(np.arange(100.0, 200.0), scan=2), url)
    assert [len(piece["review"]) for piece in [first, *pieces]] == [4, 4, 2]
    assert sum(len(piece["review"]) for piece in sl.iter_hit_columns(url, ["review"])) == 105


def test_an_unknown_column(surveyed):
    with pytest.raises(sl.DatabaseError, match="columns: expected some of hit_id, .*, found colour"):
        next(sl.iter_hit_columns(surveyed[0], ["colour"]))


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("frequency_mhz BETWEEN 1400 AND 1401", "frequency_mhz"),
        ("snr > 1000", "snr"),
        ("observation_id = 3", ""),
    ],
)
def test_questions_use_an_index(surveyed, condition, index):
    plan = query(surveyed[0], f"EXPLAIN QUERY PLAN SELECT * FROM hits WHERE {condition}")
    assert "USING INDEX" in plan[0][-1]
    assert index in plan[0][-1]


# Observations


def test_what_is_known_of_scans_may_come_later(url):
    hits = many_hits(n_scans=2)
    sl.save_hits(hits, url)
    known = hits.drop_duplicates("scan")[["source_name", "scan", "tstart_mjd", "path"]]
    sl.save_hits(hits, url, observations=known.assign(ra_deg=[1.5, 2.5], dec_deg=[0.0, -1.0]))
    sl.save_hits(hits, url, observations=known.assign(position=["ON", "OFF"], cadence="c"))
    told = {"ra_deg": [1.5, 2.5], "dec_deg": [0.0, -1.0], "cadence": "c", "position": ["ON", "OFF"]}
    expected = table(OBSERVATIONS, known.assign(**told).to_dict("list"))
    pd.testing.assert_frame_equal(sl.load_observations(url), expected)
    with pytest.raises(
        sl.DatabaseError, match="is stored with {'position': 'ON'}, found {'position': 'OFF'}"
    ):
        sl.save_hits(hits, url, observations=known.assign(position="OFF"))
    sl.save_hits(hits, url, observations=known.assign(position="OFF"), replace=True)
    assert sl.load_observations(url)["position"].tolist() == ["OFF", "OFF"]
    pd.testing.assert_frame_equal(sl.load_hits(url), hits)


def test_scans_without_hits(url):
    hits = many_hits(n_scans=3)
    known = hits.drop_duplicates("scan")
    sl.save_hits(hits[hits["scan"] == 1], url, observations=known)
    observations = sl.load_observations(url, extra=["n_hits", "observation_id", "file_name"])
    assert observations["scan"].tolist() == [1, 0, 2]
    assert observations["n_hits"].tolist() == [40, 0, 0]
    assert observations["file_name"].tolist() == ["1.h5", "0.h5", "2.h5"]
    assert observations["ra_deg"].isna().all()
    with pytest.raises(sl.DatabaseError, match="scan 0 .* is stored with 0 hits, found 40"):
        sl.save_hits(hits, url)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"position": "on"}, "observations, position: expected ON, OFF or nothing, found 'on'"),
        ({"ra_deg": np.inf}, "observations, ra_deg: expected finite numbers, found inf"),
        ({"cadence": "x" * 256}, "observations, cadence: expected at most 255 characters"),
        (
            {"scan": 1, "tstart_mjd": 1.0, "path": "a", "source_name": "x"},
            "expected one row a scan, found two",
        ),
    ],
)
def test_observations_that_make_no_sense(sqlite_url, change, message):
    hits = many_hits(n_scans=2)
    with pytest.raises(sl.DatabaseError, match=message):
        sl.save_hits(hits, sqlite_url, observations=hits.drop_duplicates("scan").assign(**change))


# Cadences and events


def cadence():
    """Six scans: one tone on the star alone, one everywhere, one in the first scan alone, one scan empty."""
    sources = ["HIP 1", "B", "HIP 1", "C", "HIP 1", "D"]
    frequencies = [[1400.0, 1500.0, 1600.0], [1500.0], [1400.0, 1500.0], [], [1400.0, 1500.0], [1500.0]]
    return [
        scan_of(
            found, source_name=source, scan=place, tstart_mjd=60000 + place / 250, path=f"{place}.h5"
        ).assign(drift_hz_s=0.0, snr=20.0 + place)
        for place, (source, found) in enumerate(zip(sources, frequencies, strict=True))
    ]


def observations_of_cadence():
    sources = ["HIP 1", "B", "HIP 1", "C", "HIP 1", "D"]
    rows = [
        {
            "source_name": source,
            "scan": place,
            "tstart_mjd": 60000 + place / 250,
            "path": f"{place}.h5",
            "ra_deg": 10.0,
            "dec_deg": 20.0 + place,
            "cadence": "",
            "position": "",
        }
        for place, source in enumerate(sources)
    ]
    return table(OBSERVATIONS, rows)


def test_a_cadence_comes_back(url):
    scans, observations = cadence(), observations_of_cadence()
    events = sl.filter_cadence(scans)
    sl.save_cadence(scans, events, url, observations=observations)
    again = sl.load_events(url)
    assert again["verdict"].tolist() == ["event", "also in OFF", "in one ON only"]
    columns = [column.name for column in EVENTS if column.name != "hits"]
    pd.testing.assert_frame_equal(again[columns], events[columns], check_exact=True)
    assert again.dtypes.tolist() == events.dtypes.tolist()
    hits = sl.load_hits(url, extra=["hit_id"]).set_index("hit_id")
    for event, loaded in zip(events["hits"], again["hits"], strict=True):
        assert [place for place, _ in loaded] == [place for place, _ in event]
        for (place, label), (_, hit_id) in zip(event, loaded, strict=True):
            assert hits.loc[hit_id].tolist() == scans[place].loc[label].tolist()
    stored = sl.load_observations(url, extra=["n_hits"])
    assert stored["position"].tolist() == ["ON", "OFF"] * 3
    assert set(stored["cadence"]) == {"HIP 1 60000.00000"}
    assert stored["dec_deg"].tolist() == [20.0, 21.0, 22.0, 23.0, 24.0, 25.0]
    assert stored["n_hits"].tolist() == [3, 1, 2, 0, 2, 1]


def test_events_of_a_survey_come_back_and_a_second_time_change_nothing(url):
    """Of two cadences in one go: as `save_cadence` stores them one by one."""
    later = [scan.assign(tstart_mjd=scan["tstart_mjd"] + 1) for scan in cadence()]
    nights = []
    for number in (0, 1):
        observations = observations_of_cadence().assign(cadence=f"night {number}", position=["ON", "OFF"] * 3)
        nights.append(observations.assign(tstart_mjd=observations["tstart_mjd"] + number))
    sl.save_hits(pd.concat([*cadence(), *later]), url, observations=pd.concat(nights), progress=False)
    hits = sl.load_hits(url, extra=["hit_id"])
    events = sl.filter_survey(hits, sl.load_observations(url), progress=False)
    for _ in range(2):
        sl.save_survey_events(events, hits, url)
    again = sl.load_events(url, extra=["cadence"])
    columns = [column.name for column in EVENTS if column.name != "hits"]
    pd.testing.assert_frame_equal(
        again[[*columns, "cadence"]], events[[*columns, "cadence"]], check_exact=True
    )
    for event, loaded in zip(events["hits"], again["hits"], strict=True):
        assert loaded == tuple((place, hits["hit_id"][label]) for place, label in event)
    # Others in their place only where asked.
    first = events.groupby("cadence").head(1)
    with pytest.raises(sl.DatabaseError, match="'night 0' is stored with 3 events, found 1"):
        sl.save_survey_events(first, hits, url)
    assert len(sl.load_events(url)) == 6
    sl.save_survey_events(first, hits, url, replace=True)
    assert sl.load_events(url)["verdict"].tolist() == ["event", "event"]


def test_events_of_hits_that_are_not_stored_are_refused(sqlite_url):
    scans, observations = cadence(), observations_of_cadence()
    sl.save_hits(pd.concat(scans), sqlite_url, observations=observations, progress=False)
    hits = sl.load_hits(sqlite_url, extra=["hit_id"])
    events = sl.filter_cadence([hits[hits["scan"] == scan] for scan in observations["scan"]])
    events = events.assign(cadence="one")
    assert len(events)
    for wrong_events, wrong_hits, words in (
        (events, hits.drop(columns="hit_id"), "expected the column hit_id"),
        (events, hits.assign(hit_id=hits["hit_id"] + 1000), "found hit_id 10.., which it has not"),
        (events.drop(columns="cadence"), hits, "expected columns cadence"),
        (events, hits.iloc[:1], "expected hits that are rows of the scans"),
    ):
        with pytest.raises(sl.DatabaseError, match=words):
            sl.save_survey_events(wrong_events, wrong_hits, sqlite_url)
        assert sl.load_events(sqlite_url).empty
    sl.save_survey_events(events[:0], hits, sqlite_url)
    assert sl.load_events(sqlite_url).empty


def test_questions_about_events(url):
    scans = cadence()
    events = sl.filter_cadence(scans)
    sl.save_cadence(scans, events, url, cadence="one")
    later = [scan.assign(tstart_mjd=scan["tstart_mjd"] + 1) for scan in scans]
    sl.save_cadence(later, sl.filter_cadence(later, rule="any"), url, cadence="two")
    assert sl.load_events(url, verdict="event")["frequency_mhz"].tolist() == [1400.0, 1400.0, 1600.0]
    assert sl.load_events(url, verdict="event", cadence="two")["hits"].map(len).tolist() == [3, 1]
    assert sl.load_events(url, frequency_mhz=(1450, None), snr=(24.5, None)).empty
    assert sl.load_events(url, source_name="B").empty
    assert sl.load_events(url, extra=["cadence", "event_id"])["cadence"].tolist() == ["one"] * 3 + ["two"] * 3
    found = sl.load_hits(url, verdict=["event", "in one ON only"], extra=["verdict", "cadence"])
    assert found.query("cadence == 'one'")["frequency_mhz"].tolist() == [1400.0, 1600.0, 1400.0, 1400.0]
    assert found.query("cadence == 'two'")["verdict"].tolist() == ["event"] * 4
    # A hit in an OFF scan that belongs to several groups comes once.
    assert len(sl.load_hits(url, extra=["verdict"])) == 2 * 9
    (columns,) = sl.iter_hit_columns(url, ["verdict", "frequency_mhz"])
    assert set(columns["verdict"][columns["frequency_mhz"] == 1500.0]) == {"also in OFF"}


def test_saving_a_cadence_again_changes_nothing(url):
    scans, observations = cadence(), observations_of_cadence()
    events = sl.filter_cadence(scans)
    sl.save_cadence(scans, events, url, observations=observations)
    before = everything(url)
    sl.save_cadence(scans, events, url, observations=observations)
    turned = [scan.iloc[::-1] for scan in scans]
    sl.save_cadence(turned, sl.filter_cadence(turned), url)
    require_same(before, everything(url))


@pytest.mark.parametrize("n_rows", [1, 2, 1000])
def test_verdicts_of_all_hits_of_events(tmp_path, n_rows):
    url = make_survey(tmp_path)
    hits = sl.load_hits(url, extra=["hit_id", "verdict"])
    pieces = list(iter_verdicts(url, n_rows=n_rows))
    assert max(len(hit_id) for hit_id, _ in pieces) <= n_rows
    found = {number: said for piece in pieces for number, said in zip(*piece, strict=True)}
    judged = hits[hits["verdict"] != ""]
    assert found == dict(zip(judged["hit_id"], judged["verdict"], strict=True))
    assert len(found) > 2


def test_scans_stored_before_join_their_cadence(url):
    scans = cadence()
    sl.save_hits(pd.concat(scans[::-1]), url)
    sl.save_review(url, 1, "rfi")
    sl.save_cadence([scan.iloc[::-1] for scan in scans], sl.filter_cadence(scans), url, cadence="one")
    assert len(sl.load_hits(url)) == 9
    assert set(sl.load_observations(url)["cadence"]) == {"one"}
    hits = sl.load_hits(url, extra=["hit_id"]).set_index("hit_id")
    for event in sl.load_events(url).itertuples():
        near = {abs(hits.loc[hit_id, "frequency_mhz"] - event.frequency_mhz) for _, hit_id in event.hits}
        assert near == {0.0}
    assert sl.load_reviews(url)["review"].tolist() == ["rfi"]


def test_other_events_are_refused_or_replace(url):
    scans = cadence()
    sl.save_cadence(scans, sl.filter_cadence(scans), url, cadence="one")
    before = everything(url)
    others = sl.filter_cadence(scans, rule="any")
    with pytest.raises(sl.DatabaseError, match="cadence 'one' is stored with 3 events, found 3 that are not"):
        sl.save_cadence(scans, others, url, cadence="one")
    require_same(before, everything(url))
    sl.save_cadence(scans, others, url, cadence="one", replace=True)
    assert sl.load_events(url)["verdict"].tolist() == ["event", "also in OFF", "event"]
    assert len(query(url, "SELECT * FROM event_hits")) == sum(map(len, others["hits"]))


def test_replacing_hits_takes_the_events_of_their_cadence_along(url):
    scans = cadence()
    sl.save_cadence(scans, sl.filter_cadence(scans), url, cadence="one")
    sl.save_hits(scans[0].iloc[:1], url, replace=True)
    assert sl.load_events(url).empty
    assert query(url, "SELECT * FROM event_hits") == []
    assert len(sl.load_hits(url)) == 7


@pytest.mark.parametrize(
    ("scans", "events", "message"),
    [
        (slice(0, 5), lambda events: events, "pattern ABACAD: expected 6 scans, found 5"),
        (slice(0, 6), lambda events: events.assign(hits=[((0, 99),)] * 3), "hits that are rows of the scans"),
        (slice(0, 6), lambda events: events.assign(hits=[((6, 0),)] * 3), "hits that are rows of the scans"),
        (slice(0, 6), lambda events: events.assign(hits=[((-1, 0),)] * 3), "hits that are rows of the scans"),
        (slice(0, 6), lambda events: events.assign(hits=[5] * 3), "hits that are rows of the scans"),
        (slice(0, 6), lambda events: events.drop(columns="snr"), "events: expected columns snr"),
        (slice(0, 6), lambda events: events.assign(snr=np.nan), "events, snr: expected finite numbers"),
        (slice(0, 6), lambda events: events.assign(verdict="x" * 65), "events, verdict: expected at most 64"),
    ],
)
def test_cadences_that_make_no_sense(sqlite_url, tmp_path, scans, events, message):
    found = cadence()
    with pytest.raises(sl.DatabaseError, match=message):
        sl.save_cadence(found[scans], events(sl.filter_cadence(found)), sqlite_url)
    assert list(tmp_path.iterdir()) == []


def test_two_scans_in_one_place_of_a_cadence(sqlite_url):
    scans = cadence()
    scans[1] = pd.concat([scans[1], scans[3], scans[5]])
    with pytest.raises(sl.DatabaseError, match="place 1 of the cadence: expected one scan, found scan 1"):
        sl.save_cadence(scans, table(EVENTS), sqlite_url)


def test_a_cadence_without_a_name(sqlite_url):
    with pytest.raises(sl.DatabaseError, match="cadence: expected a name, found none"):
        sl.save_cadence(cadence(), table(EVENTS), sqlite_url, cadence="")
    with pytest.raises(sl.DatabaseError, match="cadence: expected text, found None"):
        sl.save_cadence([table(HITS)] * 6, table(EVENTS), sqlite_url)


def test_a_scan_twice_in_a_cadence(sqlite_url):
    scans = cadence()
    scans[2] = scans[0]
    with pytest.raises(sl.DatabaseError, match="expected different scans, found scan 0 of .* more than once"):
        sl.save_cadence(scans, table(EVENTS), sqlite_url)


def test_a_scan_that_moves_to_another_cadence_takes_the_events_along(sqlite_url):
    scans = cadence()
    sl.save_cadence(scans, sl.filter_cadence(scans), sqlite_url, cadence="one")
    before = everything(sqlite_url)
    known = scans[0].iloc[:1].assign(cadence="two")
    with pytest.raises(sl.DatabaseError, match="is stored with {'cadence': 'one'}, found {'cadence': 'two'}"):
        sl.save_hits(scans[0], sqlite_url, observations=known)
    require_same(before, everything(sqlite_url))
    sl.save_hits(scans[0], sqlite_url, observations=known, replace=True)
    assert sl.load_events(sqlite_url).empty
    assert len(sl.load_hits(sqlite_url)) == 9


def test_a_refused_cadence_stores_nothing(url):
    scans = cadence()
    sl.save_hits(scans[5].assign(snr=99.0), url)
    before = everything(url)
    with pytest.raises(sl.DatabaseError, match="scan 5 of 'D' .* is stored with 1 hits"):
        sl.save_cadence(scans, sl.filter_cadence(scans), url)
    require_same(before, everything(url))


# Reviews


def test_reviews(url):
    sl.save_hits(scan_of([1.0, 2.0, 3.0]), url)
    sl.save_review(url, np.int64(3), "event")
    sl.save_review(url, 1, "rfi", "GPS")
    sl.save_review(url, 3, "rfi", HOSTILE)
    sl.save_review(url, 2, "", "what is that?")
    expected = {"hit_id": [1, 2, 3], "review": ["rfi", "", "rfi"], "note": ["GPS", "what is that?", HOSTILE]}
    pd.testing.assert_frame_equal(
        sl.load_reviews(url), pd.DataFrame(expected).astype({"review": "str", "note": "str"})
    )
    sl.save_review(url, 2, "")
    assert sl.load_reviews(url)["hit_id"].tolist() == [1, 3]


def test_reviews_survive_that_a_scan_is_saved_again_or_replaced(url):
    hits = scan_of([1.0, 2.0, 3.0])
    sl.save_hits(hits, url)
    sl.save_review(url, 2, "rfi", "GPS")
    sl.save_hits(hits, url)
    assert sl.load_reviews(url).to_numpy().tolist() == [[2, "rfi", "GPS"]]
    sl.save_hits(hits.iloc[1:], url, replace=True)
    reviewed = sl.load_hits(url, extra=["review", "note"])[["frequency_mhz", "review", "note"]]
    assert reviewed.to_numpy().tolist() == [[2.0, "rfi", "GPS"], [3.0, "", ""]]
    before = everything(url)
    with pytest.raises(sl.DatabaseError, match="the hit at 2.0 MHz has a review, 'rfi', and is not among"):
        sl.save_hits(hits.iloc[2:], url, replace=True)
    require_same(before, everything(url))


def test_a_key_is_never_used_twice(url):
    """An explorer that still knows the hits of before must not review others."""
    sl.save_hits(scan_of([1.0, 2.0]), url)
    sl.save_hits(scan_of([3.0]), url, replace=True)
    assert sl.load_hits(url, extra=["hit_id"])["hit_id"].tolist() == [3]
    with pytest.raises(sl.DatabaseError, match="expected the hit_id of a stored hit, found 2"):
        sl.save_review(url, 2, "rfi")


@pytest.mark.parametrize(
    ("verdict", "note", "message"),
    [
        ("x" * 65, "", "review, verdict: expected at most 64 characters, found 65"),
        ("rfi", "x" * 4001, "review, note: expected at most 4000 characters, found 4001"),
        (None, "", "review, verdict: expected text, found None"),
    ],
)
def test_reviews_that_do_not_fit(surveyed, verdict, note, message):
    with pytest.raises(sl.DatabaseError, match=message):
        sl.save_review(surveyed[0], 1, verdict, note)
    assert sl.load_reviews(surveyed[0]).empty


# Files of turbo_seti


def test_tables_of_turbo_seti(mirror, url):
    paths = sorted((mirror / "voyager1_2020_turboseti_dat").glob("*.dat"))
    sl.import_dat(paths, url)
    before = everything(url)
    sl.import_dat(paths[0], url)
    sl.import_dat(str(paths[1]), url)
    require_same(before, everything(url))
    observations = sl.load_observations(url, extra=["n_hits"])
    assert observations["scan"].tolist() == [11, 12, 13, 14, 15, 16]
    assert observations["n_hits"].tolist() == [3, 0, 3, 0, 3, 0]
    # RA 17h12m40.481s, DEC 12d24m13.614s
    assert observations["ra_deg"][0] == pytest.approx(15 * (17 + 12 / 60 + 40.481 / 3600), abs=1e-9)
    assert observations["dec_deg"][0] == pytest.approx(12 + 24 / 60 + 13.614 / 3600, abs=1e-9)
    expected = pd.concat([sl.read_dat(path) for path in paths], ignore_index=True)
    pd.testing.assert_frame_equal(sl.load_hits(url), expected, check_exact=True)


# SQL by hand


def test_the_docstring_names_all_columns(surveyed):
    inspector = sa.inspect(sl.open_database(surveyed[0]))
    told = re.findall(r"^- ``(\w+)``(.*?)(?=^- |\n\n)", schema.__doc__, re.MULTILINE | re.DOTALL)
    assert {name for name, _ in told} == {*TABLES, "schema_version"} == set(inspector.get_table_names())
    for name, text in told:
        columns = {column["name"] for column in inspector.get_columns(name)}
        named = re.findall(r"\w+", re.sub(r"\(.*?\)", "", text, flags=re.DOTALL).rpartition(": ")[2])
        assert set(named) == columns
        keys = inspector.get_pk_constraint(name)["constrained_columns"]
        assert re.findall(r"\*\*(\w+)\*\*", text) == keys


def test_sql_by_hand(url):
    sl.save_hits(many_hits(), url)
    text = """
        SELECT source_name, COUNT(*) AS n FROM hits JOIN observations USING (observation_id)
        GROUP BY source_name ORDER BY n DESC, source_name
    """
    counted = pd.read_sql(text, sl.open_database(url))
    assert counted["source_name"].tolist() == ["HIP 0", "HIP 1", "HIP 2"]
    assert counted["n"].tolist() == [80, 80, 40]


# Databases that cannot be used


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "survey.db",
            "expected a URL such as sqlite:///survey.db .*, found 'survey.db'; a file: sqlite:///survey.db",
        ),
        (Path("/data/survey.db"), "found '/data/survey.db'; a file: sqlite:////data/survey.db"),
        ("sqlite://", "found an SQLite database in memory"),
        ("sqlite:///:memory:", "found an SQLite database in memory"),
        ("postgresql://host/x", "expected a URL such as .*, found one of postgresql"),
        ("mysql+pigeon://host/x", "mysql.pigeon://host/x: expected a URL such as"),
        ("sqlite:////no/such/folder/survey.db", "sqlite:////no/such/folder/survey.db: "),
    ],
)
def test_urls_that_are_none(url, message):
    for use in (sl.load_hits, sl.open_database, lambda url: sl.save_hits(scan_of([1.0]), url)):
        with pytest.raises(sl.DatabaseError, match=message):
            use(url)


@pytest.mark.parametrize(
    "url",
    [
        "mysql+pymysql://anna:geheim@host:geheim/x",
        "mysql+pymysql://anna:geheim/x@127.0.0.1/x",
        "mysql+pymysql://anna:geheim@127.0.0.1:1/x",
        "mysql+pymysql://anna@127.0.0.1:1/x?password=geheim",
        "mysql+pigeon://anna:geheim@host/x",
        "oracle://anna:geheim@host/x",
    ],
)
def test_no_message_tells_the_password(url):
    for use in (sl.load_hits, sl.open_database, lambda url: sl.save_hits(scan_of([1.0]), url)):
        with pytest.raises(sl.DatabaseError) as caught:
            use(url)
        assert "geheim" not in "".join(traceback.format_exception(caught.value))


def test_a_server_that_cannot_be_reached_is_named():
    with pytest.raises(
        sl.DatabaseError, match=r"mysql\+pymysql://anna:\*\*\*@127.0.0.1:1/x: .*[Cc]an't connect"
    ):
        sl.load_hits("mysql+pymysql://anna:geheim@127.0.0.1:1/x")


def test_who_is_not_let_in(mariadb_address):
    address = mariadb_address.replace("root@", "anna:geheim@")
    with pytest.raises(sl.DatabaseError, match="Access denied for user 'anna'"):
        sl.load_hits(f"{address}/survey")
    with pytest.raises(sl.DatabaseError, match="Unknown database 'nothing_there'"):
        sl.save_hits(scan_of([1.0]), f"{mariadb_address}/nothing_there")


def test_a_driver_that_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(sl.DatabaseError, match="needs the package pymysql, which is not installed") as caught:
        sl.load_hits("mysql+pymysql://anna:geheim@host/x")
    assert sys.executable in str(caught.value)
    assert "-m pip install pymysql" in str(caught.value)


def test_reading_makes_no_file(sqlite_url, tmp_path):
    for read in (sl.load_hits, sl.load_events, sl.load_observations, sl.load_reviews, sl.open_database):
        with pytest.raises(sl.DatabaseError, match=r"survey.db: expected a database, found no file"):
            read(sqlite_url)
    with pytest.raises(sl.DatabaseError, match="found no file"):
        sl.save_review(sqlite_url, 1, "rfi")
    assert list(tmp_path.iterdir()) == []


def test_one_file_remains(sqlite_url, tmp_path):
    sl.save_hits(many_hits(), sqlite_url)
    sl.load_hits(sqlite_url)
    assert [path.name for path in tmp_path.iterdir()] == ["survey.db"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_where_nothing_may_be_written(tmp_path):
    """A class that shares one database: its folder is for reading only, and root obeys no permission."""
    url = sa.URL.create("sqlite", database=str(tmp_path / "a #1?%20.db"))
    hits = many_hits()
    sl.save_hits(hits, url)
    # Pytest's folders are its user's alone: all are opened, and the one of this test is closed for writing.
    parents = [path for path in (tmp_path, *tmp_path.parents) if Path(tempfile.gettempdir()) in path.parents]
    modes = [path.stat().st_mode for path in parents]
    for path in parents:
        path.chmod(0o555 if path == tmp_path else 0o755)
    user = os.geteuid()
    os.seteuid(user or 65534)
    try:
        found = sl.load_hits(url)
        with pytest.raises(sl.DatabaseError, match="attempt to write a readonly database"):
            sl.save_hits(scan_of([1.0], scan=99), url)
    finally:
        os.seteuid(user)
        for path, mode in zip(parents, modes, strict=True):
            path.chmod(mode)
    pd.testing.assert_frame_equal(found, hits)
    assert [path.name for path in tmp_path.iterdir()] == ["a #1?%20.db"]


def test_a_file_that_is_no_database(sqlite_url, tmp_path):
    (tmp_path / "survey.db").write_bytes(bytes(range(256)) * 64)
    for use in (sl.load_hits, lambda url: sl.save_hits(scan_of([1.0]), url)):
        with pytest.raises(sl.DatabaseError, match="survey.db: file is not a database"):
            use(sqlite_url)
    assert (tmp_path / "survey.db").read_bytes() == bytes(range(256)) * 64


@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_a_damaged_database(sqlite_url, tmp_path, damage):
    sl.save_hits(many_hits(n_hits=2000), sqlite_url)
    path = tmp_path / "survey.db"
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    if damage == "cut":
        del content[half:]
    else:
        content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(sl.DatabaseError, match="survey.db: database disk image is malformed"):
        sl.load_hits(sqlite_url)


def test_the_tables_of_another_program(sqlite_url, tmp_path):
    connection = sqlite3.connect(tmp_path / "survey.db")
    connection.execute("CREATE TABLE hits (song TEXT)")
    connection.close()
    for use in (sl.load_hits, lambda url: sl.save_hits(scan_of([1.0]), url)):
        with pytest.raises(
            sl.DatabaseError, match="expected tables of setilearn, found those of something else: hits"
        ):
            use(sqlite_url)


def test_other_tables_may_stand_beside(url):
    change(url, "CREATE TABLE songs (title VARCHAR(20))")
    with pytest.raises(sl.DatabaseError, match="expected tables of hits, found none; save_hits makes them"):
        sl.load_hits(url)
    sl.save_hits(scan_of([1.0]), url)
    assert len(sl.load_hits(url)) == 1
    assert query(url, "SELECT * FROM songs") == []


def test_tables_of_another_version(url):
    sl.save_hits(scan_of([1.0]), url)
    change(url, "UPDATE schema_version SET version = 2")
    for use in (sl.load_hits, lambda url: sl.save_hits(scan_of([1.0]), url)):
        with pytest.raises(sl.DatabaseError, match="expected tables of version 1, found 2"):
            use(url)


def test_tables_that_a_kill_left_unfinished(url):
    sl.save_hits(scan_of([1.0]), url)
    change(
        url,
        "DROP TABLE reviews",
        "DROP TABLE event_hits",
        "DROP TABLE events",
        "DROP INDEX ix_hits_snr ON hits" if "mysql" in url else "DROP INDEX ix_hits_snr",
        "DELETE FROM schema_version",
    )
    with pytest.raises(sl.DatabaseError, match="expected tables of hits, found none"):
        sl.load_hits(url)
    sl.save_hits(scan_of([1.0]), url)
    assert sorted(sa.inspect(sl.open_database(url)).get_table_names()) == sorted([*TABLES, "schema_version"])
    assert "ix_hits_snr" in {index["name"] for index in sa.inspect(sl.open_database(url)).get_indexes("hits")}


# Several processes, and kills

N_SCANS = 24
SAVE = """
import sys, time
import numpy as np
import setilearn as sl
from setilearn.store import save
from setilearn.tables import HITS, table

url, first, n_scans, n_hits, start = sys.argv[1], *map(int, sys.argv[2:5]), float(sys.argv[5])
save.MANY = 3
number = np.repeat(np.arange(first, first + n_scans), n_hits)
hits = table(HITS, {
    "source_name": "HIP 1", "scan": number, "tstart_mjd": 60000 + number / 300,
    "frequency_mhz": 1100 + np.arange(number.size) * 0.37 % 800, "drift_hz_s": 0.25, "snr": 20.0,
    "width_hz": 2.8, "channel": np.arange(number.size), "path": "",
})
sl.load_hits  # load the module
print("ready", flush=True)
time.sleep(max(0, start - time.time()))
sl.save_hits(hits, url, progress=False)
"""


def saver(url, n_scans, n_hits, *, first=0, start=0.0):
    command = [sys.executable, "-c", SAVE, url, *map(str, (first, n_scans, n_hits, start))]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def require_whole_scans(url):
    """The number of scans; each has all hits that belong to it and no other."""
    counted = """
        SELECT n_hits, COUNT(hit_id), MIN(channel), MAX(channel), scan FROM observations
        LEFT JOIN hits USING (observation_id) GROUP BY observation_id, n_hits, scan
    """
    rows = query(url, counted)
    for n_hits, n_found, first, last, _ in rows:
        assert n_found == n_hits == last - first + 1
    scans = [row[-1] for row in rows]
    assert len(set(scans)) == len(scans)
    assert query(url, "SELECT COUNT(*) FROM hits")[0][0] == sum(row[0] for row in rows)
    return len(scans)


@pytest.mark.slow
def test_several_processes_save_at_once(url):
    """Two save the same scans, a third others, into a database without tables: nothing is lost or doubled."""
    start = time.time() + 6
    processes = [saver(url, 30, 200, first=first, start=start) for first in (0, 0, 100)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert require_whole_scans(url) == 60


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "n_kills"), [("sqlite", 20), ("mariadb", 5)])
def test_a_kill_loses_and_doubles_nothing(request, tmp_path, kind, n_kills):
    """SIGKILL at random moments of saving, begun again until it is done; then in a new database."""
    urls = (
        (f"sqlite:///{tmp_path}/{number}.db" for number in itertools.count())
        if kind == "sqlite"
        else (
            mariadb_server.new_database(request.getfixturevalue("mariadb_address")) for _ in itertools.count()
        )
    )
    moments = random.Random(1)
    whole_s, killed = killed_after(None, next(urls))
    assert not killed
    kills, scans = 0, []
    while kills < n_kills:
        url, done = next(urls), False
        while not done:
            _, killed = killed_after(moments.uniform(0, 0.7) * whole_s if kills < n_kills else None, url)
            kills, done = kills + killed, not killed
            scans.append(whole_scans_so_far(url))
        assert scans[-1] == N_SCANS
    assert any(0 < n_scans < N_SCANS for n_scans in scans), scans


def killed_after(wait_s, url):
    """Seconds that saving took, and whether it was killed before it was done."""
    with saver(url, N_SCANS, 4000) as process:
        assert process.stdout.readline() == "ready\n"
        start = time.monotonic()
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()
        assert process.returncode in (0, -9), process.stderr.read()
        return time.monotonic() - start, process.returncode == -9


def whole_scans_so_far(url):
    try:
        return require_whole_scans(url)
    except sl.DatabaseError as error:
        # Killed before there were tables
        assert "found no" in str(error)
        return 0
