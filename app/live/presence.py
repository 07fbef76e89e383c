"""Who is in which journey now, and where: in memory, shared between processes, never stored.

Who somebody is comes from the session. Where they are is said by their browser, and is only ever a place that exists. A
window says every twelve seconds that it is still there; one that says nothing is gone within half a minute.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app.core.database import Database
from app.core.ids import new_id
from app.core.live import ALL

STAYS = 27.0  # seconds after the last sign of life
LEAVES = 3.0  # seconds after a window has closed: who goes to another page was never away
REPEATS = 9.0  # seconds between two lists for the other processes
CHANNEL = "hier"


def channel(journey_id: str) -> str:
    """On which a browser hears that somebody came, went or moved."""
    return f"{journey_id}.{CHANNEL}"


@dataclass(frozen=True)
class Spot:
    """A window of a seat."""

    seat_id: str
    place: str  # "gesprek/taal"; '' = the overview
    until: float


class Presence:
    """Who is here, in this process and in the others."""

    def __init__(self, database: Database):
        self._hub = database.hub
        self._alone = database.sqlite
        self._me = new_id()
        self._lock = threading.Lock()
        self._here: dict[str, dict[Hashable, Spot]] = {}  # journey → window → spot
        self._there: dict[str, dict[str, tuple[float, tuple[tuple[str, str], ...]]]] = {}  # journey → process → list
        self._told: dict[str, float] = {}
        self._teller: ThreadPoolExecutor | None = None
        self._hub.overhear(self._heard)

    def enter(self, journey_id: str, window: Hashable, seat_id: str, place: str) -> None:
        """A window is here (still), at this place."""
        spot = Spot(seat_id, place, time.monotonic() + STAYS)
        with self._lock:
            windows = self._here.setdefault(journey_id, {})
            before = windows.get(window)
            windows[window] = spot
            due = not self._alone and self._told.get(journey_id, 0) < time.monotonic() - REPEATS
        self._hub.listen()
        changed = before is None or (before.seat_id, before.place) != (seat_id, place)
        if changed or due:
            self._tell(journey_id, changed)

    def leave(self, journey_id: str, window: Hashable) -> None:
        """A window has closed; it may be on its way to another page."""
        with self._lock:
            windows = self._here.get(journey_id, {})
            if spot := windows.get(window):
                windows[window] = Spot(spot.seat_id, spot.place, time.monotonic() + LEAVES)

    def expel(self, journey_id: str, seat_id: str) -> None:
        """A seat may not be here any more."""
        with self._lock:
            windows = self._here.get(journey_id, {})
            for window in [w for w, spot in windows.items() if spot.seat_id == seat_id]:
                del windows[window]
        self._tell(journey_id)

    def who(self, journey_id: str) -> dict[str, str]:
        """Seats that are here now, each with its place: of several windows the one that came last."""
        moment, found = time.monotonic(), {}
        with self._lock:
            for until, spots in self._there.get(journey_id, {}).values():
                if until > moment:
                    found.update(spots)
            for spot in self._here.get(journey_id, {}).values():
                if spot.until > moment:
                    found[spot.seat_id] = spot.place
        return found

    def tidy(self) -> None:
        """Forgets who is gone; done every few seconds."""
        moment = time.monotonic()
        went, again = [], []
        with self._lock:
            for journey_id, windows in list(self._here.items()):
                gone = [w for w, spot in windows.items() if spot.until <= moment]
                for window in gone:
                    del windows[window]
                if gone:
                    went.append(journey_id)
                elif not self._alone and self._told.get(journey_id, 0) < moment - REPEATS:
                    again.append(journey_id)  # a process that began later knows of nobody
                if not windows:
                    del self._here[journey_id]
            for journey_id, processes in list(self._there.items()):
                gone = [p for p, (until, _) in processes.items() if until <= moment]
                for process in gone:
                    del processes[process]
                if gone:
                    went.append(journey_id)
                if not processes:
                    del self._there[journey_id]
        for journey_id in went:
            self._tell(journey_id)
        for journey_id in again:
            self._tell(journey_id, changed=False)

    def _tell(self, journey_id: str, changed: bool = True) -> None:
        """Says in this process that something changed, and to the others who is here."""
        if changed:
            self._hub.deliver(channel(journey_id), (CHANNEL,))
        if self._alone:
            return
        with self._lock:
            self._told[journey_id] = time.monotonic()
            places = {
                s.seat_id: s.place for s in self._here.get(journey_id, {}).values()
            }  # of several windows the last
            spots = [f"{seat}:{place}" for seat, place in places.items()]
            if self._teller is None:  # one thread: lists arrive in the order in which they were made
                self._teller = ThreadPoolExecutor(1, "driekolom-here")
        self._teller.submit(self._hub.tell, CHANNEL, journey_id, self._me, *spots)

    def _heard(self, on: str, words: tuple[str, ...]) -> None:
        """The list of another process."""
        if on != CHANNEL or ALL in words or len(words) < 2 or words[1] == self._me:
            return
        journey_id, process, *rest = words
        spots = tuple((seat, place) for seat, _, place in (word.partition(":") for word in rest))
        with self._lock:
            processes = self._there.setdefault(journey_id, {})
            before = processes.get(process, (0, ()))[1]
            processes[process] = (time.monotonic() + STAYS, spots)
        if before != spots:
            self._hub.deliver(channel(journey_id), (CHANNEL,))
