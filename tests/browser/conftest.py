"""A real browser on a real JupyterLab and a real Voila, for tests of what only shows there.

A test asks for ``lab`` or ``voila`` (what to open a notebook with) and gets a `Page` of Playwright
from it. The servers live as long as the test run, Chromium as long as a module: Playwright keeps
an event loop running that must not be there when notebooks are executed in the same process.
"""

import jupyter_servers
import pytest

# Tall enough for all outputs of a notebook: JupyterLab leaves out what is out of sight.
VIEWPORT = {"width": 1280, "height": 1800}


@pytest.fixture(scope="session")
def notebooks(tmp_path_factory):
    """Folder that JupyterLab and Voila serve; notebooks may be written there at any time."""
    if reason := jupyter_servers.missing():
        pytest.skip(reason)
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def chromium(notebooks):
    with jupyter_servers.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def lab_address(notebooks):
    with jupyter_servers.jupyter_lab(notebooks) as (address, _):
        yield address


@pytest.fixture(scope="session")
def voila_address(notebooks):
    with jupyter_servers.voila(notebooks) as (address, _):
        yield address


@pytest.fixture(scope="module")
def lab(chromium, lab_address):
    """``lab(name)`` opens a notebook of `notebooks` in JupyterLab, runs its cells and returns the page."""

    def open_page(name):
        page = chromium.new_page(viewport=VIEWPORT)
        jupyter_servers.open_in_lab(page, lab_address, name)
        return page

    return open_page


@pytest.fixture(scope="module")
def voila(chromium, voila_address):
    """``voila(name)`` opens a notebook of `notebooks` in Voila, which runs it, and returns the page."""

    def open_page(name):
        page = chromium.new_page(viewport=VIEWPORT)
        jupyter_servers.open_in_voila(page, voila_address, name)
        return page

    return open_page
