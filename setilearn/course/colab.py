"""The course on a machine of Google Colab: what is there stays, what is missing comes, Drive on request."""

import os
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distributions, requires, version
from pathlib import Path

from setilearn.course.card import NOTE, show_card
from setilearn.errors import ExerciseError

DRIVE = Path("/content/drive")


def set_up_colab(keep_in_my_drive=False):
    """Install what the package needs and the machine lacks; keep progress and data in Drive on request.

    Raises `ExerciseError` where pip fails, with what it said.
    """
    if missing := missing_requirements():
        _install(missing)
    if keep_in_my_drive:
        _use_drive()


def missing_requirements():
    """What the package requires and this machine has not, as pip takes it.

    A package that is there counts, whatever its version: another one would break what Colab built on it.
    """
    from packaging.requirements import Requirement

    missing = []
    for text in requires("setilearn") or []:
        wanted = Requirement(text)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            version(wanted.name)
        except PackageNotFoundError:
            missing.append(f"{wanted.name}{wanted.specifier}")
    return missing


def _install(missing):
    """pip install, with every package that is there held at its version."""
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch, "here.txt")
        held = {one.name: one.version for one in distributions() if one.name and "@" not in one.version}
        here.write_text("".join(f"{name}=={version}\n" for name, version in held.items()), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "-q", "-c", str(here), *missing]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise ExerciseError(f"expected pip to install {', '.join(missing)}, found: {' '.join(said)}")


def _use_drive():
    from google.colab import drive

    drive.mount(str(DRIVE))
    folder = DRIVE / "MyDrive" / "setilearn"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["SETILEARN_PROGRESS"] = str(folder / "progress.jsonl")
    os.environ["SETILEARN_CACHE"] = str(folder / "data")
    show_card("Google Drive", [f"Your progress and the data are kept in `{folder}`."], NOTE)
