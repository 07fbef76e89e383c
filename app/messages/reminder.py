"""The reminder: who has not shared everything, and what to write to them. Never twice a day to one party."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.content.pack import Theme
from app.core.clock import date_text, start_of, today
from app.core.errors import Invalid, NotFound
from app.core.limits import TooOften
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import Party, Seat
from app.journey.rules import may_answer
from app.journey.senders import sender_of
from app.mail.letters import Letter
from app.mail.letters import reminder as reminder_letter
from app.mail.queue import can_send, can_write
from app.mail.rules import fit
from app.messages import store
from app.people.actions import write_mail
from app.people.models import Person
from app.screening.reading import read_screening

STEP, KIND = "waar-staan-we", "party_reminded"
MOST = 3000  # characters


@dataclass(frozen=True)
class Recipient:
    """Somebody who can share what their party has not shared yet. Whether they began is nobody's business."""

    seat: Seat
    person: Person
    party: Party
    theme: Theme  # the first that was not shared


@dataclass(frozen=True)
class Reminder:
    """What a reminder would be now."""

    to: tuple[Recipient, ...]
    without_address: tuple[Recipient, ...]
    without_people: tuple[Party, ...]  # parties that nobody can be written to
    already: tuple[Party, ...]  # parties that were reminded today
    text: str  # proposed


def reminder(here: Here) -> Reminder:
    """Who has not shared everything, and a proposal of what to write to them."""
    screening = read_screening(here)
    open_themes = [t for t in here.pack.themes if not here.closed(STEP, t.slug)]  # what is closed cannot be shared
    first = {p.id: next((t for t in open_themes if not screening.has_shared(p, t)), None) for p in here.parties}
    already = _reminded_today(here)
    waiting = [p for p in here.parties if first[p.id] is not None]
    people = [
        Recipient(seat, person, party, theme)
        for party in waiting
        if party.id not in already and (theme := first[party.id])
        for seat, person in here.seats.values()
        if seat.party_id == party.id and may_answer(seat, party) and seat.id != here.seat.id
    ]
    sending = can_send(here.settings)
    reached = {r.party.id for r in people} | {here.seat.party_id}
    return Reminder(
        to=tuple(r for r in people if fit(r.person.email) or not sending),
        without_address=tuple(r for r in people if sending and not fit(r.person.email)),
        without_people=tuple(p for p in waiting if p.id not in reached and p.id not in already),
        already=tuple(p for p in waiting if p.id in already),
        text=_proposal(here),
    )


def _reminded_today(here: Here) -> set[str]:
    return set(store.list_parties_of(here.tx, here.journey, KIND, start_of(today())))


def _proposal(here: Here) -> str:
    meeting, share = here.journey.meeting_on, here.journey.share_by
    when = f"Op {date_text(meeting)} praten wij verder. " if meeting and meeting >= today() else ""
    until = f" Lukt dat vóór {date_text(share)}?" if share and share >= today() else ""
    return (
        f"{when}Uw organisatie heeft nog niet alles gedeeld.{until} Per thema kost het een paar minuten. "
        "Komt u er niet uit? Bel of mail mij gerust."
    )


def letter_to(here: Here, name: str, theme: Theme, text: str) -> Letter:
    """The whole message to one person, who comes in at this theme."""
    link = f"{here.settings.address}{here.url}/waar-staan-we/{theme.slug}"
    return reminder_letter(sender_of(here), name, here.journey.title, text, link)


def remind(here: Here, text: str, shown: Collection[str]) -> tuple[int, int]:
    """Writes to those of `shown` (ids of seats) who can still be reminded. Returns to how many people, and how many had
    enough messages today.

    Raises Invalid, and NotFound where no message can be written.
    """
    if not can_write(here.settings):
        raise NotFound
    if not text:
        raise Invalid("Er is nog niets verstuurd.", {"tekst": "Schrijf wat u wilt zeggen."})
    if len(text) > MOST:
        raise Invalid("Er is nog niets verstuurd.", {"tekst": f"Maak uw tekst korter dan {MOST} tekens."})
    here.tx.refresh(here.journey, with_for_update=True)  # on PostgreSQL a second press waits, and then sees the first
    reached: list[str] = []  # the party of each
    passed_over = 0
    for recipient in (r for r in reminder(here).to if r.seat.id in shown):
        letter = letter_to(here, recipient.person.name, recipient.theme, text)
        try:
            write_mail(
                here.tx, here.settings, recipient.person, letter, sender=sender_of(here), journey_id=here.journey.id
            )
        except TooOften:
            passed_over += 1  # the others still get theirs
        else:
            reached.append(recipient.party.id)
    for party_id in dict.fromkeys(reached):
        record(here, KIND, step=STEP, party_id=party_id)
    return len(reached), passed_over
