"""What the terms ask for each day: archive, announce, remove, forget. Says in numbers what it did, or would do."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.core.clock import NL, now
from app.core.database import Database
from app.core.errors import Refusal
from app.core.settings import Settings
from app.journey import store as journeys
from app.journey.models import Journey
from app.journey.rules import may_set_up
from app.journey.senders import sender_for
from app.keeping import actions, rules, store
from app.mail.letters import keeping_ends
from app.mail.queue import can_write
from app.people.actions import write_mail
from app.people.models import Tenant

LOG = logging.getLogger(__name__)


@dataclass
class Report:
    """Numbers only: no title, no name, no id."""

    journeys: int = 0
    archived: int = 0
    announced: int = 0
    unwritten: int = 0
    purged: int = 0
    failed: int = 0
    documents: int = 0
    forgotten: int = 0
    log_lines: int = 0
    removed: dict[str, int] = field(default_factory=dict)

    def lines(self, done: bool) -> list[str]:
        """One sentence per number."""
        made = [f"{getattr(self, name)} {words[done]}" for name, words in _WORDS.items()]
        return made + [f"  {name}: {number}" for name, number in sorted(self.removed.items())]


_WORDS = {  # what there is to do, and what was done
    "journeys": ("trajecten bekeken", "trajecten bekeken"),
    "archived": ("trajecten te archiveren", "trajecten gearchiveerd"),
    "announced": ("trajecten te melden die straks gaan", "trajecten gemeld die straks gaan"),
    "unwritten": ("begeleiders zonder bericht daarover", "begeleiders zonder bericht daarover"),
    "purged": ("trajecten te wissen", "trajecten gewist"),
    "failed": ("trajecten waarbij iets misging", "trajecten waarbij iets misging: kijk in het logboek van de server"),
    "documents": ("vastgestelde stukken te wissen", "vastgestelde stukken gewist"),
    "forgotten": ("mensen zonder plek te wissen", "mensen zonder plek gewist"),
    "log_lines": ("oude regels van het logboek te wissen", "oude regels van het logboek gewist"),
}


def run(database: Database, settings: Settings, *, do: bool, moment: datetime | None = None) -> Report:
    """Does what the terms ask for, or with `do` False only counts it. Each journey is a transaction of its own. Of
    several processes one does it; the others find it done."""
    with database.alone("keeping") if do else nullcontext():
        return _run(database, settings, do, moment or now())


def _run(database: Database, settings: Settings, do: bool, moment: datetime) -> Report:
    report = Report()
    with database.read() as tx:
        found, tenants = store.list_all(tx), store.list_tenant_ids(tx)
    for key in found:
        before = deepcopy(report)
        try:
            with database.write() if do else database.read() as tx:
                journey = tx.get(Journey, key)
                tenant = tx.get(Tenant, key[0])
                if journey is not None:
                    _journey(tx, settings, journey, tenant, moment, report, do)
        except Exception as problem:  # the others must not wait for this one, today and every day after it
            vars(report).update(vars(before))
            report.failed += 1
            LOG.error("keeping: one journey failed: %s", type(problem).__name__)
    with database.write() if do else database.read() as tx:
        _documents(tx, moment, report, do)
    with database.write() if do else database.read() as tx:
        _people(tx, settings, moment, report, do)
    for tenant_id in tenants:
        with database.write() if do else database.read() as tx:
            _log(tx, settings, tenant_id, moment, report, do)
    return report


def _journey(
    tx: Session, settings: Settings, journey: Journey, tenant: Tenant | None, moment: datetime, report: Report, do: bool
) -> None:
    terms, today = rules.terms_of(tenant), moment.astimezone(NL).date()
    report.journeys += 1
    if journey.archived_at is None:
        if rules.must_archive(terms, store.changed_at(tx, journey), today):
            report.archived += 1
            if do:
                journey.archived_at = moment
                tx.add(journey)
                actions.happened(tx, journey, "journey_archived_by_term")
    elif rules.must_purge(terms, journey.purge_on, today):
        report.purged += 1
        gone = actions.purge(tx, journey) if do else store.counts(tx, journey)
        for name, number in gone.items():
            report.removed[name] = report.removed.get(name, 0) + number
    elif rules.must_announce(terms, journey.archived_at, journey.purge_on, today):
        report.announced += 1
        if do:
            journey.purge_on = today + rules.NOTICE
            tx.add(journey)
            actions.happened(tx, journey, "purge_announced")
            report.unwritten += _write(tx, settings, journey, journey.purge_on)


def _write(tx: Session, settings: Settings, journey: Journey, day: date) -> int:
    """Tells the begeleiders that their journey goes, and when. Returns how many could not be written to; the same
    stands in the journey for everybody."""
    unwritten = 0
    sender, link = sender_for(tx, journey), f"{settings.address}/trajecten/{journey.id}/bewaren"
    for seat, person in journeys.list_seats(tx, journey):
        if may_set_up(seat):
            try:
                if not can_write(settings) or not (person.email or settings.local):
                    raise Refusal("no way to write")
                letter = keeping_ends(sender, person.name, journey.title, link, day)
                write_mail(tx, settings, person, letter, sender=sender, journey_id=journey.id)
            except Refusal:  # an address that cannot be one, or that had enough today
                unwritten += 1
    return unwritten


def _documents(tx: Session, moment: datetime, report: Report, do: bool) -> None:
    """Adopted documents whose own term is over."""
    for tenant_id, record_id, decided_on in store.list_all_records(tx):
        last = rules.keep_until(rules.terms_of(tx.get(Tenant, tenant_id)), decided_on)  # type: ignore[arg-type]
        if last is not None and last < moment.astimezone(NL).date():
            report.documents += 1
            if do:
                actions.leave_numbers(tx, tenant_id, {"archive_record": 1})
                tx.delete(store.find_record(tx, tenant_id, record_id))


def _people(tx: Session, settings: Settings, moment: datetime, report: Report, do: bool) -> None:
    """Names and addresses of people without a seat, when the term for that is over."""
    if not settings.person_months:
        return
    before = moment - timedelta(days=30 * settings.person_months)
    gone = store.list_gone(tx, before)
    report.forgotten += len(gone)
    if do:
        for person in gone:
            actions.leave_numbers(tx, person.tenant_id, {"person": 1})
            store.erase(tx, person)


def _log(tx: Session, settings: Settings, tenant_id: str, moment: datetime, report: Report, do: bool) -> None:
    """Lines of the log that belong to no journey, such as signing in."""
    if not settings.log_months:
        return
    before = moment - timedelta(days=30 * settings.log_months)
    if number := store.count_old_lines(tx, tenant_id, before):
        report.log_lines += number
        if do:
            actions.leave_numbers(tx, tenant_id, {"audit_entry": number}, before=before)
            store.remove_old_lines(tx, tenant_id, before)
