"""The remarks of a journey as other rooms read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.core.clock import date_text
from app.journey.gate import Here
from app.journey.models import Party
from app.remarks import store
from app.remarks.models import DECLINED, TAKEN, Remark


@dataclass(frozen=True)
class RemarkSaid:
    """One remark or answer, in words."""

    id: str
    subject: str
    step: str
    part: str
    about: Party | None  # at a point of a theme: what this party said there
    by_name: str
    by_party: str  # '' for a facilitator without a party
    seat_id: str
    text: str
    at: datetime
    withdrawn: bool = False

    @property
    def anchor(self) -> str:
        return f"opmerking-{self.id}"


@dataclass(frozen=True)
class Proposal:
    """A text that somebody would rather read. `found` is how it read when that was proposed."""

    field: str
    found: str
    text: str
    decided: str  # '', 'overgenomen', 'afgewezen'


@dataclass(frozen=True)
class Thread:
    """A remark with its answers, oldest first."""

    first: RemarkSaid
    answers: tuple[RemarkSaid, ...]
    settled: str  # 'Afgehandeld door J. Bakker op 3 maart 2027', or ''
    proposal: Proposal | None = None

    @property
    def open(self) -> bool:
        return not self.settled and not self.first.withdrawn


@dataclass(frozen=True)
class Remarks:
    """All threads of the journey, oldest first. A withdrawn remark stays while somebody answered it."""

    threads: tuple[Thread, ...]

    @cached_property
    def _by_subject(self) -> dict[str, tuple[Thread, ...]]:
        found: dict[str, list[Thread]] = {}
        for thread in self.threads:
            found.setdefault(thread.first.subject, []).append(thread)
        return {subject: tuple(threads) for subject, threads in found.items()}

    def at(self, subject: str) -> tuple[Thread, ...]:
        return self._by_subject.get(subject, ())

    def open_in(self, step: str = "", part: str = "") -> int:
        """How many are not settled: in the journey, in a step, or in one theme or chapter."""
        return sum(t.open and step in ("", t.first.step) and part in ("", t.first.part) for t in self.threads)


def open_words(count: int) -> str:
    """'1 opmerking open', '3 opmerkingen open'; '' for none."""
    return f"{count} {'opmerking' if count == 1 else 'opmerkingen'} open" if count else ""


def read_remarks(here: Here) -> Remarks:
    """Read once per request, and kept while nothing in the journey changes."""
    if "remarks" not in here.extra:
        rows = here.kept("remarks", lambda: store.list_remarks(here.tx, here.journey), lambda found: found)
        here.extra["remarks"] = _remarks(here, rows)
    return here.extra["remarks"]  # type: ignore[return-value]


def keep_remarks(here: Here, rows: Iterable[Remark]) -> None:
    """Takes over the remarks of this journey from who has read them already, in no session."""
    if here.keep is not None:
        here.keep["remarks"] = sorted(rows, key=lambda r: r.id)


def forget_remarks(here: Here) -> None:
    """Somebody changed one in this request."""
    here.extra.pop("remarks", None)


def _remarks(here: Here, rows: Iterable[Remark]) -> Remarks:
    parties = {p.id: p for p in here.parties}
    said: dict[str, RemarkSaid] = {}
    answers: dict[str, list[RemarkSaid]] = {}
    firsts: list[Remark] = []
    for row in rows:
        said[row.id] = RemarkSaid(
            id=row.id,
            subject=row.subject,
            step=row.step,
            part=row.part,
            about=parties.get(row.about_party_id or ""),
            by_name=here.seat_name(row.seat_id),
            by_party=parties[row.by_party_id].name if row.by_party_id in parties else "",
            seat_id=row.seat_id,
            text=row.text,
            at=row.at,
            withdrawn=row.removed_at is not None,
        )
        if row.reply_to is None:
            firsts.append(row)
        elif row.removed_at is None:
            answers.setdefault(row.reply_to, []).append(said[row.id])
    return Remarks(
        tuple(
            Thread(
                first=said[row.id],
                answers=tuple(answers.get(row.id, ())),
                settled=_settled(here, row),
                proposal=Proposal(row.field, row.found, row.proposed, row.decided)
                if row.proposed is not None
                else None,
            )
            for row in firsts
            if row.removed_at is None or row.id in answers
        )
    )


def _settled(here: Here, row: Remark) -> str:
    if row.settled_at is None:
        return ""
    word = {TAKEN: "Overgenomen", DECLINED: "Niet overgenomen"}.get(row.decided, "Afgehandeld")
    return f"{word} door {here.seat_name(row.settled_by)} op {date_text(row.settled_at)}"
