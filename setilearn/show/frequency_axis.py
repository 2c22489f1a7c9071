"""The frequency axis of a figure: plain MHz, or an offset from a frequency in a narrow band."""

import math

import numpy as np
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from setilearn.show.figure import room_pixels
from setilearn.spectrogram import HZ_PER_MHZ

# In a narrower band, labels in MHz would differ in their last digits only.
NARROW_BAND_HZ = 100e3
TICK_SPACING_PIXELS = 80


class FrequencyAxis:
    """Where a channel stands on the x axis, and what the axis is called."""

    def __init__(self, header, offset_from_mhz):
        low_mhz, high_mhz = header.band_mhz
        width_hz = header.n_chan * header.foff_hz
        if offset_from_mhz is None:
            offset_from_mhz = 0.0
            if width_hz < NARROW_BAND_HZ:
                # As few decimals as bring the reference near the centre: 8419.297, not 8419.2970281.
                decimals = math.ceil(-math.log10(width_hz / HZ_PER_MHZ))
                offset_from_mhz = round((low_mhz + high_mhz) / 2, decimals)
        self.reference_mhz = offset_from_mhz
        self.header = header
        farthest_hz = max(abs(low_mhz - offset_from_mhz), abs(high_mhz - offset_from_mhz)) * HZ_PER_MHZ
        if farthest_hz < 5e3:
            self.unit, self.unit_hz = "Hz", 1.0
        elif farthest_hz < 1e6:
            self.unit, self.unit_hz = "kHz", 1e3
        else:
            self.unit, self.unit_hz = "MHz", 1e6

    def position(self, channel):
        """Place on the axis of ``channel``, counted from 0 at the centre of the lowest one."""
        start_hz = (self.header.fch1_mhz - self.reference_mhz) * HZ_PER_MHZ
        return (start_hz + np.asarray(channel) * self.header.foff_hz) / self.unit_hz

    def label(self, ax):
        """Name the x axis of ``ax``, set its limits to the band's edges and its ticks to plain numbers."""
        reference = f" \N{MINUS SIGN} {self.reference_mhz:.12g} MHz" if self.reference_mhz else ""
        ax.set_xlabel(f"frequency{reference} ({self.unit})")
        ax.set_xlim(*self.position([-0.5, self.header.n_chan - 0.5]))
        n_ticks = max(2, int(room_pixels(ax)[1] / TICK_SPACING_PIXELS))
        ax.xaxis.set_major_locator(MaxNLocator(n_ticks, steps=[1, 2, 2.5, 5, 10]))
        # matplotlib would label 8419.297 as 0.297 with a "+8.419e3" in the corner.
        plain = ScalarFormatter(useOffset=False)
        plain.set_scientific(False)
        ax.xaxis.set_major_formatter(plain)
