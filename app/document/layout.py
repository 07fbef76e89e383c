"""Where chapters begin on paper, and how much room a cell takes.

Chapters follow each other: a plan of six chapters has no half-empty pages. The annexes begin on a new page, and so does
what lies on its side. The style sheet keeps the head of a chapter together with what follows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import ceil

from app.document.blocks import Cell, Chapter

TABLE_LINE = 118  # characters on a line of a table over its full width


def lines(text: str, width: int) -> int:
    """How many lines this text takes, its own line ends included."""
    return sum(max(1, ceil(len(part) / max(width, 4))) for part in text.split("\n"))


def cell_lines(cell: Cell, width: int) -> int:
    if isinstance(cell, str):
        return lines(cell, width)
    return sum(lines(p, width) if isinstance(p, str) else 1 + sum(lines(line, width) for line in p) for p in cell) or 1


def placed(chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """The chapters, each told whether it begins on a new page."""
    done: list[Chapter] = []
    for chapter in chapters:
        before = done[-1] if done else None
        upright = before is not None and not before.landscape and not chapter.landscape
        flows = before is not None and upright and before.annex == chapter.annex
        done.append(replace(chapter, new_page=not flows))
    return tuple(done)
