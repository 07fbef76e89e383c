"""The verbs of Overzicht: say that you have seen it, say something of a step."""

from __future__ import annotations

from app.core.errors import NotFound
from app.journey.actions import mark_step, unmark_step
from app.journey.gate import Here
from app.journey.steps import steps_of
from app.journey.store import find_last_event_id
from app.overview import rules


def mark_seen(here: Here, until: str) -> None:
    """This person has seen everything up to the event with this id. Never goes back, never beyond what happened."""
    last = find_last_event_id(here.tx, here.journey)
    here.seat.seen = max(here.seat.seen, min(until[: len(last)], last))
    here.tx.add(here.seat)


def say_of_step(here: Here, step: str, verb: str, part: str = "") -> str:
    """Closes, opens, finishes or skips a step or one part of it. Returns the state it is about. Raises NotFound."""
    known = step in {s.slug for s in steps_of(here.pack)} and verb in rules.VERBS
    if not known or (part and part not in _parts(here, step)):
        raise NotFound
    state, on = rules.VERBS[verb]
    if state == "overgeslagen" and step not in rules.MAY_SKIP:
        raise NotFound
    (mark_step if on else unmark_step)(here, step, state, part)
    return state


def _parts(here: Here, step: str) -> set[str]:
    if step in ("waar-staan-we", "gesprek"):
        return {t.slug for t in here.pack.themes}
    return {c.slug for c in here.pack.chapters} if step == "plan" else set()
