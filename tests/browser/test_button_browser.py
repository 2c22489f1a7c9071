"""The button that draws again, in Chromium: it draws, tells an error, and fits the page."""

import jupyter_servers
import pytest

pytestmark = pytest.mark.browser

CELL = """
import numpy as np
import setilearn as sl
from setilearn.course.buttons import draw_again

def draw(seed):
    if seed == 2:
        raise IndexError("<row> 3200")
    sl.plot_images(np.random.default_rng(seed).random((4, 64, 128)), [f"seed {seed}"] * 4)

draw_again(draw, label="Other pictures")
"""


@pytest.fixture(params=["lab", "voila"])
def page(request, notebooks):
    jupyter_servers.write_notebook(notebooks / f"button-{request.param}.ipynb", CELL)
    return request.getfixturevalue(request.param)(f"button-{request.param}.ipynb")


def test_each_press_draws_the_next_seed_below_the_first_figure(page):
    button = page.get_by_role("button", name="Other pictures")
    button.wait_for(timeout=60_000)
    still = page.locator('img[alt*="seed 0"]')
    assert still.count() == 1
    drawn = page.locator(".jupyter-widgets img")
    assert drawn.count() == 0
    button.click()
    drawn.wait_for()
    assert "seed 1" in drawn.get_attribute("alt")
    box = drawn.bounding_box()
    assert box["y"] > still.bounding_box()["y"]
    assert box["x"] + box["width"] <= page.viewport_size["width"]

    button.click()
    alert = page.get_by_role("alert").filter(has_text="IndexError")
    alert.wait_for()
    assert alert.inner_text() == "With the seed 2: IndexError: <row> 3200"
    assert drawn.count() == 0

    button.click()
    drawn.wait_for()
    assert "seed 3" in drawn.get_attribute("alt")
    assert still.count() == 1
