"""Background: facts that fold open at the step where they help."""

from __future__ import annotations

from typing import Literal

from app.content.parts import Fact, Part, Slug, Text

Place = Literal[
    "opzet",
    "verkenning",
    "eigen-kolom",
    "naast-elkaar",
    "gesprek",
    "conclusies",
    "plan-inleiding",
    "plan-inventarisatie",
    "plan-doelen",
    "plan-organisatie",
    "plan-evaluatie",
    "plan-stappen",
]


class Background(Part):
    """A few facts that belong together. `title` is what one presses to read them."""

    slug: Slug
    title: Text
    places: tuple[Place, ...]  # the pages it stands on
    themes: tuple[Slug, ...] = ()  # on the pages of a theme: only these; empty: all
    lead: str = ""  # what to do with it, above the facts
    facts: tuple[Fact, ...]


def backgrounds_at(backgrounds: tuple[Background, ...], place: str, theme: str = "") -> tuple[Background, ...]:
    """What folds open on this page, in the order of the pack."""
    return tuple(b for b in backgrounds if place in b.places and (not theme or not b.themes or theme in b.themes))
