"""Thirty-two people save in the same and in different journeys, at two processes: nothing is lost, nothing crashes.

First two apps that share a database in one process, then two real processes and longer.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import select

from app.answers.models import JointAnswer
from app.journey.models import Journey
from app.main import build
from tests.conftest import HOST, World
from tests.core.test_transactions import at_once
from tests.postgres.processes import Process, headers

pytestmark = pytest.mark.soak
CLIENTS = 32

Make = Callable[
    [int, dict[str, str]], AbstractContextManager[httpx.Client]
]  # a client of the process of this number, with these headers


@pytest.fixture
def apps(world: World) -> Iterator[Make]:
    """Two apps with an own database object each, as two processes have."""
    other = build(world.settings)
    yield lambda number, headers: nullcontext(  # as a client of httpx; that of an app would start and stop it
        TestClient((world.app, other)[number % 2], base_url=HOST, headers=headers, raise_server_exceptions=False)
    )
    other.state.database.close()


@pytest.fixture
def processes(world: World) -> Iterator[Make]:
    with ExitStack() as stack:
        both = [stack.enter_context(process) for process in [Process(world) for _ in range(2)]]
        yield lambda number, headers: httpx.Client(base_url=both[number % 2].address, headers=headers, timeout=60)


def journey_of(world: World, number: int) -> tuple[str, str]:
    """A journey and somebody who may write in it: most in the same one, some in another, some in another tenant."""
    if number % 8 == 6:
        return world.other, "olga"
    if number % 8 == 7:
        return world.foreign, "otto"
    return world.journey, ("jan", "karin", "noor", "ellen", "fatima", "marieke")[number % 6]


def save(client: httpx.Client, url: str, value: str, version: int, answers: Counter) -> httpx.Response:
    """Saves, and tries again when it is busy, as the browser does."""
    for attempt in range(10):
        answer = client.post(url, data={"waarde": value, "versie": str(version)})
        answers[answer.status_code] += 1
        if answer.status_code != 503:
            return answer
        time.sleep(0.2 * (attempt + 1))
    raise AssertionError("busy for ever")


def attack(world: World, make: Make, rounds: int) -> Counter:
    """Each adds its own word, so many times, to a text that many share, and takes both when somebody else was first: so
    every word has to be there in the end. Others read meanwhile."""
    answers: Counter[int] = Counter()
    who = {
        name: headers(world, name) for name in ("jan", "karin", "noor", "ellen", "fatima", "marieke", "olga", "otto")
    }
    together = threading.Barrier(CLIENTS)

    def write(number: int) -> None:
        journey, name = journey_of(world, number)
        url = f"/trajecten/{journey}/verkenning/veld/waarom"
        with make(number, who[name]) as client:
            together.wait(30)
            for one in range(rounds):
                word = f"w{number}x{one}."
                known, version = current(world, journey)
                while True:
                    answer = save(client, url, f"{known} {word}".strip(), version, answers)
                    if answer.status_code == 200:
                        break
                    assert answer.status_code == 409, (answer.status_code, answer.text[:300])
                    known, version = current(world, journey)

    def read(number: int) -> None:
        journey, name = journey_of(world, number)
        with make(number, who[name]) as client:
            for address in ("", "/verkenning", "/waar-staan-we", "/plan", "/veranderd")[: rounds + 1]:
                answer = client.get(f"/trajecten/{journey}{address}")
                answers[answer.status_code] += 1

    problems = at_once(CLIENTS + 8, lambda n: write(n) if n < CLIENTS else read(n - CLIENTS), 600)
    assert [p for p in problems if p] == []
    assert set(answers) <= {200, 409, 503}, answers
    assert answers[200] >= CLIENTS * rounds
    for journey in (world.journey, world.other, world.foreign):
        value, version = current(world, journey)
        wanted = {f"w{n}x{r}." for n in range(CLIENTS) if journey_of(world, n)[0] == journey for r in range(rounds)}
        assert sorted(value.split()) == sorted(wanted)
        assert version == len(wanted)
    return answers


def current(world: World, journey: str) -> tuple[str, int]:
    with world.database.read() as tx:
        row = tx.exec(
            select(JointAnswer).where(JointAnswer.journey_id == journey, JointAnswer.path == "verkenning/waarom")
        ).first()
        return (row.value, row.version) if row else ("", 0)


def counters(world: World) -> dict[str, int]:
    with world.database.read() as tx:
        return dict(tx.exec(select(Journey.id, Journey.changes)).all())


def test_thirty_two_people_save_at_once(world: World, apps):
    before = counters(world)
    attack(world, apps, 1)
    after = counters(world)
    for journey in (world.journey, world.other, world.foreign):
        assert after[journey] - before[journey] >= current(world, journey)[1], "each save was counted"


def test_thirty_two_people_save_at_two_processes(world: World, processes):
    answers = attack(world, processes, 12)
    with world.database.read() as tx:
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        print(dict(answers), "deadlocks:", tx.connection().execute(text(query)).scalar())
