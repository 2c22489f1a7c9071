"""Where data sets are kept and looked for, and the folder for files that are not whole yet."""

import os
import platform
import re
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from setilearn.errors import DatasetError


def data_folder(to=None):
    """Folder that data are kept in: ``to``, else what SETILEARN_CACHE names, else the user's cache."""
    chosen = to or os.environ.get("SETILEARN_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    import pooch

    return pooch.os_cache("setilearn")


def mirror_place(mirror):
    """A Path for a folder, a str for an http(s) address, None where there is no mirror."""
    chosen = mirror or os.environ.get("SETILEARN_MIRROR")
    if not chosen:
        return None
    if str(chosen).lower().startswith(("http://", "https://")):
        return str(chosen).rstrip("/")
    folder = Path(chosen).expanduser()
    # A missing folder in the environment is told with the places that were tried: a lesson can go on.
    if mirror and not folder.is_dir():
        raise DatasetError(
            f"mirror: expected a folder that exists or an http(s) address, found {str(chosen)!r}"
        )
    return folder


@contextmanager
def scratch_folder(folder):
    """A folder for half-done files inside ``folder``, gone at the end; those that dead runs left go too."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left_over in folder.glob(".setilearn-*"):
            if _is_abandoned(left_over):
                shutil.rmtree(left_over, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".setilearn-{platform.node()}.{os.getpid()}.", dir=folder))
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise DatasetError(
            f"cannot write to the folder {folder}: {error.strerror or error}. "
            "Name another one by the argument to, the option --to or SETILEARN_CACHE"
        ) from error


def _is_abandoned(scratch):
    named = re.fullmatch(r"\.setilearn-(.*)\.(\d+)\.\w+", scratch.name)
    if not named:
        return False
    # Windows cannot be asked this way, and another computer that shares the folder cannot be asked at all.
    if os.name == "posix" and named[1] == platform.node():
        try:
            os.kill(int(named[2]), 0)
        except ProcessLookupError:
            return True
        except (PermissionError, OverflowError):
            return False
        return False
    try:
        return time.time() - scratch.stat().st_mtime > 86400
    except OSError:  # another run has just removed it
        return False
