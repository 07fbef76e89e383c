"""Two processes in which the same text is open: who writes where is known in both, and what is typed arrives once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from app.core.database import Database
from app.journey.models import Seat
from app.prose import elsewhere
from app.prose.together import LOOKS, Texts
from tests.conftest import World
from tests.prose.scribe import Scribe, Table, block


class Process:
    """The texts of one process, and what it hears of the others."""

    def __init__(self, world: World):
        self.database = Database(world.settings.database_url)
        self.heard: list[tuple[str, ...]] = []
        self.database.hub.overhear(self._hear)
        self.database.hub.listen()
        assert self.database.hub.wait_until_listening()
        self.table = Table(world)
        self.table.texts = Texts(self.database)

    def _hear(self, channel: str, words: tuple[str, ...]) -> None:
        if channel == elsewhere.CHANNEL:
            self.heard.append(words)

    def turn(self) -> None:
        """Does what came in since the last time, as the thread of the texts does."""
        heard, self.heard = self.heard, []
        self.table.do(*(("there", words) for words in heard), ("look", range(LOOKS)))


@pytest.fixture
def two(world: World) -> Iterator[tuple[Process, Process]]:
    processes = Process(world), Process(world)
    yield processes
    for process in processes:
        process.database.close()


def shown(scribe: Scribe) -> dict[str, list[str] | None]:
    """Whose names and carets this browser shows."""
    found: dict[str, tuple[str, list[str] | None]] = {}
    for message in scribe.heard:
        for one in message.get("wie", ()) if message["t"] == "begin" else [message] if message["t"] == "wie" else ():
            found[one["id"]] = one["naam"], one["p"]
        if message["t"] == "weg":
            found.pop(message["id"], None)
    return dict(found.values())


def soon(two: tuple[Process, Process], check: Callable[[], bool], seconds: float = 8) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, [[shown(s) for s in p.table.scribes] for p in two]
        time.sleep(0.02)
        for process in two:
            process.turn()


def test_who_writes_at_one_process_is_shown_at_the_other(two, monkeypatch):
    here, there = two
    jan, karin = here.table.scribe("jan"), there.table.scribe("karin")
    soon(two, lambda: shown(jan) == {"Karin Smit": None} and shown(karin) == {"Jan Bakker": None})
    here.table.do(("caret", (jan.client, ["a=", "b="])))
    soon(two, lambda: shown(karin) == {"Jan Bakker": ["a=", "b="]})

    # what one types the other gets, and both at once is one text
    jan.write([block("Van Jan.")])
    soon(two, lambda: karin.texts == ["Van Jan."])
    jan.type(0, 0, "Een ")
    karin.type(0, len("Van Jan."), " Twee")
    soon(two, lambda: jan.texts == karin.texts == ["Een Van Jan. Twee"])
    assert [b.text for b in here.table.agree()] == jan.texts

    # somebody who comes later, in a process that is asked, sees everybody at once
    noor = there.table.scribe("noor")
    assert shown(noor) == {"Jan Bakker": ["a=", "b="], "Karin Smit": None}
    soon(two, lambda: "Noor Visser" in shown(jan))

    # who leaves is gone, in both
    karin.leave()
    soon(two, lambda: shown(jan) == {"Noor Visser": None})

    # a process that is killed says nothing any more: its people go by themselves
    monkeypatch.setattr(elsewhere, "STAYS", 0.3)
    monkeypatch.setattr(elsewhere, "REPEATS", 0.1)
    here.table.texts._elsewhere.say(jan.client.document.id, [(jan.client.id, jan.client.seat_id, None)])
    soon(two, lambda: shown(noor) == {"Jan Bakker": None})
    here.table.texts = Texts(here.database)
    soon((there, there), lambda: shown(noor) == {})


def test_who_has_no_place_any_more_has_no_name(two, world: World):
    here, there = two
    karin = there.table.scribe("karin")
    jan = here.table.scribe("jan")
    with world.database.write() as tx:
        seat = tx.get_one(Seat, ("meerwijk", world.seats["jan"]))
        seat.removed_at = seat.created_at
        tx.add(seat)
    end = time.monotonic() + 8
    while not any(jan.client.id in word for words in there.heard for word in words):
        assert time.monotonic() < end
        time.sleep(0.02)
    there.turn()
    assert shown(karin) == {}
    soon((here, here), lambda: bool(jan.ended))


def test_a_long_list_says_who_and_leaves_out_where(world: World):
    places = [(f"client{n:010}", f"seat{n:012}", ["x" * 300, "y" * 300]) for n in range(30)]
    words = elsewhere._fitting(places)
    assert [elsewhere._place(word) for word in words] == [(id, seat, None) for id, seat, _ in places]
    few = elsewhere._fitting(places[:3])
    assert [elsewhere._place(word) for word in few] == places[:3]
