"""Lesson 15: the exercises on a published search of 3I/ATLAS."""

import inspect

import numpy as np

from setilearn.course.answers import array, function, instead, integer, number
from setilearn.course.exercise import Exercise
from setilearn.course.material.atlas3i import slips
from setilearn.course.material.atlas3i.claim import CLAIM, HEADLINE, OTHERS, check_claim
from setilearn.course.material.atlas3i.rules import (
    BANDS,
    FREQUENCIES_MHZ,
    LIMITS,
    PLANS,
    SNR,
    eirp_limit_w,
    in_a_band,
    in_all_ons,
    in_no_off,
    plan_hours,
)

TITLE = "A published search, redone"
# Of the tables in material/atlas3i, counted by hand and once more in tests/test_lesson_15_claims.py
FEW_RECORDINGS, BETWEEN_THRESHOLDS = 8, 17


EXERCISES = [
    Exercise(
        id="L15-1",
        title="Few recordings, most hits",
        reference=FEW_RECORDINGS,
        check=integer(unit="recordings"),
        mistakes=[
            (7, "Nearly: seven hold 89.6 %, and 90 % are asked for. The next one takes it over."),
            (54, "That is 90 % of the recordings; asked for are 90 % of the hits."),
            (60, "Largest first: from the smallest upwards one needs them all."),
            (4, "Seventy-three per cent: count on."),
            (1, "The largest alone has 45 %."),
        ],
        hints=[
            "Sort the 60 numbers, the largest first, and add them up one after another: `np.cumsum`.",
            "Divide by the sum of all. How many of these shares are below 0.9? One more is enough.",
        ],
        solution="""
            largest_first = np.sort(nodes["hits"])[::-1]
            shares = np.cumsum(largest_first) / largest_first.sum()
            n_recordings = (shares < 0.9).sum() + 1
        """,
    ),
    Exercise(
        id="L15-2",
        title="In every ON",
        reference=lambda: in_all_ons,
        check=function((SNR, 8.0), (SNR, 16.0), (SNR[::-1], 3.0), (SNR[:1], 30.0), (SNR[:0], 8.0)),
        mistakes=[
            (
                instead(lambda snr, least: (snr[:, 0::2] >= least).any(axis=1)),
                "In one ON is not enough: `all`, not `any`.",
            ),
            (
                instead(lambda snr, least: (snr[:, 1::2] >= least).all(axis=1)),
                "Those are the OFFs: the ONs are columns 0, 2 and 4, `snr[:, 0::2]`.",
            ),
            (
                instead(lambda snr, least: (snr[:, :3] >= least).all(axis=1)),
                "ON and OFF take turns: the first three columns are A1, B and A2.",
            ),
            (
                instead(lambda snr, least: (snr >= least).all(axis=1)),
                "That asks for all six scans; the rule is about the three ONs.",
            ),
            (
                instead(lambda snr, least: (snr[:, 0::2] > least).all(axis=1)),
                "`least` itself is enough: at least 8 means >=.",
            ),
            (
                instead(lambda snr, least: (snr[:, 0::2] >= 8).all(axis=1)),
                "The threshold is the argument `least`, not always 8.",
            ),
            (
                instead(lambda snr, least: snr[:, 0::2].mean(axis=1) >= least),
                "A mean hides a scan in which it is missing, behind a strong one.",
            ),
        ],
        hints=[
            "`snr[:, 0::2]` has every second column: A1, A2, A3.",
            "`(ons >= least)` is True or False for each; `.all(axis=1)` asks along each row.",
        ],
        solution=inspect.getsource(in_all_ons),
    ),
    Exercise(
        id="L15-3",
        title="In no OFF",
        reference=lambda: in_no_off,
        check=function((SNR, 4.0), (SNR, 10.0), (SNR[::-1], 2.0), (SNR, 8.5), (SNR[:0], 4.0)),
        mistakes=[
            (
                instead(lambda snr, below: (snr[:, 1::2] < below).any(axis=1)),
                "One quiet OFF is not enough: the signal must be in none of the three.",
            ),
            (
                instead(lambda snr, below: (snr[:, 0::2] < below).all(axis=1)),
                "Those are the ONs: the OFFs are columns 1, 3 and 5, `snr[:, 1::2]`.",
            ),
            (
                instead(lambda snr, below: (snr[:, 3:] < below).all(axis=1)),
                "ON and OFF take turns: the last three columns are C, A3 and D.",
            ),
            (
                instead(lambda snr, below: (snr[:, 1::2] <= below).all(axis=1)),
                "What reaches `below` is in the OFF: < and not <=.",
            ),
            (
                instead(lambda snr, below: (abs(snr[:, 1::2]) < below).all(axis=1)),
                "An SNR below zero is no signal, however large: it is fainter there than around.",
            ),
            (
                instead(lambda snr, below: (snr[:, 1::2] < 4).all(axis=1)),
                "The threshold is the argument `below`, not always 4.",
            ),
            (
                instead(lambda snr, below: (snr[:, 1::2] >= below).any(axis=1)),
                "That says which are in an OFF: the other way round.",
            ),
        ],
        hints=[
            "As in L15-2, with the other three columns, and with less in place of more.",
            "`(offs < below).all(axis=1)`",
        ],
        solution=inspect.getsource(in_no_off),
    ),
    Exercise(
        id="L15-4",
        title="In a downlink",
        reference=lambda: in_a_band,
        check=function(
            (FREQUENCIES_MHZ, BANDS),
            (FREQUENCIES_MHZ[::-1], BANDS[:1]),
            (FREQUENCIES_MHZ, BANDS[:0]),
            (FREQUENCIES_MHZ[4:6], BANDS),
        ),
        mistakes=[
            (
                instead(lambda mhz, bands: (mhz >= bands[-1:, :1].sum()) & (mhz <= bands[-1:, 1:].sum())),
                "Only the last band is left: join it to what was found before, with |.",
            ),
            (
                instead(lambda mhz, bands: np.zeros(len(mhz), bool)),
                "Nothing is in a band. With & on an array that begins with False, False it stays: |.",
            ),
            (
                instead(lambda mhz, bands: ~in_a_band(mhz, bands)),
                "That is the other way round: True is for what lies inside.",
            ),
            (
                instead(lambda mhz, bands: np.any([mhz >= low for low, _ in bands] or [mhz < 0], axis=0)),
                "A band has an upper end too.",
            ),
            (
                instead(lambda mhz, bands: np.any([mhz <= high for _, high in bands] or [mhz < 0], axis=0)),
                "A band has a lower end too.",
            ),
            (
                instead(
                    lambda mhz, bands: np.any(
                        [(mhz > low) & (mhz < high) for low, high in bands] or [mhz < 0], axis=0
                    )
                ),
                "The ends of a band belong to it: <= and >=.",
            ),
        ],
        hints=[
            "Inside one band: `(frequency_mhz >= low_mhz) & (frequency_mhz <= high_mhz)`, in parentheses.",
            "Inside this band or one before it: `inside | (...)`.",
        ],
        solution=inspect.getsource(in_a_band),
    ),
    Exercise(
        id="L15-5",
        title="Between two thresholds",
        reference=BETWEEN_THRESHOLDS,
        check=integer(unit="survivors"),
        mistakes=[
            (20, "That counts those above 16 too; a threshold of 16 would have caught these."),
            (274, "So many stay below 10 in every OFF. Asked for are those that do not, but stay below 16."),
            (10, "That is among the 27 in all ONs; asked for are all 294."),
            (29, "That counts OFF scans with an SNR between the two; one strongest OFF a row is asked for."),
            (291, "Below 16 are nearly all. Of these, how many reach 10?"),
            (277, "Those are the others, all but the ones that are asked for."),
        ],
        hints=[
            "The strongest OFF of each row: `snr[:, 1::2].max(axis=1)`.",
            "Count where it is at least 10 and below 16: two conditions in parentheses, with & between them.",
        ],
        solution="""
            strongest_off = snr[:, 1::2].max(axis=1)
            n_between = ((strongest_off >= 10) & (strongest_off < 16)).sum()
        """,
    ),
    Exercise(
        id="L15-6",
        title="A limit with a drift",
        reference=lambda: eirp_limit_w,
        check=function(*LIMITS, compare=number(unit="W", rel_tol=0.01)),
        mistakes=slips.LIMIT,
        hints=[
            "Channels: drift times 18.25 s are hertz, over 2.79 Hz are channels; `max(1, ...)`.",
            "Flux: channels * snr * 10e-26 * np.sqrt(2.79 / (2 * 300)).",
            "The power goes through a sphere: 4 * np.pi * distance_m**2 * flux_w_m2.",
        ],
        solution=inspect.getsource(eirp_limit_w),
    ),
    Exercise(
        id="L15-7",
        title="What nothing may claim",
        reference=CLAIM,
        check=check_claim,
        mistakes=[
            (HEADLINE, "That is the headline. Each of its five parts says more than was looked at."),
            (OTHERS, "Each part is to be said as narrowly as the search was: once more, one by one."),
        ],
        hints=[
            "For each part: would the search have noticed, if it were otherwise?",
            "An object, three scans of each band, the clean part of 1 to 12 GHz, a power towards us, a tone.",
        ],
        solution="""
            claim = {
                "who": "b",
                "when": "c",
                "where": "a",
                "power": "c",
                "kind": "b",
            }
        """,
    ),
    Exercise(
        id="L15-8",
        title="A plan for 3.7 TB",
        reference=lambda: plan_hours,
        check=function(*PLANS, compare=array(rel_tol=0.01)),
        mistakes=slips.PLAN,
        hints=[
            "GB over GB/s are seconds, and 3600 of them an hour.",
            "Cores together search core_gb_s * n_cores.",
            "In all: max(fetch_h, search_h).",
        ],
        solution=inspect.getsource(plan_hours),
    ),
]
