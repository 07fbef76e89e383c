"""Where chapters begin on paper: on a new page, unless they still fit on the page of the chapter before.

An estimate in lines is enough: too high gives a new page too many, too low a chapter that runs over the
page, which is no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import ceil

from app.document.blocks import Block, Cell, Chapter, Points, Table

PAGE = 46  # lines of text on a page
LINE = 78  # characters on a line of text
TABLE_LINE = 118  # characters on a line of a table over its full width
HEAD = 5  # lines for the title of a chapter


def lines(text: str, width: int) -> int:
    """How many lines this text takes, its own line ends included."""
    return sum(max(1, ceil(len(part) / max(width, 4))) for part in text.split("\n"))


def cell_lines(cell: Cell, width: int) -> int:
    if isinstance(cell, str):
        return lines(cell, width)
    return sum(lines(p, width) if isinstance(p, str) else 1 + sum(lines(line, width) for line in p) for p in cell) or 1


def table_lines(table: Table) -> int:
    widths = [c.width * TABLE_LINE // 100 for c in table.columns]
    rows = [*table.rows, *table.foot]
    return 4 + sum(1 + max(cell_lines(c, w) for c, w in zip(row, widths, strict=True)) for row in rows)


def block_lines(block: Block) -> int:
    if isinstance(block, Table):
        return table_lines(block)
    if isinstance(block, Points):
        return 1 + sum(lines(i, LINE - 6) for i in block.items)
    return lines(block.text, LINE) + {"heading": 2, "quote": 3}.get(block.kind, 1)


def placed(chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """The chapters, each told whether it begins on a new page."""
    done: list[Chapter] = []
    used = PAGE
    for chapter in chapters:
        needed = HEAD + sum(block_lines(b) for b in chapter.blocks)
        before = done[-1] if done else None
        fits = used + needed <= PAGE or (chapter.annex and used < PAGE // 2)
        upright = before is not None and not before.landscape and not chapter.landscape
        flows = bool(fits and before and upright and before.annex == chapter.annex)
        done.append(replace(chapter, new_page=not flows))
        used = used + needed if flows else needed
        if used > PAGE:
            used = PAGE if used % PAGE > PAGE // 2 else used % PAGE
    return tuple(done)
