"""How long the explorer of hits takes with 5 million of them: to open, and from a key press to new pixels.

    python benchmarks/bench_hit_explorer.py

Seconds and peak memory of opening, in a process of its own; then, in headless Chromium on JupyterLab and
Voila, median milliseconds of an update: all hits in sight, the same with a star in colour, and so near that
single hits are drawn.
"""

import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from bench_explorer import PRESS_EXPLORE

import setilearn as sl
from setilearn.tables import HITS, OBSERVATIONS, table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
import jupyter_servers

N_STARS, N_HITS_A_SCAN, STARS_AT_A_TIME = 701, 1189, 50
BUDGET_MS = 50
N_UPDATES = 30
OPEN = """
import sys, time
import setilearn as sl
from peak_memory import peak_bytes
from setilearn.show.explorer import hits as hit_explorer
before = peak_bytes()
start = time.perf_counter()
hits = hit_explorer._fetch(sys.argv[1], progress=False)
took = time.perf_counter() - start
peak = peak_bytes()
print(f"{len(hits):,} hits: {took:.1f} s, {(peak - before) / 2**20:.0f} MiB at most")
"""


def fill(url):
    """Save 5 million hits: half of them on tones that every star has, the others anywhere."""
    rng = np.random.default_rng(1)
    tones_mhz = rng.uniform(1100, 1900, 300)
    for first in range(0, N_STARS, STARS_AT_A_TIME):
        stars = range(first, min(first + STARS_AT_A_TIME, N_STARS))
        scans = [scan for star in stars for scan in scans_of(star)]
        n = len(scans) * N_HITS_A_SCAN
        frequency_mhz = np.where(rng.random(n) < 0.5, rng.choice(tones_mhz, n), rng.uniform(1100, 1900, n))
        columns = {
            name: np.repeat(np.array([scan[name] for scan in scans]), N_HITS_A_SCAN)
            for name in ("source_name", "scan", "tstart_mjd", "path")
        }
        columns |= {
            "frequency_mhz": frequency_mhz + rng.normal(0, 1e-5, n),
            "drift_hz_s": rng.uniform(-4, 4, n),
            "snr": 10 * 10 ** rng.exponential(0.4, n),
            "width_hz": 2.8,
            "channel": 0,
        }
        observations = table(OBSERVATIONS, scans)
        sl.save_hits(table(HITS, columns), url, observations=observations, progress=False)


def scans_of(star):
    return [
        {
            "source_name": f"star {star:03d}" + ("" if at == "A" else f" {at}"),
            "scan": place,
            "tstart_mjd": 60000 + star + place / 300,
            "path": "",
            "ra_deg": 0.0,
            "dec_deg": 0.0,
            "cadence": f"star {star:03d}",
            "position": "ON" if at == "A" else "OFF",
        }
        for place, at in enumerate("ABACAD")
    ]


def bench_opening(url):
    command = [sys.executable, "-c", OPEN, url]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)
    print(f"opening, {run.stdout.strip()}")


def bench_browser(folder, url):
    jupyter_servers.write_notebook(folder / "hits.ipynb", f"import setilearn as sl\nsl.explore_hits({url!r})")
    servers = {
        "JupyterLab": (jupyter_servers.jupyter_lab, jupyter_servers.open_in_lab),
        "Voila": (jupyter_servers.voila, jupyter_servers.open_in_voila),
    }
    print(f"{N_UPDATES} updates, milliseconds: median (budget {BUDGET_MS}), and the slowest")
    with jupyter_servers.chromium() as browser:
        for server, (start, open_page) in servers.items():
            with start(folder) as (address, _):
                page = browser.new_page(viewport={"width": 1400, "height": 1000})
                begin = time.perf_counter()
                open_page(page, address, "hits.ipynb")
                page.locator(".slw-canvas[data-drawn]").first.wait_for(timeout=600_000)
                print(f"  {server:11s} opened in {time.perf_counter() - begin:.1f} s")
                for what, times in updates(page):
                    median = statistics.median(times)
                    kept = "kept" if median <= BUDGET_MS else "NOT kept"
                    print(f"  {server:11s} {what:22s} {median:6.1f} {max(times):8.1f}  {kept}")
                page.close()


def updates(page):
    """(what, milliseconds of each update) for the three kinds of picture."""
    page.wait_for_timeout(1000)
    yield "all hits", pressed(page, ("+", "-"))
    star = page.locator(".slw").get_by_label("Star in colour")
    star.fill("star 100")
    star.press("Enter")
    page.wait_for_timeout(1000)
    yield "all, a star in colour", pressed(page, ("+", "-"))
    for _ in range(40):
        page.evaluate(PRESS_EXPLORE, "+")
    yield "single hits", pressed(page, ("ArrowRight", "ArrowLeft"))


def pressed(page, keys):
    times = []
    for i in range(N_UPDATES):
        # There and back in runs of three, so that each press changes the view and most hits stay in sight.
        times.append(page.evaluate(PRESS_EXPLORE, keys[i // 3 % 2]))
        page.wait_for_timeout(50)
    return times


def main():
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/hits.db"
        begin = time.perf_counter()
        # In a process of its own, whose memory those that follow would otherwise count as theirs.
        filling = multiprocessing.get_context("spawn").Process(target=fill, args=(url,))
        filling.start()
        filling.join()
        print(f"saved in {time.perf_counter() - begin:.0f} s")
        bench_opening(url)
        if reason := jupyter_servers.missing():
            print(f"no figures from a browser: {reason}")
        else:
            bench_browser(Path(folder), url)


if __name__ == "__main__":
    main()
