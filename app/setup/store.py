"""One query that belongs to no other room: does anything in this journey still speak of a party or a gemeente?"""

from __future__ import annotations

from sqlalchemy import String, exists, literal, or_, select, union_all
from sqlmodel import AutoString, Session, SQLModel

from app.journey.models import Journey, Municipality, Party

# What may disappear together with it, or only remembers that something happened.
_GOES_ALONG = ("answer", "audit_entry", "event", "field_version", "party", "seat", "seat_link")


def list_tables_that_name(tx: Session, journey: Journey, named: Party | Municipality) -> list[str]:
    """Tables of this journey in which a row refers to it: as owner, in a list of parties, or in a joint answer.

    Looks at every text column of every table, so that a room that is added later is never forgotten. Ids are random and
    16 characters long: they do not occur in a text by accident.
    """
    asked = []
    for name, table in sorted(SQLModel.metadata.tables.items()):
        if name in _GOES_ALONG or "journey_id" not in table.c:
            continue
        columns = [
            c
            for c in table.c
            if isinstance(c.type, (String, AutoString)) and c.name not in ("tenant_id", "id", "journey_id")
        ]
        if columns:
            here = (table.c.tenant_id == journey.tenant_id, table.c.journey_id == journey.id)
            asked.append(
                select(literal(name)).where(exists().where(*here, or_(*(c.contains(named.id) for c in columns))))
            )
    return [row[0] for row in tx.connection().execute(union_all(*asked))]
