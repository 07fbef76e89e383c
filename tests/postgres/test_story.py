"""Three people type in one paragraph, spread over several processes, and processes are killed: not a letter is lost."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from app.core.settings import Settings
from app.prose.models import Paragraph
from tests.conftest import World
from tests.postgres.processes import Process, Proxy, headers
from tests.story.test_never_lost import until
from tests.story.test_together import CHAPTER, SAVED, last_line, stand, text_of

pytestmark = pytest.mark.browser

PEOPLE = ("jan", "karin", "noor")
LETTERS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)  # what each of them types


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    made = Proxy()
    yield made
    made.close()


@pytest.fixture
def settings(settings: Settings, proxy: Proxy) -> Settings:
    return replace(settings, base_url=f"http://127.0.0.1:{proxy.port}")


@pytest.fixture
def pages(world: World, proxy: Proxy, desk: Callable, request: pytest.FixtureRequest) -> Iterator[list[Page]]:
    """A browser of each, in the same chapter, over all processes."""
    with ExitStack() as stack:
        made = [Process(world) for _ in range(request.param)]
        proxy.processes += [stack.enter_context(process) for process in made]
        yield [_page(world, desk, name) for name in PEOPLE]


def _page(world: World, desk: Callable, name: str) -> Page:
    address = world.settings.address

    class Site:
        url = address

    one = desk(Site)
    key, _, token = headers(world, name)["cookie"].partition("=")
    one.context.add_cookies([{"name": key, "value": token, "url": address}])
    page = one.open(f"{address}{world.url}/plan/{CHAPTER}")
    expect(page.locator(".samen--aan")).to_be_visible()
    return page


def stored(world: World) -> str:
    query = select(Paragraph).where(Paragraph.journey_id == world.journey, Paragraph.chapter == CHAPTER)
    with world.database.read() as tx:
        return "\n".join(p.text for p in tx.exec(query.order_by(Paragraph.position)) if p.removed_at is None and p.text)


def type_and_kill(world: World, proxy: Proxy, pages: list[Page], kills: int) -> None:
    names = {"jan": "Jan Bakker", "karin": "Karin Smit", "noor": "Noor Visser"}
    assert len([n for n in proxy.sockets.values() if n]) == len(proxy.processes), "each has somebody"
    for mine, page in zip(PEOPLE, pages, strict=True):
        for other in (names[p] for p in PEOPLE if p != mine):
            expect(page.locator("[data-samen-deel=wie]")).to_contain_text(other)  # also who is at another process
    last_line(pages[0])
    pages[0].keyboard.type(". ")
    for page in pages:
        expect(page.locator("#tekst")).to_contain_text(".")
        last_line(page)
    typed = ["" for _ in pages]

    def type_letters(number: int, count: int) -> None:
        start = len(typed[number])
        more = "".join(LETTERS[number][n % len(LETTERS[number])] for n in range(start, start + count))
        pages[number].keyboard.type(more, delay=5)
        typed[number] += more

    for kill in range(kills):
        process = proxy.processes[kill % len(proxy.processes)]
        for number in range(len(pages)):
            type_letters(number, 5)
        process.kill()  # what was typed is on its way
        for number in range(len(pages)):
            type_letters(number, 12)
        for page in pages:
            expect(stand(page)).to_have_text(SAVED)
        assert not proxy.sockets[process.port]
        process.start()
        process.wait()
    until(lambda: len({text_of(page) for page in pages}), 1)
    whole = stored(world)
    assert whole == text_of(pages[0])
    # Carets that stand at one place give letters between each other; those of one person keep their order.
    found = ["".join(letter for letter in whole if letter in letters) for letters in LETTERS]
    assert found == typed


@pytest.mark.parametrize("pages", [2], indirect=True)
def test_one_of_two_processes_is_killed_while_three_people_type(world: World, proxy: Proxy, pages):
    type_and_kill(world, proxy, pages, 1)


@pytest.mark.soak
@pytest.mark.parametrize("pages", [3], indirect=True)
def test_three_processes_are_killed_in_turn_twenty_times(world: World, proxy: Proxy, pages):
    type_and_kill(world, proxy, pages, 20)
