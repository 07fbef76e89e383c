"""Nothing on a page waits for a script: every form has a button, every field saves with it and comes back to its place,
every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.html
import pytest
from fastapi.testclient import TestClient
from httpx import Response

from tests.databases import Databases
from tests.story.example_world import make_example_world
from tests.story.states import STATES, State, make_states
from tests.story.test_states import Gallery

# No page: a file.
NOT_FOLLOWED = re.compile(r"document\.pdf|/huisstijl/|/static/")
# The catalogue is looked at by its own test; thirty parties are the same pages, only longer.
STATES_TO_READ = [s for s in STATES if not s.do and s.journey != "druk" and s.path != "/-/onderdelen"]
SAVING = [s for s in STATES_TO_READ if s.name in ("vol", "namens", "partij", "gewijzigd na delen", "conclusie 1")]


@dataclass
class Visitor:
    """Somebody who reads pages without JavaScript, each page once."""

    client: TestClient
    pages: dict[str, Response] = field(default_factory=dict)
    parsed: dict[str, lxml.html.HtmlElement] = field(default_factory=dict)

    def read(self, url: str) -> Response:
        if url not in self.pages:
            answer = self.client.get(url)
            for _ in range(3):
                if answer.status_code != 303:
                    break
                answer = self.client.get(answer.headers["location"])
            self.pages[url] = answer
        return self.pages[url]

    def page(self, url: str) -> lxml.html.HtmlElement:
        if url not in self.parsed:
            self.parsed[url] = lxml.html.document_fromstring(self.read(url).text)
        return self.parsed[url]


@dataclass
class Reading:
    gallery: Gallery
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, who: str) -> Visitor:
        if who not in self.visitors:
            client = self.gallery.world.client(who if who != "-" else "")
            client.event_hooks = {}  # other tests inspect these pages
            self.visitors[who] = Visitor(client)
        return self.visitors[who]

    def show(self, state: State) -> tuple[Visitor, str, lxml.html.HtmlElement]:
        visitor, url = self.visitor(state.who), self.gallery.address(state)
        return visitor, url, visitor.page(url)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Reading]:
    world = make_example_world(tmp_path_factory.mktemp("reading"), databases)
    with world.database.write() as tx:
        made = make_states(tx, world.settings, world.pack)
    yield Reading(Gallery(world, "", None, world.journeys | made))  # type: ignore[arg-type]
    world.database.close()


def name_of(state: State) -> str:
    return f"{state.name}|{state.journey}|{state.who}|{state.path}"


def presses(form: lxml.html.FormElement) -> list[lxml.html.HtmlElement]:
    """What can be pressed to send this form, also when no script runs."""
    return [
        b for b in form.xpath(".//button | .//input[@type='submit']")
        if b.get("type", "submit") == "submit" and not b.xpath("ancestor-or-self::*[contains(@class, 'only-js') or @hidden]")
    ]  # fmt: skip


@pytest.mark.parametrize("state", STATES_TO_READ, ids=name_of)
def test_every_form_has_a_button(reading: Reading, state: State):
    _, url, page = reading.show(state)
    # The reading mark of the overview needs none as long as nothing is new; a locked field only shows what it holds.
    by_design = "contains(@class, 'field--locked') or @data-seen"
    forms = page.xpath(f"//form[not({by_design})]")
    dead = [lxml.html.tostring(f, encoding="unicode")[:200] for f in forms if not presses(f)]
    assert not dead, f"{url}: {dead}"
    lost = [
        lxml.html.tostring(b, encoding="unicode") for b in page.xpath("//button[not(ancestor::form)]") if not works(b)
    ]
    assert not lost, f"{url}: {lost}"


def works(button: lxml.html.HtmlElement) -> bool:
    """A button outside a form opens a popover, belongs to a form elsewhere, or is not shown without a script."""
    hidden = button.xpath("ancestor::*[@hidden]")  # the script shows it
    return bool(button.get("popovertarget") or button.get("form") or button.get("data-copy") or hidden)


@pytest.mark.parametrize("state", SAVING, ids=name_of)
def test_every_field_saves_with_its_button_and_comes_back_to_its_place(reading: Reading, state: State):
    visitor, url, page = reading.show(state)
    for form in page.xpath("//form[@data-field and not(contains(@class, 'field--locked'))]"):
        answer = visitor.client.post(form.action, data=_sent(form))
        assert answer.status_code == 303, f"{form.action}: {answer.status_code} {answer.text[-600:]}"
        back, anchor = urldefrag(answer.headers["location"])
        assert urlsplit(back).path == urlsplit(url).path, f"{form.action} goes to {back}"
        assert anchor == form.get("id")


def _sent(form: lxml.html.FormElement) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


@pytest.mark.parametrize("state", STATES_TO_READ, ids=name_of)
def test_every_link_leads_somewhere(reading: Reading, state: State):
    visitor, url, page = reading.show(state)
    wrong = []
    for link in dict.fromkeys(page.xpath("//a/@href")):
        if link.startswith(("mailto:", "http:", "https:")) or NOT_FOLLOWED.search(link):
            continue
        target, anchor = urldefrag(urljoin(url, link))
        answer = visitor.read(target)
        away = "/aanmelden/organisatie/" in link  # to a provider that is not there
        if answer.status_code != 200 and target != url and not away:
            wrong.append(f"{link}: {answer.status_code}")
        elif anchor and not visitor.page(target).xpath("//*[@id=$anchor]", anchor=anchor):
            wrong.append(f"{link}: no such place")
    assert not wrong, f"{url}: {wrong}"
