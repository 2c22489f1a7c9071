"""A scan is what it was when it was made: what is told of it later makes a new one."""

import pytest

from setilearn.store.scans import cadence_scans, split_scans
from setilearn.tables import HITS, table

HIT = {
    "source_name": "HIP 1",
    "scan": 3,
    "tstart_mjd": 57541.0,
    "frequency_mhz": 1420.0,
    "drift_hz_s": 0.1,
    "snr": 20.0,
    "width_hz": 3.0,
    "channel": 5,
    "path": "a/b.dat",
}


def test_what_is_told_of_a_scan_makes_a_new_one():
    (scan,) = split_scans(table(HITS, [HIT]))
    on = scan.told(position="ON", cadence="HIP 1")
    assert (on.observation["position"], on.observation["cadence"]) == ("ON", "HIP 1")
    assert (scan.observation["position"], scan.observation["cadence"]) == ("", "")
    assert on.identity == scan.identity == ("HIP 1", 3, 57541.0, "b.dat")
    with pytest.raises(TypeError):
        scan.observation["position"] = "ON"


def test_the_place_in_the_pattern_is_the_position():
    scans = [table(HITS, [HIT | {"tstart_mjd": 57541.0 + place}]) for place in range(2)]
    split = cadence_scans([*scans, table(HITS)], "ABA", None)
    assert [scan and scan.observation["position"] for scan in split] == ["ON", "OFF", None]
