"""What people say of hits, kept beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from setilearn.errors import HitsError
from setilearn.store.connection import fetch_columns, in_use, open_database, reading, write
from setilearn.store.scans import check_text
from setilearn.store.schema import hits_table, reviews_table

if TYPE_CHECKING:
    import pandas as pd


def save_review(url: str, hit_id: int, review: str, note: str = "") -> None:
    """Keep what a person says of a hit, in place of what was said before; nothing at all removes it.

    ``review`` is a word or two, such as ``"interference"`` (in the database the column is called verdict).

    Raises `DatabaseError` where there is no such hit, or a text is too long (64 and 4000 characters).
    """
    engine = open_database(url)
    with in_use(engine):
        check_text(review, "review, verdict")
        check_text(note, "review, note")
        write(engine, _store_review, int(hit_id), review, note)


def _store_review(connection, hit_id, verdict, note):
    if connection.scalar(sa.select(hits_table.c.hit_id).where(hits_table.c.hit_id == hit_id)) is None:
        raise HitsError(f"expected the hit_id of a stored hit, found {hit_id}")
    connection.execute(reviews_table.delete().where(reviews_table.c.hit_id == hit_id))
    if verdict or note:
        connection.execute(reviews_table.insert().values(hit_id=hit_id, verdict=verdict, note=note))


def load_reviews(url: str) -> pd.DataFrame:
    """What people said of hits: DataFrame with hit_id, review, note, by hit_id. Raises `DatabaseError`."""
    import pandas as pd

    with reading(url) as connection:
        columns = {
            "hit_id": reviews_table.c.hit_id,
            "review": reviews_table.c.verdict,
            "note": reviews_table.c.note,
        }
        found = fetch_columns(connection, columns, order_by=reviews_table.c.hit_id)
    return pd.DataFrame(found).astype({"review": "str", "note": "str"})
