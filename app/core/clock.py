"""The time, in one place so that a test can set it, and how a Dutch reader sees it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

NL = ZoneInfo("Europe/Amsterdam")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def now() -> datetime:
    """The present moment, in UTC, without microseconds."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """The date in the Netherlands."""
    return now().astimezone(NL).date()


def start_of(day: date) -> datetime:
    """The moment at which this day begins in the Netherlands, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=NL).astimezone(UTC)


def aware(moment: datetime) -> datetime:
    """SQLite gives moments back without a zone; they were stored in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def clock_text(moment: datetime) -> str:
    """'14:02', Dutch time."""
    return aware(moment).astimezone(NL).strftime("%H:%M")


def date_text(day: date | datetime) -> str:
    """'12 maart 2027'."""
    if isinstance(day, datetime):
        day = aware(day).astimezone(NL).date()
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_text(moment: datetime) -> str:
    """'14:02' today, else '12 maart 2027, 14:02'."""
    local = aware(moment).astimezone(NL)
    return clock_text(moment) if local.date() == today() else f"{date_text(local)}, {clock_text(moment)}"


def when_text(moment: datetime) -> str:
    """'vandaag om 14:02', else 'op 12 maart 2027 om 14:02': to stand within a sentence."""
    local = aware(moment).astimezone(NL)
    day = "vandaag" if local.date() == today() else f"op {date_text(local)}"
    return f"{day} om {clock_text(moment)}"


def parse_date(text: str) -> date | None:
    """An ISO date, or None when the text is none (also for '31-2')."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def iso_or_text(text: str) -> str:
    """'2027-03-12' → '12 maart 2027', '2029-06' → 'juni 2029', anything else unchanged."""
    if day := parse_date(text):
        return date_text(day)
    year, _, month = text.partition("-")
    if len(year) == 4 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12 and len(month) == 2:
        return f"{MONTHS[int(month) - 1]} {year}"
    return text
