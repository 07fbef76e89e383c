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
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.bench.line import AT_LEAST, Bench, Round, ms
from scripts.bench.people import LATE, PATIENCE, Person, Typed
from scripts.bench.servers import Server, bare, ours

CLIENTS = (30, 200, 500)
ROOM, EACH_SECOND, TYPES = 15, 4, 5
UNCOUNTED, SECONDS, ROUNDS = 1.0, 6.0, 3
FIRST = 10  # people who are there before memory is measured
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
        took = sorted(typed.took) or [float("inf")]
        at = [ms(took[min(len(took) - 1, int(len(took) * part))]) for part in (0.5, 0.95, 0.99)]
        return Run(*at, typed.delivered, ms(cpu) / max(1, typed.keys), 1000 * cpu / elapsed / clients, memory / 1000)


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


def fsync_ms(folder: Path) -> float:
    """The median of sixty."""
    took = []
    with open(folder / "sync", "wb") as file:
        for _ in range(60):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - started)
    return ms(statistics.median(took))


async def ask(server: Server, texts: Texts, clients: int, seconds: float, own: bool) -> Run:
    typed = Typed()
    people = [Person(typed, own) for _ in range(clients)]

    async def enter(number: int) -> None:
        address, cookies = texts.rooms[number // ROOM]
        people[number].others = min(ROOM, clients - number // ROOM * ROOM) - 1
        await people[number].enter(server.port, address, cookies[number % ROOM])

    await enter(0)
    await asyncio.gather(*map(enter, range(1, FIRST)))
    await asyncio.sleep(0.5)
    before = server.resident()  # what is loaded once, threads and their connections to the database, is of nobody
    for start in range(FIRST, clients, 10):
        await asyncio.gather(*map(enter, range(start, min(clients, start + 10))))
    for person in people[::TYPES]:
        person.prepare(int(seconds * EACH_SECOND))
    await asyncio.sleep(0.5)
    memory = (server.resident() - before) / (clients - FIRST)
    gc.collect()
    gc.disable()
    used, began = server.cpu(), time.perf_counter()
    await asyncio.gather(*(p.type(EACH_SECOND, UNCOUNTED) for p in people[::TYPES]))
    until = time.perf_counter() + LATE
    while typed.delivered < 1 and time.perf_counter() < until:  # noqa: ASYNC110 - an event for each key would be measured too
        await asyncio.sleep(0.05)
    cpu, elapsed = server.cpu() - used, time.perf_counter() - began
    gc.enable()
    if typed.ended:
        raise SystemExit(f"{len(typed.ended)} connections ended: {typed.ended[0]}")
    for person in people:
        person.leave()
    return Run.of(typed, cpu, elapsed, clients, memory)


def measure(server: Server, texts: Texts, clients: int, seconds: float, own: bool) -> Run:
    """One measurement; never lasts longer than it may."""
    most = PATIENCE + seconds + LATE + clients / 4
    try:
        return asyncio.run(asyncio.wait_for(ask(server, texts, clients, seconds, own), most))
    except TimeoutError:
        raise SystemExit(f"{clients} people were not done within {most:.0f} seconds") from None


def both(texts: Texts, clients: int, seconds: float = SECONDS) -> tuple[Run, Run, float]:
    """Ours, the counterpart and one fsync. Both servers are new: what somebody left behind is no memory of a
    connection."""
    with bare("fanout", texts) as server:
        theirs = measure(server, texts, clients, seconds, own=False)
    with ours(texts) as server:
        mine = measure(server, texts, clients, seconds, own=True)
    return mine, theirs, fsync_ms(Path(texts.database).parent)


@contextmanager
def keystroke(bench: Bench) -> Iterator[Round]:
    """A letter that somebody types, at everybody else who has the text open."""
    texts = make_texts(bench.folder / "keystroke.db", -(-max(CLIENTS) // ROOM))

    def once(number: int) -> None:
        if number >= ROUNDS:
            return
        for clients in CLIENTS:
            mine, theirs, sync = both(texts, clients)
            name = f"toets bij {clients} mensen"

            def note(what: str, words: str, unit: str, limit: float | None, x: float, y: float, **more) -> None:
                bench.note(f"keystroke {clients} {what}", f"{name}, {words}", unit, limit, x, y, **more)  # noqa: B023

            note("p50", "p50", "ms", None, mine.p50, theirs.p50)
            note("p95", "p95, zonder één fsync", "ms", MOST_P95, max(0.001, mine.p95 - sync), theirs.p95)
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
                mine, theirs, sync = both(texts, clients, given.seconds)
                found.append({"clients": clients, "fsync": sync, "ours": asdict(mine), "bare": asdict(theirs)})
                for who, run in (("bare", theirs), ("ours", mine)):
                    told = ", ".join(f"{name} {value:.4g}" for name, value in asdict(run).items())
                    print(f"{clients:>4} {who}: {told}", flush=True)
                ratio = (mine.p95 - sync) / theirs.p95
                print(f"     p95 without one fsync ({sync:.2f} ms): {ratio:.2f} × bare", flush=True)
    if given.json:
        Path(given.json).write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
