"""Who wrote what in a chapter, per party and in words: read from what was done, not from what the text says."""

from __future__ import annotations

from app.content.pack import Chapter
from app.core.clock import date_text
from app.core.text import inside, listing
from app.journey.gate import Here
from app.journey.store import list_events_of
from app.plan import rules

WROTE = ("_added", "_changed", "_restored", "_put_back", "_renewed", "_used")


def written_by(here: Here, chapter: Chapter) -> dict[str, str]:
    """By the id of a paragraph or row: 'Geschreven door De Linde en Op Weg, laatst op 3 maart 2027.'

    What nobody touched since it was pre-filled is not in it.
    """
    found: dict[str, dict[str, None]] = {}
    last: dict[str, str] = {}
    for event in list_events_of(here.tx, here.journey, rules.STEP, chapter.slug):
        if event.kind.endswith(WROTE) and event.ref:
            party = here.party_name(event.party_id)
            found.setdefault(event.ref, {})[inside(party) if party else here.seat_name(event.seat_id)] = None
            last[event.ref] = date_text(event.at)
    return {ref: f"Geschreven door {listing(list(names))}, laatst op {last[ref]}." for ref, names in found.items()}
