"""Everything that was said before the plan is written. `app.plan.reading` fills it, `app.plan.pieces` makes
sentences of
it; nothing here asks the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.answers.models import JointAnswer
from app.checklists.reading import ListSaid
from app.conclusions.reading import Conclusions
from app.content.pack import Chapter, Pack
from app.core.clock import MONTHS, iso_or_text, parse_date
from app.core.text import inside
from app.dialogue.reading import Dialogue
from app.journey.models import Party
from app.screening.reading import Screening

FROM_THE_TALK = "uit-het-gesprek"  # no pack may call a column so


@dataclass(frozen=True)
class Told:
    pack: Pack
    url: str
    today: date
    parties: Sequence[Party]
    meeting_on: date | None
    period: tuple[int | None, int | None]
    screening: Screening
    dialogue: Dialogue
    conclusions: Conclusions
    joint: Mapping[str, JointAnswer]
    lists: Sequence[ListSaid] = ()

    def value(self, path: str) -> str:
        """The stored text of a joint answer, '' while nobody answered."""
        row = self.joint.get(path)
        return row.value if row else ""

    def at(self, path: str) -> datetime | None:
        row = self.joint.get(path)
        return row.saved_at if row else None

    def chapter(self, kind: str) -> str:
        """The slug of the chapter of this kind; '' when the pack has none."""
        return next((c.slug for c in self.pack.chapters if c.kind == kind), "")

    @property
    def middle(self) -> str:
        """The column under which is told what was agreed in the conversation; a pack without joint column has none."""
        return self.pack.joint_column.slug if self.pack.joint_column else FROM_THE_TALK

    def name(self, party: Party) -> str:
        """The party as it stands inside a sentence."""
        return inside(party.in_text)

    def full_name(self, party: Party) -> str:
        """Where the plan names the party first: the whole name, with the short one it goes on with."""
        if party.in_text == party.name:
            return self.name(party)
        name = inside(party.name)
        open_end = f"{name[:-1]}; " if name.endswith(")") else f"{name} ("
        return f"{open_end}hierna: {party.in_text})"


def chapter_of(pack: Pack, kind: str) -> Chapter | None:
    return next((c for c in pack.chapters if c.kind == kind), None)


def when(text: str) -> str:
    """'op 12 juni 2028' or 'in juni 2028'; '' for nothing."""
    if not text:
        return ""
    return f"{'op' if parse_date(text) else 'in'} {iso_or_text(text)}"


def before(text: str) -> str:
    """'vóór 12 juni 2028' or 'uiterlijk in juni 2028'; '' for nothing."""
    if not text:
        return ""
    return f"vóór {iso_or_text(text)}" if parse_date(text) else f"uiterlijk in {iso_or_text(text)}"


def month_text(month: str) -> str:
    """'2028-03' → 'maart 2028'."""
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}" if number.isdigit() and 1 <= int(number) <= 12 else month
