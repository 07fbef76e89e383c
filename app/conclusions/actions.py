"""The verbs of the conclusions: say what a party thinks of one, and take an example over as a beginning."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from app.answers.actions import Saved, save_answer, save_joint, share
from app.answers.models import BEHALF, OWN
from app.answers.reading import joint_answers
from app.answers.store import find_answer
from app.conclusions import rules
from app.content.pack import Conclusion, ConclusionExample
from app.core.errors import Closed, NotFound
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import Party
from app.journey.rules import may_answer, may_answer_on_behalf
from app.prose.joint import answer_written

SPOKEN = "Deze partij heeft zelf al gezegd wat zij van deze conclusie vindt."


def support_path(conclusion: Conclusion, name: str) -> str:
    return f"{rules.STEP}/{conclusion.slug}/{name}"


def save_support(
    here: Here, party: Party, conclusion: Conclusion, name: str, values: Sequence[str], version: int
) -> Saved:
    """Saves what a party thinks, and shares it at once. For another party it is saved *namens*.

    Raises NotAllowed, Invalid, Stale, NotFound (unknown field), and Closed when the party spoke for itself.
    """
    specs = rules.support_specs(here.pack)
    if name not in specs:
        raise NotFound
    here.require(
        may_answer(here.seat, party) or may_answer_on_behalf(here.seat, party),
        "Alleen mensen van deze partij zeggen wat zij van een conclusie vindt.",
    )
    layer = OWN if may_answer(here.seat, party) else BEHALF
    if layer == BEHALF and has_spoken(here, party, conclusion):
        raise Closed(f"{SPOKEN} U kunt dit niet meer voor haar invullen.")
    path = support_path(conclusion, name)
    saved = save_answer(here, party, path, specs[name], values, version, layer)
    row = find_answer(here.tx, here.journey, party.id, layer, path)
    if row is not None:
        share(here, [row])
    if saved.changed:
        record(here, "conclusion_supported", step=rules.STEP, ref=conclusion.slug, party_id=party.id)
    return saved


def has_spoken(here: Here, party: Party, conclusion: Conclusion) -> bool:
    """Whether the party's own people said what they think of this conclusion."""
    row = find_answer(here.tx, here.journey, party.id, OWN, support_path(conclusion, rules.SUPPORT))
    return row is not None and bool(row.value)


def get_example(conclusion: Conclusion, slug: str) -> ConclusionExample:
    """Raises NotFound."""
    found = next((e for e in conclusion.examples if e.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def take_over(here: Here, conclusion: Conclusion, example: ConclusionExample) -> None:
    """Puts the text of an example into the field it belongs to, under what may already stand there."""
    specs = rules.conclusion_specs(conclusion, here.pack.words)
    option = next((o for o in conclusion.options if o.slug == example.slug), None)
    if option is not None:
        ticked = _value(here, f"{conclusion.slug}/opties").split()
        if option.slug not in ticked:
            _save(
                here,
                conclusion,
                "opties",
                specs,
                " ".join([*_without_group(conclusion, ticked, option), option.slug]),
            )
        target = f"optie/{option.slug}"
    elif example.kind == "visie":
        _save(here, conclusion, "visie-van", specs, example.slug)
        target = "visie"
    else:
        target = "motivering"
    text = _value(here, f"{conclusion.slug}/{target}")
    if example.text not in text:
        _save(here, conclusion, target, specs, f"{text}\n\n{example.text}".strip())
    record(here, "conclusion_changed", step=rules.STEP, ref=f"{conclusion.slug}/{target}"[:120])


def _without_group(conclusion: Conclusion, ticked: Sequence[str], option) -> list[str]:
    """The ticked options that may stay beside this one."""
    if conclusion.pick == "one":
        return []
    other = {o.slug for o in conclusion.options if o.group and o.group == option.group}
    return [slug for slug in ticked if slug not in other]


def _value(here: Here, name: str) -> str:
    row = joint_answers(here).get(f"{rules.STEP}/{name}")
    return row.value if row else ""


def _save(here: Here, conclusion: Conclusion, name: str, specs: dict, value: str) -> None:
    path = f"{rules.STEP}/{conclusion.slug}/{name}"
    row = joint_answers(here).get(path)
    spec = specs[f"{conclusion.slug}/{name}"]
    with answer_written(here, path) if spec.together else nullcontext():
        save_joint(here, path, spec, [value], row.version if row else 0)
