"""The rows of the plan: goals, duties, actions, budget lines. What each column asks, and in which chapter
it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.content.pack import Pack
from app.core.fields import Option, Spec
from app.journey.models import Party
from app.plan.models import Action, BudgetLine, Goal, Responsibility

Row = Goal | Responsibility | Action | BudgetLine
STATES = {
    "nog-niet-begonnen": "nog niet begonnen",
    "loopt": "loopt",
    "klaar": "klaar",
    "gestopt": "gestopt",
}
SIDES = {"doet": "Doet", "doet-niet": "Doet niet"}
UNKNOWN = "onbekend: eerst meten"


@dataclass(frozen=True)
class Kind:
    """One kind of row. `specs` gives its columns; `main` is the column that says what it is."""

    name: str  # in addresses
    label: str  # in sentences: "het doel"
    table: type[Any]
    chapter_kind: str
    event: str  # goal_added, goal_changed, …
    main: str
    specs: Callable[[Pack, Sequence[Party], Sequence[Goal]], dict[str, Spec]]


def _parties(parties: Sequence[Party]) -> tuple[Option, ...]:
    return tuple(Option(p.id, p.name) for p in parties)


def _goal(pack: Pack, parties: Sequence[Party], goals: Sequence[Goal]) -> dict[str, Spec]:
    themes = tuple(Option(t.slug, f"{t.letter}. {t.title}") for t in pack.themes)
    return {
        "result": Spec(
            "text",
            "Wat is er dan anders?",
            max_length=1000,
            help="Noem een resultaat, geen activiteit. Begin met een werkwoord.",
            example=pack.words.goal_result,
        ),
        "target": Spec("line", "Hoeveel wilt u bereiken?", example=pack.words.goal_target),
        "target_group": Spec("line", "Voor wie?", example=pack.words.goal_group),
        "target_on": Spec("month", "Wanneer is het bereikt?", example="juni 2029."),
        "baseline_known": Spec(
            "choice",
            "Weet u hoe het nu is?",
            (Option("lokaal", "Ja, met een cijfer van hier"), Option("onbekend", "Nee, dat meten wij eerst")),
        ),
        "baseline": Spec("line", "Hoe is het nu?", example="61 %."),
        "baseline_source": Spec(
            "line",
            "Waar komt dat cijfer vandaan?",
            help="Gebruik een cijfer uit uw eigen gemeente. Een landelijk cijfer zegt niet hoe het hier is.",
        ),
        "indicator": Spec("text", "Wat telt u precies?", max_length=1000),
        "measured_how": Spec("text", "Waarmee meet u dit?", max_length=1000, example=pack.words.goal_measured),
        "measured_when": Spec("line", "Wanneer meet u dit?", example="elk jaar in april."),
        "owner_id": Spec("select", "Welke partij zorgt hiervoor?", _parties(parties)),
        "theme": Spec("select", "Bij welk thema hoort dit?", themes),
    }


def _duty(pack: Pack, parties: Sequence[Party], goals: Sequence[Goal]) -> dict[str, Spec]:
    return {"text": Spec("text", "Wat", required=True, max_length=2000)}


def _action(pack: Pack, parties: Sequence[Party], goals: Sequence[Goal]) -> dict[str, Spec]:
    numbered = tuple(Option(g.id, f"Doel {n}: {g.result[:80] or 'nog zonder tekst'}") for n, g in enumerate(goals, 1))
    return {
        "what": Spec("text", "Wat gaat u doen?", required=True, max_length=2000),
        "owner_id": Spec("select", "Wie zorgt hiervoor?", _parties(parties)),
        "with_parties": Spec("many", "Met wie?", _parties(parties)),
        "start_on": Spec("month", "Wanneer begint het?", example="maart 2028."),
        "end_on": Spec("when", "Wanneer is het klaar?", example="juni 2028."),
        "status": Spec(
            "select",
            "Hoe staat het ervoor?",
            tuple(Option(k, v.capitalize()) for k, v in STATES.items()),
            required=True,
        ),
        "goal_id": Spec("select", "Bij welk doel hoort dit?", numbered),
    }


def _budget(pack: Pack, parties: Sequence[Party], goals: Sequence[Goal]) -> dict[str, Spec]:
    sure = (Option("zeker", "Zeker"), Option("onzeker", "Onzeker"))
    return {
        "what": Spec("text", "Waarvoor is het geld?", required=True, max_length=1000),
        "year": Spec("year", "In welk jaar?"),
        "amount": Spec("money", "Hoeveel euro?", help="Weet u het nog niet? Laat het leeg."),
        "source": Spec("line", "Waar komt het geld vandaan?"),
        "certain": Spec("choice", "Is dit geld zeker?", sure),
    }


KINDS = {
    kind.name: kind
    for kind in (
        Kind("doel", "het doel", Goal, "doelen", "goal", "result", _goal),
        Kind("taak", "de verantwoordelijkheid", Responsibility, "organisatie", "responsibility", "text", _duty),
        Kind("actie", "de actie", Action, "stappen", "action", "what", _action),
        Kind("begroting", "de begrotingsregel", BudgetLine, "stappen", "budget", "what", _budget),
    )
}
INTO = {
    "doel": "doel",
    "doet": "taak",
    "actie": "actie",
    "begroting": "begroting",
}  # what a piece becomes → kind of row
