"""Who is who in the story of an example, and the verbs that tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.answers.actions import save_answer, save_joint
from app.answers.models import OWN
from app.answers.store import find_answer
from app.content.pack import Pack
from app.core.fields import Spec
from app.core.settings import Settings
from app.dialogue import actions as dialogue
from app.journey import store
from app.journey.actions import here_for
from app.journey.gate import Here
from app.journey.models import Journey, Party
from app.people.models import Person
from app.screening import rules as table

FACILITATOR, MUNICIPAL = "begeleider", "gemeente"


class Cast:
    """Who is who in one story: parties and people by the short names of the script."""

    def __init__(self, tx: Session, settings: Settings, facilitator: Person, journey: Journey):
        self.tx, self.settings, self.journey = tx, settings, journey
        self.people = {FACILITATOR: facilitator}
        self.parties: dict[str, Party] = {}

    def here(self, name: str = FACILITATOR) -> Here:
        """The journey through the eyes of this person, as the gate would give it."""
        person = self.people[name]
        found = store.find_seat_and_journey(self.tx, person, self.journey.id)
        if found is None:
            raise LookupError(name)
        return here_for(self.tx, self.settings, person, found[1], found[0])

    def party(self, name: str) -> Party:
        return self.parties[name]

    def ids(self, names: list[str]) -> tuple[str, ...]:
        return tuple(self.parties[n].id for n in names)


def say_jointly(cast: Cast, step: str, specs: Mapping[str, Spec], said: Mapping[str, str]) -> None:
    here = cast.here()
    for name, value in said.items():
        save_joint(here, f"{step}/{name}", specs[name], [value], 0)


def change_answer(cast: Cast, pack: Pack, who: str, party_name: str, path: str, value: str) -> None:
    """Changes an answer that is there already; the others keep seeing the shared one."""
    here, party = cast.here(who), cast.party(party_name)
    theme, _, field = path.partition("/")
    row = find_answer(cast.tx, cast.journey, party.id, OWN, path)
    spec = table.specs(pack, party, pack.theme(theme))[field]
    save_answer(here, party, path, spec, [value], row.version if row else 0)


def agree(cast: Cast, agreements: list[dict[str, Any]]) -> None:
    """Makes these agreements; one that names an example takes its first wording from there."""
    here = cast.here()
    for one in agreements:
        example = one.get("voorbeeld", "")
        new = dialogue.NewAgreement(
            what=one.get("wat") or dialogue.get_example(here, one["thema"], example).agreement,
            owner_id=cast.party(one["wie"]).id,
            with_parties=cast.ids(one.get("met", [])),
            by_when=one.get("wanneer", ""),
        )
        dialogue.add_agreement(here, one["thema"], one["punt"], new, example)
