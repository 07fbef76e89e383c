"""Tables of the plan. Months are `2029-06`, money is whole euro cents; empty means not filled in, never
zero."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to

ACTION_STATES = ("nog-niet-begonnen", "loopt", "klaar", "gestopt")


class Goal(Row, table=True):
    """A doel: in `target_on` vindt/heeft `target` van `group` `result`, now `baseline`, measured with
    `indicator`."""

    __table_args__ = (
        belongs_to("journey"),
        belongs_to("party", "owner_id", keep=True),
        CheckConstraint("baseline_known IN ('', 'lokaal', 'onbekend')", name="baseline_known"),
    )

    journey_id: str = Field(max_length=16, index=True)
    position: int = 0
    theme: str = Field(default="", max_length=48)
    result: str = ""
    target_group: str = ""
    indicator: str = ""
    baseline_known: str = Field(default="", max_length=10)
    baseline: str = ""
    baseline_source: str = ""
    target: str = ""
    target_on: str = Field(default="", max_length=10)
    owner_id: str | None = Field(default=None, max_length=16)
    measured_how: str = ""
    measured_when: str = ""
    origin: str = Field(default="", max_length=200)
    made_at: datetime = Field(default_factory=now)
    made_by: str = Field(max_length=16)
    removed_at: datetime | None = None


class Responsibility(Row, table=True):
    """What a party does, or does not do (*begrenzing*)."""

    __table_args__ = (
        belongs_to("journey"),
        belongs_to("party"),
        CheckConstraint("side IN ('doet', 'doet-niet')", name="side"),
    )

    journey_id: str = Field(max_length=16, index=True)
    party_id: str = Field(max_length=16)
    side: str = Field(max_length=10)
    text: str = ""
    position: int = 0
    origin: str = Field(default="", max_length=200)
    prefilled: str = ""
    made_at: datetime = Field(default_factory=now)
    made_by: str = Field(default="", max_length=16)
    removed_at: datetime | None = None


class Action(Row, table=True):
    __table_args__ = (
        belongs_to("journey"),
        belongs_to("party", "owner_id", keep=True),
        belongs_to("goal", keep=True),
        CheckConstraint(f"status IN {ACTION_STATES}", name="status"),
    )

    journey_id: str = Field(max_length=16, index=True)
    position: int = 0
    what: str = ""
    owner_id: str | None = Field(default=None, max_length=16)
    with_parties: str = ""
    start_on: str = Field(default="", max_length=10)
    end_on: str = Field(default="", max_length=10)
    status: str = Field(default="nog-niet-begonnen", max_length=20)
    goal_id: str | None = Field(default=None, max_length=16)
    origin: str = Field(default="", max_length=200)
    prefilled: str = ""
    made_at: datetime = Field(default_factory=now)
    made_by: str = Field(default="", max_length=16)
    removed_at: datetime | None = None


class BudgetLine(Row, table=True):
    __tablename__ = "budget_line"
    __table_args__ = (
        belongs_to("journey"),
        CheckConstraint("amount IS NULL OR amount >= 0", name="amount"),
        CheckConstraint("certain IN ('', 'zeker', 'onzeker')", name="certain"),
    )

    journey_id: str = Field(max_length=16, index=True)
    position: int = 0
    what: str = ""
    year: int | None = None
    amount: int | None = Field(default=None, sa_type=BigInteger)  # euro cents; None = unknown
    source: str = ""
    certain: str = Field(default="", max_length=8)
    origin: str = Field(default="", max_length=200)
    prefilled: str = ""
    made_at: datetime = Field(default_factory=now)
    made_by: str = Field(default="", max_length=16)
    removed_at: datetime | None = None
