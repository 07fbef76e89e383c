"""What one update of a browser says, read before anything else does: the first guard of a shared text.

A shared text is one Yjs text in which a mark (an embedded `{"id": …}`) begins each paragraph. So an update of our own
editor can only hold letters, marks and a handful of formats. Everything else is refused here, in Python, where a wrong
length is an exception: in the library below it could be a panic, or a stack that overflows and takes the process along.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

ROOT = "tekst"  # the name of the text in a document
MOST_BYTES = 64_000
MOST_WRITERS = 64  # in one update: each time a page is opened it writes under a number of its own
KINDS = {
    "alinea": "Alinea",
    "kop": "Kop",
    "subkop": "Tussenkop",
    "citaat": "Citaat",
    "punt": "Opsomming",
    "nummer": "Genummerde opsomming",
}
MOST_ORIGINS = 20
_ID = re.compile(r"[0-9a-z]{16}")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_GC, _DELETED, _STRING, _EMBED, _FORMAT = 0, 1, 4, 5, 6


class Refused(Exception):
    """This update is not taken. `gap`: something that it builds on has not come yet, so it may be sent again."""

    def __init__(self, why: str, *, gap: bool = False):
        super().__init__(why)
        self.gap = gap


@dataclass
class Contents:
    """What is in an update: of each writer the first and the next number, and how much is taken away."""

    written: dict[int, tuple[int, int]] = field(default_factory=dict)
    deleted: list[tuple[int, int, int]] = field(default_factory=list)  # writer, first, next
    needs: dict[int, int] = field(default_factory=dict)  # writer → the number that must be there already
    letters: int = 0
    cuts: list[tuple[int, int]] = field(default_factory=list)  # between the number before this one and this one
    halves: set[tuple[int, int]] = field(default_factory=set)  # numbers of the second half of a letter that takes two


def fit_link(href: str) -> bool:
    return len(href) <= 1000 and bool(_LINK.fullmatch(href))


def fit_id(value: object) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _fit_origins(value: object) -> bool:
    ids = value.split(" ") if isinstance(value, str) else [""]
    return len(ids) <= MOST_ORIGINS and all(fit_id(i) for i in ids)


# What a format may be; `null` ends it.
FORMATS: Mapping[str, Callable[[Any], bool]] = {
    "b": lambda value: value is True,
    "i": lambda value: value is True,
    "a": lambda value: isinstance(value, str) and fit_link(value),
    "k": lambda value: isinstance(value, str) and value in KINDS,
    "o": _fit_origins,
}


class _Bytes:
    """Reads numbers and texts from front to back."""

    def __init__(self, data: bytes):
        self.data = data
        self.at = 0

    def byte(self) -> int:
        if self.at >= len(self.data):
            raise Refused("cut off")
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        value = shift = 0
        while True:
            part = self.byte()
            value |= (part & 127) << shift
            if part < 128:
                break
            shift += 7
            if shift > 49:
                raise Refused("number too large")
        if value >= 1 << 53:
            raise Refused("number too large")
        return value

    def text(self) -> str:
        size = self.number()
        if size > len(self.data) - self.at:
            raise Refused("cut off")
        self.at += size
        try:
            return self.data[self.at - size : self.at].decode()
        except UnicodeDecodeError:
            raise Refused("not a text") from None

    def value(self) -> Any:
        text = self.text()
        if len(text) > 2000:
            raise Refused("value too long")
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise Refused("not a value") from None


def read_update(data: bytes, most: int = MOST_BYTES) -> Contents:
    """What this update says. Raises Refused when it is not one of our editor."""
    if not data or len(data) > most:
        raise Refused("too large" if data else "empty")
    source, found = _Bytes(data), Contents()
    if (count := _few(source)) > MOST_WRITERS and most == MOST_BYTES:
        raise Refused("too many writers")
    for _ in range(count):
        rows, writer, clock = source.number(), source.number(), source.number()
        if rows == 0 or writer in found.written:
            raise Refused("nothing written, or a writer twice")
        first = clock
        for _ in range(rows):
            clock += _struct(source, found, writer, clock, first)
            if clock >= 1 << 31:  # the library counts in 32 bits
                raise Refused("number too large")
        found.written[writer] = (first, clock)
        found.needs[writer] = max(found.needs.get(writer, 0), first)
    for _ in range(_few(source)):
        writer = source.number()
        for _ in range(_few(source)):
            first, size = source.number(), source.number()
            if not size or first + size >= 1 << 31:
                raise Refused("takes nothing away")
            found.deleted.append((writer, first, first + size))
            found.cuts += [(writer, first), (writer, first + size)]
            if first + size > found.written.get(writer, (0, 0))[1]:
                found.needs[writer] = max(found.needs.get(writer, 0), first + size)
    if source.at != len(data):
        raise Refused("something behind it")
    return found


def _few(source: _Bytes) -> int:
    number = source.number()
    if number > len(source.data):
        raise Refused("cut off")
    return number


def _struct(source: _Bytes, found: Contents, writer: int, clock: int, first: int) -> int:
    """Reads one piece and says how many numbers it takes."""
    info = source.byte()
    kind = info & 31
    if kind == _GC:
        # What stands beside it would be gone for a newcomer. In a flat text nothing makes one.
        raise Refused("a piece without a place")
    left, right = ((source.number(), source.number()) if info & bit else None for bit in (128, 64))
    for other, number in filter(None, (left, right)):
        if other == writer and first <= number:
            if number >= clock:
                raise Refused("stands beside itself")
        else:
            found.needs[other] = max(found.needs.get(other, 0), number + 1)
    if left:
        found.cuts.append((left[0], left[1] + 1))
    if right:
        found.cuts.append(right)
    if info & 32 or (left is right is None and (source.number() != 1 or source.text() != ROOT)):
        raise Refused("not in the text")
    return _content(source, found, kind, writer, clock)


def _content(source: _Bytes, found: Contents, kind: int, writer: int, clock: int) -> int:
    if kind == _DELETED:
        return _length(source)
    if kind == _STRING:
        text = source.text()
        if not text or not _fit_text(text):
            raise Refused("letters that no text has")
        found.letters += len(text)
        if text.isascii() or max(text) < "\U00010000":
            return len(text)
        for letter in text:
            clock += 1
            if letter >= "\U00010000":
                found.halves.add((writer, clock))
                clock += 1
        return len(text.encode("utf-16-le")) // 2
    if kind == _EMBED:
        value = source.value()
        if not isinstance(value, dict) or set(value) != {"id"} or not fit_id(value["id"]):
            raise Refused("unknown mark")
        return 1
    if kind == _FORMAT:
        name, value = source.text(), source.value()
        if name not in FORMATS or not (value is None or FORMATS[name](value)):
            raise Refused("unknown format")
        return 1
    raise Refused("unknown piece")


def _length(source: _Bytes) -> int:
    length = source.number()
    if not 0 < length < 1 << 31:
        raise Refused("length")
    return length


def _fit_text(text: str) -> bool:
    """No control characters (PostgreSQL keeps no NUL): a new line and a tab are all that a text needs."""
    if text.isprintable():
        return True
    return not any(c not in "\n\t" and unicodedata.category(c) == "Cc" for c in text)
