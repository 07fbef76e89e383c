"""Tables of prose."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from app.core.clock import now
from app.core.database import Row, belongs_to
from app.prose.updates import KINDS


class Paragraph(Row, table=True):
    """One paragraph of one chapter. `prefilled` is the text it was made with; equal to `text` while nobody
    touched it."""

    __table_args__ = (
        belongs_to("journey"),
        CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind"),
    )

    journey_id: str = Field(max_length=16, index=True)
    chapter: str = Field(max_length=48)
    position: int = 0
    kind: str = Field(default="alinea", max_length=8)
    text: str = ""
    rich: str = ""  # the text with what is bold, italic or a link, as JSON; "" when nothing is
    prefilled: str = ""  # "" for a paragraph somebody wrote
    slot: str = Field(default="", max_length=80)  # which pre-filled paragraph it is, e.g. "b/links"
    version: int = 0  # 0 while nobody saved it
    made_at: datetime = Field(default_factory=now)
    saved_at: datetime = Field(default_factory=now)
    saved_by: str = Field(default="", max_length=16)  # "" = pre-filled
    removed_at: datetime | None = None
    removed_by: str = Field(default="", max_length=16)


class ParagraphOrigin(Row, table=True):
    """Where (a sentence of) a paragraph comes from, and how the source read when it was taken over."""

    __tablename__ = "paragraph_origin"
    __table_args__ = (
        belongs_to("journey"),
        belongs_to("paragraph"),
        UniqueConstraint("tenant_id", "paragraph_id", "key"),
    )

    journey_id: str = Field(max_length=16, index=True)
    paragraph_id: str = Field(max_length=16)
    key: str = Field(max_length=200)
    said: str = ""  # the sentence the source gave then
    via: str = Field(default="", max_length=16)  # the paragraph it was joined with or split from, that has it too


class ProseDocument(Row, table=True):
    """A text that several people write in at once. The paragraphs of its chapter, or its answer, are what it says,
    always."""

    __tablename__ = "prose_document"
    __table_args__ = (belongs_to("journey"), UniqueConstraint("tenant_id", "journey_id", "name"))

    journey_id: str = Field(max_length=16)
    name: str = Field(max_length=168)  # of the chapter, or the path of the joint answer
    seq: int = 0  # how many updates it has; whoever adds one holds this row
    snapshot: bytes = b""  # only to load faster: the first `snapshot_seq` updates as one
    snapshot_seq: int = 0
    writers: str = ""  # of those updates: whose each number of a writer is, as JSON
    made_at: datetime = Field(default_factory=now)

    @property
    def concerns_others(self) -> bool:
        """What it says stands elsewhere too, and is counted there."""
        return False


class ProseUpdate(Row, table=True):
    """One change of a shared text as it came in. Never removed: together they are the text, and its history."""

    __tablename__ = "prose_update"
    __table_args__ = (
        belongs_to("journey"),
        belongs_to("prose_document", "document_id"),
        UniqueConstraint("tenant_id", "document_id", "seq"),
    )

    journey_id: str = Field(max_length=16, index=True)
    document_id: str = Field(max_length=16)
    seq: int
    data: bytes
    seat_id: str = Field(default="", max_length=16)  # "" = the program itself
    at: datetime = Field(default_factory=now)


class LeftOut(Row, table=True):
    """Something that was said and is deliberately not in the plan, with the reason."""

    __tablename__ = "left_out"
    __table_args__ = (belongs_to("journey"), UniqueConstraint("tenant_id", "journey_id", "key"))

    journey_id: str = Field(max_length=16)
    chapter: str = Field(max_length=48)
    key: str = Field(max_length=200)
    said: str = ""
    reason: str = Field(max_length=24)
    note: str = ""
    at: datetime = Field(default_factory=now)
    by_seat: str = Field(max_length=16)
