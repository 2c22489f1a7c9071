"""What the interactive pictures share: a widget that answers its browser, and a still picture beside it.

How browser and Python talk. The widget's state holds one thing, ``_setup``: a dict with what stays the same
while it lives. All else are messages, of which one at a time is under way for each page that shows it:

===========  =========  ===============================================================================
from         message    what it holds
===========  =========  ===============================================================================
browser      question   what the picture asks for (`waterfall.answer`, `hit_answers.HitAnswers.answer`),
                        and ``client``, the page's own name, and ``serial``, the number of its view
Python       answer     ``kind``, more by kind, buffers of bytes; the ``client`` and ``serial`` of the
                        question: it goes to all pages, and the one of that name takes it
Python       error      in place of an answer, ``kind`` "error" and ``text``: what was raised. The page
                        shows it and asks on
browser      nudge      ``kind`` "nudge" and nothing more, sent when the kernel says that it is busy: it
                        carries an acknowledgement along (see widget.js), and gets no answer
===========  =========  ===============================================================================

A page that has no answer after two seconds says so and waits on. Where nothing is left to ask it is silent.
"""

import base64
import io
import re
import sys
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from setilearn.show.figure import FIGURE_INCHES, alt_text

try:
    import anywidget
    import traitlets
except ImportError:  # a still picture is then all there is
    anywidget = None


_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./\w+\.js\";\n", re.MULTILINE)


def can_show_widgets():
    """Whether there is a notebook to show a widget in, and anywidget to make it."""
    return anywidget is not None and in_notebook()


def in_notebook():
    """Whether the process is a Jupyter kernel; an IPython terminal cannot show a widget."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def source(*names):
    """Text of the files beside this one, one after the other: anywidget takes one script and one style.

    What a script imports from another stands above it here, so that the import goes.
    """
    texts = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in names]
    return _IMPORT.sub("", "\n".join(texts))


def palette(low=0.0, high=1.0):
    """Viridis from ``low`` to ``high`` for levels 1 to 255, three bytes each; level 0 is transparent."""
    return colormaps["viridis"](np.linspace(low, high, 255), bytes=True)[:, :3].tobytes()


if anywidget is not None:

    class PictureWidget(anywidget.AnyWidget):
        """A picture in the browser that asks Python for what it shows.

        A subclass has ``answer(question)``, which gives the content of the answer and its buffers,
        and ``draw_still(ax)``, which draws what is to be seen where there is no widget.
        """

        _setup = traitlets.Dict().tag(sync=True)

        # ipywidgets 7 would show the widget through this, without the picture of _repr_mimebundle_.
        _ipython_display_ = None

        def __init__(self, setup):
            super().__init__(_setup=setup)
            self.on_msg(self._on_message)

        def _on_message(self, _, question, __):
            if question.get("kind") == "nudge":  # see widget.js
                return
            try:
                content, buffers = self.answer(question)
            except Exception as error:  # Jupyter would swallow it; the browser shows it to the user
                content, buffers = {"kind": "error", "text": f"{type(error).__name__}: {error}"}, []
            self.send({**content, "client": question["client"], "serial": question["serial"]}, buffers)

        def _repr_mimebundle_(self, **kwargs):
            """The widget, and a still picture for where there is none, as in a notebook exported to HTML."""
            data, metadata = super()._repr_mimebundle_(**kwargs)
            figure = Figure(figsize=FIGURE_INCHES, layout="constrained")
            FigureCanvasAgg(figure)
            self.draw_still(figure.subplots())
            png = io.BytesIO()
            figure.savefig(png, format="png")
            data["image/png"] = base64.b64encode(png.getvalue()).decode()
            data["text/plain"] = alt_text(figure)
            return data, metadata
