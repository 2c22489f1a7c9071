"""After an error in an exercise's cell: its answer is still to come, and the next cell finds a blank."""

import re
import sys
import weakref
from functools import partial

from setilearn.course.blank import ____

_CHECK = re.compile(r'^check\("L\d\d-\d+", (\w+)\)', re.MULTILINE)
_watched = weakref.WeakSet()


def watch_cells(shell=None):
    """Watch the cells of a notebook, by default of the one that this runs in, if any, and only once."""
    if shell is None and "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
    if shell is not None and shell not in _watched:
        _watched.add(shell)
        shell.events.register("post_run_cell", partial(_leave_blanks, weakref.proxy(shell)))


def _leave_blanks(shell, result):
    """Put a blank where the cell that failed was to leave its answer, unless there is one from before."""
    if not result.success:
        for name in _CHECK.findall(getattr(result.info, "raw_cell", None) or ""):
            shell.user_ns.setdefault(name, ____)
