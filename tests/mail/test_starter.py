"""Who may start a traject gets the link by mail, and who invited sees what became of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.mail import rules
from app.mail.models import Mail
from app.people.models import Person, Tenant
from app.people.store import INSTALLATION
from app.people.tenants import invite_manager
from tests.conftest import World
from tests.mail.conftest import Server

ADDRESS = "/beheer/gemeenten/meerwijk"


@pytest.fixture
def manager(world: World) -> TestClient:
    with world.database.write() as tx:
        secret = invite_manager(tx, "Bea Beheer", "bea@beheer.example", 30)
        tenant = tx.get_one(Tenant, "meerwijk")
        tenant.telephone = "14 0999"
        tx.add(tenant)
    browser = world.client()
    assert browser.post(f"/toegang/{secret}").status_code == 303
    return browser


def invite(manager: TestClient, name: str = "Stella Start", email: str = "stella@meerwijk.example"):
    return manager.post(f"{ADDRESS}/starters", data={"naam": name, "email": email, "mailen": "ja"})


def test_the_link_arrives_and_lets_in_to_start(world: World, server: Server, send, manager: TestClient):
    assert invite(manager).headers["location"] == f"{ADDRESS}?klaar=verstuurd"
    assert "Wordt verstuurd. Link werkt tot" in manager.get(ADDRESS).text
    assert send() == 1 and server.encrypted == [True]
    got = server.got[0]
    assert got["From"].startswith('"Bea Beheer (het beheer van Driekolom)"')
    assert (got["To"], got["Reply-To"]) == ("Stella Start <stella@meerwijk.example>", "bea@beheer.example")
    text = got.get_content()
    assert (
        "voor de gemeente Meerwijk met Driekolom een traject te starten" in " ".join(text.split())
        and "14\u00a00999" in text
    )
    (link,) = [line.strip() for line in text.splitlines() if "/toegang/" in line]
    assert "Niet zeker of het is aangekomen" in manager.get(ADDRESS).text
    stella, path = world.client(), link.removeprefix("https://lea.test")
    assert "nieuw traject starten" in stella.get(path).text
    assert stella.post(path).headers["location"] == "/" and stella.get("/trajecten/nieuw").status_code == 200
    assert "link gebruikt op" in manager.get(ADDRESS).text.casefold()
    assert link not in manager.get(ADDRESS).text and "/beheer" not in stella.get("/").text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("550 5.1.1 no such user", "Niet verstuurd: dit adres bestaat waarschijnlijk niet (5.1.1)"),
        ("451 4.3.0 later", "Nog niet verzonden: de mailserver neemt het nu niet aan (4.3.0)"),
    ],
)
def test_a_refusal_is_shown_at_once(server: Server, send, manager: TestClient, said: str, words: str):
    server.answer["stella"] = said
    invite(manager)
    send()
    page = manager.get(ADDRESS).text
    assert words in page and "nog niet gebruikt" in page


def test_a_link_that_was_taken_back_or_renewed_is_not_sent_any_more(
    world: World, server: Server, send, manager: TestClient
):
    invite(manager)
    invite(manager)  # the same person: the first link stopped working
    with world.database.read() as tx:
        states = [m.state for m in tx.exec(select(Mail).order_by(Mail.id))]
        person = tx.exec(select(Person).where(Person.name == "Stella Start")).one()
    assert states == ["stopped", "waiting"]
    assert manager.post(f"{ADDRESS}/starters/{person.id}/intrekken").status_code == 303
    assert send() == 0 and not server.got


def test_what_cannot_be_mailed_is_said_and_makes_nobody(world: World, manager: TestClient, monkeypatch):
    for email, words in (("", "Vul het e-mailadres in"), ("stella", "geen volledig e-mailadres")):
        answer = invite(manager, email=email)
        assert answer.status_code == 422 and words in answer.text and 'value="Stella Start"' in answer.text
    monkeypatch.setattr(rules, "TO_ONE", replace(rules.TO_ONE, times=1))
    assert invite(manager).status_code == 303
    assert invite(manager).status_code == 429, "no mail bomb"
    with world.database.read() as tx:
        assert len(tx.exec(select(Person).where(Person.name == "Stella Start")).all()) == 1
        assert {p.tenant_id for p in tx.exec(select(Person).where(Person.name == "Bea Beheer"))} == {INSTALLATION}


def test_only_who_manages_sends_one(world: World, manager: TestClient):
    sent = {"naam": "Stella", "email": "stella@meerwijk.example", "mailen": "ja"}
    for name in ("marieke", "otto", "olga", "jan"):
        assert world.client(name).post(f"{ADDRESS}/starters", data=sent).status_code == 404, name
    assert world.client().post(f"{ADDRESS}/starters", data=sent).headers["location"] == "/aanmelden"
    with world.database.read() as tx:
        assert not tx.exec(select(Mail)).all()
