"""A keystroke's way from one person to the others, committed before it is sent, beside a fan-out that keeps nothing.

Rooms of 15 with a seat and a session for each; one in five types four times a second. One fsync is measured in the same
folder: ours cannot be faster than that.

    python -m scripts.bench.keystroke [--clients 30 200 500] [--rounds 3] [--seconds 6]     # only this, told as it goes
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, cast

from scripts.bench.line import AT_LEAST, Bench, Round, ms
from scripts.bench.people import LATE, PATIENCE, Person, Typed
from scripts.bench.servers import ROOT, Server, bare, ours

CLIENTS = (30, 200, 500)
ROOM, EACH_SECOND, TYPES = 15, 4, 5
SECONDS, ROUNDS = 8.0, 3
TURN, WARM, PAUSE = 2.0, 1.5, 0.5  # seconds
PARAGRAPHS = 12
MOST_P95, MOST_P99, MOST_MEMORY = 3, 50, 45  # times the counterpart, ms, kB


@dataclass(frozen=True)
class Texts:
    """A database with texts to write in: of each the address, and who may."""

    database: str
    rooms: tuple[tuple[str, tuple[str, ...]], ...]
    cookie: str = ""

    def as_json(self) -> dict:
        return asdict(self)


@dataclass(frozen=True)
class Run:
    """What one server did, in ms and kB."""

    p50: float
    p95: float
    p99: float
    delivered: float
    cpu: float  # of the server for each key, with everything that comes of it
    busy: float  # promille of a core for each connection
    memory: float  # for each connection

    @staticmethod
    def of(typed: Typed, cpu: float, elapsed: float, clients: int, memory: float) -> Run:
        at = [ms(percentile(typed.took, part)) for part in (0.5, 0.95, 0.99)]
        return Run(*at, typed.delivered, ms(cpu) / max(1, typed.keys), 1000 * cpu / elapsed / clients, memory / 1000)


def percentile(took: Sequence[float], part: float) -> float:
    ordered = sorted(took) or [float("inf")]
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def make_texts(database: Path, rooms: int) -> Texts:
    """Journeys with a page of paragraphs in every chapter, and 15 people with a session in each."""
    from app.content.load import default_pack
    from app.core.database import Database
    from app.journey.actions import add_person, here_for, start_journey
    from app.journey.gate import cookie_name
    from app.journey.models import Seat
    from app.migrate import migrate
    from app.people.actions import sign_in
    from app.people.models import Person as Somebody
    from app.people.models import Tenant
    from app.prose.actions import add_paragraph
    from scripts.bench.world import settings_for

    settings, pack, found = settings_for(database), default_pack(), []
    migrate(settings.database_url)
    store = Database(settings.database_url)
    with store.write() as tx:
        tx.add(Tenant(id="meerwijk", name="Gemeente Meerwijk"))
    while len(found) < rooms:
        with store.write() as tx:
            starter = Somebody(tenant_id="meerwijk", name="Marieke de Wit", may_start=True)
            tx.add(starter)
            tx.flush()
            journey, seat = start_journey(tx, starter, pack, f"Traject {len(found)}", ["Meerwijk"])
            here, people = here_for(tx, settings, starter, journey, seat), [starter]
            for number in range(1, ROOM):
                made: Seat = add_person(here, here.parties[0], f"Persoon {number}")
                people.append(tx.get_one(Somebody, (made.tenant_id, made.person_id)))
            cookies = tuple(f"{cookie_name(settings)}={sign_in(tx, who, settings.session_hours)}" for who in people)
            for chapter in pack.chapters:
                for number in range(PARAGRAPHS):
                    add_paragraph(here, chapter.slug, text=f"Alinea {number}. " + "Dit is een gewone zin. " * 12)
                found.append((f"/trajecten/{journey.id}/samen/{chapter.slug}?v=1", cookies))
    store.engine.dispose()
    return Texts(str(database), tuple(found[:rooms]))


class Group:
    """Everybody at one server."""

    def __init__(self, server: Server, texts: Texts, clients: int, own: bool):
        self.server, self.texts, self.clients = server, texts, clients
        self.typed = Typed()
        self.people = [Person(self.typed, own) for _ in range(clients)]
        self.cpu = self.elapsed = self.memory = 0.0

    async def enter(self, keys: int) -> None:
        """Lets everybody in, and measures what each costs after the first room: what a process loads once, its threads
        and its connections to the database are of nobody."""
        first = min(ROOM, self.clients)
        await asyncio.gather(*(self._let_in(number, keys) for number in range(first)))
        await self.type(WARM, counted=False)
        await asyncio.sleep(PAUSE)
        before = self.server.resident()
        for start in range(first, self.clients, 10):
            some = range(start, min(self.clients, start + 10))
            await asyncio.gather(*(self._let_in(number, keys) for number in some))
        await asyncio.sleep(PAUSE)
        self.memory = (self.server.resident() - before) / max(1, self.clients - first)

    async def _let_in(self, number: int, keys: int) -> None:
        address, cookies = self.texts.rooms[number // ROOM]
        person = self.people[number]
        person.others = min(ROOM, self.clients - number // ROOM * ROOM) - 1
        await person.enter(self.server.port, address, cookies[number % ROOM])
        if number % TYPES == 0:
            person.prepare(keys)

    @property
    def each_second(self) -> float:
        """Keys of all who type."""
        return len(self.people[::TYPES]) * EACH_SECOND

    async def type(self, seconds: float, counted: bool = True) -> None:
        """Lets one in five type for so long, and waits until everybody has everything."""
        gc.collect()
        used, began, keys = self.server.cpu(), time.perf_counter(), self.typed.keys
        typing = [p for p in self.people[::TYPES] if p.keys]
        await asyncio.gather(*(p.type(int(seconds * EACH_SECOND), EACH_SECOND, counted) for p in typing))
        until = time.perf_counter() + LATE
        while self.typed.delivered < 1 and time.perf_counter() < until:  # noqa: ASYNC110 - an event for each key would be measured too
            await asyncio.sleep(0.05)
        if counted:
            self.cpu += self.server.cpu() - used
            self.elapsed += time.perf_counter() - began
        else:
            self.typed.keys = keys
        if self.typed.ended:
            raise SystemExit(f"{len(self.typed.ended)} connections ended: {self.typed.ended[0]}")

    def leave(self) -> Run:
        for person in self.people:
            person.leave()
        return Run.of(self.typed, self.cpu, self.elapsed, self.clients, self.memory)


@dataclass(frozen=True)
class Both:
    """One measurement: ours, the counterpart, and what one fsync takes at p95."""

    mine: Run
    theirs: Run
    fsync: float

    @property
    def ratio(self) -> float:
        return max(0.001, self.mine.p95 - self.fsync) / self.theirs.p95


async def compare(ours: Server, bare: Server, disk: Disk, texts: Texts, clients: int, seconds: float) -> Both:
    """Both servers are there all the time, and are asked in turn, a few seconds each: what else happens on the machine
    happens to both. In a turn of its own the disk is asked while the counterpart works, so that a commit is as busy as
    ours are."""
    turns = max(1, round(seconds / TURN))
    keys = int((2 * WARM + 2 * turns * TURN) * EACH_SECOND)
    theirs, mine = Group(bare, texts, clients, own=False), Group(ours, texts, clients, own=True)
    gc.disable()
    await theirs.enter(keys)
    await mine.enter(keys)
    for group in (theirs, mine):  # the first key of the day does more: the journey keeps how it was
        await group.type(WARM, counted=False)
    gc.freeze()
    took: list[float] = []
    for _ in range(turns):
        await theirs.type(TURN)
        await mine.type(TURN)
        found, _nothing = await asyncio.gather(
            asyncio.to_thread(disk.ask, TURN, theirs.each_second), theirs.type(TURN, counted=False)
        )
        took += found
    gc.unfreeze()
    gc.enable()
    return Both(mine.leave(), theirs.leave(), ms(percentile(took, 0.95)))


class Disk:
    """A process that commits, on the file system where ours does."""

    def __init__(self, path: Path):
        command = [sys.executable, "-m", "scripts.bench.bare_fsync", str(path)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._say, self._hear = cast(IO[str], self._process.stdin), cast(IO[str], self._process.stdout)

    def ask(self, seconds: float, each_second: float) -> list[float]:
        """How long each commit took."""
        self._say.write(f"{seconds} {each_second}\n")
        self._say.flush()
        return json.loads(self._hear.readline())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def both(texts: Texts, clients: int, seconds: float = SECONDS) -> Both:
    """One measurement; never lasts longer than it may. The servers are new, and the texts are as they were made: what
    somebody left behind, or typed in an earlier round, is no memory of a connection."""
    most = 2 * PATIENCE + 4 * (seconds + LATE) + clients / 2
    with (
        as_made(texts) as fresh,
        bare("fanout", fresh) as theirs,
        ours(fresh) as mine,
        closing(Disk(Path(fresh.database + ".sync"))) as disk,
    ):
        try:
            return asyncio.run(asyncio.wait_for(compare(mine, theirs, disk, fresh, clients, seconds), most))
        except TimeoutError:
            raise SystemExit(f"{clients} people were not done within {most:.0f} seconds") from None


@contextmanager
def as_made(texts: Texts) -> Iterator[Texts]:
    """The same texts in a database of their own, in the same folder."""
    place = Path(texts.database)
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        own = Path(folder) / place.name
        with closing(sqlite3.connect(place)) as there, closing(sqlite3.connect(own)) as here:
            there.backup(here)
        yield replace(texts, database=str(own))


@contextmanager
def keystroke(bench: Bench) -> Iterator[Round]:
    """A letter that somebody types, at everybody else who has the text open."""
    texts = make_texts(bench.folder / "keystroke.db", -(-max(CLIENTS) // ROOM))

    def once(number: int) -> None:
        if number >= ROUNDS:
            return
        for clients in CLIENTS:
            found = both(texts, clients)
            mine, theirs = found.mine, found.theirs
            name = f"toets bij {clients} mensen"

            def note(what: str, words: str, unit: str, limit: float | None, x: float, y: float, **more) -> None:
                bench.note(f"keystroke {clients} {what}", f"{name}, {words}", unit, limit, x, y, **more)  # noqa: B023

            note("p50", "p50", "ms", None, mine.p50, theirs.p50)
            note("p95", "p95, zonder één fsync", "ms", MOST_P95, max(0.001, mine.p95 - found.fsync), theirs.p95)
            note("fsync", "één fsync, p95", "ms", None, found.fsync, theirs.p95)
            note("p99", "p99", "ms", None, mine.p99, theirs.p99)
            if clients == max(CLIENTS):
                note("p99 most", "p99 op zichzelf", "ms", MOST_P99, mine.p99, MOST_P99, absolute=True)
            note("delivered", "aangekomen", "", 1, mine.delivered, 1, absolute=True, side=AT_LEAST)
            note("cpu", "rekentijd per toets", "ms", None, mine.cpu, theirs.cpu)
            note("busy", "rekentijd per verbinding, ms per seconde", "ms", None, mine.busy, theirs.busy)
            note("memory", "geheugen per verbinding", "kB", MOST_MEMORY, mine.memory, MOST_MEMORY, absolute=True)

    yield once


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, nargs="*", default=list(CLIENTS))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--json", default="")
    given = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        texts = make_texts(Path(folder) / "keystroke.db", -(-max(given.clients) // ROOM))
        for _ in range(given.rounds):
            for clients in given.clients:
                one = both(texts, clients, given.seconds)
                found.append({"clients": clients, **asdict(one)})
                for who, run in (("bare", one.theirs), ("ours", one.mine)):
                    told = ", ".join(f"{name} {value:.4g}" for name, value in asdict(run).items())
                    print(f"{clients:>4} {who}: {told}", flush=True)
                print(f"     p95 without one fsync ({one.fsync:.2f} ms): {one.ratio:.2f} × bare", flush=True)
    if given.json:
        Path(given.json).write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
