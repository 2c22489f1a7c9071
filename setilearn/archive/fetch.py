"""The real data sets of the course: where each is published, how to get it whole, what stands in for it.

`fetch` gives a file that is what the catalogue says (size and sha256), from the cache, a mirror or
the network; where Voyager's recording cannot be had, a stand-in that says it is simulated. A file
takes its place only when it has been verified, by one move of the file system: whatever breaks off,
nothing is left that looks whole.

pooch downloads and knows the user's cache folder. Its ``retrieve`` is not used: it knows one address,
leaves its scratch file when it is killed, and does not say why each place had nothing.

Three environment variables: ``SETILEARN_CACHE`` names the folder that files are kept in,
``SETILEARN_MIRROR`` a folder or http(s) address that holds copies, and ``SETILEARN_OFFLINE=1``
forbids the network.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from setilearn.archive.catalogue import look_up
from setilearn.archive.places import data_folder, mirror_place, scratch_folder
from setilearn.archive.stand_in import make_stand_in, stand_in_size
from setilearn.errors import DatasetError, FilterbankError, MissingDatasetError
from setilearn.read.filterbank import read_header, read_part, read_whole_header, write_spectrogram

if TYPE_CHECKING:
    from os import PathLike

CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 30  # longest silence of a server, not the length of a download
RETRY_PAUSES_S = (1, 3)


class DatasetWarning(UserWarning):
    """The file is not, or not surely, the published one: a simulated stand-in, or no known checksum.

    ``reason`` tells at length why a stand-in was needed; a notebook has room for the short form alone.
    """

    def __init__(self, message, reason=""):
        super().__init__(message)
        self.reason = reason


def fetch(
    name: str,
    mirror: str | PathLike | None = None,
    *,
    to: str | PathLike | None = None,
    n_chan: int | None = None,
    progress: bool = True,
) -> Path:
    """Path of a data set on this computer, downloaded first where need be.

    Looked for in this order: the folder ``to``; the mirror, if it is a folder; then downloaded,
    from the mirror, if it is an address, else from where the file is published. A cut-out that
    is nowhere to be had is cut out of the whole recording. Where Voyager's file cannot be had at
    all, a simulated stand-in is made and a `DatasetWarning` says so; the header of its
    spectrogram has ``is_simulated`` True.

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
    stand_in_size(dataset, n_chan)  # a bad wish is told even where the real file is at hand
    try:
        return fetch_real(name, mirror, to=to, progress=progress)
    except MissingDatasetError as error:
        if dataset.stand_in is None:
            raise
        path = make_stand_in(name, n_chan, to=to)
        warnings.warn(
            DatasetWarning(
                f"SIMULATED data: {path.name} stands in for the telescope's file, with Voyager 1's published "
                "carrier, side bands and drift in computed noise. "
                f'`from setilearn.archive.fetch import fetch_real; fetch_real("{name}")` in a cell tells '
                "why, and fetches the real file where it can.",
                reason=str(error),
            ),
            stacklevel=2,
        )
        return path


def fetch_real(name, mirror=None, *, to=None, progress=True):
    """The same as `fetch`, but never a stand-in: raises `MissingDatasetError` in its place."""
    dataset, folder, source = look_up(name), data_folder(to), mirror_place(mirror)
    path, tried = _look_around(dataset, folder, source)
    if path is None:
        path, failed = _download(dataset, folder, source, progress)
        tried += failed
    elif to is not None and path.parent != folder:
        path = _copy(dataset, path, folder)
    if path is None and dataset.cut_from:
        return _cut(dataset, mirror, to, progress, tried)
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
    return _look_around(look_up(name), data_folder(to), mirror_place(mirror))[0]


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
        read_whole_header(path)
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


def _copy(dataset, source, folder):
    with scratch_folder(folder) as scratch:
        copied = Path(shutil.copyfile(source, scratch / dataset.file_name))
        problem = _problem(dataset, copied)
        if problem:
            raise DatasetError(f"{dataset.name}: the copy of {source} went wrong: {problem}")
        return copied.replace(folder / dataset.file_name)


def _cut(dataset, mirror, to, progress, tried):
    """Path of the data set cut out of the whole recording that it is part of; the name says so."""
    try:
        whole = fetch_real(dataset.cut_from, mirror, to=to, progress=progress)
    except MissingDatasetError as error:
        raise MissingDatasetError(f"{_nowhere(dataset, tried)}\nNor can it be cut out of {error}") from error
    folder, n_chan = data_folder(to), dataset.stand_in.n_chan
    path = folder / f"{dataset.name}.cut-from-{dataset.cut_from}.fil"
    first = read_header(whole).channel_at(dataset.stand_in.centre_mhz) - n_chan // 2
    with scratch_folder(folder) as scratch:
        write_spectrogram(read_part(whole, channels=slice(first, first + n_chan)), scratch / path.name)
        return (scratch / path.name).replace(path)


def _download(dataset, folder, mirror, progress):
    """Path of the downloaded and verified file, or None, and what each address had to say."""
    addresses, failed = _addresses(dataset, mirror), []
    if addresses and os.environ.get("SETILEARN_OFFLINE", "0") not in ("", "0"):
        return None, [f"{addresses[0]}: the network is forbidden (SETILEARN_OFFLINE is set)"]
    for address in addresses:
        with scratch_folder(folder) as scratch:
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
