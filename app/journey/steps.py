"""The steps of a journey, in order. Steps that do not exist yet are not listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.content.pack import Pack


@dataclass(frozen=True)
class Step:
    slug: str
    label: str
    short: str
    purpose: str  # one sentence: what this step is for


STEPS = (
    Step("opzet", "Opzet", "Opzet", "Wie doen er mee, en wanneer is het overleg?"),
    Step("verkenning", "Verkenning", "Verkenning", "Is het zinvol om hierover samen te praten?"),
    Step(
        "waar-staan-we",
        "Waar staan we?",
        "Waar staan we?",
        "Elke partij vult de eigen kolom in, daarna ligt alles naast elkaar.",
    ),
    Step("gesprek", "Gesprek", "Gesprek", "Samen praten, per thema een uitkomst kiezen en afspraken maken."),
    Step("conclusies", "Conclusies", "Conclusies", "Wat volgt er uit het gesprek?"),
    Step("plan", "Plan van aanpak", "Plan", "Samen het plan schrijven, hoofdstuk voor hoofdstuk."),
)


def steps_of(pack: Pack) -> tuple[Step, ...]:
    """The steps of a journey with this pack: without a verkenning when the pack has none."""
    return tuple(s for s in STEPS if pack.exploration or s.slug != "verkenning")


def get_step(slug: str) -> Step:
    """The step with this slug; KeyError when there is none."""
    for step in STEPS:
        if step.slug == slug:
            return step
    raise KeyError(slug)
