"""Tables of prose."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to


class Paragraph(Row, table=True):
    """One alinea of one chapter. `prefilled` is the text it was made with; equal to `text` while nobody
    touched it."""

    __table_args__ = (
        belongs_to("journey"),
        CheckConstraint("kind IN ('alinea', 'kop', 'citaat')", name="kind"),
    )

    journey_id: str = Field(max_length=16, index=True)
    chapter: str = Field(max_length=48)
    position: int = 0
    kind: str = Field(default="alinea", max_length=8)
    text: str = ""
    prefilled: str = ""  # "" for a paragraph somebody wrote
    slot: str = Field(default="", max_length=80)  # which pre-filled paragraph it is, e.g. "b/links"
    version: int = 0  # 0 while nobody saved it
    made_at: datetime = Field(default_factory=now)
    saved_at: datetime = Field(default_factory=now)
    saved_by: str = Field(default="", max_length=16)  # "" = pre-filled
    removed_at: datetime | None = None
    removed_by: str = Field(default="", max_length=16)


class ParagraphOrigin(Row, table=True):
    """Where (a sentence of) a paragraph comes from, and how the source read when it was taken over."""

    __tablename__ = "paragraph_origin"
    __table_args__ = (
        belongs_to("journey"),
        belongs_to("paragraph"),
        UniqueConstraint("tenant_id", "paragraph_id", "key"),
    )

    journey_id: str = Field(max_length=16, index=True)
    paragraph_id: str = Field(max_length=16)
    key: str = Field(max_length=200)
    said: str = ""  # the sentence the source gave then


class LeftOut(Row, table=True):
    """Something that was said and is deliberately not in the plan, with the reason."""

    __tablename__ = "left_out"
    __table_args__ = (belongs_to("journey"), UniqueConstraint("tenant_id", "journey_id", "key"))

    journey_id: str = Field(max_length=16)
    chapter: str = Field(max_length=48)
    key: str = Field(max_length=200)
    said: str = ""
    reason: str = Field(max_length=24)
    note: str = ""
    at: datetime = Field(default_factory=now)
    by_seat: str = Field(max_length=16)
