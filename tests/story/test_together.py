"""Several people write in one text: what one types the other sees, and whatever happens, no letter is lost."""

from __future__ import annotations

import re
import signal
import time

import pytest
from playwright.sync_api import Page, expect

from tests.story.conftest import Server
from tests.story.steps import enter
from tests.story.test_never_lost import until

pytestmark = pytest.mark.browser

CHAPTER = "inleiding"


def rows(server: Server, column: str = "text") -> list[str]:
    """The paragraphs of the newest traject."""
    query = (
        "SELECT text, kind FROM paragraph WHERE journey_id = (SELECT max(id) FROM journey) "
        "AND chapter = ? AND removed_at IS NULL AND text <> '' ORDER BY position"
    )
    return [dict(zip(("text", "kind"), row, strict=True))[column] for row in server.ask(query, CHAPTER)]


def text_of(page: Page) -> str:
    """What this browser has: the letters, a new line before each paragraph."""
    return page.evaluate(
        "driekolomSamen.text.toDelta().map((o) => typeof o.insert === 'string' ? o.insert : '\\n').join('').trim()"
    )


def together(page: Page, journey: str) -> Page:
    """Opens the chapter and waits for the editor."""
    page.goto(f"{journey}/plan/{CHAPTER}")
    expect(page.locator(".samen--aan")).to_be_visible()
    return page


def last_line(page: Page) -> None:
    """Puts the caret at the end of the text."""
    page.locator("#tekst > :is(p, h2, h3, ul, ol, blockquote)").last.click()
    page.keyboard.press("Control+End")


def stand(page: Page):
    return page.locator("[data-samen-deel=stand]")


SAVED = re.compile(r"Opgeslagen \d\d:\d\d")


@pytest.fixture(scope="module")
def server(one_server: Server) -> Server:
    return one_server


def test_two_people_on_a_laptop_and_a_phone(server, desk, journey, jan):
    laptop = together(desk(server).context.new_page(), journey)
    phone = together(jan, journey)
    expect(laptop.get_by_text("Schrijft mee: Jan Bakker")).to_be_visible()
    with server.silent():  # both begin the empty chapter before they hear of each other
        for page, words in ((laptop, "Ouders en scholen werken samen."), (phone, "Ook dat nog.")):
            last_line(page)
            page.keyboard.type(words)
            assert text_of(page) == words
    for page in (laptop, phone):
        expect(stand(page)).to_have_text(SAVED)
        expect(page.locator("#tekst > p")).to_have_count(1)
        expect(page.locator("#tekst > p")).to_have_text(
            re.compile("Ouders en scholen werken samen.*Ook|Ook dat nog.*Ou")
        )
    assert len(rows(server)) == 1 and text_of(laptop) == text_of(phone) == rows(server)[0]
    phone.keyboard.press("Control+z")  # takes back one's own words only, and leaves the paragraph
    expect(laptop.locator("#tekst > p")).to_have_text("Ouders en scholen werken samen.")
    last_line(phone)
    expect(laptop.locator(".samen__cursor[data-naam='Jan Bakker']")).to_have_count(1)
    phone.keyboard.press("Enter")
    phone.keyboard.type("Dat willen wij ook.")
    expect(laptop.locator("#tekst > p")).to_have_count(2)  # at the same moment in one place: either order is right
    laptop.keyboard.type(" Elke dag.")
    until(lambda: rows(server), ["Ouders en scholen werken samen. Elke dag.", "Dat willen wij ook."])
    until(lambda: text_of(laptop) == text_of(phone))
    names = server.ask("SELECT kind FROM event WHERE kind LIKE 'paragraph_%' ORDER BY id")
    assert 2 <= len(names) <= 6, "not an event for every key"


def test_only_with_the_keyboard(server, desk, journey):
    page = together(desk(server).context.new_page(), journey)
    last_line(page)
    for words, keys in (("Kop", "Control+Alt+1"), ("Gewoon", ""), ("Punt een", "Control+Shift+8"), ("Punt twee", "")):
        if keys:
            page.keyboard.press(keys)
        page.keyboard.type(words)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # out of the list
    page.keyboard.press("Alt+F10")
    expect(page.get_by_role("button", name="Vet", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("vet")
    page.keyboard.press("Alt+F10")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Opnieuw doen")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+b")
    page.keyboard.type(" gewoon ")
    page.keyboard.press("Control+k")
    page.keyboard.type("niet goed")
    page.keyboard.press("Enter")
    expect(page.locator("#samen-link-fout")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("meerwijk.example/ouders")
    page.keyboard.press("Enter")
    expect(page.locator("#tekst > p a")).to_have_attribute("href", "https://meerwijk.example/ouders")
    expect(stand(page)).to_have_text(SAVED)
    assert rows(server, "kind") == ["kop", "alinea", "punt", "punt", "alinea"]
    shown = together(page, journey).locator("#tekst")
    expect(shown.locator("b")).to_have_text("vet")
    page.goto(f"{journey}/document")
    expect(page.locator("ul li", has_text="Punt twee")).to_be_visible()
    expect(page.locator("main a", has_text="meerwijk.example/ouders")).to_have_count(1)


def test_the_keyboard_gets_past_what_stands_under_a_paragraph(server, desk, journey):
    page = together(desk(server).context.new_page(), journey)
    last_line(page)
    page.keyboard.type("Een.")
    page.keyboard.press("Enter")
    page.keyboard.type("Een.")
    expect(page.locator("#tekst > .para summary")).to_have_count(2)  # to remark on it, under each
    place = "[driekolomSamen.view.state.selection.anchor, driekolomSamen.view.state.selection.head]"
    for keys, wanted in (
        ("Control+Home", [1, 1]),
        ("Control+End", [11, 11]),
        ("Control+Shift+Home", [11, 1]),
        ("Control+Home", [1, 1]),
        ("Control+Shift+End", [1, 11]),
        ("Control+Home", [1, 1]),
        ("End", [5, 5]),
        ("ArrowDown", [11, 11]),
        ("ArrowUp", [5, 5]),
    ):
        page.keyboard.press(keys)
        page.wait_for_function(f"(wanted) => JSON.stringify({place}) === JSON.stringify(wanted)", arg=wanted)


LANDS = """([key, shiftKey, number]) => {
  const paper = document.querySelector('#tekst');
  paper.dispatchEvent(new KeyboardEvent(key ? 'keydown' : 'pointerdown', { key, shiftKey, bubbles: true, cancelable: true }));
  const words = document.createTreeWalker(paper.querySelectorAll(':scope > .para')[number], NodeFilter.SHOW_TEXT).nextNode();
  getSelection()[shiftKey ? 'extend' : 'collapse'](words, 1);
  document.dispatchEvent(new Event('selectionchange'));
  const { anchor, head } = driekolomSamen.view.state.selection;
  return [anchor, head];
}"""


def test_a_key_that_lands_in_what_stands_under_a_paragraph_goes_on(server, desk, journey):
    """A browser does that now and then, when that was drawn a moment before."""
    page = together(desk(server).context.new_page(), journey)
    last_line(page)
    page.keyboard.type("Ouders.")  # 1 to 8
    page.keyboard.press("Enter")
    page.keyboard.type("Elke dag samen.")  # 10 to 25
    expect(page.locator("#tekst > .para summary")).to_have_count(2)
    for start, key, shift, under, wanted in (
        ("Control+End", "ArrowUp", False, 0, [8, 8]),
        ("Control+End", "PageUp", True, 0, [25, 8]),
        ("Control+End", "PageDown", False, 1, [25, 25]),
        ("Control+Home", "ArrowDown", False, 0, [10, 10]),
        ("Control+Home", "ArrowRight", True, 0, [1, 10]),
        ("Control+Home", "PageDown", False, 1, [25, 25]),
        ("Control+Home", None, False, 0, [1, 1]),  # who points there reads
    ):
        page.keyboard.press(start)
        assert page.evaluate(LANDS, [key, shift, under]) == wanted, (start, key)
    page.locator("#tekst > p").last.click()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.evaluate(LANDS, ["ArrowUp", False, 0])[0] in (3, 4, 5), "straight above where it was"
    page.keyboard.press("x")
    expect(page.locator("#tekst > p").first).to_have_text(re.compile("^Ou.*x.*rs.$"))


def test_undo_takes_back_only_what_one_did_oneself(server, desk, journey, jan):
    one, other = together(desk(server).context.new_page(), journey), together(jan, journey)
    last_line(one)
    one.keyboard.type("Van mij.")
    expect(other.locator("#tekst")).to_contain_text("Van mij.")
    last_line(other)
    other.keyboard.type(" Van Jan.")
    expect(one.locator("#tekst")).to_contain_text("Van Jan.")
    one.keyboard.press("Control+z")
    until(lambda: rows(server), [" Van Jan."])
    one.keyboard.press("Control+y")
    until(lambda: rows(server), ["Van mij. Van Jan."])
    expect(other.locator("#tekst")).to_contain_text("Van mij. Van Jan.")


def kill_while_typing(server: Server, pages: list[Page], kills: int) -> None:
    for page in pages:
        last_line(page)
    typed = {number: 0 for number in range(len(pages))}
    for _ in range(kills):
        server.stop(signal.SIGKILL)
        for number, page in enumerate(pages):
            for _ in range(2):
                page.keyboard.type(f"p{number}w{typed[number]} ")
                typed[number] += 1
        server.start()
        for number, page in enumerate(pages):
            page.keyboard.type(f"p{number}w{typed[number]} ", delay=5)
            typed[number] += 1
    for page in pages:
        expect(stand(page)).to_have_text(SAVED)
    until(lambda: len({text_of(page) for page in pages}), 1)
    (stored,) = rows(server)
    assert stored == text_of(pages[0])
    words = "".join(stored.split())
    for number, count in typed.items():
        for word in range(count):
            assert f"p{number}w{word}" in words or f"p{number}w{word} " in stored, (number, word, stored)
    letters = sum(len(f"p{n}w{w}") for n, count in typed.items() for w in range(count))
    assert len(words) == letters, "nothing twice either"


@pytest.fixture
def three(server, desk, journey, jan) -> list[Page]:
    pages = [together(desk(server).context.new_page(), journey) for _ in range(2)] + [together(jan, journey)]
    last_line(pages[0])
    pages[0].keyboard.type(". ")
    for page in pages:
        expect(page.locator("#tekst")).to_contain_text(".")
    pages[0].keyboard.press("Backspace")
    pages[0].keyboard.press("Backspace")
    return pages


def test_a_server_that_is_killed_while_three_people_type(server, three):
    kill_while_typing(server, three, 4)


@pytest.mark.soak
def test_a_server_that_is_killed_twenty_times(server, three):
    kill_while_typing(server, three, 20)


def test_both_away_and_a_browser_that_dies(server, desk, journey, jan):
    """Offline on both sides; one browser is closed meanwhile. Everything comes together again."""
    laptop = desk(server)
    one, other = together(laptop.context.new_page(), journey), together(jan, journey)
    last_line(one)
    one.keyboard.type("Begin. ")
    expect(other.locator("#tekst")).to_contain_text("Begin.")
    server.stop(signal.SIGKILL)
    expect(stand(one)).to_have_text("Geen verbinding. U kunt doortypen: alles blijft bewaard.")
    last_line(one)
    one.keyboard.type("Dit typte de een.")
    last_line(other)
    other.keyboard.type("En dit de ander.")
    one.wait_for_timeout(300)
    one.close()
    server.start()
    until(lambda: any("En dit de ander." in text for text in rows(server)))
    assert not any("Dit typte de een." in text for text in rows(server))
    again = together(laptop.context.new_page(), journey)
    until(
        lambda: all(
            any(words in text for text in rows(server)) for words in ("Begin.", "Dit typte de een.", "En dit de ander.")
        )
    )
    expect(other.locator("#tekst")).to_contain_text("Dit typte de een.")
    until(lambda: text_of(again) == text_of(other))
    assert again.evaluate("driekolomSamen.line.outbox.waiting().then((rows) => rows.length)") == 0


def test_signed_out_closed_and_withdrawn_meanwhile(server, desk, journey, jan):
    facilitator = desk(server)
    mine = together(facilitator.context.new_page(), journey)
    page = together(jan, journey)
    last_line(page)
    page.keyboard.type("Eerst. ")
    expect(stand(page)).to_have_text(SAVED)
    # signed out: one sentence, one may go on typing; signing in elsewhere saves it
    server.ask("UPDATE sign_in SET ended_at = '2026-01-01 00:00:00'")
    expect(stand(page)).to_contain_text("U bent afgemeld")
    page.keyboard.type("Afgemeld. ")
    enter(jan.context.new_page(), jan.link)
    until(lambda: rows(server), ["Eerst. Afgemeld. "], ["Eerst. Afgemeld."])
    # closed: said within five seconds, nothing taken away
    mine.bring_to_front()
    mine.get_by_text("Sluit dit hoofdstuk", exact=True).click()
    page.bring_to_front()
    last_line(page)
    server.ask("UPDATE seat SET role = 'meelezer' WHERE role = 'deelnemer'")
    server.ask("UPDATE journey SET changes = changes + 1")  # as whoever changes a role does
    page.keyboard.type("Te laat.")
    expect(stand(page)).to_contain_text("U mag hier niet meer schrijven")
    expect(page.locator("#bewaard")).to_contain_text("Te laat.")
    expect(page.locator("#tekst")).to_have_attribute("contenteditable", "false")
    assert not any("Te laat" in text for text in rows(server))
    server.ask("UPDATE seat SET role = 'deelnemer' WHERE role = 'meelezer'")
    server.ask("UPDATE journey SET changes = changes + 1")
    mine.bring_to_front()
    mine.get_by_role("button", name="Ja, sluit dit hoofdstuk").click()
    page.bring_to_front()
    page.reload()
    expect(page.get_by_text("heeft dit onderdeel gesloten").first).to_be_visible()
    expect(page.locator("#bewaard")).to_contain_text("Te laat.")
    # signing out asks, and then leaves nothing behind
    page.locator("form[action='/afmelden'] button").first.evaluate("(b) => b.click()")
    expect(page.get_by_role("heading", name="Nog niet alles is opgeslagen")).to_be_visible()
    page.get_by_role("button", name="Blijf aangemeld").click()
    page.goto(f"{server.url}/account")  # a page that is of no traject knows it too
    page.get_by_role("button", name="Afmelden").first.click()
    expect(page.get_by_role("heading", name="Nog niet alles is opgeslagen")).to_be_focused()
    page.get_by_role("button", name="Meld af en gooi weg").click()
    page.wait_for_url(re.compile(r"/(aanmelden|$|\?)"))
    assert server.ask("SELECT count(*) FROM sign_in WHERE ended_at IS NULL")[0][0] == 0


def test_what_the_text_no_longer_says_waits_to_be_used_again(server, desk):
    """Taking a pre-filled paragraph out puts its source back; undo brings it back with its id."""
    page = desk(server).open(server.url)
    page.get_by_role("link", name=re.compile("Ouderbetrokkenheid in Meerwijk")).first.click()
    journey = page.url.split("?")[0]
    page.goto(f"{journey}/plan/inventarisatie")
    expect(page.locator(".samen--aan")).to_be_visible()
    waits = int(re.search(r"\((\d+)\)", page.locator("#onverwerkt-kop").inner_text())[1])
    target = page.locator("#tekst > p", has_text="Besturen.").first
    name = target.get_attribute("id")
    source = page.locator("#tekst").get_by_text("Bekijk bron").first
    source.click()
    expect(page.locator("#tekst .para__source[open]").first).to_be_visible()
    target.click(click_count=3)
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(page.locator(f"#{name}")).to_have_count(0)
    expect(stand(page)).to_have_text(SAVED)
    other = desk(server, javascript=False).open(f"{journey}/plan/inventarisatie")
    assert int(re.search(r"\((\d+)\)", other.locator("#onverwerkt-kop").inner_text())[1]) > waits
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator(f"#{name}")).to_have_count(1)
    expect(stand(page)).to_have_text(SAVED)
    time.sleep(0.3)
    other.reload()
    assert int(re.search(r"\((\d+)\)", other.locator("#onverwerkt-kop").inner_text())[1]) == waits
    # and without JavaScript one edits the same paragraph in a form
    para = other.locator(f"#{name}")
    para.locator("summary", has_text="Wijzig").click()
    para.get_by_role("textbox").fill("Geschreven zonder JavaScript.")
    para.get_by_role("button", name=re.compile("^Opslaan")).click()
    expect(page.locator(f"#{name}")).to_have_text("Geschreven zonder JavaScript.")


def test_what_others_do_is_taken_over_around_the_text_and_never_in_it(server, desk):
    """The page renews itself around the editor; were that done inside it, it would be typing, and go round for ever."""
    page = desk(server).open(server.url)
    page.get_by_role("link", name=re.compile("Ouderbetrokkenheid in Meerwijk")).first.click()
    journey = page.url.split("?")[0]
    page.goto(f"{journey}/plan/visie-en-doelen")
    expect(page.locator(".samen--aan")).to_be_visible()
    before, written = text_of(page), server.ask("SELECT count(*) FROM prose_update")[0][0]
    other = desk(server, javascript=False).open(f"{journey}/plan/visie-en-doelen")
    goal = other.locator(".goal").nth(1)
    goal.locator(".remarks-fold summary").first.click()
    goal.get_by_label("Uw opmerking").fill("Hoe meten wij dit?")
    goal.get_by_role("button", name=re.compile("^Plaats opmerking")).click()
    expect(page.locator(".goal").nth(1)).to_contain_text("Opmerkingen (1 open)")
    page.wait_for_timeout(4000)
    assert text_of(page) == before
    assert server.ask("SELECT count(*) FROM prose_update")[0][0] == written


KEYBOARD = """(() => {
  const port = new EventTarget();
  Object.assign(port, { height: innerHeight, width: innerWidth, offsetTop: 0, offsetLeft: 0, scale: 1 });
  Object.defineProperty(window, 'visualViewport', { value: port });
})()"""


def test_on_a_small_phone_the_buttons_never_cover_what_is_typed(server, desk, journey):
    """320 px wide with the soft keyboard open: two rows of buttons at most, above the keyboard, below the line."""
    one = desk(server, 320, 640)
    one.context.add_init_script(KEYBOARD)
    page = together(one.context.new_page(), journey)
    last_line(page)
    page.evaluate("visualViewport.height = 320; visualViewport.dispatchEvent(new Event('resize'))")
    expect(page.locator(".samen--toetsen")).to_have_count(1)
    for number in range(14):
        page.keyboard.type(f"Regel {number}")
        page.keyboard.press("Enter")
    page.wait_for_timeout(1500)  # what else changes on the page has changed
    page.keyboard.type("de laatste regel")

    def look() -> dict:
        return page.evaluate("""() => {
      const line = getSelection().getRangeAt(0).getBoundingClientRect();
      const tools = document.querySelector('.samen__gereedschap').getBoundingClientRect();
      const tops = [...document.querySelectorAll('.samen__knop')].map((b) => Math.round(b.getBoundingClientRect().top));
      return { line: [line.top, line.bottom], tools: [tools.top, tools.bottom], rows: new Set(tops).size,
               wide: document.documentElement.scrollWidth };
    }""")

    # What stands above the text may still move a moment; the line follows.
    until(lambda: look()["line"][0] >= 0 and look()["line"][1] <= look()["tools"][0])
    seen = look()
    assert seen["rows"] <= 2 and seen["wide"] <= 320, seen
    assert seen["tools"][1] <= 321, seen


def test_a_remark_comes_under_its_paragraph_while_somebody_writes(server: Server, desk, journey, jan):
    marieke = together(desk(server).open(journey), journey)
    marieke.locator("#tekst").click()
    marieke.keyboard.type("Dit willen wij.")
    expect(stand(marieke)).to_have_text(SAVED)
    # The paragraph is new: the page it has now knows where a remark can stand, without being loaded again.
    expect(marieke.locator("#tekst .remarks-fold")).to_have_count(1)
    together(jan, journey)
    jan.locator("#tekst .remarks-fold summary").click()
    jan.get_by_label("Uw opmerking").fill("Wie zijn wij?")
    jan.get_by_role("button", name=re.compile("^Plaats opmerking")).click()
    expect(marieke.locator("#tekst .remarks-fold")).to_contain_text("Wie zijn wij?")
    marieke.keyboard.type(" Samen.")
    until(lambda: rows(server), ["Dit willen wij. Samen."])
