"""Draw the pictures of the README into docs/images, or a folder: python docs/make_gallery.py [FOLDER]."""

import argparse
import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import nbformat

import setilearn as sl
from setilearn.observe.simulate import simulate_voyager

IMAGES = Path(__file__).parent / "images"
EXPLORER = """\
import setilearn as sl
sl.explore(sl.fetch("voyager1_carrier"))"""
START_S, DRAW_MS = 60, 60_000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for path in [*draw_figures(folder), folder / "explorer.png"]:
        if path.name == "explorer.png" and (missing := photograph_explorer(path)):
            print(f"{path}: left as it is, {missing}")
        else:
            print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def draw_figures(folder):
    """Write the still figures as PNG; returns their paths."""
    carrier = sl.read_spectrogram(sl.fetch("voyager1_carrier"))
    axes = {
        "waterfall_voyager.png": sl.plot_waterfall(carrier),
        "spectrum_voyager.png": sl.plot_spectrum(carrier, integration=0),
        "bandpass.png": sl.plot_bandpass(simulate_voyager()),
    }
    for name, ax in axes.items():
        # Without the name of the program, the same figure makes the same file anywhere.
        ax.figure.savefig(folder / name, metadata={"Software": None})
        plt.close(ax.figure)
    return [folder / name for name in axes]


def photograph_explorer(path):
    """Write a screenshot of the explorer in a browser; returns what is missing where that cannot be done."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return "for want of playwright"
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        return "for want of Chromium"
    with served(EXPLORER) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--no-first-run"]
        )
        page = browser.new_page(viewport={"width": 932, "height": 900})
        page.goto(address)
        page.wait_for_selector(".slw canvas[data-drawn]", timeout=DRAW_MS)
        canvas = page.locator(".slw canvas[data-drawn]").first
        box = canvas.bounding_box()
        # The read-out below the picture tells of what is under the pointer.
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(1000)
        page.locator(".slw").first.screenshot(path=path)
        browser.close()
    return None


@contextlib.contextmanager
def served(code):
    """Address of a page that shows the notebook cell ``code``, served by Voila as long as the block runs."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        notebook = Path(folder) / "explorer.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), notebook)
        command = [sys.executable, "-m", "voila", str(notebook), "--no-browser", f"--port={port}"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}/"
            wait_for(f"{address}voila/static/voila.js", server)
            yield address
        finally:
            server.terminate()
            server.wait()


def wait_for(address, server):
    """Return when ``address`` answers; raises RuntimeError where the server ends or takes too long."""
    deadline = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except urllib.error.HTTPError:
            return  # it answers, if only that there is no such file
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(
        f"voila: expected an answer within {START_S} s, found none (exit status {server.poll()})"
    )


if __name__ == "__main__":
    main()
