"""Whether somebody with an open connection may still be there.

A right is decided when a connection opens and again at each message (an answer of at most a second old will do). All
open connections are asked again every few seconds, so that one that says nothing closes as well.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.database import Busy, Database
from app.journey.store import Place, find_place

LOG = logging.getLogger(__name__)

EVERY = 3.0  # seconds between two looks at a connection that says nothing
FRESH = 1.0  # seconds that an answer may be used for a message


class Right:
    """The right of one connection to be in a journey; `token` is the secret of the session, '' in local mode.

    Used as `async with rights.watch(journey_id, token, lost)`: `lost` is called in the event loop when the seat or the
    session is gone, `moved` when the journey has another number of changes.
    """

    def __init__(self, watch: Rights, journey_id: str, token: str, lost: Callable[[], None]):
        self.journey_id = journey_id
        self.token = token
        self.place: Place | None = None
        self.held = True
        self.moved: Callable[[int], None] = lambda changes: None
        self._watch = watch
        self._lost = lost
        self._at = 0.0

    async def __aenter__(self) -> Right:
        self._watch.add(self)
        await self.holds()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._watch.remove(self)

    async def holds(self) -> bool:
        """Whether the right still stands; asks the database when the last answer is more than a second old."""
        if self.held and time.monotonic() - self._at > FRESH:
            with suppress(Busy):  # away for a moment: nobody loses a right by that, and nothing is read without asking
                self.learn(await asyncio.to_thread(self._watch.ask, self))
        return self.held

    def learn(self, place: Place | None) -> None:
        """What the database said, in the event loop."""
        self._at = time.monotonic()
        if place is None or (self.place and place.seat_id != self.place.seat_id):
            if self.held:
                self.held = False
                self._lost()
            return
        before, self.place = self.place, place
        if before and before.changes != place.changes:
            self.moved(place.changes)


class Rights:
    """All open connections of this process, and one task that asks about them while there are any."""

    def __init__(self, database: Database):
        self._database = database
        self._open: set[Right] = set()
        self._task: asyncio.Task[None] | None = None
        self.each_round: list[Callable[[], None]] = []  # what else is done every few seconds

    def watch(self, journey_id: str, token: str, lost: Callable[[], None]) -> Right:
        return Right(self, journey_id, token, lost)

    def add(self, right: Right) -> None:
        self._open.add(right)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep_asking())

    def remove(self, right: Right) -> None:
        self._open.discard(right)

    def ask(self, *rights: Right) -> Place | None:
        """The place of the last of these connections; in a thread."""
        place = None
        with self._database.read() as tx:
            for right in rights:
                place = find_place(tx, right.journey_id, right.token, now())
        return place

    def _ask_all(self, rights: list[Right]) -> list[Place | None]:
        """In one thread and one transaction; the same person in several windows is asked once."""
        known: dict[tuple[str, str], Place | None] = {}
        with self._database.read() as tx:
            for right in rights:
                key = (right.journey_id, right.token)
                if key not in known:
                    known[key] = find_place(tx, *key, now())
        return [known[right.journey_id, right.token] for right in rights]

    async def _keep_asking(self) -> None:
        while self._open:
            await asyncio.sleep(EVERY)
            rights = list(self._open)
            try:
                places = await asyncio.to_thread(self._ask_all, rights)
            except (Busy, SQLAlchemyError) as problem:  # away for a moment: nobody loses a right by that
                LOG.warning("could not look who may still be here: %s", type(problem).__name__)
                continue
            for right, place in zip(rights, places, strict=True):
                if right in self._open:
                    right.learn(place)
            for do in self.each_round:
                do()
