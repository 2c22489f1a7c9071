"""Lesson 02: the exercises. Voyager 1's figures are those of turbo_seti's table of the 2016 observation."""

import math

from setilearn.course.answers import number
from setilearn.course.exercise import Exercise

TITLE = "Waterfall plots"

CARRIER_MHZ = 8419.297028
DRIFT_HZ_S = -0.377557
FOFF_HZ = 2.7939677238464355
TSAMP_S = 18.253611008
# The least step in drift that the observation can tell apart: one channel over its 15 intervals.
DRIFT_STEP_HZ_S = FOFF_HZ / (15 * TSAMP_S)
BAND_CENTRE_MHZ = 8419.921874
SPEED_OF_LIGHT_M_S = 299_792_458

EXERCISES = [
    Exercise(
        id="L02-1",
        title="From a ratio to decibels",
        reference=10 * math.log10(27),
        check=number(unit="dB", abs_tol=0.05, rel_tol=0),
        mistakes=[
            (
                20 * math.log10(27),
                "Twice too much: 20 log10 is for amplitudes (voltages); power takes 10 log10.",
            ),
            (10 * math.log(27), "That is ten times the natural logarithm (np.log); decibels take np.log10."),
            (
                math.log10(27),
                "That is in bels; a decibel is a tenth of a bel, so there are ten times as many.",
            ),
        ],
        hints=[
            "Decibels are ten times the logarithm to base 10 of a ratio of powers.",
            "`np.log10` is that logarithm.",
        ],
        solution="""
            ratio = 27
            ratio_db = 10 * np.log10(ratio)
        """,
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
                "That is the lowest channel of the cut-out. Go up from it by as many channels as first_peak.",
            ),
            (CARRIER_MHZ * 1e6, "That is in Hz; the answer is wanted in MHz."),
        ],
        hints=[
            "`first_peak` is a channel number; lesson 01 turned those into frequencies.",
            "`carrier.header.frequency_mhz(channel)` is the centre of a channel.",
        ],
        solution="carrier_mhz = carrier.header.frequency_mhz(first_peak)",
    ),
    Exercise(
        id="L02-5",
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
            "The carrier moves by `last_peak - first_peak` channels of `foff_hz` in 15 steps of `tsamp_s`.",
        ],
        solution="""
            moved_hz = (last_peak - first_peak) * carrier.header.foff_hz
            elapsed_s = 15 * carrier.header.tsamp_s
            drift_hz_s = moved_hz / elapsed_s
        """,
    ),
    Exercise(
        id="L02-6",
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
