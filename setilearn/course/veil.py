"""What follows an exercise that was not tried yet would give it away: it is kept behind a button.

`answer_or_reference` hands out the reference answer, so that a lesson runs on; what the same cell shows
of it waits until the student asks. Only where someone sits at the notebook: a lesson that is executed as
a whole, as tests and exported pages are, shows all.
"""

import sys
import weakref

from setilearn.course.buttons import show_widget

_veils = weakref.WeakKeyDictionary()  # shell -> the veil over the cell that runs


def veil_rest_of_cell(exercise_id):
    """Keep back all that the rest of this cell shows, if someone sits at the notebook; returns whether."""
    if not someone_is_there():
        return False
    shell = sys.modules["IPython"].get_ipython()
    if shell not in _veils:
        _veils[shell] = _Veil(shell, exercise_id)
    return True


def someone_is_there():
    """Whether this runs in a notebook that someone sits at; whoever executes a whole one asks nobody."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(getattr(shell, "kernel", None), "_allow_stdin", False)


class _Veil:
    """Takes what a cell shows, figures too, and at its end shows a button that gives it out."""

    def __init__(self, shell, exercise_id):
        from IPython.utils.capture import capture_output

        self.shell, self.exercise_id = shell, exercise_id
        self.capture = capture_output(stderr=False)
        self.taken = self.capture.__enter__()
        shell.events.register("post_run_cell", self.end)

    def end(self, _result):
        self.capture.__exit__(None, None, None)
        self.shell.events.unregister("post_run_cell", self.end)
        del _veils[self.shell]
        show_widget(self.button(), f"(What follows {self.exercise_id} shows here once it was tried.)")

    def button(self):
        from ipywidgets import Button, Output, VBox

        button = Button(description="Show it with the reference answer", layout={"width": "max-content"})
        area = Output()

        def press(_):
            button.disabled = True
            with area:
                self.taken.show()

        button.on_click(press)
        return VBox([button, area])
