"""Lesson 00: the exercises."""

from setilearn.course.answers import number
from setilearn.course.exercise import Exercise

TITLE = "Start here"

SPEED_OF_LIGHT_M_S = 299_792_458
AU_M = 149_597_870_700
VOYAGER_DISTANCE_AU = 136  # in September 2016, when the data of this course were taken

EXERCISES = [
    Exercise(
        id="L00-1",
        title="How long the telescope looked",
        reference=16 * 18.253611008,
        check=number(unit="seconds", rel_tol=2e-3),
        mistakes=[
            (16 + 18.253611008, "That is the sum; every one of the 16 rows lasts 18.25 s."),
            (15 * 18.253611008, "That is 15 rows: the last one has its duration too."),
            (16 * 18.253611008 / 60, "That is in minutes; the answer is wanted in seconds."),
        ],
        hints=[
            "The rows follow one another without a gap.",
            "Multiply the number of rows by the length of one.",
        ],
        solution="""
            n_rows = 16
            row_s = 18.253611008
            duration_s = n_rows * row_s
        """,
    ),
    Exercise(
        id="L00-2",
        title="Repair a cell: the wavelength",
        reference=SPEED_OF_LIGHT_M_S / 8419.297028e6,
        check=number(unit="metres", rel_tol=1e-3),
        mistakes=[
            (
                8419.297028 / SPEED_OF_LIGHT_M_S,
                "This is what the broken line does: wavelength is speed over frequency, not the reverse.",
            ),
            (
                8419.297028e6 / SPEED_OF_LIGHT_M_S,
                "The units are right, but that is one over the wavelength: divide speed by frequency.",
            ),
            (
                SPEED_OF_LIGHT_M_S / 8419.297028,
                "Right way round, but the frequency is still in MHz: a speed in m/s goes with hertz.",
            ),
        ],
        hints=[
            "A wave that moves at speed c and swings f times a second has the length c / f.",
            "1 MHz is 1e6 Hz.",
        ],
        solution="""
            speed_of_light_m_s = 299_792_458
            frequency_mhz = 8419.297028
            # broken: wavelength_m = frequency_mhz / speed_of_light_m_s
            wavelength_m = speed_of_light_m_s / (frequency_mhz * 1e6)
        """,
    ),
    Exercise(
        id="L00-3",
        title="How old the signal was",
        reference=VOYAGER_DISTANCE_AU * AU_M / SPEED_OF_LIGHT_M_S / 3600,
        check=number(unit="hours", rel_tol=5e-3),
        mistakes=[
            (lambda hours: hours * 3600, "That is in seconds; the answer is wanted in hours."),
            (lambda hours: hours * 60, "That is in minutes; the answer is wanted in hours."),
            (lambda hours: 2 * hours, "That is there and back; the signal came one way."),
            (
                lambda hours: hours / 1000,
                "Too small by a thousand: is the astronomical unit in kilometres there?",
            ),
        ],
        hints=["Time is distance divided by speed.", "Divide by 3600 to turn seconds into hours."],
        solution="""
            distance_m = 136 * 149_597_870_700
            light_travel_h = distance_m / speed_of_light_m_s / 3600
        """,
    ),
]
