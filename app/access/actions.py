"""The verbs of access: see what a personal link opens, enter by it, leave."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import NotFound
from app.core.turn import Actor
from app.journey import store as journeys
from app.journey.models import Journey, Seat, SeatLink
from app.journey.rules import may_view
from app.people import store as people
from app.people.models import Person, PersonLink

UNKNOWN = (
    "Deze link werkt niet (meer). Vraag de procesbegeleider om een nieuwe persoonlijke link. "
    "Wat u eerder invulde, is bewaard."
)


@dataclass(frozen=True)
class Opened:
    """What a personal link that still works gives access to. Without a journey it lets somebody start one."""

    link: SeatLink | PersonLink
    person: Person
    seat: Seat | None = None
    journey: Journey | None = None


def owner(tx: Session, secret: str) -> Actor | None:
    """Whose link this is, whatever its state: for the log, when it opens nothing any more."""
    if found := journeys.find_link(tx, secret):
        return Actor(found[2].tenant_id, found[2].id)
    other = people.find_person_link(tx, secret)
    return Actor(other[1].tenant_id, other[1].id) if other else None


def open_link(tx: Session, secret: str) -> Opened:
    """Changes nothing. Raises one and the same NotFound for unknown, revoked, expired, stopped and removed."""
    opened = None
    if found := journeys.find_link(tx, secret):
        link, seat, person, journey = found
        opened = Opened(link, person, seat, journey) if may_view(seat) else None
    elif other := people.find_person_link(tx, secret):
        opened = Opened(other[0], other[1])
    if opened is None or opened.link.revoked_at is not None or opened.link.expires_at <= now():
        raise NotFound(UNKNOWN)
    return opened


def use_link(tx: Session, secret: str) -> Opened:
    """What a personal link lets in; says in the link that it was used. Raises NotFound."""
    opened = open_link(tx, secret)
    opened.link.used_at = now()
    tx.add(opened.link)
    return opened
