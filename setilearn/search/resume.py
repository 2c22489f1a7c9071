"""Which search finished work belongs to, and the record of the blocks that a search has finished."""

import hashlib
import json
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from setilearn.errors import SearchError
from setilearn.spectrogram import Spectrogram
from setilearn.whole_file import file_state, whole_file

HIT_KEYS = {"frequency_mhz", "drift_hz_s", "snr", "width_hz", "channel"}
# Of a file so many pieces are looked at, from the first byte to the last. Noise differs in every sample: what
# two recordings share in all of these places is their whole content.
_N_PIECES, _PIECE_BYTES = 64, 4096


def search_key(arguments):
    """Which search it is, for JSON: the version of setilearn and all that hits depend on besides the data."""
    from setilearn import __version__  # when it is asked for: a name of the package itself

    return json.loads(json.dumps({"search": arguments, "setilearn": __version__}))


def data_key(source):
    """Which data are searched, for JSON: state and content of a file, content of a spectrogram.

    A file is looked at in 64 places only. Raises `OSError` where it cannot be read.
    """
    content = hashlib.blake2b(digest_size=16)
    if isinstance(source, Spectrogram):
        content.update(np.ascontiguousarray(source.power))
        return [repr(source.header), content.hexdigest()]
    state = file_state(source)
    with Path(source).open("rb") as file:
        for start in np.linspace(0, max(state[0] - _PIECE_BYTES, 0), _N_PIECES, dtype=np.int64):
            file.seek(int(start))
            content.update(file.read(_PIECE_BYTES))
    return [*state, content.hexdigest()]


class Block(NamedTuple):
    """What was found in a block, plain values: JSON holds it, and Spark sends it."""

    hits: list  # dicts
    lost: list  # as `setilearn.search.lost.count_lost` gives it
    crowded: list  # first channels of places with more candidates than were looked at
    dead: list  # [first, last] of channels without a measurement in half of the integrations or more


class Record:
    """The hits of finished blocks in a file of JSON lines, one write a block.

    The first line tells which search it is (`search_key`) of which data (`data_key`). A record of another
    search is begun anew. From a line on that is cut off or damaged, nothing counts as written.

    Parameters
    ----------
    resume : path, True or False
        True stands for the path of the source with ``.hits.jsonl`` added; False keeps nothing.
    source : path or Spectrogram
        What is searched.
    arguments : list
        Plain values: what the hits of a block depend on besides the data.

    Raises
    ------
    SearchError
        Where the file holds something else than a record: it is left as it is. True for a spectrogram.
    """

    def __init__(self, resume, source, arguments):
        self.path, self.blocks = _beside(source, resume), {}
        if self.path is None:
            return
        first = search_key(arguments) | {"data": data_key(source)}
        found, self.blocks = _read(self.path)
        if found != first:
            self.blocks = {}
        lines = [first, *({"block": start} | block._asdict() for start, block in self.blocks.items())]
        # Written anew, so that nothing is ever added to a line that was cut off.
        with whole_file(self.path) as part:
            part.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    def found(self, start):
        """`Block` that begins at channel ``start``, None of one that is still to be searched."""
        return self.blocks.get(start)

    def keep(self, start, block):
        """Note a block as finished."""
        if self.path is None:
            return
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"block": start} | block._asdict()) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _beside(source, resume):
    if resume is not True:
        return Path(resume) if resume else None
    if isinstance(source, Spectrogram):
        raise SearchError(
            "resume: expected a path to keep the hits in, as a spectrogram has none; found True"
        )
    return Path(f"{source}.hits.jsonl")


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
        start = line.pop("block")
        blocks[start] = Block(**line)
    return first, blocks


def _decoded(line):
    try:
        return json.loads(line)
    except (ValueError, RecursionError):  # the second where brackets are nested without end
        return None


def _is_block(line):
    return (
        isinstance(line, dict)
        and line.keys() == {"block", *Block._fields}
        and isinstance(line["block"], int)
        and all(isinstance(line[name], list) for name in Block._fields)
        and all(isinstance(n, int) for n in [*line["lost"], *line["crowded"]])
        and len(line["lost"]) in (0, 5)
        and all(isinstance(run, list) and [type(n) for n in run] == [int, int] for run in line["dead"])
        and all(
            isinstance(hit, dict)
            and hit.keys() == HIT_KEYS
            and all(isinstance(value, int | float) for value in hit.values())
            for hit in line["hits"]
        )
    )
