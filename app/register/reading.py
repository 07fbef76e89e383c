"""What the register offers to Opzet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.core.clock import date_text
from app.journey.models import Party
from app.journey.names import plain_name
from app.register import store
from app.register.files import LABELS
from app.register.rules import BoardOffer, offers


@dataclass(frozen=True)
class Found:
    """The boards with schools in these gemeenten. `unknown` are names that the register does not know."""

    boards: tuple[BoardOffer, ...]
    unknown: tuple[str, ...]
    source: str  # "DUO, leerlingen po per gemeente, 1 oktober 2024"; '' when nothing was imported


def boards_in(tx: Session, municipalities: Sequence[str]) -> Found:
    """The boards to offer for gemeenten with these names."""
    known = store.list_municipalities_named(tx, municipalities)
    names = {m.name.casefold() for m in known}
    unknown = tuple(m for m in municipalities if plain_name(m).casefold() not in names)
    schools = store.list_schools_in(tx, [m.code for m in known]) if known else {}
    boards = store.list_boards(tx, {row["board_code"] for row in schools.values()}) if schools else {}
    return Found(offers(boards, schools), unknown, source_text(tx))


def schools_of(tx: Session, parties: Sequence[Party], municipalities: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By party: the names of its schools in these gemeenten, of its own sectors. A party is a board by its number, or
    else by its name."""
    found: dict[str, dict[str, None]] = {}
    for code, name, sector, school in store.list_named_schools(tx, municipalities):
        for party in parties:
            same = party.register_code == code or (not party.register_code and is_named(party, name))
            if same and sector in (party.sectors.split() or [sector]):
                found.setdefault(party.id, {})[school] = None
    return {party_id: tuple(sorted(names, key=str.casefold)) for party_id, names in found.items()}


def is_named(party: Party, name: str) -> bool:
    """Whether this is the name of the party, whatever the capitals."""
    return bool(name) and party.name.casefold() == name.casefold()


def municipality_names(tx: Session) -> tuple[str, ...]:
    """Of the gemeenten of today; empty while the register was not imported."""
    return tuple(store.list_municipality_names(tx))


def find_code(tx: Session, municipality: str) -> str:
    """The TOOI code of the gemeente of this name, such as gm0344; '' when the register does not know it."""
    found = store.list_municipalities_named(tx, [municipality])
    return f"gm{found[0].code}" if found else ""


def has_schools(tx: Session) -> bool:
    """Whether any file with schools was taken over."""
    return store.find_any_school(tx)


def source_text(tx: Session) -> str:
    """The files that schools come from, newest first, each kind once."""
    newest: dict[str, date | None] = {}
    for found in store.list_imports(tx):
        if found.kind != "gemeenten":
            newest.setdefault(found.kind, found.measured_on or (found.applied_at and found.applied_at.date()))
    return "; ".join(_dated(LABELS[kind], day) for kind, day in newest.items())


def _dated(label: str, day: date | None) -> str:
    return f"{label}, {date_text(day)}" if day else label
