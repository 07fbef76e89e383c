"""National figures: the tables of a survey, row by row, and the charts made of them.

A row keeps the id and the wording of the source, so that anybody can look up what was asked. A `Figure` is
what the product shows: a sentence of its own, some rows, and what they do not say. Figures are context:
related to a subject or a goal, never a baseline and never a norm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from app.content.parts import Citation, Part, Slug, Text

RowId = Annotated[str, StringConstraints(pattern=r"^T[A-Za-z0-9.]+(-[A-Za-z0-9]+)+$", max_length=24)]
Year = Annotated[str, StringConstraints(pattern=r"^(19|20)\d\d$")]

# Why there is no number. Zero is a number.
MISSING = {
    "streep": "in het rapport staat hier een streepje",
    "nvt": "volgens het rapport niet van toepassing",
    "leeg": "in het rapport is deze plek leeg",
    "niet": "staat niet in het rapport",
}
NUMBER = r"\d{1,4}(,\d)?"
# The numbers of one sector, newest year first: "83 72 57", "6,7 6,2 streep".
Cells = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v),
    StringConstraints(pattern=rf"^({NUMBER}|{'|'.join(MISSING)})( ({NUMBER}|{'|'.join(MISSING)}))*$"),
]

Respondents = Literal["", "ouders", "leraren", "schoolleiders"]


class FigureRow(Part):
    """One row of a table of the source."""

    id: RowId
    label: Text  # what was asked, as printed
    answer: str = ""  # of a statement with several answers
    values: dict[Slug, Cells]  # by sector; a sector that is not in the table is not here
    respondents: Respondents = ""  # where it is not that of the table
    about: dict[Slug, Text] = Field(default_factory=dict)  # the words of the source for a number: "rond een derde"
    doubt: str = ""  # why the number is not sure; such a row is never shown

    def cell(self, sector: str, place: int = 0) -> str:
        """The number or the word of `MISSING`; `place` 0 is the newest year."""
        cells = self.values.get(sector, "niet").split()
        return cells[place] if place < len(cells) else "niet"


class FigureTable(Part):
    """A table of the source. `several`: people could give several answers, or were asked each row apart, so rows
    do not add up."""

    slug: Slug
    number: str = ""  # as printed; the same number can occur twice
    place: Text  # "tabel 6.10"
    title: Text  # as printed
    respondents: Respondents = ""
    unit: Literal["procent", "rapportcijfer", "aantal"]  # aantal: how many people answered
    years: tuple[Year, ...]  # newest first
    cite: Citation
    several: bool = False
    asks_not: bool = False  # it was asked what people do not do
    only_newest: str = ""  # why older years may not stand beside the newest
    repeats: str = ""  # slug of the table whose numbers it repeats
    rows: tuple[FigureRow, ...]


class FigureLine(Part):
    """One measure of a figure. Several rows are added up: 'helemaal mee eens' and 'mee eens'."""

    label: Text
    rows: tuple[RowId, ...]


class Figure(Part):
    """A chart that is offered. `title` and `plan_text` may hold no other numbers than those of the lines."""

    slug: Slug
    title: Text  # one sentence that says what the chart shows
    measure: Text  # what the numbers count: "Ouders die het hiermee eens zijn"
    table: Slug
    lines: tuple[FigureLine, ...]
    plan_text: Text  # for the plan; year, group and sector are in it, the source is put after it
    themes: tuple[Slug, ...]
    goal_words: tuple[Text, ...] = ()  # begins of words in a goal that it is related to
    limits: tuple[Text, ...] = ()  # what it does not say


def find_figure(figures: Iterable[Figure], slug: str) -> Figure | None:
    return next((f for f in figures if f.slug == slug), None)


def figures_of_theme(figures: Iterable[Figure], theme: str) -> tuple[Figure, ...]:
    return tuple(f for f in figures if theme in f.themes)


def figures_for_goal(figures: Iterable[Figure], words: str, theme: str = "", most: int = 3) -> tuple[Figure, ...]:
    """The figures whose words occur in the text of a goal: most words first, and of the same theme before others.

    A goal without such words has none: better no figure than one about something else.
    """
    text = " " + " ".join(re.findall(r"[\w-]+", words.lower()))
    found = []
    for place, figure in enumerate(figures):
        hits = sum(f" {word.lower()}" in text for word in figure.goal_words)
        if hits:
            found.append((-hits, theme not in figure.themes, place, figure))
    return tuple(figure for *_, figure in sorted(found, key=lambda f: f[:3])[:most])
