"""Nothing that somebody types is lost: not when the server is away, not when the session ends, not when the browser dies."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.story.conftest import Server
from tests.story.steps import enter, invite, start_journey

pytestmark = pytest.mark.browser


def stored(server: Server, journey: str, path: str) -> str:
    query = "SELECT value FROM joint_answer WHERE journey_id = ? AND path = ?"
    rows = server.ask(query, journey.rsplit("/", 1)[1], path)
    return rows[0][0] if rows else ""


def until(look: Callable[[], Any], *wanted: Any, seconds: float = 60) -> None:
    """Waits until `look()` is one of `wanted`, or is true; what it is at the end is the message."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found in wanted if wanted else found:
            return
        assert time.monotonic() < deadline, f"{found!r}, not {' or '.join(map(repr, wanted)) or 'true'}"
        time.sleep(0.2)


def type_for(page: Page, seconds: float, start: int = 0) -> str:
    """Types numbered words, one key at a time, for so long. Returns what was typed."""
    typed, number, end = "", start, time.monotonic() + seconds
    while time.monotonic() < end:
        word = f"woord{number} "
        page.keyboard.type(word, delay=25)
        typed += word
        number += 1
    return typed


def why(page: Page):
    return page.get_by_label("Waarom kiest u dit?")


def stopped_while_typing(server: Server, desk, seconds: float) -> None:
    page = desk(server).open(server.url)
    journey = start_journey(page, "Lokale proef", "Meerwijk")
    page.goto(f"{journey}/verkenning")
    why(page).click()
    typed = type_for(page, 3)
    server.stop(signal.SIGKILL)
    typed += type_for(page, seconds, 1000)
    expect(page.locator("#opslag-melding")).to_contain_text("staat nog in deze browser")
    server.start()
    typed += type_for(page, 2, 5000)
    until(lambda: stored(server, journey, "verkenning/waarom"), typed.strip())
    expect(page.locator("#opslag-melding")).to_be_hidden()
    expect(page.get_by_text(re.compile("Opgeslagen \\d\\d:\\d\\d")).first).to_be_visible()


def test_server_stopped_while_typing(server: Server, desk):
    stopped_while_typing(server, desk, 6)


@pytest.mark.soak
def test_server_stopped_for_a_minute_while_typing(server: Server, desk):
    stopped_while_typing(server, desk, 60)


def test_session_removed_while_typing(server: Server, desk):
    facilitator = desk(server).open(server.url)
    journey = start_journey(facilitator, "Lokale proef", "Meerwijk")
    link = invite(facilitator, journey, "Gemeente Meerwijk", "Jan Bakker")
    jan = desk(server)
    page = jan.context.new_page()
    enter(page, link)
    page.goto(f"{journey}/verkenning")
    why(page).click()
    typed = type_for(page, 3)
    server.ask("DELETE FROM sign_in")
    typed += type_for(page, 8, 1000)
    expect(page.locator("#opslag-melding")).to_contain_text("U bent afgemeld")
    enter(jan.context.new_page(), link)
    expect(page.locator("#opslag-melding")).to_be_hidden()
    typed += type_for(page, 1, 5000)
    until(lambda: stored(server, journey, "verkenning/waarom"), typed.strip())


def test_page_left_while_the_server_is_away(server: Server, desk):
    """The text comes back when the page is opened again, and is then saved by itself."""
    one = desk(server)
    page = one.open(server.url)
    journey = start_journey(page, "Lokale proef", "Meerwijk")
    page.goto(f"{journey}/verkenning")
    why(page).click()
    server.stop(signal.SIGKILL)
    typed = type_for(page, 2)
    page.wait_for_timeout(500)
    page.close()
    server.start()
    again = one.open(f"{journey}/verkenning")
    expect(why(again)).to_have_value(typed)
    until(lambda: stored(server, journey, "verkenning/waarom"), typed.strip())


def test_two_people_in_one_field_see_both_texts(server: Server, desk):
    page = desk(server).open(server.url)
    journey = start_journey(page, "Lokale proef", "Meerwijk")
    page.goto(f"{journey}/verkenning")
    other = desk(server).open(f"{journey}/verkenning")
    why(other).click()  # what others do never comes into a box that somebody is in
    why(page).fill("De tekst van de een.")
    until(lambda: stored(server, journey, "verkenning/waarom"), "De tekst van de een.")
    why(other).fill("De tekst van de ander.")
    conflict = other.locator(".conflict")
    expect(conflict).to_contain_text("In uw tekst: ‘ander’. In de tekst van")
    expect(conflict).to_contain_text("‘een’")
    # On a slow line the box that one leaves to press is still on its way: the press comes after it.
    slow = {"offline": False, "latency": 700, "downloadThroughput": -1, "uploadThroughput": -1}
    other.context.new_cdp_session(other).send("Network.emulateNetworkConditions", slow)
    conflict.get_by_role("button", name="Allebei").click(delay=200)
    expect(conflict).to_have_count(0)
    until(lambda: stored(server, journey, "verkenning/waarom"), "De tekst van de een.\n\nDe tekst van de ander.")
    expect(why(other)).to_have_value("De tekst van de een.\n\nDe tekst van de ander.")
