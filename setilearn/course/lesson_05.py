"""Lesson 05: the exercises. All references follow from the numbers in the exercise and a formula."""

import inspect
import math

import numpy as np

from setilearn.course.answers import function, instead, integer, number
from setilearn.course.exercise import Exercise

TITLE = "The drift search"

SPEED_OF_LIGHT_M_S = 299_792_458
FREQUENCY_HZ, RADIUS_M, DAY_S = 8.4e9, 6.378e6, 86_164
ANGULAR_SPEED = 2 * math.pi / DAY_S
ACCELERATION_M_S2 = ANGULAR_SPEED**2 * RADIUS_M
N_TIME, N_CHAN, N_ROUNDS = 16, 2**20, 4
FOFF_HZ, TSAMP_S = 2.7939677238464355, 18.253611008
CARRIER_HZ_S = -0.3776  # published: turbo_seti's drift of Voyager's carrier


def straighten(power, drift_hz_s, foff_hz, tsamp_s):
    rows = []
    for k, row in enumerate(power):
        moved = round(drift_hz_s * k * tsamp_s / foff_hz)
        rows.append(np.roll(row, -moved))
    return np.array(rows)


def in_bins(power, width):
    n_bins = power.shape[1] // width
    return power[:, : n_bins * width].reshape(len(power), n_bins, width).sum(axis=2)


def _rows_moved(power, moved_of):
    return np.array([np.roll(row, -round(moved_of(k))) for k, row in enumerate(power)])


POWER = np.random.default_rng(5).integers(0, 20, (6, 32)).astype(float)


EXERCISES = [
    Exercise(
        id="L05-1",
        title="Drift from the Earth's turning",
        reference=FREQUENCY_HZ * ACCELERATION_M_S2 / SPEED_OF_LIGHT_M_S,
        check=number(unit="Hz/s", rel_tol=0.01),
        mistakes=[
            (
                FREQUENCY_HZ * ANGULAR_SPEED * RADIUS_M / SPEED_OF_LIGHT_M_S,
                "That is with the speed: it shifts the frequency. What makes it drift is the acceleration.",
            ),
            (
                lambda drift: drift / (2 * math.pi) ** 2,
                "The angular speed is 2 pi a turn: (2 pi / day)^2 times the radius.",
            ),
            (ACCELERATION_M_S2, "That is the acceleration in m/s^2: times f / c gives the drift."),
            (lambda drift: -drift, "The size is asked for: a positive number."),
            (lambda drift: drift / 1e6, "That is in MHz/s; the answer is wanted in Hz/s."),
        ],
        hints=[
            "A point on a circle of radius R, turning with angular speed w, accelerates by w^2 R.",
            "The angular speed is 2 pi / day_s.",
            "drift = f a / c, with f = 8.4e9 Hz.",
        ],
        solution="""
            speed_of_light_m_s = 299_792_458
            frequency_hz, radius_m, day_s = 8.4e9, 6.378e6, 86_164
            acceleration_m_s2 = (2 * np.pi / day_s) ** 2 * radius_m
            largest_drift_hz_s = frequency_hz * acceleration_m_s2 / speed_of_light_m_s
        """,
    ),
    Exercise(
        id="L05-2",
        title="A line made straight",
        reference=lambda: straighten,
        check=function(
            (POWER, 0.4, 2.5, 10.0),  # 1.6 channels a row
            (POWER, -0.4, 2.5, 10.0),
            (POWER, 0.0, 2.5, 10.0),
            (POWER[:1], 3.0, 2.5, 10.0),
            (POWER, 12.0, 2.5, 10.0),  # farther than the band is wide
        ),
        mistakes=[
            (
                instead(lambda p, d, f, t: _rows_moved(p, lambda k: -d * k * t / f)),
                "The rows move the wrong way: a rising tone has to be shifted back, to lower channels.",
            ),
            (
                instead(lambda p, d, f, t: _rows_moved(p, lambda k: d * k * t)),
                "That shifts by hertz; how many channels of foff_hz are they?",
            ),
            (
                instead(lambda p, d, f, t: _rows_moved(p, lambda k: int(d * k * t / f))),
                "To the nearest whole number: int() cuts off what is behind the point; round() rounds.",
            ),
            (
                instead(lambda p, d, f, t: _rows_moved(p, lambda k: d * (k + 1) * t / f)),
                "The first integration stays where it is: k begins at 0.",
            ),
            (
                instead(lambda p, d, f, t: _rows_moved(p, lambda k: d * k / f)),
                "From one row to the next tsamp_s seconds pass, not one.",
            ),
            (
                instead(lambda p, d, f, t: np.roll(p, -round(d * (len(p) - 1) * t / f), axis=1)),
                "All rows are shifted alike; each has its own time.",
            ),
        ],
        hints=[
            "Hertz: the drift, times the seconds since the first integration. Channels: hertz over foff_hz.",
            "moved = round(drift_hz_s * k * tsamp_s / foff_hz)",
            "Back means: the other sign, np.roll(row, -moved).",
        ],
        solution=inspect.getsource(straighten),
    ),
    Exercise(
        id="L05-3",
        title="The drift of the highest peak",
        reference=CARRIER_HZ_S,
        check=number(unit="Hz/s", rel_tol=0, abs_tol=0.03),
        mistakes=[
            (lambda drift: -drift, "The line leans to the left as time goes on: its frequency falls."),
            (0.0, "At 0 nothing is shifted: that is the plateau of lesson 02."),
            (
                lambda drift: drift * TSAMP_S / FOFF_HZ,
                "That is in channels an integration; the slider's number is wanted, in Hz/s.",
            ),
        ],
        hints=[
            "The line leans to the left: try drifts below 0.",
            "Keep the right-hand picture in sight: the peak is highest where it is narrowest.",
            "A loop: the height is straighten(carrier.power, drift, foff_hz, tsamp_s).mean(axis=0).max().",
        ],
        solution="""
            best_drift_hz_s = -0.38
        """,
    ),
    Exercise(
        id="L05-4",
        title="Additions of the tree",
        reference=N_TIME * N_CHAN * N_ROUNDS,
        check=integer(),
        mistakes=[
            (
                N_TIME * N_CHAN * (N_TIME - 1),
                "That is brute force: 15 additions a sum. The tree takes one a round.",
            ),
            (N_CHAN * N_ROUNDS, "That is for one drift only: there are 16."),
            (
                N_TIME * N_CHAN * 5,
                "One round too many: 16 to 8 to 4 to 2 to 1 integrations are four rounds.",
            ),
            (N_TIME * N_CHAN, "That is the number of sums in one round. How many rounds are there?"),
            (
                N_CHAN * (8 * 2 + 4 * 4 + 2 * 8),
                "The last round is missing: it joins two groups of 8 into 16 sums.",
            ),
        ],
        hints=[
            "In the first round 8 pairs have 2 sums each: 16 additions for each channel. And in the second?",
            "Every round takes 16 additions a channel: 8 x 2, 4 x 4, 2 x 8, 1 x 16.",
            "How often can 16 be halved until 1 is left?",
        ],
        solution="""
            n_time, n_chan = 16, 1_048_576
            n_rounds = 4
            additions = n_rounds * n_time * n_chan
        """,
    ),
    Exercise(
        id="L05-5",
        title="The step in drift",
        reference=FOFF_HZ / ((N_TIME - 1) * TSAMP_S),
        check=number(unit="Hz/s", rel_tol=5e-3),
        mistakes=[
            (
                FOFF_HZ / (N_TIME * TSAMP_S),
                "Nearly: from the first of 16 integrations to the last there are 15 steps, not 16.",
            ),
            (
                FOFF_HZ / TSAMP_S,
                "That is one channel in each integration; the step is one channel in the whole observation.",
            ),
            (
                lambda step: 1 / step,
                "Upside down: hertz belong in the numerator, seconds in the denominator.",
            ),
            (
                1 / ((N_TIME - 1) * TSAMP_S),
                "That is in channels a second; a channel is 2.79 Hz wide.",
            ),
        ],
        hints=[
            "The next line ends one channel farther on. How many hertz is that, in how many seconds?",
            "Count the steps in time from the first of 16 integrations to the last.",
        ],
        solution="""
            foff_hz, tsamp_s = whole.header.foff_hz, whole.header.tsamp_s
            drift_step_hz_s = foff_hz / (15 * tsamp_s)
        """,
    ),
    Exercise(
        id="L05-6",
        title="Channels added up in bins",
        reference=lambda: in_bins,
        check=function((POWER, 4), (POWER, 5), (POWER, 1), (POWER, 32), (POWER[:1, :7], 3)),
        mistakes=[
            (
                instead(lambda p, w: in_bins(p, w) / w),
                "That is the mean of the channels; the sum is asked for.",
            ),
            (
                instead(
                    lambda p, w: np.array([p[:, k : k + w].sum(axis=1) for k in range(p.shape[1] - w + 1)]).T
                ),
                "These bins overlap, one begins at each channel; they are to lie side by side.",
            ),
            (
                instead(lambda p, w: np.add.reduceat(p, np.arange(0, p.shape[1], w), axis=1)),
                "The channels left over at the end make a bin of their own: leave them out.",
            ),
            (
                instead(lambda p, w: p[:, : p.shape[1] // w * w : w]),
                "That takes one channel of each bin; all of them are to be added up.",
            ),
            (
                instead(lambda p, w: in_bins(p, w).sum(axis=0)),
                "The integrations are added up too: each keeps its row.",
            ),
        ],
        hints=[
            "How many whole bins fit: n_bins = power.shape[1] // width.",
            "A reshape to (integrations, n_bins, width) puts the channels of a bin along the last axis.",
            "power[:, : n_bins * width].reshape(len(power), n_bins, width).sum(axis=2)",
        ],
        solution=inspect.getsource(in_bins),
    ),
]
