"""Sessions: renewed at each sign-in, over when not used, over in the end, and ended by their owner at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.clock import aware, now
from app.core.ids import fingerprint
from app.journey import gate
from app.journey.actions import make_link
from app.journey.gate import cookie_name
from app.people import actions, sessions
from app.people.actions import invite_starter
from app.people.models import SignIn
from app.people.sessions import device_words
from tests.conftest import World
from tests.dump import dump

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """`clock(hours)` sets the time to so many hours from the start."""
    start = now()

    def set_to(hours: float) -> datetime:
        moment = start + timedelta(hours=hours)
        for module in (gate, actions, sessions):
            monkeypatch.setattr(module, "now", lambda: moment)
        return moment

    set_to(0)
    return set_to


def enter(world: World, name: str = "jan", agent: str = FIREFOX) -> TestClient:
    """A browser that came in by a personal link."""
    with world.database.write() as tx:
        here = world.here(tx)
        secret = make_link(here, here.seats[world.seats[name]][0])
    browser = world.client()
    browser.headers["user-agent"] = agent
    assert browser.post(f"/toegang/{secret}").status_code == 303
    return browser


def session_of(world: World, browser: TestClient) -> SignIn:
    token = browser.cookies[cookie_name(world.settings)]
    with world.database.read() as tx:
        return tx.exec(select(SignIn).where(SignIn.token_hash == fingerprint(token))).one()


def inside(world: World, browser: TestClient) -> bool:
    """Whether this browser reads, saves and sees its account: all three, or none."""
    save = world.path("verkenning/veld/waarom")
    answers = {
        browser.get(world.path("verkenning")).status_code == 200,
        browser.post(save, data={"waarde": "", "versie": "0"}, headers={"driekolom-deel": "1"}).status_code != 401,
        browser.get("/account").status_code == 200,
    }
    assert len(answers) == 1, "one way in is still open"
    return answers.pop()


def test_ends_when_it_is_not_used(world: World, clock):
    browser = enter(world)
    clock(3)
    assert inside(world, browser)
    clock(6.5)
    assert inside(world, browser), "used 3.5 hours ago"
    clock(6.5 + 4.2)  # well before the absolute limit of twelve hours
    assert not inside(world, browser)
    assert "sessie is voorbij" in browser.get("/aanmelden").text


def test_ends_in_the_end_however_much_it_is_used(world: World, clock):
    browser = enter(world)
    for hour in range(12):
        clock(hour)
        assert inside(world, browser), hour
    clock(12.01)
    assert not inside(world, browser)


def test_saving_keeps_it_alive_too(world: World, clock):
    browser = enter(world)
    clock(3)
    sent = {"waarde": "Wij willen dit.", "versie": "0"}
    assert browser.post(world.path("verkenning/veld/waarom"), data=sent).status_code == 303
    clock(6.5)
    assert inside(world, browser)


def test_that_it_is_used_is_not_written_at_every_request(world: World, clock):
    browser = enter(world)
    clock(0.15)
    before = dump(world.database)
    for path in ("verkenning", "waar-staan-we", "waar-staan-we/a"):
        assert browser.get(world.path(path)).status_code == 200
    assert dump(world.database) == before
    moment = clock(0.2)
    browser.get(world.path("verkenning"))
    seen = dump(world.database)
    assert seen != before and aware(session_of(world, browser).last_seen_at) == moment
    browser.get(world.path("waar-staan-we"))
    assert dump(world.database) == seen


def test_one_that_is_over_is_not_brought_back(world: World, clock):
    browser = enter(world)
    token = browser.cookies[cookie_name(world.settings)]
    clock(5)
    with world.database.write() as tx:
        sessions.seen(tx, token, 4)
    assert not inside(world, browser)


def test_signing_in_again_is_a_new_secret_and_ends_the_old_one(world: World, as_):
    browser = enter(world)
    old = browser.cookies[cookie_name(world.settings)]
    with world.database.write() as tx:
        here = world.here(tx)
        secret = make_link(here, here.seats[world.seats["karin"]][0])
    browser.post(f"/toegang/{secret}")
    new = browser.cookies[cookie_name(world.settings)]
    assert new != old
    thief = as_("nobody")
    thief.cookies.set(cookie_name(world.settings), old, domain="lea.test")
    assert not inside(world, thief)


def test_a_secret_that_somebody_planted_is_not_taken_over(world: World):
    """Session fixation: the attacker sets a cookie in the victim's browser before the victim signs in."""
    browser = world.client()
    browser.cookies.set(cookie_name(world.settings), "planted", domain="lea.test")
    with world.database.write() as tx:
        here = world.here(tx)
        secret = make_link(here, here.seats[world.seats["jan"]][0])
    browser.post(f"/toegang/{secret}")
    with world.database.read() as tx:
        assert tx.exec(select(SignIn).where(SignIn.token_hash == fingerprint("planted"))).first() is None


def test_what_has_been_over_for_a_month_is_forgotten(world: World, clock):
    enter(world)
    clock(20 * 24)
    enter(world)
    clock(40 * 24)
    enter(world)
    with world.database.read() as tx:
        mine = SignIn.person_id == world.persons["jan"][1]
        assert len(tx.exec(select(SignIn).where(mine)).all()) == 2


def test_account_shows_where_somebody_is_signed_in(world: World):
    laptop = enter(world)
    phone = enter(world, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")
    enter(world, "karin", "Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0 Safari/537.36")
    text = laptop.get("/account").text
    assert "Firefox op Windows</b> · deze browser" in text and "Safari op iPhone" in text
    assert "Chrome op Linux" not in text, "of somebody else"
    assert "jan@voorbeeld.test" in text and "Gemeente Meerwijk" in text
    assert "Safari op iPhone</b> · deze browser" in phone.get("/account").text


def test_ending_one_session_ends_that_one_at_once(world: World):
    laptop, phone = enter(world), enter(world)
    other = session_of(world, phone).id
    sent = {"van": world.persons["jan"][1]}
    assert laptop.post(f"/account/aanmeldingen/{other}/beeindigen", data=sent).status_code == 303
    assert not inside(world, phone) and inside(world, laptop)
    assert laptop.post(f"/account/aanmeldingen/{other}/beeindigen", data=sent).status_code == 404, "over already"
    own = session_of(world, laptop).id
    answer = laptop.post(f"/account/aanmeldingen/{own}/beeindigen", data=sent)
    assert answer.headers["location"].startswith("/aanmelden") and "Max-Age=0" in answer.headers["set-cookie"]


def test_nobody_ends_the_session_of_another(world: World):
    jan, karin, otto = enter(world), enter(world, "karin"), world.client("otto")
    mine = session_of(world, jan).id
    for name, browser in (("karin", karin), ("otto", otto)):
        sent = {"van": world.persons[name][1]}
        assert browser.post(f"/account/aanmeldingen/{mine}/beeindigen", data=sent).status_code == 404
        assert browser.post("/account/overal-uitloggen", data=sent).status_code == 303
    nobody = world.client().post(f"/account/aanmeldingen/{mine}/beeindigen", data={"van": world.persons["jan"][1]})
    assert nobody.headers["location"].startswith("/aanmelden")
    assert inside(world, jan)


def test_signing_out_everywhere(world: World):
    browsers = [enter(world) for _ in range(3)]
    karin = enter(world, "karin")
    answer = browsers[0].post("/account/overal-uitloggen", data={"van": world.persons["jan"][1]})
    assert "op al uw apparaten" in browsers[0].get(answer.headers["location"]).text
    assert not any(inside(world, b) for b in browsers)
    assert inside(world, karin)


def test_a_page_of_somebody_else_signs_nobody_out(world: World):
    """Jan's account is still open in a window when Karin signs in on the same computer."""
    karin = enter(world, "karin")
    answer = karin.post("/account/overal-uitloggen", data={"van": world.persons["jan"][1]})
    assert answer.status_code == 403 and "iemand anders" in answer.text
    assert inside(world, karin)


def test_the_page_to_come_back_to_is_of_this_site(world: World):
    with world.database.write() as tx:
        secret = invite_starter(tx, "Piet Post", "piet@meerwijk.test", "Gemeente Meerwijk", 30)
    for target in ("//kwaad.test/", "https://kwaad.test/", "/%5Ckwaad.test", "/%09/kwaad.test"):
        browser = world.client()
        browser.cookies.set("__Host-driekolom-terug", target, domain="lea.test")
        assert browser.post(f"/toegang/{secret}").headers["location"] == "/", target


def test_only_a_page_that_a_person_opens_is_come_back_to(world: World):
    """What a script asks by itself while the session is over must not become the page to go on to."""
    browser = world.client()
    listens = browser.get(world.path("verkenning"), headers={"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"})
    assert listens.status_code == 401 and "terug" not in listens.headers.get("set-cookie", "")
    opened = browser.get(world.path("verkenning"), headers={"sec-fetch-mode": "navigate"})
    assert opened.status_code == 303 and "driekolom-terug=" in opened.headers["set-cookie"]


def test_account_of_the_person_of_this_computer(local_client: TestClient):
    assert "niet aan te melden" in local_client.get("/account").text


@pytest.fixture
def local_client(settings, pack):
    from dataclasses import replace

    from app.main import build
    from app.people.actions import ensure_local_person

    app = build(replace(settings, mode="lokaal", base_url=""))
    with app.state.database.write() as tx:
        ensure_local_person(tx)
    yield TestClient(app, base_url="http://127.0.0.1:8000")
    app.state.database.close()


@pytest.mark.parametrize(
    "agent, words",
    [
        (FIREFOX, "Firefox op Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge op Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome op Android"),
        ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0", "Samsung Internet op Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari op Mac"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0) CriOS/140.0 Safari/604.1", "Chrome op iPad"),
        ("curl/8", "Een browser"),
        ("", "Een browser"),
        ("<script>" * 50, "Een browser"),
    ],
)
def test_device_in_plain_words(agent: str, words: str):
    assert device_words(agent) == words


def test_setting(world: World):
    from app.core.settings import SettingsError, read_settings

    assert read_settings({"DRIEKOLOM_SESSION_IDLE_HOURS": "2"}).session_idle_hours == 2
    with pytest.raises(SettingsError, match="SESSION_IDLE_HOURS moet minstens 1 zijn"):
        read_settings({"DRIEKOLOM_SESSION_IDLE_HOURS": "0"})
