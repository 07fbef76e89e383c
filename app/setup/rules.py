"""What can be filled in at Opzet, and who may do it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.content.pack import Pack, PartyKind
from app.core.fields import Option, Spec
from app.core.text import counted, listing
from app.journey.models import Journey, Municipality, Party, Seat
from app.register.reading import Found
from app.register.rules import BoardOffer

STEP = "opzet"
ROWS = 6  # empty lines for parties on the page that starts a traject
MOST_ROWS = 60

# Names in the address and on the page → columns of the journey.
JOURNEY_FIELDS = {
    "titel": ("title", Spec("line", "Naam van het traject", required=True, max_length=200)),
    "van": ("period_start", Spec("year", "Eerste jaar van het plan", help="Bijvoorbeeld 2027.")),
    "tot": (
        "period_end",
        Spec("year", "Laatste jaar van het plan", help="Plannen lopen vaak drie tot twaalf jaar."),
    ),
    "overleg": ("meeting_on", Spec("date", "Datum van het overleg")),
    "delen": (
        "share_by",
        Spec(
            "date",
            "Graag delen vóór",
            help="Dan hebt u tijd om te lezen wat anderen invulden. Later delen kan ook.",
        ),
    ),
}


def chair_spec(municipalities: Sequence[Municipality]) -> Spec:
    """Which of several gemeenten leads."""
    options = tuple(Option(m.id, m.name) for m in municipalities)
    return Spec(
        "select",
        "Welke gemeente is trekker?",
        options,
        help="De trekker staat vooraan in de uitnodigingen en op het document.",
    )


MUNICIPALITY = Spec("line", "Gemeente", required=True, max_length=100)


def party_fields(pack: Pack, party: Party) -> dict[str, tuple[str, Spec]]:
    """The fields of a party: names → column and spec. Sectors are only asked of kinds that have a choice."""
    kind = pack.party_kind(party.kind)
    fields = {
        "naam": ("name", Spec("line", "Naam", required=True, max_length=120)),
        "kort": (
            "short",
            Spec("line", "Korte naam", required=True, max_length=40, help="Voor tabellen en kleine schermen."),
        ),
        "soort": ("kind", Spec("select", "Wat voor partij is dit?", kind_options(pack), required=True)),
    }
    if len(kind.sectors) > 1:
        names = {s.slug: s.label for s in pack.sectors}
        options = tuple(Option(s, names.get(s, s)) for s in kind.sectors)
        spec = Spec(
            "many",
            "Voor welke sectoren?",
            options,
            help="Zo krijgt deze partij alleen de punten die over haar gaan.",
        )
        fields["sectoren"] = ("sectors", spec)
    return fields


def kind_options(pack: Pack) -> tuple[Option, ...]:
    return tuple(Option(k.slug, k.label) for k in pack.party_kinds)


def kinds_to_add(pack: Pack, *, municipal: bool = True) -> tuple[Option, ...]:
    """The kinds for a new party. A kind with a choice of sectors stands there once with its usual ones, and once for
    each other sector ('schoolbestuur vo'), so that nobody gets questions about another sector by accident."""
    words = _sector_words(pack)
    found = []
    for kind in pack.party_kinds:
        if kind.municipal and not municipal:
            continue
        usual = [s for s in kind.sectors if s in kind.default_sectors]
        others = [s for s in kind.sectors if s not in kind.default_sectors] if usual else []
        named = f" {listing([words[s] for s in usual])}" if others else ""
        found.append(Option(kind.slug, kind.label + named))
        found += [Option(f"{kind.slug} {s}", f"{kind.label} {words[s]}") for s in others]
    return tuple(found)


@dataclass(frozen=True)
class BoardLine:
    """A line for a board of the register: `kind` as `kinds_to_add` writes it."""

    code: str
    kind: str
    name: str
    about: str  # its schools, for below the line


def takes_boards(pack: Pack) -> bool:
    """Whether boards of the register fit in this pack: it has a kind of party with their sectors."""
    return any({"po", "vo"} & set(kind.sectors) for kind in pack.party_kinds)


def board_lines(pack: Pack, boards: Sequence[BoardOffer]) -> tuple[BoardLine, ...]:
    """The boards as lines, one each; a board with schools in two sectors gets both."""
    together: dict[str, list[BoardOffer]] = {}
    for board in boards:
        together.setdefault(board.code, []).append(board)
    return tuple(
        BoardLine(code, _board_kind(pack, [o.sector for o in found]), found[0].name, "; ".join(map(_about, found)))
        for code, found in together.items()
    )


def _about(board: BoardOffer) -> str:
    schools = counted(len(board.schools), "school", "scholen")
    return f"Bestuur {board.code}, {schools} {board.sector}: {board.some_schools}"


def _board_kind(pack: Pack, sectors: Sequence[str]) -> str:
    """The first kind of party that may choose all these sectors; a pack without them gets its first kind."""
    for kind in pack.party_kinds:
        if not kind.municipal and set(sectors) <= set(kind.sectors):
            if set(sectors) <= set(kind.default_sectors):
                return kind.slug
            usual = kind.default_sectors if set(sectors) & set(kind.default_sectors) else ()
            return " ".join([kind.slug, *(s for s in kind.sectors if s in usual or s in sectors)])
    return first_kind(pack).slug


def added_text(found: int, room: int, boards: Found) -> str:
    """What was added to the lines, as one sentence with its source."""
    if not found:
        return "" if not boards.boards else "Alle besturen uit het register staan er al."
    added = counted(min(found, room), "bestuur", "besturen")
    more = f" Er zijn er nog {found - room}; daar is geen plaats meer voor." if found > room else ""
    return f"{added.capitalize()} erbij gezet. Maak leeg wie niet meedoet.{more} Bron: {boards.source}."


def kind_and_sectors(value: str) -> tuple[str, tuple[str, ...] | None]:
    """What `kinds_to_add` offered: the kind, and its sectors when they are not the usual ones."""
    kind, _, sectors = value.partition(" ")
    return kind, tuple(sectors.split()) or None


def _sector_words(pack: Pack) -> dict[str, str]:
    """'po' from 'primair onderwijs (po)': what stands in brackets, or else the whole label."""
    return {s.slug: (re.search(r"\((\w+)\)", s.label) or [s.label, s.label.lower()])[1] for s in pack.sectors}


def kind_label(pack: Pack, value: str) -> str:
    """'schoolbestuur po en vo': the words for a kind with sectors that is no standing choice."""
    kind, _, sectors = value.partition(" ")
    found = next((k for k in pack.party_kinds if k.slug == kind), None)
    words = _sector_words(pack)
    return f"{found.label} {listing([words.get(s, s) for s in sectors.split()])}" if found else value


def first_kind(pack: Pack) -> PartyKind:
    """The kind that stands in an empty line: the first that is not a gemeente."""
    return next((k for k in pack.party_kinds if not k.municipal), pack.party_kinds[0])


def person_fields(seat: Seat, roles: Sequence[str]) -> dict[str, tuple[str, Spec]]:
    """The fields of somebody's place: names → column (of the seat, or of the person) and spec."""
    fields = {
        "naam": ("name", Spec("line", "Naam", required=True, max_length=120)),
        "functie": ("function", Spec("line", "Functie", max_length=120)),
        "email": ("email", Spec("line", "E-mailadres van het werk", max_length=200)),
        "rol": ("role", Spec("select", "Rol", tuple(Option(r, r) for r in roles), required=True)),
    }
    if seat.party_id and seat.role != "meelezer":
        label = "Heeft mandaat: mag straks namens de partij akkoord geven"
        fields["mandaat"] = ("mandate", Spec("tick", label))
    return fields


PERSON_COLUMNS = ("name", "email")


def period_problem(start: int | None, end: int | None) -> str:
    """A sentence when the plan would end before it begins."""
    if start and end and end < start:
        return f"Het plan kan niet eindigen ({end}) voordat het begint ({start})."
    return ""


def sharing_note(journey: Journey, today: date) -> str:
    """A remark about the two dates; nothing is blocked."""
    if journey.share_by and journey.meeting_on and journey.share_by > journey.meeting_on:
        return "Deze datum is na het overleg."
    if journey.share_by and journey.share_by < today:
        return "Deze datum is al voorbij."
    return ""
