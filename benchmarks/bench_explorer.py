"""How long the interactive waterfall takes from a key press to new pixels, in JupyterLab and in Voila.

    python benchmarks/bench_explorer.py

16 x 1024 samples in headless Chromium, against `ipywidgets.interact` with `plt.imshow`; median
milliseconds. Then, without a browser, a file of 4 GiB: seconds until a view is drawn, peak memory.
"""

import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np

from setilearn.read import sigproc
from setilearn.show.explorer import waterfall
from setilearn.show.explorer.view import View

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
import jupyter_servers

N_UPDATES = 40
DATA = """
import numpy as np
import setilearn as sl
header = sl.Header("noise", "GBT", 0.0, 0.0, 8000.0, 2.8, 18.25, 57000.0, 16, 1024)
power = np.random.default_rng(1).exponential(size=(16, 1024)).astype(np.float32)
"""
EXPLORE = f"{DATA}\nsl.explore(sl.Spectrogram(power, header))"
# The same zoom, step by step, with what a notebook has without a widget of its own.
INTERACT = f"""{DATA}
import matplotlib.pyplot as plt
from ipywidgets import interact

@interact(step=(0, 100))
def show(step=0):
    plt.figure(figsize=(11, 4))
    plt.imshow(10 * np.log10(power[:, 4 * step : 1024 - 4 * step]), aspect="auto")
    plt.colorbar()
    plt.show()
"""
# Press a key, and wait until what it changes is drawn; milliseconds.
PRESS_EXPLORE = """
(key) => new Promise((done) => {
  const canvas = document.querySelector(".slw-canvas");
  const start = performance.now();
  const observer = new MutationObserver(() => {
    observer.disconnect();
    done(performance.now() - start);
  });
  observer.observe(canvas, { attributes: true, attributeFilter: ["data-drawn"] });
  canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
})
"""
PRESS_INTERACT = """
(key) => new Promise((done) => {
  const image = () => document.querySelector("img[src^='data:image/png']");
  const before = image().src;
  const start = performance.now();
  const observer = new MutationObserver(async () => {
    const after = image();
    if (!after || after.src === before) return;
    observer.disconnect();
    await after.decode();
    done(performance.now() - start);
  });
  observer.observe(document.body, { childList: true, subtree: true, attributes: true });
  const handle = document.querySelector(".noUi-handle");
  handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
})
"""
WAYS = {
    "anywidget canvas (explore)": (
        "explore.ipynb",
        EXPLORE,
        ".slw-canvas[data-drawn]",
        PRESS_EXPLORE,
        ("+", "-"),
    ),
    "interact with plt.imshow": (
        "interact.ipynb",
        INTERACT,
        "img[src^='data:image/png']",
        PRESS_INTERACT,
        ("ArrowRight", "ArrowLeft"),
    ),
}
LARGE_N_CHAN = 2**26


def update_ms(page, ready, press, keys):
    """Milliseconds of each update on an opened page."""
    page.locator(ready).first.wait_for(timeout=60_000)
    page.wait_for_timeout(1000)
    times = []
    for i in range(N_UPDATES):
        # There and back in runs of five, so that each press changes the view.
        times.append(page.evaluate(press, keys[i // 5 % 2]))
        page.wait_for_timeout(50)
    return times


def bench_browser():
    with tempfile.TemporaryDirectory() as folder:
        for name, source, *_ in WAYS.values():
            jupyter_servers.write_notebook(Path(folder, name), source)
        servers = {
            "JupyterLab": (jupyter_servers.jupyter_lab, jupyter_servers.open_in_lab),
            "Voila": (jupyter_servers.voila, jupyter_servers.open_in_voila),
        }
        print(f"{N_UPDATES} updates of 16 x 1024, milliseconds: median, and the slowest")
        with jupyter_servers.chromium() as browser:
            for server, (start, open_page) in servers.items():
                with start(folder) as (address, _):
                    for way, (name, _, ready, press, keys) in WAYS.items():
                        page = browser.new_page(viewport={"width": 1400, "height": 1000})
                        open_page(page, address, name)
                        times = update_ms(page, ready, press, keys)
                        page.close()
                        print(f"  {server:11s} {way:28s} {statistics.median(times):6.1f} {max(times):8.1f}")


def write_large(path):
    """A sparse file of 16 x 67,108,864 float32, 4 GiB, with noise at the start of each integration."""
    header = {"fch1": 8000.0, "foff": 2.8e-6, "tsamp": 18.25, "nchans": LARGE_N_CHAN, "nifs": 1, "nbits": 32}
    start = sigproc.encode_header(header)
    noise = np.random.default_rng(1).exponential(size=2**18).astype("<f4").tobytes()
    with path.open("wb") as file:
        file.write(start)
        file.truncate(len(start) + 16 * LARGE_N_CHAN * 4)
        for integration in range(16):
            file.seek(len(start) + integration * LARGE_N_CHAN * 4)
            file.write(noise)


def bench_large_file():
    print("a file of 4 GiB (sparse): seconds to the first part of a view, and to all of it")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.fil")
        write_large(path)
        tracemalloc.start()
        shown = waterfall._open(path, 0)
        for name, n_chan in (
            ("all", LARGE_N_CHAN),
            ("an eighth", 2**23),
            ("1,048,576", 2**20),
            ("4096", 2**12),
        ):
            view = View((0, 16), (0, n_chan), (368, 1024))
            begin = time.perf_counter()
            picture = shown.picture(view, waterfall.SECONDS_A_PART)
            first = time.perf_counter() - begin
            while picture.done < 1:
                picture = shown.picture(view, waterfall.SECONDS_A_PART)
            print(f"  {name:>9s} channels {first:8.3f} {time.perf_counter() - begin:8.3f}")
        print(f"  peak memory {tracemalloc.get_traced_memory()[1] / 2**20:.0f} MiB")
        tracemalloc.stop()


def main():
    if reason := jupyter_servers.missing():
        print(f"no figures from a browser: {reason}")
    else:
        bench_browser()
    bench_large_file()


if __name__ == "__main__":
    main()
