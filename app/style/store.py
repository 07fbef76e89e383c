"""Queries of house styles."""

from __future__ import annotations

from sqlmodel import Session, col, select

from app.style.models import HouseStyle


def find_taken(tx: Session, tenant_id: str) -> HouseStyle | None:
    """The style in use."""
    query = select(HouseStyle).where(HouseStyle.tenant_id == tenant_id, col(HouseStyle.taken_at).is_not(None))
    return tx.exec(query.order_by(col(HouseStyle.id).desc())).first()


def find_offered(tx: Session, tenant_id: str) -> HouseStyle | None:
    """The style that waits to be taken over."""
    return tx.exec(
        select(HouseStyle).where(HouseStyle.tenant_id == tenant_id, col(HouseStyle.taken_at).is_(None))
    ).first()


def find_marked(tx: Session, tenant_id: str, mark: str) -> HouseStyle | None:
    return tx.exec(select(HouseStyle).where(HouseStyle.tenant_id == tenant_id, HouseStyle.mark == mark)).first()


def list_styles(tx: Session, tenant_id: str) -> list[HouseStyle]:
    return list(tx.exec(select(HouseStyle).where(HouseStyle.tenant_id == tenant_id).order_by(col(HouseStyle.id))))


def find_look(tx: Session, tenant_id: str) -> tuple[str, bool, str, str] | None:
    """Of the style in use: its mark, whether it has a theme, the kind of its logo and what a logo says. No bytes."""
    columns = (HouseStyle.mark, HouseStyle.theme_css != "", HouseStyle.logo_kind, HouseStyle.logo_alt)
    return tx.exec(
        select(*columns)
        .where(HouseStyle.tenant_id == tenant_id, col(HouseStyle.taken_at).is_not(None))
        .order_by(col(HouseStyle.id).desc())
    ).first()
