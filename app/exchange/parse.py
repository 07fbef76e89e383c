"""From the bytes of a file to plain values, safely: whatever was sent, the answer is values or one sentence."""

from __future__ import annotations

import json
from typing import Any

from app.exchange.kinds import Wrong, first, string

BY_PAGE = 10_000_000  # bytes; whoever is signed in may send this much
BY_COMMAND = 200_000_000  # the installation itself
DEPTH = 24
MOST_BLOCKS, MOST_VALUES = 600_000, 3_000_000
NOT_A_JOURNEY = "dit is geen traject van Driekolom"


class _Twice(dict[str, Any]):
    """A block in which a name stands twice."""

    name = ""


def parse(content: bytes, most: int) -> Any:
    """The values of a JSON file. Raises Wrong, with the place where that is known."""
    if len(content) > most:
        raise Wrong(f"dit bestand is te groot: {_megabytes(len(content))}, er past {_megabytes(most)}", "bestand")
    if not content.strip():
        raise Wrong("dit bestand is leeg", "bestand")
    if content.count(b"{") + content.count(b"[") > MOST_BLOCKS or content.count(b",") > MOST_VALUES:
        raise Wrong("in dit bestand staat te veel om een traject te zijn", "bestand")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Wrong(f"{NOT_A_JOURNEY}, of het is beschadigd (teken {problem.start + 1})", "bestand") from None
    try:
        found = json.loads(
            text, object_pairs_hook=_block, parse_constant=_no_number, parse_int=_whole, parse_float=_fraction
        )
    except json.JSONDecodeError as problem:
        where = f"regel {problem.lineno}, teken {problem.colno}"
        raise Wrong(f"{NOT_A_JOURNEY}, of het is beschadigd ({where})", "bestand") from None
    except RecursionError:
        raise Wrong("in dit bestand zit te veel in elkaar", "bestand") from None
    _look(found, 0)
    return found


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB".replace(".", ",").replace(",0 ", " ")


def _block(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    twice = _Twice(made)
    twice.name = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return twice


def _no_number(word: str) -> Any:
    raise Wrong(f"‘{word}’ is geen getal", "bestand")


def _whole(digits: str) -> int:
    if len(digits) > 16:
        raise Wrong(f"het getal {first(digits)} is te groot", "bestand")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if len(digits) > 32 or not abs(number) < 1e15:
        raise Wrong(f"het getal {first(digits)} is te groot", "bestand")
    return number


def _look(value: Any, depth: int) -> None:
    """What holds for every value, wherever it stands."""
    if depth > DEPTH:
        raise Wrong("hier zit te veel in elkaar")
    if isinstance(value, str):
        string(value)
    elif isinstance(value, dict):
        if isinstance(value, _Twice):
            raise Wrong(f"‘{first(value.name)}’ staat hier twee keer")
        for name, inner in value.items():
            string(name)
            try:
                _look(inner, depth + 1)
            except Wrong as problem:
                raise problem.inside(first(name)) from None
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            try:
                _look(inner, depth + 1)
            except Wrong as problem:
                raise problem.inside(number) from None
