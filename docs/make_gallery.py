"""Draw the pictures of the README into docs/images, or a folder: python docs/make_gallery.py [FOLDER]."""

import argparse
import contextlib
import importlib.util
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
from hits_page import N_STARS, SEED

import setilearn as sl
from setilearn.simulate.voyager import simulate_voyager

IMAGES = Path(__file__).parent / "images"
EXPLORER = """\
import setilearn as sl
sl.explore(sl.fetch("voyager1_carrier"))"""
HITS_EXPLORER = f"""\
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from hits_page import explorer
explorer()"""
START_S, DRAW_MS = 60, 120_000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    paths = draw_figures(folder)
    if missing := what_a_photograph_lacks():
        print(f"pictures of the explorers: left as they are, for want of {missing}")
    else:
        paths += [
            photograph(folder / "explorer.png", EXPLORER, point_at_the_middle),
            photograph_hits(folder / "hits_explorer.png"),
        ]
    for path in paths:
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


def what_a_photograph_lacks():
    """What a picture of a widget in a browser needs and this machine has not; None where all is there."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright"
    return None if browser_path() else "Chromium"


def browser_path():
    return shutil.which("chromium") or shutil.which("google-chrome")


def photograph(path, code, act, *, width=932, height=900):
    """Write a screenshot of the widget that the notebook cell ``code`` shows, after ``act(page)``."""
    from playwright.sync_api import sync_playwright

    with served(code) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox", "--no-first-run"]
        )
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(address, timeout=DRAW_MS)
        page.wait_for_selector(".slw canvas[data-drawn]", timeout=DRAW_MS)
        act(page)
        page.wait_for_timeout(1000)
        page.locator(".slw").first.screenshot(path=path)
        browser.close()
    return path


def point_at_the_middle(page):
    """The read-out below the picture tells of what is under the pointer."""
    box = page.locator(".slw canvas[data-drawn]").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def photograph_hits(path):
    """A survey of 701 simulated stars, one of them in colour, and the signal that is hidden in it."""
    truth = sl.simulate_survey(N_STARS, seed=SEED).truth
    star = truth.loc[truth["kind"] == "signal", "source_name"].iloc[0]

    def act(page):
        page.get_by_label("Star in colour").fill(star)
        page.get_by_label("this star only").check()
        page.get_by_label("Cadence says").select_option("event")
        page.locator(".slw-canvas").press("n")
        page.wait_for_selector(".slw-panels[data-drawn='6']", timeout=DRAW_MS)
        page.get_by_label("Cadence says").select_option(label="all")
        page.get_by_label("this star only").uncheck()
        page.evaluate("document.activeElement.blur()")

    return photograph(path, HITS_EXPLORER, act, width=1100, height=1400)


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
