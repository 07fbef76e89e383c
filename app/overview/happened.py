"""What happened in a journey: sentences for the timeline, and what changed since somebody's last visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from jinja2 import TemplateNotFound
from markupsafe import Markup, escape

from app.content.pack import Chapter, Theme
from app.core.clock import NL, aware, clock_text, date_text
from app.core.rendering import render
from app.core.text import listing
from app.journey.gate import Here
from app.journey.models import Event
from app.journey.steps import STEPS
from app.overview.rules import listed


@dataclass(frozen=True)
class EventView:
    """What a template `events/<kind>.html` gets as `e`."""

    who: str
    party: str  # name; '' when it is not about a party
    theme: Theme | None
    chapter: Chapter | None
    part: str
    step_label: str
    ref: str  # '' when several things were taken together
    count: int
    at: datetime
    url: str


@dataclass(frozen=True)
class Told:
    """One line of the timeline."""

    when: str  # "14:02"
    text: Markup
    url: str


@dataclass(frozen=True)
class Day:
    label: str
    events: tuple[Told, ...]


@dataclass(frozen=True)
class Change:
    """What one party did on one day, as one sentence with links."""

    who: str
    day: str
    did: tuple[tuple[str, str], ...]  # words, url


def _day(event: Event) -> date:
    return aware(event.at).astimezone(NL).date()


def _url(here: Here, event: Event) -> str:
    if not event.step or event.step == "overzicht":
        return here.url
    part = f"/{event.part}" if event.part and event.step in ("waar-staan-we", "gesprek", "conclusies", "plan") else ""
    return f"{here.url}/{event.step}{part}"


def event_view(here: Here, events: Sequence[Event]) -> EventView:
    """Events of one kind, by one person, at one place, taken together."""
    event = events[0]
    refs = {e.ref for e in events}
    return EventView(
        who=here.seat_name(event.seat_id),
        party=here.party_name(event.party_id),
        theme=next((t for t in here.pack.themes if t.slug == event.part), None),
        chapter=next((c for c in here.pack.chapters if c.slug == event.part), None),
        part=event.part,
        step_label=next((s.label for s in STEPS if s.slug == event.step), ""),
        ref=event.ref if len(refs) == 1 else "",
        count=len(events),
        at=event.at,
        url=_url(here, event),
    )


def event_sentence(kind: str, view: EventView) -> Markup:
    """The sentence of its template. An event of a room that is no longer there gets a plain one."""
    try:
        return Markup(" ".join(render(f"events/{kind}.html", e=view).split()))  # noqa: S704 - escaped by the template
    except TemplateNotFound:
        return escape(f"{view.who} heeft iets gewijzigd.")


def timeline(here: Here, events: Sequence[Event]) -> tuple[Day, ...]:
    """Newest first, per day; the same done several times on a day by one person is one line."""
    days = []
    for day, found in groupby(events, _day):
        together: dict[tuple[str, ...], list[Event]] = {}
        for event in found:
            key = (event.kind, event.seat_id, event.party_id, event.step, event.part)
            together.setdefault(key, []).append(event)
        lines = tuple(
            Told(clock_text(same[0].at), event_sentence(kind, event_view(here, same)), _url(here, same[0]))
            for (kind, *_), same in together.items()
        )
        days.append(Day(date_text(day), lines))
    return tuple(days)


def changes(here: Here, events: Sequence[Event]) -> tuple[Change, ...]:
    """Per day and party one sentence, newest day first; what this person did is left out."""
    found: list[Change] = []
    others = [e for e in events if e.seat_id != here.seat.id]
    for day, of_day in groupby(others, _day):
        by_party: dict[str, list[Event]] = {}
        for event in of_day:
            who = here.party_name(event.party_id) or here.seat_name(event.seat_id)
            by_party.setdefault(who, []).append(event)
        for who, done in by_party.items():
            found.append(Change(who, date_text(day), _did(here, done)))
    return tuple(found)


def _did(here: Here, events: Sequence[Event]) -> tuple[tuple[str, str], ...]:
    """'deelde thema A en B', 'werkte aan Gesprek (thema A)', each with a link."""
    done: list[tuple[str, str]] = []
    shared = sorted({e.part for e in events if e.kind.startswith("theme_shared")})
    if shared:
        url = f"{here.url}/waar-staan-we/{shared[0]}/naast-elkaar"
        done.append((f"deelde {listed([_part(here, part) for part in shared])}", url))
    rest = [e for e in events if not e.kind.startswith("theme_shared")]
    for step in STEPS:
        parts = sorted({e.part for e in rest if e.step == step.slug})
        if any(e.step == step.slug for e in rest):
            names = listed([_part(here, part) for part in parts if part])
            place = f"{here.url}/{step.slug}" + (f"/{parts[0]}" if len(parts) == 1 and parts[0] else "")
            done.append((f"werkte aan ‘{step.label}’" + (f" ({names})" if names else ""), place))
    return tuple(done)


def _part(here: Here, slug: str) -> str:
    """'thema A', 'hoofdstuk 2', or nothing for a part that the pack does not know."""
    for theme in here.pack.themes:
        if theme.slug == slug:
            return f"thema {theme.letter}"
    for chapter in here.pack.chapters:
        if chapter.slug == slug:
            return f"hoofdstuk {chapter.number}"
    return ""


def change_words(change: Change) -> str:
    """The sentence without links, e.g. for a message."""
    return f"{change.who} {listing([words for words, _ in change.did])}."
