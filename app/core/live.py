"""What changed reaches whoever is looking: one hub per process, fed by every process that uses the same database.

    announce(tx, "channel", "word", "other-word", mark=7)      # in a transaction: told to all when it is committed
    hub.tell("channel", "word")                                # told to all at once, from a thread; nothing is stored
    with hub.subscribe("channel", "another") as news:          # in an event loop
        found = await news.wait(15)                            # the words since the last time; none when nothing came

A word is a slug or an id, never something that a person typed: whoever hears it asks for the rest with their own
rights. Nobody hears of what was taken back. On SQLite there is one process, and a word goes straight to its
subscribers. On PostgreSQL it goes as NOTIFY, in the transaction itself, and comes back over one connection per process
that only listens. When that connection was gone, words may have been missed: every subscriber then hears `ALL`.

The hub knows no domain word; `app.journey.kept` announces the changes of a journey.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import Session

if TYPE_CHECKING:
    from app.core.database import Database

LOG = logging.getLogger(__name__)

ALL = "*"  # anything may have changed
MOST = 50  # words that wait for one subscriber; more become ALL
LONGEST = 7000  # bytes of one NOTIFY; PostgreSQL takes 8000
CHANNELS = 200  # of which the last words are remembered
REMEMBERED = 100  # announcements per channel
SOON, LATE = 0.2, 5  # seconds before listening is tried again: the first time, and at most

_ANNOUNCED = "driekolom_announced"
_NOTIFY = text("SELECT pg_notify('driekolom', :message)")


@dataclass(frozen=True)
class News:
    """What came in on a subscription."""

    words: tuple[str, ...]  # without doubles, oldest first
    mark: int  # the highest mark that came with them; 0 when none had one

    @property
    def all(self) -> bool:
        return ALL in self.words


NOTHING = News((), 0)


class Subscription:
    """Words of some channels, for one task of an event loop. Who reads slowly hears more at once, never too much."""

    def __init__(self, hub: Hub, channels: tuple[str, ...]):
        self.channels = channels
        self.over = False  # the hub stops: nothing comes any more
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._words: dict[str, None] = {}
        self._mark = 0
        self._came = asyncio.Event()

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self._hub._leave(self)

    def put(self, words: tuple[str, ...], mark: int = 0) -> None:
        """Lets words come in; from any thread."""
        with self._lock:
            self._words.update(dict.fromkeys(words))
            if len(self._words) > MOST or ALL in self._words:
                self._words = {ALL: None}
            self._mark = max(self._mark, mark)
        self._wake()

    def end(self) -> None:
        """Ends the waiting for good; from any thread."""
        self.over = True
        self._wake()

    def _wake(self) -> None:
        with suppress(RuntimeError):  # its event loop is closed
            self._loop.call_soon_threadsafe(self._came.set)

    async def wait(self, seconds: float) -> News:
        """What came in since the last time; waits for it at most so many seconds."""
        if not self.over:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._came.wait(), seconds)
        with self._lock:
            found = News(tuple(self._words), self._mark)
            self._words, self._mark = {}, 0
            self._came.clear()
        return found


class Hub:
    """Who subscribed to what, in this process."""

    def __init__(self, database: Database):
        self._database = database
        self._lock = threading.Lock()
        self._subscribed: dict[str, set[Subscription]] = {}
        self._recent: OrderedDict[str, deque[tuple[int, tuple[str, ...]]]] = OrderedDict()
        self._overhearing: list[Callable[[str, tuple[str, ...]], None]] = []
        self._over = threading.Event()
        self._listening = threading.Event()  # the connection that listens is there
        self._listener: threading.Thread | None = None

    def subscribe(self, *channels: str) -> Subscription:
        """To be used in a `with`, in a running event loop."""
        made = Subscription(self, channels)
        with self._lock:
            for channel in channels:
                self._subscribed.setdefault(channel, set()).add(made)
        if self._over.is_set():
            made.end()
        self.listen()
        return made

    def _leave(self, gone: Subscription) -> None:
        with self._lock:
            for channel in gone.channels:
                known = self._subscribed.get(channel, set())
                known.discard(gone)
                if not known:
                    self._subscribed.pop(channel, None)

    def deliver(self, channel: str, words: tuple[str, ...], mark: int = 0) -> None:
        """Gives words to the subscribers in this process."""
        with self._lock:
            subscribers = tuple(self._subscribed.get(channel, ()))
            if mark:
                self._recent.setdefault(channel, deque(maxlen=REMEMBERED)).append((mark, words))
                self._recent.move_to_end(channel)
                while len(self._recent) > CHANNELS:
                    self._recent.popitem(last=False)
        for hears in self._overhearing:
            hears(channel, words)
        for subscriber in subscribers:
            subscriber.put(words, mark)

    def overhear(self, hears: Callable[[str, tuple[str, ...]], None]) -> None:
        """Calls this with every channel and its words, in whatever thread they come: it must be quick."""
        self._overhearing.append(hears)

    def since(self, channel: str, mark: int, until: int) -> tuple[str, ...]:
        """The words with a mark above `mark`, up to `until`; ALL when not every one of them is remembered."""
        if mark >= until:
            return ()
        with self._lock:
            known = {m: words for m, words in self._recent.get(channel, ()) if mark < m <= until}
        if len(known) < until - mark:
            return (ALL,)
        return tuple(dict.fromkeys(word for m in sorted(known) for word in known[m]))

    def tell(self, channel: str, *words: str) -> None:
        """Tells every process at once, outside any transaction. Waits for the database: not for in an event loop."""
        if self._database.sqlite:
            self.deliver(channel, words)
            return
        with self._database.write() as tx:
            announce(tx, channel, *words)

    def close(self) -> None:
        """Ends all subscriptions, and the listening. May be called from a signal handler."""
        self._over.set()
        for subscribers in tuple(self._subscribed.values()):
            for subscriber in tuple(subscribers):
                subscriber.end()

    # ---- PostgreSQL ----

    def listen(self) -> None:
        """Begins to listen to the other processes, once."""
        if self._database.sqlite or self._over.is_set():
            return
        with self._lock:
            if self._listener is None:
                self._listener = threading.Thread(target=self._keep_listening, name="driekolom-listen", daemon=True)
                self._listener.start()

    def wait_until_listening(self, seconds: float = 10) -> bool:
        """For who must not miss the very first word."""
        return self._database.sqlite or self._listening.wait(seconds)

    def _keep_listening(self) -> None:
        import psycopg

        from app.core.database import ALIVE

        how = {"autocommit": True, "application_name": "driekolom-listen", **ALIVE}
        address = self._database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        pause, away = SOON, False
        while not self._over.is_set():
            try:
                with psycopg.connect(address, **how) as connection:
                    connection.execute("LISTEN driekolom")
                    if away:
                        LOG.warning("listening to the database again")
                    pause, away = SOON, False
                    self._missed()
                    self._listening.set()
                    while not self._over.is_set():
                        for note in connection.notifies(timeout=1):
                            self._heard(note.payload)
                        connection.execute("SELECT 1")  # a connection that is gone says so
            except (psycopg.Error, OSError) as problem:
                self._listening.clear()
                if self._over.is_set():
                    return
                if not away:  # said once
                    LOG.warning("listening to the database stopped: %s; trying again", type(problem).__name__)
                away = True
                self._over.wait(pause * random.uniform(0.7, 1.3))  # noqa: S311 - not every process at the same moment
                pause = min(pause * 2, LATE)

    def _missed(self) -> None:
        """Nobody knows what was said while nobody listened."""
        with self._lock:
            self._recent.clear()
            everybody = {one for subscribers in self._subscribed.values() for one in subscribers}
        for one in everybody:
            one.put((ALL,))

    def _heard(self, message: str) -> None:
        try:
            channel, mark, *words = json.loads(message)
            self.deliver(str(channel), tuple(map(str, words)), int(mark))
        except (ValueError, TypeError):
            LOG.warning("an unreadable message of the database was passed over")


def announce(tx: Session, channel: str, *words: str, mark: int = 0) -> None:
    """Tells the subscribers of this channel, in every process, once `tx` is committed. `mark` counts the changes of
    the channel, so that somebody who was away can ask what was said `since`."""
    if tx.get_bind().dialect.name == "sqlite":
        tx.info.setdefault(_ANNOUNCED, []).append((channel, words, mark))
        return
    message = json.dumps([channel, mark, *words])
    if len(message) > LONGEST:
        message = json.dumps([channel, mark, ALL])
    tx.connection().execute(_NOTIFY, {"message": message})


def forget(tx: Session) -> None:
    """What was announced is taken back with the rest of the transaction."""
    tx.info.pop(_ANNOUNCED, None)


def deliver_announced(tx: Session, hub: Hub) -> None:
    """Delivers in this process what was announced in a transaction that is now committed."""
    for channel, words, mark in tx.info.pop(_ANNOUNCED, ()):
        hub.deliver(channel, words, mark)
