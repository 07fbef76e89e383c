"""Tables of the log. The database itself refuses to change or remove a line (see migration and `app.audit.guard`)."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row


class AuditEntry(Row, table=True):
    """One line of the log. It points at nothing by a key, so that it outlives what it is about; it holds no name.

    `journey_id` is '' for what belongs to no journey, such as signing in.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        Index("ix_audit_entry_journey", "tenant_id", "journey_id", "id"),
        Index("ix_audit_entry_person", "tenant_id", "person_id", "id"),
    )

    at: datetime = Field(default_factory=now)
    journey_id: str = Field(default="", max_length=16)
    seat_id: str = Field(default="", max_length=16)
    person_id: str = Field(default="", max_length=16)  # for what is done without a seat
    party_id: str = Field(default="", max_length=16)  # that it is about, else of who did it
    what: str = Field(max_length=40)  # a deed of `app.audit.deeds`
    object: str = Field(default="", max_length=120)  # 'plek:<id>', 'partij:<id>', 'stap:<slug>', 'pagina:<route>', …
    result: str = Field(default="gelukt", max_length=16)  # gelukt, mag-niet, niet-gevonden, gesloten

    concerns_others: ClassVar[bool] = False  # changes no page that is kept (see `app.journey.kept`)


class PurgeLine(Row, table=True):
    """What was removed for good, as numbers only. Written before anything is removed: the database lets go of log lines
    of no other journey than those that have such a line."""

    __tablename__ = "purge_line"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),)

    at: datetime = Field(default_factory=now)
    journey_id: str = Field(default="", max_length=16)  # '' = lines that belong to no journey
    before: datetime | None = None  # of those, the ones from before this moment
    counts: str = Field(default="", max_length=2000)  # 'party=5 seat=9 …'

    concerns_others: ClassVar[bool] = False  # changes no page that is kept (see `app.journey.kept`)
