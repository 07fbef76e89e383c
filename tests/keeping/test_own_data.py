"""One's own data: everything that is kept, nothing of anybody else, no secret."""

from __future__ import annotations

import json

from sqlmodel import SQLModel, select

from app.journey.models import SeatLink
from app.keeping.own import _SECRET, _SHOWN
from app.mail.models import Mail
from app.people.models import PersonLink, SignIn
from tests.conftest import World

PART = {"driekolom-deel": "1"}


def test_one_gets_everything_of_oneself_and_nothing_of_others(world: World, as_):
    as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/link"))
    field = {"waarde": "zinvol", "versie": "0"}
    as_("jan").post(world.path("verkenning/veld/uitkomst"), data=field, headers=PART)
    as_("jan").get(world.path("bestand.json"))
    with world.database.write() as tx:
        for name, who in (("jan", "Jan Bakker"), ("karin", "Karin Smit")):
            tenant, person = world.persons[name]
            tx.add(
                Mail(
                    tenant_id=tenant,
                    person_id=person,
                    to_name=who,
                    to_email=f"{name}@voorbeeld.test",
                    subject=f"Voor {name}",
                    body="GEHEIM",
                )
            )
    answer = as_("jan").get("/account/gegevens.json")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    found = json.loads(answer.text)
    assert found["persoon"]["naam"] == "Jan Bakker" and found["persoon"]["email"] == "jan@voorbeeld.test"
    assert [t["partij"] for t in found["trajecten"]] == ["Stichting De Linde"]
    assert found["geschreven"][0]["per_soort"] == {"joint_answer": 1} and "zinvol" not in answer.text
    assert [m["onderwerp"] for m in found["berichten"]] == ["Voor jan"]
    assert [e["uitkomst"] for e in found["logboek"]].count("geweigerd: mag niet met deze rol") == 1
    assert found["aanmeldingen"]
    page = as_("jan").get("/account/gegevens").text
    for theirs in ("Karin", "karin@", "Marieke", "GEHEIM"):
        assert theirs not in answer.text and theirs not in page, theirs
    assert "Jan Bakker" not in as_("karin").get("/account/gegevens.json").text
    assert "Jan Bakker" not in as_("otto").get("/account/gegevens").text
    assert as_("nobody").get("/account/gegevens.json").headers["location"] == "/aanmelden"
    log = json.loads(as_("jan").get("/account/gegevens.json").text)["logboek"]
    assert "Haalde de eigen gegevens op" in [e["wat"] for e in log]


def test_no_secret_is_in_it(world: World, as_):
    as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/link"))
    text = as_("jan").get("/account/gegevens.json").text
    with world.database.read() as tx:
        marks = [
            *tx.exec(select(SignIn.token_hash)),
            *tx.exec(select(SeatLink.token_hash)),
            *tx.exec(select(PersonLink.token_hash)),
        ]
    assert marks and not [m for m in marks if m in text]


def test_columns_of_other_tables_that_look_secret_stay_out():
    """A table with a person that a later room adds comes along by itself; look here whether its columns may."""
    shown = {
        f"{name}.{c.name}"
        for name, table in SQLModel.metadata.tables.items()
        if "person_id" in table.c and name not in _SHOWN
        for c in table.c
        if not _SECRET.search(c.name) and c.name not in ("tenant_id", "id", "person_id")
    }
    known = {
        "person_link.created_at", "person_link.expires_at", "person_link.revoked_at", "person_link.used_at",
        "identity.issuer", "identity.subject", "identity.created_at",
        "passkey.sign_count", "passkey.label", "passkey.created_at", "passkey.used_at",
    }  # fmt: skip
    assert sorted(shown - known) == sorted(s for s in shown if s.startswith("digest."))
