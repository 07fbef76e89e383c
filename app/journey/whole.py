"""Whole tables of one journey in one query: only to read, for pages that need many small tables at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select, union_all
from sqlalchemy.types import Boolean, Date, DateTime, TypeDecorator
from sqlmodel import Session, SQLModel

from app.core.clock import aware
from app.journey.models import Journey

Table = type[SQLModel]


def read_whole(tx: Session, journey: Journey, tables: tuple[Table, ...]) -> dict[Table, list[Any]]:
    """The rows of these tables that belong to the journey, in no order. They are in no session: never change one."""
    found: dict[Table, list[Any]] = {table: [] for table in tables}
    asked = {"tenant": journey.tenant_id, "journey": journey.id}
    for number, values in tx.connection().execute(_statement(tables, tx.get_bind().dialect.name), asked):
        table = tables[number]
        read = json.loads(values) if isinstance(values, str) else values
        found[table].append(table(**{n: back(v) for (n, back), v in zip(_columns(table), read, strict=True)}))
    return found


@cache
def _statement(tables: tuple[Table, ...], dialect: str) -> Any:
    """Each row as one JSON value: tables of several shapes fit in one answer."""
    as_json = func.json_array if dialect == "sqlite" else func.jsonb_build_array

    def rows(number: int, table: Table) -> Select:
        c = table.__table__.c  # type: ignore[attr-defined]
        here = (c.tenant_id == bindparam("tenant"), c.journey_id == bindparam("journey"))
        return select(literal(number), as_json(*c)).where(*here)

    return union_all(*(rows(number, table) for number, table in enumerate(tables)))


@cache
def _columns(table: Table) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Names, and how a value comes back from JSON, which knows no moments and in SQLite no truth."""
    return tuple((c.name, _back(c.type)) for c in table.__table__.c)  # type: ignore[attr-defined]


def _back(kind: Any) -> Callable[[Any], Any]:
    kind = kind.impl if isinstance(kind, TypeDecorator) else kind
    ways: dict[type, Callable[[Any], Any]] = {
        DateTime: lambda value: aware(datetime.fromisoformat(value)).astimezone(UTC),
        Date: date.fromisoformat,
        Boolean: bool,
    }
    for known, way in ways.items():
        if isinstance(kind, known):
            return lambda value: None if value is None else way(value)
    return lambda value: value
