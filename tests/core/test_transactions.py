"""Transactions beside and within each other: room for all of them, one moment for who reads, once more for who collides."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.core import database as rooms
from app.core.database import BESIDE, PLACES, Busy, Collided, Database
from app.core.limits import Limit, RateLimit, TooOften, minutes, spend
from app.core.turn import TRIES, Router, Tx
from app.main import build
from tests.conftest import HOST

SHIPPED = rooms.SQLITE  # before `tests.conftest` is careless with it


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


def at_once(number: int, work: Callable[[int], object], seconds: float = 40) -> list[object]:
    """What each gives, or raises."""
    found: list[object] = [None] * number

    def one(mine: int) -> None:
        try:
            found[mine] = work(mine)
        except BaseException as problem:
            found[mine] = problem

    threads = [threading.Thread(target=one, args=(n,), daemon=True) for n in range(number)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return found


def rows(tx, key: str = "%") -> int:
    return tx.connection().execute(text("SELECT count(*) FROM rate_limit WHERE key LIKE :key"), {"key": key}).scalar()


def put(tx, key: str) -> None:
    tx.connection().execute(
        text("INSERT INTO rate_limit (key, used, until) VALUES (:key, 1, 9000000000)"), {"key": key}
    )


@pytest.mark.sqlite
def test_what_is_committed_is_on_the_disk(database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rooms, "SQLITE", SHIPPED)
    database = Database(database_url)
    for do in (database.read, database.write):
        with do() as tx:
            assert tx.connection().exec_driver_sql("PRAGMA synchronous").scalar() == 2, "FULL"
    database.close()


def test_who_reads_sees_one_moment(database: Database):
    with database.read() as tx:
        assert rows(tx) == 0
        at_once(1, lambda _: _write(database, "a"))
        assert rows(tx) == 0
    with database.read() as tx:
        assert rows(tx) == 1


def _write(database: Database, key: str) -> None:
    with database.write() as tx:
        put(tx, key)


def test_everybody_reads_and_writes_something_down_beside_it(database: Database):
    """Twice as many as there is room for: each holds a connection and asks for a second."""
    together = threading.Barrier(PLACES)

    def look(mine: int) -> None:
        with database.read() as tx:
            rows(tx)
            if mine < PLACES:
                together.wait(20)
            _write(database, f"k{mine}")

    found = at_once(PLACES * 2, look)
    assert [problem for problem in found if problem] == []
    kept = 2 if database.sqlite else 0  # of a thread that keeps its own
    assert database.engine.pool.size() + database.engine.pool._max_overflow == PLACES + BESIDE + kept
    with database.read() as tx:
        assert rows(tx) == PLACES * 2


def test_without_room_it_is_busy(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rooms, "PATIENCE", 0.1)
    database._places = threading.BoundedSemaphore(1)

    def look(_: int) -> None:
        with database.read() as tx:
            rows(tx)

    with database.read():
        assert [type(p) for p in at_once(1, look)] == [Busy]
    assert at_once(1, look) == [None]


def test_a_limit_is_exact_however_many_try_at_once(database: Database):
    limit = Limit("proef", 7, minutes(5))

    def attempt(_: int) -> str:
        try:
            with database.write() as tx:
                spend(tx, limit, "jan")
        except TooOften:
            return "no"
        return "yes"

    assert at_once(20, attempt).count("yes") == 7


@pytest.fixture
def app(settings) -> Iterator[FastAPI]:
    made = build(settings)
    yield made
    made.state.database.close()


def asked(app: FastAPI, handler: Callable[..., object]) -> tuple[int, str]:
    router = Router()
    router.post("/proef")(handler)
    app.router.routes[:0] = router.routes
    client = TestClient(app, base_url=HOST, headers={"sec-fetch-site": "same-origin"})
    answer = client.post("/proef")
    return answer.status_code, answer.text


def test_who_collides_with_another_process_does_it_again(app: FastAPI, request):
    """In a transaction of its own, of which nothing of the first attempt is left."""
    seen: list[int] = []

    def handler(tx: Tx) -> PlainTextResponse:
        seen.append(rows(tx))
        put(tx, f"k{len(seen)}")
        if len(seen) < 3:
            raise Collided
        return PlainTextResponse(f"poging {len(seen)}")

    status, words = asked(app, handler)
    if app.state.database.sqlite:  # there one writes at a time: what goes wrong there goes wrong again
        assert status == 503 and len(seen) == 1
        return
    assert (status, words, seen) == (200, "poging 3", [0, 0, 0])
    with app.state.database.read() as tx:
        assert rows(tx) == rows(tx, "k3") == 1


def test_who_goes_on_colliding_hears_that_it_is_busy(app: FastAPI):
    seen: list[int] = []

    def handler(tx: Tx) -> PlainTextResponse:
        seen.append(1)
        tx.add(RateLimit(key="k", used=1, until=1))
        tx.flush()
        tx.expunge_all()
        tx.add(RateLimit(key="k", used=1, until=1))
        return PlainTextResponse("")

    status, words = asked(app, handler)
    assert status == 503 and "Het is even druk" in words
    assert len(seen) == (1 if app.state.database.sqlite else TRIES)


def test_one_at_a_time_does_what_is_done_alone(database: Database):
    inside: list[int] = []

    def work(mine: int) -> None:
        with database.alone("proef"):
            inside.append(1)
            assert len(inside) == 1 or database.sqlite
            time.sleep(0.05)
            inside.pop()

    assert at_once(3, work) == [None] * 3
