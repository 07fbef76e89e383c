"""Queries of the plan. Rows come with the versions of their columns: one query a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, literal, union_all
from sqlmodel import Session, col, select

from app.answers.models import FieldVersion
from app.core.errors import NotFound
from app.journey.models import Journey


@dataclass(frozen=True)
class Rows:
    """The rows of one table in their order; `all` holds removed ones too."""

    all: tuple[Any, ...]
    versions: dict[tuple[str, str], FieldVersion]

    @property
    def live(self) -> tuple[Any, ...]:
        return tuple(r for r in self.all if r.removed_at is None)


def list_rows(tx: Session, journey: Journey, table: type[Any]) -> Rows:
    found = tx.exec(
        select(table, FieldVersion)
        .join(
            FieldVersion,
            (col(FieldVersion.tenant_id) == table.tenant_id)
            & (col(FieldVersion.journey_id) == table.journey_id)
            & (col(FieldVersion.kind) == table.__tablename__)
            & (col(FieldVersion.record_id) == table.id),
            isouter=True,
        )
        .where(table.tenant_id == journey.tenant_id, table.journey_id == journey.id)
        .order_by(table.position, table.id, col(FieldVersion.id))
    ).all()
    rows = {row.id: row for row, _ in found}
    return Rows(tuple(rows.values()), {(v.record_id, v.field): v for _, v in found if v is not None})


@dataclass(frozen=True)
class Mark:
    """Of a row only this: that it is there, where it comes from, and whether somebody changed it."""

    kind: str
    origin: str
    removed: bool
    touched: bool


def list_marks(tx: Session, journey: Journey, tables: dict[str, type[Any]]) -> tuple[Mark, ...]:
    """The rows of several tables at once, by kind: one query for what the rail of chapters needs to know."""
    parts = [
        select(
            literal(kind),
            table.origin,
            col(table.removed_at).is_not(None),
            exists().where(
                col(FieldVersion.tenant_id) == table.tenant_id,
                col(FieldVersion.journey_id) == table.journey_id,
                col(FieldVersion.kind) == table.__tablename__,
                col(FieldVersion.record_id) == table.id,
            ),
        ).where(table.tenant_id == journey.tenant_id, table.journey_id == journey.id)
        for kind, table in tables.items()
    ]
    return tuple(
        Mark(kind, origin, bool(gone), bool(touched)) for kind, origin, gone, touched in tx.execute(union_all(*parts))
    )


def get_row(tx: Session, journey: Journey, table: type[Any], row_id: str) -> Any:
    """Also a removed one. Raises NotFound."""
    found = tx.get(table, (journey.tenant_id, row_id))
    if found is None or found.journey_id != journey.id:
        raise NotFound
    return found
