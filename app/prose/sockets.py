"""The sockets of the shared texts: bytes in, bytes out, and how much of them."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import struct
import threading
import time
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import suppress
from functools import partial
from itertools import groupby
from operator import itemgetter
from queue import Empty, SimpleQueue
from typing import Any

from starlette.types import Message, Receive, Send
from starlette.websockets import WebSocketDisconnect

from app.core.database import Database
from app.prose.elsewhere import CHANNEL as WHO
from app.prose.log import CHANNEL
from app.prose.reasons import AGAIN, REFUSED, RESTART, TOO_FAST, TOO_LARGE
from app.prose.together import LOOKS, Came, Client, Texts
from app.prose.updates import MOST_BYTES

LOG = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds between two looks at everybody's rights
FEW = 100  # lines
AT_ONCE = 8  # of the turns of a look, with so few
MOST_LATER = 5  # looks that wait until nobody types: a second, with few people
LIFE = 3600  # seconds that a connection lasts; the browser makes a new one
BATCH = 300
YIELDS = 0.005  # seconds that the thread waits, at most, until the event loop has sent what it wrote
MESSAGES = (60, 30)  # of one line: so many at once, and so many more each second
BYTES = (4_000_000, 40_000)  # of one person, over all their lines: an hour of typing without a line, and large pastes
LINES = (150, 2)  # that one person opens
FINE = 10  # lines fewer for whoever sends what no editor sends: making good what it did costs as much
MOST_LINES = 120  # that one person has open
GREET = 15.0  # seconds in which a browser says that it is there
CARET = 400  # characters of a place in the text
WAITING = 2_000_000  # bytes that may wait for one browser
TEXTS = 40  # that one line carries
NAME = 168  # characters of the name of a text

Ask = Callable[[str], Awaitable[Client | int]]  # opens a text by its name, or says why not


class Bucket:
    """How much may still come in: a supply that fills up again."""

    __slots__ = ("most", "each_second", "left", "at")

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

    def pay(self, amount: int) -> None:
        """Takes it away, also when it is not there."""
        self.left -= amount

    def is_full(self) -> bool:
        return self.take(0) and self.left >= self.most


class Guest:
    """One person in one journey: what all their lines in this process may do together."""

    def __init__(self) -> None:
        self.lines = 0
        self.opened, self.size = Bucket(*LINES), Bucket(*BYTES)


class Line:
    """The socket of one browser, for what is sent from outside the task that reads it."""

    __slots__ = ("send", "task", "texts", "code", "size", "_open", "_waiting", "_pump", "_socket")

    def __init__(self, send: Send, client: Client):
        self.send = send
        self.task: asyncio.Task[None] = asyncio.current_task()  # type: ignore[assignment]
        self.texts = {0: client}  # by their number on this line; the first is the one that it was opened for
        self.code = 0  # why it was ended
        self.size = 0  # of what waits
        self._open = True
        self._socket = _socket_behind(send)
        self._waiting: deque[Frame] | None = None  # what it does not take yet, while it is full
        self._pump: asyncio.Task[None] | None = None

    def end(self, code: int) -> None:
        """Ends it, for the first reason there is."""
        if self._open and not self.code:
            self.code = code
            self.task.cancel()

    def over(self) -> None:
        self._open = False
        if self._pump:
            self._pump.cancel()

    def give(self, frame: Frame) -> None:
        """Sends this, behind what still waits. Nearly always a socket takes it at once, and a task for each message of
        each browser would cost more than the sending."""
        if self._waiting is not None:
            if self.size < WAITING:
                self._waiting.append(frame)
                self.size += frame.size
            else:  # it reads too slowly; it may come back and get everything at once
                self.end(AGAIN)
            return
        if not self._open:
            return
        if self._socket is not None and _takes(self._socket):
            self._socket.transport.write(frame.wire)
            return
        turn: Coroutine[Any, Any, None] = self.send(frame.message)  # type: ignore[assignment]
        try:
            waits = turn.send(None)
        except StopIteration:
            return
        except (RuntimeError, OSError, WebSocketDisconnect):  # it is gone, which its reader hears too
            return
        self._waiting = deque()
        self._pump = self.task.get_loop().create_task(self._go_on(turn, waits))

    async def _go_on(self, turn: Coroutine[Any, Any, None], waits: Any) -> None:
        """The rest of what was not taken at once, and what came behind it."""
        with suppress(RuntimeError, OSError, WebSocketDisconnect):
            await _rest(turn, waits)
            while self._waiting and self._open:
                frame = self._waiting.popleft()
                self.size -= frame.size
                await self.send(frame.message)
        self._waiting = None


class Connections:
    """Everybody who writes, over the sockets of this process."""

    def __init__(self, database: Database):
        self._texts = Texts(database)
        self._loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._handed = threading.Lock()
        self._handed.acquire()
        self._guests: dict[str, Guest] = {}
        self._hub = database.hub
        self._hub.overhear(self._overhear)
        self._tasks = [self._loop.create_task(work) for work in (self._look(), self._listen())]
        threading.Thread(target=self._work, name="samen", daemon=True).start()

    async def stop(self) -> None:
        """Ends all connections, after what has come in is written."""
        self._jobs.put(("stop", None))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._over), 5)
        for task in self._tasks:
            task.cancel()

    async def _listen(self) -> None:
        """Which texts were changed by a form or by another process; what we wrote ourselves is known."""
        with self._hub.subscribe(CHANNEL) as news:
            while not news.over:
                found = await news.wait(60)
                if found.all:
                    self._jobs.put(("look", range(LOOKS)))
                elif names := {name for name in map(self._texts.foreign, found.words) if name in self._texts}:
                    self._jobs.put(("news", names))

    def _overhear(self, channel: str, words: tuple[str, ...]) -> None:
        """Who writes through another process; in the thread that listens."""
        if channel == WHO and len(words) > 1:
            self._jobs.put(("there", words))

    async def _look(self) -> None:
        """A part of the people at a time, so that who types does not wait for a look at everybody: with few people a
        larger one, less often."""
        turn, together, due = 0, AT_ONCE, self._loop.time()
        while True:
            due = max(due + LOOK_EVERY / LOOKS * together, self._loop.time() - LOOK_EVERY)
            await asyncio.sleep(due - self._loop.time())
            turns = [(turn + number) % LOOKS for number in range(1, together + 1)]
            turn = turns[-1]
            if 0 in turns:
                together = self._tidy()
            if len(self._texts):
                self._jobs.put(("look", turns))

    def _tidy(self) -> int:
        """Forgets guests of whom nothing need be known. Returns of how many turns a look is now."""
        lines = 0
        for seat_id, guest in [*self._guests.items()]:
            lines += guest.lines
            if not guest.lines and guest.opened.is_full() and guest.size.is_full():
                del self._guests[seat_id]
        return AT_ONCE if lines < FEW else 1

    def _work(self) -> None:
        """The thread of the texts: does all that waits at once, and hands it to the event loop in one go. A look at
        who may be here comes after what was typed, unless it would have to wait too long."""
        over, later = False, deque[tuple[str, Any]]()
        while not over:
            jobs = [self._jobs.get()]
            with suppress(Empty):
                while len(jobs) < BATCH:
                    jobs.append(self._jobs.get_nowait())
            over = any(job == "stop" for job, _ in jobs)
            later += [job for job in jobs if job[0] == "look"]
            self._do([job for job in jobs if job[0] != "look"], over)
            while later and not over and (self._jobs.empty() or len(later) > MOST_LATER):
                self._do([later.popleft()])

    def _do(self, jobs: list[tuple[str, Any]], over: bool = False) -> None:
        out: list[tuple[Client, Any]] = []
        try:
            out = self._texts.do(jobs) if jobs else out
        except Exception:
            LOG.exception("a batch of shared texts went wrong")
        if out or over:
            self._handed.acquire(blocking=False)  # of an earlier time, when it took too long
            with suppress(RuntimeError):  # the event loop is closed
                self._loop.call_soon_threadsafe(self._hand_out, out, over)
                self._handed.acquire(timeout=YIELDS)

    def _hand_out(self, out: list[tuple[Client, Any]], over: bool) -> None:
        """The event loop does this before the thread goes on: what is written goes out first. They cannot work at the
        same moment, and the thread would keep it waiting until its next commit."""
        try:
            self._deliver(out, over)
        finally:
            with suppress(RuntimeError):  # the thread has gone on already
                self._handed.release()

    def _deliver(self, out: list[tuple[Client, Any]], over: bool) -> None:
        """Sends all of this; in the event loop."""
        for message, rows in groupby(out, key=itemgetter(1)):
            frames: dict[int, Frame] = {}  # made once for all who get it
            for client, _ in rows:
                if isinstance(message, int):
                    self._end(client, message)
                    continue
                if client.channel not in frames:
                    frames[client.channel] = Frame(client.addressed(message))
                if client.line:
                    client.line.give(frames[client.channel])
        if over and not self._over.done():
            self._over.set_result(None)

    def _end(self, client: Client, code: int) -> None:
        """Ends this text in this browser. With the text that the line was opened for the line ends; of the others the
        browser is told."""
        line = client.line
        if line is None or line.texts.get(client.channel) is not client:
            return
        if not client.channel:
            line.end(code)
            return
        del line.texts[client.channel]
        line.give(Frame({"t": "einde", "d": client.channel, "c": code}))
        self._jobs.put(("leave", client))

    async def serve(self, receive: Receive, send: Send, client: Client, ask: Ask) -> None:
        """Carries everything between this browser and its texts, until one of them ends it."""
        guest = self._guests.setdefault(client.seat_id, Guest())
        if guest.lines >= MOST_LINES or not guest.opened.take(1):
            await send({"type": "websocket.close", "code": TOO_FAST})
            return
        guest.lines += 1
        line = client.line = Line(send, client)
        life = LIFE * random.uniform(0.9, 1.1)  # noqa: S311 - so that not all come back at once
        timer = self._loop.call_later(life, line.end, RESTART)
        code = RESTART
        try:
            code = await self._read(receive, line, ask, guest.size)
        except asyncio.CancelledError:
            if not line.code:  # nobody asked for it but who stops the server
                raise
            line.task.uncancel()
            code = line.code
        finally:
            timer.cancel()
            line.over()
            guest.lines -= 1
            if code in (REFUSED, TOO_LARGE):
                guest.opened.pay(FINE)
            for one in line.texts.values():
                self._jobs.put(("leave", one))
        if code:
            with suppress(RuntimeError, OSError, WebSocketDisconnect, asyncio.TimeoutError):
                await asyncio.wait_for(send({"type": "websocket.close", "code": code}), 5)

    async def _open(self, line: Line, channel: int, name: str, ask: Ask) -> None:
        """One more text on this line."""
        found = await ask(name)
        if isinstance(found, Client):
            found.channel, found.line = channel, line
            line.texts[channel] = found
            self._jobs.put(("join", found))
        else:
            line.give(Frame({"t": "einde", "d": channel, "c": found}))

    async def _read(self, receive: Receive, line: Line, ask: Ask, size: Bucket) -> int:
        """Until the browser goes (0), or does something that ends it: the reason."""
        texts, messages = line.texts, Bucket(*MESSAGES)
        silent = self._loop.call_later(GREET, line.end, AGAIN)
        while True:
            message = await receive()
            silent.cancel()
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
                    self._jobs.put(("came", Came(about, int.from_bytes(data[1:4], "big"), data[4:])))
                continue
            try:
                said = json.loads(words or "")
            except (ValueError, RecursionError):
                return REFUSED
            kind, channel = (said.get("t"), said.get("d", 0)) if isinstance(said, dict) else (None, 0)
            if type(channel) is not int or not 0 <= channel < TEXTS:
                return REFUSED
            if kind == "hoi" and not channel:
                self._jobs.put(("join", texts[0]))
            elif kind == "hoi" and channel not in texts and _fit_name(said.get("naam")):
                await self._open(line, channel, said["naam"], ask)
            elif kind == "caret" and _fit_caret(said.get("p")):
                if channel in texts:
                    self._jobs.put(("caret", (texts[channel], said.get("p"))))
            elif kind == "ping":
                line.give(PONG)
            else:
                return REFUSED


class Frame:
    """What is sent, made once for all who get it: as an application says it, and as it goes over the line."""

    __slots__ = ("message", "wire", "size")

    def __init__(self, said: Any):
        self.message: Message = {"type": "websocket.send"}
        if isinstance(said, bytes):
            self.message["bytes"] = data = said
        else:
            self.message["text"] = text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
            data = text.encode()
        self.size = len(data) + 200
        kind = b"\x82" if isinstance(said, bytes) else b"\x81"
        if len(data) < 126:
            head = struct.pack("!B", len(data))
        else:
            head = struct.pack("!BH", 126, len(data)) if len(data) < 1 << 16 else struct.pack("!BQ", 127, len(data))
        self.wire = kind + head + data


PONG = Frame({"t": "pong"})


def _socket_behind(send: Send) -> Any:
    """The connection of uvicorn that this is the `send` of; None when it is anything else. It makes a frame anew for
    each browser and goes through four objects to say so, which takes longer than the sending."""
    found = getattr(send, "__self__", None)
    if type(found).__name__ != "WebSocketsSansIOProtocol" or found.conn.extensions:
        return None
    return found


def _takes(found: Any) -> bool:
    """Whether it would send this at once."""
    return (
        found.writable.is_set()
        and found.handshake_complete
        and not (found.disconnected or found.close_sent or found.transport.is_closing())
    )


@types.coroutine
def _rest(turn: Coroutine[Any, Any, None], waits: Any) -> Generator[Any, Any, None]:
    """Awaits something that was begun outside a task, and waits for this now."""
    while True:
        try:
            came = yield waits
        except BaseException as problem:  # noqa: BLE001 - it is told to who waits
            step = partial(turn.throw, problem)
        else:
            step = partial(turn.send, came)
        try:
            waits = step()
        except StopIteration:
            return


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


def entrance_of(app: Any) -> asyncio.Semaphore:
    """Where people come in, two at a time. When a server comes back so does everybody, at once: who types already need
    not wait for all of them."""
    if not hasattr(app.state, "entrance"):
        app.state.entrance = asyncio.Semaphore(2)
    return app.state.entrance
