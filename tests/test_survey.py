"""The simulated survey: sky and times by independent formulas, hits that obey physics, the same sky twice."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest

from setilearn.errors import SpectrogramError
from setilearn.events.cadence import filter_cadence
from setilearn.search.drift import search_drift
from setilearn.simulate.survey import BELT_DEC_DEG, simulate_survey
from setilearn.simulate.survey_scans import survey_scan, survey_scans
from setilearn.tables import HITS, OBSERVATIONS
from setilearn.telescope import BANDS, known_bands

CHANNEL_HZ = 187.5e6 / 64 / 2**20
SCAN_S = 16 * 51 / CHANNEL_HZ


@pytest.fixture(scope="module")
def survey():
    return simulate_survey(seed=1)


@pytest.fixture(scope="module")
def small():
    return simulate_survey(60, seed=1)


def seconds(mjd):
    return (np.asarray(mjd) - 57387.9437) * 86400


def separation_deg(first, second):
    """By the haversine formula."""
    ra1, dec1, ra2, dec2 = (np.radians(x[name]) for x in (first, second) for name in ("ra_deg", "dec_deg"))
    square = np.sin((dec2 - dec1) / 2) ** 2 + np.cos(dec1) * np.cos(dec2) * np.sin((ra2 - ra1) / 2) ** 2
    return np.degrees(2 * np.arcsin(np.sqrt(square)))


# The telescope


def test_each_star_has_one_cadence(survey):
    scans = survey.observations
    assert list(scans) == [column.name for column in OBSERVATIONS]
    assert len(scans) == 701 * 6
    assert scans["position"].to_list() == ["ON", "OFF"] * 3 * 701
    assert scans["cadence"].nunique() == 701
    for _, cadence in list(scans.groupby("cadence"))[::70]:
        on, off = cadence[cadence["position"] == "ON"], cadence[cadence["position"] == "OFF"]
        assert on["source_name"].nunique() == 1
        assert off["source_name"].nunique() == 3
        assert set(on["source_name"]).isdisjoint(off["source_name"])
        gaps_s = np.diff(seconds(cadence["tstart_mjd"])) - SCAN_S
        assert ((gaps_s > 19.9) & (gaps_s < 30.1)).all()


def test_scans_follow_one_another_in_time(survey):
    steps_s = np.diff(seconds(survey.observations["tstart_mjd"]))
    assert (steps_s > SCAN_S).all()
    assert survey.observations["scan"].to_list() == list(range(1, 701 * 6 + 1))


def test_stars_are_anywhere_on_the_visible_sky_and_off_is_beside_them(survey):
    stars = survey.observations[survey.observations["position"] == "ON"].drop_duplicates("source_name")
    assert stars["dec_deg"].min() >= -30
    # On a sphere right ascension and the sine of the declination are uniform.
    assert kstest(stars["ra_deg"], "uniform", (0, 360)).pvalue > 1e-3
    assert kstest(np.sin(np.radians(stars["dec_deg"])), "uniform", (-0.5, 1.5)).pvalue > 1e-3
    star_of = stars.set_index("cadence")[["ra_deg", "dec_deg"]]
    off = survey.observations[survey.observations["position"] == "OFF"]
    away = separation_deg(star_of.loc[off["cadence"]].reset_index(), off.reset_index())
    assert away.min() > 4.999
    assert away.max() < 10.001


def test_stars_are_observed_when_they_are_high(survey):
    stars = survey.observations.drop_duplicates("cadence")
    # Greenwich mean sidereal time (Meeus, Astronomical Algorithms, 12.4), and Green Bank's longitude.
    lst_deg = 280.46061837 + 360.98564736629 * (stars["tstart_mjd"] - 51544.5) - 79.84
    hour_angle_deg = (lst_deg - stars["ra_deg"] + 180) % 360 - 180
    latitude, dec, angle = np.radians(38.43), np.radians(stars["dec_deg"]), np.radians(hour_angle_deg)
    sine = np.sin(latitude) * np.sin(dec) + np.cos(latitude) * np.cos(dec) * np.cos(angle)
    assert np.degrees(np.arcsin(sine)).min() > 10


# The hits


def test_hits_are_those_of_a_search_of_this_band(survey):
    hits = survey.hits
    assert list(hits) == [column.name for column in HITS]
    assert 200_000 < len(hits) < 260_000
    assert hits["frequency_mhz"].between(1100, 1900).all()
    assert not hits["frequency_mhz"].between(1200, 1330).any()
    assert (hits["snr"] >= 10).all()
    assert (hits["drift_hz_s"].abs() <= 4).all()
    centres_mhz = 1100 + hits["channel"] * CHANNEL_HZ / 1e6
    assert (hits["frequency_mhz"] - centres_mhz).abs().max() * 1e6 <= CHANNEL_HZ / 2 + 1e-3
    scans = survey.observations.set_index("scan").loc[hits["scan"]]
    assert (scans["source_name"].array == hits["source_name"].array).all()
    assert (scans["tstart_mjd"].array == hits["tstart_mjd"].array).all()
    assert hits[["scan", "frequency_mhz"]].equals(
        hits[["scan", "frequency_mhz"]].sort_values(["scan", "frequency_mhz"])
    )


def test_a_seed_makes_one_survey():
    one, again, other = (simulate_survey(30, seed=seed) for seed in (5, 5, 6))
    for name in ("hits", "observations", "truth"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(again, name))
    assert one.origins.equals(again.origins)
    assert len(one.hits) != len(other.hits)


def test_a_fuller_band_has_more_hits_in_proportion():
    few, many = (len(simulate_survey(30, hits_per_scan=n, seed=2).hits) for n in (60, 600))
    assert many / few == pytest.approx(10, rel=0.1)


def track_errors_hz(survey, origin):
    """How far hits of one cadence, of what has this origin, are off one parabola: pairs of neighbours."""
    hits = survey.hits[(survey.origins == origin).to_numpy()]
    hits = hits.assign(cadence=(hits["scan"] - 1) // 6).sort_values(["cadence", "frequency_mhz"])
    errors_hz = []
    for _, cadence in hits.groupby("cadence"):
        first, second = cadence.iloc[:-1], cadence.iloc[1:]
        t_s = seconds(second["tstart_mjd"]) - seconds(first["tstart_mjd"])
        moved_hz = (second["frequency_mhz"].to_numpy() - first["frequency_mhz"].to_numpy()) * 1e6
        # Along a parabola the mean of the slopes at both ends is the slope between them.
        expected_hz = (first["drift_hz_s"].to_numpy() + second["drift_hz_s"].to_numpy()) / 2 * t_s
        near = np.abs(moved_hz) < 5000
        errors_hz += (moved_hz - expected_hz)[near & (t_s != 0)].tolist()
    return np.array(errors_hz)


@pytest.mark.parametrize(
    "origin", ["air route radar", "GLONASS L1", "geostationary downlinks", "DME and TACAN beacons"]
)
def test_what_is_heard_in_a_cadence_keeps_to_one_track(small, origin):
    errors_hz = track_errors_hz(small, origin)
    assert len(errors_hz) > 100
    # Frequencies are good to half a hertz, drifts to 0.002 Hz/s over up to 1600 s. Neighbours may be of two
    # transmitters: those few are far apart.
    assert np.mean(np.abs(errors_hz) < 10) > 0.9


def test_what_is_on_the_ground_does_not_drift_and_satellites_that_pass_fall(small):
    drift_hz_s = small.hits["drift_hz_s"].groupby(small.origins, observed=True)
    assert set(drift_hz_s.get_group("geostationary downlinks")) == {0.0}
    assert drift_hz_s.get_group("Iridium").max() < -0.29
    assert drift_hz_s.get_group("GLONASS L1").between(-1, 0.1).all()


@pytest.mark.parametrize(
    ("origin", "band"),
    [("Iridium", "Iridium"), ("GPS L1 code", "GPS L1, Galileo E1"), ("GLONASS L1", "GLONASS L1")],
)
def test_interferers_are_in_their_bands(survey, origin, band):
    bands = known_bands().set_index("name")
    frequency_mhz = survey.hits["frequency_mhz"][survey.origins == origin]
    # The Doppler shift of a satellite in low orbit, 7 km/s, is 40 kHz.
    low_mhz, high_mhz = bands.loc[band, "low_mhz"] - 0.04, bands.loc[band, "high_mhz"] + 0.04
    assert frequency_mhz.between(low_mhz, high_mhz).all()


def test_the_belt_is_where_geometry_puts_it_and_heard_near_it_alone(survey):
    # From latitude 38.43 degrees, on a sphere of 6371 km, to a satellite on the meridian at 42164 km.
    latitude = np.radians(38.43)
    dec_deg = np.degrees(np.arctan2(-6371 * np.sin(latitude), 42164 - 6371 * np.cos(latitude)))
    assert dec_deg == pytest.approx(BELT_DEC_DEG, abs=0.05)
    scans = survey.hits["scan"][survey.origins == "geostationary belt"].unique()
    heard = survey.observations.set_index("scan").loc[scans, "dec_deg"]
    assert len(heard) > 50
    assert (heard - dec_deg).abs().max() < 2.1


# What is hidden


def test_the_truth_says_what_is_planted(survey):
    truth = survey.truth
    assert truth["kind"].value_counts().to_dict() == {
        "signal": 5,
        "also in OFF": 3,
        "in one ON only": 3,
        "no drift": 3,
        "in other stars": 3,
    }
    assert truth["source_name"].is_unique
    counts = {
        kind: set(zip(g["n_on"], g["n_off"], g["n_other"], strict=True)) for kind, g in truth.groupby("kind")
    }
    assert counts == {
        "signal": {(3, 0, 0)},
        "also in OFF": {(3, 1, 0)},
        "in one ON only": {(1, 0, 0)},
        "no drift": {(3, 0, 0)},
        "in other stars": {(3, 0, 1)},
    }
    signals = truth[truth["kind"] == "signal"]
    assert signals["drift_hz_s"].abs().between(0.05, 2.05).all()
    assert signals["snr"].between(13, 70).all()


def test_the_hits_of_what_is_planted_are_where_the_truth_says(survey):
    scans = survey.observations.set_index("scan")
    for thing in survey.truth.itertuples():
        t_s = seconds(survey.hits["tstart_mjd"]) - seconds(thing.tstart_mjd)
        track_mhz = thing.frequency_mhz + thing.drift_hz_s * t_s / 1e6
        # A change of the drift of 1e-5 Hz/s2 makes 13 Hz of the 1600 s of a cadence.
        near = (survey.hits["frequency_mhz"] - track_mhz).abs() * 1e6 < 30
        own = survey.hits[near & (scans.loc[survey.hits["scan"], "cadence"] == thing.cadence).to_numpy()]
        positions = scans.loc[own["scan"], "position"].value_counts()
        assert (positions.get("ON", 0), positions.get("OFF", 0)) == (thing.n_on, thing.n_off), thing
        others = scans.loc[
            survey.hits["scan"][(survey.hits["frequency_mhz"] - thing.frequency_mhz).abs() < 1e-5]
        ]
        assert len(set(others["cadence"]) - {thing.cadence}) == thing.n_other


def test_planted_hits_pass_the_cadence_filter_as_real_ones_do(small):
    thing = small.truth[small.truth["kind"] == "signal"].iloc[0]
    scans = small.observations[small.observations["cadence"] == thing.cadence]["scan"]
    tables = [small.hits[small.hits["scan"] == scan] for scan in scans]
    for tolerance_hz in (400.0, None):
        events = filter_cadence(tables, tolerance_hz=tolerance_hz)
        (found,) = events[events["frequency_mhz"].sub(thing.frequency_mhz).abs() < 1e-5].itertuples()
        assert (found.verdict, found.n_on, found.n_off) == ("event", 3, 0)


@pytest.mark.parametrize("options", [{"n_stars": 17}, {"n_stars": 10, "n_signals": 10, "n_near_misses": 0}])
def test_more_stars_are_needed_than_things_are_planted(options):
    with pytest.raises(SpectrogramError, match="expected more stars than the 1[07] things to plant"):
        simulate_survey(**options)


def test_a_band_without_gaps_hides_nothing(monkeypatch):
    monkeypatch.setattr("setilearn.simulate.survey.QUIET_HZ", 5e6)
    with pytest.raises(SpectrogramError, match="expected 17 gaps of 10000 kHz.*fewer hits_per_scan"):
        simulate_survey(60)


def test_nothing_need_be_planted():
    survey = simulate_survey(3, n_signals=0, n_near_misses=0)
    assert survey.truth.empty
    assert "kind" in survey.truth


# The same sky as spectrograms


def pairs(found, expected):
    """Rows of both tables that are within two channels of each other, and what is left of each."""
    matched = []
    for row in expected.itertuples():
        distance_hz = (found["frequency_mhz"] - row.frequency_mhz).abs() * 1e6
        if len(found) and distance_hz.min() < 2 * CHANNEL_HZ:
            matched.append((row, found.loc[distance_hz.idxmin()]))
            found = found.drop(distance_hz.idxmin())
            expected = expected.drop(row.Index)
    return matched, found, expected


@pytest.mark.parametrize(
    "kind", ["signal", "also in OFF", "in one ON only", "GLONASS L1", "Iridium", "air route radar"]
)
def test_the_search_finds_the_same_hits_in_the_same_sky(small, kind):
    (rows,) = np.nonzero((small.origins == kind).to_numpy() & (small.hits["snr"] > 20).to_numpy())
    one = small.hits.iloc[rows[0]]
    cadence = small.observations.set_index("scan").loc[one["scan"], "cadence"]
    low_mhz, high_mhz = one["frequency_mhz"] - 0.02, one["frequency_mhz"] + 0.02
    scans = survey_scans(small, cadence, low_mhz, high_mhz)
    of_cadence = small.observations[small.observations["cadence"] == cadence]
    n_matched = 0
    for scan, row in zip(scans, of_cadence.itertuples(), strict=True):
        assert scan.header.is_simulated
        assert (scan.header.source_name, scan.header.tstart_mjd) == (row.source_name, row.tstart_mjd)
        assert (scan.header.ra_deg, scan.header.dec_deg) == (row.ra_deg, row.dec_deg)
        expected = small.hits[(small.hits["scan"] == row.scan)]
        expected = expected[expected["frequency_mhz"].between(low_mhz + 1e-4, high_mhz - 1e-4)]
        matched, extra, missed = pairs(search_drift(scan, progress=False), expected)
        # What is near the threshold of 10 the noise may lift over it or not.
        assert extra[extra["snr"] > 13].empty
        assert missed[missed["snr"] > 14].empty
        for planted, found in matched:
            assert abs(found["frequency_mhz"] - planted.frequency_mhz) * 1e6 < CHANNEL_HZ
            assert abs(found["drift_hz_s"] - planted.drift_hz_s) < 0.011
            assert abs(found["snr"] - planted.snr) < 4 + 0.13 * planted.snr
        n_matched += len(matched)
    assert n_matched >= 1


def test_one_scan_is_that_of_its_cadence(small):
    rows = list(small.observations[small.observations["cadence"] == "simulated 001"].itertuples())
    scans = survey_scans(small, "simulated 001", 1600.0, 1600.01)
    for row, expected in zip(rows, scans, strict=True):
        scan = survey_scan(small, row, 1600.0, 1600.01)
        assert scan.header == expected.header
        np.testing.assert_array_equal(scan.power, expected.power)
    # Where the band ends, so does the scan.
    assert survey_scan(small, rows[0], 1099.0, 1100.01).header.band_mhz == pytest.approx(
        (1100, 1100.01), abs=1e-5
    )


def test_one_scan_of_nowhere_is_refused(small):
    row = small.observations.iloc[0]
    with pytest.raises(SpectrogramError, match="expected a scan of the survey, found 999999"):
        survey_scan(small, row.replace({row["scan"]: 999999}), 1400, 1400.1)
    with pytest.raises(SpectrogramError, match="expected a part of 1100.0 to 1900.0 MHz"):
        survey_scan(small, row, 900, 901)


def test_spectrograms_of_nowhere_are_refused(small):
    with pytest.raises(SpectrogramError, match="expected the name of a cadence, found 'HIP 1'"):
        survey_scans(small, "HIP 1", 1400, 1400.1)
    for low_mhz, high_mhz in ((1000, 1100.1), (1899, 1901), (1500, 1500)):
        with pytest.raises(SpectrogramError, match="expected a part of 1100.0 to 1900.0 MHz"):
            survey_scans(small, "simulated 001", low_mhz, high_mhz)


# The bands


def test_known_bands_ascend_and_hold_the_frequencies_that_are_known_by_heart():
    bands = known_bands()
    assert (bands["low_mhz"] < bands["high_mhz"]).all()
    assert (bands["high_mhz"].to_numpy()[:-1] <= bands["low_mhz"].to_numpy()[1:]).all()
    assert set(bands["kind"]) == {"ground", "aircraft", "satellite", "filter", "protected"}
    for frequency_mhz, name in [
        (1575.42, "GPS L1, Galileo E1"),
        (1176.45, "GPS L5, Galileo E5"),
        (1381.05, "radiolocation, GPS L3"),
        (1602.0, "GLONASS L1"),
        (1420.406, "hydrogen line"),
        (1612.0, None),
        (1665.4, "hydroxyl lines"),
        (1621.0, "Iridium"),
        (1541.0, "geostationary downlinks"),
        (1227.6, "notch filter"),
    ]:
        inside = bands[(bands["low_mhz"] <= frequency_mhz) & (frequency_mhz <= bands["high_mhz"])]
        assert inside["name"].to_list() == ([name] if name else [])
    assert len(BANDS) == len(bands)
