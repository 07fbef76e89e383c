"""What the pages of start show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.content.pack import Fact, Pack, Source, Term
from app.content.shown import columns_in_words
from app.core.clock import date_text
from app.core.text import inside, listing, sentence
from app.journey import store, verbs
from app.journey.gate import Here
from app.journey.models import Journey, Seat
from app.people.models import Person
from app.people.rules import may_manage

LETTER = 15  # room that a letter takes at most in the picture of the start


@dataclass(frozen=True)
class JourneyLine:
    title: str
    url: str
    state: str  # "Meerwijk · procesbegeleider · gestart op 12 maart 2027"


@dataclass(frozen=True)
class ExampleJourney:
    title: str
    url: str
    summary: str


@dataclass(frozen=True)
class Bar:
    """One column in the picture of the start."""

    name: str
    tint: str
    x: int


@dataclass(frozen=True)
class ColumnsPicture:
    title: str  # what a screen reader says
    bars: tuple[Bar, ...]
    width: int  # of each
    overlapping: bool
    named: bool  # all names fit in the picture


@dataclass(frozen=True)
class StartPage:
    title: str
    picture: ColumnsPicture
    intro: tuple[str, ...]
    journeys: tuple[JourneyLine, ...]
    examples: tuple[ExampleJourney, ...]
    may_start: bool
    manages: bool  # the installation
    signed_in: bool


def start_page(tx: Session, pack: Pack, person: Person | None, summaries: Mapping[str, str]) -> StartPage:
    """`summaries`: what each example shows, in one sentence, by its slug, in the order of the page."""
    found = store.list_journeys_of(tx, person) if person else []
    places: dict[str, list[str]] = {}
    for municipality in store.list_municipalities_of(tx, [j for j, _ in found]):
        places.setdefault(municipality.journey_id, []).append(municipality.name)
    examples = {journey.example: journey for journey, _ in found if journey.example}
    return StartPage(
        title=pack.title,
        picture=columns_picture(pack),
        intro=pack.intro,
        journeys=tuple(_line(j, seat, places.get(j.id, [])) for j, seat in found if not j.example),
        examples=tuple(
            ExampleJourney(examples[slug].title, f"/trajecten/{examples[slug].id}", summary)
            for slug, summary in summaries.items()
            if slug in examples
        ),
        may_start=person is not None and person.may_start,
        manages=person is not None and may_manage(person),
        signed_in=person is not None,
    )


def columns_picture(pack: Pack) -> ColumnsPicture:
    """The columns as the start page draws them, 560 units wide."""
    names = [c.short for c in pack.columns]
    if pack.overlapping:
        width, places = 208, (0, 208, 384)
        told = f"links {names[0]}, rechts {names[2]}. De middelste kolom, {names[1]}, valt over beide heen"
    else:
        gap = 8
        width = (560 - gap * (len(names) - 1)) // len(names)
        places = tuple(i * (width + gap) for i in range(len(names)))
        told = listing(names)
    return ColumnsPicture(
        title=sentence(f"{columns_in_words(pack)}: {told}"),
        bars=tuple(Bar(c.short, pack.tint(c), x) for c, x in zip(pack.columns, places, strict=True)),
        width=width,
        overlapping=pack.overlapping,
        named=all(len(n) * LETTER <= width - 32 for n in names),
    )


def _line(journey: Journey, seat: Seat, places: list[str]) -> JourneyLine:
    state = f"{listing(places)} · {seat.role} · gestart op {date_text(journey.created_at)}"
    return JourneyLine(journey.title, f"/trajecten/{journey.id}", state)


@dataclass(frozen=True)
class AboutPage:
    pack: Pack
    intro: tuple[str, ...]
    length: str
    sources: tuple[Source, ...]
    legal: tuple[Fact, ...]
    background: tuple[Fact, ...]


def about_page(pack: Pack) -> AboutPage:
    return AboutPage(pack, pack.intro, pack.meeting_length, pack.sources, pack.legal_basis, pack.background)


@dataclass(frozen=True)
class PrivacyPage:
    session_hours: int
    link_days: int
    local: bool


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
    setup_url: str


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
        setup_url=f"{here.url}/opzet",
    )


def _rights_table(here: Here, with_party: bool) -> RightsTable:
    table, mine = verbs.table(with_party), with_party == (here.party is not None)
    yours = {here.seat.role, verbs.MANDATE if here.seat.mandate else ""}
    own = [mine and role in yours for role in table.roles]
    rows = tuple((label, tuple(zip(table.roles, own, cells, strict=True))) for label, cells in table.rows)
    return RightsTable(tuple(zip(table.roles, own, strict=True)), rows)
