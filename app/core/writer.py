"""Saves on SQLite: one after another in one thread, and in one transaction with those that wait beside them.

SQLite writes one at a time anyway. Most of a save is waiting until the disk has it, and handing the turn from thread to
thread; both are done once for a whole group. Each save of a group has a savepoint, so what is refused is taken back
without touching the others, and nobody is answered before the group is committed.

Only for what is done in milliseconds: who takes long keeps the rest of the group waiting. `quick` of
`app.core.parameters` says who does not.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session

from app.core.database import Database, do_committed, do_in_any_case, told
from app.core.live import deliver_announced, forget

MOST = 8  # saves in one group
LONGEST = 0.005  # seconds after which a group takes no more of them
PATIENCE = 20  # seconds that a save waits for its turn


@dataclass(eq=False)
class _Job:
    """One save that waits for its turn, or for the commit of its group."""

    work: Callable[[Session], Any]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]
    since: float = field(default_factory=time.monotonic)
    result: Any = None
    problem: BaseException | None = None
    done: Session | None = None  # with what it announced, which waits for the commit


class Writer:
    """The thread that saves."""

    def __init__(self, database: Database):
        self._database = database
        self._lock = Lock()
        self._waiting: deque[_Job] = deque()
        self._running = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="driekolom-write")

    async def do(self, work: Callable[[Session], Any]) -> Any:
        """What `work` gives, once it is committed. Raises what `work` raises, after its rollback, and Busy when its
        turn did not come or the commit failed."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        with self._lock:
            self._waiting.append(job)
            start, self._running = not self._running, True
        if start:
            self._thread.submit(self._run)
        return await job.answer

    def _run(self) -> None:
        """Until nobody waits any more."""
        while first := self._next():
            group = [first]
            try:
                self._save(group)
            except BaseException as problem:  # noqa: BLE001 - told to everybody who waits for it
                for job in group:
                    job.problem = job.problem or problem
            _tell(group)

    def _next(self) -> _Job | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._running = False
            return None

    def _save(self, group: list[_Job]) -> None:
        """Saves the first of the group, and others with it, in one transaction. Raises what concerns them all."""
        first, database = group[0], self._database
        left = first.since + PATIENCE - time.monotonic()
        with database.turn(max(left, 0)), told(), database.writing.connect() as connection:
            whole, until = connection.begin(), time.monotonic() + LONGEST
            self._one(first, Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only"))
            if not whole.is_active:  # it was refused, and nothing else was in it
                return
            while len(group) < MOST and time.monotonic() < until and self._waiting:
                group.append(self._waiting.popleft())
                save = Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
                self._one(group[-1], save)
                _require_whole(connection)
            whole.commit()
        for job in group:
            if job.done is not None:
                deliver_announced(job.done, database.hub)
                do_committed(job.done)

    def _one(self, job: _Job, tx: Session) -> None:
        """Does what was asked in this session, and leaves the commit to the group."""
        try:
            with told(), tx:
                try:
                    job.result = job.work(tx)
                    tx.commit()
                    job.done = tx
                except BaseException:
                    tx.rollback()
                    forget(tx)
                    do_in_any_case(tx)
                    raise
        except BaseException as problem:  # noqa: BLE001 - raised again where it was asked
            job.problem = problem


def _require_whole(connection: Connection) -> None:
    """When the disk is full SQLite takes back everything by itself: then nobody of the group has saved anything."""
    if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
        raise RuntimeError("the transaction of the group is gone")


def _tell(group: list[_Job]) -> None:
    """Gives each its answer, in the event loop that waits for it."""
    for loop in dict.fromkeys(job.loop for job in group):
        loop.call_soon_threadsafe(_settle, [job for job in group if job.loop is loop])


def _settle(group: list[_Job]) -> None:
    for job in group:
        if job.answer.done():
            continue
        if job.problem is not None:
            job.answer.set_exception(job.problem)
        else:
            job.answer.set_result(job.result)
