"""A keystroke's way from one person to the others, committed before it is sent, beside a fan-out that keeps nothing.

    python -m scripts.bench.keystroke [--clients 30 200 500] [--seconds 20] [--json FILE]

Rooms of 15, of whom one in five types four times a second. The people are in this process, the server in another; both
servers are asked by the same people. One fsync is measured in the same folder: ours cannot be faster than that.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from websockets.asyncio.client import connect

from scripts.bench.servers import ROOT, free_port

ROOM, EACH_SECOND, TYPES = 15, 4, 5


@dataclass
class Run:
    """What one server did."""

    sent: dict[bytes, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    wanted: int = 0
    cpu: float = 0.0
    each: float = 0.0  # bytes of memory for each connection

    def told(self) -> dict[str, float]:
        row = sorted(self.took) or [float("nan")]
        at = lambda part: round(row[min(len(row) - 1, int(len(row) * part))] * 1000, 2)  # noqa: E731
        return {
            "p50": at(0.5),
            "p95": at(0.95),
            "p99": at(0.99),
            "delivered": round(len(self.took) / max(1, self.wanted), 4),
            "cpu": round(self.cpu, 3),
            "kB": round(self.each / 1000, 1),
        }


def fsync_ms(folder: Path) -> float:
    took = []
    with open(folder / "sync", "wb") as file:
        for _ in range(60):
            file.write(b"x" * 4096)
            started = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - started)
    return statistics.median(took) * 1000


def make_texts(database: Path, rooms: int) -> list[str]:
    """Journeys of the person of this computer; returns the address of so many texts, a page of paragraphs in each."""
    from app.content.load import default_pack
    from app.core.database import Database
    from app.core.settings import Settings
    from app.journey.actions import here_for, start_journey
    from app.migrate import migrate
    from app.people.actions import ensure_local_person
    from app.prose.actions import add_paragraph

    url = f"sqlite:///{database}"
    migrate(url)
    found, pack = [], default_pack()
    store = Database(url)
    while len(found) < rooms:
        with store.write() as tx:
            person = ensure_local_person(tx)
            journey, seat = start_journey(tx, person, pack, f"Traject {len(found)}", ["Meerwijk"])
            here = here_for(tx, Settings(database_url=url), person, journey, seat)
            for chapter in pack.chapters:
                for number in range(12):
                    add_paragraph(here, chapter.slug, text=f"Alinea {number}. " + "Dit is een gewone zin. " * 12)
                found.append(f"/trajecten/{journey.id}/samen/{chapter.slug}?v=1")
    store.engine.dispose()
    return found[:rooms]


@contextmanager
def running(command: list[str], port: int, **env: str):
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stdout=subprocess.DEVNULL)
    try:
        for _ in range(400):
            with suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{port}/gezond", timeout=2).status_code == 200:
                    break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def cpu_of(pid: int) -> float:
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1]) * 1024


class Person:
    """One browser: joins, listens, and types when it is one who types."""

    def __init__(self, run: Run, address: str, own: bool):
        self.run, self.address, self.own = run, address, own
        self.number = 0

    async def enter(self, port: int) -> None:
        origin = f"http://127.0.0.1:{port}"
        self.socket = await connect(
            f"ws://127.0.0.1:{port}{self.address}", origin=origin, compression=None, max_size=None, open_timeout=60
        )
        self.first = asyncio.get_running_loop().create_future()
        self.task = asyncio.create_task(self.listen())
        if self.own:
            await self.socket.send('{"t":"hoi"}')
            await asyncio.wait_for(self.first, 60)

    async def listen(self) -> None:
        with suppress(Exception):
            async for message in self.socket:
                if isinstance(message, bytes):
                    moment = time.perf_counter()
                    if started := self.run.sent.get(message[1:] if self.own else message[4:]):
                        self.run.took.append(moment - started)
                    elif self.own and not self.first.done():
                        self.first.set_result(message[1:])

    async def type(self, until: float) -> None:
        from pycrdt import Doc, Text

        doc = Doc()
        if self.own:
            doc.apply_update(self.first.result())
        text = doc.get("tekst", type=Text)
        at = 1 if self.own else 0
        await asyncio.sleep(random.random() / EACH_SECOND)  # noqa: S311
        while time.perf_counter() < until:
            before = doc.get_state()
            text.insert(at, "e", {})
            data = doc.get_update(before)
            self.number += 1
            self.run.sent[data] = time.perf_counter()
            self.run.wanted += self.others
            await self.socket.send(self.number.to_bytes(4, "big") + data)
            await asyncio.sleep(1 / EACH_SECOND)


async def ask(port: int, pid: int, addresses: list[str], clients: int, seconds: float, own: bool) -> Run:
    run = Run()
    people = [Person(run, addresses[n // ROOM], own) for n in range(clients)]
    for number, person in enumerate(people):
        person.others = min(ROOM, clients - number // ROOM * ROOM) - 1
    before = memory_of(pid)
    for start in range(0, clients, 10):
        await asyncio.gather(*(p.enter(port) for p in people[start : start + 10]))
    await asyncio.sleep(1)
    run.each = (memory_of(pid) - before) / clients
    used, began = cpu_of(pid), time.perf_counter()
    await asyncio.gather(*(p.type(began + seconds) for p in people[::TYPES]))
    run.cpu = (cpu_of(pid) - used) / (time.perf_counter() - began)
    for _ in range(50):
        if len(run.took) >= run.wanted:
            break
        await asyncio.sleep(0.1)
    for person in people:
        person.task.cancel()
    await asyncio.gather(*(p.socket.close() for p in people), return_exceptions=True)
    return run


def measure(clients: int, seconds: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "keys.db"
        addresses = make_texts(database, -(-clients // ROOM))
        port = free_port()
        with running([sys.executable, "-m", "scripts.bench.bare_fanout", str(port)], port) as pid:
            bare = asyncio.run(ask(port, pid, addresses, clients, seconds, own=False)).told()
        port = free_port()
        env = {"DRIEKOLOM_DATABASE_URL": f"sqlite:///{database}", "DRIEKOLOM_PORT": str(port)}
        with running([sys.executable, "-m", "app.cli", "serve"], port, **env) as pid:
            ours = asyncio.run(ask(port, pid, addresses, clients, seconds, own=True)).told()
        sync = fsync_ms(Path(folder))
    limit = 3 * bare["p95"] + sync
    return {"clients": clients, "fsync_ms": round(sync, 2), "bare": bare, "ours": ours, "p95_limit": round(limit, 2)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, nargs="*", default=[30, 200, 500])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--json", default="")
    given = parser.parse_args()
    found = []
    for clients in given.clients:
        one = measure(clients, given.seconds)
        found.append(one)
        for who in ("bare", "ours"):
            told = ", ".join(f"{name} {value}" for name, value in one[who].items())  # type: ignore[union-attr]
            print(f"{clients:>4} {who}: {told}", flush=True)
        print(f"     p95 may be {one['p95_limit']} ms: 3 × bare + one fsync of {one['fsync_ms']} ms", flush=True)
    if given.json:
        Path(given.json).write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
