"""Small pieces of text that several parts of the document share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from markupsafe import Markup

from app.conclusions.rules import shape_pages
from app.content.pack import Choice, Pack
from app.core.text import capital, listing
from app.document.blocks import Cell, Column, Gap, Para, Points, Table
from app.journey.models import Party
from app.screening.said import Saying

LONG = 700  # characters; a longer text is divided over rows, so that no row is cut by the end of a page


def names(parties: Iterable[Party]) -> str:
    """'De Linde en Op Weg'."""
    return listing([p.short for p in parties])


def shape_title(pack: Pack, without: str = "") -> str:
    """'Breedte, organisatie en ouders': what the pages after the conclusions are about; '' when there are none."""
    offered = {slug: title.split()[0].lower() for slug, title in shape_pages(pack).items() if slug != without}
    return capital(listing(list(offered.values())))


def text(value: str) -> tuple[Para, ...]:
    """Typed text as a block; nothing when there is none."""
    return (Para(value),) if value.strip() else ()


def led(lead: str, value: str, html: Markup) -> tuple[Para, ...]:
    """A text after the word that leads to it; nothing when there is none."""
    if not value.strip():
        return ()
    begin = Markup("<p>{} ").format(lead)
    after = begin + html[len("<p>") :] if html.startswith("<p>") else begin + Markup("</p>") + html
    return (Para(f"{lead} {value}", html=after),)


def points(items: Iterable[str]) -> tuple[Points, ...]:
    """A list, or nothing when it is empty."""
    items = tuple(i for i in items if i.strip())
    return (Points(items),) if items else ()


def columns(*pairs: tuple[str, int]) -> tuple[Column, ...]:
    return tuple(Column(label, width) for label, width in pairs)


def table(caption: str, heads: Sequence[Column], rows: Iterable[Sequence[Cell]], empty: Gap | None = None):
    """A table as one block, with long texts divided over rows; the sentence `empty` (or nothing) when it
    has no rows."""
    asked = [[cell or "–" for cell in row] for row in rows]
    if not asked:
        return (empty,) if empty else ()
    kept, asked = without_empty_columns(heads, asked)
    return (Table(caption, kept, tuple(part for row in asked for part in divided(row))),)


def without_empty_columns(
    heads: Sequence[Column], rows: list[list[Cell]]
) -> tuple[tuple[Column, ...], list[list[Cell]]]:
    """A column in which no row says anything is left out; the widest that is not the name of the row gets its room."""
    stays = [i for i in range(len(heads)) if i == 0 or any(row[i] != "–" for row in rows)]
    kept = [heads[i] for i in stays]
    widest = max(range(1, len(kept)) or (0,), key=lambda i: kept[i].width)
    kept[widest] = replace(kept[widest], width=100 - sum(c.width for i, c in enumerate(kept) if i != widest))
    return tuple(kept), [[row[i] for i in stays] for row in rows]


def divided(row: Sequence[Cell]) -> tuple[tuple[Cell, ...], ...]:
    """The row, or several rows when a text in it is long; the next ones say that they go on."""
    pieces = [pieces_of(cell) for cell in row]
    most = max(len(p) for p in pieces)
    rows = [tuple(row_pieces[i] if i < len(row_pieces) else "" for row_pieces in pieces) for i in range(most)]
    first = pieces[0][0]
    more = f"{first if isinstance(first, str) else ''} (vervolg)".strip()
    return tuple(r if i == 0 or r[0] else (more, *r[1:]) for i, r in enumerate(rows))


def pieces_of(cell: Cell) -> list[Cell]:
    """The text in pieces of about `LONG` characters, cut after a line, a sentence or a word."""
    if not isinstance(cell, str) or len(cell) <= LONG:
        return [cell]
    pieces: list[Cell] = []
    rest = cell
    while len(rest) > LONG:
        cuts = [
            rest.rfind(mark, LONG // 2, LONG) + len(mark)
            for mark in ("\n", ". ", " ")
            if mark in rest[LONG // 2 : LONG]
        ]
        cut = cuts[0] if cuts else LONG
        pieces.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*pieces, rest]


def with_texts(said: Iterable[Saying]) -> list[str]:
    """As `grouped`, and after each answer what was said with it: 'Mee bezig: De Linde. De Linde: ‘Dit jaar klaar.’'"""
    found = list(said)
    return [*grouped(found), *(f"{one.party.short}: ‘{one.text}’" for one in found if one.text)]


def grouped(said: Iterable[Saying]) -> tuple[str, ...]:
    """Who said what, per answer: 'Vast onderdeel van ons beleid: De Linde en Op Weg'. Who said nothing is
    not named."""
    answers: dict[str, list[Party]] = {}
    order: list[Choice] = []
    silent: dict[str, list[Party]] = {}
    for one in said:
        if one.choice is not None:
            if one.choice.slug not in answers:
                order.append(one.choice)
            answers.setdefault(one.choice.slug, []).append(one.party)
        elif one.applies and one.text:
            silent.setdefault("alleen toelichting", []).append(one.party)
        elif one.applies and one.silence == "weet-niet":
            silent.setdefault(one.silence_text, []).append(one.party)
    order.sort(key=lambda c: (c.weight is None, -(c.weight or 0)))
    return (
        *(f"{c.label}: {names(answers[c.slug])}" for c in order),
        *(f"{words[:1].upper()}{words[1:]}: {names(parties)}" for words, parties in silent.items() if words),
    )
