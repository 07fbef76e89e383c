"""The verbs of Overzicht: say that you have seen it, say something of a step, remind who has not shared."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.clock import date_text, today
from app.core.errors import NotFound
from app.core.text import listing
from app.journey.actions import mark_step, unmark_step
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import Party, Seat
from app.journey.rules import may_answer
from app.journey.senders import sender_of
from app.journey.steps import steps_of
from app.journey.store import find_last_event_id
from app.mail.letters import Letter
from app.overview import rules
from app.people.actions import write_mail
from app.people.models import Person
from app.screening.reading import read_screening


def mark_seen(here: Here, until: str) -> None:
    """This person has seen everything up to the event with this id. Never goes back, never beyond what happened."""
    last = find_last_event_id(here.tx, here.journey)
    here.seat.seen = max(here.seat.seen, min(until[: len(last)], last))
    here.tx.add(here.seat)


def say_of_step(here: Here, step: str, verb: str, part: str = "") -> str:
    """Closes, opens, finishes or skips a step or one part of it. Returns the state it is about. Raises NotFound."""
    known = step in {s.slug for s in steps_of(here.pack)} and verb in rules.VERBS
    if not known or (part and part not in _parts(here, step)):
        raise NotFound
    state, on = rules.VERBS[verb]
    if state == "overgeslagen" and step not in rules.MAY_SKIP:
        raise NotFound
    (mark_step if on else unmark_step)(here, step, state, part)
    return state


def _parts(here: Here, step: str) -> set[str]:
    if step in ("waar-staan-we", "gesprek"):
        return {t.slug for t in here.pack.themes}
    return {c.slug for c in here.pack.chapters} if step == "plan" else set()


@dataclass(frozen=True)
class Reminder:
    """A letter to everybody who can still share something."""

    subject: str
    text: str  # with {naam} where the name comes
    waiting: tuple[Party, ...]
    to: tuple[tuple[Seat, Person], ...]

    def letter(self, person: Person) -> str:
        return self.text.replace("{naam}", person.name)


def reminder(here: Here) -> Reminder:
    """Who has not shared everything, and what to write to them. Whether they began is nobody's business."""
    screening = read_screening(here)
    waiting = tuple(p for p in here.parties if any(not screening.has_shared(p, t) for t in here.pack.themes))
    ids = {p.id: p for p in waiting}
    to = tuple(
        (seat, person)
        for seat, person in here.seats.values()
        if seat.party_id in ids and may_answer(seat, ids[seat.party_id]) and seat.id != here.seat.id
    )
    meeting, share = here.journey.meeting_on, here.journey.share_by
    when = f"Op {date_text(meeting)} praten wij verder. " if meeting and meeting >= today() else ""
    until = f" Lukt dat vóór {date_text(share)}?" if share and share >= today() else ""
    blocks = [
        "Beste {naam},",
        f"{when}Uw organisatie heeft nog niet alles gedeeld in het traject ‘{here.journey.title}’"
        f" van {listing([m.name for m in here.municipalities])}.{until}",
        "Per thema kost het een paar minuten. Open de persoonlijke link uit uw uitnodiging. "
        "Is die kwijt? Laat het mij weten, dan krijgt u een nieuwe.",
        f"Met vriendelijke groet,\n{here.person.name}",
    ]
    return Reminder(f"Herinnering: {here.journey.title}"[:120], "\n\n".join(blocks), waiting, to)


def send_reminder(here: Here) -> int:
    """Puts the letters in the outbox of this computer (local mode only). Returns how many."""
    if not here.settings.local:
        raise NotFound
    made = reminder(here)
    for _, person in made.to:
        letter = Letter("reminder", made.subject, made.letter(person))
        write_mail(here.tx, here.settings, person, letter, sender=sender_of(here), journey_id=here.journey.id)
    if made.to:
        record(here, "reminder_written", step="waar-staan-we")
    return len(made.to)
