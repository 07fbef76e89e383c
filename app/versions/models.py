"""Table of the versions."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to


class PlanVersion(Row, table=True):
    """The plan as it stood once. Never changed, but for its name."""

    __tablename__ = "plan_version"
    __table_args__ = (belongs_to("journey"), Index("ix_plan_version_journey", "tenant_id", "journey_id", "id"))

    journey_id: str = Field(max_length=16)
    name: str = Field(default="", max_length=120)  # '' for the one that is kept of each day with changes
    day: date  # on which the plan last changed before this
    at: datetime = Field(default_factory=now)  # when it was kept
    by_seat: str = Field(default="", max_length=16)  # '' for one of a day
    content: bytes  # JSON, compressed: see `app.versions.content`
