"""Queries of the dialogue."""

from sqlmodel import Session, col, select

from app.answers.models import FieldVersion
from app.core.errors import NotFound
from app.dialogue.models import Agreement
from app.journey.models import Journey


def list_agreements(tx: Session, journey: Journey) -> tuple[list[Agreement], dict[tuple[str, str], FieldVersion]]:
    """All agreements of a journey in their order, removed ones included, and the versions of their columns by
    (id, column): in one query."""
    rows = tx.exec(
        select(Agreement, FieldVersion)
        .join(
            FieldVersion,
            (col(FieldVersion.tenant_id) == Agreement.tenant_id)
            & (col(FieldVersion.journey_id) == Agreement.journey_id)
            & (col(FieldVersion.kind) == Agreement.__tablename__)
            & (col(FieldVersion.record_id) == Agreement.id),
            isouter=True,
        )
        .where(Agreement.tenant_id == journey.tenant_id, Agreement.journey_id == journey.id)
        .order_by(col(Agreement.position), col(Agreement.id), col(FieldVersion.id))
    ).all()
    agreements = list({a.id: a for a, _ in rows}.values())
    return agreements, {(v.record_id, v.field): v for _, v in rows if v is not None}


def get_agreement(tx: Session, journey: Journey, agreement_id: str) -> Agreement:
    """An agreement of this journey, also when it was removed. Raises NotFound."""
    found = tx.get(Agreement, (journey.tenant_id, agreement_id))
    if found is None or found.journey_id != journey.id:
        raise NotFound
    return found
