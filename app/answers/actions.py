"""Saving one value with its version; sharing and confirming a party's answers.

Every save checks the version inside the UPDATE itself, so two people who save at the same moment can never both win. A
repeated save of the same text (a browser that did not hear the answer) is not a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.answers import store
from app.answers.models import BEHALF, OWN, Answer, FieldVersion, JointAnswer
from app.answers.reading import forget
from app.core.clock import moment_text, now
from app.core.database import Busy
from app.core.errors import Gone, Stale, Theirs
from app.core.fields import Spec, checked
from app.core.ids import new_id
from app.journey.gate import Here
from app.journey.kept import count_change, count_concept
from app.journey.models import Party

R = TypeVar("R", Answer, JointAnswer, FieldVersion)


@dataclass(frozen=True)
class Saved:
    """What now stands in the database."""

    value: str
    version: int
    at: datetime
    changed: bool  # False: it stood there already


def save_joint(here: Here, path: str, spec: Spec, values: Sequence[str], version: int) -> Saved:
    """Saves a joint answer. `version` is what the browser last saw, 0 for never saved.

    Raises Invalid (bad input) and Stale (somebody else was first). The caller has checked right and step.
    """
    value = checked(spec, values)
    forget(here)
    row = store.find_joint(here.tx, here.journey, path)
    if row is None:
        if value == "" and version == 0:
            return Saved("", 0, now(), False)
        first = _insert(here, JointAnswer(**_base(here), path=path, value=value))
        if first:
            return Saved(value, first.version, first.saved_at, True)
        row = store.find_joint(here.tx, here.journey, path)
    return _replace(here, row, value, version)


def save_answer(
    here: Here, party: Party, path: str, spec: Spec, values: Sequence[str], version: int, layer: str = OWN
) -> Saved:
    """Saves an answer of one party as concept (or, layer `namens`, for it). Raises Invalid and Stale."""
    value = checked(spec, values)
    forget(here)
    if version:
        moment = store.replace_next(here.tx, here.journey, party.id, layer, path, value, version, here.seat.id)
        if moment:
            count_concept(here.tx, here.journey.id, party.id)
            return Saved(value, version + 1, moment, True)
    row = store.find_answer(here.tx, here.journey, party.id, layer, path)
    if row is None:
        if value == "" and version == 0:
            return Saved("", 0, now(), False)
        first = _insert(here, Answer(**_base(here), party_id=party.id, layer=layer, path=path, value=value))
        if first:
            return Saved(value, first.version, first.saved_at, True)
        row = store.find_answer(here.tx, here.journey, party.id, layer, path)
    return _replace(here, row, value, version)


def save_column(here: Here, record: Any, field: str, spec: Spec, values: Sequence[str], version: int) -> Saved:
    """Saves one column of a row of another room (agreement, goal, action, …) with a version of its own.

    `record` is the row, `field` its attribute; the stored text is turned into the column's type by `_typed`. Raises
    Invalid, Stale, and Gone when the row was removed meanwhile.
    """
    value = checked(spec, values)
    if getattr(record, "removed_at", None) is not None:
        raise Gone("Iemand heeft dit intussen verwijderd. Uw tekst staat nog in dit venster.")
    kind = type(record).__tablename__
    known = store.find_field_version(here.tx, here.journey, kind, record.id, field)
    current = column_text(record, field)
    if known is None:
        if current == value:
            return Saved(value, 0, now(), False)
        if version != 0:
            raise Stale(value, Theirs(current, 0, "iemand anders", "eerder"))
        known = _insert(here, FieldVersion(**_base(here), kind=kind, record_id=record.id, field=field))
        if known is None:
            here.tx.refresh(record)
            return save_column(here, record, field, spec, values, version)
    else:
        if current == value:
            return Saved(value, known.version, known.saved_at, False)
        _take(here, known, value, current, version)
    setattr(record, field, _typed(record, field, value))
    here.tx.add(record)
    here.tx.flush()
    return Saved(value, known.version, known.saved_at, True)


def column_text(record: Any, field: str) -> str:
    """A column as the text that fields work with; None is '', a tick is 'ja' or ''."""
    value = getattr(record, field)
    if isinstance(value, bool):
        return "ja" if value else ""
    return "" if value is None else str(value)


def _typed(record: Any, field: str, value: str) -> Any:
    """The text as the type of the column: a number, a date, a tick, or the text itself."""
    annotation = str(type(record).model_fields[field].annotation)
    if "bool" in annotation:
        return value != ""
    if value == "" and "None" in annotation:
        return None
    if "datetime.date" in annotation:
        return date.fromisoformat(value)
    return int(value) if "int" in annotation else value


def _base(here: Here) -> dict[str, str]:
    return {"tenant_id": here.tenant_id, "id": new_id(), "journey_id": here.journey.id, "saved_by": here.seat.id}


def _insert(here: Here, row: R) -> R | None:
    """The first version of a value; None when somebody else made it at the same moment (two processes, PostgreSQL)."""
    try:
        with here.tx.begin_nested():
            here.tx.add(row)
        return row
    except IntegrityError:
        return None


def _replace(here: Here, row: Answer | JointAnswer | None, value: str, version: int) -> Saved:
    if row is None:
        raise Busy
    if row.value == value:
        return Saved(value, row.version, row.saved_at, False)
    _take(here, row, value, row.value, version, value=value)
    return Saved(value, row.version, row.saved_at, True)


def _take(here: Here, row: Any, mine: str, theirs: str, version: int, **columns: Any) -> None:
    """Moves `row` from `version` to the next, in one UPDATE that does nothing when somebody was first."""
    table, moment = type(row), now()
    if isinstance(row, Answer):
        count_concept(here.tx, here.journey.id, row.party_id)
    else:
        count_change(here.tx, here.tenant_id, here.journey.id)
    done = here.tx.exec(
        update(table)
        .where(col(table.tenant_id) == row.tenant_id, col(table.id) == row.id, col(table.version) == version)
        .values(version=version + 1, saved_at=moment, saved_by=here.seat.id, **columns)
        .execution_options(synchronize_session=False)
    )
    here.tx.refresh(row)
    if done.rowcount == 0:
        if columns:
            theirs = row.value
        raise Stale(mine, Theirs(theirs, row.version, here.seat_name(row.saved_by), moment_text(row.saved_at)))


def share(here: Here, answers: Iterable[Answer]) -> int:
    """Makes the concepts visible: what others see becomes what stands there now. Returns how many changed."""
    changed = 0
    forget(here)
    for answer in answers:
        if answer.shared_value != answer.value:
            answer.shared_value, answer.shared_at, answer.shared_by = answer.value, now(), here.seat.id
            here.tx.add(answer)
            changed += 1
    here.tx.flush()
    return changed


def unshare_changes(here: Here, answers: Iterable[Answer]) -> None:
    """Puts the concepts back to what was shared last ('Terug naar gedeelde versie'); what came after it becomes empty.

    Only for answers of a part that was shared before.
    """
    forget(here)
    for answer in answers:
        shared = answer.shared_value or ""
        if answer.value != shared:
            _set(here, answer, shared)
    here.tx.flush()


def take_over_behalf(here: Here, party: Party, answers: Iterable[Answer]) -> int:
    """Copies what was shared *namens* the party into its own layer, where it said nothing itself. Returns how many."""
    taken = 0
    forget(here)
    for answer in answers:
        if answer.layer != BEHALF or not answer.shared_value:
            continue
        own = store.find_answer(here.tx, here.journey, party.id, OWN, answer.path)
        if own is None:
            here.tx.add(
                Answer(**_base(here), party_id=party.id, layer=OWN, path=answer.path, value=answer.shared_value)
            )
        elif not own.value:
            _set(here, own, answer.shared_value)
        else:
            continue
        taken += 1
    here.tx.flush()
    return taken


def _set(here: Here, answer: Answer, value: str) -> None:
    answer.value, answer.version = value, answer.version + 1
    answer.saved_at, answer.saved_by = now(), here.seat.id
    here.tx.add(answer)
