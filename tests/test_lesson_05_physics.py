"""The physics that lesson 05 states, against astropy and orbits worked out."""

import math

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import EarthLocation, SkyCoord, get_body_barycentric_posvel
from astropy.time import Time
from astropy.utils import iers

SPEED_OF_LIGHT_M_S = 299_792_458


@pytest.fixture
def no_download():
    with iers.conf.set_temp("auto_download", False):
        yield


def drift_hz_s(frequency_hz, acceleration_m_s2):
    return frequency_hz * acceleration_m_s2 / SPEED_OF_LIGHT_M_S


def test_drift_from_the_earths_rotation(no_download):
    equator = EarthLocation.from_geodetic(0 * u.deg, 0 * u.deg)
    before, after = (
        equator.get_gcrs_posvel(Time("2016-09-19T18:46:00") + dt * u.s)[1].xyz.to_value(u.m / u.s)
        for dt in (-30, 30)
    )
    acceleration = np.linalg.norm(after - before) / 60
    assert drift_hz_s(8.4e9, acceleration) == pytest.approx(0.950, abs=0.002)


def test_drift_from_the_earths_orbit():
    times = Time("2016-04-04") + np.array([-0.5, 0.5]) * u.day  # the Earth at its mean distance
    velocity = get_body_barycentric_posvel("earth-moon-barycenter", times)[1].xyz.to_value(u.m / u.s)
    acceleration = np.linalg.norm(velocity[:, 1] - velocity[:, 0]) / 86_400
    assert drift_hz_s(8.4e9, acceleration) == pytest.approx(0.17, abs=0.005)


def test_drift_from_proxima_b():
    # By its star's gravity: 0.122 solar masses at 0.0485 astronomical units (Anglada-Escude et al. 2016).
    acceleration = 0.122 * 1.327e20 / (0.0485 * 1.496e11) ** 2
    assert drift_hz_s(8.4e9, acceleration) == pytest.approx(8.60, rel=0.02)


@pytest.mark.parametrize(
    ("height_m", "orbit_radius_m", "frequency_hz", "stated_hz_s"),
    [(4.0e5, 6.771e6, 8.4e9, -3876), (2.02e7, 2.6571e7, 1.575e9, -0.94)],
)
def test_drift_of_a_satellite_overhead(height_m, orbit_radius_m, frequency_hz, stated_hz_s):
    """The distance to a body on a circle, differentiated twice: no use of the lesson's formula."""
    ground_m = orbit_radius_m - height_m
    angular_speed = math.sqrt(3.986e14 / orbit_radius_m**3)
    times_s = np.array([-1.0, 0.0, 1.0])
    angle = angular_speed * times_s
    distance_m = np.hypot(orbit_radius_m * np.sin(angle), orbit_radius_m * np.cos(angle) - ground_m)
    # Growing distance lowers the frequency.
    drift = -drift_hz_s(frequency_hz, np.diff(distance_m, 2)[0])
    assert drift == pytest.approx(stated_hz_s, rel=0.01)


def test_voyagers_published_drift_is_the_earths_motion(no_download):
    green_bank = EarthLocation.from_geodetic(-79.83983 * u.deg, 38.43312 * u.deg, 807 * u.m)
    voyager = SkyCoord(257.5166 * u.deg, 12.1830 * u.deg)
    times = Time(57650.782094907408, format="mjd") + np.array([0, 274]) * u.s
    towards = voyager.radial_velocity_correction("barycentric", obstime=times, location=green_bank)
    acceleration = float(np.diff(towards.to_value(u.m / u.s))[0]) / 274
    assert drift_hz_s(8.419297e9, acceleration) == pytest.approx(-0.3776, abs=0.01)
