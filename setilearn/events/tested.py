"""Whether a scan could have shown an event: only then does it count that it did not."""

import numpy as np

from setilearn.spectrogram import SECONDS_PER_DAY
from setilearn.tracks import mhz_at

OCTAVE = 2.0  # no receiver's band is wider


def tested_in(events, hits, searched, searched_on):
    """Whether each event would have been seen in an OFF scan, bool array.

    ``hits`` is the scan's table; ``searched`` what `setilearn.search_drift` notes of it in
    ``attrs["searched"]``, ``searched_on`` the same of the ON scans; None of each where nobody did.
    """
    if searched is None:
        if not len(hits) or not len(events):
            return np.ones(len(events), bool)
        ratio = events["frequency_mhz"].to_numpy(float)[:, None] / hits["frequency_mhz"].to_numpy(float)
        return (np.maximum(ratio, 1 / ratio) < OCTAVE).any(axis=1)
    middle_mjd = searched["tstart_mjd"] + searched["duration_s"] / 2 / SECONDS_PER_DAY
    middle_mhz = mhz_at(events, middle_mjd).to_numpy(float)
    low, high = searched["band_mhz"]
    is_inside = (middle_mhz >= low) & (middle_mhz <= high)
    for dead_low, dead_high in searched["dead_mhz"]:
        is_inside &= ~((middle_mhz >= dead_low) & (middle_mhz <= dead_high))
    # By the radiometer equation a shorter scan shows the same signal less.
    longest_s = max((note["measured_s"] for note in searched_on if note), default=0.0)
    share = min(searched["measured_s"] / longest_s, 1.0) if longest_s else 1.0
    return is_inside & (events["snr"].to_numpy(float) * share**0.5 >= searched["snr"])
