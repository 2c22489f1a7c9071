"""Lesson 05: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np

import setilearn as sl


def by_index(power, drift_hz_s, foff_hz, tsamp_s):
    """The same by the places that are read, in place of np.roll."""
    n_time, n_chan = power.shape
    moved = np.round(drift_hz_s * np.arange(n_time) * tsamp_s / foff_hz).astype(int)
    places = (np.arange(n_chan) + moved[:, None]) % n_chan
    return np.take_along_axis(power, places, axis=1)


def with_a_loop(power, drift_hz_s, foff_hz, tsamp_s):
    rows = power.copy()
    for k in range(len(rows)):
        rows[k] = np.roll(rows[k], -int(np.rint(drift_hz_s * k * tsamp_s / foff_hz)))
    return rows


def moved_by(step):
    def straighten(power, drift_hz_s, foff_hz, tsamp_s):
        return np.array([np.roll(row, step(drift_hz_s, k, foff_hz, tsamp_s)) for k, row in enumerate(power)])

    return straighten


def straighten_in_place(power, drift_hz_s, foff_hz, tsamp_s):
    power[:] = by_index(power, drift_hz_s, foff_hz, tsamp_s)
    return power


def bins_by_loop(power, width):
    n_bins = power.shape[1] // width
    return np.array([[row[k * width : (k + 1) * width].sum() for k in range(n_bins)] for row in power])


def bins_by_cumsum(power, width):
    sums = np.pad(np.cumsum(power, axis=1), ((0, 0), (1, 0)))[:, ::width]
    return np.diff(sums, axis=1)


def solve_mystery(spectrogram):
    """By the package's search; the acceleration by the formula of the lesson."""
    hit = sl.search_drift(spectrogram, progress=False).nlargest(1, "snr").iloc[0]
    return {
        "frequency_mhz": hit["frequency_mhz"],
        "drift_hz_s": hit["drift_hz_s"],
        "acceleration_m_s2": hit["drift_hz_s"] / hit["frequency_mhz"] / 1e6 * 299_792_458,
    }


MYSTERY_SLIPS = [
    ("frequency_mhz", lambda mhz: mhz * 1e6),
    ("drift_hz_s", lambda drift: -drift),
    ("acceleration_m_s2", lambda a: a * 1e6),
]

RIGHT = {
    "L05-1": [0.9503, 0.95],  # (7.29212e-5)^2 x 6.378e6 = 0.033915 m/s^2, times 28.0194
    "L05-2": [by_index, with_a_loop],
    "L05-3": [-0.37, -0.4, -0.38],
    "L05-4": [67_108_864, 67_108_864.0],  # 4 x 16 x 1,048,576
    "L05-5": [0.010204, 0.0102041],  # 2.793968 / 273.804
    "L05-6": [bins_by_loop, bins_by_cumsum],
}

WRONG = {
    "L05-1": [
        (13_032, "with the speed"),
        (0.02407, "2 pi a turn"),
        (0.033915, "in m/s"),
        (-0.9503, "positive"),
        (9.503e-7, "MHz/s"),
    ],
    "L05-2": [
        (moved_by(lambda d, k, f, t: round(d * k * t / f)), "the wrong way"),
        (moved_by(lambda d, k, f, t: -round(d * k * t)), "shifts by hertz"),
        (moved_by(lambda d, k, f, t: -int(d * k * t / f)), "cuts off"),
        (moved_by(lambda d, k, f, t: -round(d * (k + 1) * t / f)), "k begins at 0"),
        (moved_by(lambda d, k, f, t: -round(d * k / f)), "not one"),
        (lambda power, d, f, t: by_index(power, d, f, t).mean(axis=0), "shape"),
        (straighten_in_place, "work on a copy"),
        (lambda power, d, f, t: None, "`return`"),
        (np.zeros((6, 32)), "Expected a function"),
    ],
    "L05-3": [
        (0.378, "its frequency falls"),
        (0, "At 0 nothing is shifted"),
        (-2.47, "channels an integration"),
        (-0.3, "Too high"),
    ],
    "L05-4": [
        (251_658_240, "brute force"),  # 16 x 15 x 1,048,576
        (4_194_304, "one drift only"),
        (83_886_080, "One round too many"),
        (16_777_216, "one round"),
        (50_331_648, "last round"),
    ],
    "L05-5": [
        (0.009566, "15 steps"),
        (0.15306, "in each integration"),
        (98.0, "Upside down"),
        (0.0036523, "channels a second"),
    ],
    "L05-6": [
        (lambda power, width: bins_by_loop(power, width) / width, "the mean of the channels"),
        (
            lambda power, width: np.lib.stride_tricks.sliding_window_view(power, width, axis=1).sum(axis=-1),
            "overlap",
        ),
        (
            lambda power, width: np.add.reduceat(power, range(0, power.shape[1], width), axis=1),
            "leave them out",
        ),
        (lambda power, width: power[:, : power.shape[1] // width * width : width], "one channel of each bin"),
        (lambda power, width: bins_by_loop(power, width).sum(axis=0), "keeps its row"),
        (lambda power, width: bins_by_loop(power, width).T, "axes swapped"),
        (lambda power: power, "it stops: TypeError"),
    ],
}
