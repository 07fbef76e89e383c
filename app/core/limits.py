"""How often something may happen: counted in the database, so all processes share it and a restart forgets nothing.

    spend(tx, Limit("code", 5, minutes(15)), person.id)      # of this person
    spend(tx, Limit("code-all", 300, hours(1)))              # of the whole installation: its ceiling

A key is something that cannot be made up by whoever asks: an address that gets mail, a person, a seat, a journey, the
secret of a browser. Never an IP address. Only its fingerprint is kept, and only until its time is over.

What was spent stays spent when the request is refused afterwards: a wrong code must count although nothing is saved.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import BigInteger, text
from sqlmodel import Field, Session, SQLModel

from app.core.clock import NL, now
from app.core.database import in_any_case
from app.core.errors import Refusal
from app.core.ids import fingerprint


class RateLimit(SQLModel, table=True):
    """How often one key was used, until a moment in seconds since 1970. Of the installation, not of a tenant."""

    __tablename__ = "rate_limit"

    key: str = Field(primary_key=True, max_length=64)
    used: int
    until: int = Field(sa_type=BigInteger, index=True)


@dataclass(frozen=True)
class Limit:
    """So many times within so long, counted from the first time. `name` keeps kinds of limits apart."""

    name: str
    times: int
    within: timedelta


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


class TooOften(Refusal):
    """Something was done too often. `wait` is how many seconds until it may be done again."""

    status = 429

    def __init__(self, wait: int, message: str = ""):
        self.wait = max(1, wait)
        super().__init__(f"{message or 'Dit is te vaak achter elkaar geprobeerd.'} {_again(self.wait)}")


def _again(wait: int) -> str:
    """When to try again, in words."""
    if wait <= 60:
        return "Probeer het over een minuut opnieuw."
    if wait < 2 * 3600:
        return f"Probeer het over {-(-wait // 60)} minuten opnieuw."
    moment = (now() + timedelta(seconds=wait + 59)).astimezone(NL)
    day = "" if moment.date() == now().astimezone(NL).date() else "morgen "
    return f"Probeer het {day}na {moment:%H:%M} uur opnieuw." if wait <= 24 * 3600 else "Probeer het later opnieuw."


_COUNT = text(
    "INSERT INTO rate_limit (key, used, until) VALUES (:key, 1, :until) ON CONFLICT (key) DO UPDATE SET "
    "used = CASE WHEN rate_limit.until <= :now THEN 1 ELSE rate_limit.used + 1 END, "
    "until = CASE WHEN rate_limit.until <= :now THEN excluded.until ELSE rate_limit.until END "
    "RETURNING used, until"
)
_SWEEP = text("DELETE FROM rate_limit WHERE until <= :now")
_SWEEP_BESIDE_OTHERS = text(  # what another process is counting is left alone: it might wait for us
    "DELETE FROM rate_limit WHERE key IN (SELECT key FROM rate_limit WHERE until <= :now FOR UPDATE SKIP LOCKED)"
)
SWEEP_EVERY = 600  # seconds, per process
_swept = 0.0


def spend(tx: Session, limit: Limit, key: str = "", message: str = "") -> None:
    """Counts one use of `limit` by `key` ('' = by everybody together). Raises TooOften when there is none left.

    `message` says what was done too often; when to try again is added. Call it before what it protects, and before
    looking anything up: known and unknown keys must cost the same.
    """
    moment = _seconds()
    asked = {"key": _mark(limit, key), "now": moment, "until": moment + int(limit.within.total_seconds())}
    _sweep(tx, moment)
    used, until = tx.connection().execute(_COUNT, asked).one()
    if used > limit.times:
        raise TooOften(until - moment, message)
    in_any_case(tx, lambda: tx.connection().execute(_COUNT, asked))


def forgive(tx: Session, limit: Limit, key: str = "") -> None:
    """Begins counting anew, for instance after the right code."""
    if row := tx.get(RateLimit, _mark(limit, key)):
        tx.delete(row)


def _mark(limit: Limit, key: str) -> str:
    return fingerprint(f"{limit.name}\n{key}")


def _seconds() -> int:
    return int(now().timestamp())


def _sweep(tx: Session, moment: int) -> None:
    """Takes away what is over, now and then."""
    global _swept
    if not 0 <= time.monotonic() - _swept < SWEEP_EVERY or not _swept:
        _swept = time.monotonic()
        connection = tx.connection()
        alone = connection.dialect.name == "sqlite"
        connection.execute(_SWEEP if alone else _SWEEP_BESIDE_OTHERS, {"now": moment})
