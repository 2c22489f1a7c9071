"""Who transmits in a simulated survey: where, how they move, how strong and how often."""

from typing import NamedTuple

from setilearn.telescope import L_BAND_MHZ

MAX_DRIFT_HZ_S = 4.0


class Emitters(NamedTuple):
    """Transmitters of one kind: where, how they move, and how many hits a scan has of them.

    Each is on in a share ``duty`` of the scans, and about ``10**log_snr`` strong, both drawn from the
    range. Codes and noise have no carriers: each of their hits is anywhere in the range.
    """

    origin: str
    low_mhz: float
    high_mhz: float
    motion: str
    hits_per_scan: float
    duty: tuple
    log_snr: tuple


class Motion(NamedTuple):
    """How the frequency of a transmitter is shifted when it is heard: within what, and how it drifts."""

    shift_hz: tuple
    drift_hz_s: tuple
    change_hz_s2: tuple
    of_each_scan: bool = False  # else one track through the cadence


STILL = (0.0, 0.0)
# Shift and drift are those of speed and acceleration along the line of sight, f v / c and f a / c, at
# 1.6 GHz: an aircraft's 230 m/s; a navigation satellite's 0.93 km/s and 0.15 m/s^2; 7.1 km/s in a low orbit,
# where the drift is within +-4 Hz/s only near the horizon, and another satellite is there in the next scan.
# What stands still has an oscillator that is right to 3e-8.
MOTIONS = {
    "ground": Motion((-50.0, 50.0), STILL, STILL),
    "aircraft": Motion((-1200.0, 1200.0), (-0.5, 0.5), (-1e-4, 1e-4)),
    "medium orbit": Motion((-5000.0, 5000.0), (-0.8, -0.05), (-5e-5, 5e-5)),
    "low orbit": Motion((-38e3, 38e3), (-MAX_DRIFT_HZ_S, -0.3), STILL, of_each_scan=True),
}
CODE, NOISE, BELT = "code", "noise", "geostationary belt"
# Frequencies are allocations (`setilearn.telescope.known_bands`). Hits in a scan, duty and strength are
# chosen, not measured: satellites' downlinks and GPS L1 stand out before all others, and every way in which
# interference gets past a filter occurs: always on, on by chance, drifting, near the satellites alone.
EMITTERS = (
    Emitters("DME and TACAN beacons", 1100.0, 1164.0, "aircraft", 7.0, (0.05, 0.4), (1.0, 4.0)),
    Emitters("GPS L5 code", 1166.22, 1186.68, CODE, 5.0, (), (1.0, 4.0)),
    Emitters("air route radar", 1330.0, 1350.0, "ground", 4.0, (0.3, 0.9), (1.2, 5.0)),
    Emitters("radiolocation", 1350.0, 1390.0, "ground", 4.0, (0.1, 0.7), (1.0, 4.5)),
    Emitters("aeronautical telemetry", 1435.0, 1525.0, "aircraft", 3.0, (0.02, 0.2), (1.0, 3.0)),
    Emitters("geostationary downlinks", 1525.0, 1559.0, "ground", 11.0, (0.9, 1.0), (1.5, 5.5)),
    Emitters(BELT, 1525.0, 1559.0, "ground", 5.0, (0.85, 0.98), (1.1, 2.0)),
    Emitters("GPS L1 code", 1565.19, 1585.65, CODE, 13.0, (), (1.0, 5.5)),
    Emitters("GLONASS L1", 1598.06, 1605.38, "medium orbit", 4.0, (0.2, 0.6), (1.0, 3.5)),
    Emitters("Iridium", 1616.0, 1626.5, "low orbit", 3.0, (0.1, 0.5), (1.0, 4.0)),
    Emitters("weather satellites", 1675.0, 1695.0, "ground", 2.0, (0.9, 1.0), (1.0, 3.0)),
    Emitters("weather satellites", 1698.0, 1710.0, "low orbit", 0.5, (0.02, 0.1), (1.0, 3.0)),
    Emitters("mobile telephones", 1710.0, 1780.0, "ground", 1.0, (0.02, 0.1), (1.0, 2.5)),
    Emitters("mobile telephones", 1850.0, 1900.0, "ground", 1.0, (0.02, 0.1), (1.0, 2.5)),
    Emitters("the observatory itself", *L_BAND_MHZ, "ground", 2.0, (0.7, 1.0), (1.0, 2.5)),
    Emitters("sporadic transmitters", *L_BAND_MHZ, "ground", 1.2, (0.005, 0.03), (1.0, 3.0)),
    Emitters(NOISE, *L_BAND_MHZ, NOISE, 1.0, (), (1.0, 1.0)),
)
