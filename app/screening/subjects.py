"""A point of a theme as something to remark on: at the point itself, or at what one party shared there."""

from __future__ import annotations

from app.content.pack import Item, Theme
from app.journey.gate import Here
from app.remarks import subjects
from app.remarks.subjects import Subject
from app.screening import rules

KIND = "punt"


def point(here: Here, theme: Theme, item: Item) -> Subject:
    joint = here.pack.joint_column
    spoken = (
        here.parties
        if joint and item.column == joint.slug
        else tuple(p for p in here.parties if here.kind_of(p).column == item.column)
    )
    return Subject(
        key=f"{KIND}/{theme.slug}/{item.slug}",
        step=rules.STEP,
        part=theme.slug,
        place=f"thema {theme.letter}: {theme.title}",
        title=item.label,
        page=f"{here.url}/{rules.STEP}/{theme.slug}/naast-elkaar",
        anchor=rules.anchor(item),
        parties=spoken,
    )


def _find(here: Here, rest: str) -> Subject | None:
    theme_slug, _, item_slug = rest.partition("/")
    for theme in here.pack.themes:
        if theme.slug == theme_slug:
            return next((point(here, theme, i) for i in theme.items if i.slug == item_slug), None)
    return None


subjects.at(KIND, _find)
