"""What the plan says, as the rooms above it read it. `app.plan.reading.read_plan(here)` fills these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from app.content.pack import Chapter
from app.core.text import capital
from app.journey.models import Party
from app.plan.phrasing import Line
from app.prose.html import body, inline

SHORT = "in-het-kort"  # the slot at the top of the inventory; no theme is called so


@dataclass(frozen=True)
class Piece:
    """Something that was said before the plan was written, as one sentence a council could read.

    `into` is what it becomes when it is used: a paragraph ('tekst'), a goal, a duty of a party, an action
    or a budget
    line. `slot` is the paragraph it is pre-filled into; '' means that it is only offered. Pieces that do
    not count never wait to be used: they say that nothing was said, or hold a national figure.
    """

    key: str
    chapter: str
    slot: str
    kind: str  # what it is: the keys of `app.plan.pieces.KINDS`
    text: str
    label: str  # "Waar staan we, thema B, Stichting De Linde, 12 maart 2027"
    url: str
    who: str = ""
    quote: str = ""  # the full text as it was typed
    at: datetime | None = None
    into: str = "tekst"  # tekst | doel | doet | actie | begroting
    counts: bool = True
    style: str = "alinea"  # kind of paragraph it becomes
    group: str = ""  # pieces of one slot with the same group are told together: the slug of an item
    point: str = ""  # what the group is about, inside a sentence
    line: Line | None = None  # the answer itself, for parties that are told together
    row: tuple[tuple[str, str], ...] = ()  # the columns of the goal, duty, action or budget line it becomes


@dataclass(frozen=True)
class OriginSaid:
    """Where a paragraph comes from, in words."""

    key: str
    label: str
    url: str
    state: str  # '' | 'gewijzigd' | 'vervallen'


@dataclass(frozen=True)
class ParagraphSaid:
    id: str
    kind: str  # one of app.prose.updates.KINDS
    text: str
    origins: tuple[OriginSaid, ...]
    # "voorgesteld", "bewerkt door Karin Smit", "bron gewijzigd", "bron vervallen" or "" (written by hand)
    state: str
    rich: str = ""  # what is bold, italic or a link in the text

    @property
    def inline(self) -> Markup:
        """The text in one line or a few, as safe HTML."""
        return inline(self.text, self.rich)

    @property
    def body(self) -> Markup:
        """The text as paragraphs, as safe HTML."""
        return body(self.text, self.rich)


@dataclass(frozen=True)
class ChapterSaid:
    chapter: Chapter
    paragraphs: tuple[ParagraphSaid, ...]
    state: str  # in words: "nog leeg", "voorstel, nog niet bekeken", "in bewerking", "afgerond door M. de Wit"
    finished: bool


@dataclass(frozen=True)
class GoalSaid:
    id: str
    number: int
    parts: tuple[
        tuple[str, bool | None], ...
    ]  # words (None), a filled blank (True), an open blank as a question (False)
    verdicts: tuple[str, ...]  # what is still missing, one plain sentence each
    measurable: bool
    theme: str  # title of the theme, or ""
    result: str
    target_group: str
    indicator: str
    baseline: str  # "61 %" or "onbekend: eerst meten" or ""
    baseline_source: str
    target: str
    target_on: str  # "juni 2029" or ""
    owner: str  # name of the party, or ""
    measured_how: str
    measured_when: str

    @property
    def aim(self) -> str:
        """'80 % van de ouders weet …': the goal without when and how; of an unfinished goal only the result."""
        whole = self.target and self.target_group and self.result
        return self.sentence.partition(", uiterlijk in ")[0] if whole else self.result

    @property
    def sentence(self) -> str:
        """The goal in sentences for a reader: what is still open is left out, or stands there as '…' where
        the sentence
        cannot do without."""
        sentences: list[list[tuple[str, bool | None]]] = [[]]
        for words, filled in self.parts:
            if filled is None and words.startswith(". "):
                sentences.append([])
                words = words[2:]
            sentences[-1].append((words, filled))
        kept = [s for i, s in enumerate(sentences) if i == 0 or any(filled for _, filled in s)]
        said = ["".join("…" if filled is False else words for words, filled in s).removesuffix(".") for s in kept]
        tidy = [s.replace(" met …, ", " ").replace(", uiterlijk in …", "").removesuffix(", …") for s in said]
        tidy[0] = capital(tidy[0])
        return ". ".join(tidy) + ("" if tidy[-1].endswith("…") else ".") if any(f for _, f in self.parts) else ""


def measurable_text(goals: Sequence[GoalSaid]) -> str:
    """'2 van 3 doelen meetbaar'; '' while there are none."""
    done = sum(g.measurable for g in goals)
    return f"{done} van {len(goals)} {'doel' if len(goals) == 1 else 'doelen'} meetbaar" if goals else ""


@dataclass(frozen=True)
class Duties:
    """What one party does and does not do. Sentences without the name of the party."""

    party: Party
    does: tuple[str, ...]
    does_not: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True)
class ActionSaid:
    id: str
    number: int
    what: str
    owner: str
    partners: str  # "De Linde en Op Weg"
    start: str  # "maart 2028" or ""
    end: str
    status: str  # in words
    goal: str  # "doel 2" or ""


@dataclass(frozen=True)
class BudgetSaid:
    id: str
    what: str
    year: str  # "2028" or ""
    amount: int | None  # euro cents; None = unknown, never zero
    source: str
    certain: str  # zeker | onzeker | ""


@dataclass(frozen=True)
class YearTotal:
    year: str  # "2028", or "" for lines without a year
    certain: int  # euro cents
    uncertain: int  # not certain, or not said
    unknown: int  # lines without an amount

    @property
    def total(self) -> int:
        return self.certain + self.uncertain


@dataclass(frozen=True)
class Budget:
    lines: tuple[BudgetSaid, ...]
    years: tuple[YearTotal, ...]  # by year; lines without a year last

    @property
    def certain(self) -> int:
        return sum(y.certain for y in self.years)

    @property
    def uncertain(self) -> int:
        return sum(y.uncertain for y in self.years)

    @property
    def unknown(self) -> int:
        return sum(y.unknown for y in self.years)


@dataclass(frozen=True)
class LeftOutSaid:
    key: str
    chapter: str
    text: str
    label: str
    reason: str  # in words
    note: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Plan:
    chapters: tuple[ChapterSaid, ...]
    goals: tuple[GoalSaid, ...]
    responsibilities: tuple[Duties, ...]
    lead: Party | None
    actions: tuple[ActionSaid, ...]
    budget: Budget
    pending: tuple[Piece, ...]
    left_out: tuple[LeftOutSaid, ...]
    external_bureau: str  # 'ja' | 'nee' | ''

    @property
    def measurable_text(self) -> str:
        """How many goals are measurable, in words."""
        return measurable_text(self.goals) or "nog geen doelen"

    def not_processed(self, chapter: str | None = None) -> tuple[Piece, ...]:
        """What was said and has not landed in the plan, nor been left out; of one chapter, or of all."""
        return tuple(p for p in self.pending if chapter in (None, p.chapter))

    @property
    def started(self) -> bool:
        """Whether anything stands in the plan at all."""
        return bool(
            any(c.paragraphs for c in self.chapters)
            or self.goals
            or self.actions
            or self.budget.lines
            or any(d.does or d.does_not or d.roles for d in self.responsibilities)
            or self.lead
        )
