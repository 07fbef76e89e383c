"""The annex with the lists of criteria: where they come from, and how far each school or organisation is."""

from __future__ import annotations

from collections.abc import Iterable

from app.checklists.models import Criterion, Institution
from app.checklists.reading import FullList
from app.checklists.rules import STATES
from app.core.clock import iso_or_text
from app.core.text import listing, sentence
from app.document.blocks import Block, Column, Heading, Para
from app.document.words import columns, table
from app.journey.models import Party

UNSAID = "Niet ingevuld"
ORDER = (*(STATES[s] for s in ("op-orde", "bezig", "nog-niet")), UNSAID, STATES["nvt"])


def list_blocks(lists: Iterable[FullList]) -> tuple[Block, ...]:
    return tuple(b for found in lists for b in one_list(found))


def one_list(found: FullList) -> tuple[Block, ...]:
    """The source, a line per institution, and per party a table of the criteria. Everything by the alphabet."""
    said = found.said
    source = sentence(f"Bron: {said.source}") if said.source else "De bron van deze criteria is niet ingevuld."
    return (
        Heading(said.full_name),
        Para(f"{source} {said.sentence} Wat niet van toepassing is, telt niet mee."),
        *counts(found),
        *(b for party, mine in found.parties for b in of_party(found, party, mine)),
    )


def counts(found: FullList) -> tuple[Block, ...]:
    heads = (
        *columns(("School of organisatie", 27), ("Partij", 23)),
        *(Column(label, 10, number=True) for label in ("Op orde", "Mee bezig", "Nog niet")),
        *(Column(label, 10, number=True) for label in ("N.v.t.", UNSAID)),
    )
    rows = []
    for party, mine in found.parties:
        for institution in mine:
            t = found.tally([institution])
            numbers = (t.done, t.busy, t.not_yet, t.not_applicable, t.unsaid)
            rows.append((institution.name, party.in_text, *(str(n) for n in numbers)))
    return table(f"{found.said.full_name}: aantal criteria per school of organisatie", heads, rows)


def of_party(found: FullList, party: Party, mine: tuple[Institution, ...]) -> tuple[Block, ...]:
    heads = columns(("Criterium", 38), ("Hoe ver", 34), ("Toelichting", 28))
    rows = [
        (f"{number}. {c.text}", states(found, mine, c), notes(found, mine, c))
        for number, c in enumerate(found.criteria, 1)
    ]
    return table(f"{party.name}: hoe ver met elk criterium", heads, rows)


def states(found: FullList, mine: Iterable[Institution], criterion: Criterion) -> str:
    """'Op orde: De Berk en De Wilg', a line for each state."""
    groups: dict[str, list[str]] = {}
    for institution in mine:
        progress = found.progress.get((institution.id, criterion.id))
        label = STATES.get(progress.state, UNSAID) if progress else UNSAID
        groups.setdefault(label, []).append(institution.name)
    return "\n".join(f"{x}: {listing(groups[x])}" for x in ORDER if x in groups)


def notes(found: FullList, mine: Iterable[Institution], criterion: Criterion) -> str:
    """'De Berk (juni 2028): Wij beginnen in groep 1.'"""
    lines = []
    for institution in mine:
        progress = found.progress.get((institution.id, criterion.id))
        if progress and (progress.note or progress.dated):
            when = f" ({iso_or_text(progress.dated)})" if progress.dated else ""
            lines.append(f"{institution.name}{when}{': ' + progress.note if progress.note else ''}")
    return "\n".join(lines)
