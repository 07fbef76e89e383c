"""The plan as the rooms above read it, and what the pages of this room are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.answers.models import FieldVersion, JointAnswer
from app.answers.reading import joint_answers
from app.checklists.reading import counting_lists
from app.conclusions.reading import read_conclusions
from app.content.pack import Chapter
from app.core.clock import iso_or_text, today
from app.core.text import listing, sentence
from app.dialogue.models import Agreement
from app.dialogue.reading import read_dialogue
from app.journey.gate import Here
from app.journey.whole import read_whole
from app.plan import rows as kinds
from app.plan import rules, store
from app.plan.goalcheck import verdicts
from app.plan.models import Action, BudgetLine, Goal
from app.plan.pieces import gather
from app.plan.said import (
    ActionSaid,
    BudgetSaid,
    ChapterSaid,
    Duties,
    GoalSaid,
    LeftOutSaid,
    OriginSaid,
    ParagraphSaid,
    Piece,
    Plan,
)
from app.plan.slots import Slot, slots
from app.plan.told import Told, month_text
from app.prose.actions import REASONS
from app.prose.models import LeftOut, Paragraph, ParagraphOrigin
from app.prose.reading import Prose, read_prose
from app.remarks.models import Remark
from app.screening.models import Share
from app.screening.reading import keep_spoken, read_screening

GONE = "een bron die er niet meer is"


_TABLES = (
    *(Share, Remark, Agreement, FieldVersion, JointAnswer, Paragraph, ParagraphOrigin, LeftOut),
    *(kind.table for kind in kinds.KINDS.values()),
)


def read_at_once(here: Here) -> None:
    """For a page: reads all tables of the plan in one query, where the readings of the rooms would take eleven.

    Only when nothing is going to be changed: these rows are in no session.
    """
    if here.keep is None:
        return
    found = read_whole(here.tx, here.journey, _TABLES)
    keep_spoken(here, found[Share], found[Remark])
    versions = {(v.record_id, v.field): v for v in sorted(found[FieldVersion], key=lambda v: v.id)}
    here.extra["joint"] = {a.path: a for a in sorted(found[JointAnswer], key=lambda a: a.id)}
    here.extra["agreements"] = (
        sorted(found[Agreement], key=lambda a: (a.position, a.id)),
        {k: v for k, v in versions.items() if v.kind == Agreement.__tablename__},
    )
    origins: dict[str, list[ParagraphOrigin]] = {}
    for origin in sorted(found[ParagraphOrigin], key=lambda o: o.id):
        origins.setdefault(origin.paragraph_id, []).append(origin)
    paragraphs = sorted(found[Paragraph], key=lambda p: (p.chapter, p.position, p.id))
    here.extra["prose"] = Prose(tuple(paragraphs), origins, tuple(sorted(found[LeftOut], key=lambda r: r.id)))
    touched, known = {v.record_id for v in versions.values()}, []
    for kind in kinds.KINDS.values():
        rows = tuple(sorted(found[kind.table], key=lambda r: (r.position, r.id)))
        own = {k: v for k, v in versions.items() if v.kind == kind.table.__tablename__}
        here.extra[f"rows/{kind.name}"] = store.Rows(rows, own)
        known += [store.Mark(kind.name, r.origin, r.removed_at is not None, r.id in touched) for r in rows]
    here.extra["rows"] = tuple(known)


def read_told(here: Here) -> Told:
    """Everything that was said before the plan: shared and joint, never a concept."""
    return Told(
        pack=here.pack,
        url=here.url,
        today=today(),
        parties=here.parties,
        meeting_on=here.journey.meeting_on,
        period=(here.journey.period_start, here.journey.period_end),
        screening=read_screening(here),
        dialogue=read_dialogue(here),
        conclusions=read_conclusions(here),
        joint=joint_answers(here),
        lists=counting_lists(here),
    )


def read_pieces(here: Here) -> dict[str, Piece]:
    """All pieces by key. Made once per request, and again when something they come from was read again."""
    told = read_told(here)
    source = (told.screening, told.dialogue, told.conclusions, told.joint, told.lists, here.parties)
    known = here.extra.get("pieces")
    if known is None or any(a is not b for a, b in zip(known[0], source, strict=True)):  # type: ignore[index]
        known = (source, {p.key: p for p in gather(told)})
        here.extra["pieces"] = known
    return known[1]  # type: ignore[index]


def read_slots(here: Here) -> list[Slot]:
    return slots(read_told(here))


def rows_of(here: Here, kind: str) -> store.Rows:
    """The rows of a kind ('doel', 'taak', 'actie', 'begroting'); read once per request."""
    name = f"rows/{kind}"
    if name not in here.extra:
        here.extra[name] = store.list_rows(here.tx, here.journey, kinds.KINDS[kind].table)
    return here.extra[name]  # type: ignore[return-value]


def marks(here: Here) -> tuple[store.Mark, ...]:
    """Of all rows of the plan: their kind, origin and state. One query, read once per request."""
    if "rows" not in here.extra:
        tables = {k.name: k.table for k in kinds.KINDS.values()}
        here.extra["rows"] = store.list_marks(here.tx, here.journey, tables)
    return here.extra["rows"]  # type: ignore[return-value]


def forget_rows(here: Here, kind: str) -> None:
    here.extra.pop(f"rows/{kind}", None)
    here.extra.pop("rows", None)


def row_kinds(chapter: Chapter) -> list[str]:
    """Which rows stand in this chapter."""
    return [k.name for k in kinds.KINDS.values() if k.chapter_kind == chapter.kind]


def used_keys(here: Here, chapters: Sequence[Chapter], *, removed: bool = False) -> set[str]:
    """The pieces that have landed in these chapters (as rows) or anywhere in the text, or were left out; with
    `removed` also those of rows and paragraphs that were taken away again."""
    prose = read_prose(here)
    used = prose.keys() | {r.key for r in prose.left_out}
    if removed:
        used |= prose.keys(removed=True)
    wanted = {kind for chapter in chapters for kind in row_kinds(chapter)}
    return used | {m.origin for m in marks(here) if m.kind in wanted and m.origin and (removed or not m.removed)}


def pending(here: Here, chapters: Sequence[Chapter]) -> tuple[Piece, ...]:
    """What was said for these chapters and has not landed anywhere. What only says that nothing was said is
    not here."""
    used, slugs = used_keys(here, chapters), {c.slug for c in chapters}
    return tuple(p for p in read_pieces(here).values() if p.chapter in slugs and p.counts and p.key not in used)


def paragraph_said(here: Here, paragraph: Paragraph) -> ParagraphSaid:
    """A paragraph with its origins and its state in words."""
    pieces, origins = read_pieces(here), []
    for origin in read_prose(here).origins_of(paragraph):
        piece = pieces.get(origin.key)
        if piece is None:
            origins.append(OriginSaid(origin.key, GONE, "", "vervallen"))
        else:
            origins.append(
                OriginSaid(origin.key, piece.label, piece.url, "" if piece.text == origin.said else "gewijzigd")
            )
    found = {o.state for o in origins}
    if "gewijzigd" in found:
        state = "bron gewijzigd"
    elif "vervallen" in found:
        state = "bron vervallen"
    elif not paragraph.prefilled:
        state = ""
    elif paragraph.text == paragraph.prefilled:
        state = "voorgesteld"
    else:
        state = f"bewerkt door {here.seat_name(paragraph.saved_by)}"
    return ParagraphSaid(paragraph.id, paragraph.kind, paragraph.text, tuple(origins), state, paragraph.rich)


def finished_by(here: Here, chapter: Chapter) -> str:
    """The name of who said that this chapter is done; '' while nobody did."""
    state = next((s for s in here.states if (s.step, s.part, s.state) == (rules.STEP, chapter.slug, "afgerond")), None)
    return here.seat_name(state.by_seat) if state else ""


def chapter_state(here: Here, chapter: Chapter) -> str:
    """In words: 'nog leeg', 'voorstel, nog niet bekeken', 'in bewerking' or 'afgerond door …'."""
    if name := finished_by(here, chapter):
        return f"afgerond door {name}"
    paragraphs = [p for p in read_prose(here).chapter(chapter.slug) if p.text]
    live = [m for m in marks(here) if m.kind in row_kinds(chapter) and not m.removed]
    chosen = chapter.kind == "organisatie" and any(
        row.value
        for path, row in joint_answers(here).items()
        if path.startswith((f"{rules.STEP}/rol/", f"{rules.STEP}/{rules.LEAD}"))
    )
    if not paragraphs and not live and not chosen:
        return "nog leeg"
    touched = any(p.text != p.prefilled for p in paragraphs) or any(m.touched or not m.origin for m in live)
    return "in bewerking" if touched or chosen else "voorstel, nog niet bekeken"


def goal_said(here: Here, goal: Goal, number: int) -> GoalSaid:
    words = rules.goal_words(goal, here.parties)
    missing = verdicts(words, today())
    return GoalSaid(
        id=goal.id,
        number=number,
        parts=rules.goal_parts(words),
        verdicts=missing,
        measurable=not missing,
        theme=next((f"{t.letter}. {t.title}" for t in here.pack.themes if t.slug == goal.theme), ""),
        result=goal.result,
        target_group=goal.target_group,
        indicator=goal.indicator,
        baseline=kinds.UNKNOWN if goal.baseline_known == "onbekend" else goal.baseline,
        baseline_source="" if goal.baseline_known == "onbekend" else goal.baseline_source,
        target=goal.target,
        target_on=month_text(goal.target_on) if goal.target_on else "",
        owner=words.owner,
        measured_how=goal.measured_how,
        measured_when=goal.measured_when,
    )


def read_goals(here: Here) -> tuple[GoalSaid, ...]:
    return tuple(goal_said(here, g, n) for n, g in enumerate(rows_of(here, "doel").live, 1))


def sorted_actions(actions: Sequence[Action]) -> list[Action]:
    """By date: what ends first comes first; without any date last, in the order of making."""
    return sorted(actions, key=lambda a: (not (a.end_on or a.start_on), a.end_on or a.start_on, a.position, a.id))


def read_actions(here: Here) -> tuple[ActionSaid, ...]:
    goals = {g.id: n for n, g in enumerate(rows_of(here, "doel").live, 1)}
    names = {p.id: p.in_text for p in here.parties}
    return tuple(
        ActionSaid(
            id=a.id,
            number=number,
            what=a.what,
            owner=names.get(a.owner_id or "", ""),
            partners=listing([names[i] for i in a.with_parties.split() if i in names and i != a.owner_id]),
            start=iso_or_text(a.start_on),
            end=iso_or_text(a.end_on),
            status=kinds.STATES[a.status],
            goal=f"doel {goals[a.goal_id]}" if a.goal_id in goals else "",
        )
        for number, a in enumerate(sorted_actions(rows_of(here, "actie").live), 1)
    )


def budget_said(line: BudgetLine) -> BudgetSaid:
    return BudgetSaid(line.id, line.what, str(line.year or ""), line.amount, line.source, line.certain)


def duties_of(here: Here, party: Any) -> Duties:
    rows = [r for r in rows_of(here, "taak").live if r.party_id == party.id and r.text]
    row = joint_answers(here).get(f"{rules.STEP}/rol/{party.id}")
    chosen = row.value.split() if row else []
    roles = [r.text for c in here.pack.chapters for r in c.roles if r.slug in chosen and party.kind in r.party_kinds]
    return Duties(
        party,
        does=tuple(r.text for r in rows if r.side == "doet"),
        does_not=tuple(r.text for r in rows if r.side == "doet-niet"),
        roles=tuple(sentence(r) for r in roles),
    )


def read_lead(here: Here) -> Any:
    """The party that holds the regie; None while none was chosen, or the chosen one no longer takes part."""
    row = joint_answers(here).get(f"{rules.STEP}/{rules.LEAD}")
    return next((p for p in here.parties if row and p.id == row.value), None)


def left_out(here: Here, chapter: str = "") -> tuple[LeftOutSaid, ...]:
    pieces = read_pieces(here)
    return tuple(
        LeftOutSaid(
            key=row.key,
            chapter=row.chapter,
            text=row.said,
            label=pieces[row.key].label if row.key in pieces else GONE,
            reason=REASONS.get(row.reason, row.reason),
            note=row.note,
            who=here.seat_name(row.by_seat),
            at=row.at,
        )
        for row in read_prose(here).left_out
        if chapter in ("", row.chapter)
    )


def read_plan(here: Here) -> Plan:
    """The whole plan, as it now stands."""
    prose, pack = read_prose(here), here.pack
    bureau = next((f"{rules.STEP}/{c.slug}/extern-bureau" for c in pack.chapters if c.kind == "evaluatie"), "")
    row = joint_answers(here).get(bureau)
    return Plan(
        chapters=tuple(
            ChapterSaid(
                c,
                tuple(paragraph_said(here, p) for p in prose.chapter(c.slug) if p.text),
                chapter_state(here, c),
                bool(finished_by(here, c)),
            )
            for c in pack.chapters
        ),
        goals=read_goals(here),
        responsibilities=tuple(duties_of(here, p) for p in here.parties),
        lead=read_lead(here),
        actions=read_actions(here),
        budget=rules.budget(budget_said(line) for line in rows_of(here, "begroting").live),
        pending=pending(here, pack.chapters),
        left_out=left_out(here),
        external_bureau=row.value if row else "",
    )
