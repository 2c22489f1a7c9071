"""Where the hits of finished files are kept: a folder of Parquet files, a database."""

import hashlib
import json
import os
from pathlib import Path

from setilearn.distributed.outcome import key_of_file
from setilearn.errors import DistributedError
from setilearn.search.resume import search_key
from setilearn.store.scans import checked
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
        about = json.dumps({"data": outcome.data, "scan": outcome.scan, "lost": outcome.hits.attrs["lost"]})
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
            data, scan, lost = about["data"], about["scan"] | {"path": path}, str(about["lost"])
            hits = checked(rows.to_pandas(), HITS, "hits")
            checked(table(OBSERVATIONS, [scan]), OBSERVATIONS, "scan")
        # Not there; or damaged, in whatever way.
        except (OSError, pa.ArrowException, LookupError, TypeError, ValueError, RecursionError):
            return None
        hits = hits.assign(path=path)
        hits.attrs = {"lost": lost}
        return (hits, scan) if data == key_of_file(path) else None


def _folder_of_hits(folder, arguments):
    """Make the folder, or see that it is one of the same search."""
    record, this = folder / SEARCH_FILE, search_key(arguments)
    if folder.is_dir() and not record.exists() and any(not p.name.startswith(".") for p in folder.iterdir()):
        raise DistributedError(f"{folder}: expected an empty folder or one of search_files, found another")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = (json.loads(record.read_text(encoding="utf-8")) or {}) if record.exists() else None
    except (OSError, ValueError) as error:
        raise DistributedError(f"{folder}: expected a folder for hits, found: {error}") from error
    if found is None:
        with whole_file(record) as part:
            part.write_text(json.dumps(this), encoding="utf-8")
    elif found != this:
        raise DistributedError(
            f"{folder}: expected hits of this search, found those of another ({_other(found, this)}): "
            "name another folder, or delete this one"
        )
    return folder


def _other(found, this):
    """In what the search that a folder belongs to differs from this one."""
    is_key = isinstance(found, dict) and isinstance(found.get("search"), dict)
    before = found["search"] | {"setilearn": found.get("setilearn")} if is_key else {}
    now = this["search"] | {"setilearn": this["setilearn"]}
    return ", ".join(f"{name} {before.get(name)}" for name in now if before.get(name) != now[name])
