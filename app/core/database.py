"""The database: one engine, one transaction per request, one writer at a time on SQLite.

Reading requests get a plain session. Writing requests hold a process-wide lock from `BEGIN IMMEDIATE` to commit: on
SQLite writers queue anyway, and queuing in Python is measured to be ten times fairer than SQLite's own back-off.
The commit happens before the answer is sent (`app.core.turn`), so "Opgeslagen" is never said too early.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, ForeignKeyConstraint, event, exc, text
from sqlalchemy.pool import QueuePool
from sqlmodel import Field, Session, SQLModel, create_engine
from sqlmodel.main import SQLModelConfig

from app.core.errors import Refusal
from app.core.ids import new_id
from app.core.live import Hub, deliver_announced, forget

if TYPE_CHECKING:
    from app.core.writer import Writer

LOG = logging.getLogger(__name__)

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """Base of every table: the tenant is part of the key, so a row of one tenant can never point at another's."""

    model_config = SQLModelConfig(defer_build=True)  # a table checks nothing; what would is built when it is asked

    tenant_id: str = Field(primary_key=True, max_length=16)
    id: str = Field(primary_key=True, default_factory=new_id, max_length=16)


def belongs_to(table: str, column: str = "", *, keep: bool = False) -> ForeignKeyConstraint:
    """A composite foreign key (tenant, id) → `table`. Rows go with what they belong to, unless `keep`."""
    return ForeignKeyConstraint(
        ["tenant_id", column or f"{table}_id"],
        [f"{table}.tenant_id", f"{table}.id"],
        ondelete=None if keep else "CASCADE",
    )


IN_ANY_CASE = "driekolom_in_any_case"
LIGHT = "driekolom_light"  # a connection on which the driver is told to begin by whoever keeps it (`app.core.light`)


def in_any_case(tx: Session, do: Callable[[], object]) -> None:
    """What must stay although the rest of this transaction is taken back: `do` is done again after a rollback."""
    tx.info.setdefault(IN_ANY_CASE, []).append(do)


ONCE_COMMITTED = "driekolom_once_committed"


def once_committed(tx: Session, do: Callable[[], object]) -> None:
    """What is done when all of this transaction is committed, and never when it is not. The event of SQLAlchemy comes
    at each savepoint too, when nobody else can see a thing yet."""
    tx.info.setdefault(ONCE_COMMITTED, []).append(do)


def do_committed(tx: Session) -> None:
    """Does that."""
    for do in tx.info.pop(ONCE_COMMITTED, ()):
        do()


class Busy(Refusal):
    status = 503

    def __init__(self) -> None:
        super().__init__("Het is even druk. Uw tekst staat nog in dit venster; we proberen het zo opnieuw.")


class Collided(Busy):
    """Two transactions got in each other's way. Nothing is left of this one; done again it finds what the other did."""


class Queue:
    """A lock that is given in the order in which it was asked for.

    `threading.Lock` goes to whoever happens to run: with 32 people saving, the last of a hundred waits four times as
    long as needed.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def acquire(self, timeout: float) -> bool:
        """Waits for its turn, at most so many seconds; False when it did not come."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout):
            return True
        with self._mutex:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # the turn came at the last moment

    def release(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


# Transactions of a process at the same moment. One that opens another beside it (the log, while a page is read) holds a
# connection and waits for a second: those are kept apart, or sixteen of them would wait for each other.
PLACES, BESIDE = 16, 8
PATIENCE = 20  # seconds that one waits for its place

_SQLITE: dict[str, Any] = {
    "poolclass": QueuePool,
    "pool_size": PLACES,
    "max_overflow": BESIDE + 2,  # one that a thread keeps (`app.core.light`), and one for the log of what it writes
    "connect_args": {"check_same_thread": False},
}
# Who waits too long for a row of somebody else hears it is busy. A connection that the server closed in the meantime is
# replaced without anybody noticing; one to a machine that is gone is given up after half a minute, on both sides.
_LIMITS = {
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "300s",  # longer than making a document takes
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
ALIVE = {"connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
_POSTGRESQL: dict[str, Any] = {
    "pool_size": PLACES // 2,
    "max_overflow": PLACES // 2 + BESIDE,
    "pool_timeout": PATIENCE,
    "pool_pre_ping": True,
    "connect_args": {
        **ALIVE,
        "application_name": "driekolom",
        "client_encoding": "utf8",  # whatever the surroundings say
        "options": " ".join(f"-c {name}={value}" for name, value in _LIMITS.items()),
    },
}
_ONE_MOMENT = {"isolation_level": "REPEATABLE READ"}  # whoever reads sees one moment, as on SQLite


class Database:
    """The engine and the ways to open a transaction on it."""

    def __init__(self, url: str):
        self.url = url
        self.sqlite = url.startswith("sqlite")
        if url.startswith("postgresql://"):
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        if self.sqlite and (path := url.removeprefix("sqlite:///")):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = create_engine(url, **(_SQLITE if self.sqlite else _POSTGRESQL))
        self.hub = Hub(self)
        self.groups = self.sqlite  # saves that wait for each other are committed together
        self._queue = Queue()
        self._places = threading.BoundedSemaphore(PLACES)
        self._in_thread = threading.local()
        if self.sqlite:
            _prepare_sqlite(self.engine)
        self.writing: Engine = self.engine.execution_options(writes=True)
        self.reading: Engine = self.engine if self.sqlite else self.engine.execution_options(**_ONE_MOMENT)

    def close(self) -> None:
        """Ends the subscriptions, the listening and the connections."""
        self.hub.close()
        self.engine.dispose()

    @cached_property
    def writer(self) -> Writer:
        """For saves on SQLite, when `groups`."""
        from app.core.writer import Writer

        return Writer(self)

    def count_rows(self) -> None:
        """Lets SQLite count, roughly and quickly, how its rows are spread.

        Without that it takes the index of the tenant for everything of one journey, because that one is in order, and
        so reads every journey there is. PostgreSQL counts by itself.
        """
        if self.sqlite:
            with self.write() as tx:
                connection = tx.connection()
                connection.exec_driver_sql("PRAGMA analysis_limit=400")
                connection.exec_driver_sql("ANALYZE")
            self.engine.dispose()  # a connection learns what was counted when it opens

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads, and all of it as it was at one moment; whatever it changed is thrown away.

        Raises Busy when there is no room, or the database is away.
        """
        with self.place(), told(), Session(self.reading, expire_on_commit=False) as tx:
            yield tx  # closing throws away what was changed; rolling back first would make every row read itself again

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises.

        Raises Busy when another process holds SQLite's write lock for longer than the busy time-out or the database is
        away, and Collided when two processes made the same row at the same moment: who tries again finds the row of
        the other.
        """
        with self.place(), self.turn(PATIENCE), told(), Session(self.writing, expire_on_commit=False) as tx:
            try:
                yield tx
                tx.commit()
                deliver_announced(tx, self.hub)
                do_committed(tx)
            except BaseException:
                tx.rollback()
                forget(tx)
                do_in_any_case(tx)
                raise

    @contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """The turn to write: SQLite has one at a time. Raises Busy when it does not come in so many seconds."""
        if self.sqlite and not self._queue.acquire(patience):
            raise Busy
        try:
            yield
        finally:
            if self.sqlite:
                self._queue.release()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Room for a transaction. One within another of the same thread has its own."""
        if getattr(self._in_thread, "inside", False):
            yield
            return
        if not self._places.acquire(timeout=PATIENCE):
            raise Busy
        self._in_thread.inside = True
        try:
            yield
        finally:
            self._in_thread.inside = False
            self._places.release()

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """One process at a time does `what`; the others wait. On SQLite there is only one."""
        if self.sqlite:
            yield
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()  # the lock goes with the connection, however this ends
            connection.exec_driver_sql("SET lock_timeout = 0")
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.execute(text("SELECT pg_advisory_lock(hashtext(:what))"), {"what": f"driekolom {what}"})
            yield


@contextmanager
def told() -> Iterator[None]:
    """Turns what a database says when somebody else was there at the same moment into Busy."""
    try:
        yield
    except exc.IntegrityError as problem:
        LOG.warning("refused by a constraint: %s", str(problem.orig).partition("\n")[0])  # names, never values
        raise Collided from problem
    except (exc.OperationalError, exc.InterfaceError) as problem:
        if kind := _kind_of(problem):
            raise kind from problem
        raise
    except exc.TimeoutError as problem:  # no connection came free
        raise Busy from problem


def _kind_of(problem: exc.DBAPIError) -> type[Busy] | None:
    """What to say of trouble with the database; None when it is no passing trouble."""
    if type(problem.orig).__module__.startswith("sqlite3"):
        return Busy if any(word in str(problem.orig) for word in ("locked", "busy")) else None
    state = getattr(problem.orig, "sqlstate", None) or "no connection"
    if state in ("40001", "40P01"):  # PostgreSQL ended one of two that stood in each other's way
        return Collided
    LOG.warning("the database is busy or away: %s (%s)", type(problem.orig).__name__, state)
    return Busy


def do_in_any_case(tx: Session) -> None:
    """After a rollback: what must stay all the same."""
    if todo := tx.info.pop(IN_ANY_CASE, None):
        for do in todo:
            do()
        tx.commit()


# What every connection says first. FULL: when a commit is done, it is on the disk.
SQLITE = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")


def say(driver: sqlite3.Connection, words: str) -> None:
    """Says this straight to the driver: SQLAlchemy takes ten times as long to say it as SQLite to do it. Raises what
    SQLAlchemy would."""
    try:
        driver.execute(words)
    except sqlite3.OperationalError as problem:
        raise exc.OperationalError(words, None, problem) from problem


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection, _record) -> None:
        connection.isolation_level = None  # the begin event below decides how a transaction starts
        cursor = connection.cursor()
        for pragma in SQLITE:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "checkin")
    def _clean(connection, _record) -> None:
        """A transaction of which the commit failed is still open: nobody else may find it in a connection of the
        pool."""
        if connection is not None and connection.in_transaction:
            connection.rollback()

    @event.listens_for(engine, "begin")
    def _begin(connection) -> None:
        options = connection.get_execution_options()
        if LIGHT in options:
            return
        say(connection.connection.driver_connection, "BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")
