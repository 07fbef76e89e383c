"""Queries of signing in."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from app.people.models import Person, Tenant
from app.signin.models import Identity, OidcProvider, Passkey


def list_providers(tx: Session) -> list[OidcProvider]:
    """All providers of tenants that are open, by what stands on their button."""
    query = (
        select(OidcProvider)
        .join(Tenant, col(Tenant.id) == OidcProvider.tenant_id)
        .where(col(Tenant.closed_at).is_(None))
    )
    return sorted(tx.exec(query), key=lambda p: (p.label.casefold(), p.name))


def list_all_providers(tx: Session) -> list[OidcProvider]:
    """Of closed tenants too. For the command line and for who manages the installation."""
    return sorted(tx.exec(select(OidcProvider)), key=lambda p: p.name)


def find_provider(tx: Session, name: str) -> OidcProvider | None:
    return tx.exec(select(OidcProvider).where(OidcProvider.name == name)).first()


def find_issuer(tx: Session, issuer: str) -> OidcProvider | None:
    return tx.exec(select(OidcProvider).where(OidcProvider.issuer == issuer)).first()


def find_identity(tx: Session, provider: OidcProvider, subject: str) -> tuple[Identity, Person] | None:
    """Who this is, when they have been here before."""
    return tx.exec(
        select(Identity, Person)
        .join(Person, (col(Person.tenant_id) == Identity.tenant_id) & (col(Person.id) == Identity.person_id))
        .where(
            Identity.tenant_id == provider.tenant_id,
            Identity.issuer == provider.issuer,
            Identity.subject == subject,
        )
    ).first()


def list_identities(tx: Session, tenant_id: str, issuer: str) -> list[Identity]:
    return list(tx.exec(select(Identity).where(Identity.tenant_id == tenant_id, Identity.issuer == issuer)))


def list_by_address(tx: Session, tenant_id: str, email: str) -> list[Person]:
    """Everybody of this tenant with this address; who may start a traject first, then the newest."""
    return list(
        tx.exec(
            select(Person)
            .where(
                Person.tenant_id == tenant_id,
                func.lower(Person.email) == email.lower(),
                col(Person.local).is_(False),
            )
            .order_by(col(Person.may_start).desc(), col(Person.id).desc())
        )
    )


def list_passkeys(tx: Session, person: Person) -> list[Passkey]:
    return list(
        tx.exec(
            select(Passkey)
            .where(Passkey.tenant_id == person.tenant_id, Passkey.person_id == person.id)
            .order_by(Passkey.id)
        )
    )


def find_passkey(tx: Session, credential_id: str) -> tuple[Passkey, Person] | None:
    return tx.exec(
        select(Passkey, Person)
        .join(Person, (col(Person.tenant_id) == Passkey.tenant_id) & (col(Person.id) == Passkey.person_id))
        .where(Passkey.credential_id == credential_id)
    ).first()


def list_providers_of(tx: Session, tenant_id: str, person_id: str) -> list[OidcProvider]:
    """Where this person has signed in, of what is still there."""
    return list(
        tx.exec(
            select(OidcProvider)
            .join(Identity, col(Identity.issuer) == OidcProvider.issuer)
            .where(
                OidcProvider.tenant_id == tenant_id, Identity.tenant_id == tenant_id, Identity.person_id == person_id
            )
            .order_by(OidcProvider.id)
        )
    )
