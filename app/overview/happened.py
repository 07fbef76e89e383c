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
from app.core.text import capital, in_words, listing
from app.journey.gate import Here
from app.journey.models import Event
from app.journey.steps import STEPS
from app.overview.deeds import NO_NEWS, WORKED, actor_party, deed, may_know


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

    @property
    def theme_name(self) -> str:
        """'thema A'; a file may bring in an event without its theme."""
        return f"thema {self.theme.letter}" if self.theme else "een thema"

    @property
    def place_name(self) -> str:
        """'hoofdstuk 3 van het plan' or 'thema A'."""
        return f"hoofdstuk {self.chapter.number} van het plan" if self.chapter else self.theme_name


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
class Doing:
    """'rondde [hoofdstuk 1] en [hoofdstuk 2] af': the places are links."""

    before: str
    places: tuple[tuple[str, str], ...]  # words, url
    after: str

    @property
    def words(self) -> str:
        return " ".join(w for w in (self.before, listing([words for words, _ in self.places]), self.after) if w)


@dataclass(frozen=True)
class Change:
    """What one party did on one day, as one sentence with links."""

    who: str
    did: tuple[Doing, ...]

    @property
    def words(self) -> str:
        """The sentence without links."""
        return f"{capital(self.who)} {listing([doing.words for doing in self.did])}."


@dataclass(frozen=True)
class ChangedDay:
    label: str
    changes: tuple[Change, ...]


def _day(event: Event) -> date:
    return aware(event.at).astimezone(NL).date()


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
        url=deed(here, event).url,
    )


def event_sentence(kind: str, view: EventView) -> Markup:
    """The sentence of its template. An event of a room that is no longer there gets a plain one."""
    try:
        said = " ".join(render(f"events/{kind}.html", e=view).split())
        return Markup(capital(said))  # noqa: S704 - escaped by the template
    except TemplateNotFound:
        return escape(f"{capital(view.who)} heeft iets gewijzigd.")


def timeline(here: Here, events: Sequence[Event]) -> tuple[Day, ...]:
    """Newest first, per day; the same done several times on a day by one person is one line."""
    days = []
    for day, found in groupby((e for e in events if may_know(here, e)), _day):
        together: dict[tuple[str, ...], list[Event]] = {}
        for event in found:
            key = (event.kind, event.seat_id, event.party_id, event.step, event.part)
            together.setdefault(key, []).append(event)
        lines = tuple(
            Told(clock_text(same[0].at), event_sentence(kind, event_view(here, same)), deed(here, same[0]).url)
            for (kind, *_), same in together.items()
        )
        days.append(Day(date_text(day), lines))
    return tuple(days)


MOST_PLACES = 6  # in one sentence; the timeline has them all


def changes(here: Here, events: Sequence[Event]) -> tuple[ChangedDay, ...]:
    """Per day and party one sentence, newest day first; what this person did is left out."""
    found = []
    others = [e for e in events if e.seat_id != here.seat.id and e.kind not in NO_NEWS]
    for day, of_day in groupby(others, _day):
        by_who: dict[str, list[Event]] = {}
        for event in of_day:
            who = here.party_name(actor_party(here, event)) or here.seat_name(event.seat_id)
            by_who.setdefault(who, []).append(event)
        found.append(ChangedDay(date_text(day), tuple(Change(who, _did(here, done)) for who, done in by_who.items())))
    return tuple(found)


def _did(here: Here, events: Sequence[Event]) -> tuple[Doing, ...]:
    """The same verb once, with all its places in the order of the steps. Several things at one place: its page."""
    order = {step.slug: number for number, step in enumerate(STEPS)}
    verbs: dict[tuple[str, str], dict[str, str]] = {}
    for event in sorted(events, key=lambda e: (order.get(e.step, 0), e.part, e.id)):
        done = deed(here, event)
        places = verbs.setdefault((done.before, done.after), {})
        same = places.setdefault(done.words, done.url) == done.url
        places[done.words] = done.url if same else done.url.split("#")[0]
    if (shared := verbs.get(("deelde", ""))) and (again := verbs.get(("deelde", "opnieuw"))):
        verbs["deelde", "opnieuw"] = {words: url for words, url in again.items() if words not in shared}
    left, made = MOST_PLACES, []
    for (before, after), places in verbs.items():
        shown = tuple(places.items())[:left]
        left -= len(shown)
        if shown:
            made.append(Doing(before, shown, after))
    hidden = sum(map(len, verbs.values())) - MOST_PLACES
    if hidden > 0:
        words = "nog een ander onderdeel" if hidden == 1 else f"nog {in_words(hidden)} andere onderdelen"
        made.append(Doing(WORKED, ((words, f"{here.url}/tijdlijn"),), ""))
    return tuple(made)
