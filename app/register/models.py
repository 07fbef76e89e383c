"""Tables of the register. They hold public facts about the whole country, so they belong to no tenant."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.ids import new_id


class RegisterMunicipality(SQLModel, table=True):
    """A gemeente. `code` is the four figures that CBS, TOOI and DUO share."""

    __tablename__ = "register_municipality"

    code: str = Field(primary_key=True, max_length=4)
    name: str = Field(max_length=120)
    uri: str = Field(default="", max_length=200)  # '' while only a DUO file named it
    ended_on: date | None = None  # set once the gemeente has been merged into another


class RegisterBoard(SQLModel, table=True):
    """A bevoegd gezag. `name` is '' while only a file without names spoke of it."""

    __tablename__ = "register_board"

    code: str = Field(primary_key=True, max_length=8)
    name: str = Field(default="", max_length=200)


class RegisterSchool(SQLModel, table=True):
    """A school location. `code` is that of the institution with that of the location: '01UO00'."""

    __tablename__ = "register_school"

    code: str = Field(primary_key=True, max_length=12)
    board_code: str = Field(max_length=8, index=True)
    municipality_code: str = Field(max_length=4, index=True)
    name: str = Field(max_length=200)
    place: str = Field(default="", max_length=80)
    sector: str = Field(max_length=8)  # po or vo


class RegisterImport(SQLModel, table=True):
    """A file that was offered. Until somebody takes it over, `rows` holds what was read from it (JSON)."""

    __tablename__ = "register_import"

    id: str = Field(primary_key=True, default_factory=new_id, max_length=16)
    kind: str = Field(max_length=16)
    file_name: str = Field(max_length=200)
    measured_on: date | None = None  # the date the file speaks of, where it says so
    sha256: str = Field(max_length=64)
    rows: str = Field(default="")
    new: int = 0
    changed: int = 0
    vanished: int = 0
    offered_at: datetime = Field(default_factory=now)
    applied_at: datetime | None = None
