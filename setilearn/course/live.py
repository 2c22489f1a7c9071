"""A figure with controls under it that draw it anew with other numbers."""

import inspect
from collections.abc import Callable
from functools import partial

import matplotlib.pyplot as plt

from setilearn.course.buttons import html_of, picture_of, show_with_controls
from setilearn.show.explorer.widget import in_notebook
from setilearn.show.figure import alt_text, describe


def live(
    draw: Callable, *, n_axes: int = 1, figsize: tuple[float, float] = (9.0, 4.0), **controls: object
) -> None:
    """Show what ``draw`` draws with the values of some controls, and controls that draw it anew below.

    The first figure is an output like any other, with alternative text, and stays where there is no kernel;
    the controls need one, and work with mouse and keyboard. Outside of a notebook the figure is drawn once.

    Parameters
    ----------
    draw : function
        ``draw(ax, **values)`` draws into matplotlib Axes; what it returns does not matter. A control begins
        with the default value of its argument, else in the middle, or with the first of a list.
    n_axes : int
        Axes side by side. More than one come as an array.
    figsize : (float, float)
        Inches.
    **controls
        By the name of an argument of ``draw``: (least, most, step) is a slider, of whole numbers where all
        three are; a list one of several values; True or False a box to tick; a widget of ipywidgets itself.

    Raises
    ------
    TypeError
        A control that is none of these, or that ``draw`` has no argument for.
    """
    arguments = inspect.signature(draw).parameters
    takes_all = any(argument.kind is argument.VAR_KEYWORD for argument in arguments.values())
    unknown = [name for name in controls if name not in arguments and not takes_all]
    if unknown:
        raise TypeError(f"live: expected arguments of the function {list(arguments)[1:]}, found {unknown}")
    widgets = {
        name: _control(name, asked, arguments[name].default if name in arguments else inspect.Parameter.empty)
        for name, asked in controls.items()
    }
    values = {name: widget.value for name, widget in widgets.items()}
    show = partial(_draw_figure, draw, n_axes, figsize)
    if not in_notebook():
        show(values)
        return
    picture = picture_of(show, values)
    show_with_controls(
        picture,
        controls_box(show, widgets),
        f"(Here are controls while a kernel runs: {', '.join(widgets)}.)",
    )


def controls_box(show, widgets):
    """Widget of the controls and an area below them, which shows what ``show`` draws of their values.

    Empty until a control is moved. An error in ``show``, which Jupyter would swallow, is shown in the area.
    """
    from ipywidgets import HTML, VBox

    area = HTML()

    def draw_anew(_):
        area.value = html_of(show, {name: widget.value for name, widget in widgets.items()})

    for widget in widgets.values():
        widget.observe(draw_anew, names="value")
    return VBox([*widgets.values(), area])


def _draw_figure(draw, n_axes, figsize, values):
    figure, axes = plt.subplots(1, n_axes, figsize=figsize, layout="constrained")
    draw(axes, **values)
    if not alt_text(figure):
        drawn = "; ".join(filter(None, map(_words, figure.axes)))
        chosen = ", ".join(f"{name} = {value}" for name, value in values.items())
        describe(figure.axes[0], f"{drawn or 'A figure'}, drawn with {chosen}.")


def _words(ax):
    """What is drawn, in words: title, and what against what."""
    against = f"{ax.get_ylabel()} against {ax.get_xlabel()}" if ax.get_xlabel() and ax.get_ylabel() else ""
    return ": ".join(filter(None, [ax.get_title(), against]))


def _control(name, asked, default):
    import ipywidgets

    description = {"description": name.replace("_", " "), "style": {"description_width": "initial"}}
    if isinstance(asked, ipywidgets.ValueWidget):
        asked.description = asked.description or description["description"]
        return asked
    has_default = default is not inspect.Parameter.empty
    if isinstance(asked, bool):
        return ipywidgets.Checkbox(default if has_default else asked, **description)
    if isinstance(asked, list) and asked:
        return ipywidgets.SelectionSlider(
            options=asked, value=default if has_default else asked[0], continuous_update=False, **description
        )
    if not (isinstance(asked, tuple) and len(asked) == 3 and asked[0] < asked[1] and asked[2] > 0):
        raise TypeError(
            f"live: expected (least, most, step), a list, True, False or a widget, found {asked!r}"
        )
    kind = ipywidgets.IntSlider if all(isinstance(one, int) for one in asked) else ipywidgets.FloatSlider
    least, most, step = asked
    middle = least + (most - least) / step // 2 * step
    # Drawn when a slider comes to rest: figures made on the way would queue up on a slow machine.
    return kind(
        value=default if has_default else middle,
        min=least,
        max=most,
        step=step,
        continuous_update=False,
        layout={"width": "28em"},
        **description,
    )
