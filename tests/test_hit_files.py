"""Tables of hits as files: what is written is read again, and files that are none are refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import setilearn as sl
from setilearn.store.dat import dat_observation
from setilearn.tables import HITS, table

SUFFIXES = ["csv", "parquet"]
TEXT = ["NA", "", 'a,"b"\nc', "Überriese \N{RINGED PLANET}", "null", " 1.0", "\r", "a\tb"]


def hits_of(frequency_mhz, source_name="HIP 1"):
    n_hits = len(frequency_mhz)
    columns = {
        "source_name": source_name,
        "scan": 3,
        "tstart_mjd": 59046.926342592589,
        "frequency_mhz": frequency_mhz,
        "drift_hz_s": 1 / 3,
        "snr": 25.5,
        "width_hz": 2.7939677238464355,
        "channel": np.arange(n_hits) + 2**53 + 1,
        "path": [f"/data/{number}.h5" for number in range(n_hits)],
    }
    return table(HITS, columns)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_written_is_read_again(tmp_path, suffix):
    hits = hits_of([1420.405751768] * len(TEXT), source_name=TEXT)
    path = tmp_path / f"hits.{suffix}"
    sl.export_hits(hits.iloc[::-1].assign(note="more", hit_id=7), path)
    again = sl.read_hits(str(path))
    pd.testing.assert_frame_equal(again, hits.iloc[::-1].reset_index(drop=True), check_exact=True)
    assert again.dtypes.tolist() == table(HITS).dtypes.tolist()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(frequencies=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=20))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_numbers_come_back_to_the_last_bit(tmp_path, suffix, frequencies):
    hits = hits_of(frequencies)
    path = tmp_path / f"hits.{suffix}"
    sl.export_hits(hits, path)
    again = sl.read_hits(path)
    pd.testing.assert_frame_equal(again, hits, check_exact=True)
    assert again["frequency_mhz"].to_numpy().tobytes() == hits["frequency_mhz"].to_numpy().tobytes()


def test_a_folder_of_parquet_files_is_one_table(tmp_path):
    """Spark writes such folders, with a file beside that says it is done."""
    folder = tmp_path / "hits.parquet"
    folder.mkdir()
    for number in range(3):
        hits_of([1400.0 + number]).to_parquet(folder / f"part-{number}.parquet")
    (folder / "_SUCCESS").touch()
    assert sorted(sl.read_hits(folder)["frequency_mhz"]) == [1400.0, 1401.0, 1402.0]


def test_csv_is_what_other_programs_read(tmp_path):
    sl.export_hits(hits_of([8419.297028]), tmp_path / "hits.csv")
    assert (tmp_path / "hits.csv").read_bytes().decode() == (
        '"source_name","scan","tstart_mjd","frequency_mhz","drift_hz_s","snr","width_hz","channel","path"\n'
        '"HIP 1",3,59046.92634259259,8419.297028,0.3333333333333333,25.5,2.7939677238464355,'
        '9007199254740993,"/data/0.h5"\n'
    )


def test_dat_files_are_turbo_seti_s(tmp_path):
    hits = hits_of([8419.297028]).assign(path="")
    sl.export_hits(hits, tmp_path / "hits.dat")
    again = sl.read_hits(tmp_path / "hits.dat")
    assert again["frequency_mhz"].tolist() == [8419.297028]
    assert again["drift_hz_s"].tolist() == [0.333333]


def test_a_file_stays_where_the_table_is_none(tmp_path):
    path = tmp_path / "hits.csv"
    path.write_text("mine")
    with pytest.raises(
        sl.HitsError, match=r"hits.csv: hits, snr: expected finite numbers, found nan in row 1"
    ):
        sl.export_hits(hits_of([1.0, 2.0]).assign(snr=[10.0, np.nan]), path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize("name", ["hits.txt", "hits", "hits.csv.gz"])
def test_other_suffixes_are_refused(tmp_path, name):
    message = f"{name}: expected a name that ends in .dat, .csv, .parquet, found"
    with pytest.raises(sl.HitsError, match=message):
        sl.export_hits(hits_of([1.0]), tmp_path / name)
    with pytest.raises(sl.HitsError, match=message):
        sl.read_hits(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "a.csv: expected a table of hits, found: Empty CSV file"),
        ("a.csv", b"source_name\n\xff\n", "a.csv: expected a table of hits, found: .*invalid UTF8"),
        ("a.csv", b"frequency_mhz,snr\n1,2\n", "a.csv: hits: expected columns source_name, scan"),
        ("a.parquet", b"PAR1 nothing PAR1", "a.parquet: expected a table of hits, found: "),
        ("a.parquet", b"", "a.parquet: expected a table of hits, found: "),
    ],
)
def test_files_that_are_no_tables(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(sl.HitsError, match=message):
        sl.read_hits(tmp_path / name)


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("snr", "high", "expected a table of hits, found: .*#5.* to double: invalid value 'high'"),
        ("snr", "", "hits, snr: expected finite numbers, found nan in row 0"),
        ("snr", "inf", "hits, snr: expected finite numbers, found inf in row 0"),
        ("channel", "1.5", "expected a table of hits, found: .*#7.* to int64: invalid value '1.5'"),
    ],
)
def test_cells_that_are_none(tmp_path, column, cell, message):
    path = tmp_path / "hits.csv"
    hits_of([1.0, 2.0]).astype({column: object}).assign(**{column: [cell, "7"]}).to_csv(path, index=False)
    with pytest.raises(sl.HitsError, match=f"hits.csv: {message}"):
        sl.read_hits(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_is_not_there(tmp_path, suffix):
    with pytest.raises(sl.HitsError, match=f"nothing.{suffix}: expected a table of hits, found: "):
        sl.read_hits(tmp_path / f"nothing.{suffix}")


# The scan of a .dat file


@pytest.mark.parametrize(
    ("position", "ra_deg", "dec_deg"),
    [
        ("RA: 17h12m40.481s\tDEC: 12d24m13.614s", 258.16867083333335, 12.403781666666667),
        ("RA: 0h00m0.000s\tDEC: -0d30m00.000s", 0.0, -0.5),
        ("RA: 0h00m0.000s\tDEC: 0d00m0.000s", np.nan, np.nan),
        ("", np.nan, np.nan),
    ],
)
def test_the_place_of_a_scan(tmp_path, position, ra_deg, dec_deg):
    path = tmp_path / "a.dat"
    sl.write_dat(table(HITS), path, header=sl.simulate_noise(16, 64, source_name="HIP 2", seed=1).header)
    text = path.read_text()
    path.write_text(text[: text.index("RA:")] + position + text[text.index("\n", text.index("RA:")) :])
    (row,) = dat_observation(path).to_dict("records")
    assert row["source_name"] == "HIP 2"
    assert [row["ra_deg"], row["dec_deg"]] == pytest.approx([ra_deg, dec_deg], nan_ok=True, abs=1e-9)


@pytest.fixture(scope="module")
def survey_events():
    survey = sl.simulate_survey(n_stars=30, hits_per_scan=20, n_signals=2, n_near_misses=1, seed=3)
    return sl.filter_survey(survey.hits, survey.observations, progress=False)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_events_come_back_as_they_were(tmp_path, survey_events, suffix):
    path = tmp_path / f"events.{suffix}"
    for events in (survey_events, survey_events.drop(columns="cadence"), survey_events[:0]):
        sl.export_events(events, path)
        again = sl.read_events(path)
        pd.testing.assert_frame_equal(again, events.reset_index(drop=True), check_exact=True)
    assert len(survey_events) > 100


def test_labels_of_rows_may_be_text(tmp_path, survey_events):
    events = survey_events[:1].assign(hits=[((0, "a1"), (2, "b, 2"))])
    sl.export_events(events, tmp_path / "events.csv")
    assert sl.read_events(tmp_path / "events.csv")["hits"].iloc[0] == ((0, "a1"), (2, "b, 2"))


@pytest.mark.parametrize("text", ["5", "[[1]]", "[[1, 2, 3]]", "{}x", "", "[" * 100_000, '[["a", 1]]'])
def test_events_with_damaged_hits_are_told(tmp_path, survey_events, text):
    path = tmp_path / "events.csv"
    sl.export_events(survey_events[:1], path)
    frame = pd.read_csv(path).assign(hits=text)
    frame.to_csv(path, index=False)
    with pytest.raises(sl.HitsError, match="events.csv: events"):
        sl.read_events(path)


def test_what_is_no_table_of_events_is_told(tmp_path, survey_events):
    with pytest.raises(sl.HitsError, match="ends in .csv, .parquet, found '.dat'"):
        sl.export_events(survey_events, tmp_path / "events.dat")
    with pytest.raises(sl.HitsError, match="events: expected columns"):
        sl.export_events(hits_of([1420.0]), tmp_path / "events.csv")
    with pytest.raises(sl.HitsError, match="events, hits: expected pairs"):
        sl.export_events(survey_events[:1].assign(hits=[5]), tmp_path / "events.csv")
    assert list(tmp_path.iterdir()) == []
