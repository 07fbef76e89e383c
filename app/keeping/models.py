"""The table of adopted documents."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row


class ArchiveRecord(Row, table=True):
    """A document as it was when somebody fixed it: the very bytes. It stays when its journey is removed, for a term of
    its own (`tenant.document_years` after the decision)."""

    __tablename__ = "archive_record"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        Index("ix_archive_record_journey", "tenant_id", "journey_id"),
    )

    journey_id: str = Field(max_length=16)  # points at nothing by a key: it outlives the journey
    title: str = Field(max_length=200)  # of the journey, at that moment
    decision: str = Field(max_length=200)  # which decision: "Besluit college, nr. 2027-0312"
    decided_on: date
    fixed_at: datetime = Field(default_factory=now)
    fixed_by: str = Field(max_length=16)  # seat
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    size: int
    content: bytes
