"""The real data sets of the course: where each is published, how to get it whole, what stands in for it.

`fetch` gives a file that is what the registry says (size and sha256), from the cache, a mirror or
the network; where Voyager's recording cannot be had, a stand-in that says it is simulated. A file
takes its place only when it has been verified, by one move of the file system: whatever breaks off,
nothing is left that looks whole.

Three environment variables: ``SETILEARN_CACHE`` names the folder that files are kept in,
``SETILEARN_MIRROR`` a folder or http(s) address that holds copies, and ``SETILEARN_OFFLINE=1``
forbids the network.
"""

import difflib
import hashlib
import operator
import os
import platform
import re
import shutil
import tempfile
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from setilearn.observe.filterbank import FilterbankError, read_header, write_spectrogram

CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 30  # longest silence of a server, not the length of a download
RETRY_PAUSES_S = (1, 3)


class DatasetError(ValueError):
    """A data set that does not exist or cannot be had, or a place that cannot hold it."""


class MissingDatasetError(DatasetError):
    """No place that was tried has a sound copy of the file."""


class DatasetWarning(UserWarning):
    """The file is not, or not surely, the published one: a simulated stand-in, or no known checksum."""


@dataclass(frozen=True)
class StandIn:
    """What is simulated where Voyager's file cannot be had: ``n_chan`` channels around ``centre_mhz``.

    ``centre_mhz`` None means where `setilearn.observe.simulate.simulate_voyager` puts them.
    """

    n_chan: int
    centre_mhz: float | None = None


@dataclass(frozen=True)
class Dataset:
    """A published file: what it is, in a sentence (``about``), and how to know it again.

    ``n_bytes`` and ``sha256`` are None where unknown, ``address`` where only mirrors have the file,
    at their ``mirror_path``.
    """

    name: str
    mirror_path: str
    n_bytes: int | None
    sha256: str | None
    licence: str
    about: str
    address: str | None = None
    stand_in: StandIn | None = None

    @property
    def file_name(self):
        """Name of the file in the cache, the last part of ``mirror_path``."""
        return PurePosixPath(self.mirror_path).name

    @property
    def size(self):
        """Size in words, such as ``50.5 MB``."""
        if self.n_bytes is None:
            return "unknown"
        return f"{self.n_bytes / 1e6:.1f} MB" if self.n_bytes >= 1e6 else f"{self.n_bytes / 1e3:.1f} kB"


def fetch(name, mirror=None, *, to=None, n_chan=None, progress=True):
    """Path of a data set on this computer, downloaded first where need be.

    Looked for in this order: the folder ``to``; the mirror, if it is a folder; then downloaded,
    from the mirror, if it is an address, else from where the file is published. Where Voyager's
    file cannot be had at all, a simulated stand-in is made and a `DatasetWarning` says so; the
    header of its spectrogram has ``is_simulated`` True.

    Parameters
    ----------
    name : str
        A key of `DATASETS`, such as ``"voyager1"``.
    mirror : str or path, optional
        Folder or http(s) address to use in place of the published address; default
        ``SETILEARN_MIRROR``. A file in a mirror folder is returned where it is.
    to : str or path, optional
        Folder to keep the file in; default ``SETILEARN_CACHE``, else the user's cache folder.
    n_chan : int, optional
        Channels of the stand-in, where a smaller one than the real file will do.
    progress : bool
        Show a progress bar while downloading.

    Returns
    -------
    pathlib.Path
        The verified file. One without a known checksum brings a `DatasetWarning` that names its sha256.

    Raises
    ------
    DatasetError
        Unknown name; nothing to be had and nothing to stand in, with each place that was tried
        and why it failed; a folder that cannot be written.
    """
    dataset = look_up(name)
    _stand_in_size(dataset, n_chan)  # a bad wish is told even where the real file is at hand
    try:
        return fetch_real(name, mirror, to=to, progress=progress)
    except MissingDatasetError as error:
        if dataset.stand_in is None:
            raise
        path = make_stand_in(name, n_chan, to=to)
        warnings.warn(
            f"SIMULATED data: {path.name} stands in for the telescope's file, with Voyager 1's published "
            f"carrier, side bands and drift in computed noise.\n{error}",
            DatasetWarning,
            stacklevel=2,
        )
        return path


def fetch_real(name, mirror=None, *, to=None, progress=True):
    """The same as `fetch`, but never a stand-in: raises `MissingDatasetError` in its place."""
    dataset, folder, source = look_up(name), _folder(to), _mirror(mirror)
    path, tried = _look_around(dataset, folder, source)
    if path is None:
        path, failed = _download(dataset, folder, source, progress)
        tried += failed
    elif to is not None and path.parent != folder:
        path = _copy(dataset, path, folder)
    if path is None:
        raise MissingDatasetError(_nowhere(dataset, tried))
    if dataset.sha256 is None:
        warnings.warn(
            f"{name}: no checksum is known for {path.name}. Its header reads well; whether it is the "
            f"published file cannot be told. Its sha256 is {_sha256(path)}",
            DatasetWarning,
            stacklevel=2,
        )
    return path


def find(name, mirror=None, *, to=None):
    """Path of a sound copy already on this computer, in the cache or a mirror folder, else None."""
    return _look_around(look_up(name), _folder(to), _mirror(mirror))[0]


def make_stand_in(name, n_chan=None, *, to=None):
    """Path of a simulated stand-in, made once and kept in ``to`` under a name that says what it is.

    ``n_chan`` channels, by default as many as the real file has. Raises `DatasetError` for a data
    set that nothing stands in for.
    """
    dataset = look_up(name)
    size = _stand_in_size(dataset, n_chan)
    if size is None:
        raise DatasetError(f"{name}: nothing stands in for this data set, only the real file will do")
    folder = _folder(to)
    path = folder / f"{name}.simulated-{size}{PurePosixPath(dataset.mirror_path).suffix}"
    if not _is_stand_in(path, size):
        from setilearn.observe.simulate import simulate_voyager

        spectrogram = simulate_voyager(size, centre_mhz=dataset.stand_in.centre_mhz)
        with _scratch(folder) as scratch:
            write_spectrogram(spectrogram, scratch / path.name)
            (scratch / path.name).replace(path)
    return path


def look_up(name):
    """The `Dataset` of that name. Raises `DatasetError`, with the names that come close, if there is none."""
    if name in DATASETS:
        return DATASETS[name]
    close = difflib.get_close_matches(str(name), DATASETS, n=4)
    hint = f"did you mean {' or '.join(close)}?" if close else f"the names are {', '.join(DATASETS)}"
    raise DatasetError(f"expected the name of a data set, found {name!r}: {hint}")


# Where to look


def _folder(to):
    chosen = to or os.environ.get("SETILEARN_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    import pooch

    return pooch.os_cache("setilearn")


def _mirror(mirror):
    """A Path for a folder, a str for an http(s) address, None where there is no mirror."""
    chosen = mirror or os.environ.get("SETILEARN_MIRROR")
    if not chosen:
        return None
    if str(chosen).lower().startswith(("http://", "https://")):
        return str(chosen).rstrip("/")
    folder = Path(chosen).expanduser()
    # A missing folder in the environment is told with the places that were tried: a lesson can go on.
    if mirror and not folder.is_dir():
        raise DatasetError(
            f"mirror: expected a folder that exists or an http(s) address, found {str(chosen)!r}"
        )
    return folder


def _look_around(dataset, folder, mirror):
    """First sound copy on this computer, or None, and what is wrong with the places before it."""
    places = [folder / dataset.file_name]
    if isinstance(mirror, Path):
        places += [mirror / dataset.mirror_path, mirror / dataset.file_name]
    tried = []
    for path in dict.fromkeys(places):
        problem = _problem(dataset, path)
        if problem is None:
            return path, tried
        tried.append(f"{path}: {problem}")
    return None, tried


def _addresses(dataset, mirror):
    if isinstance(mirror, str):
        # A folder filled by fetch(to=...) and served as it is keeps all files side by side.
        return [f"{mirror}/{quote(place)}" for place in (dataset.mirror_path, dataset.file_name)]
    return [dataset.address] if dataset.address else []


def _nowhere(dataset, tried):
    mirror = "the argument mirror, the option --mirror or SETILEARN_MIRROR"
    if dataset.address:
        way = (
            "Connect to the network and try again; or download the file in another way, "
            f"name it {dataset.file_name}, and give its folder by {mirror}."
        )
    else:
        way = (
            "It has no public address: ask for a folder or address that has "
            f"{dataset.mirror_path}, and give it by {mirror}."
        )
    wanted = f"{dataset.name}: the real file, {dataset.file_name} (size: {dataset.size}), could not be had:"
    return "\n".join([wanted, *(f"  - {reason}" for reason in tried), way])


# What makes a file sound


def _problem(dataset, path):
    """What is wrong with the file at ``path``, None if it is the data set."""
    try:
        if not path.is_file():
            return "not there"
        n_bytes = path.stat().st_size
        if dataset.n_bytes not in (None, n_bytes):
            return f"expected {dataset.n_bytes} bytes, found {n_bytes}{_web_page_hint(path)}"
        if dataset.sha256 is None:
            return _header_problem(path)
        found = _sha256(path)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if found != dataset.sha256:
        return f"expected sha256 {dataset.sha256}, found {found}{_web_page_hint(path)}"
    return None


def _header_problem(path):
    try:
        read_header(path)
    except FilterbankError as error:
        return f"not a sound filterbank file: {str(error).removeprefix(f'{path}: ')}{_web_page_hint(path)}"
    return None


def _web_page_hint(path):
    with path.open("rb") as file:
        is_page = file.read(64).lstrip().lower().startswith((b"<!doctype", b"<html"))
    return " (a web page: a log-in or error page came in its place)" if is_page else ""


def _sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stand_in_size(dataset, n_chan):
    if n_chan is None:
        return dataset.stand_in and dataset.stand_in.n_chan
    if dataset.stand_in is None:
        raise DatasetError(
            f"{dataset.name}: n_chan is the size of a stand-in, and nothing stands in for this data set"
        )
    if not 1 <= operator.index(n_chan) <= dataset.stand_in.n_chan:
        raise DatasetError(
            f"{dataset.name}: expected n_chan from 1 to {dataset.stand_in.n_chan}, found {n_chan}"
        )
    return operator.index(n_chan)


def _is_stand_in(path, n_chan):
    try:
        header = read_header(path)
    except FilterbankError:
        return False
    return header.is_simulated and header.n_chan == n_chan


# Putting a file in its place


def _copy(dataset, source, folder):
    with _scratch(folder) as scratch:
        copied = Path(shutil.copyfile(source, scratch / dataset.file_name))
        problem = _problem(dataset, copied)
        if problem:
            raise DatasetError(f"{dataset.name}: the copy of {source} went wrong: {problem}")
        return copied.replace(folder / dataset.file_name)


def _download(dataset, folder, mirror, progress):
    """Path of the downloaded and verified file, or None, and what each address had to say."""
    addresses, failed = _addresses(dataset, mirror), []
    if addresses and os.environ.get("SETILEARN_OFFLINE", "0") not in ("", "0"):
        return None, [f"{addresses[0]}: the network is forbidden (SETILEARN_OFFLINE is set)"]
    for address in addresses:
        with _scratch(folder) as scratch:
            part = scratch / dataset.file_name
            problem = _get(address, part, progress) or _problem(dataset, part)
            if problem is None:
                return part.replace(folder / dataset.file_name), failed
        failed.append(f"{address}: {problem}")
    return None, failed


def _get(address, path, progress):
    """Download into ``path``, from the start at each try; returns why it failed, None if it did not."""
    import pooch
    import requests

    download = pooch.HTTPDownloader(
        progressbar=progress, chunk_size=2**16, timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
    )
    for pause_s in (0, *RETRY_PAUSES_S):
        time.sleep(pause_s)
        try:
            download(address, str(path), None)
            return None
        # ValueError: pooch passes on what a nonsensical length in the answer's header leads to.
        except (requests.RequestException, ValueError) as error:
            reason, may_pass = _why(error)
        if not may_pass:
            break
    return reason


def _why(error):
    """Why a download failed, in words, and whether trying again makes sense."""
    import requests
    from urllib3.exceptions import MaxRetryError, ReadTimeoutError

    cause = error.args[0] if error.args else None
    if isinstance(error, requests.HTTPError):
        status = error.response.status_code
        return f"the server answered {status} {error.response.reason}", status in (408, 429) or status >= 500
    if isinstance(error, requests.TooManyRedirects):
        return "the server redirects in a circle", False
    if isinstance(error, requests.ReadTimeout) or isinstance(cause, ReadTimeoutError):
        return f"the server was silent for {READ_TIMEOUT_S} s", True
    if isinstance(cause, MaxRetryError):
        return "no connection (offline, or a firewall in the way?)", False
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return "the connection broke off", True
    return f"not a usable answer ({error})", False


@contextmanager
def _scratch(folder):
    """A folder for half-done files inside ``folder``, gone at the end; those that dead runs left go too."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left_over in folder.glob(".setilearn-*"):
            if _is_abandoned(left_over):
                shutil.rmtree(left_over, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".setilearn-{platform.node()}.{os.getpid()}.", dir=folder))
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise DatasetError(
            f"cannot write to the folder {folder}: {error.strerror or error}. "
            "Name another one by the argument to, the option --to or SETILEARN_CACHE"
        ) from error


def _is_abandoned(scratch):
    named = re.fullmatch(r"\.setilearn-(.*)\.(\d+)\.\w+", scratch.name)
    if not named:
        return False
    # Windows cannot be asked this way, and another computer that shares the folder cannot be asked at all.
    if os.name == "posix" and named[1] == platform.node():
        try:
            os.kill(int(named[2]), 0)
        except ProcessLookupError:
            return True
        except (PermissionError, OverflowError):
            return False
        return False
    try:
        return time.time() - scratch.stat().st_mtime > 86400
    except OSError:  # another run has just removed it
        return False


# The registry


def _github(repository, commit, path):
    return f"https://raw.githubusercontent.com/{repository}/{commit}/{path}"


def _github_lfs(repository, commit, path):
    return f"https://media.githubusercontent.com/media/{repository}/{commit}/{path}"


def _cut_out(line, frequency_mhz, n_chan, centre_mhz, sha256):
    name = f"voyager1_{line.split()[-1]}"
    return Dataset(
        name if line == "carrier" else f"{name}_{frequency_mhz:.4f}".replace(".", "_"),
        f"voyager1_2016/{name}_{frequency_mhz:.4f}.fil",
        283 + 16 * n_chan * 4,  # header and 16 integrations of float32
        sha256,
        "MIT",
        f"Cut-out of the Voyager 1 recording of 2016 at its {line}, {frequency_mhz:.4f} MHz, header rebuilt.",
        stand_in=StandIn(n_chan, centre_mhz),
    )


def _cadence_scan(scan, seconds, kind, dat_bytes, dat_sha256, sha256=None):
    stem = f"single_coarse_guppi_59046_{seconds}_DIAG_VOYAGER-1_{scan}.rawspec.0000"
    where = "on Voyager 1" if kind == "ON" else "off Voyager 1, for comparison"
    return [
        Dataset(
            f"voyager1_2020_{scan}",
            f"voyager1_2020/{stem}.h5",
            None,
            sha256,
            "none stated",
            f"Scan {scan} of the Voyager 1 cadence of 2020, {where} ({kind}), high frequency resolution.",
            f"http://bldata.berkeley.edu/voyager_2020/single_coarse_channel/{stem}.h5",
        ),
        Dataset(
            f"voyager1_2020_{scan}_dat",
            f"voyager1_2020_turboseti_dat/{stem}.dat",
            dat_bytes,
            dat_sha256,
            "none stated",
            f"Hits that turbo_seti found in scan {scan} ({kind}) of that cadence.",
            _github("2xwlll/turboSETImidres", "59cee3ecda96b0c459b545da4f820d6d86185064", f"{stem}.dat"),
        ),
    ]


def _parkes(bits, commit, n_bytes, sha256):
    file_name = "parkes_8bit_1.fil" if bits == 8 else f"parkes_{bits}bit.fil"
    return Dataset(
        f"parkes_{bits}bit",
        f"parkes_crab/{file_name}",
        n_bytes,
        sha256,
        "MIT",
        f"Crab pulsar, Parkes, high time resolution: 4096 x 832, 4 MHz x 512 us, {bits} bit a sample.",
        _github("FRBs/sigpyproc3", commit, f"tests/data/{file_name}"),
    )


def _basic4(part, what, n_bytes, sha256):
    n_images = {"train": 3200, "validation": 800}[part]
    about = {
        "images": f"{n_images} images of 64 x 128, one a row",
        "labels": f"one-hot labels of the {n_images} images",
    }[what]
    return Dataset(
        f"basic4_{part}_labels" if what == "labels" else f"four_class_{part}_images",
        f"basic4/{part}_{what}.csv",
        n_bytes,
        sha256,
        "none stated",
        f"Four-class set (simulated signals, 2017), {part} part: {about}.",
        _github_lfs(
            "devanshdhrafani/Radio-Signal-Classification-CNN",
            "d9a3dc228e74e96be3c626decb83d99814513ad1",
            f"dataset/{part}/{what}.csv",
        ),
    )


_ALL = [
    Dataset(
        "voyager1",
        "voyager1_2016/Voyager1.single_coarse.fine_res.h5",
        50_549_227,
        "c9a9a54f4140e3754ffb2455fae4eeb2eb70c8207123116ee953e4fce15c36ac",
        "none stated",
        "Voyager 1 seen by the Green Bank Telescope in X band, high frequency resolution, 2016.",
        "http://blpd0.ssl.berkeley.edu/Voyager_data/Voyager1.single_coarse.fine_res.h5",
        StandIn(2**20),
    ),
    Dataset(
        "voyager1_fil",
        "voyager1_2016/Voyager1.single_coarse.fine_res.fil",
        67_109_246,
        "49af50577e136d6e1184e1709fda54d1f48562290df34aa5ed5df34e96e2baf7",
        "none stated",
        "The same recording of Voyager 1 as a SIGPROC file.",
        "http://blpd0.ssl.berkeley.edu/Voyager_data/Voyager1.single_coarse.fine_res.fil",
        StandIn(2**20),
    ),
    _cut_out(
        "carrier",
        8419.2970,
        116,
        8419.296980,
        "6807f82acc067a4fa447855f7af0b5abfb4a03412fee03e99c907ab07f298e93",
    ),
    _cut_out(
        "lower sideband",
        8419.2744,
        118,
        8419.274324,
        "e33c6b08c5df2c1329a7aa62fdd75059b410f263d9e8594b1f16fc5d1dd2c753",
    ),
    _cut_out(
        "lower sideband",
        8419.2747,
        117,
        8419.274643,
        "6bfc199b3d362a7cb58183e5504292ea87998bedff9133913ea4fe508e8995dc",
    ),
    _cut_out(
        "upper sideband",
        8419.3194,
        118,
        8419.319318,
        "49c3421665f83f9615c8b9f0f061045469eb559ae5e13f22ce1b091a62c09958",
    ),
    _cut_out(
        "upper sideband",
        8419.3197,
        115,
        8419.319637,
        "d64f88ec11700c20d7360eccd8a82443378580e99396cc01d1b7e05a84c9f739",
    ),
    Dataset(
        "voyager1_cutouts",
        "voyager1_2016/voyager1_cutouts.npz",
        40_964,
        "87c66093ca041744b55187a92fd7600aeaaf76ed3647ec445644e888b36f9edb",
        "MIT",
        "The five cut-outs of the 2016 recording of Voyager 1 as NumPy arrays.",
    ),
    Dataset(
        "voyager1_turbo_seti",
        "voyager1_2016/voyager1_turbo_seti.dat",
        908,
        "a0ad3d4cc486e426503e65922872a599f3e51030b2f2bcd41636693de1acfafa",
        "Apache-2.0",
        "Hits that turbo_seti found in the 2016 recording of Voyager 1.",
        _github(
            "ares0311/2026-Technosignature-Search",
            "b0ca3bba58ec0746ddcb4400fb58483617bef8e4",
            "data/bl_hits/voyager1_hits.dat",
        ),
    ),
    *_cadence_scan(
        "0011",
        80036,
        "ON",
        967,
        "74e5c1acc584e576eac738944243981e8da960f05e0b0f05164bbdd146cf84f1",
        sha256="a4f9d9da015b4d45054ef91a1d95dc27138e495d887f595970c13828a76c9412",
    ),
    *_cadence_scan(
        "0012", 80354, "OFF", 599, "c580fa0a578d48aa1e02b0077f12968ad271b9071e8d616eff60495d2d07bbbb"
    ),
    *_cadence_scan(
        "0013", 80672, "ON", 961, "9a8a2b955845be2d11b9bb2fbc15e2c42f2d7e1bfe4e7ab35d5fc32312b0831a"
    ),
    *_cadence_scan(
        "0014", 80989, "OFF", 598, "3ace31d34a359ed685f7bee5d04406476350d04fe69a8ad484452a84cc8d1f29"
    ),
    *_cadence_scan(
        "0015", 81310, "ON", 964, "97217a67654d236749a89e17499f1f6436ab1180932b4297c420472d3cc9c19e"
    ),
    *_cadence_scan(
        "0016", 81628, "OFF", 599, "8e393ced1ffa1dcc4c51b06acb43c23123a82b31c755dd8fa792643ff5d98e25"
    ),
    Dataset(
        "gbt_sgr_b2",
        "gbt_sgr_b2/sample.fil",
        131_466,
        "ee0ed0df43990a4653a05eed914401836c0a0de154897afa2c05ddd7f8128ea5",
        "MIT",
        "Receiver noise of the Green Bank Telescope in C band, 6664 MHz: 32 x 1024, 1.397 Hz x 1.43 s.",
        _github("bbrzycki/setigen", "31343808fea4de7a2b051a66f4f7f1e2b4386ee9", "setigen/assets/sample.fil"),
    ),
    _parkes(
        1,
        "646113e966657823ee80b9cae6206ac85fa1f9ff",
        426_335,
        "48b3b29fd97f58b08be39f02449034a69df215d726b20a7c0b7ff0133ee81850",
    ),
    _parkes(
        2,
        "d3ed413d8c0f1dabd3f682b4032cf2153f5cdace",
        852_319,
        "f0bb6f11caf620c83d35abb10355417b9254dd013b834336b6ee9a64cc742f92",
    ),
    _parkes(
        4,
        "646113e966657823ee80b9cae6206ac85fa1f9ff",
        1_704_287,
        "0aa1d10d7b94fd4f1257d3a4b22d477c82825e78ecc95fea4883e74b65e11603",
    ),
    _parkes(
        8,
        "45e3a597e8454f6d5a4393f33a85334f65614394",
        3_408_223,
        "3b7ac44e3a48374757a1c5980854fb20c8cf74e59d94cca71a6ecae21ddc0850",
    ),
    Dataset(
        "basic4_images",
        "basic4/basic4_exact_uint8.npz",
        112_474,
        "fc04720e78e22b6dfac26f6ef72e356d50005d8cf5eebb12e14305f1afe6e9d8",
        "Apache-2.0",
        "17 images of the four-class set in their original 8 bits, without labels.",
    ),
    _basic4("train", "labels", 115_200, "072c3f7d856a5166c68b68e7ab34442199c2e55ff4f3e744df9768ad6b2453da"),
    _basic4(
        "validation", "labels", 28_800, "7acda77c3187a22ecf7afa7194b8655aa317e88cf2c4f305b79319ad45fa8d26"
    ),
    _basic4(
        "train", "images", 235_929_600, "8d6b7b6b59a15856ba27411ab9cb46c3b5f53ef867e0383e241c31810a017fc6"
    ),
    _basic4(
        "validation", "images", 58_982_400, "283ed32d6af34c96f10557ccd219aa85d49b22f1d496059a5d9ef32cbd2fbb23"
    ),
]

DATASETS = {dataset.name: dataset for dataset in _ALL}
