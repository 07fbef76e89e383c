"""Queries of people."""

from datetime import datetime

from sqlmodel import Session, col, delete, select

from app.core.ids import fingerprint
from app.people.models import Person, PersonLink, SignIn, Tenant

LOCAL_TENANT = "lokaal"
INSTALLATION = "installatie"  # the tenant of the installatiebeheerders


def find_signed_in(tx: Session, token: str, moment: datetime) -> tuple[Person, datetime] | None:
    """The person whose session this secret opens, unless it has ended or expired, and when it was last seen."""
    return tx.exec(
        select(Person, SignIn.last_seen_at)
        .join(SignIn, (col(SignIn.tenant_id) == Person.tenant_id) & (col(SignIn.person_id) == Person.id))
        .where(
            SignIn.token_hash == fingerprint(token),
            col(SignIn.ended_at).is_(None),
            SignIn.expires_at > moment,
        )
    ).first()


def find_sign_in(tx: Session, token: str) -> SignIn | None:
    return tx.exec(select(SignIn).where(SignIn.token_hash == fingerprint(token))).first()


def list_sign_ins(tx: Session, person: Person) -> list[SignIn]:
    """Sessions of this person that have not been ended."""
    return list(
        tx.exec(
            select(SignIn)
            .where(
                SignIn.tenant_id == person.tenant_id,
                SignIn.person_id == person.id,
                col(SignIn.ended_at).is_(None),
            )
            .order_by(SignIn.id)
        )
    )


def forget_sign_ins(tx: Session, person: Person, before: datetime) -> None:
    """Takes away the sessions of this person that were over before this moment."""
    mine = (col(SignIn.tenant_id) == person.tenant_id, col(SignIn.person_id) == person.id)
    tx.execute(delete(SignIn).where(*mine, col(SignIn.expires_at) < before))


def find_local_person(tx: Session) -> Person | None:
    return tx.exec(select(Person).where(Person.tenant_id == LOCAL_TENANT, col(Person.local))).first()


def find_tenant(tx: Session, tenant_id: str) -> Tenant | None:
    return tx.get(Tenant, tenant_id)


def list_tenants(tx: Session) -> list[Tenant]:
    """All gemeenten and samenwerkingsverbanden, not the tenant of local mode. For the command line and for who manages
    the installation."""
    ours = (LOCAL_TENANT, INSTALLATION)
    return list(tx.exec(select(Tenant).where(col(Tenant.id).not_in(ours)).order_by(Tenant.id)))


def find_starter(tx: Session, tenant_id: str, name: str, email: str) -> Person | None:
    """Somebody of this name and address who may start a traject, or ever got a link for that."""
    linked = select(PersonLink.person_id).where(PersonLink.tenant_id == tenant_id)
    return tx.exec(
        select(Person)
        .where(Person.tenant_id == tenant_id, Person.name == name, Person.email == email)
        .where(col(Person.may_start) | col(Person.id).in_(linked))
        .order_by(Person.id)
    ).first()


def list_starters(tx: Session, tenant_id: str) -> list[Person]:
    """Who may start a traject here. For the command line only."""
    return list(tx.exec(select(Person).where(Person.tenant_id == tenant_id, col(Person.may_start)).order_by(Person.id)))


def list_linked(tx: Session, tenant_id: str) -> list[tuple[Person, PersonLink]]:
    """Who of this tenant ever got a link that is not for a seat, each with the newest one."""
    query = (
        select(Person, PersonLink)
        .join(PersonLink, (col(PersonLink.tenant_id) == Person.tenant_id) & (col(PersonLink.person_id) == Person.id))
        .where(Person.tenant_id == tenant_id)
        .order_by(col(Person.id), col(PersonLink.id))
    )
    return list({person.id: (person, link) for person, link in tx.exec(query)}.values())


def list_person_links(tx: Session, person: Person) -> list[PersonLink]:
    """Links of this person that are not revoked."""
    return list(
        tx.exec(
            select(PersonLink)
            .where(
                PersonLink.tenant_id == person.tenant_id,
                PersonLink.person_id == person.id,
                col(PersonLink.revoked_at).is_(None),
            )
            .order_by(PersonLink.id)
        )
    )


def find_person_link(tx: Session, secret: str) -> tuple[PersonLink, Person, Tenant] | None:
    """What a personal link without a seat opens, whatever its state."""
    return tx.exec(
        select(PersonLink, Person, Tenant)
        .join(Person, (col(Person.tenant_id) == PersonLink.tenant_id) & (col(Person.id) == PersonLink.person_id))
        .join(Tenant, col(Tenant.id) == PersonLink.tenant_id)
        .where(PersonLink.token_hash == fingerprint(secret))
    ).first()
