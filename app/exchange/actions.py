"""The verbs of exchange: write a journey as a file, read one back, take charge of it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.answers.models import FieldVersion
from app.core.errors import Invalid
from app.exchange import store
from app.exchange.check import Checked, check
from app.exchange.fields import CHOSEN, joint_fields
from app.exchange.kinds import Book, Wrong
from app.exchange.parse import BY_PAGE, parse
from app.exchange.sheets import (
    ALL,
    FORMAT,
    JOINT,
    JOURNEY,
    SCOPES,
    SHEETS,
    VERSION,
    VERSION_COLUMNS,
    VERSIONS_LIST,
    WITH_VERSIONS,
    Sheet,
)
from app.journey.actions import add_leader, record_arrival
from app.journey.models import Journey, Seat
from app.journey.packs import keep_pack, pack_of
from app.journey.store import find_last_event_id, list_parties, list_seats
from app.people.models import Person

Rows = dict[str, list[dict[str, Any]]]


# ---- out ----


def export_journey(tx: Session, journey: Journey, scope: str = JOINT) -> bytes:
    """The journey as a file. `scope` is 'traject' (what is shared and joint) or 'beheer' (everything, for the
    installation only). The same journey always gives the same bytes."""
    if scope not in SCOPES:
        raise ValueError(f"unknown scope: {scope}")
    tx.flush()  # rows are read as they stand in the database
    book = Book()
    book.ids[journey.id] = JOURNEY.name
    rows = _gather(tx, journey, scope, book)
    fields = joint_fields(pack_of(tx, journey), list_parties(tx, journey), [r["id"] for r in rows["afspraken"]])
    for row in rows["samen"]:
        if (spec := fields.get(row["path"])) and spec.kind in CHOSEN:
            row["value"] = " ".join(book.ids.get(one, one) for one in row["value"].split())
    made: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "reikwijdte": scope,
        JOURNEY.name: _block(JOURNEY, scope, journey.model_dump(), book),
    }
    for sheet in SHEETS:
        made[sheet.name] = [_block(sheet, scope, row, book) for row in rows[sheet.name]]
    made[VERSIONS_LIST] = _versions(tx, journey, scope, book, rows)
    made["inhoud"] = pack_of(tx, journey).model_dump(mode="json")
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def _gather(tx: Session, journey: Journey, scope: str, book: Book) -> Rows:
    """The rows of this scope in their order; the book knows what they are called."""
    found: Rows = {}
    for sheet in SHEETS:
        rows = [r for r in store.list_rows(tx, journey, sheet.table) if scope == ALL or sheet.keep(r)]
        rows.sort(key=lambda row: sheet.order(row, book))  # noqa: B023 - sorted at once
        found[sheet.name] = rows
        if sheet.prefix:
            book.ids |= {row["id"]: f"{sheet.prefix}:{number}" for number, row in enumerate(rows, 1)}
    return found


def _block(sheet: Sheet, scope: str, row: dict[str, Any], book: Book) -> dict[str, Any]:
    made = {"id": book.ids[row["id"]]} if sheet.prefix else {}
    return made | {c.called: c.kind.write(row[c.name], book) for c in sheet.of(scope)}


def _versions(tx: Session, journey: Journey, scope: str, book: Book, rows: Rows) -> list[dict[str, Any]]:
    """Of what is in the file; a version of something that is gone is gone with it."""
    persons = {row["person_id"]: row["id"] for row in rows["deelnemers"]}
    shown = {
        (prefix, *stored): called
        for prefix, sheet in WITH_VERSIONS.items()
        for called, stored in sheet.stored(scope).items()
    }
    made = []
    for row in store.list_rows(tx, journey, FieldVersion):
        record = persons.get(row["record_id"], "") if row["kind"] == "person" else row["record_id"]
        prefix, _, number = (of := book.told(record) or "").partition(":")
        if called := shown.get((prefix, row["kind"], row["field"])):
            version = {c.called: c.kind.write(row[c.name], book) for c in VERSION_COLUMNS}
            made.append(((prefix, int(number or 0), called), {"van": of, "veld": called, **version}))
    return [block for _, block in sorted(made, key=lambda one: one[0])]


# ---- in ----


def read_file(content: bytes, most: int) -> Checked:
    """What the file holds, looked at completely; nothing is written. Raises Invalid with place and reason."""
    try:
        return check(parse(content, most))
    except Wrong as problem:
        raise Invalid(f"{problem.place or 'bestand'}: {problem.message}.") from None


def read_shared_file(content: bytes) -> Checked:
    """The same for a file that somebody sends: only the installation reads what was not shared. Raises Invalid."""
    checked = read_file(content, BY_PAGE)
    if checked.scope == ALL:
        raise Invalid(
            "reikwijdte: in dit bestand staat ook wat nog niet gedeeld is. Alleen wie Driekolom beheert, kan het "
            "inlezen, met de opdracht ‘driekolom traject import’."
        )
    return checked


def import_journey(tx: Session, tenant_id: str, checked: Checked) -> Journey:
    """A new journey of this tenant with everything of the file. Nobody can open it yet: the people of the file have a
    place but no link. Raises Invalid, and then nothing has changed."""
    try:
        with tx.begin_nested():
            return _write(tx, tenant_id, checked)
    except IntegrityError:
        raise Invalid("bestand: de delen van dit bestand passen niet bij elkaar.") from None


def _write(tx: Session, tenant_id: str, checked: Checked) -> Journey:
    journey = Journey(tenant_id=tenant_id, pack_hash=keep_pack(tx, tenant_id, checked.pack), **checked.journey)
    tx.add(journey)
    tx.flush()
    here = {"tenant_id": tenant_id, "journey_id": journey.id}
    for sheet in SHEETS:
        rows = checked.rows[sheet.name]
        if sheet.table is Seat:
            store.add_rows(tx, Person, [{"tenant_id": tenant_id, **_person(row)} for row in rows])
        own = [{name: value for name, value in row.items() if "." not in name} for row in rows]
        store.add_rows(tx, sheet.table, [{**here, **row} for row in own])
    store.add_rows(tx, FieldVersion, [{**here, **row} for row in checked.versions])
    return journey


def _person(row: dict[str, Any]) -> dict[str, Any]:
    own = {name.removeprefix("person."): value for name, value in row.items() if name.startswith("person.")}
    return {"id": row["person_id"], "created_at": row["created_at"], **own}


def take_charge(tx: Session, journey: Journey, person: Person) -> Seat:
    """Who brought the journey in becomes its procesbegeleider and has seen what happened before.

    A procesbegeleider in the file who has the same name is this person: that place is taken. Anybody else gets a place
    of its own, with the same party, so that what the people in the file did stays theirs.
    """
    leaders = [(s, p) for s, p in list_seats(tx, journey) if s.role == "procesbegeleider" and s.removed_at is None]
    same = [(s, p) for s, p in leaders if p.name == person.name]
    if len(same) == 1:
        seat, stand_in = same[0]
        seat.person_id = person.id
        tx.add(seat)
        tx.flush()
        tx.delete(stand_in)
    else:
        seat = add_leader(tx, journey, person, leaders[0][0].party_id if leaders else None)
    record_arrival(tx, seat, "journey_imported")
    seat.seen = find_last_event_id(tx, journey)
    tx.add(seat)
    tx.flush()
    return seat
