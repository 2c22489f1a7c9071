"""The one thing that flows through the package: a spectrogram and the header that describes it."""

import math
from dataclasses import dataclass, fields, replace

import numpy as np

from setilearn.errors import SpectrogramError

HZ_PER_MHZ = 1e6
SECONDS_PER_DAY = 86400


@dataclass(frozen=True)
class Header:
    """What a filterbank file says about its data, in the units of the names.

    Frequencies ascend: ``fch1_mhz`` is the centre of the lowest channel and ``foff_hz``, the
    distance to the next one up, is positive, whichever way round the file is on disk.
    ``tstart_mjd`` is the Modified Julian Date (days, UTC) at which the first integration begins.
    A file that does not say where the telescope pointed has ``ra_deg`` and ``dec_deg`` 0.

    ``n_ifs`` and ``n_bits`` tell of the file: how many IFs (polarisations or beams) stand in it
    side by side, and how many bits hold one power value. A `Spectrogram` holds one IF at 32 bits.
    """

    source_name: str
    telescope: str
    ra_deg: float
    dec_deg: float
    fch1_mhz: float
    foff_hz: float
    tsamp_s: float
    tstart_mjd: float
    n_time: int
    n_chan: int
    n_ifs: int = 1
    n_bits: int = 32

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type is float and not math.isfinite(value):
                raise SpectrogramError(f"header: expected a finite number for {field.name}, found {value}")
        for name in ("foff_hz", "tsamp_s"):
            if getattr(self, name) <= 0:
                raise SpectrogramError(f"header: expected {name} above 0, found {getattr(self, name)}")
        for name in ("n_time", "n_chan", "n_ifs"):
            if getattr(self, name) < 1:
                raise SpectrogramError(f"header: expected {name} of at least 1, found {getattr(self, name)}")

    def frequency_mhz(self, channel):
        """Centre frequency in MHz of ``channel`` (a number or an array), counted from 0 upwards."""
        return self.fch1_mhz + channel * (self.foff_hz / HZ_PER_MHZ)

    def channel_at(self, frequency_mhz):
        """Channel, as an int, whose centre lies nearest to ``frequency_mhz``.

        Raises `SpectrogramError` where the frequency is outside the band.
        """
        channel = (frequency_mhz - self.fch1_mhz) * HZ_PER_MHZ / self.foff_hz
        # Half a channel belongs to each centre; the hair more forgives rounding at the very edge.
        if not -0.51 <= channel <= self.n_chan - 0.49:
            low_mhz, high_mhz = self.band_mhz
            raise SpectrogramError(
                f"frequency outside the band: expected {low_mhz:.6f} to {high_mhz:.6f} MHz, "
                f"found {frequency_mhz:.6f} MHz"
            )
        return min(max(math.floor(channel + 0.5), 0), self.n_chan - 1)

    def part(self, times, channels):
        """Header of a part of the data, and the two slices with their ends filled in.

        Raises `SpectrogramError` where a slice has another step than 1 or holds nothing.
        """
        times = _filled_in(times, self.n_time, "time")
        channels = _filled_in(channels, self.n_chan, "channel")
        header = replace(
            self,
            fch1_mhz=float(self.frequency_mhz(channels.start)),
            tstart_mjd=self.tstart_mjd + times.start * self.tsamp_s / SECONDS_PER_DAY,
            n_time=times.stop - times.start,
            n_chan=channels.stop - channels.start,
        )
        return header, times, channels

    @property
    def band_mhz(self):
        """Lower edge of the lowest channel and upper edge of the highest, in MHz."""
        return float(self.frequency_mhz(-0.5)), float(self.frequency_mhz(self.n_chan - 0.5))

    @property
    def duration_s(self):
        """Length of the observation in seconds."""
        return self.n_time * self.tsamp_s

    @property
    def is_simulated(self):
        """Whether the source name says that the data were made by a computer."""
        return "simulated" in self.source_name.lower()


@dataclass(frozen=True, eq=False)
class Spectrogram:
    """Power against time and frequency: ``power`` float32 ``(n_time, n_chan)``, linear, frequency ascending.

    ``spectrogram[2:10, 100:400]`` and ``spectrogram.average(n_chan=8)`` give new spectrograms
    whose headers are right; the data of a slice are a view, those of an average are new.

    NaN stands for a sample that is no measurement.
    """

    power: np.ndarray
    header: Header

    def __post_init__(self):
        power = np.asarray(self.power, dtype=np.float32)
        if power.shape != (self.header.n_time, self.header.n_chan):
            raise SpectrogramError(
                f"power must have the shape of its header, expected "
                f"({self.header.n_time}, {self.header.n_chan}), found {power.shape}"
            )
        object.__setattr__(self, "power", power)

    @property
    def frequencies_mhz(self):
        """Centre frequency of each channel in MHz, float64 ``(n_chan,)``."""
        return self.header.frequency_mhz(np.arange(self.header.n_chan))

    @property
    def times_s(self):
        """Start of each integration in seconds after ``tstart_mjd``, float64 ``(n_time,)``."""
        return np.arange(self.header.n_time) * self.header.tsamp_s

    @property
    def lost(self):
        """Which samples are no measurement, NaN or infinite: bool ``(n_time, n_chan)``."""
        return ~np.isfinite(self.power)

    def __getitem__(self, key):
        """Part of it: ``spectrogram[times]`` or ``spectrogram[times, channels]``, slices of step 1."""
        times, channels = key if isinstance(key, tuple) and len(key) == 2 else (key, slice(None))
        header, times, channels = self.header.part(times, channels)
        return Spectrogram(self.power[times, channels], header)

    def average(self, n_time=1, n_chan=1):
        """Mean over blocks of ``n_time`` integrations and ``n_chan`` channels.

        What does not fill a last block is left out, and so is what is no measurement; where a block has none,
        the mean is NaN. Raises `SpectrogramError` where a block is
        larger than the spectrogram.
        """
        for n, size, axis in ((n_time, self.header.n_time, "n_time"), (n_chan, self.header.n_chan, "n_chan")):
            if not 1 <= n <= size:
                raise SpectrogramError(f"average: expected {axis} of 1 to {size}, found {n}")
        rows, columns = self.header.n_time // n_time, self.header.n_chan // n_chan
        kept = self.power[: rows * n_time, : columns * n_chan]
        header = replace(
            self.header,
            fch1_mhz=float(self.header.frequency_mhz((n_chan - 1) / 2)),
            foff_hz=self.header.foff_hz * n_chan,
            tsamp_s=self.header.tsamp_s * n_time,
            n_time=rows,
            n_chan=columns,
        )
        # float64 sums: a float32 sum of a million integrations forgets its last digits.
        blocks = kept.reshape(rows, n_time, columns, n_chan)
        with np.errstate(invalid="ignore", over="ignore"):
            power = blocks.mean(axis=(1, 3), dtype=np.float64)
            if not np.isfinite(power).all():
                is_measured = np.isfinite(blocks)
                total = np.where(is_measured, blocks, 0).sum(axis=(1, 3), dtype=np.float64)
                power = total / is_measured.sum(axis=(1, 3))
        return Spectrogram(power.astype(np.float32), header)


def _filled_in(part, size, axis):
    if not isinstance(part, slice) or part.step not in (None, 1):
        raise SpectrogramError(f"{axis}: expected a slice of step 1 such as 10:20, found {part!r}")
    start, stop, _ = part.indices(size)
    if stop <= start:
        raise SpectrogramError(f"{axis}: expected some of 0:{size}, found {part.start}:{part.stop}")
    return slice(start, stop)
