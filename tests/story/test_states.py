"""axe-core finds nothing on any page in any state; every page of the product and every fragment is among the states."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pytest
import uvicorn
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, BrowserContext, Page, Route
from sqlmodel import select

from app.checklists.models import Checklist, Institution
from app.core.rendering import ENV, ROOT
from app.journey.gate import cookie_name
from app.journey.models import Party
from app.people.actions import sign_in
from app.people.models import Person
from tests.browsing import new_context
from tests.databases import Databases
from tests.register import samples
from tests.story.conftest import free_port
from tests.story.example_world import ExampleWorld, make_example_world
from tests.story.states import LONG, STATES, TWICE, WORD, State, make_states
from tests.story.steps import code_in_outbox, codes_in_outbox

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
PHONE = {"width": 390, "height": 844}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONG_PAGES = {"color-contrast": {"enabled": False}}  # the same parts as elsewhere, hundreds of times; it takes a minute
NOT_A_PAGE = {  # GET routes that give no page of ours
    "/aanmelden/organisatie/{name}": "goes to the provider", "/aanmelden/organisatie/{name}/kiezen": "drawn like /aanmelden/kiezen", "/aanmelden/organisatie/{name}/afmelden": "goes to the provider",
    "/handleiding/beeld/{name}": "a picture", "/huisstijl/{name}": "a file", "/huisstijl/{tenant_id}/{mark}/{name}": "a file",
    "/.well-known/security.txt": "a file", "/gezond": "a word for who watches the server", "/trajecten/{journey_id}/document.pdf": "a file",
    "/trajecten/{journey_id}/toegang.csv": "a file", "/trajecten/{journey_id}/toegang/mensen/{seat_id}": "see open_person",
    "/trajecten/{journey_id}/bestand.json": "a file", "/trajecten/{journey_id}/logboek.csv": "a file", "/archief/{record_id}.pdf": "a file", "/account/gegevens.json": "a file",
    "/trajecten/{journey_id}/bewaren/stukken/{record_id}.pdf": "a file",
    "/trajecten/{journey_id}/berichten/{mail_id}/stand": "a part of a page",
}  # fmt: skip
# Of a server: tests/story/test_manager.py. What live.js asks for: tests/story/test_live.py. Reached by a click in `STATES`.
SHOWN_ELSEWHERE = (
    "/beheer",
    *(f"/trajecten/{{journey_id}}/{name}" for name in ("stroom", "stand", "hier", "opmerkingen/bij", "versies/{")),
)


@dataclass
class Gallery:
    """The running product, its journeys, and what was rendered."""

    world: ExampleWorld
    url: str
    browser: Browser
    journeys: dict[str, str] = field(default_factory=dict)
    rendered: set[str] = field(default_factory=set)
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    tabs: dict[str, Page] = field(default_factory=dict)  # in which a page was only looked at

    def context(self, who: str) -> BrowserContext:
        if who not in self.contexts:
            context = new_context(self.browser, **PHONE, reduced_motion="reduce")
            if who and who != "-":
                with self.world.database.write() as tx:
                    person = tx.exec(select(Person).where(Person.name == who)).first()
                    cookie = {
                        "name": cookie_name(self.world.settings),
                        "value": sign_in(tx, person, 12),
                        "url": self.url,
                    }
                context.add_cookies([cookie])
            self.contexts[who] = context
        return self.contexts[who]

    def address(self, state: State) -> str:
        path = state.path.replace("{uit}", self.journeys["uit"])
        if found := re.search(r"\{partij:(\w+)\}", path):
            name = {"linde": "Stichting De Linde", "welzijn": "Welzijn Meerwijk"}[found[1]]
            with self.world.database.read() as tx:
                journey = self.journeys[state.journey]
                party = tx.exec(select(Party).where(Party.name == name, Party.journey_id == journey)).one()
                path = path.replace(found[0], party.id)
        for place, table in (("{lijst}", Checklist), ("{school}", Institution)):
            if place in path:
                with self.world.database.read() as tx:
                    rows = tx.exec(select(table).where(table.journey_id == self.journeys[state.journey])).all()
                    path = path.replace(
                        place, min(rows, key=lambda r: r.removed_at is not None).id
                    )  # one that was not taken away
        return f"{self.url}/trajecten/{self.journeys[state.journey]}{path}" if state.journey else f"{self.url}{path}"

    @contextmanager
    def shown(self, state: State) -> Iterator[Page]:
        """The page in its state. A tab in which nothing is done serves the next state as well: a new one, and reading
        axe anew in it, cost half of the time."""
        if state.do:
            page = self.show(state)
            yield page
            page.close()
        else:
            page = self.tabs.pop(state.who, None) or self.context(state.who).new_page()
            page.set_viewport_size(PHONE)
            self.show(state, page)
            yield page
            self.tabs[state.who] = page

    def show(self, state: State, page: Page | None = None) -> Page:
        """The page in its state, in a tab of its own or in this one."""
        page = page or self.context(state.who).new_page()
        page.goto(self.address(state))
        if page.locator("[data-samen]").count():
            page.locator(".samen--aan").wait_for()  # the editor has taken the place of the paragraphs
        if state.do:
            globals()[state.do](page)  # by its name, in this module
        return page


def make_gallery(browser: Browser, folder: Path, databases: Databases) -> tuple[Gallery, uvicorn.Server]:
    port = free_port()
    world = make_example_world(folder, databases, port)
    with world.database.write() as tx:
        made = make_states(tx, world.settings, world.pack)
    server = uvicorn.Server(uvicorn.Config(world.app, port=port, log_level="error", access_log=False))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        pass
    return Gallery(world, f"http://127.0.0.1:{port}", browser, world.journeys | made), server


@pytest.fixture(scope="module")
def gallery(browser: Browser, tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Gallery]:
    gallery, server = make_gallery(browser, tmp_path_factory.mktemp("gallery"), databases)
    load = ENV._load_template  # every template, included or whole, passes here

    def watched(name, *args, **kwargs):
        gallery.rendered.add(str(name))
        return load(name, *args, **kwargs)

    ENV._load_template = watched  # type: ignore[method-assign]
    yield gallery
    ENV._load_template = load  # type: ignore[method-assign]
    for context in gallery.contexts.values():
        context.close()
    gallery.world.database.hub.close()
    server.should_exit = True


# ---- what is done to bring a page into its state ----


def conflict(page: Page) -> None:
    _two_texts(page, "form[id$=waarom]", "De tekst van een ander.", "Mijn eigen tekst.")


def conflict_long(page: Page) -> None:
    text = LONG[:2000].rsplit(" ", 1)[0]
    mine = f"{text.replace('aan het begin', 'halverwege', 2)} {WORD}"
    _two_texts(page, "#notities form", text.replace("alle", "veel", 3), mine)
    assert page.locator("form .conflict mark").count() > 4


def _two_texts(page: Page, form: str, theirs: str, mine: str) -> None:
    """Somebody saves `theirs` in the text box of this form while `mine` is on its way from this page."""

    def write(one: Page, text: str) -> None:
        one.locator(form).first.locator("textarea").fill(text)

    _at_once(page, lambda one: write(one, theirs), lambda one: write(one, mine))
    page.locator("form .conflict").wait_for()


def conflict_choice(page: Page) -> None:
    def choose(one: Page, wanted: int) -> None:
        one.locator(".field--choice").first.locator(".choice__label").nth(wanted).click()

    _at_once(page, lambda one: choose(one, 1), lambda one: choose(one, 2))
    page.locator("form .conflict mark").first.wait_for()


def _at_once(page: Page, theirs: Callable[[Page], None], mine: Callable[[Page], None]) -> None:
    """Both change the same field before either knows of the other; theirs arrives first.

    What this page sends is held up until the other has saved: a page that is not being typed in would
    show what the other wrote, and then there is nothing to choose between.
    """
    other = page.context.new_page()
    other.goto(page.url)
    held: list[Route] = []
    page.route("**/veld/**", lambda route: held.append(route), times=1)
    with page.expect_request("**/veld/**"):
        mine(page)
    with other.expect_response("**/veld/**"):
        theirs(other)
    other.close()
    held[0].continue_()


def compare_source(page: Page) -> None:
    page.locator("summary", has_text="Vergelijk").first.click()
    page.locator(".para__fold[open] .conflict__both").first.wait_for()


def write_together(page: Page) -> None:
    page.locator("#tekst > p").first.click()
    page.keyboard.type("Erbij ")
    page.locator("[data-samen-deel=stand]", has_text=re.compile("Opgeslagen \\d")).wait_for()


def write_notes(page: Page) -> None:
    _write_short(page, "#notities form")


def write_reason(page: Page) -> None:
    _write_short(page, "form[data-samen-veld$=motivering]")


def _write_short(page: Page, form: str) -> None:
    """Begins to write in a short text, in a list and in bold."""
    page.locator(form).first.locator("textarea").click()
    page.locator(f"{form} .samen__tekst:focus").wait_for()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("- Erbij ")
    page.keyboard.press("Control+b")
    page.keyboard.type("in vet")
    page.locator(f"{form} [data-samen-deel=stand]", has_text=re.compile("Opgeslagen \\d")).wait_for()


def text_link(page: Page) -> None:
    page.locator("#tekst > p").first.click()
    page.get_by_role("button", name="Link", exact=True).click()
    page.get_by_label("Adres van de link").fill("geen adres")
    page.get_by_role("button", name="Maak link").click()
    page.locator("#samen-link-fout").wait_for()


def line_gone(page: Page) -> None:
    page.evaluate(
        "driekolomSamen.line.wire.base = 'ws://' + location.host + '/weg'; driekolomSamen.line.socket.close()"
    )
    page.locator("[data-samen-deel=stand]", has_text="Geen verbinding").wait_for()


def save_failed(page: Page) -> None:
    page.context.route("**/veld/**", _fail)
    page.get_by_label("Waarom kiest u dit?").fill("Dit komt niet aan.")
    page.locator("#opslag-melding").get_by_text("staat nog in deze browser").wait_for()
    page.context.unroute("**/veld/**")


def _fail(route: Route) -> None:
    route.abort()


def error(page: Page) -> None:
    box = page.get_by_label(re.compile("Naam van het traject")).first
    box.fill("")
    page.locator(".field--invalid").first.wait_for()


def start_wrong(page: Page) -> None:
    page.get_by_role("button", name="Start het traject").click()
    page.wait_for_load_state()


def paste_too_much(page: Page) -> None:
    page.fill("#regels", "\n".join(f"Regel {n}" for n in range(200)))
    page.get_by_role("button", name="Voeg toe").click()
    page.locator("#regels-fout").wait_for()


def take_criterion_away(page: Page) -> None:
    page.locator("summary", has_text="Wijzig").first.click()
    page.locator(".confirm summary").first.click()
    page.get_by_role("button", name="Ja, haal dit criterium weg").first.click()
    page.get_by_role("button", name="Ongedaan maken").wait_for()


def take_school_away(page: Page) -> None:
    page.locator("summary", has_text="Wijzig").first.click()
    page.locator(".confirm summary").first.click()
    page.get_by_role("button", name="Ja, haal deze school of organisatie weg").first.click()
    page.get_by_role("button", name="Ongedaan maken").wait_for()


def take_list_away(page: Page) -> None:
    page.locator("summary", has_text="Haal deze lijst weg").click()
    page.get_by_role("button", name="Ja, haal deze lijst weg").click()
    page.locator("#weggehaald summary").click()


def start_list_wrong(page: Page) -> None:
    page.locator("#beginnen summary").click()
    page.locator("#beginnen label", has_text="Een eigen lijst").click()
    page.get_by_role("button", name="Begin deze lijst").click()
    page.locator("#naam-fout").wait_for()


def fix_wrong(page: Page) -> None:
    page.get_by_text("Leg dit document vast").first.click()
    page.get_by_role("button", name="Leg dit document vast").click()
    page.locator("#besluit-fout").wait_for()


def remind_empty(page: Page) -> None:
    page.get_by_label("Uw tekst").fill("")
    page.get_by_role("button", name="Zet de berichten klaar").click()
    page.locator("#tekst-error").wait_for()


def turn_off(page: Page) -> None:
    page.get_by_role("button", name="Zet het overzicht uit").click()
    page.get_by_text("Het dagelijks overzicht staat uit").wait_for()


def wrong_file(page: Page) -> None:
    damaged = {"name": "traject.json", "mimeType": "application/json", "buffer": b'{"format": "driekolom-traject"'}
    page.get_by_label("Bestand").set_input_files(damaged)
    page.get_by_role("button", name="Maak er een traject van").click()
    page.get_by_role("alert").wait_for()


def make_link(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Toegang van")).first.click()
    page.get_by_role("button", name=re.compile("^Maak een")).first.click()
    page.get_by_label("Link", exact=True).wait_for()


def read_version(page: Page) -> None:
    page.locator(".task a").last.click()
    page.get_by_text("Zo stond het plan er op").wait_for()


def compare_versions(page: Page) -> None:
    """The oldest version with how it is now."""
    page.get_by_label("Van", exact=True).select_option(index=page.locator("#van option").count() - 1)
    page.get_by_role("button", name="Vergelijk").click()
    page.get_by_text("Wat is er gewijzigd in het plan?").first.wait_for()


def version_without_name(page: Page) -> None:
    page.get_by_role("button", name="Bewaar deze versie").click()
    page.get_by_text("Geef deze versie een naam").wait_for()


def open_remark(page: Page) -> None:
    """The link of a remark: the fold at the thing it is about stands open."""
    page.locator(".remark__when").last.click()
    page.locator(".remark:target").wait_for()


def open_proposal(page: Page) -> None:
    open_remark(page)
    page.get_by_role("link", name="Stel een andere tekst voor").locator("visible=true").first.click()
    page.get_by_role("heading", name="Stel een andere tekst voor").wait_for()


def remark_too_long(page: Page) -> None:
    open_proposal(page)
    page.get_by_label("Uw opmerking").fill("lang " * 700)
    page.get_by_role("button", name="Plaats opmerking").click()
    page.get_by_text("Deze opmerking is te lang").wait_for()


def open_all(page: Page) -> None:
    """Every fold: background, national figures, their tables."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


def open_invitation(page: Page) -> None:
    make_link(page)
    page.goto(page.get_by_label("Link", exact=True).input_value())


def open_person(page: Page) -> None:
    page.get_by_role("link", name="J. Bakker").click()
    page.get_by_role("heading", name="Toegang van J. Bakker").wait_for()


def _type_people(page: Page, text: str) -> None:
    page.get_by_label("Voor welke partij?").select_option(label="Stichting De Linde")
    page.get_by_label("Mensen, één per regel").fill(text)
    page.get_by_role("button", name="Controleer de lijst").click()


def check_people(page: Page) -> None:
    _type_people(page, f"Piet Post; piet@linde.example; directeur\n{'Lang' * 29}\nعبد الرحمن; a@linde.example")
    page.get_by_role("button", name="Nodig drie mensen uit").wait_for()
    open_all(page)


def check_wrong_people(page: Page) -> None:
    _type_people(page, f"jan@linde.example\nPiet; geen adres; directeur\n{WORD}")
    page.get_by_role("heading", name=re.compile("dingen niet goed")).wait_for()


def invite_people(page: Page) -> None:
    _type_people(page, "Anna de Groot\nPiet Post; piet@linde.example")
    page.get_by_role("button", name="Nodig twee mensen uit").click()
    page.get_by_role("heading", name="Geef de links door").wait_for()
    open_all(page)


def _ask_code(page: Page, address: str = TWICE) -> None:
    page.goto(urljoin(page.url, "/aanmelden/code-vragen"))
    page.get_by_label("E-mailadres").fill(address)
    page.get_by_role("button", name="Vraag een code aan").click()
    page.get_by_label("Code", exact=True).wait_for()


def ask_code(page: Page) -> None:
    _ask_code(page)


def ask_code_wrong(page: Page) -> None:
    page.locator("form").first.evaluate("form => { form.noValidate = true }")
    page.get_by_label("E-mailadres").fill("anna")
    page.get_by_role("button", name="Vraag een code aan").click()
    page.locator("#e-mail-fout").wait_for()


def wrong_code(page: Page) -> None:
    _ask_code(page)
    for _ in range(5):
        page.get_by_label("Code", exact=True).fill("12")
        page.get_by_role("button", name="Ga verder").click()
        page.locator("#code-fout").wait_for()


def choose_place(page: Page) -> None:
    outbox = urljoin(page.url, "/uitgaande-post")
    page.goto(outbox)
    known = codes_in_outbox(page).count()
    _ask_code(page)
    page.goto(outbox)
    code = code_in_outbox(page, known)
    page.goto(urljoin(page.url, "/aanmelden/code"))
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_role("heading", name="Waar wilt u naartoe?").wait_for()


def wait_for_code(page: Page) -> None:
    url = page.url
    _ask_code(page, "bert@drie.example")
    page.goto(url)
    page.get_by_role("link", name="Bert Drie").click()
    page.get_by_role("button", name="Toon de code").wait_for()


def read_out(page: Page) -> None:
    wait_for_code(page)
    page.get_by_role("button", name="Toon de code").click()
    page.get_by_role("heading", name="Code voor Bert Drie").wait_for()


def _fill_access(page: Page, address: str) -> None:
    page.locator("form").first.evaluate("form => { form.noValidate = true }")
    page.get_by_label("Naam", exact=True).fill("Tom Smit")
    page.get_by_label("E-mailadres van het werk").fill(address)
    page.get_by_role("button", name="Vraag toegang").click()


def ask_access(page: Page) -> None:
    _fill_access(page, "tom@vijf.example")
    page.get_by_label("Code", exact=True).wait_for()


def ask_access_wrong(page: Page) -> None:
    _fill_access(page, "tom")
    page.locator("#e-mail-fout").wait_for()


def open_hand_over(page: Page) -> None:
    page.get_by_role("link", name="Cor Vier").click()
    page.get_by_role("button", name=re.compile("^Maak een")).click()
    page.goto(page.get_by_label("Link", exact=True).input_value())
    page.get_by_role("link", name="geef de plek door aan een collega").click()
    page.get_by_role("heading", name="Geef uw plek door").wait_for()


def hand_over_wrong(page: Page) -> None:
    open_hand_over(page)
    page.get_by_role("button", name="Geef de plek door").click()
    page.locator("#naam-fout").wait_for()


def hand_over(page: Page) -> None:
    open_hand_over(page)
    page.get_by_label("Naam van uw collega").fill("Dora Vijf")
    page.get_by_label("E-mailadres van het werk").fill("dora@eik.example")
    page.get_by_role("button", name="Geef de plek door").click()
    page.get_by_text("Uw plek is nu van").wait_for()


def offer_file(page: Page) -> None:
    page.goto(urljoin(page.url, "/register"))
    page.set_input_files("#bestand", {"name": "leerlingen.csv", "mimeType": "text/csv", "buffer": samples.pupils()})
    page.get_by_role("button", name="Bekijk wat er verandert").click()
    page.get_by_role("heading", name="Wat verandert er?").wait_for()
    if (fold := page.locator("main summary")).count():  # nothing folds open when all of it is known already
        fold.first.click()


def boards_wrong(page: Page) -> None:
    address = page.url
    offer_file(page)
    if (take := page.get_by_role("button", name="Neem dit over")).count():
        take.click()
    page.goto(address)
    page.get_by_role("button", name="Voeg deze partijen toe").click()
    page.get_by_role("alert").wait_for()


def add_boards(page: Page) -> None:
    offer_file(page)
    if (take := page.get_by_role("button", name="Neem dit over")).count():
        take.click()
    page.goto(urljoin(page.url, "/trajecten/nieuw"))
    page.get_by_label("Gemeente", exact=True).fill("Meerwijk")
    page.get_by_role("button", name="Zet de besturen").click()
    page.get_by_text("2 besturen erbij gezet").wait_for()


# ---- the proof ----


@pytest.mark.parametrize("state", STATES, ids=lambda s: f"{s.name}|{s.journey}|{s.who}|{s.path}")
def test_axe_finds_nothing(gallery: Gallery, state: State):
    with gallery.shown(state) as page:
        page.evaluate(AXE)
        page.evaluate("scrollTo(0, 0)")  # what scrolls under the bar at the top is not too small to press
        found = page.evaluate(
            "([tags, rules]) => axe.run(document, { runOnly: tags, rules, resultTypes: ['violations'] })",
            [TAGS, LONG_PAGES if state.journey == "druk" else {}],
        )
        wrong = [f"{v['id']}: {v['help']} {[n['html'][:150] for n in v['nodes'][:3]]}" for v in found["violations"]]
        assert not wrong, "\n".join(wrong)
        page.set_viewport_size({"width": 320, "height": 640})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"sideways scrolling at 320 px: {wide}"
        assert page.locator("h1").count() == 1
        primary = page.locator("main .button:not(.button--quiet, .button--danger, .button--link):visible").count()
        assert primary <= 1, f"{primary} primary buttons"


def test_every_page_of_the_product_is_among_the_states(gallery: Gallery):
    def pattern(path: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$")

    addresses = [gallery.address(s).removeprefix(gallery.url).split("?")[0] for s in STATES]
    routes = [r for i in gallery.world.app.routes for r in getattr(getattr(i, "original_router", None), "routes", [i])]
    missing = [
        r.path
        for r in routes
        if isinstance(r, APIRoute) and "GET" in r.methods and r.path not in NOT_A_PAGE
        and not r.path.startswith(SHOWN_ELSEWHERE)
        and not any(pattern(r.path).match(a) for a in addresses) and "{secret}" not in r.path
    ]  # fmt: skip
    assert not missing, missing


def test_every_fragment_is_shown_by_a_state(gallery: Gallery):
    if len(gallery.rendered) < 50:
        pytest.skip("the states were not shown in this run")
    files = {str(p.relative_to(ROOT / "templates")) for p in (ROOT / "templates").rglob("_*.html")}
    unseen = files - gallery.rendered - ANSWERS.keys()
    assert not unseen, sorted(unseen)


ANSWERS = {  # fragments that only ever answer a script; the stories see them
    "components/_saved.html": "a save",
    "components/_refused.html": "a refusal",
    "installation/_settings.html": "settings of a gemeente, on a server: tests/story/test_manager.py",
}
