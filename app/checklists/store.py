"""Queries of the checklists. Every page asks a few whole answers: nothing is asked per row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, func, select

from app.answers.models import FieldVersion
from app.checklists.models import Checklist, Criterion, Institution, Progress
from app.core.errors import NotFound
from app.journey.models import Journey, Municipality


@dataclass(frozen=True)
class ListRow:
    """A list with what there is to count."""

    checklist: Checklist
    municipalities: tuple[Municipality, ...]  # all of the journey: a page needs their names with the list
    criteria: int
    institutions: int
    states: tuple[tuple[str, int], ...]
    changed: datetime | None  # when somebody last said how far an institution is


def list_checklists(tx: Session, journey: Journey) -> list[ListRow]:
    """All lists of a journey in their order, removed ones included: one query."""

    def live(table):
        return (
            select(func.count())
            .where(
                table.tenant_id == Checklist.tenant_id,
                table.checklist_id == Checklist.id,
                col(table.removed_at).is_(None),
            )
            .correlate(Checklist)
            .scalar_subquery()
        )

    said = (
        select(
            col(Criterion.checklist_id).label("checklist_id"),
            col(Progress.state).label("state"),
            func.count().label("count"),
            func.max(Progress.saved_at).label("changed"),
        )
        .join(Criterion, (Criterion.tenant_id == Progress.tenant_id) & (Criterion.id == Progress.criterion_id))
        .join(Institution, (Institution.tenant_id == Progress.tenant_id) & (Institution.id == Progress.institution_id))
        .where(
            Progress.tenant_id == journey.tenant_id,
            Progress.journey_id == journey.id,
            Progress.state != "",
            col(Criterion.removed_at).is_(None),
            col(Institution.removed_at).is_(None),
        )
        .group_by(Criterion.checklist_id, Progress.state)
        .subquery()
    )
    rows = tx.exec(
        select(Checklist, Municipality, live(Criterion), live(Institution), said.c.state, said.c.count, said.c.changed)
        .join(
            Municipality,
            (Municipality.tenant_id == Checklist.tenant_id) & (Municipality.journey_id == Checklist.journey_id),
            isouter=True,
        )
        .join(said, said.c.checklist_id == Checklist.id, isouter=True)
        .where(Checklist.tenant_id == journey.tenant_id, Checklist.journey_id == journey.id)
        .order_by(Checklist.position, Checklist.id, Municipality.position, Municipality.id, said.c.state)
    ).all()
    by_list: dict[str, list[Any]] = {}
    for row in rows:
        by_list.setdefault(row[0].id, []).append(row)
    return [_row(found) for found in by_list.values()]


def _row(rows: Sequence[Any]) -> ListRow:
    """One list out of its rows: one for each gemeente and state."""
    checklist, _, criteria, institutions, *_ = rows[0]
    states = {state: (count, changed) for *_, state, count, changed in rows if state}
    return ListRow(
        checklist,
        tuple({m.id: m for _, m, *_ in rows if m is not None}.values()),
        criteria,
        institutions,
        tuple((state, count) for state, (count, _) in states.items()),
        max((changed for _, changed in states.values()), default=None),
    )


def get_checklist(tx: Session, journey: Journey, checklist_id: str) -> Checklist:
    """Also a removed one. Raises NotFound."""
    return _get(tx, journey, Checklist, checklist_id)


def get_criterion(tx: Session, checklist: Checklist, criterion_id: str) -> Criterion:
    """Also a removed one. Raises NotFound."""
    return _of_list(_get(tx, checklist, Criterion, criterion_id), checklist)


def get_institution(tx: Session, checklist: Checklist, institution_id: str) -> Institution:
    """Also a removed one. Raises NotFound."""
    return _of_list(_get(tx, checklist, Institution, institution_id), checklist)


def _get(tx: Session, journey: Journey | Checklist, table, row_id: str):
    found = tx.get(table, (journey.tenant_id, row_id))
    if found is None or found.journey_id != (journey.id if isinstance(journey, Journey) else journey.journey_id):
        raise NotFound
    return found


def _of_list(row, checklist: Checklist):
    if row.checklist_id != checklist.id:
        raise NotFound
    return row


def list_criteria(tx: Session, checklist: Checklist) -> list[tuple[Criterion, int]]:
    """All criteria in their order, removed ones included, each with at how many institutions something was said."""
    return _with_said(tx, checklist, Criterion, Progress.criterion_id, (Criterion.position, Criterion.id))


def list_institutions(tx: Session, checklist: Checklist) -> list[tuple[Institution, int]]:
    """All institutions, removed ones included, each with at how many criteria something was said."""
    return _with_said(tx, checklist, Institution, Progress.institution_id, (Institution.id,))


def _with_said(tx: Session, checklist: Checklist, table, column, order):
    said = (
        select(func.count())
        .where(
            Progress.tenant_id == table.tenant_id,
            column == table.id,
            (Progress.state != "") | (Progress.note != ""),
        )
        .correlate(table)
        .scalar_subquery()
    )
    return list(
        tx.exec(
            select(table, said)
            .where(table.tenant_id == checklist.tenant_id, table.checklist_id == checklist.id)
            .order_by(*order)
        ).all()
    )


def list_lines(tx: Session, checklist: Checklist, table) -> list:
    """The rows of this list in one table, removed ones included."""
    return list(
        tx.exec(
            select(table)
            .where(table.tenant_id == checklist.tenant_id, table.checklist_id == checklist.id)
            .order_by(table.id)
        )
    )


def list_live(tx: Session, journey: Journey, table) -> list:
    """The rows of all lists of a journey in one table, without the removed ones."""
    return list(
        tx.exec(
            select(table)
            .where(
                table.tenant_id == journey.tenant_id, table.journey_id == journey.id, col(table.removed_at).is_(None)
            )
            .order_by(table.id)
        )
    )


class Place(NamedTuple):
    """An institution, as little of it as a page of all of them needs."""

    id: str
    party_id: str
    name: str


class Said(NamedTuple):
    """How far one institution is with one criterion."""

    institution_id: str
    criterion_id: str
    state: str
    note: str = ""
    dated: str = ""


def list_said(tx: Session, journey: Journey) -> list[Said]:
    """Everything that was said of how far somebody is, on all lists."""
    rows = tx.exec(
        select(Progress.institution_id, Progress.criterion_id, Progress.state, Progress.note, Progress.dated)
        .where(Progress.tenant_id == journey.tenant_id, Progress.journey_id == journey.id)
        .order_by(Progress.id)
    )
    return [Said(*row) for row in rows]


def list_progress(tx: Session, checklist: Checklist) -> tuple[list[Place], list[Said]]:
    """The institutions of a list with what was said of each: one query, and no more than is shown."""
    rows = tx.exec(
        select(Institution.id, Institution.party_id, Institution.name, Progress.criterion_id, Progress.state)
        .join(
            Progress,
            (Progress.tenant_id == Institution.tenant_id) & (Progress.institution_id == Institution.id),
            isouter=True,
        )
        .where(
            Institution.tenant_id == checklist.tenant_id,
            Institution.checklist_id == checklist.id,
            col(Institution.removed_at).is_(None),
        )
        .order_by(Institution.id, Progress.id)
    ).all()
    places = {row[0]: Place(*row[:3]) for row in rows}
    return list(places.values()), [Said(i, criterion, state) for i, _, _, criterion, state in rows if criterion]


def list_progress_of(
    tx: Session, checklist: Checklist, institution_id: str
) -> tuple[list[Institution], dict[str, Progress], dict[tuple[str, str], FieldVersion]]:
    """All institutions of the list that are there, and of one of them what was said by criterion, with the versions of
    the columns: one query."""
    rows = tx.exec(
        select(Institution, Progress, FieldVersion)
        .join(
            Progress,
            (Progress.tenant_id == Institution.tenant_id)
            & (Progress.institution_id == Institution.id)
            & (Institution.id == institution_id),
            isouter=True,
        )
        .join(
            FieldVersion,
            (col(FieldVersion.tenant_id) == Progress.tenant_id)
            & (col(FieldVersion.journey_id) == Progress.journey_id)
            & (col(FieldVersion.kind) == Progress.__tablename__)
            & (col(FieldVersion.record_id) == Progress.id),
            isouter=True,
        )
        .where(
            Institution.tenant_id == checklist.tenant_id,
            Institution.checklist_id == checklist.id,
            col(Institution.removed_at).is_(None),
        )
        .order_by(Institution.id, Progress.id, col(FieldVersion.id))
    ).all()
    return (
        list({i.id: i for i, _, _ in rows}.values()),
        {p.criterion_id: p for _, p, _ in rows if p is not None},
        {(v.record_id, v.field): v for _, _, v in rows if v is not None},
    )


def find_progress(tx: Session, institution: Institution, criterion: Criterion) -> Progress | None:
    return tx.exec(
        select(Progress).where(
            Progress.tenant_id == institution.tenant_id,
            Progress.institution_id == institution.id,
            Progress.criterion_id == criterion.id,
        )
    ).first()
