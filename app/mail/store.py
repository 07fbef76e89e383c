"""Queries of mail."""

from sqlmodel import Session, col, select

from app.mail.models import Mail


def list_mail(tx: Session, tenant_id: str, journey_id: str = "") -> list[Mail]:
    """Newest first."""
    query = select(Mail).where(Mail.tenant_id == tenant_id).order_by(col(Mail.id).desc())
    if journey_id:
        query = query.where(Mail.journey_id == journey_id)
    return list(tx.exec(query))
