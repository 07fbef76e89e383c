"""The goal check, case by case."""

from dataclasses import replace
from datetime import date

import pytest

from app.plan.goalcheck import GoalWords, is_activity, verdicts

TODAY = date(2027, 3, 12)
WHOLE = GoalWords(
    result="vindt dat de school goed helpt bij het leren thuis",
    target_group="de ouders van kinderen op de basisschool",
    indicator="deel van de ouders dat dat vindt",
    baseline_known="lokaal",
    baseline="61 %",
    baseline_source="ouderenquête 2026",
    target="85 %",
    target_on="2029-06",
    owner="Stichting De Linde",
    measured_how="een korte vragenlijst",
    measured_when="elk voorjaar",
)


def test_a_whole_goal_is_measurable():
    assert verdicts(WHOLE, TODAY) == ()


@pytest.mark.parametrize(
    "change, said",
    [
        ({"result": ""}, "Wat is er dan anders?"),
        (
            {"result": "meer ouders betrekken", "target": "", "target_group": ""},
            "Hoeveel ouders, en hoe telt u dat?",
        ),
        (
            {"result": "beter contact", "target": "", "target_group": "gezinnen"},
            "Hoeveel gezinnen, en hoe telt u dat?",
        ),
        ({"result": "meer contact", "target": "", "target_group": ""}, "Hoeveel, en hoe telt u dat?"),
        ({"target": ""}, "Wanneer is het genoeg? Noem een getal of een deel."),
        ({"target": "in 2029"}, "Wanneer is het genoeg? Noem een getal of een deel."),
        ({"result": "90 % tevreden", "indicator": "", "measured_how": ""}, "Waarmee meet u dit?"),
        ({"indicator": "", "measured_how": ""}, "Waarmee meet u dit?"),
        ({"measured_how": ""}, "Hoe meet u dit: met een vragenlijst, met cijfers van scholen of anders?"),
        ({"indicator": ""}, "Wat telt u precies?"),
        ({"target_on": "2027-02"}, "Deze datum is al voorbij."),
        ({"target_on": ""}, "Wanneer wilt u dit bereikt hebben?"),
        ({"result": "is tevreden", "target": "90 %", "target_group": ""}, "90 % van wie?"),
        ({"result": "90% is tevreden", "target": "", "target_group": ""}, "90 % van wie?"),
        ({"result": "is tevreden", "target": "allemaal 7", "target_group": ""}, "Voor wie is dit?"),
        ({"result": "werkconferentie houden"}, "Dit is een activiteit. Wat is er daarna anders?"),
        ({"result": "Een ouderavond organiseren"}, "Dit is een activiteit. Wat is er daarna anders?"),
        ({"result": "pilot met vijf scholen"}, "Dit is een activiteit. Wat is er daarna anders?"),
        ({"owner": ""}, "Welke partij zorgt hiervoor?"),
        ({"measured_when": ""}, "Wanneer meet u dit?"),
        ({"baseline": ""}, "Hoe is het nu? Vul het cijfer in, of kies ‘onbekend’."),
        ({"baseline_source": ""}, "Waar komt het cijfer van nu vandaan?"),
        ({"baseline_known": ""}, "Hoe is het nu? Weet u het niet, kies dan ‘onbekend: eerst meten’."),
        (
            {"baseline_source": "landelijk onderzoek"},
            "Een landelijk cijfer zegt niet hoe het hier is. Neem een cijfer van hier, of kies ‘onbekend’.",
        ),
    ],
)
def test_what_is_missing_is_said_in_plain_words(change: dict[str, str], said: str):
    assert said in verdicts(replace(WHOLE, **change), TODAY)


ACTIVITY = "Dit is een activiteit. Wat is er daarna anders?"
ENOUGH = "Wanneer is het genoeg? Noem een getal of een deel."
COUNT = "Hoeveel, en hoe telt u dat?"
HOW = "Waarmee meet u dit?"


@pytest.mark.parametrize(
    "typed, first",
    [
        ("meer ouders betrekken", "Hoeveel ouders, en hoe telt u dat?"),
        ("minder ouders zonder contact met school", "Hoeveel ouders, en hoe telt u dat?"),
        ("kinderen lezen beter", "Hoeveel kinderen, en hoe telt u dat?"),
        ("minder verzuim", COUNT),
        ("betere samenwerking tussen scholen en gemeente", COUNT),
        ("ouderbetrokkenheid vergroten", COUNT),
        ("voorlezen thuis stimuleren", COUNT),
        ("90 % tevreden", "90 % van wie?"),
        ("80 procent voelt zich toegerust", "80 % van wie?"),
        ("90 % van de ouders is tevreden", HOW),
        ("de helft van de ouders leest elke week voor", HOW),
        ("1 op de 3 ouders doet mee", HOW),
        ("alle scholen hebben een vaste contactpersoon voor ouders", HOW),
        ("elke school heeft een startgesprek", HOW),
        ("geen enkele ouder mist het startgesprek", HOW),
        ("twee keer zo veel ouders op de ouderavond", HOW),
        ("het rapportcijfer van ouders stijgt naar een 8", HOW),
        ("ouders voelen zich welkom op school", ENOUGH),
        ("ouders en school werken als partners samen", ENOUGH),
        ("leraren weten hoe zij een moeilijk gesprek voeren", ENOUGH),
        ("tevredenheid van ouders omhoog", ENOUGH),
        ("werkconferentie houden", ACTIVITY),
        ("een werkgroep instellen", ACTIVITY),
        ("het opzetten van een ouderkamer op elke school", ACTIVITY),
        ("inzetten op ouderbetrokkenheid", ACTIVITY),
        ("wij organiseren een themaavond", ACTIVITY),
        ("de scholen organiseren elk jaar een startgesprek", ACTIVITY),
        ("drie bijeenkomsten voor ouders per jaar", ACTIVITY),
        ("taalcursus voor ouders", ACTIVITY),
        ("pilot met vijf scholen", ACTIVITY),
        ("onderzoek doen onder ouders", ACTIVITY),
        ("een gezamenlijk beleidsplan schrijven", ACTIVITY),
        ("jaarlijks overleg tussen gemeente en besturen", ACTIVITY),
        ("ouders informeren over de overgang naar het vo", ACTIVITY),
    ],
)
def test_goals_as_people_type_them(typed: str, first: str):
    """Only the result is typed, with who measures and when; what is asked first is what stands most in the way."""
    goal = replace(WHOLE, result=typed, target="", target_group="", indicator="", measured_how="")
    assert verdicts(goal, TODAY)[0] == first


@pytest.mark.parametrize(
    "change",
    [
        {"baseline_known": "onbekend", "baseline": "", "baseline_source": ""},
        {"target": "alle scholen"},
        {"target": "de helft"},
        {"target_on": "2027-03"},
        {"target": "", "result": "85 % van de ouders vindt de school goed bereikbaar", "target_group": ""},
    ],
)
def test_and_what_is_enough_is_enough(change: dict[str, str]):
    assert verdicts(replace(WHOLE, **change), TODAY) == ()


@pytest.mark.parametrize(
    "result",
    [
        "heeft een actieplan dat de directie en ouders maken",
        "weet bij wie zij terechtkan",
        "kent het aanbod van cursussen",
        "spreekt de leraar drie keer per jaar",
        "",
    ],
)
def test_a_result_is_no_activity(result: str):
    assert not is_activity(result)
