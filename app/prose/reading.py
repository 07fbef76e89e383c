"""Prose as the rooms above read it: all paragraphs of a journey at once."""

from __future__ import annotations

from dataclasses import dataclass

from app.journey.gate import Here
from app.prose import store
from app.prose.models import LeftOut, Paragraph, ParagraphOrigin


@dataclass(frozen=True)
class Prose:
    """`all` holds removed paragraphs too."""

    all: tuple[Paragraph, ...]
    origins: dict[str, list[ParagraphOrigin]]
    left_out: tuple[LeftOut, ...]

    def chapter(self, slug: str) -> tuple[Paragraph, ...]:
        """The paragraphs of this chapter in reading order, without removed ones."""
        return tuple(p for p in self.all if p.chapter == slug and p.removed_at is None)

    def origins_of(self, paragraph: Paragraph) -> list[ParagraphOrigin]:
        return self.origins.get(paragraph.id, [])

    def keys(self, *, removed: bool = False) -> set[str]:
        """The origins that stand in the text, or (`removed`) only in paragraphs that were removed."""
        live = {o.key for p in self.all if _stands(p) for o in self.origins_of(p)}
        if not removed:
            return live
        return {o.key for p in self.all if not _stands(p) for o in self.origins_of(p)} - live


def _stands(paragraph: Paragraph) -> bool:
    """Whether it says anything: of a pre-filled paragraph that somebody emptied, nothing is left in the text."""
    return paragraph.removed_at is None and bool(paragraph.text or not paragraph.prefilled)


def read_prose(here: Here) -> Prose:
    """Everything, in two queries; read once per request."""
    if "prose" not in here.extra:
        paragraphs, origins = store.list_paragraphs(here.tx, here.journey)
        here.extra["prose"] = Prose(tuple(paragraphs), origins, tuple(store.list_left_out(here.tx, here.journey)))
    return here.extra["prose"]  # type: ignore[return-value]


def forget_prose(here: Here) -> None:
    """After a change within this request."""
    here.extra.pop("prose", None)
