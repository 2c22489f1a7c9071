"""Lesson 01: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np

import setilearn as sl

# The header of the Voyager file, 16 x 1,048,576.
FCH1_MHZ, FOFF_HZ = 8418.457032646984, 2.7939677238464355


def by_numpy(frequency_mhz, fch1_mhz, foff_hz):
    return np.rint((frequency_mhz - fch1_mhz) / (foff_hz / 1e6))


def by_search(frequency_mhz, fch1_mhz, foff_hz):
    channel = 0
    while (channel + 0.5) * foff_hz < (frequency_mhz - fch1_mhz) * 1e6:
        channel += 1
    return channel


def off(change):
    return lambda f, first, width: change(round((f - first) * 1e6 / width))


def rows_reversed(data):
    return np.array([[row[0][-1 - k] for k in range(data.shape[2])] for row in data])


def by_width(foff_hz, tsamp_s):
    width_hz = abs(foff_hz)
    if width_hz > 1e5:
        return "high time"
    return "medium" if width_hz > 50 else "high frequency"


def by_both(foff_hz, tsamp_s):
    if tsamp_s < 0.001:
        return "High time"
    return "high frequency" if tsamp_s > 5 and foff_hz**2 < 1e4 else "medium"


SWAPPED = {"high time": "medium", "medium": "high time"}


def solve_mystery(path):
    header = sl.read_header(path)
    power = sl.read_spectrogram(path).power.mean(axis=0)
    return {
        "brightest_mhz": header.fch1_mhz + power.argmax() * header.foff_hz / 1e6,
        "minutes": header.n_time * header.tsamp_s / 60,
        "product": by_width(header.foff_hz, header.tsamp_s),
    }


MYSTERY_SLIPS = [
    ("brightest_mhz", lambda mhz: mhz * 1e6),
    ("brightest_mhz", lambda mhz: mhz + 1e-3),
    ("minutes", lambda minutes: minutes * 60),
    ("product", lambda product: SWAPPED.get(product, "medium")),
]

RIGHT = {
    "L01-1": [16_777_216, 16_777_216.0],
    "L01-2": [8419.295223, 8419.2952229],  # 8418.457032647 + 0.838190317
    "L01-3": [by_numpy, by_search],
    "L01-4": [lambda data: np.flip(np.take(data, 0, axis=1), 1), rows_reversed],
    "L01-5": [by_width, by_both],
    "L01-6": [229_065, 229_120],  # 3579.1 channels, or 3580 whole ones
}

WRONG = {
    "L01-1": [
        (2 * 16_777_216, "factor of 2"),
        (1_048_592, "sum"),
        (67_108_864, "bytes"),
        (1_048_576, "one row"),
    ],
    "L01-2": [
        (FCH1_MHZ + 300_000 * FOFF_HZ, "one unit"),
        (FCH1_MHZ - 0.3 * FOFF_HZ, "Below the lowest"),
        (8421.386717353016 - 0.3 * FOFF_HZ, "on disk"),
        (FCH1_MHZ + 0.299999 * FOFF_HZ, "first channel is number 0"),
        ((FCH1_MHZ + 0.3 * FOFF_HZ) * 1e6, "in Hz"),
    ],
    "L01-3": [
        (off(lambda channel: 1_048_575 - channel), "place on disk"),
        (lambda f, first, width: round((f - first) / width), "stays in MHz"),
        (lambda f, first, width: (f - first) * 1e6 // width, "cuts off"),
        (lambda f, first, width: round(f * 1e6 / width), "from 0 Hz"),
        (off(lambda channel: channel + 1), "number 0"),
        (off(lambda channel: channel - 1), "by one"),
        (lambda f, first, width: (f - first) * 1e6 / width, "whole number"),
        (300_646, "Expected a function"),
    ],
    "L01-4": [
        (lambda data: data[:, 0], "highest frequency still comes first"),
        (lambda data: data[::-1, 0], "turns the time round"),
        (lambda data: data[..., ::-1], "axis of the polarisations"),
        (lambda data: data[0, :, ::-1], "first integration alone"),
        (lambda data: data.mean(axis=1)[:, ::-1], r"For \("),
        (np.flip, r"For \("),
        (lambda data: data[:, 0, ::-1].T, "axes swapped"),
    ],
    "L01-5": [
        (lambda foff, tsamp: "high frequency" if foff < 100 else by_width(foff, tsamp), "negative"),
        (
            lambda foff, tsamp: by_width(foff, tsamp) if abs(foff) < 100 else SWAPPED[by_width(foff, tsamp)],
            "swapped",
        ),
        (lambda foff, tsamp: "medium", r"For \("),
        (lambda foff, tsamp: None, "return"),
        ("high time", "Expected a function"),
        (lambda foff, tsamp: by_width(foff, tsamp) + " resolution", "Expected one of"),
    ],
    "L01-6": [
        (57_280, "four bytes"),
        (14_320, "one integration"),
        (1_832_960, "bits"),
        (67_108_864, "whole file"),
    ],
}
