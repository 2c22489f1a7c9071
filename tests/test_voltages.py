"""Voltages and the filterbank against scipy, the defining sum and Parseval; raw files, also setigen's."""

import logging
import math
import tracemalloc

import numpy as np
import pytest
import scipy.signal
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from setilearn import polyphase
from setilearn.errors import LostDataWarning, VoltageError
from setilearn.polyphase import channelize, prototype_filter
from setilearn.read.guppi import read_raw_header, read_voltages
from setilearn.simulate.voltages import simulate_voltages

RATE_HZ = 1024.0


def tone(frequency_hz, n_samples=4096, **kwargs):
    return simulate_voltages(n_samples, RATE_HZ, tones=[(frequency_hz, 1.0, 0.0)], noise_sigma=0, **kwargs)


# --- simulation


def test_noise_has_its_power_in_both_parts_and_no_colour():
    noise = simulate_voltages(200_000, RATE_HZ, noise_sigma=3.0, seed=1)
    assert (noise.shape, noise.dtype) == ((200_000,), np.complex64)
    # 9 in all, 4.5 in each part; the scatter of such a mean is 9 / sqrt(200000) = 0.02
    assert np.mean(np.abs(noise) ** 2) == pytest.approx(9.0, abs=0.1)
    for part in (noise.real, noise.imag):
        assert scipy.stats.kstest(part, scipy.stats.norm(scale=math.sqrt(4.5)).cdf).pvalue > 1e-3
    assert abs(np.mean(noise[1:] * noise[:-1].conj())) < 0.1


def test_a_tone_is_what_the_formula_says():
    found = simulate_voltages(8, 16.0, tones=[(4.0, 2.0, 0.0)], noise_sigma=0)
    # A quarter of the rate: a quarter turn from sample to sample.
    np.testing.assert_allclose(found, [2, 2j, -2, -2j] * 2, atol=1e-6)


def test_a_drifting_tone_is_the_integral_of_its_frequency_and_ends_with_the_band():
    drifting = simulate_voltages(4000, 1000.0, tones=[(100.0, 1.0, 200.0)], noise_sigma=0)
    turns = np.unwrap(np.angle(drifting[:2000])) / (2 * np.pi)
    # From 100 Hz up by 200 Hz/s: 100 t + 100 t^2 turns, at t = 1 s 200 of them
    assert turns[1000] == pytest.approx(200.0, abs=1e-3)
    # It reaches 500 Hz, the edge of the band, after 2 s.
    assert np.abs(drifting[2000]) == pytest.approx(1.0)
    assert not drifting[2001:].any()


def test_a_long_tone_is_worked_out_in_pieces_that_fit(monkeypatch):
    options = {"tones": [(100.0, 1.0, -20.0)], "noise_sigma": 0}
    whole = simulate_voltages(1000, RATE_HZ, **options)
    monkeypatch.setattr(polyphase, "PIECE_SAMPLES", 77)
    np.testing.assert_allclose(simulate_voltages(1000, RATE_HZ, **options), whole, atol=1e-6)


def test_two_polarisations_have_noise_of_their_own_and_the_seed_tells_all():
    both = simulate_voltages(50_000, RATE_HZ, n_pol=2, seed=4)
    assert both.shape == (2, 50_000)
    assert abs(np.mean(both[0] * both[1].conj())) < 0.02
    assert np.array_equal(both, simulate_voltages(50_000, RATE_HZ, n_pol=2, seed=4))
    assert not np.array_equal(both, simulate_voltages(50_000, RATE_HZ, n_pol=2, seed=5))
    np.testing.assert_array_equal(*tone(10.0, n_pol=2))


@pytest.mark.parametrize(
    ("n_samples", "rate_hz", "options", "words"),
    [
        (0, 1.0, {}, "at least 1 sample"),
        (8, 1.0, {"n_pol": 3}, "n_pol = 3"),
        (8, 0.0, {}, "above 0, found 0.0"),
        (8, float("nan"), {}, "above 0, found nan"),
        (8, 100.0, {"tones": [(51.0, 1.0, 0.0)]}, "within 50 Hz of the centre, found 51 Hz"),
    ],
)
def test_a_simulation_that_makes_no_sense_is_refused(n_samples, rate_hz, options, words):
    with pytest.raises(VoltageError, match=words):
        simulate_voltages(n_samples, rate_hz, **options)


# --- the filterbank against others


@pytest.mark.parametrize(("n_chan", "n_int"), [(64, 1), (64, 7), (45, 3)])
def test_a_plain_transform_is_scipys_periodogram(n_chan, n_int):
    samples = simulate_voltages(5000, RATE_HZ, tones=[(100.0, 0.5, 0.0)], seed=2)
    found = channelize(samples, RATE_HZ, n_chan, n_int, n_taps=1)
    stretches = samples[: found.header.n_time * n_int * n_chan].reshape(-1, n_int, n_chan).astype(complex)
    frequency_hz, density = scipy.signal.periodogram(
        stretches, RATE_HZ, detrend=False, return_onesided=False, scaling="density"
    )
    order = np.argsort(frequency_hz)
    np.testing.assert_allclose(found.power, RATE_HZ * density.mean(axis=1)[:, order], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose((found.frequencies_mhz - 1420) * 1e6, frequency_hz[order], atol=1e-6)


def test_a_plain_transform_is_scipys_stft():
    samples = simulate_voltages(2048, RATE_HZ, seed=3)
    found = channelize(samples, RATE_HZ, 128, 1, n_taps=0)
    # scipy divides by the sum of its window, 128; here power is per sample.
    *_, spectra = scipy.signal.stft(
        samples, nperseg=128, noverlap=0, window="boxcar", boundary=None, padded=False, return_onesided=False
    )
    expected = np.fft.fftshift(np.abs(spectra.T) ** 2, axes=1) * 128
    np.testing.assert_allclose(found.power, expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("window", ["hamming", "hann", "blackman", "boxcar"])
@pytest.mark.parametrize(("n_chan", "n_taps"), [(16, 4), (9, 3), (64, 8)])
def test_the_prototype_is_scipys_low_pass_filter(n_chan, n_taps, window):
    # Pass below half a channel width, of a sampling rate of n_chan channel widths.
    expected = scipy.signal.firwin(n_chan * n_taps, 0.5, window=window, fs=n_chan)
    found = prototype_filter(n_chan, n_taps, window=window)
    np.testing.assert_allclose(found / found.sum(), expected / expected.sum(), atol=1e-12)
    assert np.sum(found**2) == pytest.approx(n_chan)


@pytest.mark.parametrize(("n_chan", "n_taps"), [(8, 4), (15, 3), (32, 2)])
def test_the_filterbank_is_its_defining_sum(n_chan, n_taps):
    samples = simulate_voltages(20 * n_chan, RATE_HZ, seed=6).astype(complex)
    found = channelize(samples, RATE_HZ, n_chan, 1, n_taps=n_taps)
    n = n_chan * n_taps
    weights = scipy.signal.firwin(n, 0.5, window="hamming", fs=n_chan)
    weights *= math.sqrt(n_chan / np.sum(weights**2))
    for number in (0, 5, 20 - n_taps):
        part = samples[number * n_chan : number * n_chan + n]
        for channel in range(n_chan):
            wave = np.exp(-2j * np.pi * (channel - n_chan // 2) * np.arange(n) / n_chan)
            expected = abs(np.sum(weights * part * wave)) ** 2 / n_chan
            assert found.power[number, channel] == pytest.approx(expected, rel=1e-4, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(n_chan=st.integers(1, 40), n_int=st.integers(1, 6), n_time=st.integers(1, 5), n_pol=st.integers(1, 2))
def test_parseval_a_plain_transform_conserves_power(n_chan, n_int, n_time, n_pol):
    samples = simulate_voltages(n_chan * n_int * n_time, RATE_HZ, noise_sigma=2.0, n_pol=n_pol)
    found = channelize(samples, RATE_HZ, n_chan, n_int, n_taps=1)
    assert found.power.shape == (n_time, n_chan)
    assert n_int * found.power.sum() == pytest.approx(np.sum(np.abs(samples.astype(complex)) ** 2), rel=1e-5)


@settings(max_examples=25, deadline=None)
@given(
    cuts=st.lists(st.integers(1, 2999), max_size=6),
    n_chan=st.integers(1, 50),
    n_int=st.integers(1, 9),
    n_taps=st.integers(1, 4),
    piece=st.integers(1, 400),
)
def test_the_result_does_not_depend_on_how_the_samples_are_cut(cuts, n_chan, n_int, n_taps, piece):
    samples = simulate_voltages(3000, RATE_HZ, n_pol=2, seed=8)
    whole = channelize(samples, RATE_HZ, n_chan, n_int, n_taps=n_taps)
    blocks = np.split(samples, sorted(cuts), axis=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polyphase, "PIECE_SAMPLES", piece)
        again = channelize(iter(blocks), RATE_HZ, n_chan, n_int, n_taps=n_taps)
    assert whole.header == again.header
    assert whole.header.n_time == (3000 // n_chan - (n_taps - 1)) // n_int
    np.testing.assert_allclose(again.power, whole.power, rtol=1e-4, atol=1e-4)


# --- noise


def test_averaged_noise_follows_its_chi_squared_distribution():
    samples = simulate_voltages(64 * 12 * 200, RATE_HZ, noise_sigma=2.0, n_pol=2, seed=9)
    power = channelize(samples, RATE_HZ, 64, 12, n_taps=1).power
    # 12 spectra of 2 polarisations: 24 squared moduli of mean 4 each, half of them summed
    expected = scipy.stats.chi2(2 * 24, scale=2 * 4 / (2 * 24))
    assert scipy.stats.kstest(power.ravel(), expected.cdf).pvalue > 1e-3
    assert power.std() / power.mean() == pytest.approx(1 / math.sqrt(24), rel=0.03)


@pytest.mark.parametrize("n_taps", [2, 4, 8])
def test_white_noise_comes_out_with_its_own_power_whatever_the_taps(n_taps):
    samples = simulate_voltages(200_000, RATE_HZ, noise_sigma=1.5, seed=10)
    power = channelize(samples, RATE_HZ, 32, 1, n_taps=n_taps).power
    assert power.mean() == pytest.approx(2.25, rel=0.01)
    # A single spectrum's power is exponential: it scatters as much as its mean.
    assert power.std() == pytest.approx(2.25, rel=0.03)


# --- tones and the header


def test_the_header_by_hand():
    samples = simulate_voltages(16 * 100, 16_000.0)
    header = channelize(
        samples, 16_000.0, 16, 5, n_taps=3, centre_mhz=100.0, tstart_mjd=60000.5, source_name="here"
    ).header
    assert (header.foff_hz, header.tsamp_s) == (1000.0, 0.005)
    assert header.fch1_mhz == pytest.approx(99.992, abs=1e-12)  # 8 channels below the centre
    assert (header.n_time, header.n_chan) == (19, 16)  # 98 spectra, 5 at a time
    # Spectra of 3 ms begin every 1 ms: the middle of the first is at 1.5 ms, that of its share at 0.5.
    assert (header.tstart_mjd - 60000.5) * 86400 == pytest.approx(0.001, abs=1e-6)
    assert (header.source_name, header.telescope) == ("here", "Fake")
    assert channelize(samples, 16_000.0, 16, 5).header.is_simulated


@pytest.mark.parametrize("n_chan", [64, 45])
@pytest.mark.parametrize("n_taps", [1, 4])
@pytest.mark.parametrize("step", [-17, -1, 0, 3, 22])
def test_a_tone_lands_in_the_channel_of_its_frequency(n_chan, n_taps, step):
    foff_hz = RATE_HZ / n_chan
    found = channelize(tone(step * foff_hz), RATE_HZ, n_chan, 2, n_taps=n_taps, centre_mhz=8400.0)
    expected = found.header.channel_at(8400.0 + step * foff_hz / 1e6)
    assert expected == n_chan // 2 + step
    assert set(found.power.argmax(axis=1)) == {expected}


def test_a_tone_gains_the_number_of_channels_over_white_noise():
    found = channelize(tone(128.0) * 0.5, RATE_HZ, 64, 1, n_taps=1)
    # Amplitude 0.5 is power 0.25 a sample, all of it in one of 64 channels: 0.25 x 64
    np.testing.assert_allclose(found.power[:, 64 // 2 + 8], 16.0, rtol=1e-4)


@pytest.mark.parametrize("drift_hz_s", [-40.0, 40.0])
def test_a_positive_drift_moves_up(drift_hz_s):
    # 8 s: 15 integrations of 0.5 s, and 14 steps of 20 Hz between the first and the last of them
    samples = simulate_voltages(8192, RATE_HZ, tones=[(0.0, 1.0, drift_hz_s)], noise_sigma=0)
    found = channelize(samples, RATE_HZ, 64, 8)
    peaks = found.power.argmax(axis=1)
    assert (peaks[-1] - peaks[0]) * 16 == pytest.approx(math.copysign(280, drift_hz_s), abs=16)
    times_s = (np.arange(found.header.n_time) + 0.5) * found.header.tsamp_s
    start_s = (found.header.tstart_mjd - 60000) * 86400
    np.testing.assert_allclose(peaks - 32, drift_hz_s * (start_s + times_s) / 16, atol=0.6)


def leakage_db(n_taps):
    """Power in dB around a tone half-way between two channels, against the stronger of the two."""
    found = channelize(tone(0.5 * RATE_HZ / 128), RATE_HZ, 128, 1, n_taps=n_taps).power[0]
    return 10 * np.log10(np.maximum(found, 1e-14) / found.max())


def test_a_plain_transform_leaks_as_the_dirichlet_kernel():
    away = np.arange(-64, 64) - 0.5
    kernel = 1 / np.sin(np.pi * away / 128) ** 2
    np.testing.assert_allclose(leakage_db(1), 10 * np.log10(kernel / kernel.max()), atol=0.02)


def test_the_filterbank_leaks_tens_of_decibels_less():
    plain, filterbank = leakage_db(1), leakage_db(4)
    far = np.abs(np.arange(-64, 64) - 0.5) > 3
    assert plain[far].max() > -18  # (1/7)^2, 3.5 channels away
    assert filterbank[far].max() < -45
    assert np.median(plain[far] - filterbank[far]) > 30


# --- input


def test_voltages_are_not_changed():
    samples = simulate_voltages(4096, RATE_HZ, n_pol=2)
    before = samples.copy()
    channelize(samples, RATE_HZ, 64, 2)
    assert np.array_equal(samples, before)
    samples.flags.writeable = False
    channelize(samples, RATE_HZ, 64, 2)


def test_memory_is_that_of_a_block_whatever_the_length():
    block = simulate_voltages(2**18, RATE_HZ)
    tracemalloc.start()
    found = channelize((block for _ in range(128)), RATE_HZ, 1024, 1024)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # 2**25 samples are 268 MB; a block is 2 MB.
    assert found.power.shape == (31, 1024)
    assert peak < 40e6


def with_one(value):
    samples = simulate_voltages(4096, RATE_HZ)
    samples[1234] = value
    return samples


@pytest.mark.parametrize(
    ("samples", "options", "words"),
    [
        (np.ones(4096), {}, "complex voltages, found float64"),
        (np.ones((4096, 2), complex), {}, r"\(2, n_samples\), found \(4096, 2\)"),
        (np.ones((1, 2, 2048), complex), {}, r"found \(1, 2, 2048\)"),
        (np.ones(0, complex), {}, "at least 640 samples .* found fewer"),
        (np.ones(639, complex), {}, "64 channels by 4 taps, found fewer"),
        (with_one(np.nan), {}, "finite voltages, found 1 samples .* sample 1234"),
        (with_one(complex(0, np.inf)), {}, "sample 1234"),
        (np.full(4096, 1e300 + 0j), {}, "found 4096 samples"),
        ([np.ones((2, 640), complex), np.ones(640, complex)], {}, r"\(2, n_samples\), found \(1, 640\)"),
        (np.ones(4096, complex), {"n_chan": 0}, "at least 1 .* found 0, 7 and 4"),
        (np.ones(4096, complex), {"n_int": 0}, "found 64, 0 and 4"),
        (np.ones(4096, complex), {"n_taps": -1}, "found 64, 7 and -1"),
        (np.ones(4096, complex), {"sample_rate_hz": -5.0}, "above 0, found -5.0"),
        (
            np.ones(4096, complex),
            {"window": "triangle"},
            "one of hamming, hann, blackman, boxcar, found 'tri",
        ),
        (np.ones(4096, complex), {"centre_mhz": math.nan}, "finite number for fch1_mhz"),
    ],
)
def test_bad_input_is_named(samples, options, words):
    with pytest.raises(VoltageError, match=words):
        channelize(samples, **({"sample_rate_hz": RATE_HZ, "n_chan": 64, "n_int": 7} | options))


def test_just_enough_samples_are_enough():
    assert channelize(np.ones(640, complex), RATE_HZ, 64, 7).power.shape == (1, 64)


# --- GUPPI raw files

HEADER = {
    "BACKEND": "'GUPPI   '",
    "SRC_NAME": "'Nowhere '",
    "TELESCOP": "'GBT     '",
    "OBSFREQ": 1500.0,
    "OBSBW": 4.0,
    "OBSNCHAN": 4,
    "NPOL": 4,
    "NBITS": 8,
    "TBIN": "1.0E-6",
    "STT_IMJD": 58000,
    "STT_SMJD": 43200,
    "DIRECTIO": 0,
}


def write_raw(path, blocks, **changes):
    """A GUPPI raw file of blocks int8 (n_coarse, n_samples, 4); a list gives each block its value."""
    with path.open("wb") as file:
        for number, block in enumerate(blocks):
            header = HEADER | {"BLOCSIZE": block.size} | changes
            values = {k: v[number] if isinstance(v, list) else v for k, v in header.items()}
            cards = "".join(
                f"{name:<8}= {value:>20}".ljust(80) for name, value in values.items() if value is not None
            ) + "END".ljust(80)
            if values["DIRECTIO"]:
                cards += " " * (-(file.tell() + len(cards)) % 512)
            file.write(cards.encode())
            file.write(block.tobytes())
    return path


def random_blocks(n_blocks=2, n_samples=32):
    return np.random.default_rng(1).integers(-100, 100, (n_blocks, 4, n_samples, 4), dtype=np.int8)


def as_complex(block, coarse_channel):
    """(2, n_samples), worked out part by part."""
    parts = block[coarse_channel].astype(float)
    return np.array([parts[:, 0] + 1j * parts[:, 1], parts[:, 2] + 1j * parts[:, 3]])


@pytest.mark.parametrize("directio", [0, 1])
def test_every_sample_of_a_raw_file_comes_out(tmp_path, directio):
    blocks = random_blocks()
    path = write_raw(tmp_path / "a.raw", blocks, DIRECTIO=directio)
    for channel in range(4):
        found = list(read_voltages(path, channel))
        assert [(part.shape, part.dtype) for part in found] == [((2, 32), np.complex64)] * 2
        for part, block in zip(found, blocks, strict=True):
            np.testing.assert_array_equal(part, as_complex(block, channel))


@pytest.mark.parametrize(("npol", "n_pol"), [(1, 1), (2, 2), (4, 2)])
def test_polarisations_are_told_by_npol(tmp_path, npol, n_pol):
    (block,) = random_blocks(1)
    path = write_raw(tmp_path / "a.raw", [block[:, :, : 2 * n_pol].copy()], NPOL=npol)
    np.testing.assert_array_equal(next(read_voltages(path, 2)), as_complex(block, 2)[:n_pol])


def test_the_overlap_of_blocks_comes_once(tmp_path):
    first, second = random_blocks()
    path = write_raw(tmp_path / "a.raw", [first, second], OVERLAP=8)
    found = np.concatenate(list(read_voltages(path, 1)), axis=1)
    expected = np.concatenate([as_complex(first, 1), as_complex(second, 1)[:, 8:]], axis=1)
    np.testing.assert_array_equal(found, expected)


def test_the_raw_header_by_hand(tmp_path):
    header = read_raw_header(write_raw(tmp_path / "a.raw", random_blocks()))
    assert (header.source_name, header.telescope, header.n_coarse) == ("Nowhere", "GBT", 4)
    assert header.sample_rate_hz == pytest.approx(1e6)
    assert header.tstart_mjd == pytest.approx(58000.5)
    # 4 MHz around 1500, in 4 channels: their centres are half a megahertz from the edges at 1498 and 1502
    assert [header.centre_mhz(k) for k in range(4)] == [1498.5, 1499.5, 1500.5, 1501.5]
    turned = read_raw_header(write_raw(tmp_path / "b.raw", random_blocks(), OBSBW=-4.0))
    assert [turned.centre_mhz(k) for k in range(4)] == [1501.5, 1500.5, 1499.5, 1498.5]


def test_a_later_file_of_a_scan_begins_later(tmp_path):
    # Blocks of 32 - 8 new samples of a microsecond are 10 packets; 50 packets are 120 microseconds.
    path = write_raw(tmp_path / "a.raw", random_blocks(3), OVERLAP=8, PKTIDX=[50, 60, 70], STT_SMJD=0)
    assert (read_raw_header(path).tstart_mjd - 58000) * 86400 == pytest.approx(120e-6, abs=1e-6)
    assert len(list(read_voltages(path))) == 3


@pytest.mark.parametrize("obsbw", [4.0, -4.0])
def test_a_tone_in_a_raw_file_is_found_at_its_frequency_on_the_sky(tmp_path, obsbw):
    """1500.7 MHz lies 0.2 MHz above the centre of a coarse channel; a file that descends has it mirrored."""
    turns = 0.2 * np.arange(4096) * np.sign(obsbw)
    wave = np.round(50 * np.exp(2j * np.pi * turns))
    channel = 2 if obsbw > 0 else 1
    blocks = random_blocks(1, 4096) // 20
    blocks[0, channel, :, 0] = wave.real
    blocks[0, channel, :, 1] = wave.imag
    path = write_raw(tmp_path / "a.raw", blocks, OBSBW=obsbw)
    header = read_raw_header(path)
    found = channelize(
        read_voltages(path, channel),
        header.sample_rate_hz,
        100,
        4,
        centre_mhz=header.centre_mhz(channel),
        tstart_mjd=header.tstart_mjd,
        source_name=header.source_name,
    )
    assert found.header.frequency_mhz(int(found.power[0].argmax())) == pytest.approx(1500.7, abs=1e-6)
    assert found.header.source_name == "Nowhere"


@pytest.mark.parametrize("ascending", [True, False])
def test_setigens_raw_file_has_its_tone_where_setigen_put_it(tmp_path, ascending):
    from astropy import units
    from setigen import voltage

    antenna = voltage.Antenna(
        sample_rate=64 * units.MHz, fch1=6 * units.GHz, ascending=ascending, num_pols=2, seed=1
    )
    tone_mhz = 6012.3 if ascending else 5987.7
    for stream in antenna.streams:
        stream.add_noise(v_mean=0, v_std=1)
        stream.add_constant_signal(
            f_start=tone_mhz * units.MHz, drift_rate=0 * units.Hz / units.s, level=0.05
        )
    backend = voltage.RawVoltageBackend(
        antenna,
        digitizer=voltage.RealQuantizer(num_bits=8),
        filterbank=voltage.PolyphaseFilterbank(num_taps=8, num_branches=64),
        requantizer=voltage.ComplexQuantizer(num_bits=8),
        start_chan=10,
        num_chans=6,
        block_size=6 * 4 * 4096,
        num_subblocks=2,
    )
    stem = tmp_path / "made"
    backend.record(
        output_file_stem=str(stem), num_blocks=2, length_mode="num_blocks", load_template=False, verbose=False
    )
    path = tmp_path / "made.0000.raw"
    header = read_raw_header(path)
    channel = round((tone_mhz - header.fch1_mhz) / header.foff_mhz)
    found = channelize(
        read_voltages(path, channel), header.sample_rate_hz, 256, 20, centre_mhz=header.centre_mhz(channel)
    )
    assert header.sample_rate_hz == pytest.approx(1e6)
    assert found.power[0].argmax() == found.header.channel_at(tone_mhz)
    assert found.power[0].max() > 10 * np.median(found.power[0])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"NPOL": 3}, "NPOL to be 1, 2 or 4, found 3"),
        ({"NBITS": 2}, "expected NBITS = 4, 8 or 16, found 2"),
        ({"CHANMAJ": 1}, "expected CHANMAJ = 0, found 1"),
        ({"NANTS": 3}, "expected NANTS = 1, found 3"),
        ({"OBSFREQ": None}, "for OBSFREQ, found None"),
        ({"TBIN": 0.0}, "other than 0 for TBIN, found 0.0"),
        ({"TBIN": -0.5}, "TBIN = -0.5"),
        ({"OBSNCHAN": "'four    '"}, "for OBSNCHAN, found 'four'"),
        ({"OBSNCHAN": 3}, "whole samples of 12 bytes"),
        ({"OVERLAP": 32}, "OVERLAP = 32"),
        ({"OVERLAP": -1}, "OVERLAP = -1"),
        ({"STT_SMJD": "'noon    '"}, "for STT_SMJD, found 'noon'"),
        ({"BLOCSIZE": 0}, "number of bytes, found 0"),
        ({"BLOCSIZE": -512}, "number of bytes, found -512"),
        ({"BLOCSIZE": None}, "number of bytes, found None"),
        ({"BLOCSIZE": 10**12}, "block of 1000000000000 bytes, found 512: truncated"),
        ({"OBSBW": "4=5"}, "for OBSBW, found '4=5'"),
        ({"PKTIDX": [0, 10, 30]}, "steps of 10 in PKTIDX .* found 10 and then 30: blocks are missing"),
    ],
)
def test_a_raw_file_that_cannot_be_read_says_why(tmp_path, changes, words, capsys):
    path = write_raw(tmp_path / "a.raw", random_blocks(3)[: 3 if "PKTIDX" in changes else 1], **changes)
    with pytest.raises(VoltageError, match=words) as caught:
        list(read_voltages(path))
    assert str(path) in str(caught.value)
    assert capsys.readouterr().out == ""


def test_a_damaged_file_says_so(tmp_path):
    path = write_raw(tmp_path / "a.raw", random_blocks())
    whole = path.read_bytes()
    for name, content, words in [
        ("cut", whole[: len(whole) // 2 - 1], "block of 512 bytes, found 511: truncated"),
        ("cut in a header", whole[:300], "80-byte lines at byte"),
        ("noise", bytes(range(256)) * 8, "80-byte lines at byte 0"),
        ("empty", b"", "found an empty one"),
    ]:
        path.write_bytes(content)
        with pytest.raises(VoltageError, match=words):
            list(read_voltages(path))
            pytest.fail(name)
    with pytest.raises(VoltageError, match="found no file of that name"):
        read_raw_header(tmp_path / "none.raw")
    path.write_bytes(whole)
    with pytest.raises(VoltageError, match="coarse_channel of 0 to 3, found 4"):
        next(read_voltages(path, 4))


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (-1, "cut off and left out: expected a block of 512 bytes, found 511"),
        (-600, "are no block, and left out"),
    ],
)
def test_of_a_cut_recording_the_whole_blocks_are_read(tmp_path, left, words):
    blocks = random_blocks(3)
    path = write_raw(tmp_path / "a.raw", blocks)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.warns(LostDataWarning, match=words):
        found = list(read_voltages(path, 1))
    np.testing.assert_array_equal(
        np.concatenate(found, axis=1), np.hstack([as_complex(b, 1) for b in blocks[:2]])
    )


def test_zeros_behind_the_last_block_are_padding(tmp_path):
    path = write_raw(tmp_path / "a.raw", random_blocks())
    path.write_bytes(path.read_bytes() + bytes(700))
    with pytest.warns(LostDataWarning, match="700 bytes behind its last whole block"):
        assert len(list(read_voltages(path))) == 2


# How GUPPI headers are written elsewhere: the time of a file, by hand


def start_s(path):
    return (read_raw_header(path).tstart_mjd - 58000) * 86400 - 43200


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        # 24 new samples of a microsecond in a block of 10 packets: 50 packets are 120 microseconds
        ({"PKTIDX": [50, 60, 70]}, 120e-6),
        ({"PKTIDX": [50, 60, 70], "PKTSTART": 40}, 24e-6),
        ({"PKTIDX": [50, 60, 70], "PKTSTART": 50}, 0.0),
        # blocks missing after the first: the shortest step is that of neighbours
        ({"PKTIDX": [50, 90, 100]}, 120e-6),
        ({"PKTIDX": [50, 90, 130], "PIPERBLK": 10}, 120e-6),
        # 24 samples of 16 bytes are 12 packets of 32 bytes
        ({"PKTIDX": [24, 48, 72], "PKTSIZE": 32}, 48e-6),
        ({"PKTIDX": "'60      '", "PIPERBLK": 10, "STT_OFFS": "'0.25    '"}, 0.25 + 144e-6),
    ],
)
def test_the_start_of_a_file_by_hand(tmp_path, changes, seconds):
    path = write_raw(tmp_path / "a.raw", random_blocks(3), OVERLAP=8, **changes)
    assert start_s(path) == pytest.approx(seconds, abs=1e-6)


def test_a_single_block_that_does_not_tell_its_time_says_so(tmp_path):
    path = write_raw(tmp_path / "a.raw", random_blocks(1), PKTIDX=50)
    with pytest.raises(VoltageError, match="begins 50 packets behind the start of the scan"):
        read_raw_header(path)
    assert len(list(read_voltages(path))) == 1


@pytest.mark.parametrize(
    "packets",
    [{"PKTIDX": [0, 20, 30]}, {"PKTIDX": [0, 20], "PIPERBLK": 10}, {"PKTIDX": [0, 32], "PKTSIZE": 32}],
)
def test_a_gap_after_the_first_block_is_a_gap(tmp_path, packets):
    path = write_raw(tmp_path / "a.raw", random_blocks(len(packets["PKTIDX"])), **packets)
    with pytest.raises(VoltageError, match="blocks are missing"):
        list(read_voltages(path))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-6, "1E-06"),
        (1e-6, "1.0D-6 / seconds"),
        (1e-6, "'1e-06   '"),
        (1e-6, "0.000001"),
    ],
)
def test_numbers_as_others_write_them(tmp_path, value, text):
    path = write_raw(tmp_path / "a.raw", random_blocks(1), TBIN=text)
    assert read_raw_header(path).sample_rate_hz == pytest.approx(1 / value)


def test_cards_that_nobody_needs_refuse_no_file(tmp_path):
    path = write_raw(tmp_path / "a.raw", random_blocks(1), DROPAVG="nan", ONLY_I="F", DATADIR="'/data/run=3'")
    raw = path.read_bytes()
    cards = "".join(
        line.ljust(80) for line in ("COMMENT by hand = 3", "HISTORY copied", "", "ODD     =  'It''s'")
    )
    path.write_bytes(raw[:80] + cards.encode() + raw[80:])
    assert read_raw_header(path).source_name == "Nowhere"
    np.testing.assert_array_equal(next(read_voltages(path, 3)), as_complex(random_blocks(1)[0], 3))


def test_samples_first(tmp_path):
    (block,) = random_blocks(1)
    path = write_raw(tmp_path / "a.raw", [block.transpose(1, 0, 2).copy()], PKTFMT="'SIMPLE  '")
    np.testing.assert_array_equal(next(read_voltages(path, 2)), as_complex(block, 2))


def test_sixteen_and_four_bits(tmp_path):
    (block,) = random_blocks(1)
    path = write_raw(tmp_path / "a.raw", [(block.astype("<i2") * 100).view(np.int8)], NBITS=16)
    np.testing.assert_array_equal(next(read_voltages(path, 2)), as_complex(block.astype(int) * 100, 2))
    small = block // 16  # -7 to 6
    packed = ((small[..., ::2] & 15) << 4 | small[..., 1::2] & 15).astype(np.uint8).view(np.int8)
    path = write_raw(tmp_path / "b.raw", [packed], NBITS=4)
    np.testing.assert_array_equal(next(read_voltages(path, 2)), as_complex(small, 2))


def test_reading_leaves_figures_and_the_log_alone(tmp_path):
    import matplotlib

    before = matplotlib.get_backend(), logging.root.handlers[:], logging.root.level
    list(read_voltages(write_raw(tmp_path / "a.raw", random_blocks())))
    assert (matplotlib.get_backend(), logging.root.handlers[:], logging.root.level) == before
