"""Tables of people. A tenant is a gemeente (or a samenwerkingsverband) that uses this installation."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.database import Row, belongs_to


class Tenant(SQLModel, table=True):
    id: str = Field(primary_key=True, max_length=16)
    name: str = Field(max_length=120)


class Person(Row, table=True):
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"], ondelete="CASCADE"),
        Index("ix_person_local", "tenant_id", "local"),
    )

    name: str = Field(max_length=120)
    email: str = Field(default="", max_length=200)
    local: bool = False  # who opens Driekolom in local mode
    may_start: bool = False  # may start a traject
    created_at: datetime = Field(default_factory=now)


class SignIn(Row, table=True):
    """A session on the server; the cookie holds a secret of which only the fingerprint is here."""

    __tablename__ = "sign_in"
    __table_args__ = (belongs_to("person"), UniqueConstraint("token_hash"))

    person_id: str = Field(max_length=16)
    token_hash: str = Field(max_length=64)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    ended_at: datetime | None = None


class PersonLink(Row, table=True):
    """A personal link of somebody who may start a traject and has no seat yet. Only its fingerprint is kept."""

    __tablename__ = "person_link"
    __table_args__ = (belongs_to("person"), UniqueConstraint("token_hash"))

    person_id: str = Field(max_length=16)
    token_hash: str = Field(max_length=64)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None


class Mail(Row, table=True):
    """A message that was written. Without a mail server it is read on the outbox page of local mode."""

    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"], ondelete="CASCADE"),)

    to_name: str = Field(max_length=120)
    to_email: str = Field(max_length=200)
    subject: str = Field(max_length=120)
    body: str
    created_at: datetime = Field(default_factory=now)
    journey_id: str = Field(default="", max_length=16)
