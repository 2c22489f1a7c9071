"""Lesson 15: a search of 3I/ATLAS as tables (README.md says whose), and a small archive to fetch from."""

import http.server
import tempfile
import threading
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from setilearn.read.filterbank import write_spectrogram
from setilearn.simulate.cadence import simulate_cadence
from setilearn.tables import EVENTS, HITS, OBSERVATIONS, table
from setilearn.telescope import FOFF_HZ, Band

# Columns of the survivors: SNR in A1, B, A2, C, A3, D.
SIX_SCANS = ["snr_a1", "snr_b", "snr_a2", "snr_c", "snr_a3", "snr_d"]
PATTERN = "ABACAD"
DAY_MJD = 61027.0  # 2025-12-18; at which time of the day is not in the tables
SCAN_TO_SCAN_DAY = 320 / 86_400  # 300 s and a slew, as in other cadences of this telescope

# Satellites that send down, 47 CFR 2.106 and the systems' own documents. No complete list: the main ones.
DOWNLINKS = (
    Band("GPS L5, Galileo E5", 1164.0, 1215.0, "satellite"),
    Band("Inmarsat and other mobile satellites", 1525.0, 1559.0, "satellite"),
    Band("GPS L1, Galileo E1", 1559.0, 1592.0, "satellite"),
    Band("GLONASS L1", 1592.0, 1610.0, "satellite"),
    Band("Iridium", 1616.0, 1626.5, "satellite"),
    Band("mobile satellites, S band", 2180.0, 2200.0, "satellite"),
    Band("satellite radio", 2320.0, 2345.0, "satellite"),
    Band("satellite television, Ku band", 11_700.0, 12_700.0, "satellite"),
)


def read_nodes():
    """The 60 recordings: node, band, hits in each of the six scans, survivors, confirmed."""
    return _read("nodes.csv")


def read_survivors():
    """The 294 survivors of the ON/OFF filter, and the SNR of each in the six scans."""
    return _read("survivors.csv")


def _read(name):
    with files(__name__).joinpath(name).open(encoding="utf-8") as file:
        return pd.read_csv(file)


def downlinks():
    """The satellite downlinks: name, low_mhz, high_mhz, kind."""
    return pd.DataFrame(DOWNLINKS, columns=Band._fields)


def as_cadence(rows):
    """Hits of six scans, events and observations, as `setilearn.save_cadence` takes them, of one recording.

    ``rows`` has the columns of `read_survivors` and ``reason``, which becomes the event's verdict. Every SNR
    of 1 or more becomes a hit, also where it is noise. The tables do not say when scans began: the times are
    made up in the right order, and the number of a scan is made of node, band and place.
    """
    rows = rows.reset_index(drop=True)
    node, band = rows.loc[0, ["node", "band"]]
    scans = [
        {
            "source_name": "3I/ATLAS" if letter == "A" else f"beside 3I/ATLAS, {letter}",
            "scan": 100 * int(node.removeprefix("blc")) + 10 * "LSCX".index(band) + place,
            "tstart_mjd": DAY_MJD + place * SCAN_TO_SCAN_DAY,
            "path": "",
        }
        for place, letter in enumerate(PATTERN)
    ]
    hits = []
    for name, scan in zip(SIX_SCANS, scans, strict=True):
        there = rows[rows[name] >= 1]
        own = there[["frequency_mhz", "drift_hz_s"]].assign(snr=there[name], width_hz=FOFF_HZ, channel=0)
        hits.append(table(HITS, own.assign(**scan).to_dict("series")))
    unknown = {"ra_deg": np.nan, "dec_deg": np.nan, "cadence": f"{node} {band}", "position": ""}
    return hits, _events_of(rows, hits), table(OBSERVATIONS, [scan | unknown for scan in scans])


def _events_of(rows, hits):
    snr = rows[SIX_SCANS].to_numpy()
    columns = {
        "source_name": "3I/ATLAS",
        "tstart_mjd": DAY_MJD,
        "frequency_mhz": rows["frequency_mhz"],
        "drift_hz_s": rows["drift_hz_s"],
        "snr": snr[:, 0::2].max(axis=1),
        "n_on": (snr[:, 0::2] >= 8).sum(axis=1),
        "n_off": (snr[:, 1::2] >= 4).sum(axis=1),
        "verdict": rows["reason"],
        "hits": [
            tuple((place, row) for place, scan in enumerate(hits) if row in scan.index) for row in rows.index
        ],
    }
    return table(EVENTS, columns)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextmanager
def small_archive(seed=3):
    """Address of an archive on this very computer and the names of its six files: a simulated cadence."""
    with tempfile.TemporaryDirectory(prefix="archive-") as folder:
        scans, _ = simulate_cadence(seed=seed)
        names = [f"small_{place:04d}.fil" for place in range(len(scans))]
        for name, scan in zip(names, scans, strict=True):
            write_spectrogram(scan, Path(folder) / name)
        handler = partial(_Quiet, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield f"http://127.0.0.1:{server.server_port}/", names
            finally:
                server.shutdown()
