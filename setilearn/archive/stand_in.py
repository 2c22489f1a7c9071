"""What is simulated where Voyager's recording cannot be had."""

import operator
from pathlib import PurePosixPath

from setilearn.archive.catalogue import look_up
from setilearn.archive.places import data_folder, scratch_folder
from setilearn.errors import DatasetError, FilterbankError
from setilearn.read.filterbank import read_whole_header, write_spectrogram


def make_stand_in(name, n_chan=None, *, to=None):
    """Path of a simulated stand-in, made once and kept in ``to`` under a name that says what it is.

    ``n_chan`` channels, by default as many as the real file has. Raises `DatasetError` for a data
    set that nothing stands in for.
    """
    dataset = look_up(name)
    size = stand_in_size(dataset, n_chan)
    if size is None:
        raise DatasetError(f"{name}: nothing stands in for this data set, only the real file will do")
    folder = data_folder(to)
    path = folder / f"{name}.simulated-{size}{PurePosixPath(dataset.mirror_path).suffix}"
    if not _is_stand_in(path, size):
        from setilearn.simulate.voyager import simulate_voyager

        spectrogram = simulate_voyager(size, centre_mhz=dataset.stand_in.centre_mhz)
        with scratch_folder(folder) as scratch:
            write_spectrogram(spectrogram, scratch / path.name)
            (scratch / path.name).replace(path)
    return path


def stand_in_size(dataset, n_chan):
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
        header = read_whole_header(path)
    except FilterbankError:
        return False
    return header.is_simulated and header.n_chan == n_chan
