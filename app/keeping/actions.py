"""The verbs of keeping: archive and take back, announce, remove for good, forget somebody."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from app.audit.actions import note_event
from app.audit.models import PurgeLine
from app.core.clock import now, parse_date, today
from app.core.errors import Invalid, NotFound
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import Event, Journey, Seat
from app.keeping import store
from app.keeping.models import ArchiveRecord
from app.people.models import Person

STEP = "opzet"
MOST_RECORDS = 40


def archive(here: Here) -> None:
    """Nobody can change anything any more, until it is taken back. Doing it twice changes nothing."""
    if here.journey.archived_at is None:
        here.journey.archived_at, here.journey.archived_by = now(), here.seat.id
        here.tx.add(here.journey)
        record(here, "journey_archived", step=STEP)


def take_back(here: Here) -> None:
    """The journey goes on, and does not go away by itself for as long as it does."""
    if here.journey.archived_at is not None:
        here.journey.archived_at, here.journey.archived_by, here.journey.purge_on = None, "", None
        here.tx.add(here.journey)
        record(here, "journey_taken_back", step=STEP)


def happened(tx: Session, journey: Journey, kind: str) -> None:
    """An event that nobody did: the term was over."""
    event = Event(tenant_id=journey.tenant_id, journey_id=journey.id, kind=kind, step=STEP)
    tx.add(event)
    note_event(tx, event)


def purge(tx: Session, journey: Journey) -> dict[str, int]:
    """Removes a journey for good, with its people who are nowhere else. Returns how many rows went, per table."""
    people = store.people_of(tx, journey)
    counted = store.counts(tx, journey)
    leave_numbers(tx, journey.tenant_id, counted, journey_id=journey.id)
    store.remove(tx, journey)
    for person in people:
        if not (person.local or person.may_start or store.has_seat(tx, person, removed_too=True)):
            store.erase(tx, person)
            counted["person"] = counted.get("person", 0) + 1
    return counted


def leave_numbers(
    tx: Session, tenant_id: str, counted: dict[str, int], *, journey_id: str = "", before: datetime | None = None
) -> None:
    """Writes how many rows go, which is what the database asks before it lets any line of the log go."""
    words = " ".join(f"{name}={number}" for name, number in counted.items())
    tx.add(PurgeLine(tenant_id=tenant_id, journey_id=journey_id, before=before, counts=words[:2000]))
    tx.flush()


def forget(here: Here, seat_id: str) -> None:
    """Removes name and address of somebody who was taken out of this journey, at once. Raises NotFound, and Invalid
    when this person is still somewhere else."""
    seat = here.tx.get(Seat, (here.tenant_id, seat_id))
    if seat is None or seat.journey_id != here.journey.id or seat.removed_at is None:
        raise NotFound
    person = here.tx.get(Person, (seat.tenant_id, seat.person_id))
    if person is None or not person.name:
        return
    if why := why_not_forget(here.tx, person):
        raise Invalid(why)
    store.erase(here.tx, person)
    record(here, "person_forgotten", step=STEP, ref=seat.id, party_id=seat.party_id or "")


def why_not_forget(tx: Session, person: Person) -> str:
    """A sentence when name and address are still needed; '' when they can go."""
    if person.local or person.may_start or store.has_seat(tx, person):
        return "Naam en e-mailadres zijn nog nodig: deze persoon heeft nog toegang tot Driekolom."
    return ""


def decision_problems(decision: str, decided_on: str) -> dict[str, str]:
    """A sentence per field about the decision that a document is kept as."""
    wrong = {}
    day = parse_date(decided_on)
    if not decision:
        wrong["besluit"] = "Vul in welk besluit dit is, bijvoorbeeld: besluit van het college, nummer 2027-0312."
    elif len(decision) > 200:
        wrong["besluit"] = "Maak dit korter dan 200 tekens."
    if day is None:
        wrong["datum"] = "Kies de dag van het besluit."
    elif day > today():
        wrong["datum"] = "Deze dag moet nog komen. Leg het document vast als het besluit er is."
    elif day.year < 2000:
        wrong["datum"] = "Deze dag ligt te ver terug. Kijk het jaartal na."
    return wrong


def fix_document(here: Here, decision: str, decided_on: str, name: str, content: bytes) -> ArchiveRecord:
    """Keeps these bytes as the document that was decided on. The same again changes nothing. Raises Invalid with a
    sentence per field."""
    wrong, day = decision_problems(decision, decided_on), parse_date(decided_on)
    known = store.list_records(here.tx, here.tenant_id, here.journey.id)
    if len(known) >= MOST_RECORDS:
        wrong["besluit"] = f"Er zijn al {MOST_RECORDS} stukken vastgelegd. Meer passen er niet."
    if wrong or day is None:
        raise Invalid("Het document is nog niet vastgelegd.", wrong)
    mark = sha256(content).hexdigest()
    if same := next((r for r in known if (r.sha256, r.decision, r.decided_on) == (mark, decision, day)), None):
        return same
    fixed = ArchiveRecord(
        tenant_id=here.tenant_id,
        journey_id=here.journey.id,
        title=here.journey.title,
        decision=decision,
        decided_on=day,
        fixed_by=here.seat.id,
        file_name=name[:200],
        sha256=mark,
        size=len(content),
        content=content,
    )
    here.tx.add(fixed)
    here.tx.flush()
    record(here, "document_fixed", step=STEP, ref=fixed.id)
    return fixed


def get_record(tx: Session, tenant_id: str, record_id: str, journey_id: str = "") -> ArchiveRecord:
    """An adopted document with its bytes; of one journey, or of any of this gemeente. Raises NotFound."""
    found = store.find_record(tx, tenant_id, record_id)
    if found is None or (journey_id and found.journey_id != journey_id):
        raise NotFound
    return found
