"""Queries of the log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from app.audit.deeds import DEEDS, SIGN_IN
from app.audit.models import AuditEntry, PurgeLine

SIGNING = tuple(what for what, deed in DEEDS.items() if deed.kind == SIGN_IN)


@dataclass(frozen=True)
class Member:
    """Somebody whose signing in concerns a journey: since when, and by which ids they are known."""

    person_id: str
    seat_id: str
    since: datetime


@dataclass(frozen=True)
class Asked:
    """Which lines: `kind` of deed, from one moment until before another, and only what concerns a party: its id, and
    everybody who sits with it."""

    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    party_id: str = ""


def list_lines(
    tx: Session,
    tenant_id: str,
    journey_id: str,
    members: Collection[Member],
    party_members: Collection[Member],
    asked: Asked,
    before: str = "",
    limit: int = 50,
) -> list[AuditEntry]:
    """Lines of one journey, newest first, with how its `members` signed in since they were in it. `before` is the id of
    the line to go on from. `party_members` are those of the party that is asked for."""
    query = select(AuditEntry).where(AuditEntry.tenant_id == tenant_id, _of(journey_id, members))
    if asked.party_id:
        seats = [m.seat_id for m in party_members]
        persons = [m.person_id for m in party_members]
        query = query.where(
            or_(
                col(AuditEntry.party_id) == asked.party_id,
                col(AuditEntry.seat_id).in_(seats),
                col(AuditEntry.person_id).in_(persons),
                col(AuditEntry.object).in_([f"plek:{s}" for s in seats]),
            )
        )
    if asked.kind:
        query = query.where(_kind(asked.kind))
    if asked.since:
        query = query.where(AuditEntry.at >= asked.since)
    if asked.until:
        query = query.where(AuditEntry.at < asked.until)
    if before:
        query = query.where(AuditEntry.id < before)
    return list(tx.exec(query.order_by(col(AuditEntry.id).desc()).limit(limit)))


def _of(journey_id: str, members: Collection[Member]) -> ColumnElement[bool]:
    first = min((m.since for m in members), default=None)
    own = col(AuditEntry.journey_id) == journey_id
    if first is None:
        return own
    signing = and_(
        col(AuditEntry.journey_id) == "",
        col(AuditEntry.what).in_(SIGNING),
        or_(*(and_(col(AuditEntry.person_id) == m.person_id, col(AuditEntry.at) >= m.since) for m in members)),
    )
    return or_(own, signing)


def _kind(kind: str) -> ColumnElement[bool]:
    if kind == "geweigerd":
        return col(AuditEntry.result) != "gelukt"
    return col(AuditEntry.what).in_([what for what, deed in DEEDS.items() if deed.kind == kind])


def list_lines_of(tx: Session, tenant_id: str, person_id: str, seat_ids: Collection[str]) -> list[AuditEntry]:
    """Everything that somebody did, oldest first."""
    return list(
        tx.exec(
            select(AuditEntry)
            .where(
                AuditEntry.tenant_id == tenant_id,
                or_(col(AuditEntry.person_id) == person_id, col(AuditEntry.seat_id).in_(seat_ids)),
            )
            .order_by(AuditEntry.id)
        )
    )


def list_purges(tx: Session, tenant_id: str = "", limit: int = 200) -> list[PurgeLine]:
    """What was removed for good, newest first; of one tenant, or of all."""
    query = select(PurgeLine).order_by(col(PurgeLine.id).desc()).limit(limit)
    return list(tx.exec(query.where(PurgeLine.tenant_id == tenant_id) if tenant_id else query))
