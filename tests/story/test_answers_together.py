"""Several people write in one answer: the notes of a conversation, the reason of a conclusion."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.story.conftest import Server
from tests.story.steps import unplug
from tests.story.test_never_lost import until

pytestmark = pytest.mark.browser

NOTES = "gesprek/a/notities"


@pytest.fixture(scope="module")
def server(one_server: Server) -> Server:
    return one_server


@pytest.fixture
def marieke(server: Server, desk, journey) -> Page:
    return desk(server).open(journey)


def stored(server: Server, path: str) -> tuple[str, str]:
    """Words and formats of an answer of the newest traject."""
    query = "SELECT value, rich FROM joint_answer WHERE journey_id = (SELECT max(id) FROM journey) AND path = ?"
    return next(iter(server.ask(query, path)), ("", ""))


def field(page: Page, label: str) -> Locator:
    return page.locator(f"form[data-samen-veld]:has(.field__label:text-is('{label}'))").first


def write(page: Page, label: str) -> Locator:
    """Begins to write in a text, and waits for its editor."""
    form = field(page, label)
    form.locator("textarea").click()
    expect(form.locator(".samen--aan .samen__tekst")).to_be_focused()
    return form.locator(".samen__tekst")


def saved(page: Page, label: str) -> None:
    expect(field(page, label).locator("[data-samen-deel=stand]")).to_contain_text("Opgeslagen")


def begin_at_once(server: Server, page: Page, label: str) -> str:
    """Types before the editor is there, and types on in it; returns what should then stand there, and stands there."""
    field(page, label).locator("textarea").click()
    page.keyboard.type("Eerst praten. ", delay=5)
    page.wait_for_timeout(1500)  # the form has saved it, without the space at its end
    page.keyboard.type("Dan schrijven.", delay=40)
    expect(field(page, label).locator(".samen__tekst")).to_be_focused()
    page.keyboard.type(" En weer praten.")
    saved(page, label)
    first = "Eerst praten. Dan schrijven. En weer praten."
    until(lambda: stored(server, NOTES)[0], first)
    return first


# Whatever the line brings comes late.
SLOW_LINE = """{
  const own = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  const late = (hear) => (event) => setTimeout(() => hear(event), 1500);
  Object.defineProperty(WebSocket.prototype, "onmessage", { set(hear) { own.set.call(this, late(hear)); } });
}"""


def test_what_the_form_saved_comes_before_the_editor(server, journey, marieke):
    """A form can hear that it is saved before the line brings it: what one types on may not come in front of it."""
    marieke.add_init_script(SLOW_LINE)
    marieke.goto(f"{journey}/gesprek/a")
    begin_at_once(server, marieke, "Wat wilt u verder onthouden?")


def test_two_people_write_notes(server, journey, marieke, jan):
    for page in (marieke, jan):
        page.goto(f"{journey}/gesprek/a")
        assert not page.evaluate("performance.getEntriesByType('resource').some((r) => r.name.includes('samen.js'))")
    label = "Wat wilt u verder onthouden?"

    first = begin_at_once(server, marieke, label)
    expect(field(jan, label).locator("textarea")).to_have_value(first)  # who only looks sees it too

    write(jan, label)
    jan.keyboard.press("Control+End")
    jan.keyboard.press("Enter")
    jan.keyboard.type("- ouders")
    jan.keyboard.press("Enter")
    jan.keyboard.press("Control+b")
    jan.keyboard.type("scholen")
    marieke.keyboard.press("Control+Home")
    marieke.keyboard.type("Let op: ")
    both = f"Let op: {first}\n- ouders\n- scholen"
    until(lambda: stored(server, NOTES)[0], both)
    assert '"b"' in stored(server, NOTES)[1]
    expect(field(marieke, label).locator(".samen__tekst li b")).to_have_text("scholen")
    expect(field(marieke, label).locator("[data-samen-deel=wie]")).to_contain_text("Jan Bakker")

    # A second text goes over the same line, and says so in its own words.
    opened = []
    marieke.on("websocket", lambda socket: opened.append(socket.url))
    second = "Wat is hierover gezegd?"
    write(marieke, second)
    assert jan.locator("form[data-samen-veld] .samen--aan").count() == 1
    write(jan, second)

    # Both begin in it before they hear of each other: it is one line, and none is empty.
    with server.silent():
        marieke.keyboard.type("Er is veel. ")
        jan.keyboard.type("Er is weinig. ")
    path = field(marieke, second).get_attribute("data-samen-veld").partition("/samen/")[2]
    until(lambda: stored(server, path)[0] in ("Er is veel. Er is weinig.", "Er is weinig. Er is veel."))
    for page in (marieke, jan):
        saved(page, second)
        expect(field(page, second).locator(".samen__tekst > *")).to_have_count(1)
    assert opened == []
    assert field(marieke, label).locator(".samen__tekst").inner_text().startswith("Let op: Eerst")
    assert marieke.evaluate(
        "document.querySelectorAll('[id]').length === new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size"
    )

    # The page again: the same words in the box, and with its formats for who reads.
    marieke.reload()
    expect(field(marieke, label).locator("textarea")).to_have_value(both)
    marieke.goto(f"{journey}/waar-staan-we/a/naast-elkaar")
    expect(marieke.locator(".text li b")).to_have_text("scholen")


def test_two_people_write_why_they_choose(server, journey, marieke, jan):
    for page in (marieke, jan):
        page.goto(f"{journey}/conclusies")
    ticks = marieke.locator("form[id$=gekozen] label")
    ticks.nth(1).click()
    reasons = marieke.locator("form[data-samen-veld$=motivering]")
    first = reasons.first
    label = first.locator(".field__label").inner_text()
    write(marieke, label)
    marieke.keyboard.type("Omdat ouders het vragen.")
    saved(marieke, label)
    expect(field(jan, label).locator("textarea")).to_have_value("Omdat ouders het vragen.")

    # What is drawn anew around it leaves the text alone.
    ticks.nth(3).click()
    expect(reasons).to_have_count(2)
    expect(first.locator(".samen__tekst")).to_have_text("Omdat ouders het vragen.")
    write(jan, label)
    jan.keyboard.press("Control+End")
    jan.keyboard.type(" En scholen.")
    both = "Omdat ouders het vragen. En scholen."
    expect(first.locator(".samen__tekst")).to_have_text(both)

    # Without a line one types on; what is left behind is sent by the next page, without a word typed again.
    unplug(marieke)
    expect(first.locator("[data-samen-deel=stand]")).to_contain_text("Geen verbinding")
    first.locator(".samen__tekst").click()
    marieke.keyboard.press("Control+End")
    marieke.keyboard.type(" Dit typte ik in de trein.")
    marieke.wait_for_timeout(300)
    marieke.context.set_offline(False)
    marieke.goto(f"{journey}/conclusies")
    path = first.get_attribute("data-samen-veld").partition("/samen/")[2]
    until(lambda: stored(server, path)[0], f"{both} Dit typte ik in de trein.")
    expect(field(jan, label).locator(".samen__tekst")).to_have_text(f"{both} Dit typte ik in de trein.")
