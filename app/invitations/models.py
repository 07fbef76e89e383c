"""The table of questions for access."""

from datetime import datetime

from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to


class AccessRequest(Row, table=True):
    """Somebody who asks to take part, with a link that once worked. It goes when it is decided, or after weeks."""

    __tablename__ = "access_request"
    __table_args__ = (belongs_to("journey"), belongs_to("seat"))

    journey_id: str = Field(max_length=16, index=True)
    seat_id: str = Field(max_length=16)  # whose link it was
    name: str = Field(max_length=120)
    email: str = Field(max_length=200)
    organisation: str = Field(default="", max_length=120)
    asked_at: datetime = Field(default_factory=now)
