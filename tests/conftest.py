"""A cast and a world for the tests.

The cast, each with one meaning:
- marieke   procesbegeleider, and member of the party gemeente Meerwijk (two hats)
- jan       deelnemer for Stichting De Linde (po, vroegschools)
- ellen     deelnemer for De Linde too (a colleague of jan)
- karin     deelnemer for Stichting Op Weg (vo)
- fatima    partijbeheerder for Kinderopvang Ark (voorschools)
- noor      deelnemer for Welzijn Meerwijk (zorg en welzijn: no own column)
- pieter    meelezer at De Linde
- olga      procesbegeleider of another traject in the same gemeente (an outsider here)
- otto      procesbegeleider in another tenant (an outsider everywhere)
- nobody    not signed in
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.event import listen, remove
from sqlmodel import Session, select

from app.content.load import default_pack
from app.content.pack import Pack
from app.core import database
from app.core.database import Database
from app.core.rendering import ROOT
from app.core.settings import Settings
from app.journey.actions import add_party, add_person, here_for, start_journey
from app.journey.gate import Here, cookie_name
from app.journey.models import Event, Journey, Party, Seat
from app.live import streams
from app.main import build
from app.people.actions import sign_in
from app.people.models import Person, Tenant
from app.versions import actions as versions
from tests.databases import KINDS, Databases, PostgresServer, SqliteFiles, postgres_server
from tests.inspection import inspect_html

HOST = "https://lea.test"
pytest_plugins = ["tests.browsing"]


@pytest.fixture(scope="session")
def pack() -> Pack:
    return default_pack()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database, made once and copied for every test (`databases`)."""
    from app.migrate import migrate

    path = tmp_path_factory.mktemp("database") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session", autouse=True)
def no_write_waits_for_the_disk() -> Iterator[None]:
    """In this process. Servers of their own (`tests.story`, `tests.postgres`) run as they do elsewhere."""
    said = database.SQLITE
    database.SQLITE = tuple(word.replace("synchronous=FULL", "synchronous=OFF") for word in said)
    yield
    database.SQLITE = said


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, default="sqlite", help="on which database the tests run")


# Minutes each: they begin first, so that at the end nobody waits for one of them.
LONG = ("test_states.py", "test_whole_way.py", "test_two_tenants.py", "test_matrix.py", "test_without_javascript.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)
    if config.getoption("database") != "sqlite":
        other = pytest.mark.skip(reason="about SQLite itself")
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(other)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test process."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, empty_database: Path) -> Databases:
    """Where a test gets its database."""
    if request.config.getoption("database") == "postgresql":
        return request.getfixturevalue("postgres")
    return SqliteFiles(empty_database)


CASTS: dict[Databases, World] = {}


@pytest.fixture
def cast(databases: Databases, pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> World:
    """What `make_world` makes, made once; its database is there to be copied."""
    if databases not in CASTS:
        url = databases.fresh(tmp_path_factory.mktemp("cast"))
        settings = Settings(mode="server", base_url=HOST, database_url=url)
        CASTS[databases] = make_world(build(settings), settings, pack)
        CASTS[databases].database.engine.dispose()
    return CASTS[databases]


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[str]:
    """A migrated database of this test alone: empty, or with the cast in it for a test that asks for `world`."""
    if "world" in request.fixturenames:
        url = databases.copy(request.getfixturevalue("cast").settings.database_url, tmp_path)
    else:
        url = databases.fresh(tmp_path)
    yield url
    databases.drop(url)


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(mode="server", base_url=HOST, database_url=database_url)


@pytest.fixture
def app(settings: Settings) -> Iterator[FastAPI]:
    app = build(settings)
    yield app
    app.state.database.close()


@dataclass
class World:
    """A journey of Meerwijk with its cast. `journey` is its id; `parties` and `seats` are ids by short name."""

    app: FastAPI
    settings: Settings
    pack: Pack
    journey: str = ""
    foreign: str = ""  # a journey of another tenant
    other: str = ""  # another journey of the same tenant
    parties: dict[str, str] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    persons: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.app.state.database

    @property
    def url(self) -> str:
        return f"/trajecten/{self.journey}"

    def client(self, name: str = "nobody") -> TestClient:
        """A browser of this member of the cast. Every HTML page it gets is inspected."""
        client = TestClient(
            self.app,
            base_url=HOST,
            follow_redirects=False,
            raise_server_exceptions=True,
            headers={"sec-fetch-site": "same-origin"},
        )
        client.event_hooks["response"].append(inspect_html)
        if name != "nobody":
            with self.database.write() as tx:
                person = tx.get(Person, self.persons[name])
                assert person is not None
                client.cookies.set(cookie_name(self.settings), sign_in(tx, person, 12), domain="lea.test")
        return client

    def here(self, tx: Session, name: str = "marieke") -> Here:
        """What the gate would hand over for this member of the cast (for tests below the routes)."""
        person = tx.get(Person, self.persons[name])
        journey = tx.exec(select(Journey).where(Journey.id == self.journey)).one()
        seat = tx.exec(select(Seat).where(Seat.person_id == person.id, Seat.journey_id == journey.id)).one()
        return here_for(tx, self.settings, person, journey, seat)

    def path(self, rest: str) -> str:
        return f"{self.url}/{rest}"


PARTIES = {
    "linde": ("schoolbestuur", "Stichting De Linde", "De Linde", ["vroegschools", "po"]),
    "opweg": ("schoolbestuur", "Stichting Op Weg", "Op Weg", ["vo"]),
    "ark": ("voorschool", "Kinderopvang Ark", "Ark", None),
    "welzijn": ("zorg-welzijn", "Welzijn Meerwijk", "Welzijn", None),
}
PEOPLE = {
    "jan": ("linde", "Jan Bakker", "deelnemer"),
    "ellen": ("linde", "Ellen de Boer", "deelnemer"),
    "karin": ("opweg", "Karin Smit", "deelnemer"),
    "fatima": ("ark", "Fatima Yildiz", "partijbeheerder"),
    "noor": ("welzijn", "Noor Visser", "deelnemer"),
    "pieter": ("linde", "Pieter Mol", "meelezer"),
}


@pytest.fixture
def world(app: FastAPI, settings: Settings, pack: Pack, cast: World) -> World:
    versions._busy_today.clear()  # its journey is the journey of every test
    names = {name: dict(getattr(cast, name)) for name in ("parties", "seats", "persons")}  # a test may add to them
    return replace(cast, app=app, settings=settings, pack=pack, **names)


def make_world(app: FastAPI, settings: Settings, pack: Pack) -> World:
    """For a test module that wants to share one: a journey of Meerwijk with its cast, in this empty database."""
    world = World(app, settings, pack)
    with world.database.write() as tx:
        tx.add(Tenant(id="meerwijk", name="Gemeente Meerwijk"))
        tx.add(Tenant(id="anderstad", name="Gemeente Anderstad"))
        tx.flush()

        def person(name: str, full: str, tenant: str) -> Person:
            found = Person(tenant_id=tenant, name=full, may_start=True)
            tx.add(found)
            tx.flush()
            world.persons[name] = (tenant, found.id)
            return found

        marieke = person("marieke", "Marieke de Wit", "meerwijk")
        journey, seat = start_journey(tx, marieke, pack, "Ouderbetrokkenheid in Meerwijk", ["Meerwijk"])
        world.journey, world.seats["marieke"] = journey.id, seat.id
        here = here_for(tx, settings, marieke, journey, seat)
        world.parties["gemeente"] = here.parties[0].id
        parties: dict[str, Party] = {}
        for short, (kind, name, label, sectors) in PARTIES.items():
            parties[short] = add_party(here, kind, name, label, sectors)
            world.parties[short] = parties[short].id
        for short, (party, name, role) in PEOPLE.items():
            seat = add_person(here, parties[party], name, f"{short}@voorbeeld.test", role)
            world.seats[short] = seat.id
            world.persons[short] = ("meerwijk", seat.person_id)
        olga = person("olga", "Olga Buiten", "meerwijk")
        world.other = start_journey(tx, olga, pack, "Een ander traject", ["Meerwijk"])[0].id
        otto = person("otto", "Otto Verweg", "anderstad")
        world.foreign = start_journey(tx, otto, pack, "Traject van Anderstad", ["Anderstad"])[0].id
    return world


@pytest.fixture
def as_(world: World) -> Callable[[str], TestClient]:
    """`as_("jan").get(...)`: a browser of this member of the cast."""
    made: dict[str, TestClient] = {}

    def client(name: str) -> TestClient:
        if name not in made:
            made[name] = world.client(name)
        return made[name]

    return client


@pytest.fixture(autouse=True)
def streams_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream says where it begins, and ends: a test that asks every address would wait for it for ever."""
    monkeypatch.setattr(streams, "LIFE", 0)


@pytest.fixture(scope="session", autouse=True)
def every_event_has_a_sentence() -> Iterator[None]:
    """Any test that records an event without a template `events/<kind>.html` fails."""

    def check(_mapper, _connection, event: Event) -> None:
        assert (ROOT / "templates" / "events" / f"{event.kind}.html").is_file(), f"no sentence for {event.kind}"

    listen(Event, "before_insert", check)
    yield
    remove(Event, "before_insert", check)
