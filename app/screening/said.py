"""What was said, as everybody may see it: shared answers with who, when, and which silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.content.pack import Choice
from app.journey.models import Party

Silence = Literal["", "niet-gedeeld", "niets-ingevuld", "weet-niet"]

SILENCES: dict[str, str] = {
    "niet-gedeeld": "nog niet gedeeld",
    "niets-ingevuld": "gedeeld, maar hier niets ingevuld",
    "weet-niet": "weet ik niet",
}


@dataclass(frozen=True)
class Saying:
    """One party at one question. `applies` False: it is not asked, so its silence says nothing."""

    party: Party
    choice: Choice | None = None
    text: str = ""
    at: datetime | None = None
    by_name: str = ""
    behalf: bool = False  # filled in by the procesbegeleider, not confirmed by the party
    silence: Silence = ""
    applies: bool = True

    @property
    def counts(self) -> bool:
        """Whether this is an answer with a grade: not silent, not 'n.v.t.', not 'weet ik niet'."""
        return self.choice is not None and self.choice.counts

    @property
    def silence_text(self) -> str:
        """'nog niet gedeeld', or '' for a party that spoke."""
        return SILENCES.get(self.silence, "")


@dataclass(frozen=True)
class ItemSaid(Saying):
    """About an item of the own column: a state of policy, or whether an interest is recognised."""


@dataclass(frozen=True)
class WishSaid(Saying):
    """About an item of the middle column: how far this party wants to go, and why."""

    @property
    def why(self) -> str:
        return self.text


@dataclass(frozen=True)
class RecognitionSaid(Saying):
    """About the division of a theme: recognised or not, and what should be different."""

    @property
    def instead(self) -> str:
        return self.text


@dataclass(frozen=True)
class Quiet:
    """Who is silent in the same way: 'Op Weg en Ark' 'nog niet gedeeld'."""

    names: str
    count: int
    words: str

    @property
    def crowded(self) -> bool:
        """Too many names for one line: a page folds them."""
        return self.count > 8


@dataclass(frozen=True)
class Difference:
    """One real difference in one sentence; `anchor` is where on the side-by-side page it stands."""

    sentence: str
    anchor: str


@dataclass(frozen=True)
class Progress:
    """How far a party is with a theme. N.v.t., 'weet ik niet' and what is not for this party never count."""

    filled: int
    total: int
    open: tuple[tuple[str, str], ...]  # (label, anchor on the fill-in page)

    @property
    def text(self) -> str:
        """'5 van 6 punten ingevuld'."""
        return f"{self.filled} van {self.total} punten ingevuld"
