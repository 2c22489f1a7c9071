"""Where the hits of finished files are kept: a folder of Parquet files, a database."""

import hashlib
import json
import os
from pathlib import Path

from setilearn import __version__
from setilearn.distributed.outcome import file_state
from setilearn.errors import DistributedError
from setilearn.tables import HITS, OBSERVATIONS, table
from setilearn.whole_file import whole_file

ARROW_TYPES = {"str": "string", "int64": "int64", "float64": "float64"}
SEARCH_FILE = "_search.json"  # names with _ or . in front are no data to Spark and pandas


class KeptHits:
    """Hits of finished files in a folder of Parquet files, one for each, and in a database."""

    def __init__(self, parquet, url, arguments):
        self.folder = None if parquet is None else _folder_of_hits(Path(parquet), arguments)
        self.url = url

    def found(self, paths):
        """Path -> hits of the files that were finished before and have not changed since."""
        kept = {path: self._read(path) for path in paths} if self.folder else {}
        kept = {path: pair for path, pair in kept.items() if pair}
        found = {path: hits for path, (hits, _) in kept.items()}
        # Saved again, in case it is another database; and a wrong URL shows before the work and not after.
        self._save(list(found.values()), [scan for _, scan in kept.values()])
        return found

    def keep(self, outcome):
        """Note a file as finished, with its hits."""
        self._save([outcome.hits], [outcome.scan])
        if self.folder:
            self._write(outcome)

    def _save(self, tables, scans):
        if self.url is None:
            return
        import pandas as pd

        from setilearn.store.save import save_hits

        hits = pd.concat([table(HITS), *tables], ignore_index=True)
        save_hits(hits, self.url, observations=table(OBSERVATIONS, scans), progress=False)

    def _part(self, path):
        name = hashlib.sha256(os.fsencode(Path(path).absolute())).hexdigest()[:16]
        return self.folder / f"hits-{name}.parquet"

    def _write(self, outcome):
        import pyarrow as pa
        import pyarrow.parquet

        schema = pa.schema([(column.name, pa.type_for_alias(ARROW_TYPES[column.dtype])) for column in HITS])
        about = json.dumps({"state": outcome.state, "scan": outcome.scan})
        rows = pa.Table.from_pandas(outcome.hits, schema, preserve_index=False)
        rows = rows.replace_schema_metadata(rows.schema.metadata | {"setilearn": about})
        with whole_file(self._part(outcome.path)) as part:
            pyarrow.parquet.write_table(rows, part)

    def _read(self, path):
        """(hits, row of `OBSERVATIONS`) of a file that was finished and has not changed, else None."""
        import pyarrow as pa
        import pyarrow.parquet

        try:
            rows = pyarrow.parquet.read_table(self._part(path))
            about = json.loads(rows.schema.metadata[b"setilearn"])
        except (OSError, pa.ArrowException, KeyError):  # not there, or damaged
            return None
        if about["state"] != file_state(path):
            return None
        hits = table(HITS, dict(rows.to_pandas().items()))
        return hits.assign(path=path), about["scan"] | {"path": path}


def _folder_of_hits(folder, arguments):
    """Make the folder, or see that it is one of the same search."""
    record, this = folder / SEARCH_FILE, {"setilearn": __version__} | arguments
    if folder.is_dir() and not record.exists() and any(not p.name.startswith(".") for p in folder.iterdir()):
        raise DistributedError(f"{folder}: expected an empty folder or one of search_files, found another")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = json.loads(record.read_text(encoding="utf-8")) if record.exists() else None
    except (OSError, ValueError) as error:
        raise DistributedError(f"{folder}: expected a folder for hits, found: {error}") from error
    if found is None:
        with whole_file(record) as part:
            part.write_text(json.dumps(this), encoding="utf-8")
    elif found != this:
        other = ", ".join(f"{name} {found.get(name)}" for name in this if found.get(name) != this[name])
        raise DistributedError(
            f"{folder}: expected hits of this search, found those of another ({other}): "
            "name another folder, or delete this one"
        )
    return folder
