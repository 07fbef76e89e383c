"""Every field that answers can stand in, from the rooms that ask them: which paths exist and what may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.conclusions import rules as conclusions
from app.content.pack import Pack
from app.core.fields import Option, Spec
from app.dialogue import rules as dialogue
from app.exploration import rules as exploration
from app.journey.models import Party
from app.plan import rules as plan
from app.screening import rules as screening

CHOSEN = ("choice", "many", "select")  # kinds whose value is slugs or ids, never typed


def answer_fields(pack: Pack) -> dict[str, Spec]:
    """By path, whatever the kind of the party: it may have become another kind after it began."""
    found: dict[str, Spec] = {}
    for theme in pack.themes:
        for item in theme.items:
            choices = tuple(Option(c.slug, c.label) for c in screening.answers_for(pack, item))
            found[f"{theme.slug}/{screening.choice_name(item)}"] = Spec("choice", item.label, choices)
            found[f"{theme.slug}/{screening.text_name(item)}"] = Spec("text", item.label)
        recognitions = tuple(Option(c.slug, c.label) for c in pack.recognitions)
        found[f"{theme.slug}/{screening.DIVISION}"] = Spec("choice", screening.DIVISION_LABEL, recognitions)
        found[f"{theme.slug}/{screening.DIVISION_INSTEAD}"] = Spec("text", screening.DIVISION_LABEL)
    for conclusion in pack.conclusions:
        for name, spec in conclusions.support_specs(pack).items():
            found[f"{conclusions.STEP}/{conclusion.slug}/{name}"] = spec
    return found


def joint_fields(pack: Pack, parties: Sequence[Party], agreements: Iterable[str]) -> dict[str, Spec]:
    """By path. `agreements` are ids. What depends on the kind of a party is taken wide, for the same reason."""
    rooms = {
        exploration.STEP: exploration.fields(pack),
        dialogue.STEP: dialogue.fields(pack, parties),
        conclusions.STEP: conclusions.fields(pack, tuple(agreements)),
        plan.STEP: plan.fields(pack, parties),
    }
    found = {f"{step}/{name}": spec for step, specs in rooms.items() for name, spec in specs.items()}
    everybody = tuple(Option(p.id, p.name) for p in parties)
    found[f"{plan.STEP}/{plan.LEAD}"] = Spec("choice", "regie", everybody)
    roles = tuple(Option(r.slug, r.text) for c in pack.chapters for r in c.roles)
    for party in parties:
        found[f"{plan.STEP}/rol/{party.id}"] = Spec("many", "rol", roles)
    return found
