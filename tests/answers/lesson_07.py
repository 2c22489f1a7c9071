"""Lesson 07: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np

import setilearn as sl


def by_indices(power, start, step):
    channels = np.rint(start + step * np.arange(len(power))).astype(int)
    padded = np.pad(power, ((0, 0), (50, 50)))
    return padded[np.arange(len(power)), channels + 50]


def by_walking(power, start, step):
    found, at = [], start
    for row in power:
        found.append(0.0 if round(at) < 0 or round(at) > len(row) - 1 else row[round(at)])
        at += step
    return found


def by_sorting(published_mhz, ours_mhz):
    def one(mhz):
        distance, row = min((abs(our - mhz), row) for row, our in enumerate(ours_mhz))
        return row if distance <= 500.001e-6 else -1

    return [one(mhz) for mhz in published_mhz]


def by_table(published_mhz, ours_mhz):
    if not len(published_mhz):
        return []
    distance = np.abs(np.subtract.outer(np.array(published_mhz), ours_mhz))
    return np.where(distance.min(axis=1) < 501e-6, distance.argmin(axis=1), -1)


def solve_mystery(spectrogram):
    """The two faint lines that are alike are the side bands; the carrier is the strongest."""
    hits = sl.search_drift(spectrogram, progress=False).sort_values("snr", ascending=False)
    carrier = hits.iloc[0]
    alike = hits[(hits["drift_hz_s"] - carrier["drift_hz_s"]).abs() < 0.03]
    offset_khz = (alike["frequency_mhz"] - carrier["frequency_mhz"]) * 1e3
    stranger = hits[(hits["drift_hz_s"] - carrier["drift_hz_s"]).abs() > 0.1].iloc[0]
    return {
        "carrier_mhz": carrier["frequency_mhz"],
        "drift_hz_s": carrier["drift_hz_s"],
        "subcarrier_khz": (offset_khz.max() - offset_khz.min()) / 2,
        "stranger_mhz": stranger["frequency_mhz"],
    }


MYSTERY_SLIPS = [
    ("carrier_mhz", lambda mhz: mhz * 1e6),
    ("drift_hz_s", lambda drift: -drift),
    ("subcarrier_khz", lambda khz: 2 * khz),
    ("subcarrier_khz", lambda khz: khz * 1e3),
    ("stranger_mhz", lambda mhz: mhz + 1e-3),
]

RIGHT = {
    "L07-1": [822_069_557, 8.22e8, 2**20 * 784],  # 8 / 0.010204 = 784 drift rates
    "L07-2": [by_indices, by_walking],
    "L07-3": [by_sorting, by_table],
    "L07-4": [-0.37805, -0.378],  # -(3.9315 m/s / 292.0578 s) / 0.03560775 m
    "L07-5": [142.45, 142],
    "L07-6": [22.49625, 22.4955],  # (8419.319526 - 8419.2745335) / 2 MHz
    "L07-7": ["a satellite", " A satellite "],
}

WRONG = {
    "L07-1": [
        (411_041_792, "half of them"),
        (784, "every channel"),
        (13_153_337_344, "summed"),
        (16_777_216, "samples"),
    ],
    "L07-2": [
        (lambda power, start, step: by_indices(power, start - 0.4999, step), r"For \("),
        (lambda power, start, step: by_indices(power, start, -step), "other way"),
        (lambda power, start, step: by_indices(power, start + step, step), "number 0"),
        (lambda power, start, step: power[:, start], "stays in the first"),
        (lambda power, start, step: [row[round(start + k * step)] for k, row in enumerate(power)], "stops"),
        (lambda power, start, step: by_walking(power, start, step)[::-1], r"For \("),
    ],
    "L07-3": [
        (lambda theirs, ours: [int(abs(ours - mhz).argmin()) for mhz in theirs], "however far"),
        (
            lambda theirs, ours: [ours[row] if row >= 0 else -1 for row in by_sorting(theirs, ours)],
            "asked for is the row",
        ),
        (lambda theirs, ours: [row + (row >= 0) for row in by_sorting(theirs, ours)], "counted from 0"),
        (lambda theirs, ours: [int((ours - mhz).argmin()) for mhz in theirs], "no sign"),
        (lambda theirs, ours: by_sorting(theirs, ours)[:1], "For"),
        (lambda theirs, ours: None, "return"),
    ],
    "L07-4": [
        (0.37805, "does the frequency rise"),
        (-110.41, "whole scan"),
        (-0.0134614, "acceleration"),
        (-3.7805e-7, "MHz"),
        (-656_793, "the speed itself"),
        (-0.35, "."),
    ],
    "L07-5": [
        (2 * 142.45, "factor of 2"),
        (10.90, "other way round"),
        (74.91, "No root"),
        (185.18, "line's power"),
    ],
    "L07-6": [
        (22.5, "handbook"),
        (44.9925, "half-way"),
        (22.34, "lower line of a pair"),
        (22.656, "upper line of a pair"),
        (0.02249625, "MHz"),
    ],
    "L07-7": [
        ("noise", "chance"),
        ("a steady transmitter on the ground", "turn with"),
        ("a planet", "one of"),
        ("satellite", "one of"),
    ],
}
