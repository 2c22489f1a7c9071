"""The record of a drift search: the hits of its finished blocks, so that a search that stopped goes on."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np

from setilearn.errors import SearchError
from setilearn.spectrogram import Spectrogram
from setilearn.whole_file import whole_file

HIT_KEYS = {"frequency_mhz", "drift_hz_s", "snr", "width_hz", "channel"}


class Record:
    """The hits of finished blocks in a file of JSON lines, one write a block.

    The first line tells which search it is: the version of setilearn, the arguments, and the data: size and
    time of a file, a hash of the power of a spectrogram. A record of another search is begun anew. From a
    line on that is cut off or damaged, nothing counts as written.

    Parameters
    ----------
    path : path or None
        None keeps nothing.
    source : path or Spectrogram
        What is searched.
    arguments : list
        Plain values: what the hits of a block depend on besides the data.

    Raises
    ------
    SearchError
        Where the file holds something else than a record: it is left as it is.
    """

    def __init__(self, path, source, arguments):
        self.path, self.blocks = path, {}
        if path is None:
            return
        from setilearn import __version__  # when it is asked for: a name of the package itself

        search = {"search": arguments, "setilearn": __version__} | _what_is_searched(source)
        first = json.loads(json.dumps(search))
        found, self.blocks = _read(path)
        if found != first:
            self.blocks = {}
        lines = [first, *({"block": block, "hits": hits} for block, hits in self.blocks.items())]
        # Written anew, so that nothing is ever added to a line that was cut off.
        with whole_file(path) as part:
            part.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    def found(self, block):
        """Hits of a finished block, None of one that is still to be searched."""
        return self.blocks.get(block)

    def keep(self, block, hits):
        """Note a block as finished, with its hits."""
        if self.path is None:
            return
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"block": block, "hits": hits}) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _what_is_searched(source):
    if isinstance(source, Spectrogram):
        power = hashlib.blake2b(np.ascontiguousarray(source.power), digest_size=16).hexdigest()
        return {"source": repr(source.header), "state": power}
    status = Path(source).stat()
    return {"source": str(source), "state": [status.st_size, status.st_mtime_ns]}


def _read(path):
    """Which search a record is of, None where there is no record yet, and the blocks in it."""
    if not path.exists():
        return None, {}
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    if lines == [""]:
        return None, {}
    first = _decoded(lines[0])
    if not (isinstance(first, dict) and "search" in first):
        raise SearchError(
            f"{path}: expected the record of a drift search or no file, found one that begins with "
            f"{lines[0][:40]!r}; it is left as it is"
        )
    blocks = {}
    for line in map(_decoded, lines[1:-1]):
        if not _is_block(line):
            break
        blocks[line["block"]] = line["hits"]
    return first, blocks


def _decoded(line):
    try:
        return json.loads(line)
    except (ValueError, RecursionError):  # the second where brackets are nested without end
        return None


def _is_block(line):
    return (
        isinstance(line, dict)
        and isinstance(line.get("block"), int)
        and isinstance(line.get("hits"), list)
        and all(
            isinstance(hit, dict)
            and hit.keys() == HIT_KEYS
            and all(isinstance(value, int | float) for value in hit.values())
            for hit in line["hits"]
        )
    )
