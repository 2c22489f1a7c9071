"""The Green Bank Telescope as Breakthrough Listen uses it: channels, products, the receiver's response.

Source: M. Lebofsky et al. 2019, PASP 131, 124505. A coarse channel is 187.5 MHz / 64. The product of high
frequency resolution has 2**20 fine channels in each, and averages 51 spectra in an integration.
"""

import numpy as np

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
