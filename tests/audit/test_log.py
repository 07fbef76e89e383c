"""The log of access: what gets a line, who is in it, and that nothing and nobody changes it."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, text
from sqlmodel import Session, col, select

from app.audit.actions import MOST_REFUSALS, note
from app.audit.deeds import DEEDS, EVENTS, KINDS, RESULTS
from app.audit.models import AuditEntry, PurgeLine
from app.core.clock import now
from app.core.rendering import ROOT
from app.core.turn import Actor
from app.journey.actions import make_link, mark_step
from app.journey.models import Journey
from tests.conftest import World
from tests.dump import dump

PART = {"driekolom-deel": "1"}


def lines(world: World, *whats: str) -> list[AuditEntry]:
    """Lines of these deeds, oldest first."""
    with world.database.read() as tx:
        return list(tx.exec(select(AuditEntry).where(col(AuditEntry.what).in_(whats)).order_by(AuditEntry.id)).all())


# ---- the table of deeds ----


def test_every_kind_of_event_is_logged_or_is_work_on_content():
    """A new kind of event about people, rights, sharing or closing belongs in app/audit/deeds.py."""
    kinds = {p.stem for p in (ROOT / "templates" / "events").glob("*.html")}
    assert set(EVENTS) <= kinds, "logged, but no event"
    about_people = {k for k in kinds if k.startswith(("person_", "link_", "theme_", "behalf_", "step_", "invitation_"))}
    assert about_people - set(EVENTS) == set(), "say in app/audit/deeds.py how the log calls these"


def test_deeds_are_whole():
    assert all(d.words and d.kind in KINDS for d in DEEDS.values())
    assert all(len(what) <= 40 for what in DEEDS) and all(len(r) <= 16 for r in RESULTS)


def test_what_is_not_a_deed_cannot_be_logged(world: World):
    with world.database.write() as tx, pytest.raises(ValueError, match="deeds.py"):
        note(tx, "vrije tekst", Actor("meerwijk", ""))


# ---- what gets a line ----


def test_a_deed_is_written_down_with_who_what_and_about_whom(world: World, as_):
    answer = as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/link"))
    assert answer.status_code == 200
    (line,) = lines(world, "link_made")
    assert (line.seat_id, line.person_id) == (world.seats["marieke"], "")
    assert (line.journey_id, line.party_id) == (world.journey, world.parties["linde"])
    assert (line.object, line.result) == (f"plek:{world.seats['jan']}", "gelukt")


def test_a_deed_that_is_taken_back_leaves_no_line(world: World):
    with pytest.raises(RuntimeError), world.database.write() as tx:
        here = world.here(tx)
        mark_step(here, "gesprek", "gesloten")
        raise RuntimeError("power cut")
    assert lines(world, "step_closed") == []


def test_closing_and_opening(world: World, as_):
    for verb in ("sluiten", "openen"):
        assert as_("marieke").post(world.path(f"stappen/gesprek/{verb}")).status_code == 303
    assert [(e.what, e.object) for e in lines(world, "step_closed", "step_reopened")] == [
        ("step_closed", "stap:gesprek"),
        ("step_reopened", "stap:gesprek"),
    ]


def test_in_and_out(world: World):
    with world.database.write() as tx:
        here = world.here(tx)
        secret = make_link(here, next(s for s, _ in here.seats.values() if s.id == world.seats["jan"]))
    before = len(lines(world, "signed_in"))
    client = world.client()
    assert client.post(f"/toegang/{secret}").status_code == 303
    assert client.post("/afmelden").status_code == 303
    came, went = lines(world, "signed_in")[before:], lines(world, "signed_out")
    assert [e.person_id for e in (*came, *went)] == [world.persons["jan"][1]] * 2


def test_a_link_that_was_revoked_is_a_refused_sign_in_of_its_owner(world: World, as_):
    with world.database.write() as tx:
        here = world.here(tx)
        secret = make_link(here, next(s for s, _ in here.seats.values() if s.id == world.seats["jan"]))
    as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/intrekken"))
    assert world.client().post(f"/toegang/{secret}").status_code == 404
    assert world.client().post("/toegang/" + "x" * 43).status_code == 404, "of nobody: no line"
    refused = [e for e in lines(world, "signed_in") if e.result != "gelukt"]
    assert [(e.person_id, e.result) for e in refused] == [(world.persons["jan"][1], "niet-gevonden")]
    assert secret not in dump(world.database, log=True)


def test_a_file_is_written_down_before_it_is_handed_out(world: World, as_, monkeypatch):
    answer = as_("marieke").get(world.path("bestand.json"))
    assert answer.status_code == 200
    (line,) = lines(world, "journey_exported")
    assert (line.seat_id, line.result) == (world.seats["marieke"], "gelukt")
    monkeypatch.setattr("app.audit.actions.note", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        as_("marieke").get(world.path("bestand.json"))


# ---- refusals ----


def test_refusals_are_lines_too(world: World, as_):
    assert as_("pieter").get(world.path("bestand.json")).status_code == 403
    assert as_("olga").get(world.path("opzet")).status_code == 404
    assert as_("karin").post(world.path("opzet/partijen"), data={"naam": "GEHEIM"}).status_code == 403
    with world.database.write() as tx:
        mark_step(world.here(tx), "verkenning", "gesloten")
    field = {"waarde": "zinvol", "versie": "0"}
    assert as_("jan").post(world.path("verkenning/veld/uitkomst"), data=field, headers=PART).status_code == 409
    found = {
        (e.what, e.seat_id or e.person_id, e.object, e.result)
        for e in lines(world, "journey_exported", "page_refused", "change_refused")
    }
    assert found == {
        ("journey_exported", world.seats["pieter"], "", "mag-niet"),
        ("page_refused", world.persons["olga"][1], "pagina:opzet", "niet-gevonden"),
        ("change_refused", world.seats["karin"], "pagina:opzet", "mag-niet"),
        ("change_refused", world.seats["jan"], "pagina:verkenning", "gesloten"),
    }
    assert "GEHEIM" not in dump(world.database, log=True)


def test_nobody_and_a_stale_version_leave_no_line(world: World, as_):
    field = {"waarde": "zinvol", "versie": "0"}
    as_("jan").post(world.path("verkenning/veld/uitkomst"), data=field, headers=PART)
    stale = as_("jan").post(world.path("verkenning/veld/uitkomst"), data=field | {"waarde": "later"}, headers=PART)
    assert stale.status_code == 409
    as_("nobody").get(world.path("opzet"))
    assert lines(world, "page_refused", "change_refused") == []


def test_the_same_refusal_again_is_the_same_line_and_a_log_cannot_be_flooded(world: World, as_):
    for _ in range(5):
        as_("pieter").get(world.path("bestand.json"))
    assert len(lines(world, "journey_exported")) == 1
    for number in range(MOST_REFUSALS + 20):
        as_("pieter").post(world.path(f"opzet/partij/0{number:015}/verwijderen"))
    written = lines(world, "journey_exported", "change_refused")
    assert len(written) == MOST_REFUSALS
    assert all(len(e.object) <= 120 for e in written)


def test_what_is_typed_in_an_address_is_never_in_the_log(world: World, as_):
    as_("marieke").get("/trajecten/KANARIE-traject/opzet")
    as_("marieke").get(world.path("waar-staan-we/KANARIE-thema"))
    as_("marieke").get(world.path("opzet/partij/KANARIE-partij"))
    assert "KANARIE" not in dump(world.database, log=True)
    assert len(lines(world, "page_refused")) == 2, "of a journey that cannot be there is no line"


# ---- append-only ----


def test_the_database_refuses_to_change_or_remove_a_line(world: World):
    sqlite = world.database.sqlite
    for statement in (
        "UPDATE audit_entry SET result = 'gelukt'",
        "DELETE FROM audit_entry",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry" if sqlite else "TRUNCATE audit_entry",
    ):
        before = dump(world.database, log=True)
        with pytest.raises(exc.DatabaseError, match="append-only"), world.database.engine.begin() as connection:
            connection.execute(text(statement))
        assert dump(world.database, log=True) == before
    with world.database.write() as tx:
        tx.add(PurgeLine(tenant_id="meerwijk", journey_id="x", counts="party=1"))
    for statement in ("UPDATE purge_line SET counts = ''", "DELETE FROM purge_line"):
        with pytest.raises(exc.DatabaseError, match="append-only"), world.database.engine.begin() as connection:
            connection.execute(text(statement))


def test_lines_of_a_journey_outlive_its_row_and_go_only_after_a_line_with_numbers(world: World):
    def count(tx: Session, journey_id: str) -> int:
        return len(tx.exec(select(AuditEntry).where(AuditEntry.journey_id == journey_id)).all())

    with world.database.write() as tx:
        tx.delete(tx.get(Journey, ("meerwijk", world.journey)))
    with world.database.write() as tx:
        assert count(tx, world.journey) > 0
        assert count(tx, world.other) > 0
        tx.add(PurgeLine(tenant_id="meerwijk", journey_id=world.journey, counts="party=5"))
        tx.flush()
        tx.connection().execute(text("DELETE FROM audit_entry WHERE journey_id = :j"), {"j": world.journey})
        assert count(tx, world.journey) == 0
    with pytest.raises(exc.DatabaseError, match="append-only"), world.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE journey_id = :j"), {"j": world.other})


def test_lines_of_no_journey_go_only_from_before_a_moment(world: World, as_):
    as_("jan")
    forget = text("DELETE FROM audit_entry WHERE journey_id = '' AND tenant_id = 'meerwijk'")
    with world.database.write() as tx:
        tx.add(PurgeLine(tenant_id="meerwijk", before=now().replace(year=2020), counts="audit_entry=0"))
    with pytest.raises(exc.DatabaseError, match="append-only"), world.database.engine.begin() as connection:
        connection.execute(forget)
    with world.database.write() as tx:
        tx.add(PurgeLine(tenant_id="meerwijk", before=now().replace(year=2099), counts="audit_entry=1"))
        tx.flush()
        tx.connection().execute(forget)
    assert [e.tenant_id for e in lines(world, "signed_in")] == []


def test_a_save_asks_nothing_more_of_the_database(world: World, as_):
    """Content is not in the log: a save is measured to the tenth of a millisecond."""
    before = len(dump(world.database, log=True).split("audit_entry:"))
    field = {"waarde": "zinvol", "versie": "0"}
    assert as_("jan").post(world.path("verkenning/veld/uitkomst"), data=field, headers=PART).status_code == 200
    assert len(dump(world.database, log=True).split("audit_entry:")) == before + 1, "only that jan signed in"
