"""A figure with a button under it that draws another one, such as other pictures chosen at random."""

import html
import itertools

import matplotlib.pyplot as plt

from setilearn.show.explorer.widget import in_notebook
from setilearn.show.figure import picture_with_alt_text


def draw_again(draw, *, label="Draw again", seed=0):
    """Show what ``draw(seed)`` draws, and a button that draws below it with the seeds that follow.

    ``draw`` is a function that makes a figure with `matplotlib.pyplot` and takes a whole number, the seed
    of what it draws at random. The first figure is an output like any other, and stays where there is
    no kernel; the button, with ``label`` on it, needs one. Outside of a notebook only ``draw(seed)``
    is called. Raises `ValueError` where it draws nothing.
    """
    if not in_notebook():
        draw(seed)
        return
    picture = picture_of(draw, seed)
    box = again_box(draw, label=label, seeds=itertools.count(seed + 1))
    show_with_controls(picture, box, f'(Here is a button, "{label}", while a kernel runs.)')


def again_box(draw, *, label, seeds):
    """Widget of a button and an area below it, which shows ``draw`` of the next seed at each press.

    An error in ``draw``, which Jupyter would swallow, is shown in the area.
    """
    from ipywidgets import HTML, Button, VBox

    button, area = Button(description=label, layout={"width": "max-content"}), HTML()

    def press(_):
        seed = next(seeds)
        area.value = html_of(draw, seed, on_error=f"With the seed {seed}: ")

    button.on_click(press)
    return VBox([button, area])


def show_with_controls(picture, box, without_kernel):
    """Show a picture of `picture_of` and below it a widget, or without a kernel ``without_kernel``."""
    from IPython.display import display

    display(picture, raw=True)
    show_widget(box, without_kernel)


def show_widget(box, without_kernel):
    """Show a widget, or the text ``without_kernel`` where there is no kernel for it."""
    from IPython.display import display

    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    display({"application/vnd.jupyter.widget-view+json": view, "text/plain": without_kernel}, raw=True)


def html_of(draw, seed, *, on_error=""):
    """The figure of ``draw(seed)`` as HTML for a widget, or the error, after the words ``on_error``."""
    try:
        # No wider than the page, as outputs are.
        shown = picture_of(draw, seed)["text/html"].replace("<img ", '<img style="max-width: 100%" ')
    except Exception as error:
        text = html.escape(f"{type(error).__name__}: {error}")
        shown = f'<div role="alert">{on_error}<code>{text}</code></div>'
    # Read out by a screen reader when it changes.
    return f'<div aria-live="polite">{shown}</div>'


def picture_of(draw, seed):
    """The figure of ``draw(seed)``, closed, in the forms that a notebook takes, with alternative text."""
    before = set(plt.get_fignums())
    try:
        draw(seed)
        drawn = set(plt.get_fignums()) - before
        if not drawn:
            raise ValueError("expected a function that draws a figure, found one that draws nothing")
        return picture_with_alt_text(plt.figure(max(drawn)))
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
