"""The interactive waterfall in Chromium: keys, mouse, contrast, values, and text that stays text."""

import base64
import contextlib

import jupyter_servers
import pytest

from setilearn.show.explorer.widget import source

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="window.hacked = true">'
# Noise, but for 40 dB in integration 5, channel 300: 600 Hz above 8000 MHz, 50 s after the start.
SOURCE = f"""
import numpy as np
import setilearn as sl
header = sl.Header({HOSTILE!r}, "GBT", 0.0, 0.0, 8000.0, 2.0, 10.0, 57000.0, 16, 1024)
power = np.random.default_rng(1).exponential(size=(16, 1024))
power[5, 300] = 1e4
sl.explore(sl.Spectrogram(power, header))
"""
BROKEN = """
broken = sl.explore(sl.Spectrogram(power, header))
display(broken)
broken._shown = None
"""


class Widget:
    """One explorer on a page, as a user handles it."""

    def __init__(self, page, number):
        self.page = page
        self.root = page.locator(".slw").nth(number)
        self.canvas = self.root.locator("canvas")
        self.status = self.root.locator(".slw-status")

    def data(self, name):
        return [float(number) for number in self.canvas.get_attribute(f"data-{name}").split()]

    def pixels(self):
        return self.canvas.evaluate("canvas => canvas.toDataURL()")

    def after(self, action):
        """Do something and wait for the picture that Python sends for it; whether it is another one."""
        from playwright.sync_api import TimeoutError as NothingNew

        drawn, before = self.data("drawn")[0], self.pixels()
        action()
        # The first picture to come may still be the answer to what was done before.
        with contextlib.suppress(NothingNew):
            self.page.wait_for_function(
                "([canvas, drawn, before]) =>"
                " Number(canvas.dataset.drawn) > drawn && canvas.toDataURL() !== before",
                arg=[self.canvas.element_handle(), drawn, before],
                timeout=10_000,
            )
        return self.pixels() != before

    def press(self, key):
        self.canvas.focus()
        return self.after(lambda: self.page.keyboard.press(key))

    def at(self, time, channel):
        """Place on the page of a time and a channel on the axes."""
        x, y, width, height = self.data("plot")
        box = self.canvas.bounding_box()
        (c0, c1), (t0, t1) = self.data("channels"), self.data("times")
        return (
            box["x"] + x + (channel - c0) / (c1 - c0) * width,
            box["y"] + y + (time - t0) / (t1 - t0) * height,
        )

    def show_all(self):
        if (self.data("channels"), self.data("times")) != ([0, 1024], [0, 16]):
            self.press("Home")


@pytest.fixture(scope="module", params=["lab", "voila"])
def page(request, notebooks):
    jupyter_servers.write_notebook(notebooks / "explorer.ipynb", SOURCE, BROKEN)
    page = request.getfixturevalue(request.param)("explorer.ipynb")
    page.locator("canvas[data-drawn]").first.wait_for(timeout=60_000)
    yield page
    page.close()


@pytest.fixture
def widget(page):
    widget = Widget(page, 0)
    widget.show_all()
    return widget


def test_keys_zoom_and_pan_and_show_all(widget):
    whole = widget.pixels()
    assert widget.press("+")
    # 0.8 times as wide, about the middle.
    assert widget.data("channels") == pytest.approx([102.4, 921.6])
    assert widget.press("ArrowRight")
    assert widget.data("channels") == pytest.approx([102.4 + 81.92, 921.6 + 81.92])
    assert widget.press("Shift+ArrowUp")
    assert widget.data("times") == pytest.approx([1.6, 14.4])
    assert widget.press("ArrowDown")
    assert widget.data("times") == pytest.approx([2.88, 15.68])
    assert widget.press("0")
    assert (widget.data("channels"), widget.data("times")) == ([0, 1024], [0, 16])
    assert widget.pixels() == whole


def test_the_wheel_zooms_about_the_pointer(widget):
    place = widget.at(4, 300)
    widget.page.mouse.move(*place)
    assert widget.after(lambda: widget.page.mouse.wheel(0, -300))
    c0, c1 = widget.data("channels")
    assert c1 - c0 < 600
    assert widget.at(4, 300) == pytest.approx(place, abs=1)
    widget.page.keyboard.down("Shift")
    assert widget.after(lambda: widget.page.mouse.wheel(0, -300))
    widget.page.keyboard.up("Shift")
    t0, t1 = widget.data("times")
    assert t1 - t0 < 10
    assert widget.data("channels") == [c0, c1]
    assert widget.at(4, 300) == pytest.approx(place, abs=1)


def test_dragging_moves_the_picture_with_the_pointer(widget):
    for _ in range(4):
        widget.press("+")
    x, y = widget.at(8, 500)

    def drag():
        widget.page.mouse.move(x, y)
        widget.page.mouse.down()
        widget.page.mouse.move(x - 150, y, steps=3)
        widget.page.mouse.up()

    assert widget.after(drag)
    assert widget.at(8, 500)[0] == pytest.approx(x - 150, abs=1)
    assert widget.after(lambda: widget.page.mouse.dblclick(x, y))
    assert widget.data("channels") == [0, 1024]


def test_buttons_zoom_and_show_all(widget):
    assert widget.after(widget.root.get_by_label("Zoom in").click)
    assert widget.data("channels") == pytest.approx([184.32, 839.68])
    assert widget.after(widget.root.get_by_text("Show all").click)
    assert widget.data("channels") == [0, 1024]


def test_contrast_and_averages_change_the_picture(widget):
    slider = widget.root.get_by_label("Contrast from")
    slider.focus()
    assert widget.after(lambda: widget.page.keyboard.press("ArrowRight"))
    assert slider.get_attribute("aria-valuetext") == "2 percent of the pixels"
    assert widget.after(lambda: widget.page.keyboard.press("ArrowLeft"))
    select = widget.root.get_by_label("Average in time")
    assert widget.after(lambda: select.select_option("4"))
    assert "4 integrations" in widget.status.text_content()
    assert widget.after(lambda: select.select_option("1"))


@pytest.mark.parametrize("zoomed", [False, True])
def test_the_value_under_the_pointer_is_that_of_the_data(widget, zoomed):
    widget.page.mouse.move(*widget.at(5.5, 300.5))
    if zoomed:
        widget.after(lambda: widget.page.mouse.wheel(0, -300))
        widget.after(lambda: widget.page.mouse.wheel(0, -300))
    widget.page.mouse.move(*widget.at(5.6, 300.5))
    expected = "8000.000600 MHz · channel 300 · 50.0 s · integration 5 · 40.00 dB"
    readout = widget.root.locator(".slw-readout", has_text=expected)
    readout.wait_for(timeout=5000)


def test_a_hostile_name_stays_text(widget):
    assert widget.root.locator(".slw-source").text_content() == HOSTILE
    assert widget.root.locator("img").count() == 0
    assert widget.page.evaluate("window.hacked") is None
    assert HOSTILE in widget.canvas.get_attribute("aria-label")


def test_an_error_in_python_is_shown(page):
    status = Widget(page, 1).status
    status.and_(page.locator(".slw-error")).wait_for(timeout=5000)
    assert status.text_content().startswith("AttributeError: ")


# The arithmetic of the script by itself


@pytest.fixture(scope="module")
def script(chromium):
    """``script(expression)`` evaluates JavaScript in which ``w`` is the script of the waterfall."""
    code = source("widget.js", "waterfall.js").encode()
    url = f"data:text/javascript;base64,{base64.b64encode(code).decode()}"
    page = chromium.new_page()
    yield lambda expression: page.evaluate(f"import('{url}').then((w) => {expression})")
    page.close()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("w.clamp([-5, 5], 100, 4)", [0, 10]),
        ("w.clamp([95, 105], 100, 4)", [90, 100]),
        ("w.clamp([-50, 150], 100, 4)", [0, 100]),
        ("w.zoom([0, 100], 25, 0.5, 100, 4)", [12.5, 62.5]),
        ("w.zoom([20, 28], 20, 0.1, 100, 4)", [20, 24]),
        ("w.pan([20, 40], -30, 100)", [0, 20]),
    ],
)
def test_views_are_moved_within_the_data(script, expression, expected):
    assert script(expression) == expected


SETUP = "{fch1_mhz: 8419, foff_hz: 2, tsamp_s: 10}"


@pytest.mark.parametrize(
    ("axis", "label", "first", "last"),
    [
        # Channels 0 to 500000 of 2 Hz: 1 MHz, a tick each 0.2 MHz, the first half a channel from the edge.
        (f"w.frequencyAxis({SETUP}, [0, 500000], 5)", "frequency (MHz)", "8419.0", "8419.8"),
        # 400 Hz around 8419.0006 MHz: counted from 8419.001, in steps of 50 Hz.
        (f"w.frequencyAxis({SETUP}, [200.5, 400.5], 8)", "frequency − 8419.001 MHz (Hz)", "−600", "−200"),
        (f"w.timeAxis({SETUP}, [0, 16], 5)", "time (s)", "0", "150"),
        ("w.timeAxis({tsamp_s: 0.0001}, [0, 20], 5)", "time (ms)", "0.0", "2.0"),
    ],
)
def test_ticks_are_round_numbers(script, axis, label, first, last):
    found = script(axis)
    assert found["label"] == label
    assert (found["ticks"][0]["label"], found["ticks"][-1]["label"]) == (first, last)


def test_ticks_stand_where_their_numbers_say(script):
    found = script("w.ticks(-3, 7, 5)")
    assert [tick["label"] for tick in found["ticks"]] == ["−2", "0", "2", "4", "6"]
    assert [tick["at"] for tick in found["ticks"]] == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])
