"""The published data sets, by name: what stands in catalogue.toml."""

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from setilearn.errors import DatasetError


@dataclass(frozen=True)
class StandIn:
    """What is simulated where Voyager's file cannot be had: ``n_chan`` channels around ``centre_mhz``.

    ``centre_mhz`` None means where `setilearn.simulate.voyager.simulate_voyager` puts them.
    """

    n_chan: int
    centre_mhz: float | None = None


@dataclass(frozen=True)
class Dataset:
    """A published file: what it is, in a sentence (``about``), and how to know it again.

    ``n_bytes`` and ``sha256`` are None where unknown, ``address`` where only mirrors have the file,
    at their ``mirror_path``. What is part of another data set, ``cut_from``, can be cut out of that one.
    ``lessons`` are the numbers of the lessons that fetch it.
    """

    name: str
    mirror_path: str
    n_bytes: int | None
    sha256: str | None
    licence: str
    about: str
    address: str | None = None
    stand_in: StandIn | None = None
    cut_from: str | None = None
    lessons: tuple[str, ...] = ()

    @property
    def file_name(self):
        """Name of the file in the cache, the last part of ``mirror_path``."""
        return PurePosixPath(self.mirror_path).name

    @property
    def size(self):
        """Size in words, such as ``50.5 MB``."""
        return "unknown" if self.n_bytes is None else in_words(self.n_bytes)


def in_words(n_bytes):
    """A size in words, such as ``50.5 MB``."""
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:.1f} kB"


def _catalogue():
    """The data sets of the file beside this module, by name."""
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    left_out = {"n_bytes": None, "sha256": None}
    for facts in tables.values():
        if "stand_in" in facts:
            facts["stand_in"] = StandIn(**facts["stand_in"])
        facts["lessons"] = tuple(facts.get("lessons", ()))
    return {name: Dataset(name, **left_out | facts) for name, facts in tables.items()}


DATASETS = _catalogue()


def look_up(name):
    """The `Dataset` of that name. Raises `DatasetError`, with the names that come close, if there is none."""
    if name in DATASETS:
        return DATASETS[name]
    close = difflib.get_close_matches(str(name), DATASETS, n=4)
    hint = f"did you mean {' or '.join(close)}?" if close else f"the names are {', '.join(DATASETS)}"
    raise DatasetError(f"expected the name of a data set, found {name!r}: {hint}")
