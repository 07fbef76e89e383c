"""What Herinneren, Verzonden berichten and the choice of the daily overview show."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.clock import date_text, moment_text
from app.core.text import capital, counted, listing
from app.journey.gate import Here
from app.mail.queue import can_send, can_write
from app.mail.reading import Delivery, find_delivery, list_deliveries
from app.messages.reminder import STEP, Recipient, letter_to, reminder

ANY_NAME = "(naam)"
PLACE = "\ue000"  # a sign that nobody types: where the own text comes


@dataclass(frozen=True)
class Line:
    """One message: what, to whom, and what became of it."""

    id: str
    what: str  # "Uitnodiging aan Jan Bakker"
    to: str  # "Stichting De Linde, jan@delinde.nl"
    by: str  # "door Marieke de Wit, 14:02"
    words: str
    failed: bool
    poll_url: str  # where to look again when it is being sent at this moment


@dataclass(frozen=True)
class SentDay:
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class SentPage:
    url: str
    days: tuple[SentDay, ...]
    sends: bool
    outbox: bool


def sent_page(here: Here) -> SentPage:
    """The newest messages of this journey, per day. Never their text."""
    days: dict[str, list[Line]] = {}
    for found in list_deliveries(here.tx, here.tenant_id, here.journey.id):
        days.setdefault(date_text(found.when), []).append(_line(here, found))
    return SentPage(
        url=here.url,
        days=tuple(SentDay(label, tuple(lines)) for label, lines in days.items()),
        sends=can_send(here.settings),
        outbox=here.settings.local,
    )


def sent_line(here: Here, mail_id: str) -> Line | None:
    """One message of this journey, as it is now."""
    found = find_delivery(here.tx, here.tenant_id, here.journey.id, mail_id)
    return _line(here, found) if found else None


def _line(here: Here, found: Delivery) -> Line:
    seats = {person.id: (seat, person) for seat, person in here.seats.values()}
    party = here.party_name(seats[found.person_id][0].party_id) if found.person_id in seats else ""
    by = seats[found.by_person][1].name if found.by_person in seats else ""
    gone = found.person_id in seats and seats[found.person_id][0].removed_at is not None  # function and party only
    name, email = (seats[found.person_id][1].name, "") if gone else (found.to_name, found.to_email)
    return Line(
        id=found.id,
        what=f"{capital(found.kind)} aan {name}",
        to=", ".join(w for w in ("" if gone else party, email) if w),
        by=_by(by, found),
        words=found.words,
        failed=found.failed,
        poll_url=f"{here.url}/berichten/{found.id}/stand" if found.soon else "",
    )


def _by(name: str, found: Delivery) -> str:
    when = moment_text(found.when)
    return f"door {name}, {when}" if name else when


@dataclass(frozen=True)
class RemindPage:
    url: str
    subject: str
    first_line: str
    greeting: str
    text: str
    last_lines: str  # what stands under the text, by itself
    whole: str  # all of it, to copy
    recipients: tuple[str, ...]
    shown: str  # ids of the seats that were shown as recipients
    without_address: str
    without_people: str
    already: str
    button: str  # '' when no message can be written
    note: str
    error: str
    closed: str  # a sentence when nothing can be shared any more


def remind_page(here: Here, typed: str | None = None, error: str = "") -> RemindPage:
    """Text and recipients, before anything is sent. `typed` is what was refused."""
    made = reminder(here)
    text = made.text if typed is None else typed
    frame = letter_to(here, ANY_NAME, here.pack.themes[0], PLACE)
    top, _, below = frame.body.partition(PLACE)
    first_line, _, greeting = top.strip().partition("\n\n")
    sending, writing = can_send(here.settings), can_write(here.settings)
    people = counted(len(made.to), "persoon", "mensen")
    return RemindPage(
        url=here.url,
        subject=frame.subject,
        first_line=first_line,
        greeting=greeting,
        text=text,
        last_lines=below.strip(),
        whole=frame.body.replace(PLACE, text),
        recipients=tuple(_recipient(r) for r in made.to),
        shown=" ".join(r.seat.id for r in made.to),
        without_address=listing([f"{r.person.name} ({r.party.in_text})" for r in made.without_address]),
        without_people=listing([p.name for p in made.without_people]),
        already=listing([p.name for p in made.already]),
        button="" if not writing else f"Verstuur aan {people}" if sending else "Zet de berichten klaar",
        note=_note(sending, writing),
        error=error,
        closed=here.closed_text(STEP),
    )


def _note(sending: bool, writing: bool) -> str:
    if sending:
        return "Iedereen krijgt een eigen bericht. Per partij kan dit één keer per dag."
    if writing:
        return "De berichten komen bij Uitgaande post te staan. U verstuurt ze zelf."
    return "U verstuurt het bericht zelf, met uw eigen e-mailprogramma."


def _recipient(recipient: Recipient) -> str:
    where = f", {recipient.person.email}" if recipient.person.email else ""
    return f"{recipient.person.name} ({recipient.party.name}){where}"


@dataclass(frozen=True)
class ChoicePage:
    on: bool
    sends: bool
    email: str
    hour: int
    person_id: str


@dataclass(frozen=True)
class OffPage:
    url: str
    on: bool


def said_of(reached: int, passed_over: int, sending: bool) -> str:
    """The word of the notice after reminding."""
    if not reached:
        return "niemand-herinnerd"
    return "deels-herinnerd" if passed_over else "herinnerd-verstuurd" if sending else "herinnerd"
