"""A transaction of a few prepared statements, for one thread that writes many times a second.

A session of SQLAlchemy that begins, takes a connection from the pool and gives it back costs as much as the statements
in between. On SQLite this thread keeps its connection, and tells the driver itself to begin and to commit. The session
that it gets is a real one: what is not `Prepared` can be asked of it as always, and joins the same transaction.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import cast

from sqlalchemy import Connection, exc
from sqlmodel import Session

from app.core.database import IN_ANY_CASE, LIGHT, PATIENCE, Busy, Database, do_committed, do_in_any_case, say, told
from app.core.live import deliver_announced, forget
from app.core.prepared import DRIVER

CHECKPOINT = 128  # commits after which the database takes over what is in the log of SQLite: about a thousand pages
LARGEST = 8000  # pages in that log before whoever commits does so itself

Version = tuple[int, int]


class Light:
    """The transactions of one thread. `close` gives its connection back."""

    def __init__(self, database: Database):
        self._database = database
        self._kept: Connection | None = None
        self._opened = 0  # connections, one after another
        self._commits = 0
        self._beside: threading.Thread | None = None
        self._session: Session  # one for all transactions: making one takes as long as a statement

    @contextmanager
    def write(self) -> Iterator[Session]:
        """As `Database.write`."""
        if not self._database.sqlite:
            with self._database.write() as tx:
                yield tx
            return
        with self._database.place(), self._database.turn(PATIENCE), told():
            tx, driver = self._begin("BEGIN IMMEDIATE")
            try:
                yield tx
                if not tx.in_transaction():
                    tx.dispatch.before_commit(tx)
                if used := tx.in_transaction():
                    tx.commit()
                if driver.in_transaction:
                    say(driver, "COMMIT")
                deliver_announced(tx, self._database.hub)
                do_committed(tx)
                if used:
                    tx.close()
                self._commits += 1
                if self._commits % CHECKPOINT == 0:
                    self._take_over()
            except BaseException:
                self._take_back(tx, driver)
                forget(tx)
                if tx.info.get(IN_ANY_CASE):
                    say(driver, "BEGIN IMMEDIATE")
                    try:
                        do_in_any_case(tx)
                    finally:
                        self._take_back(tx, driver)
                raise

    @contextmanager
    def read(self) -> Iterator[Session]:
        """As `Database.read`."""
        if not self._database.sqlite:
            with self._database.read() as tx:
                yield tx
            return
        with self._database.place(), told():
            tx, driver = self._begin("BEGIN")
            try:
                yield tx
            finally:
                self._take_back(tx, driver)

    def version(self, tx: Session) -> Version | None:
        """What is another one once anybody else, in this process or not, has committed; what this thread commits does
        not change it. None where the database cannot say so, or somebody listens to what is asked."""
        driver = tx.info.get(DRIVER)
        return (self._opened, driver.execute("PRAGMA data_version").fetchone()[0]) if driver else None

    def _begin(self, words: str) -> tuple[Session, sqlite3.Connection]:
        if self._kept is None:
            self._kept = self._database.engine.connect().execution_options(**{LIGHT: True})
            self._opened += 1
            self._session = Session(self._kept, expire_on_commit=False)
            self._kept.connection.driver_connection.execute(f"PRAGMA wal_autocheckpoint={LARGEST}")  # type: ignore[union-attr]
        tx, driver = self._session, cast(sqlite3.Connection, self._kept.connection.driver_connection)
        tx.info.clear()
        if not self._kept.dispatch.before_cursor_execute:  # somebody who listens hears of it all the same
            tx.info[DRIVER] = driver
        say(driver, words)
        return tx, driver

    @staticmethod
    def _take_back(tx: Session, driver: sqlite3.Connection) -> None:
        tx.close()
        if driver.in_transaction:
            driver.rollback()

    def _take_over(self) -> None:
        """Lets another thread do what SQLite does in the commit that happens to be the thousandth page: that takes two
        more fsyncs, and whoever types then waits for them. It holds up nobody but for the few pages that came
        meanwhile: with those all is taken over, and the log begins again in the room that it has. One that grows takes
        twice as long to commit to."""
        if self._beside is None or not self._beside.is_alive():
            self._beside = threading.Thread(target=self._checkpoint, name="samen-log", daemon=True)
            self._beside.start()

    def _checkpoint(self) -> None:
        with suppress(exc.SQLAlchemyError, sqlite3.Error, Busy), self._database.engine.connect() as connection:
            driver = cast(sqlite3.Connection, connection.connection.driver_connection)
            driver.execute("PRAGMA wal_checkpoint(PASSIVE)")
            with self._database.turn(PATIENCE):
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Not while a transaction is open."""
        kept, self._kept = self._kept, None
        if kept is not None:
            with suppress(exc.SQLAlchemyError, sqlite3.Error):
                cast(sqlite3.Connection, kept.connection.driver_connection).execute("PRAGMA wal_autocheckpoint=1000")
                kept.close()
