"""Everything that stands in a database, as one text: to see that nothing changed, or that a secret is nowhere."""

from sqlalchemy import text
from sqlmodel import SQLModel

from app.core.database import Database

VISITS = {("seat", "last_seen_on")}  # that somebody looked, which is written once a day


def dump(database: Database, *, log: bool = False) -> str:
    """`log`: the log of access too, which is also written when somebody only looks or is refused."""
    lines = []
    with database.read() as tx:
        for table in sorted(set(SQLModel.metadata.tables) - (set() if log else {"audit_entry"})):
            names = [c.name for c in SQLModel.metadata.tables[table].c if (table, c.name) not in VISITS]
            columns = ", ".join(f'"{name}"' for name in names)
            rows = tx.connection().execute(text(f'SELECT {columns} FROM "{table}" ORDER BY 1, 2')).all()  # noqa: S608
            lines += [f"{table}: {tuple(row)!r}" for row in rows]
    return "\n".join(lines)
