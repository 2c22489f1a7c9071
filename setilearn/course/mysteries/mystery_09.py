"""The mystery of lesson 09."""

from setilearn.course.answers import describe, number, shorten
from setilearn.course.mystery import Mystery
from setilearn.simulate.survey import simulate_survey


def make_mystery(seed):
    """A survey of thirty stars with one signal, an impostor of each kind, and the band's interference."""
    survey = simulate_survey(30, n_signals=1, n_near_misses=1, seed=1000 + seed)
    (signal,) = survey.truth[survey.truth["kind"] == "signal"].itertuples()
    truth = {
        "star": signal.source_name,
        "frequency_mhz": signal.frequency_mhz,
        "drift_hz_s": signal.drift_hz_s,
    }
    return (survey.hits, survey.observations), truth


def _check_star(answer, reference):
    if not isinstance(answer, str):
        return f'Expected the name of a star, such as "simulated 001", found {describe(answer)}.'
    return None if answer.strip().casefold() == reference.casefold() else f"It is not {shorten(answer)}."


MYSTERY = Mystery(
    question="Which star hides the signal? At what frequency, in MHz, is it in its first ON scan, and how "
    "fast does it drift, in Hz/s?",
    make=make_mystery,
    checks={
        "star": _check_star,
        "frequency_mhz": number(unit="MHz", rel_tol=0, abs_tol=2e-5),
        "drift_hz_s": number(unit="Hz/s", rel_tol=0, abs_tol=0.02),
    },
)
