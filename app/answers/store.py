"""Queries of answers."""

from sqlmodel import Session, select

from app.answers.models import Answer, FieldVersion, JointAnswer
from app.journey.models import Journey


def list_answers(tx: Session, journey: Journey) -> list[Answer]:
    """All answers of all parties, concepts included: filter with `app.answers.view` before anything is shown."""
    return list(
        tx.exec(
            select(Answer)
            .where(Answer.tenant_id == journey.tenant_id, Answer.journey_id == journey.id)
            .order_by(Answer.id)
        )
    )


def find_answer(tx: Session, journey: Journey, party_id: str, layer: str, path: str) -> Answer | None:
    return tx.exec(
        select(Answer).where(
            Answer.tenant_id == journey.tenant_id,
            Answer.journey_id == journey.id,
            Answer.party_id == party_id,
            Answer.layer == layer,
            Answer.path == path,
        )
    ).first()


def list_joint(tx: Session, journey: Journey) -> dict[str, JointAnswer]:
    """All joint answers by path."""
    return {
        a.path: a
        for a in tx.exec(
            select(JointAnswer)
            .where(JointAnswer.tenant_id == journey.tenant_id, JointAnswer.journey_id == journey.id)
            .order_by(JointAnswer.id)
        )
    }


def find_joint(tx: Session, journey: Journey, path: str) -> JointAnswer | None:
    return tx.exec(
        select(JointAnswer).where(
            JointAnswer.tenant_id == journey.tenant_id, JointAnswer.journey_id == journey.id, JointAnswer.path == path
        )
    ).first()


def list_field_versions(tx: Session, journey: Journey, *kinds: str) -> dict[tuple[str, str], FieldVersion]:
    """Versions of the columns of these kinds of rows, by (record id, field)."""
    return {
        (v.record_id, v.field): v
        for v in tx.exec(
            select(FieldVersion)
            .where(
                FieldVersion.tenant_id == journey.tenant_id,
                FieldVersion.journey_id == journey.id,
                FieldVersion.kind.in_(kinds),  # type: ignore[attr-defined]
            )
            .order_by(FieldVersion.id)
        )
    }
