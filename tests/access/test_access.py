"""Personal links: a look changes nothing, the button starts a session, old links stop, and nothing leaks."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.core.clock import now
from app.core.ids import fingerprint
from app.journey.actions import make_link
from app.journey.gate import cookie_name
from app.journey.models import SeatLink
from app.people.actions import invite_starter
from app.people.models import Person, PersonLink, SignIn
from tests.conftest import World
from tests.dump import dump


def link(world: World, name: str = "jan") -> str:
    with world.database.write() as tx:
        here = world.here(tx)
        return make_link(here, here.seats[world.seats[name]][0])


def test_looking_at_a_link_changes_nothing(world: World, as_):
    secret = link(world)
    before = dump(world.database)
    for _ in range(3):
        answer = as_("nobody").get(f"/toegang/{secret}")
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    as_("nobody").head(f"/toegang/{secret}")
    as_("nobody").request("OPTIONS", f"/toegang/{secret}")
    assert dump(world.database) == before


def test_page_says_who_invites_for_what_and_who_sees_it(world: World, as_):
    text = as_("nobody").get(f"/toegang/{link(world)}").text
    for words in (
        "Marieke de Wit",
        "Ouderbetrokkenheid in Meerwijk",
        "Jan Bakker",
        "Stichting De Linde",
        "Wie ziet",
    ):
        assert words in text


def test_post_starts_a_session_with_a_careful_cookie(world: World, as_):
    secret, browser = link(world), as_("nobody")
    answer = browser.post(f"/toegang/{secret}")
    assert (answer.status_code, answer.headers["location"]) == (303, world.url)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-driekolom=")
    for flag in ("HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age="):
        assert flag in cookie
    assert "Domain" not in cookie
    assert browser.get(world.path("verkenning")).status_code == 200
    with world.database.read() as tx:
        token = browser.cookies[cookie_name(world.settings)]
        assert tx.exec(select(SignIn).where(SignIn.token_hash == fingerprint(token))).one().ended_at is None
        assert tx.exec(select(SignIn).where(SignIn.token_hash == token)).first() is None, "only its fingerprint is kept"


def test_link_works_again_and_ends_the_session_this_browser_had(world: World, as_):
    secret, browser = link(world), as_("nobody")
    browser.post(f"/toegang/{secret}")
    first = browser.cookies[cookie_name(world.settings)]
    browser.post(f"/toegang/{secret}")
    assert browser.cookies[cookie_name(world.settings)] != first
    with world.database.read() as tx:
        assert tx.exec(select(SignIn).where(SignIn.token_hash == fingerprint(first))).one().ended_at is not None


@pytest.mark.parametrize("target", ["https://kwaad.test/", "//kwaad.test", "/\\kwaad.test", "javascript:alert(1)"])
def test_back_goes_to_this_site_only(world: World, as_, target: str):
    answer = as_("nobody").post(f"/toegang/{link(world)}", data={"terug": target})
    assert answer.headers["location"] == world.url


def test_back_to_a_page_of_this_site(world: World, as_):
    page = as_("nobody").get(f"/toegang/{link(world)}", params={"terug": world.path("verkenning")})
    assert world.path("verkenning") in page.text
    answer = as_("nobody").post(f"/toegang/{link(world)}", data={"terug": world.path("verkenning")})
    assert answer.headers["location"] == world.path("verkenning")


def broken_links(world: World) -> dict[str, str]:
    """Secrets that open nothing, by why."""
    made = {why: link(world, name) for why, name in (("revoked", "jan"), ("expired", "karin"), ("removed", "noor"))}
    with world.database.write() as tx:
        for why, secret in made.items():
            found = tx.exec(select(SeatLink).where(SeatLink.token_hash == fingerprint(secret))).one()
            if why == "revoked":
                found.revoked_at = now()
            elif why == "expired":
                found.expires_at = now() - timedelta(seconds=1)
            else:
                seat = world.here(tx).seats[found.seat_id][0]
                seat.removed_at = now()
                tx.add(seat)
            tx.add(found)
    return {**made, "unknown": "x" * 43, "awkward": "%00%F0%9F%98%80%E2%80%AE"}


def test_every_broken_link_gets_the_same_answer(world: World, as_):
    answers: dict[str, set] = {"GET": set(), "POST": set()}
    for secret in broken_links(world).values():
        for method in ("GET", "POST"):
            answer = as_("nobody").request(method, f"/toegang/{secret}")
            assert "set-cookie" not in answer.headers
            assert secret not in answer.text
            answers[method].add((answer.status_code, answer.text))
    for method, said in answers.items():
        ((status, text),) = said
        assert status == 404 and "nieuwe persoonlijke link" in text, method


def test_renewed_link_stops_the_old_one(world: World, as_):
    old, new = link(world), link(world)
    assert as_("nobody").post(f"/toegang/{old}").status_code == 404
    assert as_("nobody").post(f"/toegang/{new}").status_code == 303


def test_secret_is_nowhere_in_the_database(world: World):
    secret = link(world)
    assert secret not in dump(world.database, log=True)


def test_another_website_cannot_sign_somebody_in(world: World, as_):
    browser = as_("nobody")
    browser.headers["sec-fetch-site"] = "cross-site"
    assert browser.post(f"/toegang/{link(world)}").status_code == 403


def test_sign_out_ends_the_session_and_clears_the_cookie(world: World, as_):
    browser = as_("jan")
    token = browser.cookies[cookie_name(world.settings)]
    answer = browser.post("/afmelden")
    assert answer.status_code == 303
    cleared = answer.headers["set-cookie"]
    assert "Max-Age=0" in cleared and "HttpOnly" in cleared and "Secure" in cleared
    assert "U bent afgemeld" in browser.get(answer.headers["location"]).text
    browser.cookies.set(cookie_name(world.settings), token, domain="lea.test")
    assert browser.get(world.path("verkenning")).headers["location"] == "/aanmelden", (
        "the old session is over on the server"
    )
    assert as_("nobody").post("/afmelden").status_code == 303, "signing out is always allowed"
    assert browser.get("/afmelden").status_code == 405


def test_expired_session_is_told(world: World, as_):
    token = as_("jan").cookies[cookie_name(world.settings)]
    with world.database.write() as tx:
        session = tx.exec(select(SignIn).where(SignIn.token_hash == fingerprint(token))).one()
        session.expires_at = now() - timedelta(minutes=1)
        tx.add(session)
    assert as_("jan").get(world.path("verkenning")).headers["location"] == "/aanmelden"
    assert "sessie is voorbij" in as_("jan").get("/aanmelden").text


def test_link_of_somebody_who_may_start(world: World, as_):
    with world.database.write() as tx:
        old = invite_starter(tx, "Piet Post", "piet@meerwijk.test", "Gemeente Meerwijk", 30)
    with world.database.write() as tx:
        new = invite_starter(tx, "Piet Post", "piet@meerwijk.test", "Gemeente Meerwijk", 30)
        assert len(tx.exec(select(Person).where(Person.name == "Piet Post")).all()) == 1, "renewed, not doubled"
        assert len(tx.exec(select(PersonLink)).all()) == 2
    browser = as_("nobody")
    assert browser.get(f"/toegang/{old}").status_code == 404
    assert "een traject starten" in browser.get(f"/toegang/{new}").text
    assert browser.post(f"/toegang/{new}").headers["location"] == "/"
    assert "/trajecten/nieuw" in browser.get("/").text
    assert browser.get(world.url).status_code == 404, "no seat in a journey of the same gemeente"


def test_outbox_is_only_there_in_local_mode(as_):
    assert as_("marieke").get("/uitgaande-post").status_code == 404
