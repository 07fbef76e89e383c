"""Queries of keeping: over all journeys of all gemeenten, for the daily work only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists
from sqlalchemy import func as sql
from sqlmodel import Session, SQLModel, col, func, select

from app.answers.models import Answer
from app.audit.models import AuditEntry
from app.core.clock import aware
from app.journey.models import Event, Journey, PackCopy, Seat
from app.keeping.models import ArchiveRecord
from app.mail.models import Mail
from app.people.models import Person, Tenant

_LOG = ("audit_entry", "purge_line")
_OUTLIVES = (*_LOG, "archive_record")


def list_all(tx: Session) -> list[tuple[str, str]]:
    """(tenant, id) of every journey but the examples, oldest first."""
    query = select(Journey.tenant_id, Journey.id).where(Journey.example == "").order_by(Journey.id)
    return [tuple(row) for row in tx.exec(query)]


def list_tenant_ids(tx: Session) -> list[str]:
    return list(tx.exec(select(Tenant.id).order_by(Tenant.id)))


def changed_at(tx: Session, journey: Journey) -> datetime:
    """When somebody last did something in this journey, concept answers included."""
    events = select(func.max(Event.at)).where(Event.tenant_id == journey.tenant_id, Event.journey_id == journey.id)
    answers = select(func.max(Answer.saved_at)).where(
        Answer.tenant_id == journey.tenant_id, Answer.journey_id == journey.id
    )
    found = [tx.exec(query).one() for query in (events, answers)]
    return max(aware(moment) for moment in (journey.created_at, *found) if moment is not None)


def counts(tx: Session, journey: Journey) -> dict[str, int]:
    """How many rows each table has of this journey."""
    found = {}
    for name, table in sorted(SQLModel.metadata.tables.items()):
        if "journey_id" in table.c and name not in ("purge_line", "archive_record"):
            here = (table.c.tenant_id == journey.tenant_id, table.c.journey_id == journey.id)
            if count := tx.connection().execute(select(sql.count()).select_from(table).where(*here)).scalar_one():
                found[name] = count
    return found


def remove(tx: Session, journey: Journey) -> None:
    """Removes the journey with everything that belongs to it. The database lets the log go only when a line with
    numbers was written first."""
    tenant_id, journey_id, pack = journey.tenant_id, journey.id, journey.pack_hash
    for name, table in SQLModel.metadata.tables.items():
        loose = "journey_id" in table.c and not any(
            key.referred_table.name == "journey" for key in table.foreign_key_constraints
        )
        if loose and name not in ("purge_line", "archive_record"):
            mine = (table.c.tenant_id == tenant_id, table.c.journey_id == journey_id)
            tx.connection().execute(delete(table).where(*mine))
    tx.delete(journey)
    tx.flush()
    used = exists().where(col(Journey.tenant_id) == tenant_id, col(Journey.pack_hash) == pack)
    tx.connection().execute(
        delete(PackCopy.__table__).where(  # type: ignore[attr-defined]
            col(PackCopy.tenant_id) == tenant_id, col(PackCopy.hash) == pack, ~used
        )
    )


def people_of(tx: Session, journey: Journey) -> list[Person]:
    return list(
        tx.exec(
            select(Person)
            .join(Seat, (col(Seat.tenant_id) == Person.tenant_id) & (col(Seat.person_id) == Person.id))
            .where(Seat.tenant_id == journey.tenant_id, Seat.journey_id == journey.id)
        )
    )


def has_seat(tx: Session, person: Person, *, removed_too: bool = False) -> bool:
    query = select(Seat.id).where(Seat.tenant_id == person.tenant_id, Seat.person_id == person.id)
    return tx.exec(query if removed_too else query.where(col(Seat.removed_at).is_(None))).first() is not None


def list_gone(tx: Session, before: datetime) -> list[Person]:
    """Persons with a name whose last seat was taken away before this moment, and who cannot start anything."""
    present = exists().where(
        col(Seat.tenant_id) == Person.tenant_id, col(Seat.person_id) == Person.id, col(Seat.removed_at).is_(None)
    )
    recent = exists().where(
        col(Seat.tenant_id) == Person.tenant_id, col(Seat.person_id) == Person.id, col(Seat.removed_at) >= before
    )
    query = select(Person).where(
        col(Person.local).is_(False),
        col(Person.may_start).is_(False),
        Person.name != "",
        Person.created_at < before,
        ~present,
        ~recent,
    )
    return list(tx.exec(query.order_by(Person.id)))


def erase(tx: Session, person: Person) -> None:
    """Removes name, address and everything by which this person could come in or was written to. The row itself stays
    while a seat, which says only function and party, still refers to it."""
    mine = (person.tenant_id, person.id)
    for name, table in SQLModel.metadata.tables.items():
        if "person_id" in table.c and "tenant_id" in table.c and name not in (*_OUTLIVES, "seat"):
            tx.connection().execute(delete(table).where(table.c.tenant_id == mine[0], table.c.person_id == mine[1]))
    tx.connection().execute(
        delete(Mail.__table__).where(col(Mail.tenant_id) == mine[0], col(Mail.by_person) == mine[1])  # type: ignore[attr-defined]
    )
    if has_seat(tx, person, removed_too=True):
        person.name, person.email, person.may_start = "", "", False
        tx.add(person)
    else:
        tx.delete(person)
    tx.flush()


def count_old_lines(tx: Session, tenant_id: str, before: datetime) -> int:
    """Lines of the log that belong to no journey, from before this moment."""
    return tx.exec(
        select(func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.tenant_id == tenant_id, AuditEntry.journey_id == "", AuditEntry.at < before)
    ).one()


def remove_old_lines(tx: Session, tenant_id: str, before: datetime) -> None:
    tx.connection().execute(
        delete(AuditEntry.__table__).where(  # type: ignore[attr-defined]
            col(AuditEntry.tenant_id) == tenant_id, col(AuditEntry.journey_id) == "", col(AuditEntry.at) < before
        )
    )


_SHORT = tuple(c for c in ArchiveRecord.__table__.c if c.name != "content")  # type: ignore[attr-defined]


def list_records(tx: Session, tenant_id: str, journey_id: str = "") -> Sequence[ArchiveRecord]:
    """Adopted documents without their bytes, newest first; of one journey or of the whole gemeente."""
    query = select(*_SHORT).where(ArchiveRecord.tenant_id == tenant_id).order_by(col(ArchiveRecord.id).desc())
    if journey_id:
        query = query.where(ArchiveRecord.journey_id == journey_id)
    return [ArchiveRecord(content=b"", **row._mapping) for row in tx.connection().execute(query)]


def find_record(tx: Session, tenant_id: str, record_id: str) -> ArchiveRecord | None:
    return tx.get(ArchiveRecord, (tenant_id, record_id))


def list_all_records(tx: Session) -> list[tuple[str, str, object]]:
    """(tenant, id, decided on) of every adopted document."""
    return [tuple(row) for row in tx.exec(select(ArchiveRecord.tenant_id, ArchiveRecord.id, ArchiveRecord.decided_on))]
