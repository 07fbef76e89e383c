"""Queries of people."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.core.ids import fingerprint
from app.people.models import Mail, Person, SignIn, Tenant

LOCAL_TENANT = "lokaal"


def find_signed_in(tx: Session, token: str, moment: datetime) -> Person | None:
    """The person whose session this secret opens, unless it has ended or expired."""
    return tx.exec(
        select(Person)
        .join(SignIn, (col(SignIn.tenant_id) == Person.tenant_id) & (col(SignIn.person_id) == Person.id))
        .where(
            SignIn.token_hash == fingerprint(token), col(SignIn.ended_at).is_(None), SignIn.expires_at > moment
        )
    ).first()


def find_sign_in(tx: Session, token: str) -> SignIn | None:
    return tx.exec(select(SignIn).where(SignIn.token_hash == fingerprint(token))).first()


def find_local_person(tx: Session) -> Person | None:
    return tx.exec(select(Person).where(Person.tenant_id == LOCAL_TENANT, col(Person.local))).first()


def find_tenant(tx: Session, tenant_id: str) -> Tenant | None:
    return tx.get(Tenant, tenant_id)


def list_mail(tx: Session, tenant_id: str, journey_id: str = "") -> list[Mail]:
    """Newest first."""
    query = select(Mail).where(Mail.tenant_id == tenant_id).order_by(col(Mail.id).desc())
    if journey_id:
        query = query.where(Mail.journey_id == journey_id)
    return list(tx.exec(query))
