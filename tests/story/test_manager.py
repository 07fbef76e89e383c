"""Who manages the installation, in a browser: a gemeente, its first starter, its house style; and another gemeente that
sees nothing of it. axe finds nothing on any of the pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.core.settings import Settings
from app.main import build
from app.people.actions import invite_starter
from app.people.tenants import invite_manager
from app.register.actions import offer, take_over
from tests.browsing import new_context
from tests.register import samples
from tests.story.conftest import free_port
from tests.story.test_states import AXE, TAGS
from tests.style.test_style import GOOD, svg

pytestmark = pytest.mark.browser
LOGO = svg(
    "<style>.a{fill:#8a1538}</style><rect class='a' width='10' height='10'/><circle cx='5' cy='5' r='3' fill='#fff'/>"
)


class Site:
    """The running product in server mode. `links` are of the manager and of a starter of another gemeente."""

    def __init__(self, url: str, browser: Browser, links: dict[str, str]):
        self.url, self.browser, self.links = url, browser, links
        self.contexts: list[BrowserContext] = []

    def enter(self, link: str) -> Page:
        """Somebody with a browser of their own, who has pressed the button of their personal link."""
        context = new_context(self.browser)
        self.contexts.append(context)
        page = context.new_page()
        page.goto(link)
        page.locator("main form button").first.click()
        page.wait_for_load_state()
        return page


@pytest.fixture
def site(browser: Browser, database_url: str) -> Iterator[Site]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = Settings(mode="server", base_url=url, port=port, database_url=database_url)
    app = build(settings)
    with app.state.database.write() as tx:
        take_over(tx, offer(tx, "tooi.json", samples.tooi())[0].id)
        links = {
            "manager": f"{url}/toegang/{invite_manager(tx, 'Bea Beheer', '', 30)}",
            "other": f"{url}/toegang/{invite_starter(tx, 'Otto Verweg', '', 'Anderstad', 30)}",
        }
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", access_log=False))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        pass
    made = Site(url, browser, links)
    yield made
    for context in made.contexts:
        context.close()
    app.state.database.hub.close()
    server.should_exit = True


def fine(page: Page) -> None:
    """axe finds nothing, nothing scrolls sideways at 320 px, and there is at most one primary button."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", TAGS)
    wrong = [f"{v['id']}: {v['help']} {[n['html'][:150] for n in v['nodes'][:3]]}" for v in found["violations"]]
    assert not wrong, (page.url, wrong)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1366, "height": 768})
    assert page.locator("main .button:not(.button--quiet, .button--danger, .button--link):visible").count() <= 1


def start(page: Page, title: str, municipality: str) -> None:
    page.get_by_role("link", name="Start een traject").click()
    page.get_by_label("Naam van het traject").fill(title)
    page.get_by_label("Gemeente", exact=True).fill(municipality)
    page.get_by_label("Partij 1", exact=True).fill("Stichting Nieuw")
    page.get_by_role("button", name="Start het traject").last.click()
    page.get_by_role("heading", name="Opzet").wait_for()


def colour(page: Page) -> str:
    page.wait_for_load_state()  # with its style
    return page.evaluate("getComputedStyle(document.querySelector('main .button:not(.button--quiet)')).backgroundColor")


def test_from_an_empty_installation_to_a_gemeente_in_its_own_colours(site: Site):
    bea = site.enter(site.links["manager"])
    expect(bea.get_by_role("heading", level=1)).to_have_text("Beheer van deze installatie")
    fine(bea)
    bea.get_by_role("link", name="Gemeente toevoegen").click()
    fine(bea)
    bea.get_by_label("Naam", exact=True).fill("Meerwijk")
    bea.get_by_label("Telefoonnummer").fill("bel maar")
    bea.get_by_role("button", name="Voeg deze gemeente toe").click()
    expect(bea.get_by_role("alert")).to_contain_text("Vul een telefoonnummer in")
    fine(bea)
    bea.get_by_label("Telefoonnummer").fill("0123 456 789")
    bea.get_by_role("button", name="Voeg deze gemeente toe").click()
    expect(bea.get_by_role("heading", level=1)).to_have_text("Gemeente Meerwijk")
    expect(bea.locator("main")).to_contain_text("gm0917")
    address = bea.url.partition("?")[0]

    bea.get_by_label("Voor- en achternaam").fill("Mia Meer")
    bea.get_by_role("button", name="Maak een persoonlijke link").click()
    link = bea.get_by_label("Link", exact=True).input_value()
    fine(bea)
    mia = site.enter(link)
    start(mia, "Kanarietraject", "Meerwijk")
    otto = site.enter(site.links["other"])
    start(otto, "Traject van Anderstad", "Anderstad")
    usual = colour(mia)
    assert colour(otto) == usual

    bea.goto(f"{address}/huisstijl")
    fine(bea)
    bea.set_input_files(
        "#theme", {"name": "theme.css", "mimeType": "text/css", "buffer": GOOD.replace("#8a1538", "#fbb").encode()}
    )
    bea.get_by_role("button", name="Bekijk deze kleuren").click()
    expect(bea.locator("#theme-fout")).to_contain_text("De tekst op een knop is niet goed te lezen")
    fine(bea)
    bea.set_input_files("#theme", {"name": "theme.css", "mimeType": "text/css", "buffer": GOOD.encode()})
    bea.get_by_role("button", name="Bekijk deze kleuren").click()
    bea.set_input_files("#logo", {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO})
    bea.get_by_role("button", name="Bekijk dit logo").click()
    fine(bea)
    bea.get_by_role("link", name="Bekijk het voorbeeld").click()
    expect(bea.get_by_role("heading", level=1)).to_have_text("Voorbeeld van de huisstijl")
    assert colour(bea) == "rgb(138, 21, 56)"
    fine(bea)
    mia.reload()
    assert colour(mia) == usual, "nobody else sees it yet"
    bea.go_back()
    bea.get_by_role("button", name="Neem deze huisstijl over").click()
    expect(bea.locator("#melding")).to_contain_text("Overgenomen")

    mia.reload()
    assert colour(mia) == "rgb(138, 21, 56)"
    logo = mia.get_by_role("img", name="Gemeente Meerwijk")
    expect(logo).to_be_visible()
    assert logo.evaluate("i => i.complete && i.naturalWidth > 0")
    otto.reload()
    assert colour(otto) == usual and otto.get_by_role("img", name="Gemeente Meerwijk").count() == 0

    bea.goto(f"{site.url}/beheer")
    assert "Kanarietraject" not in bea.content() and "Mia Meer" not in bea.content()
    expect(bea.get_by_role("row", name="Gemeente Meerwijk")).to_contain_text("1")
    fine(bea)
    bea.goto(address)
    fine(bea)
    bea.locator("summary", has_text="Sluit deze gemeente").click()
    bea.get_by_role("button", name="Ja, sluit deze gemeente").click()
    expect(bea.locator("main")).to_contain_text("Niemand van deze gemeente kan zich aanmelden")
    fine(bea)
    mia.reload()
    expect(mia).to_have_url(f"{site.url}/aanmelden")
    otto.reload()
    expect(otto.get_by_role("heading", level=1)).to_have_text("Opzet")
