"""Who only looks hears that a text changed: soon, never at every key, and always."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from sqlmodel import select

from app.journey.models import Journey
from app.prose import together
from tests.conftest import World
from tests.prose.scribe import Scribe, Table, block


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [1000.0]
    ours = SimpleNamespace(**{name: getattr(time, name) for name in ("sleep", "thread_time", "perf_counter")})
    ours.monotonic = lambda: now[0]
    monkeypatch.setattr(together, "time", ours)
    return now


def number(world: World) -> int:
    with world.database.read() as tx:
        return tx.exec(select(Journey.changes).where(Journey.id == world.journey)).one()


def heard(world: World, wanted: str, url: str) -> bool:
    return wanted in world.client("pieter").get(world.path(url)).text


def begun(table: Table) -> Scribe:
    """Somebody who wrote 'Dit', of which the memory of the journey has been told."""
    jan = table.scribe("jan")
    jan.write([block("Di")])
    jan.type(0, 2, "t")
    table.look()
    return jan


def test_keys_are_counted_together(world, clock):
    table = Table(world)
    jan = begun(table)
    first = number(world)
    for at, letter in enumerate(" is een zin"):
        jan.type(0, 3 + at, letter)
    assert number(world) == first, "a key is no reason for everybody to fetch the page again"
    clock[0] += together.COUNTED_AGAIN - 0.1
    table.look()
    assert number(world) == first
    clock[0] += 0.2
    table.look()
    assert number(world) == first + 1 and heard(world, "Dit is een zin", "plan/inventarisatie")
    table.look()
    assert number(world) == first + 1, "nothing is owed any more"
    jan.type(0, 0, "Ja: ")
    assert number(world) == first + 1, "not at once"
    jan.write([*jan.blocks, block("Een alinea erbij")])
    assert number(world) == first + 2, "a paragraph that is new is"


def test_who_leaves_finds_the_text_everywhere(world, clock):
    table = Table(world)
    jan = begun(table)
    assert heard(world, "Dit<", "plan/inventarisatie")
    jan.type(0, 3, " blijft")
    jan.leave()
    assert heard(world, "Dit blijft", "plan/inventarisatie")


def test_a_count_that_failed_is_made_up_for(world, clock, monkeypatch):
    table = Table(world)
    jan = begun(table)
    first = number(world)
    jan.type(0, 3, " ook")
    with monkeypatch.context() as broken:
        broken.setattr(table.texts._light, "write", _busy)
        jan.leave()
    assert number(world) == first and len(table.texts), "still owed"
    table.look()
    assert number(world) == first + 1 and not len(table.texts)


def _busy():
    raise together.Busy


def test_what_a_killed_server_owed_is_made_up_for(world, clock):
    table = Table(world)
    jan = begun(table)
    jan.type(0, 3, " ook")
    first = number(world)
    table.restart()
    jan.join()
    table.look()
    assert number(world) == first + 1
    jan.leave()
    jan.join()
    table.look()
    assert number(world) == first + 1, "opening changes nothing"


def test_opening_a_text_for_the_first_time_changes_nothing(world, clock):
    first = number(world)
    Table(world).scribe("jan").leave()
    assert number(world) == first
