"""The hub: what is committed is told once, in order, to whoever subscribed; nothing of what was taken back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest

from app.core.database import Database
from app.core.live import ALL, MOST, NOTHING, announce
from app.journey.models import Journey
from tests.apart import apart
from tests.conftest import World


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    made.hub.listen()
    assert made.hub.wait_until_listening(), "from then on nothing is missed, and nobody is told so"
    yield made
    made.hub.close()
    made.close()


def heard(database: Database, channels: tuple[str, ...], happens: Callable[[], None], until: int = 1) -> list:
    """What a subscriber hears while `happens` runs in a thread, as on the server."""

    async def listen() -> list:
        with database.hub.subscribe(*channels) as news:
            await asyncio.to_thread(database.hub.wait_until_listening)
            await news.wait(0.05)  # what was missed before the first moment
            work = asyncio.create_task(asyncio.to_thread(happens))
            found = []
            end = time.monotonic() + 3
            while len(found) < until and time.monotonic() < end:
                if came := (await news.wait(0.3)).words:
                    found.extend(came)
            await work
            return found + list((await news.wait(0.1)).words)

    return apart(listen())


def test_what_is_committed_is_told(database: Database):
    def happens() -> None:
        with database.write() as tx:
            announce(tx, "een", "x", "y")
            announce(tx, "ander", "z")

    assert heard(database, ("een",), happens, 2) == ["x", "y"]
    assert heard(database, ("een", "ander"), happens, 3) == ["x", "y", "z"]


def test_what_is_taken_back_is_not_told(database: Database):
    def happens() -> None:
        with pytest.raises(RuntimeError), database.write() as tx:
            announce(tx, "een", "x")
            raise RuntimeError
        with database.write() as tx:
            announce(tx, "een", "later")

    assert heard(database, ("een",), happens) == ["later"]


def test_nothing_is_told_before_it_is_committed(database: Database):
    seen = []

    async def listen() -> None:
        with database.hub.subscribe("een") as news:
            await asyncio.to_thread(database.hub.wait_until_listening)
            await news.wait(0.05)
            with database.write() as tx:
                announce(tx, "een", "x")
                seen.append((await news.wait(0.2)).words)
            seen.append((await news.wait(2)).words)

    apart(listen())
    assert seen == [(), ("x",)]


def test_who_reads_slowly_hears_more_at_once_and_never_too_much(database: Database):
    async def listen() -> None:
        with database.hub.subscribe("een") as news:
            for number in range(MOST):
                database.hub.deliver("een", (f"w{number % 7}",), number)
            found = await news.wait(1)
            assert found.words == tuple(f"w{n}" for n in range(7)) and found.mark == MOST - 1
            for number in range(MOST + 1):
                database.hub.deliver("een", (f"w{number}",))
            assert (await news.wait(1)).words == (ALL,)
            database.hub.deliver("een", ("x",))
            assert (await news.wait(1)).words == ("x",)
            assert await news.wait(0.01) == NOTHING

    apart(listen())


def test_who_leaves_is_forgotten_and_a_hub_that_stops_ends_the_waiting(database: Database):
    async def listen() -> None:
        with database.hub.subscribe("een") as gone:
            pass
        assert not database.hub._subscribed
        with database.hub.subscribe("een") as news:
            waiting = asyncio.create_task(news.wait(30))
            await asyncio.sleep(0.01)
            database.hub.close()
            assert (await asyncio.wait_for(waiting, 1)) == NOTHING and news.over
        with database.hub.subscribe("een") as late:
            assert late.over
        assert gone is not late

    apart(listen())


def test_who_was_away_asks_what_was_said_since(database: Database):
    hub = database.hub
    for mark in range(1, 6):
        hub.deliver("een", (f"w{mark}",), mark)
    assert hub.since("een", 5, 5) == ()
    assert hub.since("een", 3, 5) == ("w4", "w5")
    assert hub.since("een", 3, 6) == (ALL,), "number six was said elsewhere"
    assert hub.since("ander", 0, 1) == (ALL,)


def test_a_change_of_a_journey_is_told_with_its_place_and_number(world: World):
    def happens() -> None:
        with world.database.write() as tx:
            here = world.here(tx)
            from app.journey.events import record

            record(here, "outcome_changed", step="gesprek", part="ontwikkeling", ref="KANARIE")
            here.journey.title = "Ook KANARIE"

    with world.database.read() as tx:
        before = tx.get_one(Journey, ("meerwijk", world.journey)).changes
    assert heard(world.database, (world.journey,), happens) == ["gesprek/ontwikkeling"]
    assert world.database.hub.since(world.journey, before, before + 1) == ("gesprek/ontwikkeling",)


def test_a_concept_is_told_within_its_party_only(world: World):
    from app.answers.models import Answer

    party = world.parties["linde"]

    def happens() -> None:
        with world.database.write() as tx:
            path = "ontwikkeling/x/stand"
            seat = world.seats["jan"]
            tx.add(Answer(tenant_id="meerwijk", journey_id=world.journey, party_id=party, path=path, saved_by=seat))

    assert heard(world.database, (f"{world.journey}.{party}",), happens) == [ALL]
    others = (world.journey, *(f"{world.journey}.{p}" for p in world.parties.values() if p != party))

    def again() -> None:
        with world.database.write() as tx:
            path = "ontwikkeling/y/stand"
            seat = world.seats["jan"]
            tx.add(Answer(tenant_id="meerwijk", journey_id=world.journey, party_id=party, path=path, saved_by=seat))

    assert heard(world.database, others, again, 0) == []
