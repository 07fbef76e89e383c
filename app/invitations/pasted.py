"""People as somebody pastes them: from a mail, from a spreadsheet, or typed. Pure text in, lines with errors out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from app.people.actions import address_problem

MOST_LINES = 60
_NAMED = re.compile(
    r"(\"[^\"<>]*\"\s*|[^<>;,\"]*)<\s*([^<>\s]+@[^<>\s]+)\s*>"
)  # 'Jan Bakker <jan@linde.example>', as mail programs copy
_HEADS = {"naam", "volledige naam", "deelnemer"}


@dataclass(frozen=True)
class Line:
    """One person. `errors` are sentences; `number` counts from 1 over what is left after empty lines."""

    number: int
    name: str
    email: str = ""
    function: str = ""
    errors: tuple[str, ...] = ()


def parse_people(text: str, emails: Collection[str] = (), names: Collection[str] = ()) -> tuple[Line, ...]:
    """The people of this text. `emails` take part in the traject already, `names` in this party (both in any case).

    A line is 'naam; e-mail; functie' with semicolons, tabs or commas, in any order of the first two; or a row of
    'Naam <adres>' as a mail program copies it. A first line with the names of the columns is left out.
    """
    taken = {e.casefold() for e in emails if e}
    known = {n.casefold() for n in names}
    lines: list[Line] = []
    for cells in _rows(text):
        name, email, function = _sorted(cells)
        errors = _errors(name, email, function)
        if email and email.casefold() in taken:
            errors.append("Iemand met dit e-mailadres doet al mee, of staat hierboven.")
        elif name and name.casefold() in known:
            errors.append("Deze naam staat al bij deze partij, of hierboven.")
        lines.append(Line(len(lines) + 1, name, email, function, tuple(errors)))
        taken |= {email.casefold()} - {""}
        known |= {name.casefold()} - {""}
    return tuple(lines)


def _rows(text: str) -> list[list[str]]:
    found = []
    for raw in text.splitlines():
        row = raw.strip(" ;,\t")
        if not row:
            continue
        if named := _NAMED.findall(row):
            people = [[name.strip(" ;,\t\"'"), email] for name, email in named]
            if len(people) == 1:
                people[0].append(_NAMED.sub("", row).strip(" ;,\t"))
            found += people
            continue
        cells = _cells(row)
        if found or cells[0].casefold() not in _HEADS:
            found.append(cells)
    return found


def _cells(row: str) -> list[str]:
    mark = next((m for m in ("\t", ";") if m in row), "")
    if not mark and "@" in row:
        mark = ","
    cells = [" ".join(cell.split()).strip("\"'") for cell in (row.split(mark) if mark else [row])]
    if len(cells) == 1 and "@" in row and " " in cells[0]:  # 'Jan Bakker jan@linde.example bestuurder'
        before, email, after = re.split(r"(\S+@\S+)", cells[0], maxsplit=1)
        cells = [before.strip(), email, after.strip()]
    return cells


def _sorted(cells: list[str]) -> tuple[str, str, str]:
    """Name, address, function."""
    email = next((c for c in cells if "@" in c), "")
    rest = [c for c in cells if c and c != email]
    if not email and len(cells) > 2 and cells[1]:  # three columns, with something in the second that is no address
        return cells[0], cells[1], ", ".join(c for c in cells[2:] if c)
    return (rest[0] if rest else ""), email.removeprefix("mailto:"), ", ".join(rest[1:])


def _errors(name: str, email: str, function: str) -> list[str]:
    errors = []
    if not name:
        errors.append("Zet de naam ervoor, zoals: Jan Bakker; jan@linde.example.")
    elif len(name) > 120:
        errors.append("Maak de naam korter dan 120 tekens.")
    if email and (problem := address_problem(email)):
        errors.append(problem)
    if len(function) > 120:
        errors.append("Maak de functie korter dan 120 tekens.")
    return errors
