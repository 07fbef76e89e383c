"""What people do, in words of the interface. The same steps with and without JavaScript: only saving differs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

SAVED = re.compile(r"Opgeslagen \d\d:\d\d")


def start_journey(page: Page, title: str, municipality: str, parties: dict[str, str] | None = None) -> str:
    """Starts a traject from the front page; `parties` are names with their kind. Returns its address."""
    page.get_by_role("link", name="Start een traject").first.click()
    page.get_by_label("Naam van het traject").fill(title)
    page.get_by_label("Gemeente", exact=True).first.fill(municipality)
    for number, (name, kind) in enumerate((parties or {"Stichting De Proef": "schoolbestuur vo"}).items(), 1):
        row = page.get_by_role("group", name=f"Partij {number}")
        row.get_by_label(f"Partij {number}").fill(name)
        row.get_by_label("Wat voor partij?").select_option(label=kind)
    page.get_by_role("button", name="Start het traject").click()
    page.wait_for_url(re.compile(r"/trajecten/[0-9a-z]{16}"))
    return "/".join(page.url.split("?")[0].split("/")[:5])


def invite(page: Page, journey: str, party: str, name: str, function: str = "") -> str:
    """The procesbegeleider adds somebody to a party and makes a personal link. Returns the link."""
    page.goto(f"{journey}/opzet")
    page.get_by_role("link", name=party, exact=True).click()
    form = page.locator("form", has=page.get_by_role("button", name="Voeg toe"))
    page.get_by_text("Iemand toevoegen").first.wait_for()
    if not form.is_visible():
        page.get_by_text("Iemand toevoegen").click()
    form.get_by_label("Naam").fill(name)
    form.get_by_label("Functie").fill(function)
    form.get_by_role("button", name="Voeg toe").click()
    page.get_by_role("button", name="Maak een persoonlijke link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    assert "/toegang/" in link
    return link


def codes_in_outbox(page: Page) -> Locator:
    return page.get_by_text("Uw code is:")


def code_in_outbox(page: Page, known: int = 0) -> str:
    """The newest code in the outbox, where `known` stood before; it is written just after the answer was sent."""
    said = codes_in_outbox(page)
    for _ in range(100):
        if said.count() > known:
            break
        page.wait_for_timeout(200)
        page.reload()
    return re.search(r"\d{6}", said.first.inner_text())[0]


def unplug(page: Page) -> None:
    """The line of a text that is written together is gone, and no new one can be made. A browser that is told to be
    offline leaves an open socket be, and closing one then never ends: it is found dead, as one that says nothing."""
    page.context.set_offline(True)
    page.evaluate("Object.assign(driekolomSamen.line.wire, { heardAt: 0 }).beat()")


def enter(page: Page, link: str) -> None:
    """Opens a personal link and goes on to the traject."""
    page.goto(link)
    page.get_by_role("button", name="Naar het traject").click()
    page.wait_for_url(re.compile(r"/trajecten/[0-9a-z]{16}"))


def scripted(page: Page) -> bool:
    """Whether this browser runs JavaScript, as the page itself says."""
    return page.locator("html.no-js").count() == 0


def saved(field: Locator, press: Callable[[Locator], object] = Locator.click) -> None:
    """Waits until this field says that it is saved; without JavaScript its button is pressed first."""
    if not scripted(field.page):
        press(field.get_by_role("button", name=re.compile("^Opslaan")))
        expect(field.locator(".field__unsaved")).to_be_hidden()
        expect(field).to_be_in_viewport()  # not at the top of the page again
    expect(field.locator('[data-part="status"]')).to_have_text(SAVED)


def field_of(inside: Locator) -> Locator:
    """The saving form around something."""
    return inside.locator("xpath=ancestor::form[@data-field]")


def choose(inside: Locator, answer: str) -> None:
    """Chooses an answer of a field that saves by itself, and waits until it is saved."""
    option = inside.get_by_text(answer, exact=True).first
    option.click()
    saved(field_of(option))


def write(page: Page | Locator, label: str | re.Pattern[str], text: str) -> None:
    """Types in a field that saves by itself, and waits until it has."""
    box = page.get_by_label(label).first
    box.fill(text)
    saved(field_of(box))


@dataclass
class Thumb:
    """Somebody who only taps, and counts."""

    page: Page
    taps: int = 0

    def tap(self, target: Locator) -> None:
        target.tap()  # scrolls to it; a page that is drawn anew meanwhile is no hindrance
        self.taps += 1


def tap_theme(thumb: Thumb, pick: dict[str, Any]) -> int:
    """Fills one theme by taps only: per group of radios the answer that `pick` names (by the kind of question), then
    shares it. Returns how many taps it took."""
    before = thumb.taps
    page = thumb.page
    names = page.evaluate(
        "[...document.querySelectorAll('main form[data-field] fieldset')].filter(f => f.checkVisibility())"
        ".map(f => f.closest('form').id)"
    )
    for form_id in names:
        form = page.locator(f"#{form_id}")
        for wanted in pick.values():
            choice = form.get_by_text(wanted, exact=True)
            if choice.count():
                thumb.tap(choice.first)
                saved(form, thumb.tap)
                break
        else:
            raise AssertionError(f"no answer to tap in {form_id}")
    thumb.tap(page.get_by_role("button", name=re.compile("^Deel thema")))
    expect(page.get_by_text(re.compile("^Gedeeld op")).first).to_be_visible()
    return thumb.taps - before
