"""What this process keeps of a journey, for as long as nothing in it has changed.

Every change that others can see adds one to `journey.changes`, in the same transaction. Everything kept carries that
number, and the number comes with the seat in the first query of every request: a change is seen at once, also when
another process made it. A concept answer changes nothing for others; pages that show one are not kept.

The same places announce the change to whoever is looking (`app.core.live`): where it was, and the new number. A concept
is announced within its party, without a number.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import bindparam, event, func, update
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session, col, select

from app.core.ids import new_id
from app.core.live import ALL, announce
from app.core.prepared import Prepared
from app.journey.models import Event, Journey, Seat
from app.people.models import Person

JOURNEYS = 100  # of which something is kept
PAGES = 16_000_000  # bytes of pages that are kept

T = TypeVar("T")


class Kept:
    """Of each journey its last known number of changes, with whatever was read or drawn at that moment.

    What is kept is shared by all threads: nobody may change it.
    """

    def __init__(self) -> None:
        self._journeys: OrderedDict[str, tuple[int, dict[Hashable, Any]]] = OrderedDict()
        self._pages: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def of(self, journey_id: str, changes: int) -> dict[Hashable, Any]:
        """What is kept of this journey at this moment; empty after a change."""
        with self._lock:
            known = self._journeys.get(journey_id)
            if known is None or known[0] != changes:
                known = self._journeys[journey_id] = (changes, {})
            self._journeys.move_to_end(journey_id)
            while len(self._journeys) > JOURNEYS:
                self._journeys.popitem(last=False)
            return known[1]

    def page(self, key: Hashable, draw: Callable[[], bytes]) -> bytes:
        """The page of this key, drawn when it is not kept. The key says everything that the page depends on."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        text = draw()
        with self._lock:
            self._size += len(text) - len(self._pages.pop(key, b""))
            self._pages[key] = text
            while self._size > PAGES:
                self._size -= len(self._pages.popitem(last=False)[1])
        return text


def count_change(tx: Session, tenant_id: str, journey_id: str, *topics: str) -> None:
    """Says that something changed in this journey. Objects of a session say so themselves; an UPDATE in words of its
    own does not. `topics` say where: 'gesprek' or 'gesprek/ontwikkeling'; without any it may be everywhere."""
    tx.info.setdefault("changed", {}).setdefault((tenant_id, journey_id), set()).update(topics)


def count_concept(tx: Session, journey_id: str, party_id: str) -> None:
    """Says that something changed that only this party sees."""
    tx.info.setdefault("within", set()).add((journey_id, party_id))


def topic(step: str, part: str = "") -> str:
    """Where something changed, for who looks at it: a step, or a theme or chapter of it."""
    return "/".join(word for word in (step, part) if word)


@event.listens_for(Session, "before_flush")
def _notice(tx: Session, _context: Any, _instances: Any) -> None:
    for row in (*tx.new, *tx.dirty, *tx.deleted):
        if isinstance(row, Journey):
            count_change(tx, row.tenant_id, row.id)
        elif isinstance(row, Event):
            count_change(tx, row.tenant_id, row.journey_id, topic(row.step, row.part) or ALL)
            if row in tx.new:
                tx.info.setdefault("happened", {}).setdefault((row.tenant_id, row.journey_id), set()).add(row.id)
        elif isinstance(row, Person):
            tx.info.setdefault("renamed", set()).add((row.tenant_id, row.id))
        elif journey_id := getattr(row, "journey_id", None):
            if getattr(row, "concerns_others", True):
                count_change(tx, row.tenant_id, journey_id)  # type: ignore[attr-defined]
            elif party_id := getattr(row, "party_id", None):
                count_concept(tx, journey_id, party_id)


@event.listens_for(Session, "before_commit")
def _count(tx: Session) -> None:
    if tx.in_nested_transaction():  # a part that can be taken back by itself: counted with the whole
        return
    tx.flush()
    for tenant_id, person_id in tx.info.pop("renamed", ()):
        seats = select(Seat.journey_id).where(Seat.tenant_id == tenant_id, Seat.person_id == person_id)
        for journey_id in tx.exec(seats).all():
            count_change(tx, tenant_id, journey_id)
    for (tenant_id, journey_id), topics in sorted(tx.info.pop("changed", {}).items()):
        counted = _COUNT.all(tx, {"tenant": tenant_id, "journey": journey_id})
        if counted:  # the journey may have been removed
            _put_last(tx, tenant_id, journey_id)
            announce(tx, journey_id, *(sorted(topics) or [ALL]), mark=counted[0].changes)
    tx.info.pop("happened", None)
    for journey_id, party_id in sorted(tx.info.pop("within", ())):
        announce(tx, within(journey_id, party_id), ALL)


def _put_last(tx: Session, tenant_id: str, journey_id: str) -> None:
    """What happened in this transaction gets ids after all that anybody can have seen: "until here I have seen it" is
    then true of everything that comes later. On PostgreSQL another transaction can begin later and be there first. From
    here to the commit the row of the journey is ours, so no other comes in between."""
    own = sorted(tx.info.get("happened", {}).get((tenant_id, journey_id), ()))
    if not own or tx.get_bind().dialect.name == "sqlite":  # there one transaction writes at a time
        return
    of = (col(Event.tenant_id) == tenant_id, col(Event.journey_id) == journey_id)
    last = tx.exec(select(func.max(Event.id)).where(*of, col(Event.id).not_in(own))).one() or ""
    if last < own[0]:
        return
    for name in own:
        last = new_id(last)
        moved = update(Event).where(*of, col(Event.id) == name).values(id=last)
        tx.connection().execute(moved)


_COUNT = Prepared(
    update(Journey.__table__)  # type: ignore[attr-defined]
    .where(col(Journey.tenant_id) == bindparam("tenant"), col(Journey.id) == bindparam("journey"))
    .values(changes=col(Journey.changes) + 1)
    .returning(col(Journey.changes))
)


def within(journey_id: str, party_id: str) -> str:
    """The channel of what only one party hears of: its concepts. The channel of a journey is its id."""
    return f"{journey_id}.{party_id}"


@event.listens_for(Session, "after_soft_rollback")
def _forget(tx: Session, taken_back: SessionTransaction) -> None:
    if not taken_back.nested:  # of a part, what came before it still stands: counting too much does no harm
        tx.info.pop("changed", None)
        tx.info.pop("happened", None)
        tx.info.pop("renamed", None)
        tx.info.pop("within", None)
