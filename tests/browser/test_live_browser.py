"""A live figure in Chromium, in JupyterLab and in Voila: the keyboard moves it, an error is told, it fits."""

import jupyter_servers
import pytest

pytestmark = pytest.mark.browser

CELL = """
import setilearn as sl

def draw(ax, level=1):
    if level == 3:
        raise IndexError("<row> 3200")
    ax.plot([0, level])
    ax.set_title(f"level {level}")

sl.live(draw, level=(0, 9, 1))
"""


@pytest.fixture(params=["lab", "voila"])
def page(request, notebooks):
    jupyter_servers.write_notebook(notebooks / f"live-{request.param}.ipynb", CELL)
    return request.getfixturevalue(request.param)(f"live-{request.param}.ipynb")


def test_the_keyboard_moves_the_slider_and_the_figure_follows(page):
    handle = page.locator(".widget-slider .noUi-handle")
    handle.wait_for(timeout=60_000)
    still, drawn = page.locator('img[alt*="level 1"]'), page.locator(".jupyter-widgets img")
    assert still.count() == 1
    assert drawn.count() == 0
    handle.focus()
    page.keyboard.press("ArrowRight")
    drawn.wait_for()
    assert "level 2, drawn with level = 2." in drawn.get_attribute("alt")
    box = drawn.bounding_box()
    assert box["y"] > still.bounding_box()["y"]
    assert box["x"] + box["width"] <= page.viewport_size["width"]
    page.keyboard.press("ArrowRight")
    alert = page.get_by_role("alert").filter(has_text="IndexError")
    alert.wait_for()
    assert alert.inner_text() == "IndexError: <row> 3200"
    page.keyboard.press("ArrowRight")
    drawn.wait_for()
    assert "level 4" in drawn.get_attribute("alt")
