"""Tables of signing in: providers of organisations, who is who there, and passkeys."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to


class OidcProvider(Row, table=True):
    """Where the people of an organisation sign in. One issuer belongs to one tenant, for ever: it says who people are.

    The secret of the client is not here but in the environment (`app.signin.organisations.client_secret`).
    """

    __tablename__ = "oidc_provider"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"], ondelete="CASCADE"),
        UniqueConstraint("name"),
        UniqueConstraint("issuer"),
    )

    name: str = Field(max_length=40)  # in addresses and in the name of the secret: "meerwijk"
    label: str = Field(max_length=80)  # on the button: "Gemeente Meerwijk"
    issuer: str = Field(max_length=300)
    client_id: str = Field(max_length=200)
    domains: str = Field(max_length=500)  # of mail addresses it may speak for, with a space between
    trusts_address: bool = False  # it sends no `email_verified`; its own administrators give out the addresses
    created_at: datetime = Field(default_factory=now)


class Identity(Row, table=True):
    """Who somebody is at a provider: issuer and subject. An address can change hands, a subject cannot."""

    __table_args__ = (
        belongs_to("person"),
        UniqueConstraint("tenant_id", "issuer", "subject"),
        UniqueConstraint("tenant_id", "issuer", "person_id"),
    )

    person_id: str = Field(max_length=16)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    created_at: datetime = Field(default_factory=now)


class Passkey(Row, table=True):
    """A key that somebody's device keeps, opened with finger, face or code. Only the public half is here."""

    __table_args__ = (belongs_to("person"), UniqueConstraint("credential_id"))

    person_id: str = Field(max_length=16)
    credential_id: str = Field(max_length=1400)  # base64url
    public_key: str = Field(max_length=2000)  # base64url of COSE
    sign_count: int = 0
    label: str = Field(max_length=60)  # "Safari op iPhone"
    created_at: datetime = Field(default_factory=now)
    used_at: datetime | None = None
