"""Parts of a pack as a reader sees them: facts with the name and year of their source, the columns counted."""

from dataclasses import dataclass

from app.content.pack import Fact, Pack
from app.core.text import in_words


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


def columns_in_words(pack: Pack) -> str:
    """'drie kolommen'."""
    number = len(pack.columns)
    return "één kolom" if number == 1 else f"{in_words(number)} kolommen"
