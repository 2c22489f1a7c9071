"""A small card as a verdict, a hint or a mystery is shown on: HTML in a notebook, plain text elsewhere."""

import html
import re
import sys

from setilearn.course.answers import shorten
from setilearn.course.exercise import Status

# Each status is told by its symbol, its words and its line; the colours (safe for the colour-blind)
# only help.
LOOKS = {
    Status.PASSED: ("✔", "solid #009e73"),
    Status.FAILED: ("✘", "dashed #d55e00"),
    Status.UNATTEMPTED: ("○", "dotted #0072b2"),
}
NOTE = "solid #808080"
_MAX_MESSAGE = 1000


def show_card(heading, paragraphs, line):
    """Show a heading and paragraphs; what stands in ``backticks`` is shown as code."""
    paragraphs = [shorten(paragraph, _MAX_MESSAGE) for paragraph in paragraphs if paragraph]
    body = "".join(f"<div>{_with_code(paragraph)}</div>" for paragraph in paragraphs)
    show(card(heading, body, line), "\n".join([heading, *paragraphs]))


def card(heading, body, line):
    """A card as HTML: a heading, a body of HTML, and the line along its left side."""
    # Only half-transparent grey and the page's own text colour: right on light and on dark pages.
    style = (
        f"border-left: 6px {line}; background: rgba(128, 128, 128, 0.1); "
        "padding: 0.5em 1em; margin: 0.3em 0; max-width: 50em; line-height: 1.5;"
    )
    return f'<div role="note" style="{style}"><strong>{html.escape(heading)}</strong>{body}</div>'


def _with_code(text):
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def show(html_text, text):
    """Display in a notebook; print where there is none."""
    ipython = sys.modules.get("IPython")
    if ipython and ipython.get_ipython():
        from IPython.display import display

        display({"text/html": html_text, "text/plain": text}, raw=True)
        return
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))
