"""Tables of answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, inspect
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to

OWN, BEHALF = "eigen", "namens"


class Answer(Row, table=True):
    """One answer of one party. `value` is the concept; others only ever see `shared_value`.

    What the procesbegeleider filled in *namens* the party is a row of its own (layer `namens`), so that neither
    reads or overwrites the other's work.
    """

    __table_args__ = (
        belongs_to("journey"),
        belongs_to("party"),
        UniqueConstraint("tenant_id", "journey_id", "party_id", "layer", "path"),
        CheckConstraint("layer IN ('eigen', 'namens')", name="layer"),
    )

    journey_id: str = Field(max_length=16)
    party_id: str = Field(max_length=16)
    layer: str = Field(default=OWN, max_length=8)
    path: str = Field(max_length=160)
    value: str = ""
    version: int = 1
    saved_at: datetime = Field(default_factory=now)
    saved_by: str = Field(max_length=16)  # seat
    shared_value: str | None = None
    shared_at: datetime | None = None
    shared_by: str = Field(default="", max_length=16)

    @property
    def concerns_others(self) -> bool:
        """Whether what is about to be written is more than a concept."""
        found = inspect(self)
        if found.persistent and not found.deleted:
            return any(found.attrs[name].history.has_changes() for name in ("shared_value", "shared_at"))
        return self.shared_value is not None


class JointAnswer(Row, table=True):
    __tablename__ = "joint_answer"
    __table_args__ = (belongs_to("journey"), UniqueConstraint("tenant_id", "journey_id", "path"))

    journey_id: str = Field(max_length=16)
    path: str = Field(max_length=160)
    value: str = ""
    rich: str = ""  # of a text written together: lists, bold, italic and links, where the words do not say so
    version: int = 1
    saved_at: datetime = Field(default_factory=now)
    saved_by: str = Field(max_length=16)


class FieldVersion(Row, table=True):
    """The version of one column of one row elsewhere (an agreement, a goal, …): two people may save two columns of
    the same row without being in each other's way."""

    __tablename__ = "field_version"
    __table_args__ = (
        belongs_to("journey"),
        UniqueConstraint("tenant_id", "journey_id", "kind", "record_id", "field"),
    )

    journey_id: str = Field(max_length=16)
    kind: str = Field(max_length=24)  # table name
    record_id: str = Field(max_length=16)
    field: str = Field(max_length=24)
    version: int = 1
    saved_at: datetime = Field(default_factory=now)
    saved_by: str = Field(max_length=16)
