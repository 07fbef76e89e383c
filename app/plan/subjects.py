"""Paragraphs and rows of the plan as something to remark on, and what of them a change can be proposed of."""

from __future__ import annotations

from typing import Any

from app.answers.actions import save_column
from app.content.pack import Chapter
from app.core.errors import NotFound
from app.core.text import first_words
from app.journey.events import record
from app.journey.gate import Here
from app.plan import reading, rules, store
from app.plan.rows import KINDS, Kind
from app.prose import actions as prose
from app.prose.models import Paragraph
from app.prose.reading import read_prose
from app.remarks import subjects
from app.remarks.subjects import Subject, Wording

PARAGRAPH = "alinea"
PROPOSED = {"result": "wat er anders is", "text": "deze taak", "what": "wat u gaat doen"}  # in sentences
WORDS = 60  # characters of a text that name what it is


def paragraph_subject(here: Here, paragraph: Paragraph, chapter: Chapter) -> Subject:
    def take(text: str, version: int) -> None:
        prose.save_paragraph(here, paragraph, [text], version)

    return Subject(
        key=f"{PARAGRAPH}/{paragraph.id}",
        step=rules.STEP,
        part=chapter.slug,
        place=_place(chapter),
        title=f"‘{first_words(paragraph.text, WORDS)}’" if paragraph.text else "een lege alinea",
        page=f"{here.url}/plan/{chapter.slug}",
        anchor=f"alinea-{paragraph.id}",
        texts=(Wording("text", "de tekst", paragraph.text, paragraph.version, prose.MAX_TEXT, take),),
        gone=paragraph.removed_at is not None,
    )


def row_subject(here: Here, kind: Kind, row: Any, name: str) -> Subject:
    """`name` says which one it is: 'doel 2'."""
    chapter = next(c for c in here.pack.chapters if c.kind == kind.chapter_kind)
    spec = kind.specs(here.pack, here.parties, ())[kind.main]
    versions = reading.rows_of(here, kind.name).versions
    known = versions.get((row.id, kind.main))

    def take(text: str, version: int) -> None:
        if save_column(here, row, kind.main, spec, [text], version).changed:
            record(here, f"{kind.event}_changed", step=rules.STEP, part=chapter.slug, ref=row.id)
            reading.forget_rows(here, kind.name)

    text = getattr(row, kind.main)
    return Subject(
        key=f"{kind.name}/{row.id}",
        step=rules.STEP,
        part=chapter.slug,
        place=_place(chapter),
        title=f"{name}: {first_words(text, WORDS)}" if text else name,
        page=f"{here.url}/plan/{chapter.slug}",
        anchor=f"{kind.name}-{row.id}",
        texts=(Wording(kind.main, PROPOSED[kind.main], text, known.version if known else 0, spec.max_length, take),),
        gone=row.removed_at is not None,
    )


def _place(chapter: Chapter) -> str:
    return f"hoofdstuk {chapter.number}: {chapter.title}"


def _find_paragraph(here: Here, paragraph_id: str) -> Subject | None:
    found = next((p for p in read_prose(here).all if p.id == paragraph_id), None)
    chapter = next((c for c in here.pack.chapters if found and c.slug == found.chapter), None)
    return paragraph_subject(here, found, chapter) if found and chapter else None


def _find_row(kind: Kind) -> subjects.Find:
    def find(here: Here, row_id: str) -> Subject | None:
        if not any(c.kind == kind.chapter_kind for c in here.pack.chapters):
            return None
        try:
            row = store.get_row(here.tx, here.journey, kind.table, row_id)
        except NotFound:
            return None
        return row_subject(here, kind, row, row_name(kind, _number(here, kind, row)))

    return find


NAMES = {"doel": "doel", "taak": "taak", "actie": "stap", "begroting": "begrotingsregel"}


def row_name(kind: Kind, number: int | None = None) -> str:
    """'doel 2', as it is numbered on its page; without a number for what is not numbered."""
    return f"{NAMES[kind.name]} {number}" if number else NAMES[kind.name]


def _number(here: Here, kind: Kind, row: Any) -> int | None:
    if kind.name not in ("doel", "actie"):
        return None
    said = reading.read_goals(here) if kind.name == "doel" else reading.read_actions(here)
    return next((s.number for s in said if s.id == row.id), None)


subjects.at(PARAGRAPH, _find_paragraph)
for _kind in KINDS.values():
    subjects.at(_kind.name, _find_row(_kind))
