"""Everything that stands in a database, as one text: to see that nothing changed, or that a secret is nowhere."""

from sqlalchemy import text
from sqlmodel import SQLModel

from app.core.database import Database


def dump(database: Database) -> str:
    lines = []
    with database.read() as tx:
        for table in sorted(SQLModel.metadata.tables):
            rows = tx.connection().execute(text(f'SELECT * FROM "{table}" ORDER BY 1, 2')).all()  # noqa: S608
            lines += [f"{table}: {tuple(row)!r}" for row in rows]
    return "\n".join(lines)
