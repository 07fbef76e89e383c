"""The verbs of the plan. The caller has checked right and step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.content.pack import Chapter
from app.core.clock import now
from app.core.errors import Gone, Invalid, require_room
from app.core.fields import checked
from app.core.text import MAX_TEXT, clean
from app.journey.events import record
from app.journey.gate import Here
from app.plan import reading, rules
from app.plan.pieces import EVALUATION
from app.plan.rows import INTO, KINDS, Kind
from app.plan.said import SHORT, Piece
from app.plan.slots import Slot
from app.prose.actions import add_paragraph, leave_out, remove_paragraph, replace_text, set_origins
from app.prose.models import Paragraph
from app.prose.reading import read_prose

MOST = 400  # rows of one kind
LONG = 5000  # a pre-filled paragraph that would be longer becomes several


def prefill(here: Here, chapter: Chapter) -> int:
    """Writes what was said into the chapter: whole paragraphs, and rows. Returns how many pieces were new.

    Doing it again adds only new sources. A text that stands there is never touched, and what was taken away
    by hand
    does not come back by itself.
    """
    used = reading.used_keys(here, [chapter], removed=True)
    fresh = [p for p in reading.read_pieces(here).values() if p.chapter == chapter.slug and p.key not in used]
    order = [s for s in reading.read_slots(here) if s.chapter == chapter.slug]
    known = {p.slot for p in read_prose(here).all if p.chapter == chapter.slug and p.slot}
    if known and SHORT not in known:  # filled before there was a summary: that chapter keeps its own beginning
        fresh = [p for p in fresh if p.slot != SHORT]
    for slot in order:
        if pieces := [p for p in fresh if p.slot == slot.name]:
            _write_slot(here, chapter, slot, order, pieces)
    for piece in fresh:
        if piece.into in INTO:
            _make_row(here, KINDS[INTO[piece.into]], piece)
    landed = [p for p in fresh if p.slot or p.into in INTO]
    if landed:
        record(here, "chapter_prefilled", step=rules.STEP, part=chapter.slug, ref=str(len(landed)))
    return len(landed)


def _write_slot(here: Here, chapter: Chapter, slot: Slot, order: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    known = {p.slot for p in read_prose(here).all if p.chapter == chapter.slug}
    names = [name for s in order for name in (s.heading_slot, s.name) if name]
    if slot.heading and slot.heading_slot not in known:
        _put(here, chapter, names, slot.heading_slot, "kop", slot.heading, ())
    for part in _parts(here, slot, pieces):
        text = slot.write(reading.read_told(here), part)
        _put(here, chapter, names, slot.name, slot.style, text, part)


def _parts(here: Here, slot: Slot, pieces: Sequence[Piece]) -> list[Sequence[Piece]]:
    """The pieces in as few paragraphs as stay readable."""
    if len(pieces) < 2 or len(slot.write(reading.read_told(here), pieces)) <= LONG:
        return [pieces]
    half = len(pieces) // 2
    return [*_parts(here, slot, pieces[:half]), *_parts(here, slot, pieces[half:])]


def _put(
    here: Here,
    chapter: Chapter,
    names: Sequence[str],
    name: str,
    kind: str,
    text: str,
    pieces: Sequence[Piece],
) -> None:
    """After the last paragraph of this slot or of one before it."""
    rank = {n: i for i, n in reversed(list(enumerate(names)))}
    before = [p for p in read_prose(here).chapter(chapter.slug) if rank.get(p.slot, len(names)) <= rank[name]]
    add_paragraph(
        here,
        chapter.slug,
        after=before[-1].id if before else "",
        kind=kind,
        text=text,
        slot=name,
        proposed=True,
        origins=[(p.key, p.text) for p in pieces],
    )


def find_pending(here: Here, key: str) -> Piece:
    """Raises Gone when it stands in the plan already, was left out, or is no longer there; Closed when its own
    chapter is closed, wherever it was asked from."""
    piece = reading.read_pieces(here).get(key)
    if piece is None or not piece.counts:
        raise Gone("Dit is er niet meer: de bron is intussen gewijzigd.")
    chapter = rules.get_chapter(here.pack, piece.chapter)
    here.require_open(rules.STEP, chapter.slug)
    if key in reading.used_keys(here, [chapter]):
        raise Gone("Dit is intussen al verwerkt.")
    return piece


def use_piece(here: Here, key: str, chapter: Chapter, after: str | None = None) -> str:
    """Puts one piece into the plan: as its own row, or as a sentence after the paragraph `after` (None: at
    the end).
    Returns the id of the row or paragraph. In another chapter than its own it is always a sentence."""
    piece = find_pending(here, key)
    record(here, "piece_used", step=rules.STEP, part=chapter.slug, ref=key[:120])
    if piece.into in INTO and chapter.slug == piece.chapter:
        return _make_row(here, KINDS[INTO[piece.into]], piece).id
    return add_paragraph(
        here,
        chapter.slug,
        after=after,
        kind=piece.style,
        text=piece.text[:MAX_TEXT],
        proposed=True,
        origins=[(piece.key, piece.text)],
    ).id


def leave_piece_out(here: Here, key: str, reason: str, note: str) -> Piece:
    """Raises Invalid without a reason, Gone when there is nothing to leave out any more."""
    piece = find_pending(here, key)
    leave_out(here, piece.chapter, key, piece.text, reason, note)
    return piece


def source_now(here: Here, paragraph: Paragraph) -> tuple[str, list[Piece]]:
    """How the paragraph would read if it were made now, and from which pieces; '' when no source is left.

    A pre-filled paragraph also takes in new answers to the same questions that stand nowhere else.
    """
    pieces, prose = reading.read_pieces(here), read_prose(here)
    own = {o.key for o in prose.origins_of(paragraph)}
    slot = next(
        (s for s in reading.read_slots(here) if s.name == paragraph.slot and s.chapter == paragraph.chapter),
        None,
    )
    if slot is None:
        kept = [pieces[k] for k in own if k in pieces]
        return " ".join(p.text for p in kept), kept
    taken = prose.keys() | prose.keys(removed=True) | {r.key for r in prose.left_out}
    kept = [
        p
        for p in pieces.values()
        if p.key in own or (p.slot == slot.name and p.chapter == slot.chapter and p.key not in taken)
    ]
    return (slot.write(reading.read_told(here), kept)[:MAX_TEXT] if kept else ""), kept


def take_over(here: Here, paragraph: Paragraph, version: int) -> None:
    """The paragraph reads as its sources now do. Only for a text that nobody touched: raises Invalid for
    another,
    and Stale when it was changed after the page was opened."""
    if paragraph.removed_at is not None:
        raise Gone("Iemand heeft deze alinea intussen verwijderd.")
    if paragraph.text != paragraph.prefilled:
        raise Invalid("Iemand heeft deze alinea bewerkt. Pas de tekst zelf aan.")
    text, pieces = source_now(here, paragraph)
    if not text:
        remove_paragraph(here, paragraph)
        return
    replace_text(here, paragraph, text, version, prefilled=text)
    set_origins(here, paragraph, [(p.key, p.text) for p in pieces])
    record(here, "paragraph_renewed", step=rules.STEP, part=paragraph.chapter, ref=paragraph.id)


def keep_as_is(here: Here, paragraph: Paragraph) -> None:
    """The text stays as it is although its source changed; said until the source changes again."""
    pieces = reading.read_pieces(here)
    origins = [(o.key, pieces[o.key].text) for o in read_prose(here).origins_of(paragraph) if o.key in pieces]
    set_origins(here, paragraph, origins)
    record(here, "paragraph_kept", step=rules.STEP, part=paragraph.chapter, ref=paragraph.id)


# ---- rows ----


def _make_row(here: Here, kind: Kind, piece: Piece) -> Any:
    columns = {name: value for name, value in piece.row if value != ""}
    if kind.name == "taak":
        columns["side"] = "doet"
    if hasattr(kind.table, "prefilled"):
        columns["prefilled"] = columns.get(kind.main, "")
    return _add(here, kind, origin=piece.key, **columns)


def hand_over_evaluations(here: Here) -> None:
    """The yearly talk about the plan is for the party that holds the regie, as long as no other party took it. A closed
    chapter stays as it is."""
    lead = reading.read_lead(here)
    if lead and not here.closed(rules.STEP, _part(here, KINDS["actie"])):
        for row in reading.rows_of(here, "actie").live:
            if row.origin.startswith(EVALUATION) and not row.owner_id:
                row.owner_id = lead.id
                here.tx.add(row)
        here.tx.flush()
        reading.forget_rows(here, "actie")


def _add(here: Here, kind: Kind, **columns: Any) -> Any:
    rows = reading.rows_of(here, kind.name).all
    require_room(sum(r.removed_at is None for r in rows), MOST, "regels van deze soort")
    row = kind.table(
        tenant_id=here.tenant_id,
        journey_id=here.journey.id,
        made_by=here.seat.id,
        position=max((r.position for r in rows), default=-1) + 1,
        **columns,
    )
    here.tx.add(row)
    here.tx.flush()
    reading.forget_rows(here, kind.name)
    return row


def add_row(here: Here, kind: Kind, values: dict[str, str], **fixed: str) -> Any:
    """A new row. `values` are checked as its columns are; `fixed` are columns that no form fills. Raises
    Invalid with a
    sentence per column."""
    specs = kind.specs(here.pack, here.parties, reading.rows_of(here, "doel").live)
    columns: dict[str, Any] = dict(fixed)
    wrong: dict[str, str] = {}
    for name, value in values.items():
        try:
            stored = checked(specs[name], [value])
        except Invalid as problem:
            wrong[name] = problem.message
            continue
        if stored:
            columns[name] = int(stored) if name in ("year", "amount") else stored
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)
    row = _add(here, kind, **columns)
    record(here, f"{kind.event}_added", step=rules.STEP, part=_part(here, kind), ref=row.id)
    return row


def _part(here: Here, kind: Kind) -> str:
    return next((c.slug for c in here.pack.chapters if c.kind == kind.chapter_kind), "")


def remove_row(here: Here, kind: Kind, row: Any) -> None:
    """Takes a row out of the plan; it can be put back. What it came from waits to be used again."""
    if row.removed_at is None:
        row.removed_at = now()
        here.tx.add(row)
        here.tx.flush()
        reading.forget_rows(here, kind.name)
        record(here, f"{kind.event}_removed", step=rules.STEP, part=_part(here, kind), ref=row.id)


def restore_row(here: Here, kind: Kind, row: Any) -> None:
    if row.removed_at is not None:
        row.removed_at = None
        here.tx.add(row)
        here.tx.flush()
        reading.forget_rows(here, kind.name)
        record(here, f"{kind.event}_restored", step=rules.STEP, part=_part(here, kind), ref=row.id)


def move_row(here: Here, kind: Kind, row: Any, steps: int) -> None:
    """One place up (-1) or down (+1) among the rows beside it. At the edge nothing happens."""
    beside = [r for r in reading.rows_of(here, kind.name).live if _group(r) == _group(row)]
    place = next((i for i, r in enumerate(beside) if r.id == row.id), None)
    if place is None:
        raise Gone("Iemand heeft dit intussen verwijderd.")
    target = place + steps
    if 0 <= target < len(beside):
        beside[place], beside[target] = beside[target], beside[place]
        for position, moved in enumerate(beside):
            moved.position = position
            here.tx.add(moved)
        here.tx.flush()
        reading.forget_rows(here, kind.name)
        record(here, f"{kind.event}_moved", step=rules.STEP, part=_part(here, kind), ref=row.id)


def _group(row: Any) -> tuple[str, str]:
    return getattr(row, "party_id", ""), getattr(row, "side", "")


def goal_from_example(here: Here, conclusion_slug: str, example_slug: str, month: str) -> Any:
    """A goal to start from, with a date of its own: the year of the example is never taken over. Raises
    Invalid."""
    example = next(
        (
            e
            for c in here.pack.conclusions
            if c.slug == conclusion_slug
            for e in c.examples
            if e.slug == example_slug and e.goal
        ),
        None,
    )
    if example is None:
        raise Invalid("Kies een voorbeeld uit de lijst.", {"voorbeeld": "Kies een voorbeeld uit de lijst."})
    month = clean(month, lines=False)
    if not month:
        raise Invalid(
            "Kies zelf wanneer het doel bereikt is.",
            {"target_on": "Vul een maand en een jaar in, bijvoorbeeld juni 2029."},
        )
    goal = example.goal
    values = {
        "result": goal.get("result", ""),
        "target_group": goal.get("group", ""),
        "indicator": goal.get("indicator", ""),
        "target_on": month,
    }
    if example.kind != "doel":  # of a goal that is measured first the figure of the example is no norm
        values["target"] = goal.get("target", "")
    key = f"doel/{conclusion_slug}/{example_slug}"
    return add_row(here, KINDS["doel"], values, origin=key)


def keep_row_as_is(here: Here, kind: Kind, row: Any) -> None:
    """The row stays as it is although its source changed; said until the source changes again."""
    piece = reading.read_pieces(here).get(row.origin)
    if piece is not None and hasattr(row, "prefilled"):
        row.prefilled = dict(piece.row).get(kind.main, "")
        here.tx.add(row)
        here.tx.flush()
        reading.forget_rows(here, kind.name)
