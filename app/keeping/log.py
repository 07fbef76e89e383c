"""The log of a journey in words: names and functions are looked up now, so a name that is gone is gone here too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from app.audit import store
from app.audit.deeds import DEEDS, KINDS, RESULTS
from app.audit.models import AuditEntry
from app.audit.store import Asked, Member
from app.core.clock import NL, aware, moment_text, parse_date
from app.core.csvfile import csv_file
from app.core.text import capital, listing
from app.journey.gate import Here
from app.journey.rules import may_set_up
from app.journey.steps import STEPS

PAGE, MOST = 50, 10_000  # lines on a page, and in a file
STRANGER = "iemand zonder plek in dit traject"
_PAGES = {
    "bestand": "traject als bestand", "bestand.json": "traject als bestand", "document": "document",
    "document.pdf": "document", "herinneren": "herinneren", "stappen": "stappen openen en sluiten",
    "tijdlijn": "tijdlijn", "logboek": "logboek", "bewaren": "bewaren", "toegang": "wie toegang heeft",
}  # fmt: skip
_WAYS = {"link": "persoonlijke link", "code": "code", "oidc": "inlog van de gemeente", "passkey": "toegangssleutel"}


@dataclass(frozen=True)
class Filters:
    """What was asked for, as it was typed."""

    party: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    before: str = ""


@dataclass(frozen=True)
class Line:
    when: str
    who: str
    party: str
    what: str
    about: str
    result: str  # '' when it went well


@dataclass(frozen=True)
class LogPage:
    url: str
    back_url: str
    lines: tuple[Line, ...]
    filters: Filters
    parties: tuple[tuple[str, str], ...]  # id, name; empty for who sees one party only
    kinds: tuple[str, ...]
    wrong: dict[str, str]
    errors: tuple[tuple[str, str], ...]
    csv_url: str
    older_url: str
    own_party: str  # '' for who sees everything
    filtered: bool
    most: str


def log_page(here: Here, filters: Filters) -> LogPage:
    """Raises NotFound for a party that is not in this journey."""
    asked, wrong = _asked(here, filters)
    entries = _entries(here, asked, filters.before, PAGE + 1)
    all_of_it = may_set_up(here.seat)
    chosen = {"partij": filters.party, "soort": filters.kind, "van": filters.since, "tot": filters.until}
    given = {k: v for k, v in chosen.items() if v}
    query, url = urlencode(given), f"{here.url}/logboek"
    return LogPage(
        url=url,
        back_url=here.url,
        lines=tuple(line(here, e) for e in entries[:PAGE]),
        filters=filters,
        parties=tuple((p.id, p.name) for p in here.parties) if all_of_it else (),
        kinds=KINDS,
        wrong=wrong,
        errors=tuple(wrong.items()),
        csv_url=f"{url}.csv" + (f"?{query}" if query else ""),
        older_url=f"{url}?{urlencode(given | {'voor': entries[PAGE - 1].id})}" if len(entries) > PAGE else "",
        own_party="" if all_of_it else here.party_name(here.seat.party_id),
        filtered=bool(query),
        most=f"{MOST:,}".replace(",", "."),
    )


def log_file(here: Here, filters: Filters) -> bytes:
    """The same lines as a table for Excel. Raises NotFound; a date that is none counts as not filled in."""
    asked, _ = _asked(here, filters)
    lines = (line(here, e) for e in _entries(here, asked, "", MOST))
    head = ("Wanneer", "Wie", "Partij", "Wat", "Waarover", "Uitkomst")
    return csv_file(head, ((n.when, n.who, n.party, n.what, n.about, n.result or "gelukt") for n in lines))


def _asked(here: Here, filters: Filters) -> tuple[Asked, dict[str, str]]:
    wrong = {}
    days = {}
    for name, typed in (("van", filters.since), ("tot", filters.until)):
        days[name] = parse_date(typed) if typed else None
        if typed and days[name] is None:
            wrong[name] = "Kies een datum, of laat dit leeg."
    if days["van"] and days["tot"] and days["van"] > days["tot"]:
        wrong["tot"] = "Deze dag ligt vóór de eerste dag. Kies een latere dag."
    party_id = filters.party
    if not may_set_up(here.seat):
        party_id = here.seat.party_id or ""
    if party_id:
        here.get_party(party_id)
    since = datetime.combine(days["van"], time(), NL) if days["van"] else None
    until = datetime.combine(days["tot"] + timedelta(days=1), time(), NL) if days["tot"] else None
    kind = filters.kind if filters.kind in KINDS else ""
    return Asked(kind, since, until, party_id), wrong


def _entries(here: Here, asked: Asked, before: str, limit: int) -> list[AuditEntry]:
    seats = [seat for seat, _ in here.seats.values()]
    present = [Member(s.person_id, s.id, aware(s.created_at)) for s in seats if s.removed_at is None]
    party = [Member(s.person_id, s.id, aware(s.created_at)) for s in seats if s.party_id == asked.party_id]
    return store.list_lines(here.tx, here.tenant_id, here.journey.id, present, party, asked, before, limit)


def line(here: Here, entry: AuditEntry) -> Line:
    """One line in words."""
    seat_id = entry.seat_id or _seats_by_person(here).get(entry.person_id, "")
    seat = here.seats[seat_id][0] if seat_id in here.seats else None
    deed = DEEDS.get(entry.what)
    result = RESULTS.get(entry.result, entry.result)
    return Line(
        when=moment_text(entry.at),
        who=here.seat_name(seat_id) if seat else STRANGER if entry.person_id else "Driekolom zelf",
        party=here.party_name(seat.party_id) if seat else "",
        what=deed.words if deed else "Iets anders",
        about=_about(here, entry),
        result="" if result == "gelukt" else result,
    )


def _seats_by_person(here: Here) -> dict[str, str]:
    if "seats by person" not in here.extra:
        here.extra["seats by person"] = {s.person_id: s.id for s, _ in here.seats.values()}
    return here.extra["seats by person"]  # type: ignore[return-value]


def _about(here: Here, entry: AuditEntry) -> str:
    kind, _, name = entry.object.partition(":")
    if kind == "plek":
        found = here.seats.get(name)
        if found is None:
            return "iemand"
        party = here.party_name(found[0].party_id) if found[0].removed_at is None else ""
        return listing([w for w in (here.seat_name(name),) if w]) + (f" ({party})" if party else "")
    if kind == "partij":
        return here.party_name(name, "een partij die er niet meer is")
    if kind == "stap":
        step, _, part = name.partition("/")
        label = next((s.label for s in STEPS if s.slug == step), "")
        theme = next((f"thema {t.letter}" for t in here.pack.themes if t.slug == part), "")
        chapter = next((f"hoofdstuk {c.number}" for c in here.pack.chapters if c.slug == part), "")
        return ", ".join(w for w in (label, theme or chapter) if w)
    if kind == "pagina":
        return _PAGES.get(name) or next((s.label for s in STEPS if s.slug == name), "een pagina")
    if kind == "wijze":
        return f"met {_WAYS[name]}" if name in _WAYS else ""
    named = here.party_name(entry.party_id) if entry.party_id != (entry.seat_id and _party_of(here, entry)) else ""
    return capital(named)


def _party_of(here: Here, entry: AuditEntry) -> str:
    found = here.seats.get(entry.seat_id)
    return (found[0].party_id or "") if found else ""
