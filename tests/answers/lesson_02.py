"""Lesson 02: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np


def by_parts(power):
    middle = np.sort(power, axis=None)
    middle = (middle[(middle.size - 1) // 2] + middle[middle.size // 2]) / 2
    return 10 * (np.log10(power) - np.log10(middle))


def solve_mystery(spectrogram):
    """Lines at rest stand out in the mean of all integrations, the drifting one in each integration."""
    mean = spectrogram.power.mean(axis=0)
    sigma = 1.4826 * np.median(np.abs(mean - np.median(mean)))
    lines = [k for k in range(len(mean)) if mean[k] > np.median(mean) + 12 * sigma]
    still = [k for k in lines if k - 1 not in lines and k + 1 not in lines]
    power = spectrogram.power.copy()
    for k in still:
        power[:, k - 1 : k + 2] = 1
    first, last = power[0].argmax(), power[-1].argmax()
    return {
        "n_lines": len(still) + 1,
        "drifting_mhz": spectrogram.header.frequency_mhz(first),
        "direction": "up" if last > first else "down",
    }


MYSTERY_SLIPS = [
    ("n_lines", lambda n: n - 1),
    ("drifting_mhz", lambda mhz: mhz + 65 * 2.79e-6),
    ("drifting_mhz", lambda mhz: mhz * 1e6),
    ("direction", {"up": "down", "down": "up"}.get),
]

# turbo_seti's table has 8419.297028 MHz and -0.377557 Hz/s.
RIGHT = {
    "L02-1": [by_parts, lambda power: 10 * np.log10(np.asarray(power) / np.quantile(power, 0.5))],
    "L02-2": [8419.92, 8419.9],  # by eye
    "L02-3": [0.0124, 0.01238],  # 1 / sqrt(6528)
    "L02-4": [318, 320.0, 305],  # 8419.274692 - 8419.274374 MHz
    "L02-5": [8419.297028, 8419.2970277],
    "L02-6": [-0.377557, -0.3877, -0.3674],  # a drift step of 0.0102 either way
    "L02-7": [-0.01344, -0.0138],
}

WRONG = {
    "L02-1": [
        (lambda power: 20 * np.log10(power / np.median(power)), "amplitudes"),
        (lambda power: 10 * np.log(power / np.median(power)), "natural logarithm"),
        (lambda power: np.log10(power / np.median(power)), "bels"),
        (lambda power: 10 * np.log10(power), "power of 1"),
        (lambda power: 10 * np.log10(power / power.mean()), "pulls up"),
        (lambda power: 10 * np.log10(power / np.median(power, axis=-1, keepdims=True)), r"For \("),
        (14.3, "Expected a function"),
    ],
    "L02-2": [(0.00842, "."), (8419.30, "Voyager"), (8418.46, "lower edge"), (8421.39, "upper edge")],
    "L02-3": [
        (1 / 6528, "square root"),
        (0.02475, "four channels"),
        (0.0175, "one polarisation"),
        (0.125, "average of 102"),
        (0.0495, "16 inte"),
    ],
    "L02-4": [
        (45_000, "from one side band"),
        (22_500, "from the carrier"),
        (0.000318, "MHz"),
        (114, "channels"),
        (636, "."),
    ],
    "L02-5": [
        (8419.3, "MHz|channels"),
        (8419.296925, "where the carrier ended"),
        (8419.296818, "lowest channel"),
        (8419297028, "in Hz"),
    ],
    "L02-6": [
        (0.377557, "sign"),
        (-0.35396, "15 steps"),
        (-6.8918, "one integration"),
        (-0.13513, "channels a second"),
        (-3.77557e-7, "MHz/s"),
        (-0.4, "."),
    ],
    "L02-7": [(-0.01344 * 60, "60"), (0.01344, "sign"), (-13444.0, "million"), (-4.4844e-11, "times c")],
}
