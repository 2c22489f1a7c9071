"""Sliders that draw a figure anew: what they show, also when the drawing fails."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from ipywidgets import FloatSlider, SelectionSlider

from setilearn.course.sliders import draw_with_sliders, slider_box
from setilearn.show.image_plots import plot_images


def draw(level, one_in):
    if level > 0.8:
        raise KeyError("<high>")
    plot_images(np.random.default_rng(0).random((2, 6, 9)), [f"level {level}, one in {one_in}", "other"])


def sliders():
    return {"level": FloatSlider(0.5, min=0, max=1), "one_in": SelectionSlider(options=[10, 100])}


def test_each_move_draws_anew_with_the_values_of_all_sliders():
    before = plt.get_fignums()  # that other tests may have left
    level, one_in, area = slider_box(draw, sliders()).children
    assert area.value == ""
    assert [level.description, one_in.description] == ["level", "one in"]
    level.value = 0.25
    assert "level 0.25, one in 10; other" in area.value
    one_in.value = 100
    assert "level 0.25, one in 100; other" in area.value
    assert area.value.count("<img") == area.value.count("src=") == 1
    assert plt.get_fignums() == before


def test_an_error_is_shown_and_the_next_move_draws():
    level, _, area = slider_box(draw, sliders()).children
    level.value = 0.9
    assert '<div role="alert"><code>KeyError: &#x27;&lt;high&gt;&#x27;</code>' in area.value
    level.value = 0.7
    assert "KeyError" not in area.value
    assert "level 0.7" in area.value


def test_in_a_notebook_the_figure_comes_first_and_then_the_sliders(monkeypatch):
    shown = []
    monkeypatch.setattr("setilearn.course.sliders.in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    draw_with_sliders(draw, **sliders())
    picture, box = shown
    assert 'alt="2 grey pictures of 6 x 9 pixels' in picture["text/html"]
    assert "level 0.5, one in 10" in picture["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in box
    assert box["text/plain"] == "(Here are sliders while a kernel runs: level, one_in.)"


def test_outside_of_a_notebook_it_draws_once():
    drawn = []
    draw_with_sliders(lambda **values: drawn.append(values), **sliders())
    assert drawn == [{"level": 0.5, "one_in": 10}]


def test_a_function_that_draws_nothing_is_refused(monkeypatch):
    monkeypatch.setattr("setilearn.course.sliders.in_notebook", lambda: True)
    with pytest.raises(ValueError, match="expected a function that draws a figure"):
        draw_with_sliders(lambda level: None, level=FloatSlider())
