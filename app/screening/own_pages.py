"""What the page shows on which a party (or somebody namens a party) fills in one theme."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from app.answers.actions import Saved
from app.answers.fields import after_save, dom_id, stored_field
from app.answers.models import BEHALF, OWN, Answer
from app.answers.reading import concepts
from app.answers.view import Concepts
from app.content.pack import Column, Example, Item, Pack, Theme
from app.content.shown import FactRow, fact_rows
from app.core.clock import date_text, moment_text
from app.core.fields import FieldView
from app.core.rendering import Link
from app.core.text import counted, listing
from app.journey.context import Context, context
from app.journey.gate import Here
from app.journey.models import Party
from app.journey.rules import may_answer
from app.screening import rules
from app.screening.reading import Screening, read_screening
from app.screening.said import Progress

MANY_NAMES = 8


@dataclass(frozen=True)
class SameAnswer:
    """What the party chose at the same point of another theme."""

    letter: str
    label: str
    url: str


@dataclass(frozen=True)
class Asked:
    """One item with its two fields."""

    item: Item
    anchor: str
    sectors: str  # 'primair onderwijs (po) en voortgezet onderwijs (vo)', '' for all
    choice: FieldView
    words: FieldView
    open: bool  # the words stand open: something is written, or 'is al geregeld' must say where
    same: SameAnswer | None


@dataclass(frozen=True)
class Behalf:
    """What was shared in the name of the party, as the others see it now."""

    by: str
    when: str
    lines: tuple[tuple[str, str, str], ...]  # (label, answer, words)
    may_confirm: bool  # the party has nothing of its own yet


@dataclass(frozen=True)
class Ending:
    """The end of the page: what is open, and what can be done with it. Drawn again after every save."""

    letter: str
    where: str  # 'B · Leren thuis'
    saved: str
    state: str  # leeg | concept | gedeeld | gewijzigd
    sentence: str  # the state in words
    progress: Progress
    seen_by: str  # who will see it after sharing
    seen_names: str  # their names, when there are too many for the sentence
    share_label: str
    url: str  # of the forms
    next: Link | None
    onward: Link | None  # after sharing: the next theme, or all of them beside each other
    done: str  # what to say when all themes are shared, else ''
    side_by_side: str
    locked: str


@dataclass(frozen=True)
class OwnPage:
    title: str
    theme: Theme
    number: int
    total: int
    party: Party
    behalf_of: str  # '' when it is the own party
    audience: str
    items: tuple[Asked, ...]
    elsewhere: tuple[Asked, ...]  # own items that are not about the sectors of this party
    elsewhere_text: str
    joint_question: str
    joint: tuple[Asked, ...]
    joint_elsewhere: tuple[Asked, ...]
    joint_elsewhere_text: str
    division: tuple[tuple[Column, tuple[Item, ...]], ...]
    recognition: FieldView
    instead: FieldView
    kind_note: str  # what was decided for this kind of party, e.g. that it gets one item only
    facts: tuple[FactRow, ...]
    examples: tuple[Example, ...]
    filled_in_for_you: Behalf | None
    ending: Ending
    overview: str
    previous: Link | None
    beside: tuple[Link, ...]  # namens: the party before and after this one, at this theme
    context: Context


class OwnColumn:
    """The fields of one party at one theme in one layer: draw them, and everything around them."""

    def __init__(self, here: Here, party: Party, theme: Theme, layer: str = OWN, *, whole: bool = True):
        """`whole`: also what this party says at the other themes, which the page needs and a save does not."""
        self.here = here
        self.only = "" if whole else theme.slug
        self.party = party
        self.theme = theme
        self.layer = layer
        self.specs = here.kept(
            f"specs {party.id} {theme.slug} {layer}",
            lambda: rules.specs(here.pack, party, theme, behalf=layer == BEHALF),
        )
        self.overview = f"{here.url}/{rules.STEP}"
        self.url = f"{self.overview}/{theme.slug}" + (f"/namens/{party.id}" if layer == BEHALF else "")

    @property
    def who(self) -> str:
        """Whom the questions are about, as it stands in a sentence."""
        return self.party.in_text if self.layer == BEHALF else "u"

    @property
    def concepts(self) -> Concepts:
        return concepts(self.here, self.party.id, self.layer, self.only)

    @property
    def screening(self) -> Screening:
        return read_screening(self.here)

    @property
    def locked(self) -> str:
        """Why nothing can be changed here now; '' when it can."""
        if closed := self.here.closed_text(rules.STEP, self.theme.slug):
            return closed
        if self.layer == BEHALF:
            own = self.screening.sharing(self.party, self.theme)
            if own and not own.behalf:
                return f"{self.party.name} heeft dit thema zelf gedeeld op {date_text(own.at)}."
            return ""
        return "" if may_answer(self.here.seat, self.party) else "U leest mee. Meelezers wijzigen niets."

    def field(self, name: str, saved: Saved | None = None) -> FieldView:
        """The field as it is in the database, or as it was saved just now."""
        looks = {"wens": "grid", "waarom": "quiet", rules.DIVISION: "quiet"}
        look = looks.get(name.rpartition("/")[2], "rows")
        path = f"{self.theme.slug}/{name}"
        row = None if saved else self.concepts.row(path)
        view = stored_field(f"{self.url}/veld/{name}", path, self.specs[name], row, look=look, heading=look == "grid")
        return after_save(view, saved) if saved else view

    def value(self, name: str) -> str:
        return self.concepts.value(f"{self.theme.slug}/{name}")

    def asked(self, item: Item) -> Asked:
        pack = self.here.pack
        choice, words = rules.choice_name(item), rules.text_name(item)
        sectors = [s.label for s in pack.sectors if s.slug in item.sectors]
        return Asked(
            item=item,
            anchor=rules.anchor(item),
            sectors=listing([rules.inside(s) for s in sectors]),
            choice=self.field(choice),
            words=self.field(words),
            open=item.legal is not None or bool(self.value(words)),
            same=self._same(item) if not self.value(choice) else None,
        )

    def _same(self, item: Item) -> SameAnswer | None:
        if self.locked:
            return None
        for other, found in rules.before(self.here.pack, self.theme, item):
            value = self.concepts.value(f"{other.slug}/{rules.choice_name(found)}")
            for choice in rules.answers_for(self.here.pack, item):
                if choice.slug == value:
                    return SameAnswer(other.letter, choice.label, f"{self.url}/ook-hier")
        return None

    @property
    def rows(self) -> list[Answer]:
        return self.concepts.under(f"{self.theme.slug}/")

    @property
    def saved(self) -> str:
        """When something of this theme was saved last."""
        latest: datetime | None = max((a.saved_at for a in self.rows), default=None)
        return f"Opgeslagen {moment_text(latest)}" if latest else ""

    def stand(self) -> Hashable:
        """All that the end of the page depends on and others do not see: what was chosen, of which texts there are any,
        and whether anything was changed since sharing."""
        prefix = f"{self.theme.slug}/"
        answers = self.rows
        filled = tuple(
            (a.path, self.specs[name].kind == "text" or a.value)
            for a in answers
            if a.value and (name := a.path.removeprefix(prefix)) in self.specs
        )
        return filled, any(a.value for a in answers), self.concepts.changed_since_share(prefix)

    def ending(self) -> Ending:
        here, theme, party = self.here, self.theme, self.party
        state, sentence = self._state()
        others = [p.in_text for p in here.parties if p.id != party.id]
        behalf = f" namens {party.in_text}" if self.layer == BEHALF else ""
        label = (
            f"Deel thema {theme.letter} opnieuw" if state == "gewijzigd" else f"Deel thema {theme.letter} met iedereen"
        )
        following, done = self._onward(state), self._done()
        return Ending(
            letter=theme.letter,
            where=f"{theme.letter} · {theme.short}",
            saved=self.saved,
            state=state,
            sentence=sentence,
            progress=rules.progress(here.pack, party, theme, self.value),
            seen_by=_seen_by(others),
            seen_names=listing(others) if len(others) > MANY_NAMES else "",
            share_label=label + behalf,
            url=self.url,
            next=following,
            onward=Link("Bekijk alles naast elkaar", f"{self.overview}/{here.pack.themes[0].slug}/naast-elkaar")
            if done
            else following,
            done=done,
            side_by_side=f"{self.overview}/{theme.slug}/naast-elkaar",
            locked=self.locked,
        )

    def _state(self) -> tuple[str, str]:
        shared = self.screening.sharing(self.party, self.theme)
        mine = shared is not None and shared.behalf == (self.layer == BEHALF)
        prefix = f"{self.theme.slug}/"
        whose = "uw" if self.layer == OWN else "de"
        if shared and mine:
            if self.concepts.changed_since_share(prefix):
                return (
                    "gewijzigd",
                    f"Gewijzigd na delen. Anderen zien nog {whose} versie van {date_text(shared.at)}.",
                )
            unconfirmed = ", nog niet bevestigd door deze partij" if self.layer == BEHALF else ""
            return "gedeeld", f"Gedeeld op {date_text(shared.at)} door {shared.by_name}{unconfirmed}."
        if any(a.value for a in self.concepts.under(prefix)):
            return "concept", "Nog niet gedeeld."
        return "leeg", "Nog niets ingevuld."

    def _to_share(self) -> list[Theme]:
        """The themes of which these answers are not shared yet."""
        behalf = self.layer == BEHALF
        return [
            t
            for t in self.here.pack.themes
            if (found := self.screening.sharing(self.party, t)) is None or found.behalf != behalf
        ]

    def _onward(self, state: str) -> Link | None:
        """The next theme; after sharing the last one, a theme that was skipped."""
        waiting = self._to_share()
        return self._neighbour(1) or (self._link_to(waiting[0]) if state == "gedeeld" and waiting else None)

    def _done(self) -> str:
        """A sentence when nothing is left to share."""
        if self._to_share():
            return ""
        if self.layer == BEHALF:
            return f"U hebt alle thema’s gedeeld namens {self.party.in_text}."
        return "U hebt alle thema’s gedeeld. Meer hoeft u vóór het overleg niet te doen."

    def _neighbour(self, step: int) -> Link | None:
        themes = self.here.pack.themes
        position = next(i for i, t in enumerate(themes) if t.slug == self.theme.slug) + step
        if not 0 <= position < len(themes):
            return None
        return self._link_to(themes[position], "Terug naar" if step < 0 else "Naar")

    def _beside(self) -> tuple[Link, ...]:
        """The parties before and after this one that somebody may fill this theme in for."""
        here, theme = self.here, self.theme
        waiting = [
            p
            for p in here.parties
            if p.id == self.party.id
            or p.id != here.seat.party_id
            and ((shared := self.screening.sharing(p, theme)) is None or shared.behalf)
        ]
        at = [p.id for p in waiting].index(self.party.id)
        found = [("Vorige", p) for p in waiting[:at][-1:]] + [("Volgende", p) for p in waiting[at + 1 :][:1]]
        return tuple(
            Link(f"{which} partij: {p.short}", f"{self.overview}/{theme.slug}/namens/{p.id}") for which, p in found
        )

    def _link_to(self, theme: Theme, way: str = "Naar") -> Link:
        end = f"/namens/{self.party.id}" if self.layer == BEHALF else ""
        return Link(f"{way} thema {theme.letter}", f"{self.overview}/{theme.slug}{end}")

    def filled_in_for_you(self) -> Behalf | None:
        """What stands there in the name of the own party, while it has shared nothing itself."""
        shared = self.screening.sharing(self.party, self.theme)
        if self.layer == BEHALF or shared is None or not shared.behalf:
            return None
        said = concepts(self.here, self.party.id, BEHALF)
        lines = []
        asked = [(i.label, rules.choice_name(i), rules.text_name(i)) for i in self.theme.items]
        for label, choice, words in (*asked, (rules.DIVISION_LABEL, rules.DIVISION, rules.DIVISION_INSTEAD)):
            spec = self.specs.get(choice)
            first, second = said.row(f"{self.theme.slug}/{choice}"), said.row(f"{self.theme.slug}/{words}")
            value, text = (
                (first.shared_value if first else "") or "",
                (second.shared_value if second else "") or "",
            )
            if spec and (value or text):
                chosen = next((o.label for o in spec.options if o.value == value), "")
                lines.append((label, chosen, text))
        empty = not any(a.value for a in self.concepts.under(f"{self.theme.slug}/"))
        return Behalf(shared.by_name, date_text(shared.at), tuple(lines), empty)

    def page(self) -> OwnPage:
        here, theme, party = self.here, self.theme, self.party
        pack = here.pack
        own = [(i, self.asked(i)) for i in rules.own_items(pack, party, theme)]
        joint = [(i, self.asked(i)) for i in rules.joint_items(pack, theme)]
        elsewhere = tuple(a for i, a in own if not rules.in_sector(party, i))
        joint_elsewhere = tuple(a for i, a in joint if not rules.in_sector(party, i))
        return OwnPage(
            title=title(pack, party, theme),
            theme=theme,
            number=[t.slug for t in pack.themes].index(theme.slug) + 1,
            total=len(pack.themes),
            party=party,
            behalf_of=party.name if self.layer == BEHALF else "",
            audience=self.audience(),
            items=tuple(a for i, a in own if rules.in_sector(party, i)),
            elsewhere=elsewhere,
            elsewhere_text=_elsewhere(len(elsewhere)),
            joint_question=rules.column_question(pack.joint_column, self.who) if pack.joint_column else "",
            joint=tuple(a for i, a in joint if rules.in_sector(party, i)),
            joint_elsewhere=joint_elsewhere,
            joint_elsewhere_text=_elsewhere(len(joint_elsewhere)),
            division=tuple((c, theme.in_column(c.slug)) for c in pack.own_columns),
            recognition=self.field(rules.DIVISION),
            instead=self.field(rules.DIVISION_INSTEAD),
            kind_note=here.kind_of(party).note,
            facts=fact_rows(pack, theme.facts),
            examples=tuple(e for e in pack.examples if e.theme == theme.slug),
            filled_in_for_you=self.filled_in_for_you(),
            ending=self.ending(),
            overview=self.overview,
            previous=self._neighbour(-1),
            beside=self._beside() if self.layer == BEHALF else (),
            context=context(here, "eigen-kolom", theme.slug),
        )

    def audience(self) -> str:
        if self.layer == BEHALF:
            hidden = f"U ziet hier niet wat {self.party.in_text} zelf invult."
            return f"Tot u deelt, zien alleen de procesbegeleiders dit. {hidden}"
        shared = self.screening.sharing(self.party, self.theme)
        if shared and not shared.behalf:
            changes = f"Wat u nu wijzigt, ziet alleen {self.party.in_text}, tot u opnieuw deelt."
            return f"Wat is gedeeld, ziet iedereen in dit traject. {changes}"
        return f"Alleen mensen van {self.party.in_text} zien dit, tot u deelt."


def title(pack: Pack, party: Party, theme: Theme) -> str:
    """'Wat doet Stichting De Linde aan …?'; a party without own column is asked what it wants, or only
    about the division."""
    if rules.own_items(pack, party, theme):
        return theme.own_question.replace("{partij}", party.in_text)
    if not rules.joint_items(pack, theme):
        return f"Wat vindt {party.in_text} van de verdeling bij thema {theme.letter}: {theme.title}?"
    return f"Wat wil {party.in_text} bij thema {theme.letter}: {theme.title}?"


def field_id(theme: Theme, name: str) -> str:
    """The id on the page of a field, for the link back after saving without JavaScript."""
    return dom_id(f"{theme.slug}/{name}")


def _elsewhere(number: int) -> str:
    if not number:
        return ""
    return f"{counted(number, 'punt gaat', 'punten gaan')} niet over uw sector – toon"


def _seen_by(names: list[str]) -> str:
    if not names:
        return "Er doen nog geen andere partijen mee."
    if len(names) > MANY_NAMES:
        return f"Deelt u dit thema? Dan zien alle {len(names)} andere partijen dit."
    return f"Deelt u dit thema? Dan zien de mensen van {listing(names)} dit."
