"""Lesson 09: the database of the survey, and files of its scans."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from setilearn.errors import DatabaseError
from setilearn.read.filterbank import write_spectrogram
from setilearn.store.save import save_hits
from setilearn.tables import HITS, table

SERVER = "SETILEARN_DATABASE"


def survey_database():
    """URL of the database for this lesson, and a text that says which it is.

    That of the server that the environment variable SETILEARN_DATABASE names, else of an SQLite file
    that is removed when Python ends.
    """
    server, missing = os.environ.get(SERVER), f"the environment variable {SERVER} names none"
    if server:
        try:
            save_hits(table(HITS), server, progress=False)
            return server, "A database server keeps the hits."
        except DatabaseError as error:
            missing = str(error)
    folder = scratch_folder()
    text = f"An SQLite file keeps the hits: {folder / 'survey.db'}\n(No MySQL or MariaDB server: {missing}.)"
    return f"sqlite:///{(folder / 'survey.db').as_posix()}", text


def scratch_folder():
    """A new folder that is removed when Python ends."""
    folder = Path(tempfile.mkdtemp(prefix="setilearn-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def write_scans(scans, observations):
    """Write the spectrograms of a cadence to files; its observations with paths, as a cadence of its own."""
    folder = scratch_folder()
    paths = [folder / f"candidate_{scan:04d}.fil" for scan in observations["scan"]]
    for path, scan in zip(paths, scans, strict=True):
        write_spectrogram(scan, path)
    cadence = observations["cadence"] + ", files"
    return observations.assign(path=[str(path) for path in paths], cadence=cadence)
