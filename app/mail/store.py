"""Queries of mail."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.mail.models import Mail


class Fate(NamedTuple):
    """What became of a message: its state, when it came in it, and a sentence about what went wrong."""

    state: str
    changed_at: datetime
    reason: str


def list_fates(tx: Session, tenant_id: str, journey_id: str) -> dict[str, Fate]:
    """What became of the messages of a journey, by their id; without what stands in them."""
    columns = (Mail.id, Mail.state, Mail.changed_at, Mail.reason)
    rows = tx.exec(select(*columns).where(Mail.tenant_id == tenant_id, Mail.journey_id == journey_id))
    return {row[0]: Fate(*row[1:]) for row in rows}


class Newest(NamedTuple):
    """When a message was written, and what became of it."""

    created_at: datetime
    state: str
    changed_at: datetime
    reason: str


def newest_fates(tx: Session, tenant_id: str, kind: str) -> dict[str, Newest]:
    """What became of the newest message of this kind to each person."""
    columns = (Mail.person_id, Mail.created_at, Mail.state, Mail.changed_at, Mail.reason)
    rows = tx.exec(select(*columns).where(Mail.tenant_id == tenant_id, Mail.kind == kind).order_by(col(Mail.id)))
    return {row[0]: Newest(*row[1:]) for row in rows}


def list_mail(tx: Session, tenant_id: str, journey_id: str = "") -> list[Mail]:
    """Newest first."""
    query = select(Mail).where(Mail.tenant_id == tenant_id).order_by(col(Mail.id).desc())
    if journey_id:
        query = query.where(Mail.journey_id == journey_id)
    return list(tx.exec(query))
