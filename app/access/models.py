"""The table of codes that were asked for. It belongs to no tenant: who asks is not known yet."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.core.clock import now


class CodeAsked(SQLModel, table=True):
    """One browser that asked for a code. The address that was typed is not kept, nor the code: fingerprints only.

    `persons` are the persons with that address as 'tenant/person', separated by a space; '' for an unknown address.
    """

    __tablename__ = "code_asked"

    asked_hash: str = Field(primary_key=True, max_length=64)  # of the secret in the cookie of that browser
    code_hash: str = Field(default="", max_length=64)  # '' while there is no code yet
    persons: str = ""
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime = Field(index=True)
    tries: int = 0
    passed_at: datetime | None = None  # the code was right; several places to choose from
