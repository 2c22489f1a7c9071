"""A button that draws again: what it shows, also when the drawing fails. tests/browser presses it."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest

from setilearn.course.buttons import again_box, draw_again, picture_of
from setilearn.show.image_plots import plot_images


def draw(seed):
    if seed == 6:
        raise KeyError("<six>")
    return plot_images(np.random.default_rng(seed).random((2, 6, 9)), [f"seed {seed}", "other"])


def test_each_press_shows_the_figure_of_the_next_seed_in_place_of_the_last():
    box = again_box(draw, label="Other pictures", seeds=itertools.count(3))
    button, area = box.children
    assert button.description == "Other pictures"
    assert area.value == ""
    for seed in (3, 4):
        button.click()
        assert area.value.count("<img") == 1
        assert area.value.count("src=") == 1
        assert 'alt="2 grey pictures of 6 x 9 pixels' in area.value
        assert f"seed {seed}; other" in area.value
    assert plt.get_fignums() == []


def test_an_error_is_shown_and_the_next_press_draws():
    button, area = again_box(draw, label="again", seeds=itertools.count(6)).children
    button.click()
    assert "With the seed 6: <code>KeyError: &#x27;&lt;six&gt;&#x27;</code>" in area.value
    button.click()
    assert "seed 7" in area.value
    assert "KeyError" not in area.value


def test_figures_that_were_open_stay_open_and_those_drawn_are_closed():
    kept = plt.figure()
    picture = picture_of(draw, 1)
    assert set(picture) == {"text/html", "image/png", "text/plain"}
    with pytest.raises(KeyError):
        picture_of(draw, 6)
    with pytest.raises(ValueError, match="expected a function that draws a figure"):
        picture_of(lambda seed: None, 1)
    assert plt.get_fignums() == [kept.number]
    plt.close("all")


def test_outside_of_a_notebook_it_draws_once():
    seeds = []
    draw_again(seeds.append, seed=5)
    assert seeds == [5]
