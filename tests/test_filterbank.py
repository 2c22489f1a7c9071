"""Filterbank files: the format by hand, the peers' files, ranges, blocks, writing."""

import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import h5py
import hdf5plugin
import numpy as np
import pytest

import setilearn as sl
from setilearn.read import fil as fil_module
from setilearn.read import sigproc
from setilearn.telescope import HIGH_FREQUENCY, HIGH_TIME, MEDIUM, OTHER


def keyword(name, form=None, value=None):
    """One keyword of a SIGPROC header, byte by byte, as the manual says it."""
    raw = struct.pack("<i", len(name)) + name.encode()
    if isinstance(value, str):
        return raw + struct.pack("<i", len(value)) + value.encode()
    return raw + (struct.pack(form, value) if form else b"")


def sigproc_file(path, data, *, n_chan, n_bits=32, n_ifs=1, foff=-0.5, fch1=1000.0, extra=b""):
    """A `.fil` file of the bytes ``data``, made without the package."""
    header = [
        keyword("HEADER_START"),
        keyword("source_name", value="Sgr A*"),
        keyword("telescope_id", "<i", 6),
        keyword("src_raj", "<d", 174540.04),
        keyword("src_dej", "<d", -290028.1),
        keyword("fch1", "<d", fch1),
        keyword("foff", "<d", foff),
        keyword("nchans", "<i", n_chan),
        keyword("nbits", "<i", n_bits),
        keyword("nifs", "<i", n_ifs),
        keyword("tstart", "<d", 60000.25),
        keyword("tsamp", "<d", 0.5),
        extra,
        keyword("HEADER_END"),
    ]
    path.write_bytes(b"".join(header) + bytes(data))
    return path


def test_a_descending_file_comes_out_ascending(tmp_path):
    data = np.arange(6, dtype="<f4").tobytes()
    spectrogram = sl.read_spectrogram(sigproc_file(tmp_path / "a.fil", data, n_chan=3))
    assert spectrogram.power.tolist() == [[2, 1, 0], [5, 4, 3]]
    header = spectrogram.header
    # First on disk is 1000.0 MHz, then 999.5, then 999.0.
    assert (header.fch1_mhz, header.foff_hz) == (999.0, 500_000.0)
    assert (header.n_time, header.n_chan, header.n_ifs, header.n_bits) == (2, 3, 1, 32)
    assert (header.source_name, header.telescope) == ("Sgr A*", "GBT")
    assert (header.tsamp_s, header.tstart_mjd) == (0.5, 60000.25)
    # 17h45m40.04s = 17.7611222 h = 266.416833 degrees; -29d00m28.1s = -29.0078056 degrees (Sgr A*)
    assert header.ra_deg == pytest.approx(266.416833, abs=1e-6)
    assert header.dec_deg == pytest.approx(-29.0078056, abs=1e-6)


def test_an_ascending_file_stays_as_it_is(tmp_path):
    data = np.arange(6, dtype="<f4").tobytes()
    spectrogram = sl.read_spectrogram(sigproc_file(tmp_path / "a.fil", data, n_chan=3, foff=0.5))
    assert spectrogram.power.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert spectrogram.header.fch1_mhz == 1000.0


@pytest.mark.parametrize(
    ("n_bits", "data", "expected"),
    [
        # The first sample stands in the lowest bits: 0b10110001 is 1, 0, 0, 0, 1, 1, 0, 1.
        (1, [0b10110001], [1, 0, 0, 0, 1, 1, 0, 1]),
        (2, [0b11100100, 0b00011011], [0, 1, 2, 3, 3, 2, 1, 0]),
        (4, [0x21, 0x43, 0x65, 0xF7], [1, 2, 3, 4, 5, 6, 7, 15]),
        (8, [0, 1, 2, 3, 4, 5, 254, 255], [0, 1, 2, 3, 4, 5, 254, 255]),
        (16, np.array([0, 1, 2, 3, 4, 5, 256, 65535], "<u2").tobytes(), [0, 1, 2, 3, 4, 5, 256, 65535]),
    ],
)
@pytest.mark.parametrize("foff", [-0.5, 0.5])
def test_bits_of_every_size(tmp_path, n_bits, data, expected, foff):
    path = sigproc_file(tmp_path / "a.fil", bytes(data) * 3, n_chan=8, n_bits=n_bits, foff=foff)
    power = sl.read_spectrogram(path).power
    order = slice(None, None, -1 if foff < 0 else 1)
    assert power.tolist() == [expected[order]] * 3
    # Part of a byte: channels 3 to 5 alone.
    part = sl.read_part(path, slice(1, 3), slice(3, 6))
    assert part.power.tolist() == [expected[order][3:6]] * 2


def test_the_parkes_file_is_the_same_at_every_number_of_bits(mirror):
    """The same observation at 1, 2, 4 and 8 bits: only the right order of bits correlates."""
    power = {
        n_bits: sl.read_part(mirror / "parkes_crab" / name, slice(0, 500)).power
        for n_bits, name in (
            (1, "parkes_1bit.fil"),
            (2, "parkes_2bit.fil"),
            (4, "parkes_4bit.fil"),
            (8, "parkes_8bit_1.fil"),
        )
    }
    # What is left of Gaussian noise at 1 bit is sqrt(2 / pi) = 0.80, more at more bits.
    for n_bits, least in ((1, 0.75), (2, 0.9), (4, 0.97)):
        assert np.corrcoef(power[n_bits].ravel(), power[8].ravel())[0, 1] > least
    header = sl.read_header(mirror / "parkes_crab/parkes_1bit.fil")
    # 832 channels of 4 MHz down from 4030 MHz
    assert (header.n_time, header.n_chan, header.fch1_mhz, header.foff_hz) == (4096, 832, 706.0, 4e6)


def polarised(path, n_ifs, second):
    """A `.fil` of IFs of power 1 and ``second``, and cross products 0.25 and -0.25 where there are four."""
    values = np.broadcast_to(np.array([1, second, 0.25, -0.25], "<f4")[:n_ifs, None], (3, n_ifs, 8))
    return sigproc_file(path, values.astype("<f4").tobytes(), n_chan=8, n_ifs=n_ifs)


@pytest.mark.parametrize("suffix", ["fil", "h5"])
@pytest.mark.parametrize(
    ("n_ifs", "second", "total"),
    [(2, 0.5, 1.5), (4, 0.5, 1.5), (4, -0.5, 1), (2, -0.5, 1)],
    ids=["XX, YY", "XX, YY, cross products", "Stokes parameters", "I and V"],
)
def test_total_intensity_is_what_is_read_and_any_polarisation_where_asked(
    tmp_path, suffix, n_ifs, second, total
):
    path = polarised(tmp_path / "a.fil", n_ifs, second)
    if suffix == "h5":
        path = as_h5(path, n_ifs)
    assert (sl.read_spectrogram(path).power == total).all()
    assert (sl.read_part(path, slice(1, 3), slice(2, 5)).power == total).all()
    assert all((block.power == total).all() for block in sl.iter_spectrograms(path, n_chan=3))
    for if_index, value in enumerate([1, second, 0.25, -0.25][:n_ifs]):
        assert (sl.read_spectrogram(path, if_index=if_index).power == value).all()


def as_h5(path, n_ifs):
    """The same as an `.h5`, by h5py alone."""
    values = np.fromfile(path, "<f4", offset=path.stat().st_size - 3 * n_ifs * 8 * 4).reshape(3, n_ifs, 8)
    with h5py.File(path.with_suffix(".h5"), "w") as handle:
        data = handle.create_dataset("data", data=values)
        data.attrs.update(fch1=1000.0, foff=-0.5, tsamp=0.5, tstart=60000.25, nchans=8, nifs=n_ifs)
    return path.with_suffix(".h5")


def test_beams_are_not_added(tmp_path):
    path = sigproc_file(tmp_path / "a.fil", bytes(4 * 13 * 8), n_chan=8, n_ifs=13)
    with pytest.raises(sl.FilterbankError, match="1, 2 or 4 polarisations, found 13 IFs: choose one"):
        sl.read_spectrogram(path)
    assert sl.read_spectrogram(path, if_index=12).power.shape == (1, 8)


@pytest.mark.parametrize("n_bits", [8, 32])
def test_several_ifs_stand_side_by_side_in_each_integration(tmp_path, n_bits):
    values = np.arange(2 * 3 * 4).reshape(2, 3, 4)  # time, IF, channel
    path = sigproc_file(
        tmp_path / "a.fil",
        values.astype("<f4" if n_bits == 32 else "u1").tobytes(),
        n_chan=4,
        n_ifs=3,
        n_bits=n_bits,
    )
    assert sl.read_header(path).n_ifs == 3
    for if_index in range(3):
        spectrogram = sl.read_spectrogram(path, if_index=if_index)
        assert spectrogram.power.tolist() == values[:, if_index, ::-1].tolist()
        assert spectrogram.header.n_ifs == 1
    with pytest.raises(sl.FilterbankError, match="expected an if_index of 0 to 2, found 3"):
        sl.read_spectrogram(path, if_index=3)


# The peers


def write_with_blimpy(folder, name, data, **header):
    from blimpy import Waterfall

    values = {
        "fch1": 6000.0,
        "foff": -2e-6,
        "tstart": 59000.5,
        "tsamp": 10.0,
        "nbits": 32,
        "source_name": "PEER",
    }
    values |= {
        "nchans": data.shape[2],
        "nifs": data.shape[1],
        "telescope_id": 6,
        "machine_id": 20,
        "data_type": 1,
    }
    path = str(folder / name)
    waterfall = Waterfall(header_dict=values | header, data_array=data)
    (waterfall.write_to_fil if name.endswith(".fil") else waterfall.write_to_hdf5)(path)
    return path


@pytest.mark.parametrize("name", ["a.fil", "a.h5"])
@pytest.mark.parametrize("foff", [-2e-6, 2e-6])
def test_files_written_by_blimpy(tmp_path, name, foff):
    data = np.random.default_rng(1).random((5, 1, 64)).astype(np.float32)
    spectrogram = sl.read_spectrogram(write_with_blimpy(tmp_path, name, data, foff=foff))
    assert np.array_equal(spectrogram.power, data[:, 0, ::-1] if foff < 0 else data[:, 0])
    lowest = 6000.0 + (63 * foff if foff < 0 else 0)
    assert spectrogram.header.fch1_mhz == pytest.approx(lowest, abs=1e-12)
    assert spectrogram.header.foff_hz == pytest.approx(2.0)
    assert spectrogram.header.source_name == "PEER"


@pytest.mark.parametrize("name", ["a.fil", "a.h5"])
@pytest.mark.parametrize("descending", [True, False])
def test_blimpy_reads_what_we_write(tmp_path, name, descending):
    from blimpy import Waterfall

    noise = sl.simulate_noise(4, 256, seed=2)
    noise = replace(noise, header=replace(noise.header, telescope="GBT", ra_deg=257.5166, dec_deg=-12.183))
    sl.write_spectrogram(noise, tmp_path / name, descending=descending)
    waterfall = Waterfall(str(tmp_path / name))
    frequencies, data = waterfall.grab_data()
    order = np.argsort(frequencies)
    assert np.array_equal(data[:, order], noise.power)
    np.testing.assert_allclose(frequencies[order], noise.frequencies_mhz, rtol=0, atol=1e-9)
    assert waterfall.header["tsamp"] == noise.header.tsamp_s
    assert waterfall.header["src_raj"].deg == pytest.approx(257.5166, abs=1e-6)
    assert waterfall.header["src_dej"].deg == pytest.approx(-12.183, abs=1e-6)


@pytest.mark.parametrize("suffix", ["fil", "h5"])
def test_files_written_by_setigen(tmp_path, suffix):
    import setigen

    frame = setigen.Frame(fchans=128, tchans=8, df=2.8, dt=18.0, fch1=6e9, ascending=False, seed=1)
    frame.add_noise(x_mean=10)
    path = tmp_path / f"frame.{suffix}"
    (frame.save_fil if suffix == "fil" else frame.save_hdf5)(str(path))
    spectrogram = sl.read_spectrogram(path)
    # setigen's frames ascend in memory, as ours do
    np.testing.assert_allclose(spectrogram.power, frame.data, rtol=1e-6)
    np.testing.assert_allclose(spectrogram.frequencies_mhz * 1e6, frame.fs, rtol=0, atol=1e-3)


def test_the_real_voyager_cut_out(mirror):
    spectrogram = sl.read_spectrogram(mirror / "voyager1_2016/voyager1_carrier_8419.2970.fil")
    header = spectrogram.header
    assert (header.source_name, header.telescope, header.n_time, header.n_chan) == (
        "Voyager1",
        "GBT",
        16,
        116,
    )
    assert header.tstart_mjd == pytest.approx(57650.782094907408, abs=1e-9)
    # 17h10m03.984s, 12d10m58.8s
    assert (header.ra_deg, header.dec_deg) == (
        pytest.approx(257.5166, abs=1e-6),
        pytest.approx(12.183, abs=1e-6),
    )
    brightest = header.frequency_mhz(int(spectrogram.power[0].argmax()))
    assert brightest == pytest.approx(8419.297028, abs=2.8e-6)
    saved = np.load(mirror / "voyager1_2016/voyager1_cutouts.npz")["carrier_8419.2970_data"]
    assert np.array_equal(spectrogram.power, saved[:, ::-1])


# Products


@pytest.mark.parametrize(
    ("foff_hz", "tsamp_s", "product"),
    [
        (2.79, 18.25, HIGH_FREQUENCY),  # Lebofsky et al. 2019, table 3
        (366e3, 349e-6, HIGH_TIME),
        (2.86e3, 1.07, MEDIUM),
        (1.397, 1.43, HIGH_FREQUENCY),  # an early Green Bank file
        (4e6, 512e-6, HIGH_TIME),  # Parkes
        (1e6, 10.0, OTHER),
    ],
)
def test_the_three_data_products(foff_hz, tsamp_s, product):
    header = sl.simulate_noise(1, 1, foff_hz=foff_hz, tsamp_s=tsamp_s).header
    assert sl.data_product(header) is product
    assert product.meaning


# Ranges and blocks


@pytest.fixture(scope="module", params=["fil", "ascending.fil", "h5"])
def ramp(request, tmp_path_factory):
    """4 x 1000 channels of 1 Hz from 100 MHz up, power = 1000 * row + channel."""
    noise = sl.simulate_noise(4, 1000, fch1_mhz=100.0, foff_hz=1.0, tsamp_s=1.0)
    power = np.arange(4000).reshape(4, 1000)
    path = tmp_path_factory.mktemp("ramp") / f"ramp.{request.param}"
    sl.write_spectrogram(
        sl.Spectrogram(power, noise.header), path, descending=request.param != "ascending.fil"
    )
    return path


def test_a_frequency_range_and_its_header(ramp):
    part = sl.read_spectrogram(ramp, 100.000100, 100.000110)
    assert part.power[1].tolist() == list(range(1100, 1111))
    assert part.header.n_chan == 11
    assert part.header.fch1_mhz == pytest.approx(100.0001, abs=1e-10)
    assert part.frequencies_mhz[-1] == pytest.approx(100.00011, abs=1e-10)
    # Between two centres: the channel that holds the frequency.
    assert sl.read_spectrogram(ramp, 100.0001004, 100.0001004).power[0].tolist() == [100]
    assert sl.read_spectrogram(ramp, f_start_mhz=100.000998).power[0].tolist() == [998, 999]
    assert sl.read_spectrogram(ramp, f_stop_mhz=100.000001).power[0].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("start", "stop", "message"),
    [
        (100.0002, 100.0001, r"expected f_start_mhz below f_stop_mhz, found 100\.0002 and 100\.0001"),
        (99.0, 99.5, r"outside the band: expected 100\.000\d+ to 100\.001\d* MHz, found 99\.0"),
        (100.0001, 101.0, r"outside the band.*found 101\.0"),
        (float("nan"), None, r"outside the band.*found nan"),
    ],
)
def test_a_range_that_is_not_there(ramp, start, stop, message):
    with pytest.raises(sl.FilterbankError, match=message) as caught:
        sl.read_spectrogram(ramp, start, stop)
    assert str(ramp) in str(caught.value)


def test_a_part_in_time_and_frequency(ramp):
    part = sl.read_part(ramp, slice(2, 4), slice(10, 13))
    assert part.power.tolist() == [[2010, 2011, 2012], [3010, 3011, 3012]]
    assert part.header.tstart_mjd == pytest.approx(60000 + 2 / 86400, abs=1e-9)
    with pytest.raises(sl.FilterbankError, match=r"expected some of 0:1000, found 1000:1010"):
        sl.read_part(ramp, channels=slice(1000, 1010))


def test_blocks_with_overlap(ramp):
    blocks = list(sl.iter_spectrograms(ramp, n_chan=400, overlap_hz=99.5))
    # 99.5 Hz is 100 whole channels: blocks start at 0, 300, 600; the third reaches the end.
    assert [(int(b.power[0, 0]), int(b.power[0, -1])) for b in blocks] == [(0, 399), (300, 699), (600, 999)]
    assert [b.header.fch1_mhz for b in blocks] == pytest.approx([100.0, 100.0003, 100.0006], abs=1e-10)


@pytest.mark.parametrize("n_chan", [1, 7, 999, 1000, 2**20])
def test_blocks_put_together_are_the_file(ramp, n_chan):
    blocks = [block.power for block in sl.iter_spectrograms(ramp, n_chan=n_chan)]
    assert np.array_equal(np.concatenate(blocks, axis=1), np.arange(4000).reshape(4, 1000))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_chan": 0}, "expected n_chan of at least 1, found 0"),
        ({"overlap_hz": -1.0}, r"expected overlap_hz of 0 or more, found -1\.0"),
        ({"overlap_hz": float("nan")}, "expected overlap_hz of 0 or more, found nan"),
        ({"n_chan": 10, "overlap_hz": 10.0}, "expected an overlap narrower than a block of 10 channels"),
        ({"overlap_hz": float("inf")}, "expected an overlap narrower"),
    ],
)
def test_blocks_that_make_no_sense_are_refused_at_the_call(ramp, arguments, message):
    with pytest.raises(sl.FilterbankError, match=message):
        sl.iter_spectrograms(ramp, **arguments)


def sparse_file(path, n_time, n_chan):
    """A `.fil` file of zeros that takes no room on the disk."""
    sigproc_file(path, b"", n_chan=n_chan, foff=-1e-6)
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.truncate(file.tell() + n_time * n_chan * 4)
    return path


PEAK = """
import resource, sys
import setilearn as sl
sl.read_header(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
n = sum(block.power.shape[1] for block in sl.iter_spectrograms(sys.argv[1], n_chan=2**16, overlap_hz=0))
print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's peak memory")
def test_the_memory_of_a_walk_is_that_of_a_block(tmp_path):
    path = sparse_file(tmp_path / "large.fil", 16, 2**22)  # 256 MiB
    output = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True
    ).stdout
    n_chan, peak_kib = map(int, output.split())
    assert n_chan == 2**22
    assert (
        peak_kib < 3 * 4 * 1024
    )  # a block of 16 x 65536 float32 is 4 MiB; the old and the new one may overlap


def test_a_partial_read_touches_only_its_part(ramp, monkeypatch):
    read = []
    monkeypatch.setattr(
        fil_module,
        "_read_fully",
        lambda handle, buffer, original=fil_module._read_fully: (
            read.append(len(buffer)) or original(handle, buffer)
        ),
    )
    sparse = sparse_file(ramp.parent / "sparse.fil", 16, 2**20)
    sl.read_part(sparse, channels=slice(1000, 1100))
    assert sum(read) == 16 * 100 * 4


# Writing


@pytest.mark.parametrize("name", ["a.fil", "a.h5", "a.HDF5"])
@pytest.mark.parametrize("descending", [True, False])
def test_what_is_written_comes_back(tmp_path, name, descending):
    noise = sl.simulate_noise(3, 50, seed=4)
    noise = replace(
        noise,
        header=replace(noise.header, source_name="κ Cet", telescope="Parkes", ra_deg=49.84, dec_deg=3.37),
    )
    sl.write_spectrogram(noise, tmp_path / name, descending=descending)
    back = sl.read_spectrogram(tmp_path / name)
    assert np.array_equal(back.power, noise.power)
    for field in ("source_name", "telescope", "tsamp_s", "tstart_mjd", "n_time", "n_chan"):
        assert getattr(back.header, field) == getattr(noise.header, field)
    assert back.header.fch1_mhz == pytest.approx(noise.header.fch1_mhz, abs=1e-11)
    assert back.header.foff_hz == pytest.approx(noise.header.foff_hz, rel=1e-12)
    assert (back.header.ra_deg, back.header.dec_deg) == pytest.approx((49.84, 3.37), abs=1e-8)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_hdf5_file_is_laid_out_as_breakthrough_listen_s(tmp_path):
    sl.write_spectrogram(sl.simulate_noise(3, 50), tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5") as file:
        assert (file.attrs["CLASS"], file.attrs["VERSION"]) == ("FILTERBANK", "1.0")
        assert file["data"].shape == (3, 1, 50)
        assert file["data"].dtype == np.float32
        assert file["data"].attrs["foff"] < 0
        assert "32008" in file["data"]._filters  # bitshuffle's number in the HDF Group's registry


@pytest.mark.parametrize(
    ("path", "power", "message"),
    [
        ("a.dat", 1.0, r"expected a name that ends in \.fil or \.h5, found '\.dat'"),
    ],
)
def test_what_cannot_be_written_leaves_the_old_file(tmp_path, path, power, message):
    (tmp_path / path).write_bytes(b"old")
    noise = sl.simulate_noise(1, 4)
    with pytest.raises(sl.FilterbankError, match=message):
        sl.write_spectrogram(sl.Spectrogram(np.full((1, 4), power), noise.header), tmp_path / path)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"old"]


@pytest.mark.parametrize("name", ["a.fil", "a.h5"])
def test_an_interrupted_write_leaves_the_old_file(tmp_path, name, monkeypatch):
    path = tmp_path / name
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        sl.write_spectrogram(sl.simulate_noise(2, 8), path)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"old"]


@pytest.mark.parametrize(
    ("packed", "decimal"),
    [(0.0, 0.0), (123000.0, 12.5), (-123000.0, -12.5), (-3000.0, -0.5), (174540.04, 17.761122222)],
)
def test_packed_angles(packed, decimal):
    assert sigproc.sexagesimal_to_decimal(packed) == pytest.approx(decimal, abs=1e-9)
    assert sigproc.decimal_to_sexagesimal(decimal) == pytest.approx(packed, abs=1e-4)


def test_packed_angles_never_show_sixty_seconds():
    assert sigproc.decimal_to_sexagesimal(12.4999999999999) == 123000.0


HOW_STORED = {
    "in one piece": {},
    "bitshuffle": {"chunks": (4, 1, 1024), **hdf5plugin.Bitshuffle()},
    "bitshuffle, uncompressed": {"chunks": (4, 1, 1024), **hdf5plugin.Bitshuffle(cname="none")},
    "bitshuffle, zstd": {"chunks": (4, 1, 1024), **hdf5plugin.Bitshuffle(cname="zstd")},
    "gzip": {"chunks": (4, 1, 1024), "compression": "gzip"},
    "gzip, shuffled, with checksums": {
        "chunks": (4, 1, 1024),
        "compression": "gzip",
        "shuffle": True,
        "fletcher32": True,
    },
    "lz4": {"chunks": (4, 1, 1024), **hdf5plugin.LZ4()},
}


def h5_of(path, values, name="data", **stored):
    with h5py.File(path, "w") as handle:
        data = handle.create_dataset(name, shape=values.shape, dtype="f4", **stored)
        data.attrs.update(fch1=1500.0, foff=1e-3, tsamp=1.0)
        data[...] = values
    return path


@pytest.mark.parametrize("stored", HOW_STORED.values(), ids=HOW_STORED)
def test_an_h5_however_it_is_stored(tmp_path, stored):
    values = np.random.default_rng(0).gamma(51, 1 / 51, (16, 1, 4096)).astype(np.float32)
    path = h5_of(tmp_path / "a.h5", values, **stored)
    np.testing.assert_array_equal(sl.read_spectrogram(path).power, values[:, 0])


def test_chunks_that_left_out_the_filter(tmp_path):
    """HDF5 notes for each chunk which filters were passed over."""
    values = np.random.default_rng(0).gamma(51, 1 / 51, (16, 1, 4096)).astype(np.float32)
    path = h5_of(tmp_path / "a.h5", values, **HOW_STORED["bitshuffle"])
    with h5py.File(path, "r+") as handle:
        handle["data"].id.write_direct_chunk((4, 0, 1024), values[4:8, :, 1024:2048].tobytes(), filter_mask=1)
    np.testing.assert_array_equal(sl.read_spectrogram(path).power, values[:, 0])


def test_a_link_inside_the_file_is_followed_and_one_out_of_it_is_not(tmp_path):
    values = np.ones((2, 1, 8), np.float32)
    path = h5_of(tmp_path / "a.h5", values, name="real")
    with h5py.File(path, "r+") as handle:
        handle["data"] = h5py.SoftLink("/real")
    assert sl.read_spectrogram(path).power.shape == (2, 8)
    with h5py.File(tmp_path / "b.h5", "w") as handle:
        handle["data"] = h5py.ExternalLink(str(path), "/real")
    with pytest.raises(sl.FilterbankError, match="found a link to another file"):
        sl.read_spectrogram(tmp_path / "b.h5")
    with h5py.File(tmp_path / "c.h5", "w") as handle:
        handle["data"] = h5py.SoftLink("/nothing")
    with pytest.raises(sl.FilterbankError, match=r"c\.h5: expected .* found"):
        sl.read_spectrogram(tmp_path / "c.h5")


def test_a_file_that_is_being_written_is_called_locked_not_damaged(tmp_path):
    path = h5_of(tmp_path / "a.h5", np.ones((2, 1, 8), np.float32))
    writer = (
        "import sys, h5py\n"
        "with h5py.File(sys.argv[1], 'r+'):\n"
        "    print('open', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", writer, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(sl.FilterbankError, match="found one locked: another program has it open"):
            sl.read_spectrogram(path)
        other.communicate("")
    assert sl.read_spectrogram(path).power.shape == (2, 8)
