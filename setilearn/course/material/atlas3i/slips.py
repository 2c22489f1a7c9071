"""Lesson 15: slips in a limit and in a plan, and what is said of each."""

import math

from setilearn.course.answers import instead
from setilearn.course.material.atlas3i.rules import plan_hours


def _limit(distance_m, snr, drift_hz_s, *, least=1, power=2, smeared=1.0, per=2.0, jansky=1e-26):
    """`eirp_limit_w` with parts of it changed."""
    channels = max(least, abs(drift_hz_s) * 18.25 / 2.79)
    flux = channels**smeared * snr * 10 * jansky * math.sqrt(2.79 / (per * 300))
    return 4 * math.pi * distance_m**power * flux


LIMIT = [
    (
        instead(lambda d, s, drift: _limit(d, s, drift, least=0)),
        "What drifts by less than a channel is in one channel all the same: at least 1.",
    ),
    (
        instead(lambda d, s, drift: _limit(d, s, 0)),
        "Without the drift: what crosses n channels leaves only one n-th of its power in each.",
    ),
    (
        instead(lambda d, s, drift: _limit(d, s, max(drift, 0))),
        "A drift downwards smears as much: its size counts, `abs(drift_hz_s)`.",
    ),
    (
        instead(lambda d, s, drift: _limit(d, s, drift, smeared=0.5)),
        "The root is for a search that adds up the channels; single channels lose the full factor.",
    ),
    (
        instead(lambda d, s, drift: _limit(d, s, drift, power=1)),
        "The area of a sphere grows with the square of the distance.",
    ),
    (
        instead(lambda d, s, drift: _limit(d, s, drift, per=1.0)),
        "There are two polarisations: 2 times 300 s under the root.",
    ),
    (
        instead(lambda d, s, drift: _limit(d, s, drift, jansky=1.0)),
        "A jansky is 1e-26 watts per square metre and hertz.",
    ),
    (
        instead(lambda d, s, drift: _limit(d, 16, drift)),
        "The threshold is the argument `snr`, not always 16.",
    ),
    (instead(lambda d, s, drift: _limit(d, s, drift) / 4), "A sphere has the area 4 pi d squared."),
]
PLAN = [
    (
        instead(
            lambda n, net, core, cores: (
                *plan_hours(n, net, core, cores)[:2],
                sum(plan_hours(n, net, core, cores)[:2]),
            )
        ),
        "The next scan comes while this one is searched: the slower of the two sets the pace.",
    ),
    (
        instead(
            lambda n, net, core, cores: (
                *plan_hours(n, net, core, cores)[:2],
                min(plan_hours(n, net, core, cores)),
            )
        ),
        "Nobody waits for the faster of the two: it is the slower that sets the pace.",
    ),
    (
        instead(lambda n, net, core, cores: tuple(3600 * h for h in plan_hours(n, net, core, cores))),
        "That is in seconds: an hour has 3600.",
    ),
    (
        instead(lambda n, net, core, cores: plan_hours(n, net, core, 1)),
        "Many cores search at the same time: their rates add up.",
    ),
    (
        instead(lambda n, net, core, cores: plan_hours(n / 10.2, net, core, cores)),
        "A scan has 10.2 GB.",
    ),
    (
        instead(lambda n, net, core, cores: plan_hours(n, net / 8, core, cores)),
        "The network is given in gigabytes a second already; no bits here.",
    ),
]
