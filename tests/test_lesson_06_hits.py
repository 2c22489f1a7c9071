"""The hits that lesson 06 carries along are those of the published tables."""

import pytest

from setilearn.course.material.voyager import VOYAGER_HITS, VOYAGER_STARTS_MJD, voyager_tables
from setilearn.store.dat import read_dat


def test_the_copied_hits_are_those_of_the_tables(mirror):
    paths = sorted((mirror / "voyager1_2020_turboseti_dat").glob("*.dat"))
    if len(paths) != 6:
        pytest.skip("the mirror lacks voyager1_2020_turboseti_dat")
    for place, path in enumerate(paths):
        real = read_dat(path)
        values = real[["frequency_mhz", "drift_hz_s", "snr"]].to_records(index=False).tolist()
        assert tuple(values) == VOYAGER_HITS.get(place, ())
        assert set(real["tstart_mjd"]) <= {VOYAGER_STARTS_MJD[place]}


def test_without_the_tables_the_copied_hits_are_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("SETILEARN_MIRROR", str(tmp_path))
    monkeypatch.setenv("SETILEARN_CACHE", str(tmp_path))
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    tables, are_real = voyager_tables()
    assert not are_real
    assert [len(table) for table in tables] == [3, 0, 3, 0, 3, 0]
    assert tables[2]["snr"].tolist() == [10.996549, 82.802612, 10.476917]


def test_the_tables_themselves_are_taken_where_they_are(monkeypatch, tmp_path, mirror):
    monkeypatch.setenv("SETILEARN_CACHE", str(tmp_path))
    tables, are_real = voyager_tables()
    if not are_real:
        pytest.skip("the mirror lacks voyager1_2020_turboseti_dat")
    assert [len(table) for table in tables] == [3, 0, 3, 0, 3, 0]
