"""The verbs of the register: offer a file, take it over, drop it. The caller has checked the right."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from hashlib import sha256

from sqlmodel import Session, SQLModel, col, delete

from app.core.clock import now
from app.core.errors import Gone, Invalid
from app.core.text import clean
from app.register import store
from app.register.files import Reading, read_file
from app.register.models import RegisterBoard, RegisterImport, RegisterMunicipality, RegisterSchool
from app.register.rules import Changes, Difference, difference

TABLES: tuple[tuple[str, type[SQLModel]], ...] = (
    ("municipalities", RegisterMunicipality),
    ("boards", RegisterBoard),
    ("schools", RegisterSchool),
)
KEEP = timedelta(days=1)  # how long a file waits to be taken over


def offer(tx: Session, file_name: str, content: bytes) -> tuple[RegisterImport, Difference]:
    """Reads a file and keeps what it says until somebody takes it over: nothing in the register changes yet.

    Raises Invalid with a sentence for a file that cannot be used.
    """
    reading = read_file(content)
    tx.exec(
        delete(RegisterImport).where(
            col(RegisterImport.applied_at).is_(None), col(RegisterImport.offered_at) < now() - KEEP
        )
    )
    changes = difference(reading, store.list_there(tx))
    offered = RegisterImport(
        kind=reading.kind,
        file_name=clean(file_name, lines=False)[:200] or "bestand",
        measured_on=reading.measured_on,
        sha256=sha256(content).hexdigest(),
        rows=json.dumps(asdict(reading), default=str, ensure_ascii=False, separators=(",", ":")),
    )
    offered.new, offered.changed, offered.vanished = changes.counts
    tx.add(offered)
    tx.flush()
    return offered, changes


def reading_of(offered: RegisterImport) -> Reading:
    data = json.loads(offered.rows)
    measured = data.pop("measured_on")
    covers = tuple(data.pop("covers"))
    return Reading(**data, covers=covers, measured_on=date.fromisoformat(measured) if measured else None)


def get_offered(tx: Session, import_id: str) -> RegisterImport:
    """Raises Gone when it was taken over, dropped, or has waited too long."""
    if found := store.find_offered(tx, import_id):
        return found
    raise Gone("Dit bestand is al overgenomen, of het is weggehaald. Kies het opnieuw.")


def pending(tx: Session, import_id: str) -> tuple[RegisterImport, Difference]:
    """A waiting file, and what taking it over would do now. Raises Gone."""
    offered = get_offered(tx, import_id)
    return offered, difference(reading_of(offered), store.list_there(tx))


def take_over(tx: Session, import_id: str, expected: tuple[int, int, int] | None = None) -> RegisterImport:
    """Writes what the file changes. `expected` are the numbers (new, changed, vanished) that were shown.

    Raises Gone, and Invalid when the register has changed since those numbers were shown.
    """
    offered, changes = pending(tx, import_id)
    if expected is not None and expected != changes.counts:
        raise Invalid("Er is intussen een ander bestand overgenomen. Kijk opnieuw wat dit bestand verandert.")
    for (_, table), part in zip(TABLES, changes.parts, strict=True):
        _write(tx, table, part)
    offered.new, offered.changed, offered.vanished = changes.counts
    offered.applied_at, offered.rows = now(), ""
    tx.add(offered)
    return offered


def _write(tx: Session, table: type[SQLModel], part: Changes) -> None:
    fresh = {**part.new, **{code: new for code, (_, new) in part.changed.items()}}
    for code, row in fresh.items():
        values = {key: value for key, value in row.items() if value != ""}
        tx.merge(table.model_validate({"code": code, **values}))
    for code in part.vanished:
        if found := tx.get(table, code):
            tx.delete(found)


def drop(tx: Session, import_id: str) -> None:
    """Raises Gone."""
    tx.delete(get_offered(tx, import_id))
    tx.flush()
