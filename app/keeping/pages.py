"""What the pages of keeping show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.clock import date_text, today
from app.core.settings import Settings
from app.core.text import size_text
from app.journey.gate import Here
from app.keeping import rules, store
from app.keeping.actions import why_not_forget
from app.keeping.models import ArchiveRecord
from app.people.models import Person
from app.people.store import find_tenant


@dataclass(frozen=True)
class RecordLine:
    id: str
    title: str
    decision: str
    decided: str
    fixed: str  # when, and by whom where that is known
    until: str  # '' = for ever
    size: str
    sha256: str
    url: str


@dataclass(frozen=True)
class Gone:
    """Somebody who was taken out, of whom name and address are still kept."""

    seat_id: str
    words: str
    when: str
    cannot: str


@dataclass(frozen=True)
class KeepingPage:
    url: str
    back_url: str
    may: bool
    example: bool
    archived: str  # when, '' when it is not
    purge_day: str  # '' when it does not go by itself
    announced: bool
    changed: str
    archive_months: int
    purge_months: int
    document_years: int
    person_months: int
    records: tuple[RecordLine, ...]
    gone: tuple[Gone, ...]
    typed: dict[str, str]
    wrong: dict[str, str]
    errors: tuple[tuple[str, str], ...]
    today: str


def keeping_page(here: Here, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None) -> KeepingPage:
    journey, wrong = here.journey, wrong or {}
    terms = rules.terms_of(find_tenant(here.tx, here.tenant_id))
    day = journey.purge_on
    if day is None and journey.archived_at is not None:
        day = rules.purge_day(terms, journey.archived_at, today())
    url = f"{here.url}/bewaren"
    return KeepingPage(
        url=url,
        back_url=here.url,
        may=here.may_set_up,
        example=bool(journey.example),
        archived=date_text(journey.archived_at) if journey.archived_at else "",
        purge_day=date_text(max(day, today())) if day else "",
        announced=journey.purge_on is not None,
        changed=date_text(store.changed_at(here.tx, journey)),
        archive_months=terms.archive_months,
        purge_months=terms.purge_months,
        document_years=terms.document_years,
        person_months=here.settings.person_months,
        records=record_lines(store.list_records(here.tx, here.tenant_id, journey.id), terms, f"{url}/stukken", here),
        gone=_gone(here) if here.may_set_up else (),
        typed=typed or {},
        wrong=wrong,
        errors=tuple(wrong.items()),
        today=today().isoformat(),
    )


def _gone(here: Here) -> tuple[Gone, ...]:
    found = []
    for seat, shown in here.seats.values():
        if seat.removed_at is None:
            continue
        person = here.tx.get(Person, (seat.tenant_id, seat.person_id))
        if person is not None and person.name:
            why = why_not_forget(here.tx, person)
            found.append(Gone(seat.id, shown.name, date_text(seat.removed_at), why))
    return tuple(found)


def record_lines(
    records: Sequence[ArchiveRecord], terms: rules.Terms, url: str, here: Here | None = None
) -> tuple[RecordLine, ...]:
    return tuple(
        RecordLine(
            r.id,
            r.title,
            r.decision,
            date_text(r.decided_on),
            date_text(r.fixed_at) + (f" door {here.seat_name(r.fixed_by)}" if here else ""),
            _day(rules.keep_until(terms, r.decided_on)),
            size_text(r.size),
            r.sha256,
            f"{url}/{r.id}.pdf",
        )
        for r in records
    )


def _day(day: date | None) -> str:
    return date_text(day) if day else ""


@dataclass(frozen=True)
class RecordsPage:
    tenant: str
    records: tuple[RecordLine, ...]


@dataclass(frozen=True)
class SecurityPage:
    contact: str  # mailto: or https:, '' when nobody set one

    @property
    def words(self) -> str:
        """What the link says."""
        return self.contact.removeprefix("mailto:")


def security_txt(settings: Settings, moment: datetime) -> str:
    """The file of RFC 9116. It says it is good for half a year: it is made anew at each request."""
    until = (moment + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: {settings.security_contact}",
        f"Expires: {until}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.address}/.well-known/security.txt",
        f"Policy: {settings.address}/beveiliging",
    )
    return "\n".join(lines) + "\n"
