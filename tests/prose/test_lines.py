"""What comes over a line is counted and weighed, per line and per person; whoever goes too far loses the line, and nobody else
notices. The lines are real, only the socket is one that a test holds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from pycrdt import Doc
from sqlmodel import select

from app.journey.models import Seat
from app.prose import actions, sockets, together
from app.prose.blocks import bring, read_blocks, text_in
from app.prose.models import ProseUpdate
from app.prose.reasons import AGAIN, GONE, NOT_ALLOWED, REFUSED, TOO_FAST, TOO_LARGE
from app.prose.updates import MOST_BYTES
from tests.apart import apart
from tests.conftest import World
from tests.prose.hostile import letters, update
from tests.prose.scribe import Table, block


class Browser:
    """A socket in a test: what it sends, what it got, and why its line ended. One that is `stuck` takes nothing in."""

    def __init__(self, hall: Hall, name: str, stuck: bool = False):
        self.hall, self.client, self.stuck = hall, hall.table.client(name), stuck
        self.inbox: asyncio.Queue = asyncio.Queue()
        self.heard: list = []
        self.doc = Doc()
        self.code: int | None = None
        self.number = 0
        self.task = asyncio.ensure_future(hall.lines.serve(self.receive, self.send, self.client, self.ask))

    async def ask(self, name: str) -> together.Client | int:
        return GONE

    # ---- as the server sees it ----

    async def receive(self) -> dict:
        return await self.inbox.get()

    async def send(self, frame: dict) -> None:
        if frame["type"] == "websocket.close":
            self.code = frame["code"]
            return
        if self.stuck:
            await asyncio.sleep(3600)
        if data := frame.get("bytes"):
            self.doc.apply_update(data[1:])
        self.heard.append(data or json.loads(frame["text"]))

    # ---- as a person does ----

    def say(self, words: object) -> None:
        self.inbox.put_nowait(
            {"type": "websocket.receive", "text": words if isinstance(words, str) else json.dumps(words)}
        )

    def change(self, data: bytes) -> None:
        self.number += 1
        self.inbox.put_nowait({"type": "websocket.receive", "bytes": b"\0" + self.number.to_bytes(3, "big") + data})

    def type(self, words: str, at: int = 1) -> None:
        state = self.doc.get_state()
        text_in(self.doc).insert(at, words, {})
        self.change(self.doc.get_update(state))

    def has(self, kind: str, times: int = 1) -> bool:
        return sum(isinstance(m, dict) and m["t"] == kind for m in self.heard) >= times

    async def come(self) -> Browser:
        self.say({"t": "hoi", "naam": "De baas", "plek": "0"})  # neither counts: they are those of the session
        if not self.stuck:
            await until(lambda: self.has("begin"))
        return self

    async def ended(self) -> int | None:
        await asyncio.wait_for(self.task, 20)
        return self.code

    @property
    def texts(self) -> list[str]:
        return [b.text for b in read_blocks(self.doc)]


class Hall:
    def __init__(self, table: Table):
        self.table = table
        self.lines = sockets.Connections(table.world.database)
        self.browsers: list[Browser] = []

    async def browser(self, name: str, **options) -> Browser:
        self.browsers.append(Browser(self, name, **options))
        return await self.browsers[-1].come()

    async def nobody_else_noticed(self, one: Browser, other: Browser) -> None:
        """Who was there goes on, and a newcomer reads what they read."""
        assert one.code is None
        one.type("Verder. ")
        await until(lambda: one.has("op") and other.texts == one.texts)
        newcomer = await self.browser("ellen")
        assert newcomer.texts == one.texts
        assert [b.text for b in self.table.agree()] == one.texts


async def until(check: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not check():  # noqa: ASYNC110 - of a text, which tells nobody
            await asyncio.sleep(0.01)


@pytest.fixture
def run(world: World):
    """Runs a story in a hall of its own; `run(story)` with `async def story(hall)`."""
    with world.database.write() as tx:
        actions.add_paragraph(world.here(tx), "inventarisatie", text="Begin.", proposed=True)

    def run(story: Callable[[Hall], Awaitable[None]]) -> None:
        async def whole() -> None:
            hall = Hall(Table(world))
            try:
                await story(hall)
            finally:
                for one in hall.browsers:
                    one.task.cancel()
                await asyncio.gather(*(b.task for b in hall.browsers), return_exceptions=True)
                await hall.lines.stop()

        apart(whole())

    return run


GOOD = b"\0\0\0\1"
BAD: dict[str, tuple[object, int]] = {
    "a frame of more than 64 kB": (b"\0" * (MOST_BYTES + 5), TOO_LARGE),
    "words of more than 64 kB": (" " * (MOST_BYTES + 5), TOO_LARGE),
    "too short": (b"\0\0\0\1", REFUSED),
    "no update": (GOOD + b"\xff" * 30, REFUSED),
    "a gap": (GOOD + update([(77, 9, [letters("x")])], {}), AGAIN),
    "beside something that is not there": (GOOD + update([(77, 0, [letters("x", left=(5, 5))])], {}), AGAIN),
    "more than a text holds": (GOOD + update([(n, 0, [letters("x")]) for n in range(1, 70)], {}), REFUSED),
    "no JSON": ("{", REFUSED),
    "a deep nest": ("[" * 30_000, REFUSED),
    "a word of its own": ('{"t":"baas"}', REFUSED),
    "a caret that is a text": ('{"t":"caret","p":"x"}', REFUSED),
    "a caret that is too long": (json.dumps({"t": "caret", "p": ["x" * 401, "y"]}), REFUSED),
    "a text that is no number": ('{"t":"caret","d":"0","p":null}', REFUSED),
    "texts without end": ('{"t":"hoi","d":99,"naam":"inleiding"}', REFUSED),
}


def test_what_is_wrong_ends_its_own_line_and_nothing_else(run):
    async def story(hall: Hall) -> None:
        jan, noor = await hall.browser("jan"), await hall.browser("noor")
        for name, (message, code) in BAD.items():
            karin = await hall.browser("karin")
            kind = "bytes" if isinstance(message, bytes) else "text"
            karin.inbox.put_nowait({"type": "websocket.receive", kind: message})
            assert await karin.ended() == code, name
        await hall.nobody_else_noticed(jan, noor)

    run(story)


def test_who_sends_more_than_anybody_types_loses_the_line(run, monkeypatch):
    monkeypatch.setattr(sockets, "BYTES", (100_000, 1))

    async def story(hall: Hall) -> None:
        jan, noor = await hall.browser("jan"), await hall.browser("noor")
        karin = await hall.browser("karin")
        for _ in range(sockets.MESSAGES[0] + 20):  # carets
            karin.say({"t": "caret", "p": ["AA", "AA"], "naam": "De baas", "plek": noor.client.seat_id, "id": "0"})
        assert await karin.ended() == TOO_FAST
        await until(lambda: jan.has("weg"))  # and so everything before it
        told = [m for m in jan.heard if isinstance(m, dict) and m["t"] == "wie" and m["id"] == karin.client.id]
        assert 10 < len(told) <= sockets.MESSAGES[0] + 5
        assert {(m["naam"], m["plek"]) for m in told} == {("Karin Smit", karin.client.seat_id)}
        first, second = await hall.browser("karin"), await hall.browser("karin")
        first.type("x" * 30_000)
        await until(lambda: first.has("op"))
        first.type("x" * 30_000)
        await until(lambda: first.has("op", 2))
        second.type("x" * 50_000)  # a second line does not double what one person may send
        assert await second.ended() == TOO_FAST
        await hall.nobody_else_noticed(jan, noor)

    run(story)


def test_a_person_has_so_many_lines_and_opens_so_many(run, monkeypatch):
    monkeypatch.setattr(sockets, "MOST_LINES", 4)
    monkeypatch.setattr(together, "MOST_CONNECTIONS", 3)

    async def story(hall: Hall) -> None:
        noor = await hall.browser("noor")
        lines = [await hall.browser("jan") for _ in range(3)]
        fourth, fifth = Browser(hall, "jan"), Browser(hall, "jan")
        fourth.say({"t": "hoi"})
        assert await fourth.ended() == TOO_FAST, "of one text"
        sixth = Browser(hall, "jan")  # says nothing
        assert await fifth.ended() == TOO_FAST and not sixth.task.done()
        sixth.task.cancel()
        monkeypatch.setattr(together, "MOST_HERE", 4)
        ellen = Browser(hall, "ellen")
        ellen.say({"t": "hoi"})
        assert await ellen.ended() == TOO_FAST, "of all together"
        monkeypatch.undo()
        monkeypatch.setattr(sockets, "LINES", (2, 0.001))
        hall.lines._guests.clear()
        again = [Browser(hall, "karin") for _ in range(3)]
        assert await again[2].ended() == TOO_FAST and not again[0].task.done()
        for one in again[:2]:
            one.task.cancel()
        await hall.nobody_else_noticed(lines[0], noor)

    run(story)


def test_who_goes_on_sending_nonsense_is_kept_out_for_a_while(run, monkeypatch):
    monkeypatch.setattr(sockets, "LINES", (25, 0.001))

    async def story(hall: Hall) -> None:
        jan, noor = await hall.browser("jan"), await hall.browser("noor")
        codes = []
        for _ in range(4):
            karin = Browser(hall, "karin")
            karin.say("{")
            codes.append(await karin.ended())
        assert codes == [REFUSED, REFUSED, REFUSED, TOO_FAST]
        await hall.nobody_else_noticed(jan, noor)

    run(story)


def test_who_says_nothing_and_who_reads_nothing_is_let_go(run, monkeypatch):
    monkeypatch.setattr(sockets, "GREET", 0.3)

    async def story(hall: Hall) -> None:
        jan, noor = await hall.browser("jan"), await hall.browser("noor")
        silent = Browser(hall, "karin")
        assert await silent.ended() == AGAIN
        stuck = await hall.browser("karin", stuck=True)
        await until(lambda: sum(c is stuck.client for c in hall.lines._texts._clients(stuck.client.document.id)) == 1)
        most = 0
        for number in range(55):
            state, text = jan.doc.get_state(), text_in(jan.doc)
            if len(text) > 60_000:
                del text[1:60_000]
            text.insert(1, f"{number}" + "x" * 59_000, {})
            jan.change(jan.doc.get_update(state))
            await until(lambda times=number + 1: jan.has("op", times))
            most = max(most, stuck.client.line.size)
            if stuck.task.done():
                break
        assert await stuck.ended() == AGAIN and most < sockets.WAITING + 70_000
        await hall.nobody_else_noticed(jan, noor)

    run(story)


def test_a_text_has_an_end_and_what_is_taken_away_counts_too(run, monkeypatch):
    monkeypatch.setattr(together, "MOST_STATE", 20_000)

    async def story(hall: Hall) -> None:
        jan, noor = await hall.browser("jan"), await hall.browser("noor")
        karin = await hall.browser("karin")
        karin.type("x" * 30_000)
        assert await karin.ended() == REFUSED
        await hall.nobody_else_noticed(jan, noor)
        while jan.code is None:  # letters that look different from their neighbours, each taken away again
            state, text = jan.doc.get_state(), text_in(jan.doc)
            for place in range(1, 31):
                text.insert(place, "x", {"b": True} if place % 2 else {})
            del text[1:31]
            jan.change(jan.doc.get_update(state))
            await asyncio.sleep(0.05)
        assert jan.code == REFUSED
        with hall.table.world.database.read() as tx:
            assert sum(len(data) for data in tx.exec(select(ProseUpdate.data))) < 60_000

    run(story)


def test_withdrawn_while_the_line_is_open(run, world):
    async def story(hall: Hall) -> None:
        jan, noor = await hall.browser("jan"), await hall.browser("noor")
        karin = await hall.browser("karin")
        with world.database.write() as tx:
            seat = tx.exec(select(Seat).where(Seat.id == karin.client.seat_id)).one()
            seat.role = "meelezer"
            tx.add(seat)
        async with asyncio.timeout(5):
            assert await karin.ended() == NOT_ALLOWED
        await hall.nobody_else_noticed(jan, noor)

    run(story)


def test_the_same_change_three_times_stands_there_once(run):

    async def story(hall: Hall) -> None:
        jan, noor = await hall.browser("jan"), await hall.browser("noor")
        karin = await hall.browser("karin")
        state = karin.doc.get_state()
        bring(karin.doc, [*read_blocks(karin.doc), block("Nieuw.")])
        data = karin.doc.get_update(state)
        for _ in range(3):
            karin.change(data)
        await until(lambda: jan.texts == ["Begin.", "Nieuw."] == noor.texts)
        await hall.nobody_else_noticed(jan, noor)

    run(story)
