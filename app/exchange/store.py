"""Everything of one journey, table by table, as plain rows."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, SQLModel

from app.journey.models import Journey, Seat
from app.journey.names import former_name
from app.journey.store import list_parties
from app.people.models import Person


def list_rows(tx: Session, journey: Journey, table: type[Any]) -> list[dict[str, Any]]:
    """The rows of this table that belong to the journey, oldest first. Seats come with their person's columns, as
    'person.name'; of who was removed with function and party for a name, and no address."""
    columns = table.__table__.c
    query = columns.journey_id.table.select().where(
        columns.tenant_id == journey.tenant_id, columns.journey_id == journey.id
    )
    rows = [dict(row) for row in tx.connection().execute(query.order_by(columns.id)).mappings()]
    if table is Seat:
        persons, parties = _persons(tx, journey), {p.id: p.name for p in list_parties(tx, journey)}
        for row in rows:
            row |= {f"person.{name}": value for name, value in persons[row["person_id"]].items()}
            if row["removed_at"] is not None:
                name = former_name(row["role"], row["function"], parties.get(row["party_id"], ""))
                row |= {"person.name": name[:120], "person.email": ""}
    return rows


def _persons(tx: Session, journey: Journey) -> dict[str, dict[str, Any]]:
    person, seat = _table(Person), _table(Seat)
    query = person.select().join(seat, (seat.c.tenant_id == person.c.tenant_id) & (seat.c.person_id == person.c.id))
    query = query.where(seat.c.tenant_id == journey.tenant_id, seat.c.journey_id == journey.id)
    return {row["id"]: dict(row) for row in tx.connection().execute(query).mappings()}


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]


def add_rows(tx: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Writes rows as they are, in one go."""
    if rows:
        tx.connection().execute(_table(table).insert(), rows)
