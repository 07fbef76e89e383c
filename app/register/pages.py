"""What the pages and the command of the register show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.core.clock import date_text
from app.core.text import counted, listing
from app.register import store
from app.register.files import LABELS
from app.register.models import RegisterImport
from app.register.rules import Changes, Difference

MOST_SHOWN = 200
_WORDS = (("gemeente", "gemeenten"), ("bestuur", "besturen"), ("school", "scholen"))
_FIELDS = {
    "name": "naam",
    "uri": "adres in TOOI",
    "ended_on": "opgeheven op",
    "board_code": "bestuur",
    "municipality_code": "gemeente",
    "place": "plaats",
    "sector": "sector",
}


@dataclass(frozen=True)
class Shown:
    """Some rows that are new, changed or gone: a heading, the first of them as sentences, and how many more."""

    title: str
    lines: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class TakenOver:
    label: str
    file_name: str
    measured: str  # the date the file speaks of; '' when it does not say so
    day: str
    summary: str


@dataclass(frozen=True)
class RegisterPage:
    imports: tuple[TakenOver, ...]
    error: str
    known: str  # "342 gemeenten, 6 besturen en 27 scholen"; '' while there is nothing
    unnamed: str  # the boards of which only the number is known; '' when there are none


@dataclass(frozen=True)
class OfferedPage:
    """What a file would change, before anything changes."""

    url: str
    label: str
    file_name: str
    measured: str
    counts: tuple[int, int, int]
    summary: str
    parts: tuple[Shown, ...]


def register_page(tx: Session, error: str = "") -> RegisterPage:
    municipalities, boards, unnamed, schools = store.count_there(tx)
    counts = zip((municipalities, boards, schools), _WORDS, strict=True)
    known = listing([counted(n, *words) for n, words in counts]) if municipalities or boards else ""
    return RegisterPage(
        tuple(_taken(i) for i in store.list_imports(tx)),
        error,
        known,
        counted(unnamed, "bestuur", "besturen") if unnamed else "",
    )


def offered_page(offered: RegisterImport, changes: Difference) -> OfferedPage:
    return OfferedPage(
        f"/register/{offered.id}",
        LABELS[offered.kind],
        offered.file_name,
        date_text(offered.measured_on) if offered.measured_on else "",
        changes.counts,
        _summary(*changes.counts),
        _parts(changes),
    )


def difference_lines(offered: RegisterImport, changes: Difference) -> list[str]:
    """The same for a terminal."""
    shown = offered_page(offered, changes)
    lines = [f"{shown.label}{f', {shown.measured}' if shown.measured else ''}: {shown.summary}"]
    for part in shown.parts:
        lines += [part.title, *(f"  {line}" for line in part.lines)]
        if part.more:
            lines.append(f"  en nog {part.more}")
    return lines


def import_lines(tx: Session) -> list[str]:
    found = [_taken(i) for i in store.list_imports(tx)]
    return [f"{i.day}  {i.label}{f' ({i.measured})' if i.measured else ''}  {i.file_name}  {i.summary}" for i in found]


def _taken(found: RegisterImport) -> TakenOver:
    return TakenOver(
        LABELS[found.kind],
        found.file_name,
        date_text(found.measured_on) if found.measured_on else "",
        date_text(found.applied_at) if found.applied_at else "",
        _summary(found.new, found.changed, found.vanished),
    )


def _summary(new: int, changed: int, vanished: int) -> str:
    if not new + changed + vanished:
        return "niets veranderd"
    return ", ".join((f"{new} nieuw", f"{changed or 'niets'} gewijzigd", f"{vanished or 'niets'} verdwenen"))


def _parts(changes: Difference) -> tuple[Shown, ...]:
    found = []
    for (one, many), part in zip(_WORDS, changes.parts, strict=True):
        for rows, word, say in _told(part):
            if rows:
                lines = tuple(say(code, row) for code, row in list(rows.items())[:MOST_SHOWN])
                found.append(Shown(f"{counted(len(rows), one, many)} {word}", lines, len(rows) - len(lines)))
    return tuple(found)


def _told(part: Changes) -> tuple[tuple[Mapping, str, Callable[[str, object], str]], ...]:
    return (
        (part.new, "nieuw", _named),
        (part.changed, "gewijzigd", lambda code, both: _change(code, *both)),
        (part.vanished, "verdwenen", _named),
    )


def _named(code: str, row: Mapping[str, str]) -> str:
    return f"{row['name']} ({code})" if row.get("name") else f"{code}, naam nog onbekend"


def _change(code: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    said = [
        f"{_FIELDS.get(key, key)} was ‘{old.get(key) or 'onbekend'}’, wordt ‘{value or 'onbekend'}’"
        for key, value in new.items()
        if old.get(key, "") != value
    ]
    return f"{_named(code, old if old.get('name') else new)}: {'; '.join(said)}"
