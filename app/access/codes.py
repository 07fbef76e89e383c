"""A code for somebody we know, on a new device: six digits by mail, or read out by the procesbegeleider.

Asking always goes the same way and takes as long, whoever asks: the address is looked up after the answer is sent. A
code works in the browser that asked, for ten minutes, five tries, once.
"""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from app.access.models import CodeAsked
from app.audit.actions import note
from app.core.clock import aware, now
from app.core.database import Database
from app.core.errors import Invalid, Refusal
from app.core.ids import fingerprint, new_secret
from app.core.limits import Limit, hours, spend
from app.core.settings import Settings
from app.core.turn import Actor
from app.journey import store as journeys
from app.journey.actions import here_for
from app.journey.models import Journey, Seat
from app.journey.senders import sender_of
from app.mail.letters import Sender, device_code
from app.mail.queue import can_write
from app.mail.rules import one_address
from app.people import store as people
from app.people.actions import address_problem, write_mail
from app.people.models import Person, PersonLink

LOG = logging.getLogger(__name__)

MINUTES, TRIES = 10, 5
ASKED = Limit("code-asked", 5, hours(1))  # for one address
ASKED_BY_ALL = Limit("code-asked-all", 1000, hours(1))
WRONG = "Deze code klopt niet."
OVER = "Deze code werkt niet meer. Vraag een nieuwe code aan."


def ask_code(tx: Session, address: str) -> str:
    """Notes that this browser asks for a code. Returns the secret for its cookie; says nothing of the address.
    Raises Invalid for what can be no address, and TooOften."""
    if problem := address_problem(address):
        raise Invalid(problem, {"e-mail": problem})
    spend(tx, ASKED_BY_ALL)
    spend(tx, ASKED, one_address(address), "Voor dit e-mailadres is al vaak een code gevraagd.")
    tx.connection().execute(delete(CodeAsked).where(col(CodeAsked.expires_at) < now()))
    secret = new_secret()
    tx.add(CodeAsked(asked_hash=fingerprint(secret), expires_at=now() + timedelta(minutes=MINUTES)))
    return secret


def answer_asked(database: Database, settings: Settings, secret: str, address: str) -> bool:
    """Looks the address up and mails the code, after the answer was sent. Whoever asked does not see whether it did;
    the answer is whether the address is known."""
    try:
        with database.write() as tx:
            asked = tx.get(CodeAsked, fingerprint(secret))
            found = [p for p in find_persons(tx, address) if open_seats(tx, p) or starts(tx, p)]
            if asked is None or not found:
                return False
            asked.persons = " ".join(f"{p.tenant_id}/{p.id}" for p in found)
            tx.add(asked)
            if can_write(settings):
                code = _new_code(tx, [asked])
                _mail_code(tx, settings, found, code, asked)
    except Refusal as refused:  # too many messages today, or the server is busy: asking again is the way
        LOG.warning("no code was sent: %s", type(refused).__name__)
    return True


def find_persons(tx: Session, address: str) -> list[Person]:
    """Everybody with this address, in every gemeente of the installation."""
    query = select(Person).where(func.lower(Person.email) == address.lower(), col(Person.local).is_(False))
    return list(tx.exec(query.order_by(Person.tenant_id, Person.id)))


def open_seats(tx: Session, person: Person) -> list[tuple[Seat, Journey]]:
    """The places where this person may come in by a code, newest first: not where they were never invited."""
    return [
        (seat, journey)
        for journey, seat in journeys.list_journeys_of(tx, person)
        if seat.last_seen_on or person.may_start or journeys.find_newest_link(tx, seat)
    ]


def starts(tx: Session, person: Person) -> bool:
    """Whether somebody without a place may come in, to start a traject."""
    if not person.may_start:
        return False
    query = select(PersonLink).where(PersonLink.tenant_id == person.tenant_id, PersonLink.person_id == person.id)
    return any(link.revoked_at is None for link in tx.exec(query))


def _new_code(tx: Session, asked: list[CodeAsked]) -> str:
    code = f"{secrets.randbelow(10**6):06d}"
    for one in asked:
        one.code_hash = fingerprint(one.asked_hash + code)
        tx.add(one)
    return code


def _mail_code(tx: Session, settings: Settings, found: list[Person], code: str, asked: CodeAsked) -> None:
    """One message, from whoever invited this person last."""
    places = [(person, seat, journey) for person in found for seat, journey in open_seats(tx, person)]
    title = places[0][2].title if len(places) == 1 else ""
    to = found[0]
    if places:
        to, seat, journey = places[0]
        seats = {s.id: (p, s) for s, p in journeys.list_seats(tx, journey)}
        link = journeys.find_newest_link(tx, seat)
        first = next(both for both in seats.values() if both[1].role == "procesbegeleider")
        by, by_seat = seats.get(link.made_by if link else "", first)
        sender = sender_of(here_for(tx, settings, by, journey, by_seat))
    else:
        tenant = people.find_tenant(tx, to.tenant_id)
        own = to.tenant_id == people.INSTALLATION
        name = settings.mail_name if own else tenant.name if tenant else ""
        phone = settings.mail_telephone if own else tenant.telephone if tenant else ""
        sender = Sender("de beheerder", name or "Driekolom", phone=phone)
    letter = device_code(sender, to.name, title, code, aware(asked.expires_at))
    write_mail(tx, settings, to, letter, sender=sender, journey_id=places[0][2].id if places else "")


def try_code(tx: Session, secret: str, typed: str) -> list[Person]:
    """Whoever this code lets in: one person, or several to choose from (see `choose`). A wrong code counts.

    Raises Invalid: with WRONG while there are tries left, else with OVER.
    """
    row = CodeAsked.__table__  # type: ignore[attr-defined]
    counted = tx.connection().execute(  # counted in one go: two guesses at the same moment are two
        update(row)
        .where(
            row.c.asked_hash == fingerprint(secret),
            row.c.expires_at > now(),
            row.c.tries < TRIES,
            row.c.passed_at.is_(None),
        )
        .values(tries=row.c.tries + 1)
        .returning(row.c.asked_hash, row.c.code_hash, row.c.tries)
    )
    found = counted.first()
    if found is None:
        raise Invalid(OVER)
    asked_hash, code_hash, tries = found
    code = "".join(c for c in typed if c.isascii() and c.isdigit())
    if not secrets.compare_digest(code_hash, fingerprint(asked_hash + code)):
        left = TRIES - tries
        for tenant_id, person_id in (key.split("/") for key in tx.get_one(CodeAsked, asked_hash).persons.split()):
            note(tx, "signed_in", Actor(tenant_id, person_id), object="wijze:code", result="klopt-niet")
        raise Invalid(OVER if not left else f"{WRONG} U kunt het nog {left} keer proberen.")
    asked = tx.get(CodeAsked, asked_hash)
    persons = _persons(tx, asked) if asked else []
    if not persons:
        raise Invalid(OVER)
    if len(persons) == 1:
        tx.delete(asked)
    else:
        asked.passed_at = now()  # type: ignore[union-attr]
        tx.add(asked)
    return persons


def passed(tx: Session, secret: str) -> list[Person]:
    """The persons to choose from in a browser that gave the right code; [] for any other."""
    asked = tx.get(CodeAsked, fingerprint(secret)) if secret else None
    if asked is None or asked.passed_at is None or aware(asked.expires_at) <= now():
        return []
    return _persons(tx, asked)


def choose(tx: Session, secret: str, person_id: str) -> Person | None:
    """The person who was chosen, after which the code is used up; None when it was not among the choices."""
    chosen = next((p for p in passed(tx, secret) if p.id == person_id), None)
    if chosen:
        tx.delete(tx.get_one(CodeAsked, fingerprint(secret)))
    return chosen


def _persons(tx: Session, asked: CodeAsked) -> list[Person]:
    """Who may still come in: between asking and typing a place can be taken away."""
    keys = [tuple(key.split("/")) for key in asked.persons.split()]
    found = [person for key in keys if (person := tx.get(Person, key))]
    return [p for p in found if open_seats(tx, p) or starts(tx, p)]


# ---- read out by the procesbegeleider ----


def list_waiting(tx: Session) -> dict[str, CodeAsked]:
    """Who waits for a code now, by 'tenant/person'."""
    return {key: asked for asked in _waiting(tx) for key in asked.persons.split()}


def code_to_read_out(tx: Session, person: Person) -> str:
    """A new code for every browser that waits for this person; one that was mailed stops working. Raises Invalid when
    nobody waits.

    Whoever reads it out answers for this person only: places of the same address elsewhere are not opened by it.
    """
    key = f"{person.tenant_id}/{person.id}"
    waiting = [asked for asked in _waiting(tx) if key in asked.persons.split()]
    if not waiting:
        raise Invalid("Er wacht nu niemand op een code voor deze persoon.")
    for asked in waiting:
        asked.persons = key
    return _new_code(tx, waiting)


def _waiting(tx: Session) -> list[CodeAsked]:
    return list(
        tx.exec(
            select(CodeAsked)
            .where(
                CodeAsked.expires_at > now(),
                CodeAsked.persons != "",
                CodeAsked.tries < TRIES,
                col(CodeAsked.passed_at).is_(None),
            )
            .order_by(CodeAsked.created_at)
        )
    )
