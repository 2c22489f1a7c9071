"""Lesson 01: the exercises. The band is that of the Voyager 1 file, real or stand-in."""

import inspect

from setilearn.course.answers import choice, function, instead, integer, number
from setilearn.course.exercise import Exercise

TITLE = "Reading filterbanks"

FCH1_MHZ = 8418.457032646984
FOFF_HZ = 2.7939677238464355
N_CHAN = 2**20

CARRIER_MHZ = 8419.297028


def channel_of(frequency_mhz, fch1_mhz, foff_hz):
    return round((frequency_mhz - fch1_mhz) * 1e6 / foff_hz)


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
        title="Which product is it?",
        reference="high time",
        check=choice("high frequency", "high time", "medium"),
        mistakes=[
            (
                "high frequency",
                "Look at the channel width: 366 kHz is more than a hundred thousand times Voyager's 2.79 Hz.",
            ),
            ("medium", "Medium resolution has channels of about 3 kHz and integrations of about a second."),
        ],
        hints=[
            "0.000349 s is a third of a millisecond.",
            "Which of the three would show single pulses of a pulsar?",
        ],
        solution="""
            # channels of 366,211 Hz, integrations of 0.000349 s
            product = "high time"
        """,
    ),
    Exercise(
        id="L01-5",
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
