"""The verbs of invitations: add people, make, send, extend and take back links, remove somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.access.codes import code_to_read_out
from app.access.pages import may_text
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.limits import Limit, hours, spend
from app.journey import store as journeys
from app.journey.actions import add_person, link_until, make_link
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import Party, Seat, SeatLink
from app.journey.names import not_told_yet
from app.journey.rules import may_view, roles_to_give
from app.journey.senders import sender_of
from app.mail.letters import Letter, handed_over, invitation
from app.mail.queue import can_write, withdraw
from app.people.actions import end_sessions, write_mail
from app.people.models import Person

STEP = "opzet"
INVITED = Limit("invited", 300, hours(24))  # people that one person adds in a day
READ_OUT = Limit("code-read-out", 10, hours(24))  # for one person in a day
LINKS = Limit("links", 20, hours(24))  # links made for one person in a day


def get_seat(here: Here, seat_id: str) -> tuple[Seat, Person]:
    """Somebody's place in this journey. Raises NotFound, also for somebody who was removed."""
    found = here.seats.get(seat_id)
    if found is None or found[0].removed_at is not None:
        raise NotFound
    return found


def takes_part(here: Here, email: str) -> bool:
    """Whether somebody with this address has a place."""
    present = (person for seat, person in here.seats.values() if seat.removed_at is None)
    return bool(email) and any(person.email.casefold() == email.casefold() for person in present)


def include_person(
    here: Here, party: Party | None, name: str, email: str, role: str, function: str, mandate: bool = False
) -> Seat:
    """One more person, in a role that this seat may give. Raises Invalid with a sentence per field."""
    wrong = {}
    if role not in roles_to_give(here.seat, party):
        wrong["rol"] = "Kies een rol uit de lijst."
    if len(function) > 120:
        wrong["functie"] = "Maak de functie korter dan 120 tekens."
    if takes_part(here, email):
        wrong["e-mail"] = "Iemand met dit e-mailadres doet al mee."
    if wrong:
        raise Invalid("Deze persoon is nog niet toegevoegd.", wrong)
    seat = add_person(here, party, name, email, role)
    seat.function = function
    here.tx.add(seat)
    if mandate and party and role != "meelezer":
        seat.mandate = True
        record(here, "mandate_given", step=STEP, ref=seat.id, party_id=party.id)
    return seat


@dataclass(frozen=True)
class Wanted:
    """One of several people who are invited together."""

    name: str
    email: str
    function: str
    role: str
    mandate: bool


def include_people(here: Here, party: Party | None, people: Sequence[Wanted]) -> list[tuple[Seat, Person]]:
    """All of them, or nobody. Raises Invalid and TooOften."""
    for _ in people:
        spend(here.tx, INVITED, here.seat.id, "U hebt vandaag al heel veel mensen toegevoegd.")
    seats = [include_person(here, party, p.name, p.email, p.role, p.function, p.mandate) for p in people]
    here.tx.flush()
    return [here.seats[seat.id] for seat in seats]


def last_facilitator_text(here: Here, seat: Seat) -> str:
    """A sentence when this is the only procesbegeleider."""
    leaders = [s for s, _ in here.seats.values() if s.role == "procesbegeleider" and may_view(s)]
    if [s.id for s in leaders] == [seat.id]:
        return "Er is dan geen procesbegeleider meer. Geef eerst iemand anders die rol."
    return ""


def remove_person(here: Here, seat: Seat, person: Person) -> None:
    """Ends somebody's place: links and sessions stop. What they wrote stays, as of their
    function and party. Raises Invalid."""
    if seat.id == here.seat.id:
        raise Invalid("U kunt uzelf niet verwijderen.")
    if problem := last_facilitator_text(here, seat):
        raise Invalid(problem)
    close_seat(here, seat, person)
    here.tx.flush()
    record(here, "person_removed", step=STEP, ref=seat.id, party_id=seat.party_id or "")


def close_seat(here: Here, seat: Seat, person: Person) -> None:
    """Somebody is no longer there."""
    seat.removed_at = now()
    here.tx.add(seat)
    _shut_out(here, seat, person)


def _shut_out(here: Here, seat: Seat, person: Person) -> None:
    """Takes back the link, and the message in which it still waits to be sent. Ends the sessions, unless they open
    other journeys too: those no longer open this one."""
    withdraw(here.tx, here.tenant_id, seat.person_id, here.journey.id)
    for link in journeys.list_links(here.tx, here.journey):
        if link.seat_id == seat.id:
            link.revoked_at = now()
            here.tx.add(link)
    if not (person.may_start or person.local):
        end_sessions(here.tx, person)


def stop_problem(here: Here, seat: Seat) -> str:
    """A sentence when the access of this seat cannot be taken back."""
    if seat.id == here.seat.id:
        return "U kunt uw eigen toegang niet intrekken. Maak een nieuwe link: de oude werkt dan niet meer."
    return last_facilitator_text(here, seat)


def stop_access(here: Here, seat: Seat, person: Person) -> None:
    """This person no longer gets in, whatever way they know, until there is a new link. Doing it twice changes nothing.
    Raises Invalid."""
    if problem := stop_problem(here, seat):
        raise Invalid(problem)
    if seat.stopped_at is None:
        seat.stopped_at = now()
        here.tx.add(seat)
        _shut_out(here, seat, person)
        here.tx.flush()
        record(here, "link_revoked", step=STEP, ref=seat.id, party_id=seat.party_id or "")


@dataclass(frozen=True)
class Invitation:
    """A personal link and the letter that goes with it. Shown once."""

    link: str
    letter: Letter
    until: date

    @property
    def subject(self) -> str:
        return self.letter.subject

    @property
    def text(self) -> str:
        return self.letter.body


Write = Callable[[Here, Seat, Person, str, date], Letter]  # the letter around a link that works until a day


def invitation_letter(here: Here, seat: Seat, person: Person, link: str, until: date) -> Letter:
    return invitation(
        sender_of(here),
        person.name,
        here.journey.title,
        link,
        until,
        about=here.pack.subject,
        where=not_told_yet(here.journey, here.municipalities),
        party=here.party_name(seat.party_id),
        may=may_text(seat),
        meeting=here.journey.meeting_on,
        share_by=here.journey.share_by,
    )


def handed_over_letter(here: Here, seat: Seat, person: Person, link: str, until: date) -> Letter:
    """From who hands over the own place."""
    party = here.party_name(seat.party_id)
    return handed_over(sender_of(here), person.name, here.journey.title, link, until, party=party, may=may_text(seat))


def invite(
    here: Here, seat: Seat, person: Person, event: str = "link_made", write: Write = invitation_letter
) -> Invitation:
    """Makes a new personal link (the old one stops) and the letter around it. Raises TooOften."""
    spend(here.tx, LINKS, seat.id, f"Voor {person.name} zijn vandaag al veel links gemaakt.")
    link = f"{here.settings.address}/toegang/{make_link(here, seat, event)}"
    newest = _live_link(here, seat)
    assert newest is not None  # noqa: S101 - it was made just now
    until = newest.expires_at.date()
    return Invitation(link, write(here, seat, person, link, until), until)


def _live_link(here: Here, seat: Seat) -> SeatLink | None:
    """The link of this seat that is not revoked; it may have expired."""
    return next((found for found in journeys.list_links(here.tx, here.journey) if found.seat_id == seat.id), None)


def may_send(here: Here, person: Person) -> bool:
    """Whether an invitation can go to this person by mail, or stand ready for it on this computer."""
    return can_write(here.settings) and (bool(person.email) or here.settings.local)


def send_invitation(here: Here, seat: Seat, person: Person, write: Write = invitation_letter) -> None:
    """A new link (the old one stops), in a message. Raises NotFound where no mail is sent, Invalid and TooOften."""
    if not may_send(here, person):
        raise NotFound
    made = invite(here, seat, person, "link_sent", write)
    sender = sender_of(here)
    mail = write_mail(here.tx, here.settings, person, made.letter, sender=sender, journey_id=here.journey.id)
    here.tx.flush()
    if link := _live_link(here, seat):
        link.mail_id = mail.id
        here.tx.add(link)


def read_out_code(here: Here, seat: Seat, person: Person) -> str:
    """A code for the device on which this person waits, to be read out. Raises Invalid when nobody waits or their
    access was taken back, TooOften."""
    if not may_view(seat):
        raise Invalid(f"De toegang van {person.name} is ingetrokken. Maak eerst een nieuwe link.")
    spend(here.tx, READ_OUT, seat.id, f"Voor {person.name} zijn vandaag al veel codes voorgelezen.")
    code = code_to_read_out(here.tx, person)
    record(here, "code_read_out", step=STEP, ref=seat.id, party_id=seat.party_id or "")
    return code


def extend_link(here: Here, seat: Seat) -> date:
    """Lets the link that somebody has work longer, also when it expired. Returns until when. Raises Invalid."""
    link = _live_link(here, seat)
    if link is None:
        raise Invalid("Er is geen link die langer kan werken. Maak een nieuwe.")
    link.expires_at = link_until(here)
    here.tx.add(link)
    record(here, "link_extended", step=STEP, ref=seat.id, party_id=seat.party_id or "")
    return link.expires_at.date()
