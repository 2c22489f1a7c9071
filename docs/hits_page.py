"""What the page docs/hits_explorer.ipynb shows: a database of hits, or else a small simulated survey."""

import os
from dataclasses import replace
from pathlib import Path

import setilearn as sl
from setilearn.simulate.cadence import PATTERN

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = Path("build", "explorer")
N_STARS = 12
CADENCE_DAYS = 0.03


def database_to_show():
    """URL that SETILEARN_DATABASE holds, else of a simulated survey, which is made at the first use.

    Paths, also those in a URL, count from the folder of the project: the process moves there.
    """
    os.chdir(PROJECT)
    return os.environ.get("SETILEARN_DATABASE") or simulated_survey(FOLDER)


def simulated_survey(folder, n_stars=N_STARS):
    """URL of a database with the hits of simulated stars, each with the files of its six scans.

    Every third star has a signal. What is there already is not made again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "simulated.db"
    url = f"sqlite:///{database.as_posix()}"
    made = set(sl.load_observations(url)["cadence"]) if database.exists() else set()
    for star in range(1, n_stars + 1):
        if f"star {star}" not in made:
            hits = [sl.search_drift(path, progress=False) for path in write_scans(folder, star)]
            sl.save_cadence(hits, sl.filter_cadence(hits), url, cadence=f"star {star}")
    return url


def write_scans(folder, star):
    """Simulate the six scans of a star and write each to a file; returns their paths."""
    scans, _ = sl.simulate_cadence(
        signal_snr=40.0 if star % 3 == 0 else None,
        signal_drift_hz_s=0.1 + 0.04 * star,
        tstart_mjd=60000 + CADENCE_DAYS * star,
        seed=star,
    )
    paths = []
    for place, (scan, at) in enumerate(zip(scans, PATTERN, strict=True)):
        name = f"star {star}{'' if at == 'A' else f' {at}'} (simulated)"
        paths.append(folder / f"simulated_star_{star:02d}_{6 * star - 5 + place:04d}.rawspec.0000.fil")
        sl.write_spectrogram(sl.Spectrogram(scan.power, replace(scan.header, source_name=name)), paths[-1])
    return paths
