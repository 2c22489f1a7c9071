"""What docs/hits_explorer.ipynb shows: a database of hits, or else the survey of lesson 09, simulated."""

import os
import zlib
from functools import partial
from pathlib import Path

import setilearn as sl

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = Path("build", "explorer")
N_STARS, SEED = 701, 9


def explorer():
    """The explorer of the database that SETILEARN_DATABASE names, else of the simulated survey.

    Paths, also those in a URL, count from the folder of the project: the process moves there.
    """
    os.chdir(PROJECT)
    if url := os.environ.get("SETILEARN_DATABASE"):
        return sl.explore_hits(url, progress=False)
    survey = sl.simulate_survey(N_STARS, seed=SEED)
    # No file of its scans exists: each is drawn when it is looked at.
    scan_part = partial(sl.survey_scan, survey)
    return sl.explore_hits(stored(survey, FOLDER), scan_part=scan_part, progress=False)


def stored(survey, folder):
    """URL of a database with the hits and the events of a survey; what is stored already stays as it is.

    With it what a person said of its hits. Another survey has another file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fingerprint = zlib.crc32(survey.hits["frequency_mhz"].to_numpy().tobytes())
    path = folder / f"survey_{fingerprint:08x}.db"
    url = f"sqlite:///{path.as_posix()}"
    if path.exists() and not sl.load_events(url).empty:
        return url
    sl.save_hits(survey.hits, url, observations=survey.observations, progress=False)
    hits = sl.load_hits(url, extra=["hit_id"])
    events = sl.filter_survey(hits, survey.observations, progress=False)
    sl.save_survey_events(events, hits, url)
    return url
