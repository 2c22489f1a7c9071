"""Limits within which a student's code is run: of time, and of what it prints."""

import io
import signal
import threading
from contextlib import contextmanager, redirect_stdout

MOST_SECONDS, MOST_CHARACTERS = 10.0, 20_000
_AGAIN_S = 0.5  # a bare except may swallow the first one


class Stopped(BaseException):
    """Out of time, or too much printed; no Exception, so that ``except Exception`` lets it through."""


class _Paper(io.StringIO):
    """What is printed, up to a limit."""

    def write(self, text):
        if self.tell() + len(text) > MOST_CHARACTERS:
            raise Stopped(f"It prints more than {MOST_CHARACTERS:,} characters: is there a loop without end?")
        return super().write(text)


@contextmanager
def limited(times=1):
    """Run what stands inside for ``times`` ten seconds at most, and swallow what it prints, up to a limit.

    Raises `Stopped` beyond either. Time is limited in the main thread of systems that have an alarm, which
    Windows has not; a call that stays in compiled code is not interrupted before it comes back.
    """
    seconds = MOST_SECONDS * times
    has_alarm = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    def ring(*_):
        raise Stopped(f"It takes more than {seconds:g} s: is there a loop without end?")

    before = signal.signal(signal.SIGALRM, ring) if has_alarm else None
    try:
        try:
            if has_alarm:
                signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_S)
            with redirect_stdout(_Paper()):
                yield
        finally:
            _silence(has_alarm)
    finally:  # the alarm may have rung in the midst of the first one
        _silence(has_alarm)
        if has_alarm:
            signal.signal(signal.SIGALRM, before)


def _silence(has_alarm):
    if has_alarm:
        signal.setitimer(signal.ITIMER_REAL, 0)
