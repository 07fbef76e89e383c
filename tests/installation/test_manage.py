"""Who manages the installation creates gemeenten, sets what holds for them, and sees no content."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlmodel import select

from app.answers.actions import save_answer
from app.cli import main
from app.core.limits import Limit, hours
from app.journey.actions import add_person, make_link
from app.journey.models import Journey, Seat
from app.keeping.actions import fix_document
from app.mail.models import Mail
from app.people.models import Person, SignIn, Tenant
from app.people.store import INSTALLATION
from app.people.tenants import invite_manager
from app.register.actions import offer, take_over
from app.screening import rules as table
from app.screening.actions import share_theme
from app.signin.organisations import add_provider
from tests.architecture.test_routes import all_routes
from tests.conftest import World
from tests.register import samples

CANARY = "kanarie"
GOOD = {
    "naam": "Duinrade", "soort": "gemeente", "telefoon": "0123 456 789", "afzender": "Gemeente Duinrade",
    "afzender-adres": "lea@duinrade.example", "domeinen": "duinrade.example, @onderwijs.example",
    "archiveren": "24", "verwijderen": "12", "document": "10",
}  # fmt: skip


@pytest.fixture
def manager(world: World):
    """A browser of who manages the installation."""
    with world.database.write() as tx:
        secret = invite_manager(tx, "Bea Beheer", "bea@voorbeeld.test", 30)
        person = tx.exec(select(Person).where(Person.tenant_id == INSTALLATION)).one()
        world.persons["bea"] = (INSTALLATION, person.id)
    browser = world.client()
    answer = browser.post(f"/toegang/{secret}")
    assert answer.status_code == 303
    return browser


def made(world: World, name: str = "Duinrade") -> Tenant:
    with world.database.read() as tx:
        return tx.exec(select(Tenant).where(Tenant.name == name)).one()


def test_a_gemeente_is_made_with_its_code_and_everything_that_is_set(world: World, manager):
    with world.database.write() as tx:
        take_over(tx, offer(tx, "tooi.json", samples.tooi((("0401", "Duinrade", ""),)))[0].id)
    page = manager.get("/beheer/gemeenten/nieuw").text
    assert '<option value="Duinrade">' in page and 'value="24"' in page
    answer = manager.post("/beheer/gemeenten", data=GOOD)
    assert answer.status_code == 303
    tenant = made(world)
    assert (tenant.code, tenant.telephone, tenant.mail_domains) == (
        "gm0401", "0123 456 789", "duinrade.example onderwijs.example",
    )  # fmt: skip
    assert (tenant.archive_months, tenant.purge_months, tenant.document_years) == (24, 12, 10)
    assert (tenant.sender_name, tenant.sender_email, tenant.kind) == (
        "Gemeente Duinrade",
        "lea@duinrade.example",
        "gemeente",
    )
    assert "Gemeente Duinrade" in manager.get("/beheer").text
    assert "gm0401" in manager.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("naam", "", "Vul de naam in"),
        ("naam", "gemeente anderstad", "staat er al"),
        ("soort", "installatie", "Kies of dit"),
        ("telefoon", "bel maar", "Vul een telefoonnummer in"),
        ("afzender", "X <x@y.example>", "alleen een naam"),
        ("afzender-adres", "lea", "geen volledig e-mailadres"),
        ("domeinen", "duinrade", "is geen domein"),
        ("domeinen", "duinrade.example gmail.com", "Iedereen kan een adres van gmail.com krijgen"),
        ("archiveren", "lang", "Vul een heel getal in van 0 tot en met 240"),
        ("verwijderen", "9999", "Vul een heel getal in van 0 tot en met 240"),
        ("document", "-1", "Vul een heel getal in van 0 tot en met 100"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(world: World, manager, field, value, words):
    typed = {**GOOD, field: value}
    for address in ("/beheer/gemeenten", "/beheer/gemeenten/anderstad/instellingen"):
        if address.endswith("instellingen") and value == "gemeente anderstad":
            continue  # that is its own name
        version = re.search(r'name="versie" value="(\w+)"', manager.get("/beheer/gemeenten/anderstad").text)[1]
        answer = manager.post(address, data={**typed, "versie": version})
        assert answer.status_code == 422 and words in answer.text, address
        assert f'id="{field}-fout"' in answer.text and "duinrade.example" in answer.text
    with world.database.read() as tx:
        assert {t.name for t in tx.exec(select(Tenant))} == {
            "Gemeente Meerwijk",
            "Gemeente Anderstad",
            "Deze installatie",
        }


def test_what_somebody_else_set_meanwhile_is_not_overwritten_unseen(world: World, manager):
    page = manager.get("/beheer/gemeenten/meerwijk").text
    old = re.search(r'name="versie" value="(\w+)"', page)[1]
    first = {**GOOD, "naam": "Gemeente Meerwijk", "versie": old}
    assert manager.post("/beheer/gemeenten/meerwijk/instellingen", data=first).status_code == 303
    second = {**first, "telefoon": "0999 999 999"}
    stale = manager.post("/beheer/gemeenten/meerwijk/instellingen", data=second)
    assert stale.status_code == 409
    assert "nu staat er ‘0123 456 789’, u typte ‘0999 999 999’" in stale.text and 'value="0999 999 999"' in stale.text
    assert made(world, "Gemeente Meerwijk").telephone == "0123 456 789"
    again = re.search(r'name="versie" value="(\w+)"', stale.text)[1]
    answer = manager.post("/beheer/gemeenten/meerwijk/instellingen", data={**second, "versie": again})
    assert answer.status_code == 303 and made(world, "Gemeente Meerwijk").telephone == "0999 999 999"


def test_the_first_starter_comes_in_by_link_and_can_be_withdrawn(world: World, manager):
    manager.post("/beheer/gemeenten", data=GOOD)
    url = f"/beheer/gemeenten/{made(world).id}"
    assert manager.post(f"{url}/starters", data={"naam": "", "email": "x"}).status_code == 422
    shown = manager.post(f"{url}/starters", data={"naam": "Dirk Duin", "email": "dirk@duinrade.example"})
    assert shown.headers["cache-control"] == "no-store"
    path = re.search(r"/toegang/[\w-]+", shown.text)[0]
    starter = world.client()
    assert "een traject starten voor gemeente Duinrade" in starter.get(path).text
    assert starter.post(path).status_code == 303
    assert starter.get("/trajecten/nieuw").status_code == 200
    assert "link gebruikt op" in manager.get(url).text.casefold()
    with world.database.read() as tx:
        person = tx.exec(select(Person).where(Person.name == "Dirk Duin")).one()
        assert person.tenant_id == made(world).id
    assert manager.post(f"/beheer/gemeenten/anderstad/starters/{person.id}/intrekken").status_code == 404, (
        "another gemeente"
    )
    assert manager.post(f"{url}/starters/{person.id}/intrekken").status_code == 303
    assert starter.get("/trajecten/nieuw").status_code == 303, "signed out"
    assert world.client().post(path).status_code == 404, "the link works no more"
    again = manager.post(f"{url}/starters", data={"naam": "Dirk Duin", "email": "dirk@duinrade.example"})
    assert world.client().post(re.search(r"/toegang/[\w-]+", again.text)[0]).status_code == 303
    with world.database.read() as tx:
        assert len(tx.exec(select(Person).where(Person.name == "Dirk Duin")).all()) == 1


def test_a_closed_gemeente_is_out_at_once_and_loses_nothing(world: World, manager):
    jan, otto = world.client("jan"), world.client("otto")
    assert jan.get(world.url).status_code == 200
    assert manager.post("/beheer/gemeenten/meerwijk/sluiten").status_code == 303
    assert jan.get(world.url).status_code == 303 and otto.get("/").status_code == 200
    assert manager.post("/beheer/gemeenten/meerwijk/starters", data={"naam": "Nieuw"}).status_code == 422
    with world.database.write() as tx:
        assert tx.exec(select(SignIn).where(SignIn.tenant_id == "meerwijk", SignIn.ended_at == None)).all() == []  # noqa: E711
    assert "gesloten op" in manager.get("/beheer").text
    assert manager.post("/beheer/gemeenten/meerwijk/openen").status_code == 303
    assert world.client("jan").get(world.url).status_code == 200


def test_a_link_into_a_closed_gemeente_does_not_sign_in(world: World, manager):
    with world.database.write() as tx:
        here = world.here(tx)
        seat = add_person(here, here.parties[0], "Laat")
        secret = make_link(here, seat)
    manager.post("/beheer/gemeenten/meerwijk/sluiten")
    answer = world.client().post(f"/toegang/{secret}")
    assert answer.status_code in (403, 404) and "set-cookie" not in answer.headers


def test_who_manages_sees_numbers_and_no_content(world: World, manager):
    """Names and texts of a journey are nowhere under /beheer; those of whom one invited oneself are."""
    with world.database.write() as tx:
        here = world.here(tx)
        journey = tx.get_one(Journey, ("meerwijk", world.journey))
        journey.title = f"{CANARY}-titel"
        tx.add(journey)
        linde = next(p for p in here.parties if p.short == "De Linde")
        linde.name = f"{CANARY}-partij"
        tx.add(linde)
        add_person(here, linde, f"{CANARY}-naam", f"{CANARY}@voorbeeld.test")
        jan, theme = world.here(tx, "jan"), world.pack.themes[0]
        for name, spec in table.specs(here.pack, linde, theme).items():
            if spec.kind == "text":
                save_answer(jan, linde, f"{theme.slug}/{name}", spec, [f"{CANARY}-antwoord"], 0)
        share_theme(jan, linde, theme)
    found = [
        manager.get(address)
        for address in ("/beheer", "/beheer/gemeenten/meerwijk", "/beheer/gemeenten/nieuw", "/register", "/")
    ]
    assert all(answer.status_code == 200 for answer in found)
    assert all(CANARY not in answer.text for answer in found)
    for name in ("Jan Bakker", "Marieke de Wit", "Een ander traject", world.journey):
        assert all(name not in answer.text for answer in found), name
    row = re.sub(r"<[^>]+>|\s+", " ", found[0].text)
    assert re.search(r"Gemeente Meerwijk\s+2\s+9\s+0\s", row), "two journeys, nine people with a place"


def test_who_manages_makes_no_door_into_a_traject(world: World, manager):
    """A link for somebody who is in a traject would open it: it is not shown, and the one they have goes on working."""
    url = "/beheer/gemeenten/meerwijk"
    data = {"naam": "Dirk Duin", "email": "dirk@voorbeeld.example"}
    path = re.search(r"/toegang/[\w-]+", manager.post(f"{url}/starters", data=data).text)[0]
    with world.database.write() as tx:
        person = tx.exec(select(Person).where(Person.name == "Dirk Duin")).one()
        tx.add(Seat(tenant_id="meerwijk", journey_id=world.journey, person_id=person.id, role="mede-begeleider"))
    refused = manager.post(f"{url}/starters", data=data)
    assert refused.status_code == 422 and "doet al mee aan een traject" in refused.text
    assert "/toegang/" not in refused.text and 'value="dirk@voorbeeld.example"' in refused.text
    assert world.client().post(path).status_code == 303, "nothing was taken from them"
    world.app.state.settings = replace(world.settings, smtp_host="mail.example", mail_from="d@voorbeeld.example")
    assert "/toegang/" not in (by_mail := manager.post(f"{url}/starters", data=data | {"mailen": "ja"})).text
    assert by_mail.status_code == 303
    with world.database.read() as tx:
        assert tx.exec(select(Mail).where(Mail.kind == "starter")).one().to_email == "dirk@voorbeeld.example"


def test_who_manages_sees_how_much_is_kept(world: World, manager):
    with world.database.write() as tx:
        for content in (b"%PDF-" + b"x" * 1_200_000, b"%PDF-besluit"):
            fix_document(world.here(tx), f"{CANARY} besluit", "2026-01-05", "plan.pdf", content)
    for address, words in (
        ("/beheer", "2 (1,2 MB)"),
        ("/beheer/gemeenten/meerwijk", "2 vastgestelde stukken (1,2 MB)"),
    ):
        answer = manager.get(address)
        assert words in answer.text and CANARY not in answer.text
    assert "geen vastgestelde stukken." in manager.get("/beheer/gemeenten/anderstad").text


def test_who_manages_sees_where_people_sign_in(world: World, manager, monkeypatch):
    """What was set on the server, and that a secret is missing; never the secret itself."""
    with world.database.write() as tx:
        for name, tenant in (("meerwijk", "Gemeente Meerwijk"), ("anderstad", "Gemeente Anderstad")):
            add_provider(
                tx, world.settings, name=name, tenant_name=tenant, label=f"Werkaccount {name}", issuer=f"https://{name}.example",
                client_id="driekolom", domains=[f"{name}.example"], trusts_address=name == "meerwijk",
            )  # fmt: skip
    shown = manager.get("/beheer/gemeenten/meerwijk").text
    assert "Werkaccount meerwijk" in shown and "https://meerwijk.example" in shown and "wordt vertrouwd" in shown
    assert "Werkaccount anderstad" not in shown and "DRIEKOLOM_OIDC_MEERWIJK_SECRET" in shown
    monkeypatch.setenv("DRIEKOLOM_OIDC_MEERWIJK_SECRET", "kanarie-geheim")
    shown = manager.get("/beheer/gemeenten/meerwijk").text
    assert "Het geheim is ingesteld" in shown and "kanarie-geheim" not in shown
    assert "Er is niets ingesteld" in manager.get(f"/beheer/gemeenten/{_new(manager, world)}").text


def _new(manager, world: World) -> str:
    manager.post("/beheer/gemeenten", data=GOOD)
    return made(world).id


def test_a_link_to_start_says_whom_to_call(world: World, manager, monkeypatch):
    """Of the installation itself: who runs it, and a number."""
    settings = replace(
        world.settings, smtp_host="mail.example", mail_from="d@voorbeeld.example", mail_name="ICT-dienst Zuid",
        mail_telephone="0123 456 789",
    )  # fmt: skip
    world.app.state.settings = settings
    url = "/beheer/gemeenten/meerwijk/starters"
    data = {"naam": "Dirk Duin", "email": "dirk@voorbeeld.example", "mailen": "ja"}
    assert manager.post(url, data=data).status_code == 303
    with world.database.read() as tx:
        mail = tx.exec(select(Mail).where(Mail.kind == "starter")).one()
    assert mail.from_name == "Bea Beheer (ICT-dienst Zuid)"
    monkeypatch.setattr("app.mail.rules.to_one", lambda kind: Limit("mail-test", 0, hours(24)))
    again = manager.post(url, data=data)
    assert again.status_code == 429 and 'value="Dirk Duin"' in again.text, "nothing typed is lost"
    assert "telefoon 0123\u00a0456\u00a0789" in mail.body and mail.body.startswith("Bea Beheer van ICT-dienst Zuid")


def test_no_address_of_a_journey_answers_who_manages(world: World, manager):
    """Every route, with ids that are really there: the same 404 as for something that is not."""
    words = {"journey_id": world.journey, "party_id": world.parties["linde"], "seat_id": world.seats["jan"]}
    asked = 0
    for route in all_routes():
        if "{journey_id}" not in route.path:
            continue
        path = re.sub(r"{(\w+)(:path)?}", lambda m: words.get(m[1], "x"), route.path)
        for method in route.methods:
            answer = manager.request(method, path, headers={"driekolom-deel": "1"})
            assert answer.status_code == 404, (method, route.path, answer.status_code)
            asked += 1
    assert asked > 100
    assert manager.get("/trajecten/nieuw").status_code == 403
    assert manager.post("/trajecten", data={"titel": "x"}).status_code == 403


def test_nobody_else_finds_the_pages(world: World, manager):
    for name in ("marieke", "jan", "pieter", "otto"):
        browser = world.client(name)
        for route in all_routes():
            if route.path.startswith("/beheer"):
                path = route.path.format(tenant_id="meerwijk", person_id="x", part="logo")
                for method in route.methods:
                    assert browser.request(method, path).status_code == 404, (name, method, path)
    assert world.client().get("/beheer").headers["location"] == "/aanmelden"


@pytest.mark.parametrize("tenant", ["installatie", "lokaal", "er-is-niets"])
def test_only_a_gemeente_can_be_set(world: World, manager, tenant: str):
    assert manager.get(f"/beheer/gemeenten/{tenant}").status_code == 404
    assert manager.post(f"/beheer/gemeenten/{tenant}/sluiten").status_code == 404
    assert manager.get("/beheer").status_code == 200


def test_in_local_mode_there_is_nobody_to_manage(world: World, manager):
    world.app.state.settings = type(world.settings)(**{**vars(world.settings), "mode": "lokaal"})
    assert manager.get("/beheer").status_code == 404


def test_the_command_makes_who_manages(world: World, settings, monkeypatch, capsys):
    monkeypatch.setenv("DRIEKOLOM_DATABASE_URL", settings.database_url)
    assert main(["beheerder", "link", "Bea"]) == 2 and "lokaal" in capsys.readouterr().err
    monkeypatch.setenv("DRIEKOLOM_MODE", "server")
    monkeypatch.setenv("DRIEKOLOM_BASE_URL", "https://lea.test")
    assert main(["beheerder", "link", "Bea", "--email", "bea"]) == 2 and "e-mailadres" in capsys.readouterr().err
    assert main(["beheerder", "link", "Bea Beheer", "--email", "bea@voorbeeld.test"]) == 0
    link = capsys.readouterr().out.strip()
    browser = world.client()
    page = browser.get(link.removeprefix("https://lea.test")).text
    assert "beheert u deze installatie" in page and "traject starten" not in page
    browser.post(link.removeprefix("https://lea.test"))
    assert browser.get("/beheer").status_code == 200
    front = browser.get("/").text
    assert "Beheer van deze installatie" in front and "Vraag de procesbegeleider" not in front
