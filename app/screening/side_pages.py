"""What the page shows on which one theme stands side by side: who said what, what differs, who is silent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.answers.reading import joint_value
from app.content.pack import Column, Item, Theme
from app.core.clock import aware, date_text
from app.core.ids import made_at
from app.core.rendering import Link
from app.core.text import listing
from app.journey.context import Context, context
from app.journey.gate import Here
from app.journey.models import Party
from app.journey.rules import may_answer
from app.prose.joint import answer_html
from app.remarks.pages import AtView, at_subject
from app.screening import rules
from app.screening.differences import names, shared_count, wish_summary
from app.screening.reading import Screening, read_screening
from app.screening.said import SILENCES, Difference, Quiet, Saying
from app.screening.subjects import point

SHOWN_DIFFERENCES = 2
MANY_PARTIES = 6  # more than this: grouped by what they say


@dataclass(frozen=True)
class Line:
    """One party at one item."""

    who: str
    word: str  # 'voeren wij uit'
    text: str
    new: str  # 'nieuw sinds 9 maart 2027'
    note: str  # 'ingevuld door … namens …, nog niet bevestigd'


@dataclass(frozen=True)
class Group:
    """Who says the same: 'Voeren wij uit (3): A, B, C'. Texts stand below it, per party."""

    word: str
    count: int
    names: str
    lines: tuple[Line, ...]  # only those with words of their own, a note or news


@dataclass(frozen=True)
class Outcome:
    """The joint uitkomst, to read here; it is chosen at the Gesprek."""

    text: str  # '' while it was not discussed
    because: str
    holds_for: str  # 'Geldt niet voor: Op Weg', or ''
    url: str


@dataclass(frozen=True)
class ItemView:
    item: Item
    anchor: str
    summary: str  # of the wishes; '' in an own column
    news: str  # 'Nieuw sinds 9 maart 2027: De Linde', of the wishes
    lines: tuple[Line, ...]
    groups: tuple[Group, ...]
    whys: tuple[Line, ...]
    not_applicable: str
    quiet: tuple[Quiet, ...]  # the silences, told apart
    remarks: AtView
    outcome: Outcome | None


@dataclass(frozen=True)
class ColumnView:
    column: Column
    place: str  # left | together | right
    items: tuple[ItemView, ...]


@dataclass(frozen=True)
class Recognised:
    summary: str  # '3 ja · 1 deels · 1 stil'
    lines: tuple[Line, ...]  # all parties that answered
    quiet: tuple[Quiet, ...]


@dataclass(frozen=True)
class SidePage:
    title: str
    theme: Theme
    tabs: tuple[Link, ...]
    jumps: tuple[Link, ...]
    shared_text: str
    news: str
    remind_url: str  # '' when there is nobody to remind, or it is not up to you
    differences: tuple[Difference, ...]
    more_differences: tuple[Difference, ...]
    nobody: bool  # nobody has shared this theme
    quiet: tuple[Quiet, ...]  # the silences of this theme, told apart
    recognition: Recognised
    columns: tuple[ColumnView, ...]
    overlapping: bool  # the joint column lies over its two neighbours
    by_status: bool
    switch: Link | None
    lead_question: str
    useful: str
    notes: str  # as safe HTML
    dialogue_url: str
    primary: Link | None  # fill in, or once the own party has shared: the talk
    fill_in: Link | None  # the way back to the own answers, once shared
    on_behalf: tuple[Link, ...]
    projector: bool
    projector_link: Link
    overview: str
    closed: str
    close_url: str  # '' unless it is up to you and open
    reopen_url: str  # '' unless it is up to you and this theme alone is closed
    context: Context


def side_page(
    here: Here,
    theme: Theme,
    *,
    view: str = "",
    projector: bool = False,
    remark: str = "",
) -> SidePage:
    """`view` is 'status' or 'partij'; `remark` is the id of the remark that somebody came for."""
    return _Side(here, theme, view, projector, remark).page()


class _Side:
    def __init__(self, here: Here, theme: Theme, view: str, projector: bool, remark: str):
        self.here = here
        self.pack = here.pack
        self.theme = theme
        self.projector = projector
        self.came_for = remark
        self.screening: Screening = read_screening(here)
        self.overview = f"{here.url}/{rules.STEP}"
        self.url = f"{self.overview}/{theme.slug}"
        self.closed = here.closed_text(rules.STEP, theme.slug)
        self.seen = made_at(here.seat.seen) if here.seat.seen else None
        self.by_status = view == "status" or (view != "partij" and len(here.parties) > MANY_PARTIES)

    def page(self) -> SidePage:
        here, theme = self.here, self.theme
        silent = self.screening.silent(theme)
        found = self.screening.differences(theme)
        recognition = self.recognition()
        facilitates = here.may_set_up and not self.projector and not self.closed
        others = [p for p in silent if p.id != here.seat.party_id]
        return SidePage(
            title=f"Thema {theme.letter}: {theme.title}",
            theme=theme,
            tabs=tuple(self.tab(t) for t in self.pack.themes),
            jumps=(Link("Verschillen", "#verschillen", current=True), *self.jumps()),
            shared_text=_shared_text(len(here.parties), silent),
            news=self.news(),
            remind_url=f"{here.url}/herinneren" if facilitates and others else "",
            differences=found[:SHOWN_DIFFERENCES],
            more_differences=found[SHOWN_DIFFERENCES:],
            nobody=len(silent) == len(here.parties),
            quiet=self.silences(),
            recognition=recognition,
            columns=tuple(self.column(c) for c in self.pack.columns),
            overlapping=self.pack.overlapping,
            by_status=self.by_status,
            switch=self.switch(),
            lead_question=self.pack.guides[0].lead_question if self.pack.guides else "",
            useful=self.useful(),
            notes=answer_html(here, f"gesprek/{theme.slug}/notities"),
            dialogue_url=f"{here.url}/gesprek/{theme.slug}",
            primary=None if self.projector else self.primary(),
            fill_in=Link("Wijzig uw antwoorden", self.url) if self.done() and not self.projector else None,
            on_behalf=tuple(Link(p.name, f"{self.url}/namens/{p.id}") for p in (others if facilitates else [])),
            projector=self.projector,
            projector_link=Link("Terug naar gewone weergave", f"{self.url}/naast-elkaar")
            if self.projector
            else Link("Toon op de projector", f"{self.url}/naast-elkaar?projector=1"),
            overview=self.overview,
            closed=self.closed,
            close_url=f"{self.url}/sluiten" if facilitates else "",
            reopen_url=f"{self.url}/openen" if self.may_reopen() else "",
            context=context(here, "naast-elkaar", theme.slug),
        )

    def may_reopen(self) -> bool:
        closing = self.here.closed(rules.STEP, self.theme.slug)
        return closing is not None and closing.part != "" and self.here.may_set_up and not self.projector

    def done(self) -> bool:
        """Whether the own party has shared this theme itself."""
        own = self.screening.sharing(self.here.party, self.theme) if self.here.party else None
        return own is not None and not own.behalf

    def primary(self) -> Link:
        theme = self.theme
        if self.here.party and not self.done() and not self.closed and may_answer(self.here.seat, self.here.party):
            return Link(f"Vul thema {theme.letter} in", self.url)
        return Link(f"Naar het gesprek over thema {theme.letter}", f"{self.here.url}/gesprek/{theme.slug}")

    def tab(self, theme: Theme) -> Link:
        end = "?projector=1" if self.projector else ""
        shared = sum(self.screening.has_shared(p, theme) for p in self.here.parties)
        return Link(
            f"{theme.letter} · {theme.short}",
            f"{self.overview}/{theme.slug}/naast-elkaar{end}",
            shared_count(shared, len(self.here.parties)),
            theme.slug == self.theme.slug,
        )

    def jumps(self) -> Iterable[Link]:
        """In the order of the talk: the own columns first, then what is done together."""
        for column in (*self.pack.own_columns, *filter(None, [self.pack.joint_column])):
            yield Link(column.short, f"#{column.slug}")

    def switch(self) -> Link | None:
        if self.projector or len(self.here.parties) <= MANY_PARTIES and not self.by_status:
            return None
        to, label = ("partij", "Toon per partij") if self.by_status else ("status", "Toon per antwoord")
        return Link(label, f"{self.url}/naast-elkaar?weergave={to}")

    def news(self) -> str:
        """One sentence when somebody else shared this theme since the last visit."""
        fresh = [
            p.short
            for p in self.here.parties
            if p.id != self.here.seat.party_id and self.is_new(self.screening.shared_at(p, self.theme))
        ]
        if not fresh or self.projector:
            return ""
        verb = "deelde" if len(fresh) == 1 else "deelden"
        return f"{listing(fresh)} {verb} dit na uw vorige bezoek van {date_text(self.seen)}." if self.seen else ""

    def is_new(self, moment: datetime | None) -> bool:
        return self.seen is not None and moment is not None and aware(moment) > self.seen

    def silences(self) -> tuple[Quiet, ...]:
        """Per silence who: not shared; shared, but an item left empty; does not know."""
        found: dict[str, set[str]] = {}
        for said in self.everything():
            if said.silence:
                found.setdefault(said.silence, set()).add(said.party.id)
        return tuple(
            _quiet_group([p for p in self.here.parties if p.id in found[silence]], words)
            for silence, words in _THEME_SILENCES.items()
            if silence in found
        )

    def everything(self) -> Iterable[Saying]:
        yield from self.screening.recognition(self.theme)
        for item in self.theme.items:
            yield from self.sayings(item)

    def sayings(self, item: Item) -> Sequence[Saying]:
        if item.kind == "agenda":
            return self.screening.wishes(self.theme, item)
        return self.screening.said(self.theme, item)

    def recognition(self) -> Recognised:
        said = self.screening.recognition(self.theme)
        counts = [
            f"{number} {choice.label.lower()}"
            for choice in self.pack.recognitions
            if (number := sum(s.choice == choice for s in said))
        ]
        if quiet := sum(1 for s in said if s.silence):
            counts.append(f"{quiet} stil")
        lines = tuple(self.line(s) for s in said if s.choice or s.text)
        return Recognised(" · ".join(counts), lines, _quiet(said))

    def column(self, column: Column) -> ColumnView:
        return ColumnView(
            column, self.pack.tint(column), tuple(self.item(i) for i in self.theme.in_column(column.slug))
        )

    def item(self, item: Item) -> ItemView:
        said = [s for s in self.sayings(item) if s.applies]
        counted = [s for s in said if s.counts or (s.text and not s.choice)]
        joint = item.kind == "agenda"
        lines = tuple(self.line(s) for s in counted)
        return ItemView(
            item=item,
            anchor=rules.anchor(item),
            summary=wish_summary(said) if joint and any(s.counts for s in said) else "",  # type: ignore[arg-type]
            lines=() if joint or self.by_status else lines,
            groups=self.groups(item, counted) if joint or self.by_status else (),
            news=self.item_news(counted) if joint else "",
            whys=tuple(line for line in lines if line.text) if joint else (),
            not_applicable=listing([s.party.short for s in said if s.choice and not s.counts and not s.silence]),
            quiet=_quiet(said),
            remarks=self.remarks(item),
            outcome=self.outcome(item) if joint else None,
        )

    def groups(self, item: Item, said: Sequence[Saying]) -> tuple[Group, ...]:
        """By answer; wishes from far to near, states as the pack has them."""
        choices = list(rules.answers_for(self.pack, item))
        if item.kind == "agenda":
            choices.reverse()
        found = []
        for choice in choices:
            who = [s for s in said if s.choice == choice]
            if who:
                lines = tuple(line for s in who if (line := self.line(s)).text or line.note or line.new)
                joint = item.kind == "agenda"
                whose = listing([_marked(s) if joint else s.party.short for s in who])
                found.append(Group(choice.label, len(who), whose, () if joint else lines))
        wordless = [s for s in said if s.choice is None]
        if wordless:
            whose = listing([s.party.short for s in wordless])
            found.append(Group("Alleen tekst", len(wordless), whose, tuple(self.line(s) for s in wordless)))
        return tuple(found)

    def item_news(self, said: Sequence[Saying]) -> str:
        fresh = [s.party.short for s in said if self.line(s).new]
        return f"Nieuw sinds {date_text(self.seen)}: {listing(fresh)}" if fresh and self.seen else ""

    def line(self, said: Saying) -> Line:
        own = said.party.id == self.here.seat.party_id
        fresh = self.is_new(said.at) and not own and not self.projector
        return Line(
            who=said.party.short,
            word=rules.inside(said.choice.label) if said.choice else "",
            text=said.text,
            new=f"nieuw sinds {date_text(self.seen)}" if fresh and self.seen else "",
            note=f"ingevuld door {said.by_name} namens {said.party.short}, nog niet bevestigd" if said.behalf else "",
        )

    def remarks(self, item: Item) -> AtView:
        """On the projector they are only read."""
        found = at_subject(self.here, point(self.here, self.theme, item), self.came_for)
        return replace(found, may_remark=False) if self.projector else found

    def outcome(self, item: Item) -> Outcome:
        path = f"gesprek/{self.theme.slug}/{item.slug}"
        chosen = joint_value(self.here, f"{path}/uitkomst").split()
        labels = [c.label for c in self.pack.outcomes if c.slug in chosen]
        without = joint_value(self.here, f"{path}/niet-voor").split()
        left_out = [p.short for p in self.here.parties if p.id in without]
        return Outcome(
            text=", ".join([*labels[:1], *(rules.inside(label) for label in labels[1:])]),
            because=joint_value(self.here, f"{path}/omdat"),
            holds_for=f"Geldt niet voor: {listing(left_out)}." if left_out else "",
            url=f"{self.here.url}/gesprek/{self.theme.slug}",
        )

    def useful(self) -> str:
        value = joint_value(self.here, f"gesprek/{self.theme.slug}/zinvol")
        return next((c.label for c in self.pack.useful_answers if c.slug == value), "")


_THEME_SILENCES = {
    "niet-gedeeld": SILENCES["niet-gedeeld"],
    "niets-ingevuld": "gedeeld, maar niet elk punt ingevuld",
    "weet-niet": "weet het bij een of meer punten niet",
}


def _marked(said: Saying) -> str:
    """The short name; with a word when somebody else filled in the answer."""
    return f"{said.party.short} (namens ingevuld, nog niet bevestigd)" if said.behalf else said.party.short


def _quiet(said: Sequence[Saying]) -> tuple[Quiet, ...]:
    """Who is silent, one group for each kind of silence."""
    return tuple(
        _quiet_group(who, words)
        for silence, words in SILENCES.items()
        if (who := [s.party for s in said if s.silence == silence])
    )


def _quiet_group(parties: Sequence[Party], words: str) -> Quiet:
    return Quiet(listing([p.short for p in parties]), len(parties), words)


def _shared_text(total: int, silent: Sequence[Party]) -> str:
    if not silent:
        return "Alle partijen hebben dit thema gedeeld."
    if len(silent) == total:
        return "Nog niemand heeft dit thema gedeeld."
    verb = "heeft" if len(silent) == 1 else "hebben"
    return f"{shared_count(total - len(silent), total)}. {names(silent)} {verb} nog niet gedeeld."
