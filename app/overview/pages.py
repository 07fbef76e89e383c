"""What Overzicht and Tijdlijn show."""

from __future__ import annotations

from dataclasses import dataclass

from app.answers.reading import joint_answers
from app.checklists.reading import counting_lists
from app.core.clock import date_text, today
from app.core.rendering import Link
from app.exploration.rules import outcome
from app.journey import store
from app.journey.gate import Here
from app.journey.rules import may_answer, may_see_log
from app.overview import happened, progress, rules
from app.overview.happened import ChangedDay, Day
from app.overview.progress import StepProgress
from app.remarks.reading import read_remarks
from app.screening.reading import read_screening

LINES = 300  # events on one page of the timeline
DAYS = 7  # with changes on the overview; a page of their own has them all


@dataclass(frozen=True)
class Verb:
    """A button of the procesbegeleider at a step."""

    label: str
    url: str


@dataclass(frozen=True)
class StepLine:
    label: str
    url: str
    state: str
    verbs: tuple[Verb, ...]


@dataclass(frozen=True)
class OverviewPage:
    url: str
    lead: str  # where we are, in one sentence
    next_label: str
    next_url: str
    next_why: str
    before: tuple[Link, ...]
    own: tuple[Link, ...]  # what remains for the own party
    own_party: str
    during: tuple[Link, ...]
    after: tuple[Link, ...]
    shared: tuple[tuple[str, str], ...]  # party, in words
    steps: tuple[StepLine, ...]
    changes: tuple[ChangedDay, ...]
    more_changes: bool
    first_visit: bool
    last_event: str
    may_set_up: bool
    may_see_log: bool
    archived: bool
    may_remind: bool
    open_remarks: int
    terms_url: str
    examples_url: str


def overview_page(here: Here) -> OverviewPage:
    steps = {p.step.slug: p for p in progress.read_progress(here)}
    own = progress.own_themes(here, here.party) if here.party and may_answer(here.seat, here.party) else ()
    following = rules.next_thing(_situation(here, steps, own), _titles(here))
    events = store.list_events(here.tx, here.journey, here.seat.seen)
    changed = happened.changes(here, events) if here.seat.seen else ()
    plan_links = (
        _link(steps["conclusies"]),
        *_lists(here),
        _link(steps["plan"]),
        Link("Document", f"{here.url}/document", "lezen of downloaden"),
    )
    return OverviewPage(
        url=here.url,
        lead=_lead(here),
        next_label=following.label,
        next_url=f"{here.url}{following.path}",
        next_why=following.why,
        before=tuple(_link(steps[s]) for s in ("opzet", "verkenning", "waar-staan-we") if s in steps),
        own=tuple(Link(t.label, f"{here.url}/waar-staan-we/{t.slug}", t.words) for t in own),
        own_party=here.party.name if own and here.party else "",
        during=tuple(
            Link(
                f"Thema {t.letter}: {t.title}",
                f"{here.url}/gesprek/{t.slug}",
                progress.dialogue_state(here, t.slug),
            )
            for t in here.pack.themes
        ),
        after=plan_links,
        shared=tuple((p.name, progress.sharing_words(here, p)) for p in here.parties),
        steps=tuple(_step_line(here, p) for p in steps.values()),
        changes=changed[:DAYS],
        more_changes=len(changed) > DAYS,
        first_visit=not here.seat.seen,
        last_event=events[0].id if events else here.seat.seen,
        may_set_up=here.may_set_up,
        may_see_log=may_see_log(here.seat),
        archived=here.archived is not None,
        may_remind=here.may_set_up
        and here.archived is None
        and any(read_screening(here).silent(t) for t in here.pack.themes),
        open_remarks=read_remarks(here).open_in(),
        terms_url=f"{here.url}/begrippen" if here.pack.terms else "",
        examples_url=f"{here.url}/voorbeelden" if here.pack.examples else "",
    )


def _lists(here: Here) -> tuple[Link, ...]:
    """The lists of criteria, while the conclusion they belong to is chosen."""
    return tuple(Link(f"Lijst: {s.full_name}", s.url, s.summary) for s in counting_lists(here))


def _titles(here: Here) -> dict[str, str]:
    return {t.slug: f"thema {t.letter}" for t in here.pack.themes}


def _situation(here: Here, steps: dict[str, StepProgress], own: tuple[progress.ThemeShare, ...]) -> rules.Situation:
    present = {seat.party_id for seat, _ in here.seats.values() if seat.removed_at is None}
    screening = read_screening(here)
    waiting = next((t for t in own if not t.shared), None)
    undiscussed = (t.slug for t in here.pack.themes if progress.dialogue_state(here, t.slug) != "besproken")
    exploration = steps.get("verkenning")
    return rules.Situation(
        archived=here.archived is not None,
        facilitator=here.may_set_up,
        writes=here.may_write_joint,
        parties_without_people=any(p.id not in present for p in here.parties),
        exploration_open=bool(exploration and not exploration.done and not outcome(joint_answers(here))),
        own_open_theme=waiting.slug if waiting else "",
        own_open_complete=bool(waiting and waiting.complete),
        all_shared=all(not screening.silent(t) for t in here.pack.themes),
        meeting_on=here.journey.meeting_on,
        today=today(),
        open_dialogue_theme=next(undiscussed, ""),
        conclusion_open=not steps["conclusies"].started and not steps["conclusies"].done,
        plan_needed=not (steps["plan"].done and not progress.find_state(here, "plan", "afgerond")),
        plan_done=steps["plan"].done,
    )


def _lead(here: Here) -> str:
    """Where we are: before the meeting, on the day, after it, or without a date."""
    meeting = here.journey.meeting_on
    if meeting is None:
        return "Er is nog geen datum voor het overleg."
    if meeting == today():
        return "Het overleg is vandaag."
    if meeting < today():
        return f"Het overleg was op {date_text(meeting)}."
    share = here.journey.share_by
    ask = f" Graag delen vóór {date_text(share)}." if share and share >= today() else ""
    return f"Het overleg is op {date_text(meeting)}.{ask}"


def _link(found: StepProgress) -> Link:
    return Link(found.step.label, found.url, "; ".join((found.words, *found.said)))


def _step_line(here: Here, found: StepProgress) -> StepLine:
    verbs = []
    for verb, (state, on) in rules.VERBS.items():
        if state == "overgeslagen" and found.step.slug not in rules.MAY_SKIP:
            continue
        if (progress.find_state(here, found.step.slug, state) is None) == on:
            verbs.append(Verb(_LABELS[verb], f"{here.url}/stappen/{found.step.slug}/{verb}"))
    return StepLine(
        found.step.label, found.url, "; ".join(found.said) or "open", tuple(verbs) if here.may_set_up else ()
    )


_LABELS = {
    "sluiten": "Sluit deze stap",
    "openen": "Open deze stap weer",
    "afronden": "Deze stap is afgerond",
    "hervatten": "Toch nog niet afgerond",
    "overslaan": "Sla over: al eerder besproken",
    "terughalen": "Toch doen",
}


@dataclass(frozen=True)
class TimelinePage:
    url: str
    days: tuple[Day, ...]
    older_url: str


def timeline_page(here: Here, before: str) -> TimelinePage:
    """Newest first. `before` is the id of the event to go on from."""
    events = store.list_events_before(here.tx, here.journey, before, LINES + 1)
    older = f"{here.url}/tijdlijn?voor={events[LINES - 1].id}" if len(events) > LINES else ""
    return TimelinePage(here.url, happened.timeline(here, events[:LINES]), older)


@dataclass(frozen=True)
class ChangesPage:
    url: str
    new: tuple[ChangedDay, ...]  # since the last visit
    earlier: tuple[ChangedDay, ...]
    first: bool  # this is the newest page of them
    visited: bool  # this person was here before
    older_url: str


def changes_page(here: Here, before: str) -> ChangesPage:
    """What others did, newest first. `before` is the id of the event to go on from."""
    events = store.list_events_before(here.tx, here.journey, before, LINES + 1)
    shown, seen = events[:LINES], here.seat.seen
    older = f"{here.url}/veranderd?voor={shown[-1].id}" if len(events) > LINES else ""
    return ChangesPage(
        url=here.url,
        new=happened.changes(here, [e for e in shown if seen and e.id > seen]),
        earlier=happened.changes(here, [e for e in shown if not seen or e.id <= seen]),
        first=not before,
        visited=bool(seen),
        older_url=older,
    )
