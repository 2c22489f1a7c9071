"""Lesson 08: the exercises. All references follow from the numbers in the exercise and a formula."""

import inspect
import math

import numpy as np

import setilearn as sl
from setilearn.course.answers import array, function, instead, number
from setilearn.course.exercise import Exercise

TITLE = "Injection and recovery"

FOUND = np.arange(40) < 34
# Share of a Gaussian that lies above one sigma below its mean.
CHANCE = (1 + math.erf(1 / math.sqrt(2))) / 2
FOFF_HZ, TSAMP_S, SCAN_S = 2.7939677238464355, 18.253611008, 292.057776128
JANSKY = 1e-26
DISTANCE_M = 10 * 3.0857e16
FLUX_JY_HZ = 10 * 10 * math.sqrt(FOFF_HZ / (2 * SCAN_S))
SPHERE_M2 = 4 * math.pi * DISTANCE_M**2
EIRP_W = SPHERE_M2 * FLUX_JY_HZ * JANSKY
N_STARS = 692
STAR_SHARE = 1 - 0.05 ** (1 / N_STARS)


def completeness(found):
    share = np.mean(found)
    share_error = np.sqrt(share * (1 - share) / len(found))
    return share, share_error


def recovered(snrs, drift_hz_s, seed):
    quiet, found = sl.simulate_noise(16, 2048, seed=seed), []
    for snr in snrs:
        sky = sl.add_tone(quiet, quiet.header.frequency_mhz(1024), drift_hz_s=drift_hz_s, snr=snr)
        hits = sl.search_drift(sky, snr=10.0, progress=False)
        found.append(any(abs(hits["channel"] - 1024) <= 20))
    return found


def _recovered(snrs, drift_hz_s, seed, *, threshold=10.0, rests=False, adds_up=False, judge=None):
    """`recovered` with parts of it changed."""
    sky = quiet = sl.simulate_noise(16, 2048, seed=seed)
    found = []
    for snr in snrs:
        drift = 0.0 if rests else drift_hz_s
        before = sky if adds_up else quiet
        sky = sl.add_tone(before, quiet.header.frequency_mhz(1024), drift_hz_s=drift, snr=snr)
        hits = sl.search_drift(sky, snr=threshold, progress=False)
        found.append(judge(hits) if judge else bool((abs(hits["channel"] - 1024) <= 20).any()))
    return found


# Far from the threshold on either side, so that noise does not decide.
_SKIES = [
    ([5, 40, 200, 4], 0.0, 1),
    ([100, 12, 30], 2.0, 2),
    ([60, 300, 7], -3.0, 3),
    ([], 0.0, 4),
    ([14.5, 13.5], 0.0, 6),
]


EXERCISES = [
    Exercise(
        id="L08-1",
        title="The injection loop",
        reference=lambda: recovered,
        check=function(*_SKIES, compare=array()),
        mistakes=[
            (
                instead(lambda snrs, drift, seed: _recovered(snrs, drift, seed, rests=True)),
                "As if the tones stood still: give `add_tone` the drift as well, and search.",
            ),
            (
                instead(lambda snrs, drift, seed: _recovered(snrs, drift, seed, adds_up=True)),
                "Each tone goes into the noise alone: from round to round they pile up in the same sky.",
            ),
            (
                instead(
                    lambda snrs, drift, seed: _recovered(snrs, drift, seed, judge=lambda hits: len(hits) == 0)
                ),
                "True is for what was found, False for what was missed.",
            ),
            (
                instead(lambda snrs, drift, seed: _recovered(snrs, drift, seed, threshold=25.0)),
                "The threshold of the search is to be 10: `snr=10.0`.",
            ),
        ],
        hints=[
            "`sl.add_tone(quiet, quiet.header.frequency_mhz(1024), drift_hz_s=drift_hz_s, snr=snr)`",
            "`sl.search_drift(sky, snr=10.0, progress=False)`; its column `channel` says where hits begin.",
        ],
        solution=inspect.getsource(recovered),
    ),
    Exercise(
        id="L08-2",
        title="Completeness and its error",
        reference=lambda: completeness,
        check=function(
            (FOUND,),
            (FOUND[::-5],),
            (np.array([True, False]),),
            (np.ones(7, bool),),  # none missed
            (np.zeros(3, bool),),
            compare=array(rel_tol=0, abs_tol=0.002),
        ),
        mistakes=[
            (
                instead(lambda found: (np.mean(found), math.sqrt(found.sum()) / found.size)),
                "The root of the number found is for counts without a limit; here at most all can be found.",
            ),
            (
                instead(lambda found: (np.mean(found), np.std(found))),
                "That is the scatter of one birdie; divide by how many there were, under the root.",
            ),
            (
                instead(lambda found: (np.mean(found), np.var(found) / found.size)),
                "That is the variance: the error is its square root.",
            ),
            (
                instead(lambda found: (1 - np.mean(found), completeness(found)[1])),
                "That is the share of those that were missed.",
            ),
            (
                instead(lambda found: (found.sum(), completeness(found)[1])),
                "That is a number of birdies; completeness is a share of all.",
            ),
            (
                instead(lambda found: tuple(100 * value for value in completeness(found))),
                "That is in percent; give shares from 0 to 1.",
            ),
            (
                instead(lambda found: (np.mean(found), math.sqrt(np.var(found) / 40))),
                "There are not always 40: found.size says how many.",
            ),
        ],
        hints=[
            "Completeness is the number found over the number injected: the mean of ones and zeros.",
            "`np.sqrt(share * (1 - share) / len(found))` is its error.",
        ],
        solution=inspect.getsource(completeness),
    ),
    Exercise(
        id="L08-3",
        title="A tone just above the threshold",
        reference=CHANCE,
        check=number(abs_tol=0.006, rel_tol=0),
        mistakes=[
            (1, "Noise can also take away: what was injected at 11 may be measured at 9.8."),
            (1 - CHANCE, "That is the chance that it is missed."),
            (2 * CHANCE - 1, "That is the share within one sigma on both sides; what is above counts too."),
            (0.5, "That is so at SNR 10 exactly; here the tone is one sigma above."),
            (100 * CHANCE, "That is in percent; give a number from 0 to 1."),
        ],
        hints=[
            "The measured SNR scatters around 11 with a sigma of 1. It has to be above 10.",
            "68 % of a bell curve lie within one sigma, so 16 % lie below and 16 % above that.",
        ],
        solution="chance_found = 1 - (1 - 0.6827) / 2",
    ),
    Exercise(
        id="L08-4",
        title="Where the default goes blind",
        reference=2.35,
        check=number(unit="Hz/s", rel_tol=0, abs_tol=0.3),
        mistakes=[
            (0.9, "That is full resolution's; read the curve of the default, the circles farther right."),
            (4.0, "Up to there it was told to look; how many does it find there?"),
            (1.6, "There it still finds nearly all: go on to where the curve crosses one half."),
            (16, "That is in channels an integration; one is 0.153 Hz/s."),
        ],
        hints=[
            "Follow the dots of the default from the left until they fall below one half.",
            "Between 1.9 Hz/s, where nearly all are found, and 2.6 Hz/s, where few are.",
        ],
        solution="half_at_hz_s = 2.4",
    ),
    Exercise(
        id="L08-5",
        title="The transmitter that would have been seen",
        reference=EIRP_W,
        check=number(unit="W", rel_tol=0.01),
        mistakes=[
            (FLUX_JY_HZ * SPHERE_M2, "A jansky is 1e-26 W/m2/Hz: that factor is missing."),
            (EIRP_W / 4, "A sphere has the area 4 pi d squared; the 4 is missing."),
            (EIRP_W / 10, "The threshold is ten sigma, and the telescope's SEFD 10 Jy: both are needed."),
            (
                EIRP_W * math.sqrt(2),
                "Two polarisations are recorded: n_pol is 2.",
            ),
            (
                EIRP_W / FOFF_HZ,
                "That is a flux a hertz: multiply by the 2.794 Hz of the channel that the tone is in.",
            ),
            (EIRP_W / 3.0857e16**2, "The distance is to be in metres: a parsec is 3.0857e16 m."),
        ],
        hints=[
            "First the least flux: 10 times the SEFD of 10 Jy times the root, times 1e-26.",
            "Then spread it over the sphere: 4 pi d squared, with d in metres.",
        ],
        solution="""
            flux_w_m2 = 10 * 10e-26 * np.sqrt(2.794 / (2 * 292.06))
            distance_m = 10 * 3.0857e16
            eirp_w = 4 * np.pi * distance_m**2 * flux_w_m2
        """,
    ),
    Exercise(
        id="L08-6",
        title="How many stars may still transmit",
        reference=STAR_SHARE,
        check=number(rel_tol=0.01),
        mistakes=[
            (
                1 / N_STARS,
                "With one star in 692 transmitting, none would be seen in 37 % of such surveys.",
            ),
            (0.05 / N_STARS, "With so few, hardly any survey would see one: seeing none says nothing then."),
            (0.05 ** (1 / N_STARS), "That is the share that does not transmit."),
            (1 - 0.95 ** (1 / N_STARS), "There 95 % of such surveys would see none; it should be 5 %."),
            (100 * STAR_SHARE, "That is in percent; give a number from 0 to 1."),
        ],
        hints=[
            "If a share x transmits, all 692 stars are silent with the chance (1 - x) to the power 692.",
            "Solve (1 - x)**692 = 0.05.",
        ],
        solution="""
            silent_share = 0.05 ** (1 / 692)
            transmitting_share = 1 - silent_share
        """,
    ),
]
