"""The verbs of who manages the installation: gemeenten come, change, close and open again. Nothing sees content."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.ids import fingerprint, new_id
from app.people import store
from app.people.actions import link_starter, looks_like_email, revoke_person_links
from app.people.models import Person, SignIn, Tenant

# What is set per gemeente by who manages the installation.
SETTINGS = (
    "name", "kind", "code", "telephone", "sender_name", "sender_email",
    "archive_months", "purge_months", "document_years", "mail_domains",
)  # fmt: skip


def get_tenant(tx: Session, tenant_id: str) -> Tenant:
    """A gemeente or samenwerkingsverband. Raises NotFound, also for the installation itself and for local mode."""
    found = store.find_tenant(tx, tenant_id)
    if found is None or found.id in (store.LOCAL_TENANT, store.INSTALLATION):
        raise NotFound
    return found


def create_tenant(tx: Session, values: dict[str, str | int]) -> Tenant:
    """A new gemeente with these settings. Raises Invalid when there is one of that name or code."""
    _require_unique(tx, values, "")
    tenant = Tenant(id=new_id(), **values)
    tx.add(tenant)
    tx.flush()
    return tenant


def version_of(tenant: Tenant) -> str:
    """Another one as soon as any setting is another."""
    return fingerprint("\n".join(f"{getattr(tenant, name)}" for name in SETTINGS))[:12]


def change_tenant(tx: Session, tenant: Tenant, values: dict[str, str | int]) -> None:
    """Raises Invalid when another has that name or code."""
    _require_unique(tx, values, tenant.id)
    for name, value in values.items():
        setattr(tenant, name, value)
    tx.add(tenant)
    tx.flush()


def _require_unique(tx: Session, values: dict[str, str | int], own: str) -> None:
    wrong = {}
    for other in store.list_tenants(tx):
        if other.id == own:
            continue
        if other.name.casefold() == str(values["name"]).casefold():
            wrong["naam"] = f"‘{other.name}’ staat er al."
        elif values["code"] and other.code == values["code"]:
            wrong["naam"] = f"Deze gemeente staat er al, als ‘{other.name}’."
    if wrong:
        raise Invalid("Dit is nog niet opgeslagen.", wrong)


def close_tenant(tx: Session, tenant: Tenant) -> None:
    """Nobody of this gemeente comes in any more and who is in goes out. Nothing is lost."""
    if tenant.closed_at is None:
        tenant.closed_at = now()
        tx.add(tenant)
        tx.flush()
    tx.connection().execute(
        update(SignIn.__table__)  # type: ignore[attr-defined]
        .where(col(SignIn.tenant_id) == tenant.id, col(SignIn.ended_at).is_(None))
        .values(ended_at=now())
    )


def open_tenant(tx: Session, tenant: Tenant) -> None:
    tenant.closed_at = None
    tx.add(tenant)
    tx.flush()


def invite(tx: Session, tenant: Tenant, name: str, email: str, days: int) -> tuple[Person, str]:
    """Somebody who may start a traject in this gemeente, with the secret of a personal link. Raises Invalid."""
    wrong = {}
    if not 0 < len(name) <= 120:
        wrong["naam"] = "Vul de naam in, van hoogstens 120 tekens."
    if email and not looks_like_email(email):
        wrong["email"] = "Dit is geen volledig e-mailadres. Een adres ziet eruit als naam@gemeente.nl."
    if tenant.closed_at is not None:
        wrong["naam"] = "Deze gemeente is gesloten. Open haar eerst weer."
    if wrong:
        raise Invalid("Deze link is niet gemaakt.", wrong)
    return link_starter(tx, tenant, name, email, days)


def withdraw(tx: Session, tenant: Tenant, person_id: str) -> Person:
    """Somebody who was invited may not start a traject any more; links stop working and sessions end. A place in a
    traject stays. Raises NotFound for anybody who was not invited."""
    person = next((p for p, _ in store.list_linked(tx, tenant.id) if p.id == person_id), None)
    if person is None:
        raise NotFound
    person.may_start = False
    tx.add(person)
    revoke_person_links(tx, person)
    for session in store.list_sign_ins(tx, person):
        session.ended_at = now()
        tx.add(session)
    tx.flush()
    return person


def invite_manager(tx: Session, name: str, email: str, days: int) -> str:
    """A link for who manages the installation: a person of the tenant 'installatie', made at the first. Returns the
    secret. Raises Invalid."""
    tenant = store.find_tenant(tx, store.INSTALLATION)
    if tenant is None:
        tenant = Tenant(id=store.INSTALLATION, name="Deze installatie", kind="installatie")
        tx.add(tenant)
        tx.flush()
    return invite(tx, tenant, name, email, days)[1]
