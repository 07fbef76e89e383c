"""Counts per gemeente. No query here reads a word that somebody typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, SQLModel, col, func, select

from app.core.clock import now
from app.journey.models import Event, Journey, Seat
from app.mail.models import Mail
from app.people.models import SignIn

RECENT = timedelta(days=30)


@dataclass(frozen=True)
class Usage:
    """How much a gemeente uses. `used_at` is the last thing that somebody did or opened."""

    journeys: int = 0
    people: int = 0
    documents: int = 0  # that were fixed, and stay for their own term
    size: int = 0  # of those, in bytes
    failing: int = 0  # mails of the last weeks that did not arrive
    used_at: datetime | None = None


def count_usage(tx: Session) -> dict[str, Usage]:
    """By tenant; the example journeys do not count."""
    real = Journey.example == ""
    journeys = dict(tx.exec(select(Journey.tenant_id, func.count()).where(real).group_by(col(Journey.tenant_id))).all())
    in_real = (col(Journey.tenant_id) == Seat.tenant_id) & (col(Journey.id) == Seat.journey_id)
    people = dict(
        tx.exec(
            select(Seat.tenant_id, func.count(func.distinct(Seat.person_id)))
            .join(Journey, in_real)
            .where(real, col(Seat.removed_at).is_(None))
            .group_by(col(Seat.tenant_id))
        ).all()
    )
    kept = SQLModel.metadata.tables["archive_record"].c  # of a room above this one: its numbers, never its bytes
    documents = {
        tenant: (count, int(size or 0))
        for tenant, count, size in tx.connection().execute(
            select(kept.tenant_id, func.count(), func.sum(kept.size)).group_by(kept.tenant_id)
        )
    }
    done = dict(tx.exec(select(Event.tenant_id, func.max(Event.at)).group_by(col(Event.tenant_id))).all())
    came = dict(tx.exec(select(SignIn.tenant_id, func.max(SignIn.created_at)).group_by(col(SignIn.tenant_id))).all())
    failing = dict(
        tx.exec(
            select(Mail.tenant_id, func.count())
            .where(col(Mail.state).in_(("refused", "bounced")), Mail.changed_at > now() - RECENT)
            .group_by(col(Mail.tenant_id))
        ).all()
    )
    return {
        tenant: Usage(
            journeys.get(tenant, 0),
            people.get(tenant, 0),
            *documents.get(tenant, (0, 0)),
            failing.get(tenant, 0),
            max((moment for moment in (done.get(tenant), came.get(tenant)) if moment), default=None),
        )
        for tenant in {*journeys, *people, *documents, *failing, *done, *came}
    }
