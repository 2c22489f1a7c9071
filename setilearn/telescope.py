"""The Green Bank Telescope: its coarse channels, its data products, its L band and who transmits in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from setilearn.spectrogram import Header

COARSE_CHANNEL_HZ = 187.5e6 / 64
FINE_CHANNELS = 2**20
FOFF_HZ = COARSE_CHANNEL_HZ / FINE_CHANNELS
TSAMP_S = 51 / FOFF_HZ


def dc_channel(n_chan):
    """The channel of 0 Hz in a coarse channel of ``n_chan``, counted from its lowest frequency.

    A Fourier transform puts it at position n / 2, counted as files of this telescope are on disk: from the
    highest frequency down. In a file that ascends on disk it is the next channel.
    """
    return n_chan - 1 - n_chan // 2


def coarse_bandpass(n_chan):
    """Response ``(n_chan,)`` of one coarse channel: flat, a slight slope, half the power at its edges."""
    x = np.linspace(-1, 1, n_chan)
    return (1 + 0.05 * x) / (1 + x**40)


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


def known_bands() -> pd.DataFrame:
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


class DataProduct(NamedTuple):
    """Which of Breakthrough Listen's three data products a file is, and what it is for."""

    name: str
    meaning: str


HIGH_FREQUENCY = DataProduct(
    "high frequency resolution",
    "channels of a few hertz, integrations of many seconds (at Green Bank 2.79 Hz and 18.25 s): "
    "for narrow-band signals and their drift",
)
HIGH_TIME = DataProduct(
    "high time resolution",
    "channels of hundreds of kilohertz, integrations well under a millisecond or so (366 kHz and 349 us): "
    "for pulses, such as those of pulsars",
)
MEDIUM = DataProduct(
    "medium resolution",
    "channels of a few kilohertz, integrations of about a second (2.86 kHz and 1.07 s): "
    "for the spectral lines of atoms and molecules, and for a quick look",
)
OTHER = DataProduct("other", "none of Breakthrough Listen's three data products")


def data_product(header: Header) -> DataProduct:
    """Recognise one of the three data products by its channel width and integration time.

    The limits lie well apart from the products' published values (Lebofsky et al. 2019, PASP 131,
    124505, table 3), so that other telescopes' products of the same kind are recognised too.
    """
    if header.foff_hz < 100 and header.tsamp_s > 0.1:
        return HIGH_FREQUENCY
    if header.foff_hz > 50e3 and header.tsamp_s < 10e-3:
        return HIGH_TIME
    if 500 < header.foff_hz < 50e3 and header.tsamp_s > 0.1:
        return MEDIUM
    return OTHER
