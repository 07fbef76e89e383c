"""Tables of the checklists. All of it is joint: everybody in the journey sees it at once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to


class Checklist(Row, table=True):
    """A list of criteria under a conclusion, for one gemeente or (empty) for all of them, with where it comes from."""

    __table_args__ = (belongs_to("journey"), belongs_to("municipality", keep=True))

    journey_id: str = Field(max_length=16, index=True)
    municipality_id: str | None = Field(default=None, max_length=16)
    conclusion: str = Field(max_length=48)  # slug
    option: str = Field(default="", max_length=48)  # the inner choice it belongs to; '' for a list of their own
    name: str = Field(max_length=120)
    source: str = ""
    source_place: str = ""  # a link, or where it can be found
    source_year: int | None = None
    position: int = 0
    made_at: datetime = Field(default_factory=now)
    made_by: str = Field(max_length=16)
    removed_at: datetime | None = None


class Criterion(Row, table=True):
    __table_args__ = (belongs_to("journey"), belongs_to("checklist"))

    journey_id: str = Field(max_length=16, index=True)
    checklist_id: str = Field(max_length=16, index=True)
    text: str = ""
    position: int = 0
    made_at: datetime = Field(default_factory=now)
    made_by: str = Field(max_length=16)
    removed_at: datetime | None = None


class Institution(Row, table=True):
    """A school or other organisation of one party, on one list."""

    __table_args__ = (belongs_to("journey"), belongs_to("checklist"), belongs_to("party"))

    journey_id: str = Field(max_length=16, index=True)
    checklist_id: str = Field(max_length=16, index=True)
    party_id: str = Field(max_length=16)
    name: str = Field(max_length=120)
    made_at: datetime = Field(default_factory=now)
    made_by: str = Field(max_length=16)
    removed_at: datetime | None = None


class Progress(Row, table=True):
    """How far one institution is with one criterion; made when somebody says so for the first time."""

    __tablename__ = "criterion_progress"
    __table_args__ = (
        belongs_to("journey"),
        belongs_to("institution"),
        belongs_to("criterion"),
        UniqueConstraint("tenant_id", "institution_id", "criterion_id"),
        CheckConstraint("state IN ('', 'nog-niet', 'bezig', 'op-orde', 'nvt')", name="state"),
    )

    journey_id: str = Field(max_length=16, index=True)
    institution_id: str = Field(max_length=16)
    criterion_id: str = Field(max_length=16, index=True)
    state: str = Field(default="", max_length=10)
    note: str = ""
    dated: str = Field(default="", max_length=10)  # ISO date or month
    saved_at: datetime = Field(default_factory=now)
    saved_by: str = Field(max_length=16)  # seat
