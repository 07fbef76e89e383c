"""A database with journeys of all sorts, made once for the tests that only read it or roll back what they wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlmodel import Session

from app.checklists import actions as lists
from app.checklists import store
from app.checklists.models import Criterion, Institution
from app.checklists.rules import ready_lists
from app.core.database import Database
from app.core.settings import Settings
from app.examples.actions import play
from app.examples.script import scripts
from app.exchange.actions import import_journey, read_file
from app.exchange.parse import BY_COMMAND
from app.journey.actions import start_journey
from app.journey.gate import Here
from app.journey.models import Journey
from app.journey.store import get_journey
from app.main import build
from app.people.models import Person
from tests.conftest import HOST, World, make_world
from tests.databases import Databases
from tests.document.full import Marks, fill_plan, fill_world


@dataclass(repr=False)
class Shelf:
    """`journeys` are ids by name: vol (every field filled), leeg (just started), plan and conclusie (the examples)."""

    world: World
    marks: Marks
    journeys: dict[str, str]

    @property
    def database(self) -> Database:
        return self.world.database

    def journey(self, tx: Session, name: str) -> Journey:
        return get_journey(tx, "meerwijk", self.journeys[name])


NAMES = ("vol", "leeg", "plan", "conclusie")


@pytest.fixture(scope="package")
def shelf(tmp_path_factory: pytest.TempPathFactory, databases: Databases, pack) -> Iterator[Shelf]:
    url = databases.fresh(tmp_path_factory.mktemp("exchange"))
    settings = Settings(mode="server", base_url=HOST, database_url=url)
    app = build(settings)
    world, marks = make_world(app, settings, pack), Marks()
    fill_world(world, marks)
    journeys = {"vol": world.journey}
    with world.database.write() as tx:
        fill_lists(world.here(tx, "marieke"))
        fill_plan(world.here(tx, "marieke"), marks)
        marieke = tx.get_one(Person, world.persons["marieke"])
        journeys["leeg"] = start_journey(tx, marieke, pack, "Een nieuw traject", ["Meerwijk"])[0].id
        for script in scripts():
            name = "plan" if "plan" in script.told else "conclusie"
            journeys[name] = play(tx, settings, marieke, pack, script).id
    yield Shelf(world, marks, journeys)
    app.state.database.close()


def fill_lists(here: Here) -> None:
    """Two lists of criteria with schools, progress, and something that was taken away again."""
    for number, ready in enumerate(ready_lists(here.pack)[:2]):
        place = here.municipalities[0].id if number else ""
        found = lists.start_list(here, ready.key, f"Lijst {number}", place)
        lists.change_list(here, found, "source", ["Keurmerk"], 0)
        lists.add_criteria(
            here, found, "Elke ouder krijgt een startgesprek.\nDe folder is in duidelijke taal.\nWeg ermee."
        )
        lists.add_institutions(here, found, here.party, "De Berk\nDe Eik")
        criteria = store.list_lines(here.tx, found, Criterion)
        schools = store.list_lines(here.tx, found, Institution)
        for column, value in (("state", "bezig"), ("note", "Twee van de drie."), ("dated", "2028-03")):
            lists.save_progress(here, found, schools[0], criteria[number], column, [value], 0)
        lists.remove_criterion(here, found, criteria[2])


def bring_in(tx: Session, content: bytes, tenant: str = "anderstad") -> Journey:
    """The journey of this file, in another tenant, without anybody to lead it."""
    return import_journey(tx, tenant, read_file(content, BY_COMMAND))
