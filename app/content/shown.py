"""Facts as a reader sees them: with the name of the source and the year behind them."""

from dataclasses import dataclass

from app.content.pack import Fact, Pack


@dataclass(frozen=True)
class FactRow:
    text: str
    source: str
    year: str
    today: str = ""


def fact_rows(pack: Pack, facts: tuple[Fact, ...]) -> tuple[FactRow, ...]:
    """Each fact with its source. The year of the fact itself is in its text; here stands the year of the source."""
    return tuple(
        FactRow(f.text, pack.source(f.cite.source).title, pack.source(f.cite.source).year, f.today) for f in facts
    )
