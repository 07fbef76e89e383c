"""Asking for access, and handing one's place to a colleague. Both are done by somebody who is not signed in.

Whoever asks always gets the same answer: a known address gets a code by mail (`app.access.codes`); a question with a
link that once worked goes to the procesbegeleider of that traject; anything else goes nowhere.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta

from sqlmodel import Session, select

from app.access.actions import UNKNOWN, Opened
from app.access.codes import answer_asked, ask_code
from app.core.clock import aware, now
from app.core.database import Database
from app.core.errors import Invalid, NotAllowed, NotFound, Refusal
from app.core.limits import Limit, hours, spend
from app.core.settings import Settings
from app.invitations import actions
from app.invitations.models import AccessRequest
from app.journey import store as journeys
from app.journey.actions import add_person, here_for
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import Event, Journey, Party, Seat
from app.journey.rules import may_hand_over, may_view
from app.journey.senders import sender_of
from app.mail import letters
from app.mail.queue import can_write
from app.people.actions import address_problem, write_mail
from app.people.models import Person

LOG = logging.getLogger(__name__)

KEPT = timedelta(days=30)
MOST_WAITING = 50  # questions in one traject
TOLD = Limit("access-asked-mail", 5, hours(24))  # messages about questions, in one traject
HANDED_OVER = Limit("handed-over", 10, hours(24))  # in one traject


def _wrong(name: str, email: str, field: str, text: str) -> dict[str, str]:
    """What is wrong with a name, an address and one more text, by field."""
    wrong = {}
    for key, typed in (("naam", name), (field, text)):
        if len(typed) > 120:
            wrong[key] = "Maak dit korter dan 120 tekens."
        elif re.search(r"://|www\.|[<>]", typed, re.I):  # it is read in a message by somebody who trusts us
            wrong[key] = "Hier hoort geen webadres."
    if not name:
        wrong["naam"] = "Vul de naam in."
    if problem := address_problem(email):
        wrong["e-mail"] = problem
    return wrong


# ---- asking ----


def ask_access(tx: Session, name: str, email: str, organisation: str) -> str:
    """Checks what was typed, and asks a code for this browser. Returns its secret. Raises Invalid with a sentence per
    field, and TooOften; never says whether anybody is known."""
    if wrong := _wrong(name, email, "organisatie", organisation):
        raise Invalid("Uw vraag is nog niet verstuurd.", wrong)
    return ask_code(tx, email)


def answer_access_asked(
    database: Database, settings: Settings, secret: str, link: str, asked: tuple[str, str, str]
) -> None:
    """After the answer was sent: a code for who is known, else the question (name, address, organisation) for the
    procesbegeleider of whoever this link was."""
    name, email, organisation = asked
    if answer_asked(database, settings, secret, email):
        return
    try:
        with database.write() as tx:
            found = journeys.find_link(tx, link) if link else None
            if found is None or found[3].archived_at is not None or not _has_room(tx, found[3], email):
                return
            seat, journey = found[1], found[3]
            place = {"tenant_id": journey.tenant_id, "journey_id": journey.id}
            tx.add(AccessRequest(**place, seat_id=seat.id, name=name, email=email, organisation=organisation))
            tx.add(Event(**place, party_id=seat.party_id or "", kind="access_asked", step=actions.STEP))
            tx.flush()
            _tell(tx, settings, journey, f"{name} van {organisation}" if organisation else name, email)
    except Refusal as refused:  # nobody waits for this answer
        LOG.warning("nobody was told of a question for access: %s", type(refused).__name__)


def _has_room(tx: Session, journey: Journey, email: str) -> bool:
    """Whether this address has no question here already, and there are not too many. Old ones are swept away."""
    waiting = list(tx.exec(select(AccessRequest).where(*_of(journey))))
    for old in [w for w in waiting if aware(w.asked_at) < now() - KEPT]:
        tx.delete(old)
        waiting.remove(old)
    return len(waiting) < MOST_WAITING and all(w.email.casefold() != email.casefold() for w in waiting)


def _of(journey: Journey) -> tuple:
    return (AccessRequest.tenant_id == journey.tenant_id, AccessRequest.journey_id == journey.id)


def _tell(tx: Session, settings: Settings, journey: Journey, who: str, email: str) -> None:
    """A message to the procesbegeleiders, when there is mail and they did not get enough of these today."""
    if not can_write(settings):
        return
    spend(tx, TOLD, journey.id)
    link = f"{settings.address}/trajecten/{journey.id}/toegang"
    for seat, person in _leaders(tx, journey):
        sender = sender_of(here_for(tx, settings, person, journey, seat))
        letter = letters.access_request(sender, person.name, journey.title, who, email, "", link)
        write_mail(tx, settings, person, letter, journey_id=journey.id)


def _leaders(tx: Session, journey: Journey) -> list[tuple[Seat, Person]]:
    """The procesbegeleiders who get in, with an address."""
    seats = journeys.list_seats(tx, journey)
    return [(s, p) for s, p in seats if s.role == "procesbegeleider" and may_view(s) and p.email]


def list_requests(here: Here) -> list[AccessRequest]:
    """The questions that wait for an answer, oldest first."""
    query = select(AccessRequest).where(*_of(here.journey), AccessRequest.asked_at > now() - KEPT)
    return list(here.tx.exec(query.order_by(AccessRequest.id)))


def get_request(here: Here, request_id: str) -> AccessRequest:
    """Raises NotFound."""
    query = select(AccessRequest).where(*_of(here.journey), AccessRequest.id == request_id)
    if found := here.tx.exec(query).first():
        return found
    raise NotFound


def seat_of(here: Here, asked: AccessRequest) -> Seat | None:
    """The place whose link was used to ask; None when the traject no longer knows it."""
    found = here.seats.get(asked.seat_id)
    return found[0] if found else None


def party_of(here: Here, asked: AccessRequest) -> Party | None:
    """The party for which somebody asks: that of the link."""
    seat = seat_of(here, asked)
    return next((p for p in here.parties if seat and p.id == seat.party_id), None)


def allow(here: Here, asked: AccessRequest, role: str) -> tuple[Seat, Person]:
    """Gives a place, or the old one back when the address is of the person whose link it was. Raises Invalid."""
    seat = seat_of(here, asked)
    person = here.seats[seat.id][1] if seat else None
    if seat is None or person is None or seat.removed_at or person.email.casefold() != asked.email.casefold():
        party = party_of(here, asked)
        seat = actions.include_person(here, party, asked.name, asked.email, role, "")
    record(here, "access_allowed", step=actions.STEP, ref=seat.id, party_id=seat.party_id or "")
    here.tx.delete(asked)
    here.tx.flush()
    here.__dict__.pop("seats", None)
    return here.seats[seat.id]


def decline(here: Here, asked: AccessRequest) -> None:
    """Takes the question away. Whoever asked is told nothing."""
    party = party_of(here, asked)
    here.tx.delete(asked)
    record(here, "access_declined", step=actions.STEP, party_id=party.id if party else "")


# ---- handing over ----


def hand_over(
    tx: Session, settings: Settings, opened: Opened, name: str, email: str, function: str
) -> tuple[Person, bool]:
    """A colleague of the same party takes this place, with the same role and without a mandate; the old place ends and
    keeps what was done in it. Returns who, and whether a message goes to them.

    Raises Invalid with a sentence per field, NotAllowed, NotFound, Closed and TooOften.
    """
    seat, journey, person = opened.seat, opened.journey, opened.person
    if seat is None or journey is None or not may_hand_over(seat, person):
        raise NotAllowed("Deze plek kunt u niet zelf doorgeven. Vraag het de procesbegeleider.")
    here = here_for(tx, settings, person, journey, seat)
    here.require_not_archived()
    tx.refresh(opened.link, with_for_update=True)  # on PostgreSQL a second press waits, and then sees the first
    if opened.link.revoked_at is not None:
        raise NotFound(UNKNOWN)
    wrong = _wrong(name, email, "functie", function)
    if "e-mail" not in wrong and person.email.casefold() == email.casefold():
        wrong["e-mail"] = "Dit is het adres waarop u zelf bent uitgenodigd."
    elif actions.takes_part(here, email):
        wrong["e-mail"] = "Iemand met dit e-mailadres doet al mee."
    if wrong:
        raise Invalid("De plek is nog niet doorgegeven.", wrong)
    spend(tx, HANDED_OVER, journey.id, "In dit traject zijn vandaag al veel plekken doorgegeven.")
    party = here.party
    new = add_person(here, party, name, email, seat.role)
    new.function = function
    tx.add(new)
    record(here, "seat_handed_over", step=actions.STEP, ref=new.id, party_id=seat.party_id or "")
    colleague = here.seats[new.id][1]
    sent = actions.may_send(here, colleague)
    if sent:
        actions.send_invitation(here, new, colleague, actions.handed_over_letter)
    actions.close_seat(here, seat, person)
    tx.flush()
    _tell_leaders(here, colleague)
    return colleague, sent


def _tell_leaders(here: Here, colleague: Person) -> None:
    if not can_write(here.settings):
        return
    sender = sender_of(here)
    link = f"{here.settings.address}{here.url}/toegang"
    for _, leader in _leaders(here.tx, here.journey):
        letter = letters.seat_moved(
            sender,
            leader.name,
            here.journey.title,
            colleague.name,
            colleague.email,
            here.party_name(here.seat.party_id),
            link,
        )
        write_mail(here.tx, here.settings, leader, letter, sender=sender, journey_id=here.journey.id)
