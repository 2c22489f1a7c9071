"""Interference by its recurrence: small tables by hand, laws against brute force, whole simulated surveys."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from setilearn.errors import CadenceError
from setilearn.events.cadence import filter_cadence
from setilearn.events.interference import remove_common, rfi_occupancy
from setilearn.events.sky import sky_bunching
from setilearn.events.survey import filter_survey, join_observations, rank_events
from setilearn.simulate.survey import simulate_survey
from setilearn.tables import EVENTS, HITS, OBSERVATIONS, table
from setilearn.telescope import BANDS, Band


def hit(source_name, frequency_mhz, *, drift_hz_s=0.0, snr=20.0, scan=1, tstart_mjd=57000.0):
    return {
        "source_name": source_name,
        "scan": scan,
        "tstart_mjd": tstart_mjd,
        "frequency_mhz": frequency_mhz,
        "drift_hz_s": drift_hz_s,
        "snr": snr,
        "width_hz": 2.8,
        "channel": 0,
        "path": "",
    }


def hits_of(*rows):
    return table(HITS, [hit(*row) if isinstance(row, tuple) else row for row in rows])


def start_of(cadence, place):
    return 57000.0 + 0.03 * cadence + 0.004 * place


def observations_of(*stars, pattern="ABACAD", ra_deg=0.0, dec_deg=0.0):
    """A cadence for each star, one after the other."""
    rows = [
        {
            "source_name": star if letter == "A" else f"{star} {letter}",
            "scan": 10 * cadence + place,
            "tstart_mjd": start_of(cadence, place),
            "path": "",
            "ra_deg": ra_deg,
            "dec_deg": dec_deg,
            "cadence": f"of {star}",
            "position": "ON" if letter == "A" else "OFF",
        }
        for cadence, star in enumerate(stars)
        for place, letter in enumerate(pattern)
    ]
    return table(OBSERVATIONS, rows)


def seen(observations, cadence, places, frequency_mhz, **options):
    """A hit in each of these scans of a cadence, on a track without end."""
    drift_hz_s = options.get("drift_hz_s", 0.0)
    rows = observations[observations["cadence"] == cadence].iloc[list(places)]
    first_mjd = observations[observations["cadence"] == cadence]["tstart_mjd"].iloc[0]
    return [
        hit(
            row.source_name,
            frequency_mhz + drift_hz_s * (row.tstart_mjd - first_mjd) * 86400 / 1e6,
            scan=row.scan,
            tstart_mjd=row.tstart_mjd,
            **options,
        )
        for row in rows.itertuples()
    ]


# Occupancy


def test_occupancy_counted_by_hand():
    hits = hits_of(("a", 1400.2), ("a", 1400.7), ("b", 1400.9), ("a", 1402.0), ("c", 1402.9))
    occupancy = rfi_occupancy(hits)
    assert occupancy["low_mhz"].to_list() == [1400, 1401, 1402]
    assert occupancy["high_mhz"].to_list() == [1401, 1402, 1403]
    assert occupancy["n_hits"].to_list() == [3, 0, 2]
    assert occupancy["n_with"].to_list() == [2, 0, 2]
    assert occupancy["n_total"].to_list() == [3, 3, 3]
    assert occupancy["share"].to_list() == pytest.approx([2 / 3, 0, 2 / 3])


def test_occupancy_of_observations_tells_scans_of_one_star_apart():
    rows = [hit("a", 1400.2, scan=scan, tstart_mjd=57000 + scan) for scan in (1, 2, 3)]
    hits = hits_of(*rows, hit("b", 1401.5))
    assert rfi_occupancy(hits, of="observation")["n_with"].to_list() == [3, 1]
    assert rfi_occupancy(hits, of="star")["n_with"].to_list() == [1, 1]


def test_occupancy_of_a_given_band_of_all_that_was_observed():
    hits = hits_of(("a", 1399.0), ("a", 1400.0), ("b", 1400.4), ("a", 1400.5))
    occupancy = rfi_occupancy(hits, bin_mhz=0.5, band_mhz=(1400, 1401), n_total=8)
    # An upper end that is the edge of a bin opens none; a hit on an edge is in the bin that begins there.
    assert occupancy["low_mhz"].to_list() == [1400.0, 1400.5]
    assert occupancy["n_hits"].to_list() == [2, 1]
    assert occupancy["share"].to_list() == [2 / 8, 1 / 8]


def test_occupancy_of_nothing():
    occupancy = rfi_occupancy(hits_of(), band_mhz=(1400, 1402))
    assert occupancy["share"].to_list() == [0, 0]
    assert rfi_occupancy(hits_of()).empty


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bin_mhz": 0}, "bin_mhz: expected a width above 0, found 0"),
        ({"bin_mhz": float("nan")}, "found nan"),
        ({"of": "sky"}, "of: expected one of star, observation, found 'sky'"),
        ({"band_mhz": (1500, 1400)}, "band_mhz: expected the lower end first, found 1500 to 1400 MHz"),
    ],
)
def test_occupancy_asked_without_sense(options, message):
    with pytest.raises(CadenceError, match=message):
        rfi_occupancy(hits_of(("a", 1400.2)), **options)


# What other stars have too


def test_hits_that_another_star_has_are_removed():
    hits = hits_of(("a", 1400.0), ("b", 1400.0009), ("a", 1400.0025), ("a", 1500.0), ("a", 1500.0))
    # 900 Hz apart; 1600 Hz; and twice in one star alone.
    assert remove_common(hits).index.to_list() == [2, 3, 4]
    assert remove_common(hits, tolerance_hz=800).index.to_list() == [0, 1, 2, 3, 4]
    assert remove_common(hits, tolerance_hz=1600.1).index.to_list() == [3, 4]
    assert len(hits) == 5


def test_a_hit_that_drifts_is_compared_where_it_goes():
    hits = hits_of(hit("a", 1400.0, drift_hz_s=-2.0), hit("b", 1399.9985), hit("b", 1400.0015))
    # In 300 s it moves down by 600 Hz: the one 1500 Hz below is within 1 kHz of that, the one above is not.
    assert remove_common(hits).index.to_list() == [1, 2]
    assert remove_common(hits[["source_name", "frequency_mhz", "drift_hz_s"]].drop(1)).index.to_list() == [
        0,
        2,
    ]
    assert remove_common(hits, scan_s=200).index.to_list() == [0, 1, 2]


def test_sources_may_be_told_apart_by_another_column():
    observations = observations_of("a", "b")
    hits = hits_of(*seen(observations, "of a", [0, 1], 1400.0), *seen(observations, "of b", [3], 1500.0))
    assert remove_common(hits).index.to_list() == [2]
    joined = join_observations(hits, observations)
    assert remove_common(joined, by="cadence").index.to_list() == [0, 1, 2]


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 60), st.integers(-4, 4)),
        max_size=25,
    )
)
def test_removing_is_what_comparing_all_with_all_does(rows):
    hits = hits_of(*(hit(name, 1400 + 2e-4 * place, drift_hz_s=drift) for name, place, drift in rows))
    kept = []
    for i, (name, place, drift) in enumerate(rows):
        low_hz, high_hz = 200 * place - 500.1, 200 * place + 500.1
        low_hz, high_hz = low_hz + min(drift * 100, 0), high_hz + max(drift * 100, 0)
        if not any(other != name and low_hz <= 200 * at <= high_hz for other, at, _ in rows):
            kept.append(i)
    assert remove_common(hits, tolerance_hz=500.1, scan_s=100).index.to_list() == kept


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tolerance_hz": -1}, "found -1 and 300"),
        ({"scan_s": float("nan")}, "found 1000.0 and nan"),
        ({"by": "cadence"}, "by: expected a column of the hits, found 'cadence'"),
    ],
)
def test_comparison_asked_without_sense(options, message):
    with pytest.raises(CadenceError, match=message):
        remove_common(hits_of(("a", 1400.2)), **options)


# Observations and cadences


def test_each_hit_gets_what_its_scan_was():
    observations = observations_of("a", "b", ra_deg=10.0, dec_deg=-5.0)
    rows = [*seen(observations, "of b", [1], 1400.0), *seen(observations, "of a", [2], 1400.0)]
    hits = hits_of(*rows).set_axis([7, 3])
    joined = join_observations(hits, observations)
    assert joined.index.to_list() == [7, 3]
    assert joined["position"].to_list() == ["OFF", "ON"]
    assert joined["cadence"].to_list() == ["of b", "of a"]
    assert joined[["ra_deg", "dec_deg"]].to_numpy().tolist() == [[10, -5], [10, -5]]
    pd.testing.assert_frame_equal(joined[list(hits)], hits)


def test_hits_and_observations_that_do_not_belong_together():
    observations = observations_of("a")
    hits = hits_of(*seen(observations, "of a", [0], 1400.0), hit("z", 1400.0, scan=9))
    with pytest.raises(
        CadenceError, match="found none for 1 hits, the first of z, scan 9, tstart_mjd 57000.0"
    ):
        join_observations(hits, observations)
    contradiction = pd.concat([observations, observations[:1].assign(position="OFF")])
    with pytest.raises(CadenceError, match="expected one row a scan, found two of a, scan 0"):
        join_observations(hits[:1], contradiction)
    assert len(join_observations(hits[:1], pd.concat([observations, observations]))) == 1


def test_a_survey_is_filtered_star_by_star():
    survey = simulate_survey(20, n_signals=2, n_near_misses=1, seed=3)
    events = filter_survey(survey.hits, survey.observations, progress=False)
    assert list(events) == [*(column.name for column in EVENTS), "cadence"]
    for cadence, scans in survey.observations.groupby("cadence"):
        tables = [survey.hits[survey.hits["scan"] == scan] for scan in scans["scan"]]
        found = events[events["cadence"] == cadence].drop(columns="cadence").reset_index(drop=True)
        pd.testing.assert_frame_equal(found, filter_cadence(tables))


def test_a_scan_without_hits_is_a_scan():
    observations = observations_of("a")
    rows = seen(observations, "of a", [0, 2], 1400.0)
    (event,) = filter_survey(hits_of(*rows), observations, progress=False).itertuples()
    assert (event.verdict, event.n_on) == ("in 2 of 3 ONs", 2)
    assert event.hits == ((0, 0), (2, 1))
    assert event.cadence == "of a"


def test_other_orders_and_scans_of_no_cadence():
    observations = observations_of("a", pattern="ABABAB")
    alone = observations[:1].assign(source_name="test", scan=99, cadence="", position="")
    rows = seen(observations, "of a", [0, 2, 4], 1400.0)
    hits = hits_of(*rows, hit("test", 1400.0, scan=99))
    (event,) = filter_survey(hits, pd.concat([observations, alone]), progress=False).itertuples()
    assert (event.verdict, event.n_on) == ("event", 3)


def test_files_of_one_scan_are_one_scan():
    observations = observations_of("a")
    both = pd.concat([observations.assign(path="low.h5"), observations.assign(path="high.h5")])
    rows = seen(observations, "of a", [0, 2, 4], 1400.0)
    hits = hits_of(*rows).assign(path=["low.h5", "high.h5", "low.h5"])
    (event,) = filter_survey(hits, both, progress=False).itertuples()
    assert event.verdict == "event"


def test_an_empty_survey_has_no_events():
    empty = filter_survey(hits_of(), table(OBSERVATIONS), progress=False)
    assert empty.empty
    assert "cadence" in empty
    assert filter_survey(hits_of(), observations_of("a"), progress=False).empty
    assert rank_events(empty, hits_of(), observations_of("a")).empty


def test_a_survey_that_cannot_be_filtered():
    observations = observations_of("a")
    hits = hits_of(*seen(observations, "of a", [0, 2], 1400.0))
    with pytest.raises(CadenceError, match="expected an index without duplicates"):
        filter_survey(hits.set_axis([1, 1]), observations, progress=False)
    with pytest.raises(CadenceError, match=r"cadence of a: expected the positions ON and OFF, found \[''\]"):
        filter_survey(hits, observations.assign(position=""), progress=False)


# Ranking


def test_what_speaks_against_an_event_is_said():
    observations = observations_of("a", "b", "c")
    drift = {"drift_hz_s": 0.5}
    hits = hits_of(
        *seen(observations, "of a", [0, 2, 4], 1401.0, snr=15.0, **drift),  # nothing
        *seen(observations, "of a", [0, 2, 4], 1402.0, snr=50.0, **drift),  # a known band
        *seen(observations, "of a", [0, 2, 4], 1403.0, snr=40.0),  # no drift
        *seen(observations, "of a", [0, 2, 4], 1404.0, snr=30.0, **drift),  # others: b, and c beside it
        *seen(observations, "of b", [0], 1404.0005),
        *seen(observations, "of c", [1, 3], 1404.0003),
        *seen(observations, "of a", [0, 1, 2, 4], 1405.0, snr=90.0, **drift),  # also in OFF
        *seen(observations, "of b", [0, 2, 4], 1406.0, snr=20.0, **drift),  # nothing
    )
    events = filter_survey(hits, observations, progress=False)
    events = events[events["verdict"].isin(["event", "also in OFF"])]
    ranked = rank_events(events, hits, observations, bands=[Band("hums", 1401.9, 1402.1, "ground")])
    assert ranked["frequency_mhz"].round().to_list() == [1406, 1401, 1402, 1405, 1403, 1404]
    assert ranked["against"].to_list() == [
        "",
        "",
        "in a known band (hums)",
        "also in OFF",
        "no drift",
        "in 2 other stars",
    ]
    assert ranked["remains"].to_list() == [True, True, True, False, False, False]
    assert ranked["n_other"].to_list() == [0, 0, 0, 0, 0, 2]
    assert ranked["band"].to_list() == ["", "", "hums", "", "", ""]


def test_all_that_speaks_against_an_event_is_said():
    observations = observations_of("a", "b")
    rows = seen(observations, "of a", [2], 1575.42) + seen(observations, "of b", [5], 1575.42)
    events = filter_survey(hits_of(*rows), observations, progress=False)
    (only,) = rank_events(events, hits_of(*rows), observations).itertuples()
    assert only.against == "in one ON only; in 1 other star; no drift; in a known band (GPS L1, Galileo E1)"
    assert not only.remains


def test_a_star_observed_twice_is_no_other_star():
    observations = observations_of("a", "a2").replace({"source_name": {"a2": "a"}})
    rows = [
        *seen(observations, "of a", [0, 2, 4], 1400.0, drift_hz_s=0.2),
        *seen(observations, "of a2", [0, 2, 4], 1400.0003, drift_hz_s=0.2),
    ]
    events = filter_survey(hits_of(*rows), observations, progress=False)
    assert rank_events(events, hits_of(*rows), observations)["n_other"].to_list() == [0, 0]


def test_a_protected_band_speaks_against_nothing():
    observations = observations_of("a")
    rows = seen(observations, "of a", [0, 2, 4], 1420.4, drift_hz_s=0.2)
    events = filter_survey(hits_of(*rows), observations, progress=False)
    assert rank_events(events, hits_of(*rows), observations, bands=BANDS)["against"].to_list() == [""]


def test_ranking_asked_without_sense():
    with pytest.raises(CadenceError, match="tolerance_hz: expected 0 or more, found -5"):
        rank_events(table(EVENTS), hits_of(), observations_of("a"), tolerance_hz=-5)


@cache
def filtered(n_stars, seed):
    survey = simulate_survey(n_stars, seed=seed)
    return survey, filter_survey(survey.hits, survey.observations, progress=False)


SURVEYS = [(701, 0), (150, 1), (60, 2), (60, 3), (60, 4), (60, 5), (40, 6)]


@pytest.mark.parametrize(("n_stars", "seed"), SURVEYS)
def test_the_hidden_signals_are_what_the_filters_leave(n_stars, seed):
    survey, events = filtered(n_stars, seed)
    passed = events[events["verdict"] == "event"]
    ranked = rank_events(passed, survey.hits, survey.observations)
    hidden = survey.truth[survey.truth["kind"] == "signal"]
    remaining = ranked[ranked["remains"]]
    assert sorted(remaining["source_name"]) == sorted(hidden["source_name"])
    found = remaining.set_index("source_name").loc[hidden["source_name"], "frequency_mhz"].to_numpy()
    np.testing.assert_allclose(found, hidden["frequency_mhz"], rtol=0, atol=3e-6)
    # The cadence alone would not do: transmitters that are on and off by chance pass it.
    assert len(passed) > len(hidden) + 3 + 3


@pytest.mark.parametrize(("n_stars", "seed"), SURVEYS)
def test_near_misses_are_rejected_with_the_right_reason(n_stars, seed):
    survey, events = filtered(n_stars, seed)
    reasons = {
        "also in OFF": "also in OFF",
        "in one ON only": "in one ON only",
        "no drift": "no drift",
        "in other stars": "in 1 other star",
        "signal": "",
    }
    stars = survey.truth.set_index("source_name")
    planted_mhz = events["source_name"].map(stars["frequency_mhz"])
    own = events[(events["frequency_mhz"] - planted_mhz).abs() < 3e-6]
    judged = rank_events(own, survey.hits, survey.observations, bands=[]).set_index("source_name")
    assert sorted(judged.index) == sorted(stars.index)
    for thing in survey.truth.itertuples():
        verdict = judged.loc[thing.source_name]
        assert verdict["against"] == reasons[thing.kind]
        assert (verdict["n_on"], verdict["n_off"]) == (thing.n_on, thing.n_off)


def test_labels_come_out_as_training_material():
    survey = simulate_survey(60, seed=1)
    joined = join_observations(survey.hits, survey.observations)
    labels = joined["position"].groupby(survey.origins, observed=True).value_counts(normalize=True).unstack()
    # What comes in from the side does not care where the telescope points.
    assert labels.loc["air route radar", "ON"] == pytest.approx(0.5, abs=0.05)
    assert labels.loc["signal", "ON"] == 1


# The sky


def stars_at(places):
    rows = [
        {"source_name": f"star {i}", "ra_deg": ra, "dec_deg": dec, "position": "ON", "scan": i}
        for i, (ra, dec) in enumerate(places)
    ]
    return pd.DataFrame(rows)


def test_pairs_counted_by_hand():
    # 5 degrees apart in right ascension at the equator, 90 at the pole: there all are neighbours.
    observations = stars_at([(0, 0), (5, 0), (20, 0), (0, 88), (180, 88), (358, 0)])
    stars = [f"star {i}" for i in range(6)]
    assert sky_bunching(stars, observations, radius_deg=6).n_pairs == 3  # 0-1, 3-4, 0-5
    assert sky_bunching(stars, observations, radius_deg=8).n_pairs == 4  # 1-5 are 7 apart
    assert sky_bunching(stars[:2] + stars[:1], observations, radius_deg=6)[:2] == (2, 1)
    assert sky_bunching([], observations).n_pairs == 0


def test_what_chance_makes_of_it_is_known_exactly_for_two_stars():
    # Of three pairs one is near: any two stars drawn are it with the chance of one third.
    observations = stars_at([(0, 0), (5, 0), (90, 0)])
    near = sky_bunching(["star 0", "star 1"], observations, n_random=3000)
    assert near.expected == pytest.approx(1 / 3, abs=0.03)
    assert near.p_value == pytest.approx(1 / 3, abs=0.03)
    far = sky_bunching(["star 0", "star 2"], observations, n_random=50)
    assert far.p_value == 1.0


def uniform_sky(n, seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 360, n), np.degrees(np.arcsin(rng.uniform(-0.5, 1, n)))


def test_stars_chosen_by_chance_are_rarely_bunched():
    ra_deg, dec_deg = uniform_sky(300, 1)
    observations = stars_at(zip(ra_deg, dec_deg, strict=True))
    rng = np.random.default_rng(2)
    p_values = [
        sky_bunching(
            [f"star {i}" for i in rng.choice(300, 30, replace=False)], observations, n_random=200, seed=seed
        ).p_value
        for seed in range(100)
    ]
    # Of 100, 5 are expected below 0.05, with a deviation of 2.2.
    assert sum(p <= 0.05 for p in p_values) < 12
    assert 0.4 < np.mean(p_values) < 0.65


def test_a_bunch_is_noticed_and_uneven_coverage_is_none():
    ra_deg, dec_deg = uniform_sky(300, 3)
    rng = np.random.default_rng(4)
    # A third of the survey lies in one field, as in the plane of the Galaxy.
    ra_deg[:100], dec_deg[:100] = rng.uniform(100, 120, 100), rng.uniform(20, 40, 100)
    observations = stars_at(zip(ra_deg, dec_deg, strict=True))
    names = observations["source_name"].to_numpy()
    fair = rng.choice(names, 40, replace=False)
    assert sky_bunching(fair, observations).p_value > 0.01
    distance_deg = np.hypot((ra_deg - 110) * np.cos(np.radians(30)), dec_deg - 30)
    bunch = names[np.argsort(distance_deg)[:12]]
    assert sky_bunching([*bunch, *fair[:10]], observations).p_value < 0.001


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_geostationary_satellites_make_a_bunch_of_the_survey(seed):
    survey = simulate_survey(seed=seed)
    on = join_observations(survey.hits, survey.observations)["position"] == "ON"
    belt = set(survey.hits["source_name"][on & (survey.origins == "geostationary belt").to_numpy()])
    assert sky_bunching(belt, survey.observations).p_value < 0.01
    others = survey.hits["source_name"][on & (survey.origins == "sporadic transmitters").to_numpy()].unique()
    assert sky_bunching(others[: len(belt)], survey.observations).p_value > 0.01


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source_names": ["star 0", "nowhere"]}, "expected stars of the ON scans, found 'nowhere'"),
        ({"source_names": ["star 0"], "radius_deg": 0}, "found 0 and 2000"),
        ({"source_names": ["star 0"], "radius_deg": float("nan")}, "found nan"),
        ({"source_names": ["star 0"], "n_random": 0}, "found 10.0 and 0"),
    ],
)
def test_bunching_asked_without_sense(options, message):
    with pytest.raises(CadenceError, match=message):
        sky_bunching(observations=stars_at([(0, 0), (5, 0)]), **options)
