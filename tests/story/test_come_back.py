"""Whoever was away comes back to everything they typed: without a line, with a closed laptop, in two tabs, and when the
right to write went meanwhile. In a text that is written together and in a field that saves by itself."""

from __future__ import annotations

import re
import signal
import time
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.story.conftest import Server
from tests.story.steps import unplug
from tests.story.test_never_lost import stored, until, why
from tests.story.test_together import SAVED, last_line, rows, stand, text_of, together

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(one_server: Server) -> Server:
    return one_server


AWAY = "Geen verbinding. U kunt doortypen: alles blijft bewaard."
WAITS = """async () => {
  const count = (name, store) => new Promise((done) => {
    const ask = indexedDB.open(name);
    ask.onsuccess = () => {
      if (!ask.result.objectStoreNames.contains(store)) { done(0); return; }
      const all = ask.result.transaction(store).objectStore(store).count();
      all.onsuccess = () => { done(all.result); ask.result.close(); };
    };
    ask.onerror = () => done(-1);
  });
  return await count('driekolom', 'outbox') + await count('driekolom-samen', 'samen');
}"""


def waits(page: Page) -> int:
    """How much this browser keeps that the server did not confirm."""
    return page.evaluate(WAITS)


def test_an_hour_without_a_line_on_both_sides(server, desk, journey, jan):
    laptop, phone = together(desk(server).context.new_page(), journey), together(jan, journey)
    last_line(laptop)
    laptop.keyboard.type("Begin.")
    expect(phone.locator("#tekst")).to_contain_text("Begin.")
    for page in (laptop, phone):
        unplug(page)
        expect(stand(page)).to_have_text(AWAY)
    last_line(laptop)
    laptop.keyboard.type(" Van de laptop 😀.")
    laptop.keyboard.press("Enter")
    laptop.keyboard.type("Nog een alinea.")
    last_line(phone)
    phone.keyboard.type(" Van de telefoon.")
    # An hour later: who is signed in was not seen since, the day may be another, and the server was started anew.
    for number, *moments in server.ask("SELECT id, last_seen_at, expires_at FROM sign_in"):
        seen, expires = (str(datetime.fromisoformat(str(moment)) - timedelta(hours=1)) for moment in moments)
        server.ask("UPDATE sign_in SET last_seen_at = ?, expires_at = ? WHERE id = ?", seen, expires, number)
    server.stop(signal.SIGKILL)
    server.start()
    assert rows(server) == ["Begin."]
    for page in (laptop, phone):
        page.context.set_offline(False)
    for page in (laptop, phone):
        expect(stand(page)).to_have_text(SAVED)
    until(lambda: text_of(laptop) == text_of(phone))
    whole = "\n".join(rows(server))
    for words in ("Begin.", " Van de laptop 😀.", "Nog een alinea.", " Van de telefoon."):
        assert whole.count(words) == 1, whole
    assert len(whole.replace("\n", "")) == len("Begin. Van de laptop 😀.Nog een alinea. Van de telefoon.")
    assert waits(laptop) == waits(phone) == 0, "and nothing stays behind in a browser"


def freeze(page: Page, state: str) -> None:
    """As when the lid is closed, or a tab was not looked at for long: nothing in it goes on."""
    page.context.new_cdp_session(page).send("Page.setWebLifecycleState", {"state": state})


def test_two_tabs_of_the_same_person(server, desk, journey):
    context = desk(server).context
    one, other = together(context.new_page(), journey), together(context.new_page(), journey)
    last_line(one)
    one.keyboard.type("Eerste tab. ")
    expect(other.locator("#tekst")).to_contain_text("Eerste tab.")
    expect(other.locator("[data-samen-deel=wie]")).to_be_hidden()  # one is not somebody else
    unplug(one)
    expect(stand(one)).to_have_text(AWAY)
    last_line(one)
    one.keyboard.type("Zonder lijn. ")
    context.set_offline(False)
    last_line(other)
    other.keyboard.type("Tweede tab. ")
    until(lambda: text_of(one) == text_of(other) and sorted(rows(server)[0].split(". "))[-3:])
    (text,) = rows(server)
    assert sorted(re.findall(r"\w+ \w+", text)) == ["Eerste tab", "Tweede tab", "Zonder lijn"], text
    # the same in a field: the other tab follows, and what one types on is not put back
    for page in (one, other):
        page.goto(f"{journey}/verkenning")
    why(one).fill("In de eerste tab.")
    why(one).blur()  # nobody puts anything in a box that somebody is in
    expect(why(other)).to_have_value("In de eerste tab.")
    why(other).press("Control+End")
    why(other).press_sequentially(" Verder in de tweede.")
    until(lambda: stored(server, journey, "verkenning/waarom").endswith("Verder in de tweede."))
    expect(why(one)).to_have_value(stored(server, journey, "verkenning/waarom"))
    assert waits(one) == 0
    # One tab is frozen before it could send what was typed; the other goes on in the same field. Both texts are there.
    one.route("**/veld/**", lambda route: route.abort())
    why(one).fill("Net voor het dichtgaan.")
    expect(one.locator("#opslag-melding")).to_contain_text("staat nog in deze browser")
    freeze(one, "frozen")
    one.unroute("**/veld/**")
    why(other).fill("Intussen.")
    until(lambda: stored(server, journey, "verkenning/waarom"), "Intussen.")
    freeze(one, "active")
    expect(one.locator(".conflict")).to_contain_text("Intussen.", timeout=15_000)
    assert why(one).input_value() == "Net voor het dichtgaan." and waits(one) == 1
    one.get_by_role("button", name="De mijne").click()
    until(lambda: stored(server, journey, "verkenning/waarom") == "Net voor het dichtgaan." and waits(one) == 0)


def test_a_closed_laptop(server, desk, journey, jan):
    """The lid is closed in mid-word; the server is another one when it opens, and others went on."""
    one, other = together(desk(server).context.new_page(), journey), together(jan, journey)
    last_line(one)
    one.keyboard.type("Begin. ")
    expect(other.locator("#tekst")).to_contain_text("Begin.")
    server.process.send_signal(signal.SIGSTOP)  # nothing is confirmed any more, and no socket says so
    one.keyboard.type("Net voor het dichtgaan. ")
    one.wait_for_timeout(200)
    freeze(one, "frozen")
    server.process.send_signal(signal.SIGCONT)
    server.stop(signal.SIGKILL)
    server.start()
    expect(stand(other)).to_have_attribute("data-kind", "saved")
    last_line(other)
    other.keyboard.type("Intussen. ")
    until(lambda: any("Intussen." in text for text in rows(server)))
    freeze(one, "active")
    expect(stand(one)).to_have_text(SAVED)
    until(lambda: text_of(one) == text_of(other))
    (text,) = rows(server)
    # What came meanwhile may stand where the last letters were still to come.
    kept, between = re.subn(r"Intussen\. ?", "", text, count=1)
    assert between == 1 and kept.split() == ["Begin.", "Net", "voor", "het", "dichtgaan."], text


@pytest.mark.soak  # it takes as long as a line may be silent
def test_a_server_that_says_nothing_any_more(server, desk, journey):
    """The line is open, but nobody is behind it: said within 20 seconds, and made anew by itself."""
    page = together(desk(server).context.new_page(), journey)
    last_line(page)
    page.keyboard.type("Begin. ")
    expect(stand(page)).to_have_text(SAVED)
    server.process.send_signal(signal.SIGSTOP)
    try:
        page.keyboard.type("In de stilte. ")
        began = time.monotonic()
        expect(stand(page)).to_have_text(AWAY, timeout=25_000)
        assert time.monotonic() - began < 24
    finally:
        server.process.send_signal(signal.SIGCONT)
    expect(stand(page)).to_have_text(SAVED)
    assert rows(server)[0].strip() == "Begin. In de stilte."


def say_of(page: Page, journey: str, step: str, verb: str) -> None:
    """The procesbegeleider closes or opens a step."""
    ask = "(url) => fetch(url, { method: 'POST', body: new URLSearchParams() }).then((answer) => answer.ok)"
    assert page.evaluate(ask, f"{journey}/stappen/{step}/{verb}")


def test_closed_and_withdrawn_while_somebody_types_in_a_field(server, desk, journey, jan):
    """One sentence says what happened; the text stays in the browser, is shown, and is asked about at signing out."""
    jan.goto(f"{journey}/verkenning")
    why(jan).fill("Eerst.")
    until(lambda: stored(server, journey, "verkenning/waarom"), "Eerst.")
    jan.route("**/veld/**", lambda route: route.abort())  # the line is bad …
    why(jan).fill("Eerst. En toen.")
    expect(jan.locator("#opslag-melding")).to_contain_text("staat nog in deze browser")
    server.ask("UPDATE seat SET role = 'meelezer' WHERE role = 'deelnemer'")  # … and the right is taken back meanwhile
    server.ask("UPDATE journey SET changes = changes + 1")
    jan.unroute("**/veld/**")
    expect(
        jan.locator("#bewaard, #opslag-melding").filter(has_text=re.compile("staat .*in deze browser")).first
    ).to_be_visible()
    until(lambda: waits(jan), 1)
    assert stored(server, journey, "verkenning/waarom") == "Eerst."
    jan.reload()
    expect(jan.locator("#bewaard")).to_contain_text("Eerst. En toen.")
    leave = jan.locator("form[action='/afmelden'] button").first
    leave.evaluate("(b) => b.click()")
    expect(jan.get_by_role("heading", name="Nog niet alles is opgeslagen")).to_be_visible()
    jan.get_by_role("button", name="Blijf aangemeld").click()
    # given back: what was kept is saved, and nobody types it again
    server.ask("UPDATE seat SET role = 'deelnemer' WHERE role = 'meelezer'")
    server.ask("UPDATE journey SET changes = changes + 1")
    jan.reload()
    until(lambda: stored(server, journey, "verkenning/waarom"), "Eerst. En toen.")
    expect(jan.locator("#bewaard")).to_have_count(0)
    until(lambda: waits(jan), 0)
    # the step is closed meanwhile: who did is said, the text stays where it is, and is saved when the step is opened again
    marieke = desk(server).open(journey)
    jan.route("**/veld/**", lambda route: route.abort())
    why(jan).fill("Eerst. En toen. En dicht.")
    expect(jan.locator("#opslag-melding")).to_contain_text("staat nog in deze browser")
    looks = re.compile(r"/verkenning$")
    jan.route(
        looks, lambda route: route.abort()
    )  # what others did is only seen when it is open again, as if nothing happened
    say_of(marieke, journey, "verkenning", "sluiten")
    jan.unroute("**/veld/**")
    expect(jan.locator("#opslag-melding")).to_contain_text("gesloten", timeout=20_000)
    assert why(jan).input_value() == "Eerst. En toen. En dicht." and waits(jan) == 1
    assert stored(server, journey, "verkenning/waarom") == "Eerst. En toen."
    say_of(marieke, journey, "verkenning", "openen")
    jan.unroute(looks)
    until(lambda: stored(server, journey, "verkenning/waarom"), "Eerst. En toen. En dicht.")
    until(lambda: waits(jan), 0)
    expect(jan.locator("#opslag-melding")).to_be_hidden()
    jan.locator("form[action='/afmelden'] button").first.evaluate("(b) => b.click()")
    jan.wait_for_url(re.compile(r"/(aanmelden|$|\?)"))
    assert waits(jan) == 0
