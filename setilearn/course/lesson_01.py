"""Lesson 01: the exercises. The band is that of the Voyager 1 file, real or stand-in."""

import inspect

import numpy as np

from setilearn.course.answers import choice, function, instead, integer, number
from setilearn.course.exercise import Exercise

TITLE = "Reading filterbanks"

FCH1_MHZ = 8418.457032646984
FOFF_HZ = 2.7939677238464355
N_CHAN = 2**20

CARRIER_MHZ = 8419.297028


def channel_of(frequency_mhz, fch1_mhz, foff_hz):
    return round((frequency_mhz - fch1_mhz) * 1e6 / foff_hz)


def upright(data):
    return data[:, 0, ::-1]


def product_of(foff_hz, tsamp_s):
    if abs(foff_hz) < 100:
        return "high frequency"
    return "medium" if tsamp_s > 0.01 else "high time"


def on_disk(n_time, n_ifs, n_chan):
    """An array as blimpy has it, each number another."""
    return np.arange(n_time * n_ifs * n_chan, dtype=np.float32).reshape(n_time, n_ifs, n_chan)


# (channel width in Hz, integration time in s) of files that exist, Green Bank's and others'.
PRODUCTS = [
    (2.7939677, 18.253611),
    (-2.7939677, 18.253611),  # as on disk
    (366_210.9375, 0.000349),
    (-366_210.9375, 0.000349),
    (2861.0229, 1.0737),
    (-2861.0229, 1.0737),
    (1.4, 10.0),
    (292_968.75, 0.000065),
]


EXERCISES = [
    Exercise(
        id="L01-1",
        title="How many numbers the file holds",
        reference=16 * N_CHAN,
        check=integer(),
        mistakes=[
            (16 + N_CHAN, "That is the sum of the two lengths; a table has rows times columns of numbers."),
            (16 * N_CHAN * 4, "That is the number of bytes: each number takes four of them."),
            (N_CHAN, "That is one row only; there is a row for every integration."),
        ],
        hints=["Look at `n_time` and `n_chan` in the header.", "Rows times columns."],
        solution="n_samples = header.n_time * header.n_chan",
    ),
    Exercise(
        id="L01-2",
        title="Frequency of channel 300,000",
        reference=FCH1_MHZ + 300_000 * FOFF_HZ / 1e6,
        check=number(unit="MHz", abs_tol=1e-6, rel_tol=0),
        mistakes=[
            (
                FCH1_MHZ + 300_000 * FOFF_HZ,
                "The channel width is in Hz and fch1 in MHz: bring both to one unit before you add.",
            ),
            (
                FCH1_MHZ - 300_000 * FOFF_HZ / 1e6,
                "Below the lowest channel: here channels count upwards in frequency.",
            ),
            (
                FCH1_MHZ + (N_CHAN - 1 - 300_000) * FOFF_HZ / 1e6,
                "Counted from the wrong end: that is channel 300,000 in the order of the file on disk.",
            ),
            (FCH1_MHZ + 299_999 * FOFF_HZ / 1e6, "One channel too low: the first channel is number 0."),
            ((FCH1_MHZ + 300_000 * FOFF_HZ / 1e6) * 1e6, "That is in Hz; the answer is wanted in MHz."),
        ],
        hints=[
            "Start at the centre of channel 0 and go up by 300,000 channel widths.",
            "`header.foff_hz / 1e6` is the channel width in MHz.",
        ],
        solution="""
            k = 300_000
            frequency_mhz = header.fch1_mhz + k * header.foff_hz / 1e6
        """,
    ),
    Exercise(
        id="L01-3",
        title="Channel of a frequency",
        reference=lambda: channel_of,
        check=function(
            (CARRIER_MHZ, FCH1_MHZ, FOFF_HZ),
            (FCH1_MHZ, FCH1_MHZ, FOFF_HZ),
            (FCH1_MHZ + 7.4 * FOFF_HZ / 1e6, FCH1_MHZ, FOFF_HZ),
            (FCH1_MHZ + 7.6 * FOFF_HZ / 1e6, FCH1_MHZ, FOFF_HZ),
            (1500.0004, 1500.0, 100.0),  # another telescope's
            compare=integer(),
        ),
        mistakes=[
            (
                instead(lambda f, first, width: N_CHAN - 1 - channel_of(f, first, width)),
                "Counted from the highest frequency: that is the channel's place on disk, not in our array.",
            ),
            (
                instead(lambda f, first, width: round((f - first) / width)),
                "The difference stays in MHz: divided by a width in Hz it comes out next to nothing.",
            ),
            (
                instead(lambda f, first, width: int((f - first) * 1e6 / width)),
                "int() cuts off: a frequency near the upper edge of a channel comes out one too low. Round.",
            ),
            (
                instead(lambda f, first, width: round(f * 1e6 / width)),
                "Counted from 0 Hz: channels are counted from fch1_mhz.",
            ),
            (
                instead(lambda f, first, width: channel_of(f, first, width) + 1),
                "One too many: the first channel is number 0.",
            ),
            (
                instead(lambda f, first, width: (f - first) * 1e6 / width),
                "A channel has a whole number: round the result.",
            ),
        ],
        hints=[
            "Turn the last formula round: how many channel widths lie between fch1 and the frequency?",
            "The difference in MHz, times 1e6, is in Hz; divide it by `foff_hz` and round.",
        ],
        solution=inspect.getsource(channel_of),
    ),
    Exercise(
        id="L01-4",
        title="blimpy's array turned upright",
        reference=lambda: upright,
        check=function((on_disk(3, 1, 5),), (on_disk(4, 4, 6),), (on_disk(1, 2, 3),), (on_disk(2, 1, 1),)),
        mistakes=[
            (
                instead(lambda data: data[:, 0]),
                "The highest frequency still comes first: turn the channels round.",
            ),
            (
                instead(lambda data: data[::-1, 0]),
                "That turns the time round; the channels are the last axis.",
            ),
            (
                instead(lambda data: data[:, :, ::-1]),
                "The axis of the polarisations is still there: take the first.",
            ),
            (instead(lambda data: data[0, :, ::-1]), "That is the first integration alone: all are wanted."),
            (
                instead(lambda data: data[::-1, 0, ::-1]),
                "The channels are right, and the time is turned round too.",
            ),
            (
                instead(lambda data: data.sum(axis=1)[:, ::-1]),
                "That adds the polarisations up; the first is wanted.",
            ),
        ],
        hints=[
            "`data[:, 0]` is the first polarisation of all integrations.",
            "`[::-1]` turns an axis round; here it is the last one.",
        ],
        solution=inspect.getsource(upright),
    ),
    Exercise(
        id="L01-5",
        title="Which product is it?",
        reference=lambda: product_of,
        check=function(*PRODUCTS, compare=choice("high frequency", "high time", "medium")),
        mistakes=[
            (
                instead(lambda foff, tsamp: "high frequency" if foff < 100 else product_of(foff, tsamp)),
                "On disk the width may be negative: a wide channel is not narrow for that. abs() helps.",
            ),
            (
                instead(
                    lambda foff, tsamp: {"high time": "medium", "medium": "high time"}.get(
                        product_of(foff, tsamp), "high frequency"
                    )
                ),
                "Medium and high time are swapped: which of the two has the short integrations?",
            ),
            (
                instead(
                    lambda foff, tsamp: "high frequency" if round(foff, 1) == 2.8 else product_of(1e4, tsamp)
                ),
                "Nearly: not exactly Green Bank's numbers are to be known, but all that are near them.",
            ),
        ],
        hints=[
            "One number is enough to tell the first product; the others differ in both.",
            "Compare `abs(foff_hz)` with 100 Hz, then `tsamp_s` with a hundredth of a second.",
        ],
        solution=inspect.getsource(product_of),
    ),
    Exercise(
        id="L01-6",
        title="What a part costs",
        reference=16 * 3580 * 4,
        check=number(unit="bytes", rel_tol=2e-3),
        mistakes=[
            (16 * 3580, "That is the number of samples; a float32 takes four bytes."),
            (3580 * 4, "That is one integration; there are 16."),
            (16 * 3580 * 4 * 8, "That is in bits; the answer is wanted in bytes."),
            (16 * 3580 * 8, "Eight bytes a number would be float64; the file has 32 bits, four bytes."),
            (16 * N_CHAN * 4, "That is the whole file; only 10 kHz of it are asked for."),
        ],
        hints=[
            "How many channels of 2.79 Hz are there in 10 kHz?",
            "Integrations x channels x 4 bytes.",
        ],
        solution="""
            width_hz = 10_000
            part_bytes = header.n_time * (width_hz / header.foff_hz) * 4
        """,
    ),
]
