"""The next sensible thing to do, and which steps can be opened, closed, finished or skipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# What a facilitator may say of a step → the verb in the address, and how to take it back.
VERBS = {
    "sluiten": ("gesloten", True),
    "openen": ("gesloten", False),
    "afronden": ("afgerond", True),
    "hervatten": ("afgerond", False),
    "overslaan": ("overgeslagen", True),
    "terughalen": ("overgeslagen", False),
}
MAY_SKIP = ("verkenning",)


@dataclass(frozen=True)
class Situation:
    """What decides the next thing. Urls are made by the caller; '' stands for nothing to do there."""

    archived: bool
    facilitator: bool
    writes: bool  # not a meelezer
    parties_without_people: bool
    exploration_open: bool
    own_open_theme: str  # slug of the first theme the own party has not shared
    own_open_complete: bool  # everything is filled in: only sharing is left
    all_shared: bool
    meeting_on: date | None
    today: date
    open_dialogue_theme: str
    conclusion_open: bool
    plan_needed: bool
    plan_done: bool


@dataclass(frozen=True)
class Next:
    label: str
    path: str  # below the journey
    why: str


def next_thing(now: Situation, titles: dict[str, str]) -> Next:
    """One primary button. `titles` maps a theme slug to 'thema A'."""
    if now.archived:
        return Next("Lees het document", "/document", "Dit traject is klaar. U kunt alles nog lezen.")
    after_meeting = now.meeting_on is not None and now.meeting_on <= now.today
    if not now.conclusion_open:
        if now.plan_needed and not now.plan_done:
            return Next("Schrijf aan het plan", "/plan", "De hoofdstukken zijn voor u ingevuld met wat er is gezegd.")
        return Next("Bekijk het document", "/document", "Alles staat erin. Lees het nog eens door.")
    if now.facilitator and now.parties_without_people and not after_meeting:
        return Next("Nodig mensen uit", "/toegang/uitnodigen", "Nog niet elke partij heeft mensen die kunnen meedoen.")
    if now.facilitator and now.exploration_open and not after_meeting:
        return Next("Doe de verkenning", "/verkenning", "Is het zinvol om hierover samen te praten?")
    if now.writes and now.own_open_theme:
        what = titles[now.own_open_theme]
        path = f"/waar-staan-we/{now.own_open_theme}"
        if now.own_open_complete:
            return Next(f"Deel {what}", path, "U hebt alles ingevuld. De anderen zien het pas als u het deelt.")
        return Next(f"Vul {what} in", path, "Alleen de mensen van uw partij zien wat u invult, tot u het deelt.")
    if not (now.all_shared or after_meeting):
        why = "Nog niet elke partij heeft alles gedeeld. Kijk alvast waar verschil zit."
        return Next("Bekijk wat er gedeeld is", "/waar-staan-we", why)
    if now.open_dialogue_theme:
        what = titles[now.open_dialogue_theme]
        why = "Kies samen per punt een uitkomst en maak afspraken."
        return Next(f"Bespreek {what}", f"/gesprek/{now.open_dialogue_theme}", why)
    return Next("Trek samen conclusies", "/conclusies", "Wat volgt er uit het gesprek?")
