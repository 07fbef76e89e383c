"""Who may do what, as one table that somebody who makes policy can read: docs/rights.md, and the page "Wie mag wat". Both
come from the rules themselves (app/journey/verbs.py): this test fails when a rule changes and the document does not.

`python -m tests.architecture.test_rights` writes the document anew.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.clock import now
from app.core.settings import REPO
from app.journey import rules, verbs
from app.journey.models import ROLES, Seat
from app.journey.verbs import OTHER, VERBS, example_seat
from tests.conftest import World
from tests.inspection import problems

PLACE = Path(REPO) / "docs" / "rights.md"


def table(with_party: bool) -> list[str]:
    found = verbs.table(with_party)
    lines = ["| | " + " | ".join(found.roles) + " |", "|---|" + "---|" * len(found.roles)]
    return lines + [f"| {label} | " + " | ".join("ja" if m else "–" for m in may) + " |" for label, may in found.rows]


def gone(role: str, how: str) -> Seat:
    seat = example_seat(role, True)
    setattr(seat, how, now())
    return seat


def written() -> str:
    return "\n".join(
        [
            "# Wie mag wat",
            "",
            "Gemaakt uit de regels in `app/journey/rules.py`; een test bewaakt dat deze tabel klopt. Wie geen plek in een",
            "traject heeft, ziet er niets van. Wie is verwijderd, mag niets meer. Wie geen toegang meer heeft ook niet, tot er",
            "een nieuwe link is.",
            "",
            "## Wie bij een partij hoort",
            "",
            *table(True),
            "",
            "## Wie bij geen partij hoort",
            "",
            *table(False),
            "",
        ]
    )


def test_the_table_is_what_the_rules_say():
    assert PLACE.read_text() == written(), "run: python -m tests.architecture.test_rights"


def test_nobody_sees_or_writes_for_another_party():
    """The promise of the product, apart from the table: no role is an exception, and neither is somebody without party."""
    for role in ROLES:
        for party in (True, False):
            assert not rules.may_see_concepts(example_seat(role, party), OTHER), role
            assert not rules.may_answer(example_seat(role, party), OTHER), role


def test_a_meelezer_only_remarks_and_who_was_removed_may_nothing():
    may, may_not = verbs.split(example_seat("meelezer", True))
    assert (
        all(
            label.startswith(("Lezen", "Antwoorden van de eigen partij zien", "Opmerkingen plaatsen", "De eigen plek"))
            for label in may
        )
        and may
    )
    assert verbs.split(example_seat("meelezer", True, mandate=True))[0] == may, "a mandate does not make one write"
    assert {*may, *may_not} == {v.label for v in VERBS}
    for role in ROLES:
        for how in ("removed_at", "stopped_at"):
            assert verbs.split(gone(role, how)) == ((), tuple(v.label for v in VERBS)), (role, how)


def test_every_right_of_the_rules_is_told():
    """A predicate that is added to the rules and not to the page is missed here."""
    asking = [v.may for v in VERBS] + [f for n, f in vars(verbs).items() if n.startswith("_may_")]
    told = {v.may for v in VERBS} | {name for f in asking for name in f.__code__.co_names}
    found = {n for n, f in vars(rules).items() if n.startswith("may_") and isinstance(f, Callable)}
    assert {n for n in found if n not in told and getattr(rules, n) not in told} == set()


def test_a_mandate_is_for_agreeing_and_for_nothing_else():
    agree = "Straks akkoord geven namens de eigen partij"
    for role in ROLES:
        plain, with_it = (set(verbs.split(example_seat(role, True, mandate=m))[0]) for m in (False, True))
        assert agree not in plain and with_it - plain == ({agree} if role != "meelezer" else set()), role
        assert not rules.may_agree(example_seat(role, True, mandate=True), OTHER), role


# ---- the page ----


@pytest.mark.parametrize(
    "name, lead",
    [("marieke", "procesbegeleider bij de gemeente Meerwijk"), ("jan", "deelnemer bij Stichting De Linde")],
)
def test_the_page_says_what_you_may_do(world: World, as_, name: str, lead: str):
    page = as_(name).get(f"{world.url}/wie-mag-wat").text
    assert f"U bent hier {lead}." in page and problems(page, whole=True) == []
    with world.database.read() as tx:
        may, may_not = verbs.split(world.here(tx, name).seat)
    yours = page.split("Wat mag u hier niet?")
    assert all(label in yours[0] for label in may) and not any(label in yours[0] for label in may_not)
    role = lead.split()[0].capitalize()
    assert page.count(f'scope="col">{role} (u)<') == 1, "the own column is marked, in one of the two tables"
    rows, column = verbs.table(True).rows, verbs.table(True).roles.index(role.lower())
    assert page.count("<b>ja</b>") == sum(cells[column] for _, cells in rows)
    assert page.count("<b>nee</b>") == sum(not cells[column] for _, cells in rows)


def test_the_page_can_be_found_and_is_for_members(world: World, as_):
    url = f"{world.url}/wie-mag-wat"
    for path in ("", "/opzet", f"/opzet/partij/{world.parties['linde']}"):
        assert f'href="{url}"' in as_("marieke").get(world.url + path).text, path
    assert as_("pieter").get(url).status_code == 200
    assert as_("otto").get(url).status_code == as_("olga").get(url).status_code == 404
    assert as_("nobody").get(url).headers["location"] == "/aanmelden"


if __name__ == "__main__":
    PLACE.write_text(written())
