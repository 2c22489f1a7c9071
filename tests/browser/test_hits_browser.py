"""The explorer of hits in Chromium: zoom, filters, a click, a verdict that is saved, text that stays text."""

import base64
import shutil
import sqlite3
import sys
from contextlib import closing
from math import log10
from pathlib import Path

import jupyter_servers
import pytest

from setilearn.show.explorer.widget import source
from setilearn.store.load import load_hits
from setilearn.store.reviews import load_reviews, save_review

sys.path.insert(0, str(Path(__file__).parents[1]))
from small_survey import make_survey, signal_mhz

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"
HOSTILE = '<img src=x onerror="window.hacked = true">'
CELL = """
import setilearn.store.save
import setilearn as sl
setilearn.store.connection._WAIT_S = 0.2
hits = sl.explore_hits({url!r})
hits
"""
BROKEN = """
broken = sl.explore_hits({url!r})
display(broken)
broken._answers.hits = None
"""
# Many hits, so that they are counted in pixels: a tone at 1420 MHz in every star, the rest anywhere.
MANY = """
import numpy as np
from setilearn.show.explorer import hit_table, hits
rng = np.random.default_rng(1)
scans = sl.load_observations({url!r}, extra=["observation_id"])
piece = dict(
    hit_id=np.arange(100_000),
    observation_id=np.full(100_000, scans["observation_id"].iloc[0]),
    frequency_mhz=np.where(np.arange(100_000) % 2, 1420.0, rng.uniform(1100, 1900, 100_000)),
    snr=10 ** rng.uniform(1, 4, 100_000),
    drift_hz_s=np.zeros(100_000),
)
hits.HitExplorer({url!r}, hit_table.HitTable.from_pieces([piece], scans))
"""


class Widget:
    """One explorer on a page, as a user handles it."""

    def __init__(self, page, number):
        self.page = page
        self.root = page.locator(".slw").nth(number)
        self.canvas = self.root.locator("canvas.slw-canvas")
        self.panels = self.root.locator("canvas.slw-panels")
        self.status = self.root.locator(".slw-status")
        self.said = self.root.locator(".slw-said")
        self.readout = self.root.locator(".slw-readout")

    def data(self, name):
        return [float(number) for number in self.canvas.get_attribute(f"data-{name}").split()]

    def pixels(self, canvas=None):
        return (canvas or self.canvas).evaluate("canvas => canvas.toDataURL()")

    def after(self, action):
        """Do something and wait until the map is drawn anew."""
        drawn = self.data("drawn")[0]
        action()
        self.page.wait_for_function(
            "([canvas, drawn]) => Number(canvas.dataset.drawn) > drawn",
            arg=[self.canvas.element_handle(), drawn],
            timeout=10_000,
        )

    def press(self, key):
        self.canvas.focus()
        self.after(lambda: self.page.keyboard.press(key))

    def at(self, frequency_mhz, snr):
        """Place on the page of a frequency and an SNR on the axes."""
        x, y, width, height = self.data("plot")
        box = self.canvas.bounding_box()
        (low, high), (bottom, top) = self.data("frequencies"), self.data("snr")
        return (
            box["x"] + x + (frequency_mhz - low) / (high - low) * width,
            box["y"] + y + (top - log10(snr)) / (top - bottom) * height,
        )

    def pick(self, frequency_mhz, snr):
        """Click on a hit and wait until all its scans are drawn."""
        self.panels.evaluate("canvas => delete canvas.dataset.drawn")
        self.page.mouse.click(*self.at(frequency_mhz, snr))
        self.wait_for_scans()

    def wait_for_scans(self, n=6):
        self.root.locator(f"canvas.slw-panels[data-drawn='{n}']").wait_for(timeout=15_000)

    def fact(self, name):
        return self.root.locator("dt", has_text=name).locator("+ dd").first.text_content()

    def say(self, verdict, note):
        self.root.get_by_role("radio", name=verdict).check()
        self.root.get_by_role("textbox", name="Note").fill(note)

    def save(self):
        self.root.get_by_role("button", name="Save").click()

    def clear(self):
        self.after(self.root.get_by_text("Clear filters").click)
        self.root.get_by_text("Show all").click()
        self.page.wait_for_timeout(300)


@pytest.fixture(scope="module", params=["lab", "voila"])
def opened(request, notebooks):
    """Page and URL: the small survey, its star with a hostile name; an explorer that is broken; many hits."""
    folder = notebooks / f"hits_{request.param}"
    folder.mkdir()
    url = make_survey(folder, HOSTILE)
    cells = [cell.replace("{url!r}", repr(url)) for cell in (CELL, BROKEN, MANY)]
    name = f"hits_{request.param}.ipynb"
    jupyter_servers.write_notebook(notebooks / name, *cells)
    page = request.getfixturevalue(request.param)(name)
    page.locator(".slw canvas[data-drawn]").nth(1).wait_for(timeout=90_000)
    yield page, url
    page.close()


@pytest.fixture
def widget(opened):
    widget = Widget(opened[0], 0)
    widget.clear()
    return widget


@pytest.fixture
def many(opened):
    return Widget(opened[0], 2)


@pytest.fixture
def url(opened):
    return opened[1]


def test_keys_wheel_and_buttons_zoom_and_move(widget):
    low, high = widget.data("frequencies")
    whole = widget.pixels()
    widget.press("+")
    span = high - low
    assert widget.data("frequencies") == pytest.approx([low + 0.1 * span, high - 0.1 * span], abs=1e-9)
    widget.press("ArrowRight")
    assert widget.data("frequencies") == pytest.approx([low + 0.18 * span, high - 0.02 * span], abs=1e-9)
    bottom, top = widget.data("snr")
    widget.press("Shift+ArrowUp")
    widget.press("ArrowDown")
    # 0.8 times as high, about the middle, and a tenth of that down.
    assert widget.data("snr") == pytest.approx([bottom + 0.02 * (top - bottom), top - 0.18 * (top - bottom)])
    assert widget.pixels() != whole
    widget.after(widget.root.get_by_text("Show all").click)
    assert widget.data("frequencies") == pytest.approx([low, high])
    assert widget.pixels() == whole
    place = widget.at(signal_mhz(2), 100)
    widget.page.mouse.move(*place)
    widget.after(lambda: widget.page.mouse.wheel(0, -600))
    assert widget.at(signal_mhz(2), 100) == pytest.approx(place, abs=1)


def test_dragging_moves_and_picks_nothing(widget):
    widget.press("+")
    widget.press("+")
    x, y = widget.at(signal_mhz(2), 100)

    def drag():
        widget.page.mouse.move(x, y)
        widget.page.mouse.down()
        widget.page.mouse.move(x - 80, y, steps=4)
        widget.page.mouse.up()

    picked = widget.root.locator(".slw-case").get_attribute("data-hit")
    widget.after(drag)
    assert widget.at(signal_mhz(2), 100)[0] == pytest.approx(x - 80, abs=1)
    assert widget.root.locator(".slw-case").get_attribute("data-hit") == picked


def test_filters_leave_what_they_say(widget):
    whole = widget.pixels()
    widget.after(lambda: widget.root.get_by_label("Cadence says").select_option("event"))
    assert widget.status.text_content().startswith("3 hits in sight of 3 that pass the filters (6 in all)")
    assert widget.pixels() != whole
    lowest = widget.root.get_by_label("lowest SNR")
    lowest.fill("101")
    widget.after(lambda: lowest.press("Enter"))
    assert widget.status.text_content().startswith("0 hits in sight")
    widget.after(widget.root.get_by_text("Clear filters").click)
    drift = widget.root.get_by_label("highest drift")
    drift.fill("0")
    widget.after(lambda: drift.press("Enter"))
    assert widget.status.text_content().startswith("3 hits in sight of 3")


def test_what_is_no_number_is_marked_and_filters_nothing(widget):
    lowest = widget.root.get_by_label("lowest SNR")
    lowest.fill("ten")
    widget.after(lambda: lowest.press("Enter"))
    assert lowest.get_attribute("aria-invalid") == "true"
    assert widget.status.text_content().startswith("6 hits in sight of 6,")


def test_a_star_is_found_by_a_part_of_its_name_and_stands_out(widget):
    before = widget.pixels()
    star = widget.root.get_by_label("Star in colour")
    star.fill("hip")
    widget.after(lambda: star.press("Enter"))
    assert star.input_value() == "HIP 2"
    assert widget.root.locator(".slw-legend").text_content().startswith("●HIP 2●all other hits")
    assert "Hits of HIP 2 are in colour." in widget.canvas.get_attribute("aria-label")
    assert widget.pixels() != before
    widget.after(lambda: widget.root.get_by_label("this star only").check())
    assert widget.status.text_content().startswith("1 hits in sight of 1")
    star.fill("nobody")
    widget.after(lambda: star.press("Enter"))
    assert star.get_attribute("aria-invalid") == "true"
    assert "No star's name contains “nobody”." in widget.readout.text_content()


def test_a_click_shows_the_hit_in_all_its_scans(widget):
    widget.pick(signal_mhz(2), 100)
    assert widget.fact("Frequency") == "1400.000800 MHz"
    assert widget.fact("Cadence says") == "event"
    text = widget.panels.get_attribute("aria-label")
    assert text.count(": drawn") == 6
    assert f"scan 12, OFF, {HOSTILE} B: drawn" in text
    # The signal is yellow in the ON panels and there is nothing so bright on its track in the OFF panels.
    bright = widget.panels.evaluate(
        """canvas => {
          const context = canvas.getContext("2d"), ratio = window.devicePixelRatio, rows = [];
          for (let i = 0; i < 6; i++) {
            const y = (i * 94 + 22) * ratio, width = canvas.width;
            const { data } = context.getImageData(0, y, width, 64 * ratio);
            const isYellow = (k) => data[k] > 240 && data[k + 1] > 220 && data[k + 2] < 60;
            let n = 0;
            for (let k = 0; k < data.length; k += 4) n += isYellow(k);
            rows.push(n);
          }
          return rows;
        }"""
    )
    assert min(bright[::2]) > 5 * max(bright[1::2])


def test_keys_walk_from_hit_to_hit(widget):
    widget.after(lambda: widget.root.get_by_label("Cadence says").select_option("event"))
    widget.pick(signal_mhz(0), 100)
    for key, place in (("n", 2), ("n", 4), ("p", 2)):
        widget.canvas.focus()
        widget.page.keyboard.press(key)
        widget.root.locator("dd", has_text=f"{signal_mhz(place):.6f} MHz").wait_for(timeout=5000)
    widget.root.get_by_text("Next ▶").click()
    widget.root.locator("dd", has_text=f"{signal_mhz(4):.6f} MHz").wait_for(timeout=5000)


def test_a_verdict_reaches_the_database_and_the_map(widget, url):
    widget.pick(signal_mhz(2), 100)
    note = f"{HOSTILE} & 'this'"
    before = widget.pixels()
    widget.say("interesting", note)
    assert widget.said.text_content() == "Not saved yet."
    widget.save()
    widget.said.get_by_text("Saved: interesting.").wait_for(timeout=5000)
    hits = load_hits(url, verdict="event", extra=["hit_id"]).set_index("hit_id")
    ((hit_id, verdict, saved),) = load_reviews(url).itertuples(index=False)
    assert (verdict, saved) == ("interesting", note)
    assert hits.loc[hit_id, "frequency_mhz"] == signal_mhz(2)
    # At once on the map: its sign, and in the legend.
    widget.root.locator(".slw-legend", has_text="★interesting").wait_for(timeout=5000)
    assert widget.pixels() != before
    widget.after(lambda: widget.root.get_by_label("You said").select_option("any"))
    assert widget.status.text_content().startswith("1 hits in sight of 1")
    # And there again when the hit is.
    widget.clear()
    widget.pick(signal_mhz(4), 100)
    assert widget.root.get_by_role("textbox", name="Note").input_value() == ""
    widget.pick(signal_mhz(2), 100)
    assert widget.root.get_by_role("textbox", name="Note").input_value() == note
    assert widget.root.get_by_role("radio", name="interesting").is_checked()


def test_what_is_not_saved_is_kept_while_others_are_looked_at(widget):
    widget.pick(signal_mhz(4), 100)
    widget.say("unsure", "half a thou")
    widget.pick(signal_mhz(0), 100)
    assert widget.root.get_by_role("textbox", name="Note").input_value() == ""
    widget.pick(signal_mhz(4), 100)
    assert widget.root.get_by_role("textbox", name="Note").input_value() == "half a thou"
    assert widget.said.text_content() == "Not saved yet."


def test_a_locked_database_is_shown_and_the_text_is_kept(widget, url):
    widget.pick(signal_mhz(0), 100)
    widget.say("interference", "a long note")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("BEGIN IMMEDIATE")
        widget.save()
        widget.said.and_(widget.page.locator(".slw-error")).wait_for(timeout=10_000)
    assert widget.said.text_content().startswith("Not saved. DatabaseError: ")
    assert widget.root.get_by_role("textbox", name="Note").input_value() == "a long note"
    widget.save()
    widget.said.get_by_text("Saved: interference.").wait_for(timeout=5000)
    hit_id = int(widget.root.locator(".slw-case").get_attribute("data-hit"))
    save_review(url, hit_id, "", "")


def test_a_missing_file_says_so_and_the_others_are_drawn(widget, url):
    path = Path(url.removeprefix("sqlite:///")).with_name("scan_1.fil")
    content = path.read_bytes()
    path.unlink()
    try:
        widget.pick(signal_mhz(0), 100)
        text = widget.panels.get_attribute("aria-label")
    finally:
        path.write_bytes(content)
    assert text.count(": drawn") == 5
    assert "scan_1.fil: expected a filterbank file, found no file of that name" in text


def test_hostile_text_stays_text(widget):
    widget.pick(signal_mhz(0), 100)
    assert widget.root.locator(".slw-case strong").text_content() == f"{HOSTILE} · 1400.000500 MHz"
    assert HOSTILE in widget.panels.get_attribute("aria-label")
    star = widget.root.get_by_label("Star in colour")
    star.fill(HOSTILE)
    widget.after(lambda: star.press("Enter"))
    assert HOSTILE in widget.canvas.get_attribute("aria-label")
    assert HOSTILE in widget.root.locator(".slw-legend").text_content()
    assert widget.root.locator("img").count() == 0
    assert widget.page.evaluate("window.hacked") is None


def test_an_error_in_python_is_shown(opened):
    status = Widget(opened[0], 1).status
    status.and_(opened[0].locator(".slw-error")).wait_for(timeout=5000)
    assert status.text_content().startswith("TypeError: ")


def test_many_hits_are_counted_and_single_ones_appear_on_zoom(many):
    many.canvas.scroll_into_view_if_needed()
    many.root.locator("canvas[data-drawn]").first.wait_for(timeout=10_000)
    assert many.status.text_content().startswith("100,000 hits in sight of 100,000, counted in pixels of ")
    x, y = many.at(1300, 100)
    many.page.mouse.move(x, y)
    for _ in range(2):
        many.after(lambda: many.page.mouse.wheel(0, -1200))
    assert many.status.text_content().endswith("each a point of its own.")
    # Every other of 100,000 hits lies anywhere in 800 MHz: 62.5 a MHz, give or take.
    low, high = many.data("frequencies")
    n = int(many.status.text_content().split()[0].replace(",", ""))
    assert n == pytest.approx(62.5 * (high - low), rel=0.4)


@pytest.mark.slow
def test_the_page_shows_a_simulated_survey_every_hit_of_which_can_be_looked_at(voila, notebooks):
    project = notebooks / "project"
    shutil.copytree(DOCS, project / "docs", ignore=shutil.ignore_patterns("images"))
    page_module = project / "docs" / "hits_page.py"
    few = page_module.read_text(encoding="utf-8").replace("N_STARS, SEED = 701, 9", "N_STARS, SEED = 40, 9")
    page_module.write_text(few, encoding="utf-8")
    page = voila("project/docs/hits_explorer.ipynb")
    page.locator(".slw-canvas[data-drawn]").wait_for(timeout=120_000)
    widget = Widget(page, 0)
    assert "40 stars" in widget.root.locator(".slw-facts").text_content()
    widget.after(lambda: widget.root.get_by_label("Cadence says").select_option("event"))
    n_hits = int(widget.status.text_content().split()[0])
    # Each event has three hits; five signals are hidden, and chance makes more.
    assert n_hits % 3 == 0
    assert n_hits >= 15
    widget.canvas.focus()
    page.keyboard.press("n")
    widget.wait_for_scans()
    assert widget.panels.get_attribute("aria-label").count(": drawn") == 6
    assert len(list((project / "build" / "explorer").glob("survey_*.db"))) == 1
    page.close()


# The arithmetic of the script by itself


@pytest.fixture(scope="module")
def script(chromium):
    """``script(expression)`` evaluates JavaScript in which ``h`` is the script of the map of hits."""
    code = source("widget.js", "hits.js").encode()
    url = f"data:text/javascript;base64,{base64.b64encode(code).decode()}"
    page = chromium.new_page()
    yield lambda expression: page.evaluate(f"import('{url}').then((h) => {expression})")
    page.close()


@pytest.mark.parametrize(
    ("limits", "most", "expected"),
    [
        ("[0.9, 5.1]", 5, ["10", "100", "1,000", "10,000", "100,000"]),
        ("[0.9, 3.1]", 6, ["10", "30", "100", "300", "1,000"]),
        ("[1.4, 2.1]", 8, ["30", "40", "50", "60", "70", "80", "90", "100"]),
        # A hundredth of a decade: plain numbers.
        ("[2, 2.01]", 3, ["100", "101", "102"]),
    ],
)
def test_snr_ticks(script, limits, most, expected):
    axis = script(f"h.snrAxis({limits}, {most})")
    assert [tick["label"] for tick in axis["ticks"]] == expected


def test_snr_ticks_stand_where_their_numbers_say(script):
    # From the top: 1000 at 0, 100 half way down, 10 at the bottom.
    ticks = script("h.snrAxis([1, 3], 3)")["ticks"]
    assert [tick["label"] for tick in ticks] == ["10", "100", "1,000"]
    assert [tick["at"] for tick in ticks] == pytest.approx([1, 0.5, 0], abs=1e-9)


def test_the_scale_of_counts_is_logarithmic(script):
    ticks = script("h.countAxis(10000)")["ticks"]
    assert [(tick["label"], round(tick["at"], 3)) for tick in ticks] == [
        ("1", 0),
        ("10", 0.25),
        ("100", 0.5),
        ("1,000", 0.75),
        ("10,000", 1),
    ]
