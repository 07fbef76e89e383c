"""Small files that would ask for much: each is refused with a sentence, before it costs memory or time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from app.core.errors import Invalid
from app.exchange.actions import export_journey, read_file
from app.exchange.parse import BY_COMMAND
from tests.exchange.conftest import Shelf


@pytest.fixture(scope="module")
def good(shelf: Shelf) -> bytes:
    with shelf.database.read() as tx:
        return export_journey(tx, shelf.journey(tx, "vol"))


def test_endless_accents_cost_no_time(good: bytes):
    data = json.loads(good)
    data["traject"]["titel"] = "Zo\u0301" + "\u0301\u0316" * 1_000_000
    began = time.process_time()
    with suppress(Invalid):
        read_file(json.dumps(data, ensure_ascii=False).encode(), BY_COMMAND)
    assert time.process_time() - began < 20


def many(rows: list[dict[str, Any]], count: int, **more: Callable[[int], Any]) -> list[dict[str, Any]]:
    """So many rows like the first, with what differs."""
    bare = {k: [] if isinstance(v, list) else v for k, v in rows[0].items()}
    return rows + [bare | {name: make(n) for name, make in more.items()} for n in range(len(rows) + 1, count + 1)]


def conclusions(pack: dict[str, Any]) -> None:
    """Each asks a question of every agreement."""
    excluding = [c for c in pack["conclusions"] if c["excludes_others"]]
    rest = many(excluding, 400, slug=lambda n: f"x{n}", number=lambda n: n)[len(excluding) :]
    pack["conclusions"] += rest
    for number, conclusion in enumerate(pack["conclusions"], 1):
        conclusion["number"] = number


def themes(pack: dict[str, Any]) -> None:
    pack["themes"] = many(pack["themes"], 400, slug=lambda n: f"x{n}")


def chapters(pack: dict[str, Any]) -> None:
    pack["chapters"] = many(pack["chapters"], 400, slug=lambda n: f"x{n}", number=lambda n: n)


def party_kinds(pack: dict[str, Any]) -> None:
    pack["party_kinds"] = many(pack["party_kinds"], 400, slug=lambda n: f"x{n}")


def items(pack: dict[str, Any]) -> None:
    theme = pack["themes"][0]
    theme["items"] = many(theme["items"], 5_000, slug=lambda n: f"x{n}")


def terms(pack: dict[str, Any]) -> None:
    pack["terms"] = many(pack["terms"], 5_000, slug=lambda n: f"x{n}")


def blocks(pack: dict[str, Any]) -> None:
    """No list is long, but all together they are."""
    for theme in pack["themes"]:
        start = theme["slug"]
        theme["items"] = many(theme["items"], 900, slug=lambda n, start=start: f"{start}-x{n}")
        for item in theme["items"]:
            item["sectors"] = []


@pytest.mark.parametrize("grow", [conclusions, themes, chapters, party_kinds, items, terms, blocks])
def test_a_pack_of_an_unlikely_size_is_refused(good: bytes, grow: Callable[[dict[str, Any]], None]):
    data = json.loads(good)
    grow(data["inhoud"])
    with pytest.raises(Invalid, match="^inhoud.*: (deze lijst is te lang|in deze inhoud staat te veel)"):
        read_file(json.dumps(data).encode(), BY_COMMAND)
