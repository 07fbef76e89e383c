"""Pure decisions and sums of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.content.pack import Chapter, Pack
from app.core.errors import NotFound
from app.core.fields import Option, Spec
from app.core.text import inside
from app.journey.models import Party
from app.plan.goalcheck import GoalWords
from app.plan.models import Goal
from app.plan.said import Budget, BudgetSaid, YearTotal
from app.plan.told import month_text

STEP = "plan"
LEAD = "regie"


def get_chapter(pack: Pack, slug: str) -> Chapter:
    """Raises NotFound."""
    try:
        return pack.chapter(slug)
    except KeyError:
        raise NotFound from None


def may_lead(pack: Pack, parties: Sequence[Party]) -> tuple[Party, ...]:
    """The parties that can hold the regie: a gemeente or a bestuur, as the pack says."""
    return tuple(p for p in parties if pack.party_kind(p.kind).may_lead)


def fields(pack: Pack, parties: Sequence[Party]) -> dict[str, Spec]:
    """The joint fields of the plan by name (path without `plan/`)."""
    specs = {
        LEAD: Spec(
            "choice",
            "Wie heeft de regie?",
            tuple(Option(p.id, p.name) for p in may_lead(pack, parties)),
            help=pack.words.lead_help,
        )
    }
    for party in parties:
        roles = [r for c in pack.chapters for r in c.roles if party.kind in r.party_kinds]
        if roles:
            options = tuple(Option(r.slug, r.text, r.hedge) for r in roles)
            specs[f"rol/{party.id}"] = Spec("many", f"Wat doet {party.name} nog meer?", options)
    for chapter in pack.chapters:
        demands = tuple(Option(d.slug, d.text) for d in chapter.demands)
        specs[f"{chapter.slug}/hoort-hierin"] = Spec(
            "many", "Dit hoort hierin", demands, help="Kruis aan wat erin staat."
        )
        if chapter.kind == "evaluatie":
            specs[f"{chapter.slug}/eerste-keer"] = Spec(
                "month", f"Wanneer is de eerste evaluatie {pack.words.meeting}?", example="maart 2028."
            )
            specs[f"{chapter.slug}/extern-bureau"] = Spec(
                "choice",
                "Laat u een extern bureau meten of evalueren?",
                (Option("ja", "Ja, een extern bureau"), Option("nee", "Nee, dat doen wij zelf")),
                help="Dit mag, het hoeft niet.",
            )
    return specs


def goal_words(goal: Goal, parties: Iterable[Party]) -> GoalWords:
    """The goal as the check reads it. An owner that no longer takes part counts as none."""
    return GoalWords(
        result=goal.result,
        target_group=goal.target_group,
        indicator=goal.indicator,
        baseline_known=goal.baseline_known,
        baseline=goal.baseline,
        baseline_source=goal.baseline_source,
        target=goal.target,
        target_on=goal.target_on,
        owner=next((p.in_text for p in parties if p.id == goal.owner_id), ""),
        measured_how=goal.measured_how,
        measured_when=goal.measured_when,
    )


EVERY = ("alle ", "elke ", "iedere ")
ARTICLES = ("de", "het", "een", "alle", "elke", "iedere", "onze", "ons", "deze", "die", "ten")
PLURAL = {
    "heeft": "hebben",
    "is": "zijn",
    "vindt": "vinden",
    "voldoet": "voldoen",
    "maakt": "maken",
    "weet": "weten",
    "kan": "kunnen",
    "krijgt": "krijgen",
    "doet": "doen",
    "voelt": "voelen",
    "ervaart": "ervaren",
    "komt": "komen",
    "leest": "lezen",
    "gebruikt": "gebruiken",
    "neemt": "nemen",
    "kent": "kennen",
    "werkt": "werken",
    "houdt": "houden",
    "gaat": "gaan",
    "voert": "voeren",
    "zegt": "zeggen",
    "wordt": "worden",
    "staat": "staan",
    "helpt": "helpen",
    "praat": "praten",
}


def agreeing(result: str, subject: str) -> str:
    """The result with its verb in the plural behind 'alle scholen'; 'heeft' becomes 'hebben'."""
    verb, space, rest = result.partition(" ")
    if subject.lower().startswith("alle ") and verb.lower() in PLURAL:
        return PLURAL[verb.lower()] + space + rest
    return result


def goal_parts(goal: GoalWords) -> tuple[tuple[str, bool | None], ...]:
    """The goal as a few sentences with blanks: words (None), filled in (True), a question where it is open
    (False)."""
    parts: list[tuple[str, bool | None]] = []

    def blank(value: str, question: str) -> None:
        parts.append((" ".join(value.split()).rstrip(".") or question, bool(value)))

    def words(text: str) -> None:
        parts.append((text, None))

    group, target = goal.target_group, goal.target
    if group and group.split()[0].lower() not in ARTICLES:
        group = f"de {group}"
    if target.lower().startswith(EVERY) and group.lower().startswith(EVERY):
        blank(group, "")
        subject = group
    else:
        blank(target, "hoeveel")
        words(" (" if " van " in target else " van ")
        blank(group, "wie")
        words(")" if " van " in target else "")
        subject = target
    words(" ")
    blank(agreeing(goal.result, subject), "wat is er dan anders")
    words(", uiterlijk in ")
    blank(month_text(goal.target_on) if goal.target_on else "", "wanneer")
    words(". Nu is dat ")
    if goal.baseline_known == "onbekend":
        blank("nog onbekend: eerst meten", "")
    else:
        blank(goal.baseline, "hoe is het nu")
        if goal.baseline_source:
            words(" (bron: ")
            blank(goal.baseline_source, "")
            words(")")
    words(". Wij tellen: ")
    blank(goal.indicator, "wat")
    words(". Wij meten dit met ")
    blank(goal.measured_how, "waarmee")
    words(", ")
    blank(goal.measured_when, "wanneer")
    words(". Hiervoor zorgt ")
    blank(inside(goal.owner), "welke partij")
    words(".")
    return tuple(parts)


def budget(lines: Iterable[BudgetSaid]) -> Budget:
    """Totals per year, certain and not certain apart. What is unknown is counted, never added as zero."""
    lines = tuple(lines)
    years = []
    for year in sorted({line.year for line in lines}, key=lambda y: (y == "", y)):
        mine = [line for line in lines if line.year == year]
        known = [line for line in mine if line.amount is not None]
        years.append(
            YearTotal(
                year=year,
                certain=sum(line.amount or 0 for line in known if line.certain == "zeker"),
                uncertain=sum(line.amount or 0 for line in known if line.certain != "zeker"),
                unknown=len(mine) - len(known),
            )
        )
    return Budget(lines, tuple(years))
