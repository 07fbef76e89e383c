"""What only happens with several processes: two at the same row, two waiting for each other, and hearing of each other."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Collided, Database
from app.journey.events import record
from app.journey.store import list_events
from tests.conftest import World
from tests.postgres.processes import Process, headers

FIELD = "verkenning/veld/waarom"


def test_of_two_saves_of_one_version_one_is_stale(world: World):
    clients = [world.client(name) for name in ("jan", "karin")]
    sent = {"waarde": "eerste", "versie": "0"}
    assert clients[0].post(world.path(FIELD), data=sent, headers={"driekolom-deel": "1"}).status_code == 200
    for version in range(1, 6):
        answers: list[int] = []
        ready = threading.Barrier(2)

        def save(client, words: str, version: int = version, ready=ready, answers=answers) -> None:
            ready.wait(10)
            body = {"waarde": words, "versie": str(version)}
            answers.append(client.post(world.path(FIELD), data=body, headers={"driekolom-deel": "1"}).status_code)

        threads = [threading.Thread(target=save, args=(c, f"{n}-{version}")) for n, c in enumerate(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(answers) == [200, 409]


def test_of_two_that_wait_for_each_other_one_is_taken_back(world: World):
    database, met, busy = world.database, threading.Barrier(2), []

    def work(first: str, second: str) -> None:
        try:
            with database.write() as tx:
                for name in (first, second):
                    tx.connection().execute(text("UPDATE tenant SET name = name WHERE id = :id"), {"id": name})
                    if name == first:
                        met.wait(10)
        except Collided:
            busy.append(first)

    threads = [
        threading.Thread(target=work, args=pair) for pair in (("meerwijk", "anderstad"), ("anderstad", "meerwijk"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(busy) == 1, "one goes on, the other is done again (tests/core/test_transactions.py)"


def test_who_has_seen_all_hears_of_what_began_before_that_and_came_after(world: World):
    jan = world.client("jan")
    with world.database.write() as tx:
        record(world.here(tx, "karin"), "notes_changed", step="gesprek", part="a")

    def said() -> list[str]:
        """Which themes others changed since Jan said that he has seen it."""
        with world.database.read() as tx:
            here = world.here(tx, "jan")
            return [e.part for e in list_events(tx, here.journey, here.seat.seen) if e.part]

    with world.database.write() as slow:
        record(world.here(slow, "karin"), "notes_changed", step="gesprek", part="b")
        record(world.here(slow, "karin"), "notes_changed", step="gesprek", part="c")
        slow.flush()
        with world.database.write() as tx:
            record(world.here(tx, "karin"), "notes_changed", step="gesprek", part="d")
        assert said() == ["d", "a"]
        page = jan.get(world.url).text
        seen = re.search(r'name="tot" value="(\w+)"', page)[1]
        assert jan.post(world.path("gezien"), data={"tot": seen}).status_code in (200, 303)
        assert said() == []
    assert said() == ["c", "b"]


def test_a_connection_that_the_server_closed_is_replaced(world: World):
    client = world.client("jan")
    assert client.get(world.url).status_code == 200
    other = Database(world.settings.database_url)
    with other.write() as tx:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        tx.connection().execute(text(others))
    other.close()
    assert client.get(world.url).status_code == 200


# ---- two processes ----


@pytest.fixture
def two(world: World) -> Iterator[tuple[Process, Process]]:
    with ExitStack() as stack:
        processes = [Process(world) for _ in range(2)]
        yield tuple(stack.enter_context(process) for process in processes)  # type: ignore[misc]


def test_what_is_done_at_one_process_is_seen_at_the_other(world: World, two: tuple[Process, Process]):
    jan, karin = headers(world, "jan"), headers(world, "karin")
    for process in two:
        assert httpx.get(process.address + world.url, headers=jan, timeout=40).status_code == 200
    here, there = two[0].listen(jan, "gesprek/a"), two[1].listen(karin, "verkenning")
    for one in (here, there):
        one.wait_for("stand", 15)
    words = "kanarie-die-niemand-hoort"
    began = time.monotonic()
    saved = httpx.post(
        f"{two[0].address}{world.path(FIELD)}", data={"waarde": words, "versie": "0"}, headers=jan, timeout=20
    )
    assert saved.status_code == 200, saved.text
    told = there.wait_for("nieuws")
    assert told.data == "verkenning" and told.at - began < 3
    assert here.wait_for("nieuws").id == told.id
    assert words not in there.raw + here.raw
    page = httpx.get(f"{two[1].address}{world.url}/verkenning", headers=karin, timeout=20)
    assert words in page.text, "what one process keeps is not older than what the other wrote"

    # who is at one process is seen at the other
    url = f"{two[1].address}{world.url}/hier?plek=verkenning"
    end = time.monotonic() + 20
    while "Jan Bakker" not in (line := httpx.get(url, headers=karin, timeout=20).text) and time.monotonic() < end:
        time.sleep(0.2)
    assert "Jan Bakker" in line and "bij Gesprek, thema A" in line

    # somebody signs out at one process: the stream at the other closes
    began = time.monotonic()
    out = httpx.post(f"{two[1].address}/afmelden", headers=jan, timeout=20)
    assert out.status_code == 303
    assert here.wait_until_closed() - began < 5
