"""In Chromium, in JupyterLab: a prediction is clicked, a mystery exchanged, what was kept back is shown."""

import jupyter_servers
import pytest

pytestmark = pytest.mark.browser

FIRST = """
from setilearn.course import ____, answer_or_reference, mystery, predict
guess = predict("Which way does it go?", choices=("up", "down"))
"""
SECOND = """
answer = answer_or_reference("L00-1", ____)
print("given away:", answer)
"""
THIRD = """
import sys
from types import SimpleNamespace

from setilearn.course.answers import number
from setilearn.course.mystery import Mystery

def make(seed):
    return seed, {"it": seed}

declared = Mystery(question="Which?", make=make, checks={"it": number()})
sys.modules["setilearn.course.mysteries.mystery_00"] = SimpleNamespace(MYSTERY=declared)
case = mystery("00")
"""
FOURTH = """
from IPython.display import display
import ipywidgets
button = ipywidgets.Button(description="Compare")
area = ipywidgets.Output()
def press(_):
    with area:
        guess.compare("up")
        print("seed of the case:", case.seed)
button.on_click(press)
display(button, area)
"""


def test_buttons_take_a_prediction_exchange_a_mystery_and_show_what_was_kept_back(notebooks, lab):
    jupyter_servers.write_notebook(notebooks / "mystery.ipynb", FIRST, SECOND, THIRD, FOURTH)
    page = lab("mystery.ipynb")
    compare = page.get_by_role("button", name="Compare")
    compare.wait_for(timeout=60_000)

    page.get_by_role("button", name="up", exact=True).click()
    given_away = page.locator(".jp-OutputArea-output", has_text="given away:")
    assert given_away.count() == 0
    page.get_by_role("button", name="Show it with the reference answer").click()
    given_away.first.wait_for()

    page.get_by_role("button", name="Another one").click()
    page.get_by_text("Mystery 00, seed 1").first.wait_for()
    compare.click()
    page.get_by_text("You predicted up. It came out: up.").first.wait_for()
    page.get_by_text("seed of the case: 1").first.wait_for()
