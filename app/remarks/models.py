"""Table of the remarks."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to

TAKEN, DECLINED = "overgenomen", "afgewezen"


class Remark(Row, table=True):
    """A remark, an answer to one (`reply_to`), or a remark with a proposal (`proposed` is not None)."""

    __table_args__ = (
        belongs_to("journey"),
        belongs_to("party", "about_party_id", keep=True),
        belongs_to("remark", "reply_to"),
        CheckConstraint(f"decided IN ('', '{TAKEN}', '{DECLINED}')", name="decided"),
        Index("ix_remark_journey", "tenant_id", "journey_id"),
    )

    journey_id: str = Field(max_length=16)
    subject: str = Field(max_length=120)  # what it stands at: 'punt/b/startgesprek', 'alinea/<id>', 'doel/<id>'
    step: str = Field(max_length=24)
    part: str = Field(max_length=48)  # the theme or chapter that the subject is in
    about_party_id: str | None = Field(default=None, max_length=16)  # at a point: what this party said there
    reply_to: str | None = Field(default=None, max_length=16)
    seat_id: str = Field(max_length=16)
    by_party_id: str = Field(default="", max_length=16)
    text: str = ""
    at: datetime = Field(default_factory=now)
    removed_at: datetime | None = None
    settled_at: datetime | None = None
    settled_by: str = Field(default="", max_length=16)
    field: str = Field(default="", max_length=24)  # of a proposal: which text of the subject it would replace
    proposed: str | None = None
    found: str = ""  # … and how that text read when it was proposed
    decided: str = Field(default="", max_length=12)
