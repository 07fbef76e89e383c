"""What the start page says of a pack. It is read without the pack itself, which takes the time of a whole start."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.compiled import compiled, digest

if TYPE_CHECKING:
    from app.content.pack import Pack


@dataclass(frozen=True)
class Cover:
    title: str
    intro: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]  # short name and tint
    counted: str  # "drie kolommen"
    overlapping: bool


def cover_of(pack: Pack) -> Cover:
    from app.content.shown import columns_in_words

    columns = tuple((column.short, pack.tint(column)) for column in pack.columns)
    return Cover(pack.title, pack.intro, columns, columns_in_words(pack), pack.overlapping)


@cache
def read_cover(folder: str) -> Cover:
    """The cover of the pack in this folder. Read once per process. Raises ContentError."""

    def make() -> bytes:
        from app.content.load import load_pack

        return json.dumps(asdict(cover_of(load_pack(Path(folder)))), ensure_ascii=False).encode()

    sources = (*Path(folder).rglob("*.yaml"), *Path(__file__).parent.glob("*.py"))
    told = json.loads(compiled("cover", digest(sources), make))
    columns = tuple((name, tint) for name, tint in told["columns"])
    return Cover(**told | {"intro": tuple(told["intro"]), "columns": columns})
