"""What `driekolom mail …` does, apart from reading the words that were typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlmodel import Session, col, func, select

from app.core.clock import aware, moment_text, now
from app.core.database import Database
from app.core.errors import Invalid
from app.core.settings import Settings
from app.core.text import counted
from app.mail import bounces, letters, sender
from app.mail.models import Mail
from app.mail.queue import can_send
from app.mail.rules import fit
from app.messages.digest import write_digests

NO_SERVER = "DRIEKOLOM_SMTP_HOST is leeg: deze installatie verstuurt geen e-mail. Zie docs/beheer/mail.md."


def try_out(settings: Settings, address: str) -> Iterator[str]:
    """Sends a test message at once, and looks whether the mailbox can be read. Raises Invalid with what is wrong."""
    if not can_send(settings):
        raise Invalid(NO_SERVER)
    if not fit(address):
        raise Invalid(f"‘{address}’ is geen volledig e-mailadres. Een adres ziet eruit als naam@organisatie.nl.")
    letter = letters.test(address)
    mail = Mail(
        tenant_id="",
        to_name="",
        to_email=address,
        from_name="Driekolom",
        subject=letter.subject,
        body=letter.body,
        message_id=f"<proef.{int(now().timestamp())}@{settings.mail_from.rpartition('@')[2]}>",
    )
    try:
        with sender.connection(settings) as server:
            sender.hand_over(server, settings, mail)
    except (sender.Trouble, sender.Refused) as problem:
        raise Invalid(f"Het proefbericht is niet verzonden: {problem}.") from None
    yield f"Verzonden aan {address}. Kijk of het bericht aankomt, ook bij ongewenste e-mail."
    if settings.imap_host:
        try:
            with bounces.mailbox(settings):
                pass
        except sender.Trouble as problem:
            raise Invalid(f"Wat terugkomt, wordt niet gelezen: {problem}.") from None
        yield "De postbus voor berichten die terugkomen, is te lezen."


_STATES = {
    "waiting": "wachten nog",
    "sent": "verzonden, niet zeker of aangekomen",
    "refused": "geweigerd",
    "bounced": "niet aangekomen",
    "stopped": "niet verzonden",
    "ready": "staan klaar bij Uitgaande post",
}


def status_lines(tx: Session, settings: Settings) -> list[str]:
    """How it goes with the mail of this installation: numbers and reasons, no names and no addresses."""
    lines = [
        f"Mailserver: {settings.smtp_host}, poort {settings.smtp_port}, van {settings.mail_from}"
        if can_send(settings)
        else NO_SERVER,
        f"Postbus voor wat terugkomt: {settings.imap_host or 'geen'}",
    ]
    since = now() - timedelta(days=7)
    query = select(Mail.state, func.count()).where((Mail.created_at > since) | (Mail.state == "waiting"))
    numbers = dict(tx.exec(query.group_by(Mail.state)).all())
    lines += [f"{numbers[state]} {words}" for state, words in _STATES.items() if numbers.get(state)]
    if len(lines) == 2:
        lines.append("In de laatste zeven dagen is er niets verstuurd.")
    else:
        lines.insert(2, "In de laatste zeven dagen:")
    oldest = tx.exec(select(func.min(Mail.created_at)).where(Mail.state == "waiting")).one()
    if oldest is not None:
        lines.append(f"Het oudste bericht dat wacht, is van {moment_text(aware(oldest))}.")
    reasons = tx.exec(
        select(Mail.reason, func.count())
        .where(col(Mail.reason) != "", Mail.created_at > since)
        .group_by(Mail.reason)
        .order_by(func.count().desc(), Mail.reason)
        .limit(10)
    ).all()
    return lines + [f"  {number}× {reason}" for reason, number in reasons]


def send_overviews(database: Database, settings: Settings) -> str:
    """The daily overview to everybody who is due, and all that waits, at once. Raises Invalid without a mail server."""
    if not can_send(settings):
        raise Invalid(NO_SERVER)
    written = write_digests(database, settings)
    sent = sender.send_waiting(database, settings)
    return f"{counted(written, 'overzicht', 'overzichten')} gemaakt, {counted(sent, 'bericht', 'berichten')} verzonden."
