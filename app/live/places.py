"""Where in a journey somebody is, in words."""

from __future__ import annotations

import re

from app.journey.gate import Here
from app.journey.steps import steps_of

_PLACE = re.compile(r"[a-z0-9-]{1,48}(/[a-z0-9-]{1,48})?")


def checked_place(here: Here, said: str) -> str:
    """The place that a browser says it is at, as 'gesprek/taal'; '' for the overview and for what does not exist."""
    if not _PLACE.fullmatch(said):
        return ""
    step, _, part = said.partition("/")
    if step not in {s.slug for s in steps_of(here.pack)} | {"document"}:
        return ""
    return said if part in _parts(here) else step


def _parts(here: Here) -> dict[str, str]:
    """Themes, chapters and conclusions, each with how it is called."""
    return {
        **{theme.slug: f"thema {theme.letter}" for theme in here.pack.themes},
        **{chapter.slug: f"hoofdstuk {chapter.number}" for chapter in here.pack.chapters},
    }


def place_words(here: Here, place: str) -> str:
    """'bij Gesprek, thema B'."""
    step, _, part = place.partition("/")
    label = next((s.label for s in steps_of(here.pack) if s.slug == step), f"het {step or 'overzicht'}")
    words = [label.rstrip("?"), *([name] if (name := _parts(here).get(part, "")) else [])]
    return f"bij {', '.join(words)}"
