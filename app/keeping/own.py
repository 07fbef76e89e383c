"""Everything that Driekolom keeps about one person, for that person only.

Of what somebody wrote, only how much and where: a text belongs to the party or to all, and is read in its own place.
Secrets (links, keys, codes) are kept as marks that open nothing, and stay out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, or_
from sqlalchemy import func as sql
from sqlmodel import AutoString, Session, SQLModel, col, select

from app.audit.deeds import DEEDS, RESULTS
from app.audit.store import list_lines_of
from app.core.clock import aware, date_text, moment_text
from app.core.text import listing
from app.journey.models import Event, Journey, Party, Seat, SeatLink
from app.journey.steps import STEPS
from app.mail.letters import KINDS
from app.mail.models import Mail
from app.people.models import Person, SignIn
from app.people.sessions import METHODS
from app.people.store import find_tenant

_SECRET = re.compile("hash|secret|token|key|credential|body|challenge|code")
_COUNTED_ELSEWHERE = ("event", "seat_link", "audit_entry", "seat", "mail", "purge_line", "archive_record")
_SAID = ("label", "issuer", "method", "state")  # columns of an unknown table that say something to a reader
_SHOWN = ("person", "sign_in", "seat", "mail", "audit_entry")  # have a part of their own below
_WORDS = {
    "person_link": "Links om een traject te starten", "identity": "Inlog van uw organisatie",
    "passkey": "Vingerafdruk, gezicht of pincode", "digest": "Dagelijks overzicht per e-mail",
}  # fmt: skip
MOST = 2_000  # events and log lines on the page and in the file


@dataclass(frozen=True)
class Part:
    """One list: a title, and lines in words."""

    name: str  # in the file
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class OwnData:
    name: str
    email: str
    may_start: bool
    parts: tuple[Part, ...]
    file: dict[str, Any]


def own_data(tx: Session, person: Person) -> OwnData:
    """All of it: in words for the page, and as plain values for the file."""
    seats = list(
        tx.exec(select(Seat).where(Seat.tenant_id == person.tenant_id, Seat.person_id == person.id).order_by(Seat.id))
    )
    found = _Found(tx, person, seats)
    parts = (
        found.seats_part(),
        found.links_part(),
        found.sessions_part(),
        *found.other_parts(),
        found.mail_part(),
        found.written_part(),
        found.events_part(),
        found.log_part(),
    )
    tenant = find_tenant(tx, person.tenant_id)
    head = {
        "naam": person.name,
        "email": person.email,
        "gemeente": tenant.name if tenant else "",
        "bekend_sinds": _plain(person.created_at),
        "mag_een_traject_starten": person.may_start,
    }
    return OwnData(person.name, person.email, person.may_start, parts, {"persoon": head} | found.file)


def as_file(found: OwnData) -> bytes:
    return json.dumps(found.file, ensure_ascii=False, indent=2).encode()


class _Found:
    """What was found, part by part; each part also fills its list in the file."""

    def __init__(self, tx: Session, person: Person, seats: Sequence[Seat]):
        self.tx, self.person, self.seats = tx, person, seats
        self.seat_ids = [s.id for s in seats]
        self.file: dict[str, Any] = {}
        journeys, parties = [s.journey_id for s in seats], [s.party_id for s in seats]
        found = tx.exec(select(Journey).where(Journey.tenant_id == person.tenant_id, col(Journey.id).in_(journeys)))
        self.titles = {j.id: j.title for j in found}
        named = tx.exec(select(Party).where(Party.tenant_id == person.tenant_id, col(Party.id).in_(parties)))
        self.parties = {p.id: p.name for p in named}

    def _part(self, name: str, title: str, rows: list[tuple[str, dict[str, Any]]]) -> Part:
        self.file[name] = [{key: _plain(value) for key, value in row.items()} for _, row in rows]
        return Part(name, title, tuple(line for line, _ in rows))

    def seats_part(self) -> Part:
        rows = []
        for s in self.seats:
            party, title = self.parties.get(s.party_id or "", ""), self.titles.get(s.journey_id, "")
            ended = f", tot {date_text(s.removed_at)}" if s.removed_at else ""
            words = listing([w for w in (s.role, s.function, party, "met mandaat" if s.mandate else "") if w])
            row = {"traject": title, "rol": s.role, "functie": s.function, "partij": party, "mandaat": s.mandate}
            row |= {"sinds": s.created_at, "tot": s.removed_at}
            rows.append((f"{title}: {words}. Sinds {date_text(s.created_at)}{ended}.", row))
        return self._part("trajecten", "Uw trajecten", rows)

    def links_part(self) -> Part:
        rows = []
        query = select(SeatLink).where(
            SeatLink.tenant_id == self.person.tenant_id, col(SeatLink.seat_id).in_(self.seat_ids)
        )
        for link in self.tx.exec(query.order_by(SeatLink.id)):
            used = f", gebruikt op {date_text(link.used_at)}" if link.used_at else ""
            row = {"gemaakt": link.created_at, "werkt_tot": link.expires_at, "gebruikt": link.used_at}
            rows.append((f"Gemaakt op {date_text(link.created_at)}{used}.", row | {"ingetrokken": link.revoked_at}))
        return self._part("links", "Links die voor u zijn gemaakt", rows)

    def sessions_part(self) -> Part:
        rows = []
        query = select(SignIn).where(SignIn.tenant_id == self.person.tenant_id, SignIn.person_id == self.person.id)
        for s in self.tx.exec(query.order_by(SignIn.id)):
            line = f"{moment_text(s.created_at)}: {s.device or 'een browser'}, {METHODS[s.method]}."
            row = {"begonnen": s.created_at, "laatst_gebruikt": s.last_seen_at, "beëindigd": s.ended_at}
            rows.append((line, row | {"apparaat": s.device, "wijze": s.method}))
        return self._part("aanmeldingen", "Waar u zich hebt aangemeld", rows)

    def other_parts(self) -> list[Part]:
        """Every other table that knows this person, also one that a later room adds."""
        parts = []
        for name, table in sorted(SQLModel.metadata.tables.items()):
            if "person_id" in table.c and name not in _SHOWN:
                mine = (table.c.tenant_id == self.person.tenant_id, table.c.person_id == self.person.id)
                keys = ("tenant_id", "id", "person_id")
                columns = [c for c in table.c if c.name not in keys and not _SECRET.search(c.name)]
                rows = [dict(row) for row in self.tx.connection().execute(select(*columns).where(*mine)).mappings()]
                if rows:
                    parts.append(self._part(name, _WORDS.get(name, "Andere gegevens"), [(_line(r), r) for r in rows]))
        return parts

    def mail_part(self) -> Part:
        rows = []
        query = select(Mail).where(Mail.tenant_id == self.person.tenant_id, Mail.person_id == self.person.id)
        for m in self.tx.exec(query.order_by(Mail.id)):
            kind = KINDS.get(m.kind, "bericht")
            line = f"{moment_text(m.created_at)}: {kind}, ‘{m.subject}’, aan {m.to_email or 'geen adres'}."
            row = {"gemaakt": m.created_at, "soort": kind, "onderwerp": m.subject, "aan": m.to_email, "stand": m.state}
            rows.append((line, row))
        return self._part("berichten", "Wat Driekolom u stuurde", rows)

    def written_part(self) -> Part:
        """Per traject how much somebody wrote, counted in every column that holds the seat of who did something."""
        rows = []
        for s in self.seats:
            counted = {name: number for name, table in _tables() if (number := self._count(table, s))}
            if total := sum(counted.values()):
                title = self.titles.get(s.journey_id, "")
                what = "antwoord, tekst of opmerking" if total == 1 else "antwoorden, teksten en opmerkingen"
                row = {"traject": title, "adres": f"/trajecten/{s.journey_id}", "aantal": total, "per_soort": counted}
                rows.append((f"{title}: {total} {what}.", row))
        return self._part("geschreven", "Wat u schreef", rows)

    def _count(self, table: Any, seat: Seat) -> int:
        keys = ("tenant_id", "id", "journey_id")
        columns = [c for c in table.c if isinstance(c.type, (String, AutoString)) and c.type.length == 16]
        by = [c == seat.id for c in columns if c.name not in keys]
        here = (table.c.tenant_id == seat.tenant_id, table.c.journey_id == seat.journey_id)
        query = select(sql.count()).select_from(table).where(*here, or_(False, *by))
        return self.tx.connection().execute(query).scalar_one() if by else 0

    def events_part(self) -> Part:
        steps, rows = {s.slug: s.label for s in STEPS}, []
        query = select(Event).where(Event.tenant_id == self.person.tenant_id, col(Event.seat_id).in_(self.seat_ids))
        for e in self.tx.exec(query.order_by(col(Event.id).desc()).limit(MOST)):
            title = self.titles.get(e.journey_id, "")
            row = {"wanneer": e.at, "traject": title, "stap": e.step, "onderdeel": e.part, "soort": e.kind}
            rows.append((f"{moment_text(e.at)}: {steps.get(e.step, 'traject')}, {title}.", row))
        return self._part("gebeurtenissen", "Wat er over u in de tijdlijn staat", rows)

    def log_part(self) -> Part:
        rows = []
        for e in list_lines_of(self.tx, self.person.tenant_id, self.person.id, self.seat_ids)[-MOST:]:
            deed = DEEDS[e.what].words if e.what in DEEDS else e.what
            result = RESULTS.get(e.result, e.result)
            row = {"wanneer": e.at, "wat": deed, "uitkomst": result, "traject": self.titles.get(e.journey_id, "")}
            rows.append((f"{moment_text(e.at)}: {deed}, {result}.", row))
        return self._part("logboek", "Wat er over u in het logboek staat", rows)


def _tables() -> list[tuple[str, Any]]:
    """Tables with what people made in a journey."""
    tables = sorted(SQLModel.metadata.tables.items())
    return [(name, t) for name, t in tables if "journey_id" in t.c and name not in _COUNTED_ELSEWHERE]


def _line(row: dict[str, Any]) -> str:
    """A row of a table that has no words of its own."""
    texts = [str(row[name]) for name in _SAID if row.get(name)]
    since = [f"sinds {date_text(v)}" for v in row.values() if isinstance(v, (datetime, date))][:1]
    return ", ".join([*texts, *since]) or "staat aan"


def _plain(value: Any) -> Any:
    """A value that a file can hold."""
    if isinstance(value, datetime):
        return aware(value).isoformat()
    return value.isoformat() if isinstance(value, date) else value
