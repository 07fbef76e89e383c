"""The verbs of prose. The caller has checked right and step; chapters are only names here.

A paragraph is saved whole, with its version inside the UPDATE: whoever comes second gets both texts and a
choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col

from app.answers.actions import Saved
from app.core.clock import moment_text, now
from app.core.errors import Gone, Invalid, Stale, Theirs, require_room
from app.core.fields import Spec, checked
from app.core.text import MAX_TEXT
from app.journey.events import record
from app.journey.gate import Here
from app.journey.kept import count_change
from app.prose import log
from app.prose.blocks import reworded
from app.prose.models import LeftOut, Paragraph, ParagraphOrigin
from app.prose.reading import forget_prose, read_prose
from app.prose.updates import KINDS

MOST = 400  # paragraphs in a chapter
REASONS = {
    "staat-er-al": "staat er al in",
    "niet-relevant": "niet relevant",
    "niet-eens": "niet eens geworden",
    "later": "later",
}


@contextmanager
def written(here: Here, chapter: str) -> Iterator[None]:
    """Around everything that changes paragraphs: when people share the text of this chapter, they get the change too,
    in the same transaction. Meanwhile nothing of theirs comes in between."""
    document = log.find_document(here.tx, here.tenant_id, here.journey.id, chapter)
    yield
    if document is not None:
        here.tx.flush()
        log.carry(here.tx, document, here.seat.id)


def text_spec(paragraph: Paragraph) -> Spec:
    """What may stand in a paragraph: a heading is one line."""
    if paragraph.kind in ("kop", "subkop"):
        return Spec("line", "Tekst van deze kop", max_length=200)
    about = {"citaat": "dit citaat", "punt": "dit punt", "nummer": "dit punt"}.get(paragraph.kind, "deze alinea")
    return Spec("text", f"Tekst van {about}")


def add_paragraph(
    here: Here,
    chapter: str,
    *,
    after: str | None = None,
    kind: str = "alinea",
    text: str = "",
    slot: str = "",
    origins: Iterable[tuple[str, str]] = (),
    proposed: bool = False,
) -> Paragraph:
    """Adds a paragraph after the one with id `after` (None: at the end, '': at the start) and records
    nothing.

    `origins` are (key, the sentence it gave). A `proposed` paragraph counts as untouched until somebody
    changes it.
    Raises Invalid for an unknown kind.
    """
    if kind not in KINDS:
        raise Invalid("Kies wat voor alinea dit wordt.")
    paragraph = Paragraph(
        tenant_id=here.tenant_id,
        journey_id=here.journey.id,
        chapter=chapter,
        kind=kind,
        text=text[:MAX_TEXT],
        prefilled=text[:MAX_TEXT] if proposed else "",
        slot=slot,
        saved_by="" if proposed else here.seat.id,
    )
    row = list(read_prose(here).chapter(chapter))
    require_room(len(row), MOST, "alinea’s in dit hoofdstuk")
    place = next((i + 1 for i, p in enumerate(row) if p.id == after), len(row)) if after != "" else 0
    row.insert(place, paragraph)
    with written(here, chapter):
        here.tx.add(paragraph)
        _renumber(here, row)
    here.tx.flush()
    for key, said in origins:
        here.tx.add(
            ParagraphOrigin(
                tenant_id=here.tenant_id,
                journey_id=here.journey.id,
                paragraph_id=paragraph.id,
                key=key,
                said=said,
            )
        )
    here.tx.flush()
    forget_prose(here)
    return paragraph


def _renumber(here: Here, row: Sequence[Paragraph]) -> None:
    for position, paragraph in enumerate(row):
        if paragraph.position != position:
            paragraph.position = position
            here.tx.add(paragraph)


def save_paragraph(here: Here, paragraph: Paragraph, values: Sequence[str], version: int) -> Saved:
    """Saves the text. Raises Invalid, Stale (with both texts) and Gone when the paragraph was removed
    meanwhile."""
    text = checked(text_spec(paragraph), values)
    if paragraph.removed_at is not None:
        raise Gone("Iemand heeft deze alinea intussen verwijderd. Uw tekst staat nog in dit venster.")
    if paragraph.text == text:
        return Saved(text, paragraph.version, paragraph.saved_at, False)
    replace_text(here, paragraph, text, version)
    record(here, "paragraph_changed", step="plan", part=paragraph.chapter, ref=paragraph.id)
    return Saved(text, paragraph.version, paragraph.saved_at, True)


def replace_text(here: Here, paragraph: Paragraph, text: str, version: int, *, prefilled: str | None = None) -> None:
    """Moves the paragraph from `version` to the next in one UPDATE. Raises Stale when somebody was first.

    With `prefilled` the text is a proposal again: it then counts as untouched.
    """
    extra = {} if prefilled is None else {"prefilled": prefilled}
    with written(here, paragraph.chapter):
        done = here.tx.exec(
            update(Paragraph)
            .where(
                col(Paragraph.tenant_id) == paragraph.tenant_id,
                col(Paragraph.id) == paragraph.id,
                col(Paragraph.version) == version,
            )
            .values(
                text=text,
                rich=reworded(paragraph.text, paragraph.rich, text),
                version=version + 1,
                saved_at=now(),
                saved_by=here.seat.id,
                **extra,
            )
            .execution_options(synchronize_session=False)
        )
    count_change(here.tx, here.tenant_id, here.journey.id)
    here.tx.refresh(paragraph)
    forget_prose(here)
    if done.rowcount == 0:
        who = here.seat_name(paragraph.saved_by) if paragraph.saved_by else "iemand anders"
        raise Stale(text, Theirs(paragraph.text, paragraph.version, who, moment_text(paragraph.saved_at)))


def move_paragraph(here: Here, paragraph: Paragraph, steps: int) -> None:
    """One place up (-1) or down (+1). At the edge nothing happens."""
    row = list(read_prose(here).chapter(paragraph.chapter))
    place = next((i for i, p in enumerate(row) if p.id == paragraph.id), None)
    if place is None:
        raise Gone("Iemand heeft deze alinea intussen verwijderd.")
    target = place + steps
    if 0 <= target < len(row):
        row[place], row[target] = row[target], row[place]
        with written(here, paragraph.chapter):
            _renumber(here, row)
        here.tx.flush()
        forget_prose(here)
        record(here, "paragraph_moved", step="plan", part=paragraph.chapter, ref=paragraph.id)


def remove_paragraph(here: Here, paragraph: Paragraph) -> None:
    """Takes it out of the text; it can be put back. Doing it twice changes nothing."""
    if paragraph.removed_at is None:
        with written(here, paragraph.chapter):
            paragraph.removed_at, paragraph.removed_by = now(), here.seat.id
            here.tx.add(paragraph)
        here.tx.flush()
        forget_prose(here)
        record(here, "paragraph_removed", step="plan", part=paragraph.chapter, ref=paragraph.id)


def restore_paragraph(here: Here, paragraph: Paragraph) -> None:
    """Puts a removed paragraph back where it stood."""
    if paragraph.removed_at is not None:
        with written(here, paragraph.chapter):
            paragraph.removed_at, paragraph.removed_by = None, ""
            here.tx.add(paragraph)
        here.tx.flush()
        forget_prose(here)
        record(here, "paragraph_restored", step="plan", part=paragraph.chapter, ref=paragraph.id)


@dataclass(frozen=True)
class Kept:
    """A paragraph as it was once."""

    id: str
    kind: str
    text: str
    rich: str


def put_back(here: Here, chapter: str, wanted: Sequence[Kept]) -> None:
    """Makes the chapter hold exactly these paragraphs, in this order, as a new change. The others are removed, and can
    be put back like any removed one. Records nothing."""
    known = {p.id: p for p in read_prose(here).all if p.chapter == chapter}
    with written(here, chapter):
        for position, kept in enumerate(wanted):
            row = known.pop(kept.id, None) or Paragraph(
                tenant_id=here.tenant_id, journey_id=here.journey.id, chapter=chapter, kind=kept.kind
            )
            if (row.kind, row.text, row.rich) != (kept.kind, kept.text, kept.rich):
                row.kind, row.text, row.rich = kept.kind, kept.text, kept.rich
                row.version, row.saved_at, row.saved_by = row.version + 1, now(), here.seat.id
            row.removed_at, row.removed_by, row.position = None, "", position
            here.tx.add(row)
        for row in known.values():
            if row.removed_at is None:
                row.removed_at, row.removed_by = now(), here.seat.id
                here.tx.add(row)
    here.tx.flush()
    forget_prose(here)


def set_origins(here: Here, paragraph: Paragraph, origins: Iterable[tuple[str, str]]) -> None:
    """The paragraph now comes from these: known keys get the new sentence, others are added, the rest
    goes."""
    wanted = dict(origins)
    for origin in read_prose(here).origins_of(paragraph):
        if origin.key in wanted:
            origin.said = wanted.pop(origin.key)
            here.tx.add(origin)
        else:
            here.tx.delete(origin)
    for key, said in wanted.items():
        here.tx.add(
            ParagraphOrigin(
                tenant_id=here.tenant_id,
                journey_id=here.journey.id,
                paragraph_id=paragraph.id,
                key=key,
                said=said,
            )
        )
    here.tx.flush()
    forget_prose(here)


def leave_out(here: Here, chapter: str, key: str, said: str, reason: str, note: str = "") -> None:
    """Says that something deliberately stays out of the plan. Raises Invalid without a reason. Saying it
    again
    changes the reason."""
    if reason not in REASONS:
        raise Invalid("Kies waarom u dit weglaat.", {"reden": "Kies een reden."})
    row = next((r for r in read_prose(here).left_out if r.key == key), None)
    if row is None:
        row = LeftOut(
            tenant_id=here.tenant_id,
            journey_id=here.journey.id,
            chapter=chapter,
            key=key,
            reason=reason,
            by_seat=here.seat.id,
        )
    row.said, row.reason, row.note, row.at, row.by_seat = said, reason, note, now(), here.seat.id
    here.tx.add(row)
    here.tx.flush()
    forget_prose(here)
    record(here, "piece_left_out", step="plan", part=chapter, ref=key[:120])


def use_again(here: Here, key: str) -> bool:
    """Takes that back. False when it was not left out."""
    row = next((r for r in read_prose(here).left_out if r.key == key), None)
    if row is None:
        return False
    here.tx.delete(row)
    here.tx.flush()
    forget_prose(here)
    record(here, "piece_used_again", step="plan", part=row.chapter, ref=key[:120])
    return True
