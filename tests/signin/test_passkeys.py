"""Passkeys: made by whoever is signed in, used to sign in, and every answer that proves nothing is refused alike."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.clock import now
from app.journey.gate import cookie_name
from app.mail import rules
from app.mail.models import Mail
from app.people.models import SignIn
from app.signin import passkeys, trip
from app.signin.models import Passkey
from tests.conftest import HOST, World
from tests.dump import dump
from tests.signin.device import PRESENT, Device, b64


@pytest.fixture
def device() -> Device:
    return Device(HOST, "lea.test")


def ask(browser: TestClient, where: str = "/aanmelden/passkey") -> dict[str, Any]:
    answer = browser.post(f"{where}/vraag")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/json"
    return answer.json()


def make(world: World, device: Device, name: str = "jan", browser: TestClient | None = None):
    browser = browser or world.client(name)
    sent = {"van": world.persons[name][1], "antwoord": json.dumps(device.make(ask(browser, "/account/passkeys")))}
    return browser.post("/account/passkeys", data=sent)


def use(browser: TestClient, answer: Any):
    return browser.post(
        "/aanmelden/passkey", data={"antwoord": answer if isinstance(answer, str) else json.dumps(answer)}
    )


def come_in(world: World, device: Device, browser: TestClient | None = None):
    browser = browser or world.client()
    return use(browser, device.use(ask(browser)))


def refused(world: World, browser: TestClient, answer, status: int = 403) -> None:
    assert answer.status_code == status and "lukte niet" in answer.text, answer.text
    assert cookie_name(world.settings) not in browser.cookies


def test_made_and_used(world: World, device: Device):
    assert make(world, device).headers["location"] == "/account?klaar=ingesteld"
    browser = world.client()
    wanted = world.path("verkenning")
    browser.get(wanted)
    answer = come_in(world, device, browser)
    assert answer.headers["location"] == wanted, "to the page they wanted"
    account = browser.get("/account").text
    assert "Jan Bakker" in account and "met vingerafdruk, gezicht of pincode" in account
    assert come_in(world, device).status_code == 303, "again, in another browser"
    with world.database.read() as tx:
        assert tx.exec(select(Passkey)).one().sign_count == 2


def test_asking_leaves_nothing_behind(world: World):
    before = dump(world.database)
    for _ in range(3):
        asked = ask(world.client())
    assert dump(world.database) == before
    assert "allowCredentials" not in asked or asked["allowCredentials"] == [], "names nobody"
    assert asked["userVerification"] == "required" and asked["rpId"] == "lea.test"


def test_what_is_asked_of_a_new_one(world: World, device: Device):
    make(world, device)
    asked = ask(world.client("jan"), "/account/passkeys")
    assert asked["rp"]["id"] == "lea.test" and asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert [c["id"] for c in asked["excludeCredentials"]] == [b64(device.id)], "not twice on one device"
    assert "jan@voorbeeld.test" not in json.dumps(asked)


def with_mail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = replace(world.settings, smtp_host="127.0.0.1", smtp_port=1, mail_from="driekolom@meerwijk.example")
    monkeypatch.setattr(world.app.state, "settings", made)


def test_whoever_it_is_of_hears_of_a_new_one(world: World, device: Device, monkeypatch: pytest.MonkeyPatch):
    """Somebody else may have made it, at a computer that was left open."""
    with_mail(world, monkeypatch)
    browser = world.client("jan")
    browser.headers["user-agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    assert make(world, device, browser=browser).status_code == 303
    with world.database.read() as tx:
        mail = tx.exec(select(Mail)).one()
    assert (mail.kind, mail.to_email, mail.state) == ("passkey_added", "jan@voorbeeld.test", "waiting")
    assert "Firefox op Windows" in mail.body and f"{HOST}/account\n" in mail.body
    assert mail.from_name == "Driekolom (gemeente Meerwijk)"


def test_what_cannot_be_told_is_not_made(world: World, device: Device, monkeypatch: pytest.MonkeyPatch):
    with_mail(world, monkeypatch)
    monkeypatch.setattr(rules, "TO_ONE", replace(rules.TO_ONE, times=0))
    assert make(world, device).status_code == 429
    with world.database.read() as tx:
        assert not tx.exec(select(Passkey)).all()


def test_taking_it_away(world: World, device: Device):
    make(world, device)
    jan, karin = world.client("jan"), world.client("karin")
    with world.database.read() as tx:
        url = f"/account/passkeys/{tx.exec(select(Passkey)).one().id}/verwijderen"
    assert karin.post(url, data={"van": world.persons["karin"][1]}).status_code == 404, "of somebody else"
    assert karin.post(url, data={"van": world.persons["jan"][1]}).status_code == 403, "on the page of somebody else"
    assert world.client().post(url).headers["location"] == "/aanmelden"
    assert jan.post(url, data={"van": world.persons["jan"][1]}).status_code == 303
    browser = world.client()
    refused(world, browser, come_in(world, device, browser))


def test_nobody_makes_one_without_being_signed_in(world: World, device: Device):
    assert world.client().post("/account/passkeys/vraag").headers["location"] == "/aanmelden"
    assert world.client().post("/account/passkeys", data={"antwoord": "{}"}).headers["location"] == "/aanmelden"


def test_a_page_of_somebody_else_makes_none(world: World, device: Device):
    """Jan's page is still open when Karin signs in: his finger must not open her account."""
    karin = world.client("karin")
    asked = ask(karin, "/account/passkeys")
    sent = {"van": world.persons["jan"][1], "antwoord": json.dumps(device.make(asked))}
    assert karin.post("/account/passkeys", data=sent).status_code == 403


def test_a_challenge_made_for_one_person_makes_none_for_another(world: World, device: Device):
    jan, karin = world.client("jan"), world.client("karin")
    answer = device.make(ask(jan, "/account/passkeys"))
    name = trip.cookie_name(world.settings)
    karin.cookies.set(name, jan.cookies[name], domain="lea.test")
    sent = {"van": world.persons["karin"][1], "antwoord": json.dumps(answer)}
    assert "niet ingesteld" in karin.post("/account/passkeys", data=sent).text


def test_making_one_elsewhere_or_unverified(world: World):
    for change in (
        {"origin": "https://kwaad.test"},
        {"origin": "http://lea.test"},
        {"host": "kwaad.test"},
        {"flags": PRESENT},
        {"flags": 0},
    ):
        device = Device(**{"origin": HOST, "host": "lea.test", **change})
        assert "niet ingesteld" in make(world, device).text, change
    with world.database.read() as tx:
        assert tx.exec(select(Passkey)).all() == []


def test_every_answer_that_proves_nothing_is_refused_alike(world: World, device: Device):
    """Wrong in one thing at a time, and each time the same page: unknown and wrong cannot be told apart."""
    make(world, device)
    right = (device.origin, device.host, device.flags, device.key, device.id, device.handle)
    stranger = Device(HOST, "lea.test")
    lies = {
        "another origin": {"origin": "https://kwaad.test"},
        "another host": {"host": "kwaad.test"},
        "no code or finger": {"flags": PRESENT},
        "nobody there": {"flags": 0},
        "another key": {"key": stranger.key},
        "unknown": {"id": stranger.id},
        "handle of another": {"handle": b64(b"anderstad/x")},
        "no handle": {"handle": ""},
    }
    pages = set()
    for name, change in lies.items():
        device.origin, device.host, device.flags, device.key, device.id, device.handle = right
        for part, value in change.items():
            setattr(device, part, value)
        browser = world.client()
        answer = come_in(world, device, browser)
        refused(world, browser, answer)
        pages.add(answer.text)
        assert name
    assert len(pages) == 1
    device.origin, device.host, device.flags, device.key, device.id, device.handle = right
    assert come_in(world, device).status_code in (303, 429)


def test_a_copied_key_is_noticed(world: World, device: Device):
    """The count goes back: two devices have the same key."""
    make(world, device)
    device.count = 7
    assert come_in(world, device).status_code == 303
    device.count = 3
    browser = world.client()
    refused(world, browser, come_in(world, device, browser))


def test_an_answer_works_once(world: World, device: Device):
    make(world, device)
    browser = world.client()
    answer = device.use(ask(browser))
    kept = browser.cookies[trip.cookie_name(world.settings)]
    assert use(browser, answer).status_code == 303
    again = world.client()
    again.cookies.set(trip.cookie_name(world.settings), kept, domain="lea.test")
    refused(world, again, use(again, answer), 400)


def test_an_answer_works_in_the_browser_that_asked(world: World, device: Device):
    make(world, device)
    answer = device.use(ask(world.client()))
    thief = world.client()
    refused(world, thief, use(thief, answer))
    ask(thief)
    refused(world, thief, use(thief, answer))


def test_an_answer_too_late(world: World, device: Device, monkeypatch: pytest.MonkeyPatch):
    make(world, device)
    browser = world.client()
    answer = device.use(ask(browser))
    later = now() + timedelta(minutes=trip.MINUTES + 1)
    monkeypatch.setattr(trip, "now", lambda: later)
    refused(world, browser, use(browser, answer))


def test_a_challenge_to_make_is_none_to_sign_in(world: World, device: Device):
    make(world, device)
    jan = world.client("jan")
    answer = device.use(ask(jan, "/account/passkeys"))
    thief = world.client()
    name = trip.cookie_name(world.settings)
    thief.cookies.set(name, jan.cookies[name], domain="lea.test")
    refused(world, thief, use(thief, answer))


def test_of_another_gemeente_opens_nothing_here(world: World, device: Device):
    """Otto's passkey is Otto's, in Anderstad, whatever handle it comes with."""
    make(world, device, "otto")
    browser = world.client()
    assert come_in(world, device, browser).status_code == 303
    assert browser.get(world.url).status_code == 404
    device.handle = b64("/".join(world.persons["jan"]).encode())
    other = world.client()
    refused(world, other, come_in(world, device, other))


def test_trying_without_end(world: World, device: Device):
    make(world, device)
    device.flags = PRESENT
    answers = [come_in(world, device) for _ in range(passkeys.TRIES.times + 1)]
    statuses = [answer.status_code for answer in answers]
    assert "over 10 minuten" in answers[-1].text and int(answers[-1].headers["retry-after"]) > 500
    assert statuses == [403] * passkeys.TRIES.times + [429], "counted although nothing was saved"


def test_not_more_than_fit(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passkeys, "MOST", 2)
    browser = world.client("jan")
    answers = [make(world, Device(HOST, "lea.test"), browser=browser).status_code for _ in range(3)]
    assert answers == [303, 303, 422]


NONSENSE = (
    "", "geen", "[]", "1", "{}", '{"id": 5}', '{"id": "x", "response": 5}', '{"id": "é", "response": {}}', "x" * 9000,
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {"userHandle": "%%%"}}', "[" * 5000,
)  # fmt: skip


def test_nonsense_is_a_plain_sentence(world: World):
    browser, jan = world.client(), world.client("jan")
    for answer in NONSENSE:
        ask(browser)
        refused(world, browser, use(browser, answer))
        ask(jan, "/account/passkeys")
        made = jan.post("/account/passkeys", data={"van": world.persons["jan"][1], "antwoord": answer})
        assert made.status_code == 403 and "niet ingesteld" in made.text, answer


def test_signing_in_ends_the_session_this_browser_had(world: World, device: Device):
    make(world, device)
    browser = world.client("karin")
    come_in(world, device, browser)
    with world.database.read() as tx:
        karin = tx.exec(select(SignIn).where(SignIn.person_id == world.persons["karin"][1])).all()
        assert all(s.ended_at for s in karin)
