"""What the page Verkenning shows."""

from dataclasses import dataclass

from app.answers.joint import JointFields
from app.answers.reading import joint_answers
from app.content.pack import Choice, Exploration
from app.content.shown import FactRow, fact_rows
from app.core.fields import FieldView
from app.exploration import rules
from app.journey.context import BackgroundView, context
from app.journey.gate import Here


@dataclass(frozen=True)
class ExplorationPage:
    asked: Exploration
    reasons: FieldView | None
    questions: tuple[FieldView, ...]
    outcome: FieldView
    why: FieldView
    chosen: str  # slug of the outcome
    skipped: bool
    spheres: tuple[Choice, ...]
    background: tuple[FactRow, ...]
    more: tuple[BackgroundView, ...]
    url: str
    may_set_up: bool


def exploration_fields(here: Here) -> JointFields:
    """All fields of the verkenning, with what is stored."""
    return JointFields(here, rules.STEP, rules.fields(here.pack), joint_answers(here))


def exploration_page(here: Here) -> ExplorationPage:
    fields, ask = exploration_fields(here), rules.asked(here.pack)
    return ExplorationPage(
        asked=ask,
        reasons=fields.view("redenen") if ask.reasons else None,
        questions=tuple(fields.view(f"vraag/{q.slug}") for q in ask.questions),
        outcome=fields.view("uitkomst"),
        why=fields.view("waarom"),
        chosen=rules.outcome(fields.rows),
        skipped=any(s.step == rules.STEP and s.state == "overgeslagen" for s in here.states),
        spheres=here.pack.spheres,
        background=fact_rows(here.pack, (*here.pack.background, *ask.facts, *here.pack.closing)),
        more=context(here, rules.STEP).backgrounds,
        url=here.url,
        may_set_up=here.may_set_up,
    )
