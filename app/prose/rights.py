"""Whether somebody may still write in a shared text: the question of every message.

While nobody else has written anything in the database the answer of before is as good, and costs a twentieth.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from app.core.clock import now
from app.core.light import Version
from app.journey import rules
from app.journey.store import Right, find_right, find_rights
from app.people.store import find_signed_in
from app.prose.reasons import CLOSED, NOT_ALLOWED, SIGNED_OUT

if TYPE_CHECKING:
    from app.prose.together import Client


def ending(tx: Session, client: Client, version: Version | None) -> int:
    """Why this person may no longer write here; 0 when they may. `version`: of the database, see `Light.version`."""
    moment = now()
    if _is_known(client, version, moment):
        return 0
    right = find_right(tx, client.document.journey_id, client.token, moment, client.step, client.part)
    return _why(tx, client, right, version)


def endings(tx: Session, clients: Collection[Client], version: Version | None) -> dict[Client, int]:
    """Which of the people in one text may no longer write there, and why; in one query for all of them."""
    moment = now()
    asked = [c for c in clients if not _is_known(c, version, moment)]
    if not asked:
        return {}
    one, tokens = asked[0], {c.token for c in asked}
    rights: dict[str, Right | None] = {}
    rights |= find_rights(tx, one.document.journey_id, tokens - {""}, moment, one.step, one.part)
    if "" in tokens:
        rights[""] = find_right(tx, one.document.journey_id, "", moment, one.step, one.part)
    return {c: code for c in asked if (code := _why(tx, c, rights.get(c.token), version))}


def _is_known(client: Client, version: Version | None, moment: datetime) -> bool:
    """Whether they could write when it was asked, and nothing has happened since."""
    at, until = client.allowed
    return version is not None and at == version and (until is None or until > moment)


def _why(tx: Session, client: Client, right: Right | None, version: Version | None) -> int:
    if right is None:
        signed_in = not client.token or find_signed_in(tx, client.token, now())
        return NOT_ALLOWED if signed_in else SIGNED_OUT
    if right.seat_id != client.seat_id:
        return SIGNED_OUT
    if not rules.role_writes_joint(right.role):
        return NOT_ALLOWED
    if right.archived_at or right.closed:
        return CLOSED
    client.allowed = version, right.until
    return 0
