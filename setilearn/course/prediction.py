"""What a student expects, said before the cell that shows it, and set beside it afterwards."""

import math

from setilearn.course.answers import describe
from setilearn.course.blank import ____, contains_blank
from setilearn.course.buttons import show_widget
from setilearn.course.card import NOTE, show_card
from setilearn.show.explorer.widget import in_notebook

_WAITING = "dotted #0072b2"
_CLOSE = 1.1  # a factor within which a guess hit it


def predict(question, value=____, *, choices=(), unit=""):
    """Ask what will come out, and keep what is answered: a `Prediction`. Never raises, whatever is answered.

    ``value`` is a number, in ``unit``, or one of the texts ``choices``, which a notebook shows as buttons
    too. A later cell sets it beside the result: ``prediction.compare(result)``.
    """
    prediction = Prediction(question, tuple(choices), unit)
    complaint = None if contains_blank(value) else prediction.take(value)
    how = "Click on what you expect." if choices else "Put the number that you expect in place of ____."
    kept = "" if prediction.value is None else f"You expect: {prediction.said()}."
    show_card(f"Predict: {question}", [complaint or kept or how], NOTE if kept else _WAITING)
    if choices and in_notebook():
        show_widget(_buttons(prediction), f"(Here are buttons while a kernel runs: {', '.join(choices)}.)")
    return prediction


class Prediction:
    """A question and what was answered: ``value``, None until something was."""

    def __init__(self, question, choices, unit):
        self.question, self.choices, self.unit = question, choices, unit
        self.value = None

    def take(self, value):
        """Keep ``value``; returns None, or what was expected instead."""
        if self.choices:
            known = {choice.casefold(): choice for choice in self.choices}
            chosen = known.get(value.strip().casefold()) if isinstance(value, str) else None
            if chosen is None:
                return f"Expected one of {', '.join(self.choices)}, found {describe(value)}."
            self.value = chosen
            return None
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            return f"Expected a number, found {describe(value)}."
        self.value = number
        return None

    def said(self, value=None):
        """``value``, by default the prediction's, with its unit."""
        value = self.value if value is None else value
        text = value if isinstance(value, str) else f"{float(value):,.6g}"
        return f"{text} {self.unit}".strip()

    def compare(self, result):
        """Show the prediction beside the ``result``: a number, or one of the choices."""
        came = f"It came out: {result}." if self.choices else f"It is {self.said(result)}."
        if self.value is None:
            lines = [f"You predicted nothing. {came}"]
        else:
            lines = [f"You predicted {self.said()}. {came}", self._verdict(result)]
        show_card(f"Predicted: {self.question}", lines, NOTE)

    def _verdict(self, result):
        if self.choices:
            return "As you said." if self.value == result else "Worth a thought: what did you build on?"
        guess, result = self.value, float(result)
        if guess * result <= 0:
            return "Exactly." if guess == result else f"Off by {self.said(abs(guess - result))}."
        factor = max(guess / result, result / guess)
        if factor <= _CLOSE:
            return "Well predicted: within 10 %."
        return f"Too {'high' if abs(guess) > abs(result) else 'low'}, by a factor of {factor:,.3g}."


def _buttons(prediction):
    from ipywidgets import ToggleButtons

    buttons = ToggleButtons(
        options=prediction.choices, value=prediction.value, style={"button_width": "max-content"}
    )

    def take(change):
        prediction.value = change["new"]

    buttons.observe(take, names="value")
    return buttons
