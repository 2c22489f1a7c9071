"""What all figures share: axes, alternative text, pooling, decibels, contrast, colours.

A function that plots takes ``ax=None`` or ``figure=None`` and returns the Axes it drew in; a figure is made
only where none is given, and nothing is shown or closed. In a notebook every figure carries alternative
text (`describe`, `alt_text`), for readers who cannot see it.
"""

import html
import math
from functools import partial

import matplotlib.pyplot as plt
import numpy as np

FIGURE_INCHES = (9.0, 4.5)
# Of what varies in a pixel, of a line, of what was fitted or is compared: blues, and an orange to set off.
RANGE_COLOR, LINE_COLOR, SHAPE_COLOR = "#9ecae1", "#08519c", "#d95f02"


def axes_or_new(ax):
    return plt.subplots(figsize=FIGURE_INCHES, layout="constrained")[1] if ax is None else ax


def room_pixels(ax):
    """Height and width of ``ax`` in pixels."""
    box = ax.get_window_extent()
    return box.height, box.width


def describe(ax, text):
    """Keep ``text`` with the Axes and let the notebook show their figure with it."""
    ax._setilearn_alt_text = text
    # A subfigure is drawn by the figure that owns the canvas.
    figure = ax.figure.canvas.figure
    figure._ipython_display_ = partial(_display_with_alt_text, figure)


def _display_with_alt_text(figure):
    """Show ``figure`` with its alternative text: what IPython calls in place of its own display."""
    from IPython.display import display

    display(picture_with_alt_text(figure), raw=True)


def picture_with_alt_text(figure):
    """``figure`` as an HTML image with an ``alt``, in the forms that a notebook takes.

    JupyterLab and nbconvert's default template drop the ``alt`` of an image/png output, so the
    image goes out as HTML, which they, Voila and Colab prefer. The plain PNG goes with it, for
    readers without HTML (PDF, LaTeX).
    """
    from IPython.core.pylabtools import print_figure

    png = print_figure(figure, base64=True)
    text = alt_text(figure)
    image = f'<img alt="{html.escape(text)}" src="data:image/png;base64,{png}">'
    return {"text/html": image, "image/png": png, "text/plain": text}


def alt_text(figure):
    """Alternative text of a figure, as one string: what each plot of this module in it shows."""
    return " ".join(text for ax in figure.axes if (text := getattr(ax, "_setilearn_alt_text", "")))


def block_edges(n, block):
    """Where to cut ``n`` things into as few blocks as hold at most ``block`` each, all of about one size.

    ``block_edges(7, 3)`` is ``[0, 2, 4, 7]``: int array, the edges of each block, one more than blocks.
    """
    n_blocks = math.ceil(n / block)
    return np.arange(n_blocks + 1) * n // n_blocks


def pool_max(power, time_edges, channel_edges):
    """Maximum of ``power`` ``(time, channel)`` in each of the blocks between the edges (`block_edges`).

    Returns a new array ``(blocks of time, blocks of channels)``, of the type of ``power``.
    """
    # Channels first: they lie side by side in memory, and little is left for the second pass.
    pooled = np.maximum.reduceat(power, channel_edges[:-1], axis=1)
    return np.maximum.reduceat(pooled, time_edges[:-1], axis=0)


def decibels(power):
    """Power in decibels, 10 log10(power): minus infinity for power that is not above 0, NaN for NaN."""
    with np.errstate(divide="ignore"):
        return 10 * np.log10(np.maximum(power, 0))


def contrast_limits(values):
    """Lowest and highest value worth a colour of their own, by the noise in ``values``.

    From 3 sigma below the median to 10 sigma above it, but not beyond the values there are. Sigma
    is the distance from the median down to the 16th percentile, which bright signals, being few
    and above, do not touch.

    ``values`` may have any shape; NaN is left out. Returns two floats, the first below the second.
    """
    values = values[np.isfinite(values)]
    if values.size == 0:
        return 0.0, 1.0
    lowest, low, median, highest = (float(q) for q in np.percentile(values, [0, 16, 50, 100]))
    sigma = median - low
    if sigma > 0:
        lowest, highest = max(lowest, median - 3 * sigma), min(highest, median + 10 * sigma)
    if lowest < highest:
        return lowest, highest
    # One value everywhere: any range around it will do, as long as numbers can tell its ends apart.
    margin = max(0.5, abs(lowest) * 1e-3)
    return lowest - margin, lowest + margin
