"""The kinds of values in the file: how each is written, read back and described.

`write` turns what a column holds into JSON, `read` turns JSON into what the column will hold or raises `Wrong`, and
`schema` is its JSON Schema. Reading knows nothing of the place in the file: who calls adds that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from app.core.clock import aware
from app.core.text import composed

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
FIRST_YEAR, LAST_YEAR = 1990, 2100


class Wrong(Exception):
    """A value that cannot be. `place` is where in the file, from the root; it grows while the error comes up."""

    def __init__(self, message: str, place: str = ""):
        super().__init__(message)
        self.message = message
        self.place = place

    def inside(self, name: str | int) -> Wrong:
        step = f"[{name}]" if isinstance(name, int) else name
        dot = "" if not self.place or self.place.startswith("[") else "."
        return Wrong(self.message, f"{step}{dot}{self.place}")


@dataclass
class Book:
    """What ids are called. Writing: `ids` maps stored ids to those of the file. Reading: those of the file to new ones,
    and `known` holds the slugs of the pack by what they are."""

    ids: dict[str, str] = field(default_factory=dict)
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def told(self, stored: str | None) -> str | None:
        """The file's id; None for nothing, and for something that is no longer there."""
        return self.ids.get(stored or "")

    def found(self, given: str, prefixes: Iterable[str] = ()) -> str:
        """The new id of what this id of the file means."""
        prefix = given.partition(":")[0]
        if prefixes and prefix not in prefixes:
            raise Wrong(f"‘{first(given)}’ is hier niet mogelijk, hier hoort een {' of '.join(prefixes)}")
        if given not in self.ids:
            raise Wrong(f"‘{first(given)}’ staat niet in dit bestand")
        return self.ids[given]


def first(text: str) -> str:
    """The beginning of what stood there, to find it back by."""
    return text if len(text) <= 40 else text[:40] + "…"


def string(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("hier hoort tekst")
    if value.isprintable():  # no control or format character in it: nearly every text
        return composed(value)
    for char in value:
        unseen = char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs", "Cn")
        if unseen or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
            raise Wrong(f"in deze tekst staat een teken dat niet mag (U+{ord(char):04X})")
    return composed(value)


def whole(value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong("hier hoort een heel getal")
    if not least <= value <= most:
        raise Wrong(f"dit getal moet tussen {least} en {most} liggen")
    return value


def options(schema: dict[str, Any], empty: bool) -> dict[str, Any]:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]} if empty else schema


class Kind:
    def write(self, value: Any, book: Book) -> Any:
        return value

    def read(self, value: Any, book: Book) -> Any:
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Kind):
    """Something that was typed. It is never looked into: an id in it is only text."""

    most: int = 10_000
    least: int = 0
    lines: bool = True
    null: bool = False

    def read(self, value: Any, book: Book) -> Any:
        if value is None and self.null:
            return None
        text = string(value)
        if len(text) > self.most:
            raise Wrong(f"deze tekst is te lang: {len(text)} tekens, er passen er {self.most}")
        if len(text.strip()) < self.least:
            raise Wrong("dit mag niet leeg zijn")
        if not self.lines and "\n" in text:
            raise Wrong("hier past maar één regel")
        return text

    def schema(self) -> dict[str, Any]:
        made: dict[str, Any] = {"type": "string", "maxLength": self.most}
        if self.least:
            made["minLength"] = self.least
        return options(made, self.null)


def line(most: int, least: int = 0) -> Text:
    return Text(most, least, lines=False)


@dataclass(frozen=True)
class Word(Kind):
    """A word of the program itself, of a fixed shape. `known` names the list of the pack it must be in."""

    most: int = 48
    empty: bool = False
    known: str = ""
    shape: str = SLUG

    def read(self, value: Any, book: Book) -> str:
        text = string(value)
        if not text and self.empty:
            return ""
        if len(text) > self.most or not re.fullmatch(self.shape, text):
            raise Wrong(f"‘{first(text)}’ kan hier niet staan")
        if self.known and text not in book.known[self.known]:
            raise Wrong(f"{self.known} ‘{text}’ staat niet in de inhoud van dit bestand")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.most, "pattern": f"^({self.shape}){'?' if self.empty else ''}$"}


@dataclass(frozen=True)
class Words(Kind):
    """Slugs of a list of the pack; stored in one text, separated by a space."""

    known: str

    def write(self, value: str, book: Book) -> list[str]:
        return value.split()

    def read(self, value: Any, book: Book) -> str:
        return " ".join(each(value, lambda one: Word(known=self.known).read(one, book)))

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "maxItems": MOST_IN_ONE, "uniqueItems": True, "items": Word().schema()}


@dataclass(frozen=True)
class OneOf(Kind):
    values: tuple[str, ...]

    def read(self, value: Any, book: Book) -> str:
        if string(value) not in self.values:
            allowed = ", ".join(f"‘{v}’" for v in self.values)
            raise Wrong(f"‘{first(value)}’ kan hier niet staan, alleen {allowed}")
        return value

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.values)}


@dataclass(frozen=True)
class Whole(Kind):
    least: int = 0
    most: int = 1_000_000
    null: bool = False

    def read(self, value: Any, book: Book) -> int | None:
        return None if value is None and self.null else whole(value, self.least, self.most)

    def schema(self) -> dict[str, Any]:
        return options({"type": "integer", "minimum": self.least, "maximum": self.most}, self.null)


class YesNo(Kind):
    def read(self, value: Any, book: Book) -> bool:
        if not isinstance(value, bool):
            raise Wrong("hier hoort true of false")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Day(Kind):
    """A date, or null."""

    def write(self, value: date | None, book: Book) -> str | None:
        return value.isoformat() if value else None

    def read(self, value: Any, book: Book) -> date | None:
        if value is None:
            return None
        text = string(value)
        try:
            day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Wrong(f"‘{first(text)}’ is geen datum zoals 2027-03-12")
        return day

    def schema(self) -> dict[str, Any]:
        return options({"type": "string", "format": "date"}, True)


@dataclass(frozen=True)
class Written(Kind):
    """A day or a month as fields keep them: '2028-03-12', '2029-06' or nothing."""

    def read(self, value: Any, book: Book) -> str:
        text = string(value)
        if text and re.fullmatch(r"\d{4}-\d\d", text, re.ASCII):
            Day().read(f"{text}-01", book)
        elif text:
            Day().read(text, book)
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^([0-9]{4}-[0-9]{2}(-[0-9]{2})?)?$"}


@dataclass(frozen=True)
class Moment(Kind):
    """A moment in UTC."""

    null: bool = False

    def write(self, value: datetime | None, book: Book) -> str | None:
        return aware(value).astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None

    def read(self, value: Any, book: Book) -> datetime | None:
        if value is None and self.null:
            return None
        text = string(value)
        shape = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z"
        try:
            found = datetime.fromisoformat(text) if re.fullmatch(shape, text, re.ASCII) else None
        except ValueError:
            found = None
        if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise Wrong(f"‘{first(text)}’ is geen tijdstip zoals 2027-03-12T14:02:00Z")
        return found

    def schema(self) -> dict[str, Any]:
        return options({"type": "string", "format": "date-time"}, self.null)


@dataclass(frozen=True)
class Ref(Kind):
    """Something else in the file. `blank` is what the column holds for nothing; of what is no longer there nothing is
    left either. With `must` there has to be something."""

    to: str
    must: bool = False
    blank: str | None = None

    def write(self, value: str | None, book: Book) -> str | None:
        return book.told(value)

    def read(self, value: Any, book: Book) -> str | None:
        if value is None and not self.must:
            return self.blank
        return book.found(string(value), (self.to,))

    def schema(self) -> dict[str, Any]:
        return options({"type": "string", "pattern": f"^{self.to}:[1-9][0-9]*$"}, not self.must)


@dataclass(frozen=True)
class Refs(Kind):
    """Several; stored in one text, separated by a space."""

    to: str

    def write(self, value: str, book: Book) -> list[str]:
        return [told for one in value.split() if (told := book.told(one))]

    def read(self, value: Any, book: Book) -> str:
        return " ".join(each(value, lambda one: book.found(string(one), (self.to,))))

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "maxItems": MOST_IN_ONE,
            "uniqueItems": True,
            "items": Ref(self.to, must=True).schema(),
        }


@dataclass(frozen=True)
class Path(Kind):
    """Names and ids with a slash between them, such as `plan/rol/partij:2`: a path, the key of an origin, what an event
    is about. Never typed by a person, so each part that is an id is one. An id of something that is gone stays."""

    most: int = 200
    empty: bool = True

    def write(self, value: str, book: Book) -> str:
        return "/".join(book.ids.get(part, part) for part in value.split("/"))

    def read(self, value: Any, book: Book) -> str:
        text = line(2 * self.most, 0 if self.empty else 1).read(value, book)
        made = "/".join(book.found(part) if ":" in part else part for part in text.split("/"))
        if len(made) > self.most:
            raise Wrong(f"dit is te lang: er passen {self.most} tekens")
        return made

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 2 * self.most}


MOST_IN_ONE = 200


def each(value: Any, read: Any) -> list[str]:
    """A list without doubles."""
    if not isinstance(value, list):
        raise Wrong("hier hoort een lijst")
    if len(value) > MOST_IN_ONE:
        raise Wrong(f"deze lijst is te lang: er passen er {MOST_IN_ONE}")
    made: list[str] = []
    for number, one in enumerate(value):
        try:
            made.append(read(one))
        except Wrong as problem:
            raise problem.inside(number) from None
        if made[-1] in made[:-1]:
            raise Wrong("dit staat er twee keer", f"[{number}]")
    return made
