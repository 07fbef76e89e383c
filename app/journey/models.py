"""Tables of a journey. Several values in one column are slugs or ids in a fixed order, separated by a space
(see `app.core.fields`)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.database import Row, belongs_to

ROLES = ("procesbegeleider", "mede-begeleider", "deelnemer", "partijbeheerder", "meelezer")
LONG_NAME = 40  # characters; a longer name of a party is shortened where it returns often


class PackCopy(SQLModel, table=True):
    """The content pack as it was when a journey began. Copies with the same content are kept once per tenant."""

    __tablename__ = "pack_copy"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"], ondelete="CASCADE"),)

    tenant_id: str = Field(primary_key=True, max_length=16)
    hash: str = Field(primary_key=True, max_length=64)
    json_text: str


class Journey(Row, table=True):
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "pack_hash"], ["pack_copy.tenant_id", "pack_copy.hash"]),
        CheckConstraint("period_end IS NULL OR period_start IS NULL OR period_end >= period_start", name="period"),
    )

    title: str = Field(max_length=200)
    period_start: int | None = None  # years
    period_end: int | None = None
    archived_at: datetime | None = None  # since then nobody can change anything in it
    archived_by: str = Field(default="", max_length=16)  # seat; '' when the term was over
    purge_on: date | None = None  # the first day on which it may be removed for good, once that has been announced
    chair_id: str = Field(default="", max_length=16)  # of several gemeenten the one that leads
    meeting_on: date | None = None
    share_by: date | None = None
    pack_hash: str = Field(max_length=64)
    example: str = Field(default="", max_length=48)  # slug of the example journey it is
    created_at: datetime = Field(default_factory=now)
    changes: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # counted by `app.journey.kept`


class Municipality(Row, table=True):
    __table_args__ = (belongs_to("journey"),)

    journey_id: str = Field(max_length=16, index=True)
    name: str = Field(max_length=120)
    code: str = Field(default="", max_length=8)  # TOOI, e.g. gm0344
    position: int = 0


class Party(Row, table=True):
    __table_args__ = (belongs_to("journey"), UniqueConstraint("tenant_id", "journey_id", "name"))

    journey_id: str = Field(max_length=16)
    kind: str = Field(max_length=48)  # a party kind of the pack
    name: str = Field(max_length=120)
    short: str = Field(max_length=40)
    sectors: str = Field(default="", max_length=200)
    position: int = 0
    register_code: str = Field(default="", max_length=8)  # of a board: its number as bevoegd gezag

    @property
    def in_text(self) -> str:
        """The name where it returns often: a long name is shortened, unless its short name is a mere cut ('…')."""
        return self.short if len(self.name) > LONG_NAME and "…" not in self.short else self.name


class Seat(Row, table=True):
    """Somebody's place in one journey. A procesbegeleider with a party wears two hats."""

    __table_args__ = (
        belongs_to("journey"),
        belongs_to("person"),
        belongs_to("party"),
        UniqueConstraint("tenant_id", "journey_id", "person_id"),
        Index("ix_seat_person", "tenant_id", "person_id"),
        CheckConstraint(f"role IN {ROLES}", name="role"),
    )

    journey_id: str = Field(max_length=16)
    person_id: str = Field(max_length=16)
    party_id: str | None = Field(default=None, max_length=16)
    role: str = Field(max_length=20)
    mandate: bool = False
    function: str = Field(default="", max_length=120)
    created_at: datetime = Field(default_factory=now)
    removed_at: datetime | None = None
    stopped_at: datetime | None = None  # since then this person does not get in, until there is a new link
    seen: str = Field(default="", max_length=16)  # id of the last event this seat has seen
    last_seen_on: date | None = None  # the day of the last visit, never finer


class SeatLink(Row, table=True):
    """A personal link. Only the fingerprint of its secret is kept, so it can be shown once."""

    __tablename__ = "seat_link"
    __table_args__ = (belongs_to("journey"), belongs_to("seat"), UniqueConstraint("token_hash"))

    journey_id: str = Field(max_length=16)
    seat_id: str = Field(max_length=16)
    token_hash: str = Field(max_length=64)
    made_by: str = Field(default="", max_length=16)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    mail_id: str = Field(default="", max_length=16)  # the message it went in; '' when somebody passed it on by hand


class StepState(Row, table=True):
    """What a person said of a step (or one theme or chapter of it): gesloten, afgerond or overgeslagen."""

    __tablename__ = "step_state"
    __table_args__ = (
        belongs_to("journey"),
        UniqueConstraint("tenant_id", "journey_id", "step", "part", "state"),
        CheckConstraint("state IN ('gesloten', 'afgerond', 'overgeslagen')", name="state"),
    )

    journey_id: str = Field(max_length=16)
    step: str = Field(max_length=24)
    part: str = Field(default="", max_length=48)  # theme or chapter; "" = the whole step
    state: str = Field(max_length=12)
    at: datetime = Field(default_factory=now)
    by_seat: str = Field(max_length=16)


class Event(Row, table=True):
    """Something that happened, in the past tense. Holds slugs and ids, never a text that somebody typed."""

    __table_args__ = (belongs_to("journey"), Index("ix_event_journey", "tenant_id", "journey_id", "id"))

    journey_id: str = Field(max_length=16)
    at: datetime = Field(default_factory=now)
    seat_id: str = Field(default="", max_length=16)
    party_id: str = Field(default="", max_length=16)  # of the seat at that moment, or the party it was done for
    kind: str = Field(max_length=40)  # e.g. theme_shared
    step: str = Field(default="", max_length=24)
    part: str = Field(default="", max_length=48)
    ref: str = Field(default="", max_length=120)  # slug or id of what it is about
