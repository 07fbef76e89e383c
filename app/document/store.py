"""The one question that the document asks the database itself."""

from datetime import datetime

from sqlmodel import Session, func, select

from app.answers.models import FieldVersion
from app.journey.models import Journey


def last_row_change(tx: Session, journey: Journey) -> datetime | None:
    """When a column of an agreement, goal, action or other row was saved last."""
    return tx.exec(
        select(func.max(FieldVersion.saved_at)).where(
            FieldVersion.tenant_id == journey.tenant_id, FieldVersion.journey_id == journey.id
        )
    ).one()
