"""A transaction of a few prepared statements, for one thread that writes many times a second.

A session of SQLAlchemy that begins, takes a connection from the pool and gives it back costs as much as the statements
in between. On SQLite this thread keeps its connection, and tells the driver itself to begin and to commit. The session
that it gets is a real one: what is not `Prepared` can be asked of it as always, and joins the same transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import cast

from sqlalchemy import Connection, exc
from sqlmodel import Session

from app.core.database import IN_ANY_CASE, LIGHT, PATIENCE, Database, do_committed, do_in_any_case, told
from app.core.live import deliver_announced, forget
from app.core.prepared import DRIVER


class Light:
    """The transactions of one thread. `close` gives its connection back."""

    def __init__(self, database: Database):
        self._database = database
        self._kept: Connection | None = None
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
                    _say(driver, "COMMIT")
                deliver_announced(tx, self._database.hub)
                do_committed(tx)
                if used:
                    tx.close()
            except BaseException:
                self._take_back(tx, driver)
                forget(tx)
                if tx.info.get(IN_ANY_CASE):
                    _say(driver, "BEGIN IMMEDIATE")
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

    def _begin(self, words: str) -> tuple[Session, sqlite3.Connection]:
        if self._kept is None:
            self._kept = self._database.engine.connect().execution_options(**{LIGHT: True})
            self._session = Session(self._kept, expire_on_commit=False)
        tx, driver = self._session, cast(sqlite3.Connection, self._kept.connection.driver_connection)
        tx.info.clear()
        if not self._kept.dispatch.before_cursor_execute:  # somebody who listens hears of it all the same
            tx.info[DRIVER] = driver
        _say(driver, words)
        return tx, driver

    @staticmethod
    def _take_back(tx: Session, driver: sqlite3.Connection) -> None:
        tx.close()
        if driver.in_transaction:
            driver.rollback()

    def close(self) -> None:
        """Not while a transaction is open."""
        kept, self._kept = self._kept, None
        if kept is not None:
            with suppress(exc.SQLAlchemyError):
                kept.close()


def _say(driver: sqlite3.Connection, words: str) -> None:
    try:
        driver.execute(words)
    except sqlite3.OperationalError as problem:
        raise exc.OperationalError(words, None, problem) from problem
