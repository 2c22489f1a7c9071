"""Live figures: what their controls are, what they show, also when the drawing fails."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from ipywidgets import Checkbox, FloatSlider, IntSlider, SelectionSlider

import setilearn as sl
from setilearn.course import live as live_module
from setilearn.show.image_plots import plot_images


def draw(ax, level=0.5, one_in=10):
    if level > 0.8:
        raise KeyError("<high>")
    ax.plot([0, level, one_in])
    ax.set(title=f"level {level}, one in {one_in}", xlabel="number", ylabel="value")


@pytest.fixture
def shown(monkeypatch):
    """What a notebook is given to show."""
    given = []
    monkeypatch.setattr(live_module, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: given.append(data))
    monkeypatch.setattr(
        live_module, "show_with_controls", lambda picture, box, text: given.extend([picture, box, text])
    )
    return given


def test_each_move_draws_anew_with_the_values_of_all_controls(shown):
    before = plt.get_fignums()  # that other tests may have left
    sl.live(draw, level=(0.0, 1.0, 0.05), one_in=[10, 100])
    picture, box, without_kernel = shown
    level, one_in, area = box.children
    assert without_kernel == "(Here are controls while a kernel runs: level, one_in.)"
    assert (
        'alt="level 0.5, one in 10: value against number, drawn with level = 0.5, one_in = 10.'
        in (picture["text/html"])
    )
    assert area.value == ""
    assert [level.description, one_in.description] == ["level", "one in"]
    level.value = 0.25
    assert "level 0.25, one in 10" in area.value
    one_in.value = 100
    assert "level 0.25, one in 100" in area.value
    assert area.value.count("<img") == area.value.count("src=") == 1
    assert plt.get_fignums() == before


def test_an_error_is_shown_and_the_next_move_draws(shown):
    sl.live(draw, level=(0.0, 1.0, 0.05))
    level, area = shown[1].children
    level.value = 0.9
    assert '<div role="alert"><code>KeyError: &#x27;&lt;high&gt;&#x27;</code>' in area.value
    level.value = 0.7
    assert "KeyError" not in area.value
    assert "level 0.7" in area.value


@pytest.mark.parametrize(
    ("asked", "kind", "value"),
    [
        ((-4, 4, 0.05), FloatSlider, 0.0),
        ((0.0, 1.0, 0.25), FloatSlider, 0.5),
        ((1, 9, 2), IntSlider, 5),
        ([3, 5, 8], SelectionSlider, 3),
        (True, Checkbox, True),
        (FloatSlider(0.3), FloatSlider, 0.3),
    ],
)
def test_what_a_control_is_follows_from_what_is_asked(shown, asked, kind, value):
    sl.live(lambda ax, x: ax.plot([x]), x=asked)
    control = shown[1].children[0]
    assert type(control) is kind
    assert control.value == pytest.approx(value)
    assert control.description == "x"


def test_it_begins_with_the_default_of_the_argument(shown):
    sl.live(lambda ax, x=0.75: ax.plot([x]), x=(0.0, 1.0, 0.25))
    assert shown[1].children[0].value == 0.75


def test_several_axes_and_a_plot_with_its_own_words(shown):
    def three(axes, level):
        for ax in axes:
            ax.plot([level])
        plot_images(np.random.default_rng(0).random((2, 6, 9)), ["one", "other"], figure=axes[0].figure)

    sl.live(three, n_axes=3, level=(0.0, 1.0, 0.5))
    assert 'alt="2 grey pictures of 6 x 9 pixels' in shown[0]["text/html"]


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        (
            {"levle": (0, 1, 0.1)},
            r"expected arguments of the function \['level', 'one_in'\], found \['levle'\]",
        ),
        ({"level": (0, 1)}, r"expected \(least, most, step\).*found \(0, 1\)"),
        ({"level": (1, 0, 0.1)}, r"found \(1, 0, 0.1\)"),
        ({"level": []}, r"found \[\]"),
        ({"level": "high"}, "found 'high'"),
    ],
)
def test_other_controls_are_refused(controls, said):
    with pytest.raises(TypeError, match=said):
        sl.live(draw, **controls)


def test_outside_of_a_notebook_it_draws_once():
    drawn = []
    sl.live(lambda ax, **values: drawn.append(values), level=(0.0, 1.0, 0.5), one_in=[10, 100])
    assert drawn == [{"level": 0.5, "one_in": 10}]
    plt.close("all")
