"""The table of mail: one row per message to one person, and what became of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row

# ready: on the outbox page of a computer without a mail server. waiting: to be sent. sent: taken by the mail server.
# refused: it refused this message. bounced: came back later. stopped: given up, withdrawn, or no use any more.
STATES = ("ready", "waiting", "sent", "refused", "bounced", "stopped")


class Mail(Row, table=True):
    """The body may hold a personal link or a code: it is emptied as soon as it need not be sent any more."""

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"], ondelete="CASCADE"),
        Index("ix_mail_state", "state", "next_at"),
        Index("ix_mail_journey", "tenant_id", "journey_id", "id"),
        CheckConstraint(f"state IN {STATES}", name="state"),
    )

    kind: str = Field(default="", max_length=24)  # which letter: invitation, digest, …
    journey_id: str = Field(default="", max_length=16)
    person_id: str = Field(default="", max_length=16)  # who it is for
    by_person: str = Field(default="", max_length=16)  # who sent it; '' for Driekolom itself
    to_name: str = Field(max_length=120)
    to_email: str = Field(max_length=200)
    from_name: str = Field(default="", max_length=300)
    from_email: str = Field(default="", max_length=200)  # '' for the sender address of the installation
    reply_to: str = Field(default="", max_length=200)
    subject: str = Field(max_length=120)
    body: str
    off_url: str = Field(default="", max_length=300)  # where one click stops messages of this kind
    created_at: datetime = Field(default_factory=now)
    state: str = Field(default="ready", max_length=8)
    attempts: int = 0
    next_at: datetime | None = None  # when to try (again); in between it is taken by a sender
    until: datetime | None = None  # no use after this moment
    changed_at: datetime = Field(default_factory=now)  # when it came in this state
    message_id: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=300)  # a Dutch sentence about what went wrong
