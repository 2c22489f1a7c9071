"""What every test and every lesson run by pytest finds: no display, no network, a home of their own.

It stands at the root, and not in tests/, so that ``pytest lessons`` alone is under the same roof.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import matplotlib
import pytest

# Through matplotlib.use and not through MPLBACKEND, which the lessons' kernels would inherit.
matplotlib.use("Agg")


def pytest_configure(config):
    scratch = tempfile.mkdtemp(prefix="setilearn-tests-")
    config.add_cleanup(lambda: shutil.rmtree(scratch, ignore_errors=True))
    with contextlib.suppress(ImportError):  # the lessons alone do without
        from hypothesis import settings

        # How long an example takes says something about the machine and nothing about the code.
        settings.register_profile("patient", deadline=None)
        settings.load_profile("patient")
    os.environ["SETILEARN_OFFLINE"] = "1"
    os.environ["SETILEARN_CACHE"] = str(Path(scratch, "cache"))
    os.environ["SETILEARN_PROGRESS"] = str(Path(scratch, "progress.json"))


@pytest.fixture(scope="session")
def mirror():
    """Folder with the real data, named by SETILEARN_MIRROR; the test is skipped where there is none."""
    folder = os.environ.get("SETILEARN_MIRROR")
    if not folder:
        pytest.skip("SETILEARN_MIRROR names no folder with the real data")
    if not Path(folder).is_dir():
        pytest.skip(f"SETILEARN_MIRROR names {folder!r}, which is not a folder")
    return Path(folder).resolve()
