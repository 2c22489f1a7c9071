"""A tone of SNR s has SNR s in noise of one average or of many: along its track, in the mean of 200 tones."""

import math

import numpy as np
import pytest

import setilearn as sl

AVERAGES = [1, 2, 4, 13, 51]
FOFF_HZ, N_TIME = 2.0, 16
SNR = 40.0
ASIDE = (
    2  # channels beside the track that still count: what a tone sweeps in an integration, and its rounding
)


def noise(n_averaged, n_chan=2**15, seed=1):
    return sl.simulate_noise(N_TIME, n_chan, foff_hz=FOFF_HZ, tsamp_s=n_averaged / FOFF_HZ, seed=seed)


def measured(spectrogram, frequency_mhz, drift_hz_s, mean, sigma, change_hz_s2=0.0, aside=ASIDE):
    """SNR of the power within ``aside`` channels of a track, less the mean of the noise there.

    ``frequency_mhz`` is where the track is at the start; ``sigma`` that of the noise in one value.
    """
    header = spectrogram.header
    t_s = (np.arange(header.n_time) + 0.5) * header.tsamp_s
    hz = (frequency_mhz - header.fch1_mhz) * 1e6 + drift_hz_s * t_s + change_hz_s2 * t_s**2 / 2
    channels = np.rint(hz / header.foff_hz).astype(int)[:, None] + np.arange(-aside, aside + 1)
    total = spectrogram.power[np.arange(header.n_time)[:, None], channels].sum(dtype=np.float64)
    return (total - channels.size * mean) / (sigma * math.sqrt(header.n_time))


@pytest.mark.parametrize("n_averaged", AVERAGES)
def test_add_tone(n_averaged):
    sky = noise(n_averaged)
    channels = np.linspace(100, 32_600, 200)
    # At most two channels an integration, each way.
    drifts = np.linspace(-2, 2, 200) * FOFF_HZ / sky.header.tsamp_s
    found = []
    for channel, drift_hz_s in zip(channels, drifts, strict=True):
        tone = {"drift_hz_s": drift_hz_s, "snr": SNR}
        with_tone = sl.add_tone(sky, sky.header.frequency_mhz(channel), **tone)
        # The radiometer equation: noise of mean 1 and of 1 / sqrt(n).
        found.append(measured(with_tone, sky.header.frequency_mhz(channel), drift_hz_s, 1, n_averaged**-0.5))
    assert np.mean(found) == pytest.approx(SNR, rel=0.03)


@pytest.mark.parametrize("n_averaged", AVERAGES)
def test_inject_tones(n_averaged):
    sky = noise(n_averaged)
    step_hz_s = FOFF_HZ / sky.header.tsamp_s
    with_tones, truth = sl.inject_tones(
        sky, snr=np.full(200, SNR), drift_hz_s=np.linspace(-2, 2, 200) * step_hz_s, seed=2
    )
    found = []
    for tone in truth.itertuples():
        start_mhz = tone.frequency_mhz - tone.drift_hz_s * sky.header.tsamp_s / 2 / 1e6
        found.append(measured(with_tones, start_mhz, tone.drift_hz_s, 1, n_averaged**-0.5))
    assert np.mean(found) == pytest.approx(SNR, rel=0.03)


@pytest.mark.parametrize("n_averaged", AVERAGES)
def test_simulate_cadence(n_averaged):
    # Without a signal and satellites that drift: the transmitters on the ground, in some 200 scans.
    found = []
    for seed in range(23):
        scans, truth = sl.simulate_cadence(
            N_TIME,
            4096,
            signal_snr=SNR,
            signal_drift_hz_s=0.0,
            foff_hz=200.0,
            tsamp_s=n_averaged / 200,
            seed=seed,
        )
        for tone in truth[truth["kind"].isin(["transmitter", "signal"])].itertuples():
            # Each scan has a gain of its own, which is measured far from all tones and edges.
            channel = scans[tone.scan].header.channel_at(tone.frequency_mhz)
            empty = scans[tone.scan].power[:, channel + 20 : channel + 220]
            mean, sigma = empty.mean(dtype=np.float64), empty.std(dtype=np.float64)
            snr = measured(scans[tone.scan], tone.frequency_mhz, tone.drift_hz_s, mean, sigma, aside=0)
            found.append(snr / tone.snr)
    assert len(found) > 200
    assert np.mean(found) == pytest.approx(1, rel=0.03)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
@pytest.mark.parametrize("n_averaged", AVERAGES)
def test_tones_of_setigen_read_here(n_averaged, tmp_path):
    import setigen

    frame = setigen.Frame(
        fchans=2**15, tchans=N_TIME, df=FOFF_HZ, dt=n_averaged / FOFF_HZ, fch1=1.42e9, seed=3, num_pols=1
    )
    frame.add_noise(x_mean=10, noise_type="chi2")
    sigma = frame.data.std()
    channels = np.arange(100, 2**15 - 100, 160)[:200]
    for channel in channels:
        frame.data[:, channel] += SNR * sigma / math.sqrt(N_TIME)
    frame.save_fil(str(tmp_path / "setigen.fil"))
    read = sl.read_spectrogram(tmp_path / "setigen.fil")
    mean, found_sigma = sl.estimate_noise(read.power)
    assert found_sigma == pytest.approx(sigma, rel=0.03)
    found = [
        measured(read, float(frame.fs[channel]) / 1e6, 0.0, mean, found_sigma, aside=0)
        for channel in channels
    ]
    assert np.mean(found) == pytest.approx(SNR, rel=0.03)
