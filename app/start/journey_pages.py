"""What the pages of start show about a journey: its words, its examples, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass

from app.content.pack import Pack, Term
from app.core.text import inside, listing
from app.journey import verbs
from app.journey.gate import Here


@dataclass(frozen=True)
class TermsPage:
    terms: tuple[Term, ...]
    pack: Pack


def terms_page(pack: Pack) -> TermsPage:
    """All policy words of a pack, in alphabetical order."""
    return TermsPage(tuple(sorted(pack.terms, key=lambda t: t.term.casefold())), pack)


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class ExampleLine:
    slug: str
    title: str
    where: str
    year: str
    status: str
    text: str
    theme: str  # full name; '' when it belongs to the whole subject
    theme_url: str


@dataclass(frozen=True)
class ExamplesPage:
    url: str
    themes: tuple[Choice, ...]
    places: tuple[Choice, ...]
    examples: tuple[ExampleLine, ...]
    total: int
    source: str


def examples_page(pack: Pack, url: str, theme: str, place: str) -> ExamplesPage:
    """The practice examples, those of one theme or one gemeente when asked. Unknown words show everything."""
    places = sorted({m for e in pack.examples for m in e.municipalities}, key=str.casefold)
    theme = theme if theme in {t.slug for t in pack.themes} else ""
    place = place if place in places else ""
    titles = {t.slug: f"Thema {t.letter}: {t.title}" for t in pack.themes}
    shown = tuple(
        ExampleLine(
            slug=e.slug,
            title=e.title,
            where=e.where or "Zonder gemeente in de bron",
            year=e.year,
            status=e.status_text,
            text=e.text,
            theme=titles.get(e.theme or "", ""),
            theme_url=f"{url}/waar-staan-we/{e.theme}" if e.theme else "",
        )
        for e in pack.examples
        if (not theme or e.theme == theme) and (not place or place in e.municipalities)
    )
    return ExamplesPage(
        url=f"{url}/voorbeelden",
        themes=tuple(Choice(slug, title, slug == theme) for slug, title in titles.items()),
        places=tuple(Choice(name, name, name == place) for name in places),
        examples=shown,
        total=len(pack.examples),
        source=listing([s.title for s in pack.sources if any(e.cite.source == s.slug for e in pack.examples)]),
    )


@dataclass(frozen=True)
class RightsTable:
    """`roles` are (name, is it yours); `rows` are (what, cells of role, yours, may)."""

    roles: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, tuple[tuple[str, bool, bool], ...]], ...]


@dataclass(frozen=True)
class RightsPage:
    lead: str
    may: tuple[str, ...]
    may_not: tuple[str, ...]
    with_party: RightsTable
    without_party: RightsTable
    access_url: str


def rights_page(here: Here) -> RightsPage:
    """Who may do what in a journey, read from the rules; what holds for this person first."""
    place = f"bij {inside(here.party.name)}" if here.party else "en hoort bij geen partij"
    may, may_not = verbs.split(here.seat)
    return RightsPage(
        lead=f"U bent hier {here.seat.role}{' met mandaat' if here.seat.mandate else ''} {place}.",
        may=may,
        may_not=may_not,
        with_party=_rights_table(here, True),
        without_party=_rights_table(here, False),
        access_url=f"{here.url}/toegang",
    )


def _rights_table(here: Here, with_party: bool) -> RightsTable:
    table, mine = verbs.table(with_party), with_party == (here.party is not None)
    yours = {here.seat.role, verbs.MANDATE if here.seat.mandate else ""}
    own = [mine and role in yours for role in table.roles]
    rows = tuple((label, tuple(zip(table.roles, own, cells, strict=True))) for label, cells in table.rows)
    return RightsTable(tuple(zip(table.roles, own, strict=True)), rows)
