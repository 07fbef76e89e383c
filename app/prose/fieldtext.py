"""A joint answer that several people write in at once: one answer, one shared text.

The answer keeps two readings of the text, always in the same transaction: `value`, the words as plain text
(paragraphs with a blank line between them, items of a list as `- …` and `1. …`), and `rich`, which says what is bold,
italic, a link or a list when the words alone do not. So whatever reads answers goes on reading words, and a form
without JavaScript edits those words: what they say is brought into the text paragraph by paragraph.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import groupby

from markupsafe import Markup

from app.core.ids import new_id
from app.core.text import MAX_TEXT, clean
from app.prose.blocks import Block, Runs, bring, read_blocks
from app.prose.html import inline
from app.prose.updates import fit_link

MOST = MAX_TEXT  # characters that the editor and the form take; what two people fill at once may be twice this
KINDS = ("alinea", "punt", "nummer")  # an answer has no headings
_ITEM = re.compile(r"- (?=\S)|([0-9]{1,3})\. (?=\S)")


def plain(blocks: Iterable[Block]) -> str:
    """The words as an answer keeps them, and as a form shows them."""
    said, before, number = "", "", 0
    for block in blocks:
        words = block.text
        if not words:
            continue
        listed = block.kind in ("punt", "nummer")
        number = (number + 1 if before == "nummer" else 1) if block.kind == "nummer" else 0
        if listed:
            words = ("- " if block.kind == "punt" else f"{number}. ") + words.replace("\n", "\n  ")
        if said:
            said += "\n" if listed or before in ("punt", "nummer") else "\n\n"
        said += words
        before = block.kind if listed else "alinea"
    return clean(said)


def parsed(value: str) -> list[Block]:
    """The paragraphs and items that these words are. They have no id yet."""
    found: list[tuple[str, str]] = []
    open_ = False  # whether the next line belongs to the paragraph before it
    for line in value.split("\n"):
        if not line.strip():
            open_ = False
            continue
        item = _ITEM.match(line)
        expected = 1
        if item and item[1]:
            expected = 1 + sum(1 for _ in _last_row(found, "nummer"))
        if item and (not item[1] or int(item[1]) == expected):
            found.append(("nummer" if item[1] else "punt", line[item.end() :]))
            open_ = True
        elif open_ and found[-1][0] != "alinea" and line.startswith("  "):
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line[2:]}")
        elif open_ and found[-1][0] == "alinea":
            found[-1] = ("alinea", f"{found[-1][1]}\n{line}")
        else:
            found.append(("alinea", line))
            open_ = True
    return [Block("", kind, ((words.rstrip(), "", ""),)) for kind, words in found]


def _last_row(found: Sequence[tuple[str, str]], kind: str) -> Iterable[str]:
    for known, words in reversed(found):
        if known != kind:
            return
        yield words


def rich_of(blocks: Sequence[Block]) -> str:
    """What the words alone do not say, as JSON; '' when they say everything."""
    said = [replace(b, kind=b.kind if b.kind in KINDS else "alinea") for b in blocks if b.text]
    if not any(b.rich for b in said):
        alone = [(b.kind, b.text) for b in parsed(plain(said))]
        if alone == [(b.kind, b.text) for b in said]:
            return ""
    rows = [[b.kind, json.loads(b.rich) if b.rich else [[b.text, "", ""]]] for b in said]
    return json.dumps(rows, ensure_ascii=False)


def read(value: str, rich: str) -> list[Block]:
    """The paragraphs of an answer; of what is not what these words say, the words alone."""
    if rich:
        try:
            found = [Block("", str(kind), _runs(runs)) for kind, runs in json.loads(rich) if kind in KINDS]
        except (ValueError, TypeError, RecursionError):
            found = []
        if plain(found) == clean(value):
            return found
    return parsed(value)


def _runs(rows: Iterable[Sequence[str]]) -> Runs:
    return tuple(
        (str(words), "".join(m for m in "bi" if m in str(marks)), str(href) if fit_link(str(href)) else "")
        for words, marks, href in rows
    )


NOTHING = Markup()


def html(value: str, rich: str) -> Markup:
    """The answer as safe HTML: paragraphs, lists, bold, italic and links, and nothing else."""
    made = Markup()
    for kind, rows in groupby(read(value, rich), key=lambda b: b.kind):
        if kind == "alinea":
            made += Markup().join(Markup("<p>{}</p>").format(inline(b.text, b.rich)) for b in rows)
            continue
        items = Markup().join(Markup("<li>{}</li>").format(inline(b.text, b.rich)) for b in rows)
        made += (Markup("<ol>{}</ol>") if kind == "nummer" else Markup("<ul>{}</ul>")).format(items)
    return made


def aligned(old: Sequence[Block], new: Sequence[Block]) -> list[Block]:
    """The new paragraphs, each with the id of the old one that it is: the same words, else the one in its place."""
    said = [(b.kind, b.text) for b in old]
    wanted = [(b.kind, b.text) for b in new]
    made: list[Block] = []
    for what, a, b, c, d in SequenceMatcher(None, said, wanted, autojunk=False).get_opcodes():
        for place in range(c, d):
            known = old[a + place - c] if a + place - c < b else None
            if known is None:
                made.append(replace(new[place], id=new_id()))
            elif what == "equal":
                made.append(known)
            else:
                made.append(replace(new[place], id=known.id, origin=known.origin))
    return made


def reworded(old: Sequence[Block], value: str) -> list[Block]:
    """The paragraphs after the words became `value` in a form: what is bold stays so."""
    from pycrdt import Doc

    doc = Doc()
    named = [b if b.id else replace(b, id=new_id()) for b in old]
    bring(doc, named)
    bring(doc, aligned(named, parsed(value)), formats=False)
    return read_blocks(doc)
