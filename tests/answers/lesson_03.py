"""Right and wrong answers of lesson 03, worked out by hand and by sums written out in plain Python."""

import cmath
import math

import numpy as np

import setilearn as sl

N = 12
SINC = [math.sin(math.pi * (k - 5.5) / 4) / (math.pi * (k - 5.5) / 4) for k in range(N)]
HAMMING = [0.54 - 0.46 * math.cos(2 * math.pi * k / 11) for k in range(N)]
HANN = [0.5 - 0.5 * math.cos(2 * math.pi * k / 11) for k in range(N)]
WEIGHTS = [-0.0171101, -0.016569, 0.0485729, 0.2848881, 0.6597084, 0.9563374]
WEIGHTS += WEIGHTS[::-1]


def by_sums(voltages, n_chan):
    """The discrete Fourier transform written out, frequencies from the lowest."""
    n_rows = len(voltages) // n_chan
    channels = [k - n_chan // 2 for k in range(n_chan)]
    turn = [[cmath.exp(-2j * math.pi * k * j / n_chan) for j in range(n_chan)] for k in channels]
    rows = [voltages[row * n_chan : (row + 1) * n_chan] for row in range(n_rows)]
    return [sum(abs(np.dot(row, one)) ** 2 for row in rows) / n_chan / n_rows for one in turn]


def polyphase_by_sums(samples, weights, n_chan):
    """|sum of w x exp(-2 pi i j k / n)|^2 for each channel k."""
    j = range(len(samples))
    return [
        abs(sum(weights[i] * samples[i] * cmath.exp(-2j * math.pi * i * k / n_chan) for i in j)) ** 2
        for k in range(n_chan)
    ]


def spectra(voltages, n_chan):
    rows = [voltages[k : k + n_chan] for k in range(0, len(voltages) - n_chan + 1, n_chan)]
    return np.array([np.fft.fft(row) for row in rows])


def solve_mystery(voltages):
    """By a polyphase filterbank: the strong line, and the strongest that is not at its foot."""
    power = sl.channelize(voltages, 1_024_000, n_chan=4096, n_int=40).power[0]
    strong = int(power.argmax())
    power[strong - 20 : strong + 21] = 0
    weak = int(power.argmax())
    return {"strong_khz": (strong - 2048) / 4, "weak_khz": (weak - 2048) / 4}


MYSTERY_SLIPS = [
    ("strong_khz", lambda khz: khz * 1e3),
    ("weak_khz", lambda khz: -khz),
    ("weak_khz", lambda khz: khz + 1420e3),
]


def product(a, b):
    return [x * y for x, y in zip(a, b, strict=True)]


RIGHT = {
    "L03-1": [10.24, 10.2],
    "L03-2": [by_sums, lambda v, n: np.fft.fftshift((np.abs(spectra(v, n)) ** 2).mean(0)) / n],
    "L03-3": [10_240, 10_240.0],
    "L03-4": [product(SINC, HAMMING), WEIGHTS],
    "L03-5": [polyphase_by_sums, lambda x, w, n: np.abs(np.fft.fft(w * x)[:: len(x) // n]) ** 2],
    "L03-6": [750e6, 750_000_000],
}

WRONG = {
    "L03-1": [
        (102.4, "amplitude squared"),
        (0.01, "before the transform"),
        (0.32, "square root"),
        (11.24, "alone"),
        (9.766e-6, "not shared out"),
    ],
    "L03-2": [
        (lambda v, n: (np.abs(spectra(v, n)) ** 2).mean(0) / n, "Frequency 0 comes first"),
        (lambda v, n: np.fft.fftshift((np.abs(spectra(v, n)) ** 2).mean(0)), "divided by n_chan"),
        (lambda v, n: np.fft.fftshift((np.abs(spectra(v, n)) ** 2).sum(0)) / n, "sum of the spectra"),
        (lambda v, n: np.fft.fftshift(np.abs(spectra(v, n).mean(0)) ** 2) / n, "phases cancel"),
        (lambda v, n: np.fft.fftshift(np.abs(spectra(v, n)).mean(0)) / n, "its square"),
        (lambda v, n: np.fft.fftshift(np.abs(spectra(v, n)[0]) ** 2) / n, r"For \("),
        (lambda v, n: np.fft.fftshift((np.abs(spectra(v, n)) ** 2).mean(1)) / n, r"For \("),
    ],
    "L03-3": [(0.01, "How many samples"), (1024, "1 kHz"), (100, "one over"), (102_400_000, "100 seconds")],
    "L03-4": [
        (SINC, "times the window"),
        (HAMMING, "window alone"),
        (product(SINC, HANN), "np.hanning"),
        ([math.sin(4 * v) / (4 * v) * h for v, h in zip(range(1, 13), HAMMING, strict=True)], "values are"),
        ([math.sin((k - 5.5) / 4) / ((k - 5.5) / 4) * HAMMING[k] for k in range(N)], "pi in it"),
        (
            [math.sin(math.pi * (k - 5.5)) / (math.pi * (k - 5.5)) * HAMMING[k] for k in range(N)],
            "divided by n_chan",
        ),
        ([a + b for a, b in zip(SINC, HAMMING, strict=True)], "multiplies"),
        (WEIGHTS[:4], "shape"),
    ],
    "L03-5": [
        (lambda x, w, n: np.abs(np.fft.fft(x)[:: len(x) // n]) ** 2, "multiplied by the weights"),
        (lambda x, w, n: np.abs(np.fft.fft(w * x)[:: len(x) // n]), "its square"),
        (lambda x, w, n: sum(np.abs(np.fft.fft(r)) ** 2 for r in (w * x).reshape(-1, n)), "one transform"),
        (lambda x, w, n: np.abs((w * x).reshape(-1, n).sum(0)) ** 2, "np.fft.fft is missing"),
        (lambda x, w, n: np.abs(np.fft.fft((w * x).reshape(-1, n).mean(0))) ** 2, "mean of the stretches"),
        (lambda x, w, n: np.abs(np.fft.fft(x[:n])) ** 2, r"For \("),
        (lambda x, w, n: np.fft.fft((w * x).reshape(-1, n).sum(0)), "complex"),
    ],
    "L03-6": [
        (187.5e6, "One byte"),
        (375e6, "Half of it"),
        (1.5e9, "not twice"),
        (6e9, "bits"),
        (750, "megabytes"),
    ],
}
