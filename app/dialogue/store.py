"""Queries of the dialogue."""

from sqlmodel import Session, select

from app.core.errors import NotFound
from app.dialogue.models import Agreement
from app.journey.models import Journey


def list_agreements(tx: Session, journey: Journey) -> list[Agreement]:
    """All agreements of a journey in their order, removed ones included."""
    return list(
        tx.exec(
            select(Agreement)
            .where(Agreement.tenant_id == journey.tenant_id, Agreement.journey_id == journey.id)
            .order_by(Agreement.position, Agreement.id)
        )
    )


def get_agreement(tx: Session, journey: Journey, agreement_id: str) -> Agreement:
    """An agreement of this journey, also when it was removed. Raises NotFound."""
    found = tx.get(Agreement, (journey.tenant_id, agreement_id))
    if found is None or found.journey_id != journey.id:
        raise NotFound
    return found
