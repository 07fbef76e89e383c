"""What is set for a gemeente: which addresses may start a traject, and that nobody of a closed one comes in."""

import pytest
from sqlmodel import select

from app.core.clock import now
from app.core.errors import NotAllowed
from app.people.actions import sign_in
from app.people.models import Person, Tenant
from app.people.rules import domain_allowed, may_manage
from app.people.store import INSTALLATION, LOCAL_TENANT, list_tenants
from tests.conftest import World


@pytest.mark.parametrize(
    ("email", "allowed"),
    [
        ("m.dewit@meerwijk.example", True),
        ("M.DeWit@MEERWIJK.example ", True),
        ("m.dewit@onderwijs.example", True),
        ("m.dewit@school.meerwijk.example", False),
        ("m.dewit@nepmeerwijk.example", False),
        ("m.dewit@meerwijk.example.evil.example", False),
        ("meerwijk.example", False),
        ("@meerwijk.example", False),
        ("m.dewit@", False),
        ("", False),
        ("m.dewit@meerwijk.example@evil.example", False),
    ],
)
def test_only_a_domain_of_the_list_may_start(email: str, allowed: bool):
    tenant = Tenant(id="m", name="Meerwijk", mail_domains="meerwijk.example onderwijs.example")
    assert domain_allowed(tenant, email) is allowed


def test_without_domains_or_when_closed_nobody_may_start_by_address():
    assert not domain_allowed(Tenant(id="m", name="Meerwijk"), "m@meerwijk.example")
    closed = Tenant(id="m", name="Meerwijk", mail_domains="meerwijk.example", closed_at=now())
    assert not domain_allowed(closed, "m@meerwijk.example")


def test_nobody_of_a_closed_gemeente_comes_in(world: World):
    with world.database.write() as tx:
        tenant = tx.get_one(Tenant, "meerwijk")
        tenant.closed_at = now()
        tx.add(tenant)
        tx.flush()
        with pytest.raises(NotAllowed):
            sign_in(tx, tx.get_one(Person, world.persons["marieke"]), 12)
        assert sign_in(tx, tx.get_one(Person, world.persons["otto"]), 12), "another gemeente is not concerned"


def test_the_installation_is_no_gemeente(world: World):
    with world.database.write() as tx:
        tx.add(Tenant(id=INSTALLATION, name="Deze installatie", kind="installatie"))
        tx.add(Tenant(id=LOCAL_TENANT, name="Deze computer"))
        tx.flush()
        assert [t.name for t in list_tenants(tx)] == ["Gemeente Anderstad", "Gemeente Meerwijk"]
        assert not any(may_manage(p) for p in tx.exec(select(Person)))
        assert may_manage(Person(tenant_id=INSTALLATION, name="Beheer"))
