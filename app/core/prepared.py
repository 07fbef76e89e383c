"""Statements that every save asks. SQLAlchemy takes three times as long to ask them as SQLite takes to answer."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlmodel import Session

_CONNECTION = "driekolom_connection"
DRIVER = "driekolom_driver"  # of a session: the connection of SQLite itself, when nobody listens to what is asked


class Prepared:
    """A statement of columns, with named parameters. On SQLite it is asked of the driver itself, compiled once.

    Somebody who listens to what is asked (a test that counts) hears of it all the same: then SQLAlchemy asks it.
    """

    def __init__(self, statement: Executable | Callable[[], Executable]):
        """A statement, or what makes it when it is asked first: building one takes longer than asking it."""
        self._given = statement
        self._plan: _Plan | None = None

    @cached_property
    def _statement(self) -> Any:
        return self._given if isinstance(self._given, Executable) else self._given()

    def all(self, tx: Session, asked: Mapping[str, Any]) -> Sequence[Any]:
        """All rows, with the names of the columns. What the session has not flushed yet is not seen."""
        if driver := self._driver_of(tx):
            try:
                return self._plan.all(driver, asked)  # type: ignore[union-attr]
            except sqlite3.Error:
                pass  # asked again, to be told in the usual words
        return _connection_of(tx).execute(self._statement, asked).all()  # type: ignore[return-value, call-overload]

    def do(self, tx: Session, asked: Mapping[str, Any]) -> None:
        """For a statement that gives no rows."""
        if driver := self._driver_of(tx):
            try:
                self._plan.ask(driver, asked)  # type: ignore[union-attr]
                return
            except sqlite3.Error:
                pass
        _connection_of(tx).execute(self._statement, asked)  # type: ignore[call-overload]

    def _driver_of(self, tx: Session) -> Any:
        """The driver, when it can be asked itself; the plan is there then."""
        driver = tx.info.get(DRIVER)
        if driver is not None and self._plan is not None:
            return driver
        connection = _connection_of(tx)
        if connection.dialect.name != "sqlite" or connection.dispatch.before_cursor_execute:
            return None
        if self._plan is None:
            self._plan = _Plan(self._statement, connection.dialect)
        return connection.connection.driver_connection


def _connection_of(tx: Session) -> Connection:
    """What the session itself would say, asked once in a transaction: it takes as long as the statement."""
    transaction, connection = tx.info.get(_CONNECTION, (None, None))
    if connection is None or not transaction.is_active or transaction is not tx.get_transaction():
        connection = tx.connection()
        tx.info[_CONNECTION] = (tx.get_transaction(), connection)
    return connection


class _Plan:
    def __init__(self, statement: Any, dialect: Dialect):
        compiled = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._names: list[str] = compiled.positiontup
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._send = [(compiled._bind_processors.get(name)) for name in self._names]  # noqa: SLF001
        columns = getattr(compiled, "_result_columns", ())
        self._row = namedtuple("Row", [column.keyname for column in columns])  # type: ignore[misc]  # noqa: PYI024
        made = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._made = [(place, make) for place, make in enumerate(made) if make]

    def ask(self, driver: sqlite3.Connection, asked: Mapping[str, Any]) -> sqlite3.Cursor:
        sent = {**self._fixed, **asked}
        values = [sent[n] if p is None else p(sent[n]) for n, p in zip(self._names, self._send, strict=True)]
        return driver.execute(self._text, values)

    def all(self, driver: sqlite3.Connection, asked: Mapping[str, Any]) -> list[Any]:
        found = self.ask(driver, asked).fetchall()
        if not self._made:
            return [self._row(*row) for row in found]
        rows = []
        for row in map(list, found):
            for place, make in self._made:
                row[place] = make(row[place])
            rows.append(self._row(*row))
        return rows
