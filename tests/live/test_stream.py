"""The stream: topics only, with the right at each moment, and an end to everything."""

from __future__ import annotations

import asyncio
import time

import pytest
from sqlmodel import select

from app.core.clock import now
from app.core.live import ALL
from app.journey.events import record
from app.journey.models import Journey, Seat
from app.live import rights, streams
from app.live.streams import PER_SEAT, Stream, Window, state_of
from app.people.models import SignIn
from tests.apart import apart
from tests.conftest import World
from tests.live.conftest import Site

CANARY = "kanarie-die-niemand-hoort"


def change(world: World, part: str = "a", by: str = "marieke") -> None:
    with world.database.write() as tx:
        here = world.here(tx, by)
        record(here, "outcome_changed", step="gesprek", part=part, ref=CANARY)
        here.journey.title = CANARY + time.monotonic().hex()


def changes(world: World) -> int:
    with world.database.read() as tx:
        return tx.get_one(Journey, ("meerwijk", world.journey)).changes


def test_a_change_is_told_at_once_by_its_place_and_number_and_nothing_else(site: Site):
    listeners = [site.listen(name) for name in ("jan", "pieter", "marieke")]
    for one in listeners:
        assert one.wait_for("stand").id == str(changes(site.world))
    began = time.monotonic()
    change(site.world)
    for one in listeners:
        told = one.wait_for("nieuws")
        assert told.data == "gesprek/a" and told.id == str(changes(site.world))
        assert told.at - began < 2
        assert CANARY not in one.raw and "Marieke" not in one.raw


def test_who_has_no_seat_gets_no_stream(site: Site):
    assert site.listen("nobody").status == 303
    for name in ("olga", "otto"):
        one = site.listen(name)
        assert one.status == 404 and not one.heard


@pytest.mark.parametrize("how", ["seat", "session"])
def test_a_withdrawn_right_closes_the_stream_within_five_seconds(site: Site, how: str):
    one, other = site.listen("jan"), site.listen("karin")
    one.wait_for("stand")
    began = time.monotonic()
    with site.world.database.write() as tx:
        if how == "seat":
            tx.get_one(Seat, ("meerwijk", site.world.seats["jan"])).removed_at = now()
        else:
            for session in tx.exec(select(SignIn).where(SignIn.person_id == site.world.persons["jan"][1])):
                tx.delete(session)
    assert one.wait_until_closed() - began < 5
    assert one.heard[-1].kind == "einde"
    assert not other.closed_at, "of somebody else it stays"


def test_nothing_is_told_after_the_right_is_gone(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rights, "EVERY", 60)
    monkeypatch.setattr(rights, "FRESH", 0)
    one = site.listen("jan")
    one.wait_for("stand")
    with site.world.database.write() as tx:
        for session in tx.exec(select(SignIn).where(SignIn.person_id == site.world.persons["jan"][1])):
            tx.delete(session)
    change(site.world, "b")
    one.wait_until_closed()
    assert [e.kind for e in one.heard if e.kind != "hier"] == ["stand", "einde"], "the right is asked for each message"


def test_it_says_that_it_lives_and_ends_by_itself(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(streams, "BEAT", 0.2)
    monkeypatch.setattr(streams, "LIFE", 1.5)
    one = site.listen("jan")
    one.wait_for("leeft", 2)
    began = time.monotonic()
    assert one.wait_until_closed() - began < 4
    assert "einde" not in [e.kind for e in one.heard], "it may connect again"


def test_who_comes_back_hears_what_was_missed(site: Site):
    before = changes(site.world)
    first = site.listen("jan")
    first.wait_for("stand")
    for part in ("a", "b"):
        change(site.world, part)
    again = site.listen("jan", **{"last-event-id": str(before)})
    assert again.wait_for("nieuws").data == "gesprek/a gesprek/b"
    late = site.listen("jan", f"&sinds={before + 1}")
    assert late.wait_for("nieuws").data == "gesprek/b"
    site.world.database.hub._recent.clear()  # as after a new start
    other = site.listen("jan", f"&sinds={before}")
    assert other.wait_for("nieuws").data == "*", "what is not remembered may be anything"


def test_there_is_an_end_to_how_many_windows_one_person_has(site: Site):
    listeners = [site.listen("jan") for _ in range(PER_SEAT)]
    for one in listeners:
        one.wait_for("stand")
    assert site.listen("jan").status == 429
    assert site.listen("karin").status == 200
    listeners[0].leave()
    end = time.monotonic() + 5
    while (last := site.listen("jan")).status == 429 and time.monotonic() < end:
        time.sleep(0.05)
    assert last.status == 200, "a window that closed makes room"


def test_streams_hold_no_connection_of_the_database(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rights, "EVERY", 60)
    for name in ("jan", "karin", "noor"):
        site.listen(name).wait_for("stand")
    time.sleep(0.1)
    assert site.world.database.engine.pool.checkedout() == 0


def test_a_browser_that_takes_nothing_is_left(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(streams, "SLOW", 0.2)
    window = Window(world.journey, world.seats["jan"], "x", "", "v", "", 0)

    async def never(message) -> None:
        await asyncio.sleep(60)

    async def nothing():
        await asyncio.sleep(60)

    live = state_of(world.app)
    began = time.monotonic()
    apart(Stream(live, window)({"type": "http"}, nothing, never))
    assert time.monotonic() - began < 3
    assert not live.open and not world.database.hub._subscribed


def test_the_server_stops_while_streams_are_open(site: Site):
    one = site.listen("jan")
    one.wait_for("stand")
    began = time.monotonic()
    site.world.database.hub.close()
    assert one.wait_until_closed() - began < 1


# ---- asking now and then ----


def test_asking_gives_the_number_and_what_changed_since(site: Site):
    before = changes(site.world)
    change(site.world, "b")
    end = time.monotonic() + 5
    while site.world.database.hub.since(site.world.journey, before, before + 1) == (ALL,) and time.monotonic() < end:
        time.sleep(0.01)  # on PostgreSQL it comes back from the database
    answer = site.get(f"{site.world.url}/stand?sinds={before}&venster=w&plek=gesprek/b", "jan")
    assert answer.json() == {
        "stand": before + 1,
        "onderwerpen": ["gesprek/b"],
        "hier": [f"{site.world.seats['jan']}:gesprek/b"],
    }
    assert CANARY not in answer.text
    assert site.get(f"{site.world.url}/stand?sinds={before + 1}", "jan").json()["onderwerpen"] == []
    assert site.get(f"{site.world.url}/stand?sinds=x", "jan").status_code == 200
    assert site.get(f"{site.world.url}/stand", "nobody", **{"driekolom-deel": "1"}).status_code == 401
    assert site.get(f"{site.world.url}/stand", "olga").status_code == 404


def test_a_page_that_did_not_change_is_not_sent_again(site: Site):
    page = f"{site.world.url}/plan"
    assert "etag" not in site.get(page, "jan").headers
    cookie = site.headers("jan")["cookie"]
    first = site.get(page, "nobody", cookie=cookie, **{"if-none-match": '"-"'})
    assert first.status_code == 200 and 'data-live="/trajecten/' in first.text
    with site.world.database.write() as tx:
        record(site.world.here(tx), "remark_placed", step="waar-staan-we", part="a")
    again = site.get(page, "nobody", cookie=cookie, **{"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    change(site.world)
    other = site.get(page, "nobody", cookie=cookie, **{"if-none-match": first.headers["etag"]})
    assert other.status_code == 200 and CANARY in other.text
