"""The sockets of the shared texts: bytes in, bytes out, and how much of them."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.core.database import Database
from app.prose.elsewhere import CHANNEL as WHO
from app.prose.log import CHANNEL
from app.prose.together import AGAIN, REFUSED, RESTART, TOO_FAST, TOO_LARGE, Came, Client, Texts
from app.prose.updates import MOST_BYTES

LOG = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds between two looks at everybody's rights
LIFE = 3600  # seconds that a connection lasts; the browser makes a new one
BATCH = 300
MESSAGES, BYTES = (60, 30), (600_000, 80_000)  # so many at once, and so many more each second
CARET = 400  # characters of a place in the text
TEXTS = 40  # that one line carries
NAME = 168  # characters of the name of a text

Ask = Callable[[str], Awaitable[Client | int]]  # opens a text by its name, or says why not


class Bucket:
    """How much may still come in: a supply that fills up again."""

    def __init__(self, most: int, each_second: int):
        self.most, self.each_second = most, each_second
        self.left, self.at = float(most), time.monotonic()

    def take(self, amount: int) -> bool:
        moment = time.monotonic()
        self.left = min(self.most, self.left + (moment - self.at) * self.each_second)
        self.at = moment
        if amount > self.left:
            return False
        self.left -= amount
        return True


class Connections:
    """Everybody who writes, over the sockets of this process."""

    def __init__(self, database: Database):
        self._texts = Texts(database)
        self._loop = asyncio.get_running_loop()
        self._jobs: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="samen")
        self._hub = database.hub
        self._hub.overhear(self._overhear)
        self._tasks = [self._loop.create_task(work) for work in (self._work(), self._look(), self._listen())]

    async def stop(self) -> None:
        """Ends all connections, after what has come in is written."""
        self._jobs.put_nowait(("stop", None))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._tasks[0], 5)
        for task in self._tasks:
            task.cancel()
        self._thread.shutdown(wait=False)

    async def _listen(self) -> None:
        """Which texts were changed, by a form, by another process or by ourselves."""
        with self._hub.subscribe(CHANNEL) as news:
            while not news.over:
                found = await news.wait(60)
                if found.all:
                    self._jobs.put_nowait(("look", None))
                elif any(name in self._texts for name in found.words):
                    self._jobs.put_nowait(("news", set(found.words)))

    def _overhear(self, channel: str, words: tuple[str, ...]) -> None:
        """Who writes through another process; in the thread that listens."""
        if channel == WHO and len(words) > 1:
            with suppress(RuntimeError):  # the event loop is closed
                self._loop.call_soon_threadsafe(self._jobs.put_nowait, ("there", words))

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if len(self._texts):
                self._jobs.put_nowait(("look", None))

    async def _work(self) -> None:
        while True:
            jobs = [await self._jobs.get()]
            while not self._jobs.empty() and len(jobs) < BATCH:
                jobs.append(self._jobs.get_nowait())
            try:
                out = await self._loop.run_in_executor(self._thread, self._texts.do, jobs)
            except Exception:
                LOG.exception("a batch of shared texts went wrong")
                continue
            for client, message in out:
                self._give(client, message)
            if any(job == "stop" for job, _ in jobs):
                return

    def _give(self, client: Client, message: Any) -> None:
        if isinstance(message, int):
            if client.ending and not client.ending.done():
                client.ending.set_result(message)
            return
        try:
            client.outgoing.put_nowait(client.addressed(message))
        except asyncio.QueueFull:  # it reads too slowly; it may come back and get everything at once
            self._give(client, AGAIN)

    async def serve(self, socket: WebSocket, client: Client, ask: Ask) -> None:
        """Carries everything between this browser and its texts, until one of them ends it. When the text that the line
        was opened for ends, the line ends; of the others the browser is told."""
        client.ending = self._loop.create_future()
        texts = {0: client}
        pump = self._loop.create_task(_pump(socket, client))
        read = self._loop.create_task(self._read(socket, texts, ask))
        life = LIFE * random.uniform(0.9, 1.1)  # noqa: S311 - so that not all come back at once
        code = RESTART
        try:
            await asyncio.wait({pump, read, client.ending}, timeout=life, return_when=asyncio.FIRST_COMPLETED)
            if client.ending.done():
                code = client.ending.result()
            elif read.done() and not read.cancelled() and read.exception() is None:
                code = read.result()
        finally:
            pump.cancel()
            read.cancel()
            await asyncio.gather(pump, read, return_exceptions=True)
            for one in texts.values():
                self._jobs.put_nowait(("leave", one))
        if code:
            with suppress(RuntimeError, WebSocketDisconnect, asyncio.TimeoutError):
                await asyncio.wait_for(socket.close(code), 5)

    async def _open(self, texts: dict[int, Client], channel: int, name: str, ask: Ask) -> None:
        """One more text on this line."""
        first, found = texts[0], await ask(name)
        if isinstance(found, Client):
            found.channel, found.outgoing, found.ending = channel, first.outgoing, self._loop.create_future()
            found.ending.add_done_callback(lambda ended: self._close(texts, found, ended))
            texts[channel] = found
            self._jobs.put_nowait(("join", found))
        else:
            self._give(first, {"t": "einde", "d": channel, "c": found})

    def _close(self, texts: dict[int, Client], client: Client, ended: asyncio.Future) -> None:
        if ended.cancelled():
            return
        self._give(client, {"t": "einde", "c": ended.result()})
        self._jobs.put_nowait(("leave", client))
        texts.pop(client.channel, None)

    async def _read(self, socket: WebSocket, texts: dict[int, Client], ask: Ask) -> int:
        """Until the browser goes (0), or does something that ends it: the reason."""
        client = texts[0]
        messages, size = Bucket(*MESSAGES), Bucket(*BYTES)
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return 0
            data, words = message.get("bytes"), message.get("text")
            length = len(data or b"") + len(words or "")
            if length > MOST_BYTES + 4:
                return TOO_LARGE
            if not messages.take(1) or not size.take(length):
                return TOO_FAST
            if data is not None:
                if len(data) < 5:
                    return REFUSED
                about = texts.get(data[0])  # none: that text has ended, and the browser has been told
                if about is not None:
                    self._jobs.put_nowait(("came", Came(about, int.from_bytes(data[1:4], "big"), data[4:])))
                continue
            try:
                said = json.loads(words or "")
            except (ValueError, RecursionError):
                return REFUSED
            kind, channel = (said.get("t"), said.get("d", 0)) if isinstance(said, dict) else (None, 0)
            if type(channel) is not int or not 0 <= channel < TEXTS:
                return REFUSED
            if kind == "hoi" and not channel:
                self._jobs.put_nowait(("join", client))
            elif kind == "hoi" and channel not in texts and _fit_name(said.get("naam")):
                await self._open(texts, channel, said["naam"], ask)
            elif kind == "caret" and _fit_caret(said.get("p")):
                if channel in texts:
                    self._jobs.put_nowait(("caret", (texts[channel], said.get("p"))))
            elif kind == "ping":
                self._give(client, {"t": "pong"})
            else:
                return REFUSED


async def _pump(socket: WebSocket, client: Client) -> None:
    while True:
        message = await client.outgoing.get()
        if isinstance(message, bytes):
            await socket.send_bytes(message)
        else:
            await socket.send_text(json.dumps(message, ensure_ascii=False, separators=(",", ":")))


def _fit_caret(caret: Any) -> bool:
    if caret is None:
        return True
    return (
        isinstance(caret, list) and len(caret) == 2 and all(isinstance(c, str) and 0 < len(c) <= CARET for c in caret)
    )


def _fit_name(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(name) <= NAME


_making = threading.Lock()


def connections_of(app: Any) -> Connections:
    """The connections of this process, kept from when somebody first writes."""
    with _making:
        found = getattr(app.state, "writers", None)
        if found is None:
            found = app.state.writers = Connections(app.state.database)
    return found
