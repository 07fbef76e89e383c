"""Queries of the remarks."""

from sqlmodel import Session, select

from app.core.errors import NotFound
from app.journey.models import Journey
from app.remarks.models import Remark


def list_remarks(tx: Session, journey: Journey) -> list[Remark]:
    """All remarks and answers, withdrawn ones included, oldest first."""
    return list(
        tx.exec(
            select(Remark)
            .where(Remark.tenant_id == journey.tenant_id, Remark.journey_id == journey.id)
            .order_by(Remark.id)
        )
    )


def get_remark(tx: Session, journey: Journey, remark_id: str) -> Remark:
    """Raises NotFound, also for one that was withdrawn."""
    found = tx.get(Remark, (journey.tenant_id, remark_id))
    if found is None or found.journey_id != journey.id or found.removed_at is not None:
        raise NotFound
    return found
