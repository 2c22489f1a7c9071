"""Lesson 07: the exercises, and what others published of the same recording of Voyager 1.

References come from published numbers and formulas alone, so that they hold for the telescope's data
and for the stand-in alike.
"""

import math

from setilearn.course.answers import choice, number
from setilearn.course.exercise import Exercise

TITLE = "Find Voyager 1"

N_CHAN, N_TIME = 2**20, 16
FOFF_HZ, TSAMP_S = 2.7939677238464355, 18.253611008
DRIFT_STEP_HZ_S = FOFF_HZ / ((N_TIME - 1) * TSAMP_S)
N_LINES = N_CHAN * 8 / DRIFT_STEP_HZ_S
CARRIER_HZ = 8419.297028e6
SPEED_OF_LIGHT_M_S = 299_792_458
# Speed of the Green Bank Telescope away from Voyager's place in the sky at both ends of the scan, by
# astropy (SkyCoord.radial_velocity_correction), which the tests repeat.
AWAY_START_M_S, AWAY_STOP_M_S, SCAN_S = 23_386.9201, 23_390.8516, 292.0578
SHIFT_HZ = -(AWAY_STOP_M_S - AWAY_START_M_S) * CARRIER_HZ / SPEED_OF_LIGHT_M_S
EARTH_HZ_S = SHIFT_HZ / SCAN_S
LOWER_MHZ, UPPER_MHZ = (8419.274374 + 8419.274693) / 2, (8419.319368 + 8419.319684) / 2
SUBCARRIER_KHZ = (UPPER_MHZ - LOWER_MHZ) / 2 * 1e3
SIDE_BAND_SNR, SIDE_BAND_SIGMA, RECEIVER_SIGMA = 39.4, 4.7, 1.3

EXERCISES = [
    Exercise(
        id="L07-1",
        title="How many lines were tried",
        reference=N_LINES,
        check=number(rel_tol=0.01),
        mistakes=[
            (N_LINES / 2, "That is half of them: drifts from -4 to +4 Hz/s span 8 Hz/s, not 4."),
            (8 / DRIFT_STEP_HZ_S, "That is the number of drift rates: each is tried from every channel."),
            (
                N_LINES * N_TIME,
                "A line takes in all 16 integrations: they are summed, not tried one by one.",
            ),
            (N_CHAN * N_TIME, "That is the number of samples. How many lines can be laid through them?"),
        ],
        hints=[
            "A line is told by two numbers: the channel where it begins and its drift rate.",
            "How many steps of 0.0102 Hz/s are there from -4 to +4 Hz/s?",
        ],
        solution="""
            n_drifts = 8 / 0.010204
            n_lines = 2**20 * n_drifts
        """,
    ),
    Exercise(
        id="L07-2",
        title="The drift that the Earth's motion gives",
        reference=EARTH_HZ_S,
        check=number(unit="Hz/s", rel_tol=3e-3),
        mistakes=[
            (-EARTH_HZ_S, "The size is right. The telescope recedes ever faster: does the frequency rise?"),
            (SHIFT_HZ, "That is the change over the whole scan, in Hz; divide it by the 292 s."),
            (
                (AWAY_START_M_S - AWAY_STOP_M_S) / SCAN_S,
                "That is the acceleration, in m/s2; it is to be multiplied by f / c.",
            ),
            (EARTH_HZ_S / 1e6, "Too small by a million: is the frequency still in MHz?"),
            (
                -AWAY_START_M_S * CARRIER_HZ / SPEED_OF_LIGHT_M_S,
                "That is the shift by the speed itself, in Hz; a drift comes from the speed's change.",
            ),
        ],
        hints=[
            "First by how much the speed changes in a second, then what that does to the frequency.",
            "A speed v away from the source lowers the frequency f by f v / c.",
            "`-(23_390.8516 - 23_386.9201) / 292.0578` is the acceleration towards Voyager, in m/s2.",
        ],
        solution="""
            acceleration_m_s2 = -(23_390.8516 - 23_386.9201) / 292.0578
            earth_hz_s = acceleration_m_s2 * 8419.297028e6 / 299_792_458
        """,
    ),
    Exercise(
        id="L07-3",
        title="One transmitter, one drift",
        reference=EARTH_HZ_S * 22.5e3 / CARRIER_HZ,
        check=number(unit="Hz/s", rel_tol=0.01),
        mistakes=[
            (
                -EARTH_HZ_S * 22.5e3 / CARRIER_HZ,
                "The size is right, the sign is not: the higher frequency falls faster.",
            ),
            (
                EARTH_HZ_S * (1 + 22.5e3 / CARRIER_HZ),
                "That is the side band's own drift: by how much does it differ from the carrier's?",
            ),
            (EARTH_HZ_S * 22.5e3 / 8419.297028, "Is one frequency in kHz or Hz, and the other in MHz?"),
            (-0.397966 + 0.377557, "That is how far the published drifts differ. What does Doppler give?"),
            (0, "Very nearly, but not quite: the drift is in proportion to the frequency."),
        ],
        hints=[
            "The drift is f times a / c: what changes f by a part in a thousand changes it by as much.",
            "Which part of 8419.297028 MHz are 22.5 kHz?",
        ],
        solution="""
            share = 22.5e3 / 8419.297028e6
            difference_hz_s = -0.378 * share
        """,
    ),
    Exercise(
        id="L07-4",
        title="The same line against the receiver's noise",
        reference=SIDE_BAND_SNR * SIDE_BAND_SIGMA / RECEIVER_SIGMA,
        check=number(rel_tol=0.01),
        mistakes=[
            (
                SIDE_BAND_SNR * RECEIVER_SIGMA / SIDE_BAND_SIGMA,
                "The other way round: held against less noise, the same line stands out more.",
            ),
            (
                SIDE_BAND_SNR * math.sqrt(SIDE_BAND_SIGMA / RECEIVER_SIGMA),
                "No root: the SNR is the line's power divided by sigma, and sigma is what changes.",
            ),
            (
                SIDE_BAND_SNR * SIDE_BAND_SIGMA,
                "That is the line's power; divide it by the receiver's sigma.",
            ),
        ],
        hints=[
            "SNR times sigma is the power of the line, whatever it is held against.",
            "Divide that power by the receiver's sigma.",
        ],
        solution="""
            line_power = 39.4 * 4.7
            receiver_snr = line_power / 1.3
        """,
    ),
    Exercise(
        id="L07-5",
        title="The subcarrier",
        reference=SUBCARRIER_KHZ,
        check=number(unit="kHz", abs_tol=0.01, rel_tol=0),
        mistakes=[
            (2 * SUBCARRIER_KHZ, "That is from one side band to the other; the carrier is half-way."),
            (
                (8419.319368 - 8419.297028) * 1e3,
                "That is the lower line of a pair: take the middle of each pair.",
            ),
            (
                (8419.319684 - 8419.297028) * 1e3,
                "That is the upper line of a pair: take the middle of each pair.",
            ),
            (SUBCARRIER_KHZ / 1e3, "That is in MHz; the answer is wanted in kHz."),
        ],
        hints=[
            "Take the middle of the two upper lines, and that of the two lower ones.",
            "The subcarrier is half the distance between these two middles.",
        ],
        solution="""
            lower_mhz = (8419.274374 + 8419.274693) / 2
            upper_mhz = (8419.319368 + 8419.319684) / 2
            subcarrier_khz = (upper_mhz - lower_mhz) / 2 * 1e3
        """,
    ),
    Exercise(
        id="L07-6",
        title="What one scan cannot exclude",
        reference="a satellite",
        check=choice("noise", "a transmitter on the ground", "a satellite"),
        mistakes=[
            (
                "noise",
                "At an SNR of 30 chance is no excuse: section 2 expected none even at 10.",
            ),
            (
                "a transmitter on the ground",
                "It would turn with the telescope, and stand still in frequency. These lines do not.",
            ),
        ],
        hints=[
            "Two of the three are excluded by numbers of this lesson: the SNR, and the drift.",
            "What else moves across the sky, and so drifts?",
        ],
        solution='remaining = "a satellite"',
    ),
]
