"""What a version holds: the text and the rows of every chapter, as they were stored and as a reader saw them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, select

from app.answers.actions import column_text
from app.answers.models import JointAnswer
from app.content.pack import Chapter, Pack
from app.core.fields import Spec, shown
from app.journey.models import Journey, Party
from app.journey.packs import pack_of
from app.journey.store import list_parties
from app.plan import rules
from app.plan.reading import sorted_actions
from app.plan.rows import KINDS, SIDES, Kind
from app.plan.subjects import row_name
from app.prose.models import Paragraph

MOST = 50_000_000  # bytes of one version, unpacked: more is not ours


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    id: str
    kind: str
    text: str
    rich: str = ""  # with what is bold, italic or a link


@dataclass(frozen=True)
class RowThen:
    """A goal, duty, action or budget line: its columns as stored, and in words (label, value)."""

    kind: str
    id: str
    name: str  # 'doel 2'
    columns: dict[str, str]
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ChapterThen:
    slug: str
    texts: tuple[Text, ...]
    rows: tuple[RowThen, ...]
    fields: tuple[tuple[str, str, str], ...]  # path, label, value in words: regie, roles, evaluation


@dataclass(frozen=True)
class Content:
    chapters: tuple[ChapterThen, ...]

    def chapter(self, slug: str) -> ChapterThen:
        """Empty for a chapter that was not there."""
        return next((c for c in self.chapters if c.slug == slug), ChapterThen(slug, (), (), ()))


def packed(content: Content) -> bytes:
    return zlib.compress(json.dumps(asdict(content), ensure_ascii=False, separators=(",", ":")).encode())


def unpacked(stored: bytes) -> Content:
    found = json.loads(zlib.decompressobj().decompress(stored, MOST))
    return Content(
        tuple(
            ChapterThen(
                c["slug"],
                tuple(Text(**t) for t in c["texts"]),
                tuple(
                    RowThen(r["kind"], r["id"], r["name"], r["columns"], tuple((a, b) for a, b in r["words"]))
                    for r in c["rows"]
                ),
                tuple((a, b, d) for a, b, d in c["fields"]),
            )
            for c in found["chapters"]
        )
    )


def content_of(tx: Session, journey: Journey) -> Content:
    """The plan as it stands now in this transaction."""
    pack, parties = pack_of(tx, journey), list_parties(tx, journey)
    here = (Paragraph.tenant_id == journey.tenant_id, Paragraph.journey_id == journey.id)
    live = select(Paragraph).where(*here, col(Paragraph.removed_at).is_(None))
    texts = tx.exec(live.order_by(Paragraph.chapter, Paragraph.position, Paragraph.id)).all()
    rows = {kind.name: _rows(tx, journey, kind) for kind in KINDS.values()}
    joint = {
        a.path: a.value
        for a in tx.exec(
            select(JointAnswer).where(JointAnswer.tenant_id == journey.tenant_id, JointAnswer.journey_id == journey.id)
        )
        if a.value
    }
    specs = rules.fields(pack, parties)
    return Content(
        tuple(
            ChapterThen(
                chapter.slug,
                tuple(
                    Text(p.id, p.kind, p.text, p.rich)
                    for p in texts
                    if p.chapter == chapter.slug and p.removed_at is None
                ),
                tuple(
                    _row(pack, parties, kind, row, rows["doel"], number)
                    for kind in KINDS.values()
                    if kind.chapter_kind == chapter.kind
                    for number, row in enumerate(rows[kind.name], 1)
                ),
                _fields(chapter, specs, joint),
            )
            for chapter in pack.chapters
        )
    )


def _rows(tx: Session, journey: Journey, kind: Kind) -> list[Any]:
    table = kind.table
    found = tx.exec(
        select(table)
        .where(table.tenant_id == journey.tenant_id, table.journey_id == journey.id)
        .order_by(table.position, table.id)
    ).all()
    live = [row for row in found if row.removed_at is None]
    return sorted_actions(live) if kind.name == "actie" else live


def _row(pack: Pack, parties: Sequence[Party], kind: Kind, row: Any, goals: Sequence[Any], number: int) -> RowThen:
    specs = kind.specs(pack, parties, goals)
    columns = {name: column_text(row, name) for name in specs}
    words = [(spec.label, value) for name, spec in specs.items() if (value := shown(spec, columns[name]))]
    name = row_name(kind, number if kind.name in ("doel", "actie") else None)
    if kind.name == "taak":
        party = next((p.name for p in parties if p.id == row.party_id), "een partij die er niet meer is")
        name = f"{party}, {SIDES[row.side].lower()}"
    return RowThen(kind.name, row.id, name, columns, tuple(words))


def _fields(chapter: Chapter, specs: dict[str, Spec], joint: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    """The joint fields of this chapter; the tick list of what belongs in it is not part of the plan."""
    found = []
    for name, spec in specs.items():
        first = name.split("/")[0]
        here = first == chapter.slug or (chapter.kind == "organisatie" and first in (rules.LEAD, "rol"))
        value = joint.get(f"{rules.STEP}/{name}", "")
        if here and value and not name.endswith("/hoort-hierin") and (words := shown(spec, value)):
            found.append((name, spec.label, words))
    return tuple(found)
