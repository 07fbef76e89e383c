"""Who writes in the same text through another process: told over the hub, kept for seconds, never stored.

A process says of each text that is open in it who writes there, as one list: ids, and where their carets are. It does
so when something changes and every few seconds; one that says nothing for a while is gone, and its people with it. Who
opens a text asks in front of its list (`?`), and hears at once. On SQLite there is no other process to tell anything.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from app.core.database import Database
from app.core.ids import new_id
from app.core.live import LONGEST
from app.journey.models import Seat
from app.people.models import Person

LOG = logging.getLogger(__name__)

CHANNEL = "samen-wie"
ASK = "?"
STAYS = 13.0  # seconds after the last list of a process
REPEATS = 4.0  # seconds between two lists
PAUSE = 0.05  # seconds in which carets that move are taken together


@dataclass(frozen=True)
class Writer:
    """One open text in one browser of another process."""

    id: str
    seat_id: str
    name: str
    caret: list[str] | None

    @property
    def who(self) -> dict[str, Any]:
        return {"t": "wie", "id": self.id, "naam": self.name, "plek": self.seat_id, "p": self.caret}


Words = tuple[str, ...]
Place = tuple[str, str, list[str] | None]  # id of a connection, its seat, its caret


class Elsewhere:
    """What the other processes said. Used by the thread of the texts; a thread of its own does the telling."""

    def __init__(self, database: Database):
        self._hub = database.hub
        self._alone = database.sqlite
        self._me = new_id()
        self._there: dict[str, dict[str, tuple[float, dict[str, Writer]]]] = {}  # text → process → until, writers
        self._told: dict[str, float] = {}
        self._lock = threading.Lock()
        self._waiting: dict[str, Words] = {}
        self._telling = False
        self._teller: ThreadPoolExecutor | None = None

    # ---- to the others ----

    def say(self, text: str, places: Iterable[Place], ask: bool = False) -> None:
        """Who writes in this text here, and a question who does so elsewhere."""
        if self._alone:
            return
        words = _fitting(list(places))
        if words:
            self._told[text] = time.monotonic()
        with self._lock:
            ask = ask or self._waiting.get(text, ())[:1] == (ASK,)
            self._waiting[text] = (ASK, *words) if ask else words
            start, self._telling = not self._telling, True
            if self._teller is None:
                self._teller = ThreadPoolExecutor(1, "driekolom-samen")
        if start:
            self._teller.submit(self._send)

    def is_due(self, text: str) -> bool:
        return not self._alone and self._told.get(text, 0) < time.monotonic() - REPEATS

    def _send(self) -> None:
        while True:
            with self._lock:
                batch, self._waiting = self._waiting, {}
                if not batch:
                    self._telling = False
                    return
            for text, words in batch.items():
                try:
                    self._hub.tell(CHANNEL, text, self._me, *words)
                except Exception as problem:  # it is said again within seconds
                    LOG.warning("others do not hear who writes: %s", type(problem).__name__)
            time.sleep(PAUSE)

    # ---- from the others ----

    def people(self, text: str) -> list[dict[str, Any]]:
        """Everybody who writes in this text elsewhere, as a browser is told."""
        return [w.who for _, writers in self._there.get(text, {}).values() for w in writers.values()]

    def is_own(self, words: Words) -> bool:
        return words[1] == self._me

    def hear(self, tx: Session, words: Words) -> tuple[bool, list[dict[str, Any]]]:
        """Takes in what another process said: whether it asked who writes here, and what the writers here are told."""
        text, process, *rest = words
        asked = rest[:1] == [ASK]
        places = [_place(word) for word in rest[asked:]]
        before = self._there.get(text, {}).get(process, (0.0, {}))[1]
        names = {w.seat_id: w.name for w in before.values()}
        if unknown := {seat for _, seat, _ in places} - names.keys():
            names |= _names(tx, unknown)
        after = {id: Writer(id, seat, names[seat], caret) for id, seat, caret in places if seat in names}
        self._there.setdefault(text, {})[process] = (time.monotonic() + STAYS, after)
        gone = [{"t": "weg", "id": id} for id in before.keys() - after.keys()]
        return asked, gone + [w.who for w in after.values() if before.get(w.id) != w]

    def tidy(self) -> dict[str, list[dict[str, Any]]]:
        """Forgets processes that say nothing any more. What is to be told, by text."""
        moment, told = time.monotonic(), {}
        for text, processes in self._there.items():
            for process in [p for p, (until, _) in processes.items() if until <= moment]:
                _, writers = processes.pop(process)
                told.setdefault(text, []).extend({"t": "weg", "id": id} for id in writers)
        return told

    def forget(self, text: str) -> None:
        """Nobody writes in this text here any more."""
        self._there.pop(text, None)
        self._told.pop(text, None)


def _fitting(places: list[Place]) -> Words:
    """The places as words that fit in one message; without carets when those make it too long."""
    for kept in (places, [(id, seat, None) for id, seat, _ in places]):
        words = tuple(json.dumps(place, separators=(",", ":")) for place in kept)
        if len(json.dumps(words)) < LONGEST - 100:
            return words
    return words[:100]


def _place(word: str) -> Place:
    id, seat, caret = json.loads(word)
    return id, seat, caret


def _names(tx: Session, seats: set[str]) -> dict[str, str]:
    query = (
        select(Seat.id, Person.name)
        .join(Person, (col(Person.tenant_id) == Seat.tenant_id) & (col(Person.id) == Seat.person_id))
        .where(col(Seat.id).in_(seats), col(Seat.removed_at).is_(None))
    )
    return dict(tx.exec(query).all())
