"""Tables of the screening; the answers themselves are in `app.answers`."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to


class Share(Row, table=True):
    """A party has shared a theme (or, layer `namens`, it was shared for it and not confirmed yet)."""

    __table_args__ = (
        belongs_to("journey"),
        belongs_to("party"),
        UniqueConstraint("tenant_id", "journey_id", "party_id", "layer", "theme"),
    )

    journey_id: str = Field(max_length=16)
    party_id: str = Field(max_length=16)
    layer: str = Field(default="eigen", max_length=8)
    theme: str = Field(max_length=48)
    at: datetime = Field(default_factory=now)
    by_seat: str = Field(max_length=16)
    confirmed_at: datetime | None = None  # of a 'namens' share: the party said "klopt"
    confirmed_by: str = Field(default="", max_length=16)
