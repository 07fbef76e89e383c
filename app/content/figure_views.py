"""Figures as a reader sees them: bars, a table, who was asked, and what the numbers do not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.content.figures import MISSING, Figure, FigureLine, FigureRow, FigureTable
from app.content.pack import Pack
from app.core.text import capital, listing

NONE = "geen cijfer"
HIGHEST = {"procent": (0.0, 100.0), "rapportcijfer": (1.0, 10.0)}  # where a bar begins and ends


@dataclass(frozen=True)
class Bar:
    """`share` is the part of the scale, 0 to 1; None: there is no number, so no bar."""

    label: str
    value: str  # "57 %", "6,7", "rond een derde", "geen cijfer"
    share: float | None


@dataclass(frozen=True)
class LineView:
    label: str
    bars: tuple[Bar, ...]
    heads: tuple[str, ...]  # of the table: years, or the answers that are added up
    rows: tuple[tuple[str, ...], ...]  # sector, then a value under each head

    @property
    def in_words(self) -> str:
        """'De school heeft tips: po 45 %, vo 32 %, mbo 28 %.'"""
        return f"{self.label}: {', '.join(f'{b.label} {b.value}' for b in self.bars)}."


@dataclass(frozen=True)
class FigureView:
    slug: str
    title: str
    measure: str
    lines: tuple[LineView, ...]
    source: str  # "Monitor Ouderbetrokkenheid (Panteia en ITS), 2014, tabel 6.10"
    asked: str  # who answered, and how many
    own_limits: tuple[str, ...]
    general_limits: tuple[str, ...]  # hold for all figures of the pack: a document says them once

    @property
    def limits(self) -> tuple[str, ...]:
        return (*self.own_limits, *self.general_limits)


def figure_view(pack: Pack, figure: Figure) -> FigureView:
    table = next(t for t in pack.figure_tables if t.slug == figure.table)
    return _Drawing(pack, figure, table).view()


def origin_key(figure: Figure) -> str:
    """The key a paragraph of the plan has as its origin when it was made from this figure."""
    return f"content/figure/{figure.slug}"


def figure_of_key(pack: Pack, key: str) -> Figure | None:
    """The figure behind such a key; None for another key, or when the pack has it no longer."""
    return next((f for f in pack.figures if origin_key(f) == key), None)


def figure_source(pack: Pack, figure: Figure) -> str:
    """'Monitor Ouderbetrokkenheid (Panteia en ITS), 2014, tabel 6.10'."""
    table = next(t for t in pack.figure_tables if t.slug == figure.table)
    source = pack.source(table.cite.source)
    publisher = f" ({source.publisher})" if source.publisher else ""
    return f"{source.title}{publisher}, {source.year}, {table.place}"


def figure_text(pack: Pack, figure: Figure) -> str:
    """How the plan says it: the sentence and the source."""
    return f"{figure.plan_text} Bron: {figure_source(pack, figure)}."


class _Drawing:
    def __init__(self, pack: Pack, figure: Figure, table: FigureTable):
        self.pack = pack
        self.figure = figure
        self.table = table
        self.rows = {r.id: r for r in table.rows}
        used = {s for line in figure.lines for r in self.found(line) for s in r.values}
        in_table = used or {s for r in table.rows for s in r.values}
        everywhere = {s for r in table.rows for s in r.values}
        # A sector of the table without a number in these rows is shown as such, unless the table skips it altogether.
        self.sectors = tuple(s for s in pack.sectors if s.slug in (everywhere if table.several else in_table))

    def found(self, line: FigureLine) -> list[FigureRow]:
        return [self.rows[i] for i in line.rows]

    def view(self) -> FigureView:
        return FigureView(
            slug=self.figure.slug,
            title=self.figure.title.replace(" %", "\u00a0%"),  # a number stays on the line of its sign
            measure=self.figure.measure,
            lines=tuple(self.line(one) for one in self.figure.lines),
            source=figure_source(self.pack, self.figure),
            asked=self.asked(),
            own_limits=tuple(self.own_limits()),
            general_limits=self.pack.figure_limits,
        )

    def line(self, line: FigureLine) -> LineView:
        found = self.found(line)
        bars = []
        for sector in self.sectors:
            number = _sum([r.cell(sector.slug) for r in found])
            words = found[0].about.get(sector.slug, "") if len(found) == 1 else ""
            bars.append(Bar(sector.slug, words or self.shown(number), self.share(number)))
        heads, rows = self.added(found) if len(found) > 1 else self.years(found[0])
        return LineView(line.label, tuple(bars), heads, rows)

    def years(self, row: FigureRow) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        years = self.table.years[:1] if self.table.only_newest else self.table.years
        filled = [(i, y) for i, y in enumerate(years) if any(row.cell(s.slug, i) not in MISSING for s in self.sectors)]
        cells = tuple(
            (s.slug, *(row.about.get(s.slug, "") or self.shown(_number(row.cell(s.slug, i))) for i, _ in filled))
            for s in self.sectors
        )
        return tuple(y for _, y in filled), cells

    def added(self, found: list[FigureRow]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """What was added up, answer by answer, of the newest year."""
        cells = tuple(
            (
                s.slug,
                *(self.shown(_number(r.cell(s.slug))) for r in found),
                self.shown(_sum([r.cell(s.slug) for r in found])),
            )
            for s in self.sectors
        )
        return (*(capital(r.answer or r.label) for r in found), "Samen"), cells

    def share(self, number: float | None) -> float | None:
        lowest, highest = HIGHEST[self.table.unit]
        return None if number is None else (number - lowest) / (highest - lowest)

    def shown(self, number: float | None) -> str:
        if number is None:
            return NONE
        return f"{number:.1f}".replace(".", ",") if self.table.unit == "rapportcijfer" else f"{number:.0f} %"

    def asked(self) -> str:
        """'Gevraagd aan 300 ouders in het po, 305 in het vo en 200 in het mbo.'"""
        who = self.table.respondents
        counts = [r for t in self.pack.figure_tables if t.unit == "aantal" for r in t.rows if r.respondents == who]
        numbers = [(s.slug, counts[0].cell(s.slug)) for s in self.sectors] if counts else []
        known = [f"{n} in het {slug}" for slug, n in numbers if n not in MISSING]
        if not known:
            return f"Gevraagd aan {who}."
        first, rest = known[0].split(" ", 1)
        return f"Gevraagd aan {listing([f'{first} {who} {rest}', *known[1:]])}."

    def own_limits(self) -> Iterator[str]:
        yield from self.figure.limits
        yield from self.missing()
        for line in self.figure.lines:
            if len(line.rows) > 1:
                answers = [f"‘{(r.answer or r.label).lower()}’" for r in self.found(line)]
                yield f"Bij elkaar geteld zijn {listing(answers)}."
        if self.table.several and self.table.unit == "procent" and len(self.figure.lines) > 1:
            yield "Elk antwoord telt apart. De percentages tellen niet op tot 100."
        if self.table.unit == "rapportcijfer":
            yield "Een rapportcijfer loopt van 1 tot 10. Het is geen percentage."
        if self.table.only_newest:
            yield self.table.only_newest
        elif any(len(self.line(one).heads) > 1 and len(one.rows) == 1 for one in self.figure.lines):
            yield "Is een verschil tussen de jaren toeval? Dat weten wij niet."

    def missing(self) -> Iterator[str]:
        """Why a sector has no number, and which sectors the table does not have."""
        for sector in self.sectors:
            cells = [r.cell(sector.slug) for line in self.figure.lines for r in self.found(line)]
            if reasons := list(dict.fromkeys(MISSING[c] for c in cells if c in MISSING)):
                yield f"Geen cijfer voor het {sector.slug}: {listing(reasons)}."
        asked = {s for t in self.pack.figure_tables if t.unit == "aantal" for r in t.rows for s in r.values}
        if absent := [f"het {s.slug}" for s in self.pack.sectors if s.slug in asked and s not in self.sectors]:
            yield f"Over {listing(absent)} staat er geen cijfer in deze tabel."


def _number(cell: str) -> float | None:
    return None if cell in MISSING else float(cell.replace(",", "."))


def _sum(cells: list[str]) -> float | None:
    """None as soon as one is missing: a part is not the whole."""
    numbers = [_number(c) for c in cells]
    return sum(n for n in numbers if n is not None) if all(n is not None for n in numbers) else None
