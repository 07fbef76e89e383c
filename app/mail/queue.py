"""The queue: put a message in it, take one out to send, say what became of it.

Nothing is lost: a message leaves `waiting` only when the mail server has said yes or no. A sender takes a message by
moving its `next_at` ahead; when it dies in between, the message is tried again after that. It may then come twice (with
the same Message-ID), but never not at all.
"""

from __future__ import annotations

import secrets
import threading

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, func, select

from app.core import limits
from app.core.clock import aware, now
from app.core.database import Database, once_committed
from app.core.errors import Invalid
from app.core.settings import Settings
from app.core.text import clean
from app.mail import rules
from app.mail.letters import Letter, Sender
from app.mail.models import Mail

work = threading.Event()  # set when a message may be waiting; the sender of this process listens

TOO_MANY = "Dit adres kreeg vandaag al genoeg berichten van Driekolom."
TOO_MANY_SENT = "U hebt vandaag al heel veel berichten verstuurd."
NO_MAIL = "Driekolom verstuurt hier geen e-mail. Kopieer de tekst naar uw eigen e-mailprogramma."


def can_send(settings: Settings) -> bool:
    """Whether this installation hands messages to a mail server."""
    return bool(settings.smtp_host)


def can_write(settings: Settings) -> bool:
    """Whether a message can be written: to be sent, or for the outbox page of local mode."""
    return settings.local or can_send(settings)


def put(
    tx: Session,
    settings: Settings,
    letter: Letter,
    *,
    tenant_id: str,
    to_name: str,
    to_email: str,
    person_id: str = "",
    sender: Sender | None = None,
    from_email: str = "",
    journey_id: str = "",
) -> Mail:
    """Puts a message in the queue, or on the outbox page without a mail server. It leaves after the commit.

    Raises Invalid when this installation sends no mail or the address cannot be one, TooOften when there were too many
    today.
    """
    if not can_write(settings):
        raise Invalid(NO_MAIL)
    sending = can_send(settings)
    mail = Mail(
        tenant_id=tenant_id,
        kind=letter.kind,
        journey_id=journey_id,
        person_id=person_id,
        by_person=sender.person_id if sender and letter.kind not in rules.ASKED else "",  # a stranger caused those
        to_name=clean(to_name, lines=False),
        to_email=clean(to_email, lines=False),
        from_name=clean(sender.shown, lines=False)[:300] if sender else "Driekolom",
        from_email=from_email,
        reply_to=sender.email if sender and rules.fit(sender.email) else "",
        subject=clean(letter.subject, lines=False),
        body=letter.body,
        off_url=letter.off_url,
        until=letter.until,
        state="waiting" if sending else "ready",
        next_at=now() if sending else None,
    )
    if sending:
        if not rules.fit(mail.to_email):
            raise Invalid("Dit is geen volledig e-mailadres. Een adres ziet eruit als naam@organisatie.nl.")
        limits.spend(tx, rules.to_one(letter.kind), rules.one_address(to_email), TOO_MANY)
        if mail.by_person:
            limits.spend(tx, rules.BY_ONE, mail.by_person, TOO_MANY_SENT)
        domain = (from_email or settings.mail_from).rpartition("@")[2]
        mail.message_id = f"<{mail.id}.{secrets.token_hex(8)}@{domain}>"
        once_committed(tx, work.set)
    tx.add(mail)
    return mail


def withdraw(tx: Session, tenant_id: str, person_id: str, journey_id: str = "", kind: str = "") -> None:
    """What still waits for this person (of this journey, of this kind) is not sent any more, e.g. because the link in
    it was revoked."""
    query = select(Mail).where(Mail.tenant_id == tenant_id, Mail.person_id == person_id, Mail.state == "waiting")
    if journey_id:
        query = query.where(Mail.journey_id == journey_id)
    if kind:
        query = query.where(Mail.kind == kind)
    for mail in tx.exec(query):
        _become(mail, "stopped", "ingetrokken voordat het was verstuurd")
        tx.add(mail)


def claim(database: Database) -> Mail | None:
    """Takes the message that waits longest, for this sender alone. None when there is none to send now."""
    while True:
        with database.read() as tx:
            due = select(Mail.tenant_id, Mail.id).where(Mail.state == "waiting", col(Mail.next_at) <= now())
            found = tx.exec(due.order_by(col(Mail.next_at), Mail.id).limit(1)).first()
        if found is None:
            return None
        with database.write() as tx:
            mine = (
                Mail.tenant_id == found[0],
                Mail.id == found[1],
                Mail.state == "waiting",
                col(Mail.next_at) <= now(),
            )
            taken = tx.execute(
                update(Mail).where(*mine).values(next_at=now() + rules.LEASE, attempts=Mail.attempts + 1)
            ).rowcount
            if not taken:
                continue  # another process was first
            mail = tx.exec(select(Mail).where(Mail.tenant_id == found[0], Mail.id == found[1])).one()
            if mail.until is not None and aware(mail.until) <= now():
                _become(mail, "stopped", "het was te laat: wat erin stond, gold niet meer")
                tx.add(mail)
                continue
        return mail


def next_moment(database: Database) -> float:
    """In how many seconds the first message may be tried again; at most half a minute."""
    with database.read() as tx:
        found = tx.exec(select(func.min(Mail.next_at)).where(Mail.state == "waiting")).one()
    return 30.0 if found is None else min(30.0, max(0.0, (aware(found) - now()).total_seconds()))


def settle(database: Database, mail: Mail, state: str, reason: str = "") -> None:
    """Says what became of a message that was taken: sent, refused, or waiting because it failed for now."""
    with database.write() as tx:
        found = tx.get(Mail, (mail.tenant_id, mail.id))
        if found is None or found.state != "waiting":
            return  # withdrawn while it was being sent
        if state == "waiting" and found.attempts > len(rules.RETRY):
            _become(found, "stopped", reason)
        elif state == "waiting":
            found.next_at, found.reason = now() + rules.RETRY[found.attempts - 1], reason
        else:
            _become(found, state, reason)
        tx.add(found)


def forget_old(database: Database) -> int:
    """Deletes what was settled long ago. Returns how many messages."""
    with database.write() as tx:
        old = (col(Mail.changed_at) < now() - rules.KEPT, Mail.state != "waiting", Mail.state != "ready")
        return tx.execute(delete(Mail).where(*old)).rowcount


def bounce(tx: Session, message_id: str, reason: str) -> bool:
    """A message came back. False when it is none of ours."""
    known = or_(Mail.state == "sent", Mail.state == "waiting", Mail.state == "bounced")
    found = tx.exec(select(Mail).where(Mail.message_id == message_id, known)).first() if message_id else None
    if found is None:
        return False
    _become(found, "bounced", reason)
    tx.add(found)
    return True


def _become(mail: Mail, state: str, reason: str = "") -> None:
    mail.state, mail.reason, mail.changed_at, mail.next_at = state, reason, now(), None
    mail.body = mail.off_url = ""  # may hold a personal link or a code, and nobody reads it again
