"""The registry against the real files; fetching against a local server that misbehaves in every way."""

import dataclasses
import hashlib
import http.server
import importlib
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from setilearn.archive import fetch as fetch_module
from setilearn.archive import stand_in as stand_in_module
from setilearn.archive.catalogue import DATASETS, Dataset, StandIn
from setilearn.archive.fetch import DatasetWarning
from setilearn.errors import DatasetError, MissingDatasetError
from setilearn.read.filterbank import read_header, read_spectrogram, write_spectrogram
from setilearn.simulate.noise import simulate_noise

ROOT = Path(__file__).parents[1]
PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """An empty cache, no mirror, and no network but this computer's own."""
    monkeypatch.setenv("SETILEARN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("SETILEARN_MIRROR", raising=False)
    monkeypatch.delenv("SETILEARN_OFFLINE", raising=False)
    monkeypatch.setattr(fetch_module, "RETRY_PAUSES_S", (0, 0))
    look_up = socket.getaddrinfo

    def local_only(host, *args, **kwargs):
        if host not in ("127.0.0.1", "localhost", None):
            raise socket.gaierror(f"the tests must not ask for {host}")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", local_only)


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def payload(tmp_path_factory):
    path = tmp_path_factory.mktemp("payload") / "noise.fil"
    write_spectrogram(simulate_noise(16, 4096, source_name="simulated payload"), path)
    return path.read_bytes()


class Server(http.server.ThreadingHTTPServer):
    """Gives the answers of ``script`` in turn, the last one again and again; ``asked`` lists the paths."""

    daemon_threads = True

    def __init__(self, payload):
        super().__init__(("127.0.0.1", 0), Handler)
        self.payload, self.script, self.asked = payload, [good], []
        self.halfway, self.go_on = threading.Event(), threading.Event()
        self.both = threading.Barrier(2)
        self.address = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """Clients that go away in the middle are what these tests are about."""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        script = self.server.script
        (script.pop(0) if len(script) > 1 else script[0])(self)

    def log_message(self, *args):
        pass

    def send(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def good(handler):
    handler.send(handler.server.payload)


def breaks_off(handler):
    body = handler.server.payload
    handler.send(body[: len(body) // 2], **{"Content-Length": len(body)})


def claims_less(handler):
    body = handler.server.payload
    handler.send(body, **{"Content-Length": len(body) // 2})


def claims_more(handler):
    body = handler.server.payload
    handler.send(body, **{"Content-Length": len(body) + 1000})


def claims_nonsense(handler):
    handler.send(handler.server.payload, **{"Content-Length": "many"})


def garbage(handler):
    handler.send(bytes(len(handler.server.payload)))


def web_page(handler):
    handler.send(PAGE)


def not_found(handler):
    handler.send(PAGE, status=404)


def overloaded(handler):
    handler.send(PAGE, status=503)


def moved(handler):
    handler.send(b"", status=302, Location="/elsewhere")


def slow(handler):
    body = handler.server.payload
    handler.send(b"", **{"Content-Length": len(body)})
    for start in range(0, len(body), 2**16):
        handler.wfile.write(body[start : start + 2**16])
        time.sleep(0.05)


def stalls(handler):
    """Sends half, says so to the test, and the rest when the test says so."""
    body = handler.server.payload
    handler.send(body[: len(body) // 2], **{"Content-Length": len(body)})
    handler.wfile.flush()
    handler.server.halfway.set()
    handler.server.go_on.wait(20)
    handler.wfile.write(body[len(body) // 2 :])


def in_step(handler):
    """Sends half, and the rest when a second client has got half too."""
    body = handler.server.payload
    handler.send(body[: len(body) // 2], **{"Content-Length": len(body)})
    handler.server.both.wait(20)
    handler.wfile.write(body[len(body) // 2 :])


@pytest.fixture
def server(payload):
    server = Server(payload)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.go_on.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def register(monkeypatch):
    def register(**changes):
        dataset = Dataset(
            **{
                "name": "noise",
                "mirror_path": "folder/noise.fil",
                "licence": "none",
                "about": "Noise.",
                **changes,
            }
        )
        monkeypatch.setitem(DATASETS, dataset.name, dataset)
        return dataset

    return register


@pytest.fixture
def noise(register, server, payload):
    """A data set that the server publishes."""
    checksum = hashlib.sha256(payload).hexdigest()
    return register(n_bytes=len(payload), sha256=checksum, address=f"{server.address}/published.fil")


def fetch(name="noise", mirror=None, **options):
    return fetch_module.fetch(name, mirror, progress=False, **options)


def files_in(folder):
    """Everything in a folder, hidden folders of half-done work included."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) if folder.exists() else []


# The registry


def test_registry_agrees_with_the_real_files(mirror):
    present = [dataset for dataset in DATASETS.values() if (mirror / dataset.mirror_path).is_file()]
    assert len(present) >= 21
    for dataset in present:
        raw = (mirror / dataset.mirror_path).read_bytes()
        assert (len(raw), hashlib.sha256(raw).hexdigest()) == (dataset.n_bytes, dataset.sha256), dataset.name


@pytest.mark.parametrize("name", [name for name, dataset in DATASETS.items() if "Cut-out" in dataset.about])
def test_stand_in_of_a_cut_out_has_the_band_of_the_real_one(name, mirror):
    real = read_header(fetch(name, mirror))
    simulated = read_header(stand_in_module.make_stand_in(name))
    assert simulated.n_chan == real.n_chan
    assert simulated.n_time == real.n_time
    assert simulated.fch1_mhz == pytest.approx(real.fch1_mhz, abs=1e-7)  # 0.1 Hz of 2.79 Hz


def test_registry_entries_are_sound():
    assert len({dataset.file_name for dataset in DATASETS.values()}) == len(DATASETS)
    for dataset in DATASETS.values():
        assert dataset.sha256 is None or re.fullmatch("[0-9a-f]{64}", dataset.sha256)
        assert dataset.address is None or re.match(r"https?://\S+$", dataset.address)
        assert dataset.about.endswith(".")
        assert dataset.licence
        assert not Path(dataset.mirror_path).is_absolute()
        assert ".." not in dataset.mirror_path


def test_published_sizes_follow_from_what_is_in_the_files():
    # One number of the four-class files is "0.123456" and a comma or line end: 9 bytes.
    for part, images in (("train", 3200), ("validation", 800)):
        assert DATASETS[f"four_class_{part}_images"].n_bytes == images * 64 * 128 * 9
        assert DATASETS[f"basic4_{part}_labels"].n_bytes == images * 4 * 9
    headers = {bits: DATASETS[f"parkes_{bits}bit"].n_bytes - 832 * 4096 * bits // 8 for bits in (1, 2, 4, 8)}
    assert len(set(headers.values())) == 1
    assert 100 < headers[8] < 1000
    assert 100 < DATASETS["voyager1_fil"].n_bytes - 16 * 2**20 * 4 < 1000


def test_unknown_name_lists_the_close_ones():
    with pytest.raises(DatasetError, match="found 'voyager_1': did you mean voyager1"):
        fetch("voyager_1")


@pytest.mark.parametrize("name", ["../../etc/passwd", "", None, 7])
def test_only_registered_names_are_taken(name, cache):
    with pytest.raises(DatasetError, match="expected the name of a data set, found"):
        fetch(name)
    assert files_in(cache) == []


# Downloads


def test_download_is_verified_kept_and_not_repeated(noise, server, cache, payload, capfd):
    path = fetch()
    assert path == cache / "noise.fil"
    assert path.read_bytes() == payload
    assert fetch() == path
    assert server.asked == ["/published.fil"]
    assert files_in(cache) == ["noise.fil"]
    assert capfd.readouterr() == ("", "")


def test_progress_bar_reaches_the_end(noise, capfd):
    fetch_module.fetch("noise")
    assert "100%" in capfd.readouterr().err


@pytest.mark.parametrize(
    "script",
    [
        [breaks_off, good],
        [breaks_off, breaks_off, good],
        [overloaded, good],
        [claims_more, good],
        [moved, good],
        [slow],
    ],
)
def test_download_gets_there_in_the_end(noise, server, cache, payload, script):
    server.script = script
    assert fetch().read_bytes() == payload
    assert files_in(cache) == ["noise.fil"]


@pytest.mark.parametrize(
    ("script", "why", "tries"),
    [
        ([breaks_off], "the connection broke off", 3),
        ([claims_more], "the connection broke off", 3),
        ([overloaded], "the server answered 503 Service Unavailable", 3),
        ([not_found], "the server answered 404 Not Found", 1),
        ([claims_less], "expected {n_bytes} bytes, found {half}", 1),
        ([claims_nonsense], "not a usable answer", 1),
        ([garbage], "expected sha256 {sha256}, found {sha256_of_zeros}", 1),
        (
            [web_page],
            "expected {n_bytes} bytes, found 54 (a web page: a log-in or error page came in its place)",
            1,
        ),
        ([moved], "the server redirects in a circle", 31),  # the first and the 30 that requests follows
    ],
)
def test_failed_download_says_why_and_leaves_nothing(noise, server, cache, payload, script, why, tries):
    server.script = script
    found = {"half": len(payload) // 2, "sha256_of_zeros": hashlib.sha256(bytes(len(payload))).hexdigest()}
    why = why.format(n_bytes=noise.n_bytes, sha256=noise.sha256, **found)
    with pytest.raises(MissingDatasetError, match="noise: the real file, noise.fil") as raised:
        fetch()
    assert f"{noise.address}: {why}" in str(raised.value)
    assert f"{cache / 'noise.fil'}: not there" in str(raised.value)
    assert "SETILEARN_MIRROR" in str(raised.value)
    assert len(server.asked) == tries
    assert files_in(cache) == []


def test_silent_server_is_given_up(noise, server, cache, monkeypatch):
    monkeypatch.setattr(fetch_module, "READ_TIMEOUT_S", 0.2)
    server.script = [stalls]
    with pytest.raises(MissingDatasetError, match="the server was silent for 0.2 s"):
        fetch()
    assert len(server.asked) == 3
    assert files_in(cache) == []


def test_no_connection_is_not_tried_again(register, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        register(n_bytes=1, sha256="0" * 64, address=f"http://127.0.0.1:{unused.getsockname()[1]}/x")
        monkeypatch.setattr(fetch_module, "RETRY_PAUSES_S", (60, 60))
        with pytest.raises(MissingDatasetError, match="no connection"):
            fetch()


def test_offline_asks_nobody(noise, server, monkeypatch):
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    with pytest.raises(MissingDatasetError, match="network is forbidden"):
        fetch()
    with pytest.raises(MissingDatasetError, match="network is forbidden"):
        fetch(mirror=server.address)
    assert server.asked == []
    monkeypatch.setenv("SETILEARN_OFFLINE", "0")
    assert fetch().is_file()


def damage(path, payload):
    """A file of the right length with one byte changed in the middle."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = bytearray(payload)
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    return hashlib.sha256(raw).hexdigest()


def test_damaged_file_in_the_cache_is_fetched_again(noise, cache, payload):
    damage(cache / "noise.fil", payload)
    assert fetch().read_bytes() == payload


def test_damaged_file_in_the_cache_is_never_used(noise, server, cache, payload):
    found = damage(cache / "noise.fil", payload)
    server.script = [not_found]
    assert fetch_module.find("noise") is None
    with pytest.raises(
        MissingDatasetError, match=f"noise.fil: expected sha256 {noise.sha256}, found {found}"
    ):
        fetch()


def test_folder_that_cannot_be_written_is_named(noise, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatasetError, match=f"cannot write to the folder {tmp_path / 'file' / 'sub'}"):
        fetch(to=tmp_path / "file" / "sub")


def test_to_names_the_folder(noise, tmp_path, cache):
    assert fetch(to=tmp_path / "here") == tmp_path / "here" / "noise.fil"
    assert files_in(cache) == []


# Data sets without a known checksum


def test_unknown_checksum_is_told_each_time(register, server, payload):
    register(n_bytes=None, sha256=None, address=f"{server.address}/x")
    for _ in range(2):  # downloaded, then from the cache
        with pytest.warns(
            DatasetWarning, match=f"no checksum is known.*{hashlib.sha256(payload).hexdigest()}"
        ):
            fetch()
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ([web_page], "expected a SIGPROC or HDF5 filterbank, found b'<!DOCTYPE.*a web page"),
        ([garbage], "not a sound filterbank file"),
        ([claims_less], "truncated"),
    ],
)
def test_unknown_checksum_but_no_filterbank_is_refused(register, server, cache, script, why):
    register(n_bytes=None, sha256=None, address=f"{server.address}/x")
    server.script = script
    with pytest.raises(MissingDatasetError, match=why) as raised:
        fetch()
    assert ".setilearn-" not in str(raised.value)
    assert files_in(cache) == []


# Mirrors


def test_file_in_a_mirror_folder_is_returned_in_place(noise, server, tmp_path, cache, payload, monkeypatch):
    kept = tmp_path / "mirror" / "folder" / "noise.fil"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(payload)
    assert fetch(mirror=tmp_path / "mirror") == kept
    monkeypatch.setenv("SETILEARN_MIRROR", str(tmp_path / "mirror"))
    assert fetch() == kept == fetch_module.find("noise")
    assert server.asked == []
    assert files_in(cache) == []


def test_file_in_a_mirror_folder_is_copied_where_asked(noise, server, tmp_path, payload):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "noise.fil").write_bytes(payload)  # side by side, as fetch(to=...) leaves them
    path = fetch(mirror=tmp_path / "mirror", to=tmp_path / "here")
    assert path == tmp_path / "here" / "noise.fil"
    assert path.read_bytes() == payload
    assert files_in(tmp_path / "here") == ["noise.fil"]
    assert server.asked == []


def test_damaged_file_in_a_mirror_folder_is_told_and_passed_over(noise, server, tmp_path, cache, payload):
    found = damage(tmp_path / "mirror" / "noise.fil", payload)
    assert fetch(mirror=tmp_path / "mirror") == cache / "noise.fil"
    (cache / "noise.fil").unlink()
    server.script = [not_found]
    with pytest.raises(
        MissingDatasetError, match=f"mirror/noise.fil: expected sha256 {noise.sha256}, found {found}"
    ):
        fetch(mirror=tmp_path / "mirror")


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ([good], ["/base/folder/noise.fil"]),
        ([not_found, good], ["/base/folder/noise.fil", "/base/noise.fil"]),
    ],
)
def test_mirror_address_takes_the_place_of_the_published_one(noise, server, payload, script, asked):
    server.script = script
    assert fetch(mirror=f"{server.address}/base/").read_bytes() == payload
    assert server.asked == asked


def test_mirror_that_is_no_place_at_all(noise, tmp_path, monkeypatch):
    for mirror in (tmp_path / "missing", "ftp://127.0.0.1/x"):
        with pytest.raises(DatasetError, match="mirror: expected a folder that exists or an http"):
            fetch(mirror=mirror)
    monkeypatch.setenv("SETILEARN_MIRROR", str(tmp_path / "missing"))
    assert fetch().is_file()


# Stand-ins


@pytest.mark.parametrize(
    ("name", "n_chan", "suffix", "published_mhz", "drift_hz_s"),
    [
        ("voyager1", 4096, ".h5", 8419.297028, -0.377557),
        ("voyager1_fil", 1024, ".fil", 8419.297028, -0.377557),
        ("voyager1_carrier", None, ".fil", 8419.297028, -0.377557),
        ("voyager1_sideband_8419_3194", None, ".fil", 8419.319368, -0.397966),
        ("voyager1_sideband_8419_2747", 100, ".fil", 8419.274693, -0.387762),
    ],
)
def test_stand_in_is_marked_and_has_voyager_where_published(
    name, n_chan, suffix, published_mhz, drift_hz_s, monkeypatch
):
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    with pytest.warns(DatasetWarning, match="SIMULATED") as told:
        path = fetch(name, n_chan=n_chan)
    reason = told[0].message.reason
    assert "network" in reason or "no public address" in reason
    n_chan = n_chan or DATASETS[name].stand_in.n_chan
    assert path.name == f"{name}.simulated-{n_chan}{suffix}"
    spectrogram = read_spectrogram(path)
    assert spectrogram.header.is_simulated
    assert spectrogram.header.n_chan == n_chan
    # The tone walks through the band while the telescope looks: its mean power lies along the way.
    peak_mhz = spectrogram.frequencies_mhz[np.argmax(spectrogram.power.mean(axis=0))]
    way_hz = drift_hz_s * spectrogram.header.duration_s
    assert way_hz - 6 <= (peak_mhz - published_mhz) * 1e6 <= 6  # 6 Hz: two channels


def test_stand_in_is_made_once_and_again_if_damaged(cache):
    path = stand_in_module.make_stand_in("voyager1_carrier")
    whole = path.read_bytes()
    os.utime(path, (0, 0))
    assert stand_in_module.make_stand_in("voyager1_carrier") == path
    assert path.stat().st_mtime == 0
    path.write_bytes(whole[:-100])
    assert stand_in_module.make_stand_in("voyager1_carrier").read_bytes() == whole
    assert files_in(cache) == [path.name]


def test_interrupted_stand_in_leaves_nothing(cache, monkeypatch):
    def interrupted(spectrogram, path):
        path.write_bytes(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(stand_in_module, "write_spectrogram", interrupted)
    with pytest.raises(KeyboardInterrupt):
        stand_in_module.make_stand_in("voyager1_carrier")
    assert files_in(cache) == []


def test_real_file_is_preferred_to_a_stand_in(register, server, payload):
    checksum = hashlib.sha256(payload).hexdigest()
    stand_in = StandIn(4096)
    register(n_bytes=len(payload), sha256=checksum, address=f"{server.address}/x", stand_in=stand_in)
    assert fetch(n_chan=64).read_bytes() == payload


@pytest.mark.parametrize("n_chan", [0, -1, 2**20 + 1])
def test_impossible_size_of_a_stand_in(n_chan):
    with pytest.raises(DatasetError, match=f"expected n_chan from 1 to 1048576, found {n_chan}"):
        fetch("voyager1", n_chan=n_chan)


def test_nothing_stands_in_for_the_crab(monkeypatch):
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    for call in (
        lambda: fetch("parkes_8bit", n_chan=64),
        lambda: stand_in_module.make_stand_in("parkes_8bit"),
    ):
        with pytest.raises(DatasetError, match="nothing stands in for this data set"):
            call()
    with pytest.raises(MissingDatasetError, match=r"parkes_8bit_1\.fil"):
        fetch("parkes_8bit")


def test_offline_needs_no_network_library(cache):
    code = (
        "import sys, warnings; warnings.simplefilter('ignore'); import setilearn;"
        "setilearn.fetch('voyager1_carrier');"
        "print(sorted({'pooch', 'requests', 'tqdm', 'h5py', 'blimpy'} & set(sys.modules)))"
    )
    assert run(code, SETILEARN_OFFLINE="1").stdout == "[]\n"


# Runs that die, and runs at the same time


def start(code, **environment):
    command = [sys.executable, "-c", code]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, **pipes)


def run(code, **environment):
    process = start(code, **environment)
    output, errors = process.communicate(timeout=60)
    return subprocess.CompletedProcess(code, process.returncode, output, errors)


def with_dataset(dataset, code):
    setup = f"from setilearn.archive.fetch import *; DATASETS['noise'] = {dataset!r}"
    names = "from setilearn.archive.catalogue import StandIn, Dataset, DATASETS"
    return f"import sys; from setilearn.archive.stand_in import make_stand_in; {names}; {setup}; {code}"


FETCH = "print(fetch('noise', progress=False))"
COMMAND = "import data_fetch; sys.exit(data_fetch.main(['noise']))"


def test_killed_download_leaves_nothing_that_looks_whole(noise, server, cache, payload):
    server.script = [stalls, good]
    process = start(with_dataset(noise, FETCH))
    assert server.halfway.wait(20)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    left = files_in(cache)
    assert len(left) == 2
    assert all(name.startswith(".setilearn-") for name in left)
    assert fetch_module.find("noise") is None
    assert fetch().read_bytes() == payload
    assert files_in(cache) == ["noise.fil"]


def test_ctrl_c_in_the_command_says_that_nothing_is_left(noise, server, cache):
    server.script = [stalls]
    # Tests that run in the background of a script begin with Ctrl-C ignored, and so do their children.
    listens = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    process = start(f"{listens}; {with_dataset(noise, COMMAND)}")
    assert server.halfway.wait(20)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Interrupted. Nothing half-done was left behind." in errors
    assert "Traceback" not in errors
    assert files_in(cache) == []


def test_two_processes_at_once(noise, server, cache, payload):
    server.script = [in_step]
    both = [start(with_dataset(noise, FETCH)) for _ in range(2)]
    for process in both:
        output, errors = process.communicate(timeout=60)
        assert (output, errors) == (f"{cache / 'noise.fil'}\n", "")
    assert len(server.asked) == 2
    assert (cache / "noise.fil").read_bytes() == payload
    assert files_in(cache) == ["noise.fil"]


def test_left_over_folders_of_dead_runs_only_are_removed(noise, cache):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    here, day = platform.node(), 86400
    kept = [f".setilearn-{here}.{os.getpid()}.abc", ".setilearn-other.host.1.abc", ".setilearn-notes"]
    gone = [f".setilearn-{here}.{dead.pid}.abc", ".setilearn-other.host.2.abc"]
    for name in kept + gone:
        (cache / name).mkdir(parents=True)
    os.utime(cache / gone[1], (time.time() - 2 * day,) * 2)
    fetch()
    assert files_in(cache) == sorted([*kept, "noise.fil"])


# The command


@pytest.fixture
def command(monkeypatch, capfd):
    monkeypatch.syspath_prepend(ROOT)
    data_fetch = importlib.import_module("data_fetch")

    def command(*arguments):
        status = data_fetch.main([str(argument) for argument in arguments])
        return status, *capfd.readouterr()

    return command


def test_command_fetches(noise, command, cache):
    status, output, _ = command("noise")
    assert status == 0
    assert output.endswith(f"-> {cache / 'noise.fil'}\n")


def test_command_with_mirror_and_folder(noise, server, command, tmp_path, payload):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "noise.fil").write_bytes(payload)
    status, output, _ = command("noise", "--mirror", tmp_path / "mirror", "--to", tmp_path / "here")
    assert status == 0
    assert str(tmp_path / "here" / "noise.fil") in output
    assert server.asked == []


def test_command_makes_a_small_stand_in_offline(command, cache, monkeypatch):
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    status, _, errors = command("voyager1", "voyager1_carrier", "--channels", "512")
    assert status == 0
    assert "SIMULATED" in errors
    assert files_in(cache) == ["voyager1.simulated-512.h5", "voyager1_carrier.simulated-116.fil"]


def test_command_without_stand_in_fails(command, cache, monkeypatch):
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    status, _, errors = command("voyager1", "voyager1_carrier", "--no-stand-in")
    assert status == 1
    assert "2 of 2 could not be had: voyager1, voyager1_carrier" in errors
    assert files_in(cache) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected the name of a data set, course, all, or --list"),
        (["voyager_1"], "did you mean voyager1"),
        (["courses"], "expected the name of a data set, found 'courses'"),
        (["voyager1", "--channels", "0"], "--channels: expected at least 1, found 0"),
        (["--list", "--mirror", "/no/such/folder"], "mirror: expected a folder that exists"),
    ],
)
def test_command_refuses_in_one_sentence(command, capfd, arguments, message):
    with pytest.raises(SystemExit) as ended:
        command(*arguments)
    assert ended.value.code == 2
    assert message in capfd.readouterr().err


def test_command_lists_and_marks_what_is_here(noise, command, monkeypatch):
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((80, 24)))
    before = command("--list")[1].splitlines()
    fetch()
    after = command("--list")[1].splitlines()
    changed = [line for line in after if line not in before]
    assert len(changed) == 1
    assert re.fullmatch(r"\* noise +262\.4 kB  none", changed[0])  # 16 x 4096 float32, a short header
    assert max(len(line) for line in after if "from" not in line) <= 80
    for name in DATASETS:
        assert sum(re.match(rf"[* ] {name} ", line) is not None for line in after) == 1


def test_the_catalogue_says_which_lessons_fetch_what():
    """Read from the notebooks: fetch("name"), and lesson 07's fetch of each line's cut-out."""
    found = {}
    for path in sorted((ROOT / "lessons").glob("[0-9]*.ipynb")):
        text = "".join("".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"])
        named = re.findall(r'fetch\("(\w+)"', text)
        if 'fetch(f"voyager1_{line}")' in text:
            lines = re.search(r"lines = (\[.*?\])", text)[1]
            named += [f"voyager1_{line}" for line in re.findall(r'"(\w+)"', lines)]
        for name in set(named):
            found.setdefault(name, []).append(path.name[:2])
    assert {name: list(dataset.lessons) for name, dataset in DATASETS.items() if dataset.lessons} == found


def test_course_is_what_the_lessons_need_and_serves_as_a_mirror(command, cache, tmp_path, monkeypatch):
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    status, output, _ = command("course", "--to", tmp_path / "class", "--channels", "256")
    assert status == 0
    needed = [name for name, dataset in DATASETS.items() if dataset.lessons]
    total_mb = sum(DATASETS[name].n_bytes for name in needed) / 1e6
    assert output.startswith(f"{len(needed)} data sets, {total_mb:.1f} MB where none is here yet\n")
    assert len(files_in(tmp_path / "class")) == len(needed)


def test_the_list_says_from_where_and_for_which_lesson(command):
    listed = command("--list", "voyager1", "voyager1_carrier", "basic4_images")[1]
    assert (
        "    from http://blpd0.ssl.berkeley.edu/Voyager_data/Voyager1.single_coarse.fine_res.h5\n" in listed
    )
    assert "    for lessons 01, 02, 04, 05, 07, 08\n" in listed
    assert "    cut out of voyager1, or from a mirror: voyager1_2016/voyager1_carrier" in listed


def test_command_all_copies_the_whole_mirror(command, mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    status, _, errors = command("all", "--mirror", mirror, "--to", tmp_path / "here", "--channels", "256")
    there = [dataset.file_name for dataset in DATASETS.values() if (mirror / dataset.mirror_path).is_file()]
    assert set(there) <= set(files_in(tmp_path / "here"))
    assert status == (1 if "could not be had" in errors else 0)


def test_cut_out_is_cut_from_the_whole_recording_where_there_is_one(monkeypatch, tmp_path, mirror):
    """The whole recording is played by the stand-in, taken for the published file."""
    whole = stand_in_module.make_stand_in("voyager1", to=tmp_path)
    published = tmp_path / DATASETS["voyager1"].file_name
    published.write_bytes(whole.read_bytes())
    known = {
        "n_bytes": published.stat().st_size,
        "sha256": hashlib.sha256(published.read_bytes()).hexdigest(),
    }
    monkeypatch.setitem(DATASETS, "voyager1", dataclasses.replace(DATASETS["voyager1"], **known))
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    path = fetch("voyager1_carrier", mirror=tmp_path)
    cut, original = read_spectrogram(path), read_spectrogram(published)
    real = read_header(mirror / DATASETS["voyager1_carrier"].mirror_path)
    assert (cut.header.n_chan, cut.header.fch1_mhz) == (real.n_chan, pytest.approx(real.fch1_mhz, abs=1e-9))
    first = original.header.channel_at(real.fch1_mhz)
    assert np.array_equal(cut.power, original.power[:, first : first + real.n_chan])
    assert path.name == "voyager1_carrier.cut-from-voyager1.fil"
