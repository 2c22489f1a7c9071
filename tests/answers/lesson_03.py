"""Right and wrong answers of lesson 03, worked out by hand and by sums written out in plain Python."""

import cmath
import math

N = 12
SINC = [math.sin(math.pi * (k - 5.5) / 4) / (math.pi * (k - 5.5) / 4) for k in range(N)]
HAMMING = [0.54 - 0.46 * math.cos(2 * math.pi * k / 11) for k in range(N)]
HANN = [0.5 - 0.5 * math.cos(2 * math.pi * k / 11) for k in range(N)]
WEIGHTS = [-0.0171101, -0.016569, 0.0485729, 0.2848881, 0.6597084, 0.9563374]
WEIGHTS += WEIGHTS[::-1]
WAVE = [cmath.exp(2j * math.pi * 0.3 * k) for k in range(N)]


def power(weights, first=0, last=N):
    """|sum of w x exp(-2 pi i j k / 4)|^2 for the channels k = 0 to 3."""
    return [
        abs(sum(weights[j] * WAVE[j] * cmath.exp(-2j * math.pi * j * k / 4) for j in range(first, last))) ** 2
        for k in range(4)
    ]


def product(a, b):
    return [x * y for x, y in zip(a, b, strict=True)]


RIGHT = {
    "L03-1": [10.24, 10.2],
    "L03-2": [10_240, 10_240.0],
    "L03-3": [product(SINC, HAMMING), WEIGHTS],
    "L03-4": [power(product(SINC, HAMMING)), [0.00000192, 12.33344707, 0.23558819, 0.0003101]],
    "L03-5": [128, 127.99],  # 366211 x 0.0003495
    "L03-6": [750e6, 750_000_000],
    "L03-7": [4.63, 4.6296],  # 100,000 GB at 6 GB/s are 16,667 s
    "L03-8": [14_706_000, 14.7e6, 750e6 / 51],
}

WRONG = {
    "L03-1": [
        (102.4, "amplitude squared"),
        (0.01, "before the transform"),
        (0.32, "square root"),
        (11.24, "alone"),
        (9.766e-6, "not shared out"),
    ],
    "L03-2": [(0.01, "How many samples"), (1024, "1 kHz"), (100, "one over"), (102_400_000, "100 seconds")],
    "L03-3": [
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
    "L03-4": [
        ([1.381966, 36.9613452, 2.618034, 0.9271987], "multiplied by the weights"),
        ([0.0013853, 3.5119008, 0.4853743, 0.0176097], "its square"),
        (power([1] * N, 0, 4), "first stretch"),
        ([0.170962, 9.5820135, 1.517209, 0.2008892], "one transform, not three"),
        (
            [abs(sum(WEIGHTS[j] * WAVE[j] for j in range(r, N, 4))) ** 2 for r in range(4)],
            "np.fft.fft is missing",
        ),
        ([1.0] * 12, "shape"),
    ],
    "L03-5": [
        (1023.9, "8 of them"),
        (8, "number of channels"),
        (0.0078125, "Upside down"),
        (51, "high frequency"),
        (0.128, "thousand"),
        (127_990.7, "Too large"),
    ],
    "L03-6": [
        (187.5e6, "One byte"),
        (375e6, "Half of it"),
        (1.5e9, "not twice"),
        (6e9, "bits"),
        (750, "megabytes"),
    ],
    "L03-7": [(37.04, "one node"), (16_667, "seconds"), (277.8, "minutes"), (0.00463, "1e12")],
    "L03-8": [
        (268.4e6, "one integration"),
        (3.6765e6, "each takes four"),
        (41.09e6, "how many channels"),
        (29.41e6, "one number a channel"),
        (14.706, "megabytes"),
    ],
}
