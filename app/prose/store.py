"""Queries of prose."""

from sqlmodel import Session, col, select

from app.core.errors import NotFound
from app.journey.models import Journey
from app.prose.models import LeftOut, Paragraph, ParagraphOrigin


def list_paragraphs(tx: Session, journey: Journey) -> tuple[list[Paragraph], dict[str, list[ParagraphOrigin]]]:
    """All paragraphs of all chapters in reading order, removed ones included, and the origins of each by
    its id."""
    paragraphs: dict[str, Paragraph] = {}
    origins: dict[str, list[ParagraphOrigin]] = {}
    rows = tx.exec(
        select(Paragraph, ParagraphOrigin)
        .join(
            ParagraphOrigin,
            (col(ParagraphOrigin.tenant_id) == Paragraph.tenant_id)
            & (col(ParagraphOrigin.paragraph_id) == Paragraph.id),
            isouter=True,
        )
        .where(Paragraph.tenant_id == journey.tenant_id, Paragraph.journey_id == journey.id)
        .order_by(Paragraph.chapter, Paragraph.position, Paragraph.id, ParagraphOrigin.id)
    )
    for paragraph, origin in rows:
        paragraphs[paragraph.id] = paragraph
        if origin is not None:
            origins.setdefault(paragraph.id, []).append(origin)
    return list(paragraphs.values()), origins


def get_paragraph(tx: Session, journey: Journey, paragraph_id: str) -> Paragraph:
    """Also a removed one. Raises NotFound."""
    found = tx.get(Paragraph, (journey.tenant_id, paragraph_id))
    if found is None or found.journey_id != journey.id:
        raise NotFound
    return found


def list_left_out(tx: Session, journey: Journey) -> list[LeftOut]:
    """Oldest first."""
    return list(
        tx.exec(
            select(LeftOut)
            .where(LeftOut.tenant_id == journey.tenant_id, LeftOut.journey_id == journey.id)
            .order_by(LeftOut.id)
        )
    )
