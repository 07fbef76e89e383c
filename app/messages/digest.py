"""The daily overview: what others did since somebody was last here, in one message a day at most, and none when nothing
happened. What stands in it comes from `app.overview.happened`, with the rights of whoever reads it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from app.core.clock import NL, aware, now, today
from app.core.database import Busy, Database
from app.core.errors import NotFound, Refusal
from app.core.ids import first_id
from app.core.settings import Settings
from app.core.text import counted
from app.journey.actions import here_for
from app.journey.gate import Here
from app.journey.senders import sender_of
from app.journey.store import list_events
from app.mail.letters import DigestItem, DigestPart, Sender, digest
from app.mail.queue import can_send, forget_old
from app.mail.rules import fit
from app.messages import store
from app.messages.models import Digest
from app.overview.happened import changes
from app.people.actions import write_mail
from app.people.models import Person

LOG = logging.getLogger(__name__)
LINES = 15  # in one message
SETTLED = timedelta(minutes=2)  # something younger may still be on its way into the database


def write_digests(database: Database, settings: Settings) -> int:
    """Writes to everybody for whom there is something new and who had no overview today. Returns how many messages.

    Safe to do twice, also by two processes at once.
    """
    if not can_send(settings):
        return 0
    with database.read() as tx:
        readers = store.list_readers(tx)
    together: dict[tuple[str, str], list[str]] = {}
    for tenant_id, email, person_id in readers:
        if fit(email):
            together.setdefault((tenant_id, email.casefold()), []).append(person_id)
    written = 0
    for (tenant_id, _), persons in together.items():
        try:
            with database.write() as tx:
                written += _write_one(tx, settings, tenant_id, persons)
        except Busy:
            continue  # another process is writing to this reader
        except Refusal as problem:
            LOG.warning("daily overview: %s", type(problem).__name__)
    return written


def _write_one(tx: Session, settings: Settings, tenant_id: str, persons: Sequence[str]) -> int:
    """To one reader: one address, with a place in one or more journeys."""
    rows = _rows(tx, tenant_id, persons)
    if any(row.off or row.sent_on == today() for row in rows):
        return 0
    until = first_id(now() - SETTLED)
    parts, people = [], []
    for row in rows:
        person = tx.get(Person, (tenant_id, row.person_id))
        if person is None:
            continue
        people.append(person)
        looked = store.last_look(tx, tenant_id, person.id)
        for seat, journey in store.list_places(tx, tenant_id, person.id):
            since = max(seat.seen, row.told, first_id(aware(looked)) if looked else "")
            if part := _part(here_for(tx, settings, person, journey, seat), since, until):
                parts.append(part)
    if not parts:
        return 0
    person, url = people[0], f"{settings.address}/berichten/uit/{rows[0].off_token}"
    write_mail(tx, settings, person, digest(person.name, parts, LINES, url), sender=parts[0].sender)
    for row in rows:
        row.sent_on, row.told = today(), until
        tx.add(row)
    return 1


def _rows(tx: Session, tenant_id: str, persons: Sequence[str]) -> list[Digest]:
    """The row of each, made when it was not there. On PostgreSQL they stay ours until the commit."""
    known = {row.person_id: row for row in store.list_digests(tx, tenant_id, persons, lock=True)}
    for person_id in persons:
        if person_id not in known:
            known[person_id] = Digest(tenant_id=tenant_id, person_id=person_id)
            tx.add(known[person_id])
    tx.flush()
    return [known[person_id] for person_id in sorted(persons)]


def _part(here: Here, since: str, until: str) -> DigestPart | None:
    """What is new in one journey for this reader; None when nothing is."""
    events = [e for e in list_events(here.tx, here.journey, since) if e.id <= until]
    address = here.settings.address
    items: dict[
        tuple[str, str], DigestItem
    ] = {}  # the same done several times on a day is told once, at the newest place
    for event in events:
        for day in changes(here, [event]):
            for change in day.changes:
                [doing] = change.did
                [(words, url)] = doing.places
                told = " ".join(w for w in (change.who, doing.before, words, doing.after) if w)
                items.setdefault((day.label, told), DigestItem(day.label, told, address + url))
    if not items:
        return None
    found = store.find_leader(here.tx, here.journey)
    seat, person = found if found else (here.seat, here.person)
    sender = sender_of(here_for(here.tx, here.settings, person, here.journey, seat))
    own = person.id == here.person.id
    if own:  # nobody gets mail from oneself
        sender = Sender("Driekolom", sender.municipality or sender.of)
    return DigestPart(here.journey.title, sender, tuple(items.values()), f"{address}{here.url}/veranderd", own)


# ---- on and off ----


def wants_digest(tx: Session, person: Person) -> bool:
    """Whether this person gets a daily overview when there is something new."""
    same = [p.id for p in store.list_same_address(tx, person)]
    return not any(row.off for row in store.list_digests(tx, person.tenant_id, same))


def choose(tx: Session, person: Person, *, off: bool) -> None:
    """Turns the daily overview of this person on or off, in all their journeys."""
    for row in _rows(tx, person.tenant_id, [p.id for p in store.list_same_address(tx, person)]):
        row.off = off
        tx.add(row)


def reader_of(tx: Session, off_token: str) -> Person:
    """Whose overview this link turns off. Raises NotFound."""
    row = store.find_digest(tx, off_token)
    person = tx.get(Person, (row.tenant_id, row.person_id)) if row else None
    if person is None:
        raise NotFound("Deze link werkt niet (meer).")
    return person


class Daily:
    """Once a day, from the hour of the setting on: writes the overviews, forgets old messages. Asked every minute."""

    def __init__(self, database: Database, settings: Settings):
        self._database, self._settings, self._done = database, settings, None

    def __call__(self) -> None:
        if now().astimezone(NL).hour < self._settings.mail_hour or self._done == today():
            return
        written = write_digests(self._database, self._settings)
        forget_old(self._database)
        self._done = today()
        LOG.info("daily overview: %s", counted(written, "message", "messages"))
