"""What came back: reads the mailbox for messages that could not be delivered.

A mail server tells it in a report (RFC 3464) that quotes the Message-ID of what we sent; ours hold a random part, so
nobody can make one up. All else in the mailbox (out of office, an answer) is left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.database import Database
from app.core.settings import Settings
from app.mail import queue, rules
from app.mail.sender import SECONDS, Trouble

if TYPE_CHECKING:
    import imaplib
    from email.message import Message

LOG = logging.getLogger(__name__)
LARGEST = 300_000  # bytes of one message that are read
MOST = 200  # messages in one go


@dataclass(frozen=True)
class Bounce:
    """A message of ours that will not be delivered."""

    message_id: str
    reason: str


def read_bounce(content: bytes) -> Bounce | None:
    """What a message in the mailbox says about one of ours; None for anything but a final failure. Never raises."""
    from email.parser import BytesParser

    try:
        return _report(BytesParser().parsebytes(content))
    except Exception:  # a stranger wrote this: it can break a parser in any way, and must not stop the others
        LOG.warning("mailbox: a message that cannot be read")
        return None


def _report(message: Message) -> Bounce | None:
    if message.get_content_type() != "multipart/report":
        return None
    failed, status, message_id = False, "", ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in part.get_payload() if isinstance(part.get_payload(), list) else ():
                if str(block.get("Action", "")).strip().casefold() == "failed":
                    failed, status = True, str(block.get("Status", "")).strip().split(" ")[0]
        elif kind == "message/rfc822" and isinstance(part.get_payload(), list):
            message_id = message_id or _id_of(part.get_payload()[0])
        elif kind == "text/rfc822-headers":
            from email.parser import HeaderParser

            message_id = message_id or _id_of(HeaderParser().parsestr(str(part.get_payload())))
    if not failed or not message_id:
        return None
    known = status if status.replace(".", "").isdigit() and status[:2] in ("4.", "5.") and len(status) <= 9 else ""
    return Bounce(message_id, rules.refusal(0, known) if known else "de mailserver van dit adres stuurde het terug")


def _id_of(message: Message) -> str:
    return " ".join(str(message.get("Message-ID", "")).split())


@contextmanager
def mailbox(settings: Settings) -> Iterator[imaplib.IMAP4]:
    """The mailbox, encrypted and signed in, with the folder open. Raises Trouble."""
    import imaplib
    import ssl

    context = ssl.create_default_context(cafile=settings.mail_ca or None)
    where = f"{settings.imap_host}, poort {settings.imap_port}"
    box: imaplib.IMAP4 | None = None
    try:
        if settings.imap_tls == "tls":
            box = imaplib.IMAP4_SSL(settings.imap_host, settings.imap_port, ssl_context=context, timeout=SECONDS)
        else:
            box = imaplib.IMAP4(settings.imap_host, settings.imap_port, timeout=SECONDS)
        if settings.imap_tls == "starttls":
            box.starttls(context)
    except ssl.SSLError:
        _drop(box)
        raise Trouble(f"het certificaat van de postbus ({where}) is niet te vertrouwen") from None
    except (OSError, imaplib.IMAP4.error):
        _drop(box)
        raise Trouble(f"de postbus ({where}) is nu niet te bereiken") from None
    try:
        try:
            box.login(settings.imap_user, settings.imap_password)
        except (OSError, imaplib.IMAP4.error, UnicodeError):
            raise Trouble(f"de postbus ({where}) weigert de naam of het wachtwoord van Driekolom") from None
        folder = '"' + settings.imap_folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if box.select(folder)[0] != "OK":
            raise Trouble(f"de postbus ({where}) heeft geen map ‘{settings.imap_folder}’")
        yield box
    except (OSError, imaplib.IMAP4.error):
        raise Trouble(f"de verbinding met de postbus ({where}) viel weg") from None
    finally:
        with suppress(Exception):
            box.logout()


def _drop(box: imaplib.IMAP4 | None) -> None:
    if box is not None:
        with suppress(Exception):
            box.shutdown()


def read_mailbox(database: Database, settings: Settings) -> int:
    """Looks at every message that was not read, and says at ours what came back. Returns how many did. Raises Trouble.

    A report about a message of ours is deleted once it is written down: it holds an address. The rest is only marked as
    read.
    """
    found = 0
    with mailbox(settings) as box:
        numbers = box.uid("SEARCH", "UNSEEN")[1][0]
        for uid in (numbers or b"").split()[:MOST]:
            bounce = read_bounce(_content(box, uid))
            if bounce is not None and _written(database, bounce):
                found += 1
                box.uid("STORE", uid, "+FLAGS", r"(\Seen \Deleted)")
            else:
                box.uid("STORE", uid, "+FLAGS", r"(\Seen)")
        if found:
            box.expunge()
    return found


def _content(box: imaplib.IMAP4, uid: bytes) -> bytes:
    answer = box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")[1]
    return next((piece[1] for piece in answer or () if isinstance(piece, tuple)), b"")


def _written(database: Database, bounce: Bounce) -> bool:
    with database.write() as tx:
        return queue.bounce(tx, bounce.message_id, bounce.reason)


class Mailbox:
    """Looks in the mailbox every five minutes. Asked every minute."""

    def __init__(self, database: Database, settings: Settings, every: int = 5):
        self._database, self._settings, self._every, self._turn = database, settings, every, 0

    def __call__(self) -> None:
        self._turn += 1
        if self._settings.imap_host and self._turn % self._every == 1 % self._every:
            try:
                read_mailbox(self._database, self._settings)
            except Trouble as problem:
                LOG.warning("mail: %s", problem)
