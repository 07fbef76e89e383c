"""A prepared statement gives what SQLAlchemy gives, and is counted like any other."""

from __future__ import annotations

import pytest
import sqlalchemy as sql
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.answers import store
from app.answers.models import Answer
from app.core.clock import now
from app.core.database import Database
from app.core.ids import fingerprint
from app.core.prepared import Prepared
from app.journey.models import Journey
from app.journey.store import _SIGNED_IN, _place_signed_in
from tests.conftest import World

TABLE = Answer.__table__
WORDS = "Wij doen ’t samen 👍"


@pytest.fixture
def place(world: World, as_) -> tuple[Session, Journey]:
    as_("jan")
    with world.database.write() as tx:
        yield tx, world.here(tx, "jan").journey
        tx.rollback()


def put(tx: Session, journey: Journey, world: World, path: str) -> None:
    tx.add(
        Answer(
            tenant_id=journey.tenant_id,
            journey_id=journey.id,
            party_id=world.parties["linde"],
            layer="eigen",
            path=path,
            value=WORDS,
            saved_by=world.seats["jan"],
        )  # fmt: skip
    )
    tx.flush()


def test_it_gives_the_same_rows(world: World, place):
    tx, journey = place
    for path in ("a/een/stand", "a/twee/stand", "b/een/stand"):
        put(tx, journey, world, path)
    statement = sql.select(TABLE.c.path, TABLE.c.value, TABLE.c.saved_at, TABLE.c.shared_at, TABLE.c.version).where(
        TABLE.c.journey_id == sql.bindparam("journey"), TABLE.c.path > "a/een/stand", TABLE.c.version == 1
    )
    asked = {"journey": journey.id}
    usual = tx.connection().execute(statement, asked).all()
    found = Prepared(statement).all(tx, asked)
    assert [tuple(row) for row in found] == [tuple(row) for row in usual]
    assert [(row.path, row.value, row.shared_at) for row in found] == [(row.path, WORDS, None) for row in usual]
    assert len(found) == 2


def test_an_update_says_what_it_changed_and_when(world: World, place):
    tx, journey = place
    put(tx, journey, world, "a/een/stand")
    args = (tx, journey, world.parties["linde"], "eigen", "a/een/stand")
    assert store.replace_next(*args, "Nieuw", 2, "seat") is None, "another version"
    moment = store.replace_next(*args, "Nieuw", 1, world.seats["jan"])
    row = store.find_answer(tx, journey, world.parties["linde"], "eigen", "a/een/stand")
    assert (row.value, row.version, row.saved_by) == ("Nieuw", 2, world.seats["jan"])
    assert row.saved_at.replace(tzinfo=None) == moment.replace(tzinfo=None)


def test_a_moment_is_compared_as_a_moment(world: World, place, as_):
    tx, journey = place
    token = as_("jan").cookies["__Host-driekolom"]
    asked = {"journey": journey.id, "token": fingerprint(token), "now": now()}
    found = _SIGNED_IN.all(tx, asked)
    assert [tuple(row) for row in found] == [tuple(r) for r in tx.connection().execute(_place_signed_in(), asked)]
    assert found[0].id == world.seats["jan"]
    assert _SIGNED_IN.all(tx, asked | {"now": now().replace(year=2999)}) == []


def test_who_counts_what_is_asked_hears_of_it(world: World, place):
    tx, journey = place
    seen: list[str] = []
    listen = lambda *told: seen.append(told[2])  # noqa: E731
    sql.event.listen(world.database.engine, "before_cursor_execute", listen)
    with world.database.read() as own:
        store.list_concepts(own, journey, world.parties["linde"], "eigen", "a")
    sql.event.remove(world.database.engine, "before_cursor_execute", listen)
    assert sum("FROM answer" in s for s in seen) == 1


def test_what_goes_wrong_is_said_in_the_usual_words(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/leeg.db")
    nowhere = sql.select(sql.column("x")).select_from(sql.table("nergens"))
    with database.read() as tx, pytest.raises(OperationalError):
        Prepared(nowhere).all(tx, {})
    database.close()
