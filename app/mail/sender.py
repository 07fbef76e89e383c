"""The sender: one thread that hands what waits to the mail server, and does what belongs to each day.

It starts only with a mail server (`smtp_host`). Several processes may each have one: a message is taken by one of them
(see `app.mail.queue`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from app.core.database import Database
from app.core.settings import Settings
from app.mail import queue, rules
from app.mail.envelope import make_message
from app.mail.models import Mail

if TYPE_CHECKING:
    import smtplib
    from collections.abc import Iterator

LOG = logging.getLogger(__name__)
SECONDS = 60  # how long the mail server may take for one answer


class Trouble(Exception):
    """It did not work now, and not because of the address: a sentence about what is wrong."""


class Refused(Exception):
    """The mail server does not take this message, and will not later."""


@contextmanager
def connection(settings: Settings) -> Iterator[smtplib.SMTP]:
    """An encrypted connection with the mail server, signed in when there is a user. Raises Trouble."""
    import smtplib
    import ssl

    context = ssl.create_default_context(cafile=settings.mail_ca or None)
    where = f"{settings.smtp_host}, poort {settings.smtp_port}"
    server: smtplib.SMTP | None = None
    try:
        if settings.smtp_tls == "tls":
            server = smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SECONDS)
        if settings.smtp_tls == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except smtplib.SMTPNotSupportedError:
        _close(server)
        raise Trouble(f"de mailserver ({where}) kan niet wat nodig is: versleutelen of aanmelden") from None
    except ssl.SSLError:
        _close(server)
        raise Trouble(f"het certificaat van de mailserver ({where}) is niet te vertrouwen") from None
    except smtplib.SMTPAuthenticationError:
        _close(server)
        raise Trouble(f"de mailserver ({where}) weigert de naam of het wachtwoord van Driekolom") from None
    except (OSError, smtplib.SMTPException, UnicodeError):
        _close(server)
        raise Trouble(f"de mailserver ({where}) is nu niet te bereiken") from None
    try:
        yield server
    finally:
        _close(server)


def _close(server: smtplib.SMTP | None) -> None:
    if server is not None:
        with suppress(Exception):
            server.quit()


def hand_over(server: smtplib.SMTP, settings: Settings, mail: Mail) -> None:
    """Hands over one message. Raises Refused and Trouble; returns only when the server has said that it has it."""
    import smtplib

    try:
        message = make_message(settings, mail)
    except (ValueError, TypeError, AttributeError, LookupError):  # the email package refuses an address in many ways
        raise Refused("dit adres kan niet worden gebruikt") from None
    try:
        server.send_message(message, from_addr=settings.bounce_address, to_addrs=[mail.to_email])
    except smtplib.SMTPRecipientsRefused as problem:
        code, words = next(iter(problem.recipients.values()))
        raise _refused(code, words) from None
    except smtplib.SMTPSenderRefused:
        raise Trouble("de mailserver weigert het adres waarvan Driekolom verstuurt") from None
    except smtplib.SMTPResponseException as problem:
        raise _refused(problem.smtp_code, problem.smtp_error) from None
    except (OSError, smtplib.SMTPException, UnicodeError):
        raise Trouble("de verbinding met de mailserver viel weg") from None


def _refused(code: int, words: bytes | str) -> Exception:
    """Refused for good, or trouble for now. The finer code (5.1.1) stands at the start of what the server says."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)
    first = text.split(None, 1)[0] if text.split() else ""
    status = first if first[:2] in ("4.", "5.") and first.replace(".", "").isdigit() and len(first) <= 9 else ""
    if 500 <= code < 600:
        return Refused(rules.refusal(code, status))
    return Trouble(f"de mailserver neemt het nu niet aan ({status or code})")


def send_waiting(database: Database, settings: Settings, stop: Callable[[], bool] = lambda: False) -> int:
    """Hands over what waits, one after the other. Returns how many the server took."""
    sent = 0

    def take() -> Mail | None:
        return None if stop() else queue.claim(database)

    mail = take()
    while mail is not None:
        try:
            with connection(settings) as server:
                while mail is not None:
                    sent += _send_one(database, settings, server, mail)
                    mail = take()
        except Trouble as problem:
            LOG.warning("mail: %s", problem)
            queue.settle(database, mail, "waiting", str(problem))
            mail = take()
    return sent


def _send_one(database: Database, settings: Settings, server: smtplib.SMTP, mail: Mail) -> int:
    """Raises Trouble when the connection is of no use any more."""
    try:
        hand_over(server, settings, mail)
    except Refused as problem:
        queue.settle(database, mail, "refused", str(problem))
        return 0
    queue.settle(database, mail, "sent")
    return 1


class SenderThread:
    """Sends what waits as soon as it is there; `jobs` are done about every minute (each decides itself whether it is
    time)."""

    def __init__(self, database: Database, settings: Settings, jobs: tuple[Callable[[], None], ...] = ()):
        self._database, self._settings, self._jobs = database, settings, jobs
        self._stopping = threading.Event()
        self._threads = (
            threading.Thread(target=self._send, name="mail", daemon=True),
            threading.Thread(target=self._work, name="mail-jobs", daemon=True),
        )

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Waits shortly for the message that is being sent; what still waits, waits for the next start."""
        self._stopping.set()
        queue.work.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _send(self) -> None:
        while not self._stopping.is_set():
            queue.work.clear()
            with _survives("sending"):
                send_waiting(self._database, self._settings, self._stopping.is_set)
            wait = 30.0
            with _survives("looking"):
                wait = queue.next_moment(self._database)
            queue.work.wait(max(wait, 0.5))

    def _work(self) -> None:
        while not self._stopping.wait(60):
            for job in self._jobs:
                with _survives("a job"):
                    job()


@contextmanager
def _survives(what: str) -> Iterator[None]:
    """The thread goes on whatever happens: a busy database or an odd message must not stop all mail."""
    try:
        yield
    except Exception as problem:
        LOG.error("mail: %s failed: %s", what, type(problem).__name__)  # the words might hold an address
