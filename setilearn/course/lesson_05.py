"""Lesson 05: the exercises. All references follow from the numbers in the exercise and a formula."""

import math

from setilearn.course.answers import array, integer, number
from setilearn.course.exercise import Exercise

TITLE = "The drift search"

SPEED_OF_LIGHT_M_S = 299_792_458
FREQUENCY_HZ, RADIUS_M, DAY_S = 8.4e9, 6.378e6, 86_164
ANGULAR_SPEED = 2 * math.pi / DAY_S
ACCELERATION_M_S2 = ANGULAR_SPEED**2 * RADIUS_M
N_TIME, N_CHAN, N_ROUNDS = 16, 2**20, 4
FOFF_HZ, TSAMP_S = 2.7939677238464355, 18.253611008
MAX_DRIFT_HZ_S = 4.0
CROSSED = MAX_DRIFT_HZ_S * TSAMP_S / FOFF_HZ
SNR_AT_REST, WIDTH = 100, 25

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
        id="L05-3",
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
                "Upside down: hertz stand above the line, seconds below it.",
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
        id="L05-4",
        title="Channels crossed in one integration",
        reference=CROSSED,
        check=number(unit="channels", rel_tol=0.01),
        mistakes=[
            (
                MAX_DRIFT_HZ_S * TSAMP_S,
                "That is in hertz; how many channels of 2.79 Hz are they?",
            ),
            (
                CROSSED * N_TIME,
                "That is in all 16 integrations; one is asked for.",
            ),
            (CROSSED * (N_TIME - 1), "That is over the whole observation; one integration is asked for."),
            (MAX_DRIFT_HZ_S / FOFF_HZ, "That is in one second; an integration lasts 18.25 s."),
            (lambda crossed: 1 / crossed, "Upside down: the distance stands above, the channel width below."),
        ],
        hints=[
            "In one integration the tone moves by drift x tsamp_s hertz.",
            "Divide by the width of a channel, foff_hz.",
        ],
        solution="crossed = 4.0 * whole.header.tsamp_s / whole.header.foff_hz",
    ),
    Exercise(
        id="L05-5",
        title="What smearing leaves",
        reference=[SNR_AT_REST / WIDTH, SNR_AT_REST / math.sqrt(WIDTH)],
        check=array(rel_tol=0.01),
        mistakes=[
            (
                [SNR_AT_REST / math.sqrt(WIDTH), SNR_AT_REST / WIDTH],
                "Both numbers are right, in the wrong order: single channels first.",
            ),
            (
                [SNR_AT_REST / WIDTH, SNR_AT_REST / WIDTH],
                "The bin holds all of the tone's power again: it loses only by the noise, the root of 25.",
            ),
            (
                [SNR_AT_REST / math.sqrt(WIDTH), SNR_AT_REST / math.sqrt(WIDTH)],
                "A single channel holds a 25th of the power, and its noise is as before.",
            ),
            (
                [SNR_AT_REST / WIDTH, SNR_AT_REST],
                "The bin holds all of the power, but also the noise of 25 channels.",
            ),
            (
                [SNR_AT_REST / WIDTH, SNR_AT_REST * math.sqrt(WIDTH)],
                "A bin cannot gain on the tone at rest: its noise is larger, and the power is the same.",
            ),
        ],
        hints=[
            "A single channel holds 1/25 of the power, and the noise of one channel.",
            "25 channels hold all of the power, and noise that scatters sqrt(25) times as much.",
        ],
        solution="""
            snr_single = 100 / 25
            snr_bin = 100 / np.sqrt(25)
            kept = [snr_single, snr_bin]
        """,
    ),
]
