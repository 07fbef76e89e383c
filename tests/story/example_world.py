"""The two examples in a database, made once, for tests that only read."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from app.content.load import default_pack
from app.content.pack import Pack
from app.core.database import Database
from app.core.settings import Settings
from app.examples.actions import load_examples
from app.journey.gate import cookie_name
from app.journey.models import Journey, Seat
from app.main import build
from app.people.actions import sign_in
from app.people.models import Person
from tests.databases import Databases
from tests.inspection import inspect_html


@dataclass
class ExampleWorld:
    """Local mode with the examples. `journeys` are ids by the slug of the example."""

    app: FastAPI
    settings: Settings
    pack: Pack
    journeys: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.app.state.database

    def client(self, person: str = "") -> TestClient:
        """A browser: of the procesbegeleider of this computer, or of the person with this name."""
        client = TestClient(
            self.app, base_url=self.settings.address, follow_redirects=False, headers={"sec-fetch-site": "same-origin"}
        )
        client.event_hooks["response"].append(inspect_html)
        if person:
            with self.database.write() as tx:
                found = tx.exec(select(Person).where(Person.name == person)).first()
                client.cookies.set(cookie_name(self.settings), sign_in(tx, found, 12), domain="127.0.0.1")
        return client

    def seat_of(self, slug: str, role: str) -> Seat:
        with self.database.read() as tx:
            return tx.exec(select(Seat).where(Seat.journey_id == self.journeys[slug], Seat.role == role)).first()

    def pdf_text(self, slug: str) -> str:
        """The text of the PDF of this example, as `pdftotext` reads it."""
        answer = self.client().get(f"/trajecten/{self.journeys[slug]}/document.pdf")
        assert answer.status_code == 200, answer.text[:500]
        return subprocess.run(
            ["/usr/bin/pdftotext", "-layout", "-", "-"], input=answer.content, capture_output=True, check=True
        ).stdout.decode()


_MADE: dict[Databases, str] = {}


def with_examples(databases: Databases, folder: Path) -> str:
    """A database in which the examples stand, as after a first start: made once, and copied."""
    if databases not in _MADE:
        first = folder / "first"
        first.mkdir()
        settings = Settings(database_url=databases.fresh(first))
        database = build(settings).state.database
        load_examples(database, settings)
        database.close()
        _MADE[databases] = settings.database_url
    return databases.copy(_MADE[databases], folder)


def make_example_world(folder: Path, databases: Databases, port: int = 8000) -> ExampleWorld:
    settings = Settings(database_url=with_examples(databases, folder), port=port)
    app = build(settings)
    world = ExampleWorld(app, settings, default_pack())
    with world.database.read() as tx:
        world.journeys = {j.example: j.id for j in tx.exec(select(Journey)) if j.example}
    return world


@pytest.fixture(scope="session")
def example_world(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[ExampleWorld]:
    world = make_example_world(tmp_path_factory.mktemp("examples"), databases)
    yield world
    world.database.close()
