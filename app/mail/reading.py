"""What mail says to the rooms above: what became of a message, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.core.clock import aware, moment_text, now
from app.core.text import sentence
from app.mail.letters import KINDS
from app.mail.models import Mail


@dataclass(frozen=True)
class Delivery:
    """One message. `words` is a sentence: 'Verzonden 14:02, niet zeker of aangekomen.'"""

    id: str
    kind: str  # "uitnodiging"
    to_name: str
    to_email: str
    person_id: str
    by_person: str
    when: datetime
    words: str
    failed: bool  # did not arrive, and will not
    soon: bool  # is being sent at this moment: look again in a second or two


def delivery(mail: Mail) -> Delivery:
    """What became of this message."""
    return Delivery(
        id=mail.id,
        kind=KINDS.get(mail.kind, "bericht"),
        to_name=mail.to_name,
        to_email=mail.to_email,
        person_id=mail.person_id,
        by_person=mail.by_person,
        when=aware(mail.created_at),
        words=_words(mail),
        failed=mail.state in ("refused", "bounced", "stopped"),
        soon=mail.state == "waiting"
        and (mail.next_at is None or aware(mail.next_at) < now() + timedelta(seconds=5))
        or (mail.state == "waiting" and not mail.reason),
    )


def _words(mail: Mail) -> str:
    when = moment_text(mail.changed_at)
    if mail.state == "ready":
        return "Staat klaar bij Uitgaande post."
    if mail.state == "sent":
        return f"Verzonden {when}, niet zeker of aangekomen."
    if mail.state == "waiting":
        if not mail.reason:
            return "Wordt nu verstuurd."
        again = f" Nieuwe poging: {moment_text(mail.next_at)}." if mail.next_at else ""
        return f"Nog niet verzonden: {mail.reason}.{again}"
    said = {"refused": "Geweigerd", "bounced": "Niet aangekomen", "stopped": "Niet verzonden"}[mail.state]
    return f"{said}: {sentence(mail.reason)[:1].lower()}{sentence(mail.reason)[1:]}" if mail.reason else f"{said}."


def list_deliveries(tx: Session, tenant_id: str, journey_id: str, limit: int = 200) -> list[Delivery]:
    """The messages of a journey, newest first. Never their text."""
    query = select(Mail).where(Mail.tenant_id == tenant_id, Mail.journey_id == journey_id)
    return [delivery(mail) for mail in tx.exec(query.order_by(col(Mail.id).desc()).limit(limit))]


def find_delivery(tx: Session, tenant_id: str, journey_id: str, mail_id: str) -> Delivery | None:
    """One message of this journey."""
    found = tx.get(Mail, (tenant_id, mail_id))
    return delivery(found) if found and found.journey_id == journey_id else None
