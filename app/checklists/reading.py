"""The checklists as the rooms above need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.answers.reading import joint_answers
from app.checklists import rules, store
from app.checklists.models import Checklist, Criterion, Institution
from app.checklists.rules import Tally
from app.checklists.store import ListRow, Place, Said
from app.conclusions.reading import counting_conclusions
from app.conclusions.rules import STEP
from app.content.pack import Conclusion
from app.core.clock import date_text
from app.core.text import counted
from app.journey.gate import Here
from app.journey.models import Municipality, Party
from app.register.reading import schools_of

Named = TypeVar("Named", Institution, Place)


@dataclass(frozen=True)
class ListSaid:
    """One list in a few words."""

    id: str
    name: str
    conclusion: str  # slug
    option: str
    municipality: str  # name; '' for all of them
    source: str  # 'Kwaliteitskader Meerwijk (2025)', or ''
    criteria: int
    institutions: int
    tally: Tally
    changed: datetime | None
    url: str

    @property
    def full_name(self) -> str:
        return f"{self.name} – {self.municipality}" if self.municipality else self.name

    @property
    def filled(self) -> bool:
        """Whether there is anything to report: somebody said how far somebody is."""
        return self.tally.said

    @property
    def summary(self) -> str:
        """'12 van 30 op orde bij 5 scholen en organisaties', or what is still to be done."""
        if not self.criteria:
            return "nog geen criteria"
        if not self.institutions:
            return f"{counted(self.criteria, 'criterium', 'criteria')}, nog geen scholen of organisaties"
        if not self.filled:
            return f"{counted(self.criteria, 'criterium', 'criteria')}, nog niet ingevuld"
        return f"{self.tally.short} {rules.where(self.institutions)}"

    @property
    def sentence(self) -> str:
        """'Van de lijst ‘Indicatoren’ zijn 4 van de 9 punten op orde (3 criteria bij 3 scholen en organisaties, stand
        op 22 november 2026).'"""
        when = f", stand op {date_text(self.changed)}" if self.changed else ""
        count = f"{counted(self.criteria, 'criterium', 'criteria')} {rules.where(self.institutions)}"
        verb = "is" if self.tally.done == 1 else "zijn"
        return (
            f"Van de lijst ‘{self.full_name}’ {verb} {self.tally.done} van de {self.tally.total} punten op orde "
            f"({count}{when})."
        )


@dataclass(frozen=True)
class FullList:
    """A list with everything that was said, for the document."""

    said: ListSaid
    criteria: tuple[Criterion, ...]
    parties: tuple[tuple[Party, tuple[Institution, ...]], ...]  # alphabetical, both
    progress: Mapping[tuple[str, str], Said]  # by institution and criterion

    def states(self, institutions: Sequence[Institution]) -> list[tuple[str, int]]:
        return states_of(self.progress, institutions, self.criteria)

    def tally(self, institutions: Sequence[Institution]) -> Tally:
        return rules.tally(len(institutions) * len(self.criteria), self.states(institutions))


def states_of(
    progress: Mapping[tuple[str, str], Said], institutions: Sequence[Institution | Place], criteria: Sequence[Criterion]
) -> list[tuple[str, int]]:
    """The states of these institutions, each with once."""
    cells = (progress.get((i.id, c.id)) for i in institutions for c in criteria)
    return [(p.state, 1) for p in cells if p is not None and p.state]


def alphabetical(rows: Sequence[Named]) -> tuple[Named, ...]:
    return tuple(sorted(rows, key=lambda i: (i.name.casefold(), i.id)))


def by_party(here: Here, rows: Sequence[Named]) -> tuple[tuple[Party, tuple[Named, ...]], ...]:
    """The institutions under their party, in the order of the alphabet: this is no ranking."""
    parties = sorted(here.parties, key=lambda p: (p.name.casefold(), p.id))
    found = ((p, alphabetical([i for i in rows if i.party_id == p.id])) for p in parties)
    return tuple((p, mine) for p, mine in found if mine)


def all_lists(here: Here) -> list[ListRow]:
    """All lists, removed ones included; read once per request."""
    if "checklists" not in here.extra:
        here.extra["checklists"] = store.list_checklists(here.tx, here.journey)
    return here.extra["checklists"]  # type: ignore[return-value]


def forget(here: Here) -> None:
    here.extra.pop("checklists", None)
    here.extra.pop("counting lists", None)


def said_of(here: Here, row: ListRow) -> ListSaid:
    found = row.checklist
    return ListSaid(
        id=found.id,
        name=found.name,
        conclusion=found.conclusion,
        option=found.option,
        municipality=next((m.name for m in row.municipalities if m.id == found.municipality_id), ""),
        source=rules.source_text(found.source, found.source_place, found.source_year),
        criteria=row.criteria,
        institutions=row.institutions,
        tally=rules.tally(row.criteria * row.institutions, row.states),
        changed=row.changed,
        url=f"{here.url}/{STEP}/{rules.PART}/{found.id}",
    )


def municipalities(here: Here) -> tuple[Municipality, ...]:
    """The gemeenten of the journey; they come along with the lists."""
    rows = all_lists(here)
    return rows[0].municipalities if rows else here.municipalities


def read_lists(here: Here) -> tuple[ListSaid, ...]:
    """The lists that are there, counting or not."""
    return tuple(said_of(here, r) for r in all_lists(here) if r.checklist.removed_at is None)


def counting_list_conclusions(here: Here) -> tuple[Conclusion, ...]:
    """The chosen conclusions that have lists."""
    return tuple(c for c in counting_conclusions(here) if rules.has_lists(c))


def counting_lists(here: Here) -> tuple[ListSaid, ...]:
    """The lists of the conclusions that are chosen now; the same object until something changed. Asks the database
    nothing when there is no such conclusion."""
    source = joint_answers(here)
    known = here.extra.get("counting lists")
    if known is None or known[0] is not source:  # type: ignore[index]
        slugs = {c.slug for c in counting_list_conclusions(here)}
        known = (source, tuple(s for s in read_lists(here) if s.conclusion in slugs) if slugs else ())
        here.extra["counting lists"] = known
    return known[1]  # type: ignore[index]


def read_filled(here: Here) -> tuple[FullList, ...]:
    """The counting lists of which something was said, whole."""
    said = [s for s in counting_lists(here) if s.filled]
    if not said:
        return ()
    criteria = sorted(store.list_live(here.tx, here.journey, Criterion), key=lambda c: (c.position, c.id))
    institutions = store.list_live(here.tx, here.journey, Institution)
    progress = {(p.institution_id, p.criterion_id): p for p in store.list_said(here.tx, here.journey)}
    return tuple(
        FullList(
            s,
            tuple(c for c in criteria if c.checklist_id == s.id),
            by_party(here, [i for i in institutions if i.checklist_id == s.id]),
            progress,
        )
        for s in said
    )


def schools_offered(here: Here, checklist: Checklist) -> dict[str, tuple[str, ...]]:
    """By party: the schools of the register that this list does not have yet, in the gemeente of the list."""
    places = [m.name for m in municipalities(here) if checklist.municipality_id in (None, "", m.id)]
    rows = store.list_lines(here.tx, checklist, Institution)
    there = {(i.party_id, i.name.casefold()) for i in rows if i.removed_at is None}
    found = schools_of(here.tx, here.parties, places)
    fresh = {p: tuple(n for n in names if (p, n.casefold()) not in there) for p, names in found.items()}
    return {party_id: names for party_id, names in fresh.items() if names}
