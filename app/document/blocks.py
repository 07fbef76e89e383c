"""What a document is made of: a few kinds of blocks in chapters. The page, the PDF and later the editable
file are drawn from these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.content.figure_views import FigureView


@dataclass(frozen=True)
class Para:
    """Running text. A blank line begins a new paragraph, a newline a new line. `lead` is a word in bold before it."""

    text: str
    lead: str = ""
    html: str = ""  # the same text with what is bold, italic or a link, when something is
    kind: Literal["para"] = "para"


@dataclass(frozen=True)
class Quote:
    text: str
    by: str = ""
    html: str = ""
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True)
class Heading:
    """A heading inside a chapter. `level` 3, or 4 under a heading of 3; never 4 without one."""

    text: str
    level: int = 3
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Points:
    items: tuple[str, ...]
    ordered: bool = False
    kind: Literal["points"] = "points"


@dataclass(frozen=True)
class Gap:
    """What is not filled in yet: one sentence, and on the screen a link to where it is filled in.
    `only_listed`: it stands
    in the list above the document, not in the document itself."""

    text: str
    label: str = ""
    url: str = ""
    only_listed: bool = False
    kind: Literal["gap"] = "gap"


@dataclass(frozen=True)
class Column:
    label: str
    width: int  # percent; together 100
    number: bool = False


Entry = tuple[str, ...]  # an item of a column, and the lines under it
Cell = str | tuple[str, ...] | tuple[Entry, ...]  # a tuple is shown as a list; entries only in the look 'columns'


@dataclass(frozen=True)
class Table:
    """The first cell of a row names the row, except in the look 'columns': lists under their column,
    tinted by `tints`."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[tuple[str, ...], ...] = ()
    look: Literal["", "columns"] = ""
    tints: tuple[str, ...] = ()  # left, together, right
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Bars:
    """A national figure: its chart, and its numbers in a table beside it. The paragraph before it is its sentence.
    `first` says what holds for all figures."""

    view: FigureView
    first: bool = False
    kind: Literal["bars"] = "bars"


Block = Para | Quote | Heading | Points | Gap | Table | Bars


@dataclass(frozen=True)
class Chapter:
    """`new_page` on paper; elsewhere chapters follow each other."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    mark: str = ""  # "1", "A"; shown large on paper
    annex: bool = False
    landscape: bool = False
    new_page: bool = True


@dataclass(frozen=True)
class Fact:
    """A line of the colophon."""

    name: str
    text: Cell


@dataclass(frozen=True)
class Document:
    title: str  # "Plan van aanpak ouderbetrokkenheid"
    place: str  # "Gemeente Meerwijk"
    subtitle: str  # title of the traject
    status: str  # "Concept"
    period: str
    dated: str  # "12 maart 2027"
    iso: str  # the same moment for the file
    author: str
    colophon: tuple[Fact, ...]
    chapters: tuple[Chapter, ...]
    short: bool = False  # a report of a few pages: no cover, no contents, small heads, the colophon last
    on_behalf: str = ""  # on the cover instead of `place`: several gemeenten, one of which is the chair
    note: str = ""  # on the cover, e.g. that all names are made up

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is not filled in yet and can be, in the order of the document."""
        found = (b for c in self.chapters for b in c.blocks if isinstance(b, Gap) and b.url)
        return tuple(dict.fromkeys(found))

    @property
    def main(self) -> tuple[Chapter, ...]:
        return tuple(c for c in self.chapters if not c.annex)

    @property
    def annexes(self) -> tuple[Chapter, ...]:
        return tuple(c for c in self.chapters if c.annex)
