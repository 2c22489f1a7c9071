"""turbo_seti's tables: theirs read, ours written and read by the same rules."""

import numpy as np
import pytest

import setilearn as sl
from setilearn.errors import HeaderWarning
from setilearn.store.dat import dat_observation, scan_number

VOYAGER = "voyager1_2016/voyager1_turbo_seti.dat"


def test_the_published_table_of_voyager(mirror):
    hits = sl.read_dat(mirror / VOYAGER)
    # The numbers as they stand in the file
    assert hits["frequency_mhz"].tolist() == [8419.319368, 8419.297028, 8419.274374]
    assert hits["drift_hz_s"].tolist() == [-0.397966, -0.377557, -0.397966]
    assert hits["snr"].tolist() == [30.612337, 245.709641, 31.220861]
    assert hits["channel"].tolist() == [739933, 747929, 756037]
    assert set(hits["tstart_mjd"]) == {57650.782094907408}
    assert set(hits["source_name"]) == {"Voyager1"}
    assert hits["width_hz"].tolist() == pytest.approx([2.793968] * 3)


def test_the_six_tables_of_the_2020_cadence(mirror):
    tables = [sl.read_dat(path) for path in sorted((mirror / "voyager1_2020_turboseti_dat").glob("*.dat"))]
    assert [len(hits) for hits in tables] == [3, 0, 3, 0, 3, 0]
    assert [set(hits["scan"]) for hits in tables[::2]] == [{11}, {13}, {15}]
    assert list(tables[1].columns) == list(tables[0].columns)
    assert tables[1].dtypes.tolist() == tables[0].dtypes.tolist()


@pytest.fixture
def hits():
    noise = sl.simulate_noise(16, 8192, fch1_mhz=1420.0, source_name="HIP 1", seed=1)
    tone = sl.add_tone(noise, 1420.005, drift_hz_s=0.5, snr=60)
    return noise.header, sl.search_drift(sl.add_tone(tone, 1420.015, snr=40))


def test_what_is_written_is_read_again(hits, tmp_path):
    header, found = hits
    sl.write_dat(found, tmp_path / "a.dat", header=header)
    again = sl.read_dat(tmp_path / "a.dat")
    assert len(again) == len(found) == 2
    for column, digits in (("frequency_mhz", 6), ("drift_hz_s", 6), ("snr", 6)):
        np.testing.assert_allclose(again[column], found[column], atol=0.6 * 10**-digits)
    assert again["channel"].tolist() == found["channel"].tolist()
    assert set(again["source_name"]) == {"HIP 1"}
    assert again["tstart_mjd"].tolist() == pytest.approx(found["tstart_mjd"].tolist(), abs=1e-11)
    assert [path.name for path in tmp_path.iterdir()] == ["a.dat"]


def test_turbo_seti_s_reader_finds_its_columns(hits, tmp_path):
    """find_event.read_dat of turbo_seti takes lines 3 to 6 by position and the rows by twelve columns."""
    header, found = hits
    sl.write_dat(found, tmp_path / "a.dat", header=header)
    lines = (tmp_path / "a.dat").read_text().splitlines()
    assert lines[1].startswith("# File ID: ")
    assert lines[3].startswith("# Source:HIP 1")
    assert lines[4].split("\t")[0].split()[1:2] == ["MJD:"]
    assert [part.split(":")[0] for part in lines[5].lstrip("# ").split("\t")] == [
        "DELTAT",
        "DELTAF(Hz)",
        "max_drift_rate",
        "obs_length",
    ]
    assert all(len(line.split()) == 12 for line in lines if not line.startswith("#"))


def test_an_empty_table_keeps_its_source(tmp_path):
    noise = sl.simulate_noise(16, 8192, source_name="HIP 2", seed=1)
    empty = sl.search_drift(noise)
    sl.write_dat(empty, tmp_path / "a.dat", header=noise.header)
    assert "# Source:HIP 2" in (tmp_path / "a.dat").read_text()
    assert len(sl.read_dat(tmp_path / "a.dat")) == 0


def test_hits_of_several_scans_are_refused(hits, tmp_path):
    header, found = hits
    found = found.assign(tstart_mjd=[1.0, 2.0])
    with pytest.raises(sl.HitsError, match="expected the hits of one scan, found 2 scans"):
        sl.write_dat(found, tmp_path / "a.dat", header=header)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: "", "turbo_seti's column names"),
        (lambda text: text.replace("# Source:", "# Sauce:"), "a header with Source"),
        (lambda text: text.replace("MJD: 6", "MJD: x6"), "a header with MJD"),
        (lambda text: text + "000001\t1.0\t2.0\n", "12 numbers a row, found '000001"),
        (lambda text: text + "000001" + "\tnan" * 11 + "\n", "12 numbers a row"),
        (lambda text: text + "000001" + "\tx" * 11 + "\n", "12 numbers a row"),
    ],
)
def test_files_that_are_no_tables(hits, tmp_path, change, message):
    header, found = hits
    path = tmp_path / "a.dat"
    sl.write_dat(found, path, header=header)
    path.write_text(change(path.read_text()))
    with pytest.raises(sl.HitsError, match=message) as caught:
        sl.read_dat(path)
    assert str(path) in str(caught.value)


def test_a_missing_table_and_a_binary_one(tmp_path):
    with pytest.raises(sl.HitsError, match="found: No such file"):
        sl.read_dat(tmp_path / "nothing.dat")
    (tmp_path / "a.dat").write_bytes(bytes(range(256)))
    with pytest.raises(sl.HitsError, match="column names"):
        sl.read_dat(tmp_path / "a.dat")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("single_coarse_guppi_59046_80036_DIAG_VOYAGER-1_0011.rawspec.0000.h5", 11),
        ("blc04_guppi_57563_69862_HIP35136_0011.gpuspec.0000.fil", 11),
        ("voyager1_carrier_8419.2970.fil", 0),
        ("", 0),
    ],
)
def test_scan_numbers(name, number):
    assert scan_number(name) == number


BLISS = """# -------------------------- o --------------------------
# File ID: guppi_60000_00001_TARGET_0011.rawspec.0000.h5
# -------------------------- o --------------------------
# Source:TARGET
# MJD: 60000.5\tRA: {ra}\tDEC:{dec}
# DELTAT: 18.253611\tDELTAF(Hz):  -2.793968 max_drift_rate: 5.0\tobs_length: 292.057776
# --------------------------
# Top_Hit_#\tDrift_Rate\tSNR\tUncorrected_Frequency\tCorrected_Frequency\tIndex\tfreq_start\tfreq_end
# --------------------------
{rows}"""


@pytest.mark.parametrize("drift_hz_s", [-2.0, 0.0, 3.5])
@pytest.mark.parametrize("dec", ["+12d10m58.80s", "-12d10m58.80s", "12d10m58.80s"])
def test_a_table_of_bliss(tmp_path, drift_hz_s, dec):
    """As its source writes it: the frequency of mid-scan, the track's ends, a sign before the declination."""
    start_mhz = 8419.297
    end_mhz = start_mhz + drift_hz_s * 292.057776 / 1e6
    middle = f"{(start_mhz + end_mhz) / 2:f}"
    row = f"000001\t{drift_hz_s:f}\t45.0\t{middle}\t{middle}\t747929\t{start_mhz:f}\t{end_mhz:f}\n"
    path = tmp_path / "a.dat"
    path.write_text(BLISS.format(ra="17h10m03.984ss", dec=dec, rows=row))
    assert sl.read_dat(path)["frequency_mhz"].tolist() == pytest.approx([start_mhz], abs=1.1e-6)
    # 12 degrees, 10 minutes, 58.8 seconds of arc; 17 hours, 10 minutes, 3.984 seconds
    position = dat_observation(path)[["ra_deg", "dec_deg"]].iloc[0].tolist()
    assert position == pytest.approx([257.5166, 12.183 * (-1 if dec[0] == "-" else 1)], abs=1e-4)


def test_a_table_without_hits_a_column_or_a_position(tmp_path):
    path = tmp_path / "a.dat"
    path.write_text(BLISS.format(ra="17h10m03.984ss", dec="12d10m58.80s", rows=""))
    assert len(sl.read_dat(path)) == 0
    path.write_text(path.read_text().replace("\tSNR", "\tPower"))
    with pytest.raises(sl.HitsError, match="expected the columns .* found no SNR"):
        sl.read_dat(path)
    path.write_text(BLISS.format(ra="257.5 deg", dec="12.18 deg", rows=""))
    with pytest.warns(HeaderWarning, match="its position on the sky cannot be read"):
        assert dat_observation(path)["ra_deg"].isna().all()


def test_two_scans_in_one_table_are_refused(tmp_path):
    text = BLISS.format(ra="17h10m03.984ss", dec="12d10m58.80s", rows="")
    (tmp_path / "a.dat").write_text(text + text.replace("60000.5", "60000.6"))
    with pytest.raises(sl.HitsError, match="the hits of one scan, found 2 starts: 60000.5, 60000.6"):
        sl.read_dat(tmp_path / "a.dat")
