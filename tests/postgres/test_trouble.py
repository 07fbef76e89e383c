"""PostgreSQL in trouble, and several processes that begin, clean up and send at the same moment."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import select

from app import migrate
from app.core.database import Busy, Database
from app.core.live import ALL, announce
from app.journey.models import Event, Journey
from app.mail import queue, sender
from app.mail.letters import Letter
from app.mail.models import Mail
from app.main import build
from app.people.models import Person
from app.versions import actions, store
from app.versions.models import PlanVersion
from tests.apart import apart
from tests.conftest import World
from tests.core.test_transactions import at_once
from tests.databases import PostgresServer
from tests.keeping.test_keeping import report, terms

END = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database() AND application_name LIKE :who"
)


def end(database: Database, who: str = "driekolom%") -> int:
    """Ends connections of others, as when the server is started again. Returns how many."""
    other = Database(database.url)
    try:
        with other.write() as tx:
            return tx.connection().execute(text(END), {"who": who}).scalar_one()
    finally:
        other.close()


def test_processes_that_start_together_migrate_once(postgres: PostgresServer, tmp_path, monkeypatch):
    url, done, upgrade = postgres.bare(tmp_path), [], migrate._upgrade
    monkeypatch.setattr(migrate, "_upgrade", lambda database: (done.append(1), upgrade(database)))

    def start(_: int) -> bool:
        database = Database(url)
        try:
            migrate.bring_up_to_date(database)
            return migrate.is_current(database)
        finally:
            database.close()

    try:
        assert at_once(3, start, 120) == [True] * 3
        assert len(done) == 1
    finally:
        postgres.drop(url)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_every_text_is_refused_at_the_start(postgres: PostgresServer, encoding: str):
    name = f"narrow_{encoding.lower()}"
    postgres.command(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'")
    try:
        with pytest.raises(migrate.CannotMigrate, match=f"tekenset is {encoding} en moet UTF8"):
            migrate.migrate(postgres.url(name))
    finally:
        postgres.drop(postgres.url(name))


def test_a_database_that_is_away_is_a_sentence_and_no_crash(world: World):
    nowhere = world.settings.database_url.replace("host=", "host=/nergens")
    gone = build(replace(world.settings, database_url=nowhere))
    client = TestClient(gone, base_url="https://lea.test", raise_server_exceptions=False)
    for address in (world.url, "/gezond"):
        answer = client.get(address, headers={"cookie": "__Host-driekolom=x"})
        assert answer.status_code == 503, answer.text
        assert "Het is even druk" in answer.text and answer.headers["retry-after"]
    gone.state.database.close()


def test_a_connection_that_ends_in_the_middle_is_busy_and_nothing_is_half(world: World):
    with pytest.raises(Busy), world.database.write() as tx:
        tx.connection().execute(text("UPDATE tenant SET name = 'half'"))
        end(world.database)
        tx.connection().execute(text("UPDATE tenant SET name = 'heel'"))
    with world.database.read() as tx:
        assert "half" not in tx.connection().execute(text("SELECT name FROM tenant")).scalars().all()


def test_who_listened_hears_what_was_said_while_nobody_listened(world: World, caplog):
    """The listening connection is ended, and before it is there again something is said."""
    hub = world.database.hub

    async def listen() -> list[str]:
        found: list[str] = []
        with hub.subscribe("een") as news:
            await asyncio.to_thread(hub.wait_until_listening)
            await news.wait(0.1)
            assert await asyncio.to_thread(end, world.database, "driekolom-listen") == 1
            with world.database.write() as tx:
                announce(tx, "een", "gemist")
            until = time.monotonic() + 10
            while not found and time.monotonic() < until:
                found += (await news.wait(0.5)).words
            with world.database.write() as tx:
                announce(tx, "een", "daarna")
            while "daarna" not in found and time.monotonic() < until:
                found += (await news.wait(0.5)).words
        return found

    found = apart(listen())
    assert found[0] in (ALL, "gemist") and found[-1] == "daarna", found
    assert caplog.text.count("stopped") == 1 and "again" in caplog.text, "said once, and that it is over"


def test_an_orderly_stop_is_quiet(world: World, caplog):
    async def listen() -> None:
        with world.database.hub.subscribe("een"):
            await asyncio.to_thread(world.database.hub.wait_until_listening)

    apart(listen())
    with caplog.at_level(logging.INFO):
        world.database.close()
        end(world.database, "driekolom-listen")
        listener = world.database.hub._listener
        assert listener is not None
        listener.join(5)
    assert not listener.is_alive() and caplog.text == ""


def test_of_processes_that_clean_up_together_one_announces(world: World):
    """Each journey is announced once, and its begeleider gets one letter."""
    settings = replace(world.settings, smtp_host="mail.test", mail_from="driekolom@meerwijk.example")
    world.settings = settings
    terms(world, archive=12, purge=24)
    assert report(world, 370).archived == 2
    with world.database.write() as tx:
        person = tx.get(Person, world.persons["marieke"])
        person.email = "marieke@meerwijk.example"
        tx.add(person)
    found = at_once(3, lambda _: report(world, 370 + 731 - 30).announced)
    assert sorted(found) == [0, 0, 2]
    with world.database.read() as tx:
        assert len(tx.exec(select(Mail)).all()) == 1


def test_of_senders_in_several_processes_each_message_is_sent_by_one(world: World, monkeypatch: pytest.MonkeyPatch):
    settings = replace(world.settings, smtp_host="mail.test", mail_from="driekolom@meerwijk.example")
    sent: Counter[str] = Counter()

    @contextmanager
    def connection(_):
        yield None

    def hand_over(server, settings, mail):
        time.sleep(0.005)
        sent[mail.id] += 1

    monkeypatch.setattr(sender, "connection", connection)
    monkeypatch.setattr(sender, "hand_over", hand_over)
    with world.database.write() as tx:
        for number in range(24):
            letter = Letter("test", "Dag", "Dag")
            to = f"p{number}@voorbeeld.test"
            queue.put(tx, settings, letter, tenant_id="meerwijk", to_name="P", to_email=to)
    processes = [Database(world.settings.database_url) for _ in range(3)]
    counted = at_once(3, lambda mine: sender.send_waiting(processes[mine], settings))
    for process in processes:
        process.close()
    assert sum(counted) == len(sent) == 24 and set(sent.values()) == {1}


def test_the_first_change_of_a_day_by_two_at_once_keeps_one_version(world: World, monkeypatch: pytest.MonkeyPatch):
    with world.database.write() as tx:
        place = {"tenant_id": "meerwijk", "journey_id": world.journey, "seat_id": world.seats["jan"]}
        tx.add(Event(**place, kind="paragraph_added", step="plan"))
        tx.flush()
        tx.connection().execute(text("UPDATE event SET at = now() - interval '2 days' WHERE step = 'plan'"))
    together, look = threading.Barrier(2), store.find_last_change

    def look_together(*given):
        found = look(*given)
        with suppress(threading.BrokenBarrierError):
            together.wait(1)
        return found

    monkeypatch.setattr(store, "find_last_change", look_together)

    def change(_: int) -> None:
        with world.database.write() as tx:
            actions.keep_yesterday(tx, tx.get_one(Journey, ("meerwijk", world.journey)))
            time.sleep(0.1)

    assert at_once(2, change) == [None, None]
    with world.database.read() as tx:
        assert len(tx.exec(select(PlanVersion)).all()) == 1
