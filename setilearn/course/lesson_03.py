"""Lesson 03: the exercises. The figures are those of Green Bank (Lebofsky et al. 2019, PASP 131, 124505)."""

import numpy as np

from setilearn.course.answers import array, number
from setilearn.course.exercise import Exercise

TITLE = "From voltages to a filterbank"

N_TAPS, N_CHAN = 3, 4
X = (np.arange(N_TAPS * N_CHAN) - (N_TAPS * N_CHAN - 1) / 2) / N_CHAN
WEIGHTS = np.sinc(X) * np.hamming(N_TAPS * N_CHAN)
# The wave of the lesson: 0.3 turns from sample to sample.
SAMPLES = np.exp(2j * np.pi * 0.3 * np.arange(N_TAPS * N_CHAN))

NODE_BANDWIDTH_HZ = 187.5e6
NODE_BYTES_S = NODE_BANDWIDTH_HZ * 2 * 2
SPECTRA_AVERAGED = (51, 128, 3072)


def _summed(weights):
    return (weights * SAMPLES).reshape(N_TAPS, N_CHAN).sum(axis=0)


EXERCISES = [
    Exercise(
        id="L03-1",
        title="A sine against the noise of one channel",
        reference=0.1**2 * 1024,
        check=number(rel_tol=0.02),
        mistakes=[
            (0.1 * 1024, "That is the amplitude times 1024: power is the amplitude squared."),
            (0.1**2, "That is before the transform. Of the noise only a 1024th is in each channel."),
            (
                0.1**2 * 1024**0.5,
                "The square root belongs to the scatter of an average; here the noise itself is shared out.",
            ),
            (0.1**2 * 1024 + 1, "That is sine and noise together: the power of the sine alone is asked for."),
            (
                0.1**2 / 1024,
                "The sine is not shared out: all of it is in one channel. It is the noise that is.",
            ),
        ],
        hints=[
            "Before the transform: power of the sine 0.1 squared, power of the noise 1.",
            "The noise is shared out over 1024 channels, the sine is not.",
        ],
        solution="""
            amplitude = 0.1
            n_chan = 1024
            times_noise = amplitude**2 * n_chan
        """,
    ),
    Exercise(
        id="L03-2",
        title="How long to listen",
        reference=1_024_000 / 100,
        check=number(unit="samples", rel_tol=1e-6),
        mistakes=[
            (1 / 100, "That is the time, 1/100 s. How many samples arrive in it?"),
            (1024, "That is the spectrum we had, with channels of 1 kHz: too coarse by ten."),
            (100, "100 is the distance in hertz. The time to listen is one over it."),
            (1_024_000 * 100, "That is 100 seconds; one over 100 Hz is a hundredth of a second."),
        ],
        hints=[
            "To tell two frequencies 100 Hz apart takes 1/100 of a second.",
            "1,024,000 samples arrive each second.",
        ],
        solution="""
            distance_hz = 100
            n_samples = rate_hz / distance_hz
        """,
    ),
    Exercise(
        id="L03-3",
        title="The weights of a polyphase filterbank",
        reference=WEIGHTS,
        check=array(rel_tol=0, abs_tol=1e-6),
        mistakes=[
            (
                np.sinc(X),
                "The sinc is right; times the window, please: without it the ends are cut off sharply.",
            ),
            (np.hamming(N_TAPS * N_CHAN), "That is the window alone; it goes over the sinc."),
            (
                np.sinc(X) * np.hanning(N_TAPS * N_CHAN),
                "The window is another: np.hanning ends at zero, np.hamming is asked for.",
            ),
            (
                np.sinc(X / np.pi) * np.hamming(N_TAPS * N_CHAN),
                "np.sinc has the pi in it: np.sinc(x) is sin(pi x) / (pi x).",
            ),
            (
                np.sinc(X * N_CHAN) * np.hamming(N_TAPS * N_CHAN),
                "x counts stretches: samples from the middle, divided by n_chan.",
            ),
            (np.sinc(X) + np.hamming(N_TAPS * N_CHAN), "The window multiplies the sinc."),
        ],
        hints=[
            "Two calls, multiplied: NumPy has both the sinc and the window.",
            "`np.sinc(x)` and `np.hamming(n)`, each n numbers.",
        ],
        solution="""
            n_taps, n_chan = 3, 4
            n = n_taps * n_chan
            x = (np.arange(n) - (n - 1) / 2) / n_chan
            weights = np.sinc(x) * np.hamming(n)
        """,
    ),
    Exercise(
        id="L03-4",
        title="One spectrum by hand",
        reference=np.abs(np.fft.fft(_summed(WEIGHTS))) ** 2,
        check=array(rel_tol=0, abs_tol=1e-6),
        mistakes=[
            (
                np.abs(np.fft.fft(_summed(np.ones(N_TAPS * N_CHAN)))) ** 2,
                "Were the samples multiplied by the weights before they were added up?",
            ),
            (
                np.abs(np.fft.fft(_summed(WEIGHTS))),
                "That is the modulus; power is its square.",
            ),
            (
                np.abs(np.fft.fft(SAMPLES[:N_CHAN])) ** 2,
                "That is a plain transform of the first stretch alone.",
            ),
            (
                np.abs(np.fft.fft((WEIGHTS * SAMPLES).reshape(N_TAPS, N_CHAN)) ** 2).sum(axis=0),
                "Add the stretches up first, then transform the sum: one transform, not three.",
            ),
            (
                np.abs(_summed(WEIGHTS)) ** 2,
                "That is the power of the sum before the transform: np.fft.fft is missing.",
            ),
        ],
        hints=[
            "Row 0 of `stretches` has the first 4 weighted samples. Add up the rows: `.sum(axis=0)`.",
            "`np.abs(np.fft.fft(summed)) ** 2` is the power of a spectrum.",
        ],
        solution="""
            samples = np.exp(2j * np.pi * 0.3 * np.arange(n))
            stretches = (weights * samples).reshape(n_taps, n_chan)
            summed = stretches.sum(axis=0)
            power = np.abs(np.fft.fft(summed)) ** 2
        """,
    ),
    Exercise(
        id="L03-5",
        title="How many spectra are averaged",
        reference=SPECTRA_AVERAGED[1],
        check=number(unit="spectra", rel_tol=5e-3),
        mistakes=[
            (1024, "That is how many samples arrive in that time; each spectrum takes 8 of them."),
            (8, "That is the number of channels of a spectrum."),
            (
                1 / 128,
                "Upside down: one spectrum is a 128th of the integration.",
            ),
            (51, "That is the high frequency resolution product's, of lesson 02."),
            (
                128e-3,
                "A factor of a thousand: is the channel width in Hz and the time in seconds?",
            ),
        ],
        hints=[
            "One spectrum takes one over the channel width.",
            "How many times does 1 / 366,211 s go into 0.0003495 s?",
        ],
        solution="""
            channel_hz = 366_211
            integration_s = 0.0003495
            n_spectra = channel_hz * integration_s
        """,
    ),
    Exercise(
        id="L03-6",
        title="What a node records",
        reference=NODE_BYTES_S,
        check=number(unit="bytes a second", rel_tol=1e-3),
        mistakes=[
            (
                NODE_BANDWIDTH_HZ,
                "One byte a sample? A complex number takes two of them, and there are two polarisations.",
            ),
            (
                NODE_BANDWIDTH_HZ * 2,
                "Half of it: a complex number takes two bytes, and there are two polarisations.",
            ),
            (
                NODE_BANDWIDTH_HZ * 8,
                "Twice too much: complex samples come once for each hertz of bandwidth, not twice.",
            ),
            (NODE_BYTES_S * 8, "That is in bits; a byte has eight of them."),
            (NODE_BYTES_S / 1e6, "That is in megabytes; the answer is wanted in bytes a second."),
        ],
        hints=[
            "A band of 187.5 MHz has 187.5 million complex samples a second.",
            "Each takes 2 bytes, in each of 2 polarisations.",
        ],
        solution="""
            bandwidth_hz = 187.5e6
            node_bytes_s = bandwidth_hz * 2 * 2
        """,
    ),
    Exercise(
        id="L03-7",
        title="Hours until 100 TB",
        reference=100e12 / (8 * NODE_BYTES_S) / 3600,
        check=number(unit="hours", rel_tol=0.01),
        mistakes=[
            (100e12 / NODE_BYTES_S / 3600, "That is one node; eight of them record at once."),
            (100e12 / (8 * NODE_BYTES_S), "That is in seconds; an hour has 3600."),
            (100e12 / (8 * NODE_BYTES_S) / 60, "That is in minutes; an hour has 60 of them."),
            (
                100e9 / (8 * NODE_BYTES_S) / 3600,
                "A terabyte is a million million bytes, 1e12; that was with 1e9, a gigabyte.",
            ),
        ],
        hints=[
            "Eight nodes write 6 GB a second.",
            "100e12 bytes, divided by the bytes a second, are seconds.",
        ],
        solution="""
            n_nodes = 8
            hours = 100e12 / (n_nodes * node_bytes_s) / 3600
        """,
    ),
    Exercise(
        id="L03-8",
        title="What averaging leaves",
        reference=NODE_BYTES_S / SPECTRA_AVERAGED[0],
        check=number(unit="bytes a second", rel_tol=5e-3),
        mistakes=[
            (
                NODE_BANDWIDTH_HZ / 2.7939677 * 4,
                "That is one integration. It takes 18.25 seconds to come about.",
            ),
            (
                NODE_BANDWIDTH_HZ / 2.7939677 / 18.253611,
                "That is numbers a second; each takes four bytes.",
            ),
            (
                NODE_BYTES_S / 18.253611,
                "Divided by the integration time alone: how many channels are there?",
            ),
            (
                NODE_BYTES_S / SPECTRA_AVERAGED[0] * 2,
                "Twice too much: the two polarisations were added up, there is one number a channel.",
            ),
            (NODE_BYTES_S / SPECTRA_AVERAGED[0] / 1e6, "That is in megabytes; bytes a second are asked for."),
        ],
        hints=[
            "How many channels of 2.79 Hz are in 187.5 MHz? Each is one number of 4 bytes.",
            "That many bytes come every 18.25 seconds.",
        ],
        solution="""
            n_channels = bandwidth_hz / 2.7939677
            product_bytes_s = n_channels * 4 / 18.253611
        """,
    ),
]
