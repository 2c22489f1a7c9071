"""What lesson 07 says of Voyager's lines, against astropy, the published tables and the telescope's data."""

import numpy as np
import pytest

import setilearn as sl
from setilearn.course import lesson_07
from setilearn.course.material import published as published_module


def test_the_speeds_in_the_lesson_are_astropy_s():
    import astropy.units as u
    from astropy.coordinates import EarthLocation, SkyCoord
    from astropy.time import Time
    from astropy.utils import iers

    green_bank = EarthLocation.from_geodetic(-79.83983 * u.deg, 38.43312 * u.deg, 807 * u.m)
    voyager = SkyCoord("17h10m03.984s", "12d10m58.8s")  # as in the file's header
    start = Time(57650.782094907408, format="mjd")
    with iers.conf.set_temp("auto_download", False):
        # The correction to be added to a measured speed is the telescope's own speed towards the source.
        away = [
            -voyager.radial_velocity_correction("barycentric", obstime=time, location=green_bank).to_value(
                "m/s"
            )
            for time in (start, start + 16 * 18.253611008 * u.s)
        ]
    assert away == pytest.approx([lesson_07.AWAY_START_M_S, lesson_07.AWAY_STOP_M_S], abs=0.05)
    assert away[1] - away[0] == pytest.approx(lesson_07.AWAY_STOP_M_S - lesson_07.AWAY_START_M_S, abs=2e-4)


def test_the_published_table_is_turbo_seti_s(mirror):
    hits = sl.read_dat(sl.fetch("voyager1_turbo_seti", mirror))
    theirs = np.array([row[1:] for row in published_module.PUBLISHED if row[0] == "turbo_seti"])
    found = hits[["frequency_mhz", "drift_hz_s", "snr"]].sort_values("frequency_mhz").to_numpy()
    assert found == pytest.approx(theirs, abs=0.006)


SIDE_BANDS = {"2744": -0.397966, "2747": -0.387762, "3194": -0.397966, "3197": -0.367353}  # as published


def test_the_telescope_s_lines_have_the_drift_of_the_earth_s_motion(mirror):
    for line in ("carrier", *(f"sideband_8419_{digits}" for digits in SIDE_BANDS)):
        hits = sl.search_drift(sl.fetch(f"voyager1_{line}", mirror))
        assert hits["drift_hz_s"].to_numpy() == pytest.approx(lesson_07.EARTH_HZ_S, abs=0.0025)


def test_the_search_finds_the_telescope_s_lines_with_the_snr_that_the_lesson_says(mirror):
    carrier = sl.search_drift(sl.fetch("voyager1_carrier", mirror))["snr"]
    assert carrier.tolist() == pytest.approx([27, 1200, 27], rel=0.05)
    side_band = sl.search_drift(sl.fetch("voyager1_sideband_8419_2744", mirror))["snr"]
    assert side_band.tolist() == pytest.approx([92], rel=0.02)


@pytest.mark.parametrize(("digits", "published_hz_s"), SIDE_BANDS.items())
def test_sums_of_single_channels_are_largest_at_the_published_drift(mirror, digits, published_hz_s):
    cutout = sl.read_spectrogram(sl.fetch(f"voyager1_sideband_8419_{digits}", mirror))
    n_moved = sl.brute_force(cutout.power[:, ::-1], 60).max(axis=1).argmax()
    assert -n_moved * lesson_07.DRIFT_STEP_HZ_S == pytest.approx(published_hz_s, abs=1e-5)
