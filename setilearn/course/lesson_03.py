"""Lesson 03: the exercises. The figures are those of Green Bank (Lebofsky et al. 2019, PASP 131, 124505)."""

import inspect

import numpy as np

from setilearn.course.answers import array, function, instead, number
from setilearn.course.exercise import Exercise

TITLE = "From voltages to a filterbank"

N_TAPS, N_CHAN = 3, 4
X = (np.arange(N_TAPS * N_CHAN) - (N_TAPS * N_CHAN - 1) / 2) / N_CHAN
WEIGHTS = np.sinc(X) * np.hamming(N_TAPS * N_CHAN)
NODE_BANDWIDTH_HZ = 187.5e6
NODE_BYTES_S = NODE_BANDWIDTH_HZ * 2 * 2


def spectrometer(voltages, n_chan):
    stretches = voltages[: len(voltages) // n_chan * n_chan].reshape(-1, n_chan)
    power = np.abs(np.fft.fft(stretches)) ** 2 / n_chan
    return np.fft.fftshift(power.mean(axis=0))


def polyphase(samples, weights, n_chan):
    stretches = (weights * samples).reshape(-1, n_chan)
    return np.abs(np.fft.fft(stretches.sum(axis=0))) ** 2


def wave(n, turns=0.3):
    """A sine that makes so many turns from sample to sample."""
    return np.exp(2j * np.pi * turns * np.arange(n))


def _noisy(n, seed):
    rng = np.random.default_rng(seed)
    return wave(n, 0.1) + rng.normal(size=n) + 1j * rng.normal(size=n)


_FOUR_TAPS = np.hanning(32)
_SPECTRA = [(_noisy(64, 1), 8), (_noisy(40, 2), 16), (wave(12), 4), (_noisy(5, 3), 5)]
_POLYPHASE = [(wave(12), WEIGHTS, 4), (_noisy(32, 4), _FOUR_TAPS, 8), (_noisy(8, 5), np.ones(8), 8)]


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
        title="A spectrometer",
        reference=lambda: spectrometer,
        check=function(*_SPECTRA),
        mistakes=[
            (
                instead(
                    lambda v, n: (
                        np.fft.ifftshift(spectrometer(v, n)) if n % 2 else np.fft.fftshift(spectrometer(v, n))
                    )
                ),
                "Frequency 0 comes first: fftshift has to put the lowest frequency there.",
            ),
            (
                instead(lambda v, n: spectrometer(v, n) * n),
                "The power has to be divided by n_chan, so that noise of power 1 comes out at 1.",
            ),
            (
                instead(lambda v, n: spectrometer(v, n) * (len(v) // n)),
                "That is the sum of the spectra; their mean is asked for.",
            ),
            (
                instead(
                    lambda v, n: np.fft.fftshift(
                        np.abs(np.fft.fft(v[: len(v) // n * n].reshape(-1, n)).mean(axis=0)) ** 2 / n
                    )
                ),
                "The mean of the complex transforms: their phases cancel. First the power, then the mean.",
            ),
            (
                instead(
                    lambda v, n: np.fft.fftshift(
                        np.abs(np.fft.fft(v[: len(v) // n * n].reshape(-1, n))).mean(axis=0) / n
                    )
                ),
                "That is the modulus; power is its square.",
            ),
            (
                instead(
                    lambda v, n: np.fft.fftshift(
                        np.mean(np.abs(np.fft.fft(v[: len(v) // n * n].reshape(n, -1).T)) ** 2 / n, axis=0)
                    )
                ),
                "Samples that follow one another belong into one stretch: `.reshape(-1, n_chan)`.",
            ),
        ],
        hints=[
            "`voltages[: len(voltages) // n_chan * n_chan].reshape(-1, n_chan)`: a stretch a row.",
            "`np.abs(np.fft.fft(stretches)) ** 2 / n_chan`, and of that the mean over the rows, `axis=0`.",
        ],
        solution=inspect.getsource(spectrometer),
    ),
    Exercise(
        id="L03-3",
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
        id="L03-4",
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
        id="L03-5",
        title="A polyphase filterbank",
        reference=lambda: polyphase,
        check=function(*_POLYPHASE),
        mistakes=[
            (
                instead(lambda samples, w, n: polyphase(samples, np.ones(len(samples)), n)),
                "Were the samples multiplied by the weights before they were added up?",
            ),
            (
                instead(lambda samples, w, n: np.sqrt(polyphase(samples, w, n))),
                "That is the modulus; power is its square.",
            ),
            (
                instead(
                    lambda samples, w, n: (np.abs(np.fft.fft((w * samples).reshape(-1, n))) ** 2).sum(axis=0)
                ),
                "Add the stretches up first, then transform the sum: one transform, not three.",
            ),
            (
                instead(lambda samples, w, n: np.abs((w * samples).reshape(-1, n).sum(axis=0)) ** 2),
                "That is the power of the sum before the transform: np.fft.fft is missing.",
            ),
            (
                instead(lambda samples, w, n: polyphase(samples, w, n) / (len(samples) // n) ** 2),
                "That is the mean of the stretches; their sum is asked for.",
            ),
        ],
        hints=[
            "Row 0 of `stretches` has the first n_chan weighted samples. Add up the rows: `.sum(axis=0)`.",
            "`np.abs(np.fft.fft(summed)) ** 2` is the power of a spectrum.",
        ],
        solution=inspect.getsource(polyphase),
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
]
