"""What a file would change: pure comparison of what was read with what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.register.files import Reading

Rows = Mapping[str, Mapping[str, str]]  # code → the row without its code


@dataclass(frozen=True)
class There:
    """What the register holds now."""

    municipalities: Rows = field(default_factory=dict)
    boards: Rows = field(default_factory=dict)
    schools: Rows = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """Of one table: codes with their new row, with the old and the new one, and codes that go."""

    new: dict[str, Mapping[str, str]] = field(default_factory=dict)
    changed: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = field(default_factory=dict)
    vanished: dict[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    municipalities: Changes
    boards: Changes
    schools: Changes

    @property
    def parts(self) -> tuple[Changes, ...]:
        return (self.municipalities, self.boards, self.schools)

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many are new, changed and vanished, of all kinds together."""
        return self.count("new"), self.count("changed"), self.count("vanished")

    def count(self, what: str) -> int:
        """How many are `new`, `changed` or `vanished`, of all kinds together."""
        return sum(len(getattr(part, what)) for part in self.parts)


def difference(reading: Reading, there: There) -> Difference:
    """What taking this file over would do.

    A file never takes away what it does not speak of: a school vanishes only when the file is about its gemeente and
    its sector, a board only when it is left without a school, a gemeente never (its end date says that it is over).
    A name is never replaced by an empty one, and the name of a gemeente from TOOI never by that of DUO.
    """
    boards = _changes(reading.boards, there.boards)
    schools = _changes(reading.schools, there.schools, gone=_gone_schools(reading, there))
    kept = {code: row for code, row in there.schools.items() if code not in schools.vanished}
    with_school = {row["board_code"] for row in {**kept, **reading.schools}.values()}
    left_alone = {
        code
        for code in {row["board_code"] for row in schools.vanished.values()}
        | {old["board_code"] for old, _ in schools.changed.values()}
        if code not in with_school and code not in reading.boards
    }
    boards = Changes(boards.new, boards.changed, {c: there.boards[c] for c in sorted(left_alone) if c in there.boards})
    known = there.municipalities
    named = (
        reading.municipalities
        if reading.kind == "gemeenten"
        else {code: row for code, row in reading.municipalities.items() if not known.get(code, {}).get("uri")}
    )
    return Difference(_changes(named, known), boards, schools)


def _changes(read: Rows, there: Rows, gone: Rows | None = None) -> Changes:
    new: dict[str, Mapping[str, str]] = {}
    changed: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {}
    for code, row in sorted(read.items()):
        old = there.get(code)
        if old is None:
            new[code] = row
            continue
        merged = {**old, **{key: value for key, value in row.items() if value or key != "name"}}
        if merged != dict(old):
            changed[code] = (old, merged)
    return Changes(new, changed, dict(sorted((gone or {}).items())))


def _gone_schools(reading: Reading, there: There) -> Rows:
    if not reading.schools:
        return {}
    sectors = {row["sector"] for row in reading.schools.values()}
    return {
        code: row
        for code, row in there.schools.items()
        if code not in reading.schools
        and row["sector"] in sectors
        and (not reading.covers or row["municipality_code"] in reading.covers)
    }


@dataclass(frozen=True)
class BoardOffer:
    """A board with schools in a gemeente, in one sector, to be offered as a party."""

    code: str
    name: str  # '' when only its number is known
    sector: str
    schools: tuple[str, ...]

    @property
    def known_as(self) -> str:
        """'Stichting De Linde', or 'bestuur 41787 (6 scholen: De Buitenhof, …)' while it has no name."""
        if self.name:
            return self.name
        count = f"{len(self.schools)} {'school' if len(self.schools) == 1 else 'scholen'}"
        return f"bestuur {self.code} ({count}: {self.some_schools})"

    @property
    def some_schools(self) -> str:
        """The first three schools, and '…' when there are more."""
        return ", ".join(self.schools[:3]) + (", …" if len(self.schools) > 3 else "")


def offers(boards: Rows, schools: Rows) -> tuple[BoardOffer, ...]:
    """The boards of these schools, per sector, most schools first. A board is that of a school *in* the gemeente,
    wherever its office stands."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in schools.values():
        found.setdefault((row["board_code"], row["sector"]), []).append(row["name"])
    made = [
        BoardOffer(code, boards.get(code, {}).get("name", ""), sector, tuple(sorted(names, key=str.casefold)))
        for (code, sector), names in found.items()
    ]
    return tuple(sorted(made, key=lambda o: (o.sector, -len(o.schools), o.name.casefold(), o.code)))
