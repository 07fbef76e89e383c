"""Goals, duties, actions and budget lines as they are shown and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.answers.fields import column_field
from app.answers.joint import JointFields
from app.content.pack import Chapter
from app.core.fields import FieldView
from app.core.text import capital
from app.journey.gate import Here
from app.journey.models import Party
from app.plan import reading, rules
from app.plan.models import Action
from app.plan.rows import KINDS, Kind
from app.plan.said import ActionSaid, Budget, BudgetSaid, GoalSaid
from app.plan.subjects import row_name, row_subject
from app.remarks.pages import AtView, at_subject
from app.screening.rules import own_items


@dataclass(frozen=True)
class RowView:
    """One row: its fields by column, and where it is changed."""

    id: str
    kind: str
    fields: dict[str, FieldView]
    url: str
    origin: str  # "Uit: …", or ""
    source_now: str  # how the source reads now, when it is another text than the row was made with
    may_write: bool
    said: GoalSaid | ActionSaid | BudgetSaid | None = None
    text: str = ""
    remarks: AtView | None = None

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True)
class DutiesView:
    party: Party
    does: tuple[RowView, ...]
    does_not: tuple[RowView, ...]
    roles: FieldView | None
    prompts: tuple[tuple[str, str], ...]  # (question, the sentence it becomes)
    add_url: str
    may_write: bool


@dataclass(frozen=True)
class BudgetView:
    rows: tuple[RowView, ...]
    said: Budget

    @property
    def unknown_text(self) -> str:
        """'bedrag nog onbekend: 2 regels', or ''."""
        count = self.said.unknown
        return f"bedrag nog onbekend: {count} {'regel' if count == 1 else 'regels'}" if count else ""


def row_field(here: Here, kind: Kind, row: Any, name: str, locked: str = "") -> FieldView:
    """One column of a row as a field."""
    goals = reading.rows_of(here, "doel").live if kind.name == "actie" else ()
    return column_field(
        f"{here.url}/plan/rij/{kind.name}/{row.id}/{name}",
        row,
        name,
        kind.specs(here.pack, here.parties, goals)[name],
        reading.rows_of(here, kind.name).versions,
        locked=locked,
        look="inline" if name in ("baseline_known", "certain") else "rows",
        rows=2,
    )


def row_view(here: Here, kind: Kind, row: Any, locked: str, said: Any = None, remark: str = "") -> RowView:
    specs = kind.specs(here.pack, here.parties, reading.rows_of(here, "doel").live if kind.name == "actie" else ())
    base = f"{here.url}/plan/rij/{kind.name}/{row.id}"
    piece = reading.read_pieces(here).get(row.origin) if row.origin else None
    now = dict(piece.row).get(kind.main, "") if piece else ""
    made = getattr(row, "prefilled", now)
    return RowView(
        id=row.id,
        kind=kind.name,
        fields={name: row_field(here, kind, row, name, locked) for name in specs},
        url=base,
        origin=f"Uit: {piece.label}" if piece else "",
        source_now=now if now and now != made else "",
        may_write=not locked,
        said=said,
        text=getattr(row, kind.main),
        remarks=at_subject(here, row_subject(here, kind, row, row_name(kind, getattr(said, "number", None))), remark),
    )


def goal_views(here: Here, locked: str, remark: str = "") -> tuple[RowView, ...]:
    said = {g.id: g for g in reading.read_goals(here)}
    goals = reading.rows_of(here, "doel").live
    return tuple(row_view(here, KINDS["doel"], g, locked, said[g.id], remark) for g in goals)


def action_views(here: Here, locked: str, remark: str = "") -> tuple[RowView, ...]:
    said = {a.id: a for a in reading.read_actions(here)}
    rows: Sequence[Action] = reading.sorted_actions(reading.rows_of(here, "actie").live)
    return tuple(row_view(here, KINDS["actie"], a, locked, said[a.id], remark) for a in rows)


def budget_view(here: Here, locked: str, remark: str = "") -> BudgetView:
    rows = reading.rows_of(here, "begroting").live
    said = rules.budget(reading.budget_said(r) for r in rows)
    lines = {line.id: line for line in said.lines}
    views = tuple(row_view(here, KINDS["begroting"], r, locked, lines[r.id], remark) for r in rows)
    return BudgetView(views, said)


def duties_views(
    here: Here, fields: JointFields, chapter: Chapter, locked: str, remark: str = ""
) -> tuple[DutiesView, ...]:
    kind, rows = KINDS["taak"], reading.rows_of(here, "taak").live
    views = []
    for party in here.parties:
        mine = [r for r in rows if r.party_id == party.id]
        name = f"rol/{party.id}"
        views.append(
            DutiesView(
                party=party,
                does=tuple(row_view(here, kind, r, locked, remark=remark) for r in mine if r.side == "doet"),
                does_not=tuple(row_view(here, kind, r, locked, remark=remark) for r in mine if r.side == "doet-niet"),
                roles=fields.view(name, part=chapter.slug) if name in fields.specs else None,
                prompts=boundary_prompts(here, party, {r.text for r in mine}),
                add_url=f"{here.url}/plan/rij/taak",
                may_write=not locked,
            )
        )
    return tuple(views)


def boundary_prompts(here: Here, party: Party, known: set[str]) -> tuple[tuple[str, str], ...]:
    """Questions from the other own columns: what they hold is probably not this party's to do."""
    pack, own = here.pack, here.pack.party_kind(party.kind).column
    if own is None:
        return ()
    found = []
    for theme in pack.themes:
        mine = {i.phrase for i in own_items(pack, party, theme)}
        for column in pack.own_columns:
            if column.slug == own:
                continue
            for item in theme.in_column(column.slug):
                sentence = f"{item.phrase[:1].upper()}{item.phrase[1:]}: dat ligt bij {_column_name(column.short)}."
                if item.kind == "beleid" and item.phrase not in mine and sentence not in known:
                    question = f"{capital(item.phrase)} ligt bij {_column_name(column.short)}. Klopt dat?"
                    found.append((question, sentence))
    return tuple(dict.fromkeys(found))


def _column_name(short: str) -> str:
    return f"de {short[:1].lower()}{short[1:]}"
