"""The table of messages: per person the daily overview."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.core.database import Row, belongs_to
from app.core.ids import new_secret


class Digest(Row, table=True):
    """Made when somebody first gets a daily overview, or turns it off. Without a row it is on."""

    __table_args__ = (belongs_to("person"), UniqueConstraint("tenant_id", "person_id"), UniqueConstraint("off_token"))

    person_id: str = Field(max_length=16)
    off: bool = False
    sent_on: date | None = None  # the day of the last one: never two on a day
    told: str = Field(default="", max_length=16)  # what has an id up to this was told already
    # Stands in each message, so it is kept as it is. All it can do is turn the overview off.
    off_token: str = Field(default_factory=new_secret, max_length=64)
