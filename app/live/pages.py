"""Who is here, in words."""

from __future__ import annotations

from dataclasses import dataclass

from app.journey.gate import Here
from app.live.places import place_words
from app.live.presence import Presence

MOST = 6  # people that are named


@dataclass(frozen=True)
class Somebody:
    name: str
    party: str  # or the role of who belongs to no party
    place: str  # 'bij Gesprek, thema B'


@dataclass(frozen=True)
class HerePage:
    url: str
    others: tuple[Somebody, ...]
    more: int  # people that are not named


def here_page(here: Here, presence: Presence, place: str) -> HerePage:
    """The others who are here; those at the same place first."""
    found = []
    for seat_id, at in presence.who(here.journey.id).items():
        known = here.seats.get(seat_id)
        if known is None or seat_id == here.seat.id or known[0].removed_at is not None:
            continue
        seat, person = known
        party = next((p.short or p.name for p in here.parties if p.id == seat.party_id), seat.role)
        words = "op deze pagina" if at == place else place_words(here, at)
        found.append((at != place, person.name, Somebody(person.name, party, words)))
    others = tuple(somebody for *_, somebody in sorted(found, key=lambda one: one[:2]))
    return HerePage(here.url, others[:MOST], max(0, len(others) - MOST))
