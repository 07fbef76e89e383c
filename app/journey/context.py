"""What the pack offers beside a page as background: facts that fold open, and national figures. Only the pack and what
the gate already knows are read: no query."""

from __future__ import annotations

from dataclasses import dataclass

from app.content.background import backgrounds_at
from app.content.figure_views import FigureView, figure_view
from app.content.figures import Figure, figures_of_theme
from app.content.shown import FactRow, fact_rows
from app.journey.gate import Here

PLAN = "plan"
WITH_LAW = ("opzet", "verkenning")  # pages where the legal basis stands as well


@dataclass(frozen=True)
class BackgroundView:
    slug: str
    title: str
    lead: str
    facts: tuple[FactRow, ...]


@dataclass(frozen=True)
class Figures:
    """National figures that are offered somewhere. `put_url` is where one is put into the plan; '' when that cannot be
    done now by this person."""

    views: tuple[FigureView, ...]
    year: str
    put_url: str
    chapter: int  # number of the chapter it is put into; 0 when the plan has none


@dataclass(frozen=True)
class Context:
    backgrounds: tuple[BackgroundView, ...]
    figures: Figures | None


def context(here: Here, place: str, theme: str = "") -> Context:
    """What folds open on this page: the backgrounds of this place, and the figures of the theme."""
    pack = here.pack
    law = BackgroundView("wettelijke-basis", "Wat zegt de wet nu?", "", fact_rows(pack, pack.legal_basis))
    return Context(
        (
            *(
                BackgroundView(b.slug, b.title, b.lead, fact_rows(pack, b.facts))
                for b in backgrounds_at(pack.backgrounds, place, theme)
            ),
            *([law] if law.facts and place in WITH_LAW else ()),
        ),
        offered(here, figures_of_theme(pack.figures, theme)) if theme else None,
    )


def offered(here: Here, figures: tuple[Figure, ...]) -> Figures | None:
    """These figures as they are shown; None when there are none."""
    if not figures:
        return None
    chapter = next((c for c in here.pack.chapters if c.kind == "inventarisatie"), None)
    may = chapter is not None and here.may_write_joint and here.closed(PLAN, chapter.slug) is None
    years = {t.slug: t.years[0] for t in here.pack.figure_tables}
    return Figures(
        tuple(figure_view(here.pack, f) for f in figures),
        max(years[f.table] for f in figures),
        f"{here.url}/{PLAN}/cijfer" if may else "",
        chapter.number if chapter else 0,
    )
