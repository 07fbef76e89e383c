"""What has to happen in every journey of a gemeente when something of that gemeente changes."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col

from app.journey.models import Journey
from app.people.models import Tenant
from app.style.actions import take_over


def take_style(tx: Session, tenant: Tenant, mark: str) -> None:
    """The house style that was looked at is in use, also on pages that were kept. Raises Gone and Invalid."""
    take_over(tx, tenant.id, mark)
    tx.connection().execute(
        update(Journey.__table__)  # type: ignore[attr-defined]
        .where(col(Journey.tenant_id) == tenant.id)
        .values(changes=col(Journey.changes) + 1)
    )
