"""JupyterLab, Voila and Chromium for tests and benchmarks: processes that end with their block."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_S = 60


def missing():
    """What a browser test needs and this machine lacks, as a reason to skip it; None where all is there."""
    if not Path(CHROMIUM).exists() and not shutil.which("chromium"):
        return f"no Chromium: neither {CHROMIUM} nor chromium on the path"
    for name in ("playwright", "jupyterlab", "voila"):
        try:
            __import__(name)
        except ImportError:
            return f"no {name}: it comes with the extras lab and test"
    return None


@contextmanager
def chromium():
    """A headless Chromium, as Playwright's browser."""
    from playwright.sync_api import sync_playwright

    path = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def jupyter_lab(folder, *, theme="JupyterLab Light"):
    """Address and log of a JupyterLab without a token that serves the notebooks of ``folder``."""
    home = Path(folder, ".jupyter-home")
    write_settings(home / "settings", "notification", {"fetchNews": "false", "checkForUpdates": False})
    write_settings(home / "settings", "themes", {"theme": theme})
    port = free_port()
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"),
        *("--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"),
    ]
    with running(command, home, f"http://127.0.0.1:{port}/api/status") as log:
        yield f"http://127.0.0.1:{port}", log


@contextmanager
def voila(folder):
    """Address and log of a Voila that shows the notebooks of ``folder``."""
    home = Path(folder, ".voila-home")
    port = free_port()
    command = [sys.executable, "-m", "voila", str(folder), "--no-browser", f"--port={port}"]
    with running(command, home, f"http://127.0.0.1:{port}/") as log:
        yield f"http://127.0.0.1:{port}", log


def write_settings(folder, name, values):
    path = folder / "@jupyterlab" / "apputils-extension" / f"{name}.jupyterlab-settings"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values), encoding="utf-8")


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def running(command, home, address):
    """Run a server with a home of its own until the block ends; yields the path of its log."""
    home.mkdir(parents=True, exist_ok=True)
    # Nothing of the user's is read or written.
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    env = os.environ | {name: str(home / folder) for name, folder in folders.items()}
    log = home / "log.txt"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_for(address, process, log)
        yield log
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(address, process, log):
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"no server at {address}; its log says:\n{log.read_text(encoding='utf-8')[-3000:]}")


def write_notebook(path, *cells):
    """Write a notebook of code cells."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, path)


def open_in_lab(page, address, name):
    """Open a notebook in JupyterLab, without side bars, and run all its cells."""
    page.goto(f"{address}/doc/tree/{name}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle", timeout=START_S * 1000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def open_in_voila(page, address, name):
    """Open a notebook as a Voila page, which runs it."""
    # Not until all is loaded: Voila's page asks a public network for its icons, which may take for ever.
    page.goto(f"{address}/voila/render/{name}", wait_until="commit")
