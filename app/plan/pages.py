"""What the pages of the plan show: a chapter, what is not processed yet, and the whole plan."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.answers.joint import JointFields
from app.answers.reading import joint_answers
from app.content.figure_views import FigureView
from app.content.pack import Chapter, ConclusionExample
from app.core.clock import date_text
from app.core.fields import FieldView
from app.core.rendering import Link
from app.core.text import first_words, listing
from app.journey.context import BackgroundView, Figures, context
from app.journey.gate import Here
from app.plan import figures, reading, rules
from app.plan.actions import source_now
from app.plan.authors import written_by
from app.plan.pieces import KINDS as PIECE_KINDS
from app.plan.row_pages import (
    BudgetView,
    DutiesView,
    RowView,
    action_views,
    budget_view,
    duties_views,
    goal_views,
)
from app.plan.rows import INTO
from app.plan.said import GoalSaid, LeftOutSaid, ParagraphSaid, Piece, Plan, measurable_text
from app.plan.slots import leads
from app.plan.subjects import paragraph_subject
from app.prose.actions import REASONS
from app.prose.fields import paragraph_field
from app.prose.models import Paragraph
from app.prose.reading import read_prose
from app.remarks.pages import AtView, at_subject
from app.remarks.reading import open_words, read_remarks

READ_ONLY = "U kunt dit lezen. Meelezers wijzigen niets."
USE = {
    "tekst": "Zet in de tekst",
    "doel": "Maak hier een doel van",
    "doet": "Zet dit bij ‘Doet’",
    "actie": "Maak hier een actie van",
    "begroting": "Zet dit in de begroting",
}


@dataclass(frozen=True)
class SourceView:
    label: str
    url: str
    text: str
    quote: str  # the whole text as it was typed, where the sentence is shorter


@dataclass(frozen=True)
class ParagraphView:
    said: ParagraphSaid
    field: FieldView
    origin: str  # "Uit: …", or ""
    changed: str  # what happened to the source, or ""
    now: str  # how it would read now; "" when nothing changed or no source is left
    untouched: bool
    sources: tuple[SourceView, ...]
    url: str
    version: int
    may_write: bool
    open: bool = False
    first: bool = False
    last: bool = False
    charts: tuple[FigureView, ...] = ()
    remarks: AtView | None = None
    leads: tuple[str, ...] = ()  # short labels a paragraph may begin with: 'Besturen', 'Verdeling'
    number: int = 0  # in a numbered list

    @property
    def id(self) -> str:
        return self.said.id

    @property
    def lead(self) -> tuple[str, str]:
        """'Besturen.' and the rest, where the paragraph begins with such a short label."""
        head, dot, rest = self.said.text.partition(". ")
        return (f"{head}.", rest) if dot and head in self.leads and not self.said.rich else ("", self.said.text)

    @property
    def kind(self) -> str:
        """What it is, inside a sentence."""
        return "regel" if self.said.kind in ("punt", "nummer") else "kop" if "kop" in self.said.kind else self.said.kind

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(t for t in (self.origin, self.said.state) if t)


@dataclass(frozen=True)
class PieceView:
    piece: Piece
    use: str  # words on the button
    url: str
    error: str = ""
    reason: str = ""
    note: str = ""

    @property
    def quote(self) -> str:
        """What was typed, when the sentence does not show all of it."""
        return "" if " ".join(self.piece.quote.split()).rstrip(".") in self.piece.text else self.piece.quote


@dataclass(frozen=True)
class PendingView:
    """What was said for this chapter and has not landed, by kind."""

    groups: tuple[tuple[str, tuple[PieceView, ...]], ...]
    count: int
    hidden: int  # how many are only on the page of their own
    left_out: tuple[LeftOutSaid, ...]
    places: tuple[tuple[str, str], ...]  # (id of a paragraph, its first words)
    chapters: tuple[Chapter, ...]  # the others
    reasons: dict[str, str]
    url: str
    may_write: bool


@dataclass(frozen=True)
class VisionExample:
    conclusion: str
    example: ConclusionExample


# The buttons above the text: name, label, sign, keys, and whether it can be on ('stand').
TOOLS = (
    ("vet", "Vet", "B", "Ctrl + B", "stand"),
    ("cursief", "Cursief", "I", "Ctrl + I", "stand"),
    ("kop", "Kop", "Kop", "Ctrl + Alt + 1", "stand"),
    ("subkop", "Tussenkop", "kop", "Ctrl + Alt + 2", "stand"),
    ("punt", "Opsomming", "•", "Ctrl + Shift + 8", "stand"),
    ("nummer", "Genummerde opsomming", "1.", "Ctrl + Shift + 7", "stand"),
    ("citaat", "Citaat", "‘ ’", "Ctrl + Shift + 9", "stand"),
    ("link", "Link", "link", "Ctrl + K", "stand"),
    ("ongedaan", "Ongedaan maken", "↶", "Ctrl + Z", ""),
    ("opnieuw", "Opnieuw doen", "↷", "Ctrl + Y", ""),
)


@dataclass(frozen=True)
class ChapterPage:
    chapter: Chapter
    heading: str
    state: str
    rail: tuple[Link, ...]
    more: tuple[Link, ...]
    demands: FieldView
    paragraphs: tuple[ParagraphView, ...]
    pending: PendingView
    removed: Paragraph | None  # taken away a moment ago
    removed_waits: bool  # what it came from now waits to be used again
    removed_kind: str  # … or a row of this kind, with this id
    removed_id: str
    opened: str  # id of the row that was just made
    show_origins: bool
    fresh: int  # pieces that pre-filling would add
    filled: bool
    finished: str  # name, or ""
    part_closed: bool
    locked: str
    may_write: bool
    may_set_up: bool
    url: str
    plan_url: str
    next: Link | None
    goals: tuple[RowView, ...] = ()
    goals_said: tuple[GoalSaid, ...] = ()
    measurable: str = ""
    goal_examples: tuple[VisionExample, ...] = ()
    visions: tuple[VisionExample, ...] = ()
    written: dict[str, str] | None = None  # who wrote what, by id; None = not asked
    error: str = ""
    lead: FieldView | None = None
    duties: tuple[DutiesView, ...] = ()
    questions: tuple[FieldView, ...] = ()
    actions: tuple[RowView, ...] = ()
    budget: BudgetView | None = None
    backgrounds: tuple[BackgroundView, ...] = ()
    figures: Figures | None = None  # those that can be put into this chapter
    goal_figures: dict[str, Figures] = field(default_factory=dict)  # by the id of the goal they are related to
    together: str = ""  # where the text is written in together
    seat: str = ""  # who writes
    leads: tuple[str, ...] = ()  # short labels a paragraph may begin with
    tools: tuple[tuple[str, str, str, str, str], ...] = TOOLS


@dataclass(frozen=True)
class PlanPage:
    plan: Plan
    status: tuple[str, ...]  # how many goals can be measured, who leads, how much waits
    chapters: tuple[Link, ...]
    begin: Link
    url: str
    may_write: bool
    closed: bool
    not_needed: bool
    versions_url: str
    fresh: int


def plan_fields(here: Here) -> JointFields:
    return JointFields(here, rules.STEP, rules.fields(here.pack, here.parties), joint_answers(here))


def locked_text(here: Here, chapter: Chapter) -> str:
    """Why nothing can be changed here now; '' = it can."""
    return here.closed_text(rules.STEP, chapter.slug) if here.may_write_joint else READ_ONLY


def paragraph_view(
    here: Here,
    paragraph: Paragraph,
    chapter: Chapter,
    *,
    open_id: str = "",
    first: bool = False,
    last: bool = False,
    remark: str = "",
) -> ParagraphView:
    said, pieces = reading.paragraph_said(here, paragraph), reading.read_pieces(here)
    url = f"{here.url}/plan/alinea/{paragraph.id}"
    stale = said.state in ("bron gewijzigd", "bron vervallen")
    now = source_now(here, paragraph)[0] if stale else ""
    locked = locked_text(here, chapter)
    return ParagraphView(
        said=said,
        field=paragraph_field(f"{url}/tekst", paragraph, locked=locked),
        origin=_origin_line(said, pieces),
        changed=_changed(said, pieces) if stale else "",
        now=now,
        untouched=paragraph.text == paragraph.prefilled,
        sources=tuple(
            SourceView(p.label, p.url, p.text, p.quote if len(p.quote) > 250 else "")
            for p in (pieces[o.key] for o in said.origins if o.key in pieces)
        ),
        url=url,
        version=paragraph.version,
        may_write=not locked,
        open=open_id == paragraph.id,
        first=first,
        last=last,
        charts=figures.charts(here.pack, [o.key for o in said.origins]),
        remarks=at_subject(here, paragraph_subject(here, paragraph, chapter), remark),
        leads=leads(here.pack),
        number=_number(here, paragraph),
    )


def _number(here: Here, paragraph: Paragraph) -> int:
    """Which one it is of the numbered list it stands in; 0 outside one."""
    count = 0
    for one in read_prose(here).chapter(paragraph.chapter) if paragraph.kind == "nummer" else ():
        count = count + 1 if one.kind == "nummer" else 0
        if one.id == paragraph.id:
            break
    return count


def _origin_line(said: ParagraphSaid, pieces: dict[str, Piece]) -> str:
    """'Uit: Waar staan we, thema B: De Linde en Op Weg'; one source is named in full."""
    known = [pieces[o.key] for o in said.origins if o.key in pieces]
    if not known:
        return ""
    labels = list(dict.fromkeys(p.label for p in known))
    if len(labels) == 1:
        return f"Uit: {labels[0]}"
    groups: dict[str, list[str]] = {}
    for piece in known:
        place = ", ".join(piece.label.split(", ")[:2])
        names = groups.setdefault(place, [])
        if piece.who not in ("", "samen", *names):
            names.append(piece.who)
    return "Uit: " + "; ".join(
        f"{place}: {listing(names[:6])}{' en anderen' if len(names) > 6 else ''}" if names else place
        for place, names in groups.items()
    )


def _changed(said: ParagraphSaid, pieces: dict[str, Piece]) -> str:
    changed = [pieces[o.key] for o in said.origins if o.state == "gewijzigd"]
    if changed:
        who = listing(list(dict.fromkeys(p.who for p in changed if p.who not in ("", "samen"))))
        day = max((p.at for p in changed if p.at), default=None)
        moment = f" op {date_text(day)}" if day else ""
        plural = " en " in who
        return (
            f"{who} {'hebben' if plural else 'heeft'} dit{moment} gewijzigd."
            if who
            else f"De bron is{moment} gewijzigd."
        )
    silent = [o for o in said.origins if o.key.startswith("stilte/")]
    if any(o.state == "vervallen" for o in silent):
        return "Een partij die nog niets had gezegd, heeft nu wel geantwoord."
    return "Wat hier stond, is intussen weggehaald of niet meer van toepassing."


def _chapter_links(here: Here, current: str = "") -> tuple[Link, ...]:
    return tuple(
        Link(
            f"{c.number}. {c.title}",
            f"{here.url}/plan/{c.slug}",
            _state(here, c),
            c.slug == current,
        )
        for c in here.pack.chapters
    )


def _state(here: Here, chapter: Chapter) -> str:
    remarks = open_words(read_remarks(here).open_in(rules.STEP, chapter.slug))
    return " · ".join(filter(None, (reading.chapter_state(here, chapter), remarks)))


def _state(here: Here, chapter: Chapter) -> str:
    remarks = open_words(read_remarks(here).open_in(rules.STEP, chapter.slug))
    return " · ".join(filter(None, (reading.chapter_state(here, chapter), remarks)))


BESIDE = 20  # so many cards stand beside a chapter; their own page has them all


def pending_view(
    here: Here, chapter: Chapter, refused: tuple[str, str, str, str] = ("", "", "", ""), most: int = BESIDE
) -> PendingView:
    """`refused` is (key, sentence, reason, note) of a piece whose leaving out was refused; it is among those shown."""
    groups: dict[str, list[PieceView]] = {}
    found = reading.pending(here, [chapter])
    url = f"{here.url}/plan/{chapter.slug}"
    for piece in sorted(found, key=lambda p: p.key != refused[0])[:most]:
        again = refused[1:] if piece.key == refused[0] else ("", "", "")
        groups.setdefault(PIECE_KINDS[piece.kind], []).append(PieceView(piece, USE[piece.into], url, *again))
    places = tuple((p.id, first_words(p.text, 50)) for p in read_prose(here).chapter(chapter.slug) if p.text)
    return PendingView(
        groups=tuple((kind, tuple(views)) for kind, views in groups.items()),
        count=len(found),
        hidden=max(0, len(found) - most),
        left_out=reading.left_out(here, chapter.slug),
        places=places,
        chapters=tuple(c for c in here.pack.chapters if c.slug != chapter.slug),
        reasons=REASONS,
        url=url,
        may_write=not locked_text(here, chapter),
    )


def fresh_count(here: Here, chapter: Chapter) -> int:
    """How many pieces pre-filling would add now."""
    used = reading.used_keys(here, [chapter], removed=True)
    return sum(
        1
        for p in reading.read_pieces(here).values()
        if p.chapter == chapter.slug and p.key not in used and (p.slot or p.into in INTO)
    )


def chapter_page(
    here: Here,
    chapter: Chapter,
    *,
    open_id: str = "",
    removed: str = "",
    removed_kind: str = "",
    show_origins: bool = True,
    refused: tuple[str, str, str, str] = ("", "", "", ""),
    error: str = "",
    most_pending: int = BESIDE,
    remark: str = "",
    authors: bool = False,
) -> ChapterPage:
    """`remark` is the id of the remark that somebody came for; with `authors` it says who wrote what."""
    prose, fields, locked = read_prose(here), plan_fields(here), locked_text(here, chapter)
    row = prose.chapter(chapter.slug)
    pending = pending_view(here, chapter, refused, most_pending)
    url = f"{here.url}/plan/{chapter.slug}"
    after = next(iter(here.pack.chapters[here.pack.chapters.index(chapter) + 1 :]), None)
    extra: dict[str, object] = {}
    if chapter.kind == "doelen":
        extra = _goals(here, locked, row, remark)
    elif chapter.kind == "organisatie":
        extra = {
            "lead": fields.view(rules.LEAD, part=chapter.slug),
            "duties": duties_views(here, fields, chapter, locked, remark),
        }
    elif chapter.kind == "evaluatie":
        names = [n for n in fields.specs if n.startswith(f"{chapter.slug}/") and not n.endswith("hoort-hierin")]
        extra = {
            "questions": tuple(fields.view(n, part=chapter.slug) for n in names),
            "goals_said": reading.read_goals(here),
        }
    elif chapter.kind == figures.CHAPTER:
        extra = {"figures": figures.not_in_chapter(here)}
    elif chapter.kind == "stappen":
        extra = {"actions": action_views(here, locked, remark), "budget": budget_view(here, locked, remark)}
    gone = (
        next((p for p in prose.all if p.id == removed and p.removed_at is not None), None) if not removed_kind else None
    )
    return ChapterPage(
        chapter=chapter,
        heading=f"{chapter.number}. {chapter.title}",
        state=reading.chapter_state(here, chapter),
        rail=_chapter_links(here, chapter.slug),
        more=(
            Link(f"Nog niet verwerkt ({pending.count})", f"{url}/nog-niet-verwerkt"),
            _remarks_link(here, chapter),
            Link("Versies van het plan", f"{here.url}/versies"),
            Link("Voorbeeld van het document", f"{here.url}/document"),
        ),
        demands=fields.view(f"{chapter.slug}/hoort-hierin", part=chapter.slug),
        paragraphs=tuple(
            paragraph_view(here, p, chapter, open_id=open_id, first=i == 0, last=i == len(row) - 1, remark=remark)
            for i, p in enumerate(row)
        ),
        pending=pending,
        removed=gone,
        removed_waits=gone is not None and _waits(here, gone),
        removed_kind=removed_kind if removed_kind and removed else "",
        removed_id=removed,
        opened=open_id,
        show_origins=show_origins,
        fresh=fresh_count(here, chapter),
        filled=bool(row or extra.get("goals") or extra.get("actions")),
        finished=reading.finished_by(here, chapter),
        part_closed=any((s.step, s.part, s.state) == (rules.STEP, chapter.slug, "gesloten") for s in here.states),
        locked=locked,
        may_write=not locked,
        may_set_up=here.may_set_up and here.archived is None,
        url=url,
        plan_url=f"{here.url}/plan",
        next=Link(f"{after.number}. {after.title}", f"{here.url}/plan/{after.slug}") if after else None,
        written=written_by(here, chapter) if authors else None,
        error=error,
        backgrounds=context(here, f"plan-{chapter.kind}").backgrounds,
        together=f"{here.url}/samen/{chapter.slug}",
        seat=here.seat.id,
        leads=leads(here.pack),
        **extra,  # type: ignore[arg-type]
    )


def _remarks_link(here: Here, chapter: Chapter) -> Link:
    count = read_remarks(here).open_in(rules.STEP, chapter.slug)
    return Link(f"Opmerkingen ({count} open)" if count else "Opmerkingen", f"{here.url}/opmerkingen")


def _waits(here: Here, paragraph: Paragraph) -> bool:
    pieces = reading.read_pieces(here)
    return any(o.key in pieces and pieces[o.key].counts for o in read_prose(here).origins_of(paragraph))


def _goals(here: Here, locked: str, row: tuple[Paragraph, ...], remark: str) -> dict[str, object]:
    said = reading.read_goals(here)
    used = {g.origin for g in reading.rows_of(here, "doel").live}
    examples = [
        VisionExample(c.slug, e)
        for c in here.pack.conclusions
        for e in c.examples
        if e.goal and f"doel/{c.slug}/{e.slug}" not in used
    ]
    visions = [VisionExample(c.slug, e) for c in here.pack.conclusions for e in c.examples if e.kind == "visie"]
    beside = {g.id: figures.beside_goal(here, g) for g in reading.rows_of(here, "doel").live}
    return {
        "goal_figures": {goal: found for goal, found in beside.items() if found},
        "goals": goal_views(here, locked, remark),
        "goals_said": said,
        "measurable": measurable_text(said),
        "goal_examples": tuple(examples),
        "visions": () if any(p.slot == "visie" for p in row) else tuple(visions),
    }


def plan_page(here: Here) -> PlanPage:
    plan = reading.read_plan(here)
    links = _chapter_links(here)
    open_ones = [c for c in plan.chapters if not c.finished]
    first = open_ones[0].chapter if open_ones else here.pack.chapters[0]
    kinds = {c.kind for c in here.pack.chapters}
    lead = f"regie: {plan.lead.name}" if plan.lead else "nog niemand heeft de regie"
    status = (
        plan.measurable_text if "doelen" in kinds else "",
        lead if "organisatie" in kinds else "",
        f"nog niet verwerkt: {len(plan.not_processed())}" if plan.started else "",
    )
    return PlanPage(
        plan=plan,
        status=tuple(s for s in status if s),
        chapters=links,
        begin=Link(f"{first.number}. {first.title}", f"{here.url}/plan/{first.slug}"),
        url=f"{here.url}/plan",
        may_write=here.may_write_joint and not here.closed(rules.STEP),
        closed=here.closed(rules.STEP) is not None,
        not_needed=reading.read_told(here).conclusions.only_first,
        versions_url=f"{here.url}/versies",
        fresh=sum(fresh_count(here, c) for c in here.pack.chapters),
    )
