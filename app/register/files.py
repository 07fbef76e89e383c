"""Reading open data: the TOOI register of gemeenten and the files of DUO. Pure: bytes in, `Reading` out.

Columns are found by name, because their order differs per file; codes stay text. What is not asked for, such as
telephone numbers, is never read. Sources: TOOI 'rwc_gemeenten_compleet' (JSON-LD); DUO 'besturen', 'vestigingen' and
'leerlingen po per gemeente' (CC BY 4.0).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from app.core.errors import Invalid
from app.core.text import clean

Kind = Literal["gemeenten", "besturen", "vestigingen-po", "vestigingen-vo", "leerlingen-po"]
LABELS: dict[str, str] = {
    "gemeenten": "TOOI, register van gemeenten",
    "besturen": "DUO, besturen",
    "vestigingen-po": "DUO, vestigingen basisonderwijs",
    "vestigingen-vo": "DUO, vestigingen voortgezet onderwijs",
    "leerlingen-po": "DUO, leerlingen po per gemeente",
}
MOST_ROWS = 500_000

# Which columns a file must have to be of a kind; the first that fits decides. Names as `_plain` writes them.
_SCHOOL = ("GEMEENTENUMMER", "VESTIGINGSCODE", "BEVOEGD_GEZAG_NUMMER")
_KINDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("leerlingen-po", (*_SCHOOL, "PEILDATUM", "INSTELLINGSCODE", "INSTELLINGSNAAM_VESTIGING")),
    ("vestigingen-vo", (*_SCHOOL, "VESTIGINGSNAAM", "ONDERWIJSSTRUCTUUR")),
    ("vestigingen-po", (*_SCHOOL, "VESTIGINGSNAAM")),
    ("besturen", ("BEVOEGD_GEZAG_NUMMER", "BEVOEGD_GEZAG_NAAM")),
)
_TOOI = "https://identifier.overheid.nl/tooi/def/ont/"
_UNKNOWN = (
    "Dit bestand kent Driekolom niet. Kies het TOOI-register van gemeenten (.json), of een bestand van DUO (.csv): "
    "besturen, vestigingen of leerlingen po per gemeente."
)


@dataclass(frozen=True)
class Reading:
    """What a file says. Keys are codes; each value is the row as the register keeps it, without its code.

    `covers` are the codes of the gemeenten that the file is about, empty for the whole country: only within them can
    something have vanished.
    """

    kind: Kind
    measured_on: date | None = None
    municipalities: dict[str, dict[str, str]] = field(default_factory=dict)
    boards: dict[str, dict[str, str]] = field(default_factory=dict)
    schools: dict[str, dict[str, str]] = field(default_factory=dict)
    covers: tuple[str, ...] = ()


def read_file(content: bytes) -> Reading:
    """What this file says. Raises Invalid with one sentence: which file it should be, or which line is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(
            "Dit bestand is niet als tekst te lezen. Haal het opnieuw op en open het niet eerst in Excel."
        ) from None
    start = text.lstrip()[:1]
    if not start:
        raise Invalid("Dit bestand is leeg.")
    return _read_tooi(text) if start in "[{" else _read_duo(text)


def _line(value: object, limit: int) -> str:
    return clean(value, lines=False)[:limit] if isinstance(value, str) else ""


# ---- TOOI ----


def _read_tooi(text: str) -> Reading:
    try:
        nodes = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid("Dit bestand is niet heel. Haal het opnieuw op.") from None
    found: dict[str, dict[str, str]] = {}
    for node in nodes if isinstance(nodes, list) else ():
        kinds = node.get("@type") if isinstance(node, dict) else None
        if not isinstance(kinds, list | str) or f"{_TOOI}Gemeente" not in kinds:
            continue
        code = _line(_tooi_value(node, "gemeentecode"), 8)
        name = _line(_tooi_value(node, "officieleNaamExclSoort"), 120)
        if not re.fullmatch("[0-9]{4}", code) or not name:
            raise Invalid(f"In het register staat een gemeente zonder naam of met een verkeerde code (‘{code}’).")
        ended = _line(_tooi_value(node, "einddatum"), 10)
        found[code] = {"name": name, "uri": _line(node.get("@id"), 200), "ended_on": _date(ended, "einddatum", code)}
    if not found:
        raise Invalid(_UNKNOWN)
    return Reading("gemeenten", municipalities=found)


def _tooi_value(node: dict[str, Any], name: str) -> object:
    values = node.get(_TOOI + name)
    first = values[0] if isinstance(values, list) and values else None
    return first.get("@value", "") if isinstance(first, dict) else ""


def _date(value: str, what: str, place: str) -> str:
    """ISO, or '' when there is none."""
    if not value:
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Invalid(f"De {what} bij {place} is geen datum: ‘{value[:20]}’.") from None


# ---- DUO ----


def _plain(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")


def _read_duo(text: str) -> Reading:
    head, _, _ = text.partition("\n")
    separator = ";" if head.count(";") > head.count(",") else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        columns = [_plain(name) for name in next(rows, [])]
        kind = next((k for k, needed in _KINDS if set(needed) <= set(columns)), None)
        if kind is None:
            raise Invalid(_UNKNOWN)
        return _collect(kind, columns, rows)
    except csv.Error:
        raise Invalid(f"Regel {rows.line_num} van het bestand is niet heel. Haal het bestand opnieuw op.") from None


def _collect(kind: Kind, columns: list[str], rows: Iterator[list[str]]) -> Reading:
    reading = Reading(kind)
    dates: set[str] = set()
    number = 1
    for number, cells in enumerate(rows, 2):
        if number > MOST_ROWS:
            raise Invalid(f"Dit bestand heeft meer dan {MOST_ROWS} regels. Dat is te veel.")
        if not any(cells):
            continue
        if len(cells) != len(columns):
            raise Invalid(
                f"Regel {number} heeft {len(cells)} kolommen in plaats van {len(columns)}. Haal het bestand opnieuw op."
            )
        row = {name: _line(value, 200) for name, value in zip(columns, cells, strict=True)}
        _take(reading, kind, row, number)
        dates.add(row.get("PEILDATUM", ""))
    if not reading.boards:
        raise Invalid("In dit bestand staat geen enkel bestuur.")
    measured = _measured(dates - {""})
    covers = tuple(sorted(reading.municipalities)) if kind == "leerlingen-po" else ()
    return Reading(kind, measured, reading.municipalities, reading.boards, reading.schools, covers)


def _measured(dates: set[str]) -> date | None:
    """The one date all rows speak of; None when there is none. '20241001' and '2024-10-01' both occur."""
    if len(dates) > 1:
        raise Invalid("In dit bestand staan verschillende peildata. Kies een bestand met één peildatum.")
    if not dates:
        return None
    (text,) = dates
    digits = text.replace("-", "")
    return date.fromisoformat(_date(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}", "peildatum", "regel 2"))


def _take(reading: Reading, kind: Kind, row: dict[str, str], number: int) -> None:
    board = row["BEVOEGD_GEZAG_NUMMER"]
    if not re.fullmatch("[0-9]{1,8}", board):
        raise Invalid(f"Regel {number}: ‘{board[:20]}’ is geen nummer van een bevoegd gezag.")
    reading.boards.setdefault(board, {"name": row.get("BEVOEGD_GEZAG_NAAM", "")})
    if kind == "besturen":
        return
    municipality = row["GEMEENTENUMMER"].zfill(4)
    if not re.fullmatch("[0-9]{4}", municipality):
        raise Invalid(f"Regel {number}: ‘{municipality[:20]}’ is geen nummer van een gemeente.")
    code = _school_code(row.get("INSTELLINGSCODE", ""), row["VESTIGINGSCODE"])
    if not re.fullmatch("[0-9A-Z]{4,12}", code):
        raise Invalid(f"Regel {number}: ‘{code[:20]}’ is geen code van een school.")
    reading.municipalities.setdefault(municipality, {"name": row.get("GEMEENTENAAM", "")[:120]})
    reading.schools.setdefault(
        code,
        {
            "board_code": board,
            "municipality_code": municipality,
            "name": row.get("INSTELLINGSNAAM_VESTIGING") or row.get("VESTIGINGSNAAM", ""),
            "place": row.get("PLAATSNAAM", "")[:80].title(),
            "sector": "vo" if kind == "vestigingen-vo" else "po",
        },
    )


def _school_code(institution: str, location: str) -> str:
    """Files write the location as '00' or whole, as '01UO00'."""
    return location if len(location) > 2 else institution + (location or "00")
