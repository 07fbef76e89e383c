"""Is a goal measurable? In plain words, and nothing is blocked.

Pure: it looks at the words of a goal and says what is still missing, one sentence each, most important first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

# Stems: 'organiseren', 'organiseert' and 'het organiseren van' are the same activity.
ACTIVITIES = (
    "hou(d|den|dt)",
    "organiseer(t)?|organiseren",
    "opstel(t|len)",
    "ontwikkel(t|en)",
    "opzet(ten)?|zetten? op",
    "instel(t|len)",
    "inzetten|inzet",
    "uitvoer(t|en)",
    "start(en)?",
    "bespreekt?|bespreken",
    "overleg(t|gen)",
    "uitwissel(t|en)",
    "schrijf(t)?|schrijven",
    "maak|maken",
    "inricht(en)?",
    "aanbied(t|en)|bied(t|en) aan",
    "informeer(t)?|informeren",
    "afstem(t|men)|stem(t|men) af",
    "bijeenkomen",
    "vergader(t|en)",
    "onderzoek(t|en)?",
    "verken(t|nen)",
    "inventariseer(t)?|inventariseren",
    "evalueer(t)?|evalueren",
    "deelnemen",
    "bezoek(t|en)?",
    "doen onder",
)
EVENTS = (
    "conferentie",
    "conferenties",
    "bijeenkomst",
    "bijeenkomsten",
    "werkgroep",
    "werkgroepen",
    "pilot",
    "pilots",
    "cursus",
    "cursussen",
    "training",
    "trainingen",
    "workshop",
    "workshops",
    "campagne",
    "overleg",
    "studiedag",
    "studiedagen",
    "themaavond",
    "themaavonden",
    "ouderavond",
    "ouderavonden",
    "nieuwsbrief",
    "folder",
    "projectgroep",
    "beleidsplan",
)
# With one of these the sentence says how things are, not what somebody does.
STATES = re.compile(
    r"\b("
    r"is|zijn|heeft|hebben|vindt|vinden|weet|weten|kan|kunnen|doet|voldoet|voldoen|voelt|voelen|krijgt|"
    r"krijgen|leest|lezen|komt|komen|ervaart|ervaren|maakt|gebruikt|gebruiken|neemt|nemen|stijgt|stijgen|"
    r"daalt|dalen|mist|missen|werkt|werken|praat|praten|kent|kennen|geeft|geven|blijft|blijven|spreekt|"
    r"spreken"
    r")\b"
)
# Before the activity itself: 'een', 'het', a number of times.
_OPENING = re.compile(r"^((een|het|de|wij|we|jaarlijks|elk|jaar|samen|[0-9]+|twee|drie|vier|vijf|zes) )*")
VAGUE = (
    "meer",
    "minder",
    "beter",
    "betere",
    "vaker",
    "sterker",
    "sterkere",
    "hoger",
    "hogere",
    "lager",
    "lagere",
    "vergroten",
    "verbeteren",
    "versterken",
    "bevorderen",
    "verhogen",
    "verlagen",
    "stimuleren",
)
NUMBERS = ("alle", "elke", "elk", "iedere", "ieder", "geen", "helft", "derde", "kwart", "één", "een op de") + (
    "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "honderd", "dubbel", "verdubbel"
)  # fmt: skip


@dataclass(frozen=True)
class GoalWords:
    """The words of a goal as they were typed; '' where nothing was. `target_on` is a month, '2029-06'."""

    result: str = ""
    target_group: str = ""
    indicator: str = ""
    baseline_known: str = ""  # lokaal | onbekend | ''
    baseline: str = ""
    baseline_source: str = ""
    target: str = ""
    target_on: str = ""
    owner: str = ""
    measured_how: str = ""
    measured_when: str = ""


def verdicts(goal: GoalWords, today: date) -> tuple[str, ...]:
    """What stands between this goal and a measurable one; empty when it is measurable."""
    found: list[str] = []
    if not goal.result:
        return ("Wat is er dan anders?",)
    if is_activity(goal.result):
        found.append("Dit is een activiteit. Wat is er daarna anders?")
    amount = _amount(goal)
    if not amount and _vague(f"{goal.result} {goal.target}"):
        group = re.sub(r"^(de|het|alle|onze) ", "", goal.target_group) or _counted_group(goal.result)
        found.append(f"Hoeveel {group}, en hoe telt u dat?" if group else "Hoeveel, en hoe telt u dat?")
    elif not amount:
        found.append("Wanneer is het genoeg? Noem een getal of een deel.")
    if not goal.target_group and not _group_word(goal.result):
        percent = re.search(r"\d+(?:[.,]\d+)?\s*(?:%|procent)", f"{goal.target} {goal.result}")
        found.append(f"{_tidy(percent[0])} van wie?" if percent else "Voor wie is dit?")
    if not (goal.indicator or goal.measured_how):
        found.append("Waarmee meet u dit?")
    elif not goal.measured_how:
        found.append("Hoe meet u dit: met een vragenlijst, met cijfers van scholen of anders?")
    elif not goal.indicator:
        found.append("Wat telt u precies?")
    if goal.baseline_known == "lokaal" and not goal.baseline:
        found.append("Hoe is het nu? Vul het cijfer in, of kies ‘onbekend’.")
    elif goal.baseline_known == "lokaal" and not goal.baseline_source:
        found.append("Waar komt het cijfer van nu vandaan?")
    elif goal.baseline_known == "lokaal" and re.search(
        r"landelijk|heel nederland|monitor ouderbetrokkenheid", goal.baseline_source.lower()
    ):
        found.append("Een landelijk cijfer zegt niet hoe het hier is. Neem een cijfer van hier, of kies ‘onbekend’.")
    elif not goal.baseline_known:
        found.append("Hoe is het nu? Weet u het niet, kies dan ‘onbekend: eerst meten’.")
    if not goal.target_on:
        found.append("Wanneer wilt u dit bereikt hebben?")
    elif goal.target_on < f"{today:%Y-%m}":
        found.append("Deze datum is al voorbij.")
    if not goal.measured_when:
        found.append("Wanneer meet u dit?")
    if not goal.owner:
        found.append("Welke partij zorgt hiervoor?")
    return tuple(found)


def is_activity(result: str) -> bool:
    """'Werkconferentie houden' is something one does; a result is what is different afterwards."""
    text = " ".join(re.findall(r"[\w-]+", result.lower()))
    if STATES.search(text):
        return False
    first = _OPENING.sub("", text).partition(" ")[0]
    return first.endswith(EVENTS) or any(re.search(rf"\b({stem})\b", text) for stem in ACTIVITIES)


def _amount(goal: GoalWords) -> bool:
    """Whether the goal says how much: a figure, or a word such as 'alle'. A year is no amount."""
    text = f"{goal.target} {goal.result if not goal.target else ''}".lower()
    text = re.sub(r"\b(19|20)\d\d\b", "", text)
    return bool(re.search(r"\d", text)) or any(re.search(rf"\b{re.escape(word)}\b", text) for word in NUMBERS)


def _vague(text: str) -> bool:
    return any(re.search(rf"\b{word}\b", text.lower()) for word in VAGUE)


_GROUPS = (
    r"ouders?|vaders|moeders|scholen|school|kinderen|kind|leerlingen|leerling|leraren|leraar|locaties|gezinnen|gezin|"
    r"voorscholen|besturen|pedagogisch medewerkers"
)


def _group_word(result: str) -> str:
    """The first group that the result speaks of."""
    found = re.search(rf"\b({_GROUPS})\b", result.lower())
    return found[0] if found else ""


def _counted_group(result: str) -> str:
    """The group of which there should be more: at the beginning, or right after the vague word ('meer ouders')."""
    found = re.match(rf"(?:de )?({_GROUPS})\b", result.lower()) or re.search(
        rf"\b(?:meer|minder|vaker) ({_GROUPS})\b", result.lower()
    )
    return found[1] if found else ""


def _tidy(percent: str) -> str:
    number = re.match(r"\d+(?:[.,]\d+)?", percent)
    return f"{number[0]} %" if number else percent
