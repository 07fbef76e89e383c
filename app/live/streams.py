"""The stream of a journey to one window: topics, never a text, and only while its person may be there.

It is an answer that goes on (server-sent events) and holds no thread and no database session. What it sends:
`stand` (the number of changes, at the start), `nieuws` (topics, with the new number as id), `hier` (somebody came, went
or moved), `leeft` (nothing happened) and `einde` (you may not be here any more).
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from app.core.database import Database
from app.core.errors import Refusal
from app.core.live import Hub, Subscription
from app.live import presence
from app.live.presence import Presence
from app.live.rights import Rights

BEAT = 15.0  # seconds of silence after which the stream says that it is still there
LIFE = 600.0  # seconds, give or take a tenth; the browser then connects again, and not all at the same moment
GATHER = 0.3  # seconds in which what happens is taken together
SLOW = 20.0  # seconds in which a browser has to take what it is sent
PER_SEAT = 8  # streams of one seat in this process
IN_ALL = 2000


class TooMany(Refusal):
    status = 429

    def __init__(self) -> None:
        super().__init__("Driekolom staat al in veel vensters open. Sluit er een paar.")


@dataclass
class Live:
    """What one process knows of its open streams; there is one of these per app."""

    hub: Hub
    presence: Presence
    rights: Rights
    open: Counter[str] = field(default_factory=Counter)  # streams per seat

    def require_room(self, seat_id: str) -> None:
        """Raises TooMany."""
        if self.open[seat_id] >= PER_SEAT or self.open.total() >= IN_ALL:
            raise TooMany


def state_of(app: FastAPI) -> Live:
    """Made at the first question."""
    if not hasattr(app.state, "live"):
        database: Database = app.state.database
        live = Live(database.hub, Presence(database), Rights(database))
        live.rights.each_round.append(live.presence.tidy)
        app.state.live = live
    return app.state.live


@dataclass(frozen=True)
class Window:
    """Which window asks, and what it has already."""

    journey_id: str
    seat_id: str
    party_channel: str
    token: str
    name: str  # made by the browser, only to tell its windows apart
    place: str
    known: int  # the number of changes of the page it shows


class Stream(Response):
    """The answer that goes on."""

    media_type = "text/event-stream"

    def __init__(self, live: Live, window: Window):
        super().__init__(headers={"x-accel-buffering": "no"})
        del self.headers["content-length"]
        self.live = live
        self.window = window

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        window, live = self.window, self.live
        live.open[window.seat_id] += 1
        channels = (window.journey_id, window.party_channel, presence.channel(window.journey_id))
        key = (window.seat_id, window.name)
        try:
            with live.hub.subscribe(*channels) as news:
                leaves = asyncio.create_task(_wait_for_leaving(receive, news))
                try:
                    live.presence.enter(window.journey_id, key, window.seat_id, window.place)
                    await self._tell(_patient(send), news)
                finally:
                    leaves.cancel()
        except (TimeoutError, OSError):
            pass  # a browser that takes nothing any more connects again, or not
        finally:
            live.presence.leave(window.journey_id, key)
            live.open[window.seat_id] -= 1
            if not live.open[window.seat_id]:
                del live.open[window.seat_id]

    async def _tell(self, send: Send, news: Subscription) -> None:
        window, live = self.window, self.live
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await asyncio.to_thread(live.hub.wait_until_listening, 5)
        await news.wait(0)  # the number that is asked next covers what was told so far
        async with live.rights.watch(window.journey_id, window.token, news.end) as right:
            right.moved = lambda changes: news.put((), changes)
            known = window.known
            if right.place and right.held:
                topics = live.hub.since(window.journey_id, known, right.place.changes) if known else ()
                known = right.place.changes
                await send(_event("stand", id=known, retry=random.randint(2000, 5000)))  # noqa: S311
                if topics:
                    await send(_event("nieuws", *topics, id=known))
            ends = asyncio.get_running_loop().time() + LIFE * random.uniform(0.9, 1.1)  # noqa: S311
            while right.held and not news.over and asyncio.get_running_loop().time() < ends:
                found = await news.wait(BEAT)
                if news.over or not await right.holds():
                    break
                topics = tuple(word for word in found.words if word != presence.CHANNEL)
                if found.mark > known and not topics:  # a change of which no word came
                    topics = ("*",)
                known = max(known, found.mark)
                if topics:
                    await send(_event("nieuws", *topics, id=known))
                if presence.CHANNEL in found.words:
                    await send(_event("hier"))
                if not found.words and not topics:
                    await send(_event("leeft"))
                await asyncio.sleep(GATHER)
            if not right.held:
                live.presence.expel(window.journey_id, window.seat_id)
                await send(_event("einde"))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _event(kind: str, *topics: str, id: int = 0, retry: int = 0) -> Message:
    lines = [f"event: {kind}", f"data: {' '.join(topics)}"]
    if id:
        lines.append(f"id: {id}")
    if retry:
        lines.append(f"retry: {retry}")
    return {"type": "http.response.body", "body": ("\n".join(lines) + "\n\n").encode(), "more_body": True}


def _patient(send: Send) -> Send:
    """Sends, and gives up on who does not take it."""

    async def patient(message: Message) -> None:
        await asyncio.wait_for(send(message), SLOW)

    return patient


async def _wait_for_leaving(receive: Receive, news: Subscription) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    news.end()
