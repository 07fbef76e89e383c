"""Who may do what, as one table that somebody who makes policy can read: docs/rights.md. The table is made from the rules
themselves (app/journey/rules.py), so it is never out of date: this test fails when a rule changes and the table does not.

`python -m tests.architecture.test_rights` writes the table anew.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.core.settings import REPO
from app.journey import rules
from app.journey.models import ROLES, Party, Seat

PLACE = Path(REPO) / "docs" / "rights.md"
OWN = Party(tenant_id="t", id="eigen", journey_id="j", kind="schoolbestuur", name="Eigen", short="Eigen")
OTHER = Party(tenant_id="t", id="ander", journey_id="j", kind="schoolbestuur", name="Ander", short="Ander")

VERBS: tuple[tuple[str, Callable[[Seat], bool]], ...] = (
    ("Lezen wat gedeeld is en wat samen is vastgelegd", rules.may_view),
    ("Traject, gemeenten en partijen instellen", rules.may_set_up),
    ("Stappen, thema’s en hoofdstukken sluiten en openen", rules.may_set_up),
    ("Mensen van de eigen partij uitnodigen", lambda seat: rules.may_invite(seat, OWN)),
    ("Mensen van een andere partij uitnodigen", lambda seat: rules.may_invite(seat, OTHER)),
    ("Antwoorden van de eigen partij zien vóór het delen", lambda seat: rules.may_see_concepts(seat, OWN)),
    ("Antwoorden van een andere partij zien vóór het delen", lambda seat: rules.may_see_concepts(seat, OTHER)),
    ("Invullen en delen voor de eigen partij", lambda seat: rules.may_answer(seat, OWN)),
    ("Invullen en delen voor een andere partij", lambda seat: rules.may_answer(seat, OTHER)),
    (
        "Invullen namens een andere partij (die dat nog bevestigt)",
        lambda seat: rules.may_answer_on_behalf(seat, OTHER),
    ),
    ("Een opmerking plaatsen bij een ander", rules.may_remark),
    ("Samen schrijven: uitkomsten, afspraken, conclusies, plan", rules.may_write_joint),
)


def seat(role: str, party: Party | None = OWN, removed: bool = False) -> Seat:
    from app.core.clock import now

    return Seat(
        tenant_id="t",
        id="plek",
        journey_id="j",
        person_id="p",
        party_id=party.id if party else None,
        role=role,
        removed_at=now() if removed else None,
    )


def table(party: Party | None) -> list[str]:
    lines = ["| | " + " | ".join(ROLES) + " |", "|---|" + "---|" * len(ROLES)]
    for label, may in VERBS:
        if party is None and "eigen partij" in label:
            continue
        lines.append(f"| {label} | " + " | ".join("ja" if may(seat(r, party)) else "–" for r in ROLES) + " |")
    return lines


def written() -> str:
    return "\n".join(
        [
            "# Wie mag wat",
            "",
            "Gemaakt uit de regels in `app/journey/rules.py`; een test bewaakt dat deze tabel klopt. Wie geen plek in een",
            "traject heeft, ziet er niets van. Wie is verwijderd, mag niets meer.",
            "",
            "## Wie bij een partij hoort",
            "",
            *table(OWN),
            "",
            "## Wie bij geen partij hoort",
            "",
            *table(None),
            "",
        ]
    )


def test_the_table_is_what_the_rules_say():
    assert PLACE.read_text() == written(), "run: python -m tests.architecture.test_rights"


def test_nobody_sees_or_writes_for_another_party():
    """The promise of the product, apart from the table: no role is an exception, and neither is somebody without party."""
    for role in ROLES:
        for party in (OWN, None):
            assert not rules.may_see_concepts(seat(role, party), OTHER), role
            assert not rules.may_answer(seat(role, party), OTHER), role


def test_a_meelezer_writes_nothing_and_who_was_removed_may_nothing():
    reading = ("Lezen", "Antwoorden van de eigen partij zien")
    assert [label for label, may in VERBS if may(seat("meelezer")) and not label.startswith(reading)] == []
    for role in ROLES:
        assert [label for label, may in VERBS if may(seat(role, removed=True))] == [], role


if __name__ == "__main__":
    PLACE.write_text(written())
