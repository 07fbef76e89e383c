"""Queries of the register."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, SQLModel, col, func, select

from app.journey.names import plain_name
from app.register.models import RegisterBoard, RegisterImport, RegisterMunicipality, RegisterSchool
from app.register.rules import There


def _row(record: SQLModel) -> dict[str, str]:
    values = record.model_dump(mode="json", exclude={"code"})
    return {key: value or "" for key, value in values.items()}


def list_there(tx: Session) -> There:
    """The whole register. Some ten thousand rows at most: only an import reads it."""
    return There(
        {m.code: _row(m) for m in tx.exec(select(RegisterMunicipality).order_by(RegisterMunicipality.code))},
        {b.code: _row(b) for b in tx.exec(select(RegisterBoard).order_by(RegisterBoard.code))},
        {s.code: _row(s) for s in tx.exec(select(RegisterSchool).order_by(RegisterSchool.code))},
    )


def list_municipality_names(tx: Session) -> list[str]:
    """Of the gemeenten of today, in the order of the alphabet."""
    query = select(RegisterMunicipality.name).where(col(RegisterMunicipality.ended_on).is_(None))
    return sorted(tx.exec(query), key=str.casefold)


def list_municipalities_named(tx: Session, names: Iterable[str]) -> list[RegisterMunicipality]:
    """The gemeenten of today with these names, whatever the capitals."""
    wanted = {plain_name(name).casefold() for name in names}
    query = select(RegisterMunicipality).where(col(RegisterMunicipality.ended_on).is_(None))
    return [m for m in tx.exec(query.order_by(RegisterMunicipality.code)) if m.name.casefold() in wanted]


def list_schools_in(tx: Session, codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """The schools in these gemeenten, by code."""
    query = select(RegisterSchool).where(col(RegisterSchool.municipality_code).in_(list(codes)))
    return {s.code: _row(s) for s in tx.exec(query.order_by(RegisterSchool.code))}


def list_boards(tx: Session, codes: Iterable[str]) -> dict[str, dict[str, str]]:
    query = select(RegisterBoard).where(col(RegisterBoard.code).in_(list(codes)))
    return {b.code: _row(b) for b in tx.exec(query.order_by(RegisterBoard.code))}


def list_named_schools(tx: Session, names: Iterable[str]) -> list[tuple[str, str, str, str]]:
    """(code of the board, its name, sector, school) for all schools in the gemeenten of today with these names."""
    wanted = {plain_name(name).casefold() for name in names}
    query = (
        select(RegisterSchool.board_code, RegisterBoard.name, RegisterSchool.sector, RegisterSchool.name)
        .join(RegisterMunicipality, col(RegisterMunicipality.code) == RegisterSchool.municipality_code)
        .join(RegisterBoard, col(RegisterBoard.code) == RegisterSchool.board_code, isouter=True)
        .where(func.lower(RegisterMunicipality.name).in_(wanted), col(RegisterMunicipality.ended_on).is_(None))
        .order_by(RegisterSchool.code)
    )
    return [(code, name or "", sector, school) for code, name, sector, school in tx.exec(query)]


def list_imports(tx: Session) -> list[RegisterImport]:
    """Newest first, those that were never taken over left out."""
    query = select(RegisterImport).where(col(RegisterImport.applied_at).is_not(None))
    return list(tx.exec(query.order_by(col(RegisterImport.id).desc()).limit(50)))


def find_offered(tx: Session, import_id: str) -> RegisterImport | None:
    """A file that waits to be taken over."""
    found = tx.get(RegisterImport, import_id)
    return found if found and found.applied_at is None else None


def find_any_school(tx: Session) -> bool:
    return tx.exec(select(RegisterSchool.code).limit(1)).first() is not None


def count_there(tx: Session) -> tuple[int, int, int, int]:
    """How many gemeenten of today, boards, boards without a name, and schools the register holds."""
    today = select(func.count()).select_from(RegisterMunicipality).where(col(RegisterMunicipality.ended_on).is_(None))
    boards = select(func.count()).select_from(RegisterBoard)
    return (
        tx.exec(today).one(),
        tx.exec(boards).one(),
        tx.exec(boards.where(RegisterBoard.name == "")).one(),
        tx.exec(select(func.count()).select_from(RegisterSchool)).one(),
    )
