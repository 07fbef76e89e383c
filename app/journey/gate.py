"""The gate: who you are, which journey, which seat, resolved once before a handler runs.

Use `here: Annotated[Here, Depends(Gate(rules.may_write_joint, step="gesprek"))]`. Not signed in → 401 (a page is sent
to /aanmelden); no such journey or no seat in it → the same 404; a seat without the right → 403; a closed step → 409.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlmodel import Session

from app.core.clock import date_text, now, today
from app.core.database import Busy, Database
from app.core.errors import Closed, NotAllowed, NotFound, NotSignedIn
from app.core.forms import form_seat
from app.core.settings import Settings
from app.core.text import capital
from app.core.turn import Actor, Later, turn_of
from app.journey import rules, store
from app.journey.kept import Kept
from app.journey.models import Journey, Municipality, Party, Seat, StepState
from app.journey.names import former_name
from app.journey.packs import pack_of
from app.journey.steps import get_step
from app.people import sessions
from app.people.models import Person
from app.people.store import find_local_person, find_signed_in

if TYPE_CHECKING:
    from app.content.pack import Pack, PartyKind, Theme

T = TypeVar("T")

# The seat of the page that a script saves from, or that a plain form names (`form_seat`). On a shared computer a window
# of one person may still be open when another signs in: what the first did there is never done as the second.
SEAT_HEADER = "driekolom-plek"
SOMEBODY_ELSE = "In deze browser is intussen iemand anders aangemeld."


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this host and to https; local mode has neither."""
    return "__Host-driekolom" if settings.secure else "driekolom"


def find_who(request: Request, tx: Session) -> Person:
    """The person of this request. In local mode somebody without a cookie is the procesbegeleider of this computer;
    somebody whose session has ended is not. Raises NotSignedIn."""
    settings: Settings = request.app.state.settings
    if token := request.cookies.get(cookie_name(settings)):
        if found := find_signed_in(tx, token, now()):
            note_seen(request, tx, token, found[1])
            turn_of(request).actor = Actor(found[0].tenant_id, found[0].id)
            return found[0]
        raise NotSignedIn("U bent afgemeld. Meld u opnieuw aan.")
    if settings.local and (person := find_local_person(tx)):
        turn_of(request).actor = Actor(person.tenant_id, person.id)
        return person
    raise NotSignedIn


def note_seen(request: Request, tx: Session, token: str, seen_at: datetime) -> None:
    """Lets a session that is used last longer. Written now and then only: a save must not pay for it."""
    if not sessions.is_stale(seen_at):
        return
    idle_hours = request.app.state.settings.session_idle_hours
    if request.scope.get("method", "GET") not in ("GET", "HEAD"):  # a websocket has no method
        sessions.seen(tx, token, idle_hours)
        return
    database: Database = request.app.state.database
    with suppress(Busy), database.write() as own:  # what a look changes is thrown away
        sessions.seen(own, token, idle_hours)


async def who(request: Request) -> Later[Person]:
    """The person of this request. Raises NotSignedIn."""
    turn = turn_of(request)
    return Later(turn, lambda: find_who(turn.request, turn.tx))


Who = Annotated[Person, Depends(who)]


async def visitor(request: Request) -> Later[Person | None]:
    """The person of this request, or None: for pages that anybody may see."""
    turn = turn_of(request)

    def find() -> Person | None:
        try:
            return find_who(turn.request, turn.tx)
        except NotSignedIn:
            return None

    return Later(turn, find)


Visitor = Annotated[Person | None, Depends(visitor)]


@dataclass
class Here:
    """What the gate hands to a handler: everything about this person in this journey."""

    tx: Session
    settings: Settings
    person: Person
    seat: Seat
    journey: Journey
    pack: Pack
    parties: tuple[Party, ...]
    states: tuple[StepState, ...]
    personal: bool = False  # signed in by a personal link (and not as the local procesbegeleider)
    path: str = ""
    reads: bool = False  # a request that only reads
    notice: str = ""
    extra: dict[str, object] = field(default_factory=dict)
    keep: dict[Hashable, Any] | None = None  # what is kept of this journey; None in a request that may change it

    @property
    def tenant_id(self) -> str:
        return self.journey.tenant_id

    @property
    def url(self) -> str:
        return f"/trajecten/{self.journey.id}"

    @cached_property
    def party(self) -> Party | None:
        """The own party of this seat."""
        return next((p for p in self.parties if p.id == self.seat.party_id), None)

    @cached_property
    def municipalities(self) -> tuple[Municipality, ...]:
        return tuple(store.list_municipalities(self.tx, self.journey))

    @cached_property
    def seats(self) -> dict[str, tuple[Seat, Person]]:
        """All seats by id, removed ones included. Who was removed has no name or address here any more: then no page,
        file or message of this journey can show one."""

        def read() -> dict[str, tuple[Seat, Person]]:
            return {
                seat.id: (seat, self._shown(seat, person)) for seat, person in store.list_seats(self.tx, self.journey)
            }

        def rows(found: dict[str, tuple[Seat, Person]]) -> Iterable[object]:
            return (row for both in found.values() for row in both if row in self.tx)

        return self.kept("seats", read, rows)

    def _shown(self, seat: Seat, person: Person) -> Person:
        if seat.removed_at is None:
            return person
        name = former_name(seat.role, seat.function, self.party_name(seat.party_id))
        return Person(tenant_id=person.tenant_id, id=person.id, name=name)

    def kept(self, name: str, read: Callable[[], T], rows: Callable[[T], Iterable[object]] = lambda found: ()) -> T:
        """What `read` gives, kept by this process for as long as nothing in this journey changes.

        `rows` are the objects in it: they leave the session, because others will use them too.
        """
        if self.keep is None:
            return read()
        if name not in self.keep:
            found = read()
            for row in rows(found):
                self.tx.expunge(row)
            self.keep[name] = found
        return self.keep[name]

    def seat_name(self, seat_id: str) -> str:
        """The name behind a seat, or function and party once the person was removed."""
        found = self.seats.get(seat_id)
        return found[1].name if found else "iemand"

    def get_party(self, party_id: str) -> Party:
        """Raises NotFound for a party that is not in this journey."""
        for party in self.parties:
            if party.id == party_id:
                return party
        raise NotFound

    def party_name(self, party_id: str | None, default: str = "") -> str:
        return next((p.name for p in self.parties if p.id == party_id), default)

    def kind_of(self, party: Party) -> PartyKind:
        return self.pack.party_kind(party.kind)

    def get_theme(self, slug: str) -> Theme:
        """Raises NotFound."""
        try:
            return self.pack.theme(slug)
        except KeyError:
            raise NotFound from None

    def closed(self, step: str, part: str = "") -> StepState | None:
        """The closing of this step, or of this part of it."""
        if (archived := self.archived) is not None:
            return archived
        return next((s for s in self.states if s.step == step and s.state == "gesloten" and s.part in ("", part)), None)

    @cached_property
    def archived(self) -> StepState | None:
        """An archived journey is closed as a whole."""
        at, by = self.journey.archived_at, self.journey.archived_by
        if at is None:
            return None
        return StepState(
            tenant_id=self.tenant_id, journey_id=self.journey.id, step="", state="gesloten", at=at, by_seat=by
        )

    def closed_text(self, step: str, part: str = "") -> str:
        """One sentence when the step is closed, else ''."""
        if self.journey.archived_at is not None:
            return self.archived_text
        state = self.closed(step, part)
        if state is None:
            return ""
        what = f"de stap ‘{get_step(step).label}’" if not state.part else "dit onderdeel"
        who = self.seat_name(state.by_seat)
        return f"{capital(who)} heeft {what} gesloten op {date_text(state.at)}. U kunt hier nu alleen lezen."

    @property
    def archived_text(self) -> str:
        """One sentence when this journey is archived, else ''."""
        at = self.journey.archived_at
        return f"Dit traject is gearchiveerd op {date_text(at)}. U kunt het nu alleen lezen." if at else ""

    def require_not_archived(self) -> None:
        """Raises Closed when nothing in this journey may change."""
        if text := self.archived_text:
            raise Closed(f"{text} Uw tekst staat nog in dit venster.")

    def require_open(self, step: str, part: str = "") -> None:
        """Raises Closed when the procesbegeleider has closed this step or this part of it."""
        if text := self.closed_text(step, part):
            raise Closed(f"{text} Uw tekst staat nog in dit venster.")

    def require(self, allowed: bool, message: str = "") -> None:
        """Raises NotAllowed unless `allowed`."""
        if not allowed:
            raise NotAllowed(message) if message else NotAllowed()

    @property
    def may_set_up(self) -> bool:
        return rules.may_set_up(self.seat)

    @property
    def may_write_joint(self) -> bool:
        return rules.may_write_joint(self.seat)


_before: dict[str, Callable[[Session, Journey], None]] = {}


def before_write(step: str, act: Callable[[Session, Journey], None]) -> None:
    """Lets a room above do something before anything is written in a step: it sees how that stood."""
    _before[step] = act


def about_to_write(tx: Session, journey: Journey, step: str) -> None:
    """Says that something is going to be written in this step."""
    if step in _before:
        _before[step](tx, journey)


def _note_visit(request: Request, tx: Session, seat: Seat, reads: bool) -> None:
    """The first visit of a day is written down; that is all that is kept of it."""
    if not reads:
        store.note_visit(tx, seat, today())
        return
    database: Database = request.app.state.database
    with suppress(Busy), database.write() as own:  # what a look changes is thrown away
        store.note_visit(own, seat, today())


Found = tuple[Person, Seat, Journey, tuple[Party, ...], tuple[StepState, ...], dict[Hashable, Any] | None]


class Gate:
    """A gate with a right and, for writing, the step that must be open.

    A page, and with `lean` a save, gets journey, seat, parties and states as this process keeps them, when nothing has
    changed since they were read: one query instead of four. They are shared by all threads, so whoever changes them
    needs a gate that is not lean.
    """

    def __init__(
        self,
        right: Callable[[Seat], bool] = rules.may_view,
        *,
        step: str = "",
        lean: bool = False,
        archived: bool = False,
    ):
        """`archived`: also lets somebody write in an archived journey."""
        self.right = right
        self.archived = archived
        self.step = step
        self.lean = lean

    async def __call__(self, request: Request) -> Later[Here]:
        turn, sent_by = turn_of(request), await form_seat(request)
        return Later(turn, lambda: self.open(request, turn.tx, request.path_params["journey_id"], sent_by))

    def open(self, request: Request, tx: Session, journey_id: str, sent_by: str = "") -> Here:
        """Everything about this person in this journey; `sent_by` is the seat that the form says it is of.
        Raises NotSignedIn, NotFound, NotAllowed and Closed."""
        reads = request.method in ("GET", "HEAD")
        find = self._kept if reads or self.lean else self._fresh
        person, seat, journey, parties, states, keep = find(request, tx, journey_id)
        turn_of(request).actor = Actor(seat.tenant_id, person.id, seat.id, seat.party_id or "")
        if request.headers.get(SEAT_HEADER, seat.id) not in ("", seat.id):
            raise NotSignedIn(SOMEBODY_ELSE)
        if sent_by not in ("", seat.id):
            raise NotAllowed(f"{SOMEBODY_ELSE} Er is niets gewijzigd. Ga terug om over te nemen wat u typte.")
        here = Here(
            tx=tx,
            settings=request.app.state.settings,
            person=person,
            seat=seat,
            journey=journey,
            pack=pack_of(tx, journey),
            parties=parties,
            states=states,
            personal=not person.local,
            path=request.url.path,
            reads=reads,
            notice=request.query_params.get("klaar", "")[:40],
            keep=keep,
        )
        if not self.right(seat):
            raise NotAllowed
        if not reads and not self.archived:
            here.require_not_archived()
        if self.step and not reads:
            here.require_open(self.step)
            about_to_write(tx, journey, self.step)
        if seat.last_seen_on != today():
            _note_visit(request, tx, seat, reads)
        return here

    def _kept(self, request: Request, tx: Session, journey_id: str) -> Found:
        settings: Settings = request.app.state.settings
        token = request.cookies.get(cookie_name(settings), "")
        place = store.find_place(tx, journey_id, token, now()) if token or settings.local else None
        if place is None:
            return self._fresh(request, tx, journey_id)
        if place.seen_at is not None:
            note_seen(request, tx, token, place.seen_at)
        kept: Kept = request.app.state.kept
        keep = kept.of(journey_id, place.changes)
        known = keep.get(place.seat_id)
        if known is None:
            person, seat, journey, states = store.get_place(tx, place)
            parties = store.list_parties(tx, journey)
            for row in (person, seat, journey, *states, *parties):
                tx.expunge(row)
            whole = journey.changes == place.changes  # PostgreSQL may have let a change in between
            known = (person, seat, journey, tuple(parties), tuple(states), keep if whole else None)
            if whole:
                keep[place.seat_id] = known
        return known

    @staticmethod
    def _fresh(request: Request, tx: Session, journey_id: str) -> Found:
        person = find_who(request, tx)
        found = store.find_seat_and_journey(tx, person, journey_id)
        if found is None:
            raise NotFound
        parties, states = tuple(store.list_parties(tx, found[1])), tuple(store.list_step_states(tx, found[1]))
        return person, *found, parties, states, None


View = Annotated[Here, Depends(Gate())]
Facilitate = Annotated[Here, Depends(Gate(rules.may_set_up))]
