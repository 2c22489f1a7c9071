"""A kernel in a box: limits of time, memory and files; no network and no other processes where bubblewrap is.

`bubblewrap <https://github.com/containers/bubblewrap>`_ (``bwrap``) shows the kernel the machine read-only,
without network, with a folder of its own to write in, and ends all that the notebook started. Without it the
limits of time, memory and file size hold all the same.
"""

import ast
import contextlib
import functools
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from setilearn.archive.places import data_folder
from setilearn.errors import ExerciseError

_START_S, _INTERRUPT_S = 60, 5
_PACK = "__import__('setilearn.course.grading.parcel', fromlist=['pack'])"
_BWRAP = [
    *("bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"),
    *("--unshare-all", "--die-with-parent", "--new-session"),
]


@dataclass(frozen=True)
class Limits:
    """What one notebook may take."""

    cell_s: float = 180
    notebook_s: float = 1200
    memory_mb: int = 4000
    file_mb: int = 500


class CellFailed(Exception):  # noqa: N818 (of this package alone; the message is for the table)
    """A cell that raised, or took too long; the kernel goes on."""


class BoxGone(Exception):  # noqa: N818
    """The kernel ended, or does not let itself be interrupted: nothing more can be judged."""


@functools.cache
def bubblewrap_works():
    """Whether bwrap is here and may be used: some containers forbid it."""
    if not shutil.which("bwrap"):
        return False
    return subprocess.run([*_BWRAP, "true"], check=False, capture_output=True).returncode == 0


@contextlib.contextmanager
def box(limits, *, hidden=(), warm=None, keep=None):
    """A `Box` with a fresh kernel; ``hidden`` folders are not to be seen from inside.

    It begins with a copy of the folder ``warm``: compiled functions, fonts and data, which take long to make;
    what it has of these in the end is copied to ``keep``.
    """
    from jupyter_client import KernelManager
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    with tempfile.TemporaryDirectory(prefix="box", ignore_cleanup_errors=True) as scratch:
        argv = _command(limits, Path(scratch), hidden)
        caches = Path(scratch, "caches")
        shutil.copytree(warm, caches) if warm else caches.mkdir()

        class OneSpec(KernelSpecManager):
            def get_kernel_spec(self, kernel_name):
                return KernelSpec(argv=argv, interrupt_mode="message")

        manager = KernelManager(
            transport="ipc",
            ip=f"{scratch}/k",
            connection_file=f"{scratch}/connection.json",
            kernel_spec_manager=OneSpec(),
            shutdown_wait_time=1,
        )
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        manager.start_kernel(cwd=scratch, env=_environment(scratch, caches), **quiet)
        client = manager.blocking_client()
        client.start_channels(iopub=False, stdin=False, hb=False)
        try:
            yield Box(manager, client, limits)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
            if keep:
                shutil.copytree(caches, keep, dirs_exist_ok=True)


def _command(limits, scratch, hidden):
    # It would end itself: among the processes that it sees its parent is another one.
    parent = "--IPKernelApp.parent_handle=0"
    kernel = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", parent]
    limited = [
        *(sys.executable, "-S", str(Path(__file__).with_name("limits_first.py"))),
        *(str(limits.memory_mb * 2**20), str(limits.file_mb * 2**20), str(int(2 * limits.notebook_s))),
    ]
    if not bubblewrap_works():
        return [*limited, *kernel]
    needed = [Path(sys.prefix), Path(sys.base_prefix), Path(__file__).resolve().parents[3], data_folder()]
    needed.append(Path(os.environ.get("SETILEARN_MIRROR") or sys.prefix))
    # What it needs may lie in /tmp, which is empty in the box.
    shown = [word for path in needed if path.is_dir() for word in ("--ro-bind", str(path), str(path))]
    hide = [path.resolve() for path in hidden]
    hide = [path for path in hide if not any(one.is_relative_to(path) for one in needed)]
    own = ["--bind", str(scratch), str(scratch), "--chdir", str(scratch)]
    return [
        *_BWRAP,
        *shown,
        *(word for path in hide for word in ("--tmpfs", str(path))),
        *own,
        *limited,
        *kernel,
    ]


def _environment(scratch, caches):
    """Where things are on this machine, and nothing that is the teacher's own."""
    kept = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "JAVA_HOME", "SETILEARN_MIRROR")
    own = {
        "HOME": scratch,
        "TMPDIR": scratch,
        "SETILEARN_PROGRESS": f"{scratch}/progress.jsonl",
        "SETILEARN_MIRROR": str(data_folder()),  # data that the teacher has fetched
        "SETILEARN_CACHE": f"{caches}/data",
        "NUMBA_CACHE_DIR": f"{caches}/numba",
        "MPLCONFIGDIR": f"{caches}/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    return own | {name: os.environ[name] for name in kept if name in os.environ}


class Box:
    """The kernel in the box; what it says is believed of the notebook's answers alone."""

    def __init__(self, manager, client, limits):
        self._manager, self._client, self._limits = manager, client, limits
        self._end = time.monotonic() + limits.notebook_s
        self.run("pass", _START_S)

    def run(self, source, seconds=None):
        """Run a cell. Raises `CellFailed` where it raises or takes too long, `BoxGone`."""
        self._execute(source, {}, seconds or self._limits.cell_s)

    def try_run(self, source):
        """Run a cell; what went wrong with it, or None. Raises `BoxGone`."""
        try:
            self.run(source)
        except CellFailed as error:
            return str(error)
        return None

    def evaluate(self, expression, seconds=None):
        """The text that an expression gives in the kernel. Raises as `run`."""
        reply = self._execute("", {"it": expression}, seconds or self._limits.cell_s)
        found = reply.get("user_expressions", {}).get("it", {})
        if found.get("status") != "ok":
            raise CellFailed(f"{found.get('ename', 'no answer')}: {found.get('evalue', '')}"[:200])
        try:
            text = ast.literal_eval(found["data"]["text/plain"])
        except (KeyError, ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise CellFailed("its answer cannot be read") from error
        return text if isinstance(text, str) else ""

    def pack(self, expression):
        """The parcel of what an expression gives: see `parcel`."""
        return self.evaluate(f"{_PACK}.pack({expression})")

    def _execute(self, source, expressions, seconds):
        left_s = self._end - time.monotonic()
        if left_s <= 0:
            raise BoxGone(f"the notebook takes more than {self._limits.notebook_s:g} s")
        message = self._client.execute(
            source, store_history=False, user_expressions=expressions, allow_stdin=False, stop_on_error=False
        )
        try:
            reply = self._reply(message, min(seconds, left_s))
        except queue.Empty:
            self._interrupt(message)
            raise CellFailed(f"stopped after {min(seconds, left_s):.0f} s") from None
        except BaseException:  # an alarm of the check, or Ctrl-C
            self._interrupt(message)
            raise
        if reply.get("status") != "ok":
            raise CellFailed(f"{reply.get('ename', 'Error')}: {reply.get('evalue', '')}"[:200])
        return reply

    def _reply(self, message, seconds):
        end = time.monotonic() + seconds
        while True:
            if not self._manager.is_alive():
                raise BoxGone("the notebook ended its kernel, or took too much memory")
            wait_s = min(end - time.monotonic(), 1.0)
            if wait_s <= 0:
                raise queue.Empty
            try:
                found = self._client.get_shell_msg(timeout=wait_s)
            except queue.Empty:
                continue
            if found["parent_header"].get("msg_id") == message:
                return found["content"]

    def _interrupt(self, message):
        with contextlib.suppress(Exception):
            self._manager.interrupt_kernel()
        try:
            self._reply(message, _INTERRUPT_S)
        except queue.Empty:
            raise BoxGone("it does not let itself be stopped") from None


def refuse_where_boxes_cannot_be():
    """Raise `ExerciseError` on Windows, which has neither limits for a process nor bubblewrap."""
    if os.name != "posix":
        raise ExerciseError("grade: expected Linux or macOS (on Windows use WSL), found Windows")
