"""What is shown of the remarks: at the thing they are about, on a page of their own, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.core.difference import Difference, compare
from app.core.text import capital
from app.journey.gate import Here
from app.journey.rules import may_decide, may_remark
from app.journey.steps import STEPS
from app.remarks.reading import RemarkSaid, Thread, open_words, read_remarks
from app.remarks.subjects import Subject, Wording, find_subject


@dataclass(frozen=True)
class SaidView:
    said: RemarkSaid
    where: str  # 'over wat De Linde zegt', or ''
    mine: bool  # and can still be withdrawn
    link: str  # to this remark, at the thing it is about


@dataclass(frozen=True)
class ProposalView:
    """What a proposal would change, compared with how the text reads now (or read, once it was decided)."""

    label: str
    difference: Difference
    changed: bool  # the text was changed after the proposal
    version: int
    may_decide: bool


@dataclass(frozen=True)
class ThreadView:
    first: SaidView
    answers: tuple[SaidView, ...]
    settled: str
    decided: bool
    proposal: ProposalView | None
    may_settle: bool
    may_answer: bool
    url: str


@dataclass(frozen=True)
class AtView:
    """The remarks at one thing, behind a fold."""

    key: str
    id: str  # of the fold
    title: str
    open: tuple[ThreadView, ...]
    settled: tuple[ThreadView, ...]
    shown: str  # id of the remark that somebody came for, or ''
    may_remark: bool
    about: tuple[tuple[str, str], ...]  # (party id, name) that a remark can be about
    url: str
    page: str  # the page of these remarks, where a change can be proposed
    may_propose: bool

    @property
    def label(self) -> str:
        """What the fold says: 'Opmerking', 'Opmerkingen (2 open)', 'Opmerkingen (1 afgehandeld)'."""
        if self.open:
            return f"Opmerkingen ({len(self.open)} open)"
        return f"Opmerkingen ({len(self.settled)} afgehandeld)" if self.settled else "Opmerking"

    @property
    def unfolded(self) -> bool:
        return self.shown != "" and any(self._holds(t) for t in (*self.open, *self.settled))

    @property
    def settled_unfolded(self) -> bool:
        return self.shown != "" and any(self._holds(t) for t in self.settled)

    def _holds(self, thread: ThreadView) -> bool:
        return self.shown in (thread.first.said.id, *(a.said.id for a in thread.answers))


@dataclass(frozen=True)
class Typed:
    """What somebody sent and was refused, with the sentence."""

    form: str  # 'opmerking', 'voorstel/<field>', or the id of the remark that was answered
    text: str = ""
    why: str = ""
    about: str = ""
    error: str = ""


@dataclass(frozen=True)
class SubjectPage:
    """All remarks at one thing, with every form."""

    subject: Subject
    place: str
    remarks: AtView
    texts: tuple[Wording, ...]  # what a change can be proposed of
    typed: Typed
    closed: str
    back: str


@dataclass(frozen=True)
class Group:
    """The remarks at one thing on the page of all remarks."""

    title: str
    url: str
    remarks: AtView


@dataclass(frozen=True)
class Part:
    """One theme or chapter on the page of all remarks."""

    title: str
    open: int
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class AllPage:
    url: str
    parts: tuple[Part, ...]
    open: int
    settled: int
    everything: bool  # settled ones too
    lead: str


def at_subject(here: Here, subject: Subject, shown: str = "") -> AtView:
    """The remarks at this thing. `shown` is the id of the one that somebody came for."""
    closed = here.closed_text(subject.step, subject.part)
    writable = not closed and not subject.gone and may_remark(here.seat)
    threads = [_thread(here, t, subject, writable) for t in read_remarks(here).at(subject.key)]
    return AtView(
        key=subject.key,
        id=f"opmerkingen-{subject.key.replace('/', '-')}",
        title=subject.title,
        open=tuple(t for t in threads if not t.settled),
        settled=tuple(t for t in threads if t.settled),
        shown=shown,
        may_remark=writable,
        about=tuple((p.id, p.name) for p in subject.parties if p.id != here.seat.party_id),
        url=f"{here.url}/opmerkingen/bij/{subject.key}",
        page=f"{here.url}/opmerkingen/bij/{subject.key}",
        may_propose=writable and bool(subject.texts),
    )


def _thread(here: Here, thread: Thread, subject: Subject, writable: bool) -> ThreadView:
    joint = writable and may_decide(here.seat)
    mine = writable and thread.first.seat_id == here.seat.id
    decided = bool(thread.proposal and thread.proposal.decided)
    waits = thread.proposal is not None and not decided
    return ThreadView(
        first=_said(here, thread.first, subject, thread.first.id, mine and not decided),
        answers=tuple(
            _said(here, a, subject, thread.first.id, writable and a.seat_id == here.seat.id) for a in thread.answers
        ),
        settled=thread.settled,
        decided=decided,
        proposal=_proposal(thread, subject, joint),
        may_settle=(joint or mine) and not decided and not waits,
        may_answer=writable,
        url=f"{here.url}/opmerkingen/{thread.first.id}",
    )


def _said(here: Here, said: RemarkSaid, subject: Subject, first: str, mine: bool) -> SaidView:
    return SaidView(
        said=said,
        where=f"over wat {said.about.short} zegt" if said.about else "",
        mine=mine and not said.withdrawn,
        link=f"{subject.page}?opmerking={first}#{said.anchor}"
        if not subject.gone
        else f"{here.url}/opmerkingen#{said.anchor}",
    )


def _proposal(thread: Thread, subject: Subject, may_decide: bool) -> ProposalView | None:
    found = thread.proposal
    if found is None:
        return None
    wording = next((w for w in subject.texts if w.field == found.field), None)
    stands = found.found if found.decided or wording is None else wording.text
    return ProposalView(
        label=wording.label if wording else "de tekst",
        difference=compare(stands, found.text),
        changed=not found.decided and wording is not None and wording.text != found.found,
        version=wording.version if wording else 0,
        may_decide=may_decide and not found.decided and wording is not None,
    )


def subject_page(here: Here, subject: Subject, shown: str = "", typed: Typed | None = None) -> SubjectPage:
    return SubjectPage(
        subject=subject,
        place=capital(subject.place),
        remarks=at_subject(here, subject, shown),
        texts=subject.texts if not subject.gone else (),
        typed=typed or Typed(""),
        closed="Dit is intussen verwijderd." if subject.gone else here.closed_text(subject.step, subject.part),
        back=f"{subject.page}#{subject.anchor}",
    )


def all_page(here: Here, everything: bool) -> AllPage:
    """All remarks, by theme and chapter in the order of the steps. What they stand at may be gone meanwhile."""
    found = read_remarks(here)
    order = {step.slug: number for number, step in enumerate(STEPS)}
    slugs = [*(t.slug for t in here.pack.themes), *(c.slug for c in here.pack.chapters)]
    place = {slug: number for number, slug in enumerate(slugs)}
    keys: dict[tuple[str, str], list[str]] = {}
    for thread in found.threads:
        if everything or thread.open:
            known = keys.setdefault((thread.first.step, thread.first.part), [])
            if thread.first.subject not in known:
                known.append(thread.first.subject)
    parts = []
    for (step, part), subjects in sorted(keys.items(), key=lambda k: (order.get(k[0][0], 0), place.get(k[0][1], 0))):
        groups = tuple(_group(here, key, step, part, everything) for key in subjects)
        title = _part_title(here, part)
        parts.append(Part(title, sum(len(g.remarks.open) for g in groups), groups))
    total = found.open_in()
    settled = sum(1 for t in found.threads if t.settled)
    return AllPage(
        url=f"{here.url}/opmerkingen",
        parts=tuple(parts),
        open=total,
        settled=settled,
        everything=everything,
        lead=f"{capital(open_words(total))}." if total else "Er staat geen opmerking open.",
    )


def _group(here: Here, key: str, step: str, part: str, everything: bool) -> Group:
    subject = find_subject(here, key)
    if subject is None:
        subject = Subject(key, step, part, "", "iets dat er niet meer is", here.url, "", gone=True)
    view = at_subject(here, subject)
    url = "" if subject.gone else f"{subject.page}#{subject.anchor}"
    return Group(capital(subject.title), url, view if everything else replace(view, settled=()))


def _part_title(here: Here, part: str) -> str:
    for theme in here.pack.themes:
        if theme.slug == part:
            return f"Thema {theme.letter}: {theme.title}"
    return next((f"Hoofdstuk {c.number}: {c.title}" for c in here.pack.chapters if c.slug == part), "Elders")
