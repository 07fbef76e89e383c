"""A transaction without SQLAlchemy around it is the same transaction: what is told, taken back and counted."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, text, update
from sqlmodel import col, select

from app.core.database import in_any_case, once_committed
from app.core.light import Light
from app.core.live import announce
from app.core.prepared import Prepared
from app.journey.kept import count_change
from app.journey.models import Journey
from app.people.models import Tenant
from tests.conftest import World

NAME = Prepared(update(Journey.__table__).values(title="Met een ander opschrift"))  # type: ignore[attr-defined]
READ = Prepared(select(col(Journey.title).label("title"), col(Journey.changes).label("changes")).order_by(Journey.id))


@pytest.fixture
def light(world: World) -> Iterator[Light]:
    made = Light(world.database)
    with made.read() as tx:  # the first time a statement is asked, SQLAlchemy does so
        READ.all(tx, {})
        NAME.do(tx, {})
    yield made
    made.close()


@pytest.fixture
def heard(world: World) -> list[tuple]:
    """What was told, and what stood there by then."""
    found: list[tuple] = []
    if not world.database.sqlite:  # the words come back over the network, in their own time
        pytest.skip("who hears it is tested with the hub")
    world.database.hub.overhear(lambda *words: found.append((*words, titles(world))))
    return found


def titles(world: World) -> set[str]:
    with world.database.read() as tx:
        return set(tx.exec(select(Journey.title)))


def changes(world: World) -> int:
    with world.database.read() as tx:
        return tx.exec(select(Journey.changes).where(Journey.id == world.journey)).one()


def test_what_is_written_is_there_when_it_is_committed_and_told_after_that(world: World, light: Light, heard):
    was, done, new, counted = titles(world), [], {"Met een ander opschrift"}, changes(world)
    for times in (1, 2):
        with light.write() as tx:
            assert not tx.in_transaction(), "SQLAlchemy has not begun anything"
            NAME.do(tx, {})
            count_change(tx, "meerwijk", world.journey, "plan")
            announce(tx, "een", "x")
            once_committed(tx, lambda: done.append(titles(world)))
            assert {row.title for row in READ.all(tx, {})} == new and not tx.in_transaction()
            assert len(done) == times - 1 and len(heard) == 2 * len(done) and titles(world) == (new if done else was)
        assert done == [new] * times
        assert heard == [("een", ("x",), new), (world.journey, ("plan",), new)] * times
    assert changes(world) == counted + 2


@pytest.mark.parametrize("also", ["only prepared", "a session too"])
def test_what_is_taken_back_leaves_nothing_and_the_next_goes_on(world: World, light: Light, also: str):
    was = titles(world)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), light.write() as tx:
            NAME.do(tx, {})
            if also == "a session too":
                tx.add(Tenant(id="elders", name="Elders"))
                tx.flush()
            announce(tx, "een", "x")
            raise ZeroDivisionError
    assert titles(world) == was
    with light.write() as tx:
        assert tx.get(Tenant, "elders") is None
        NAME.do(tx, {})
    assert titles(world) == {"Met een ander opschrift"}


def test_a_session_that_is_asked_more_joins_the_same_transaction(world: World, light: Light):
    with light.write() as tx:
        NAME.do(tx, {})
        journey = tx.exec(select(Journey).where(Journey.id == world.journey)).one()
        assert journey.title == "Met een ander opschrift"
        journey.title, before = "En nog eens", journey.changes
        tx.add(Tenant(id="elders", name="Elders"))
    with world.database.read() as tx:
        journey = tx.exec(select(Journey).where(Journey.id == world.journey)).one()
        assert (journey.title, journey.changes) == ("En nog eens", before + 1)
        assert tx.get(Tenant, "elders")


def test_who_reads_changes_nothing(world: World, light: Light):
    was = titles(world)
    with light.read() as tx:
        NAME.do(tx, {})
        tx.add(Tenant(id="elders", name="Elders"))
        tx.flush()
    with world.database.write() as tx:  # and holds nobody up
        assert tx.get(Tenant, "elders") is None
    assert titles(world) == was


def test_what_must_stay_in_any_case_stays(world: World, light: Light):
    with pytest.raises(ZeroDivisionError), light.write() as tx:
        NAME.do(tx, {})
        in_any_case(tx, lambda: tx.add(Tenant(id="elders", name="Elders")))
        raise ZeroDivisionError
    with light.read() as tx:
        assert tx.get(Tenant, "elders") and "Met een ander opschrift" not in titles(world)


def test_one_transaction_at_a_time_whoever_begins_it(world: World, light: Light):
    """Also when the driver says no: nobody finds somebody else's transaction open."""
    if not world.database.sqlite:
        pytest.skip("only SQLite has one writer")
    with pytest.raises(Exception, match="no such table: nowhere"), light.write() as tx:
        NAME.do(tx, {})
        tx.connection().execute(text("UPDATE nowhere SET x = 1"))
    with world.database.write() as tx:
        tx.add(Tenant(id="elders", name="Elders"))
    with light.write() as tx:
        assert tx.get(Tenant, "elders") and READ.all(tx, {})[0].title != "Met een ander opschrift"


def test_who_listens_to_what_is_asked_hears_of_it(world: World, light: Light):
    asked: list[str] = []
    with light.write() as tx:
        NAME.do(tx, {})
    event.listen(world.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with light.write() as tx:
        NAME.do(tx, {})
    assert len(asked) == 1 and asked[0].startswith("UPDATE journey")


@pytest.mark.sqlite
def test_the_version_is_another_one_after_what_somebody_else_wrote_and_only_then(world: World, light: Light):
    def version():
        with light.read() as tx:
            return light.version(tx)

    first = version()
    with light.write() as tx:
        NAME.do(tx, {})
        assert light.version(tx) == first
    assert version() == first is not None
    with light.read() as tx:
        seen = light.version(tx)
        with closing(sqlite3.connect(world.database.engine.url.database)) as other, other:
            other.execute("UPDATE journey SET title = 'Van een ander proces'")
        assert light.version(tx) == seen, "as long as the transaction sees the same, it is the same"
    second = version()
    assert second != first
    with world.database.write() as tx:
        NAME.do(tx, {})
    assert version() not in (first, second)
    light.close()
    with light.write() as tx:
        assert light.version(tx) not in (first, second), "another connection counts from the beginning"
    event.listen(world.database.engine, "before_cursor_execute", lambda *given: None)
    assert version() is None


@pytest.mark.sqlite
def test_the_log_of_the_database_is_taken_over_by_somebody_else(world: World, light: Light, monkeypatch, tmp_path):
    """Not by who commits, who would wait for it."""
    monkeypatch.setattr("app.core.light.CHECKPOINT", 2)
    was = in_the_file_itself(world, tmp_path)
    for expected in (was, {"Met een ander opschrift"}):
        with light.write() as tx:
            NAME.do(tx, {})
        if light._beside:
            light._beside.join(20)
        assert in_the_file_itself(world, tmp_path) == expected


@pytest.mark.sqlite
def test_the_log_of_the_database_begins_again_although_somebody_goes_on(
    world: World, light: Light, monkeypatch, tmp_path
):
    """What is committed while it is taken over is taken over too; else it would grow as long as people type."""
    turn = world.database.turn

    def after_somebody_else(patience: float):
        if threading.current_thread() is light._beside:
            monkeypatch.setattr(world.database, "turn", turn)
            with world.database.write() as tx:
                tx.connection().execute(update(Journey.__table__).values(title="Ondertussen"))  # type: ignore[attr-defined]
        return turn(patience)

    monkeypatch.setattr("app.core.light.CHECKPOINT", 1)
    monkeypatch.setattr(world.database, "turn", after_somebody_else)
    with light.write() as tx:
        NAME.do(tx, {})
    assert light._beside
    light._beside.join(20)
    assert in_the_file_itself(world, tmp_path) == {"Ondertussen"}


def in_the_file_itself(world: World, folder: Path) -> set[str]:
    """Without what is still in the log."""
    alone = shutil.copy(world.database.url.removeprefix("sqlite:///"), folder / "alone.db")
    with closing(sqlite3.connect(alone)) as connection:
        return {title for (title,) in connection.execute("SELECT title FROM journey")}
