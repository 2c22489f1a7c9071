"""Lesson 01: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np

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


RIGHT = {
    "L01-1": [16_777_216, 16_777_216.0],
    "L01-2": [8419.295223, 8419.2952229],  # 8418.457032647 + 0.838190317
    "L01-3": [by_numpy, by_search],
    "L01-4": ["high time", " High Time "],
    "L01-5": [229_065, 229_120],  # 3579.1 channels, or 3580 whole ones
}

WRONG = {
    "L01-1": [(1_048_592, "sum"), (67_108_864, "bytes"), (1_048_576, "one row")],
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
    "L01-4": [("medium", "about 3 kHz"), ("high frequency", "channel width"), ("pulsar", "one of")],
    "L01-5": [
        (57_280, "four bytes"),
        (14_320, "one integration"),
        (1_832_960, "bits"),
        (67_108_864, "whole file"),
    ],
}
