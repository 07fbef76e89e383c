"""What a remark can stand at. A room above tells it of its own things; this room only knows their addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.core.errors import NotFound
from app.journey.gate import Here
from app.journey.models import Party


@dataclass(frozen=True)
class Wording:
    """A text of a subject that somebody may propose to change. `take` saves another text over this version of it and
    raises what any save raises: Invalid, Stale, Gone, Closed."""

    field: str
    label: str  # 'de tekst van deze alinea'
    text: str
    version: int
    most: int  # characters
    take: Callable[[str, int], None]


@dataclass(frozen=True)
class Subject:
    """One thing that can be remarked on, as it stands now."""

    key: str  # 'alinea/<id>'
    step: str
    part: str  # theme or chapter
    place: str  # 'thema B', 'hoofdstuk 3'
    title: str  # 'doel 2: …', inside a sentence: "Opmerkingen bij …"
    page: str  # address of the page it stands on
    anchor: str  # of the thing on that page, without '#'
    texts: tuple[Wording, ...] = ()
    parties: tuple[Party, ...] = ()  # whose shared answers a remark may be about
    gone: bool = False  # it was taken away: its remarks can still be read

    def wording(self, field: str) -> Wording:
        """Raises NotFound for a text that this subject does not have."""
        for one in self.texts:
            if one.field == field:
                return one
        raise NotFound


Find = Callable[[Here, str], Subject | None]
_finders: dict[str, Find] = {}


def at(kind: str, find: Find) -> None:
    """Lets a room above say what stands at `kind/…`. `find` gets the rest of the key; None = not there, or not of this
    journey."""
    _finders[kind] = find


def find_subject(here: Here, key: str) -> Subject | None:
    kind, _, rest = key.partition("/")
    return _finders[kind](here, rest) if kind in _finders else None


def get_subject(here: Here, key: str) -> Subject:
    """Raises NotFound."""
    found = find_subject(here, key)
    if found is None:
        raise NotFound
    return found
