"""Bad input: each gets a FilterbankError that names the file, what was expected and what was found."""

import contextlib
import os
import struct
import sys
import time
import warnings

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import setilearn as sl
from setilearn.errors import HeaderWarning, LostDataWarning
from setilearn.read import filterbank, hdf5_armour, sigproc

KEYWORDS = {
    "source_name": "test",
    "telescope_id": 6,
    "data_type": 1,
    "src_raj": 1.0,
    "src_dej": 2.0,
    "tstart": 60000.0,
    "tsamp": 1.0,
    "fch1": 1000.0,
    "foff": -1e-6,
    "nchans": 8,
    "nifs": 1,
    "nbits": 32,
}


def fil(path, data=bytes(4 * 8 * 4), **changes):
    """A valid file of 4 integrations x 8 channels but for ``changes``; None leaves a keyword out."""
    values = {name: value for name, value in (KEYWORDS | changes).items() if value is not None}
    path.write_bytes(sigproc.encode_header(values) + data)
    return path


def hdf5(path, shape=(4, 1, 8), dtype="f4", name="data", **changes):
    values = {key: value for key, value in (KEYWORDS | changes).items() if value is not None}
    with h5py.File(path, "w") as file:
        file.create_dataset(name, data=np.zeros(shape, dtype)).attrs.update(values)
    return path


def refused(path, message):
    with pytest.raises(sl.FilterbankError, match=message) as caught:
        sl.read_spectrogram(path)
    assert str(path) in str(caught.value)
    assert "expected" in str(caught.value)
    assert "found" in str(caught.value)


def test_the_files_these_tests_start_from_are_good(tmp_path):
    for path in (fil(tmp_path / "a.fil"), hdf5(tmp_path / "a.h5")):
        assert sl.read_spectrogram(path).power.shape == (4, 8)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"nchans": 0}, "at least one channel and one IF, found nchans = 0"),
        ({"nchans": -8}, "at least one channel and one IF, found nchans = -8"),
        ({"nchans": 2**31 - 1}, r"whole integrations of 8589934588 bytes .* found 128 bytes"),
        ({"nchans": None}, "a whole number for nchans, found None"),
        ({"nifs": 0}, "at least one channel and one IF.*nifs = 0"),
        ({"nbits": 3}, "1, 2, 4, 8, 16 or 32 bits a sample, found nbits = 3"),
        ({"nbits": 64}, "found nbits = 64"),
        ({"nbits": 1, "nchans": 12}, r"whole integrations of 1\.5 bytes"),
        ({"src_raj": 100_000.0}, "a position on the sky, found src_raj = 100000 hours"),
    ],
)
def test_sigproc_headers_that_make_no_sense(tmp_path, changes, message):
    refused(fil(tmp_path / "a.fil", **changes), message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"foff": 0.0}, r"foff_hz above 0, found 0\.0"),
        ({"foff": float("nan")}, "a finite number for foff, found nan"),
        ({"fch1": float("inf")}, "a finite number for fch1, found inf"),
        ({"foff": None}, "a finite number for foff, found None"),
        ({"tsamp": 0.0}, r"tsamp_s above 0, found 0\.0"),
        ({"tsamp": -1.0}, r"tsamp_s above 0, found -1\.0"),
        ({"tstart": float("nan")}, "a finite number for tstart, found nan"),
        ({"src_dej": 95.0}, "a position on the sky, found .* src_dej = 95 degrees"),
        ({"data_type": 2}, r"filterbank data \(data_type 1\), found data_type 2"),
        ({"foff": 1e303}, "a finite number for foff_hz, found inf"),
    ],
)
@pytest.mark.parametrize("make", [fil, hdf5])
def test_headers_that_make_no_sense(tmp_path, make, changes, message):
    refused(make(tmp_path / ("a.fil" if make is fil else "a.h5"), **changes), message)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "found an empty file"),
        (b"<!DOCTYPE html><html>404</html>", "a SIGPROC or HDF5 filterbank, found b'<!DOCTYPE"),
        (sigproc.MAGIC, "the length of a keyword at byte 16, found the end"),
        (
            sigproc.MAGIC + struct.pack("<i", -1) + b"nchans",
            "a keyword of 0 to 4096 bytes.*found a length of -1",
        ),
        (sigproc.MAGIC + struct.pack("<i", 2**31 - 1), "found a length of 2147483647"),
        (sigproc.MAGIC + struct.pack("<i", 6) + b"nch", "a keyword of 6 bytes at byte 20, found only 3"),
        (
            sigproc.MAGIC + struct.pack("<i", 6) + b"nchans\x01",
            "the value of nchans at byte 26, found the end",
        ),
        (sigproc.MAGIC + struct.pack("<i", 5) + b"bogus", "a SIGPROC keyword, found 'bogus'"),
        (sigproc.MAGIC + struct.pack("<i", 15) + b"FREQUENCY_START", "evenly spaced channels"),
        (sigproc.MAGIC + (struct.pack("<i", 5) + b"nbits" + struct.pack("<i", 8)) * 2, "found nbits twice"),
        (
            sigproc.MAGIC.replace(b"\x0c\0\0\0", b"\0\0\0\x0c") + bytes(100),
            "a SIGPROC or HDF5 filterbank, found",
        ),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "HDF5"),
    ],
)
def test_bytes_that_are_no_header(tmp_path, raw, message):
    path = tmp_path / "a.data"
    path.write_bytes(raw)
    refused(path, message)


@pytest.mark.parametrize("make", [fil, hdf5])
def test_every_truncation_is_noticed(tmp_path, make):
    path = make(tmp_path / f"a.{'fil' if make is fil else 'h5'}")
    whole = path.read_bytes()
    header_bytes = len(sigproc.encode_header(KEYWORDS))
    for kept in sorted({0, 10, 50, header_bytes, header_bytes + 1, len(whole) // 2, len(whole) - 1}):
        path.write_bytes(whole[:kept])
        if make is fil and kept >= header_bytes + 32:
            n_time, left_over = divmod(kept - header_bytes, 32)
            with pytest.warns(
                LostDataWarning, match=f"has {left_over} of 32 bytes and is left out; {n_time} are"
            ):
                assert sl.read_spectrogram(path).header.n_time == n_time
        else:
            refused(path, "expected .* found")


@pytest.mark.parametrize("make", [fil, hdf5])
def test_a_header_that_counts_more_integrations_than_there_are(tmp_path, make):
    with pytest.warns(LostDataWarning, match="promises 5 integrations, 4 are there"):
        assert sl.read_header(make(tmp_path / "a", nsamples=5)).n_time == 4
    with pytest.warns(HeaderWarning, match="tells of 3 integrations; 1 more are left out"):
        assert sl.read_spectrogram(make(tmp_path / "c", nsamples=3)).power.shape[0] == 3
    assert sl.read_header(make(tmp_path / "b", nsamples=0)).n_time == 4  # 0 is what many writers put


@pytest.mark.parametrize("make", [fil, hdf5])
@pytest.mark.parametrize("word", ["barycentric", "pulsarcentric"])
def test_times_that_are_not_the_telescopes_are_told(tmp_path, make, word):
    with pytest.warns(HeaderWarning, match="brought to the solar system's centre or a pulsar"):
        sl.read_header(make(tmp_path / "a", **{word: 1}))
    sl.read_header(make(tmp_path / "b", **{word: 0}))


@pytest.mark.parametrize("n_bits", [8, 16])
def test_signed_samples_are_signed(tmp_path, n_bits):
    values = np.array([[-3, 5, -128, 127, 0, 1, -1, 2]], f"<i{n_bits // 8}")
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset("data", data=values.view(f"<u{n_bits // 8}")[:, None, :])
        data.attrs.update({**KEYWORDS, "nbits": n_bits, "signed": 1})
    for each in (path, fil(tmp_path / "a.fil", nbits=n_bits, signed=1, data=values.tobytes())):
        assert sl.read_spectrogram(each).power[0].tolist() == values[0, ::-1].tolist()  # it descends on disk


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("suffix", ["fil", "h5"])
def test_one_bad_sample_is_known_wherever_it_stands(tmp_path, value, suffix):
    data = np.zeros((4, 1, 8), "<f4")
    data[2, 0, 1] = value  # on disk; descending, so it is channel 6
    path = tmp_path / f"a.{suffix}"
    if suffix == "fil":
        fil(path, data.tobytes())
    else:
        with h5py.File(hdf5(path), "r+") as file:
            file["data"][:] = data
    assert np.argwhere(sl.read_spectrogram(path).lost).tolist() == [[2, 6]]
    assert not sl.read_part(path, channels=slice(0, 6)).lost.any()


def test_large_finite_power_is_no_mistake(tmp_path):
    data = np.full((4, 8), 3e38, "<f4")  # its sum is not finite
    assert sl.read_spectrogram(fil(tmp_path / "a.fil", data.tobytes())).power.max() == np.float32(3e38)


def test_names_that_lie(tmp_path):
    fil(tmp_path / "a.h5")
    refused(tmp_path / "a.h5", "expected HDF5 data by its name, found SIGPROC data")
    hdf5(tmp_path / "a.fil")
    refused(tmp_path / "a.fil", "expected SIGPROC data by its name, found HDF5 data")


def test_things_that_are_no_files(tmp_path):
    refused(tmp_path, "expected a filterbank file, found a directory")
    with pytest.raises(FileNotFoundError, match=r"expected a filterbank file, found no file") as caught:
        sl.read_header(tmp_path / "nothing.fil")
    assert isinstance(caught.value, sl.FilterbankError)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.fil")  # to open it would wait for ever
        refused(tmp_path / "pipe.fil", "expected a filterbank file, found something else")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: hdf5(path, name="other"), r"a dataset named 'data', found \['other'\]"),
        (lambda path: hdf5(path, shape=(4, 8)), r"shape \(n_time, n_ifs, n_chan\) in 'data'"),
        (lambda path: hdf5(path, shape=(0, 1, 8)), "in 'data', found"),
        (lambda path: hdf5(path, dtype="S4"), "expected numbers"),
        (lambda path: hdf5(path, nchans=9), "expected nchans = 8 by the shape of 'data', found 9"),
        (lambda path: hdf5(path, nifs=2), "expected nifs = 1 by the shape of 'data', found 2"),
        (lambda path: hdf5(path, foff=[1.0, 2.0]), "a finite number for foff, found"),
        (lambda path: hdf5(path, foff="-1e-6"), "a finite number for foff, found '-1e-6'"),
        (lambda path: hdf5(path, tsamp=None), "a finite number for tsamp, found None"),
    ],
)
def test_hdf5_files_of_something_else(tmp_path, make, message):
    refused(make(tmp_path / "a.h5"), message)


def test_hdf5_data_that_were_never_stored(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        data = file.create_dataset("data", shape=(2**20, 1, 2**30), dtype="f4", chunks=(1, 1, 2**20))
        data.attrs.update(KEYWORDS | {"nchans": 2**30})
    refused(tmp_path / "a.h5", "expected 1073741824 chunks of data, found 0: truncated")


def test_hdf5_links_to_other_files_are_not_followed(tmp_path):
    hdf5(tmp_path / "secret.h5")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["data"] = h5py.ExternalLink("secret.h5", "data")
    refused(tmp_path / "a.h5", "expected the data in this file, found a link to another file")
    with h5py.File(tmp_path / "c.h5", "w") as file:
        file.create_dataset("power", data=np.zeros((4, 1, 8), "f4")).attrs.update(KEYWORDS)
        file["data"] = h5py.SoftLink("/power")
    assert sl.read_spectrogram(tmp_path / "c.h5").power.shape == (4, 8)
    layout = h5py.VirtualLayout((4, 1, 8), "f4")
    layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "data", (4, 1, 8))
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file.create_virtual_dataset("data", layout).attrs.update(KEYWORDS)
    refused(tmp_path / "b.h5", "expected the data in this file, found them in other files")


def test_more_than_memory_is_refused_before_it_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(filterbank, "MAX_READ_BYTES", 100)
    refused(fil(tmp_path / "a.fil"), "read at most .* at once, found .* iter_spectrograms")
    assert sl.read_part(tmp_path / "a.fil", channels=slice(0, 2)).power.shape == (4, 2)


def test_a_file_that_shrinks_while_it_is_read(tmp_path):
    path = fil(tmp_path / "a.fil")
    blocks = sl.iter_spectrograms(path, n_chan=4)
    next(blocks)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(sl.FilterbankError, match="truncated"):
        next(blocks)


# Mutations: whatever happens to the bytes, a right answer or an error of our own, and soon

FIL_LENGTH = len(sigproc.encode_header(KEYWORDS)) + 128
changes = st.lists(st.tuples(st.integers(0, FIL_LENGTH - 1), st.integers(0, 255)), min_size=1, max_size=8)


def right_or_refused(path):
    start = time.monotonic()
    with contextlib.suppress(sl.FilterbankError), warnings.catch_warnings():
        warnings.simplefilter("ignore", HeaderWarning)
        warnings.simplefilter("ignore", LostDataWarning)
        spectrogram = sl.read_spectrogram(path)
        assert spectrogram.power.size
        assert spectrogram.power.shape == (spectrogram.header.n_time, spectrogram.header.n_chan)
    assert time.monotonic() - start < 2 * hdf5_armour.TRIAL_S


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes, kept=st.one_of(st.just(FIL_LENGTH), st.integers(0, FIL_LENGTH)))
def test_a_mutated_fil_file(tmp_path, changes, kept):
    path = fil(tmp_path / "a.fil")
    raw = bytearray(path.read_bytes())
    for at, byte in changes:
        raw[at] = byte
    path.write_bytes(raw[:kept])
    right_or_refused(path)


numbers = st.one_of(st.integers(-(2**31), 2**31 - 1), st.sampled_from([0, 1, 2, 4, 8, 16, 32, 64]))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keywords=st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("nchans", "nifs", "nbits", "nsamples", "telescope_id", "data_type"), numbers)
        | {name: st.floats() for name in ("fch1", "foff", "tsamp", "tstart", "src_dej", "refdm")}
        | {"source_name": st.text(max_size=20), "rawdatafile": st.text(max_size=20)},
    )
)
def test_a_mutated_header(tmp_path, keywords):
    raw = bytearray()
    for name, value in (KEYWORDS | keywords).items():
        if name == "src_dej":  # packed, as the file has it
            raw += sigproc._string(name) + struct.pack("<d", value)
        else:
            raw += sigproc.encode_header({name: value})[
                len(sigproc.MAGIC) : -len(sigproc._string("HEADER_END"))
            ]
    (tmp_path / "a.fil").write_bytes(sigproc.MAGIC + raw + sigproc._string("HEADER_END") + bytes(128))
    right_or_refused(tmp_path / "a.fil")


@pytest.fixture(scope="module")
def bitshuffled(tmp_path_factory):
    path = tmp_path_factory.mktemp("bitshuffle") / "a.h5"
    sl.write_spectrogram(sl.simulate_noise(16, 2048, seed=1), path)
    with h5py.File(path) as file:
        ((_, (offset, size, _)),) = hdf5_armour.stored_chunks(path, file["data"]).items()
    return path.read_bytes(), offset, size


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_bitshuffle_chunk(bitshuffled, tmp_path, data):
    """Its decoder trusts the lengths inside a chunk, and would crash on wrong ones."""
    raw, offset, size = bitshuffled
    raw = bytearray(raw)
    for at, byte in data.draw(
        st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, 255)), min_size=1, max_size=8)
    ):
        raw[offset + at] = byte
    (tmp_path / "a.h5").write_bytes(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hdf5_armour, "_try", lambda _: None)  # the metadata are sound
        right_or_refused(tmp_path / "a.h5")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_hdf5_metadata(bitshuffled, tmp_path, data):
    raw, offset, _ = bitshuffled
    raw = bytearray(raw)
    for at, byte in data.draw(
        st.lists(st.tuples(st.integers(0, offset - 1), st.integers(0, 255)), min_size=1, max_size=8)
    ):
        raw[at] = byte
    (tmp_path / "a.h5").write_bytes(raw)
    right_or_refused(tmp_path / "a.h5")


@pytest.mark.parametrize(
    ("crash", "message"),
    [("os.abort()", "the HDF5 library crashes: damaged"), ("time.sleep(60)", "is this machine busy")],
)
def test_a_file_on_which_the_hdf5_library_crashes_or_hangs(tmp_path, monkeypatch, crash, message):
    path = hdf5(tmp_path / "a.h5")
    monkeypatch.setattr(hdf5_armour, "_START_S", 1.0)
    monkeypatch.setattr(hdf5_armour, "_TRIAL_CODE", f"import os, sys, time; {crash}")
    refused(path, message)


@pytest.mark.skipif(sys.platform == "win32", reason="no read permission to take away")
def test_a_file_that_may_not_be_read(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = fil(tmp_path / "a.fil")
    path.chmod(0)
    refused(path, "expected a readable file, found: Permission denied")
