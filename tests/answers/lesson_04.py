"""Lesson 04: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np
from scipy import ndimage, stats


def by_scipy(values):
    return (max(values) - np.median(values)) / stats.median_abs_deviation(values, scale=1 / 1.4826)


def by_sorting(values):
    values = sorted(float(value) for value in values)

    def middle(numbers):
        half = len(numbers) // 2
        return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2

    median = middle(values)
    return (values[-1] - median) / (1.4826 * middle(sorted(abs(value - median) for value in values)))


def scatter_of(measure):
    return lambda values: (np.max(values) - np.median(values)) / measure(np.asarray(values, float))


def merged_by_closing(snrs, threshold):
    """By SciPy: gaps of one channel closed, the groups labelled."""
    above = np.array(snrs) > threshold
    closed = above | (np.roll(above, 1) & np.roll(above, -1))
    closed[[0, -1]] = above[[0, -1]]
    labels, n = ndimage.label(closed)
    groups = [np.flatnonzero((labels == k) & above) for k in range(1, n + 1)]
    return [(int(group[np.argmax(np.array(snrs)[group])]), group[0], group[-1]) for group in groups]


def merged_by_walking(snrs, threshold):
    hits, start, last = [], None, None
    for k, snr in enumerate([*snrs, threshold, threshold, threshold]):
        if snr > threshold:
            start, last = (k if start is None else start), k
        elif start is not None and k - last == 2:
            inside = [i for i in range(start, last + 1) if snrs[i] > threshold]
            hits.append([max(inside, key=snrs.__getitem__), start, last])
            start = None
    return hits


def merged(step, told):
    def merge(snrs, threshold):
        groups = []
        for k in range(len(snrs)):
            if snrs[k] > threshold and groups and k - groups[-1][-1] <= step:
                groups[-1].append(k)
            elif snrs[k] > threshold:
                groups.append([k])
        return [told(group, snrs) for group in groups]

    return merge


def strongest(group, snrs):
    return max(group, key=lambda k: snrs[k])


def clipped_by_lists(values, n_sigma):
    kept = sorted(float(value) for value in values)
    while True:
        center = float(np.median(kept))
        sigma = float(stats.median_abs_deviation(kept, scale=1 / 1.4826))
        inner = [value for value in kept if center - n_sigma * sigma <= value <= center + n_sigma * sigma]
        if inner == kept:
            return [center, sigma]
        kept = inner


def clipped_by_mask(values, n_sigma, rounds=50, factor=1.4826):
    keep = np.ones(len(values), bool)
    for _ in range(rounds):
        center = np.median(values[keep])
        sigma = factor * np.median(np.abs(values[keep] - center))
        keep = keep & (np.abs(values - center) <= n_sigma * sigma)
    return np.array([center, sigma])


def solve_mystery(spectrogram):
    mean = spectrogram.power.mean(axis=0)
    center, sigma = clipped_by_mask(mean, 4)
    snr = (mean - center) / sigma
    brightest = int(snr.argmax())
    return {
        "n_signals": int((snr > 10).sum()),
        "brightest_mhz": spectrogram.header.frequency_mhz(brightest),
        "brightest_snr": snr[brightest],
        "dead_channel": int(mean.argmin()),
    }


MYSTERY_SLIPS = [
    ("n_signals", lambda n: n + 1),
    ("brightest_mhz", lambda mhz: mhz + 6e-6),
    ("brightest_snr", lambda snr: snr / 4),
    ("dead_channel", lambda k: 2047 - k),
]

RIGHT = {
    "L04-1": [by_scipy, by_sorting],
    "L04-2": [clipped_by_lists, clipped_by_mask],
    "L04-3": [merged_by_closing, merged_by_walking],
    "L04-4": [16_701.7, 16_702, 16_700],  # 10^9 / 59874.14
    "L04-5": [30, 30.0],
}

WRONG = {
    "L04-1": [
        (scatter_of(lambda v: np.median(abs(v - np.median(v)))), "units of the MAD"),
        (lambda v: max(v) / (1.4826 * np.median(abs(v - np.median(v)))), "subtract the median"),
        (scatter_of(lambda v: np.median(abs(v - np.median(v))) / 1.4826), "wrong side"),
        (lambda v: (max(v) - np.mean(v)) / np.std(v), "standard deviation"),
        (scatter_of(lambda v: 1.4826 * np.mean(abs(v - np.median(v)))), "the mean of the distances"),
        (scatter_of(lambda v: 1.4826 * np.median(abs(v - v.mean()))), "not from the mean"),
        (lambda v: 2 * by_scipy(v), "factor of 2"),
        (lambda v: by_scipy(v)[0], "it stops: "),
    ],
    "L04-2": [
        (lambda v, n: clipped_by_mask(v, n, rounds=1), "first round"),
        (lambda v, n: clipped_by_mask(v, n, factor=1), "1.4826"),
        (lambda v, n: clipped_by_mask(v, 4), "whatever is asked"),
        (lambda v, n: clipped_by_mask(v, n)[::-1], "The other way round"),
        (lambda v, n: clipped_by_mask(v, n, rounds=2), r"For \("),
        (lambda v, n: clipped_by_mask(v, n)[0], "shape"),
        (lambda v, n: [v.mean(), v.std()], "mean and standard deviation"),
    ],
    "L04-3": [
        (merged(1, lambda g, s: (strongest(g, s), g[0], g[-1])), "does not part a hit"),
        (merged(3, lambda g, s: (strongest(g, s), g[0], g[-1])), "two part them"),
        (merged(2, lambda g, s: (g[0], g[0], g[-1])), "not its first"),
        (merged(2, lambda g, s: (max(s[k] for k in g), g[0], g[-1])), "how strong"),
        (merged(2, lambda g, s: (strongest(g, s), g[0], g[-1] - g[0] + 1)), "not its width"),
        (merged(2, lambda g, s: (strongest(g, s) + 1, g[0] + 1, g[-1] + 1)), "from 0"),
        (lambda s, t: merged_by_walking(s, t - 1e-9), "exactly at it"),
        (lambda s, t: merged_by_walking(s, t)[::-1], "reverse order"),
        (lambda s, t: merged_by_walking(s, t)[0], "shape"),
    ],
    "L04-4": [
        (45_399.9, "x is not 10"),
        (1.6702e-5, "share of the samples"),
        (4.54e-5, "share of the samples; besides"),
        (7.6e-15, "Gaussian's promise"),
        (1.929e-13, "belongs to the Gaussian"),
    ],
    "L04-5": [(60, "factor of 2"), (0.9375, "square root"), (960, "Unchanged"), (30_720, "more, not less")],
}
