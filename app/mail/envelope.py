"""A message as it goes over the line: headers in which nothing can be smuggled, and short lines of text."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from app.core.clock import now
from app.core.settings import Settings
from app.core.text import clean
from app.mail.models import Mail

if TYPE_CHECKING:
    from email.message import EmailMessage

WIDTH = 72
_PAGE = re.compile(r"https?://\S+")


def make_message(settings: Settings, mail: Mail) -> EmailMessage:
    """The message with all its headers."""
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime

    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_line(mail.from_name), addr_spec=mail.from_email or settings.mail_from)
    message["To"] = Address(_line(mail.to_name), addr_spec=mail.to_email)
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    message["Subject"] = _line(mail.subject)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.off_url:
        message["List-Unsubscribe"] = f"<{mail.off_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(flowed(mail.body), cte="quoted-printable", params={"format": "flowed"})
    message["Content-Language"] = "nl"
    return message


def _line(value: str) -> str:
    return clean(value, lines=False)


def flowed(text: str) -> str:
    """Lines of at most 72 characters (RFC 3676): a reading program joins those that end in a space again.

    A line that holds an address of a page is left as it is, however long.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        line = line.strip()
        if not line or _PAGE.search(line):
            lines.append(line)
            continue
        pieces = textwrap.wrap(line, WIDTH - 2, break_on_hyphens=False)
        lines += [f"{piece} " for piece in pieces[:-1]] + pieces[-1:]
    return "\n".join(f" {line}" if line.startswith((" ", ">", "From ")) else line for line in lines) + "\n"
