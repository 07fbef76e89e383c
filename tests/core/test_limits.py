"""Limits: counted in the database, also when the request is refused, and forgotten when their time is over."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from app.core import limits
from app.core.database import Database
from app.core.errors import Invalid
from app.core.limits import Limit, RateLimit, TooOften, forgive, hours, minutes, spend
from app.core.settings import Settings
from app.core.turn import Router, Tx
from app.main import build
from tests.conftest import HOST
from tests.dump import dump

CODE = Limit("code", 3, minutes(15))
START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(settings: Settings) -> Database:
    return Database(settings.database_url)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """`clock(minutes)` sets the time to so many minutes after the start."""

    def set_to(passed: float) -> None:
        monkeypatch.setattr(limits, "now", lambda: START + timedelta(minutes=passed))

    set_to(0)
    return set_to


def once(database: Database, limit: Limit = CODE, key: str = "jan") -> None:
    with database.write() as tx:
        spend(tx, limit, key)


def test_so_many_times_and_no_more(database: Database, clock):
    for _ in range(3):
        once(database)
    with pytest.raises(TooOften) as refused:
        once(database)
    assert refused.value.status == 429 and refused.value.wait == 900
    assert refused.value.message.endswith("Probeer het over 15 minuten opnieuw.")
    once(database, key="karin")
    once(database, limit=Limit("link", 3, minutes(15)))
    clock(14.9)
    with pytest.raises(TooOften):
        once(database)
    clock(15)
    for _ in range(3):
        once(database)


def test_what_was_spent_stays_spent_when_the_request_is_refused(database: Database, clock):
    """Otherwise a wrong code could be tried for ever."""
    for _ in range(3):
        with pytest.raises(Invalid), database.write() as tx:
            spend(tx, CODE, "jan")
            tx.add(RateLimit(key="taken back", used=1, until=1))
            raise Invalid("Deze code klopt niet.")
    with pytest.raises(TooOften):
        once(database)
    with database.read() as tx:
        assert tx.get(RateLimit, "taken back") is None, "only the count stays"


def test_a_refusal_itself_costs_nothing_more(database: Database, clock):
    for _ in range(3):
        once(database)
    for _ in range(5):
        with pytest.raises(TooOften):
            once(database)
    with database.read() as tx:
        assert tx.exec(select(RateLimit.used)).all() == [3]


def test_restart_and_another_process_see_the_same_count(settings: Settings, clock):
    for _ in range(3):
        once(Database(settings.database_url))
    with pytest.raises(TooOften):
        once(Database(settings.database_url))


def test_at_the_same_moment_no_more_than_allowed(database: Database):
    passed, refused = [], []

    def try_it() -> None:
        try:
            once(database)
            passed.append(1)
        except TooOften:
            refused.append(1)

    threads = [threading.Thread(target=try_it) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), len(refused)) == (3, 9)


def test_only_fingerprints_and_not_for_long(database: Database, clock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "SWEEP_EVERY", 0)
    once(database, key="jan@voorbeeld.test")
    assert "jan" not in dump(database)
    clock(16)
    once(database, key="karin@voorbeeld.test")
    with database.read() as tx:
        assert len(tx.exec(select(RateLimit)).all()) == 1, "what is over is gone"


def test_forgive_begins_anew(database: Database, clock):
    for _ in range(3):
        once(database)
    with database.write() as tx:
        forgive(tx, CODE, "jan")
        forgive(tx, CODE, "nobody")
    once(database)


@pytest.mark.parametrize(
    "limit, words",
    [
        (Limit("a", 0, timedelta(seconds=20)), "over een minuut"),
        (Limit("a", 0, minutes(90)), "over 90 minuten"),
        (Limit("a", 0, hours(4)), "na 18:00 uur"),
        (Limit("a", 0, hours(23)), "morgen na 13:00 uur"),
        (Limit("a", 0, hours(72)), "later"),
    ],
)
def test_refusal_says_when_to_try_again(database: Database, clock, limit: Limit, words: str):
    with pytest.raises(TooOften) as refused, database.write() as tx:
        spend(tx, limit, "jan", "U hebt te veel uitnodigingen verstuurd.")
    assert refused.value.message.startswith("U hebt te veel uitnodigingen verstuurd. Probeer het ")
    assert words in refused.value.message


def test_answer_is_a_page_with_the_time_to_wait(settings: Settings):
    app: FastAPI = build(settings)
    router = Router()

    @router.post("/proef")
    def attempt(tx: Tx) -> None:
        spend(tx, Limit("proef", 1, minutes(10)))
        raise Invalid("Nee.")

    app.include_router(router)
    client = TestClient(app, base_url=HOST, headers={"sec-fetch-site": "same-origin"})
    assert client.post("/proef").status_code == 422
    answer = client.post("/proef")
    assert answer.status_code == 429
    assert 590 <= int(answer.headers["retry-after"]) <= 600
    assert "Even wachten" in answer.text and "over 10 minuten" in answer.text
