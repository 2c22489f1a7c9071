"""The explorer of hits without a browser: what it answers, and what it writes into the database."""

import base64
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import mariadb_server
import matplotlib.pyplot as plt
import numpy as np
import pytest
from small_survey import make_survey, signal_mhz

from setilearn.errors import DatabaseError, SpectrogramError
from setilearn.show.explorer import hit_answers, widget
from setilearn.show.explorer import hits as hits_module
from setilearn.show.explorer.hits import explore_hits
from setilearn.spectrogram import Header, Spectrogram
from setilearn.store import connection as connection_module
from setilearn.store.load import load_hits
from setilearn.store.reviews import load_reviews, save_review

FILTERS = {
    "star": None,
    "only": False,
    "position": None,
    "snr": [None, None],
    "drift_hz_s": [None, None],
    "verdict": None,
    "review": None,
}
VIEW = {"frequency_mhz": [1400.0, 1400.002], "log_snr": [1.0, 4.0], "pixels": [30, 200]}


@pytest.fixture
def url(tmp_path):
    return make_survey(tmp_path)


@pytest.fixture
def in_notebook(monkeypatch):
    monkeypatch.setattr(widget, "in_notebook", lambda: True)


@pytest.fixture
def asked(monkeypatch):
    """Ask a widget as the browser does, and see what it sends."""

    def ask(explorer, ask, *, filters=None, **question):
        sent = []
        monkeypatch.setattr(explorer, "send", lambda content, buffers=None: sent.append((content, buffers)))
        whole = {"client": "me", "serial": 7, "ask": ask, "view": VIEW, "filters": FILTERS | (filters or {})}
        explorer._handle_custom_msg(whole | question, [])
        ((content, buffers),) = sent
        assert (content["client"], content["serial"]) == ("me", 7)
        return content, buffers

    return ask


@pytest.fixture
def explorer(url, in_notebook):
    return explore_hits(url)


def points(buffers):
    """(frequency, log10 of SNR, whether of the star in colour) of each point that was sent."""
    columns = (np.frombuffer(data, kind) for data, kind in zip(buffers, (float, float, bool), strict=True))
    return [tuple(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def pick(asked, explorer, frequency_mhz, snr, **question):
    content, _ = asked(explorer, "hit", position=[frequency_mhz, np.log10(snr)], **({"reach": 6} | question))
    return content["hit"]


# The map


def test_the_setup_tells_what_there_is(explorer):
    setup = explorer._setup
    assert setup["source"] == "small.db"
    assert setup["facts"] == "6 hits · 7 scans · 2 stars"
    assert setup["stars"] == ["HIP 1", "HIP 2"]
    assert setup["verdicts"] == ["event", ""]
    assert setup["choices"] == ["interesting", "interference", "unsure", ""]
    assert {band["name"] for band in setup["bands"]} > {"notch filter", "hydrogen line"}
    # 0.0002 to 0.0015 MHz, and SNR 30 to 1000.
    assert setup["frequency_mhz"] == pytest.approx((1400.000174, 1400.001526), abs=1e-9)
    assert setup["log_snr"] == pytest.approx((1.4467, 3.0305), abs=1e-3)


def test_few_hits_are_sent_as_points(explorer, asked):
    content, buffers = asked(explorer, "map", filters={"star": "HIP 1"})
    assert (content["kind"], content["points"], content["starred"]) == ("map", True, "HIP 1")
    assert content["text"] == "6 hits in sight of 6, each a point of its own."
    expected = [
        # The first ON scan, the first OFF scan (of another source), the signal in three ONs, the other star.
        (1400.0002, np.log10(30), True),
        (1400.0002, np.log10(30), False),
        (1400.0005, 2, True),
        (1400.0008, 2, True),
        (1400.0011, 2, True),
        (1400.0015, 3, False),
    ]
    np.testing.assert_allclose(points(buffers), expected, rtol=0, atol=1e-6)


def test_many_hits_are_sent_as_levels(explorer, asked, monkeypatch):
    monkeypatch.setattr(hit_answers, "MAX_POINTS", 2)
    # A pixel is 10 Hz by a tenth of a decade, and the hits are amid them.
    view = {"frequency_mhz": [1399.999995, 1400.001995], "log_snr": [0.95, 3.95], "pixels": [30, 200]}
    content, (levels, *star) = asked(explorer, "map", filters={"star": "HIP 2"}, view=view)
    assert (content["points"], content["most"]) == (False, 2)
    levels = np.frombuffer(levels, np.uint8).reshape(30, 200)
    found = {tuple(place): int(levels[tuple(place)]) for place in np.argwhere(levels).tolist()}
    # SNR 30 is 2.47 decades below the top; two hits are there.
    assert found == {(24, 20): 255, (19, 50): 1, (19, 80): 1, (19, 110): 1, (9, 150): 1}
    frequency_mhz, log_snr = (np.frombuffer(column) for column in star)
    assert frequency_mhz == pytest.approx([1400.0015], abs=1e-9)
    assert log_snr == pytest.approx([3.0])


@pytest.mark.parametrize(
    ("filters", "n"),
    [
        ({"star": "HIP 1", "only": True}, 4),
        ({"position": "OFF"}, 1),
        ({"snr": [31, None]}, 4),
        ({"drift_hz_s": [-2, 0]}, 3),
        ({"verdict": "event"}, 3),
        ({"verdict": ""}, 3),
        ({"review": "any"}, 0),
        ({"review": ""}, 6),
    ],
)
def test_filters_choose(explorer, asked, filters, n):
    content, buffers = asked(explorer, "map", filters=filters)
    assert len(points(buffers)) == n
    assert content["text"].startswith(f"{n} hits in sight of {n}")


def test_the_map_holds_what_the_database_holds(url):
    hits = hits_module._fetch(url, progress=False)
    stored = load_hits(url, extra=("hit_id", "position", "verdict")).sort_values(
        "frequency_mhz", kind="stable"
    )
    assert hits.hit_id.tolist() == stored["hit_id"].tolist()
    assert hits.frequency_mhz.tolist() == stored["frequency_mhz"].tolist()
    assert hits.drift_hz_s.tolist() == stored["drift_hz_s"].tolist()
    assert [hits.verdicts[code] for code in hits.verdict] == stored["verdict"].tolist()
    scans = hits.scans.iloc[hits.scan]
    assert scans["source_name"].tolist() == stored["source_name"].tolist()
    assert scans["position"].tolist() == stored["position"].tolist()


# One hit


def test_a_click_gives_the_facts_and_the_scans(explorer, asked, tmp_path):
    hit = pick(asked, explorer, 1400.00082, 95)
    facts = dict(hit["facts"])
    assert hit["title"] == "HIP 1 · 1400.000800 MHz"
    assert (facts["SNR"], facts["Drift"], facts["Width"]) == ("100.0", "0.5000 Hz/s", "2.0 Hz")
    assert (facts["Cadence"], facts["Cadence says"]) == ("night 1", "event")
    assert facts["File"] == str(tmp_path / "scan_2.fil")
    assert hit["review"] == {"verdict": "", "note": ""}
    assert [scan["label"] for scan in hit["scans"]] == ["ON", "OFF", "ON", "OFF", "ON", "OFF"]
    assert [scan["own"] for scan in hit["scans"]] == [False, False, True, False, False, False]
    assert hit["scans"][3] == {"label": "OFF", "source_name": "HIP 1 C", "scan": 14, "own": False}
    # The scan of the hit comes first: its noise gives the colours of all.
    assert hit["order"] == [2, 0, 1, 3, 4, 5]
    # From the first start to the last end, 1660 s at 0.5 Hz/s, and 100 channels of 2 Hz to either side.
    assert hit["part_mhz"] == pytest.approx((1400.0005 - 200e-6, 1400.00133 + 200e-6), abs=1e-9)


def test_a_click_beside_all_hits_says_so(explorer, asked):
    content, _ = asked(explorer, "hit", position=[1400.0007, 3.5], reach=6)
    assert (content["hit"], content["text"]) == (None, "There is no hit here.")


def test_of_hits_in_one_place_that_of_the_star_in_colour_is_picked(explorer, asked):
    assert pick(asked, explorer, 1400.0002, 30, filters={"star": "HIP 1"})["title"].startswith("HIP 1 ·")
    hit = pick(asked, explorer, 1400.0002, 30, filters={"position": "OFF"})
    assert hit["title"].startswith("HIP 1 B ·")


def test_next_and_previous_walk_through_what_the_filters_leave(explorer, asked):
    first = pick(asked, explorer, signal_mhz(0), 100)
    found = [first["hit_id"]]
    for _ in range(3):
        content, _ = asked(explorer, "hit", filters={"verdict": "event"}, **{"from": found[-1]}, step=1)
        found.append(content["hit"]["hit_id"])
    frequencies = load_hits(explorer._answers.url, extra=["hit_id"]).set_index("hit_id")["frequency_mhz"]
    assert frequencies[found].tolist() == [signal_mhz(place) for place in (0, 2, 4, 0)]
    content, _ = asked(explorer, "hit", filters={"verdict": "event"}, **{"from": found[-1]}, step=-1)
    assert content["hit"]["frequency_mhz"] == signal_mhz(4)


def test_the_waterfall_of_every_scan_is_sent(explorer, asked):
    hit = pick(asked, explorer, signal_mhz(0), 100)
    for scan in hit["order"]:
        content, (levels,) = asked(explorer, "panel", hit_id=hit["hit_id"], scan=scan, limits=None)
        levels = np.frombuffer(levels, np.uint8).reshape(content["shape"])
        low, high = content["frequency_mhz"]
        # Where the track is in the pixels, at the start and at the end of the scan.
        start, end = ((at - low) / (high - low) * levels.shape[1] for at in content["track_mhz"])
        assert content["duration_s"] == 160
        corner = levels[0, int(start)], levels[-1, int(end) - 3 : int(end) + 1].max()
        assert (min(corner) > 200) == (scan % 2 == 0)


def test_a_scan_whose_file_is_gone_or_broken_says_so_and_the_others_are_shown(explorer, asked, tmp_path):
    (tmp_path / "scan_0.fil").unlink()
    (tmp_path / "scan_1.fil").write_bytes(b"not a filterbank file")
    hit = pick(asked, explorer, signal_mhz(2), 100)
    answers = [
        asked(explorer, "panel", hit_id=hit["hit_id"], scan=scan, limits=[0.0, 20.0]) for scan in range(6)
    ]
    assert "scan_0.fil: expected a filterbank file, found no file of that name" in answers[0][0]["text"]
    assert "scan_1.fil: expected" in answers[1][0]["text"]
    assert [len(buffers) for _, buffers in answers] == [0, 0, 1, 1, 1, 1]
    assert answers[2][0]["limits"] == (0.0, 20.0)


def test_a_hit_without_files_and_alone_is_told_of(explorer, asked):
    hit = pick(asked, explorer, 1400.0015, 1000)
    assert [scan["source_name"] for scan in hit["scans"]] == ["HIP 2"]
    content, buffers = asked(explorer, "panel", hit_id=hit["hit_id"], scan=0, limits=None)
    assert (content["text"], buffers) == ("No file of this scan is known.", [])


def test_a_scan_without_a_file_is_shown_by_what_is_given_for_it(url, in_notebook, asked):
    """A hit at 1400.0015 MHz that drifts by -1 Hz/s, drawn on request."""
    wanted = []

    def scan_part(observation, low_mhz, high_mhz):
        wanted.append((observation.source_name, observation.scan))
        header = Header("HIP 2", "GBT", 0.0, 0.0, low_mhz, 2.0, 10.0, observation.tstart_mjd, 16, 300)
        power = np.ones((16, 300), np.float32)
        at_hz = (1400.0015 - low_mhz) * 1e6 - 10.0 * np.arange(16)
        power[np.arange(16), np.rint(at_hz / 2).astype(int)] = 100
        return Spectrogram(power, header)

    explorer = explore_hits(url, scan_part=scan_part)
    hit = pick(asked, explorer, 1400.0015, 1000)
    content, (levels,) = asked(explorer, "panel", hit_id=hit["hit_id"], scan=0, limits=None)
    assert wanted == [("HIP 2", 11)]
    brightest = np.frombuffer(levels, np.uint8).reshape(content["shape"]).argmax(axis=1)
    low, high = content["frequency_mhz"]
    # Drift -1 Hz/s over 10 s are five channels an integration.
    assert np.diff(brightest).tolist() == [-5] * 15
    assert low + (brightest[0] + 0.5) * (high - low) / 300 == pytest.approx(1400.0015, abs=2e-6)
    # Where there is a file, it is the file that is shown.
    hit = pick(asked, explorer, signal_mhz(0), 100)
    asked(explorer, "panel", hit_id=hit["hit_id"], scan=0, limits=None)
    assert len(wanted) == 1


def test_what_goes_wrong_in_making_a_scan_is_told(url, in_notebook, asked):
    def scan_part(observation, low_mhz, high_mhz):
        raise SpectrogramError("no such part of the sky")

    explorer = explore_hits(url, scan_part=scan_part)
    hit = pick(asked, explorer, 1400.0015, 1000)
    content, buffers = asked(explorer, "panel", hit_id=hit["hit_id"], scan=0, limits=None)
    assert "no such part of the sky" in content["text"]
    assert buffers == []


# Reviews


def test_a_review_goes_into_the_database_and_onto_the_map(explorer, asked, url):
    assert asked(explorer, "map", filters={"review": "interesting"})[0]["marks"] == []
    hit = pick(asked, explorer, signal_mhz(2), 100)
    note = "<b>bold</b> 'quoted'; DROP TABLE reviews; ★"
    content, _ = asked(explorer, "review", hit_id=hit["hit_id"], verdict="interesting", note=note)
    assert (content["kind"], content["text"]) == ("saved", "Saved: interesting.")
    assert load_reviews(url).to_dict("records") == [
        {"hit_id": hit["hit_id"], "review": "interesting", "note": note}
    ]
    content, buffers = asked(explorer, "map", filters={"review": "interesting"})
    assert content["marks"] == [{"at": (signal_mhz(2), 2.0), "review": "interesting"}]
    assert len(points(buffers)) == 1
    assert pick(asked, explorer, signal_mhz(2), 100)["review"] == {"verdict": "interesting", "note": note}


def test_a_note_alone_is_a_review_and_nothing_is_none(explorer, asked, url):
    hit_id = pick(asked, explorer, signal_mhz(0), 100)["hit_id"]
    asked(explorer, "review", hit_id=hit_id, verdict="", note="look again")
    content, _ = asked(explorer, "map", filters={"review": "any"})
    assert [mark["review"] for mark in content["marks"]] == ["only a note"]
    content, _ = asked(explorer, "review", hit_id=hit_id, verdict="", note="")
    assert content["text"] == "Saved: nothing is said."
    assert load_reviews(url).empty
    assert asked(explorer, "map")[0]["marks"] == []


def test_what_was_said_before_is_there_when_the_explorer_opens(url, in_notebook, asked):
    save_review(url, 1, "satellite", "by another program")
    explorer = explore_hits(url)
    content, _ = asked(explorer, "map")
    assert [mark["review"] for mark in content["marks"]] == ["satellite"]
    assert "satellite" in explorer._setup["reviews"]
    assert set(explorer._setup["signs"]) >= {"satellite", "only a note", "interesting"}


def test_what_another_one_says_in_the_meantime_is_seen_at_the_next_click(explorer, asked, url):
    hit_id = pick(asked, explorer, signal_mhz(0), 100)["hit_id"]
    save_review(url, hit_id, "unsure", "so they say")
    assert pick(asked, explorer, signal_mhz(0), 100)["review"] == {"verdict": "unsure", "note": "so they say"}


def test_a_locked_database_is_an_error_that_reaches_the_user(explorer, asked, url, monkeypatch):
    monkeypatch.setattr(connection_module, "_WAIT_S", 0.1)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("BEGIN IMMEDIATE")
        content, _ = asked(explorer, "review", hit_id=1, verdict="unsure", note="")
    assert content["kind"] == "error"
    assert content["text"].startswith("DatabaseError: ")
    assert "locked" in content["text"]
    assert asked(explorer, "map")[0]["marks"] == []


def test_a_database_that_goes_away_is_an_error_that_reaches_the_user(explorer, asked, url):
    Path(url.removeprefix("sqlite:///")).unlink()
    for question in (
        {"ask": "review", "hit_id": 1, "verdict": "unsure", "note": ""},
        {"ask": "hit", "position": [signal_mhz(0), 2.0], "reach": 6},
    ):
        content, _ = asked(explorer, **question)
        assert content["kind"] == "error"
        assert "expected a database, found no file" in content["text"]
    # The map itself is in memory.
    assert asked(explorer, "map")[0]["kind"] == "map"


def test_a_server_does_as_well_as_a_file(tmp_path, in_notebook, asked):
    if reason := mariadb_server.missing():
        pytest.skip(reason)
    with mariadb_server.mariadb() as address:
        url = make_survey(tmp_path, "HIP '1' ★", mariadb_server.new_database(address))
        explorer = explore_hits(url)
        hit = pick(asked, explorer, signal_mhz(2), 100)
        assert hit["title"] == "HIP '1' ★ · 1400.000800 MHz"
        assert dict(hit["facts"])["Cadence says"] == "event"
        asked(explorer, "review", hit_id=hit["hit_id"], verdict="unsure", note="a 'note' ★")
        content, _ = asked(explorer, "map", filters={"verdict": "event", "review": "unsure"})
        assert content["marks"] == [{"at": (signal_mhz(2), 2.0), "review": "unsure"}]
        assert load_reviews(url)["note"].to_list() == ["a 'note' ★"]


# The widget


def test_the_widget_carries_a_still_picture(explorer):
    data, _ = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == (
        "SNR against frequency of 6 hits of small.db, 1400.0002 to 1400.0015 MHz, SNR 30 to 1e+03."
    )
    image = plt.imread(io.BytesIO(base64.b64decode(data["image/png"])))
    assert image.shape == (450, 900, 4)


def test_outside_a_notebook_it_is_a_still_picture(url):
    ax = explore_hits(url)
    try:
        assert isinstance(ax, plt.Axes)
        assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("frequency (MHz)", "SNR", "log")
        assert ax.collections[0].get_array().sum() == 6
    finally:
        plt.close(ax.figure)


def test_without_a_database_it_is_named():
    with pytest.raises(DatabaseError, match="expected a database, found no file"):
        explore_hits("sqlite:////nowhere/survey.db")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///survey.db", "survey.db"),
        ("sqlite:////data/2016/survey.db", "survey.db"),
        ("sqlite:///C:\\data\\survey.db", "survey.db"),
        ("mysql+pymysql://me:secret@host:3306/survey?charset=utf8", "survey"),
        ("mysql+pymysql://me:se/cr?et@host/survey", "survey"),
    ],
)
def test_the_title_tells_no_secret(url, expected):
    assert hits_module._source(url) == expected
