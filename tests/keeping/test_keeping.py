"""Archiving, taking back, announcing and removing for good; adopted documents; who is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.answers.models import Answer
from app.audit.models import AuditEntry, PurgeLine
from app.core.clock import now
from app.core.limits import Limit, hours
from app.core.settings import Settings
from app.exchange.actions import export_journey
from app.journey.models import Event, Journey, Seat
from app.keeping import routes, rules, store
from app.keeping.actions import fix_document
from app.keeping.models import ArchiveRecord
from app.keeping.rules import Terms
from app.keeping.run import run
from app.mail.models import Mail
from app.people.models import Person, SignIn, Tenant
from tests.conftest import World
from tests.dump import dump

PART = {"driekolom-deel": "1"}
DAY = timedelta(days=1)


def terms(world: World, archive: int = 0, purge: int = 0, years: int = 0) -> None:
    with world.database.write() as tx:
        tenant = tx.get(Tenant, "meerwijk")
        tenant.archive_months, tenant.purge_months, tenant.document_years = archive, purge, years
        tx.add(tenant)


def journey(world: World, journey_id: str = "") -> Journey | None:
    with world.database.read() as tx:
        return tx.get(Journey, ("meerwijk", journey_id or world.journey))


def report(world: World, days: int, do: bool = True):
    return run(world.database, world.settings, do=do, moment=now() + days * DAY)


# ---- the sums ----


def test_months():
    assert rules.add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert rules.add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert rules.add_months(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert rules.add_months(date(2027, 12, 1), 1) == date(2028, 1, 1)


def test_terms():
    now_, today = now(), now().date()
    assert not rules.must_archive(Terms(), now_ - 9999 * DAY, today), "0 is never"
    assert rules.must_archive(Terms(archive_months=1), now_ - 32 * DAY, today)
    assert not rules.must_archive(Terms(archive_months=1), now_ - 20 * DAY, today)
    assert rules.purge_day(Terms(), now_, today) is None
    long_ago = now_ - 900 * DAY
    assert rules.purge_day(Terms(purge_months=1), long_ago, today) == today + 30 * DAY, "always thirty days to object"
    assert rules.must_announce(Terms(purge_months=1), long_ago, None, today)
    assert not rules.must_announce(Terms(purge_months=12), now_, None, today)
    assert rules.must_purge(Terms(purge_months=1), today, today)
    assert not rules.must_purge(Terms(purge_months=1), today + DAY, today)
    assert not rules.must_purge(Terms(purge_months=1), None, today), "not announced"
    assert not rules.must_purge(Terms(), today, today), "the gemeente has chosen to keep everything"


# ---- archived: everybody reads, nobody writes ----


def test_an_archived_journey_is_read_only_until_it_is_taken_back(world: World, as_):
    field, data = world.path("verkenning/veld/uitkomst"), {"waarde": "zinvol", "versie": "0"}
    assert as_("marieke").post(world.path("bewaren/archiveren")).status_code == 303
    as_("jan")
    before = dump(world.database)
    for name, url, sent in (
        ("jan", field, data),
        ("marieke", world.path("opzet/veld/titel"), {"waarde": "x", "versie": "0"}),
        ("marieke", world.path("stappen/gesprek/sluiten"), {}),
        ("marieke", world.path(f"toegang/mensen/{world.seats['jan']}/link"), {}),
        ("jan", world.path("gezien"), {"tot": "z"}),
        ("marieke", world.path("bewaren/stukken"), {"besluit": "x", "datum": "2026-01-05"}),
    ):
        answer = as_(name).post(url, data=sent, headers=PART)
        assert answer.status_code == 409 and "gearchiveerd" in answer.text, (url, answer.status_code)
    assert dump(world.database) == before
    for path in ("", "/opzet", "/verkenning", "/waar-staan-we/b", "/gesprek/b", "/plan/inleiding", "/document"):
        page = as_("jan").get(world.url + path)
        assert page.status_code == 200 and "Dit traject is gearchiveerd op" in page.text, path
        assert 'name="waarde"' not in page.text, f"a field that can be changed at {path}"
    assert as_("marieke").get(world.path("bestand.json")).status_code == 200
    assert as_("jan").post(world.path("bewaren/terughalen")).status_code == 403
    assert as_("marieke").post(world.path("bewaren/terughalen")).status_code == 303
    assert as_("jan").post(field, data=data, headers=PART).status_code == 200


def test_who_may_archive(world: World, as_):
    for name, status in (("jan", 403), ("pieter", 403), ("olga", 404), ("otto", 404)):
        assert as_(name).post(world.path("bewaren/archiveren")).status_code == status, name
    assert as_("nobody").post(world.path("bewaren/archiveren")).headers["location"] == "/aanmelden"
    assert as_("marieke").get(world.path("bewaren/archiveren")).status_code == 405
    assert journey(world).archived_at is None
    assert "Archiveer dit traject" not in as_("jan").get(world.path("bewaren")).text


# ---- the daily work ----


def test_nothing_goes_without_a_term(world: World):
    before = dump(world.database, log=True)
    report(world, 5000)
    with world.database.read() as tx:
        assert len(tx.exec(select(Journey)).all()) == 3
    assert "journey_archived" not in before and journey(world).archived_at is None


def test_from_running_to_gone(world: World, as_):
    """After a year without change archived, after two more announced, thirty days later gone: only numbers are left."""
    terms(world, archive=12, purge=24)
    with world.database.write() as tx:
        here = world.here(tx)
        fix_document(here, "Besluit van het college", "2026-01-05", "plan.pdf", b"%PDF-besluit")
        tx.add(
            Mail(
                tenant_id="meerwijk",
                journey_id=world.journey,
                to_name="Jan Bakker",
                to_email="jan@voorbeeld.test",
                subject="x",
                body="Jan Bakker",
            )
        )
    assert report(world, 300).archived == 0
    first = report(world, 370)
    assert (first.archived, first.purged) == (2, 0), "that of anderstad has no term"
    assert journey(world).archived_at is not None
    assert report(world, 371).announced == 0
    soon = 370 + 731 - 30
    assert report(world, soon, do=False).announced == 2
    assert journey(world).purge_on is None, "only looked"
    assert report(world, soon).announced == 2
    assert journey(world).purge_on is not None
    assert "wordt het gewist" in as_("jan").get(world.url).text
    assert report(world, soon + 29).purged == 0
    last = report(world, soon + 31)
    assert last.purged == 2 and last.removed["seat"] == 8
    assert journey(world) is None
    assert as_("jan").get(world.url).status_code in (303, 404)
    left = dump(world.database, log=True)
    for canary in ("Jan Bakker", "jan@voorbeeld.test", "Stichting Op Weg", "Fatima"):
        assert canary not in left, canary
    with world.database.read() as tx:
        assert tx.exec(select(AuditEntry).where(AuditEntry.journey_id == world.journey)).all() == []
        (line,) = tx.exec(select(PurgeLine).where(PurgeLine.journey_id == world.journey)).all()
        assert "seat=7" in line.counts and "=" in line.counts
        assert tx.exec(select(ArchiveRecord.title)).all() == ["Ouderbetrokkenheid in Meerwijk"]
        assert tx.get(Journey, ("anderstad", world.foreign)) is not None
        assert tx.exec(select(Person.name).where(Person.tenant_id == "meerwijk")).all() == [
            "Marieke de Wit",
            "Olga Buiten",
        ]


def test_taking_back_or_a_longer_term_stops_the_end(world: World, as_):
    terms(world, archive=12, purge=1)
    report(world, 370)
    report(world, 372)
    assert journey(world).purge_on is not None
    as_("marieke").post(world.path("bewaren/terughalen"))
    assert journey(world).purge_on is None and journey(world).archived_at is None
    terms(world, archive=12, purge=0)
    assert report(world, 500).purged == 0 and journey(world, world.other) is not None


def mailing(world: World, address: str = "lea@voorbeeld.test") -> None:
    """Mail goes out, and all who lead a journey read it at this address."""
    world.settings = replace(world.settings, smtp_host="mail.example", mail_from="driekolom@voorbeeld.example")
    with world.database.write() as tx:
        for seat in tx.exec(select(Seat).where(Seat.role == "procesbegeleider", Seat.tenant_id == "meerwijk")):
            person = tx.get(Person, (seat.tenant_id, seat.person_id))
            person.email = address
            tx.add(person)


def announce(world: World):
    terms(world, archive=12, purge=24)
    report(world, 370)
    return report(world, 370 + 731 - 30)


def test_who_leads_gets_a_mail_from_the_gemeente(world: World):
    mailing(world)
    with world.database.write() as tx:
        tenant = tx.get(Tenant, "meerwijk")
        tenant.sender_email, tenant.sender_name = "lea@meerwijk.example", "gemeente Meerwijk, team jeugd"
        tx.add(tenant)
    assert announce(world).unwritten == 0
    with world.database.read() as tx:
        found = tx.exec(select(Mail).where(Mail.journey_id == world.journey)).all()
        assert {m.kind for m in found} == {"keeping_ends"}
        assert {m.to_email for m in found} == {"lea@voorbeeld.test"}
        assert {m.from_email for m in found} == {"lea@meerwijk.example"}
        assert {m.from_name for m in found} == {"Driekolom (gemeente Meerwijk, team jeugd)"}


def test_an_address_that_cannot_be_written_to_stops_nothing(world: World):
    """The journey goes all the same, and the report says how many were not told."""
    mailing(world, "lea")
    assert announce(world).unwritten == 2 and journey(world).purge_on is not None
    assert "purge_announced" in [e.kind for e in _events(world)]


def test_a_day_with_enough_mail_stops_nothing(world: World, monkeypatch):
    mailing(world)
    monkeypatch.setattr("app.mail.rules.to_one", lambda kind: Limit("mail-test", 1, hours(24)))
    assert announce(world).unwritten == 1, "the second of two journeys of the same begeleider"
    assert journey(world).purge_on and journey(world, world.other).purge_on


def test_one_journey_that_fails_does_not_stop_the_others(world: World, monkeypatch, caplog):
    terms(world, archive=12, purge=24)
    real = store.changed_at

    def broken(tx, found):
        if found.id == world.journey:
            raise RuntimeError("Stichting Op Weg")
        return real(tx, found)

    monkeypatch.setattr(store, "changed_at", broken)
    said = report(world, 370)
    assert (said.failed, said.archived) == (1, 1)
    assert journey(world).archived_at is None and journey(world, world.other).archived_at is not None
    assert "RuntimeError" in caplog.text and "Op Weg" not in caplog.text and world.journey not in caplog.text


def _events(world: World) -> list[Event]:
    with world.database.read() as tx:
        return list(tx.exec(select(Event).where(Event.journey_id == world.journey)))


def test_the_report_holds_numbers_only(world: World):
    terms(world, archive=1, purge=1)
    for days in (40, 80, 120):
        said = "\n".join(report(world, days).lines(True))
        for word in ("Meerwijk", "Jan", "Linde", world.journey, world.parties["linde"]):
            assert word not in said


def test_who_manages_the_installation_sees_numbers_of_what_went(world: World):
    world.client("jan")
    from app.installation.pages import index_page

    terms(world, archive=1, purge=1)
    for days in (40, 80, 120):
        report(world, days)
    report(world, 2000)
    with world.database.read() as tx:
        removed = index_page(tx).removed
    assert sum("een traject met" in line for line in removed) == 2 and any(
        "van het logboek" in line for line in removed
    )
    assert "Meerwijk" not in " ".join(removed)


def test_a_concept_answer_is_activity(world: World):
    terms(world, archive=1)
    with world.database.write() as tx:
        answer = Answer(
            tenant_id="meerwijk",
            journey_id=world.journey,
            party_id=world.parties["linde"],
            layer="eigen",
            path="b/x/stand",
            saved_by=world.seats["jan"],
            saved_at=now() + 35 * DAY,
        )
        tx.add(answer)
    assert report(world, 40).archived == 1, "only the other one"
    assert journey(world).archived_at is None


# ---- adopted documents ----


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []

    def print_pdf(settings: Settings, html: str, style: object) -> bytes:
        made.append(html)
        return b"%PDF-1.7 " + str(len(html)).encode()

    monkeypatch.setattr(routes, "print_pdf", print_pdf)
    return made


def test_a_document_is_kept_as_it_was(world: World, as_, printed):
    url, good = world.path("bewaren/stukken"), {"besluit": "Besluit 12", "datum": "2026-01-05"}
    wrong = as_("marieke").post(url, data={"besluit": "Besluit 12", "datum": "31-2"})
    assert wrong.status_code == 422 and "Besluit 12" in wrong.text and "Kies de dag van het besluit" in wrong.text
    assert as_("marieke").post(url, data=good | {"besluit": ""}).status_code == 422
    assert as_("marieke").post(url, data=good | {"besluit": "x" * 201}).status_code == 422
    assert as_("marieke").post(url, data=good | {"datum": "2099-01-01"}).status_code == 422
    assert printed == [], "nothing is printed for what is refused"
    for name, status in (("jan", 403), ("olga", 404), ("otto", 404)):
        assert as_(name).post(url, data=good).status_code == status
    assert printed == []
    for _ in range(2):
        assert as_("marieke").post(url, data=good).status_code == 303
    with world.database.read() as tx:
        (kept,) = tx.exec(select(ArchiveRecord)).all()
    page = as_("jan").get(world.path("bewaren")).text
    assert "Besluit 12" in page and kept.sha256 in page
    file = as_("jan").get(world.path(f"bewaren/stukken/{kept.id}.pdf"))
    assert file.content == kept.content and file.headers["content-type"] == "application/pdf"
    for name, status in (("olga", 404), ("otto", 404)):
        assert as_(name).get(world.path(f"bewaren/stukken/{kept.id}.pdf")).status_code == status
    assert as_("olga").get(f"/trajecten/{world.other}/bewaren/stukken/{kept.id}.pdf").status_code == 404
    assert as_("olga").get(f"/archief/{kept.id}.pdf").content == kept.content, "of the same gemeente"
    assert as_("otto").get(f"/archief/{kept.id}.pdf").status_code == 404
    assert as_("jan").get("/archief").status_code == 403
    assert "Besluit 12" not in as_("otto").get("/archief").text


def test_a_document_has_a_term_of_its_own(world: World):
    with world.database.write() as tx:
        fix_document(world.here(tx), "Besluit", "2026-01-05", "plan.pdf", b"%PDF")
    assert report(world, 3000).documents == 0
    terms(world, years=5)
    assert report(world, 1000).documents == 0
    assert report(world, 3000, do=False).documents == 1
    assert report(world, 3000).documents == 1
    with world.database.read() as tx:
        assert tx.exec(select(ArchiveRecord.id)).all() == []


# ---- forgetting ----


def leave(world: World, as_, name: str = "jan", function: str = "bestuurder") -> None:
    with world.database.write() as tx:
        seat = tx.get(Seat, ("meerwijk", world.seats[name]))
        seat.function = function
        tx.add(seat)
    assert as_("marieke").post(world.path(f"toegang/mensen/{world.seats[name]}/verwijderen")).status_code == 303


def test_name_and_address_go_after_a_term_or_at_once(world: World, as_):
    leave(world, as_, "jan"), leave(world, as_, "karin")
    page = as_("marieke").get(world.path("bewaren"))
    assert "Bestuurder van Stichting De Linde, weggehaald op" in page.text and "Jan Bakker" not in page.text
    url = world.path(f"bewaren/mensen/{world.seats['jan']}/wissen")
    for who, status in (("ellen", 403), ("olga", 404), ("marieke", 303)):
        assert as_(who).post(url).status_code == status
    assert as_("marieke").post(world.path(f"bewaren/mensen/{world.seats['ellen']}/wissen")).status_code == 404, (
        "still in"
    )
    kept = dump(world.database, log=True)
    assert "Jan Bakker" not in kept and "jan@voorbeeld.test" not in kept and "Karin Smit" in kept
    assert report(world, 100).forgotten == 0
    assert report(world, 400).forgotten == 1
    kept = dump(world.database, log=True)
    assert "Karin Smit" not in kept and "karin@voorbeeld.test" not in kept


def test_who_is_still_somewhere_is_not_forgotten(world: World, as_):
    with world.database.write() as tx:
        person = tx.get(Person, world.persons["jan"])
        person.may_start = True
        tx.add(person)
    leave(world, as_, "jan")
    answer = as_("marieke").post(world.path(f"bewaren/mensen/{world.seats['jan']}/wissen"))
    assert answer.status_code == 422 and "nog nodig" in answer.text
    assert report(world, 5000).forgotten == 0


def test_a_removed_person_is_nowhere_any_more(world: World, as_):
    """A canary: after leaving, the name stands on no page, in no file and in no message of this journey."""
    canary = "Jan Bakker"
    field = {"waarde": "zinvol", "versie": "0"}
    as_("jan").post(world.path("verkenning/veld/uitkomst"), data=field, headers=PART)
    as_("jan").post(world.path("waar-staan-we/b/delen"))
    as_("jan").post(
        world.path("gesprek/b/afspraak"), data={"wat": "Samen", "wie": world.parties["linde"], "wanneer": "2030-06"}
    )
    paths = [
        "", "/tijdlijn", "/veranderd", "/opzet", "/opzet/mensen", f"/opzet/partij/{world.parties['linde']}", "/verkenning",
        "/waar-staan-we", "/waar-staan-we/b", "/waar-staan-we/b/naast-elkaar", "/gesprek", "/gesprek/b", "/conclusies",
        "/plan", "/plan/inleiding", "/document", "/logboek", "/logboek.csv", "/bewaren", "/bestand.json", "/toegang", "/berichten",
    ]  # fmt: skip
    with world.database.write() as tx:
        for whom, by in (("jan", "marieke"), ("marieke", "jan")):
            who = tx.get(Person, world.persons[whom])
            tx.add(
                Mail(
                    tenant_id="meerwijk", journey_id=world.journey, kind="reminder", person_id=who.id, by_person=world.persons[by][1],
                    to_name=who.name, to_email=f"{whom}@voorbeeld.test", subject=f"Voor {who.name}", body=f"Beste {who.name}",
                    from_name=tx.get(Person, world.persons[by]).name, state="sent",
                )
            )  # fmt: skip
    before = "".join(as_("marieke").get(world.url + path).text for path in paths)
    assert before.count(canary) > 5
    leave(world, as_, "jan")
    for who in ("marieke", "ellen"):
        for path in paths:
            assert canary not in as_(who).get(world.url + path).text, (who, path)
            assert "jan@voorbeeld.test" not in as_(who).get(world.url + path).text, (who, path)
    stale = as_("ellen").post(world.path("verkenning/veld/uitkomst"), data=field | {"waarde": "later"}, headers=PART)
    assert stale.status_code == 409 and canary not in stale.text and "estuurder van Stichting De Linde" in stale.text
    with world.database.read() as tx:
        for scope in ("traject", "beheer"):
            assert canary.encode() not in export_journey(tx, journey(world), scope)
        assert not [e for e in tx.exec(select(Event)) if canary in repr(e)]
        sessions = tx.exec(select(SignIn).where(SignIn.person_id == world.persons["jan"][1])).all()
        assert sessions and all(s.ended_at for s in sessions)


def test_old_lines_of_no_journey_go(world: World, as_):
    as_("jan")
    assert report(world, 100).log_lines == 0
    assert report(world, 800).log_lines == 1
    with world.database.read() as tx:
        assert tx.exec(select(AuditEntry).where(AuditEntry.journey_id == "")).all() == []
    keeps = replace(world.settings, log_months=0)
    as_("ellen")
    assert run(world.database, keeps, do=True, moment=now() + 5000 * DAY).log_lines == 0
