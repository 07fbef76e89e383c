"""What the conversation gave, for the rooms above: outcomes, agreements, notes. Shared by nature:
everybody at the table writes it and sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.answers.models import FieldVersion, JointAnswer
from app.answers.reading import joint_answers
from app.content.pack import Choice, Example, Item, Pack, Theme
from app.core.text import listing
from app.dialogue import rules, store
from app.dialogue.models import Agreement
from app.journey.gate import Here
from app.journey.models import Party
from app.prose import fieldtext

DONE, PARTLY, NOT_YET = "besproken", "deels besproken", "nog niet besproken"


@dataclass(frozen=True)
class Outcome:
    """The joint outcome of one middle item."""

    theme: Theme
    item: Item
    choices: tuple[Choice, ...]
    because: str
    later_on: str  # ISO date, only when 'later' was chosen
    holds_for: tuple[Party, ...]
    not_for: tuple[Party, ...]

    @property
    def discussed(self) -> bool:
        return bool(self.choices)

    @property
    def asks_agreement(self) -> bool:
        """Something will be done together, so somebody should do something."""
        return any(c.weight for c in self.choices)

    @property
    def is_later(self) -> bool:
        return any(rules.is_later(c) for c in self.choices)

    @property
    def phrase(self) -> str:
        """'uitwisselen en afstemmen'; '' while it was not discussed."""
        return listing([c.phrase or c.label.lower() for c in self.choices])


@dataclass(frozen=True)
class AgreementSaid:
    """An agreement. `theme` and `item` are slugs; `item` is '' for one of the whole theme."""

    id: str
    theme: str
    item: str
    what: str
    owner: Party | None
    with_parties: tuple[Party, ...]
    by_when: str  # ISO date or month
    state: str  # voorstel | afgesproken
    example: Example | None
    borrowed_left: tuple[str, ...]  # words of the example that still stand in `what`

    @property
    def agreed(self) -> bool:
        return self.state == rules.AGREED

    @property
    def after_example(self) -> str:
        """'naar voorbeeld van Dordrecht (omstreeks 2013)'; '' for an agreement of one's own."""
        return rules.after_example(self.example) if self.example else ""


class Dialogue:
    """Everything the conversation gave. Themes, items and questions are named by their slugs."""

    def __init__(
        self,
        pack: Pack,
        parties: Sequence[Party],
        joint: Mapping[str, JointAnswer],
        agreements: Sequence[Agreement],
    ):
        self.pack = pack
        self._parties = {p.id: p for p in parties}
        self._joint = joint
        self._examples = {e.slug: e for e in pack.examples}
        self._agreements = tuple(self.said(a) for a in agreements if a.removed_at is None)

    def outcome(self, theme: str, item: str) -> Outcome:
        """KeyError when there is no such item."""
        chosen = self._value(f"{theme}/{item}/uitkomst").split()
        choices = tuple(c for c in self.pack.outcomes if c.slug in chosen)
        out = self._value(f"{theme}/{item}/niet-voor").split()
        later = any(rules.is_later(c) for c in choices)
        return Outcome(
            theme=self.pack.theme(theme),
            item=self.pack.item(theme, item),
            choices=choices,
            because=self._value(f"{theme}/{item}/omdat"),
            later_on=self._value(f"{theme}/{item}/later-op") if later else "",
            holds_for=tuple(p for p in self._parties.values() if p.id not in out),
            not_for=tuple(p for p in self._parties.values() if p.id in out),
        )

    def outcomes(self, theme: str | None = None) -> tuple[Outcome, ...]:
        """The outcomes of all middle items (of one theme), undiscussed ones included, in pack order."""
        return tuple(
            self.outcome(t.slug, i.slug)
            for t in self.pack.themes
            if theme in (None, t.slug)
            for i in rules.joint_items(self.pack, t)
        )

    def agreements(self, theme: str | None = None, item: str | None = None) -> tuple[AgreementSaid, ...]:
        """Agreements in their order, without removed ones. None takes all; '' those without theme or item."""
        return tuple(
            a for a in self._agreements if (theme is None or a.theme == theme) and (item is None or a.item == item)
        )

    def useful(self, theme: str) -> Choice | None:
        """The answer to the lead question."""
        value = self._value(f"{theme}/zinvol")
        return next((c for c in self.pack.useful_answers if c.slug == value), None)

    def note(self, theme: str, question: str) -> str:
        """What was noted at one question of the guide."""
        return self._value(f"{theme}/vraag/{question}")

    def notes(self, theme: str) -> str:
        """The general notes."""
        return self._value(f"{theme}/notities")

    def notes_html(self, theme: str, question: str = "") -> Markup:
        """The same notes (of one question) with their lists, bold, italic and links."""
        row = self._joint.get(f"{rules.STEP}/{theme}/{f'vraag/{question}' if question else 'notities'}")
        return fieldtext.html(row.value, row.rich) if row else fieldtext.NOTHING

    def recognised(self, theme: str) -> bool:
        """Whether the parties said together that they recognise the division."""
        return bool(self._value(f"{theme}/erkend"))

    def progress(self, theme: str) -> str:
        """'besproken', 'deels besproken' or 'nog niet besproken'."""
        outcomes = self.outcomes(theme)
        open_ones = [o for o in outcomes if not o.discussed]
        touched = self.useful(theme) or any(
            r.value for p, r in self._joint.items() if p.startswith(f"{rules.STEP}/{theme}/")
        )
        if not touched and not self.agreements(theme):
            return NOT_YET
        return DONE if not open_ones and (outcomes or self.useful(theme)) else PARTLY

    def _value(self, name: str) -> str:
        row = self._joint.get(f"{rules.STEP}/{name}")
        return row.value if row else ""

    def said(self, row: Agreement) -> AgreementSaid:
        """A row as others see it, also when it was removed."""
        example = self._examples.get(row.example)
        return AgreementSaid(
            id=row.id,
            theme=row.theme,
            item=row.item,
            what=row.what,
            owner=self._parties.get(row.owner_id or ""),
            with_parties=tuple(self._parties[i] for i in row.with_parties.split() if i in self._parties),
            by_when=row.by_when,
            state=row.state,
            example=example,
            borrowed_left=rules.borrowed_left(row.what, example.borrowed) if example else (),
        )


def all_agreements(here: Here) -> list[Agreement]:
    """The rows of all agreements, removed ones included; read once per request."""
    return _agreement_rows(here)[0]


def agreement_versions(here: Here) -> dict[tuple[str, str], FieldVersion]:
    """The versions of their columns by (id, column)."""
    return _agreement_rows(here)[1]


def _agreement_rows(here: Here) -> tuple[list[Agreement], dict[tuple[str, str], FieldVersion]]:
    if "agreements" not in here.extra:
        here.extra["agreements"] = store.list_agreements(here.tx, here.journey)
    return here.extra["agreements"]  # type: ignore[return-value]


def forget_agreements(here: Here) -> None:
    """After a change of an agreement within this request."""
    here.extra.pop("agreements", None)


def read_dialogue(here: Here) -> Dialogue:
    """What the conversation gave until now; read once per request (and again after a save within it)."""
    source = (joint_answers(here), all_agreements(here))
    known = here.extra.get("dialogue")
    if known is None or any(a is not b for a, b in zip(known[0], source, strict=True)):  # type: ignore[index]
        known = (source, Dialogue(here.pack, here.parties, *source))
        here.extra["dialogue"] = known
    return known[1]  # type: ignore[index]
