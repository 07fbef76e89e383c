"""Access that was taken back: nobody gets in again by any way they know, and whoever is in is out within seconds."""

from __future__ import annotations

import time

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.clock import now
from app.invitations.models import AccessRequest
from app.journey.actions import make_link
from app.journey.models import Event, Seat
from app.journey.rules import may_view
from app.keeping.actions import archive
from app.mail.models import Mail
from app.messages.digest import write_digests
from app.messages.reminder import reminder
from app.people.actions import write_mail
from app.people.models import Person, SignIn
from tests.conftest import HOST, World
from tests.live.conftest import running  # noqa: F401 - for the fixture below
from tests.live.conftest import site as site  # noqa: PLC0414
from tests.signin.device import Device
from tests.signin.test_passkeys import come_in, make


def stop(world: World, name: str = "jan", by: str = "marieke"):
    return world.client(by).post(world.path(f"toegang/mensen/{world.seats[name]}/intrekken"))


def seat(world: World, name: str = "jan") -> Seat:
    with world.database.read() as tx:
        return tx.get_one(Seat, ("meerwijk", world.seats[name]))


def is_in(browser: TestClient, world: World) -> bool:
    return browser.get(world.path("opzet")).status_code == 200


def appoint(world: World, name: str, role: str = "procesbegeleider", may_start: bool = False) -> None:
    with world.database.write() as tx:
        found = tx.get_one(Seat, ("meerwijk", world.seats[name]))
        person = tx.get_one(Person, world.persons[name])
        found.role, person.may_start = role, may_start
        tx.add(found)
        tx.add(person)


def test_a_passkey_opens_nothing_any_more(world: World):
    device = Device(HOST, "lea.test")
    assert make(world, device).status_code == 303
    browser = world.client()
    assert come_in(world, device, browser).status_code == 303 and is_in(browser, world)
    assert stop(world).status_code == 303
    assert browser.get(world.path("opzet")).headers["location"] == "/aanmelden", "the session is over"
    again = world.client()
    refused = come_in(world, device, again)
    assert refused.status_code == 403 and "U kunt hier nu niet in" in refused.text
    assert not is_in(again, world)
    with world.database.write() as tx:
        make_link(world.here(tx), tx.get_one(Seat, ("meerwijk", world.seats["jan"])))
    assert come_in(world, device, again).status_code == 303 and is_in(again, world), "with a new link it may be"


def test_a_code_that_was_asked_for_is_not_read_out(world: World):
    marieke, phone = world.client("marieke"), world.client()
    page = world.path(f"toegang/mensen/{world.seats['jan']}")
    marieke.post(f"{page}/link")
    phone.post("/aanmelden/code-vragen", data={"e-mail": "jan@voorbeeld.test"})
    assert "Toon de code" in marieke.get(page).text
    stop(world)
    assert "Toon de code" not in marieke.get(page).text
    assert "Vraagt nu een code" not in marieke.get(world.path("toegang")).text
    refused = marieke.post(f"{page}/code")
    assert refused.status_code == 422 and "Maak eerst een nieuwe link" in refused.text


def test_who_was_taken_out_has_nothing_left_to_sign_in_to(world: World):
    device = Device(HOST, "lea.test")
    make(world, device)
    world.client("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/verwijderen"))
    assert come_in(world, device).status_code == 403


def test_a_session_that_would_still_be_there_opens_nothing(world: World):
    """Also of somebody whose other sessions go on, because they start journeys."""
    browser = world.client("jan")
    assert is_in(browser, world)
    with world.database.write() as tx:
        found = tx.get_one(Seat, ("meerwijk", world.seats["jan"]))
        found.stopped_at = now()
        tx.add(found)
    assert browser.get(world.path("opzet")).status_code == 404
    assert browser.post(world.path("waar-staan-we/a/veld/verdeling"), data={"waarde": "ja"}).status_code == 404
    assert world.journey not in browser.get("/").text
    assert not may_view(seat(world))


def test_open_streams_end_within_five_seconds(site):  # noqa: F811
    one, other = site.listen("jan"), site.listen("karin")
    one.wait_for("stand")
    began = time.monotonic()
    assert stop(site.world).status_code == 303
    assert one.wait_until_closed() - began < 5 and one.heard[-1].kind == "einde"
    assert not other.closed_at


def test_nothing_is_mailed_to_who_was_stopped(world: World, monkeypatch: pytest.MonkeyPatch):
    world.settings = world.app.state.settings = _with_mail(world)
    with world.database.write() as tx:
        here = world.here(tx)
        write_mail(tx, world.settings, tx.get_one(Person, world.persons["jan"]), _letter(), journey_id=here.journey.id)
        assert "jan" in _reminded(world, tx)
    assert stop(world).status_code == 303
    with world.database.write() as tx:
        assert "jan" not in _reminded(world, tx)
        for session in tx.exec(select(SignIn)):  # was here once
            tx.add(session)
    later = now().replace(year=now().year + 1)
    monkeypatch.setattr("app.messages.digest.now", lambda: later)
    write_digests(world.database, world.settings)
    with world.database.read() as tx:
        mails = tx.exec(select(Mail).where(Mail.person_id == world.persons["jan"][1])).all()
        assert [m.state for m in mails] == ["stopped"], "what waited goes nowhere, and nothing is added"


def _with_mail(world: World):
    from dataclasses import replace

    return replace(world.settings, smtp_host="127.0.0.1", smtp_port=1, mail_from="driekolom@meerwijk.example")


def _letter():
    from app.mail.letters import Letter

    return Letter("invitation", "Uitnodiging", "…")


def _reminded(world: World, tx) -> set[str]:
    seats = {s.seat.id for s in (lambda r: (*r.to, *r.without_address))(reminder(world.here(tx)))}
    return {name for name, seat_id in world.seats.items() if seat_id in seats}


def test_who_stops_whom(world: World):
    assert stop(world, by="nobody").headers["location"] == "/aanmelden"
    for outsider in ("otto", "olga"):
        assert stop(world, by=outsider).status_code == 404
    for member in ("karin", "ellen", "pieter", "fatima", "jan"):
        assert stop(world, by=member).status_code == 403, member
    appoint(world, "ellen", "partijbeheerder")
    assert stop(world, by="ellen").status_code == 303, "a partijbeheerder of the own party"
    assert seat(world).stopped_at is not None
    when = seat(world).stopped_at
    assert stop(world).status_code == 303 and seat(world).stopped_at == when, "twice changes nothing"
    with world.database.read() as tx:
        assert len(tx.exec(select(Event).where(Event.kind == "link_revoked")).all()) == 1


def test_in_an_archived_traject_access_can_only_be_taken_back(world: World):
    """A link that leaked must be stopped at any moment; nobody comes in any more by a new one."""
    marieke, page = world.client("marieke"), world.path(f"toegang/mensen/{world.seats['jan']}")
    with world.database.write() as tx:
        secret = make_link(world.here(tx), tx.get_one(Seat, ("meerwijk", world.seats["jan"])))
        archive(world.here(tx))
    for verb in ("link", "uitnodigen", "verlengen", "code"):
        assert marieke.post(f"{page}/{verb}").status_code == 409, verb
    people = {"partij": world.parties["linde"], "mensen": "Tom; tom@linde.example", "stap": "uitnodigen"}
    assert marieke.post(world.path("toegang/uitnodigen"), data=people).status_code == 409
    colleague = {"naam": "Sanne Vos", "e-mail": "sanne@linde.example"}
    assert world.client().post(f"/toegang/{secret}/doorgeven", data=colleague).status_code == 409
    asked = {"naam": "Tom", "e-mail": "tom@linde.example", "link": secret}
    assert world.client().post("/toegang-vragen", data=asked).status_code == 303
    with world.database.read() as tx:
        assert not tx.exec(select(AccessRequest)).all() and len(world.here(tx).seats) == 7
    assert stop(world).status_code == 303 and seat(world).stopped_at is not None
    assert marieke.post(f"{page}/verwijderen").status_code == 303 and seat(world).removed_at is not None
    assert world.client().get(f"/toegang/{secret}").status_code == 404


def test_nobody_shuts_themselves_out_nor_the_last_who_leads(world: World):
    own = stop(world, "marieke")
    assert own.status_code == 422 and "uw eigen toegang niet intrekken" in own.text
    appoint(world, "ellen", "mede-begeleider")
    appoint(world, "karin")
    assert stop(world, "karin", by="ellen").status_code == 303
    with world.database.write() as tx:
        marieke = tx.get_one(Person, world.persons["marieke"])
        marieke.may_start = False
        tx.add(marieke)
    last = stop(world, "marieke", by="ellen")
    assert last.status_code == 422 and "geen procesbegeleider meer" in last.text, "karin leads no longer"
    assert seat(world, "marieke").stopped_at is None


def test_the_page_says_so_and_how_to_let_in_again(world: World):
    marieke = world.client("marieke")
    page = lambda: marieke.get(world.path(f"toegang/mensen/{world.seats['jan']}")).text  # noqa: E731
    assert "Trek de toegang in" in page(), "also of who has no link: there are other ways in"
    stop(world)
    assert "De toegang is ingetrokken op" in page() and "Trek de toegang in" not in page()
    assert "1 persoon komt er niet meer in" in marieke.get(world.path("toegang")).text
    marieke.post(world.path(f"toegang/mensen/{world.seats['jan']}/link"))
    assert seat(world).stopped_at is None and "Trek de toegang in" in page()
    assert "Trek de toegang in" not in marieke.get(world.path(f"toegang/mensen/{world.seats['marieke']}")).text
