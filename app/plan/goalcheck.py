"""Is a goal measurable? In plain words, and nothing is blocked.

Pure: it looks at the words of a goal and says what is still missing, one sentence each, most important first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

ACTIVITIES = (
    "houden",
    "organiseren",
    "opstellen",
    "ontwikkelen",
    "opzetten",
    "uitvoeren",
    "starten",
    "bespreken",
    "overleggen",
    "uitwisselen",
    "schrijven",
    "maken",
    "inrichten",
    "aanbieden",
    "informeren",
    "afstemmen",
    "bijeenkomen",
    "vergaderen",
    "onderzoeken",
    "verkennen",
    "inventariseren",
    "evalueren",
    "deelnemen",
    "bezoeken",
)
EVENTS = (
    "werkconferentie",
    "conferentie",
    "bijeenkomst",
    "werkgroep",
    "pilot",
    "cursus",
    "training",
    "workshop",
    "campagne",
    "overleg",
    "studiedag",
    "themaavond",
    "ouderavond",
    "nieuwsbrief",
    "folder",
    "projectgroep",
    "enquête houden",
)
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
NUMBERS = ("alle", "elke", "elk", "iedere", "ieder", "geen", "helft", "derde", "kwart", "één", "een op de")


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
        return ("Wat wilt u bereiken?",)
    if is_activity(goal.result):
        found.append("Dit is een activiteit. Wat is er daarna anders?")
    amount = _amount(goal)
    if not amount and _vague(f"{goal.result} {goal.target}"):
        group = re.sub(r"^(de|het|alle|onze) ", "", goal.target_group) or _group_word(goal.result)
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
    words = re.findall(r"[\w-]+", result.lower())
    if not words:
        return False
    last = words[-1]
    states = any(
        w
        in (
            "is",
            "zijn",
            "heeft",
            "hebben",
            "vindt",
            "vinden",
            "weet",
            "weten",
            "kan",
            "kunnen",
            "doet",
            "doen",
            "voldoet",
            "voldoen",
            "voelt",
            "voelen",
            "krijgt",
            "krijgen",
            "leest",
            "lezen",
            "komt",
            "komen",
            "ervaart",
            "ervaren",
            "maakt",
            "gebruikt",
            "neemt",
            "nemen",
        )
        for w in words
    )
    if states:
        return False
    return last in ACTIVITIES or any(words[0].endswith(event) for event in EVENTS)


def _amount(goal: GoalWords) -> bool:
    """Whether the goal says how much: a figure, or a word such as 'alle'. A year is no amount."""
    text = f"{goal.target} {goal.result if not goal.target else ''}".lower()
    text = re.sub(r"\b(19|20)\d\d\b", "", text)
    return bool(re.search(r"\d", text)) or any(re.search(rf"\b{re.escape(word)}\b", text) for word in NUMBERS)


def _vague(text: str) -> bool:
    return any(re.search(rf"\b{word}\b", text.lower()) for word in VAGUE)


def _group_word(result: str) -> str:
    found = re.search(
        r"\b(ouders|vaders|moeders|scholen|kinderen|leerlingen|leraren|locaties|gezinnen|voorscholen)\b",
        result.lower(),
    )
    return found[0] if found else ""


def _tidy(percent: str) -> str:
    number = re.match(r"\d+(?:[.,]\d+)?", percent)
    return f"{number[0]} %" if number else percent
