"""When what goes: pure sums with dates. Terms are those of the gemeente (`Tenant`); 0 is never by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.clock import aware
from app.people.models import Tenant

NOTICE = timedelta(days=30)  # between saying that a journey goes and its going


@dataclass(frozen=True)
class Terms:
    archive_months: int = 0
    purge_months: int = 0
    document_years: int = 0


def terms_of(tenant: Tenant | None) -> Terms:
    return Terms(tenant.archive_months, tenant.purge_months, tenant.document_years) if tenant else Terms()


def add_months(day: date, months: int) -> date:
    """The same day so many months on; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _on(moment: datetime) -> date:
    return aware(moment).date()


def must_archive(terms: Terms, changed_at: datetime, today: date) -> bool:
    """Whether nothing changed for so long that the journey is archived by itself."""
    return bool(terms.archive_months) and add_months(_on(changed_at), terms.archive_months) <= today


def purge_day(terms: Terms, archived_at: datetime, today: date) -> date | None:
    """The first day on which an archived journey may go: the term is over, and from today there are at least thirty
    days to object. None when it never goes by itself."""
    if not terms.purge_months:
        return None
    return max(add_months(_on(archived_at), terms.purge_months), today + NOTICE)


def must_announce(terms: Terms, archived_at: datetime, announced: date | None, today: date) -> bool:
    """Whether it is time to say on which day this journey goes."""
    return announced is None and purge_day(terms, archived_at, today) == today + NOTICE


def must_purge(terms: Terms, announced: date | None, today: date) -> bool:
    """Whether the day that was said has come. Not when the gemeente has meanwhile chosen to keep everything."""
    return bool(terms.purge_months) and announced is not None and announced <= today


def keep_until(terms: Terms, decided_on: date) -> date | None:
    """The last day of an adopted document; None when it is kept for ever."""
    return add_months(decided_on, 12 * terms.document_years) if terms.document_years else None
