"""What lesson 15 says of the tables of 3I/ATLAS, and its own cells that fetch and search."""

import hashlib
import json
import math
import tempfile
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pooch
import pytest

import setilearn as sl
from setilearn.course import lesson_15
from setilearn.course.material import atlas3i
from setilearn.course.material.atlas3i import another_search, claim, rules

LESSON = Path(__file__).parents[1] / "lessons" / "15_a_published_search.ipynb"


@pytest.fixture(scope="module")
def survivors():
    return atlas3i.read_survivors()


@pytest.fixture(scope="module")
def snr(survivors):
    return survivors[atlas3i.SIX_SCANS].to_numpy()


def cell(start):
    """The source of the lesson's cell that begins so."""
    sources = ["".join(cell["source"]) for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]]
    [found] = [source for source in sources if source.startswith(start)]
    return found


@pytest.mark.parametrize("name", ["nodes.csv", "survivors.csv"])
def test_the_tables_are_those_that_were_published(mirror, name):
    packed = files(atlas3i.__name__).joinpath(name).read_bytes()
    original = (Path(mirror) / "atlas3i" / name).read_bytes()
    assert hashlib.sha256(packed).hexdigest() == hashlib.sha256(original).hexdigest()


def test_hits_and_survivors_add_up(survivors):
    nodes = atlas3i.read_nodes()
    hits = nodes[[name for name in nodes if name.startswith("hits_")]].sum(axis=1)
    assert (len(nodes), hits.sum(), nodes["survivors"].sum()) == (60, 1_938_860, 294)
    assert nodes["confirmed"].sum() == 0
    assert nodes.groupby("band")["survivors"].sum().to_dict() == {"C": 0, "L": 261, "S": 29, "X": 4}
    found = survivors.groupby(["node", "band"]).size()
    listed = nodes.set_index(["node", "band"])["survivors"]
    assert found.to_dict() == listed[listed > 0].to_dict()
    largest = sorted(hits, reverse=True)
    assert sum(largest[:7]) < 0.9 * sum(largest) <= sum(largest[: lesson_15.FEW_RECORDINGS])


def test_rule_after_rule_leaves_27_9_9_0_as_the_repetition_says(survivors, snr):
    on, off = rules.in_all_ons(snr, 8), rules.in_no_off(snr, 4)
    assert (on == (survivors["tracks_in_ons"] == 1)).all()
    assert (off == (survivors["clean_in_offs"] == 1)).all()
    still = (survivors["drift_hz_s"] == 0).to_numpy()
    assert (still == (survivors["zero_drift"] == 1)).all()
    limits = atlas3i.downlinks()[["low_mhz", "high_mhz"]].to_numpy()
    downlink = rules.in_a_band(survivors["frequency_mhz"].to_numpy(), limits)
    assert (downlink == survivors["satellite_band"].notna()).all()
    left = [on, on & off, on & off & ~still, on & off & ~still & ~downlink]
    assert [int(step.sum()) for step in left] == [27, 9, 9, 0]
    nine = survivors[left[1]]
    assert nine["satellite_band"].value_counts().to_dict() == {
        "Iridium downlink": 8,
        "Inmarsat/MSS downlink": 1,
    }
    apart_hz = np.diff(np.sort(nine["frequency_mhz"])) * 1e6
    assert sorted(apart_hz)[:3] == pytest.approx([50, 50, 50], abs=6)
    assert sorted(apart_hz)[3] > 1000


def test_the_threshold_in_the_offs_explains_few(survivors, snr):
    strongest, on = snr[:, 1::2].max(axis=1), rules.in_all_ons(snr, 8)
    between = (strongest >= 10) & (strongest < 16)
    mhz = survivors["frequency_mhz"][between & on]
    assert [mhz.between(*part).sum() for part in ((1302, 1309), (1575, 1576), (1600, 1601))] == [3, 6, 1]
    assert (between.sum(), (between & on).sum(), (~on).sum()) == (lesson_15.BETWEEN_THRESHOLDS, 10, 267)


@pytest.mark.parametrize(
    ("on_least", "off_below", "n_left", "n_drifting"),
    [(8, 4, 9, 9), (16, 16, 5, 0), (16, 10, 2, 0), (14.5, 4, 1, 1), (15, 4, 0, 0)],
)
def test_what_the_two_sliders_leave(survivors, snr, on_least, off_below, n_left, n_drifting):
    left = rules.in_all_ons(snr, on_least) & rules.in_no_off(snr, off_below)
    assert (left.sum(), (survivors["drift_hz_s"][left] != 0).sum()) == (n_left, n_drifting)


def test_the_limits_are_those_of_the_text():
    atlas_m, proxima_m = 1.798 * rules.AU_M, 1.30 * rules.PARSEC_M
    assert rules.eirp_limit_w(atlas_m, 16, 0) == pytest.approx(0.0992, abs=0.0001)
    assert rules.eirp_limit_w(proxima_m, 16, 0) == pytest.approx(2.2e9, rel=0.02)
    assert 0.6 < rules.eirp_limit_w(atlas_m, 16, 1) < 0.7
    # Arecibo's radar at the limit: by the distance alone, and smeared over 26 channels.
    reach_m = atlas_m * math.sqrt(2e13 / rules.eirp_limit_w(atlas_m, 16, 0))
    assert reach_m / rules.PARSEC_M == pytest.approx(124, rel=0.02)
    assert math.sqrt(rules.eirp_limit_w(1, 16, 0) / rules.eirp_limit_w(1, 16, 4)) == pytest.approx(
        0.2, abs=0.01
    )


def test_the_database_holds_what_is_known_once(tmp_path, survivors):
    url = f"sqlite:///{(tmp_path / 'atlas.db').as_posix()}"
    rows = survivors.assign(reason=np.where(survivors["tracks_in_ons"] == 1, "in all ONs", "not in all ONs"))
    for (node, band), of_node in [*rows.groupby(["node", "band"])] * 2:
        tables, events, observations = atlas3i.as_cadence(of_node)
        sl.save_cadence(tables, events, url, cadence=f"{node} {band}", observations=observations)
    n_hits = (survivors[atlas3i.SIX_SCANS] >= 1).sum().sum()
    assert len(sl.load_hits(url)) == n_hits
    assert sl.load_observations(url)["position"].value_counts().to_dict() == {"ON": 24, "OFF": 24}
    events = sl.load_events(url)
    assert events["verdict"].value_counts().to_dict() == {"not in all ONs": 267, "in all ONs": 27}
    assert (events.loc[events["verdict"] == "in all ONs", "n_on"] == 3).all()


def test_the_lessons_cells_fetch_search_and_leave_no_file(tmp_path):
    names = {"sl": sl, "Path": Path, "pooch": pooch}
    exec(cell("def fetch_and_search"), names)
    with atlas3i.small_archive(seed=5) as (address, of_scans):
        tables = [names["fetch_and_search"](address, name, tmp_path, shown=False) for name in of_scans]
        with pytest.raises(Exception, match="404"):
            names["fetch_and_search"](address, "no_such_scan.fil", tmp_path, shown=False)
    assert not list(tmp_path.iterdir())
    events = sl.filter_cadence(tables)
    assert (events["verdict"] == "event").sum() == 1


def test_the_switch_searches_what_the_student_names(tmp_path, capsys):
    with atlas3i.small_archive() as (address, of_scans):
        source = cell("SEARCH_FOR_REAL = False").replace("SEARCH_FOR_REAL = False", "SEARCH_FOR_REAL = True")
        source = source.replace("real_names = []", f"real_names = {of_scans}")
        source = source.replace("http://bldata.berkeley.edu/ATLAS/GB_ATLAS/", address)
        names = {"sl": sl, "Path": Path, "pooch": pooch, "tempfile": tempfile}
        exec(cell("def fetch_and_search"), names)
        exec(source, names)
    assert "'event': 1" in capsys.readouterr().out


def test_a_mystery_has_one_answer_of_either_kind():
    truths = [another_search.make_mystery(seed) for seed in range(30)]
    left = [truth["left"] for _, truth in truths]
    assert {row < 0 for row in left} == {True, False}
    limits = atlas3i.downlinks()[["low_mhz", "high_mhz"]].to_numpy()
    for data, truth in truths:
        snr = data[atlas3i.SIX_SCANS].to_numpy()
        on, off = rules.in_all_ons(snr, 8), rules.in_no_off(snr, 4)
        drifts = (data["drift_hz_s"] != 0).to_numpy()
        outside = ~rules.in_a_band(data["frequency_mhz"].to_numpy(), limits)
        assert truth["after_on"] > truth["after_off"] > truth["after_drift"] > 0
        assert [on.sum(), (on & off).sum(), (on & off & drifts).sum()] == list(truth.values())[:3]
        assert np.flatnonzero(on & off & drifts & outside).tolist() == [truth["left"]][: truth["left"] >= 0]


def test_the_tables_columns_are_those_of_the_lesson(survivors):
    assert isinstance(survivors, pd.DataFrame)
    assert set(another_search.make_mystery(0)[0]) < set(survivors)


def test_the_parts_of_the_claim_are_those_of_the_lessons_table():
    source = "".join(
        "".join(cell["source"]) for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    )
    for part, choices in claim.PARTS.items():
        assert " | ".join([f"| `{part}`", *choices]) + " |" in source
        wrong = set("abc") - {claim.CLAIM[part]}
        assert set(claim.WRONG_PARTS[part]) == wrong
    assert claim.claim_sentence(claim.CLAIM).startswith("3I/ATLAS had no transmitter that sent through")
