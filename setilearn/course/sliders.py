"""A figure with sliders under it that draw it anew with other numbers."""

from setilearn.course.buttons import html_of, picture_of, show_with_controls
from setilearn.show.explorer.widget import in_notebook


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
    picture = picture_of(lambda _: draw(**values), None)
    without_kernel = f"(Here are sliders while a kernel runs: {', '.join(sliders)}.)"
    show_with_controls(picture, slider_box(draw, sliders), without_kernel)


def slider_box(draw, sliders):
    """Widget of the sliders and an area below them, which shows what ``draw`` draws with their values.

    Empty until a slider is moved. An error in ``draw``, which Jupyter would swallow, is shown in the area.
    """
    from ipywidgets import HTML, VBox

    area = HTML()

    def draw_anew(_):
        values = {name: slider.value for name, slider in sliders.items()}
        area.value = html_of(lambda _: draw(**values), None)

    for name, slider in sliders.items():
        slider.description = slider.description or name.replace("_", " ")
        slider.observe(draw_anew, names="value")
    return VBox([*sliders.values(), area])
