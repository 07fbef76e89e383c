"""Tables of the dialogue; uitkomsten and notes are joint answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to


class Agreement(Row, table=True):
    """An afspraak: wat – wie – met wie – wanneer, under a middle item, a theme, or loose (both empty)."""

    __table_args__ = (
        belongs_to("journey"),
        belongs_to("party", "owner_id", keep=True),
        CheckConstraint("state IN ('voorstel', 'afgesproken')", name="state"),
    )

    journey_id: str = Field(max_length=16, index=True)
    theme: str = Field(default="", max_length=48)
    item: str = Field(default="", max_length=48)
    what: str = ""
    owner_id: str | None = Field(default=None, max_length=16)
    with_parties: str = ""  # party ids, separated by a space
    by_when: str = Field(default="", max_length=10)  # ISO date or month
    state: str = Field(default="afgesproken", max_length=12)
    example: str = Field(default="", max_length=48)  # slug of the practice example it was made from
    position: int = 0
    made_at: datetime = Field(default_factory=now)
    made_by: str = Field(max_length=16)
    removed_at: datetime | None = None
