"""A saved answer's way to another screen: from the press that saves it to the word that something changed, in every
open window, and to the page that shows it. Beside it how long who saved it waits for the answer.

The window that is measured asks for its page the moment it hears of a change; a browser waits a quarter of a second
first, so that what happens together is drawn once.

    python -m scripts.bench --only screen --rounds 1
"""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from scripts.bench.line import AT_LEAST, Bench, Round, ms
from scripts.bench.load import Connection
from scripts.bench.servers import Server, ours
from scripts.bench.told import World
from scripts.bench.world import WORDS

WINDOWS, SAVES, ROUNDS = (1, 30, 60), 15, 3
PER_SEAT = 8  # windows that one seat may have open
SETTLES = 2  # seconds until the server knows that windows were closed: nobody may have more than so many open
PATIENCE = 15  # seconds in which a window has to be there, and has to hear
APART = 0.45  # the stream takes together what happens within 0.3 s
_NEWS = re.compile(rb"event: nieuws\ndata: [^\n]*\nid: \d+\n")


@dataclass
class Way:
    """Seconds."""

    saved: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    wanted: int = 0


class Window(asyncio.Protocol):
    """An open stream."""

    def __init__(self) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.news: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def connection_lost(self, problem: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"the stream was refused: {self.buffer[:200]!r}"))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.ready.done() and b"event: stand\n" in self.buffer:
            self.ready.set_result(None)
        if _NEWS.search(self.buffer):
            self.buffer = b""
            if not self.news.done():
                self.news.set_result(time.perf_counter())

    async def open(self, server: Server, world: World, cookie: str, name: str) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", server.port)
        self.transport.write(
            f"GET /trajecten/{world.journey_id}/stroom?venster={name} HTTP/1.1\r\nhost: 127.0.0.1:{server.port}\r\n"
            f"sec-fetch-site: same-origin\r\ncookie: {cookie}\r\n\r\n".encode()
        )
        await asyncio.wait_for(asyncio.shield(self.ready), PATIENCE)


async def watch(server: Server, world: World, count: int, saves: int) -> Way:
    """So many saves with so many windows open."""
    cookies = list(dict.fromkeys(writer.cookie for writer in world.writers))
    if count > PER_SEAT * len(cookies):
        raise SystemExit(f"{count} windows are more than {len(cookies)} people may open")
    windows = [Window() for _ in range(count)]
    for number, window in enumerate(windows):
        await window.open(server, world, cookies[number % len(cookies)], f"v{number}")
    saver, reader = server.connect(world.cookie), server.connect(world.cookie)
    page = f"/trajecten/{world.journey_id}/gesprek/{world.joint_path.split('/')[1]}"
    version, way = world.joint_version(), Way()

    def save(connection: Connection, words: str, version: int) -> float:
        began = time.perf_counter()
        connection.post(world.joint_url, [("waarde", words), ("versie", str(version))])
        return time.perf_counter() - began

    for number in range(saves):
        await asyncio.sleep(APART)
        for window in windows:
            window.buffer, window.news = b"", asyncio.get_running_loop().create_future()
        words, began = f"{WORDS} {number} {count} {version}", time.perf_counter()
        saving = asyncio.create_task(asyncio.to_thread(save, saver, words, version))
        await asyncio.wait([window.news for window in windows], timeout=PATIENCE)
        way.saved.append(await saving)
        version += 1
        way.wanted += count
        way.heard += [window.news.result() - began for window in windows if window.news.done()]
        if words not in (await asyncio.to_thread(reader.get, page)).decode():
            raise SystemExit("the page does not show what was saved")
        way.shown.append(time.perf_counter() - began)
    for window in windows:
        window.transport.abort()
    saver.close()
    reader.close()
    return way


def measure(server: Server, world: World, count: int, saves: int = SAVES) -> Way:
    """One measurement; never lasts longer than it may."""
    most = 2 * PATIENCE + count + saves * (APART + PATIENCE)

    async def bounded() -> Way:
        return await asyncio.wait_for(watch(server, world, count, saves), most)

    return asyncio.run(bounded())


def at(values: list[float], part: int) -> float:
    return ms(statistics.quantiles(values, n=100, method="inclusive")[part - 1]) if len(values) > 1 else float("inf")


@contextmanager
def screen(bench: Bench) -> Iterator[Round]:
    """What somebody saves, on the screens of the others."""
    world = bench.copy(bench.small, "screen")
    with ours(world) as server:

        def once(number: int) -> None:
            for count in WINDOWS if number < ROUNDS else ():
                way = measure(server, world, count)
                time.sleep(SETTLES)
                for key, words, values in (("heard", "gehoord", way.heard), ("shown", "te zien", way.shown)):
                    for part in (50, 95):
                        bench.note(
                            f"screen {count} {key} {part}",
                            f"antwoord op een ander scherm, {count} vensters: {words}, p{part}",
                            "ms",
                            None,
                            at(values, part),
                            at(way.saved, part),
                        )
                bench.note(
                    f"screen {count} delivered",
                    f"antwoord op een ander scherm, {count} vensters: aangekomen",
                    "",
                    1,
                    len(way.heard) / way.wanted,
                    1,
                    absolute=True,
                    side=AT_LEAST,
                )

        yield once
