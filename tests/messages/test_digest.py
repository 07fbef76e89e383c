"""The daily overview: one a day at most, the newest first, only what others did and only what may be known, off by one
click."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from app.core import clock
from app.core.database import Database
from app.core.ids import first_id, made_at, new_id
from app.journey.actions import add_person, here_for
from app.journey.events import record
from app.journey.models import Event, Journey, Seat
from app.messages import digest as module
from app.messages.digest import LINES, Daily, write_digests
from app.people.actions import sign_in
from app.people.models import Person, SignIn, Tenant
from tests.conftest import World
from tests.core.test_transactions import at_once

AGO = timedelta(hours=3)


@pytest.fixture(autouse=True)
def everybody_was_here_yesterday(world: World) -> None:
    """Signed in a day ago; what the world was made of happened before that."""
    with world.database.write() as tx:
        for name in ("marieke", "jan", "karin", "fatima", "pieter"):
            sign_in(tx, tx.get(Person, world.persons[name]), 12)
        marieke = tx.get(Person, world.persons["marieke"])
        marieke.email = "m.dewit@meerwijk.example"
        tx.add(marieke)
        tx.flush()
        for session in tx.exec(select(SignIn)):
            session.last_seen_at = clock.now() - timedelta(days=1)
            tx.add(session)
        for event in tx.exec(select(Event)):
            tx.delete(event)


@pytest.fixture
def happened(world: World):
    """`happened("jan", "theme_shared", step=…, part=…)`: three hours ago."""

    def did(name: str, kind: str, hours: float = 3, **what: str) -> None:
        moment = clock.now() - timedelta(hours=hours)
        with world.database.write() as tx:
            here = world.here(tx, name)
            record(here, kind, **what)
        with world.database.write() as tx:  # what is recorded is the last: it is put back in time afterwards
            last = tx.exec(select(Event.id).order_by(Event.id.desc())).first()
            earlier = {"id": first_id(moment)[:10] + new_id()[10:], "at": moment}
            tx.connection().execute(update(Event).where(col(Event.id) == last).values(**earlier))

    return did


def shared(happened, name: str = "jan", theme: str = "a", **more) -> None:
    happened(name, "theme_shared", step="waar-staan-we", part=theme, **more)


def write(world: World) -> int:
    return write_digests(world.database, world.settings)


def tomorrow(monkeypatch) -> None:
    later, day = clock.now() + timedelta(days=1), clock.today() + timedelta(days=1)
    monkeypatch.setattr(module, "now", lambda: later)
    monkeypatch.setattr(module, "today", lambda: day)


def to(mails, name: str):
    return [m for m in mails() if m.to_email.startswith(f"{name}@")]


def test_nothing_new_is_no_message(world: World, mails):
    assert write(world) == 0 and mails() == []


def test_what_others_did_with_a_link_to_the_very_place(world: World, happened, mails):
    shared(happened, "jan", "a", hours=5)
    happened("karin", "outcome_changed", hours=3, step="gesprek", part="b", ref="b/startgesprek/uitkomst")
    assert write(world) == 5
    [mail] = to(mails, "fatima")
    assert (mail.kind, mail.subject) == ("digest", "Nieuw: Ouderbetrokkenheid in Meerwijk")
    assert mail.body.startswith(
        "Nieuw in ‘Ouderbetrokkenheid in Meerwijk’, het traject van Marieke de Wit van de gemeente"
    )
    assert mail.from_name == "Marieke de Wit (gemeente Meerwijk)" and mail.reply_to == "m.dewit@meerwijk.example"
    first, second = mail.body.index("#punt-startgesprek\n"), mail.body.index("/waar-staan-we/a/naast-elkaar\n")
    assert first < second, "the newest first"
    assert "Stichting De Linde deelde thema A.\nhttps://lea.test/trajecten/" in mail.body


def test_never_ones_own_work(world: World, happened, mails):
    shared(happened, "jan")
    write(world)
    assert to(mails, "jan") == [] and len(to(mails, "karin")) == 1
    assert len(to(mails, "pieter")) == 1, "who reads along is told what everybody may see"


def test_who_leads_gets_no_mail_from_oneself(world: World, happened, mails):
    shared(happened, "jan")
    write(world)
    [mail] = to(mails, "m.dewit")
    assert mail.from_name == "Driekolom (gemeente Meerwijk)" and mail.reply_to == ""
    assert mail.body.startswith("Nieuw in ‘Ouderbetrokkenheid in Meerwijk’, het traject dat u begeleidt.")
    assert "vraag naar" not in mail.body


def test_the_same_done_often_is_told_once(world: World, happened, mails):
    for hours in (5, 4, 3):
        happened("jan", "notes_changed", hours=hours, step="gesprek", part="b", ref="b/notities")
    write(world)
    assert to(mails, "karin")[0].body.count("de notities van thema B") == 1


def test_processes_that_write_at_once_write_to_each_reader_once(world: World, happened, mails):
    shared(happened, "jan")
    processes = [Database(world.settings.database_url) for _ in range(3)]
    found = at_once(3, lambda mine: write_digests(processes[mine], world.settings))
    for process in processes:
        process.close()
    assert sum(found) == 4 and len(mails()) == 4  # type: ignore[arg-type]
    assert all(len(to(mails, name)) == 1 for name in ("karin", "fatima", "pieter", "m.dewit"))


def test_one_a_day_and_then_only_what_is_new(world: World, happened, mails, monkeypatch):
    shared(happened, "jan", "a")
    assert write(world) == 4
    shared(happened, "jan", "b", hours=-1)
    later, day = clock.now() + timedelta(hours=2), clock.today()
    with monkeypatch.context() as patch:
        patch.setattr(module, "now", lambda: later)
        patch.setattr(module, "today", lambda: day)
        assert write(world) == 0, "not twice on a day"
    tomorrow(monkeypatch)
    assert write(world) == 4
    body = to(mails, "karin")[1].body
    assert "thema B" in body and "thema A" not in body


def test_what_was_seen_is_not_told(world: World, happened, mails):
    shared(happened, "jan", "a", hours=3)
    with world.database.write() as tx:
        seat = tx.get(Seat, ("meerwijk", world.seats["karin"]))
        seat.seen = new_id()
        tx.add(seat)
        fatima = tx.exec(select(SignIn).where(SignIn.person_id == world.persons["fatima"][1])).one()
        fatima.last_seen_at = clock.now() - timedelta(hours=1)
        tx.add(fatima)
    write(world)
    assert to(mails, "karin") == [] and to(mails, "fatima") == [] and len(to(mails, "pieter")) == 1


def test_who_was_never_here_or_is_gone_gets_nothing(world: World, happened, mails):
    shared(happened, "jan")
    with world.database.write() as tx:
        seat = tx.get(Seat, ("meerwijk", world.seats["karin"]))
        seat.removed_at = clock.now()
        tx.add(seat)
    write(world)
    assert to(mails, "noor") == [], "never signed in"
    assert to(mails, "karin") == [], "removed"
    assert {m.tenant_id for m in mails()} == {"meerwijk"}


def test_a_gemeente_that_is_closed_sends_nothing(world: World, happened, mails):
    shared(happened, "jan")
    with world.database.write() as tx:
        tenant = tx.get(Tenant, "meerwijk")
        tenant.closed_at = clock.now()
        tx.add(tenant)
    assert write(world) == 0


def test_what_is_for_one_party_only_is_told_to_nobody_else(world: World, happened, mails):
    happened("jan", "answer_changed_back", step="waar-staan-we", part="a")
    for kind in ("link_made", "link_revoked", "party_reminded"):
        happened("marieke", kind, step="opzet", ref=world.seats["jan"], party_id=world.parties["linde"])
    assert write(world) == 0, "no concepts, no links, no reminders"


def test_at_most_so_many_lines_and_how_many_more(world: World, happened, mails, as_):
    for name in ("jan", "fatima", "noor", "marieke"):  # of four parties
        shared(happened, name, theme="a")
        for theme in "abcd":
            happened(name, "notes_changed", step="gesprek", part=theme, ref=f"{theme}/notities")
    write(world)
    body = to(mails, "karin")[0].body
    lines = re.findall(r"^https://lea\.test/trajecten/.*$", body, re.M)
    more = re.search(r"En nog (\d+) veranderingen:", body)
    assert len(lines) == LINES + 1 and more and lines[-1] == f"https://lea.test{world.url}/veranderd"


def test_two_journeys_are_one_message(world: World, happened, mails, pack):
    shared(happened, "jan")
    with world.database.write() as tx:
        olga = tx.get(Person, world.persons["olga"])
        journey, seat = (
            tx.get(Journey, ("meerwijk", world.other)),
            tx.exec(select(Seat).where(Seat.person_id == olga.id)).one(),
        )
        here = here_for(tx, world.settings, olga, journey, seat)
        other = add_person(here, here.parties[0], "Karin Smit", "Karin@voorbeeld.test")
        person = tx.get(Person, ("meerwijk", other.person_id))
        sign_in(tx, person, 12)
        tx.flush()
        session = tx.exec(select(SignIn).where(SignIn.person_id == person.id)).one()
        session.last_seen_at = clock.now() - timedelta(days=1)
        moment = clock.now() - AGO
        tx.add_all((session, Event(tenant_id="meerwijk", journey_id=journey.id, id=first_id(moment), at=moment, kind="journey_changed", step="opzet", seat_id=seat.id)))  # fmt: skip
    write(world)
    [mail] = [m for m in mails() if m.to_email.casefold() == "karin@voorbeeld.test"]
    assert mail.subject == "Nieuw in 2 trajecten"
    assert "‘Ouderbetrokkenheid in Meerwijk’" in mail.body and "‘Een ander traject’" in mail.body


def test_nothing_without_a_mail_server(world: World, happened):
    shared(happened, "jan")
    assert write_digests(world.database, replace(world.settings, smtp_host="")) == 0


def test_once_a_day_from_the_hour_of_the_setting(world: World, happened, mails, monkeypatch):
    shared(happened, "jan", hours=30)
    with world.database.write() as tx:
        for session in tx.exec(select(SignIn)):
            session.last_seen_at = clock.now() - timedelta(days=3)
            tx.add(session)
    daily = Daily(world.database, replace(world.settings, mail_hour=7))
    at = clock.start_of(clock.today())
    for hour, count in ((6, 0), (7, 4), (8, 4)):
        monkeypatch.setattr(module, "now", lambda hour=hour: at + timedelta(hours=hour, minutes=30))
        daily()
        assert len(mails()) == count, hour


def test_ids_begin_with_their_moment():
    moment = clock.now()
    assert made_at(first_id(moment)) == moment and first_id(moment) <= new_id()


# ---- off, by one click, and on again ----


def off_url(mails, name: str = "karin") -> str:
    return re.search(r"https://lea\.test(/berichten/uit/\S+)", to(mails, name)[0].body)[1]


def test_looking_turns_nothing_off_and_one_click_does(world: World, as_, happened, mails, monkeypatch):
    shared(happened, "jan")
    write(world)
    url, nobody = off_url(mails), as_("nobody")
    assert to(mails, "karin")[0].off_url == f"https://lea.test{url}"
    asked = nobody.get(url)
    assert asked.status_code == 200 and "Zet het overzicht uit" in asked.text and "Karin" not in asked.text
    assert "staat nu <b>aan</b>" in as_("karin").get("/account/berichten").text
    assert "staat uit" in nobody.post(url).text
    assert "staat nu <b>uit</b>" in as_("karin").get("/account/berichten").text
    shared(happened, "jan", "b", hours=-1)
    tomorrow(monkeypatch)
    write(world)
    assert len(to(mails, "karin")) == 1 and len(to(mails, "fatima")) == 2
    answer = as_("karin").post("/account/berichten", data={"van": world.persons["karin"][1], "overzicht": "aan"})
    assert answer.status_code == 303
    write(world)
    assert len(to(mails, "karin")) == 2


def test_the_button_of_a_mail_program_works_without_a_browser(world: World, app, happened, mails):
    from fastapi.testclient import TestClient

    shared(happened, "jan")
    write(world)
    program = TestClient(app, base_url="https://lea.test")  # no Origin, no Sec-Fetch-Site
    answer = program.post(off_url(mails), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and "staat uit" in answer.text
    assert program.post("/account/berichten", data={"overzicht": "uit"}).status_code == 403, "nothing else is open"
    assert program.post(f"/berichten/../{world.url}/herinneren").status_code == 403


def test_an_unknown_link_does_nothing(as_):
    for token in ("x" * 43, "", "..", "%00"):
        assert as_("nobody").get(f"/berichten/uit/{token}").status_code == 404
        assert as_("nobody").post(f"/berichten/uit/{token}").status_code in (404, 405)


def test_only_ones_own_choice(world: World, as_):
    assert as_("nobody").get("/account/berichten").headers["location"] == "/aanmelden"
    answer = as_("jan").post("/account/berichten", data={"van": world.persons["karin"][1], "overzicht": "uit"})
    assert answer.status_code == 403
    assert "staat nu <b>aan</b>" in as_("karin").get("/account/berichten").text
