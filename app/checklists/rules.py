"""Which lists there can be, what may stand in them, and how far somebody is in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.content.pack import Conclusion, Pack
from app.core.fields import Option, Spec
from app.core.text import clean
from app.journey.models import Municipality

PART = "lijsten"  # of the step: in addresses and events
STATES = {"nog-niet": "Nog niet", "bezig": "Mee bezig", "op-orde": "Op orde", "nvt": "Niet van toepassing"}
DONE, NOT_APPLICABLE = "op-orde", "nvt"
CRITERION_LENGTH, NAME_LENGTH = 500, 120


@dataclass(frozen=True)
class Ready:
    """A list that can be begun: one that the pack names, or one of their own (`option` '')."""

    conclusion: Conclusion
    option: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.conclusion.slug}/{self.option}"


def has_lists(conclusion: Conclusion) -> bool:
    """A conclusion about criteria has lists: one of its choices names one, or its examples are criteria."""
    return any(o.checklist for o in conclusion.options) or any(e.kind == "criterium" for e in conclusion.examples)


def list_conclusions(pack: Pack) -> tuple[Conclusion, ...]:
    return tuple(c for c in pack.conclusions if has_lists(c))


def ready_lists(pack: Pack) -> tuple[Ready, ...]:
    """What one can begin: the lists that the pack names, and for each conclusion one of their own."""
    return tuple(
        ready
        for c in list_conclusions(pack)
        for ready in (*(Ready(c, o.slug, o.checklist) for o in c.options if o.checklist), Ready(c, "", ""))
    )


def list_specs(municipalities: Sequence[Municipality]) -> dict[str, Spec]:
    """The columns of a list, by attribute. The gemeente is asked only when there are several."""
    specs = {
        "name": Spec("line", "Hoe heet deze lijst?", required=True, max_length=NAME_LENGTH),
        "source": Spec(
            "line",
            "Waar komen deze criteria vandaan?",
            help="De titel van het stuk, of wie de criteria heeft bedacht.",
        ),
        "source_place": Spec("line", "Waar is dat te vinden?", help="Een link of een vindplaats.", max_length=500),
        "source_year": Spec("year", "Uit welk jaar is dat?"),
    }
    if len(municipalities) > 1:
        specs["municipality_id"] = Spec(
            "select",
            "Voor welke gemeente is deze lijst?",
            tuple(Option(m.id, m.name) for m in municipalities),
            help="Kiest u niets? Dan is de lijst voor alle gemeenten.",
        )
    return specs


CRITERION = Spec("text", "Criterium", required=True, max_length=CRITERION_LENGTH)
INSTITUTION = Spec("line", "Hoe heet deze school of organisatie?", required=True, max_length=NAME_LENGTH)
PROGRESS = {
    "state": Spec("choice", "Hoe ver is dit?", tuple(Option(k, v) for k, v in STATES.items())),
    "note": Spec("text", "Toelichting (mag leeg blijven)", max_length=2000),
    "dated": Spec(
        "when",
        "Datum (mag leeg blijven)",
        help="Een dag of een maand: sinds wanneer het zo is, of wanneer het klaar is.",
    ),
}


# What stands before a pasted line: a dash, a bullet (also those of word processors), '3.', '3)' or 'b.'
_BULLET = re.compile(r"^(?:[-–—*•●▪■◦·\uf0b7\uf0a7]|\(?[0-9]{1,3}[.)]|\(?[a-z][.)])\s+")


def pasted_lines(text: str) -> list[str]:
    """The lines of a pasted list, without what stands before them as bullet or number; empty lines are left out."""
    lines = (" ".join(clean(line, lines=False).split()) for line in text.split("\n"))
    return [bare for line in lines if (bare := _BULLET.sub("", line + " ").strip())]


def new_lines(lines: Iterable[str], known: Iterable[str]) -> list[str]:
    """The lines that are not there yet, each once; capitals make no difference."""
    seen = {k.casefold() for k in known}
    fresh = []
    for line in lines:
        if line.casefold() not in seen:
            seen.add(line.casefold())
            fresh.append(line)
    return fresh


@dataclass(frozen=True)
class Tally:
    """How many criteria are how far, of one institution or of all of them together."""

    cells: int  # criteria times institutions
    done: int = 0
    busy: int = 0
    not_yet: int = 0
    not_applicable: int = 0

    @property
    def total(self) -> int:
        """What counts: without what does not apply."""
        return max(self.cells - self.not_applicable, 0)

    @property
    def unsaid(self) -> int:
        return max(self.total - self.done - self.busy - self.not_yet, 0)

    @property
    def said(self) -> bool:
        return bool(self.done or self.busy or self.not_yet or self.not_applicable)

    @property
    def short(self) -> str:
        """'12 van 30 op orde'."""
        return f"{self.done} van {self.total} op orde"

    @property
    def words(self) -> str:
        """'4 van 9 op orde, 3 mee bezig, 2 nog niet ingevuld'; what is zero is left out."""
        if not self.said:
            return "nog niet ingevuld"
        more = (
            (self.busy, "mee bezig"),
            (self.not_yet, "nog niet"),
            (self.not_applicable, "niet van toepassing"),
            (self.unsaid, "nog niet ingevuld"),
        )
        return ", ".join([self.short, *(f"{n} {what}" for n, what in more if n)])


def tally(cells: int, states: Iterable[tuple[str, int]]) -> Tally:
    """`states` are states with how often each was said."""
    found = dict.fromkeys(STATES, 0)
    for state, count in states:
        if state in found:
            found[state] += count
    return Tally(cells, found["op-orde"], found["bezig"], found["nog-niet"], found["nvt"])


def where(institutions: int) -> str:
    """'bij 5 scholen en organisaties'."""
    return "bij 1 school of organisatie" if institutions == 1 else f"bij {institutions} scholen en organisaties"


def source_text(source: str, place: str, year: int | None) -> str:
    """'Kwaliteitskader Meerwijk, gemeente Meerwijk (2025)'; '' when nothing is known."""
    named = ", ".join(t for t in (source, place) if t)
    return f"{named} ({year})" if named and year else named or str(year or "")


def is_link(place: str) -> bool:
    """Whether the place is an address that a browser can open."""
    return bool(re.fullmatch(r"https?://[^\s/]+\.[^\s]+", place))
