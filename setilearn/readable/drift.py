"""The drift search, to be read: what `setilearn.search.drift.search_drift` finds, by trying every line."""

import numpy as np


def drift_hits(power: np.ndarray, max_shift: int, snr: float = 10.0) -> list[tuple[int, int, float]]:
    """Start channel, shift and signal-to-noise ratio of each drifting tone in power ``(n_time, n_chan)``.

    ``shift`` is by how many channels a tone has moved from the first integration to the last; those from
    ``-max_shift`` to ``max_shift`` are tried. Up to one channel an integration a line of single channels
    keeps most of a tone; beyond that its power is spread too far.

    1. Express each sample in units of the noise.
    2. Add up along every line: of each shift, and from each start channel.
    3. Take the brightest line. Below the threshold, that is the end.
    4. Note it, and put noise of zero where it was: else its neighbours would be found next. Back to 2.
    """
    n_time, n_chan = power.shape

    # 1.
    level = np.median(power)
    sigma = 1.4826 * np.median(np.abs(power - level))
    samples = (power - level) / sigma

    hits = []
    while True:
        # 2. The sum of n values of noise scatters by the root of n.
        best = (-np.inf, 0, 0)
        for shift in range(-max_shift, max_shift + 1):
            sums = np.zeros(n_chan)
            for row in range(n_time):
                step = round(shift * row / (n_time - 1))
                start, stop = max(0, -step), min(n_chan, n_chan - step)  # what leaves the band adds nothing
                sums[start:stop] += samples[row, start + step : stop + step]
            channel = int(np.argmax(sums))
            best = max(best, (sums[channel] / np.sqrt(n_time), channel, shift))

        # 3.
        ratio, channel, shift = best
        if ratio < snr:
            return sorted(hits)

        # 4.
        hits.append((channel, shift, float(ratio)))
        for row in range(n_time):
            middle = channel + round(shift * row / (n_time - 1))
            samples[row, max(middle - 3, 0) : max(middle + 4, 0)] = 0
