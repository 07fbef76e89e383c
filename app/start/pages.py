"""What the pages of start show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from app.content.cover import Cover
from app.core.clock import date_text
from app.core.text import listing, sentence
from app.journey import store
from app.journey.models import Journey, Seat
from app.people.models import Person
from app.people.rules import may_manage

if TYPE_CHECKING:
    from app.content.pack import Fact, Pack, Source

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


def start_page(
    tx: Session, cover: Cover, person: Person | None, summaries: Callable[[], Mapping[str, str]]
) -> StartPage:
    """`summaries`: what each example shows, in one sentence, by its slug, in the order of the page."""
    found = store.list_journeys_of(tx, person) if person else []
    places: dict[str, list[str]] = {}
    for municipality in store.list_municipalities_of(tx, [j for j, _ in found]):
        places.setdefault(municipality.journey_id, []).append(municipality.name)
    examples = {journey.example: journey for journey, _ in found if journey.example}
    return StartPage(
        title=cover.title,
        picture=columns_picture(cover),
        intro=cover.intro,
        journeys=tuple(_line(j, seat, places.get(j.id, [])) for j, seat in found if not j.example),
        examples=tuple(
            ExampleJourney(examples[slug].title, f"/trajecten/{examples[slug].id}", summary)
            for slug, summary in (summaries() if examples else {}).items()
            if slug in examples
        ),
        may_start=person is not None and person.may_start,
        manages=person is not None and may_manage(person),
        signed_in=person is not None,
    )


def columns_picture(cover: Cover) -> ColumnsPicture:
    """The columns as the start page draws them, 560 units wide."""
    names = [name for name, _ in cover.columns]
    if cover.overlapping:
        width, places = 208, (0, 208, 384)
        told = f"links {names[0]}, rechts {names[2]}. De middelste kolom, {names[1]}, valt over beide heen"
    else:
        gap = 8
        width = (560 - gap * (len(names) - 1)) // len(names)
        places = tuple(i * (width + gap) for i in range(len(names)))
        told = listing(names)
    return ColumnsPicture(
        title=sentence(f"{cover.counted}: {told}"),
        bars=tuple(Bar(*column, x) for column, x in zip(cover.columns, places, strict=True)),
        width=width,
        overlapping=cover.overlapping,
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
    person_months: int
