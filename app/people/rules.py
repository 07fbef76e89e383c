"""Pure rules about tenants and people."""

from __future__ import annotations

from app.people.models import Person, Tenant
from app.people.store import INSTALLATION


def domain_allowed(tenant: Tenant, email: str) -> bool:
    """Whether who has shown that this address is theirs may start a traject for this tenant.

    The domain must be one of the list itself: 'meerwijk.example' does not let 'school.meerwijk.example' in.
    """
    name, _, domain = email.strip().casefold().rpartition("@")
    return bool(name) and tenant.closed_at is None and domain in tenant.mail_domains.split()


def may_manage(person: Person) -> bool:
    """Whether this person manages the installation: creates gemeenten, and sees no content."""
    return person.tenant_id == INSTALLATION


def full_name(tenant: Tenant) -> str:
    """'gemeente Meerwijk' for the gemeente 'Meerwijk' or 'Gemeente Meerwijk'; any other name as it is."""
    if tenant.kind != "gemeente":
        return tenant.name
    named = tenant.name.casefold().startswith("gemeente ")
    return f"g{tenant.name[1:]}" if named else f"gemeente {tenant.name}"
