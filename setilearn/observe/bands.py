"""Who transmits at L band: the ranges in which most of a survey's interference lies."""

from typing import NamedTuple

# The receiver of the Green Bank Telescope at L band, and the filter in it against an air traffic radar
# (Enriquez et al. 2017, ApJ 849, 104).
L_BAND_MHZ = (1100.0, 1900.0)
NOTCH_MHZ = (1200.0, 1330.0)


class Band(NamedTuple):
    """A range of frequencies, and what is to be expected in it.

    ``kind`` is ``ground``, ``aircraft`` or ``satellite`` by where the transmitters are, ``filter``
    where the receiver hears nothing, ``protected`` where nobody may transmit.
    """

    name: str
    low_mhz: float
    high_mhz: float
    kind: str


# They do not overlap. Allocated ranges are cut where a system known by name has a part of its own.
BANDS = (
    Band("DME and TACAN beacons", 1100.0, 1164.0, "aircraft"),
    Band("GPS L5, Galileo E5", 1164.0, 1200.0, "satellite"),
    Band("notch filter", *NOTCH_MHZ, "filter"),
    Band("air route radar", 1330.0, 1350.0, "ground"),
    Band("radiolocation, GPS L3", 1350.0, 1390.0, "ground"),
    Band("hydrogen line", 1400.0, 1427.0, "protected"),
    Band("aeronautical telemetry", 1435.0, 1525.0, "aircraft"),
    Band("geostationary downlinks", 1525.0, 1559.0, "satellite"),
    Band("GPS L1, Galileo E1", 1559.0, 1592.0, "satellite"),
    Band("GLONASS L1", 1592.0, 1610.0, "satellite"),
    Band("Iridium", 1616.0, 1626.5, "satellite"),
    Band("hydroxyl lines", 1660.5, 1668.4, "protected"),
    Band("weather satellites", 1675.0, 1710.0, "satellite"),
    Band("mobile telephones (AWS)", 1710.0, 1780.0, "ground"),
    Band("mobile telephones (PCS)", 1850.0, 1910.0, "ground"),
)


def known_bands():
    """The known bands between 1.1 and 1.9 GHz as they are used in the United States.

    Returns
    -------
    DataFrame
        A row a band, upwards in frequency; columns name, low_mhz, high_mhz, and kind: ``ground``,
        ``aircraft``, ``satellite``, ``filter`` (the notch of the Green Bank receiver, in which
        nothing is heard) or ``protected`` (no one may transmit there).

    Sources: 47 CFR 2.106 (United States Table of Frequency Allocations); IS-GPS-200 and IS-GPS-705
    (GPS L1 at 1575.42 MHz, L5 at 1176.45 MHz); GLONASS Interface Control Document 5.1 (1598.06 to
    1605.38 MHz); FCC DA 16-875 (Iridium); the notch: Enriquez et al. 2017, ApJ 849, 104.
    """
    import pandas as pd

    return pd.DataFrame(BANDS, columns=Band._fields)
