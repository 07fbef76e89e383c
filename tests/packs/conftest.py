"""A world with another content pack: nobody in it but somebody who may start a traject."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.settings import Settings
from app.journey.gate import cookie_name
from app.main import build
from app.people.actions import sign_in
from app.people.models import Person, Tenant
from tests.conftest import HOST
from tests.inspection import inspect_html
from tests.packs.browser import Browser

SMALL = Path(__file__).parent / "klein"


@dataclass
class Place:
    """An installation with one content pack."""

    app: FastAPI
    settings: Settings

    def browser(self) -> Browser:
        """Somebody who is not signed in."""
        client = TestClient(self.app, base_url=HOST, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
        client.event_hooks["response"].append(inspect_html)
        return Browser(client)

    def starter(self) -> Browser:
        """Somebody who may start a traject."""
        browser = self.browser()
        with self.app.state.database.write() as tx:
            tx.add(Tenant(id="meerwijk", name="Gemeente Meerwijk"))
            tx.flush()
            person = Person(tenant_id="meerwijk", name="Marieke de Wit", may_start=True)
            tx.add(person)
            tx.flush()
            browser.client.cookies.set(cookie_name(self.settings), sign_in(tx, person, 12), domain="lea.test")
        return browser

    def invite(self, facilitator: Browser, journey: str, party: str, name: str) -> Browser:
        """The procesbegeleider adds somebody to a party and hands over a personal link; they open it."""
        facilitator.open(f"{journey}/opzet").follow(party)
        facilitator.press("Voeg toe", naam=name)
        facilitator.press("Maak een persoonlijke link")
        found = re.search(r"/toegang/[\w-]+", facilitator.html)
        assert found, "no link"
        return self.browser().open(found[0]).press("Naar het traject")


@pytest.fixture
def place(settings: Settings) -> Iterator[Callable[[Path], Place]]:
    made = []

    def install(folder: Path) -> Place:
        here = replace(settings, content_dir=str(folder))
        made.append(build(here))
        return Place(made[-1], here)

    yield install
    for app in made:
        app.state.database.close()
