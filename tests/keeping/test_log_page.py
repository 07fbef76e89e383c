"""The log in words: who sees which lines, names at display, and a table that cannot calculate."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from app.audit.actions import note
from app.audit.models import AuditEntry
from app.core.clock import now, today
from app.core.csvfile import csv_file
from app.core.turn import Actor
from app.journey.models import Party, Seat
from tests.conftest import World


def table(answer) -> list[list[str]]:
    assert answer.status_code == 200 and answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_a_begeleider_sees_everything_a_partijbeheerder_what_concerns_the_own_party(world: World, as_):
    for name in ("jan", "fatima"):
        as_("marieke").post(world.path(f"toegang/mensen/{world.seats[name]}/link"))
    as_("pieter").get(world.path("bestand.json"))
    mine = as_("marieke").get(world.path("logboek")).text
    assert "Maakte een persoonlijke link: Jan Bakker (Stichting De Linde)" in mine
    assert "Maakte een persoonlijke link: Fatima Yildiz" in mine and "mag niet met deze rol" in mine
    theirs = as_("fatima").get(world.path("logboek")).text
    assert "Maakte een persoonlijke link: Fatima Yildiz" in theirs
    assert "Jan Bakker" not in theirs and "Pieter Mol" not in theirs
    other = as_("fatima").get(world.path(f"logboek?partij={world.parties['linde']}")).text
    assert "Jan Bakker" not in other, "the own party, whatever the address says"
    assert as_("jan").get(world.path("logboek")).status_code == 403
    assert "logboek" not in as_("jan").get(world.url).text
    assert as_("olga").get(world.path("logboek")).status_code == 404


def test_signing_in_is_shown_to_who_leads_a_journey_of_that_person_only(world: World, as_):
    as_("karin"), as_("otto")
    shown = as_("marieke").get(world.path("logboek?soort=aanmelden")).text
    assert "Karin Smit" in shown and "Otto" not in shown
    elsewhere = as_("olga").get(f"/trajecten/{world.other}/logboek").text
    assert "Karin Smit" not in elsewhere and "Marieke" not in elsewhere


def test_from_before_somebody_was_here_nothing_is_told(world: World, as_):
    with world.database.write() as tx:
        long_ago = AuditEntry(
            tenant_id="meerwijk",
            person_id=world.persons["karin"][1],
            what="signed_in",
            at=now() - timedelta(days=900),
        )
        tx.add(long_ago)
    year = str((today() - timedelta(days=900)).year)
    assert year not in as_("marieke").get(world.path("logboek?soort=aanmelden")).text


def test_filters(world: World, as_):
    as_("marieke").post(world.path(f"toegang/mensen/{world.seats['karin']}/link"))
    as_("marieke").post(world.path("stappen/gesprek/sluiten"))
    as_("pieter").get(world.path("bestand.json"))
    client = as_("marieke")
    only = client.get(world.path("logboek?soort=stappen")).text
    assert "Sloot een stap of een deel ervan: Gesprek" in only and "Maakte een persoonlijke link" not in only
    party = client.get(world.path(f"logboek?partij={world.parties['opweg']}")).text
    assert "Karin Smit" in party and "Sloot een stap of een deel ervan" not in party and "Pieter" not in party
    refused = client.get(world.path("logboek?soort=geweigerd")).text
    assert "Pieter Mol" in refused and "Maakte een persoonlijke link" not in refused
    assert "niets in het logboek" in client.get(world.path("logboek?van=2040-01-01")).text
    day = today().isoformat()
    assert "Pieter Mol" in client.get(world.path(f"logboek?van={day}&tot={day}")).text
    wrong = client.get(world.path("logboek?van=morgen"))
    assert wrong.status_code == 422 and "Kies een datum" in wrong.text and 'value="morgen"' in wrong.text
    assert client.get(world.path("logboek?van=2040-01-02&tot=2040-01-01")).status_code == 422
    assert client.get(world.path("logboek?partij=0000000000000000")).status_code == 404


def test_a_long_log_has_pages(world: World, as_):
    with world.database.write() as tx:
        for _ in range(60):
            actor = Actor("meerwijk", "", world.seats["marieke"])
            note(tx, "journey_exported", actor, journey_id=world.journey, object="bestand", result="gelukt")
    first = as_("marieke").get(world.path("logboek?soort=uitvoer"))
    assert first.text.count("<tr>") == 51 and "Wat eerder gebeurde" in first.text
    older = first.text.split('href="' + world.path("logboek?"))[1].split('"')[0].replace("&amp;", "&")
    second = as_("marieke").get(world.path(f"logboek?{older}"))
    assert second.text.count("<tr>") == 11 and "Wat eerder gebeurde" not in second.text


def test_the_table_cannot_calculate_and_is_in_the_log_itself(world: World, as_):
    with world.database.write() as tx:
        party = tx.get(Party, ("meerwijk", world.parties["linde"]))
        party.name = '=HYPERLINK("http://kwaad.test")'
        tx.add(party)
    as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/link"))
    rows = table(as_("marieke").get(world.path("logboek.csv")))
    assert rows[0] == ["Wanneer", "Wie", "Partij", "Wat", "Waarover", "Uitkomst"]
    cells = [cell for row in rows for cell in row]
    assert any("HYPERLINK" in c for c in cells) and not [c for c in cells if c.startswith(tuple("=+-@\t\r"))]
    again = table(as_("marieke").get(world.path("logboek.csv?soort=uitvoer")))
    assert [row[3] for row in again[1:]] == ["Haalde het logboek op als tabel"]


def test_cells():
    made = csv_file(("a",), [("=1",), ("+1",), (" -1",), ("@x",), ("\t=1",), ('gewoon; "x"',)])
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig")), delimiter=";"))
    assert rows == [["a"], ["'=1"], ["'+1"], ["'-1"], ["'@x"], ["'=1"], ['gewoon; "x"']]


def test_who_was_removed_is_a_function_in_the_log_too(world: World, as_):
    as_("jan").post(world.path("opzet/partijen"), data={"naam": "x"})
    with world.database.write() as tx:
        seat = tx.get(Seat, ("meerwijk", world.seats["jan"]))
        seat.function = "bestuurder"
        tx.add(seat)
    assert "Jan Bakker" in as_("marieke").get(world.path("logboek")).text
    as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/verwijderen"))
    after = as_("marieke").get(world.path("logboek")).text
    assert "Bestuurder van Stichting De Linde" in after and "Jan Bakker" not in after
    assert "Haalde iemand uit het traject: bestuurder van Stichting De Linde" in after
