"""A figure with sliders under it that draw it anew with other numbers."""

import html

from setilearn.course.buttons import picture_of
from setilearn.show.widget import in_notebook


def draw_with_sliders(draw, **sliders):
    """Show what ``draw`` draws with the values of ``sliders``, and sliders that draw it anew below.

    ``draw`` is a function that makes a figure with `matplotlib.pyplot` and takes each slider's value under
    its name; a slider is a widget of ipywidgets with a value. The first figure is an output like any other,
    and stays where there is no kernel; the sliders need one. Outside of a notebook the figure is drawn once.
    Raises `ValueError` where ``draw`` draws nothing.

    This is `ipywidgets.interact` without its output area: that makes nbclient, which runs notebooks for tests
    and for export, miss the end of the cell now and then and wait until its timeout.
    """
    values = {name: slider.value for name, slider in sliders.items()}
    if not in_notebook():
        draw(**values)
        return
    from IPython.display import display

    display(picture_of(lambda _: draw(**values), None), raw=True)
    box = slider_box(draw, sliders)
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    without_kernel = f"(Here are sliders while a kernel runs: {', '.join(sliders)}.)"
    display({"application/vnd.jupyter.widget-view+json": view, "text/plain": without_kernel}, raw=True)


def slider_box(draw, sliders):
    """Widget of the sliders and an area below them, which shows what ``draw`` draws with their values.

    Empty until a slider is moved. An error in ``draw``, which Jupyter would swallow, is shown in the area.
    """
    from ipywidgets import HTML, VBox

    area = HTML()

    def draw_anew(_):
        values = {name: slider.value for name, slider in sliders.items()}
        try:
            # No wider than the page, as outputs are.
            shown = picture_of(lambda _: draw(**values), None)["text/html"]
            shown = shown.replace("<img ", '<img style="max-width: 100%" ')
        except Exception as error:
            shown = f'<div role="alert"><code>{html.escape(f"{type(error).__name__}: {error}")}</code></div>'
        # Read out by a screen reader when it changes.
        area.value = f'<div aria-live="polite">{shown}</div>'

    for name, slider in sliders.items():
        slider.description = slider.description or name.replace("_", " ")
        slider.observe(draw_anew, names="value")
    return VBox([*sliders.values(), area])
