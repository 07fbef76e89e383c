"""How far a journey is, calculated in one place. Always in words; "afgerond" is only what a person said.

Empty answers, 'niet van toepassing' and hidden points never count.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.answers.reading import joint_answers
from app.conclusions.reading import plan_not_needed, read_conclusions
from app.core.clock import date_text
from app.core.text import counted, listing
from app.dialogue.reading import read_dialogue
from app.exploration.rules import outcome
from app.journey.gate import Here
from app.journey.models import Party, StepState
from app.journey.rules import may_see_concepts
from app.journey.steps import Step, steps_of
from app.plan.reading import chapter_state, read_goals
from app.screening.reading import progress as screening_progress
from app.screening.reading import read_screening


@dataclass(frozen=True)
class StepProgress:
    step: Step
    url: str
    words: str  # "2 van 4 thema's besproken"
    started: bool
    done: bool  # said to be afgerond, skipped, or not needed
    said: tuple[str, ...]  # what people said of the step: "gesloten op 12 maart 2027 door Marieke de Wit"


def read_progress(here: Here) -> tuple[StepProgress, ...]:
    """All steps in order."""
    return tuple(_progress(here, step) for step in steps_of(here.pack))


def find_state(here: Here, step: str, state: str, part: str = "") -> StepState | None:
    """What was said of a step, or of a part of it; None when nobody said that."""
    return next((s for s in here.states if (s.step, s.part, s.state) == (step, part, state)), None)


def _progress(here: Here, step: Step) -> StepProgress:
    words, started = _WORDS[step.slug](here)
    said = tuple(
        f"{found.state} op {date_text(found.at)} door {here.seat_name(found.by_seat)}"
        for state in ("afgerond", "overgeslagen", "gesloten")
        if (found := find_state(here, step.slug, state))
    )
    done = any(find_state(here, step.slug, state) for state in ("afgerond", "overgeslagen"))
    done = done or (step.slug == "plan" and plan_not_needed(here))
    return StepProgress(step, f"{here.url}/{step.slug}", words, started, done, said)


def _setup(here: Here) -> tuple[str, bool]:
    people = sum(1 for seat, _ in here.seats.values() if seat.removed_at is None)
    return (
        f"{counted(len(here.parties), 'partij', 'partijen')}, {counted(people, 'persoon', 'personen')}",
        True,
    )


def _exploration(here: Here) -> tuple[str, bool]:
    chosen = outcome(joint_answers(here))
    for choice in here.pack.exploration.outcomes if here.pack.exploration else ():
        if choice.slug == chosen:
            return f"uitkomst: {choice.label[:1].lower()}{choice.label[1:]}", True
    begun = any(row.value for path, row in joint_answers(here).items() if path.startswith("verkenning/"))
    return ("begonnen, nog geen uitkomst" if begun else "nog niet ingevuld"), begun


def _screening(here: Here) -> tuple[str, bool]:
    screening, themes = read_screening(here), here.pack.themes
    everything = [p for p in here.parties if all(screening.has_shared(p, t) for t in themes)]
    something = [p for p in here.parties if any(screening.has_shared(p, t) for t in themes)]
    if not something:
        return "nog niemand heeft gedeeld", False
    have = "heeft" if len(everything) == 1 else "hebben"
    words = f"{len(everything)} van {counted(len(here.parties), 'partij', 'partijen')} {have} alles gedeeld"
    partly = len(something) - len(everything)
    return words + (f", {partly} een deel" if partly else ""), True


def _dialogue(here: Here) -> tuple[str, bool]:
    states = [dialogue_state(here, t.slug) for t in here.pack.themes]
    done, partly = states.count("besproken"), states.count("deels besproken")
    if not done and not partly:
        return "nog niet besproken", False
    words = f"{done} van {counted(len(states), 'thema', 'thema’s')} besproken"
    return words + (f", {partly} deels" if partly else ""), True


def dialogue_state(here: Here, theme: str) -> str:
    """'besproken', 'deels besproken' or 'nog niet besproken'."""
    return read_dialogue(here).progress(theme)


def _conclusions(here: Here) -> tuple[str, bool]:
    chosen = [c.conclusion for c in read_conclusions(here).chosen]
    if not chosen:
        return "nog geen conclusie gekozen", False
    numbers = listing([str(c.number) for c in chosen])
    return f"{'conclusie' if len(chosen) == 1 else 'conclusies'} {numbers} gekozen", True


def _plan(here: Here) -> tuple[str, bool]:
    states = [chapter_state(here, chapter) for chapter in here.pack.chapters]
    begun = any(state != "nog leeg" for state in states)
    if plan_not_needed(here):
        first = next(c.conclusion for c in read_conclusions(here).chosen if c.conclusion.excludes_others)
        return f"niet nodig (conclusie {first.number})", begun
    if not begun:
        return "nog niet begonnen", False
    finished = sum(state.startswith("afgerond") for state in states)
    words = f"{finished} van {counted(len(states), 'hoofdstuk', 'hoofdstukken')} afgerond"
    if goals := read_goals(here):
        measurable = sum(g.measurable for g in goals)
        words += f", {measurable} van {counted(len(goals), 'doel', 'doelen')} meetbaar"
    return words, True


_WORDS = {
    "opzet": _setup,
    "verkenning": _exploration,
    "waar-staan-we": _screening,
    "gesprek": _dialogue,
    "conclusies": _conclusions,
    "plan": _plan,
}


@dataclass(frozen=True)
class ThemeShare:
    """How far the own party is with one theme."""

    slug: str
    label: str
    words: str
    shared: bool
    complete: bool


def own_themes(here: Here, party: Party) -> tuple[ThemeShare, ...]:
    """For people of this party only: concepts count. Raises NotAllowed for anybody else."""
    here.require(may_see_concepts(here.seat, party))
    screening, found = read_screening(here), screening_progress(here, party)
    themes = []
    for theme in here.pack.themes:
        filled, total = found[theme.slug].filled, found[theme.slug].total
        shared = screening.sharing(party, theme)
        if shared:
            words = f"gedeeld op {date_text(shared.at)}"
            if shared.behalf:
                words = f"ingevuld door {shared.by_name} namens u, nog niet bevestigd"
        elif not filled:
            words = "nog niet ingevuld"
        else:
            words = f"{filled} van {total} ingevuld, nog niet gedeeld"
        label = f"Thema {theme.letter}: {theme.title}"
        themes.append(ThemeShare(theme.slug, label, words, shared is not None, filled == total))
    return tuple(themes)


def sharing_words(here: Here, party: Party) -> str:
    """What this party has shared, for everybody: 'A, B en C gedeeld; D nog niet'. Says nothing of concepts."""
    screening = read_screening(here)
    by_self, behalf, silent = [], [], []
    for theme in here.pack.themes:
        found = screening.sharing(party, theme)
        (silent if found is None else behalf if found.behalf else by_self).append(theme.letter)
    if not silent and not behalf:
        return "alles gedeeld"
    if not by_self and not behalf:
        return "nog niets gedeeld"
    words = [f"{listing(by_self)} gedeeld"] if by_self else []
    words += [f"{listing(behalf)} namens deze partij ingevuld, nog niet bevestigd"] if behalf else []
    words += [f"{listing(silent)} nog niet"] if silent else []
    return "; ".join(words)
