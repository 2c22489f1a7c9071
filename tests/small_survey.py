"""A survey small enough to know by heart, in a database and six files, for tests of the explorer of hits.

Cadence "night 1" of ``star``, six scans of 16 integrations of 10 s and 1000 channels of 2 Hz from 1400 MHz,
300 s from start to start. One hit in each ON scan, at 1400.0005, 1400.0008 and 1400.0011 MHz, SNR 100, drift
0.5 Hz/s: an event. Hits at 1400.0002 MHz, SNR 30, drift 0, in the first ON and the first OFF scan: none.
Cadence "night 2" of HIP 2, without a file: a hit at 1400.0015 MHz, SNR 1000, drift -1 Hz/s.
"""

import numpy as np

from setilearn.read.filterbank import write_spectrogram
from setilearn.spectrogram import Header, Spectrogram
from setilearn.store.save import save_hits
from setilearn.store.save_cadence import save_cadence
from setilearn.tables import EVENTS, HITS, OBSERVATIONS, table

DAY_S = 86400
STARTS_MJD = [60000 + 300 * place / DAY_S for place in range(6)]
FCH1_MHZ, FOFF_HZ, TSAMP_S = 1400.0, 2.0, 10.0


def signal_mhz(place):
    """Frequency of the signal at the start of a scan: 1400.0005 MHz, and 150 Hz more in each later one."""
    return 1400.0005 + 150e-6 * place


def make_survey(folder, star="HIP 1", url=None):
    """Write files, and unless there is a URL the database too, into ``folder``; returns the URL."""
    url = url or f"sqlite:///{folder.as_posix()}/small.db"
    paths = [str(folder / f"scan_{place}.fil") for place in range(6)]
    names = [star if at == "A" else f"{star} {at}" for at in "ABACAD"]
    observations = [
        {
            "source_name": name,
            "scan": 11 + place,
            "tstart_mjd": STARTS_MJD[place],
            "path": paths[place],
            "ra_deg": 10.0,
            "dec_deg": 20.0,
            "cadence": "night 1",
            "position": "OFF" if place % 2 else "ON",
        }
        for place, name in enumerate(names)
    ]
    hits = [_hits(observation, place) for place, observation in enumerate(observations)]
    event = {
        "source_name": star,
        "tstart_mjd": STARTS_MJD[0],
        "frequency_mhz": signal_mhz(0),
        "drift_hz_s": 0.5,
        "snr": 100.0,
        "n_on": 3,
        "n_off": 0,
        "verdict": "event",
        "hits": ((0, 0), (2, 0), (4, 0)),
    }
    for place, observation in enumerate(observations):
        _write(observation, place)
    # The database keeps scans in the order they were saved in, which need not be that of time.
    save_hits(hits[4], url)
    save_cadence(
        hits,
        table(EVENTS, [event]),
        url,
        cadence="night 1",
        observations=table(OBSERVATIONS, observations),
    )
    alone = observations[0] | {
        "source_name": "HIP 2",
        "cadence": "night 2",
        "path": "",
        "tstart_mjd": 60001.0,
    }
    save_hits(
        table(HITS, [_hit(alone, 1400.0015, -1.0, 1000.0)]), url, observations=table(OBSERVATIONS, [alone])
    )
    return url


def _hits(observation, place):
    rows = [_hit(observation, signal_mhz(place), 0.5, 100.0)] if place in (0, 2, 4) else []
    if place in (0, 1):
        rows.append(_hit(observation, 1400.0002, 0.0, 30.0))
    return table(HITS, rows)


def _hit(observation, frequency_mhz, drift_hz_s, snr):
    channel = round((frequency_mhz - FCH1_MHZ) * 1e6 / FOFF_HZ)
    scan = {name: observation[name] for name in ("source_name", "scan", "tstart_mjd", "path")}
    return scan | {
        "frequency_mhz": frequency_mhz,
        "drift_hz_s": drift_hz_s,
        "snr": snr,
        "width_hz": FOFF_HZ,
        "channel": channel,
    }


def _write(observation, place):
    header = Header(
        observation["source_name"],
        "GBT",
        10.0,
        20.0,
        FCH1_MHZ,
        FOFF_HZ,
        TSAMP_S,
        observation["tstart_mjd"],
        16,
        1000,
    )
    power = np.random.default_rng(place).exponential(size=(16, 1000)).astype(np.float32)
    if place in (0, 2, 4):
        at = (signal_mhz(place) - FCH1_MHZ) * 1e6 + 0.5 * TSAMP_S * np.arange(16)
        power[np.arange(16), np.rint(at / FOFF_HZ).astype(int)] += 40
    write_spectrogram(Spectrogram(power, header), observation["path"])
