"""The paragraphs in a shared text: read from it, and brought into it. The only place that knows the library's text.

In the text a mark (`{"id": …}`) begins each paragraph; its kind (`k`) and the paragraphs whose origins it carries (`o`)
are formats of the mark, bold (`b`), italic (`i`) and a link (`a`) are formats of letters. So whoever types in a
paragraph that somebody else splits, joins, moves or makes a heading of, never types into something that is gone.
Places are counted in UTF-8 bytes, as the library does; a mark is one.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.prose.updates import FORMATS, KINDS, ROOT, fit_id, fit_link

if TYPE_CHECKING:
    from pycrdt import Doc, Text

MOST_BLOCKS = 1000
MOST_LETTERS = 400_000
MOST_RUNS = 6000  # pieces that look different from the one before; reading a text takes as long as it has of these
_HIDDEN = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029"))

Runs = tuple[tuple[str, str, str], ...]  # text, marks ("b", "i", "bi" or ""), address of a link


@dataclass(frozen=True)
class Block:
    """One paragraph as it stands in the text. An empty id: nobody has given it one yet."""

    id: str
    kind: str = "alinea"
    runs: Runs = ()
    origin: tuple[str, ...] = ()  # other paragraphs whose origins it carries

    @cached_property
    def text(self) -> str:
        """The words, without what would make them read differently from what they are."""
        return "".join(r[0] for r in self.runs).translate(_HIDDEN).rstrip()

    @cached_property
    def rich(self) -> str:
        """The runs as JSON; '' when nothing is bold, italic or a link."""
        if not any(marks or href for _, marks, href in self.runs):
            return ""
        return json.dumps([[t.translate(_HIDDEN), m, h] for t, m, h in self.runs], ensure_ascii=False)

    @cached_property
    def size(self) -> int:
        """Bytes in the text, without its mark."""
        return sum(len(t.encode()) for t, _, _ in self.runs)


def runs_of(text: str, rich: str) -> Runs:
    """The runs of a row; plain when there are none, or when they are not those of this text."""
    if rich:
        try:
            runs = tuple((str(t), str(m), str(h) if fit_link(str(h)) else "") for t, m, h in json.loads(rich))
        except (ValueError, TypeError):
            runs = ()
        if "".join(r[0] for r in runs).rstrip() == text.rstrip():
            return runs
    return ((text, "", ""),) if text else ()


def text_in(doc: Doc) -> Text:
    from pycrdt import Text

    return doc.get(ROOT, type=Text)


@dataclass(frozen=True)
class Reading:
    """A text as it was read: the pieces that the library gave, the paragraphs in them, and where each begins."""

    pieces: list[tuple[Any, Any]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)


def read_blocks(doc: Doc) -> list[Block]:
    """All paragraphs. Letters before the first mark are one without an id. Unknown formats count for nothing."""
    return _parted(text_in(doc).diff(), 0)[0]


def read_on(doc: Doc, before: Reading) -> Reading:
    """The same for who reads a text again and again: what is not different from an earlier reading is taken from it."""
    return reading_on(text_in(doc).diff(), before)


def reading_on(pieces: list[tuple[Any, Any]], before: Reading) -> Reading:
    """A reading of these pieces, with what is the same in an earlier one."""
    old = before.pieces
    shortest = min(len(pieces), len(old))
    same = next((n for n in range(shortest) if pieces[n] != old[n]), shortest)
    left = shortest - same
    alike = next((n for n in range(left) if pieces[-1 - n] != old[-1 - n]), left)
    # Of the first pieces the paragraphs count of which also the next one's mark is the same; of the last those whose
    # own mark is.
    first = max(bisect_left(before.starts, same) - 1, 0)
    last = max(bisect_left(before.starts, len(old) - alike), first)
    if last == 0 and old and isinstance(old[0][0], str):  # letters before the first mark: no longer, perhaps
        last = 1
    begin = before.starts[first] if before.starts else 0
    shift = len(pieces) - len(old)
    end = before.starts[last] + shift if last < len(before.starts) else len(pieces)
    blocks, starts = _parted(pieces[begin:end], begin)
    return Reading(
        pieces,
        [*before.blocks[:first], *blocks, *before.blocks[last:]],
        [*before.starts[:first], *starts, *(at + shift for at in before.starts[last:])],
    )


def _parted(pieces: Sequence[tuple[Any, Any]], at: int) -> tuple[list[Block], list[int]]:
    """The paragraphs in these pieces, and where each begins; the first piece is the one with number `at`."""
    blocks: list[Block] = []
    starts: list[int] = []
    head: tuple[str, str, tuple[str, ...]] | None = None
    runs: list[tuple[str, str, str]] = []
    for number, (value, formats) in enumerate(pieces, at):
        known = {k: v for k, v in formats.items() if k in FORMATS and FORMATS[k](v)} if formats else {}
        if isinstance(value, str):
            if not starts:
                starts.append(number)
            marks = ("b" if "b" in known else "") + ("i" if "i" in known else "")
            piece = (value, marks, known.get("a", ""))
            if runs and runs[-1][1:] == piece[1:]:
                runs[-1] = (runs[-1][0] + value, *piece[1:])
            else:
                runs.append(piece)
            continue
        if starts:
            blocks.append(_block(head, runs))
            runs = []
        starts.append(number)
        name = value.get("id") if isinstance(value, dict) else ""
        head = (name if fit_id(name) else "", known.get("k", "alinea"), tuple(known.get("o", "").split()))
    if starts:
        blocks.append(_block(head, runs))
    return blocks, starts


def _block(head: tuple[str, str, tuple[str, ...]] | None, runs: list[tuple[str, str, str]]) -> Block:
    name, kind, origin = head or ("", "alinea", ())
    return Block(name, kind, tuple(runs), origin)


def _formats(marks: str, href: str) -> dict[str, Any]:
    return {"b": True if "b" in marks else None, "i": True if "i" in marks else None, "a": href or None}


def _head(block: Block) -> dict[str, Any]:
    return {
        "k": block.kind if block.kind != "alinea" else None,
        "o": " ".join(block.origin) or None,
        "b": None,
        "i": None,
        "a": None,
    }


def _insert(text: Text, at: int, block: Block) -> None:
    text.insert_embed(at, {"id": block.id}, {k: v for k, v in _head(block).items() if v is not None})
    at += 1
    for words, marks, href in block.runs:
        text.insert(at, words, {k: v for k, v in _formats(marks, href).items() if v is not None})
        at += len(words.encode())


def bring(doc: Doc, wanted: Sequence[Block], *, formats: bool = True) -> bool:
    """Changes the text, as little as possible, until it has these paragraphs. Says whether anything changed.

    A paragraph that stays keeps its letters, so what somebody else types in it meanwhile stays too. Without `formats`
    what is bold stays so.
    """
    text, now = text_in(doc), read_blocks(doc)
    ids = {b.id for b in wanted}
    changed = False
    with doc.transaction():

        def start(place: int) -> int:
            return sum(b.size + 1 for b in now[:place]) - sum(1 for b in now[:place] if b is bare)

        bare = now[0] if now and not now[0].id and _no_mark_first(text) else None
        place = 0
        while place < len(now):
            if now[place].id in ids:
                place += 1
                continue
            first = start(place)
            del text[first : first + now[place].size + (0 if now[place] is bare else 1)]
            del now[place]
            changed = True
        for place, block in enumerate(wanted):
            if place >= len(now) or now[place].id != block.id:
                later = next((i for i in range(place + 1, len(now)) if now[i].id == block.id), None)
                if later is not None:
                    first = start(later)
                    del text[first : first + now[later].size + 1]
                    block = replace(block, runs=now.pop(later).runs if now[later].text == block.text else block.runs)
                _insert(text, start(place), block)
                now.insert(place, block)
                changed = True
                continue
            old = now[place]
            if (old.kind, old.origin) != (block.kind, block.origin):
                text.format(start(place), start(place) + 1, {k: v for k, v in _head(block).items() if k in "ko"})
                changed = True
            words, other = old.text != block.text, formats and old.rich != block.rich
            if words:
                _reword(text, start(place) + 1, "".join(r[0] for r in old.runs), "".join(r[0] for r in block.runs))
            if other or (formats and words and block.rich):
                _reformat(text, start(place) + 1, block.runs if words else _clipped(block.runs, old.size))
            changed = changed or words or other
            now[place] = replace(block, runs=block.runs if words else old.runs)
    return changed


def _clipped(runs: Runs, size: int) -> list[tuple[str, str, str]]:
    """The runs as far as they fit in so many bytes: what is read of a text has no space at its end."""
    clipped = []
    for words, marks, href in runs:
        kept = words.encode()[:size].decode(errors="ignore")
        size -= len(words.encode())
        if kept:
            clipped.append((kept, marks, href))
    return clipped


def _reformat(text: Text, at: int, runs: Iterable[tuple[str, str, str]]) -> None:
    for words, marks, href in runs:
        text.format(at, at + len(words.encode()), _formats(marks, href))
        at += len(words.encode())


def _no_mark_first(text: Text) -> bool:
    first = text.diff()[:1]
    return bool(first) and isinstance(first[0][0], str)


def _words(value: str) -> list[str]:
    out: list[str] = []
    for char in value:
        if out and char.isalnum() and out[-1][-1:].isalnum():
            out[-1] += char
        else:
            out.append(char)
    return out


def _reword(text: Text, at: int, old: str, new: str) -> None:
    """Replaces the words that differ, from back to front, so that the places before stay right."""
    before, after = _words(old), _words(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if len(before) < 3000 else None
    if steps is None:
        steps = [("replace", 0, len(before), 0, len(after))]
    for what, a, b, c, d in reversed(steps):
        if what == "equal":
            continue
        first = at + len("".join(before[:a]).encode())
        gone = len("".join(before[a:b]).encode())
        if gone:
            del text[first : first + gone]
        if c < d:
            words = "".join(after[c:d])
            if first > at:
                text.insert(first, words)  # reads like the letter before it
            else:
                text.insert(first, words, {})


def reworded(text: str, rich: str, new: str) -> str:
    """`rich` of a paragraph whose words became `new` in a form: what is bold stays so."""
    if not rich:
        return ""
    from pycrdt import Doc

    doc, name = Doc(), "0" * 16
    bring(doc, [Block(name, runs=runs_of(text, rich))])
    bring(doc, [Block(name, runs=((new, "", ""),) if new else ())], formats=False)
    return read_blocks(doc)[0].rich


def tidy(doc: Doc, taken: Iterable[str], fresh: Any) -> bool:
    """Gives every paragraph an id of its own: `taken` belong to something else, `fresh()` makes a new one. A text that
    has none gets one to begin in."""
    text, blocks = text_in(doc), read_blocks(doc)
    if not blocks:
        text.insert_embed(0, {"id": fresh()}, {})
        return True
    seen, wrong, at = set(taken), [], 0
    bare = bool(blocks) and not blocks[0].id and _no_mark_first(text)
    for number, block in enumerate(blocks):
        marked = not (bare and number == 0)
        if block.id in seen or not block.id:
            wrong.append((at, marked, block))
        seen.add(block.id)
        at += block.size + marked
    if not wrong:
        return False
    with doc.transaction():
        for at, marked, block in reversed(wrong):
            if marked:
                del text[at : at + 1]
            text.insert_embed(at, {"id": fresh()}, {k: v for k, v in _head(block).items() if v is not None})
    return True


def too_much(blocks: Sequence[Block]) -> str:
    """Why this is more than one text may hold; '' when it is not."""
    if len(blocks) > MOST_BLOCKS:
        return "too many paragraphs"
    if sum(b.size for b in blocks) > MOST_LETTERS:
        return "too long"
    if sum(len(b.runs) for b in blocks) > MOST_RUNS:
        return "too many pieces"
    return ""


def known_kind(kind: str) -> str:
    return kind if kind in KINDS else "alinea"
