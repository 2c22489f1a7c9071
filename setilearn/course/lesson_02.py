"""Lesson 02: the exercises. Voyager 1's figures are those of turbo_seti's table of the 2016 observation."""

import inspect
import math

import numpy as np

from setilearn.course.answers import array, function, instead, number
from setilearn.course.exercise import Exercise

TITLE = "Waterfall plots"

CARRIER_MHZ = 8419.297028
VOYAGER_FCH1_MHZ = 8418.457032646984
DRIFT_HZ_S = -0.377557
FOFF_HZ = 2.7939677238464355
TSAMP_S = 18.253611008
# The least step in drift that the observation can tell apart: one channel over its 15 intervals.
DRIFT_STEP_HZ_S = FOFF_HZ / (15 * TSAMP_S)
BAND_CENTRE_MHZ = 8419.921874
SPEED_OF_LIGHT_M_S = 299_792_458

# Of the two lines of the left side band, in the telescope's file and in its stand-in.
LINE_DISTANCE_HZ = 318.0


def decibel(power):
    return 10 * np.log10(power / np.median(power))


EXERCISES = [
    Exercise(
        id="L02-1",
        title="Decibels above the noise",
        reference=lambda: decibel,
        check=function(
            (np.array([1.0, 1.0, 27.0]),),
            (np.array([[1e-26, 2e-26, 4e-26], [1e-27, 3e-26, 2e-25]]),),
            (np.array([5.0]),),
            (np.array([3, 1, 2, 100]),),
            compare=array(abs_tol=1e-3),
        ),
        mistakes=[
            (
                instead(lambda power: 20 * np.log10(power / np.median(power))),
                "Twice too much: 20 log10 is for amplitudes (voltages); power takes 10 log10.",
            ),
            (
                instead(lambda power: 10 * np.log(power / np.median(power))),
                "That is ten times the natural logarithm (np.log); decibels take np.log10.",
            ),
            (
                instead(lambda power: np.log10(power / np.median(power))),
                "That is in bels; a decibel is a tenth of a bel, so there are ten times as many.",
            ),
            (
                instead(lambda power: 10 * np.log10(power)),
                "That counts from a power of 1: divide by the median of the noise first.",
            ),
            (
                instead(lambda power: 10 * np.log10(power / np.mean(power))),
                "That counts from the mean, which a strong signal pulls up: take the median.",
            ),
            (
                instead(lambda power: 10 * np.log10(power - np.median(power) + 1)),
                "Decibels tell a ratio: divide by the median, do not take it off.",
            ),
        ],
        hints=[
            "Decibels are ten times the logarithm to base 10 of a ratio of powers.",
            "The ratio is `power / np.median(power)`, for all of the array at once.",
        ],
        solution=inspect.getsource(decibel),
    ),
    Exercise(
        id="L02-2",
        title="The DC spike",
        reference=BAND_CENTRE_MHZ,
        check=number(unit="MHz", abs_tol=0.05, rel_tol=0),
        mistakes=[
            (
                CARRIER_MHZ,
                "That is Voyager's carrier: a signal. Look for the spike in the very middle of the band.",
            ),
            (8418.457, "That is the lower edge of the band. Look in the middle."),
            (8421.387, "That is the upper edge of the band. Look in the middle."),
        ],
        hints=[
            "Find the thin spike exactly half-way between the two edges, and read the axis below it.",
            "`sum(whole.header.band_mhz) / 2` is the centre of the band.",
        ],
        solution="dc_spike_mhz = 8419.92",
    ),
    Exercise(
        id="L02-3",
        title="What averaging does to noise",
        reference=1 / math.sqrt(102 * 16 * 4),
        check=number(rel_tol=0.02),
        mistakes=[
            (
                1 / (102 * 16 * 4),
                "That is one over the number of values: noise falls only with its square root.",
            ),
            (
                1 / math.sqrt(51 * 16 * 4),
                "That is one polarisation: there are two, 102 spectra in each number.",
            ),
            (1 / math.sqrt(102 * 16), "That is without the four channels: they are averaged too."),
            (
                1 / math.sqrt(16 * 4),
                "Each sample is already the average of 102 spectra: those count as well.",
            ),
            (1 / math.sqrt(102 * 4), "That is without the 16 integrations: they are averaged too."),
        ],
        hints=[
            "The average of n independent values scatters 1 / sqrt(n) times as much as one of them.",
            "How many spectra are in one averaged number? 102 x 16 x 4.",
        ],
        solution="""
            n_spectra = 102 * 16 * 4
            relative_scatter = 1 / np.sqrt(n_spectra)
        """,
    ),
    Exercise(
        id="L02-4",
        title="A pair of lines",
        reference=LINE_DISTANCE_HZ,
        check=number(unit="Hz", rel_tol=0, abs_tol=25),
        mistakes=[
            (45_000, "That is from one side band to the other; each of them is a pair of lines."),
            (22_500, "That is from the carrier to the side band: zoom in on the side band, it is a pair."),
            (LINE_DISTANCE_HZ / 1e6, "That is in MHz or kHz; the answer is wanted in Hz."),
            (LINE_DISTANCE_HZ / FOFF_HZ, "That is in channels; each is 2.79 Hz wide."),
            (28, "That is from the carrier to one of the bumps beside it; go 22.5 kHz to the left."),
        ],
        hints=[
            "Centre the explorer on 8419.2745 MHz and zoom in until about 1 kHz is in sight.",
            "Both lines are slanted: read them in one integration, near 8419.2744 and 8419.2747 MHz.",
        ],
        solution="line_distance_hz = (8419.274692 - 8419.274374) * 1e6",
    ),
    Exercise(
        id="L02-5",
        title="Frequency of the carrier",
        reference=CARRIER_MHZ,
        check=number(unit="MHz", abs_tol=1.1 * FOFF_HZ / 1e6, rel_tol=0),
        mistakes=[
            (
                CARRIER_MHZ + DRIFT_HZ_S * 15 * TSAMP_S / 1e6,
                "That is where the carrier ended: the frequency in the first integration is asked for.",
            ),
            (
                8419.296818319708,
                "That is the lowest channel of the cut-out. Go up from it to the brightest one.",
            ),
            (CARRIER_MHZ * 1e6, "That is in Hz; the answer is wanted in MHz."),
            (
                VOYAGER_FCH1_MHZ + (CARRIER_MHZ - 8419.296818319708),
                "Counted in the whole recording: `carrier` has a header, and a first channel, of its own.",
            ),
        ],
        hints=[
            "`argmax` of the first row gives a channel number; lesson 01 turned those into frequencies.",
            "`carrier.header.frequency_mhz(channel)` is the centre of a channel.",
        ],
        solution="""
            first_peak = carrier.power[0].argmax()
            carrier_mhz = carrier.header.frequency_mhz(first_peak)
        """,
    ),
    Exercise(
        id="L02-6",
        title="Drift rate of the carrier",
        reference=DRIFT_HZ_S,
        check=number(unit="Hz/s", abs_tol=DRIFT_STEP_HZ_S, rel_tol=0),
        mistakes=[
            (
                -DRIFT_HZ_S,
                "The size is right, the sign is not: the frequency falls, so the drift is negative.",
            ),
            (
                DRIFT_HZ_S * 15 / 16,
                "Nearly: from the first of 16 integrations to the last there are 15 steps, not 16.",
            ),
            (
                DRIFT_HZ_S * TSAMP_S,
                "That is the drift in one integration, in Hz; divide by its length in seconds.",
            ),
            (DRIFT_HZ_S / FOFF_HZ, "That is in channels a second; a channel is 2.79 Hz wide."),
            (DRIFT_HZ_S / 1e6, "That is in MHz/s; the answer is wanted in Hz/s."),
        ],
        hints=[
            "Drift rate is change in frequency divided by the time it took.",
            "From the first row's brightest channel to the last row's, times `foff_hz`, in 15 `tsamp_s`.",
        ],
        solution="""
            moved_hz = (carrier.power[-1].argmax() - first_peak) * carrier.header.foff_hz
            elapsed_s = 15 * carrier.header.tsamp_s
            drift_hz_s = moved_hz / elapsed_s
        """,
    ),
    Exercise(
        id="L02-7",
        title="The acceleration behind the drift",
        reference=DRIFT_HZ_S / (CARRIER_MHZ * 1e6) * SPEED_OF_LIGHT_M_S,
        check=number(unit="m/s^2", rel_tol=0.04),
        mistakes=[
            (
                lambda a: -a,
                "The size is right, the sign is not: the velocity towards the source falls.",
            ),
            (
                lambda a: a * 1e6,
                "A factor of a million: the drift is in Hz/s, so the frequency is needed in Hz.",
            ),
            (
                lambda a: a / SPEED_OF_LIGHT_M_S,
                "That is the fraction by which the frequency falls each second: times c, please.",
            ),
        ],
        hints=[
            "A change of velocity dv changes the frequency by df = f dv / c: turn that round for dv.",
            "Divide both by the time: acceleration = drift / f * c, with f in Hz.",
        ],
        solution="""
            speed_of_light_m_s = 299_792_458
            acceleration_m_s2 = drift_hz_s / (carrier_mhz * 1e6) * speed_of_light_m_s
        """,
    ),
]
