"""Queries of answers."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sql
from sqlmodel import Session, select

from app.answers.models import Answer, FieldVersion, JointAnswer
from app.core.clock import now
from app.core.prepared import Prepared
from app.journey.models import Journey


def list_answers(tx: Session, journey: Journey) -> list[Answer]:
    """All answers of all parties, concepts included: filter with `app.answers.view` before anything is shown."""
    found = tx.exec(select(Answer).where(Answer.tenant_id == journey.tenant_id, Answer.journey_id == journey.id))
    # Put in order here: asked to do so, SQLite walks along the ids of the whole tenant (six times as slow with 10,000
    # journeys).
    return sorted(found, key=lambda answer: answer.id)


# Made once: building a statement costs more than asking it.
_TABLE = Answer.__table__  # type: ignore[attr-defined]
_CONCEPTS = (
    sql.select(*(_TABLE.c[n] for n in ("party_id", "layer", "path", "value", "version", "saved_at", "shared_value")))
    .where(
        _TABLE.c.tenant_id == sql.bindparam("tenant"),
        _TABLE.c.journey_id == sql.bindparam("journey"),
        _TABLE.c.party_id == sql.bindparam("party"),
        _TABLE.c.layer == sql.bindparam("layer"),
    )
    .order_by(_TABLE.c.id)
)
_CONCEPTS_OF_THEME = Prepared(
    _CONCEPTS.where(_TABLE.c.path >= sql.bindparam("first"), _TABLE.c.path < sql.bindparam("end"))
)
_NEXT = Prepared(
    sql.update(_TABLE)
    .where(
        _TABLE.c.tenant_id == sql.bindparam("tenant"),
        _TABLE.c.journey_id == sql.bindparam("journey"),
        _TABLE.c.party_id == sql.bindparam("party"),
        _TABLE.c.layer == sql.bindparam("in_layer"),
        _TABLE.c.path == sql.bindparam("at_path"),
        _TABLE.c.version == sql.bindparam("last"),
        _TABLE.c.value != sql.bindparam("value"),
    )
    .values(
        value=sql.bindparam("value"),
        version=sql.bindparam("last") + 1,
        saved_at=sql.bindparam("moment"),
        saved_by=sql.bindparam("seat"),
    )
    .returning(_TABLE.c.id)
)


def list_concepts(tx: Session, journey: Journey, party_id: str, layer: str, theme: str = "") -> Sequence[Answer]:
    """The answers of one party in one layer (of one theme), only to read: rows of columns, which cost a third of
    objects."""
    asked = {"tenant": journey.tenant_id, "journey": journey.id, "party": party_id, "layer": layer}
    if not theme:
        return tx.connection().execute(_CONCEPTS, asked).all()  # type: ignore[return-value]
    between = {"first": f"{theme}/", "end": f"{theme}0"}  # '0' comes right after '/'
    return _CONCEPTS_OF_THEME.all(tx, asked | between)


def replace_next(
    tx: Session, journey: Journey, party_id: str, layer: str, path: str, value: str, version: int, seat_id: str
) -> datetime | None:
    """The usual save in one statement: a new value on the version that stands there. Returns when, or None when it is
    not that simple: then nothing was done."""
    moment = now()
    asked = {"tenant": journey.tenant_id, "journey": journey.id, "party": party_id, "in_layer": layer, "at_path": path}
    new = {"last": version, "value": value, "moment": moment, "seat": seat_id}
    found = _NEXT.all(tx, asked | new)
    if not found:
        return None
    if known := tx.identity_map.get(tx.identity_key(Answer, (journey.tenant_id, found[0].id))):
        tx.refresh(known)
    return moment


def find_answer(tx: Session, journey: Journey, party_id: str, layer: str, path: str) -> Answer | None:
    return tx.exec(
        select(Answer).where(
            Answer.tenant_id == journey.tenant_id,
            Answer.journey_id == journey.id,
            Answer.party_id == party_id,
            Answer.layer == layer,
            Answer.path == path,
        )
    ).first()


def list_joint(tx: Session, journey: Journey) -> dict[str, JointAnswer]:
    """All joint answers by path."""
    return {
        a.path: a
        for a in tx.exec(
            select(JointAnswer)
            .where(JointAnswer.tenant_id == journey.tenant_id, JointAnswer.journey_id == journey.id)
            .order_by(JointAnswer.id)
        )
    }


def find_joint(tx: Session, journey: Journey, path: str) -> JointAnswer | None:
    return tx.exec(
        select(JointAnswer).where(
            JointAnswer.tenant_id == journey.tenant_id, JointAnswer.journey_id == journey.id, JointAnswer.path == path
        )
    ).first()


def list_field_versions(tx: Session, journey: Journey, *kinds: str) -> dict[tuple[str, str], FieldVersion]:
    """Versions of the columns of these kinds of rows, by (record id, field)."""
    return {
        (v.record_id, v.field): v
        for v in tx.exec(
            select(FieldVersion)
            .where(
                FieldVersion.tenant_id == journey.tenant_id,
                FieldVersion.journey_id == journey.id,
                FieldVersion.kind.in_(kinds),  # type: ignore[attr-defined]
            )
            .order_by(FieldVersion.id)
        )
    }


def find_field_version(tx: Session, journey: Journey, kind: str, record_id: str, field: str) -> FieldVersion | None:
    """The version of one column of one row; None while nobody changed it."""
    return tx.exec(
        select(FieldVersion).where(
            FieldVersion.tenant_id == journey.tenant_id,
            FieldVersion.journey_id == journey.id,
            FieldVersion.kind == kind,
            FieldVersion.record_id == record_id,
            FieldVersion.field == field,
        )
    ).first()
