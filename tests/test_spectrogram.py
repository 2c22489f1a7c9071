"""Header and Spectrogram: arithmetic worked out by hand."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from setilearn.errors import SpectrogramError
from setilearn.spectrogram import Header, Spectrogram

HEADER = Header(
    source_name="test",
    telescope="GBT",
    ra_deg=10.0,
    dec_deg=20.0,
    fch1_mhz=1000.0,
    foff_hz=2.0,
    tsamp_s=10.0,
    tstart_mjd=60000.0,
    n_time=3,
    n_chan=8,
)


def spectrogram(header=HEADER):
    return Spectrogram(np.arange(header.n_time * header.n_chan).reshape(header.n_time, header.n_chan), header)


def test_frequency_of_channel_k_is_fch1_plus_k_foff():
    # 1000 MHz + 5 * 2 Hz
    assert HEADER.frequency_mhz(5) == pytest.approx(1000.00001, abs=1e-12)
    assert HEADER.band_mhz == pytest.approx((999.999999, 1000.000015), abs=1e-12)
    assert HEADER.duration_s == 30.0
    assert spectrogram().frequencies_mhz[-1] == HEADER.frequency_mhz(7)
    assert spectrogram().times_s.tolist() == [0.0, 10.0, 20.0]


@given(channel=st.integers(0, 2**20 - 1), shift=st.floats(-0.45, 0.45))
def test_channel_at_undoes_frequency_mhz(channel, shift):
    header = replace(HEADER, fch1_mhz=8418.457, foff_hz=2.7939677238464355, n_chan=2**20)
    assert header.channel_at(header.frequency_mhz(channel + shift)) == channel


def test_band_edges_belong_to_the_band():
    low, high = HEADER.band_mhz
    assert (HEADER.channel_at(low), HEADER.channel_at(high)) == (0, 7)
    with pytest.raises(
        SpectrogramError, match=r"outside the band: expected 999\.999999 to 1000\.000015.*found 1000\.1"
    ):
        HEADER.channel_at(1000.1)
    with pytest.raises(SpectrogramError, match="outside the band"):
        HEADER.channel_at(float("nan"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("foff_hz", 0.0),
        ("foff_hz", -2.0),
        ("tsamp_s", 0.0),
        ("n_chan", 0),
        ("n_time", 0),
        ("fch1_mhz", float("nan")),
    ],
)
def test_a_header_that_makes_no_sense_is_refused(field, value):
    with pytest.raises(SpectrogramError, match=f"{field}.*found"):
        replace(HEADER, **{field: value})


def test_slicing_moves_the_header_along():
    part = spectrogram()[1:3, 2:6]
    assert part.power.tolist() == [[10, 11, 12, 13], [18, 19, 20, 21]]
    assert part.header.fch1_mhz == pytest.approx(1000.000004, abs=1e-12)
    assert part.header.tstart_mjd == pytest.approx(60000 + 10 / 86400, abs=1e-9)
    assert (part.header.n_time, part.header.n_chan) == (2, 4)
    assert spectrogram()[1:].power.shape == (2, 8)
    assert spectrogram()[-1:, -2:].power.tolist() == [[22, 23]]


@pytest.mark.parametrize("key", [3, slice(0, 4, 2), slice(2, 2), (slice(None), slice(9, 12)), (1, 2)])
def test_a_part_that_is_no_block_or_is_empty_is_refused(key):
    with pytest.raises(SpectrogramError, match=r"expected .*found"):
        spectrogram()[key]


def test_averages_by_hand():
    mean = spectrogram().average(n_time=2, n_chan=4)
    # rows 0, 1 and columns 0-3: (0+1+2+3+8+9+10+11) / 8 = 5.5; the third row does not fill a block
    assert mean.power.tolist() == [[5.5, 9.5]]
    # the middle of channels 0 to 3 lies 1.5 channels of 2 Hz above the first
    assert mean.header.fch1_mhz == pytest.approx(1000.000003, abs=1e-12)
    assert (mean.header.foff_hz, mean.header.tsamp_s) == (8.0, 20.0)
    assert (mean.header.n_time, mean.header.n_chan) == (1, 2)
    assert mean.header.tstart_mjd == HEADER.tstart_mjd


def test_an_average_of_a_million_keeps_its_digits():
    ones = Spectrogram(np.full((1, 2**20), 0.1), replace(HEADER, n_time=1, n_chan=2**20))
    assert ones.average(n_chan=2**20).power[0, 0] == np.float32(0.1)


@pytest.mark.parametrize("blocks", [{"n_time": 4}, {"n_chan": 9}, {"n_chan": 0}])
def test_an_average_over_more_than_there_is_is_refused(blocks):
    with pytest.raises(SpectrogramError, match="average: expected n_.* of 1 to"):
        spectrogram().average(**blocks)


def test_power_must_have_the_header_s_shape_and_nothing_can_be_replaced():
    with pytest.raises(SpectrogramError, match=r"expected \(3, 8\), found \(8, 3\)"):
        Spectrogram(np.zeros((8, 3)), HEADER)
    with pytest.raises(FrozenInstanceError):
        spectrogram().header = HEADER
    with pytest.raises(FrozenInstanceError):
        HEADER.n_chan = 3
    assert spectrogram().power.dtype == np.float32


def test_simulated_is_told_by_the_source_name():
    assert not HEADER.is_simulated
    assert replace(HEADER, source_name="Voyager1 (simulated)").is_simulated


def test_lost_samples_are_known_and_left_out_of_averages():
    power = np.arange(32, dtype=np.float32).reshape(4, 8)
    power[1, 2], power[0, 7], power[2:, 4:6] = np.nan, np.inf, np.nan
    spectrogram = Spectrogram(power, replace(HEADER, n_time=4, n_chan=8))
    assert spectrogram.lost.sum() == 6
    assert (spectrogram.lost == ~np.isfinite(power)).all()
    averaged = spectrogram.average(n_time=2, n_chan=2).power
    # 2, 3 and 11 are left of 2, 3, 10, 11; 6, 14 and 15 of 6, 7, 14, 15; nothing of 20, 21, 28, 29.
    np.testing.assert_allclose(averaged[0, [1, 3]], [16 / 3, 35 / 3])
    assert np.isnan(averaged[1, 2])
    assert averaged[1, 3] == np.mean([22, 23, 30, 31])
