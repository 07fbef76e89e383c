"""Queries of a journey. Every function takes the tenant first: there is no query without it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, literal, null, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, func, select

from app.core.clock import aware
from app.core.errors import NotFound
from app.core.ids import fingerprint
from app.core.prepared import Prepared
from app.journey.models import (
    Event,
    Journey,
    Municipality,
    PackCopy,
    Party,
    Seat,
    SeatLink,
    StepState,
)
from app.people.models import Person, SignIn
from app.people.store import LOCAL_TENANT

# Whoever gets in, by whatever way of signing in: not who was removed, nor whose access was taken back.
GETS_IN = (col(Seat.removed_at).is_(None), col(Seat.stopped_at).is_(None))


def find_seat_and_journey(tx: Session, person: Person, journey_id: str) -> tuple[Seat, Journey] | None:
    """The seat of this person in this journey; None when there is no such journey or they do not get in."""
    return tx.exec(
        select(Seat, Journey)
        .join(Journey, (col(Journey.tenant_id) == Seat.tenant_id) & (col(Journey.id) == Seat.journey_id))
        .where(
            Seat.tenant_id == person.tenant_id,
            Seat.journey_id == journey_id,
            Seat.person_id == person.id,
            *GETS_IN,
        )
    ).first()


class Place(NamedTuple):
    """That somebody has a seat in a journey, how often that journey changed, and when the session was last seen."""

    tenant_id: str
    seat_id: str
    changes: int
    seen_at: datetime | None = None


def _place() -> Select:
    return (
        select(Seat.tenant_id, Seat.id, Journey.changes)
        .select_from(Person)
        .join(Seat, (col(Seat.tenant_id) == Person.tenant_id) & (col(Seat.person_id) == Person.id))
        .join(Journey, (col(Journey.tenant_id) == Seat.tenant_id) & (col(Journey.id) == Seat.journey_id))
        .where(Seat.journey_id == bindparam("journey"), *GETS_IN)
    )


def _place_signed_in(which: ColumnElement | None = None) -> Select:
    return (
        _place()
        .add_columns(SignIn.last_seen_at)
        .join(SignIn, (col(SignIn.tenant_id) == Person.tenant_id) & (col(SignIn.person_id) == Person.id))
        .where(
            col(SignIn.token_hash) == bindparam("token") if which is None else which,
            col(SignIn.ended_at).is_(None),
            col(SignIn.expires_at) > bindparam("now"),
        )
    )


def _place_local() -> Select:
    return _place().where(Person.tenant_id == LOCAL_TENANT, col(Person.local))


def _right() -> tuple[ColumnElement, ...]:
    """What decides whether somebody may still write in a part of a step."""
    closed = exists().where(
        StepState.tenant_id == Seat.tenant_id,
        StepState.journey_id == Seat.journey_id,
        StepState.step == bindparam("step"),
        StepState.state == "gesloten",
        col(StepState.part).in_((literal(""), bindparam("part"))),
    )
    return (
        col(Seat.role).label("role"),
        col(Journey.archived_at).label("archived_at"),
        closed.correlate(Seat).label("closed"),
    )


_SIGNED_IN, _LOCAL = Prepared(_place_signed_in), Prepared(_place_local)
_UNTIL = col(SignIn.expires_at).label("until")
_RIGHT_SIGNED_IN = Prepared(lambda: _place_signed_in().add_columns(*_right(), _UNTIL))
_RIGHT_LOCAL = Prepared(lambda: _place_local().add_columns(*_right(), null().label("until")))


@cache
def _rights() -> Select:
    theirs = col(SignIn.token_hash).in_(bindparam("tokens", expanding=True))
    return _place_signed_in(theirs).add_columns(*_right(), _UNTIL, col(SignIn.token_hash))


def find_place(tx: Session, journey_id: str, token: str, moment: datetime) -> Place | None:
    """The seat in this journey of whoever this secret signs in ('' = the person of this computer), in one light query.
    None when there is none, whatever the reason."""
    asked = {"journey": journey_id} | ({"token": fingerprint(token), "now": moment} if token else {})
    found = (_SIGNED_IN if token else _LOCAL).all(tx, asked)
    return Place(*found[0]) if found else None


class Right(NamedTuple):
    """What decides whether somebody may write in a part of a step."""

    seat_id: str
    role: str
    archived_at: datetime | None
    closed: bool
    until: datetime | None = None  # when the session ends by itself; None = never


def find_right(tx: Session, journey_id: str, token: str, moment: datetime, step: str, part: str) -> Right | None:
    """As `find_place`, for who writes again and again: also in one light query."""
    asked = {"journey": journey_id, "step": step, "part": part}
    asked |= {"token": fingerprint(token), "now": moment} if token else {}
    found = (_RIGHT_SIGNED_IN if token else _RIGHT_LOCAL).all(tx, asked)
    return _right_of(found[0]) if found else None


def find_rights(
    tx: Session, journey_id: str, tokens: Iterable[str], moment: datetime, step: str, part: str
) -> dict[str, Right]:
    """The same of several people at once, by their secret. Who is not in it has no right."""
    ours = {fingerprint(token): token for token in tokens}
    if not ours:
        return {}
    asked = {"journey": journey_id, "step": step, "part": part, "tokens": list(ours), "now": moment}
    return {ours[row.token_hash]: _right_of(row) for row in tx.connection().execute(_rights(), asked)}


def _right_of(row: Any) -> Right:
    return Right(row.id, row.role, row.archived_at, bool(row.closed), row.until and aware(row.until))


def get_place(tx: Session, place: Place) -> tuple[Person, Seat, Journey, list[StepState]]:
    """Who sits there, in which journey, and what was said of its steps: in one query."""
    rows = tx.exec(
        select(Person, Seat, Journey, StepState)
        .join(Seat, (col(Seat.tenant_id) == Person.tenant_id) & (col(Seat.person_id) == Person.id))
        .join(Journey, (col(Journey.tenant_id) == Seat.tenant_id) & (col(Journey.id) == Seat.journey_id))
        .join(
            StepState,
            (col(StepState.tenant_id) == Journey.tenant_id) & (col(StepState.journey_id) == Journey.id),
            isouter=True,
        )
        .where(Seat.tenant_id == place.tenant_id, Seat.id == place.seat_id)
        .order_by(col(StepState.id))
    ).all()
    return *rows[0][:3], [row[3] for row in rows if row[3] is not None]


def get_journey(tx: Session, tenant_id: str, journey_id: str) -> Journey:
    """Raises NotFound."""
    if found := tx.get(Journey, (tenant_id, journey_id)):
        return found
    raise NotFound


def find_journey_anywhere(tx: Session, journey_id: str) -> Journey | None:
    """For the command line only, which is the installation itself."""
    return tx.exec(select(Journey).where(Journey.id == journey_id)).first()


def list_journeys_anywhere(tx: Session) -> list[Journey]:
    """For the command line only; oldest first."""
    return list(tx.exec(select(Journey).order_by(Journey.id)))


def list_journeys_of(tx: Session, person: Person) -> list[tuple[Journey, Seat]]:
    """The journeys that somebody gets in, newest first."""
    return list(
        tx.exec(
            select(Journey, Seat)
            .join(Seat, (col(Journey.tenant_id) == Seat.tenant_id) & (col(Journey.id) == Seat.journey_id))
            .where(Seat.tenant_id == person.tenant_id, Seat.person_id == person.id, *GETS_IN)
            .order_by(col(Journey.id).desc())
        )
    )


def list_seat_ids(tx: Session, person: Person) -> list[str]:
    """Every seat this person ever had."""
    mine = select(Seat.id).where(Seat.tenant_id == person.tenant_id, Seat.person_id == person.id)
    return list(tx.exec(mine.order_by(Seat.id)))


def find_example(tx: Session, tenant_id: str, slug: str) -> Journey | None:
    return tx.exec(select(Journey).where(Journey.tenant_id == tenant_id, Journey.example == slug)).first()


def find_pack_copy(tx: Session, tenant_id: str, pack_hash: str) -> PackCopy | None:
    return tx.get(PackCopy, (tenant_id, pack_hash))


def list_parties(tx: Session, journey: Journey) -> list[Party]:
    return list(
        tx.exec(
            select(Party)
            .where(Party.tenant_id == journey.tenant_id, Party.journey_id == journey.id)
            .order_by(Party.position, Party.id)
        )
    )


def list_municipalities(tx: Session, journey: Journey) -> list[Municipality]:
    return list(
        tx.exec(
            select(Municipality)
            .where(Municipality.tenant_id == journey.tenant_id, Municipality.journey_id == journey.id)
            .order_by(Municipality.position, Municipality.id)
        )
    )


def list_municipalities_of(tx: Session, journeys: Sequence[Journey]) -> list[Municipality]:
    """The gemeenten of several journeys of one tenant, in one query."""
    return list(
        tx.exec(
            select(Municipality)
            .where(
                col(Municipality.tenant_id).in_({j.tenant_id for j in journeys}),
                col(Municipality.journey_id).in_([j.id for j in journeys]),
            )
            .order_by(Municipality.position, Municipality.id)
        )
    )


def list_seats(tx: Session, journey: Journey) -> list[tuple[Seat, Person]]:
    """Seats with their persons, removed ones included (their work keeps a name), in order of joining."""
    return list(
        tx.exec(
            select(Seat, Person)
            .join(Person, (col(Person.tenant_id) == Seat.tenant_id) & (col(Person.id) == Seat.person_id))
            .where(Seat.tenant_id == journey.tenant_id, Seat.journey_id == journey.id)
            .order_by(Seat.id)
        )
    )


def find_seat(tx: Session, journey: Journey, seat_id: str) -> Seat | None:
    seat = tx.get(Seat, (journey.tenant_id, seat_id))
    return seat if seat and seat.journey_id == journey.id and seat.removed_at is None else None


def note_visit(tx: Session, seat: Seat, day: date) -> None:
    """Writes down that this seat was used today. Concerns nobody else, so it is no change of the journey."""
    tx.connection().execute(
        update(Seat.__table__)  # type: ignore[attr-defined]
        .where(col(Seat.tenant_id) == seat.tenant_id, col(Seat.id) == seat.id)
        .values(last_seen_on=day)
    )
    set_committed_value(seat, "last_seen_on", day)


def list_newest_links(tx: Session, journey: Journey) -> dict[str, SeatLink]:
    """The newest link of every seat that ever had one, whatever its state."""
    links = tx.exec(
        select(SeatLink)
        .where(SeatLink.tenant_id == journey.tenant_id, SeatLink.journey_id == journey.id)
        .order_by(SeatLink.id)
    )
    return {link.seat_id: link for link in links}


def find_newest_link(tx: Session, seat: Seat) -> SeatLink | None:
    """The newest link that this seat ever had, whatever its state."""
    return tx.exec(
        select(SeatLink)
        .where(SeatLink.tenant_id == seat.tenant_id, SeatLink.seat_id == seat.id)
        .order_by(col(SeatLink.id).desc())
        .limit(1)
    ).first()


def list_links(tx: Session, journey: Journey) -> list[SeatLink]:
    """Links that are not revoked, newest first."""
    return list(
        tx.exec(
            select(SeatLink)
            .where(
                SeatLink.tenant_id == journey.tenant_id,
                SeatLink.journey_id == journey.id,
                col(SeatLink.revoked_at).is_(None),
            )
            .order_by(col(SeatLink.id).desc())
        )
    )


def find_link(tx: Session, secret: str) -> tuple[SeatLink, Seat, Person, Journey] | None:
    """What a personal link opens, whatever its state. The caller decides on revoked and expired."""
    return tx.exec(
        select(SeatLink, Seat, Person, Journey)
        .join(Seat, (col(Seat.tenant_id) == SeatLink.tenant_id) & (col(Seat.id) == SeatLink.seat_id))
        .join(Person, (col(Person.tenant_id) == Seat.tenant_id) & (col(Person.id) == Seat.person_id))
        .join(Journey, (col(Journey.tenant_id) == Seat.tenant_id) & (col(Journey.id) == Seat.journey_id))
        .where(SeatLink.token_hash == fingerprint(secret))
    ).first()


def list_step_states(tx: Session, journey: Journey) -> list[StepState]:
    return list(
        tx.exec(
            select(StepState)
            .where(StepState.tenant_id == journey.tenant_id, StepState.journey_id == journey.id)
            .order_by(StepState.id)
        )
    )


def list_events(tx: Session, journey: Journey, after: str = "", limit: int = 500) -> list[Event]:
    """Newest first; only those after the event with id `after`."""
    return list(
        tx.exec(
            select(Event)
            .where(Event.tenant_id == journey.tenant_id, Event.journey_id == journey.id, Event.id > after)
            .order_by(col(Event.id).desc())
            .limit(limit)
        )
    )


def list_events_before(tx: Session, journey: Journey, before: str, limit: int) -> list[Event]:
    """Newest first; only those before the event with id `before`, or the newest when it is ''."""
    query = select(Event).where(Event.tenant_id == journey.tenant_id, Event.journey_id == journey.id)
    if before:
        query = query.where(Event.id < before)
    return list(tx.exec(query.order_by(col(Event.id).desc()).limit(limit)))


def list_events_of(tx: Session, journey: Journey, step: str, part: str) -> list[Event]:
    """Of one part of a step, oldest first."""
    of = (Event.tenant_id == journey.tenant_id, Event.journey_id == journey.id, Event.step == step, Event.part == part)
    return list(tx.exec(select(Event).where(*of).order_by(col(Event.id))))


def find_last_event_id(tx: Session, journey: Journey) -> str:
    found = tx.exec(
        select(func.max(Event.id)).where(Event.tenant_id == journey.tenant_id, Event.journey_id == journey.id)
    ).one()
    return found or ""
