"""Threshold hits, to be read: what `setilearn.search.threshold.find_hits` does with a flat spectrum."""

import numpy as np


def threshold_hits(spectrum: np.ndarray, snr: float = 10.0, max_gap: int = 1) -> list[tuple[int, float]]:
    """Strongest channel and signal-to-noise ratio of each hit in a spectrum ``(n_chan,)``, by channel.

    1. Measure the noise: its level is the median, its scatter the median distance from that. Neither is
       moved by a few bright channels.
    2. Express each channel in units of the scatter: its signal-to-noise ratio.
    3. Take the channels that reach the threshold. One that lies no more than ``max_gap`` channels behind the
       one before belongs to the same hit.
    4. Let the strongest channel stand for its hit.
    """
    # 1. The factor makes the median distance a standard deviation, for noise that is Gaussian.
    level = np.median(spectrum)
    sigma = 1.4826 * np.median(np.abs(spectrum - level))

    # 2.
    ratios = (spectrum - level) / sigma

    # 3.
    groups = []
    for channel in range(len(spectrum)):
        if ratios[channel] < snr:
            continue
        if groups and channel - groups[-1][-1] <= max_gap + 1:
            groups[-1].append(channel)
        else:
            groups.append([channel])

    # 4.
    hits = []
    for channels in groups:
        strongest = max(channels, key=lambda channel: ratios[channel])
        hits.append((strongest, float(ratios[strongest])))
    return hits
