"""Tables of people. A tenant is a gemeente (or a samenwerkingsverband) that uses this installation."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.database import Row, belongs_to

KINDS = ("gemeente", "samenwerkingsverband", "installatie")


class Tenant(SQLModel, table=True):
    """Who uses this installation. One tenant, of kind 'installatie', holds nothing but the installatiebeheerders."""

    id: str = Field(primary_key=True, max_length=16)
    name: str = Field(max_length=120)
    kind: str = Field(default="gemeente", max_length=24)  # one of KINDS
    code: str = Field(default="", max_length=8)  # TOOI, e.g. gm0344
    telephone: str = Field(default="", max_length=40)  # to check by whether an invitation is real
    sender_name: str = Field(default="", max_length=80)  # of mails; '' is the name of the tenant
    sender_email: str = Field(default="", max_length=200)  # '' is that of the installation
    archive_months: int = 0  # a traject in which nothing changed for so long is archived; 0 is never by itself
    purge_months: int = 0  # an archived traject goes so long after that; 0 is never by itself
    document_years: int = 0  # an adopted document is kept for so long; 0 is for ever
    mail_domains: str = Field(default="", max_length=500)  # with a space between; who has such an address may start
    closed_at: datetime | None = None  # nobody of this tenant can sign in any more; nothing is lost


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
    """A session on the server; the cookie holds a secret of which only the fingerprint is here.

    `expires_at` is when it ends when nobody comes back: it moves along with who uses it, never past `ends_at`.
    """

    __tablename__ = "sign_in"
    __table_args__ = (belongs_to("person"), UniqueConstraint("token_hash"))

    person_id: str = Field(max_length=16)
    token_hash: str = Field(max_length=64)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    ends_at: datetime
    last_seen_at: datetime = Field(default_factory=now)  # roughly: see `app.people.sessions`
    ended_at: datetime | None = None
    method: str = Field(default="link", max_length=16)  # link, code, oidc, passkey
    device: str = Field(default="", max_length=60)  # "Firefox op Windows"


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
