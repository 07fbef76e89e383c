"""What people can do in a journey, in words, and which roles may: read from the rules, so it is never out of date.

Shown on the page "Wie mag wat" and written down in docs/rights.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.journey import rules
from app.journey.models import ROLES, Party, Seat
from app.people.models import Person

NEEDS_PARTY = ("deelnemer", "partijbeheerder")
MANDATE = "met mandaat"  # a deelnemer who may agree for the party; a column of its own, but no role


def _party(party_id: str) -> Party:
    return Party(tenant_id="", id=party_id, journey_id="", kind="", name=party_id, short=party_id)


OWN, OTHER = _party("eigen"), _party("ander")


def _may_manage(seat: Seat, party: Party) -> bool:
    """Everything one can do with somebody of this party who is already there."""
    person = Person(tenant_id="", name="")
    theirs = Seat(tenant_id="", journey_id="", person_id=person.id, role="deelnemer", party_id=party.id)
    return (
        rules.may_change_seat(seat, theirs, party)
        and rules.may_change_person(seat, theirs, person, party)
        and rules.may_make_link(seat, theirs, person, party)
    )


@dataclass(frozen=True)
class Verb:
    """Something to do. `may` asks the rules for somebody's seat, with OWN as own party and OTHER as another."""

    label: str
    may: Callable[[Seat], bool]
    own: bool = False  # is about the own party, so nothing for who has none


VERBS = (
    Verb("Lezen wat gedeeld is en wat samen is vastgelegd", rules.may_view),
    Verb("Traject, gemeenten en partijen instellen", rules.may_set_up),
    Verb("Stappen, thema’s en hoofdstukken sluiten en openen", rules.may_set_up),
    Verb("Het traject als bestand bewaren", rules.may_export),
    Verb("In het logboek zien wat over de eigen partij gaat", rules.may_see_log, own=True),
    Verb("Het hele logboek zien", rules.may_set_up),
    Verb("Mensen van de eigen partij uitnodigen", lambda seat: rules.may_invite(seat, OWN), own=True),
    Verb("Mensen van een andere partij uitnodigen", lambda seat: rules.may_invite(seat, OTHER)),
    Verb("Rol, gegevens en link van mensen van de eigen partij regelen", lambda seat: _may_manage(seat, OWN), own=True),
    Verb("Rol, gegevens en link van mensen van een andere partij regelen", lambda seat: _may_manage(seat, OTHER)),
    Verb(
        "E-mailadressen van de eigen partij zien, en wie er wanneer was",
        lambda seat: rules.may_see_addresses(seat, OWN),
        own=True,
    ),
    Verb(
        "E-mailadressen van een andere partij zien, en wie er wanneer was",
        lambda seat: rules.may_see_addresses(seat, OTHER),
    ),
    Verb("De lijst ‘Wie heeft toegang’ als bestand bewaren", rules.may_invite_someone),
    Verb(
        "De eigen plek doorgeven aan een collega",
        lambda seat: rules.may_hand_over(seat, Person(tenant_id="", name="")),
        own=True,
    ),
    Verb("Iemand procesbegeleider of mede-begeleider maken", rules.may_appoint),
    Verb("Beslissen over een vraag om toegang", rules.may_decide_access),
    Verb(
        "Antwoorden van de eigen partij zien vóór het delen",
        lambda seat: rules.may_see_concepts(seat, OWN),
        own=True,
    ),
    Verb("Antwoorden van een andere partij zien vóór het delen", lambda seat: rules.may_see_concepts(seat, OTHER)),
    Verb("Invullen en delen voor de eigen partij", lambda seat: rules.may_answer(seat, OWN), own=True),
    Verb("Invullen en delen voor een andere partij", lambda seat: rules.may_answer(seat, OTHER)),
    Verb(
        "Invullen namens een andere partij (die dat nog bevestigt)",
        lambda seat: rules.may_answer_on_behalf(seat, OTHER),
    ),
    Verb("Opmerkingen plaatsen, beantwoorden en een wijziging voorstellen", rules.may_remark),
    Verb("Opmerkingen van een ander afhandelen, en beslissen over voorstellen", rules.may_decide),
    Verb("Bij lijsten met criteria: eigen scholen invullen", lambda seat: rules.may_report(seat, OWN), own=True),
    Verb("Bij lijsten met criteria: scholen van een ander invullen", lambda seat: rules.may_report(seat, OTHER)),
    Verb("Samen schrijven: uitkomsten, afspraken, conclusies, plan", rules.may_write_joint),
    Verb("Straks akkoord geven namens de eigen partij", lambda seat: rules.may_agree(seat, OWN), own=True),
)


def example_seat(role: str, with_party: bool, mandate: bool = False) -> Seat:
    """A seat to ask the rules about. `role` may be MANDATE: a deelnemer with one."""
    return Seat(
        tenant_id="",
        id="plek",
        journey_id="",
        person_id="",
        role="deelnemer" if role == MANDATE else role,
        mandate=mandate or role == MANDATE,
        party_id=OWN.id if with_party else None,
    )


@dataclass(frozen=True)
class Table:
    """Verbs down, roles across; `rows` are (label, may of each role)."""

    roles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[bool, ...]], ...]


def table(with_party: bool) -> Table:
    """For people of a party, or for those of none: a deelnemer and a partijbeheerder always have one."""
    own = ROLES.index("deelnemer") + 1
    roles = (*ROLES[:own], MANDATE, *ROLES[own:]) if with_party else tuple(r for r in ROLES if r not in NEEDS_PARTY)
    seats = [example_seat(role, with_party) for role in roles]
    verbs = [v for v in VERBS if with_party or not v.own]
    return Table(roles, tuple((v.label, tuple(v.may(s) for s in seats)) for v in verbs))


def split(seat: Seat) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What somebody with this seat may do, and what not."""
    asked = example_seat(seat.role, seat.party_id is not None, seat.mandate)
    asked.removed_at, asked.stopped_at = seat.removed_at, seat.stopped_at
    verbs = [v for v in VERBS if asked.party_id or not v.own]
    may = tuple(v.label for v in verbs if v.may(asked))
    return may, tuple(v.label for v in verbs if v.label not in may)
