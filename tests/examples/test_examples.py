"""The examples are whole, can be tried and put back, and show what they should show."""

from __future__ import annotations

import pytest
from sqlmodel import select

from app.core.database import Database
from app.core.settings import Settings
from app.examples.actions import load_examples, reset
from app.examples.script import scripts
from app.journey.models import Journey
from app.people.models import Person

TABLES = (
    "answer",
    "joint_answer",
    "agreement",
    "share",
    "remark",
    "paragraph",
    "goal",
    "action",
    "budget_line",
    "checklist",
    "criterion",
    "institution",
    "criterion_progress",
    "seat",
    "party",
)


@pytest.fixture
def filled(database_url: str) -> tuple[Database, Settings]:
    settings = Settings(database_url=database_url)
    database = Database(settings.database_url)
    assert load_examples(database, settings) == len(scripts()) == 2
    return database, settings


def counts(database: Database) -> dict[str, int]:
    with database.read() as tx:
        return {t: tx.connection().exec_driver_sql(f"SELECT count(*) FROM {t}").scalar_one() for t in TABLES}  # noqa: S608


def test_loading_twice_adds_nothing(filled):
    database, settings = filled
    before = counts(database)
    assert load_examples(database, settings) == 0
    assert counts(database) == before
    assert all(before.values())


def test_reset_puts_everything_back_and_leaves_other_journeys_alone(filled, pack):
    from app.journey.actions import start_journey

    database, settings = filled
    before = counts(database)
    with database.write() as tx:
        person = tx.exec(select(Person).where(Person.local)).one()
        own = start_journey(tx, person, pack, "Mijn eigen traject", ["Meerwijk"])[0].id
        example = tx.exec(select(Journey).where(Journey.example == "meerwijk")).one()
        example.title = "Omgegooid"
        tx.add(example)
    reset(database, settings)
    with database.read() as tx:
        titles = {j.title for j in tx.exec(select(Journey))}
        assert tx.exec(select(Journey).where(Journey.id == own)).one()
    assert titles == {"Mijn eigen traject", *(s.title for s in scripts())}
    after = counts(database)
    assert after == before | {"seat": before["seat"] + 1, "party": before["party"] + 1}


def test_examples_can_be_told_from_real_ones(filled):
    database, _ = filled
    with database.read() as tx:
        assert {j.example for j in tx.exec(select(Journey))} == {s.slug for s in scripts()}
