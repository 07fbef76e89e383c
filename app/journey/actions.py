"""The verbs of a journey: start it, add parties and people, make links, close and open steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlmodel import Session

from app.audit.actions import note_event
from app.content.pack import Pack, PartyKind
from app.core.clock import now
from app.core.errors import Invalid, require_room
from app.core.ids import fingerprint, new_secret
from app.core.settings import Settings
from app.core.text import capital, first_words
from app.journey import store
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import ROLES, Event, Journey, Municipality, Party, Seat, SeatLink, StepState
from app.journey.names import plain_name
from app.journey.packs import keep_pack, pack_of
from app.people.actions import address_problem
from app.people.models import Person

MOST_PARTIES, MOST_MUNICIPALITIES, MOST_PEOPLE = 80, 40, 600


def start_journey(
    tx: Session, person: Person, pack: Pack, title: str, municipalities: Sequence[str], example: str = ""
) -> tuple[Journey, Seat]:
    """A new journey with a party per gemeente; `person` becomes its procesbegeleider and sits with the first.

    Raises Invalid with a sentence per field.
    """
    wrong = {}
    if not title:
        wrong["titel"] = f"Geef het traject een naam, bijvoorbeeld ‘{capital(pack.subject)} in Meerwijk’."
    elif len(title) > 200:
        wrong["titel"] = "Maak de naam korter dan 200 tekens."
    if len(municipalities) > MOST_MUNICIPALITIES:
        wrong["gemeente"] = f"Er passen {MOST_MUNICIPALITIES} gemeenten in een traject."
    elif not municipalities:
        wrong["gemeente"] = "Vul de naam van de gemeente in."
    elif any(len(name) > 100 for name in municipalities):
        wrong["gemeente"] = "Een naam van een gemeente is hoogstens 100 tekens lang."
    names = [plain_name(name) for name in municipalities]
    if twice := next((n for i, n in enumerate(names) if n.casefold() in {m.casefold() for m in names[:i]}), None):
        wrong["gemeente"] = f"‘{twice}’ staat er twee keer. Haal er één weg."
    if wrong:
        raise Invalid("Er ontbreekt nog iets.", wrong)
    journey = Journey(
        tenant_id=person.tenant_id, title=title, pack_hash=keep_pack(tx, person.tenant_id, pack), example=example
    )
    tx.add(journey)
    tx.flush()
    kind = next((k for k in pack.party_kinds if k.municipal), None)
    first: Party | None = None
    for position, name in enumerate(names):
        tx.add(Municipality(tenant_id=person.tenant_id, journey_id=journey.id, name=name, position=position))
        if kind:
            party = _municipal_party(journey, kind, name, position)
            tx.add(party)
            first = first or party
    tx.flush()
    seat = add_leader(tx, journey, person, first.id if first else None)
    record_arrival(tx, seat, "journey_started")
    return journey, seat


def add_leader(tx: Session, journey: Journey, person: Person, party_id: str | None) -> Seat:
    """A place as procesbegeleider, before there is anybody who could give one (see `add_person`)."""
    seat = Seat(
        tenant_id=journey.tenant_id,
        journey_id=journey.id,
        person_id=person.id,
        party_id=party_id,
        role="procesbegeleider",
    )
    tx.add(seat)
    tx.flush()
    return seat


def record_arrival(tx: Session, seat: Seat, kind: str) -> None:
    """How this journey came to be here: the event of whoever brought it, at Opzet."""
    happened = Event(
        tenant_id=seat.tenant_id,
        journey_id=seat.journey_id,
        seat_id=seat.id,
        party_id=seat.party_id or "",
        kind=kind,
        step="opzet",
    )
    tx.add(happened)
    note_event(tx, happened)
    tx.flush()


def _short_name(name: str) -> str:
    """The name itself, or its first whole words when it does not fit."""
    return name if len(name) <= 40 else first_words(name, 38)[:40]


def _municipal_party(journey: Journey, kind: PartyKind, municipality: str, position: int) -> Party:
    name = f"Gemeente {municipality}"
    return Party(
        tenant_id=journey.tenant_id,
        journey_id=journey.id,
        kind=kind.slug,
        name=name,
        short=_short_name(name),
        sectors=" ".join(kind.default_sectors),
        position=position,
    )


def add_municipality(here: Here, name: str) -> Municipality:
    """One more gemeente, with its party unless that takes part already. Raises Invalid."""
    require_room(len(here.municipalities), MOST_MUNICIPALITIES, "gemeenten", "gemeente")
    name = plain_name(name)
    if not 0 < len(name) <= 100:
        raise Invalid(
            "Deze gemeente is nog niet toegevoegd.", {"gemeente": "Vul een naam in van hoogstens 100 tekens."}
        )
    if any(m.name.casefold() == name.casefold() for m in here.municipalities):
        raise Invalid("Deze gemeente is nog niet toegevoegd.", {"gemeente": f"‘{name}’ doet al mee."})
    position = max((m.position for m in here.municipalities), default=-1) + 1
    municipality = Municipality(tenant_id=here.tenant_id, journey_id=here.journey.id, name=name, position=position)
    here.tx.add(municipality)
    here.tx.flush()
    here.__dict__.pop("municipalities", None)
    record(here, "municipality_added", step="opzet", ref=municipality.id)
    kind = next((k for k in here.pack.party_kinds if k.municipal), None)
    if kind and not any(p.name.casefold() == f"gemeente {name}".casefold() for p in here.parties):
        add_party(here, kind.slug, f"Gemeente {name}")
    return municipality


def add_party(
    here: Here,
    kind: str,
    name: str,
    short: str = "",
    sectors: Sequence[str] | None = None,
    register_code: str = "",
) -> Party:
    """Adds a party. `sectors` None takes the usual ones of its kind; `register_code` is of a board of the register.
    Raises Invalid with a sentence per field."""
    require_room(len(here.parties), MOST_PARTIES, "partijen", "naam")
    wrong = {}
    kinds = {k.slug: k for k in here.pack.party_kinds}
    if kind not in kinds:
        wrong["soort"] = "Kies wat voor partij dit is."
    if not name:
        wrong["naam"] = "Vul de naam van de partij in."
    elif len(name) > 120:
        wrong["naam"] = "Maak de naam korter dan 120 tekens."
    elif any(p.name.casefold() == name.casefold() for p in here.parties):
        wrong["naam"] = f"‘{name}’ doet al mee."
    if wrong:
        raise Invalid("Deze partij is nog niet toegevoegd.", wrong)
    allowed = kinds[kind].sectors
    chosen = kinds[kind].default_sectors if sectors is None else [s for s in allowed if s in sectors]
    party = Party(
        tenant_id=here.tenant_id,
        journey_id=here.journey.id,
        kind=kind,
        name=name,
        short=short[:40] or _short_name(name),
        sectors=" ".join(chosen),
        register_code=register_code,
        position=max((p.position for p in here.parties), default=-1) + 1,
    )
    here.tx.add(party)
    here.tx.flush()
    here.parties = (*here.parties, party)
    record(here, "party_added", step="opzet", ref=party.id)
    return party


def add_person(here: Here, party: Party | None, name: str, email: str = "", role: str = "deelnemer") -> Seat:
    """Gives somebody a seat. Raises Invalid with a sentence per field."""
    require_room(sum(s.removed_at is None for s, _ in here.seats.values()), MOST_PEOPLE, "deelnemers", "naam")
    wrong = {}
    if not name:
        wrong["naam"] = "Vul de naam in."
    elif len(name) > 120:
        wrong["naam"] = "Maak de naam korter dan 120 tekens."
    if email and (problem := address_problem(email)):
        wrong["e-mail"] = problem
    if role not in ROLES:
        wrong["rol"] = "Kies een rol uit de lijst."
    elif party is None and role in ("deelnemer", "partijbeheerder"):
        wrong["partij"] = "Kies bij welke partij deze persoon hoort."
    if wrong:
        raise Invalid("Deze persoon is nog niet toegevoegd.", wrong)
    person = Person(tenant_id=here.tenant_id, name=name, email=email)
    here.tx.add(person)
    here.tx.flush()
    seat = Seat(
        tenant_id=here.tenant_id,
        journey_id=here.journey.id,
        person_id=person.id,
        party_id=party.id if party else None,
        role=role,
    )
    here.tx.add(seat)
    here.tx.flush()
    here.__dict__.pop("seats", None)
    record(here, "person_added", step="opzet", ref=seat.id, party_id=party.id if party else "")
    return seat


def make_link(here: Here, seat: Seat, event: str = "link_made") -> str:
    """A new personal link for this seat; older ones stop working, and who was stopped gets in again. Returns the
    secret, which is shown once.

    `event` says how it goes on: made to be passed on by hand, or sent.
    """
    for link in store.list_links(here.tx, here.journey):
        if link.seat_id == seat.id:
            link.revoked_at = now()
            here.tx.add(link)
    seat.stopped_at = None
    here.tx.add(seat)
    secret = new_secret()
    here.tx.add(
        SeatLink(
            tenant_id=here.tenant_id,
            journey_id=here.journey.id,
            seat_id=seat.id,
            token_hash=fingerprint(secret),
            made_by=here.seat.id,
            expires_at=link_until(here),
        )
    )
    here.tx.flush()
    record(here, event, step="opzet", ref=seat.id, party_id=seat.party_id or "")
    return secret


def link_until(here: Here) -> datetime:
    """A link works at least so many days, and as long after the meeting: who is invited early comes in then as well."""
    days, most = timedelta(days=here.settings.link_days), timedelta(days=2 * 366)
    from_now = now() + days
    if here.journey.meeting_on is None:
        return from_now
    met = datetime.combine(here.journey.meeting_on, time(), tzinfo=from_now.tzinfo)
    return max(from_now, min(met + days, now() + most))


def mark_step(here: Here, step: str, state: str, part: str = "") -> None:
    """Says that a step (or part of it) is gesloten, afgerond or overgeslagen. Saying it twice changes nothing."""
    if any(s.step == step and s.part == part and s.state == state for s in here.states):
        return
    here.tx.add(
        StepState(
            tenant_id=here.tenant_id,
            journey_id=here.journey.id,
            step=step,
            part=part,
            state=state,
            by_seat=here.seat.id,
        )
    )
    here.tx.flush()
    record(here, f"step_{_PAST[state]}", step=step, part=part)


def unmark_step(here: Here, step: str, state: str, part: str = "") -> None:
    """Takes that back."""
    for found in here.states:
        if found.step == step and found.part == part and found.state == state:
            here.tx.delete(found)
            record(here, "step_reopened", step=step, part=part, ref=state)
    here.tx.flush()


_PAST = {"gesloten": "closed", "afgerond": "finished", "overgeslagen": "skipped"}


def here_for(tx: Session, settings: Settings, person: Person, journey: Journey, seat: Seat) -> Here:
    """What the gate would hand over, for code that has no request: the examples and the command line."""
    return Here(
        tx=tx,
        settings=settings,
        person=person,
        seat=seat,
        journey=journey,
        pack=pack_of(tx, journey),
        parties=tuple(store.list_parties(tx, journey)),
        states=tuple(store.list_step_states(tx, journey)),
        personal=not person.local,
        path="",
    )
