"""What the screening offers to the rooms above: who said what, where they differ, who is silent.

Shared answers only; `progress` is the exception, and only for the party itself.

Everywhere `theme` and `item` may be given as the thing itself or as its slug.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from app.answers.models import BEHALF, OWN
from app.answers.reading import concepts, shared_answers
from app.answers.view import Said, Shared
from app.content.pack import Choice, Item, Pack, Theme
from app.journey.gate import Here
from app.journey.models import Party
from app.journey.whole import read_whole
from app.remarks.models import Remark
from app.remarks.reading import Remarks, RemarkSaid, keep_remarks, read_remarks
from app.screening import differences as compare
from app.screening import rules, store
from app.screening.models import Share
from app.screening.said import (
    SILENCES,
    Difference,
    ItemSaid,
    Progress,
    RecognitionSaid,
    Saying,
    Silence,
    WishSaid,
)
from app.screening.subjects import KIND

__all__ = [
    "SILENCES",
    "Difference",
    "ItemSaid",
    "Progress",
    "RecognitionSaid",
    "RemarkSaid",
    "Screening",
    "Sharing",
    "WishSaid",
    "progress",
    "read_screening",
]

S = TypeVar("S", bound=Saying)


@dataclass(frozen=True)
class Sharing:
    """That a theme was shared by a party, or for it."""

    at: datetime
    by_name: str
    behalf: bool  # shared namens the party, not confirmed by it


@dataclass(frozen=True)
class Screening:
    """Everything that was shared in this journey."""

    pack: Pack
    parties: tuple[Party, ...]
    load_shared: Callable[[], Shared]
    shares: tuple[tuple[Share, str], ...]
    load_remarks: Callable[[], Remarks]

    @cached_property
    def shared(self) -> Shared:
        return self.load_shared()

    def parties_in(self, column: str) -> tuple[Party, ...]:
        """The parties whose own column this is."""
        return tuple(p for p in self.parties if self.pack.party_kind(p.kind).column == column)

    def said(self, theme: Theme | str, item: Item | str) -> tuple[ItemSaid, ...]:
        """What each party of the item's own column said, in their order, silent ones included."""
        theme, item = self._item(theme, item)
        return tuple(self._item_said(ItemSaid, p, theme, item) for p in self.parties_in(item.column))

    def wishes(self, theme: Theme | str, item: Item | str) -> tuple[WishSaid, ...]:
        """How far each party wants to go at an item of the middle column, own column or not."""
        theme, item = self._item(theme, item)
        return tuple(self._item_said(WishSaid, p, theme, item) for p in self.parties)

    def recognition(self, theme: Theme | str) -> tuple[RecognitionSaid, ...]:
        """Whether each party recognises the division of this theme."""
        theme = self._theme(theme)
        choices = self.pack.recognitions
        return tuple(
            self._saying(RecognitionSaid, p, theme, choices, rules.DIVISION, rules.DIVISION_INSTEAD, True)
            for p in self.parties
        )

    def sharing(self, party: Party, theme: Theme | str) -> Sharing | None:
        """How and when this party's answers at this theme became visible; None while they are not."""
        return self._sharings.get((party.id, self._theme(theme).slug))

    def has_shared(self, party: Party, theme: Theme | str) -> bool:
        """Whether others see something of this party at this theme, be it *namens*."""
        return self.sharing(party, theme) is not None

    def shared_at(self, party: Party, theme: Theme | str) -> datetime | None:
        found = self.sharing(party, theme)
        return found.at if found else None

    def silent(self, theme: Theme | str) -> tuple[Party, ...]:
        """Who has shared nothing at this theme."""
        return tuple(p for p in self.parties if not self.has_shared(p, theme))

    def differences(self, theme: Theme | str) -> tuple[Difference, ...]:
        """Real differences, most telling first; a page shows five and folds the rest."""
        theme = self._theme(theme)
        own = [i for c in self.pack.own_columns for i in theme.in_column(c.slug)]
        return compare.find_differences(
            self.pack,
            self.recognition(theme),
            [(i, self.wishes(theme, i)) for i in rules.joint_items(self.pack, theme)],
            [(i, self.said(theme, i)) for i in own],
        )

    def wish_summary(self, theme: Theme | str, item: Item | str) -> str:
        """'4 van 5 noemen afstemmen of meer'."""
        return compare.wish_summary(self.wishes(theme, item))

    def remarks(self, theme: Theme | str, item: Item | str | None = None) -> tuple[RemarkSaid, ...]:
        """What was remarked at this theme or one item of it, oldest first, without the answers to it. The first call
        asks the database."""
        theme = self._theme(theme)
        slug = item.slug if isinstance(item, Item) else item
        keys = [f"{KIND}/{theme.slug}/{i.slug}" for i in theme.items if slug in (None, i.slug)]
        found = (t.first for key in keys for t in self.load_remarks().at(key))
        return tuple(sorted((r for r in found if not r.withdrawn and r.text), key=lambda r: r.id))

    @cached_property
    def _sharings(self) -> dict[tuple[str, str], Sharing]:
        found: dict[tuple[str, str], Sharing] = {}
        for layer in (BEHALF, OWN):  # own last: it wins
            for share, name in self.shares:
                if share.layer == layer:
                    found[share.party_id, share.theme] = Sharing(share.at, name, layer == BEHALF)
        return found

    def _theme(self, theme: Theme | str) -> Theme:
        return self.pack.theme(theme) if isinstance(theme, str) else theme

    def _item(self, theme: Theme | str, item: Item | str) -> tuple[Theme, Item]:
        theme = self._theme(theme)
        return theme, self.pack.item(theme.slug, item) if isinstance(item, str) else item

    def _item_said(self, kind: type[S], party: Party, theme: Theme, item: Item) -> S:
        choices, applies = rules.answers_for(self.pack, item), rules.applies(self.pack, party, item)
        return self._saying(kind, party, theme, choices, rules.choice_name(item), rules.text_name(item), applies)

    def _saying(
        self,
        kind: type[S],
        party: Party,
        theme: Theme,
        choices: tuple[Choice, ...],
        name: str,
        words: str,
        applies: bool,
    ) -> S:
        sharing = self.sharing(party, theme)
        if sharing is None:
            return kind(party, silence="niet-gedeeld" if applies else "", applies=applies)
        chosen, text = (self._find(party, sharing, f"{theme.slug}/{n}") for n in (name, words))
        value = chosen.value if chosen else ""
        choice = next((c for c in choices if c.slug == value), None)
        silence: Silence = ""
        if value == "weet-niet":
            silence = "weet-niet"
        elif choice is None and text is None and applies:
            silence = "niets-ingevuld"
        latest: Any = max((s for s in (chosen, text) if s), key=lambda s: s.at, default=None)
        return kind(
            party,
            choice=choice,
            text=text.value if text else "",
            at=latest.at if latest else sharing.at,
            by_name=sharing.by_name,
            behalf=sharing.behalf,
            silence=silence,
            applies=applies or choice is not None or text is not None,
        )

    def _find(self, party: Party, sharing: Sharing, path: str) -> Said | None:
        """A party that shared itself is never quoted from what was filled in for it."""
        said = self.shared.find(party.id, path)
        return said if said and said.behalf == sharing.behalf else None


def _rows(found: Iterable[tuple[Any, str]]) -> Iterator[Any]:
    return (row for row, _ in found)


def keep_spoken(here: Here, shares: Iterable[Share], remarks: Iterable[Remark]) -> None:
    """Takes over the shares and remarks of this journey from who has read them already."""
    if here.keep is not None:
        name = lambda seat_id: here.seats[seat_id][1].name  # noqa: E731
        here.keep["shares"] = tuple((s, name(s.by_seat)) for s in sorted(shares, key=lambda s: s.id))
        keep_remarks(here, remarks)


def read_screening(here: Here) -> Screening:
    """Read once per request. After sharing within the request: `here.extra.pop('screening', None)`."""
    if "screening" not in here.extra:
        if here.keep is not None and "shares" not in here.keep:
            found = read_whole(here.tx, here.journey, (Share, Remark))
            keep_spoken(here, found[Share], found[Remark])
        here.extra["screening"] = Screening(
            pack=here.pack,
            parties=here.parties,
            load_shared=lambda: shared_answers(here),
            shares=here.kept("shares", lambda: tuple(store.list_shares(here.tx, here.journey)), _rows),
            load_remarks=lambda: read_remarks(here),
        )
    return here.extra["screening"]  # type: ignore[return-value]


def progress(here: Here, party: Party, layer: str = OWN) -> dict[str, Progress]:
    """Per theme slug how far this party is, concepts included: for its own people only."""
    found = concepts(here, party.id, layer)
    return {
        theme.slug: rules.progress(
            here.pack,
            party,
            theme,
            lambda name, slug=theme.slug: found.value(f"{slug}/{name}"),  # type: ignore[misc]
        )
        for theme in here.pack.themes
    }
