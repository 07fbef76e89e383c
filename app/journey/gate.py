"""The gate: who you are, which journey, which seat, resolved once before a handler runs.

Use `here: Annotated[Here, Depends(Gate(rules.may_write_joint, step="gesprek"))]`. Not signed in → 401 (a page is sent
to /aanmelden); no such journey or no seat in it → the same 404; a seat without the right → 403; a closed step → 409.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.content.pack import Pack, PartyKind, Theme
from app.core.clock import date_text, now
from app.core.database import Tx
from app.core.errors import Closed, NotAllowed, NotFound, NotSignedIn
from app.core.settings import Settings
from app.journey import rules, store
from app.journey.models import Journey, Municipality, Party, Seat, StepState
from app.journey.packs import pack_of
from app.journey.steps import get_step
from app.people.models import Person
from app.people.store import find_local_person, find_signed_in

# The seat of the page that a script saves from. On a shared computer a window of one person may still be open when
# another signs in: what the first typed is never saved as the answer of the second.
SEAT_HEADER = "driekolom-plek"


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this host and to https; local mode has neither."""
    return "__Host-driekolom" if settings.secure else "driekolom"


def who(request: Request, tx: Tx) -> Person:
    """The person of this request. In local mode somebody without a cookie is the procesbegeleider of this computer;
    somebody whose session has ended is not. Raises NotSignedIn."""
    settings: Settings = request.app.state.settings
    if token := request.cookies.get(cookie_name(settings)):
        if person := find_signed_in(tx, token, now()):
            return person
        raise NotSignedIn("U bent afgemeld. Open uw persoonlijke link opnieuw.")
    if settings.local and (person := find_local_person(tx)):
        return person
    raise NotSignedIn


Who = Annotated[Person, Depends(who)]


def visitor(request: Request, tx: Tx) -> Person | None:
    """The person of this request, or None: for pages that anybody may see."""
    try:
        return who(request, tx)
    except NotSignedIn:
        return None


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
    notice: str = ""
    extra: dict[str, object] = field(default_factory=dict)

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
        """All seats by id, removed ones included."""
        return {seat.id: (seat, person) for seat, person in store.list_seats(self.tx, self.journey)}

    def seat_name(self, seat_id: str) -> str:
        """The name behind a seat, or its role once the person is gone."""
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
        return next((s for s in self.states if s.step == step and s.state == "gesloten" and s.part in ("", part)), None)

    def closed_text(self, step: str, part: str = "") -> str:
        """One sentence when the step is closed, else ''."""
        state = self.closed(step, part)
        if state is None:
            return ""
        what = f"de stap ‘{get_step(step).label}’" if not state.part else "dit onderdeel"
        who = self.seat_name(state.by_seat)
        return f"{who} heeft {what} gesloten op {date_text(state.at)}. U kunt hier nu alleen lezen."

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


class Gate:
    """A gate with a right and, for writing, the step that must be open."""

    def __init__(self, right: Callable[[Seat], bool] = rules.may_view, *, step: str = ""):
        self.right = right
        self.step = step

    def __call__(self, request: Request, tx: Tx, person: Who, journey_id: str) -> Here:
        found = store.find_seat_and_journey(tx, person, journey_id)
        if found is None:
            raise NotFound
        seat, journey = found
        if request.headers.get(SEAT_HEADER, seat.id) not in ("", seat.id):
            raise NotSignedIn("In deze browser is intussen iemand anders aangemeld.")
        here = Here(
            tx=tx,
            settings=request.app.state.settings,
            person=person,
            seat=seat,
            journey=journey,
            pack=pack_of(tx, journey),
            parties=tuple(store.list_parties(tx, journey)),
            states=tuple(store.list_step_states(tx, journey)),
            personal=not person.local,
            path=request.url.path,
            notice=request.query_params.get("klaar", "")[:40],
        )
        if not self.right(seat):
            raise NotAllowed
        if self.step and request.method not in ("GET", "HEAD"):
            here.require_open(self.step)
        return here


View = Annotated[Here, Depends(Gate())]
Facilitate = Annotated[Here, Depends(Gate(rules.may_set_up))]
