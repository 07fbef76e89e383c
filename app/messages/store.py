"""Queries of messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from app.journey.models import Event, Journey, Seat
from app.journey.store import GETS_IN
from app.messages.models import Digest
from app.people.models import Person, SignIn, Tenant


def list_parties_of(tx: Session, journey: Journey, kind: str, since: datetime) -> list[str]:
    """The parties that events of this kind were about, since a moment."""
    query = select(Event.party_id).where(
        Event.tenant_id == journey.tenant_id,
        Event.journey_id == journey.id,
        Event.kind == kind,
        Event.at >= since,
    )
    return list(tx.exec(query.distinct()))


def list_readers(tx: Session) -> list[tuple[str, str, str]]:
    """Who may get a daily overview: (tenant, address, person) of everybody with a place, an address, and who came in
    at least once. In all tenants that are open."""
    query = (
        select(Person.tenant_id, Person.email, Person.id)
        .join(Tenant, col(Tenant.id) == Person.tenant_id)
        .where(
            col(Tenant.closed_at).is_(None),
            Person.email != "",
            select(Seat.id).where(Seat.tenant_id == Person.tenant_id, Seat.person_id == Person.id, *GETS_IN).exists(),
            select(SignIn.id).where(SignIn.tenant_id == Person.tenant_id, SignIn.person_id == Person.id).exists(),
        )
        .order_by(Person.tenant_id, Person.id)
    )
    return list(tx.exec(query))


def list_digests(tx: Session, tenant_id: str, persons: Sequence[str], *, lock: bool = False) -> list[Digest]:
    query = select(Digest).where(Digest.tenant_id == tenant_id, col(Digest.person_id).in_(persons))
    query = query.order_by(Digest.person_id)
    return list(tx.exec(query.with_for_update() if lock else query))


def find_digest(tx: Session, off_token: str) -> Digest | None:
    return tx.exec(select(Digest).where(Digest.off_token == off_token)).first()


def list_same_address(tx: Session, person: Person) -> list[Person]:
    """This person, and everybody of this gemeente with the same address (a place in another traject)."""
    if not person.email:
        return [person]
    query = select(Person).where(
        Person.tenant_id == person.tenant_id, func.lower(Person.email) == person.email.casefold()
    )
    return list(tx.exec(query.order_by(Person.id)))


def list_places(tx: Session, tenant_id: str, person_id: str) -> list[tuple[Seat, Journey]]:
    """The places where this person gets in now."""
    query = (
        select(Seat, Journey)
        .join(Journey, (col(Journey.tenant_id) == Seat.tenant_id) & (col(Journey.id) == Seat.journey_id))
        .where(Seat.tenant_id == tenant_id, Seat.person_id == person_id, *GETS_IN)
    )
    return list(tx.exec(query.order_by(Seat.id)))


def last_look(tx: Session, tenant_id: str, person_id: str) -> datetime | None:
    """When this person was last here."""
    query = select(func.max(SignIn.last_seen_at)).where(SignIn.tenant_id == tenant_id, SignIn.person_id == person_id)
    return tx.exec(query).one()


def find_leader(tx: Session, journey: Journey) -> tuple[Seat, Person] | None:
    """The procesbegeleider of this journey; the first, when there are more."""
    query = (
        select(Seat, Person)
        .join(Person, (col(Person.tenant_id) == Seat.tenant_id) & (col(Person.id) == Seat.person_id))
        .where(
            Seat.tenant_id == journey.tenant_id,
            Seat.journey_id == journey.id,
            Seat.role == "procesbegeleider",
            *GETS_IN,
        )
    )
    return tx.exec(query.order_by(Seat.id)).first()
