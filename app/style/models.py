"""The table of house styles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row


class HouseStyle(Row, table=True):
    """What somebody offered as house style. In use once `taken_at` is set; then it is not changed any more."""

    __tablename__ = "house_style"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"], ondelete="CASCADE"),)

    theme_css: str = ""  # as it was checked and written anew, not as it came
    logo: bytes = b""
    logo_kind: str = Field(default="", max_length=16)  # image/svg+xml or image/png
    logo_alt: str = Field(default="", max_length=120)
    mark: str = Field(default="", max_length=16)  # fingerprint of all this, for the address
    offered_at: datetime = Field(default_factory=now)
    taken_at: datetime | None = None
