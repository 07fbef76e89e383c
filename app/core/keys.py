"""The secret of this installation: to sign what a browser carries for a while, so that nothing waits in the database.

Made when the database is made. Whoever can read the database could sign, but they have everything already.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from sqlmodel import Field, Session, SQLModel


class InstallationKey(SQLModel, table=True):
    """256 random bits in hex, for all uses; `signature` keeps the uses apart."""

    __tablename__ = "installation_key"

    id: int = Field(primary_key=True)
    secret: str = Field(max_length=64)


def signature(tx: Session, use: str, value: str) -> str:
    """43 characters that only this installation can make of this value for this use."""
    key = tx.get_one(InstallationKey, 1)
    made = hmac.digest(bytes.fromhex(key.secret), f"{use}\n{value}".encode(), sha256)
    return urlsafe_b64encode(made).decode().rstrip("=")


def is_signed(tx: Session, use: str, value: str, mark: str) -> bool:
    """Whether `mark` is the signature of this value for this use."""
    return hmac.compare_digest(signature(tx, use, value).encode(), mark.encode("utf-8", "replace"))
