"""What lesson 09 says of its survey is so, and a server keeps its hits where one is named."""

import mariadb_server
import pytest
import sqlalchemy as sa

import setilearn as sl
from setilearn.course.material.survey import SERVER, survey_database, write_scans


@pytest.fixture(scope="module")
def survey():
    return sl.simulate_survey(701, seed=9)


@pytest.fixture(scope="module")
def ranked(survey):
    events = sl.filter_survey(survey.hits, survey.observations, progress=False)
    return sl.rank_events(events[events["verdict"] == "event"], survey.hits, survey.observations)


def test_five_remain_and_the_close_cases_are_those_told_of(survey, ranked):
    assert len(ranked) > 300
    remaining = ranked[ranked["remains"]]
    assert (remaining["band"] == "").to_list() == [True, True, True, False, False]
    hidden = survey.truth[survey.truth["kind"] == "signal"]
    assert set(remaining["source_name"]) == set(hidden["source_name"])
    close = ranked[~ranked["remains"] & (ranked["n_other"] <= 2)]
    assert (
        sorted(zip(close["n_other"], close["drift_hz_s"] == 0, strict=True))
        == [(0, True)] * 3 + [(1, False)] * 3
    )


def test_the_star_in_colour_has_a_signal_with_no_grey_around_it(survey):
    (signal,) = survey.truth.query("source_name == 'simulated 205'").itertuples()
    assert signal.kind == "signal"
    assert round(signal.frequency_mhz) == 1768
    near = survey.hits[survey.hits["frequency_mhz"].between(1767, 1769) & (survey.hits["snr"] > 20)]
    assert set(near["source_name"]) == {"simulated 205"}
    assert len(near) == 3


def test_noise_makes_the_false_alarms_told_of(survey):
    assert (survey.origins == "noise").sum() / len(survey.observations) == pytest.approx(0.72, abs=0.005)


def test_p_values_are_those_told_of(survey, ranked):
    stars_of = ranked.groupby("band")["source_name"].unique()
    p_of = {
        band: sl.sky_bunching(stars_of[band], survey.observations).p_value for band in stars_of.index if band
    }
    assert p_of["geostationary downlinks"] < 0.004
    assert 0.04 < p_of["DME and TACAN beacons"] < 0.05


def test_what_other_places_do_not_have_is_mostly_noise_and_stray_dots_of_gps(survey):
    unique = sl.remove_common(survey.hits)
    assert 1 / 45 < len(unique) / len(survey.hits) < 1 / 35
    shares = survey.origins[unique.index].value_counts(normalize=True)
    assert shares["noise"] > 0.5
    assert shares[["noise", "GPS L1 code", "GPS L5 code"]].sum() > 0.98


# The database


def test_without_a_server_an_sqlite_file_keeps_the_hits(monkeypatch):
    monkeypatch.delenv(SERVER, raising=False)
    url, text = survey_database()
    assert url.startswith("sqlite:///")
    assert "SETILEARN_DATABASE names none" in text
    survey = sl.simulate_survey(2, n_signals=0, n_near_misses=0)
    sl.save_hits(survey.hits, url, observations=survey.observations, progress=False)
    assert sl.load_hits(url).equals(survey.hits)


def test_a_server_that_is_not_there_is_told_of_without_its_password(monkeypatch):
    monkeypatch.setenv(SERVER, "mysql+pymysql://anna:geheim@127.0.0.1:1/survey")
    url, text = survey_database()
    assert url.startswith("sqlite:///")
    assert "127.0.0.1:1/survey" in text
    assert "geheim" not in text


def test_a_server_that_is_named_keeps_the_hits(monkeypatch):
    if reason := mariadb_server.missing():
        pytest.skip(reason)
    with mariadb_server.mariadb() as address:
        with sa.create_engine(address).connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE survey")
        monkeypatch.setenv(SERVER, f"{address}/survey")
        url, text = survey_database()
        assert url.startswith("mysql+pymysql://")
        assert "server" in text
        assert sl.load_hits(url).empty


def test_files_of_a_candidate_are_a_cadence_of_its_own(survey):
    signal = survey.truth.iloc[0]
    of_star = survey.observations[survey.observations["cadence"] == signal["cadence"]]
    low_mhz, high_mhz = signal["frequency_mhz"] - 0.002, signal["frequency_mhz"] + 0.002
    scans = sl.survey_scans(survey, signal["cadence"], low_mhz, high_mhz)
    files = write_scans(scans, of_star)
    assert set(files["cadence"]) == {f"{signal['cadence']}, files"}
    for path, scan, row in zip(files["path"], scans, of_star.itertuples(), strict=True):
        header = sl.read_header(path)
        assert header.source_name == row.source_name == scan.header.source_name
        assert header.tstart_mjd == pytest.approx(row.tstart_mjd, abs=1e-9)
        assert header.n_chan == scan.header.n_chan
