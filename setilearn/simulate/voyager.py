"""Voyager 1 as the Green Bank Telescope saw it in 2016."""

from dataclasses import replace

from setilearn.errors import SpectrogramError
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone
from setilearn.spectrogram import HZ_PER_MHZ, Spectrogram
from setilearn.telescope import FINE_CHANNELS, FOFF_HZ, TSAMP_S, coarse_bandpass, dc_channel

VOYAGER_TSTART_MJD = 57650.782094907408
VOYAGER_FCH1_MHZ = 8418.457032646984  # centre of the lowest channel
VOYAGER_CARRIER_MHZ = 8419.297028
# Frequency in the first integration (MHz), drift (Hz/s) as published by turbo_seti and seticore;
# power relative to the receiver noise of one channel, measured in the telescope's data.
VOYAGER_LINES = (
    (VOYAGER_CARRIER_MHZ, -0.377557, 66.0),
    (8419.319368, -0.397966, 6.5),
    (8419.319684, -0.367353, 6.5),
    (8419.274374, -0.397966, 6.5),
    (8419.274693, -0.387762, 6.5),
)
_DC_SPIKE_POWER = 12.0
_DC_CHANNEL = dc_channel(FINE_CHANNELS)


def simulate_voyager(n_chan=FINE_CHANNELS, *, centre_mhz=None, seed=1977):
    """Stand-in for the 2016 observation of Voyager 1: carrier, side bands, drift, bandpass and DC spike.

    All 2**20 channels of the coarse channel by default; fewer are those around ``centre_mhz``,
    by default the carrier. The source name says that it is simulated.
    """
    if not 1 <= n_chan <= FINE_CHANNELS:
        raise SpectrogramError(f"simulate_voyager: expected 1 to {FINE_CHANNELS} channels, found {n_chan}")
    centre_mhz = VOYAGER_CARRIER_MHZ if centre_mhz is None else centre_mhz
    centre = round((centre_mhz - VOYAGER_FCH1_MHZ) * HZ_PER_MHZ / FOFF_HZ)
    first = min(max(centre - n_chan // 2, 0), FINE_CHANNELS - n_chan)
    bandpass = coarse_bandpass(FINE_CHANNELS)[first : first + n_chan]
    noise = simulate_noise(
        16,
        n_chan,
        fch1_mhz=VOYAGER_FCH1_MHZ + first * FOFF_HZ / HZ_PER_MHZ,
        tstart_mjd=VOYAGER_TSTART_MJD,
        source_name="Voyager1 (simulated)",
        bandpass=bandpass,
        n_pol=2,
        seed=seed,
    )
    observed = Spectrogram(
        noise.power, replace(noise.header, telescope="GBT", ra_deg=257.5166, dec_deg=12.1830)
    )
    for frequency_mhz, drift_hz_s, power in VOYAGER_LINES:
        # Published is the middle of the first integration's sweep; a tone starts at its beginning.
        start_mhz = frequency_mhz - drift_hz_s * TSAMP_S / 2 / HZ_PER_MHZ
        observed = add_tone(observed, start_mhz, drift_hz_s=drift_hz_s, power=power)
    if first <= _DC_CHANNEL < first + n_chan:
        observed.power[:, _DC_CHANNEL - first] += _DC_SPIKE_POWER
    return observed
