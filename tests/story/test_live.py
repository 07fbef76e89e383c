"""Several people at one page: what others do appears, and nothing that somebody types, reads or opened is disturbed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Desk
from tests.story.conftest import Server

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
JOURNEY = "SELECT id FROM journey WHERE example <> '' ORDER BY id LIMIT 1"


@pytest.fixture
def url(server: Server) -> str:
    return f"{server.url}/trajecten/{server.ask(JOURNEY)[0][0]}"


def box(page: Page, number: int = 0):
    return page.locator("main form[data-field] textarea").nth(number)


def put(page: Page, number: int, words: str) -> None:
    """Types, waits until it is saved, and leaves the box."""
    box(page, number).fill(words)
    form = page.locator("main form[data-field]:has(textarea)").nth(number)
    expect(form.locator("[data-part=status]")).to_have_text(re.compile("Opgeslagen"))
    box(page, number).blur()


def test_what_others_write_appears_and_what_one_types_stays(server: Server, desk: Callable[..., Desk], url: str):
    one, two = desk(server).open(f"{url}/verkenning"), desk(server, width=390, height=800).open(f"{url}/verkenning")
    overview = desk(server).open(url)
    put(one, 0, "Van de een")
    expect(box(two, 0)).to_have_value("Van de een")
    put(two, 0, "Van de ander, daarna")
    expect(box(one, 0)).to_have_value("Van de ander, daarna")  # with its version: the next save is no conflict
    put(one, 0, "En weer de een")

    # somebody is typing; somebody else changes the same field and another one
    expect(box(two, 0)).to_have_value("En weer de een")
    typing = box(two, 0)
    typing.focus()
    typing.press("End")
    two.route("**/verkenning/veld/**", lambda route: route.abort())  # a bad line: nothing of it is saved yet
    typing.press_sequentially(" – en ik typ dit", delay=20)
    two.evaluate("document.activeElement.setSelectionRange(3, 5)")
    put(one, 0, "Iets heel anders")
    put(one, 1, "Een ander antwoord")
    expect(box(two, 1)).to_have_value("Een ander antwoord")
    expect(typing).to_have_value("En weer de een – en ik typ dit")
    expect(typing).to_be_focused()
    assert two.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]") == [3, 5]
    two.unroute("**/verkenning/veld/**")
    conflict = two.locator("main form[data-field]:has(textarea)").first.locator(".conflict")
    expect(conflict).to_contain_text("ook gewijzigd")
    expect(typing).to_have_value("En weer de een – en ik typ dit")
    put(one, 1, "Nog een ander antwoord")
    expect(box(two, 1)).to_have_value("Nog een ander antwoord")
    expect(conflict).to_be_visible()
    expect(overview.locator("main")).to_be_visible()


def test_folds_and_begun_forms_stay_and_it_is_said_once(server: Server, desk: Callable[..., Desk], url: str):
    one, two = desk(server).open(f"{url}/verkenning"), desk(server).open(f"{url}/verkenning")
    fold = two.locator("main details").first
    fold.locator("summary").first.click()
    expect(fold).to_have_attribute("open", "")
    two.evaluate(
        "() => { window.said = []; const line = document.getElementById('nieuws');"
        "new MutationObserver(() => line.textContent && window.said.push(line.textContent)).observe(line, {childList: true}); }"
    )
    for number in range(3):
        put(one, 0, f"Versie {number}")
        expect(box(two, 0)).to_have_value(f"Versie {number}")
    expect(fold).to_have_attribute("open", "")
    expect(two.locator("#nieuws")).to_have_attribute("role", "status")
    two.wait_for_timeout(1500)
    assert two.evaluate("window.said") == ["Deze pagina is bijgewerkt."], "once, and briefly"
    two.evaluate(AXE.read_text())
    found = two.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id))")
    assert found == []


def test_a_fold_that_comes_above_does_not_take_over_what_is_typed(server: Server, desk: Callable[..., Desk], url: str):
    """What is typed in a goal makes a fold of figures appear above its fields."""
    page = desk(server).open(f"{url}/plan/visie-en-doelen")
    page.get_by_role("button", name="Doel toevoegen").click()
    goal = page.locator("article.goal").last
    assert not goal.get_by_text("Verwante landelijke cijfers").count()
    result = goal.get_by_label("Wat is er dan anders?")
    result.fill("komen naar het startgesprek")
    expect(goal.get_by_text("Verwante landelijke cijfers")).to_be_visible()
    expect(result).to_have_count(1)
    expect(result).to_be_focused()
    page.keyboard.type(" op school")
    expect(result).to_have_value("komen naar het startgesprek op school")
    assert page.locator(".figures textarea").count() == 0


def test_where_a_stream_is_blocked_it_is_asked(server: Server, desk: Callable[..., Desk], url: str):
    one = desk(server).open(f"{url}/verkenning")
    blocked = desk(server)
    blocked.context.route("**/stroom*", lambda route: route.abort())
    two = blocked.open(f"{url}/verkenning")
    put(one, 0, "Ook zonder stroom")
    expect(box(two, 0)).to_have_value("Ook zonder stroom")


def test_who_is_here_is_said_and_who_leaves_goes(server: Server, desk: Callable[..., Desk], url: str):
    journey = url.rsplit("/", 1)[1]
    one = desk(server).open(f"{url}/gesprek/b")
    expect(one.locator("#hier")).to_have_text("")
    other = desk(server)
    token = sign_in_somebody(server, journey)
    other.context.add_cookies([{"name": "driekolom", "value": token, "url": server.url}])
    two = other.open(f"{url}/plan")
    expect(one.locator("#hier")).to_contain_text("bij Plan van aanpak")
    expect(two.locator("#hier")).to_contain_text("bij Gesprek, thema B")
    two.goto(f"{url}/gesprek/b")
    expect(one.locator("#hier")).to_contain_text("op deze pagina")
    other.context.close()
    expect(one.locator("#hier")).to_have_text("")


def sign_in_somebody(server: Server, journey: str) -> str:
    """A session of a deelnemer of this journey."""
    from sqlmodel import select

    from app.core.database import Database
    from app.journey.models import Seat
    from app.people.actions import sign_in
    from app.people.models import Person

    database = Database(server.database_url)
    with database.write() as tx:
        seat = tx.exec(select(Seat).where(Seat.journey_id == journey, Seat.role == "deelnemer")).first()
        token = sign_in(tx, tx.get_one(Person, (seat.tenant_id, seat.person_id)), 12)
    database.close()
    return token
