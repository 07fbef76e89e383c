"""Signing in with a browser: at one's organisation and with a device, and what was typed meanwhile is still there."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from playwright.sync_api import Page, expect
from sqlmodel import select

from app.answers.models import JointAnswer
from app.content.pack import Pack
from app.core.clock import now
from app.core.settings import Settings
from app.journey.gate import cookie_name
from app.main import build
from app.people.actions import sign_in
from app.people.models import Person, SignIn
from app.signin import organisations, wire
from tests.conftest import World, make_world
from tests.databases import Databases
from tests.signin.real import SECRET, real_provider
from tests.story.conftest import free_port
from tests.story.test_never_lost import until, why
from tests.story.test_states import AXE, TAGS

pytestmark = pytest.mark.browser


@dataclass
class House:
    """The product in server mode on a port of this computer, with a provider for Meerwijk."""

    world: World
    url: str

    def end_sessions(self) -> None:
        """Nobody did anything for hours."""
        with self.world.database.write() as tx:
            for session in tx.exec(select(SignIn)):
                session.expires_at = now()
                tx.add(session)

    def text(self, path: str) -> str:
        with self.world.database.read() as tx:
            rows = tx.exec(
                select(JointAnswer).where(JointAnswer.path == path, JointAnswer.journey_id == self.world.journey)
            )
            return next((row.value for row in rows), "")


@pytest.fixture(scope="module")
def house(tmp_path_factory, databases: Databases, pack: Pack) -> Iterator[House]:
    wire.forget()
    port, url = free_port(), databases.fresh(tmp_path_factory.mktemp("house"))
    settings = Settings(mode="server", base_url=f"http://localhost:{port}", port=port, database_url=url)
    world = make_world(build(settings), settings, pack)
    server = uvicorn.Server(uvicorn.Config(world.app, port=port, log_level="error", access_log=False))
    threading.Thread(target=server.run, daemon=True).start()
    back = f"{settings.address}/aanmelden/organisatie/meerwijk/terug"
    with real_provider(free_port(), back) as issuer, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRIEKOLOM_OIDC_MEERWIJK_SECRET", SECRET)
        with world.database.write() as tx:
            organisations.add_provider(
                tx, settings, name="meerwijk", tenant_name="Gemeente Meerwijk", label="", issuer=issuer,
                client_id="driekolom", domains=["voorbeeld.test"], trusts_address=False,
            )  # fmt: skip
        while not server.started:
            time.sleep(0.05)
        for path in ("/aanmelden", world.path("verkenning")):  # the rooms are loaded at the first request
            httpx.get(f"{settings.address}{path}", timeout=60)
        yield House(world, settings.address)
    world.database.hub.close()
    server.should_exit = True


def at_the_organisation(page: Page, who: str) -> None:
    page.get_by_role("link", name="Aanmelden via Gemeente Meerwijk").click()
    page.get_by_role("link", name=f"Ik ben {who}").click()


def looks_right(page: Page) -> None:
    """axe finds nothing, and nothing sticks out on a telephone."""
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    assert [f"{v['id']}: {v['nodes'][0]['html'][:150]}" for v in found["violations"]] == []
    page.set_viewport_size({"width": 1366, "height": 768})


def test_typing_survives_a_session_that_was_not_used_for_hours(house: House, desk):
    jan = desk(house)
    jan.other_hosts = True
    page = jan.open(house.url + house.world.path("verkenning"))
    expect(page).to_have_url(f"{house.url}/aanmelden")
    looks_right(page)
    at_the_organisation(page, "jan")
    expect(page).to_have_url(house.url + house.world.path("verkenning"))
    why(page).click()
    page.keyboard.type("Dit stond er al. ")
    until(lambda: house.text("verkenning/waarom"), "Dit stond er al.")
    house.end_sessions()
    page.keyboard.type("Dit kwam na uren stilte.")
    expect(page.locator("#opslag-melding")).to_contain_text("U bent afgemeld")
    assert house.text("verkenning/waarom") == "Dit stond er al."
    page.get_by_role("link", name="Meld u opnieuw aan").click()
    expect(page.get_by_text("Uw sessie is voorbij")).to_be_visible()
    page.get_by_role("link", name="Aanmelden via Gemeente Meerwijk").click()  # the provider still knows who it is
    expect(page).to_have_url(house.url + house.world.path("verkenning"))
    expect(why(page)).to_have_value("Dit stond er al. Dit kwam na uren stilte.")
    until(lambda: house.text("verkenning/waarom"), "Dit stond er al. Dit kwam na uren stilte.")


def test_who_was_not_invited_reads_whom_to_ask(house: House, desk):
    stranger = desk(house)
    stranger.other_hosts = True
    page = stranger.open(f"{house.url}/aanmelden")
    at_the_organisation(page, "onbekend")
    expect(page.get_by_role("heading", name="Aanmelden lukte niet")).to_be_visible()
    expect(page.get_by_text("Vraag de procesbegeleider")).to_be_visible()
    looks_right(page)


def test_a_passkey_is_made_and_used(house: House, desk):
    karin = desk(house)
    with house.world.database.write() as tx:
        person = tx.get_one(Person, house.world.persons["karin"])
        secret = sign_in(tx, person, 12)
    karin.context.add_cookies([{"name": cookie_name(house.world.settings), "value": secret, "url": house.url}])
    page = karin.open(f"{house.url}/account")
    device = karin.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    authenticator = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.get_by_role("button", name="Stel in op dit apparaat").click()
    expect(page.get_by_text("De volgende keer komt u zo binnen")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Stel in op dit apparaat").click()
    expect(page.get_by_text("Op dit apparaat is dit al ingesteld.")).to_be_visible()

    house.end_sessions()
    page.goto(house.url + house.world.path("waar-staan-we/b"))
    expect(page).to_have_url(f"{house.url}/aanmelden")
    page.get_by_role("button", name="Aanmelden met uw apparaat").click()
    expect(page).to_have_url(house.url + house.world.path("waar-staan-we/b"))
    expect(page.get_by_role("link", name="Karin Smit").first).to_be_visible()

    page.goto(f"{house.url}/account")
    page.get_by_role("button", name="Haal weg").click()
    expect(page.get_by_text("Zo komt u nu niet meer binnen")).to_be_visible()
    page.get_by_role("button", name="Overal uitloggen").click()
    expect(page.get_by_text("op al uw apparaten")).to_be_visible()
    page.get_by_role("button", name="Aanmelden met uw apparaat").click()
    expect(page.get_by_role("heading", name="Aanmelden lukte niet")).to_be_visible()

    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("link", name="Terug").click()
    page.get_by_role("button", name="Aanmelden met uw apparaat").click()
    expect(page.get_by_text("Dit is niet gelukt")).to_be_visible()


def test_without_scripts_the_other_ways_are_named(house: House, desk):
    page = desk(house, javascript=False).open(f"{house.url}/aanmelden")
    expect(page.get_by_text("JavaScript uit staat")).to_be_visible()
    expect(page.get_by_role("button", name="Aanmelden met uw apparaat")).to_be_hidden()
    expect(page.get_by_role("link", name="Aanmelden via Gemeente Meerwijk")).to_be_visible()
